//! The tests of the crate and of this program, as `cargo lab --test` runs them.

use crate::Result;
use crate::jupyter;
use crate::places::Places;
use crate::toolchain::Toolchain;

/// The crate is tested as `release` compiles it, so that everything it depends on is compiled once for the tests and for
/// the kernel's library. Its own assertions and its checks for overflow are on.
const CRATE: [&str; 8] = [
    "test",
    "--release",
    "--locked",
    "--package=softness",
    "--config",
    "profile.release.package.softness.debug-assertions=true",
    "--config",
    "profile.release.package.softness.overflow-checks=true",
];
/// This program is tested as it is compiled.
const LAB: [&str; 5] = ["test", "--profile", "lab", "--locked", "--package=softness-lab"];

/// Runs all tests and doctests.
pub fn run(places: &Places) -> Result<()> {
    let toolchain = Toolchain::find(places.project())?;
    for arguments in [&LAB[..], &CRATE] {
        let mut tests = toolchain.cargo();
        tests.current_dir(places.project()).args(arguments);
        jupyter::finish(tests, "cargo test")?;
    }
    Ok(())
}
