//! How a value shows itself in a notebook cell.

use std::io::Write;

use maud::{Markup, html};

use crate::text::table::Table;

/// Writes what a notebook shows of a value: one block for each MIME type, on standard output, in the form that the
/// evcxr kernel looks for. A notebook shows the richest type it can.
pub(crate) fn show<'a>(contents: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let mut output = std::io::stdout().lock();
    for (kind, content) in contents {
        // If standard output is closed, there is nobody to tell.
        let _ = writeln!(output, "EVCXR_BEGIN_CONTENT {kind}\n{content}\nEVCXR_END_CONTENT");
    }
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
