//! The published numbers beside those of a study.

use crate::error::Result;
use crate::models::Fits;
use crate::paper::{PublishedValue, published};

/// One published result and the value that a study has for it.
#[derive(Debug, Clone)]
pub struct Comparison {
    published: PublishedValue,
    value: f64,
    holds: bool,
}

impl Comparison {
    /// What the paper printed.
    pub fn published(&self) -> &PublishedValue {
        &self.published
    }

    /// The study's value of the same quantity.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Whether the value satisfies the claim: a bound, or the printed digits.
    pub fn holds(&self) -> bool {
        self.holds
    }
}

/// Every published result about one fit, beside that fit's value, in the order of
/// `data/published.csv`. Fits that were refused are left out.
///
/// # Errors
/// Those of [`published`].
pub fn compare(fits: &Fits) -> Result<Vec<Comparison>> {
    let mut comparisons = Vec::new();
    for published in published()? {
        let (Some(layer), Some(image), Some(form)) = (published.layer(), published.image(), published.form())
        else {
            continue;
        };
        let Ok(fit) = fits.get(layer, image, form) else { continue };
        let value = match published.quantity() {
            "r_squared" => fit.r_squared(),
            "p_value" => fit.p_value(),
            _ => continue,
        };
        if let Some(holds) = published.holds(value) {
            comparisons.push(Comparison { published, value, holds });
        }
    }
    Ok(comparisons)
}
