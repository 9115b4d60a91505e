//! Where Jupyter looks for a user's own kernels.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::Result;

/// The folder of the user's own kernels, as Jupyter finds it: `kernels` in its data folder, which is `JUPYTER_DATA_DIR`, or
/// `jupyter` in `XDG_DATA_HOME` or `~/.local/share`; `~/Library/Jupyter` on macOS, `%APPDATA%\jupyter` on Windows.
///
/// `system` is the operating system as in [`std::env::consts::OS`]; `variable` gives environment variables.
pub fn of_user(system: &str, variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let needed = |name: &str| set(name).ok_or(format!("{name} is not set: use --prefix DIR"));
    let data = match (set("JUPYTER_DATA_DIR"), system) {
        (Some(data), _) => data,
        (None, "windows") => needed("APPDATA")?.join("jupyter"),
        (None, "macos") => needed("HOME")?.join("Library/Jupyter"),
        (None, _) => match set("XDG_DATA_HOME") {
            Some(data) => data.join("jupyter"),
            None => needed("HOME")?.join(".local/share/jupyter"),
        },
    };
    Ok(data.join("kernels"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_the_one_of_jupyter() {
        let folder = |system: &str, set: &[(&str, &str)]| {
            let variable = |name: &str| {
                set.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value))
            };
            of_user(system, variable).map(|path| path.to_string_lossy().replace('\\', "/"))
        };
        let home = ("HOME", "/home/u");
        for (system, set, expected) in [
            ("linux", &[home][..], "/home/u/.local/share/jupyter/kernels"),
            ("linux", &[home, ("XDG_DATA_HOME", "/d")], "/d/jupyter/kernels"),
            ("linux", &[home, ("XDG_DATA_HOME", "")], "/home/u/.local/share/jupyter/kernels"),
            ("linux", &[home, ("XDG_DATA_HOME", "/d"), ("JUPYTER_DATA_DIR", "/j")], "/j/kernels"),
            ("macos", &[home, ("XDG_DATA_HOME", "/d")], "/home/u/Library/Jupyter/kernels"),
            ("macos", &[home, ("JUPYTER_DATA_DIR", "/j")], "/j/kernels"),
            ("windows", &[("APPDATA", "C:/a")], "C:/a/jupyter/kernels"),
            ("windows", &[("JUPYTER_DATA_DIR", "/j")], "/j/kernels"),
        ] {
            assert_eq!(folder(system, set), Ok(expected.to_owned()), "{system} {set:?}");
        }
        assert_eq!(folder("linux", &[]), Err("HOME is not set: use --prefix DIR".to_owned()));
    }
}
