//! Fits of any two columns of a CSV file.

use super::fit::{Points, fit_forms};
use super::fits::ROUNDED_WEIGHTS;
use super::group::Group;
use super::{Fit, Form, Refusal};
use crate::error::{Error, Result};
use crate::table::{CsvTable, grouped};

/// Which columns of a table to fit, and how.
#[derive(Debug, Clone)]
pub struct ColumnFit {
    /// The column of the explanatory variable.
    pub x: String,
    /// The column of the response.
    pub y: String,
    /// Rows with the same values in all these columns are a group; all rows are one if there are none.
    pub by: Vec<String>,
    /// The forms to fit.
    pub forms: Vec<Form>,
    /// Whether rows with a missing x or y are left out. Otherwise their group is refused.
    pub skip_missing: bool,
}

/// The fits, and what was not fitted.
#[derive(Debug, Clone)]
pub struct ColumnFits {
    /// The fits.
    pub fits: Vec<Fit>,
    /// What could not be fitted.
    pub refusals: Vec<Refusal>,
    /// The number of rows that were left out.
    pub left_out: usize,
}

impl ColumnFit {
    /// Fits every group of rows in every form.
    ///
    /// Groups come in the order of their first rows and are distinguished by the text of their cells. Within a group, forms
    /// come in their order. A group is refused if a cell is missing or is not a number, if it has fewer than three rows, or if
    /// x or y does not vary in it; layer scores vary if they differ by more than the rounding of 32-bit weights. The refusal names the group, and the row if one is at fault. If a form needs the logarithm of
    /// a value that is not above 0, only that form is refused. All others are still fitted.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such column;
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if a column has decimal points and decimal commas, or some rows name
    /// their group and others do not.
    pub fn fit(&self, table: &CsvTable) -> Result<ColumnFits> {
        let Self { x, y, by, forms, skip_missing } = self;
        by.iter().try_for_each(|column| table.check_column(column))?;
        by.iter().try_for_each(|column| check_named(table, column))?;
        [x, y].into_iter().try_for_each(|column| table.check_decimals(column))?;
        let is_missing = |row| Ok::<_, Error>(table.is_missing(row, x)? || table.is_missing(row, y)?);
        let mut left_out = 0;
        let mut groups = Vec::new();
        for row in 0..table.len() {
            let values = by.iter().map(|column| Ok((column.clone(), table.text(row, column)?.to_string())));
            let group = Group(values.collect::<Result<_>>()?);
            let is_used = !(*skip_missing && is_missing(row)?);
            left_out += usize::from(!is_used);
            groups.push((group, is_used.then_some(row)));
        }
        let y_error = if are_layer_scores(table, y) { ROUNDED_WEIGHTS } else { 0.0 };
        let mut groups = grouped(groups);
        if table.is_empty() {
            groups.push((Group::default(), Vec::new()));
        }
        let (mut fits, mut refusals) = (Vec::new(), Vec::new());
        for (group, rows) in groups {
            let rows: Vec<usize> = rows.into_iter().flatten().collect();
            match numbers(table, &rows, [x, y]) {
                Ok([x_values, y_values]) => {
                    let row_name = |row: usize| table.row_name(rows[row]);
                    let names = Points { group: &group, x, y, row_name: &row_name, y_error };
                    let (new, refused) = fit_forms(forms, &x_values, &y_values, &names);
                    fits.extend(new);
                    refusals.extend(refused);
                }
                Err(problem) => {
                    refusals.extend(Refusal::of_all(&group, forms, &format!("{group}, {problem}")))
                }
            }
        }
        Ok(ColumnFits { fits, refusals, left_out })
    }
}

/// Whether a column has the layer scores that `softness filters` writes into `layers.csv`.
fn are_layer_scores(table: &CsvTable, column: &str) -> bool {
    let has = |name: &&str| table.check_column(name).is_ok();
    ["score_sum", "score_mean"].contains(&column) && ["layer", "image", "scored"].iter().all(has)
}

/// Refuses a column of groups in which some cells are empty, but not all.
fn check_named(table: &CsvTable, column: &str) -> Result<()> {
    let is_empty = |row| table.text(row, column).map(|cell| cell.trim().is_empty());
    let cells = (0..table.len()).map(is_empty).collect::<Result<Vec<bool>>>()?;
    let Some(row) = cells.iter().position(|&is_empty| is_empty).filter(|_| cells.contains(&false)) else {
        return Ok(());
    };
    let problem = "is empty, but other rows name their group: name that of every row; a spreadsheet saves the name in merged cells \
                   in the first of their rows alone";
    Err(table.bad_cell(row, column, problem))
}

/// The numbers of two columns in these rows. The error is about the first cell without one.
fn numbers(
    table: &CsvTable,
    rows: &[usize],
    columns: [&String; 2],
) -> std::result::Result<[Vec<f64>; 2], String> {
    let mut values = [Vec::new(), Vec::new()];
    for &row in rows {
        for (column, values) in columns.iter().zip(&mut values) {
            let number = match table.is_missing(row, column) {
                Ok(true) => {
                    Err("is a missing value: give it a number, or leave such rows out with --skip-missing"
                        .into())
                }
                _ => table.number_in(row, column),
            };
            values.push(number.map_err(|problem| table.about_cell(row, column, &problem))?);
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn layer_scores_that_differ_by_the_rounding_of_weights_are_not_fitted_and_other_columns_are() {
        let rows: String =
            (1..=4).map(|n| format!("{n},1,bird,8,{}\n", 4.0 + f64::from(n * n) * 1e-8)).collect();
        for (header, y, fits) in [
            ("iterations,layer,image,scored,score_sum", "score_sum", 0),
            ("iterations,layer,image,scored,score_mean", "score_mean", 0),
            ("iterations,layer,image,scored,weight", "weight", 1),
            ("iterations,level,image,scored,score_sum", "score_sum", 1),
        ] {
            let table = CsvTable::parse(Path::new("a.csv"), &format!("{header}\n{rows}")).unwrap();
            let (x, y, by, forms) = ("iterations".into(), y.into(), Vec::new(), vec![Form::Linear]);
            let found = ColumnFit { x, y, by, forms, skip_missing: false }.fit(&table).unwrap();
            assert_eq!((found.fits.len(), found.refusals.len()), (fits, 1 - fits), "{header}");
        }
    }
}
