//! What cells are linked with on Linux: a library with the name and the metadata of the real one, without its symbols.
//!
//! A linker reads all symbols of a dynamic library, and the real one has 140,000, with 23 MB of names: more than half of the
//! time that it takes to link a cell. A shared library may leave symbols open, so none is needed. The process that runs the cells
//! loads the real library before the first one, with its symbols for all.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::facade;
use crate::files;
use crate::progress;
use crate::toolchain::{LOADER, Toolchain, before};

/// The section with a crate's metadata, by which the compiler tells one build of a library from another.
const METADATA: &str = ".rustc";

/// Writes it into `folder`, a library's, or fails if the system's tools cannot: then cells are linked with the real one.
pub fn write(toolchain: &Toolchain, folder: &Path, log: &Path) -> Result<()> {
    let (library, made) = (folder.join("lib").join(name()), folder.join("interface").join(name()));
    let parts = folder.join("interface/parts");
    files::make_folder(&parts)?;
    let (metadata, empty) = (parts.join("metadata"), parts.join("empty.so"));
    let written = || {
        let section = |option: &str| format!("--{option}-section={METADATA}={}", metadata.display());
        let run =
            |command: &mut Command| progress::run("the interface of the library", command, log).map(drop);
        run(copier(toolchain).arg(section("dump")).arg(library).arg("/dev/null"))?;
        let mut soname = std::ffi::OsString::from("-Wl,-soname,");
        soname.push(name());
        run(Command::new("cc").args(["-shared", "-nostdlib"]).arg(soname).arg("-o").arg(&empty).args([
            "-x",
            "c",
            "/dev/null",
        ]))?;
        run(copier(toolchain).arg(section("add")).arg(&empty).arg(&made))
    };
    let written = written();
    files::remove(&parts)?;
    if written.is_err() {
        files::remove(&made)?;
    }
    written
}

/// The toolchain's own tool for the sections of a library.
fn copier(toolchain: &Toolchain) -> Command {
    let tools = toolchain.sysroot.join("lib/rustlib").join(&toolchain.host).join("bin");
    let mut command = Command::new(tools.join("rust-objcopy"));
    command.env(LOADER, before(&[toolchain.sysroot.join("lib")], LOADER));
    command
}

/// The real library, in a library's folder, if cells are linked with its interface.
pub fn real(folder: &Path) -> Option<PathBuf> {
    folder.join("interface").join(name()).is_file().then(|| folder.join("lib").join(name()))
}

/// The file name of both.
fn name() -> String {
    format!("{DLL_PREFIX}{}{DLL_SUFFIX}", facade::LINKED_NAME)
}
