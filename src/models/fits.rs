//! The fits of a whole study: every layer and image in every form.

use std::fmt;

use super::fit::{Points, fit_group};
use super::{Control, Fit, Form, Group};
use crate::error::{Error, Failure, Result};
use crate::table::{LayerScore, ScoreTable};

/// A form that a group cannot take, since it needs ln of a value that is not above 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    group: Group,
    form: Form,
    reason: String,
}

impl Refusal {
    pub(super) fn new(group: Group, form: Form, error: &Error) -> Self {
        Self { group, form, reason: error.to_string() }
    }

    /// The group of rows.
    pub fn group(&self) -> &Group {
        &self.group
    }

    /// The form it cannot take.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Why, as a sentence that names group, row, column and value.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Refusal {
    /// The sentence of its reason.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reason)
    }
}

/// The fits of layer scores against iterations, by layer, image and form, with a [`Control`] beside
/// each.
#[derive(Debug, Clone, PartialEq)]
pub struct Fits {
    fits: Vec<Fit>,
    refusals: Vec<Refusal>,
    controls: Vec<Control>,
}

impl Fits {
    /// The fits, ordered by layer, then image in the order of the table, then form.
    pub fn iter(&self) -> std::slice::Iter<'_, Fit> {
        self.fits.iter()
    }

    /// The fits as a slice, in the order of [`iter`](Self::iter).
    pub fn as_slice(&self) -> &[Fit] {
        &self.fits
    }

    /// The fit of one layer (from 1), image and form.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound), with the reason where it was refused.
    pub fn get(&self, layer: usize, image: &str, form: Form) -> Result<&Fit> {
        let group = Group::of_layer(layer, image);
        self.fits.iter().find(|fit| fit.form() == form && *fit.group() == group).ok_or_else(|| {
            let refusal = self.refusals.iter().find(|refusal| refusal.form == form && refusal.group == group);
            let reason = refusal.map_or("it is not in the score table", |refusal| &refusal.reason);
            Error::from(Failure::NoSuchFit {
                layer,
                image: image.to_string(),
                form: form.name(),
                reason: reason.to_string(),
            })
        })
    }

    /// The forms that some group could not take.
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// One control for each fit, in the same order.
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// The control beside the fit of one layer, image and form.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) where there is no such fit.
    pub fn control(&self, layer: usize, image: &str, form: Form) -> Result<&Control> {
        let fit = self.get(layer, image, form)?;
        let place = self.fits.iter().position(|other| std::ptr::eq(other, fit)).unwrap_or_default();
        Ok(&self.controls[place])
    }
}

impl<'a> IntoIterator for &'a Fits {
    type Item = &'a Fit;
    type IntoIter = std::slice::Iter<'a, Fit>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Fits the layer scores (sums over filters) of all sessions against their iterations, in every
/// form, for every layer and image of the table: 12 fits for two layers and two images.
///
/// A form that needs ln of a value that is not above 0 is refused for that layer and image, with
/// the session named in [`Fits::refusals`]; the other forms stand.
///
/// # Errors
/// Those of [`fit`](super::fit()) other than [`ErrorKind::CannotFit`](crate::ErrorKind::CannotFit), naming layer and image: fewer than
/// three sessions, all of the same length, or all of the same score.
pub fn fit_models(table: &ScoreTable) -> Result<Fits> {
    let scores = table.layer_scores();
    let mut cells: Vec<(usize, &str)> = Vec::new();
    for score in &scores {
        if !cells.contains(&(score.layer, &score.image)) {
            cells.push((score.layer, &score.image));
        }
    }
    cells.sort_by_key(|&(layer, _)| layer); // stable: images stay in the order of the table
    let mut fits = Fits { fits: Vec::new(), refusals: Vec::new(), controls: Vec::new() };
    for (layer, image) in cells {
        let rows: Vec<&LayerScore> =
            scores.iter().filter(|score| score.layer == layer && score.image == image).collect();
        let x: Vec<f64> = rows.iter().map(|row| row.iterations as f64).collect();
        let y: Vec<f64> = rows.iter().map(|row| row.sum).collect();
        let group = Group::of_layer(layer, image);
        let row_name = |row: usize| format!("session {:?}", rows[row].session);
        let names = Points { group: &group, x: "iterations", y: "score_sum", row_name: &row_name };
        for form in Form::ALL {
            match fit_group(form, &x, &y, &names) {
                Ok(fit) => {
                    fits.controls.push(Control::of(&fit, layer, image)?);
                    fits.fits.push(fit);
                }
                Err(error) if matches!(error.failure(), Failure::NoLogarithm { .. }) => {
                    fits.refusals.push(Refusal::new(group.clone(), form, &error));
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(fits)
}
