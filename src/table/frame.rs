//! Between plain rows and polars data frames.

use polars::prelude::*;

use super::{FilterScore, LayerScore};
use crate::error::{Error, ErrorKind, Failure, Result};

/// The columns of a score table, in order.
pub(super) const COLUMNS: [&str; 9] =
    ["session", "iterations", "layer", "image", "filter", "score", "constant", "soft", "soft_threshold"];

fn refused(action: &'static str) -> impl Fn(PolarsError) -> Error {
    move |source| Error::new(ErrorKind::Internal, format!("{action}: {source}"))
}

fn column<R, T>(rows: &[R], name: &str, value: impl Fn(&R) -> T) -> Column
where
    Series: NamedFrom<Vec<T>, [T]>,
    Vec<T>: AsRef<[T]>,
{
    Series::new(name.into(), rows.iter().map(value).collect::<Vec<T>>()).into()
}

fn texts<R>(rows: &[R], name: &str, value: impl Fn(&R) -> &str) -> Column {
    Series::new(name.into(), rows.iter().map(value).collect::<Vec<&str>>()).into()
}

fn optional<R>(rows: &[R], name: &str, value: impl Fn(&R) -> Option<f64>) -> Column {
    Series::new(name.into(), rows.iter().map(value).collect::<Vec<Option<f64>>>()).into()
}

pub(super) fn from_filters(rows: &[FilterScore]) -> Result<DataFrame> {
    DataFrame::new(
        rows.len(),
        vec![
            texts(rows, "session", |row| &row.session),
            column(rows, "iterations", |row| row.iterations as i64),
            column(rows, "layer", |row| row.layer as i64),
            texts(rows, "image", |row| &row.image),
            column(rows, "filter", |row| row.filter as i64),
            column(rows, "score", |row| row.score),
            column(rows, "constant", |row| row.constant),
            column(rows, "soft", |row| row.soft),
            optional(rows, "soft_threshold", |row| row.soft_threshold),
        ],
    )
    .map_err(refused("make the score table"))
}

pub(super) fn from_layers(rows: &[LayerScore]) -> Result<DataFrame> {
    DataFrame::new(
        rows.len(),
        vec![
            texts(rows, "session", |row| &row.session),
            column(rows, "iterations", |row| row.iterations as i64),
            column(rows, "layer", |row| row.layer as i64),
            texts(rows, "image", |row| &row.image),
            column(rows, "filters", |row| row.filters as i64),
            column(rows, "score_sum", |row| row.sum),
            column(rows, "score_mean", |row| row.mean),
            column(rows, "soft_count", |row| row.soft_count as i64),
            optional(rows, "soft_threshold", |row| row.soft_threshold),
        ],
    )
    .map_err(refused("make the table of layers"))
}

pub(super) fn to_filters(frame: &DataFrame) -> Result<Vec<FilterScore>> {
    let typed = |name: &str, wanted: DataType| -> Result<Column> {
        let bad = |problem| Error::from(Failure::BadFrame { place: format!("column {name}"), problem });
        let column = frame.column(name).map_err(|_| {
            bad(format!("it is missing: a score table has the columns {}", COLUMNS.join(", ")))
        })?;
        let found = column.dtype();
        let fits = match wanted {
            DataType::Int64 => found.is_integer(),
            DataType::Float64 => found.is_float() || (name == "soft_threshold" && *found == DataType::Null),
            _ => *found == wanted,
        };
        if !fits {
            return Err(bad(format!("its type is {found}, but {wanted} is needed")));
        }
        column.strict_cast(&wanted).map_err(|problem| bad(problem.to_string()))
    };
    let missing = |name: &str, row: usize| {
        Error::from(Failure::BadFrame {
            place: format!("column {name}, row {}", row + 1),
            problem: "it is null: every row needs a value".into(),
        })
    };
    let texts = |name: &str| -> Result<Vec<String>> {
        let column = typed(name, DataType::String)?;
        let values = column.str().map_err(refused("read a column of text"))?;
        let cells = values.iter().enumerate();
        cells.map(|(row, value)| value.map(str::to_string).ok_or_else(|| missing(name, row))).collect()
    };
    let counts = |name: &str| -> Result<Vec<u64>> {
        let column = typed(name, DataType::Int64)?;
        let values = column.i64().map_err(refused("read a column of integers"))?;
        let cells = values.iter().enumerate();
        cells
            .map(|(row, value)| {
                let value = value.ok_or_else(|| missing(name, row))?;
                u64::try_from(value).map_err(|_| {
                    Error::from(Failure::BadFrame {
                        place: format!("column {name}, row {}", row + 1),
                        problem: format!("{value} is below 0"),
                    })
                })
            })
            .collect()
    };
    let flags = |name: &str| -> Result<Vec<bool>> {
        let column = typed(name, DataType::Boolean)?;
        let values = column.bool().map_err(refused("read a column of booleans"))?;
        values.iter().enumerate().map(|(row, value)| value.ok_or_else(|| missing(name, row))).collect()
    };
    let floats = |name: &str| -> Result<Vec<Option<f64>>> {
        let column = typed(name, DataType::Float64)?;
        Ok(column.f64().map_err(refused("read a column of numbers"))?.iter().collect())
    };
    let (sessions, images) = (texts("session")?, texts("image")?);
    let (iterations, layers, filters) = (counts("iterations")?, counts("layer")?, counts("filter")?);
    let (scores, thresholds) = (floats("score")?, floats("soft_threshold")?);
    let (constant, soft) = (flags("constant")?, flags("soft")?);
    sessions
        .into_iter()
        .zip(images)
        .enumerate()
        .map(|(row, (session, image))| {
            Ok(FilterScore {
                session,
                image,
                iterations: iterations[row],
                layer: layers[row] as usize,
                filter: filters[row] as usize,
                score: scores[row].ok_or_else(|| missing("score", row))?,
                constant: constant[row],
                soft: soft[row],
                soft_threshold: thresholds[row],
            })
        })
        .collect()
}
