//! Tests that run a second process: this program again, with one test.
use std::path::{Path, PathBuf};

/// The environment variable that tells a test that it is the child, and which folder it works in.
pub const CHILD: &str = "SOFTNESS_TEST_CHILD_STORE";

/// The folder of a child; `None` in the parent.
pub fn child_folder() -> Option<PathBuf> {
    std::env::var_os(CHILD).map(PathBuf::from)
}

/// The arguments that run one test of this program: `module` is `module_path!()`.
pub fn only(module: &str, test: &str) -> [String; 3] {
    let (_, module) = module.split_once("::").expect("every test is in a module");
    ["--exact".to_owned(), "--nocapture".to_owned(), format!("{module}::{test}")]
}

/// Starts a test of this program in a process of its own, as the child in `folder`.
pub fn child(module: &str, test: &str, folder: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(only(module, test)).env(CHILD, folder);
    command
}
