//! `cargo lab`: sets up JupyterLab with a fast Rust kernel for the softness library, and runs its
//! notebooks. `docs/kernel.md` explains how it works and lists measurements.
//!
//! The modules, lowest first:
//!
//!     places, files, python, kernels_folder, queue -> toolchain, progress, steps -> library -> run_folder, views, manifest -> facade, interface, std_source
//!         -> library_build -> kernel -> archive -> setup -> jupyter -> browser; options and main on top

mod archive;
mod browser;
mod estimate;
mod facade;
mod files;
mod interface;
mod jupyter;
mod kernel;
mod kernels_folder;
mod library;
mod library_build;
mod manifest;
mod options;
mod places;
mod progress;
mod python;
mod queue;
mod run_folder;
mod setup;
mod std_source;
mod steps;
mod tests_of_crate;
mod toolchain;
mod views;

// The parts of the kernel's front end that need neither evcxr, rust-analyzer nor Jupyter, so that their tests run with this program's.
#[cfg(test)]
#[allow(dead_code)]
#[path = "../kernel/src/errors.rs"]
mod errors;
#[cfg(all(test, unix))]
#[allow(dead_code)]
#[path = "../kernel/src/interrupt.rs"]
mod interrupt;
#[cfg(test)]
#[allow(dead_code)]
#[path = "../kernel/src/magic.rs"]
mod magic;
#[cfg(test)]
#[allow(dead_code)]
#[path = "../kernel/src/streams.rs"]
mod streams;
#[cfg(test)]
#[allow(dead_code)]
#[path = "../kernel/src/text.rs"]
mod text;
#[cfg(test)]
#[allow(dead_code)]
#[path = "../kernel/src/values.rs"]
mod values;

use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc;

use jupyter::Scale;
use options::Action;
use places::Places;
use steps::both;

/// The notebooks that `--measure` times if none is named, by the numbers their names begin with: those with
/// figures.
const MEASURED: [&str; 4] = ["04", "05", "06", "07"];

/// An error is a sentence that says what is wrong and what to do.
type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let (action, ready) = match options::parse(std::env::args_os().skip(1)) {
        Ok(parsed) => parsed,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    match act(action, ready.as_ref()) {
        Ok(status) => ExitCode::from(u8::try_from(status).unwrap_or(1)),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn act(action: Action, ready: Option<&archive::Source>) -> Result<i32> {
    let places = Places::for_project();
    match action {
        Action::Help => print!("{}", options::HELP),
        Action::Open(arguments) => {
            setup::all(&places, ready)?;
            return jupyter::open(&places, &arguments);
        }
        Action::Run { notebooks, out } => {
            setup::all(&places, ready)?;
            let notebooks = if notebooks.is_empty() { jupyter::notebooks(&places)? } else { notebooks };
            let out = out.unwrap_or_else(|| places.project().join("softness-out/notebooks"));
            jupyter::run_notebooks(&places, &notebooks, &out, Scale::AsSet)?;
        }
        Action::Test => {
            let (places, checks) = (&places, &jupyter::checks(&places)?);
            let (is_set_up, wait) = mpsc::channel();
            // The tests use the time in which the set-up waits for the network and for single compilers. A kernel keeps one core busy at
            // most, so the checks start with the tests still running; whoever has done its part takes the next one.
            both(
                || {
                    checks.before(|| tests_of_crate::run(places))?;
                    // If the set-up failed, its error is returned, and there is nothing to check.
                    wait.recv().map_or(Ok(()), |()| checks.work())
                },
                move || {
                    setup::all(places, ready)?;
                    let _ = is_set_up.send(());
                    checks.work()
                },
            )?;
        }
        Action::Browser { out } => {
            let browser = browser::find()?;
            setup::all(&places, ready)?;
            let out = out.unwrap_or_else(|| places.project().join("softness-out/browser"));
            browser.test(&places, &out)?;
        }
        Action::KernelOnly { prefix } => {
            let kernels = match prefix {
                Some(prefix) => prefix.join("share/jupyter/kernels"),
                None => kernels_folder::of_user(std::env::consts::OS, |name| std::env::var_os(name))?,
            };
            // `--clean` finds it again, from whatever folder it is started.
            let kernels =
                std::path::absolute(&kernels).map_err(files::about(&kernels, "make the path absolute"))?;
            setup::kernel_only(&places, &kernels, ready)?;
        }
        Action::Measure(mut notebooks) => {
            setup::all(&places, ready)?;
            for (step, seconds) in steps::times(&places) {
                println!("set-up, {step}: {seconds:.1} s");
            }
            if notebooks.is_empty() {
                notebooks = jupyter::notebooks(&places)?;
                notebooks.retain(|notebook| is_measured(notebook));
            }
            for part in ["venv", "kernel", "std", "library"] {
                println!("disk, .lab/{part}: {} MB", files::size(&places.inside(part)) / 1_000_000);
            }
            let program = setup::program(&places)?;
            jupyter::measure(&places, &program, &notebooks)?;
        }
        Action::Pack(target) => setup::pack(&places, target)?,
        Action::Clean => setup::clean(&places)?,
        Action::Kernel(connection_file) => {
            return kernel::run(&Places::for_this_copy().unwrap_or(places), &connection_file);
        }
        Action::Bound(arguments) => return kernel::become_bound(arguments),
    }
    Ok(0)
}

fn is_measured(notebook: &Path) -> bool {
    let name = notebook.file_name().unwrap_or_default().to_string_lossy();
    MEASURED.iter().any(|number| name.starts_with(number))
}
