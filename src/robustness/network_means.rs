//! All measures of a network's layers: the means that session scores consist of.

use ndarray::{Array3, Axis};

use crate::dataset::Picture;
use crate::error::Result;
use crate::filters::FilterBank;
use crate::responses::{LayerInput, Reading};
use crate::robustness::{PictureSet, SessionScoreOptions};
use crate::softness::{FilterMeasure, Meter};
use crate::stats::mean;
use crate::stop::Stop;

/// About so many maps are computed at a time: of 32 x 32 values they take half a megabyte, which stays in the cache of a core.
const MAPS_AT_ONCE: usize = 64;

/// The mean of one measure over a layer's filters, and the number of constant maps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LayerMean {
    pub value: f64,
    pub constant: usize,
}

/// Means by layer and measure.
pub(crate) type LayerMeans = Vec<Vec<LayerMean>>;

/// All measures of one network.
pub(crate) struct NetworkMeans {
    /// By picture set and picture.
    pub pictures: Vec<Vec<LayerMeans>>,
    /// The means over the pictures of each set.
    pub sets: Vec<LayerMeans>,
    /// By layer and measure; NaN if no filter has a value.
    pub filters: Vec<Vec<f64>>,
}

/// The means of each of `networks`. They all get the same pictures, and their second layers get what the first layer of
/// the first network passes on. `start` are the initial filters of the first network.
pub(crate) fn network_means(
    networks: &[&[FilterBank]],
    start: Option<&[FilterBank]>,
    input_scale: f32,
    sets: &[PictureSet],
    options: &SessionScoreOptions,
) -> Result<Vec<NetworkMeans>> {
    let mut meter = Meter::new(options.normalisation);
    let stop = Stop::from_environment();
    let mut on_picture = |picture: &Picture| {
        stop.check("scoring")?;
        let input = LayerInput::new(picture, input_scale, options.response);
        picture_means(&mut meter, networks, input, options)
    };
    // By set, picture and network.
    let mut found: Vec<Vec<Vec<LayerMeans>>> = Vec::new();
    for set in sets {
        found.push(set.pictures().iter().map(&mut on_picture).collect::<Result<_>>()?);
    }
    let means = |(place, banks): (usize, &&[FilterBank])| {
        let of_set = |set: &Vec<Vec<LayerMeans>>| set.iter().map(|found| found[place].clone()).collect();
        let pictures: Vec<Vec<LayerMeans>> = found.iter().map(of_set).collect();
        let start = start.filter(|_| place == 0);
        let of_layer = |(layer, bank)| filter_means(bank, start.map(|start| &start[layer]), options);
        NetworkMeans {
            sets: pictures.iter().map(|pictures| averaged(pictures)).collect(),
            filters: banks.iter().enumerate().map(of_layer).collect(),
            pictures,
        }
    };
    Ok(networks.iter().enumerate().map(means).collect())
}

/// Every measure of the maps of each network, for one picture.
fn picture_means(
    meter: &mut Meter,
    networks: &[&[FilterBank]],
    mut input: LayerInput,
    options: &SessionScoreOptions,
) -> Result<Vec<LayerMeans>> {
    let mut means = vec![LayerMeans::new(); networks.len()];
    for layer in 0..networks[0].len() {
        let mut next = None;
        for (banks, means) in networks.iter().zip(&mut means) {
            let (of_layer, after) = layer_means(meter, &input, &banks[layer], options)?;
            means.push(of_layer);
            next.get_or_insert(after);
        }
        input = next.expect("there is a first network");
    }
    Ok(means)
}

/// Every measure of the maps of one layer, in the order of the options, and the input of the next layer. A measure is the mean
/// over the filters that have a value; that of a filter with several maps is the mean over those that have one.
fn layer_means(
    meter: &mut Meter,
    input: &LayerInput,
    bank: &FilterBank,
    options: &SessionScoreOptions,
) -> Result<(Vec<LayerMean>, LayerInput)> {
    let reading = options.response.reading;
    let each = reading.maps(bank.channels());
    // Only the forward pass needs all maps at a time, as the input of the next layer.
    let at_once = if reading == Reading::ForwardPass { bank.len() } else { (MAPS_AT_ONCE / each).max(1) };
    let mut means = vec![LayerMean { value: 0.0, constant: 0 }; options.measures.len()];
    let mut counts = vec![0; means.len()];
    let mut next = None;
    for first in (0..bank.len()).step_by(at_once) {
        let maps = input.responses(&bank.part(first..bank.len().min(first + at_once)));
        add_maps(meter, &maps, each, options, &mut means, &mut counts)?;
        next.get_or_insert_with(|| input.after_responses(&maps));
    }
    means.iter_mut().zip(counts).for_each(|(mean, count)| mean.value /= f64::from(count));
    Ok((means, next.expect("a bank has a filter")))
}

/// Adds the measures of some filters, with `each` maps each, to the sums `means`; `counts` are the filters that have a value.
fn add_maps(
    meter: &mut Meter,
    maps: &Array3<f64>,
    each: usize,
    options: &SessionScoreOptions,
    means: &mut [LayerMean],
    counts: &mut [u32],
) -> Result<()> {
    let mut of_filter = vec![(0.0, 0); means.len()];
    for maps in maps.axis_chunks_iter(Axis(0), each) {
        of_filter.fill((0.0, 0));
        for map in maps.axis_iter(Axis(0)) {
            let scores = meter.scores(&options.measures, map)?;
            for ((mean, (sum, count)), score) in means.iter_mut().zip(&mut of_filter).zip(scores) {
                mean.constant += usize::from(score.is_constant());
                if score.value().is_finite() {
                    *sum += score.value();
                    *count += 1;
                }
            }
        }
        for ((mean, count), (sum, maps)) in means.iter_mut().zip(&mut *counts).zip(&of_filter) {
            if *maps > 0 {
                mean.value += sum / f64::from(*maps);
                *count += 1;
            }
        }
    }
    Ok(())
}

/// Every measure of the filters of one layer, in the order of the options; NaN if no filter has a value.
fn filter_means(bank: &FilterBank, start: Option<&FilterBank>, options: &SessionScoreOptions) -> Vec<f64> {
    let of_measure = |measure: &FilterMeasure| {
        let of = |filter| measure.value(bank.filter(filter), start.map(|start| start.filter(filter)));
        let values: Vec<f64> = (0..bank.len()).filter_map(of).collect();
        mean(&values)
    };
    options.filter_measures.iter().map(of_measure).collect()
}

/// The means over a set's pictures.
fn averaged(pictures: &[LayerMeans]) -> LayerMeans {
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
