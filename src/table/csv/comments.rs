//! Comments above the header.

use super::decimal::is_missing;

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

/// Whether the cells are those of a header, and certainly not of a row of values: no number, no mark of a missing value, and at most one
/// empty cell, as programs write it above row numbers.
pub(super) fn are_names(cells: &[String]) -> bool {
    let is_value = |cell: &String| {
        let begin = cell.trim_start_matches(['+', '-', '.', ',', '(', ' ']);
        begin.starts_with(|letter: char| letter.is_ascii_digit())
            || cell.parse::<f64>().is_ok()
            || is_missing(cell)
    };
    let (empty, named): (Vec<&String>, Vec<&String>) = cells.iter().partition(|cell| cell.is_empty());
    empty.len() <= 1 && !named.is_empty() && !named.into_iter().any(is_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_number_and_no_missing_value_among_them() {
        let are = |cells: &[&str]| are_names(&cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>());
        for names in [&["a", "b"][..], &["", "a"], &["score (mean)", "x2"]] {
            assert!(are(names), "{names:?}");
        }
        for values in [
            &["a", "1"][..],
            &["a", "-1,5"],
            &["", "", "a"],
            &[""],
            &["a", "NA"],
            &["a", "inf"],
            &["a", "2nd"],
            &["a", "-"],
        ] {
            assert!(!are(values), "{values:?}");
        }
    }

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
