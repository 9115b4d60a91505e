//! Options that are lists of names.

use crate::error::{Error, Result};
use crate::table::CsvTable;

/// The names in the values of an option that may be repeated, each names with commas between them; a name with a comma in it
/// stands in double quotes.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) with the option, if a value has no name or a quote is not closed.
pub fn names(option: &str, values: &[String]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for value in values {
        let names = CsvTable::names(option, value)?;
        let requirement = "it must be names with commas between them";
        Error::require(!names.is_empty(), option, format!("{value:?}"), requirement)?;
        all.extend(names);
    }
    Ok(all)
}
