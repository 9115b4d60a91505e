//! The tests of the crate and of this program, as `cargo lab --test` runs them.

use crate::Result;
use crate::jupyter;
use crate::places::Places;
use crate::toolchain::Toolchain;

/// Each with the arguments of cargo, in their order. The crate is compiled as `release` says, like the library of the kernel: what it depends on
/// is compiled once.
const COMMANDS: [&[&str]; 5] = [
    // This program is tested as it is compiled.
    &["test", "--profile", "lab", "--locked", "--package=softness-lab"],
    // The unit tests, with the crate's own assertions and checks for overflow.
    &[
        "test",
        "--release",
        "--locked",
        "--package=softness",
        "--lib",
        "--config",
        "profile.release.package.softness.debug-assertions=true",
        "--config",
        "profile.release.package.softness.overflow-checks=true",
    ],
    // The other tests use the library, the program and the examples as everybody does.
    &["build", "--release", "--locked", "--package=softness", "--examples"],
    &["test", "--release", "--locked", "--package=softness", "--test", "it"],
    &["test", "--release", "--locked", "--package=softness", "--doc"],
];

/// Runs all tests and doctests.
pub fn run(places: &Places) -> Result<()> {
    let toolchain = Toolchain::find(places.project())?;
    for arguments in COMMANDS {
        let mut tests = toolchain.cargo();
        tests.current_dir(places.project()).args(arguments);
        jupyter::finish(tests, "cargo test")?;
    }
    Ok(())
}
