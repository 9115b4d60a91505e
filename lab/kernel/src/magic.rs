//! Lines that are for the kernel: `?value`, `%time`; evcxr itself knows `:command` and `!shell command`.

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
    /// `:vars`: all variables with their values.
    Variables,
}

/// Reads a cell.
pub fn read(code: &str) -> Request {
    let line = code.trim();
    let one_line = !line.contains('\n');
    if one_line && line == ":vars" {
        return Request::Variables;
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

/// Why a cell cannot run because of its first word, if so.
pub fn unknown(code: &str) -> Option<String> {
    let word = code.split_whitespace().next().filter(|word| word.starts_with('%'))?;
    if ["%time", "%%time"].contains(&word) {
        return None;
    }
    Some(format!(
        "`{word}` is not known here; the kernel knows `%time`, `?name`, `:vars`, `:help` and `!command`."
    ))
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
        assert_eq!(read("f()?"), run("f()?", false));
        assert!(unknown("%matplotlib inline").unwrap().contains("`%matplotlib` is not known here"));
        assert_eq!(unknown("x % y"), None);
        assert_eq!(unknown("%time f()"), None);
    }
}
