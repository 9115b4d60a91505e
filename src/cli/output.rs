//! Writing to standard output; a closed pipe is not an error.

use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::error::{Error, Failure, Result};
use serde::Serialize;

/// Prints `text` and a newline. If nobody reads any more (`softness .. | head`), nothing is printed and that is no
/// error.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::from(Failure::Io {
            path: Path::new("standard output").to_owned(),
            action: "write to it",
            source: error,
        })),
        _ => Ok(()),
    }
}

/// Prints a value as one JSON document.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| {
        Error::from(Failure::Malformed {
            path: Path::new("standard output").to_owned(),
            problem: format!("the result cannot be written as JSON: {error}"),
        })
    })?;
    print(&text)
}
