//! What kind of file it is, by its first bytes, and what to do with one that is not read.

use std::path::Path;

/// The formats that weights are read from.
const READ: &str = "weights are read from .safetensors, .npz and .npy files";

/// Why a file is not read as weights, and the lines of Python that convert it, if its format is known. The lines are on one
/// line, with semicolons, so that they can be pasted as they stand.
pub(crate) fn refusal(path: &Path, bytes: &[u8]) -> String {
    let name = |ending: &str| path.with_extension(ending).to_string_lossy().replace(['\\', '"'], "/");
    let (file, npz, safe) =
        (path.to_string_lossy().replace(['\\', '"'], "/"), name("npz"), name("safetensors"));
    // A state dictionary may share or stride its values, which safetensors refuses, and may lie in a larger dictionary.
    let torch = |load: &str| {
        format!(
            "import torch, safetensors.torch; state = {load}; state = state.get(\"model_state_dict\", state.get(\"state_dict\", \
             state)); safetensors.torch.save_file({{name: value.clone().contiguous() for name, value in state.items() if \
             torch.is_tensor(value)}}, \"{safe}\")"
        )
    };
    let keras = format!(
        "import keras, numpy; numpy.savez(\"{npz}\", **{{w.path: w.numpy() for w in keras.models.load_model(\"{file}\", \
         compile=False).weights}})"
    );
    let pickle = "which can run any program when it is opened, so it is not read";
    let convert = |what: &str, lines: String| format!("it is {what}: convert it in Python: {lines}");
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    match bytes {
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => {
            "it is a .npy file, one array: it is read as such if its name ends in .npy".into()
        }
        [0x89, b'H', b'D', b'F', b'\r', b'\n', 0x1a, b'\n', ..] if holds(b"model_config") => {
            convert("a Keras model in HDF5", format!("{keras}; the axis order is then hwio"))
        }
        [0x89, b'H', b'D', b'F', b'\r', b'\n', 0x1a, b'\n', ..] => convert(
            "an HDF5 file, as Keras saves weights",
            format!(
                "import h5py, numpy; arrays = {{}}; h5py.File(\"{file}\").visititems(lambda name, item: \
                 arrays.update({{name: item[()]}}) if isinstance(item, h5py.Dataset) and not name.startswith(\"optimizer\") \
                 else None); numpy.savez(\"{npz}\", **arrays); the axis order of Keras is then hwio"
            ),
        ),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
            if holds(b"model.weights.h5") {
                convert("a Keras model", format!("{keras}; the axis order is then hwio"))
            } else if holds(b"/code/") && holds(b"constants.pkl") {
                let state = format!("torch.jit.load(\"{file}\", map_location=\"cpu\").state_dict()");
                convert("a TorchScript program", torch(&state))
            } else if holds(b"/data.pkl") {
                let state = format!("torch.load(\"{file}\", map_location=\"cpu\", weights_only=True)");
                convert(&format!("a pickle of PyTorch, {pickle}"), torch(&state))
            } else {
                format!("it is a zip archive that holds no .npy member: {READ}")
            }
        }
        // The pickled integer that PyTorch wrote first until version 1.6.
        [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, ..] => {
            let state = format!("torch.load(\"{file}\", map_location=\"cpu\", weights_only=True)");
            convert(&format!("a pickle of PyTorch before 1.6, {pickle}"), torch(&state))
        }
        [0x80, 2..=5, ..] => convert(
            &format!("a Python pickle, {pickle}"),
            format!("import numpy, pickle; numpy.savez(\"{npz}\", **pickle.load(open(\"{file}\", \"rb\")))"),
        ),
        [_, _, _, _, b'T', b'F', b'L', b'3', ..] => convert(
            "a TensorFlow Lite model",
            format!(
                "import numpy, ai_edge_litert.interpreter; lite = ai_edge_litert.interpreter.Interpreter(\"{file}\"); numpy.savez(\"{npz}\", \
                 **{{d[\"name\"]: lite.get_tensor(d[\"index\"]).transpose(0, 3, 1, 2) for d in lite.get_tensor_details() if \
                 len(d[\"shape\"]) == 4 and d[\"shape\"][0] > 1}})"
            ),
        ),
        // A message of Protocol Buffers whose first field is the version of the schema, 1, and whose second is the graph.
        [8, 1, 0x12, ..] => {
            let folder =
                path.parent().map_or(".".into(), |folder| folder.to_string_lossy().replace(['\\', '"'], "/"));
            let folder = if folder.is_empty() { ".".into() } else { folder };
            convert(
                "the graph of a TensorFlow SavedModel",
                format!(
                    "import numpy, tensorflow; numpy.savez(\"{npz}\", **{{v.name: v.numpy() for v in \
                     tensorflow.saved_model.load(\"{folder}\").variables}}); the axis order is then hwio"
                ),
            )
        }
        // ONNX has no magic bytes: a message of Protocol Buffers whose first field is the version, 3 to 19.
        [8, 3..=19, 0x12 | 0x1a | 0x22 | 0x28 | 0x32 | 0x3a | 0x42, ..] => convert(
            "an ONNX model",
            format!(
                "import numpy, onnx, onnx.numpy_helper; numpy.savez(\"{npz}\", **{{t.name: onnx.numpy_helper.to_array(t) for t \
                 in onnx.load(\"{file}\").graph.initializer}})"
            ),
        ),
        _ if bytes.starts_with(b"version https://git-lfs") => {
            "it is a pointer of Git LFS, not the file itself: run `git lfs pull` in its folder".into()
        }
        [] => format!("it is empty: {READ}"),
        _ => format!("its first bytes are those of no format that is known here: {READ}"),
    }
}

/// Why an array of Python objects is not read, and how its arrays are saved. `is_single` is whether it holds one object, which
/// is then a dictionary of arrays or of lists of arrays.
pub(crate) fn object_array(path: &Path, is_single: bool) -> String {
    let file = path.to_string_lossy().replace(['\\', '"'], "/");
    let npz = path.with_extension("npz").to_string_lossy().replace(['\\', '"'], "/");
    let (what, each, all) = if is_single {
        let parts = "part.items() if isinstance(part, dict) else enumerate(part if isinstance(part, (list, tuple)) else [part])";
        (
            "a dictionary",
            "numpy.save(\"conv1.npy\", arrays.item()[\"conv1\"])",
            format!(
                "**{{f\"{{name}}.{{n}}\": array for name, part in numpy.load(\"{file}\", allow_pickle=True, \
                 encoding=\"latin1\").item().items() for n, array in ({parts})}}"
            ),
        )
    } else {
        let all = format!("*numpy.load(\"{file}\", allow_pickle=True, encoding=\"latin1\")");
        ("a list of arrays", "numpy.save(\"conv1.npy\", arrays[0])", all)
    };
    format!(
        "it is an array of Python objects, as numpy.save makes of {what}: a pickle, which can run any program when it is opened, \
         so it is not read; save each array by itself, {each}, or convert it in Python: import numpy; numpy.savez(\"{npz}\", {all})"
    )
}
