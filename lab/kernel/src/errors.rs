//! Standard error: ordinary text, and the marked text of an error that a `?` returns.

use crate::streams::{MARK, NEWLINE};

/// What has arrived on standard error without its end: half a character, or half the text of an error.
#[derive(Debug, Default)]
pub struct Undecoded {
    bytes: Unfinished,
    error: Option<String>,
}

impl Undecoded {
    /// The text that ends with these bytes, and whether it is the marked text of an error.
    pub fn pieces(&mut self, bytes: &[u8]) -> Vec<(String, bool)> {
        let mut pieces = Vec::new();
        for part in self.bytes.with(bytes).split_inclusive([MARK, NEWLINE]) {
            let end = part.chars().last().filter(|end| [MARK, NEWLINE].contains(end));
            let text = part.strip_suffix([MARK, NEWLINE]).unwrap_or(part);
            match &mut self.error {
                Some(error) => error.push_str(text),
                None if !text.is_empty() => pieces.push((text.to_owned(), false)),
                None => {}
            }
            match end {
                Some(MARK) => self.error = Some(String::new()),
                Some(_) => pieces.extend(self.error.take().map(|error| (error, true))),
                None => {}
            }
        }
        pieces
    }
}

/// Half a character, of which the rest has not arrived.
#[derive(Debug, Default)]
pub struct Unfinished(Vec<u8>);

impl Unfinished {
    /// The text that ends with these bytes.
    pub fn with(&mut self, bytes: &[u8]) -> String {
        self.0.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.0) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.0.len(),
        };
        let whole: Vec<u8> = self.0.drain(..whole).collect();
        String::from_utf8_lossy(&whole).into_owned()
    }

    /// What is left at the end.
    pub fn rest(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.0)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marked_text_of_an_error_is_told_from_other_text() {
        let bytes = "a\n\u{1}größe\nfehlt\u{2}b".as_bytes();
        for size in 1..=bytes.len() {
            let mut undecoded = Undecoded::default();
            let mut errors = Vec::new();
            let mut rest = String::new();
            for (text, is_error) in
                bytes.chunks(size).flat_map(|piece| undecoded.pieces(piece)).collect::<Vec<_>>()
            {
                if is_error { errors.push(text) } else { rest += &text }
            }
            assert_eq!(
                (errors, rest),
                (vec!["größe\nfehlt".to_owned()], "a\nb".to_owned()),
                "in pieces of {size}"
            );
        }
    }
}
