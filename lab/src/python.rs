//! What Python and pip must not take from the environment of `cargo lab`: where to look for modules, and where to install.

use std::process::Command;

/// Variables that lead Python or pip away from the virtual environment, by an active environment or a habit of the user.
/// What says from where packages come (`PIP_INDEX_URL`, `PIP_CERT`, proxies) stays.
const FOREIGN: [&str; 24] = [
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONUSERBASE",
    "PYTHONPLATLIBDIR",
    "PYTHONSTARTUP",
    "PYTHONSAFEPATH",
    "PYTHONEXECUTABLE",
    "__PYVENV_LAUNCHER__",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "CONDA_DEFAULT_ENV",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_PYTHON",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_REQUIREMENT",
    "PIP_CONSTRAINT",
    "PIP_EDITABLE",
    "PIP_NO_DEPS",
    "PIP_DRY_RUN",
    "PIP_PLATFORM",
    "PIP_PYTHON_VERSION",
];

/// The same command without these variables, and without packages of the user's home folder.
pub fn alone(command: &mut Command) -> &mut Command {
    for name in FOREIGN {
        command.env_remove(name);
    }
    command.env("PYTHONNOUSERSITE", "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variables that the command changes, with their values.
    fn changed(command: &Command) -> Vec<(String, Option<String>)> {
        let text = |text: &std::ffi::OsStr| text.to_string_lossy().into_owned();
        command.get_envs().map(|(name, value)| (text(name), value.map(text))).collect()
    }

    #[test]
    fn what_says_where_to_install_goes_and_what_says_from_where_stays() {
        let mut command = Command::new("python3");
        let changed = changed(alone(&mut command));
        for name in
            ["PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH", "PYTHONHOME"]
        {
            assert!(changed.contains(&(name.to_owned(), None)), "{name}");
        }
        for name in
            ["PIP_INDEX_URL", "PIP_CERT", "PIP_PROXY", "HTTPS_PROXY", "PIP_TRUSTED_HOST", "PATH", "HOME"]
        {
            assert!(changed.iter().all(|(other, _)| other != name), "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_python_under_these_variables_works_and_is_alone() {
        let Ok(python) = crate::toolchain::find_python() else {
            println!("skipped: there is no Python here");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        // A module in PYTHONPATH that would replace one of Python's own, and a home without any.
        crate::files::write(&folder.path().join("json.py"), "raise SystemExit(\"PYTHONPATH was used\")")
            .unwrap();
        let ask = |clean: bool| {
            let mut command = Command::new(&python);
            command.args([
                "-c",
                "import json, os; print(*map(os.environ.get, ['PIP_TARGET', 'PIP_INDEX_URL']))",
            ]);
            command
                .env("PYTHONPATH", folder.path())
                .env("PIP_TARGET", folder.path())
                .env("PIP_INDEX_URL", "https://x.invalid");
            let output = if clean { alone(&mut command).output() } else { command.output() }.unwrap();
            (output.status.success(), String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        assert!(!ask(false).0, "the module in PYTHONPATH does no harm");
        assert_eq!(ask(true), (true, "None https://x.invalid".to_owned()));
    }
}
