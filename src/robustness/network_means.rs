//! All measures of a whole network, averaged over the pictures of each set.

use crate::error::Result;
use crate::filters::FilterBank;
use crate::responses::LayerInput;
use crate::robustness::layer_means::{LayerMean, of_filters, of_network};
use crate::robustness::{PictureSet, SessionScoreOptions};
use crate::softness::Meter;

/// Means by picture set, layer and measure; by layer and measure for filters.
pub(super) struct Measured {
    pub maps: Vec<Vec<Vec<LayerMean>>>,
    pub filters: Vec<Vec<f64>>,
}

/// The means over a set's pictures of means by picture, layer and measure.
pub(super) fn averaged(pictures: &[Vec<Vec<LayerMean>>]) -> Vec<Vec<LayerMean>> {
    let mut total = pictures[0].clone();
    for other in &pictures[1..] {
        for (sum, mean) in total.iter_mut().flatten().zip(other.iter().flatten()) {
            sum.value += mean.value;
            sum.constant += mean.constant;
        }
    }
    total.iter_mut().flatten().for_each(|mean| mean.value /= pictures.len() as f64);
    total
}

/// A network with nothing beside it.
pub(super) fn whole_network(
    banks: &[FilterBank],
    input_scale: f32,
    sets: &[PictureSet],
    options: &SessionScoreOptions,
) -> Result<Measured> {
    let mut meter = Meter::new(options.normalisation);
    let mut maps = Vec::new();
    for set in sets {
        let mut of_picture = |picture| {
            let first = LayerInput::new(picture, input_scale, options.response);
            Ok(of_network(&mut meter, options, &first, banks)?.1)
        };
        maps.push(averaged(&set.pictures().iter().map(&mut of_picture).collect::<Result<Vec<_>>>()?));
    }
    let filters = banks.iter().map(|bank| of_filters(options, bank, None)).collect();
    Ok(Measured { maps, filters })
}
