//! The test of JupyterLab in a real browser, which clicks on the page, and the programs that the test needs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::files;
use crate::jupyter;
use crate::places::Places;
use crate::progress;
use crate::steps::Step;

/// The files of the test. They are copied to the folder of its packages.
const FILES: [&str; 6] =
    ["package.json", "package-lock.json", ".npmrc", "jupyter.mjs", "notebook.mjs", "test.mjs"];
/// The oldest version of Node.js that the browser's driver supports.
const NODE: u32 = 20;

/// The programs that the test needs in addition to those of the lab.
#[derive(Debug)]
pub struct Browser {
    chromium: PathBuf,
}

/// Looks for Node.js, npm and Chromium. `SOFTNESS_CHROMIUM` names a Chromium to use instead of the first one
/// on the search path.
///
/// # Errors
/// Names the first program that is missing.
pub fn find() -> Result<Browser> {
    let version = output_of(Path::new("node"), &["--version"]);
    let major =
        version.as_deref().and_then(|text| text.trim_start_matches('v').split('.').next()?.parse().ok());
    if major.is_none_or(|major: u32| major < NODE) {
        return Err(format!(
            "Node.js {NODE} or later, which drives the browser, is missing: install it from nodejs.org"
        ));
    }
    if output_of(Path::new(NPM), &["--version"]).is_none() {
        return Err(
            "npm, which downloads the browser's driver, is missing: it comes with Node.js from nodejs.org"
                .into(),
        );
    }
    let named = std::env::var_os("SOFTNESS_CHROMIUM").map(PathBuf::from);
    let candidates = match named {
        Some(chromium) => vec![chromium],
        None => ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .filter_map(|name| on_path(name))
            .collect(),
    };
    let chromium = candidates.into_iter().find(|program| output_of(program, &["--version"]).is_some());
    let chromium = chromium.ok_or(
        "Chromium, in which JupyterLab is tested, is missing: install it (Debian: `apt install chromium`), or set \
         SOFTNESS_CHROMIUM to its path",
    )?;
    Ok(Browser { chromium })
}

impl Browser {
    /// Runs the test and writes its screenshots to `out`.
    pub fn test(&self, places: &Places, out: &Path) -> Result<()> {
        let folder = places.inside("browser");
        let source = |name: &str| places.source("browser").join(name);
        for name in FILES {
            let text = std::fs::read(source(name)).map_err(files::about(&source(name), "read it"))?;
            files::write(&folder.join(name), text)?;
        }
        let lock = source("package-lock.json");
        let key = std::fs::read_to_string(&lock).map_err(files::about(&lock, "read it"))?;
        let packages = Step { name: "5-browser", title: "the browser's driver", key };
        packages.take(places, || {
            let mut npm = Command::new(NPM);
            npm.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
            progress::run("the driver", &mut npm, &places.inside("log/browser.log")).map(drop)
        })?;
        let mut node = jupyter::program(places, Path::new("node"));
        node.env("SOFTNESS_JUPYTER", places.venv_program("jupyter"))
            .env("SOFTNESS_CHROMIUM", &self.chromium)
            .arg(folder.join("test.mjs"))
            .args([places.notebooks(), out.to_owned()]);
        jupyter::finish(node, "the browser test")
    }
}

/// npm is a script on Windows.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// What a program prints for these arguments; `None` if it does not run.
fn output_of(program: &Path, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The full path of a program on the search path.
fn on_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&folders).map(|folder| folder.join(&name)).find(|path| path.is_file())
}
