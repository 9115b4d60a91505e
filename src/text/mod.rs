//! Numbers, tables and CSV as text. Everything above writes with these, and they know no type of the crate but its
//! errors.

pub(crate) mod csv;
pub(crate) mod numbers;
pub(crate) mod table;

/// The values as texts: what [`table::Table`] and [`csv::Csv`] take as a row.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { [$($value.to_string()),*] };
}
pub(crate) use cells;

/// A name in the middle of a sentence: as it is if it is a word or a number, else in quotes.
pub(crate) fn named(name: &str) -> std::borrow::Cow<'_, str> {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    if !name.is_empty() && name.chars().all(is_word) { name.into() } else { format!("{name:?}").into() }
}
