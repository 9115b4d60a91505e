//! Lines that are for the kernel: `?value`, `:vars`, `%time`, `:restart`, `:clear`; evcxr itself knows other `:command`s and `!shell command`.

/// What a cell asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// To run code.
    Run {
        /// The code.
        code: String,
        /// Whether to say how long it took.
        timed: bool,
    },
    /// `?name`, `name??`-like questions and `:doc name`: the documentation of a name.
    About(String),
    /// `:explain E0382`, or `:explain` alone: what an error of the compiler means, the last one if none is named.
    Explain(String),
    /// `:vars`: all variables with their values.
    Variables,
    /// `!command` in every line: what a shell is to run.
    Shell(Vec<String>),
    /// `:restart`: a new process for the cells.
    Restart,
    /// `:clear`: nothing of earlier cells.
    Clear,
}

/// Commands that the kernel answers in place of evcxr, whose own ones leave it in a state in which cells fail.
const OWN: [(&str, Request); 3] =
    [(":vars", Request::Variables), (":restart", Request::Restart), (":clear", Request::Clear)];

/// The command that explains an error. evcxr's own one knows only the last error.
const EXPLAIN: &str = ":explain";

/// Reads a cell.
pub fn read(code: &str) -> Request {
    let line = code.trim();
    let one_line = !line.contains('\n');
    if let Some((_, request)) = OWN.iter().find(|(command, _)| line == *command) {
        return request.clone();
    }
    let lines = line.lines().map(str::trim).filter(|line| !line.is_empty());
    let commands: Option<Vec<String>> =
        lines.map(|line| Some(line.strip_prefix('!')?.trim().to_owned())).collect();
    if let Some(commands) = commands.filter(|commands| commands.iter().any(|command| !command.is_empty())) {
        return Request::Shell(commands);
    }
    if let Some(number) = explain(line) {
        return Request::Explain(number);
    }
    let about = line
        .strip_prefix('?')
        .map(|rest| rest.trim_start_matches('?'))
        .or_else(|| line.strip_prefix(":doc "));
    if let Some(name) = about.filter(|_| one_line) {
        return Request::About(name.trim().to_owned());
    }
    for magic in ["%%time", "%time"] {
        if let Some(rest) = line.strip_prefix(magic).filter(|rest| rest.starts_with(char::is_whitespace)) {
            return Request::Run { code: rest.trim_start().to_owned(), timed: true };
        }
    }
    Request::Run { code: code.to_owned(), timed: false }
}

/// The number of the error that a line asks about, as rustc writes it.
fn explain(line: &str) -> Option<String> {
    let mut words = line.split(' ').filter(|word| !word.is_empty());
    words.next().filter(|word| *word == EXPLAIN && !line.contains('\n'))?;
    Some(words.collect::<Vec<_>>().join(" ").to_uppercase())
}

/// The shell commands at the start of a cell, and the cell with empty lines for them. evcxr would show what they write only at their end,
/// as the cell's value, and not at all if the cell has a value of its own.
pub fn without_shell(code: &str) -> (Vec<String>, String) {
    let is_before_code = |line: &&str| {
        line.trim().is_empty() || line.starts_with("//") || line.trim_start().starts_with([':', '!'])
    };
    let start: usize = code.split_inclusive('\n').take_while(is_before_code).map(str::len).sum();
    let (head, rest) = code.split_at(start);
    let command =
        |line: &str| line.strip_prefix('!').map(|command| command.trim_start_matches('!').trim().to_owned());
    let commands: Vec<String> =
        head.lines().filter_map(command).filter(|command| !command.is_empty()).collect();
    let kept = |line: &str| if line.starts_with('!') { "\n".to_owned() } else { line.to_owned() };
    (commands, head.split_inclusive('\n').map(kept).collect::<String>() + rest)
}

/// Why evcxr must not get this command, if so: afterwards the kernel would have ended, or every cell would fail.
fn breaks_the_kernel(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let (command, argument) = (words.next()?, words.next());
    match (command, argument) {
        (":quit", _) => Some("`:quit` would end the kernel: shut it down in Jupyter's menu \"Kernel\".".to_owned()),
        (":toolchain", Some(_)) => Some(
            "`:toolchain` cannot change the compiler here: the library is there for the one with which it was built."
                .to_owned(),
        ),
        (":opt", Some(level)) if !["0", "1", "2", "3", "s", "z"].contains(&level) => {
            Some(format!("`:opt` takes 0, 1, 2, 3, s or z, and `{level}` is none of them."))
        }
        _ => None,
    }
}

/// Why a cell cannot run because of its first word or a line for the kernel, if so.
pub fn refused(code: &str) -> Option<String> {
    let line = code.trim();
    if let Some(sentence) = line.lines().find_map(breaks_the_kernel) {
        return Some(sentence);
    }
    if line.contains('\n') {
        let is_own = |line: &&str| OWN.iter().any(|(command, _)| line == command) || explain(line).is_some();
        if let Some(command) = line.lines().map(str::trim).find(is_own) {
            return Some(format!("`{command}` needs a cell of its own: nothing of this cell ran."));
        }
    }
    if !line.is_empty() && line.trim_start_matches('?').is_empty() {
        return Some("`?` needs a name: `?fit_models` shows its documentation.".to_owned());
    }
    let word = line.split_whitespace().next().filter(|word| word.starts_with('%'))?;
    if !["%time", "%%time"].contains(&word) {
        return Some(format!(
            "`{word}` is not known here; the kernel knows `%time`, `?name`, `:vars`, `:help` and `!command`."
        ));
    }
    let timed = line[word.len()..].trim();
    if timed.is_empty() {
        return Some(format!("`{word}` needs code after it, in the same cell."));
    }
    let runs = matches!(read(timed), Request::Run { timed: false, .. } | Request::Shell(_));
    (!runs || timed.starts_with('?'))
        .then(|| format!("`{word}` times code, and `{timed}` is none: leave out `{word}`."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magic_lines_are_told_from_code() {
        let run = |code: &str, timed| Request::Run { code: code.to_owned(), timed };
        assert_eq!(read("let x = 7 % time;"), run("let x = 7 % time;", false));
        assert_eq!(read("%time f()"), run("f()", true));
        assert_eq!(read("%%time\nf();\ng()"), run("f();\ng()", true));
        assert_eq!(read("?fit"), Request::About("fit".to_owned()));
        assert_eq!(read(":doc Fit"), Request::About("Fit".to_owned()));
        assert_eq!(read(":vars"), Request::Variables);
        assert_eq!(read(" :restart\n"), Request::Restart);
        assert_eq!(read(":explain  e0382 "), Request::Explain("E0382".to_owned()));
        assert_eq!(read(":explain"), Request::Explain(String::new()));
        assert_eq!(read(":explained"), run(":explained", false));
        assert_eq!(read(":clear"), Request::Clear);
        let shell = |commands: &[&str]| {
            Request::Shell(commands.iter().map(|command| (*command).to_owned()).collect())
        };
        assert_eq!(read("!ls -l\n\n! pwd"), shell(&["ls -l", "pwd"]));
        assert_eq!(read("!ls\nf()"), run("!ls\nf()", false));
        assert_eq!(read("!\n"), run("!\n", false));
        assert_eq!(read("f()?"), run("f()?", false));
    }

    #[test]
    fn shell_commands_before_code_are_told_from_it() {
        let commands = |code: &str| without_shell(code);
        assert_eq!(
            commands("!ls -l\n\n// text\n! pwd\n:opt 3\nlet x = 1;\n!x"),
            (vec!["ls -l".to_owned(), "pwd".to_owned()], "\n\n// text\n\n:opt 3\nlet x = 1;\n!x".to_owned())
        );
        assert_eq!(commands("!ls"), (vec!["ls".to_owned()], "\n".to_owned()));
        assert_eq!(commands("let x = 1;"), (vec![], "let x = 1;".to_owned()));
    }

    #[test]
    fn lines_that_cannot_run_are_refused_with_a_sentence() {
        for (code, sentence) in [
            ("%matplotlib inline", "`%matplotlib` is not known here"),
            ("%time", "`%time` needs code after it"),
            ("%time :vars", "`%time` times code, and `:vars` is none"),
            ("%%time\n?fit", "`%%time` times code, and `?fit` is none"),
            ("%time %time f()", "`%time` times code"),
            ("?", "`?` needs a name"),
            (" ??\n", "`?` needs a name"),
            ("let x = 1;\n:restart", "`:restart` needs a cell of its own"),
            (":explain E0382\nx", "`:explain E0382` needs a cell of its own"),
            (":vars\nx", "`:vars` needs a cell of its own"),
            (":quit", "`:quit` would end the kernel"),
            ("let x = 1;\n:toolchain nightly", "`:toolchain` cannot change the compiler here"),
            (":opt 9", "`:opt` takes 0, 1, 2, 3, s or z, and `9` is none"),
        ] {
            assert!(
                refused(code).is_some_and(|why| why.starts_with(sentence)),
                "{code}: {:?}",
                refused(code)
            );
        }
        for code in [
            "x % y",
            "%time f()",
            "%time !ls",
            "%%time\nf()?",
            ":clear",
            " :restart ",
            "?fit",
            ":dep rand",
            "",
            "f()?",
            ":opt",
            ":opt 3\nx",
            ":toolchain",
        ] {
            assert_eq!(refused(code), None, "{code}");
        }
    }
}
