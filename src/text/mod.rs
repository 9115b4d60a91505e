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
