//! Data frames and score tables.

use std::fmt;

use polars::prelude::*;

use crate::display::notebook::{self, Tables, shown_as_tables};
use crate::table::ScoreTable;
use crate::text::cells;
use crate::text::numbers::short;
use crate::text::table::Table;

/// Rows shown by default.
const ROWS: usize = 20;

/// A polars data frame as a notebook shows it: numbers on the right, with four decimals or a power of ten; null as a
/// dash; the first rows of a long table, and how many there are.
#[derive(Debug, Clone)]
pub struct TableView {
    frame: DataFrame,
    rows: usize,
}

/// A view of any data frame: `view(&table.layers()?)`.
pub fn view(frame: &DataFrame) -> TableView {
    TableView { frame: frame.clone(), rows: ROWS }
}

impl TableView {
    setters! {
        /// Sets how many rows are shown at most; 20 by default.
        pub fn rows(self, rows: usize);
    }

    /// The data frame.
    pub fn dataframe(&self) -> &DataFrame {
        &self.frame
    }

    /// The table as HTML.
    pub fn html(&self) -> String {
        self.markup().into_string()
    }
}

impl Tables for TableView {
    fn tables(&self) -> Vec<Table> {
        let columns = self.frame.columns();
        let sides: String = columns
            .iter()
            .map(|column| if column.dtype().is_primitive_numeric() { 'r' } else { 'l' })
            .collect();
        // Rows that are not shown are counted, not written out.
        let shown = self.frame.height().min(self.rows);
        let rows = (0..shown).map(|row| columns.iter().map(|column| cell(column, row)).collect::<Vec<_>>());
        let table = Table::new(&sides, columns.iter().map(|column| column.name().to_string()), rows);
        vec![table.out_of(self.frame.height())]
    }
}

shown_as_tables!(TableView);

/// A cell as a reader expects it.
fn cell(column: &Column, row: usize) -> String {
    match column.get(row) {
        Err(_) | Ok(AnyValue::Null) => "–".into(),
        Ok(AnyValue::String(text)) => text.into(),
        Ok(AnyValue::StringOwned(text)) => text.to_string(),
        Ok(AnyValue::Float64(value)) => short(value),
        Ok(AnyValue::Float32(value)) => short(value.into()),
        Ok(other) => other.to_string(),
    }
}

impl ScoreTable {
    /// Shows the table in a notebook: the first 20 rows, and how many there are.
    pub fn evcxr_display(&self) {
        view(self.dataframe()).evcxr_display();
    }
}

impl fmt::Display for ScoreTable {
    /// The layer scores as text in columns, a row for each session, layer and image.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = ["session", "iterations", "layer", "image", "filters", "sum", "mean", "soft"];
        let rows = self.layer_scores().into_iter().map(|row| {
            let [sum, mean] = [row.sum, row.mean].map(|score| format!("{score:.4}"));
            cells![row.session, row.iterations, row.layer, row.image, row.filters, sum, mean, row.soft_count]
        });
        Table::new("lrrlrrrr", header, rows).fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_on_the_right_and_a_long_table_is_cut_with_a_count() {
        let frame = df!("name" => ["a<b", "c"], "count" => [1, 20], "p" => [Some(1.23e-7), None]).unwrap();
        assert_eq!(
            view(&frame).to_string(),
            "name  count        p\na<b       1  1.23e-7\nc        20        –"
        );
        let cut = view(&frame).rows(1);
        assert_eq!(cut.to_string(), "name  count        p\na<b       1  1.23e-7\n1 of 2 rows");
        assert!(cut.html().ends_with("</tbody></table><p>1 of 2 rows</p>"), "{}", cut.html());
    }
}
