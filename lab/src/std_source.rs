//! The standard library's source, as read by rust-analyzer inside the kernel.

use std::path::Path;

use crate::Result;
use crate::files;
use crate::places::Places;
use crate::toolchain::Toolchain;

/// The crates whose types a cell can see. The copy leaves out their manifests and the processor intrinsics
/// (a third of `core`'s text, in a folder of its own), so the kernel starts a second or two sooner.
const CRATES: [&str; 4] = ["core", "alloc", "std", "proc_macro"];

/// Copies these crates into `.lab/std`, unless the copy is already that of this compiler.
pub fn copy(places: &Places, toolchain: &Toolchain) -> Result<()> {
    let target = places.inside("std");
    let version = target.join("version");
    if std::fs::read_to_string(&version).is_ok_and(|text| text == toolchain.version) {
        return Ok(());
    }
    let source = toolchain.std_source()?;
    files::remove(&target)?;
    let wanted = |path: &Path| {
        let is_test =
            path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "benches");
        path.extension().is_some_and(|kind| kind == "rs" || kind == "md") && !is_test
    };
    for name in CRATES {
        files::copy_folder(&source.join(name).join("src"), &target.join(name).join("src"), &wanted)?;
    }
    files::write(&version, &toolchain.version)
}
