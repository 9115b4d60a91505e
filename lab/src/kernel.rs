//! The program that Jupyter starts as the kernel: it brings the library up to date, then starts the front end in
//! `lab/kernel`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use serde_json::json;

use crate::Result;
use crate::estimate::Estimate;
use crate::facade;
use crate::files;
use crate::interface;
use crate::library::Library;
use crate::library_build;
use crate::places::Places;
use crate::run_folder::RunFolder;
use crate::toolchain::{self, LOADER, before};

/// The kernel's name for programs. Users see "Rust (softness)".
pub const NAME: &str = "softness";

/// The environment variable with a note that the first cell shows.
const NOTE: &str = "SOFTNESS_KERNEL_NOTE";

/// The file in `.lab` that lists the kernelspecs outside it.
const INSTALLED: &str = "installed";

/// What Jupyter shows of the kernel: a small filter. Without them it shows the first letter of the name.
const LOGOS: [(&str, &[u8]); 3] = [
    ("logo-svg.svg", include_bytes!("../logo/logo-svg.svg")),
    ("logo-32x32.png", include_bytes!("../logo/logo-32x32.png")),
    ("logo-64x64.png", include_bytes!("../logo/logo-64x64.png")),
];

/// Writes the kernelspec into `folder`, a `kernels` folder of Jupyter.
pub fn install(places: &Places, folder: &Path) -> Result<PathBuf> {
    let spec = json!({
        "argv": [places.program(), "kernel", "{connection_file}"],
        "display_name": "Rust (softness)",
        "language": "rust",
        "interrupt_mode": "message",
    });
    let file = folder.join(NAME).join("kernel.json");
    files::write(&file, format!("{spec:#}\n"))?;
    for (name, picture) in LOGOS {
        files::write(&file.with_file_name(name), picture)?;
    }
    if !file.starts_with(places.lab()) {
        let mut known = installed(places);
        known.retain(|other| *other != file);
        known.push(file.clone());
        let lines: Vec<String> = known.iter().map(|file| file.display().to_string()).collect();
        files::write(&places.inside(INSTALLED), lines.join("\n"))?;
    }
    Ok(file)
}

/// The kernelspecs outside `.lab` that start this copy's kernel.
pub fn installed(places: &Places) -> Vec<PathBuf> {
    let list = std::fs::read_to_string(places.inside(INSTALLED)).unwrap_or_default();
    let program = json!(places.program()).to_string();
    let is_ours = |file: &PathBuf| std::fs::read_to_string(file).is_ok_and(|spec| spec.contains(&program));
    list.lines().map(PathBuf::from).filter(is_ours).collect()
}

/// Runs a kernel to its end and returns its exit status.
pub fn run(places: &Places, connection_file: &Path) -> Result<i32> {
    let (library, config, note) = match library_build::refresh(places, &Estimate::new()) {
        Ok((library, None)) => (library, "config", None),
        Ok((library, Some(seconds))) => {
            let note = format!("softness was rebuilt from its edited source in {seconds:.0} s.");
            (library, "config", Some(note))
        }
        // The kernel starts without the library, so that cells fail instead of showing stale results.
        Err(error) => {
            eprintln!("softness: {error}");
            let note = match library_build::first_error(places) {
                Some(first) => format!(
                    "The softness library does not compile: fix the error, then restart the kernel.\n{first}"
                ),
                None => format!("The softness library could not be built: {error}. Then restart the kernel."),
            };
            (Library::current(places).ok_or(error)?, "without", Some(note))
        }
    };
    let run = RunFolder::new(places, &library)?;
    let mut command = front_end(places, &library, &library.folder.join(config), &run);
    if let Some(note) = note {
        command.env(NOTE, note);
    }
    if cfg!(windows) {
        command.arg("--control_file");
    }
    command.arg(connection_file);
    let mut child = spawn(command)?;
    let status = child.wait().map_err(|error| format!("the kernel was lost: {error}"))?;
    leftover::end();
    Ok(status.code().unwrap_or(1))
}

/// The command that starts the kernel's front end, with its environment.
fn front_end(places: &Places, library: &Library, config: &Path, run: &RunFolder) -> Command {
    let mut command = Command::new(places.kernel());
    let bin = library.sysroot.join("bin");
    let mut found_first = vec![bin];
    if cfg!(windows) {
        found_first.push(library.folder.join("lib"));
    } else {
        // A kernel from an archive was linked where the toolchain may have been in another folder.
        let standard = toolchain::standard_library(&library.sysroot, &library.host);
        command.env(LOADER, before(&[library.folder.join("lib"), standard], LOADER));
    }
    if let Some(real) = interface::real(&library.folder) {
        command.env("SOFTNESS_LIBRARY", real);
    }
    command
        .env("PATH", before(&found_first, "PATH"))
        .env("EVCXR_CONFIG_DIR", config)
        .env("EVCXR_TMPDIR", run.cells())
        .env("SOFTNESS_KERNEL_FOLDER", run.pipes())
        // The compiler that built the library, by its folder. This also saves rustup's search for it.
        .env("RUSTUP_TOOLCHAIN", &library.sysroot)
        .env("RUST_SRC_PATH", places.inside("std"))
        // evcxr updates its own kernelspec in the user's folder when it starts; this prevents it.
        .env("JUPYTER_PATH", places.inside("no-kernels"))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET")
        .envs(facade::CELL_PROFILE);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Starts the front end so that it ends when this program ends, however that happens.
fn spawn(command: Command) -> Result<Child> {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    bound(command)?
        .stdout(std::process::Stdio::null())
        .spawn()
        .map_err(|error| format!("the kernel could not be started: {error}"))
}

/// The same command, as a program that the system ends together with this one. Only Linux can do this;
/// elsewhere the command stays as it is.
pub fn bound(command: Command) -> Result<Command> {
    // The program of the tests cannot become another one.
    if cfg!(test) || !cfg!(target_os = "linux") {
        return Ok(command);
    }
    let program =
        std::env::current_exe().map_err(|error| format!("this program does not know its path: {error}"))?;
    let mut bound = Command::new(program);
    bound.arg("bound").arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        bound.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bound.env(name, value),
            None => bound.env_remove(name),
        };
    }
    Ok(bound)
}

/// Becomes the given program, which the system then ends together with its parent.
#[cfg(target_os = "linux")]
pub fn become_bound(arguments: Vec<OsString>) -> Result<i32> {
    use std::os::unix::process::CommandExt;
    let (program, arguments) = arguments.split_first().ok_or("bound needs a program")?;
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .map_err(|error| format!("the kernel could not be bound to its parent: {error}"))?;
    let error = Command::new(program).args(arguments).exec();
    Err(format!("{} could not be started: {error}", program.to_string_lossy()))
}

/// Always fails: only Linux can do this.
#[cfg(not(target_os = "linux"))]
pub fn become_bound(_: Vec<OsString>) -> Result<i32> {
    Err("only Linux can bind a program to its parent".to_owned())
}

/// Processes that outlive their kernel: the busy cell of a killed kernel keeps running.
#[cfg(target_os = "linux")]
mod leftover {
    use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

    /// Ends them. The system has made them this program's children.
    pub fn end() {
        let children = || {
            let lists = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
            let text: String =
                lists.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok()).collect();
            let ids: Vec<i32> = text.split_whitespace().filter_map(|id| id.parse().ok()).collect();
            ids
        };
        for id in children().into_iter().filter_map(Pid::from_raw) {
            let _ = kill_process(id, Signal::KILL);
            let _ = waitpid(Some(id), WaitOptions::empty());
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod leftover {
    pub fn end() {}
}
