//! Comments above the header.

/// The text without the lines that begin with # before the first other line with text, and how many these are; `None` if there are none. The
/// lines stay as empty ones, so that the others keep their numbers.
pub(super) fn without(text: &str) -> Option<(String, usize)> {
    let (mut kept, mut rest, mut count) = (String::new(), text, 0);
    while !rest.is_empty() {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = &rest[..end];
        if line.starts_with('#') {
            count += 1;
        } else if !line.trim().is_empty() {
            break;
        }
        let next = if rest[end..].starts_with("\r\n") { end + 2 } else { rest.len().min(end + 1) };
        kept += &rest[end..next];
        rest = &rest[next..];
    }
    (count > 0).then(|| (kept + rest, count))
}

/// Whether every cell is a number, as those of a header are not.
pub(super) fn are_numbers(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.replace(',', ".").parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_before_the_header_are_comments_and_later_ones_are_not() {
        for (text, expected) in [
            ("# a\n#b, c\nx,y\n# d\n", Some(("\n\nx,y\n# d\n", 2))),
            ("\n# a\r\n\r\nx,y\r\n1,2", Some(("\n\r\n\r\nx,y\r\n1,2", 1))),
            ("# a\rx\r", Some(("\rx\r", 1))),
            ("# a", Some(("", 1))),
            ("x,y\n# a\n", None),
            (" # a\nx\n", None),
            ("", None),
        ] {
            let found = without(text);
            assert_eq!(found.as_ref().map(|(text, count)| (&**text, *count)), expected, "{text:?}");
        }
    }
}
