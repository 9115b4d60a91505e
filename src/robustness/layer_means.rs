//! All measures of one network's layers: the numbers that scores are averaged from.

use ndarray::{Array3, Axis};

use crate::error::Result;
use crate::filters::FilterBank;
use crate::responses::LayerInput;
use crate::robustness::SessionScoreOptions;
use crate::softness::Meter;

/// The mean of one measure over a layer's filters, and how many maps were constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LayerMean {
    pub value: f64,
    pub constant: usize,
}

/// Every map measure of one layer, in the order of the options.
pub(super) fn of_maps(
    meter: &mut Meter,
    options: &SessionScoreOptions,
    maps: &Array3<f64>,
) -> Result<Vec<LayerMean>> {
    let mut sums = vec![(0.0, 0usize, 0usize); options.measures.len()];
    for map in maps.axis_iter(Axis(0)) {
        let scores = meter.scores(&options.measures, map)?;
        for ((sum, counted, constant), score) in sums.iter_mut().zip(scores) {
            *constant += usize::from(score.is_constant());
            if score.value().is_finite() {
                *sum += score.value();
                *counted += 1;
            }
        }
    }
    let mean =
        |(sum, counted, constant): (f64, usize, usize)| LayerMean { value: sum / counted as f64, constant };
    Ok(sums.into_iter().map(mean).collect())
}

/// What each layer of a network sees of a picture, and every map measure of each layer: (layer, measure).
pub(super) fn of_network(
    meter: &mut Meter,
    options: &SessionScoreOptions,
    first: &LayerInput,
    banks: &[FilterBank],
) -> Result<(Vec<LayerInput>, Vec<Vec<LayerMean>>)> {
    let (mut inputs, mut means) = (vec![first.clone()], Vec::new());
    for (place, bank) in banks.iter().enumerate() {
        let maps = inputs[place].responses(bank);
        means.push(of_maps(meter, options, &maps)?);
        if place + 1 < banks.len() {
            inputs.push(inputs[place].after_responses(&maps));
        }
    }
    Ok((inputs, means))
}

/// Every filter measure of one layer, in the order of the options; NaN where no filter has it.
pub(super) fn of_filters(
    options: &SessionScoreOptions,
    bank: &FilterBank,
    start: Option<&FilterBank>,
) -> Vec<f64> {
    let mean = |measure: &crate::softness::FilterMeasure| {
        let of = |filter| measure.value(bank.filter(filter), start.map(|start| start.filter(filter)));
        let values: Vec<f64> = (0..bank.len()).filter_map(of).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    options.filter_measures.iter().map(mean).collect()
}
