//! How a value shows itself in a notebook cell: a list of pairs, a MIME type and its content. Another MIME type is another pair.

use std::io::Write;

use maud::{Markup, html};

use crate::text::table::Table;

/// The environment variable that is 1 in the "Rust (softness)" kernel.
const KERNEL_VARIABLE: &str = "SOFTNESS_KERNEL";

/// The beginning of a line of that kernel. No text of a user begins so.
const OUTPUT: &str = "\u{1}softness-output";

/// Whether cells run in the "Rust (softness)" kernel, which can replace an output by a newer one.
pub(super) fn can_replace() -> bool {
    std::env::var_os(KERNEL_VARIABLE).is_some_and(|value| value == "1")
}

/// Writes what a notebook shows of a value, by MIME type, on standard output: as one line in the "Rust (softness)"
/// kernel, else as a block for each type in the form that the evcxr kernel looks for. A notebook shows the richest type
/// it can.
pub(crate) fn show<'a>(contents: impl IntoIterator<Item = (&'a str, &'a str)>) {
    if can_replace() {
        return write(&line(contents, None));
    }
    let block = |(kind, content)| format!("EVCXR_BEGIN_CONTENT {kind}\n{content}\nEVCXR_END_CONTENT\n");
    write(&contents.into_iter().map(block).collect::<String>());
}

/// Writes an output that replaces the one with the same `id`, or makes a new one in the cell if there is none. Works in
/// the "Rust (softness)" kernel only.
pub(super) fn replace<'a>(id: &str, contents: impl IntoIterator<Item = (&'a str, &'a str)>) {
    write(&line(contents, Some(id)));
}

/// The line for an output: a mark, and a JSON object on one line.
fn line<'a>(contents: impl IntoIterator<Item = (&'a str, &'a str)>, id: Option<&str>) -> String {
    let data: serde_json::Map<_, _> =
        contents.into_iter().map(|(kind, content)| (kind.to_owned(), content.into())).collect();
    let mut output = serde_json::json!({ "data": data });
    if let Some(id) = id {
        output["id"] = id.into();
    }
    format!("{OUTPUT} {output}\n")
}

/// Writes `text` in one go, so that no other thread's output comes in between.
fn write(text: &str) {
    let mut output = std::io::stdout().lock();
    // If standard output is closed, there is nobody to tell.
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// Shows a value as HTML, with plain text for what cannot show that.
pub(crate) fn show_html(html: impl Into<String>, text: &str) {
    show([("text/plain", text), ("text/html", &html.into())]);
}

/// A value that is shown as tables, one below the other.
pub(super) trait Tables {
    fn tables(&self) -> Vec<Table>;

    /// The tables as HTML.
    fn markup(&self) -> Markup {
        html! { @for table in self.tables() { (table.markup()) } }
    }

    /// The tables as text, with an empty line between them.
    fn text(&self) -> String {
        self.tables().iter().map(Table::to_string).collect::<Vec<_>>().join("\n\n")
    }
}

/// Gives types that are [`Tables`] their `evcxr_display` and `Display`.
macro_rules! shown_as_tables {
    ($($kind:ty),* $(,)?) => { $(
        impl $kind {
            /// Shows it in a notebook: as HTML tables, or as text.
            pub fn evcxr_display(&self) {
                notebook::show_html(notebook::Tables::markup(self), &self.to_string());
            }
        }

        impl std::fmt::Display for $kind {
            /// The tables that a notebook shows, as text in columns.
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&notebook::Tables::text(self))
            }
        }
    )* };
}
pub(super) use shown_as_tables;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_one_line_with_a_mark_and_a_json_object() {
        let contents = [("text/plain", "two\nlines \u{1}"), ("text/html", "<p title=\"ä\">")];
        let line = line(contents, Some("training-1"));
        let json = line.strip_prefix("\u{1}softness-output ").unwrap().strip_suffix('\n').unwrap();
        assert!(!json.contains(['\n', '\u{1}']), "{json}");
        let output: serde_json::Value = serde_json::from_str(json).unwrap();
        let data = serde_json::json!({"text/plain": contents[0].1, "text/html": contents[1].1});
        assert_eq!(output, serde_json::json!({"data": data, "id": "training-1"}));
        let line = super::line(contents, None);
        let output: serde_json::Value = serde_json::from_str(line.split_once(' ').unwrap().1).unwrap();
        assert_eq!(output, serde_json::json!({ "data": data }));
    }
}
