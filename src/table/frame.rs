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

/// One value of each row.
fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

pub(crate) fn from_filters(rows: &[FilterScore]) -> Result<DataFrame> {
    df!(
        "session" => column(rows, |row| row.session.as_str()),
        "iterations" => column(rows, |row| row.iterations as i64),
        "layer" => column(rows, |row| row.layer as i64),
        "image" => column(rows, |row| row.image.as_str()),
        "filter" => column(rows, |row| row.filter as i64),
        "score" => column(rows, |row| row.score),
        "constant" => column(rows, |row| row.constant),
        "soft" => column(rows, |row| row.soft),
        "soft_threshold" => column(rows, |row| row.soft_threshold),
    )
    .map_err(refused("make the score table"))
}

pub(crate) fn from_layers(rows: &[LayerScore]) -> Result<DataFrame> {
    df!(
        "session" => column(rows, |row| row.session.as_str()),
        "iterations" => column(rows, |row| row.iterations as i64),
        "layer" => column(rows, |row| row.layer as i64),
        "image" => column(rows, |row| row.image.as_str()),
        "filters" => column(rows, |row| row.filters as i64),
        "score_sum" => column(rows, |row| row.sum),
        "score_mean" => column(rows, |row| row.mean),
        "soft_count" => column(rows, |row| row.soft_count as i64),
        "soft_threshold" => column(rows, |row| row.soft_threshold),
    )
    .map_err(refused("make the table of layers"))
}

/// An error about a cell; `row` counts from 0.
fn bad_cell(name: &str, row: usize, problem: &str) -> Error {
    let place = format!("column {name}, row {}", row + 1);
    Failure::BadFrame { place, problem: problem.to_owned() }.into()
}

/// The values of a column that must have one in each row.
fn complete<T>(name: &str, values: impl IntoIterator<Item = Option<T>>) -> Result<Vec<T>> {
    let missing = |row| bad_cell(name, row, "it is null: every row needs a value");
    let cells = values.into_iter().enumerate();
    cells.map(|(row, value)| value.ok_or_else(|| missing(row))).collect()
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
    let texts = |name| -> Result<Vec<String>> {
        let column = typed(name, DataType::String)?;
        let values = column.str().map_err(refused("read a column of text"))?.iter();
        complete(name, values.map(|value| value.map(str::to_string)))
    };
    let counts = |name| -> Result<Vec<u64>> {
        let column = typed(name, DataType::Int64)?;
        let values = column.i64().map_err(refused("read a column of integers"))?.iter();
        let count = |(row, value): (usize, i64)| {
            u64::try_from(value).map_err(|_| bad_cell(name, row, &format!("{value} is below 0")))
        };
        complete(name, values)?.into_iter().enumerate().map(count).collect()
    };
    let flags = |name| -> Result<Vec<bool>> {
        let column = typed(name, DataType::Boolean)?;
        complete(name, column.bool().map_err(refused("read a column of booleans"))?.iter())
    };
    let floats = |name| -> Result<Vec<Option<f64>>> {
        let column = typed(name, DataType::Float64)?;
        Ok(column.f64().map_err(refused("read a column of numbers"))?.iter().collect())
    };
    let (sessions, images) = (texts("session")?, texts("image")?);
    let (iterations, layers, filters) = (counts("iterations")?, counts("layer")?, counts("filter")?);
    let (scores, thresholds) = (floats("score")?, floats("soft_threshold")?);
    let (constant, soft) = (flags("constant")?, flags("soft")?);
    let scores = complete("score", scores)?;
    let texts = sessions.into_iter().zip(images).enumerate();
    let score = |(row, (session, image))| FilterScore {
        session,
        image,
        iterations: iterations[row],
        layer: layers[row] as usize,
        filter: filters[row] as usize,
        score: scores[row],
        constant: constant[row],
        soft: soft[row],
        soft_threshold: thresholds[row],
    };
    Ok(texts.map(score).collect())
}
