//! Which filters of two sessions agree: the best one-to-one matching of the filters of a layer, and how well those of
//! untrained networks match by chance.
//!
//! Two networks that were trained alike may learn the same filters in another order. [`match_filters`] finds that order.
//! [`Matching::figure`] draws it.

mod correlation;
mod matched;
mod null;

pub use matched::{FilterPair, Matching};

use ndarray::{Array2, Axis};

use crate::dataset::Picture;
use crate::error::{Error, ErrorKind, Result};
use crate::filters::FilterBank;
use crate::responses::{Reading, Response, ResponseOptions, responses};
use crate::session::Session;
use crate::stats::best_assignment;
use correlation::correlations;
use null::Null;

/// What is correlated: the weights of the filters, or their maps of a picture.
#[derive(Clone, Copy)]
pub(crate) enum By<'a> {
    Weights,
    Maps(ResponseOptions, &'a Picture),
}

/// Matches the filters of layer `layer` (counted from 1) of two sessions one to one, so that the sum of the correlations of
/// their weights is largest.
///
/// **Correlation.** Pearson's r of the in x k x k weights of two filters, -1 to 1. It keeps its sign: a filter and its negative
/// have -1 and do not agree, although a network could use either. It does not depend on the size or the mean of the weights. A filter
/// whose weights are all the same has no correlation, which counts as 0.
///
/// **Channels.** The channels of a filter of layer 2 are the filters of layer 1, whose order differs from session to session.
/// In sessions of the study's kind of network, the channels of `b` are therefore put in the order that the matching of the layer before gives
/// them. In other networks, channel 0 is compared with channel 0.
///
/// **Chance.** The best of all matchings looks good even if no two filters have anything in common, and the more filters there
/// are, the better it looks. So the matching is compared with that of two independent untrained networks, drawn 200 times from a
/// fixed seed (fewer times, but at least 20, for layers with very many weights): [`Matching::untrained`], [`Matching::p_value`].
/// Trained filters are smooth, and smooth filters are similar more often than untrained ones. So a small p-value says that training
/// made the filters of two sessions similar, not that every pair does the same work.
///
/// If one session has more filters than the other, some of its filters are in no pair.
///
/// # Errors
/// [`ErrorKind::NotFound`] if a session has no such layer; [`ErrorKind::InvalidOption`] if the filters of the two have
/// different shapes, whose maps of a picture can be compared instead ([`ResponseOptions::match_filters`]).
///
/// # Example
/// ```
/// use softness::matching::match_filters;
/// use softness::store::shipped_sessions;
///
/// # fn main() -> softness::Result<()> {
/// let sessions = shipped_sessions()?;
/// let [one, other] = [&sessions[8], &sessions[10]]; // 30000-1 and 50000-1
/// let matching = match_filters(one, other, 2)?;
/// let best = matching.pairs()[0];
/// println!("filter {} of 30000-1 and filter {} of 50000-1: r = {:.2}", best.a, best.b, best.correlation);
/// println!("p = {:.3}", matching.p_value());
/// # Ok(())
/// # }
/// ```
pub fn match_filters(a: &Session, b: &Session, layer: usize) -> Result<Matching> {
    matching(a, b, layer, By::Weights)
}

impl ResponseOptions {
    /// [`match_filters`](crate::matching::match_filters) by the maps that the filters make of a picture, with these options,
    /// instead of by their weights: filters match if their maps are the same. The correlation is that of all values of
    /// two maps; a constant map has none, which counts as 0. With [`Reading::EachKernel`] all maps of a filter are taken together.
    ///
    /// # Errors
    /// Those of [`responses`](crate::responses::responses()); [`ErrorKind::InvalidOption`] if the maps of the two sessions have
    /// different sizes.
    pub fn match_filters(
        self,
        a: &Session,
        b: &Session,
        layer: usize,
        picture: &Picture,
    ) -> Result<Matching> {
        matching(a, b, layer, By::Maps(self, picture))
    }
}

fn matching(a: &Session, b: &Session, layer: usize, by: By) -> Result<Matching> {
    let sessions = [a, b];
    let mut banks = [a.filters(layer)?, b.filters(layer)?];
    let [channels, kernels] =
        [FilterBank::channels, FilterBank::kernel].map(|of| of(&banks[0]) == of(&banks[1]));
    if needs_channels(by) && !channels || matches!(by, By::Weights) && !kernels {
        return Err(different_shapes(sessions, layer, &banks));
    }
    let is_known = sessions.iter().all(|session| session.architecture().is_some());
    let mut order = None;
    if needs_channels(by) && layer > 1 && is_known {
        let before = [a.filters(layer - 1)?, b.filters(layer - 1)?];
        if before[0].kernel() != before[1].kernel() {
            return Err(unknown_order(sessions, layer, &before));
        }
        let found = channel_order([&before[0], &before[1]])?;
        banks[1] = with_channels(&banks[1], &found)?;
        order = Some(found);
    }
    let mut maps = None;
    let rows = match by {
        By::Weights => banks.each_ref().map(rows_of_weights),
        By::Maps(options, picture) => {
            let both = [responses(a, layer, picture, options)?, responses(b, layer, picture, options)?];
            check_sizes(sessions, layer, both.each_ref().map(|maps| maps[0].map().dim()))?;
            let rows = [
                rows_of_maps(&both[0], banks[0].len(), None),
                rows_of_maps(&both[1], banks[1].len(), order.as_deref()),
            ];
            maps = Some(both);
            rows
        }
    };
    let pairs = best_pairs(&rows)?;
    let null = Null::draw(sessions, layer, by, pairs.len(), is_known)?;
    Ok(Matching::new(sessions, layer, by, pairs, null, banks, maps))
}

/// Whether channels are compared with channels.
fn needs_channels(by: By) -> bool {
    match by {
        By::Weights => true,
        By::Maps(options, _) => options.reading == Reading::EachKernel,
    }
}

fn different_shapes(sessions: [&Session; 2], layer: usize, banks: &[FilterBank; 2]) -> Error {
    let sentence = format!("{}: {}", shapes(sessions, layer, banks), match_maps(layer));
    Error::new(ErrorKind::InvalidOption, sentence)
}

/// The channels of a layer are the filters of the layer before, whose kernels have different sizes here.
fn unknown_order(sessions: [&Session; 2], layer: usize, before: &[FilterBank; 2]) -> Error {
    let shapes = shapes(sessions, layer - 1, before);
    let sentence = format!(
        "{shapes}, so it is not known which channels of layer {layer} belong together: {}",
        match_maps(layer)
    );
    Error::new(ErrorKind::InvalidOption, sentence)
}

fn shapes(sessions: [&Session; 2], layer: usize, banks: &[FilterBank; 2]) -> String {
    let shape = |bank: &FilterBank| format!("{0} x {1} x {1}", bank.channels(), bank.kernel());
    let [(a, of_a), (b, of_b)] = [0, 1].map(|at| (sessions[at].name(), shape(&banks[at])));
    format!("the filters of layer {layer} are {of_a} in session {a:?} and {of_b} in session {b:?}")
}

fn match_maps(layer: usize) -> String {
    format!(
        "match their maps of a picture instead, by ResponseOptions::default().match_filters(&a, &b, {layer}, &picture)"
    )
}

/// Refuses maps of two sizes, (h, w).
fn check_sizes(sessions: [&Session; 2], layer: usize, [of_a, of_b]: [(usize, usize); 2]) -> Result<()> {
    if of_a == of_b {
        return Ok(());
    }
    let [a, b] = sessions.map(Session::name);
    let sentence = format!(
        "the maps of layer {layer} are {} x {} in session {a:?} and {} x {} in session {b:?}: only maps of one size can be \
         correlated",
        of_a.0, of_a.1, of_b.0, of_b.1
    );
    Err(Error::new(ErrorKind::InvalidOption, sentence))
}

/// The pairs of rows with the best sum of correlations, the highest correlation first.
fn best_pairs(rows: &[Array2<f64>; 2]) -> Result<Vec<FilterPair>> {
    let correlations = correlations(&rows[0], &rows[1]);
    let pairs = best_assignment(&correlations)?;
    let mut pairs: Vec<_> =
        pairs.into_iter().map(|(a, b)| FilterPair { a, b, correlation: correlations[[a, b]] }).collect();
    pairs.sort_by(|one, other| other.correlation.total_cmp(&one.correlation));
    Ok(pairs)
}

/// For every filter of the first bank, the filter of the second that it matches.
fn channel_order(banks: [&FilterBank; 2]) -> Result<Vec<usize>> {
    let rows = banks.map(rows_of_weights);
    let mut pairs = best_pairs(&rows)?;
    pairs.sort_by_key(|pair| pair.a);
    Ok(pairs.into_iter().map(|pair| pair.b).collect())
}

/// The same filters with their channels in another order.
fn with_channels(bank: &FilterBank, order: &[usize]) -> Result<FilterBank> {
    FilterBank::new(bank.layer(), bank.weights().select(Axis(1), order), bank.bias().clone())
}

/// The weights of every filter as a row.
fn rows_of_weights(bank: &FilterBank) -> Array2<f64> {
    let weights = bank.weights();
    let rows = (bank.len(), weights.len() / bank.len());
    Array2::from_shape_vec(rows, weights.iter().copied().map(f64::from).collect())
        .expect("a row for each filter")
}

/// The values of all maps of every filter as a row, with the channels in this order.
fn rows_of_maps(maps: &[Response], filters: usize, order: Option<&[usize]>) -> Array2<f64> {
    let each = maps.len() / filters;
    let in_order: Vec<usize> = order.map_or_else(|| (0..each).collect(), <[usize]>::to_vec);
    let maps =
        (0..filters).flat_map(|filter| in_order.iter().map(move |channel| &maps[filter * each + channel]));
    let values: Vec<f64> = maps.flat_map(|map| map.map().iter().copied()).collect();
    Array2::from_shape_vec((filters, values.len() / filters), values).expect("a row for each filter")
}

#[cfg(test)]
mod tests;
