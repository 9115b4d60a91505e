//! What separates the cells of a file.

use super::records::{Record, name, split};

/// The separators that a file may have.
pub(super) const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// The rows of a text and what separates their cells. The error is a sentence.
///
/// A first line `sep=;`, which spreadsheets write and read, names the separator. Otherwise it is the one in the header. If
/// the header has several of them outside quotes, it is the one that gives every row as many cells as the header; if more
/// than one or none does so, the text is refused.
pub(super) fn records(text: &str) -> Result<(Vec<Record>, char), String> {
    if let Some((separator, rest)) = named(text)? {
        return Ok((split(rest, separator, 2)?, separator));
    }
    let header = header(text);
    let found: Vec<char> = SEPARATORS.into_iter().filter(|&one| is_outside_quotes(header, one)).collect();
    match found[..] {
        [] => split(text, ',', 1).map(|records| (records, ',')).map_err(|problem| {
            format!("{problem}; cells are separated by commas, semicolons, tabs or |, not by spaces")
        }),
        [separator] => Ok((split(text, separator, 1)?, separator)),
        _ => {
            let even = |&separator: &char| {
                let records = split(text, separator, 1).ok()?;
                let cells = records.first()?.cells.len();
                records.iter().all(|record| record.cells.len() == cells).then_some((records, separator))
            };
            let mut fitting: Vec<_> = found.iter().filter_map(even).collect();
            if let (Some(only), true) = (fitting.pop(), fitting.is_empty()) {
                return Ok(only);
            }
            let names: Vec<String> = found.iter().map(|&separator| name(separator)).collect();
            Err(format!(
                "its cells may be separated by {}: put names and texts that contain one in double quotes, or write sep= and the \
                 separator as the first line",
                names.join(" or by ")
            ))
        }
    }
}

/// The first line with text, and the lines after it as long as a quote is open, which a name of several lines is in.
fn header(text: &str) -> &str {
    let text = text.trim_start_matches([' ', '\n', '\r']);
    let mut is_open = false;
    for letter in letters(text) {
        if is_end(letter.character) && !letter.is_quoted {
            return &text[..letter.at];
        }
        is_open = letter.is_open;
    }
    if is_open { text.split(is_end).next().unwrap_or_default() } else { text }
}

fn is_end(character: char) -> bool {
    matches!(character, '\n' | '\r')
}

/// A character of a text.
struct Letter {
    at: usize,
    character: char,
    /// Whether it is inside quotes, or one.
    is_quoted: bool,
    /// Whether a quote is open after it.
    is_open: bool,
}

/// The characters of a text. A quote opens at the beginning of a cell alone.
fn letters(text: &str) -> impl Iterator<Item = Letter> {
    text.char_indices().scan((false, true), |(is_open, is_start), (at, character)| {
        let was_open = *is_open;
        if character == '"' && (was_open || *is_start) {
            // The second of two quotes in a cell opens it again.
            (*is_open, *is_start) = (!was_open, was_open);
        } else if !was_open {
            let ends_cell = SEPARATORS.contains(&character) || is_end(character);
            *is_start = ends_cell || (*is_start && character == ' ');
        }
        Some(Letter { at, character, is_quoted: was_open || *is_open, is_open: *is_open })
    })
}

/// The separator that the first line names, and the text after that line.
fn named(text: &str) -> Result<Option<(char, &str)>, String> {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let (name, ends) = (line.trim_matches([' ', '"']), text[line.len()..].starts_with("\r\n"));
    let Some(separator) =
        name.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &name[4..])
    else {
        return Ok(None);
    };
    let rest = text.get(line.len() + if ends { 2 } else { 1 }..).unwrap_or_default();
    match SEPARATORS.into_iter().find(|one| separator.starts_with(*one) && separator.len() == 1) {
        Some(separator) => Ok(Some((separator, rest))),
        None => Err(format!(
            "line 1 names {separator:?} as the separator, but it must be a comma, a semicolon, a tab or |"
        )),
    }
}

/// The end of a sentence about a row with another number of cells than the header: why that is, if it can be told.
pub(super) fn why_uneven(cells: &[String], wanted: usize, separator: char) -> String {
    if wanted == 1 {
        return ": write the names of all columns in the first line, and nothing above it".to_owned();
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_split = |pair: &[String]| {
        digits(pair[0].trim_start_matches(['+', '-'])) && pair[1].starts_with(|c: char| c.is_ascii_digit())
    };
    let row_names = "if these are row names, as R writes them, name their column in the header too";
    if separator == ',' && cells.len() > wanted && cells.windows(2).any(is_split) {
        let commas = "if these are decimal commas, separate the cells by semicolons or tabs";
        let or = if cells.len() == wanted + 1 { format!("; {row_names}") } else { String::new() };
        return format!(": {commas}{or}");
    }
    let other = SEPARATORS
        .into_iter()
        .find(|&other| other != separator && cells.iter().any(|cell| cell.contains(other)));
    match other.filter(|_| cells.len() < wanted) {
        Some(other) => format!(
            ": the header's cells are separated by {}, this row may have {}",
            name(separator),
            name(other)
        ),
        None if cells.len() == wanted + 1 => format!(": {row_names}"),
        None => String::new(),
    }
}

/// Whether a header has this character outside double quotes.
fn is_outside_quotes(header: &str, separator: char) -> bool {
    letters(header).any(|letter| letter.character == separator && !letter.is_quoted)
}

#[cfg(test)]
mod tests {
    use super::records;

    fn header(text: &str) -> Vec<String> {
        records(text).unwrap().0.swap_remove(0).cells
    }

    #[test]
    fn the_separator_is_that_of_the_header() {
        for separator in [',', ';', '\t', '|'] {
            let text = format!("x{separator}\"y, ; | \t\"\n1{separator}2\n");
            let (rows, found) = records(&text).unwrap();
            assert_eq!((rows.len(), rows[0].cells.len(), found), (2, 2, separator));
        }
        assert_eq!(header("x\n1\n"), ["x"]);
    }

    #[test]
    fn a_name_of_several_lines_is_part_of_the_header() {
        for separator in [',', ';', '\t'] {
            let text = format!("\n \"Score\r\n(mean, \"\"old\"\"; \t)\"{separator}x\r\n1{separator}2\r\n");
            let (rows, found) = records(&text).unwrap();
            assert_eq!((found, rows.len()), (separator, 2));
            assert_eq!(rows[0].cells, ["Score\r\n(mean, \"old\"; \t)", "x"]);
        }
        // A quote inside a cell opens nothing.
        assert_eq!(header("pipe 5\";x\n1;2\n"), ["pipe 5\"", "x"]);
    }

    #[test]
    fn a_first_line_names_it() {
        for text in ["sep=;\nx, y;z\n", "SEP=;\r\nx, y;z\r\n", "\"sep=;\"\rx, y;z\r"] {
            assert_eq!(header(text), ["x, y", "z"], "{text:?}");
        }
        assert_eq!(header("sep=\t\nx;y\tz\n"), ["x;y", "z"]);
        assert_eq!(records("sep=;\nx;z\n1;2").unwrap().0[1].line, 3);
        assert!(records("sep=:\nx:z\n").unwrap_err().contains("line 1 names \":\""));
        assert!(records("sep=\nx;z\n").unwrap_err().contains("line 1 names \"\""));
    }

    #[test]
    fn of_several_the_one_that_fits_every_row_is_taken() {
        assert_eq!(header("score, mean;x\n1;2\n3;4\n"), ["score, mean", "x"]);
        assert_eq!(header("a|b,x;y\n1,2\n"), ["a|b", "x;y"]);
    }

    #[test]
    fn a_file_that_can_be_read_in_two_ways_or_in_none_is_refused() {
        // With commas: columns "score" and "mean;x", rows (1;2 | 5).
        for text in ["score, mean;x\n1;2,5\n3;4,5\n", "a,b;c\n1,2,3\n4;5;6\n", "a,b;c\n"] {
            let error = records(text).unwrap_err();
            assert!(error.contains("a comma or by a semicolon") && error.contains("sep="), "{error}");
        }
    }
}
