//! The named pipes between the kernel and the process that runs the cells.

use std::fs::{File, OpenOptions};
use std::path::Path;

/// The cells' standard output.
pub const OUTPUT: &str = "output";
/// The cells' standard error.
pub const ERRORS: &str = "errors";
/// Control lines for evcxr.
pub const ANSWERS: &str = "answers";

/// The kernel's ends of the pipes. Both ends are open here, so a pipe outlives the process that runs the cells.
#[derive(Debug)]
pub struct Pipes {
    /// Does not block.
    pub output: File,
    /// Does not block.
    pub errors: File,
    /// Only written to.
    pub answers: File,
}

impl Pipes {
    /// Makes them in this folder.
    pub fn new(folder: &Path) -> std::io::Result<Self> {
        use std::os::unix::fs::OpenOptionsExt;
        std::fs::create_dir_all(folder)?;
        let open = |name: &str, flags: i32| {
            let path = folder.join(name);
            rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR)?;
            OpenOptions::new().read(true).write(true).custom_flags(flags).open(path)
        };
        let no_wait = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
        Ok(Self {
            output: open(OUTPUT, no_wait)?,
            errors: open(ERRORS, no_wait)?,
            answers: open(ANSWERS, 0)?,
        })
    }
}
