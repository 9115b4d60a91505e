//! What to say of a file that is not read: what kind of file it is, by its first bytes, and how to convert it. The formats that are
//! read are in [`weight_files`](crate::weight_files).

mod python;

use std::path::Path;

/// The formats that weights are read from.
const READ: &str = "weights are read from .safetensors, .npz and .npy files";
/// What a file is that is opened only by running what is in it.
const PICKLE: &str = "which can run any program when it is opened, so it is not read";
/// The axis order of TensorFlow.
const HWIO: &str = ", after which the axis order is hwio";

/// Why a file is not read as weights, and the lines of Python that convert it, if its format is known.
pub(crate) fn refusal(path: &Path, bytes: &[u8]) -> String {
    let file = python::text(path);
    let keras = || {
        let arrays =
            format!("{{w.path: w.numpy() for w in keras.models.load_model({file}, compile=False).weights}}");
        python::numpy("keras, numpy", &arrays, path)
    };
    // Of a path, PyTorch looks at the ending.
    let load = format!("torch.load(open({file}, \"rb\"), map_location=\"cpu\", weights_only=True)");
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    match bytes {
        [0x89, b'H', b'D', b'F', b'\r', b'\n', 0x1a, b'\n', ..] if holds(b"model_config") => {
            convert("a Keras model in HDF5", HWIO, &keras())
        }
        [0x89, b'H', b'D', b'F', b'\r', b'\n', 0x1a, b'\n', ..] => {
            // Weights alone: the groups of the optimiser are at the top. HDF5 gives names in the order of their letters.
            let arrays = format!(
                "{{}}; h5py.File({file}).visititems(lambda name, item: arrays.update({{name: item[()]}}) if isinstance(item, \
                 h5py.Dataset) and not name.startswith(\"optimizer\") else None); arrays = {}",
                python::SORTED
            );
            let lines = python::numpy("h5py, numpy, re", &arrays, path);
            convert("an HDF5 file, as Keras saves weights", &format!("{HWIO} if it is of Keras"), &lines)
        }
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
            if holds(b"model.weights.h5") {
                convert("a Keras model", HWIO, &keras())
            } else if holds(b"/code/") && holds(b"constants.pkl") {
                // Of a path, PyTorch looks at the ending.
                let load = format!("torch.jit.load({file}, map_location=\"cpu\").state_dict()");
                convert("a TorchScript program", "", &python::torch(&load, path))
            } else if holds(b"/data.pkl") && holds(b"_parameters") && holds(b"_modules") {
                // The fields of a model. Its classes are not among those that are opened without trust.
                let lines = python::torch(&load.replace("weights_only=True", "weights_only=False"), path);
                let trust = ", if you trust the file, where the model's class can be imported";
                convert(&format!("a whole model of PyTorch, {PICKLE}"), trust, &lines)
            } else if holds(b"/data.pkl") {
                convert(&format!("a pickle of PyTorch, {PICKLE}"), "", &python::torch(&load, path))
            } else if holds(b".npy") {
                "it is a .npz file, several arrays: name a .npy file, one array".into()
            } else {
                format!("it is a zip archive without a .npy member: {READ}")
            }
        }
        // The pickled integer that PyTorch wrote first until version 1.6.
        [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, ..] => {
            convert(&format!("a pickle of PyTorch before 1.6, {PICKLE}"), "", &python::torch(&load, path))
        }
        [0x80, 2..=5, ..]
        | [b'(', b'l' | b'd' | b't', b'p', b'0'..=b'9', ..]
        | [b']' | b'}', b'q', 0, ..] => {
            let load = format!("pickle.load(open({file}, \"rb\"), encoding=\"latin1\")");
            let lines = python::nested("numpy, pickle", &load, path);
            convert(&format!("a Python pickle, {PICKLE}"), "", &lines)
        }
        [_, _, _, _, b'T', b'F', b'L', b'3', ..] => {
            let arrays = format!(
                "(lite := ai_edge_litert.interpreter.Interpreter({file})) and {{d[\"name\"]: \
                 lite.get_tensor(d[\"index\"]).transpose(0, 3, 1, 2) for d in lite.get_tensor_details() if len(d[\"shape\"]) == 4 \
                 and d[\"shape\"][0] > 1}}"
            );
            let lines = python::numpy("numpy, ai_edge_litert.interpreter", &arrays, path);
            convert("a TensorFlow Lite model", "", &lines)
        }
        // A message of Protocol Buffers whose first field is the version of the schema, 1, and whose second is the graph.
        [8, 1, 0x12, ..] => {
            let folder = match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            let lines = python::numpy("numpy, tensorflow", &saved_model(folder), path);
            convert("the graph of a TensorFlow SavedModel", HWIO, &lines)
        }
        // ONNX has no magic bytes: a message of Protocol Buffers whose first field is the version, 3 to 19.
        [8, 3..=19, 0x12 | 0x1a | 0x22 | 0x28 | 0x32 | 0x3a | 0x42, ..] => {
            let arrays = format!(
                "{{t.name: onnx.numpy_helper.to_array(t) for t in onnx.load({file}).graph.initializer}}"
            );
            convert("an ONNX model", "", &python::numpy("numpy, onnx, onnx.numpy_helper", &arrays, path))
        }
        _ if bytes.starts_with(b"version https://git-lfs") => {
            "it is a pointer of Git LFS, not the file itself: run `git lfs pull` in its folder".into()
        }
        [0x1f, 0x8b, ..] => "it is compressed by gzip: unpack it".into(),
        [b'<', ..] => "it is an HTML or XML page, not the file itself: download the file".into(),
        [b'{', ..] => {
            "it is JSON, as the index of a model in several files is: name one of the files with the weights"
                .into()
        }
        [] => format!("it is empty: {READ}"),
        _ => format!("its first bytes are those of no format that is known here: {READ}"),
    }
}

/// Why a folder is not read as weights; that of a SavedModel is named as such.
pub(crate) fn folder(path: &Path) -> String {
    let holds = |name: &str| path.join(name).exists();
    if holds("saved_model.pb") || (holds("keras_metadata.pb") && holds("variables")) {
        let lines = python::numpy("numpy, tensorflow", &saved_model(path), path);
        return convert("the folder of a TensorFlow SavedModel", HWIO, &lines);
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let is_read = |name: &String| [".safetensors", ".npz", ".npy"].iter().any(|end| name.ends_with(end));
    let such_as = names.filter(is_read).min().map(|name| format!(", such as {name:?}")).unwrap_or_default();
    format!("it is a folder: name the file of weights in it{such_as}")
}

/// What values of this type are, which are not read, as NumPy or safetensors names it: the end of a sentence.
pub(crate) fn unread(kind: &str) -> String {
    let letters = kind.trim_start_matches(['<', '>', '|', '=']);
    let (letter, bytes) = (letters.chars().next().unwrap_or_default(), letters.get(1..).unwrap_or_default());
    let bits = bytes.parse::<u64>().ok().and_then(|bytes| bytes.checked_mul(8)).unwrap_or_default();
    let what = match letter {
        _ if letters == kind => String::new(),
        'i' | 'u' => format!(", whole numbers of {bits} bits"),
        'b' => ", true or false".into(),
        'c' => ", complex numbers".into(),
        'f' => format!(", floats of {bits} bits"),
        'S' | 'U' => ", texts".into(),
        'V' if bits == 16 => ", as numpy.save writes bfloat16".into(),
        _ => String::new(),
    };
    format!("of the type {kind}{what}, not floats of 16, 32 or 64 bits")
}

/// Why an array of Python objects is not read, and how its arrays are saved. `is_single` is whether it has one object, which
/// is then a dictionary of arrays or of lists of arrays.
pub(crate) fn object_array(path: &Path, is_single: bool) -> String {
    let (what, each) = if is_single {
        ("a dictionary", "numpy.save(\"conv1.npy\", arrays.item()[\"conv1\"])")
    } else {
        ("a list of arrays", "numpy.save(\"conv1.npy\", arrays[0])")
    };
    format!(
        "it is an array of Python objects, as numpy.save makes of {what}: a pickle, {PICKLE}; save each array by itself, {each}, \
         or convert it in Python: {}",
        python::nested("numpy", &loaded(path), path)
    )
}

/// The same for such an array, or several, in a `.npz` file.
pub(crate) fn object_member(path: &Path) -> String {
    let load = format!("dict({})", loaded(path));
    format!(
        "it is an array of Python objects, as numpy.savez makes of a dictionary or a list of arrays: a pickle, {PICKLE}: convert \
         it in Python: {}",
        python::nested("numpy", &load, path)
    )
}

/// What numpy reads from a file that may hold objects, also those of Python 2.
fn loaded(path: &Path) -> String {
    format!("numpy.load({}, allow_pickle=True, encoding=\"latin1\")", python::text(path))
}

/// The variables of a SavedModel. Variables of one name get a number behind it.
fn saved_model(folder: &Path) -> String {
    format!(
        "{{v.name if names.count(v.name) == 1 else f\"{{v.name}}.{{n}}\": v.numpy() for variables in \
         [tensorflow.saved_model.load({}).variables] for names in [[v.name for v in variables]] for n, v in \
         enumerate(variables)}}",
        python::text(folder)
    )
}

/// A sentence that ends with the lines that convert a file; `order` is what is to be said of its axes.
fn convert(what: &str, order: &str, lines: &str) -> String {
    format!("it is {what}: convert it in Python{order}: {lines}")
}
