//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::Result;
use crate::archive::{self, Source};

/// What `--help` prints.
pub const HELP: &str = "\
Sets up JupyterLab with the Rust kernel in .lab, and opens it on the notebooks.

cargo lab                            set up what is missing, then open JupyterLab
cargo lab -- ARGUMENT..              the same, with arguments for JupyterLab
cargo lab --run [NOTEBOOK..]         run notebooks (default: all) without opening JupyterLab
          --out DIR                  folder for the results and their HTML pages (softness-out/notebooks)
cargo lab --test                     run the crate's tests, and every notebook at small scale
cargo lab --browser                  test JupyterLab in a real, headless browser
          --out DIR                  folder for the screenshots (softness-out/browser)
cargo lab --kernel-only              install only the kernel, into an existing JupyterLab or JupyterHub
          --prefix DIR               for all its users: into DIR/share/jupyter/kernels
cargo lab --pack [FILE]              pack the kernel and the library, as built here, for other machines
                                     (softness-out/softness-kernel-PLATFORM.tar.gz)
cargo lab --measure [NOTEBOOK..]     print how long set-up, kernels, cells and training take
cargo lab --clean                    remove .lab and the installed kernels

With every command that sets up:
          --kernel-from FILE|URL     take the kernel and the library from such a pack in place of building them;
                                     system, compiler and sources must be the same
          --sha256 HEX               only if the pack has this SHA-256
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
        /// The folder for the executed copies; `None` for the default.
        out: Option<PathBuf>,
    },
    /// Run all tests.
    Test,
    /// Run the browser test.
    Browser {
        /// The folder for the screenshots; `None` for the default.
        out: Option<PathBuf>,
    },
    /// Install only the kernel.
    KernelOnly {
        /// A prefix such as `/usr/local` or the folder of a virtual environment.
        prefix: Option<PathBuf>,
    },
    /// Pack the kernel and the library into a file; `None` for the default.
    Pack(Option<PathBuf>),
    /// Time set-up, kernels and cells, with the notebooks of the figures if none is named.
    Measure(Vec<PathBuf>),
    /// Remove everything.
    Clean,
    /// Run a kernel; Jupyter asks for this.
    Kernel(PathBuf),
    /// Become a program that ends with its parent; this program asks for it.
    Bound(Vec<OsString>),
}

/// Reads the arguments after the program's name: what to do, and from where the kernel is taken if it is not built.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<(Action, Option<Source>)> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    match arguments.first().and_then(|first| first.to_str()) {
        Some("kernel") if arguments.len() == 2 => {
            return Ok((Action::Kernel(PathBuf::from(arguments.remove(1))), None));
        }
        Some("bound") => return Ok((Action::Bound(arguments.split_off(1)), None)),
        _ => {}
    }
    read(lexopt::Parser::from_args(arguments)).map_err(|error| format!("{error} (see `cargo lab --help`)"))
}

fn read(mut parser: lexopt::Parser) -> std::result::Result<(Action, Option<Source>), lexopt::Error> {
    let mut action = None;
    let (mut notebooks, mut rest) = (Vec::new(), Vec::new());
    let (mut out, mut prefix, mut from, mut sha256) = (None, None, None, None);
    loop {
        // Everything after "--" is for JupyterLab.
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
            Some(Long("kernel-from")) => from = Some(parser.value()?.string()?),
            Some(Long("sha256")) => sha256 = Some(sha256_of(&parser.value()?.string()?)?),
            Some(Short('h') | Long("help")) => return Ok((Action::Help, None)),
            Some(Long(
                name @ ("run" | "test" | "browser" | "kernel-only" | "pack" | "measure" | "clean"),
            )) => {
                if let Some(first) = action.replace(name.to_owned()) {
                    return Err(format!("--{first} and --{name} cannot be combined").into());
                }
            }
            Some(Value(notebook)) => notebooks.push(PathBuf::from(notebook)),
            Some(other) => return Err(other.unexpected()),
        }
    }
    let action = action.as_deref();
    let wrong = if !matches!(action, Some("run" | "browser")) && out.is_some() {
        Some("--out needs --run or --browser")
    } else if action != Some("kernel-only") && prefix.is_some() {
        Some("--prefix needs --kernel-only")
    } else if action.is_some() && !rest.is_empty() {
        Some("arguments after -- are for JupyterLab, which this command does not open")
    } else if matches!(action, Some("pack" | "clean")) && from.is_some() {
        Some("--kernel-from needs a command that sets up")
    } else if from.is_none() && sha256.is_some() {
        Some("--sha256 needs --kernel-from")
    } else if action == Some("pack") && notebooks.len() > 1 {
        Some("--pack writes one file")
    } else if !notebooks.is_empty() && !matches!(action, Some("run" | "measure" | "pack")) {
        Some("notebooks need --run or --measure")
    } else {
        None
    };
    if let Some(wrong) = wrong {
        return Err(wrong.into());
    }
    if let Some(from) = from.as_deref().filter(|from| from.contains("://") && !archive::is_url(from)) {
        return Err(format!("--kernel-from takes a file or a URL with http or https, not {from}").into());
    }
    let action = match action {
        Some("run") => Action::Run { notebooks, out },
        Some("test") => Action::Test,
        Some("browser") => Action::Browser { out },
        Some("kernel-only") => Action::KernelOnly { prefix },
        Some("pack") => Action::Pack(notebooks.pop()),
        Some("measure") => Action::Measure(notebooks),
        Some("clean") => Action::Clean,
        _ => Action::Open(rest),
    };
    Ok((action, from.map(|from| Source { from, sha256 })))
}

/// A SHA-256 in small letters.
fn sha256_of(text: &str) -> std::result::Result<String, lexopt::Error> {
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(format!("--sha256 takes the 64 hexadecimal digits that `cargo lab --pack` printed, not {text:?}")
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Action> {
        parse(arguments.iter().map(OsString::from)).map(|(action, _)| action)
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
        assert_eq!(parsed(&["--pack"]), Ok(Action::Pack(None)));
        assert_eq!(parsed(&["--pack", "x.tar.gz"]), Ok(Action::Pack(Some("x.tar.gz".into()))));
        assert_eq!(parsed(&["kernel", "file.json"]), Ok(Action::Kernel("file.json".into())));
    }

    #[test]
    fn a_kernel_is_taken_with_every_command_that_sets_up() {
        let ready = |arguments: &[&str]| parse(arguments.iter().map(OsString::from)).unwrap().1;
        let sha256 = "AB".repeat(32);
        let source = |sha256: Option<&str>| {
            Some(Source { from: "http://host/k.tar.gz".into(), sha256: sha256.map(str::to_lowercase) })
        };
        let from = ["--kernel-from", "http://host/k.tar.gz"];
        assert_eq!(ready(&from), source(None));
        assert_eq!(ready(&[from[0], from[1], "--sha256", &sha256]), source(Some(&sha256)));
        for command in ["--run", "--test", "--browser", "--kernel-only", "--measure"] {
            assert_eq!(ready(&[command, from[0], from[1]]), source(None), "{command}");
        }
        assert_eq!(ready(&["--run"]), None);
        for (wrong, sentence) in [
            (&["--sha256", &sha256][..], "--sha256 needs --kernel-from"),
            (&["--clean", "--kernel-from", "x"], "--kernel-from needs a command that sets up"),
            (&["--pack", "a", "b"], "--pack writes one file"),
            (
                &["--kernel-from", "ftp://x"],
                "--kernel-from takes a file or a URL with http or https, not ftp://x",
            ),
            (
                &["--kernel-from", "x", "--sha256", "12"],
                "--sha256 takes the 64 hexadecimal digits that `cargo lab --pack` printed, not \"12\"",
            ),
        ] {
            assert_eq!(parsed(wrong).unwrap_err(), format!("{sentence} (see `cargo lab --help`)"));
        }
    }

    #[test]
    fn options_that_cannot_be_combined_are_refused_in_a_sentence() {
        for wrong in
            [&["--run", "--test"][..], &["--out", "x"], &["a.ipynb"], &["--prefix", "p"], &["--fast"]]
        {
            assert!(parsed(wrong).unwrap_err().contains("cargo lab --help"), "{wrong:?}");
        }
    }
}
