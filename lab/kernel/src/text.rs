//! Positions in a cell, links and HTML.

/// Markdown links without their targets: most lead to pages of this crate that are not published.
pub fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, after) = rest.split_at(at);
        let Some(end) = after.find(')') else { break };
        let Some(open) = before.rfind('[') else {
            out += &rest[..at + 2];
            rest = &rest[at + 2..];
            continue;
        };
        out += &before[..open];
        out += &before[open + 1..];
        rest = &after[end + 1..];
    }
    out + rest
}

/// HTML in which only links to the standard library's pages are left.
pub fn without_own_links(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<a href=\"") {
        out += &rest[..at];
        let tail = &rest[at..];
        let (Some(open), Some(close)) = (tail.find('>'), tail.find("</a>")) else { break };
        if tail.starts_with("<a href=\"https://doc.rust-lang.org") {
            out += &tail[..close + 4];
        } else if open < close {
            out += &tail[open + 1..close];
        }
        rest = &tail[close + 4..];
    }
    out + rest
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Jupyter counts characters, evcxr bytes.
pub fn byte_offset(code: &str, position: usize) -> usize {
    code.char_indices().nth(position).map_or(code.len(), |(offset, _)| offset)
}

/// The same, the other way.
pub fn char_offset(code: &str, offset: usize) -> usize {
    code.char_indices().take_while(|(at, _)| *at < offset).count()
}

/// The name at or before this position.
pub fn name_at(code: &str, offset: usize) -> &str {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let start = code[..offset].rfind(|letter| !is_part(letter)).map_or(0, |at| at + 1);
    let start = (start..=offset).find(|at| code.is_char_boundary(*at)).unwrap_or(offset);
    let end = code[offset..].find(|letter| !is_part(letter)).map_or(code.len(), |at| offset + at);
    &code[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        assert_eq!(byte_offset("é = fit", 4), 5);
        assert_eq!(char_offset("é = fit", 5), 4);
        assert_eq!(byte_offset("ab", 9), 2);
    }

    #[test]
    fn the_name_round_a_position() {
        assert_eq!(name_at("let x = fits.len()", 10), "fits");
        assert_eq!(name_at("größe", 6), "größe");
        assert_eq!(name_at("a + ", 4), "");
    }

    #[test]
    fn links_keep_their_text() {
        assert_eq!(without_links("see [`Fit`](https://docs.rs/x) and [this]"), "see `Fit` and [this]");
        let html =
            "<a href=\"https://docs.rs/softness\">Fit</a> <a href=\"https://doc.rust-lang.org/std\">Vec</a>";
        assert_eq!(without_own_links(html), "Fit <a href=\"https://doc.rust-lang.org/std\">Vec</a>");
    }
}
