//! The set-up: what is made, in which order, and what each part depends on.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::Result;
use crate::files::{self, about};
use crate::jupyter::{self, Scale};
use crate::kernel;
use crate::library::Library;
use crate::library_build;
use crate::places::Places;
use crate::progress;
use crate::steps::Step;
use crate::toolchain::{self, Toolchain};

/// The kernel's version.
const EVCXR: &str = "0.22.0";

/// Everything JupyterLab and the notebooks need.
pub fn all(places: &Places) -> Result<()> {
    let _alone = alone(places)?;
    let toolchain = check(places)?;
    let python = if venv_step(places)?.done(places) { PathBuf::new() } else { toolchain::find_python()? };
    venv_step(places)?.take(places, || jupyter::make_venv(places, &python))?;
    kernel_parts(places, &toolchain)?;
    jupyter::configure(places)?;
    first_notebook(places)
}

/// The kernel alone, and its kernelspec in `kernels`, a folder that a Jupyter looks into.
pub fn kernel_only(places: &Places, kernels: &Path) -> Result<()> {
    let _alone = alone(places)?;
    kernel_parts(places, &check(places)?)?;
    for part in ["bin", "evcxr", "std", "library"] {
        files::let_all_read(&places.inside(part))?;
    }
    let file = kernel::install(places, kernels)?;
    println!("{}: installed; Jupyter lists it as \"Rust (softness)\"", file.display());
    let library = Library::current(places).map(|library| library.sysroot);
    for folder in [Some(places.lab().to_owned()), library]
        .into_iter()
        .flatten()
        .flat_map(|path| closed_to_others(&path))
    {
        println!(
            "{}: other users cannot look into this folder, so the kernel works for you alone",
            folder.display()
        );
    }
    Ok(())
}

/// Removes all that was made: kernelspecs that were installed elsewhere, then the folder. Sessions in the user's store
/// and what cargo built in `target` stay.
pub fn clean(places: &Places) -> Result<()> {
    if !places.lab().exists() {
        return Ok(());
    }
    let alone = alone(places)?;
    for file in kernel::installed(places) {
        if let Some(folder) = file.parent() {
            files::remove(folder)?;
            println!("{}: removed", folder.display());
        }
    }
    drop(alone);
    files::remove(places.lab())
}

/// Waits until no other program sets this up. On Linux what this one starts keeps the file open as well, so
/// that the next one also waits for what goes on after a kill -9 of this one.
fn alone(places: &Places) -> Result<File> {
    let path = places.inside("lock");
    files::make_folder(places.lab())?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(about(&path, "open it"))?;
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        eprintln!("another `cargo lab` sets this up, or programs that it left behind; waiting for them ..");
        file.lock().map_err(about(&path, "lock it"))?;
    }
    #[cfg(target_os = "linux")]
    rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty())
        .map_err(|error| format!("{}: could not pass it on: {error}", path.display()))?;
    Ok(file)
}

/// The compiler, after a look at whether all is there that cannot be made.
fn check(places: &Places) -> Result<Toolchain> {
    toolchain::check_c_compiler()?;
    let toolchain = Toolchain::find(places.project())?;
    toolchain.std_source()?;
    Ok(toolchain)
}

fn venv_step(places: &Places) -> Result<Step<'static>> {
    let requirements = places.source("requirements.txt");
    let text = fs::read_to_string(&requirements).map_err(about(&requirements, "read it"))?;
    Ok(Step { name: "1-jupyterlab", title: "JupyterLab", key: format!("{}\n{text}", places.lab().display()) })
}

fn kernel_parts(places: &Places, toolchain: &Toolchain) -> Result<()> {
    let title = "the Rust kernel, evcxr (built from source, some minutes)";
    let evcxr = Step { name: "2-evcxr", title, key: format!("{EVCXR}\n{}", toolchain.host) };
    evcxr.take(places, || install_evcxr(places, toolchain))?;

    let this =
        std::env::current_exe().map_err(|error| format!("this program does not know its path: {error}"))?;
    let program = places.program();
    if fs::read(&this).ok() != fs::read(&program).ok() {
        files::make_folder(&places.inside("bin"))?;
        let temporary = program.with_extension("new");
        files::copy(&this, &temporary)?;
        fs::rename(&temporary, &program).map_err(about(&program, "put it there"))?;
    }

    // Its own look at what has changed is more exact than a stamp; the stamp keeps the time it took.
    let title = "the library, in release (some minutes the first time)";
    let first = Step { name: "3-library", title, key: String::new() };
    first.take(places, || library_build::refresh(places).map(drop))?;
    library_build::refresh(places).map(drop)
}

/// Builds evcxr. Where it was cut off, cargo goes on with what it has.
fn install_evcxr(places: &Places, toolchain: &Toolchain) -> Result<()> {
    let build = places.inside("build");
    let mut command = toolchain.cargo();
    command
        .current_dir(places.lab())
        .args(["install", "--locked", "evcxr_jupyter", "--version", &format!("={EVCXR}"), "--root"])
        .arg(places.inside("evcxr"))
        .arg("--target-dir")
        .arg(build.join("evcxr"));
    progress::run("evcxr", &mut command, &places.inside("log/evcxr.log"))?;
    files::remove(&build)
}

/// The first proof of life: notebook 01 in the real kernel.
fn first_notebook(places: &Places) -> Result<()> {
    let Some(first) = jupyter::notebooks(places)?.into_iter().next() else { return Ok(()) };
    let step = Step {
        name: "4-first-notebook",
        title: "the first notebook, as a proof of life",
        key: EVCXR.to_owned(),
    };
    step.take(places, || jupyter::run_notebooks(places, &[first], &places.inside("proof"), Scale::Small))
}

/// The command line's program, built in release like the library.
pub fn program(places: &Places) -> Result<PathBuf> {
    let mut command = check(places)?.cargo();
    command.current_dir(places.project()).args(["build", "--release", "--locked", "--bin", "softness"]);
    progress::run("the program", &mut command, &places.inside("log/program.log"))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| places.project().join("target"));
    Ok(target.join("release").join(format!("softness{}", std::env::consts::EXE_SUFFIX)))
}

/// Folders on the way to `path` that only their owner can enter.
#[cfg(unix)]
fn closed_to_others(path: &Path) -> Vec<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let closed =
        |folder: &&Path| fs::metadata(folder).is_ok_and(|data| data.permissions().mode() & 0o001 == 0);
    path.ancestors().filter(closed).map(Path::to_owned).collect()
}

#[cfg(not(unix))]
fn closed_to_others(_: &Path) -> Vec<PathBuf> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_takes_its_own_kernelspecs_away_and_no_others() {
        let root = std::env::temp_dir().join(format!("softness-lab-clean-{}", std::process::id()));
        let (places, other) = (Places::new(&root.join("project")), Places::new(&root.join("other")));
        let (mine, theirs) = (root.join("mine"), root.join("theirs"));
        kernel::install(&places, &mine).unwrap();
        kernel::install(&places, &theirs).unwrap();
        // Another copy of the project was installed over it.
        let kept = kernel::install(&other, &theirs).unwrap();
        clean(&places).unwrap();
        assert!(!mine.join(kernel::NAME).exists() && kept.is_file() && !places.lab().exists());
        clean(&places).unwrap();
        fs::remove_dir_all(&root).unwrap();
    }
}
