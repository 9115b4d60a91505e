//! The lines of Python that convert files which are not read: they are run as they are printed, if numpy or PyTorch is here.

use std::path::Path;
use std::process::{Command, Output};

use softness::prelude::*;

const NO_ARRAYS: &str = "there are no arrays in it";

/// Runs lines of Python in a folder.
fn python(folder: &Path, lines: &str) -> Output {
    Command::new("python3").args(["-c", lines]).current_dir(folder).output().unwrap()
}

/// Whether these modules are here; prints a line if not.
fn has(modules: &str) -> bool {
    let found = Command::new("python3").args(["-c", &format!("import {modules}")]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: python3 with {modules} is not here");
    }
    found
}

/// The lines that the refusal of a file prints.
fn lines(path: &Path) -> String {
    let message = WeightFile::open(path, AxisOrder::Oihw).unwrap_err().to_string();
    let (_, lines) = message.split_once("convert it in Python: ").unwrap_or_else(|| panic!("{message}"));
    lines.to_owned()
}

/// The names of the layers of a converted file, or why it is not converted.
type Expected<'a> = Result<&'a [&'a str], &'a str>;

/// Writes files by lines of Python, converts each, and checks the layers of what comes out; an error: the lines fail and say
/// that, and no file is written.
fn check(written: &str, files: &[(&str, &str, Expected)]) {
    let folder = tempfile::tempdir().unwrap();
    let output = python(folder.path(), written);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (file, converted, layers) in files {
        let output = python(folder.path(), &lines(&folder.path().join(file)));
        let errors = String::from_utf8_lossy(&output.stderr);
        let converted = folder.path().join(converted);
        let layers = match layers {
            Ok(layers) => layers,
            Err(problem) => {
                assert!(errors.contains(&format!("AssertionError: {problem}")), "{file}: {errors}");
                assert!(!converted.exists(), "{file}");
                continue;
            }
        };
        assert!(output.status.success(), "{file}: {errors}");
        let read = WeightFile::open(&converted, AxisOrder::Oihw).unwrap();
        assert_eq!(read.layer_names(), *layers, "{file}");
        for bank in read.filters() {
            // Value = its place among all, which float32 holds.
            assert!(
                bank.weights().iter().zip(0u16..).all(|(&value, place)| value == f32::from(place)),
                "{file}"
            );
        }
    }
}

#[test]
fn pickles_and_arrays_of_objects_become_archives_of_their_arrays() {
    if !has("numpy") {
        return;
    }
    let written = r#"
import numpy, pickle
first = numpy.arange(4 * 3 * 5 * 5, dtype="f4").reshape(4, 3, 5, 5)
second = numpy.arange(6 * 4 * 3 * 3, dtype="f8").reshape(6, 4, 3, 3)
net = {"conv1": first, "bias1": numpy.zeros(4), "conv2": second, "epoch": 3, "name": "net", "sizes": [5, 3], "none": None}
def save(name, value):
    with open(name, "wb") as file: pickle.dump(value, file)
save("net.pkl", net)
save("saved.pkl", {"model": net, "optimizer": {"conv1": first}, "epoch": 3})
save("state.pkl", {"state_dict": net, "optimizer_state_dict": {"conv1": first}, "model": "net"})
save("list.pkl", [(first, numpy.zeros(4)), (second, None), "end"])
save("it's \"mine\".pkl", net)
save("empty.pkl", {"epoch": 3, "sizes": [5, 3]})
save("beside.pkl", {"model": {}, "conv1": first, "conv2": second})
save("twice.pkl", {"a.b": first, "a": {"b": second}})
save("named.pkl", {"file": first, "allow_pickle": second})
save("named twice.pkl", {"file": first, "file.array": second})
objects = numpy.empty(2, dtype=object)
objects[:] = [first, second]
numpy.save("objects.npy", objects, allow_pickle=True)
numpy.save("dictionary.npy", net, allow_pickle=True)
numpy.savez("objects.npz", weights=objects, epoch=3)
numpy.save("more.npy", {"model": net, "momentum": {"conv1": first}, "ema": {"conv1": first}}, allow_pickle=True)
numpy.savez("more.npz", model=net, momentum={"conv1": first})
"#;
    let both: Expected = Ok(&["conv1", "conv2"]);
    check(
        written,
        &[
            ("net.pkl", "net.npz", both),
            ("saved.pkl", "saved.npz", both),
            ("state.pkl", "state.npz", both),
            ("list.pkl", "list.npz", Ok(&["0.0", "1.0"])),
            ("it's \"mine\".pkl", "it's \"mine\".npz", both),
            ("empty.pkl", "empty.npz", Err(NO_ARRAYS)),
            ("beside.pkl", "beside.npz", both),
            ("twice.pkl", "twice.npz", Err("two arrays have the same name")),
            ("objects.npz", "objects-converted.npz", Ok(&["weights.0", "weights.1"])),
            ("objects.npy", "objects-converted-2.npz", Ok(&["0", "1"])),
            ("dictionary.npy", "dictionary.npz", both),
            ("named.pkl", "named.npz", Ok(&["file.array", "allow_pickle.array"])),
            ("named twice.pkl", "named twice.npz", Err("two arrays have the same name")),
            // more.npz is there already.
            ("more.npy", "more-converted.npz", both),
            ("more.npz", "more-converted-2.npz", both),
        ],
    );
}

#[test]
fn layers_of_hdf5_are_in_the_natural_order_of_their_names_and_have_their_biases() {
    if !has("numpy, h5py") {
        return;
    }
    let written = r#"
import h5py, numpy
weights = numpy.arange(3 * 3 * 4 * 4, dtype="f4").reshape(4, 4, 3, 3)
with h5py.File("net.weights.h5", "w") as file:
    for layer in range(12):
        name = f"layers/conv2d_{layer}" if layer else "layers/conv2d"
        file[f"{name}/vars/0"], file[f"{name}/vars/1"] = weights, numpy.full(4, layer, dtype="f4")
    file["optimizer/vars/1"] = weights
"#;
    let folder = tempfile::tempdir().unwrap();
    assert!(python(folder.path(), written).status.success());
    let path = folder.path().join("net.weights.h5");
    let lines = WeightFile::open(&path, AxisOrder::Oihw).unwrap_err().to_string();
    let (_, lines) = lines.split_once("if it is of Keras: ").unwrap();
    let output = python(folder.path(), lines);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = WeightFile::open(folder.path().join("net.weights.npz"), AxisOrder::Oihw).unwrap();
    let name = |layer| {
        if layer > 0 { format!("layers/conv2d_{layer}/vars/0") } else { "layers/conv2d/vars/0".into() }
    };
    assert_eq!(read.layer_names(), (0..12).map(name).collect::<Vec<_>>());
    let biases: Vec<f32> = read.filters().iter().map(|bank| bank.bias()[0]).collect();
    assert_eq!(biases, (0..12).map(|layer| layer as f32).collect::<Vec<_>>());
}

#[test]
fn what_pytorch_saves_in_the_course_of_training_becomes_its_weights_alone() {
    if !has("torch, safetensors.torch") {
        return;
    }
    let written = r#"
import torch
first = torch.arange(4 * 3 * 5 * 5, dtype=torch.float32).reshape(4, 3, 5, 5)
second = torch.arange(6 * 4 * 3 * 3, dtype=torch.float32).reshape(6, 4, 3, 3)
net = {"conv1.weight": torch.nn.Parameter(first), "conv1.bias": torch.zeros(4), "conv2.weight": second, "steps": torch.tensor(3)}
optimiser = {"state": {0: {"exp_avg": first}}, "param_groups": [{"lr": 0.1}]}
torch.save(net, "net.pt")
torch.save(net, "old.pt", _use_new_zipfile_serialization=False)
torch.save({"model": net, "optimizer": optimiser, "epoch": 3}, "model.pt")
torch.save({"state_dict": net, "optimizer_state_dict": optimiser, "arch": "net"}, "state.pt")
torch.save({"model_state_dict": net, "loss": torch.tensor(1.0)}, "model_state.pt")
torch.save({"encoder": net, "optim": optimiser}, "parts.pt")
torch.save([first, second, "end", None], "list.pt")
torch.save(net, "it's \"mine\".pt")
torch.save({"shared": first, "again": first.transpose(0, 1).transpose(0, 1)}, "shared.safetensors")
torch.save({"epoch": 3}, "empty.pt")
torch.save({"model": {}, "conv1.weight": first, "conv2.weight": second}, "beside.pt")
torch.save({"a.b": first, "a": {"b": second}}, "twice.pt")
"#;
    let both: Expected = Ok(&["conv1.weight", "conv2.weight"]);
    check(
        written,
        &[
            ("net.pt", "net.safetensors", both),
            ("old.pt", "old.safetensors", both),
            ("model.pt", "model.safetensors", both),
            ("state.pt", "state.safetensors", both),
            ("model_state.pt", "model_state.safetensors", both),
            ("parts.pt", "parts.safetensors", Ok(&["encoder.conv1.weight", "encoder.conv2.weight"])),
            ("list.pt", "list.safetensors", Ok(&["0", "1"])),
            ("it's \"mine\".pt", "it's \"mine\".safetensors", both),
            ("shared.safetensors", "shared-converted.safetensors", Ok(&["again", "shared"])),
            ("empty.pt", "empty.safetensors", Err(NO_ARRAYS)),
            ("beside.pt", "beside.safetensors", both),
            ("twice.pt", "twice.safetensors", Err("two arrays have the same name")),
        ],
    );
}
