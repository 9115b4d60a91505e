//! Data frames as HTML tables.

use std::fmt;

use maud::{Markup, html};
use polars::prelude::*;

use crate::display::notebook;
use crate::table::ScoreTable;

/// Rows shown unless told otherwise.
const ROWS: usize = 20;

/// A polars data frame as a notebook shows it: numbers right-aligned, small ones readable, long
/// tables cut with a count.
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
    /// With another number of rows before the table is cut; 20 unless told otherwise.
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// The data frame.
    pub fn dataframe(&self) -> &DataFrame {
        &self.frame
    }

    /// The table as HTML.
    pub fn html(&self) -> String {
        self.markup().into_string()
    }

    /// Shows the table in a notebook.
    pub fn evcxr_display(&self) {
        notebook::show_html(&self.html(), &self.to_string());
    }

    fn markup(&self) -> Markup {
        let columns = self.frame.columns();
        html! {
            table {
                thead { tr { @for column in columns {
                    th style=(alignment(column)) { (column.name().as_str()) }
                } } }
                tbody { @for row in 0..self.shown() { tr { @for column in columns {
                    td style=(alignment(column)) { (cell(column, row)) }
                } } } }
            }
            @if let Some(rest) = self.rest() { p { (rest) } }
        }
    }

    fn shown(&self) -> usize {
        self.frame.height().min(self.rows)
    }

    fn rest(&self) -> Option<String> {
        let all = self.frame.height();
        (all > self.rows).then(|| format!("{} of {all} rows", self.rows))
    }
}

impl fmt::Display for TableView {
    /// The table as text, in columns.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.frame.columns();
        let texts: Vec<Vec<String>> = columns
            .iter()
            .map(|column| {
                let cells = (0..self.shown()).map(|row| cell(column, row));
                std::iter::once(column.name().to_string()).chain(cells).collect()
            })
            .collect();
        let width = |cells: &Vec<String>| cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = texts.iter().map(width).collect();
        for row in 0..=self.shown() {
            let cells = columns.iter().zip(&texts).zip(&widths).map(|((column, cells), &width)| {
                let text = &cells[row];
                if is_number(column) { format!("{text:>width$}") } else { format!("{text:<width$}") }
            });
            writeln!(formatter, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        self.rest().map_or(Ok(()), |rest| writeln!(formatter, "{rest}"))
    }
}

impl ScoreTable {
    /// Shows the table in a notebook: the first rows, and how many there are.
    pub fn evcxr_display(&self) {
        view(self.dataframe()).evcxr_display();
    }
}

fn is_number(column: &Column) -> bool {
    column.dtype().is_primitive_numeric()
}

fn alignment(column: &Column) -> &'static str {
    if is_number(column) { "text-align:right" } else { "text-align:left" }
}

/// A cell as a reader expects it. Null is a dash.
fn cell(column: &Column, row: usize) -> String {
    match column.get(row) {
        Err(_) | Ok(AnyValue::Null) => "–".into(),
        Ok(AnyValue::String(text)) => text.into(),
        Ok(AnyValue::StringOwned(text)) => text.to_string(),
        Ok(AnyValue::Float64(value)) => number(value),
        Ok(AnyValue::Float32(value)) => number(value.into()),
        Ok(other) => other.to_string(),
    }
}

/// Four decimals, or a power of ten where these would say too little or too much.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-3..1e6).contains(&size) { format!("{value:.4}") } else { format!("{value:.2e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> DataFrame {
        df!("name" => ["a<b", "c"], "count" => [1, 20], "p" => [1.23e-7, 0.5]).unwrap()
    }

    #[test]
    fn numbers_are_on_the_right_and_texts_are_escaped() {
        let html = view(&frame()).html();
        assert!(html.contains("<td style=\"text-align:left\">a&lt;b</td>"), "{html}");
        assert!(html.contains("<td style=\"text-align:right\">20</td>"), "{html}");
        assert!(html.contains("<td style=\"text-align:right\">1.23e-7</td>"), "{html}");
    }

    #[test]
    fn a_long_table_is_cut_with_a_count() {
        let cut = view(&frame()).rows(1);
        assert!(cut.html().contains("1 of 2 rows"));
        assert_eq!(cut.to_string(), "name  count        p\na<b       1  1.23e-7\n1 of 2 rows\n");
    }
}
