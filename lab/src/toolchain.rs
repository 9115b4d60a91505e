//! The programs that must be installed before a set-up, and an error message for each that is missing.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::python;

/// The first compiler that can build the kernel, as in `lab/kernel/Cargo.toml`.
const FOR_KERNEL: (u32, u32) = (1, 95);

/// The compiler. The library and the cells must be built by the same one.
#[derive(Debug, Clone)]
pub struct Toolchain {
    /// Its folder.
    pub sysroot: PathBuf,
    /// What `rustc -vV` prints: version, commit, host.
    pub version: String,
    /// The platform it runs on and builds for.
    pub host: String,
}

impl Toolchain {
    /// The toolchain that is active in `folder`.
    pub fn find(folder: &Path) -> Result<Self> {
        let ask = |arguments: &[&str]| {
            let output = Command::new("rustc").args(arguments).current_dir(folder).output();
            let output = output.ok().filter(|output| output.status.success());
            output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).ok_or_else(|| {
                "the Rust compiler is missing: install Rust from rustup.rs, then run this again".to_owned()
            })
        };
        let version = ask(&["-vV"])?;
        let host = host_of(&version).to_owned();
        Ok(Self { sysroot: PathBuf::from(ask(&["--print", "sysroot"])?), version, host })
    }

    /// Checks that it can build the kernel, whose parts of rust-analyzer need a newer compiler than the library.
    pub fn check_for_kernel(&self) -> Result<()> {
        let release =
            self.version.lines().find_map(|line| line.strip_prefix("release: ")).unwrap_or_default();
        let mut numbers = release.split(['.', '-']).map(|number| number.parse().unwrap_or(0));
        let found: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if found >= FOR_KERNEL {
            return Ok(());
        }
        let (major, minor) = FOR_KERNEL;
        Err(format!(
            "Rust {release} cannot build the kernel, which needs {major}.{minor} or later: run `rustup update`"
        ))
    }

    /// The folder of the standard library, also as a dynamic library.
    pub fn standard_library(&self) -> PathBuf {
        standard_library(&self.sysroot, &self.host)
    }

    /// A command that runs this toolchain's cargo.
    pub fn cargo(&self) -> Command {
        let cargo = self.sysroot.join("bin").join(format!("cargo{}", std::env::consts::EXE_SUFFIX));
        let mut command = Command::new(if cargo.exists() { cargo } else { PathBuf::from("cargo") });
        command.env("RUSTUP_TOOLCHAIN", &self.sysroot);
        // `cargo run` sets these for this program only. A build script that asks for them, like ring's, would run again whenever
        // cargo is called from here and then from a shell, and all that depends on it would be compiled again.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&*name);
            }
        }
        command
    }

    /// The standard library's source, which rustup installs if it is missing.
    pub fn std_source(&self) -> Result<PathBuf> {
        let folder = self.sysroot.join("lib/rustlib/src/rust/library");
        let is_there = || folder.join("core").is_dir();
        let why = if is_there() { String::new() } else { self.fetch_std_source() };
        if is_there() {
            return Ok(folder);
        }
        Err(format!(
            "the source of Rust's standard library is missing; the kernel needs it to determine the types of variables: \
             run `rustup component add rust-src` (or install your system's rust-src package){why}"
        ))
    }

    /// Asks rustup to install it; returns rustup's message if that fails. The toolchain is given by its name, which
    /// is the name of its folder: rustup does not manage toolchains that are given by their path.
    fn fetch_std_source(&self) -> String {
        let Some(name) = self.sysroot.file_name() else { return String::new() };
        println!("the source of Rust's standard library is missing; installing it with rustup ..");
        let mut rustup = Command::new("rustup");
        rustup.args(["component", "add", "rust-src", "--toolchain"]).arg(name);
        match rustup.output() {
            Ok(output) if output.status.success() => String::new(),
            Ok(output) => format!("; rustup says: {}", String::from_utf8_lossy(&output.stderr).trim()),
            Err(_) => "; rustup, which could install it, is missing too".to_owned(),
        }
    }
}

/// The platform in what `rustc -vV` prints.
pub fn host_of(version: &str) -> &str {
    version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default()
}

/// The folder of a toolchain's standard library for a platform.
pub fn standard_library(sysroot: &Path, host: &str) -> PathBuf {
    sysroot.join("lib/rustlib").join(host).join("lib")
}

/// The variable with the folders in which the system looks for dynamic libraries.
pub const LOADER: &str = if cfg!(target_os = "macos") {
    "DYLD_LIBRARY_PATH"
} else if cfg!(windows) {
    "PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// The value of a variable with these folders before those that it has.
pub fn before(folders: &[PathBuf], variable: &str) -> OsString {
    let mut value = OsString::new();
    for folder in folders {
        value.push(folder);
        value.push(if cfg!(windows) { ";" } else { ":" });
    }
    value.push(std::env::var_os(variable).unwrap_or_default());
    value
}

/// A Python of version 3.9 or later that can create virtual environments. `SOFTNESS_PYTHON` names a Python to
/// use instead of the first one on the search path.
pub fn find_python() -> Result<PathBuf> {
    const CHECK: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))";
    let named = std::env::var_os("SOFTNESS_PYTHON").map(PathBuf::from);
    let candidates = match named {
        Some(python) => vec![python],
        None => ["python3", "python"].map(PathBuf::from).to_vec(),
    };
    let works = |python: &PathBuf| {
        let output = python::alone(&mut Command::new(python)).args(["-c", CHECK]).output();
        output.is_ok_and(|output| output.status.success())
    };
    candidates.into_iter().find(works).ok_or_else(|| {
        "Python 3.9 or later with venv is missing: install it (Debian and Ubuntu: `apt install python3 python3-venv`; \
         macOS: `brew install python`; Windows: from python.org), or set SOFTNESS_PYTHON to its path"
            .to_owned()
    })
}

/// Checks for a C compiler, which links every cell.
pub fn check_c_compiler() -> Result<()> {
    if cfg!(windows) {
        return Ok(()); // This program could not have been linked without one.
    }
    let compiler = std::env::var_os("CC").filter(|compiler| !compiler.is_empty());
    let works = c_compiler(&compiler.unwrap_or_else(|| "cc".into()))
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    works.then_some(()).ok_or_else(|| {
        "a C compiler, which links every cell, is missing: install one (Debian and Ubuntu: `apt install \
         build-essential`; macOS: `xcode-select --install`)"
            .to_owned()
    })
}

/// The command in the variable `CC`: a program, or several words such as `ccache gcc` or `clang --target=..`, as make and
/// cargo's build scripts read them.
fn c_compiler(value: &OsStr) -> Command {
    let words = value.to_str().filter(|_| !Path::new(value).is_file()).unwrap_or_default();
    let mut words = words.split_whitespace();
    let mut command = Command::new(words.next().map_or(value, OsStr::new));
    command.args(words);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_compiler_is_refused_for_the_kernel_and_named() {
        let toolchain = |release: &str| Toolchain {
            sysroot: PathBuf::new(),
            version: format!("rustc {release}\nbinary: rustc\nrelease: {release}\nhost: x"),
            host: "x".into(),
        };
        for release in ["1.95.0", "1.97.0-nightly", "2.0.0"] {
            assert_eq!(toolchain(release).check_for_kernel(), Ok(()), "{release}");
        }
        let error = toolchain("1.94.1").check_for_kernel().unwrap_err();
        assert!(
            error.contains("Rust 1.94.1") && error.contains("1.95") && error.contains("rustup update"),
            "{error}"
        );
    }

    #[test]
    fn a_compiler_may_be_several_words_or_a_path_with_spaces() {
        let words = |value: &str| {
            let command = c_compiler(OsStr::new(value));
            let arguments = command.get_args().map(|word| word.to_string_lossy().into_owned());
            [command.get_program().to_string_lossy().into_owned()]
                .into_iter()
                .chain(arguments)
                .collect::<Vec<_>>()
        };
        assert_eq!(words("cc"), ["cc"]);
        assert_eq!(words(" ccache gcc  -m64"), ["ccache", "gcc", "-m64"]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my cc");
        crate::files::write(&path, "").unwrap();
        let path = path.to_string_lossy();
        assert_eq!(words(&path), [path.as_ref()]);
    }
}
