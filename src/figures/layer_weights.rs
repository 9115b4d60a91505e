//! The weights of any layer of a session, as diagrams show them.

use ndarray::{Array2, Axis, s};

use crate::error::{Error, ErrorKind, Result};
use crate::filters::FilterBank;
use crate::session::Session;

/// The colours of a picture, the channels of layer 1.
pub(super) const COLOURS: [&str; 3] = ["R", "G", "B"];

/// Whether the kernels of its filters are those of the colours of a picture. Deeper layers may have three channels too.
pub(super) fn has_colours(bank: &FilterBank) -> bool {
    bank.layer() == 1 && bank.channels() == COLOURS.len()
}

/// The weights of one layer.
pub(super) enum LayerWeights {
    /// The filters of a convolutional layer.
    Convolutional(FilterBank),
    /// A dense layer, with one number for each of its inputs and units.
    Dense(Dense),
}

/// A dense layer as a matrix (inputs, units).
pub(super) struct Dense {
    pub strengths: Array2<f64>,
    /// What an input is: "map of layer 2", "unit of layer 3".
    pub input: String,
    /// What an output is: "unit", "class".
    pub unit: &'static str,
    /// The number of weights that each number stands for.
    pub each: usize,
}

impl LayerWeights {
    /// The weights of layer `layer` of a session, counted from 1; the dense layers come after the convolutional ones.
    ///
    /// The first dense layer has an input for each value of each pooled map. Those of one map are taken together: their
    /// size is the root mean square of the weights, their sign that of the weights' sum.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is no such layer, or the session has no dense layers.
    pub fn of(session: &Session, layer: usize) -> Result<Self> {
        let (layers, name) = (session.layers(), session.name());
        let dense = layer.wrapping_sub(layers + 1);
        if layer >= 1 && layer <= layers {
            return session.filters(layer).map(Self::Convolutional);
        }
        let not_found = |sentence: String| Err(Error::new(ErrorKind::NotFound, sentence));
        match session.weights() {
            _ if dense > 1 => not_found(format!(
                "there is no layer {layer}: the convolutional layers are 1 to {layers}, and the dense layers {} and {}",
                layers + 1,
                layers + 2
            )),
            None => not_found(format!(
                "session {name} has no dense layers, so there is no layer {layer}: the sessions that come with the crate, \
                 filters from elsewhere and sessions before their end have convolutional layers only; one that you train \
                 has all four"
            )),
            Some(weights) => {
                let matrix = weights.dense[dense].mapv(f64::from);
                let (strengths, input) = match dense {
                    0 => (by_map(&matrix, session.filters(layers)?.len()), format!("map of layer {layers}")),
                    _ => (matrix, format!("unit of layer {}", layer - 1)),
                };
                let each = weights.dense[dense].nrows() / strengths.nrows();
                let unit = if dense == 0 { "unit" } else { "class" };
                Ok(Self::Dense(Dense { strengths, input, unit, each }))
            }
        }
    }
}

/// The weights of each map and unit as one number, from weights (map x row x column, unit).
fn by_map(weights: &Array2<f64>, maps: usize) -> Array2<f64> {
    let places = weights.nrows() / maps;
    Array2::from_shape_fn((maps, weights.ncols()), |(map, unit)| {
        let of_map = weights.slice(s![map * places..(map + 1) * places, unit]);
        let squares: f64 = of_map.iter().map(|weight| weight * weight).sum();
        signed((squares / places as f64).sqrt(), of_map.sum())
    })
}

/// The norm of each kernel, (channels, filters), with the sign of the sum of its weights.
pub(super) fn kernel_norms(bank: &FilterBank) -> Array2<f64> {
    Array2::from_shape_fn((bank.channels(), bank.len()), |(channel, filter)| {
        let filter = bank.filter(filter);
        let kernel = filter.index_axis(Axis(0), channel).mapv(f64::from);
        signed(kernel.iter().map(|weight| weight * weight).sum::<f64>().sqrt(), kernel.sum())
    })
}

fn signed(size: f64, sign: f64) -> f64 {
    if sign < 0.0 { -size } else { size }
}

/// The largest magnitude, or 1 if all values are 0.
pub(super) fn limit_of(values: impl IntoIterator<Item = f64>) -> f64 {
    let limit = values.into_iter().fold(0f64, |limit, value| limit.max(value.abs()));
    if limit > 0.0 { limit } else { 1.0 }
}
