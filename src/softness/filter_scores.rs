//! The scores of a layer's filters: of one map each, or the means of several.

use super::{SMALLEST_SIDE, Score, ScoringOptions, softness_score};
use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::filters::FilterBank;
use crate::network::kernels::FILTERS;
use crate::responses::{Reading, check_size, layer_input};

/// The most values of maps that are in memory at a time: half a megabyte, which stays in the cache of a core. A layer of 512 x 512
/// kernels has 262,144 maps. Of larger pictures there are as many maps as are computed together anyway.
const VALUES_AT_ONCE: usize = 1 << 16;

impl ScoringOptions {
    /// The score of every filter of layer `layer` (counted from 1) on `picture`: that of its map or, with
    /// [`Reading::EachKernel`], the mean over its kernels' maps. A constant map counts with its score, 0. A filter is
    /// constant if all its maps are.
    ///
    /// `at` gets the place of a map that cannot be scored, "filter 3" or "filter 3, kernel 5", and says it with the reason.
    ///
    /// # Errors
    /// Those of [`responses`](crate::responses::responses()), but for the reading, with maps of at least 3 x 3; what `at` makes of those of
    /// [`softness_score`].
    pub(crate) fn filter_scores(
        self,
        banks: &[&FilterBank],
        input_scale: f32,
        layer: usize,
        picture: &Picture,
        at: impl Fn(&str, Error) -> Error,
    ) -> Result<Vec<Score>> {
        check_size(banks, layer, picture, self.response, SMALLEST_SIDE)?;
        let input = layer_input(banks, input_scale, layer, picture, self.response)?;
        let (mut bank, each) = (banks[layer - 1], self.response.reading.maps(banks[layer - 1].channels()));
        let kernels = (self.response.reading == Reading::EachKernel).then(|| bank.kernels());
        bank = kernels.as_ref().unwrap_or(bank);
        let maps_at_once = (VALUES_AT_ONCE / (picture.pixels().len() / 3)).max(FILTERS);
        let mut scores = Vec::with_capacity(bank.len() / each);
        let (mut sum, mut is_constant) = (0.0, true);
        for first in (0..bank.len()).step_by(maps_at_once) {
            let maps = input.responses(&bank.part(first..bank.len().min(first + maps_at_once)));
            for (map, place) in maps.outer_iter().zip(first..) {
                let (filter, kernel) = (place / each, place % each);
                let score = softness_score(map, self.normalisation).map_err(|problem| match &kernels {
                    Some(_) => at(&format!("filter {filter}, kernel {kernel}"), problem),
                    None => at(&format!("filter {filter}"), problem),
                })?;
                sum += score.value();
                is_constant &= score.is_constant();
                if kernel + 1 == each {
                    scores.push(Score { value: sum / each as f64, is_constant });
                    (sum, is_constant) = (0.0, true);
                }
            }
        }
        Ok(scores)
    }
}

#[cfg(test)]
mod tests;
