//! Whether the finding hangs on what the paper left open: readings, borders, normalisations.

use std::path::Path;

use rayon::prelude::*;

use crate::error::Result;
use crate::models::{Fit, Form};
use crate::responses::{Border, Reading, ResponseOptions};
use crate::robustness::{PictureSet, SessionScoreOptions, score_sessions};
use crate::session::Session;
use crate::softness::Normalisation;
use crate::stats::step_r_squared;
use crate::text::cells;
use crate::text::csv::{Csv, number};

/// What the fits of the softness score are under one reading, border and normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// What filters are applied to.
    pub reading: Reading,
    /// What stands outside the picture.
    pub border: Border,
    /// What "normalised" means.
    pub normalisation: Normalisation,
    /// The layer, counted from 1.
    pub layer: usize,
    /// The set of pictures.
    pub images: String,
    /// R² of the linear, exponential and power form over all sessions.
    pub r_squared: [f64; 3],
    /// R² of the step model, the fewest iterations against all more, on the scores and on their logarithms.
    pub step_r_squared: [f64; 2],
    /// The slope of the power form.
    pub slope: f64,
    /// The p value of the power form.
    pub p_value: f64,
    /// The slope and p value of the power form without the sessions of the fewest iterations; NaN where there is no
    /// such fit.
    pub trained: [f64; 2],
}

/// The softness score under every reading, border and normalisation: 24 settings a layer and set of pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// The settings, by reading, border and normalisation.
    pub settings: Vec<Setting>,
}

/// Scores all sessions under each of the 3 readings, 2 borders and 4 normalisations, and fits the three forms to each.
///
/// # Errors
/// Those of [`score_sessions`], and of [`Form::fit`]: fewer than three sessions, all of the same length, or a
/// score that is not above 0.
pub fn sensitivity(sessions: &[Session], sets: &[PictureSet]) -> Result<Sensitivity> {
    let mut cells = Vec::new();
    for reading in Reading::ALL {
        for border in Border::ALL {
            cells.extend(
                Normalisation::ALL.map(|normalisation| (ResponseOptions { reading, border }, normalisation)),
            );
        }
    }
    let of = |(response, normalisation)| -> Result<Vec<Setting>> {
        let options = SessionScoreOptions::softness_only().response(response).normalisation(normalisation);
        let scores = score_sessions(sessions, sets, options)?;
        let settings = scores.responses().into_iter().map(|(layer, images, measure)| {
            let rows: Vec<_> = scores.select(layer, images.as_deref(), measure).collect();
            let x: Vec<f64> = rows.iter().map(|row| row.iterations as f64).collect();
            let y: Vec<f64> = rows.iter().map(|row| row.score).collect();
            let fits = Form::ALL.into_iter().map(|form| form.fit(&x, &y)).collect::<Result<Vec<_>>>()?;
            let power = &fits[2];
            let fewest = x.iter().copied().fold(f64::INFINITY, f64::min);
            let least: Vec<bool> = x.iter().map(|&x| x == fewest).collect();
            let (trained_x, trained_y): (Vec<f64>, Vec<f64>) =
                x.iter().zip(&y).filter(|&(&x, _)| x > fewest).map(|(&x, &y)| (x, y)).unzip();
            let trained = Form::Power.fit(&trained_x, &trained_y).ok();
            let ln: Vec<f64> = y.iter().map(|y| y.ln()).collect();
            Ok(Setting {
                reading: response.reading,
                border: response.border,
                normalisation,
                layer,
                images: images.expect("a measure of feature maps has a set of pictures"),
                r_squared: [0, 1, 2].map(|at| fits[at].r_squared()),
                step_r_squared: [step_r_squared(&least, &y), step_r_squared(&least, &ln)],
                slope: power.slope(),
                p_value: power.p_value(),
                trained: [
                    trained.as_ref().map_or(f64::NAN, Fit::slope),
                    trained.as_ref().map_or(f64::NAN, Fit::p_value),
                ],
            })
        });
        settings.collect()
    };
    let settings = cells.into_par_iter().map(of).collect::<Result<Vec<_>>>()?;
    Ok(Sensitivity { settings: settings.concat() })
}

impl Sensitivity {
    /// Writes one line a setting as CSV: `reading`, `border`, `normalisation`, `layer`, `images`, `linear_r_squared`,
    /// `exponential_r_squared`, `power_r_squared`, `step_r_squared`, `step_ln_r_squared`, `power_slope`, `power_p_value`,
    /// `trained_slope`, `trained_p_value`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut csv = Csv::new(
            "reading,border,normalisation,layer,images,linear_r_squared,exponential_r_squared,power_r_squared,\
             step_r_squared,step_ln_r_squared,power_slope,power_p_value,trained_slope,trained_p_value",
        );
        for own in &self.settings {
            let (reading, border, normalisation) =
                (own.reading.name(), own.border.name(), own.normalisation.name());
            let names = cells![reading, border, normalisation, own.layer, own.images];
            let step = own.r_squared.into_iter().chain(own.step_r_squared);
            let numbers = step.chain([own.slope, own.p_value]).chain(own.trained);
            csv.row(names.into_iter().chain(numbers.map(number)));
        }
        csv.write(path)
    }
}
