//! The input of a layer.

use ndarray::{Array3, Axis};

use super::{Reading, ResponseOptions, correlate};
use crate::dataset::Picture;
use crate::filters::FilterBank;

/// The input of one layer for one picture. Any filters with its number of channels can be applied to it: those of
/// a session, or others in their place.
#[derive(Debug, Clone)]
pub(crate) struct LayerInput {
    maps: Array3<f64>, // (in, h, w)
    options: ResponseOptions,
}

impl LayerInput {
    /// The input of layer 1: the colour channels (3, h, w), or the luma (1, h, w) for kernel slices, times
    /// `input_scale`.
    pub fn new(picture: &Picture, input_scale: f32, options: ResponseOptions) -> Self {
        let scale = f64::from(input_scale);
        let maps = match options.reading {
            Reading::ForwardPass => picture.pixels().mapv(|byte| f64::from(byte) * scale),
            Reading::KernelSliceSum | Reading::EachKernel | Reading::KernelSlice => {
                (picture.luma() * scale).insert_axis(Axis(0))
            }
        };
        Self { maps, options }
    }

    /// The input of the layer after `bank`: its responses after ReLU and max-pooling. For kernel slices it is the
    /// picture again.
    pub fn after(&self, bank: &FilterBank) -> Self {
        let is_forward = self.options.reading == Reading::ForwardPass;
        if is_forward { self.after_responses(&self.responses(bank)) } else { self.clone() }
    }

    /// [`after`](Self::after) for responses that are known already.
    pub fn after_responses(&self, responses: &Array3<f64>) -> Self {
        let is_forward = self.options.reading == Reading::ForwardPass;
        let maps = if is_forward { correlate::relu_and_pool(responses) } else { self.maps.clone() };
        Self { maps, ..*self }
    }

    /// What the filters are applied to, (in, h, w).
    pub fn maps(&self) -> &Array3<f64> {
        &self.maps
    }

    /// The maps of a bank's filters, (out, h', w'); if every kernel has its own, (out in, h', w'), those of one filter after
    /// the other.
    pub fn responses(&self, bank: &FilterBank) -> Array3<f64> {
        let (maps, border) = (&self.maps, self.options.border);
        match self.options.reading {
            Reading::ForwardPass => correlate::forward(maps, bank, border),
            Reading::KernelSliceSum => correlate::slices(maps, bank, bank.channels(), border),
            Reading::EachKernel => correlate::slices(maps, &bank.kernels(), 1, border),
            Reading::KernelSlice => correlate::slices(maps, bank, 1, border),
        }
    }
}
