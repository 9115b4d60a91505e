//! The lines of Python that convert a file to one that is read.
//!
//! Each conversion is on one line, with semicolons, so that it can be pasted as it stands. It fails rather than write a file
//! without arrays, and never writes a file that is there.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// `bare` gives what is in an array of objects, as numpy makes of a dictionary or a list of arrays, and the weights of a model.
const BARE: &str = "bare = lambda part: part.tolist() if str(getattr(part, \"dtype\", \"\")) == \"object\" else \
                    part.state_dict() if hasattr(part, \"state_dict\") else part";

/// `flat` gives the arrays in nested dictionaries, lists and arrays of objects, each with its path of keys; what is no array
/// is passed over, and so is the state of an optimiser, whose arrays have the shapes of the weights.
const FLAT: &str = "flat = lambda part, name=\"\": [pair for key, item in (part.items() if isinstance(part, dict) else \
                    enumerate(part)) if not str(key).startswith(\"optim\") for pair in flat(item, f\"{name}.{key}\" if name else \
                    str(key))] if isinstance(part, (dict, list, tuple)) else flat(bare(part), name) if bare(part) is not part \
                    else [(name or \"array\", part)] if hasattr(part, \"shape\") else []";

/// `pick` gives the weights in what was saved in the course of training.
const PICK: &str = "pick = lambda state: next((pick(bare(state[key])) for key in (\"model_state_dict\", \"state_dict\", \
                    \"model\", \"net\", \"network\") if isinstance(state, dict) and isinstance(bare(state.get(key)), (dict, list, \
                    tuple))), state)";

/// What a conversion says if it found nothing.
const NONE: &str = "\"there are no arrays in it\"";

/// Two paths of keys may be one name, "a.b": no array is lost in silence.
const EACH: &str =
    "assert len(arrays) == len(pairs), \"two arrays have the same name: rename a key of what was saved\"";

/// The lines that save as safetensors what `load` gives, a state of PyTorch. A state may share or stride its values, which
/// safetensors refuses.
pub(super) fn torch(load: &str, path: &Path) -> String {
    let safe = text(&beside(path, "safetensors"));
    format!(
        "import torch, safetensors.torch; {BARE}; {PICK}; {FLAT}; state = {load}; pairs = [(name, value.detach().clone().contiguous()) for \
         name, value in flat(pick(state)) or flat(state) if torch.is_tensor(value)]; arrays = dict(pairs); assert arrays, {NONE}; \
         {EACH}; safetensors.torch.save_file(arrays, {safe})"
    )
}

/// The lines that save as `.npz` the dictionary `arrays`; `modules` are imported.
pub(super) fn numpy(modules: &str, arrays: &str, path: &Path) -> String {
    let npz = text(&beside(path, "npz"));
    format!("import {modules}; arrays = {arrays}; pairs = arrays.items(); {}", saved(&npz))
}

/// The same for what `load` gives, nested dictionaries, lists and arrays of objects.
pub(super) fn nested(modules: &str, load: &str, path: &Path) -> String {
    let npz = text(&beside(path, "npz"));
    format!(
        "import {modules}; {BARE}; {PICK}; {FLAT}; state = bare({load}); pairs = [(name, numpy.asarray(part.detach().cpu() if \
         hasattr(part, \"detach\") else part)) for name, part in flat(pick(state)) or flat(state)]; {}",
        saved(&npz)
    )
}

/// The lines that save `pairs` of names and arrays. Two names are those of arguments of `numpy.savez`, and get a word behind them.
fn saved(npz: &str) -> String {
    format!(
        "arrays = {{name + \".array\" * (name in (\"file\", \"allow_pickle\")): part for name, part in pairs}}; assert arrays, \
         {NONE}; {EACH}; numpy.savez({npz}, **arrays)"
    )
}

/// The lines that sort the dictionary `arrays` in the natural order of names, numbers in them as numbers; `re` is imported.
pub(super) const SORTED: &str = "dict(sorted(arrays.items(), key=lambda pair: [int(part) if part.isdecimal() else part for part in \
                                 re.split(r\"(\\d+)\", pair[0])]))";

/// The path with another ending, or with another name if there is such a file, or it is the same path in another case.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let is_free =
        |other: &PathBuf| !other.exists() && !other.as_os_str().eq_ignore_ascii_case(path.as_os_str());
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let numbered = (2u32..).map(|number| format!("{stem}-converted-{number}.{ending}"));
    let others = std::iter::once(format!("{stem}-converted.{ending}")).chain(numbered);
    let others = others.map(|name| path.with_file_name(name));
    std::iter::once(path.with_extension(ending)).chain(others).find(is_free).unwrap_or_default()
}

/// A path as a literal of Python. A byte that is no UTF-8 becomes what Python takes for it in a path.
pub(super) fn text(path: &Path) -> String {
    let mut literal = String::from("\"");
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for letter in chunk.valid().chars() {
            // Writing to a String does not fail.
            let _ = match letter {
                '\\' | '"' => write!(literal, "\\{letter}"),
                letter if letter.is_control() => write!(literal, "\\x{:02x}", u32::from(letter)),
                letter => write!(literal, "{letter}"),
            };
        }
        for byte in chunk.invalid() {
            let _ = write!(literal, "\\udc{byte:02x}");
        }
    }
    literal + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_literals_of_python() {
        assert_eq!(text(Path::new("a \"b\" \\c\n'd'")), r#""a \"b\" \\c\x0a'd'""#);
        assert_eq!(text(Path::new("网络.pt")), "\"网络.pt\"");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            assert_eq!(text(Path::new(std::ffi::OsStr::from_bytes(b"caf\xe9.pt"))), "\"caf\\udce9.pt\"");
        }
    }

    #[test]
    fn no_file_that_is_there_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        for (there, written) in [
            ("net.pt", "net.npz"),
            ("net.npz", "net-converted.npz"),
            ("net-converted.npz", "net-converted-2.npz"),
            ("net-converted-2.npz", "net-converted-3.npz"),
        ] {
            std::fs::write(place(there), b"").unwrap();
            assert_eq!(beside(&place("net.pt"), "npz"), place(written));
        }
        for (from, ending, to) in [
            ("run/net.pt", "safetensors", "run/net.safetensors"),
            ("run/net.npz", "npz", "run/net-converted.npz"),
            ("net.NPZ", "npz", "net-converted.npz"),
            ("net", "npz", "net.npz"),
        ] {
            assert_eq!(beside(Path::new(from), ending), Path::new(to));
        }
    }
}
