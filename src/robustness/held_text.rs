//! The answer as a table: for people, notebooks and other programs.

use std::fmt::{self, Write};
use std::path::Path;

use maud::html;

use crate::display::notebook;
use crate::error::Result;
use crate::files;
use crate::models::Interval;
use crate::robustness::scores_csv::number;
use crate::robustness::{FormSpread, PUBLISHED_R_SQUARED, ResponseRobustness, Robustness, TrainedEffect};
use crate::table::quoted;

/// The columns of the table of draws that people see.
const COLUMNS: [&str; 10] = [
    "layer and images",
    "measure",
    "form",
    "R² median (95% of sets)",
    "step R²",
    "beats step",
    "predicts better",
    "p < level",
    "holds among trained",
    "below published",
];

/// The columns of the table of slopes among the trained.
const TRAINED: [&str; 8] =
    ["layer and images", "measure", "from", "n", "per tenfold training", "R²", "p", "p by Holm"];

impl Robustness {
    /// Writes one line a response and form as CSV: `layer`, `images`, `measure`, `form`, `sets`, the percentiles of R²
    /// `r_squared_2_5`, `_25`, `_50`, `_75`, `_97_5`, `step_r_squared_50`, the shares `beats_step`, `clearly_beats_step`,
    /// `predicts_better`, `significant`, `holds_among_trained`, `below_bird` and `below_static` (the share of sets with an
    /// R² below the published 0.9220 and 0.8996), `all_r_squared`, `all_step_r_squared`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut text = String::from(
            "layer,images,measure,form,sets,r_squared_2_5,r_squared_25,r_squared_50,r_squared_75,r_squared_97_5,\
             step_r_squared_50,beats_step,clearly_beats_step,predicts_better,significant,holds_among_trained,\
             below_bird,below_static,all_r_squared,all_step_r_squared\n",
        );
        for (held, spread) in self.spreads() {
            let mut numbers = spread.quantiles().to_vec();
            numbers.extend([
                spread.step_median(),
                spread.beats_step,
                spread.clearly_beats_step,
                spread.predicts_better,
                spread.significant,
                spread.holds_among_trained,
            ]);
            numbers.extend(PUBLISHED_R_SQUARED.map(|(_, value)| spread.share_below(value)));
            numbers.extend([spread.all_r_squared, spread.all_step_r_squared]);
            let numbers: Vec<String> = numbers.into_iter().map(number).collect();
            let (layer, images) = (held.layer, quoted(&held.images));
            let (sets, numbers) = (spread.r_squared.len(), numbers.join(","));
            // Writing to a String does not fail.
            let _ = writeln!(text, "{layer},{images},{},{},{sets},{numbers}", held.measure, spread.form);
        }
        files::write_atomically(path.as_ref(), text.as_bytes())
    }

    /// Writes the effects among the trained as CSV: `layer`, `images`, `measure`, `from`, `n`, `slope`, `low`, `high`,
    /// `r_squared`, `p_value`, `holm`, `per_tenfold`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_trained_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut text =
            String::from("layer,images,measure,from,n,slope,low,high,r_squared,p_value,holm,per_tenfold\n");
        for (held, effect) in self.effects() {
            let numbers = [
                effect.slope,
                effect.interval.low,
                effect.interval.high,
                effect.r_squared,
                effect.p_value,
                effect.holm,
                effect.per_tenfold(),
            ];
            let numbers = numbers.map(number).join(",");
            let (layer, images) = (held.layer, quoted(&held.images));
            let _ =
                writeln!(text, "{layer},{images},{},{},{},{numbers}", held.measure, effect.from, effect.n);
        }
        files::write_atomically(path.as_ref(), text.as_bytes())
    }

    /// Shows both tables in a notebook.
    pub fn evcxr_display(&self) {
        let page = html! {
            p { (self.heading()) }
            (table(&COLUMNS, &self.cells()))
            p { "Score against ln iterations, sessions of at least so many iterations:" }
            (table(&TRAINED, &self.trained_cells()))
            @for sentence in &self.skipped { p { (sentence) } }
        };
        notebook::show_html(&page.into_string(), &self.to_string());
    }

    fn heading(&self) -> String {
        let draw = &self.options.subsamples;
        format!(
            "{} sets drawn from {} sessions ({} different sets are possible); level of significance {}",
            draw.draws, self.sessions, self.different_sets, self.options.significance
        )
    }

    fn spreads(&self) -> impl Iterator<Item = (&ResponseRobustness, &FormSpread)> {
        self.responses.iter().flat_map(|held| held.forms.iter().map(move |spread| (held, spread)))
    }

    fn effects(&self) -> impl Iterator<Item = (&ResponseRobustness, &TrainedEffect)> {
        self.responses.iter().flat_map(|held| held.trained.iter().map(move |effect| (held, effect)))
    }

    fn cells(&self) -> Vec<[String; 10]> {
        let row = |(held, spread): (&ResponseRobustness, &FormSpread)| {
            let [low, _, middle, _, high] = spread.quantiles();
            let below = PUBLISHED_R_SQUARED.iter().find(|(images, _)| held.images == *images);
            [
                held.place(),
                held.measure.clone(),
                spread.form.name().into(),
                format!("{middle:.3} ({low:.3} to {high:.3})"),
                format!("{:.3}", spread.step_median()),
                percent(spread.beats_step),
                percent(spread.predicts_better),
                percent(spread.significant),
                percent(spread.holds_among_trained),
                below.map_or("–".into(), |(_, value)| {
                    format!("{} of {value}", percent(spread.share_below(*value)))
                }),
            ]
        };
        self.spreads().map(row).collect()
    }

    fn trained_cells(&self) -> Vec<[String; 8]> {
        let row = |(held, effect): (&ResponseRobustness, &TrainedEffect)| {
            let Interval { low, high } = effect.per_tenfold_interval();
            [
                held.place(),
                held.measure.clone(),
                effect.from.to_string(),
                effect.n.to_string(),
                format!(
                    "{:+.1} % ({:+.1} to {:+.1})",
                    100.0 * effect.per_tenfold(),
                    100.0 * low,
                    100.0 * high
                ),
                format!("{:.3}", effect.r_squared),
                p_value(effect.p_value),
                p_value(effect.holm),
            ]
        };
        self.effects().map(row).collect()
    }
}

impl fmt::Display for Robustness {
    /// Both tables as text.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.heading())?;
        write_columns(formatter, &COLUMNS, &self.cells())?;
        writeln!(formatter, "\nscore against ln iterations, sessions of at least so many iterations")?;
        write_columns(formatter, &TRAINED, &self.trained_cells())?;
        self.skipped.iter().try_for_each(|sentence| writeln!(formatter, "{sentence}"))
    }
}

/// Rows of a table that are shown; the file that it is written to has all.
const ROWS: usize = 48;

/// What stands below a table that was cut.
fn rest<const N: usize>(rows: &[[String; N]]) -> Option<String> {
    (rows.len() > ROWS).then(|| format!("{ROWS} of {} rows", rows.len()))
}

/// Whether a column starts with numbers.
fn is_number(cells: &[String], column: usize) -> bool {
    cells[column].starts_with(|letter: char| letter.is_ascii_digit() || "+-–".contains(letter))
}

/// Cells in columns, texts on the left.
pub(super) fn write_columns<const N: usize>(
    to: &mut impl Write,
    header: &[&str; N],
    rows: &[[String; N]],
) -> fmt::Result {
    let lines = || std::iter::once(header.map(String::from)).chain(rows.iter().take(ROWS).cloned());
    let widths: [usize; N] =
        std::array::from_fn(|column| lines().map(|line| line[column].chars().count()).max().unwrap_or(0));
    for line in lines() {
        let cells: Vec<String> =
            line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(to, "{}", cells.join("  ").trim_end())?;
    }
    rest(rows).map_or(Ok(()), |rest| writeln!(to, "{rest}"))
}

/// A table as a notebook shows it: numbers on the right, a long one cut with a count.
pub(super) fn table<const N: usize>(header: &[&str; N], rows: &[[String; N]]) -> maud::Markup {
    let alignment = |column: usize| {
        let is_number = rows.first().is_some_and(|row| is_number(row, column));
        if is_number { "text-align:right" } else { "text-align:left" }
    };
    html! {
        table {
            thead { tr { @for (column, name) in header.iter().enumerate() {
                th style=(alignment(column)) { (name) }
            } } }
            tbody { @for row in rows.iter().take(ROWS) { tr { @for (column, cell) in row.iter().enumerate() {
                td style={ (alignment(column)) ";white-space:nowrap" } { (cell) }
            } } } }
        }
        @if let Some(rest) = rest(rows) { p { (rest) } }
    }
}

/// A share in percent, a dash where there is none.
pub(crate) fn percent(share: f64) -> String {
    if share.is_nan() { "–".into() } else { format!("{:.1} %", 100.0 * share) }
}

/// Three decimals, or below 0.001 three digits and a power of ten, as the paper prints its p-values.
pub(crate) fn p_value(p: f64) -> String {
    if p >= 1e-3 || p == 0.0 { format!("{p:.3}") } else { format!("{p:.2e}") }
}
