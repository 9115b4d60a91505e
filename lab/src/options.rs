//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::Result;

/// What `--help` prints.
pub const HELP: &str = "\
Sets up JupyterLab with the Rust kernel in .lab, and opens it on the notebooks.

cargo lab                            set up what is missing, then open JupyterLab
cargo lab -- ARGUMENT..              the same, with arguments for JupyterLab
cargo lab --run [NOTEBOOK..]         run notebooks without a screen, with an HTML page of each
          --out DIR                  where they go (softness-out/notebooks)
cargo lab --test                     the crate's tests, and every notebook at small scale
cargo lab --browser                  work in JupyterLab in a real browser, without a screen
          --out DIR                  where the screenshots go (softness-out/browser)
cargo lab --kernel-only              install the kernel into a JupyterLab or JupyterHub that is there
          --prefix DIR               for all its users: into DIR/share/jupyter/kernels
cargo lab --measure [NOTEBOOK..]     print how long set-up, kernels, cells and training take
cargo lab --clean                    remove all that was made
";

/// What to do.
#[derive(Debug, PartialEq)]
pub enum Action {
    /// Print the help.
    Help,
    /// Open JupyterLab with these further arguments.
    Open(Vec<OsString>),
    /// Run notebooks, all of them if none is named.
    Run {
        /// The notebooks.
        notebooks: Vec<PathBuf>,
        /// Where the executed copies go; `None` for the usual place.
        out: Option<PathBuf>,
    },
    /// Run all tests.
    Test,
    /// Run the test in a browser.
    Browser {
        /// Where the screenshots go; `None` for the usual place.
        out: Option<PathBuf>,
    },
    /// Install the kernel alone.
    KernelOnly {
        /// A prefix such as `/usr/local` or that of a virtual environment.
        prefix: Option<PathBuf>,
    },
    /// Measure set-up, kernels and cells, with those of the figures if no notebook is named.
    Measure(Vec<PathBuf>),
    /// Remove everything.
    Clean,
    /// Run a kernel; Jupyter asks for this.
    Kernel(PathBuf),
    /// Become a program that ends with its parent; the kernel's starter asks for this.
    Bound(Vec<OsString>),
}

/// Reads the arguments after the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Action> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    match arguments.first().and_then(|first| first.to_str()) {
        Some("kernel") if arguments.len() == 2 => {
            return Ok(Action::Kernel(PathBuf::from(arguments.remove(1))));
        }
        Some("bound") => return Ok(Action::Bound(arguments.split_off(1))),
        _ => {}
    }
    read(lexopt::Parser::from_args(arguments))
        .map_err(|error| format!("{error} (`cargo lab --help` lists what there is)"))
}

fn read(mut parser: lexopt::Parser) -> std::result::Result<Action, lexopt::Error> {
    let mut action = None;
    let (mut notebooks, mut rest) = (Vec::new(), Vec::new());
    let (mut out, mut prefix) = (None, None);
    loop {
        // After "--" everything is JupyterLab's.
        if let Some(mut raw) = parser.try_raw_args()
            && raw.peek().is_some_and(|argument| argument == "--")
        {
            raw.next();
            rest.extend(raw);
            break;
        }
        match parser.next()? {
            None => break,
            Some(Long("out")) => out = Some(PathBuf::from(parser.value()?)),
            Some(Long("prefix")) => prefix = Some(PathBuf::from(parser.value()?)),
            Some(Short('h') | Long("help")) => return Ok(Action::Help),
            Some(Long(name @ ("run" | "test" | "browser" | "kernel-only" | "measure" | "clean"))) => {
                if let Some(first) = action.replace(name.to_owned()) {
                    return Err(format!("--{first} and --{name} do not go together").into());
                }
            }
            Some(Value(notebook)) => notebooks.push(PathBuf::from(notebook)),
            Some(other) => return Err(other.unexpected()),
        }
    }
    let action = action.as_deref();
    let wrong = if !matches!(action, Some("run" | "browser")) && out.is_some() {
        Some("--out goes with --run or --browser")
    } else if action != Some("kernel-only") && prefix.is_some() {
        Some("--prefix goes with --kernel-only")
    } else if action.is_some() && !rest.is_empty() {
        Some("arguments after -- are for JupyterLab")
    } else if !notebooks.is_empty() && !matches!(action, Some("run" | "measure")) {
        Some("notebooks go with --run or --measure")
    } else {
        None
    };
    if let Some(wrong) = wrong {
        return Err(wrong.into());
    }
    Ok(match action {
        Some("run") => Action::Run { notebooks, out },
        Some("test") => Action::Test,
        Some("browser") => Action::Browser { out },
        Some("kernel-only") => Action::KernelOnly { prefix },
        Some("measure") => Action::Measure(notebooks),
        Some("clean") => Action::Clean,
        _ => Action::Open(rest),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Action> {
        parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn each_line_of_the_help_is_understood() {
        assert_eq!(parsed(&[]), Ok(Action::Open(vec![])));
        assert_eq!(parsed(&["--", "--port", "9"]), Ok(Action::Open(vec!["--port".into(), "9".into()])));
        let run = Action::Run { notebooks: vec!["a.ipynb".into(), "b.ipynb".into()], out: Some("x".into()) };
        assert_eq!(parsed(&["--run", "a.ipynb", "--out", "x", "b.ipynb"]), Ok(run));
        assert_eq!(
            parsed(&["--kernel-only", "--prefix=p"]),
            Ok(Action::KernelOnly { prefix: Some("p".into()) })
        );
        assert_eq!(parsed(&["--test"]), Ok(Action::Test));
        assert_eq!(parsed(&["--browser", "--out=x"]), Ok(Action::Browser { out: Some("x".into()) }));
        assert_eq!(parsed(&["kernel", "file.json"]), Ok(Action::Kernel("file.json".into())));
    }

    #[test]
    fn what_does_not_go_together_is_refused_in_a_sentence() {
        for wrong in
            [&["--run", "--test"][..], &["--out", "x"], &["a.ipynb"], &["--prefix", "p"], &["--fast"]]
        {
            assert!(parsed(wrong).unwrap_err().contains("cargo lab --help"), "{wrong:?}");
        }
    }
}
