//! Where everything is. All generated files are in the project's `.lab`.

use std::path::{Path, PathBuf};

/// The folders of the project and of the lab in it.
///
/// | path in `.lab` | contents |
/// |---|---|
/// | `bin/` | a copy of this program, which starts the kernels |
/// | `venv/` | the virtual environment: JupyterLab, nbclient, nbconvert |
/// | `kernel/` | the Rust kernel |
/// | `std/` | the standard library's source, from which the kernel determines types |
/// | `library/` | the pre-built library, one folder per state of its source |
/// | `run/` | one folder per running kernel |
/// | `jupyter/` | JupyterLab's settings and state |
/// | `browser/` | the browser's driver, for `--browser` |
/// | `new-archive/` | an archive of a kernel, while it is checked |
/// | `lock` | locked during a set-up |
/// | `stamps/`, `log/` | which steps are done and how long they took; their output |
#[derive(Debug, Clone)]
pub struct Places {
    project: PathBuf,
    lab: PathBuf,
}

impl Places {
    /// For the project in the folder `project`.
    pub fn new(project: &Path) -> Self {
        Self { project: project.to_owned(), lab: project.join(".lab") }
    }

    /// For the project in which this program was started or built.
    pub fn for_project() -> Self {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let manifest = manifest.filter(|folder| folder.join("requirements.txt").exists());
        let manifest = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        Self::new(manifest.parent().unwrap_or(&manifest))
    }

    /// For the project whose `.lab/bin` contains this copy of the program; `None` for any other copy.
    pub fn for_this_copy() -> Option<Self> {
        let program = std::env::current_exe().ok()?.canonicalize().ok()?;
        let lab = program.parent()?.parent()?;
        lab.join("library")
            .is_dir()
            .then(|| Self { project: lab.parent().unwrap_or(lab).into(), lab: lab.into() })
    }

    /// The project's folder.
    pub fn project(&self) -> &Path {
        &self.project
    }

    /// `.lab`.
    pub fn lab(&self) -> &Path {
        &self.lab
    }

    /// A path inside `.lab`.
    pub fn inside(&self, path: &str) -> PathBuf {
        self.lab.join(path)
    }

    /// The notebooks.
    pub fn notebooks(&self) -> PathBuf {
        self.project.join("notebooks")
    }

    /// A file of this crate.
    pub fn source(&self, name: &str) -> PathBuf {
        self.project.join("lab").join(name)
    }

    /// A program of the virtual environment, such as "python" or "jupyter".
    pub fn venv_program(&self, name: &str) -> PathBuf {
        let folder = if cfg!(windows) { "venv/Scripts" } else { "venv/bin" };
        self.inside(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// The kernel that runs cells.
    pub fn kernel(&self) -> PathBuf {
        let name = if cfg!(windows) { "evcxr_jupyter.exe" } else { "softness-kernel" };
        self.inside("kernel/bin").join(name)
    }

    /// The copy of this program that starts kernels.
    pub fn program(&self) -> PathBuf {
        self.inside("bin").join(format!("softness-lab{}", std::env::consts::EXE_SUFFIX))
    }
}
