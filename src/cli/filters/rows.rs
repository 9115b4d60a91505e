//! What is told of each layer and picture, as a table, as CSV and as JSON.

use crate::filters::FilterBank;
use crate::responses::{Border, ResponseOptions};
use crate::softness::FilterMeasure;
use crate::stats::mean;
use crate::table::ScoreTable;
use crate::text::cells;
use crate::text::csv::{Csv, number};
use crate::text::numbers::short;
use crate::text::table::Table;
use crate::weight_files::WeightFile;
use serde::Serialize;

/// One layer of one file on one picture.
#[derive(Debug, Serialize)]
pub(super) struct LayerRow {
    /// The name of the file without its ending, or in a series that of the folder with the number.
    pub file: String,
    /// `None` for a file that is not of a series.
    pub iterations: Option<u64>,
    /// From 1.
    pub layer: usize,
    /// Its name in the file.
    pub name: String,
    /// All its filters.
    pub filters: usize,
    pub channels: usize,
    /// The side of a kernel.
    pub kernel: usize,
    /// The mean over all filters; `None` if it is defined for none.
    pub roughness: Option<f64>,
    pub morans_i: Option<f64>,
    pub image: String,
    /// The filters that were scored.
    pub scored: usize,
    pub score_sum: f64,
    pub score_mean: f64,
    pub soft_count: usize,
}

/// A row for each layer of a file and each picture of its scores.
pub(super) fn layer_rows(file: &WeightFile, iterations: Option<u64>, scores: &ScoreTable) -> Vec<LayerRow> {
    let measures: Vec<[Option<f64>; 2]> = file.filters().iter().map(measures).collect();
    let row = |score: crate::table::LayerScore| {
        let bank = &file.filters()[score.layer - 1];
        let [roughness, morans_i] = measures[score.layer - 1];
        LayerRow {
            file: score.session,
            iterations,
            layer: score.layer,
            name: file.layer_names()[score.layer - 1].clone(),
            filters: bank.len(),
            channels: bank.channels(),
            kernel: bank.kernel(),
            roughness,
            morans_i,
            image: score.image,
            scored: score.filters,
            score_sum: score.sum,
            score_mean: score.mean,
            soft_count: score.soft_count,
        }
    };
    scores.layer_scores().into_iter().map(row).collect()
}

/// The means of roughness and Moran's I over the filters of a layer.
fn measures(bank: &FilterBank) -> [Option<f64>; 2] {
    [FilterMeasure::Roughness, FilterMeasure::MoransI].map(|measure| {
        let values: Vec<f64> =
            (0..bank.len()).filter_map(|filter| measure.value(bank.filter(filter), None)).collect();
        (!values.is_empty()).then(|| mean(&values))
    })
}

/// The rows as text in columns. Files and iterations are there for a series alone.
pub(super) fn table(rows: &[LayerRow], options: ResponseOptions) -> Table {
    let is_series = rows.iter().any(|row| row.iterations.is_some());
    let dash = |value: Option<f64>| value.map_or("–".into(), short);
    let of_row = |row: &LayerRow| {
        let mut cells = Vec::new();
        if let Some(iterations) = row.iterations {
            cells.extend(cells![row.file, iterations]);
        }
        let scored = if row.scored < row.filters {
            format!("{} of {}", row.scored, row.filters)
        } else {
            row.filters.to_string()
        };
        cells.extend(cells![
            row.layer,
            printable(&row.name),
            scored,
            row.channels,
            format!("{0} x {0}", row.kernel),
            dash(row.roughness),
            dash(row.morans_i),
            row.image,
            short(row.score_sum),
            short(row.score_mean),
            row.soft_count,
        ]);
        cells
    };
    let header = [
        "layer",
        "name",
        "filters",
        "channels",
        "kernel",
        "roughness",
        "Moran's I",
        "image",
        "sum",
        "mean",
        "soft",
    ];
    let (columns, header) = if is_series {
        ("lrrlrrrrrlrrr", [&["file", "iterations"][..], &header].concat())
    } else {
        ("rlrrrrrlrrr", header.to_vec())
    };
    let ResponseOptions { reading, border } = options;
    let border = if border == Border::Same { String::new() } else { format!(" and the border {border}") };
    let note = format!(
        "sum, mean: softness scores under the reading {reading}{border}, lower is softer; roughness, Moran's I: of the weights"
    );
    let part = "of filters \"a of b\", the first a are scored: all would take too long, or too much memory"
        .to_owned();
    let notes = [Some(note), rows.iter().any(|row| row.scored < row.filters).then_some(part)];
    Table::new(columns, header, rows.iter().map(of_row)).notes(notes.into_iter().flatten())
}

/// A name on one line, in quotes if it has signs that would change the line or the terminal.
fn printable(name: &str) -> String {
    if name.chars().any(char::is_control) { format!("{name:?}") } else { name.to_owned() }
}

/// The columns of the rows as CSV.
pub(super) const HEADER: &str = "file,iterations,layer,name,filters,channels,kernel,roughness,morans_i,image,scored,score_sum,score_mean,soft_count";

/// The rows as CSV, which `softness fit` reads.
pub(super) fn csv(rows: &[LayerRow]) -> String {
    let mut csv = Csv::new(HEADER);
    for row in rows {
        let value = |value: Option<f64>| number(value.unwrap_or(f64::NAN));
        csv.row(cells![
            row.file,
            row.iterations.map_or(String::new(), |iterations| iterations.to_string()),
            row.layer,
            row.name,
            row.filters,
            row.channels,
            row.kernel,
            value(row.roughness),
            value(row.morans_i),
            row.image,
            row.scored,
            number(row.score_sum),
            number(row.score_mean),
            row.soft_count,
        ]);
    }
    csv.into_text()
}
