//! Filters in `.npy` files: what numpy writes is read, and what is written numpy reads. The files in
//! `golden/npy` were written by numpy.save, see `golden/npy_files.py`.
use std::path::{Path, PathBuf};
use std::process::Command;

use ndarray::{Array1, Array4};
use softness::ErrorKind;
use softness::filters::{AxisOrder, FilterBank};
use softness::prelude::*;

use crate::support::golden;

fn file(name: &str) -> PathBuf {
    golden::path("npy").join(name)
}

/// What the script writes: 1000 out + 100 in + 10 row + column.
fn weights() -> Array4<f32> {
    Array4::from_shape_fn((2, 3, 3, 3), |(out, channel, row, column)| {
        (1000 * out + 100 * channel + 10 * row + column) as f32
    })
}

#[test]
fn every_axis_order_type_byte_order_and_memory_order_of_numpy_gives_the_same_bank() {
    for (order, name) in [(AxisOrder::Oihw, "oihw"), (AxisOrder::Hwio, "hwio")] {
        for kind in ["little_f32", "big_f32", "little_f64", "big_f64"] {
            for memory in ["c", "f"] {
                let path = file(&format!("{name}_{kind}_{memory}.npy"));
                let bank = FilterBank::load_npy(2, &path, Some(&file("bias.npy")), order).unwrap();
                assert_eq!(bank.weights(), weights(), "{}", path.display());
                assert_eq!(bank.bias().to_vec(), [0.5, -0.25]);
                assert_eq!((bank.layer(), bank.len(), bank.channels(), bank.kernel()), (2, 2, 3, 3));
                assert!(bank.weights().is_standard_layout());
            }
        }
    }
}

#[test]
fn half_precision_and_the_headers_of_python_2_are_read() {
    for name in ["half.npy", "half_big.npy", "python_2.npy"] {
        let bank = FilterBank::load_npy(1, &file(name), None, AxisOrder::Oihw).unwrap();
        assert_eq!(bank.weights(), weights(), "{name}"); // whole numbers up to 1,122, exact in 11 bits
    }
}

#[test]
fn an_array_of_objects_is_refused_with_the_lines_that_convert_it() {
    let path = file("objects.npy");
    let name = path.display();
    let message = refusal(&path);
    let (reason, lines) = message.split_once(" or convert it in Python: ").unwrap();
    assert_eq!(
        reason,
        format!(
            "{name}: it is an array of Python objects, as numpy.save makes of a list of arrays: a pickle, which can run any \
             program when it is opened, so it is not read; save each array by itself, numpy.save(\"conv1.npy\", arrays[0]),"
        )
    );
    assert!(
        lines.contains(&format!("numpy.load(\"{name}\", allow_pickle=True, encoding=\"latin1\")")),
        "{lines}"
    );
    let npz = path.with_extension("npz");
    assert!(lines.ends_with(&format!("numpy.savez(\"{}\", **arrays)", npz.display())), "{lines}");
    let message = refusal(&file("dictionary.npy"));
    assert!(
        message.contains("makes of a dictionary") && message.contains("arrays.item()[\"conv1\"]"),
        "{message}"
    );
}

#[test]
fn without_a_file_of_biases_they_are_zero() {
    let bank = FilterBank::load_npy(1, &file("oihw_little_f32_c.npy"), None, AxisOrder::Oihw).unwrap();
    assert_eq!(bank.bias().to_vec(), [0.0, 0.0]);
}

#[test]
fn what_is_written_is_read_back_to_the_last_bit() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bias_path) = (folder.path().join("w.npy"), folder.path().join("b.npy"));
    let extremes = [0.1, -0.0, f32::MIN_POSITIVE, 1e-45, f32::MAX, -1.0 / 3.0];
    let weights = Array4::from_shape_fn((3, 2, 5, 5), |(a, b, c, d)| extremes[(a + b + c + d) % 6]);
    let bank = FilterBank::new(1, weights, Array1::from(extremes[..3].to_vec())).unwrap();
    bank.save_npy(&path, &bias_path).unwrap();
    let read = FilterBank::load_npy(1, &path, Some(&bias_path), AxisOrder::Oihw).unwrap();
    let bits = |bank: &FilterBank| -> Vec<u32> {
        bank.weights().iter().chain(bank.bias()).map(|value| value.to_bits()).collect()
    };
    assert_eq!(read.weights().dim(), (3, 2, 5, 5));
    assert_eq!(bits(&read), bits(&bank));
}

/// The sentence with which a file of weights is refused.
fn refusal(path: &Path) -> String {
    let message = FilterBank::load_npy(1, path, None, AxisOrder::Oihw).unwrap_err().to_string();
    assert!(message.starts_with(&path.display().to_string()), "{message}");
    message
}

#[test]
fn files_that_hold_no_filters_are_refused_with_what_is_wrong() {
    for (name, parts) in [
        ("three_axes.npy", &["3 axes, but 4 are needed"][..]),
        ("integers.npy", &["of the type <i4, whole numbers of 32 bits, not floats of 16, 32 or 64 bits"]),
        ("bias.npy", &["1 axis, but 4 are needed"]),
        ("not_square.npy", &["(out, in, k, k)"]),
        ("empty.npy", &["at least one filter"]),
        ("infinite.npy", &["inf", "finite"]),
        ("there_is_no_such_file.npy", &["read it"]),
    ] {
        let message = refusal(&file(name));
        for part in parts {
            assert!(message.contains(part), "{message}");
        }
    }
    let index = "it is JSON, as the index of a model in several files is";
    assert!(refusal(&golden::path("softness.json")).contains(index));
}

#[test]
fn a_file_cut_off_or_lengthened_anywhere_is_refused() {
    let whole = std::fs::read(file("oihw_little_f32_c.npy")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.npy");
    for length in 0..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        refusal(&path);
    }
    std::fs::write(&path, [&whole[..], &[0]].concat()).unwrap();
    refusal(&path);
}

/// A `.npy` file of version 1.0 with a header as numpy writes it, and no data.
fn only_header(shape: &str) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    let text = format!("NUMPY\x01\0\x76\0{header:<117}\n"); // 0x76 = 118 characters of header
    [&[0x93], text.as_bytes()].concat()
}

#[test]
fn a_header_that_promises_far_too_much_is_refused_before_memory_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.npy");
    for shape in [
        "(999999999999, 3, 3, 3)",
        "(4294967296, 4294967296, 3, 3)",
        "(99999999999999999999, 1, 3, 3)",
        "(0, 18446744073709551615, 18446744073709551615, 3)",
    ] {
        std::fs::write(&path, only_header(shape)).unwrap();
        refusal(&path);
    }
}

#[test]
fn a_wrong_file_of_biases_is_the_one_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let bias = folder.path().join("bias.npy");
    let weights = file("oihw_little_f32_c.npy");
    for (values, part) in [(vec![1.0, 2.0, 3.0], "2 filters"), (vec![f32::NAN, 0.0], "finite")] {
        ndarray_npy::write_npy(&bias, &Array1::from(values)).unwrap();
        let error = FilterBank::load_npy(1, &weights, Some(&bias), AxisOrder::Oihw).unwrap_err().to_string();
        assert!(error.starts_with(&bias.display().to_string()) && error.contains(part), "{error}");
    }
}

#[test]
fn numpy_reads_what_is_written() {
    #[derive(serde::Deserialize)]
    struct Seen {
        dtype: String,
        fortran: bool,
        shape: Vec<usize>,
        values: Vec<f32>,
    }
    let has_numpy = Command::new("python3").args(["-c", "import numpy"]).output();
    if !has_numpy.is_ok_and(|output| output.status.success()) {
        println!("skipped: python3 with numpy is not here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, bias_path) = (folder.path().join("w.npy"), folder.path().join("b.npy"));
    let bank = FilterBank::new(1, weights() / 7.0, Array1::from(vec![0.1, 0.2])).unwrap();
    bank.save_npy(&path, &bias_path).unwrap();
    let script = golden::path("npy_files.py");
    let output = Command::new("python3").arg(script).args([&path, &bias_path]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Vec<Seen> = serde_json::from_slice(&output.stdout).unwrap();
    let expected =
        [(vec![2, 3, 3, 3], bank.weights().iter().copied().collect()), (vec![2], bank.bias().to_vec())];
    for (seen, (shape, values)) in seen.into_iter().zip(expected) {
        assert_eq!(
            (seen.dtype.as_str(), seen.fortran, seen.shape, seen.values),
            ("<f4", false, shape, values)
        );
    }
}

#[test]
fn filters_from_elsewhere_go_through_the_same_analysis() {
    let first = FilterBank::load_npy(1, &file("hwio_little_f32_c.npy"), None, AxisOrder::Hwio).unwrap();
    let second =
        Array4::from_shape_fn((5, 2, 3, 3), |(a, b, c, d)| ((a + 2 * b + 3 * c + d * a) % 5) as f32 - 2.0);
    let second = FilterBank::new(2, second, Array1::zeros(5)).unwrap();
    let session = Session::from_filters("theirs", 123, [first.clone(), second.clone()]).unwrap();
    let bird = softness::dataset::Dataset::tiny().bird();
    let table = softness::table::softness_table(&[session], &[bird]).unwrap();
    assert_eq!(table.rows().len(), 2 + 5);
    assert!(table.rows().iter().all(|row| row.session == "theirs" && row.iterations == 123));
    // Weights of up to 1,122 on bytes / 255, all of one sign: nothing in layer 1 is constant.
    assert!(table.scores("theirs", 1, "bird").unwrap().iter().all(|&score| score > 0.0));

    let swapped = Session::from_filters("theirs", 1, [second, first]).unwrap_err().to_string();
    assert_eq!(
        swapped,
        "layer of a filter bank is 2, but it is number 1 of the list, and layers are in order from 1"
    );
    let none = Session::from_filters("theirs", 1, []).unwrap_err().to_string();
    assert_eq!(none, "layers is empty, but a session needs at least one layer");
}

#[test]
fn weights_and_biases_are_never_written_to_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let bank = FilterBank::new(1, weights(), Array1::from(vec![0.5, -0.25])).unwrap();
    let path = folder.path().join("a.npy");
    std::fs::write(&path, "old").unwrap();
    for other in ["a.npy", "./a.npy", "new/../a.npy"].map(|name| folder.path().join(name)) {
        let error = bank.save_npy(&path, &other).unwrap_err();
        let sentence = format!(
            "the biases' file is {}, but the weights go there, and would be replaced: name another file",
            other.display()
        );
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::InvalidOption, sentence));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    }
    bank.save_npy(&path, &folder.path().join("b.npy")).unwrap();
    let back = FilterBank::load_npy(1, &path, Some(&folder.path().join("b.npy")), AxisOrder::Oihw).unwrap();
    assert!(back == bank);
}

#[test]
fn layers_count_from_1() {
    let sentence = "layer is 0, but layers are counted from 1: the first is layer 1";
    let error = FilterBank::new(0, weights(), Array1::zeros(2)).unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::InvalidOption, sentence.to_owned()));
    let error = FilterBank::load_npy(0, &file("oihw_little_f32_c.npy"), None, AxisOrder::Oihw).unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::InvalidOption, sentence.to_owned()));
}
