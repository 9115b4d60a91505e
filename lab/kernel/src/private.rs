//! The names that a library keeps to itself. rust-analyzer takes the facade for code under work and offers them too.

use std::collections::HashSet;
use std::path::Path;

/// Functions and fields that are private wherever they occur.
#[derive(Debug, Default)]
pub struct Private {
    functions: HashSet<String>,
    fields: HashSet<String>,
}

impl Private {
    /// Those of the Rust files in this folder.
    pub fn in_folder(folder: &Path) -> Self {
        let mut found = Found::default();
        found.read_folder(folder);
        found.private()
    }

    /// Whether a completion of this kind is a private name.
    pub fn has(&self, kind: &str, code: &str) -> bool {
        let name = code.split('(').next().unwrap_or(code);
        match kind {
            "function" => self.functions.contains(name),
            "field" => self.fields.contains(name),
            _ => false,
        }
    }
}

#[derive(Debug, Default)]
struct Found {
    public: HashSet<String>,
    functions: HashSet<String>,
    fields: HashSet<String>,
}

impl Found {
    fn read_folder(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                self.read_folder(&path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                self.read(&std::fs::read_to_string(path).unwrap_or_default());
            }
        }
    }

    /// Reads lines as rustfmt writes them: what is in a block at the margin is indented by four.
    fn read(&mut self, text: &str) {
        // The functions of a trait are as public as the trait.
        let mut in_trait = false;
        let mut in_struct = false;
        for line in text.lines() {
            let inner = line.strip_prefix("    ").filter(|inner| !inner.starts_with(' '));
            let Some(inner) = inner else {
                if !line.starts_with([' ', '}', '#', '/']) && !line.is_empty() {
                    in_trait =
                        line.contains("trait ") || (line.starts_with("impl") && line.contains(" for "));
                    in_struct = line.contains("struct ");
                }
                continue;
            };
            let (is_public, rest) = match inner.strip_prefix("pub ") {
                Some(rest) => (true, rest),
                None => (
                    false,
                    inner
                        .split_once(") ")
                        .filter(|_| inner.starts_with("pub("))
                        .map_or(inner, |(_, rest)| rest),
                ),
            };
            let function = ["", "const ", "async ", "unsafe "]
                .iter()
                .find_map(|word| rest.strip_prefix(word)?.strip_prefix("fn "));
            let (name, names) = match function {
                Some(function) => (word(function), &mut self.functions),
                None if in_struct && rest.contains(": ") => (word(rest), &mut self.fields),
                None => continue,
            };
            if is_public || in_trait {
                self.public.insert(name.to_owned());
            } else {
                names.insert(name.to_owned());
            }
        }
    }

    fn private(self) -> Private {
        let only = |names: &HashSet<String>| names.difference(&self.public).cloned().collect();
        Private { functions: only(&self.functions), fields: only(&self.fields) }
    }
}

/// The name at the start.
fn word(text: &str) -> &str {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_names_are_told_from_public_ones() {
        let mut found = Found::default();
        found.read(
            "pub struct Fit {\n    form: Form,\n    pub n: usize,\n}\n\nimpl Fit {\n    pub fn slope(&self) -> f64 {\n        0.0\n    }\n\n\
             \x20   pub(crate) fn linearise(&self) {}\n\n    fn own(&self) {}\n}\n\npub trait Observer {\n    fn progress(&self);\n}\n\n\
             impl Other {\n    pub fn own(&self) {}\n}\n",
        );
        let private = found.private();
        let kinds = ["linearise(", "own(", "slope(", "progress("].map(|code| private.has("function", code));
        // `own` is public somewhere else.
        assert_eq!(kinds, [true, false, false, false]);
        assert_eq!(["form", "n", "slope"].map(|code| private.has("field", code)), [true, false, false]);
    }
}
