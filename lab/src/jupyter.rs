//! The Python side: the virtual environment, JupyterLab, and notebooks run without opening JupyterLab.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::Result;
use crate::files;
use crate::kernel;
use crate::places::Places;
use crate::progress;

/// Seconds that Jupyter waits for a kernel. If the library was edited, it is built before the kernel starts.
const KERNEL_START: u32 = 900;

/// Creates the virtual environment from scratch, because an interrupted installation may leave half a package
/// behind. The programs that create it end together with this one.
pub fn make_venv(places: &Places, python: &Path) -> Result<()> {
    let venv = places.inside("venv");
    let log = places.inside("log/venv.log");
    files::remove(&venv)?;
    let mut make = Command::new(python);
    make.args(["-m", "venv"]).arg(&venv);
    progress::run("the virtual environment", &mut kernel::bound(make)?, &log)?;
    let mut pip = Command::new(places.venv_program("python"));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--requirement"]);
    pip.arg(places.source("requirements.txt"));
    progress::run("JupyterLab", &mut kernel::bound(pip)?, &log)?;
    Ok(())
}

/// Writes JupyterLab's settings and installs the kernel into the virtual environment.
pub fn configure(places: &Places) -> Result<()> {
    kernel::install(places, &places.inside("venv/share/jupyter/kernels"))?;
    let server = json!({
        "MappingKernelManager": { "kernel_info_timeout": KERNEL_START },
        "ServerApp": { "root_dir": places.project() },
    });
    files::write(&places.inside("jupyter/config/jupyter_server_config.json"), format!("{server:#}\n"))?;
    // No question about news on the first visit, and no network requests. The file browser shows the notebooks' folder.
    let settings = json!({
        "@jupyterlab/filebrowser-extension:browser": { "navigateToCurrentDirectory": true },
        "@jupyterlab/apputils-extension:notification": { "fetchNews": "false", "checkForUpdates": false },
    });
    files::write(&places.inside("venv/share/jupyter/lab/settings/overrides.json"), format!("{settings:#}\n"))
}

/// A command that runs a program of the virtual environment.
fn venv_command(places: &Places, name: &str) -> Command {
    program(places, &places.venv_program(name))
}

/// A command for which Jupyter keeps its settings and state in `.lab/jupyter`.
pub fn program(places: &Places, program: &Path) -> Command {
    let mut command = Command::new(program);
    let state = places.inside("jupyter");
    command
        .env("JUPYTER_CONFIG_DIR", state.join("config"))
        .env("JUPYTER_DATA_DIR", state.join("data"))
        .env("JUPYTER_RUNTIME_DIR", state.join("runtime"))
        .env("JUPYTERLAB_SETTINGS_DIR", state.join("settings"))
        .env("JUPYTERLAB_WORKSPACES_DIR", state.join("workspaces"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("IPYTHONDIR", state.join("ipython"))
        .env("SOFTNESS_KERNEL_START", KERNEL_START.to_string());
    command
}

/// Opens JupyterLab on the first notebook and waits until it is closed.
pub fn open(places: &Places, arguments: &[std::ffi::OsString]) -> Result<i32> {
    let mut command = venv_command(places, "jupyter");
    command.arg("lab").args(arguments);
    if is_root() {
        // Jupyter refuses to run as root without this flag; containers often have no other user.
        command.arg("--allow-root");
    }
    if let Some(first) = notebooks(places)?.first() {
        let name = first.strip_prefix(places.project()).unwrap_or(first).to_string_lossy().replace('\\', "/");
        command.arg(format!("--LabApp.default_url=/lab/tree/{name}"));
    }
    become_program(command).map_err(|error| format!("JupyterLab could not be started: {error}"))
}

/// Becomes the program, so that a signal to this one reaches it: JupyterLab ends its kernels when it is told to end.
#[cfg(unix)]
fn become_program(mut command: Command) -> std::io::Result<i32> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

/// Runs the program and returns its status.
#[cfg(not(unix))]
fn become_program(mut command: Command) -> std::io::Result<i32> {
    Ok(command.status()?.code().unwrap_or(1))
}

#[cfg(target_os = "linux")]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(target_os = "linux"))]
fn is_root() -> bool {
    false
}

/// How much the notebooks train.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// As the environment variables say.
    AsSet,
    /// Little, just to check that everything works.
    Small,
}

/// Runs notebooks without opening JupyterLab. Writes the executed copies, and an HTML page of each, to `out`.
pub fn run_notebooks(places: &Places, notebooks: &[PathBuf], out: &Path, scale: Scale) -> Result<()> {
    let mut command = venv_command(places, "python");
    if scale == Scale::Small {
        command.env("SOFTNESS_PLAN", places.source("small-plan.toml"));
        command.env("SOFTNESS_STORE", out.join("store"));
    }
    command.arg(places.source("notebooks.py")).arg("--out").arg(out).args(notebooks);
    finish(command, "a notebook")
}

/// Checks that the runner fails a notebook with an error and passes one without, that killed kernels leave nothing
/// behind, that the kernel's front end does what `docs/kernel.md` says, and that everyday tools work with it.
pub fn check_kernel(places: &Places) -> Result<()> {
    let mut command = venv_command(places, "python");
    command.arg(places.source("checks.py")).arg("--runs").arg(places.inside("run"));
    command.arg("--program").arg(places.program());
    finish(command, "a check of the runner or the kernel")?;
    if cfg!(unix) {
        for script in ["front_end.py", "tools.py"] {
            let mut command = venv_command(places, "python");
            command.arg(places.source(script));
            finish(command, "a check of the kernel's front end")?;
        }
    }
    Ok(())
}

/// Times kernels on notebooks, and training in a cell compared with training by the command line program.
pub fn measure(places: &Places, softness: &Path, notebooks: &[PathBuf]) -> Result<()> {
    let mut command = venv_command(places, "python");
    command.arg(places.source("kernels.py")).arg("--runs").arg(places.inside("run"));
    command.arg("--program").arg(softness).args(notebooks);
    finish(command, "the measurement")
}

/// Runs a command that reports its own errors.
pub fn finish(mut command: Command, what: &str) -> Result<()> {
    let status = command.status().map_err(|error| format!("{what} could not be started: {error}"))?;
    status.success().then_some(()).ok_or_else(|| format!("{what} failed; see the messages above"))
}

/// The numbered notebooks, in order.
pub fn notebooks(places: &Places) -> Result<Vec<PathBuf>> {
    let folder = places.notebooks();
    let entries = std::fs::read_dir(&folder).map_err(files::about(&folder, "list it"))?;
    let numbered = |path: &PathBuf| {
        path.extension().is_some_and(|kind| kind == "ipynb")
            && path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(|first: char| first.is_ascii_digit()))
    };
    let mut notebooks: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(numbered).collect();
    notebooks.sort();
    Ok(notebooks)
}
