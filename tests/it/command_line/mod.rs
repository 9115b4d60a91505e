//! The command line as a user meets it: the program itself is run.

mod data;
mod explore;
mod filters;
mod label;
mod plans;
mod refused;
mod scores;
mod shares;
mod training;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/command_line").join(name)
}

/// Runs the program in `folder`, with nothing of this machine's CIFAR-10 in sight.
pub fn softness(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_softness"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("SOFTNESS_CIFAR10")
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .output()
        .unwrap()
}

pub fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The one line `error: ..` of a command that ends with status 1, or 2 if it can never work, and prints nothing on stdout.
pub fn error(folder: &Path, arguments: &[&str]) -> String {
    let output = softness(folder, arguments);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{arguments:?}: {}", text(&output.stderr));
    let stderr = text(&output.stderr);
    let errors: Vec<&str> = stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{arguments:?}: {stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    errors[0].to_owned()
}
