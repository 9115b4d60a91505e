//! The scores of a layer's filters.

use super::ScoringOptions;
use crate::dataset::Picture;
use crate::error::Result;
use crate::filters::FilterBank;
use crate::responses::bank_responses;

/// The scores of the maps that the filters of a layer (counted from 1) make of a picture; `banks[0]` is layer 1.
pub(crate) fn filter_scores(
    banks: &[&FilterBank],
    input_scale: f32,
    layer: usize,
    picture: &Picture,
    options: ScoringOptions,
) -> Result<Vec<f64>> {
    let responses = bank_responses(banks, input_scale, layer, picture, options.response)?;
    responses.iter().map(|response| Ok(options.score(response)?.value())).collect()
}
