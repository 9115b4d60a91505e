//! Series of checkpoints: what their names and shapes must be.

use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};
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
    for pattern in ["epoch.safetensors", "{n}-{n}.safetensors", "run-{n}/{n}.safetensors"] {
        assert_eq!(
            refusal(twice.path(), pattern, 1),
            format!(
                "pattern is \"{pattern}\", but it must have {{n}} once, in place of the number: epoch-{{n}}.safetensors, or \
                 step-{{n}}/model.safetensors"
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
fn the_number_may_be_in_the_name_of_a_folder_after_which_sessions_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["step-500", "step-1500", "step-2000", "step-last", "step-2500"] {
        std::fs::create_dir_all(folder.path().join("run").join(name).join("weights")).unwrap();
    }
    // The training was interrupted before it wrote the last file.
    for name in ["step-500", "step-1500", "step-2000", "step-last"] {
        let path = folder.path().join("run").join(name).join("weights/model.safetensors");
        write(&path, &[("conv.weight", Dtype::F32, &SHAPE)]);
    }
    let series = |pattern: &str| {
        let pattern = folder.path().join(pattern);
        let sessions = WeightFile::series(&pattern.to_string_lossy(), AxisOrder::Oihw, 1);
        sessions.map(|sessions| {
            sessions.iter().map(|one| (one.name().to_owned(), one.iterations())).collect::<Vec<_>>()
        })
    };
    let found = series("run/step-{n}/weights/model.safetensors").unwrap();
    assert_eq!(found, [("step-500".into(), 500), ("step-1500".into(), 1_500), ("step-2000".into(), 2_000)]);
    for (pattern, sentence) in [
        (
            "run/step-{n}/weights/other.safetensors",
            "no folder in FOLDER/run that fits the pattern \"step-{n}\" has a file \"weights/other.safetensors\"",
        ),
        (
            "run/epoch-{n}/model.safetensors",
            "no folder in FOLDER/run fits the pattern \"epoch-{n}\", with digits for {n}",
        ),
    ] {
        let message = series(pattern).unwrap_err().to_string();
        assert_eq!(message.replace(&*folder.path().to_string_lossy(), "FOLDER"), sentence);
    }
    let message = series("runs/step-{n}/model.safetensors").unwrap_err().to_string();
    assert!(message.contains("runs: could not list the folder"), "{message}");
    // A folder in the place of the file is not passed over.
    let message = series("run/step-{n}").unwrap_err().to_string();
    assert!(message.ends_with("step-500: it is a folder: name the file of weights in it"), "{message}");
}

/// Two layers of ones, with one value of the second that is no number, at (1, 0, 2, 1), unless `is_sound`.
fn two_layers(path: &Path, is_sound: bool) {
    let first = ndarray::Array4::<f32>::ones((2, 3, 3, 3));
    let mut second = ndarray::Array4::<f32>::ones((4, 2, 3, 3));
    if !is_sound {
        second[[1, 0, 2, 1]] = f32::NAN;
    }
    let arrays = [("conv1.weight", first), ("conv2.weight", second)];
    let arrays = arrays.map(|(name, array)| {
        let bytes: Vec<u8> = array.iter().flat_map(|value| value.to_le_bytes()).collect();
        (name, array.shape().to_vec(), bytes)
    });
    let views = arrays
        .iter()
        .map(|(name, shape, bytes)| (*name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    std::fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

#[test]
fn a_layer_with_a_value_that_is_no_number_in_one_file_is_named_with_its_place() {
    for (broken, sound) in [(3, 1), (1, 2)] {
        let folder = tempfile::tempdir().unwrap();
        for number in 1..=4 {
            two_layers(&folder.path().join(format!("{number}.safetensors")), number != broken);
        }
        assert_eq!(
            refusal(folder.path(), "{n}.safetensors", 1),
            format!(
                "{broken}.safetensors: its layer \"conv2.weight\", which is read from {sound}.safetensors, is left out: its \
                 weight [1, 0, 2, 1] (axis order oihw) is NaN; move the file away, or name the layers to read"
            )
        );
    }
    // In all files it is left out of all.
    let folder = tempfile::tempdir().unwrap();
    (1..=2).for_each(|number| two_layers(&folder.path().join(format!("{number}.safetensors")), false));
    let pattern = folder.path().join("{n}.safetensors");
    let sessions = WeightFile::series(&pattern.to_string_lossy(), AxisOrder::Oihw, 1).unwrap();
    assert_eq!((sessions.len(), sessions[1].layers()), (2, 1));
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
