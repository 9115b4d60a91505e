//! Data frames, and lists of values as tables.

use std::fmt;

use polars::prelude::*;

use crate::display::notebook::{self, Tables, shown_as_tables};
use crate::models::Fits;
use crate::session::{Evaluation, Session};
use crate::table::{FilterScore, LayerScore, ScoreTable, frame_of_layers, frame_of_rows};
use crate::text::cells;
use crate::text::numbers::short;
use crate::text::table::Table;

/// Rows shown by default.
const ROWS: usize = 20;

/// A table as a notebook shows it: numbers on the right, with four decimals or a power of ten; null as a dash; the first
/// rows of a long table, and how many there are.
#[derive(Clone)]
pub struct TableView {
    frame: DataFrame,
    rows: usize,
}

/// A view of anything that is a table: a polars data frame, a [`ScoreTable`], [`Fits`], a [`Session`], and lists of sessions, of
/// [`Evaluation`]s, of [`FilterScore`]s and of [`LayerScore`]s. So `view(&sessions)` has a row for each session, and
/// `view(session.history())` one for each evaluation.
pub fn view(values: impl Into<TableView>) -> TableView {
    values.into()
}

impl TableView {
    setters! {
        /// Sets how many rows are shown at most; 20 by default.
        pub fn rows(self, rows: usize);
    }

    /// The data frame. A copy shares its columns, so it costs almost nothing.
    pub fn dataframe(&self) -> DataFrame {
        self.frame.clone()
    }

    /// The table as HTML.
    pub fn html(&self) -> String {
        self.markup().into_string()
    }

    /// Rows and columns of the whole table.
    pub(super) fn shape(&self) -> (usize, usize) {
        self.frame.shape()
    }
}

impl From<DataFrame> for TableView {
    fn from(frame: DataFrame) -> Self {
        Self { frame, rows: ROWS }
    }
}

impl From<&DataFrame> for TableView {
    fn from(frame: &DataFrame) -> Self {
        frame.clone().into()
    }
}

impl From<&ScoreTable> for TableView {
    fn from(table: &ScoreTable) -> Self {
        table.dataframe().into()
    }
}

impl From<&Fits> for TableView {
    /// The columns that [`Fits`] shows in a notebook. [`Fits::dataframe`] has all.
    fn from(fits: &Fits) -> Self {
        fits.main_columns().into()
    }
}

impl From<&Session> for TableView {
    /// A single row.
    fn from(session: &Session) -> Self {
        std::slice::from_ref(session).into()
    }
}

/// Lists of values, as slices, arrays and vectors.
macro_rules! lists {
    ($($value:ty: $rows:ident => $frame:expr;)*) => { $(
        impl From<&[$value]> for TableView {
            /// A row for each value.
            fn from($rows: &[$value]) -> Self {
                $frame.expect("columns of different names and one length make a frame").into()
            }
        }

        impl<const N: usize> From<&[$value; N]> for TableView {
            /// A row for each value.
            fn from(rows: &[$value; N]) -> Self {
                rows.as_slice().into()
            }
        }

        impl From<&Vec<$value>> for TableView {
            /// A row for each value.
            fn from(rows: &Vec<$value>) -> Self {
                rows.as_slice().into()
            }
        }
    )* };
}

lists! {
    FilterScore: rows => frame_of_rows(rows);
    LayerScore: rows => frame_of_layers(rows);
    Evaluation: rows => df!(
        "iteration" => column(rows, |row| row.iteration as i64),
        "loss" => column(rows, |row| row.loss),
        "test_accuracy" => column(rows, |row| row.test_accuracy),
    );
    Session: rows => df!(
        "session" => column(rows, Session::name),
        "iterations" => column(rows, |row| row.iterations() as i64),
        "seed" => column(rows, |row| row.record().map(|_| row.training().seed.to_string())),
        "test_accuracy" => column(rows, Session::test_accuracy),
        "last_loss" => column(rows, |row| row.record().map(|record| record.loss)),
        "train_seconds" => column(rows, |row| row.record().map(|record| record.train_seconds)),
    );
}

/// One value of each row.
fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
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
        view(self).evcxr_display();
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
    use crate::dataset::Dataset;
    use crate::models::fit_models;
    use crate::session::{Training, train_in_memory};
    use crate::table::shipped_scores;

    #[test]
    fn numbers_are_on_the_right_and_a_long_table_is_cut_with_a_count() {
        let frame = df!("name" => ["a<b", "c"], "count" => [1, 20], "p" => [Some(1.23e-7), None]).unwrap();
        assert_eq!(
            view(&frame).to_string(),
            "name  count        p\na<b       1  1.23e-7\nc        20        –"
        );
        let cut = view(frame).rows(1);
        assert_eq!(cut.to_string(), "name  count        p\na<b       1  1.23e-7\n1 of 2 rows");
        assert!(cut.html().ends_with("</tbody></table><p>1 of 2 rows</p>"), "{}", cut.html());
    }

    #[test]
    fn lists_of_values_are_tables_with_a_row_for_each() {
        let training = Training::paper().iterations(4).batch(5).evaluate_every(2).seed(u64::MAX);
        let session = train_in_memory(&Dataset::tiny(), training, &()).unwrap();
        let banks = [1, 2].map(|layer| session.filters(layer).unwrap());
        let [first, second] = banks;
        let sessions = vec![session.clone(), Session::from_filters("mine", 7, [first, second]).unwrap()];
        let text = view(&sessions).to_string();
        let lines: Vec<&str> = text.lines().collect();
        let [header, trained, foreign] = lines[..] else { panic!("{text}") };
        let names: Vec<&str> = header.split_whitespace().collect();
        assert_eq!(names, ["session", "iterations", "seed", "test_accuracy", "last_loss", "train_seconds"]);
        assert!(trained.contains(&u64::MAX.to_string()), "{trained}");
        assert!(trained.contains(&short(session.test_accuracy().unwrap())), "{trained}");
        assert_eq!(foreign.split_whitespace().collect::<Vec<_>>(), ["mine", "7", "–", "–", "–", "–"]);
        let [first, second] = [&sessions[0], &sessions[1]].map(Clone::clone);
        assert_eq!(view(&[first, second]).to_string(), text);
        assert_eq!(view(&session).to_string(), view(&sessions[..1]).to_string());
        assert_eq!(view(session.history()).shape(), (2, 3));
        let table = shipped_scores().unwrap();
        assert_eq!(view(&table).shape(), (table.rows().len(), 9));
        assert_eq!(view(table.rows()).dataframe(), table.dataframe());
        assert_eq!(view(&table.layer_scores()).dataframe(), table.layers().unwrap());
        let fits = fit_models(&table).unwrap();
        assert_eq!(view(&fits).shape(), (12, 11));
    }
}
