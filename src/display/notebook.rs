//! How a value shows itself in a notebook cell.

use std::io::Write;

/// Writes what a notebook shows of a value: one block for each MIME type, on standard output, in the
/// form that the evcxr kernel takes out of it. A notebook shows the richest type it can.
pub(crate) fn show<'a>(contents: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let mut output = std::io::stdout().lock();
    for (kind, content) in contents {
        // Nobody is left to tell where standard output is closed.
        let _ = writeln!(output, "EVCXR_BEGIN_CONTENT {kind}\n{content}\nEVCXR_END_CONTENT");
    }
}

/// Shows a value as a table or card in HTML, with plain text for what cannot show that.
pub(crate) fn show_html(html: &str, text: &str) {
    show([("text/plain", text), ("text/html", html)]);
}
