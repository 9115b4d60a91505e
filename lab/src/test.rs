//! `cargo lab --test`: the set-up, the kernel's checks and the notebooks, next to the tests of the crate.

use std::fs::File;
use std::process::Command;

use crate::Result;
use crate::archive::Source;
use crate::files::{self, about};
use crate::jupyter::{self, Scale};
use crate::places::Places;
use crate::setup;

/// Runs everything. The set-up waits for the network and for single compilers, and the kernel's checks wait for kernels; the tests use
/// the time. What the kernel's part says is printed after the tests.
pub fn run(places: &Places, ready: Option<&Source>) -> Result<()> {
    let log = places.inside("log/test.log");
    files::write(&log, "")?;
    // Started before the set-up: a program that is started during it holds its lock until it ends.
    let program = std::env::current_exe();
    let program = program.map_err(|error| format!("this program does not know its path: {error}"))?;
    let tests = Command::new(program).arg("crate-tests").spawn();
    let mut tests = tests.map_err(|error| format!("the tests could not be started: {error}"))?;
    let (tests, kernel) = std::thread::scope(|scope| {
        let kernel = scope.spawn(|| {
            setup::all(places, ready)?;
            in_the_kernel(places, &File::create(&log).map_err(about(&log, "write it"))?)
        });
        let tests = match tests.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err("the tests failed; see the messages above".to_owned()),
            Err(error) => Err(format!("the end of the tests was not seen: {error}")),
        };
        if tests.is_ok() && !kernel.is_finished() {
            eprintln!(
                "the kernel's checks and the notebooks are running; {} shows how far they are ..",
                log.display()
            );
        }
        (tests, kernel.join())
    });
    print!("{}", std::fs::read_to_string(&log).map_err(about(&log, "read it"))?);
    tests?;
    kernel.map_err(|_| "the kernel's part ended with a panic".to_owned())?
}

/// The kernel's checks, then all notebooks at a small scale.
fn in_the_kernel(places: &Places, said: &File) -> Result<()> {
    jupyter::check_kernel(places, said)?;
    let notebooks = jupyter::notebooks(places)?;
    jupyter::run_notebooks(places, &notebooks, &places.inside("test"), Scale::Small, Some(said))
}
