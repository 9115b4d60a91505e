//! The Python side: the virtual environment, JupyterLab, and notebooks run without opening JupyterLab.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::Result;
use crate::files;
use crate::kernel;
use crate::places::Places;
use crate::progress;
use crate::python;
use crate::queue::Queue;

/// Seconds that Jupyter waits for a kernel. If the library was edited, it is built before the kernel starts.
const KERNEL_START: u32 = 900;

/// Creates the virtual environment from scratch, because an interrupted installation may leave half a package
/// behind. The programs that create it end together with this one.
pub fn make_venv(places: &Places, python: &Path) -> Result<()> {
    let venv = places.inside("venv");
    let log = places.inside("log/venv.log");
    files::remove(&venv)?;
    let mut make = Command::new(python);
    python::alone(&mut make).args(["-m", "venv"]).arg(&venv);
    progress::run("the virtual environment", &mut kernel::bound(make)?, &log)?;
    let mut pip = Command::new(places.venv_program("python"));
    python::alone(&mut pip);
    // A configuration file of pip may ask for an installation into the home folder.
    pip.args([
        "-m",
        "pip",
        "install",
        "--no-user",
        "--disable-pip-version-check",
        "--no-input",
        "--requirement",
    ]);
    pip.arg(places.source("requirements.txt"));
    progress::run("JupyterLab", &mut kernel::bound(pip)?, &log)?;
    if places.venv_program("jupyter").is_file() {
        return Ok(());
    }
    Err(format!(
        "pip did not install JupyterLab into {}: look for target, prefix or root in the output of `pip config list`, and take \
         it out with `pip config unset`",
        venv.display()
    ))
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
    python::alone(&mut command);
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
        // Sessions of an earlier run would be loaded, and the notebooks would not show how they are trained.
        let store = out.join("store");
        files::remove(&store)?;
        command.env("SOFTNESS_STORE", store);
    }
    command.arg(places.source("notebooks.py")).arg("--out").arg(out).args(notebooks);
    finish(command, "a notebook")
}

/// All notebooks at a small scale, and the checks of the kernel: what takes longest first.
pub fn checks(places: &Places) -> Result<Queue<'_>> {
    let notebooks = notebooks(places)?;
    let mut checks: Vec<Box<dyn FnOnce() -> Result<()> + Send>> = vec![
        Box::new(|| check_runner(places)),
        Box::new(move || run_notebooks(places, &notebooks, &places.inside("test"), Scale::Small)),
    ];
    if cfg!(unix) {
        // The front end is this project's there: how it treats cells, then that everyday tools and editors work with it.
        for script in ["hard_cells.py", "front_end.py", "tools.py", "clients.py"] {
            checks.push(Box::new(move || {
                let mut command = venv_command(places, "python");
                command.arg(places.source(script));
                finish(command, "a check of the kernel's front end")
            }));
        }
    }
    Ok(Queue::new(checks))
}

/// Checks that the runner fails a notebook with an error and passes one without, and that killed kernels leave nothing behind.
fn check_runner(places: &Places) -> Result<()> {
    let mut command = venv_command(places, "python");
    command.arg(places.source("checks.py")).arg("--runs").arg(places.inside("run"));
    command.arg("--program").arg(places.program());
    finish(command, "a check of the runner or the kernel")
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Set for the child processes of the test below: the project's folder.
    const CHILD: &str = "SOFTNESS_LAB_TEST_PROJECT";

    #[test]
    #[ignore = "downloads three small packages for each variable; run it with `-- --ignored`"]
    fn a_virtual_environment_is_made_whatever_the_environment_says() {
        if let Some(project) = std::env::var_os(CHILD) {
            let places = Places::new(Path::new(&project));
            make_venv(&places, &crate::toolchain::find_python().unwrap()).unwrap();
            let mut jupyter = program(&places, &places.venv_program("python"));
            jupyter.args([
                "-c",
                "import jupyter_core, sys; assert jupyter_core.__file__.startswith(sys.prefix), sys.path",
            ]);
            return finish(jupyter, "the virtual environment").unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other");
        // What PYTHONPATH and PYTHONHOME lead to breaks every Python that looks there.
        files::write(&other.join("encodings/__init__.py"), "raise SystemExit(\"a foreign folder was used\")")
            .unwrap();
        let configuration = folder.path().join("pip.conf");
        files::write(&configuration, "[install]\nuser = true\n[global]\nrequire-virtualenv = true\n")
            .unwrap();
        let other = other.to_str().unwrap();
        for (name, value) in [
            ("PIP_USER", "1"),
            ("PIP_TARGET", other),
            ("PIP_PREFIX", other),
            ("PIP_ROOT", other),
            ("PIP_REQUIRE_VIRTUALENV", "1"),
            ("PIP_CONSTRAINT", "no/such/file"),
            ("PIP_CONFIG_FILE", configuration.to_str().unwrap()),
            ("PYTHONPATH", other),
            ("PYTHONHOME", other),
            ("VIRTUAL_ENV", other),
            ("CONDA_PREFIX", other),
        ] {
            let project = folder.path().join(name);
            files::write(&project.join("lab/requirements.txt"), "jupyter_core==5.8.1\n").unwrap();
            let mut child = Command::new(std::env::current_exe().unwrap());
            let test = "jupyter::tests::a_virtual_environment_is_made_whatever_the_environment_says";
            child.args(["--exact", "--ignored", "--nocapture", test]).env(CHILD, &project).env(name, value);
            assert!(child.status().unwrap().success(), "{name}");
            println!("{name}: fine");
        }
    }

    #[test]
    fn programs_of_the_virtual_environment_have_none_of_these_variables() {
        let command = program(&Places::new(Path::new("project")), Path::new("python"));
        let removed = |name: &str| command.get_envs().any(|(other, value)| other == name && value.is_none());
        assert!(removed("PYTHONPATH") && removed("PYTHONHOME") && removed("PIP_TARGET"));
    }
}
