//! Files that are no weights, are damaged, or would fill the memory.

use std::io::Write;
use std::path::Path;

use softness::prelude::*;

use super::checkpoint;

/// The sentence with which a file is refused, without the folder.
fn refusal(path: &Path) -> String {
    let message = WeightFile::open(path, AxisOrder::Oihw).unwrap_err().to_string();
    message.replace(&format!("{}/", path.parent().unwrap().display()), "")
}

/// The same for these bytes in a file of this name.
fn refusal_of(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    refusal(&path)
}

#[test]
fn a_pickle_of_pytorch_is_refused_with_the_lines_that_convert_it() {
    for (name, what) in
        [("last.pt", "a pickle of PyTorch"), ("last_old.pt", "a pickle of PyTorch before 1.6")]
    {
        let message = refusal(&checkpoint(name));
        let (reason, lines) = message.split_once(" convert it in Python: ").unwrap();
        assert_eq!(
            reason,
            format!("{name}: it is {what}, which can run any program when it is opened, so it is not read:")
        );
        let safe = name.replace(".pt", ".safetensors");
        assert!(lines.starts_with("import torch, safetensors.torch; bare = "), "{lines}");
        assert!(lines.contains(&format!(
            "state = torch.load(open(\"{name}\", \"rb\"), map_location=\"cpu\", weights_only=True);"
        )));
        assert!(lines.ends_with(&format!("safetensors.torch.save_file(arrays, \"{safe}\")")), "{lines}");
    }
}

#[test]
fn other_formats_are_named_with_the_library_that_converts_them() {
    for (name, bytes, parts) in [
        (
            "net.h5",
            &b"\x89HDF\r\n\x1a\n\0\0model_config"[..],
            &[
                "Keras model in HDF5: convert it in Python, after which the axis order is hwio: import keras",
                "keras.models.load_model(\"net.h5\"",
            ][..],
        ),
        ("net.weights.h5", b"\x89HDF\r\n\x1a\n\0\0", &["HDF5 file", "h5py.File(\"net.weights.h5\")", "hwio"]),
        ("net.keras", b"PK\x03\x04....model.weights.h5", &["damaged"]),
        ("net.tflite", b"\x1c\0\0\0TFL3\0\0", &["TensorFlow Lite", "ai_edge_litert"]),
        ("net.onnx", b"\x08\x07\x12\x07pytorch", &["ONNX model", "onnx.load(\"net.onnx\")"]),
        ("saved_model.pb", b"\x08\x01\x12\x9e\xba\x05", &["SavedModel", "tensorflow.saved_model.load("]),
        (
            "net.pkl",
            b"\x80\x04\x95\0\0",
            &["a Python pickle", "pickle.load(open(\"net.pkl\", \"rb\"), encoding=\"latin1\")"],
        ),
        (
            "net.safetensors",
            b"version https://git-lfs.github.com/spec/v1\n",
            &["pointer of Git LFS", "git lfs pull"],
        ),
        (
            "net.bin",
            b"\0\0\x80?\0\0\x80?\0\0",
            &["no format that is known here", ".safetensors, .npz and .npy"],
        ),
        ("net.npz", b"", &["it is empty"]),
        ("net.safetensors.gz", b"\x1f\x8b\x08\0", &["it is compressed by gzip: unpack it"]),
    ] {
        let message = refusal_of(name, bytes);
        assert!(message.starts_with(&format!("{name}: it")), "{message}");
        for part in parts {
            assert!(message.contains(part), "{message}");
        }
        assert!(!message.contains('\n'), "{message}");
        // What is pasted ends with the lines.
        assert_eq!(message.contains("import "), message.ends_with(", **arrays)"), "{message}");
    }
    let keras = zipped(&[("config.json", b"{}"), ("model.weights.h5", b"\x89HDF")], true);
    let message = refusal_of("net.keras", &keras);
    assert!(message.contains("it is a Keras model: convert it in Python, after which the axis order is hwio: import keras, numpy;"), "{message}");
    let fields = b"\x80\x02ctorch.nn.modules.conv\nConv2d\nq\0)\x81q\x01}q\x02(X\x0b\0\0\0_parameters\x08\0\0\0_modules";
    let message = refusal_of("model.pt", &zipped(&[("model/data.pkl", fields)], false));
    assert!(message.starts_with("model.pt: it is a whole model of PyTorch, which can run any program when it is opened, so it is not read: convert it in Python, if you trust the file, where the model's class can be imported: import torch"), "{message}");
    assert!(message.contains("weights_only=False); pairs"), "{message}");
    let message = refusal_of("net.zip", &zipped(&[("readme.txt", b"weights")], true));
    assert!(message.contains("a zip archive without a .npy member"), "{message}");
}

#[test]
fn a_folder_is_named_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net");
    std::fs::create_dir(&path).unwrap();
    assert_eq!(refusal(&path), "net: it is a folder: name the file of weights in it");
    std::fs::write(path.join("model.safetensors"), b"").unwrap();
    assert_eq!(
        refusal(&path),
        "net: it is a folder: name the file of weights in it, such as \"model.safetensors\""
    );
    std::fs::create_dir(path.join("variables")).unwrap();
    for name in ["keras_metadata.pb", "saved_model.pb"] {
        std::fs::write(path.join(name), b"").unwrap();
        let message = refusal(&path);
        assert!(
            message.starts_with(
                "net: it is the folder of a TensorFlow SavedModel: convert it in Python, after which the axis order is hwio: \
                 import numpy, tensorflow; arrays = {"
            ),
            "{message}"
        );
        assert!(message.contains("tensorflow.saved_model.load(\"net\")"), "{message}");
        assert!(message.ends_with("numpy.savez(\"net.npz\", **arrays)"), "{message}");
        std::fs::remove_file(path.join(name)).unwrap();
    }
}

/// A zip archive of these members. Two of one name are written if their names differ in their last letter alone, which
/// is then replaced.
fn zipped(members: &[(&str, &[u8])], is_deflated: bool) -> Vec<u8> {
    use zip::write::{SimpleFileOptions, ZipWriter};
    let method = if is_deflated { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
    let options = SimpleFileOptions::default().compression_method(method);
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An array of ones as `.npy`.
fn npy(shape: (usize, usize, usize, usize)) -> Vec<u8> {
    use ndarray_npy::WriteNpyExt;
    let mut bytes = Vec::new();
    ndarray::Array4::<f32>::ones(shape).write_npy(&mut bytes).unwrap();
    bytes
}

#[test]
fn members_of_one_name_are_refused() {
    let small = npy((2, 1, 3, 3));
    let mut bytes = zipped(&[("conv1.npy", &small), ("conv2.npy", &small)], false);
    assert!(refusal_of("net.npz", &bytes[..bytes.len() - 1]).contains("it is not a complete zip archive"));
    while let Some(at) = bytes.windows(5).position(|window| window == b"conv2") {
        bytes[at + 4] = b'1';
    }
    assert_eq!(
        refusal_of("net.npz", &bytes),
        "net.npz: two of its members have the same name: give each array a name of its own"
    );
}

#[test]
fn an_archive_that_unpacks_to_far_too_much_is_refused() {
    use ndarray_npy::WriteNpyExt;
    let mut zeros = Vec::new();
    ndarray::Array4::<f32>::zeros((1_000, 1_000, 3, 3)).write_npy(&mut zeros).unwrap();
    let bytes = zipped(&[("conv1.npy", &zeros)], true);
    assert!(bytes.len() < 100_000);
    assert_eq!(
        refusal_of("net.npz", &bytes),
        "net.npz: array \"conv1\": its members unpack to more than 100 times its length: it is damaged, or made to fill the \
         memory"
    );
}

#[test]
fn a_damaged_member_is_named() {
    let mut bytes = zipped(&[("conv1.npy", &npy((2, 1, 3, 3)))], false);
    let one = bytes.windows(4).position(|window| window == 1f32.to_le_bytes()).unwrap();
    bytes[one] ^= 1; // another number, which its checksum betrays
    let message = refusal_of("net.npz", &bytes);
    assert!(
        message.contains("member \"conv1\" could not be unpacked")
            && message.ends_with("the file is damaged"),
        "{message}"
    );
}

#[test]
fn a_header_of_safetensors_that_promises_too_much_is_refused() {
    let whole = std::fs::read(checkpoint("epoch-01.safetensors")).unwrap();
    for bytes in
        [&whole[..whole.len() - 1], &[&whole[..], &[0]].concat(), &[&[0xff; 7][..], &whole[7..]].concat()]
    {
        let message = refusal_of("net.safetensors", bytes);
        assert!(message.starts_with("net.safetensors: it is not a complete safetensors file ("), "{message}");
        assert!(message.ends_with("it is cut off or damaged"), "{message}");
    }
    let mut bytes = whole;
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes()); // in the head, which is not read
    assert!(WeightFile::open(checkpoint("epoch-01.safetensors"), AxisOrder::Oihw).is_ok());
    let start = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    for value in bytes[start..].chunks_exact_mut(4) {
        value.copy_from_slice(&f32::INFINITY.to_le_bytes());
    }
    let message = refusal_of("net.safetensors", &bytes);
    assert!(message.contains("it has no layer that can be read: \"features.0.weight\""), "{message}");
    assert!(
        message.contains("is left out: its weight [0, 0, 0, 0] (axis order oihw) is inf, or too large"),
        "{message}"
    );
}

/// A `.npy` file of objects: a header, and no pickle behind it.
fn objects(shape: &str) -> Vec<u8> {
    let header = format!("{{'descr': '|O', 'fortran_order': False, 'shape': {shape}, }}");
    [&b"\x93NUMPY\x01\0\x76\0"[..], format!("{header:<117}\n").as_bytes()].concat()
}

#[test]
fn arrays_of_objects_in_an_archive_are_named_with_the_lines_that_convert_them() {
    for shape in ["(2,)", "()", "(2, 3, 3, 3)"] {
        let message = refusal_of("net.npz", &zipped(&[("weights.npy", &objects(shape))], false));
        assert!(
            message.starts_with(
                "net.npz: array \"weights\": it is an array of Python objects, as numpy.savez makes of a dictionary or a list of \
                 arrays: a pickle, which can run any program when it is opened, so it is not read: convert it in Python: import \
                 numpy; "
            ),
            "{message}"
        );
        assert!(message.ends_with("numpy.savez(\"net-converted.npz\", **arrays)"), "{message}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.npz");
    let bytes = zipped(&[("conv.npy", &npy((2, 1, 3, 3))), ("weights.npy", &objects("(2,)"))], false);
    std::fs::write(&path, bytes).unwrap();
    let file = WeightFile::open(&path, AxisOrder::Oihw).unwrap();
    assert_eq!(file.layer_names(), ["conv"]);
    assert_eq!(
        file.left_out(),
        [
            "\"weights\" [2] is left out: its values are Python objects, a pickle, which can run any program when it is opened; \
          name it as a layer for the lines of Python that convert it"
        ]
    );
    let message = file.only(&["weights"]).unwrap_err().to_string();
    assert!(message.contains("convert it in Python: import numpy; "), "{message}");
}

/// A `.npy` file of this type and shape whose values have these bytes.
fn npy_of(kind: &str, shape: &str, value: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    [bytes, header.into_bytes(), value.to_vec()].concat()
}

#[test]
fn values_that_are_no_floats_are_named_in_words() {
    for (kind, bytes, words) in [
        ("|i1", 1, "|i1, whole numbers of 8 bits"),
        ("<u2", 2, "<u2, whole numbers of 16 bits"),
        ("|b1", 1, "|b1, true or false"),
        (">c16", 16, ">c16, complex numbers"),
        ("<f16", 16, "<f16, floats of 128 bits"),
        ("|V2", 2, "|V2, as numpy.save writes bfloat16"),
        ("<M8[ns]", 8, "plain numbers"),
    ] {
        let message = refusal_of("a.npy", &npy_of(kind, "(1, 1, 1, 1)", &vec![1; bytes]));
        let expected = format!("a.npy: its values are of the type {words}, not floats of 16, 32 or 64 bits");
        match words {
            "plain numbers" => assert!(message.contains(words), "{message}"),
            _ => assert_eq!(message, expected),
        }
    }
}

#[test]
fn a_number_that_is_too_large_for_a_float_of_32_bits_and_a_wrong_number_of_axes_are_told() {
    let large = npy_of("<f8", "(1, 1, 2, 2)", &1e300_f64.to_le_bytes().repeat(4));
    let message = refusal_of("a.npy", &large);
    assert!(
        message.contains(
            "its weight [0, 0, 0, 0] (axis order oihw) is inf, or too large for a float of 32 bits"
        ),
        "{message}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.npy");
    std::fs::write(&path, npy_of("<f4", "(1,)", &1_f32.to_le_bytes())).unwrap();
    let message = FilterBank::load_npy(1, &path, None, AxisOrder::Oihw).unwrap_err().to_string();
    assert!(message.ends_with("a.npy: its shape [1] has 1 axis, but 4 are needed"), "{message}");
    std::fs::write(&path, large).unwrap();
    let message = FilterBank::load_npy(1, &path, None, AxisOrder::Oihw).unwrap_err().to_string();
    assert!(message.contains("a finite number of at most 3.4e38"), "{message}");
}

#[test]
fn a_cut_array_two_in_one_file_and_pages_in_its_place_are_told() {
    let whole = npy_of("<f4", "(1, 1, 2, 2)", &1_f32.to_le_bytes().repeat(4));
    for (bytes, sentence) in [
        (&whole[..whole.len() - 1], "a.npy: array \"a\": it ends early: it is cut off or damaged"),
        (
            &[&whole[..], &[1, 2, 3]].concat(),
            "a.npy: array \"a\": it has 3 bytes behind its array: save each array in a file of its own, or several with numpy.savez",
        ),
        (b"<!DOCTYPE html>", "a.npy: it is an HTML or XML page, not the file itself: download the file"),
        (
            b"{\"weight_map\": {}}",
            "a.npy: it is JSON, as the index of a model in several files is: name one of the files with the weights",
        ),
    ] {
        assert_eq!(refusal_of("a.npy", bytes), sentence);
    }
}

#[test]
fn an_archive_that_is_packed_in_another_way_is_not_called_damaged() {
    let mut bytes = zipped(&[("conv.npy", &npy((2, 2, 3, 3)))], true);
    // The method in the header of the member and in the directory: 14 is LZMA.
    let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[8] = 14;
    bytes[directory + 10] = 14;
    let message = refusal_of("net.npz", &bytes);
    assert!(
        message.contains(
            "member \"conv\" is compressed in a way that is not read (compression method not supported: 14)"
        ),
        "{message}"
    );
    assert!(message.ends_with("write the file with numpy.savez or numpy.savez_compressed"), "{message}");
}
