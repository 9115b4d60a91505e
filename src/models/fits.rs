//! The fits of a whole study: every layer and image in every form.

use std::path::Path;

use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use serde::ser::{Serialize, Serializer};

use super::fit::{Points, fit_forms};
use super::{Fit, FitSummary, Form, Group, Refusal, StepControl};
use crate::error::{Error, ErrorKind, Result};
use crate::table::{LayerScore, ScoreTable, grouped};
use crate::text::csv::{Csv, number};
use crate::text::numbers::numbered;
use crate::text::{cells, named};

/// Layer scores that differ relatively by no more than this are the same: weights have 32 bits, and their rounding alone, as of a frozen
/// layer that is only scaled, moves a score by up to about as much.
pub(super) const ROUNDED_WEIGHTS: f64 = f32::EPSILON as f64;

/// The fits of layer scores against iterations, by layer, image and form, each with its [`StepControl`].
#[derive(Clone, PartialEq)]
pub struct Fits {
    fits: Vec<(Fit, StepControl)>,
    refusals: Vec<Refusal>,
}

impl Fits {
    /// The fits, ordered by layer, then image in the order of the table, then form.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Fit> + Clone {
        self.fits.iter().map(|(fit, _)| fit)
    }

    /// The controls, one for each fit, in the order of [`iter`](Self::iter).
    pub fn controls(&self) -> impl ExactSizeIterator<Item = &StepControl> + Clone {
        self.fits.iter().map(|(_, control)| control)
    }

    /// The forms that could not be fitted for some layer and image.
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// The fit of one layer (from 1), image and form.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound), with the reason if the form was refused.
    pub fn get(&self, layer: usize, image: &str, form: Form) -> Result<Fit> {
        self.find(layer, image, form).map(|(fit, _)| fit.clone())
    }

    /// The control of the fit of one layer (from 1), image and form.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound), with the reason if the form was refused.
    pub fn control(&self, layer: usize, image: &str, form: Form) -> Result<StepControl> {
        self.find(layer, image, form).map(|(_, control)| control.clone())
    }

    fn find(&self, layer: usize, image: &str, form: Form) -> Result<&(Fit, StepControl)> {
        let group = Group::of_layer(layer, image);
        self.fits.iter().find(|(fit, _)| fit.form == form && fit.group == group).ok_or_else(|| {
            let refusal = self.refusals.iter().find(|refusal| refusal.form == form && refusal.group == group);
            let reason = refusal.map_or("it is not in the score table", |refusal| &refusal.reason);
            let sentence = format!("there is no {form} fit for layer {layer}, image {image:?}: {reason}");
            Error::new(ErrorKind::NotFound, sentence)
        })
    }

    /// All fits as a polars data frame, a row for each: layer, image and form, then the numbers of [`FitSummary`] in its
    /// order. Numbers that are not available are null; the t of an exact line is infinite. `view(&fits)` shows the main
    /// columns.
    pub fn dataframe(&self) -> DataFrame {
        let counts = |count: fn(&(Fit, StepControl)) -> usize| -> Vec<i64> {
            self.fits.iter().map(|fit| count(fit) as i64).collect()
        };
        let texts =
            |text: fn(&(Fit, StepControl)) -> &str| -> Vec<&str> { self.fits.iter().map(text).collect() };
        let mut columns: Vec<Column> = vec![
            Series::new("layer".into(), counts(|(_, control)| control.layer())).into(),
            Series::new("image".into(), texts(|(_, control)| control.image())).into(),
            Series::new("form".into(), texts(|(fit, _)| fit.form.name())).into(),
        ];
        let numbers: Vec<Vec<Option<f64>>> = self.iter().map(|fit| fit.summary().numbers()).collect();
        for (index, &name) in FitSummary::names().iter().enumerate() {
            let values = numbers.iter().map(|numbers| numbers[index]);
            columns.push(match name {
                "n" => Series::new(name.into(), counts(|(fit, _)| fit.n())).into(),
                "degrees_of_freedom" => {
                    Series::new(name.into(), counts(|(fit, _)| fit.degrees_of_freedom())).into()
                }
                _ => Series::new(name.into(), values.collect::<Vec<_>>()).into(),
            });
        }
        DataFrame::new(self.fits.len(), columns)
            .expect("columns of different names and one length make a frame")
    }

    /// The columns of [`dataframe`](Self::dataframe) that a reader wants first.
    pub(crate) fn main_columns(&self) -> DataFrame {
        const MAIN: [&str; 11] = [
            "layer",
            "image",
            "form",
            "n",
            "slope",
            "r",
            "r_squared",
            "t",
            "p_value",
            "step_r_squared",
            "trained_r_squared",
        ];
        self.dataframe().select(MAIN).expect("the frame has these columns")
    }

    /// One row per fit as CSV: layer, image and form, then the numbers of [`FitSummary`] in its order, without
    /// `aicc_over_step`. The t of an exact line is `inf`; a number that is not available is empty.
    pub fn csv(&self) -> String {
        self.rows().into_text()
    }

    /// Writes [`csv`](Self::csv) to a file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the file cannot be written.
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        self.rows().write(path)
    }

    fn rows(&self) -> Csv {
        let is_column = |name: &str| name != "aicc_over_step";
        let names = FitSummary::names();
        let header: Vec<&str> = names.iter().copied().filter(|name| is_column(name)).collect();
        let mut csv = Csv::new(&format!("layer,image,form,{}", header.join(",")));
        for (fit, control) in &self.fits {
            let numbers = names.iter().zip(fit.summary().numbers()).filter(|(name, _)| is_column(name));
            let numbers = numbers.map(|(_, value)| number(value.unwrap_or(f64::NAN)));
            csv.row(cells![control.layer(), control.image(), fit.form].into_iter().chain(numbers));
        }
        csv
    }
}

impl Serialize for Fits {
    /// The list of the fits, each as its [`FitSummary`].
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Fits the layer scores (sums over filters) of all sessions against their iterations, in every form, for every layer and
/// image of the table: 12 fits for two layers and two images.
///
/// If a form needs the logarithm of a value that is not above 0, it is refused for that layer and image. All forms are
/// refused if there are fewer than three sessions, or all have the same number of iterations or, up to roundings of
/// 32-bit weights, the same score.
/// [`Fits::refusals`] has the reasons. All other fits are made.
///
/// # Errors
/// [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit) with the first of these reasons if there is no layer and image that
/// can be fitted.
pub fn fit_models(table: &ScoreTable) -> Result<Fits> {
    let fits = fits_and_refusals(table)?;
    match fits.refusals.first().filter(|_| fits.fits.is_empty()) {
        Some(refusal) => Err(Error::new(ErrorKind::CannotFit, refusal.reason.clone())),
        None => Ok(fits),
    }
}

/// [`fit_models`], also if every form is refused for every layer and image.
pub(crate) fn fits_and_refusals(table: &ScoreTable) -> Result<Fits> {
    let scores = table.layer_scores();
    let mut cells = grouped(scores.iter().map(|score| ((score.layer, score.image.as_str()), score)));
    cells.sort_by_key(|&((layer, _), _)| layer); // stable: images stay in the order of the table
    let mut fits = Fits { fits: Vec::new(), refusals: Vec::new() };
    for ((layer, image), rows) in cells {
        check_filters(layer, image, &rows)?;
        let x: Vec<f64> = rows.iter().map(|row| row.iterations as f64).collect();
        let y: Vec<f64> = rows.iter().map(|row| row.sum).collect();
        let group = Group::of_layer(layer, image);
        let row_name = |row: usize| format!("session {:?}", rows[row].session);
        let (x_name, y_name, y_error) = ("iterations", "score_sum", ROUNDED_WEIGHTS);
        let names = Points { group: &group, x: x_name, y: y_name, row_name: &row_name, y_error };
        let (new, refusals) = fit_forms(&Form::ALL, &x, &y, &names);
        for fit in new {
            let control = StepControl::new(&fit, layer, image)?;
            fits.fits.push((fit, control));
        }
        fits.refusals.extend(refusals);
    }
    Ok(fits)
}

/// Refuses sessions of different numbers of filters: layer scores are sums.
fn check_filters(layer: usize, image: &str, rows: &[&LayerScore]) -> Result<()> {
    let Some(other) = rows.iter().find(|row| row.filters != rows[0].filters) else {
        return Ok(());
    };
    let in_words =
        |row: &LayerScore| format!("{} of session {:?}", numbered(row.filters as u64, "filter"), row.session);
    let sentence = format!(
        "layer {layer}, image {}: the table has {} and {}, but layer scores are sums over filters, so only those of \
         equal numbers of filters can be compared: complete the table, or leave out the sessions that differ",
        named(image),
        in_words(rows[0]),
        in_words(other)
    );
    Err(Error::new(ErrorKind::CannotFit, sentence))
}

#[cfg(test)]
mod tests {
    use super::fit_models;
    use crate::table::{ScoreTable, shipped_scores};

    #[test]
    fn a_table_that_lacks_filters_of_a_session_is_refused() {
        let mut rows = shipped_scores().unwrap().rows().to_vec();
        rows.retain(|row| {
            !(row.session == "50000-1" && row.layer == 2 && row.image == "bird" && row.filter < 10)
        });
        let error = fit_models(&ScoreTable::from_rows(rows).unwrap()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "layer 2, image bird: the table has 36 filters of session \"1-1\" and 26 filters of session \"50000-1\", but layer scores are \
             sums over filters, so only those of equal numbers of filters can be compared: complete the table, or leave out the sessions \
             that differ"
        );
    }

    /// The shipped scores, those of this layer replaced by what `score` makes of them and their session's iterations.
    fn replaced(layer: usize, score: impl Fn(f64, u64) -> f64) -> ScoreTable {
        let mut rows = shipped_scores().unwrap().rows().to_vec();
        for row in rows.iter_mut().filter(|row| row.layer == layer) {
            (row.score, row.soft, row.soft_threshold) = (score(row.score, row.iterations), false, None);
        }
        ScoreTable::from_rows(rows).unwrap()
    }

    #[test]
    fn scores_that_differ_by_roundings_of_weights_are_not_fitted() {
        let noise = |iterations: u64| 1e-9 * (iterations % 7) as f64;
        let fits = fit_models(&replaced(1, |_, iterations| 0.1 + noise(iterations))).unwrap();
        assert_eq!((fits.iter().len(), fits.refusals().len()), (6, 6));
        assert!(fits.refusals().iter().all(|refusal| refusal.group.value("layer") == Some("1")));
        let reason = &fits.refusals()[0].reason;
        assert!(
            reason.contains("every score_sum is 1.6") && reason.contains(" up to differences of "),
            "{reason}"
        );
        // A step before a frozen layer is fitted; what is left without it is not.
        let step = |_, iterations| if iterations == 1 { 0.2 } else { 0.1 + noise(iterations) };
        let fits = fit_models(&replaced(1, step)).unwrap();
        assert_eq!(fits.iter().len(), 12);
        assert!(
            fits.controls().all(|control| control.without_untrained().is_some() == (control.layer() == 2))
        );
        // Larger differences count.
        let fits = fit_models(&replaced(1, |_, iterations| 0.1 + 1e3 * noise(iterations))).unwrap();
        assert_eq!(fits.iter().len(), 12);
        // And so do those of a table of the user's.
        let small = [1.0, 1.0 + 1e-9, 1.0 + 3e-9];
        assert!(crate::models::Form::Linear.fit(&[1.0, 2.0, 3.0], &small).is_ok());
    }

    #[test]
    fn the_shipped_scores_give_the_shipped_fits_byte_for_byte() {
        let fits = fit_models(&shipped_scores().unwrap()).unwrap();
        assert_eq!(fits.csv(), include_str!("../../data/paper/fits.csv"));
        let frame = fits.dataframe();
        let header = fits.csv().lines().next().unwrap().to_owned();
        let names: Vec<&str> = frame.columns().iter().map(|column| column.name().as_str()).collect();
        let in_csv: Vec<&str> = names.iter().copied().filter(|name| *name != "aicc_over_step").collect();
        assert_eq!((in_csv.join(","), frame.height()), (header, 12));
        assert_eq!(frame.column("n").unwrap().i64().unwrap().iter().next(), Some(Some(11)));
        let r_squared = frame.column("r_squared").unwrap().f64().unwrap();
        assert!(fits.iter().map(|fit| Some(fit.r_squared())).eq(r_squared.iter()));
        for (fit, control) in fits.iter().zip(fits.controls()) {
            assert_eq!(fits.get(control.layer(), control.image(), fit.form()).unwrap(), *fit);
            assert_eq!(fits.control(control.layer(), control.image(), fit.form()).unwrap(), *control);
        }
    }
}
