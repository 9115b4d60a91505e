//! The values of variables, as short text.
//!
//! Only the process that runs the cells knows them, so they come from code that is run like a cell. Whether a type has
//! `Debug` is decided by method resolution: the method of the reference is found first, and exists only for such types.

use crate::streams::{CHANGED_TYPE, MARK, NEWLINE};
use crate::text::escaped;

/// The longest text of a value, in characters.
const LENGTH: usize = 120;

/// Code that writes the values of these variables.
pub fn code(names: &[&str]) -> String {
    let mut code = format!(
        "{{\nuse std::fmt::Write as _;\nstruct Short(String);\n\
         impl std::fmt::Write for Short {{ fn write_str(&mut self, text: &str) -> std::fmt::Result {{\n\
         for letter in text.chars() {{ if self.0.chars().count() > {LENGTH} {{ return Err(std::fmt::Error) }} self.0.push(letter) }} Ok(()) }} }}\n\
         struct Shown<'a, T: ?Sized>(&'a T);\n\
         trait WithDebug {{ fn short(&self) -> String; }}\n\
         trait Without {{ fn short(&self) -> String; }}\n\
         impl<T: std::fmt::Debug> WithDebug for &Shown<'_, T> {{ fn short(&self) -> String {{\n\
         let mut short = Short(String::new()); let _ = write!(short, \"{{:?}}\", self.0); short.0 }} }}\n\
         impl<T> Without for Shown<'_, T> {{ fn short(&self) -> String {{ String::new() }} }}\n\
         fn tried(short: impl FnOnce() -> String) -> String {{\n\
         std::panic::catch_unwind(std::panic::AssertUnwindSafe(short)).unwrap_or_else(|_| \"(its `Debug` panics)\".to_owned()) }}\n"
    );
    for name in names {
        code += &format!(
            "std::println!(\"{{}}softness-value {name} {{}}\", {MARK:?}, tried(|| (&&Shown(&{name})).short()).replace('\\n', {:?}));\n",
            NEWLINE.to_string(),
        );
    }
    // Without a semicolon evcxr would build it twice, to show its value.
    code + "};"
}

/// Code that makes evcxr forget these variables: the line that it takes for one whose type has changed. evcxr then runs the code
/// again, which must not write the line again, so a file with this number is left in the folder that the variable `folder` names.
pub fn forgetting(names: &[String], number: usize, folder: &str) -> String {
    let lines = names.iter().map(|name| format!("std::println!(\"{CHANGED_TYPE}{name}\");\n"));
    format!(
        "{{\nlet note = std::path::PathBuf::from(std::env::var_os({folder:?}).unwrap_or_default()).join(\"forgotten-{number}\");\n\
         if std::fs::File::create_new(note).is_ok() {{\n{}}}\n}};",
        lines.collect::<String>()
    )
}

/// The text in one line, with an ellipsis if it was cut.
pub fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LENGTH {
        format!("{}..", line.chars().take(LENGTH - 2).collect::<String>())
    } else {
        line
    }
}

/// A table of variables: name, type, value; as text and as HTML.
pub fn table(rows: &[(String, String, String)]) -> (String, String) {
    let widths = |index: fn(&(String, String, String)) -> &String| {
        rows.iter().map(|row| index(row).chars().count()).max().unwrap_or(0)
    };
    let (name, kind) = (widths(|row| &row.0), widths(|row| &row.1));
    let line = |row: &(String, String, String)| {
        format!("{:name$}  {:kind$}  {}", row.0, row.1, row.2).trim_end().to_owned()
    };
    let text = rows.iter().map(line).collect::<Vec<_>>().join("\n");
    let cells = |tag: &str, row: [&str; 3]| {
        row.map(|cell| format!("<{tag} style=\"text-align: left\">{}</{tag}>", escaped(cell))).concat()
    };
    let body: Vec<String> =
        rows.iter().map(|row| format!("<tr>{}</tr>", cells("td", [&row.0, &row.1, &row.2]))).collect();
    let html =
        format!("<table><tr>{}</tr>{}</table>", cells("th", ["variable", "type", "value"]), body.concat());
    (text, html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_name_type_and_value() {
        let rows = [("a".to_owned(), "Vec<u8>".to_owned(), "[1, 2]".to_owned())];
        let (text, html) = table(&rows);
        assert_eq!(text, "a  Vec<u8>  [1, 2]");
        assert!(html.contains("<td style=\"text-align: left\">Vec&lt;u8&gt;</td>"), "{html}");
    }

    #[test]
    fn a_long_value_is_cut_to_one_line() {
        assert_eq!(short("Fit {\n    r: 1\n}"), "Fit { r: 1 }");
        let cut = short(&"x".repeat(500));
        assert_eq!((cut.len(), &cut[118..]), (120, ".."));
    }
}
