//! Fits of any two columns of a CSV file.

use super::fit::{Points, fit_forms};
use super::fits::Refusal;
use super::group::Group;
use super::{Fit, Form};
use crate::error::Result;
use crate::table::{CsvTable, grouped};

/// Fits column `y` against column `x` of a CSV table in every form of `forms`, for every group of rows with the same
/// values in all columns of `by`. All rows are one group if `by` is empty or the table has no rows.
///
/// Groups come in the order of their first rows and are told apart by the text of their cells. Within a group, forms come
/// in the order of `forms`. If a form needs the logarithm of a value that is not above 0, it is refused for that group, and
/// the refusal names the row. The other forms and groups are still fitted.
///
/// # Errors
/// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such column;
/// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if a cell is missing or is not a finite number, naming row and column;
/// [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit) if a group has fewer than three rows, or x or y does not vary in it,
/// naming the group.
pub fn fit_columns(
    table: &CsvTable,
    x: &str,
    y: &str,
    by: &[String],
    forms: &[Form],
) -> Result<(Vec<Fit>, Vec<Refusal>)> {
    let mut columns = [x, y].into_iter().chain(by.iter().map(String::as_str));
    columns.try_for_each(|column| table.check_column(column))?;
    let row_of_group = |row: usize| {
        let values = by.iter().map(|column| Ok((column.clone(), table.text(row, column)?.to_string())));
        Ok((Group(values.collect::<Result<_>>()?), row))
    };
    let mut groups = grouped((0..table.len()).map(row_of_group).collect::<Result<Vec<_>>>()?);
    if table.is_empty() {
        groups.push((Group::default(), Vec::new()));
    }
    let (mut fits, mut refusals) = (Vec::new(), Vec::new());
    for (group, rows) in &groups {
        let numbers =
            |column| rows.iter().map(|&row| table.number(row, column)).collect::<Result<Vec<f64>>>();
        let (x_values, y_values) = (numbers(x)?, numbers(y)?);
        let row_name = |row: usize| table.row_name(rows[row]);
        let names = Points { group, x, y, row_name: &row_name };
        let (new, refused) = fit_forms(forms, &x_values, &y_values, &names)?;
        fits.extend(new);
        refusals.extend(refused);
    }
    Ok((fits, refusals))
}
