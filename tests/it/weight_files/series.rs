//! Series of checkpoints: what their names and shapes must be.

use std::path::Path;

use safetensors::tensor::Dtype;
use softness::prelude::*;

use super::layers::write;

/// A folder with a file of one layer of each shape.
fn folder(files: &[(&str, [usize; 4])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, shape) in files {
        write(&folder.path().join(name), &[("conv.weight", Dtype::F32, shape)]);
    }
    folder
}

/// The sentence with which a series is refused, without the folder.
fn refusal(folder: &Path, pattern: &str, every: u64) -> String {
    let pattern = folder.join(pattern);
    let error =
        WeightFile::series(&pattern.to_string_lossy(), AxisOrder::Oihw, every).unwrap_err().to_string();
    error.replace(&format!("{}/", folder.display()), "").replace(&*folder.to_string_lossy(), "FOLDER")
}

const SHAPE: [usize; 4] = [2, 1, 3, 3];

#[test]
fn files_are_in_the_order_of_their_numbers_and_gaps_are_allowed() {
    let folder = folder(&[
        ("step-10.safetensors", SHAPE),
        ("step-2.safetensors", SHAPE),
        ("step-000.safetensors", SHAPE),
        ("step-best.safetensors", SHAPE),
        ("step-3.npz", SHAPE),
    ]);
    let pattern = folder.path().join("step-{n}.safetensors");
    let sessions = WeightFile::series(&pattern.to_string_lossy(), AxisOrder::Oihw, 500).unwrap();
    let found: Vec<(&str, u64)> =
        sessions.iter().map(|session| (session.name(), session.iterations())).collect();
    assert_eq!(found, [("step-000", 0), ("step-2", 1_000), ("step-10", 5_000)]);
}

#[test]
fn names_and_numbers_that_do_not_fit_are_refused() {
    let twice = folder(&[("epoch-1.safetensors", SHAPE), ("epoch-001.safetensors", SHAPE)]);
    assert_eq!(
        refusal(twice.path(), "epoch-{n}.safetensors", 1),
        "epoch-1.safetensors: it has the same number, 1, as epoch-001.safetensors: remove one of them"
    );
    assert_eq!(
        refusal(twice.path(), "step-{n}.safetensors", 1),
        "no file in FOLDER fits the pattern \"step-{n}.safetensors\", with digits for {n}"
    );
    for pattern in ["epoch.safetensors", "{n}-{n}.safetensors"] {
        assert_eq!(
            refusal(twice.path(), pattern, 1),
            format!(
                "pattern is \"{pattern}\", but its file name must have {{n}} once, in the place of the number: \
                 epoch-{{n}}.safetensors"
            )
        );
    }
    assert_eq!(
        refusal(twice.path(), "epoch-{n}.safetensors", 0),
        "iterations from one number to the next is 0, but it must be at least 1"
    );
    let large = folder(&[("9223372036854775807.safetensors", SHAPE)]);
    assert_eq!(
        refusal(large.path(), "{n}.safetensors", 2),
        "9223372036854775807.safetensors: its number times 2 is more iterations than can be counted"
    );
}

#[test]
fn a_series_is_of_one_network() {
    let shapes = folder(&[("1.safetensors", SHAPE), ("2.safetensors", [2, 1, 5, 5])]);
    assert_eq!(
        refusal(shapes.path(), "{n}.safetensors", 1),
        "2.safetensors: its layer \"conv.weight\" is (2, 1, 5, 5), but (2, 1, 3, 3) in 1.safetensors: a series is of one \
         network"
    );
    write(&shapes.path().join("2.safetensors"), &[("other.weight", Dtype::F32, &SHAPE)]);
    assert_eq!(
        refusal(shapes.path(), "{n}.safetensors", 1),
        "2.safetensors: its layer \"other.weight\" is in the place of \"conv.weight\" in 1.safetensors: a series is of one \
         network"
    );
    write(
        &shapes.path().join("2.safetensors"),
        &[("conv.weight", Dtype::F32, &SHAPE), ("more.weight", Dtype::F32, &[2, 2, 3, 3])],
    );
    assert_eq!(
        refusal(shapes.path(), "{n}.safetensors", 1),
        "2.safetensors: it has 2 layers, but 1.safetensors has 1: a series is of one network"
    );
}

#[test]
fn files_of_one_array_are_a_series_though_the_array_is_named_after_its_file() {
    let folder = tempfile::tempdir().unwrap();
    for number in [1, 2] {
        let weights = ndarray::Array4::from_elem((2, 3, 3, 3), number as f32);
        ndarray_npy::write_npy(folder.path().join(format!("conv-{number}.npy")), &weights).unwrap();
    }
    let pattern = folder.path().join("conv-{n}.npy");
    let sessions = WeightFile::series(&pattern.to_string_lossy(), AxisOrder::Oihw, 10).unwrap();
    let found: Vec<_> = sessions.iter().map(|session| (session.name(), session.iterations())).collect();
    assert_eq!(found, [("conv-1", 10), ("conv-2", 20)]);
    assert_eq!(sessions[1].filters(1).unwrap().weights()[[1, 2, 2, 2]], 2.0);
}
