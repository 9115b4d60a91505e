//! From a text to rows of cells.

use std::iter::Peekable;
use std::str::Chars;

/// The cells of one row and the line it starts on, from 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub line: usize,
    pub cells: Vec<String>,
}

impl Record {
    /// Whether it has no text in any cell: an empty line, or separators alone.
    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// A separator in words, "a comma".
pub(super) fn name(separator: char) -> String {
    match separator {
        ',' => "a comma".into(),
        ';' => "a semicolon".into(),
        '\t' => "a tab".into(),
        other => format!("{other:?}"),
    }
}

/// The rows of a text that have any text; the first one starts on line `line`. The error is a sentence.
///
/// Lines end in LF, CRLF or CR. A cell in double quotes may contain separators, line ends and doubled quotes (RFC 4180).
/// Spaces around a cell and around its quotes do not count; those inside quotes do.
pub(super) fn split(text: &str, separator: char, line: usize) -> Result<Vec<Record>, String> {
    let mut reader = Reader { characters: text.chars().peekable(), separator, line };
    let mut records = Vec::new();
    while reader.characters.peek().is_some() {
        let record = reader.record()?;
        if !record.is_empty() {
            records.push(record);
        }
    }
    Ok(records)
}

struct Reader<'a> {
    characters: Peekable<Chars<'a>>,
    separator: char,
    line: usize,
}

impl Reader<'_> {
    fn record(&mut self) -> Result<Record, String> {
        let mut record = Record { line: self.line, cells: Vec::new() };
        loop {
            self.skip_spaces();
            let cell = if self.characters.next_if_eq(&'"').is_some() { self.quoted()? } else { self.plain() };
            record.cells.push(cell);
            match self.characters.next() {
                Some(character) if character == self.separator => {}
                Some('\r') => {
                    self.characters.next_if_eq(&'\n');
                    break;
                }
                _ => break,
            }
        }
        self.line += 1;
        Ok(record)
    }

    /// Whether a cell cannot go on with this character.
    fn ends_cell(&self, character: char) -> bool {
        character == self.separator || matches!(character, '\n' | '\r')
    }

    fn skip_spaces(&mut self) {
        while let Some(&next) = self.characters.peek() {
            if self.ends_cell(next) || !next.is_whitespace() {
                return;
            }
            self.characters.next();
        }
    }

    fn plain(&mut self) -> String {
        let mut cell = String::new();
        while let Some(&next) = self.characters.peek() {
            if self.ends_cell(next) {
                break;
            }
            cell.push(next);
            self.characters.next();
        }
        cell.truncate(cell.trim_end().len());
        cell
    }

    /// The rest of a cell whose opening quote was read.
    fn quoted(&mut self) -> Result<String, String> {
        let (opened, mut cell) = (self.line, String::new());
        loop {
            match self.characters.next() {
                Some('"') if self.characters.next_if_eq(&'"').is_some() => cell.push('"'),
                Some('"') => break,
                Some(character) => {
                    let is_crlf = character == '\r' && self.characters.peek() == Some(&'\n');
                    self.line += usize::from(matches!(character, '\n' | '\r') && !is_crlf);
                    cell.push(character);
                }
                None => return Err(format!("the quote opened on line {opened} is never closed")),
            }
        }
        self.skip_spaces();
        match self.characters.peek().copied() {
            Some(next) if !self.ends_cell(next) => {
                let (line, separator) = (self.line, name(self.separator));
                Err(format!("line {line}: {separator} or a line end must follow a closing quote"))
            }
            _ => Ok(cell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    fn cells(text: &str, separator: char) -> Vec<Vec<String>> {
        split(text, separator, 1).unwrap().into_iter().map(|record| record.cells).collect()
    }

    #[test]
    fn every_line_end_ends_a_row_and_rows_without_text_are_left_out() {
        for text in ["a,b\n1,2\n", "a,b\r\n1,2", "a,b\r1,2\r", "\n , \na,b\n,\n,,,\n\"\",\n1,2\n\n"] {
            assert_eq!(cells(text, ','), [["a", "b"], ["1", "2"]], "{text:?}");
        }
        assert_eq!(cells("a\t b c \n\t2", '\t'), [["a", "b c"], ["", "2"]]);
    }

    #[test]
    fn spaces_count_inside_quotes_alone() {
        assert_eq!(cells(" \" a \" ; b;\"x;\r\n\"\"y\"\"\" \n", ';'), [[" a ", "b", "x;\r\n\"y\""]]);
        assert_eq!(cells("5\" pipe,b\"c", ','), [["5\" pipe", "b\"c"]]);
    }

    #[test]
    fn rows_are_told_by_the_line_they_start_on() {
        let text = "a\r\n\"x\r\ny\rz\nw\"\r\n\r\nb";
        let lines: Vec<usize> = split(text, ',', 2).unwrap().iter().map(|record| record.line).collect();
        assert_eq!(lines, [2, 3, 8]);
    }

    #[test]
    fn quotes_that_do_not_end_a_cell_are_errors() {
        let error = |text| split(text, ';', 1).unwrap_err();
        assert_eq!(error("a\n\"b;c\n"), "the quote opened on line 2 is never closed");
        assert_eq!(error("a\n\"b\" c;d\n"), "line 2: a semicolon or a line end must follow a closing quote");
    }
}
