//! Writing to standard output; a closed pipe is not an error.

use std::io::{ErrorKind, Write};

use crate::error::{Error, Result};
use serde::Serialize;

/// Prints `text` and a newline. If the pipe is closed (`softness .. | head`), nothing is printed and that is no
/// error.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::io("standard output", "write to it")(error))
        }
        _ => Ok(()),
    }
}

/// Prints a value as one JSON document.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    print(&serde_json::to_string_pretty(value).expect("numbers and texts have a JSON form"))
}
