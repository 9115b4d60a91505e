//! Whether the finding depends on what the paper left open: readings, borders, normalisations.

use std::path::Path;

use rayon::prelude::*;

use crate::error::Result;
use crate::models::Form;
use crate::responses::{Border, Reading, ResponseOptions, check_reading};
use crate::robustness::scores::Response;
use crate::robustness::subsample_fits::fewest_iterations;
use crate::robustness::{PictureSet, SessionScoreOptions, score_sessions};
use crate::session::Session;
use crate::softness::Normalisation;
use crate::stats::step_r_squared;
use crate::text::cells;
use crate::text::csv::{Csv, number};

/// The fits of the softness score under one reading, border and normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// How filters are applied to pictures.
    pub reading: Reading,
    /// What lies outside the picture.
    pub border: Border,
    /// How maps are normalised.
    pub normalisation: Normalisation,
    /// The layer, counted from 1.
    pub layer: usize,
    /// The set of pictures.
    pub images: String,
    /// R² of the linear, exponential and power form over all sessions.
    pub r_squared: [f64; 3],
    /// R² of the step model, one mean for the fewest iterations and another for all others, of the scores and of their logarithms.
    pub step_r_squared: [f64; 2],
    /// The slope of the power form.
    pub slope: f64,
    /// The p-value of the power form.
    pub p_value: f64,
    /// The slope and p-value of the power form without the sessions of the fewest iterations; NaN if there is no such
    /// fit.
    pub trained: [f64; 2],
}

/// The softness score under every reading, border and normalisation: 32 settings for each layer and set of pictures, or 24 if the forward
/// pass is not known.
#[derive(Clone, PartialEq)]
pub struct Sensitivity {
    /// The settings, by reading, border and normalisation: `reading`, `border`, `normalisation`, `layer` and `images`, then
    /// `r_squared` of the three forms, `step_r_squared` (of the scores and of their logarithms), `slope` and `p_value` of the
    /// power form, and both again without the sessions of the fewest iterations as `trained`.
    pub settings: Vec<Setting>,
}

impl Sensitivity {
    /// Scores all sessions under each of the 4 readings, 2 borders and 4 normalisations, and fits the three forms to the
    /// scores. If a session is of another kind of network than the study's, the forward pass is left out.
    ///
    /// # Errors
    /// Those of [`score_sessions`] and [`Form::fit`]: fewer than three sessions, all of the same length, or a score that is not
    /// above 0.
    pub fn new(sessions: &[Session], sets: &[PictureSet]) -> Result<Self> {
        let is_known = |reading: &Reading| {
            let options = ResponseOptions::default().reading(*reading);
            sessions.iter().all(|session| check_reading(session, options).is_ok())
        };
        let readings: Vec<Reading> = Reading::ALL.into_iter().filter(is_known).collect();
        Self::under(&readings, &Normalisation::ALL, sessions, sets)
    }

    /// [`new`](Self::new) under these readings and normalisations, in this order, and both borders.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub(crate) fn under(
        readings: &[Reading],
        normalisations: &[Normalisation],
        sessions: &[Session],
        sets: &[PictureSet],
    ) -> Result<Self> {
        let choices = readings.iter().flat_map(|&reading| {
            let with_border = move |border| {
                normalisations.iter().map(move |&normalisation| (reading, border, normalisation))
            };
            Border::ALL.into_iter().flat_map(with_border)
        });
        let settings_of = |(reading, border, normalisation)| -> Result<Vec<Setting>> {
            let response = ResponseOptions { reading, border };
            let options =
                SessionScoreOptions::softness_only().response(response).normalisation(normalisation);
            let scores = score_sessions(sessions, sets, options)?;
            let setting = |(layer, images, measure): Response| {
                let rows = scores.select(layer, images.as_deref(), measure);
                let (x, y): (Vec<f64>, Vec<f64>) = rows.map(|row| (row.iterations as f64, row.score)).unzip();
                let [linear, exponential, power] = Form::ALL.map(|form| form.fit(&x, &y));
                let (linear, exponential, power) = (linear?, exponential?, power?);
                let untrained = fewest_iterations(&x);
                let ln_y: Vec<f64> = y.iter().map(|y| y.ln()).collect();
                let trained = x.iter().zip(&y).zip(&untrained).filter(|(_, untrained)| !*untrained);
                let (trained_x, trained_y): (Vec<f64>, Vec<f64>) = trained.map(|(point, _)| point).unzip();
                let trained = Form::Power.fit(&trained_x, &trained_y);
                Ok(Setting {
                    reading,
                    border,
                    normalisation,
                    layer,
                    images: images.expect("a measure of feature maps has a set of pictures"),
                    r_squared: [linear.r_squared(), exponential.r_squared(), power.r_squared()],
                    step_r_squared: [step_r_squared(&untrained, &y), step_r_squared(&untrained, &ln_y)],
                    slope: power.slope(),
                    p_value: power.p_value(),
                    trained: trained.map_or([f64::NAN; 2], |fit| [fit.slope(), fit.p_value()]),
                })
            };
            scores.responses().into_iter().map(setting).collect()
        };
        let choices: Vec<_> = choices.collect();
        let settings = choices.into_par_iter().map(settings_of).collect::<Result<Vec<_>>>()?;
        Ok(Self { settings: settings.concat() })
    }

    /// Writes a CSV file with one line for each setting: `reading`, `border`, `normalisation`, `layer`, `images`, `linear_r_squared`,
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
            let choices = [own.reading.name(), own.border.name(), own.normalisation.name()].map(String::from);
            let place = cells![own.layer, own.images];
            let step = own.r_squared.into_iter().chain(own.step_r_squared);
            let numbers = step.chain([own.slope, own.p_value]).chain(own.trained);
            csv.row(choices.into_iter().chain(place).chain(numbers.map(number)));
        }
        csv.write(path)
    }
}
