//! The set-up: what is created, in which order, and what each part depends on.

use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use crate::Result;
use crate::archive::{self, Source, Unpacked};
use crate::estimate::Estimate;
use crate::files::{self, about};
use crate::jupyter::{self, Scale};
use crate::kernel;
use crate::library::Library;
use crate::library_build;
use crate::manifest::Sources;
use crate::places::Places;
use crate::progress;
use crate::steps::{Step, both};
use crate::toolchain::{self, Toolchain};

/// The version of evcxr, which evaluates the cells. `lab/kernel/Cargo.toml` names it too.
const EVCXR: &str = "0.22.0";

/// If this environment variable is set, the kernel is built with clippy, and a warning is an error. A build with clippy
/// of its own would compile evcxr twice.
const LINT: &str = "SOFTNESS_LINT_KERNEL";

/// What to read while the kernel is built.
const MEANWHILE: &str = "README.md says what was found, data/README.md how; docs/words.md has the terms.";

/// Sets up everything that JupyterLab and the notebooks need. The kernel and the library come from `ready` if it is given.
pub fn all(places: &Places, ready: Option<&Source>) -> Result<()> {
    let _lock = lock(places)?;
    let toolchain = check(places)?;
    let python = if venv_step(places)?.done(places) { PathBuf::new() } else { toolchain::find_python()? };
    let venv = venv_step(places)?;
    // Mostly waiting for the network, while the kernel and the library are compiled.
    both(
        || kernel_parts(places, &toolchain, ready),
        || venv.take(places, || jupyter::make_venv(places, &python)),
    )?;
    jupyter::configure(places)?;
    first_notebook(places)
}

/// Sets up only the kernel, and installs its kernelspec in `kernels`, a folder in which Jupyter looks for kernels.
pub fn kernel_only(places: &Places, kernels: &Path, ready: Option<&Source>) -> Result<()> {
    let _lock = lock(places)?;
    kernel_parts(places, &check(places)?, ready)?;
    for part in ["bin", "kernel", "std", "library"] {
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
            "{}: other users cannot enter this folder, so the kernel works only for you",
            folder.display()
        );
    }
    Ok(())
}

/// Packs the kernel and the library, after building what is missing, into a file for other machines.
pub fn pack(places: &Places, target: Option<PathBuf>) -> Result<()> {
    let _lock = lock(places)?;
    let toolchain = check(places)?;
    let target = target.unwrap_or_else(|| {
        places.project().join(format!("softness-out/softness-kernel-{}.tar.gz", toolchain.host))
    });
    if target.is_dir() {
        return Err(format!("{}: this is a folder; name a file for the archive", target.display()));
    }
    kernel_parts(places, &toolchain, None)?;
    archive::pack(places, &python(places)?, &sources(places, &toolchain)?, &target)
}

/// Removes the kernelspecs that were installed elsewhere, then `.lab`. Keeps the sessions in the user's store and
/// what cargo built in `target`.
pub fn clean(places: &Places) -> Result<()> {
    if !places.lab().exists() {
        return Ok(());
    }
    let lock = lock(places)?;
    for file in kernel::installed(places) {
        if let Some(folder) = file.parent() {
            files::remove(folder)?;
            println!("{}: removed", folder.display());
        }
    }
    drop(lock);
    files::remove(places.lab())
}

/// Waits until no other set-up runs. On Linux, child processes inherit the open lock file, so the next set-up
/// also waits for children that survive a kill -9 of this one.
fn lock(places: &Places) -> Result<File> {
    let path = places.inside("lock");
    files::make_folder(places.lab())?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(about(&path, "open it"))?;
    files::lock(&file, &path, || {
        eprintln!(
            "another `cargo lab`, or a program that it left behind, is still setting up; waiting for it .."
        );
    })?;
    #[cfg(target_os = "linux")]
    rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty())
        .map_err(|error| format!("{}: child processes could not inherit it: {error}", path.display()))?;
    Ok(file)
}

/// Checks for everything that the set-up cannot create itself, and returns the compiler.
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

/// A Python that can read archives: that of the virtual environment, if it is there.
fn python(places: &Places) -> Result<PathBuf> {
    match venv_step(places)?.done(places) {
        true => Ok(places.venv_program("python")),
        false => toolchain::find_python(),
    }
}

/// What the kernel and the library are built from, apart from the library's own source.
fn sources(places: &Places, toolchain: &Toolchain) -> Result<Sources> {
    Ok(Sources {
        compiler: toolchain.version.clone(),
        evcxr: EVCXR.to_owned(),
        kernel: hash_of(&places.source("kernel"), &["Cargo.toml", "Cargo.lock", "src"])?,
        views: hash_of(&places.source(""), &["views"])?,
    })
}

/// The kernel and the library: from `ready`, or built side by side, since the last crate of each leaves most processors idle.
fn kernel_parts(places: &Places, toolchain: &Toolchain, ready: Option<&Source>) -> Result<()> {
    archive::remove_leftover(places)?;
    place_program(places)?;
    let title = "the Rust kernel, on evcxr";
    let sources = sources(places, toolchain)?;
    let key = format!("{EVCXR}\n{}\n{}", toolchain.version, sources.kernel);
    let kernel = Step { name: "2-kernel", title, key };
    // `refresh` detects changes more precisely than a stamp. The stamp only records the time the step took.
    let library = Step { name: "3-library", title: "the library", key: String::new() };
    if let Some(ready) = ready {
        take(places, toolchain, &sources, ready, [&kernel, &library])?;
    }
    if !kernel.done(places) && !library.done(places) {
        eprintln!("Both are built from source, once, in some minutes. To read meanwhile: {MEANWHILE}");
    }
    let estimate = Estimate::new();
    let kernel = || kernel.take(places, || build_kernel(places, toolchain, &estimate));
    let library = || library.take(places, || library_build::refresh(places, &estimate).map(drop));
    both(library, kernel)?;
    library_build::refresh(places, &estimate).map(drop)
}

/// Takes from an archive what is not there yet.
fn take(
    places: &Places,
    toolchain: &Toolchain,
    here: &Sources,
    ready: &Source,
    [kernel, library]: [&Step; 2],
) -> Result<()> {
    let is_fresh = Library::current(places).is_some_and(|library| library.is_fresh(places));
    if kernel.done(places) && is_fresh {
        eprintln!("the kernel and the library are already here; nothing is taken from {}", ready.from);
        return Ok(());
    }
    let unpacked = Unpacked::new(places, toolchain, &python(places)?, here, ready)?;
    if !is_fresh {
        files::remove(&places.inside("stamps").join(library.name))?;
        library.take(places, || unpacked.place_library(places, toolchain))?;
    }
    kernel.take(places, || unpacked.place_kernel(places))
}

/// Puts this program where the kernelspec expects it.
fn place_program(places: &Places) -> Result<()> {
    let this =
        std::env::current_exe().map_err(|error| format!("this program does not know its path: {error}"))?;
    let program = places.program();
    if fs::read(&this).ok() != fs::read(&program).ok() {
        files::make_folder(&places.inside("bin"))?;
        let temporary = program.with_extension("new");
        files::copy(&this, &temporary)?;
        fs::rename(&temporary, &program).map_err(about(&program, "put it there"))?;
    }
    Ok(())
}

/// A hash of these files and folders in `folder`.
fn hash_of(folder: &Path, names: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for name in names {
        files::hash(&folder.join(name), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Builds the kernel. After an interruption cargo continues with what it has already built.
///
/// The kernel and its cells share the standard library as a dynamic library: so the kernel's panic hook, and its
/// flushing of unterminated text, apply to them.
fn build_kernel(places: &Places, toolchain: &Toolchain, estimate: &Estimate) -> Result<()> {
    toolchain.check_for_kernel()?;
    let build = places.inside("build");
    let mut command = toolchain.cargo();
    command.current_dir(places.lab());
    if cfg!(windows) {
        // Our front end needs named pipes of Unix.
        command.args(["install", "--locked", "evcxr_jupyter", "--version", &format!("={EVCXR}"), "--root"]);
        command.arg(places.inside("kernel"));
    } else {
        command.args(["rustc", "--release", "--locked", "--bin", "softness-kernel", "--manifest-path"]);
        command.arg(places.source("kernel").join("Cargo.toml"));
    }
    command.arg("--target-dir").arg(build.join("kernel"));
    if !cfg!(windows) {
        command.arg("--message-format=json-render-diagnostics");
        let lint = std::env::var_os(LINT).is_some();
        if lint {
            command.env("RUSTC_WORKSPACE_WRAPPER", toolchain.sysroot.join("bin/clippy-driver"));
        }
        command.args(["--", "-C", "prefer-dynamic", "-C"]);
        command.arg(format!("link-arg=-Wl,-rpath,{}", toolchain.standard_library().display()));
        if lint {
            command.args(["-D", "warnings"]);
        }
    }
    progress::run_build("the kernel", &mut command, &places.inside("log/kernel.log"), estimate)?;
    if !cfg!(windows) && std::env::var_os(LINT).is_some() {
        let mut tests = toolchain.cargo();
        tests.current_dir(places.lab()).args(["test", "--release", "--locked", "--manifest-path"]);
        tests.arg(places.source("kernel").join("Cargo.toml")).arg("--target-dir").arg(build.join("kernel"));
        progress::run("the kernel's own tests", &mut tests, &places.inside("log/kernel-tests.log"))?;
    }
    if !cfg!(windows) {
        files::make_folder(&places.inside("kernel/bin"))?;
        let (built, temporary) =
            (build.join("kernel/release/softness-kernel"), places.kernel().with_extension("new"));
        files::copy(&built, &temporary)?;
        fs::rename(&temporary, places.kernel()).map_err(about(&places.kernel(), "put it there"))?;
    }
    files::remove(&build)
}

/// A smoke test: notebook 01 in the real kernel.
fn first_notebook(places: &Places) -> Result<()> {
    let Some(first) = jupyter::notebooks(places)?.into_iter().next() else { return Ok(()) };
    let step = Step {
        name: "4-first-notebook",
        title: "the first notebook, as a smoke test",
        key: EVCXR.to_owned(),
    };
    step.take(places, || jupyter::run_notebooks(places, &[first], &places.inside("proof"), Scale::Small))
}

/// Builds the command line program, in release mode like the library, and returns its path.
pub fn program(places: &Places) -> Result<PathBuf> {
    let mut command = check(places)?.cargo();
    command.current_dir(places.project()).args(["build", "--release", "--locked", "--bin", "softness"]);
    progress::run("the program", &mut command, &places.inside("log/program.log"))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| places.project().join("target"));
    Ok(target.join("release").join(format!("softness{}", std::env::consts::EXE_SUFFIX)))
}

/// Those of `path` and its parent folders that other users cannot enter.
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
    fn clean_removes_its_own_kernelspecs_and_no_others() {
        let root = std::env::temp_dir().join(format!("softness-lab-clean-{}", std::process::id()));
        let (places, other) = (Places::new(&root.join("project")), Places::new(&root.join("other")));
        let (mine, theirs) = (root.join("mine"), root.join("theirs"));
        kernel::install(&places, &mine).unwrap();
        kernel::install(&places, &theirs).unwrap();
        // Another copy of the project replaces one of them.
        let kept = kernel::install(&other, &theirs).unwrap();
        clean(&places).unwrap();
        assert!(!mine.join(kernel::NAME).exists() && kept.is_file() && !places.lab().exists());
        clean(&places).unwrap();
        fs::remove_dir_all(&root).unwrap();
    }
}
