//! What the filters of a layer see of one picture.

use ndarray::Array3;

use super::{Reading, ResponseOptions, correlate, picture};
use crate::dataset::Picture;
use crate::filters::FilterBank;

/// The input of one layer, from which the responses of any of its filters follow: those of a session, or others
/// in their place.
#[derive(Debug, Clone)]
pub(crate) struct LayerInput {
    maps: Array3<f64>, // (in, h, w)
    options: ResponseOptions,
}

impl LayerInput {
    /// What layer 1 sees: the picture in colour, or grey for kernel slices.
    pub fn first(picture: &Picture, input_scale: f32, options: ResponseOptions) -> Self {
        let scale = f64::from(input_scale);
        let maps = match options.reading {
            Reading::ForwardPass => picture::colour(picture, scale),
            Reading::KernelSlice | Reading::KernelSliceSum => picture::grey(picture, scale),
        };
        Self { maps, options }
    }

    /// What the layer behind one of these filters sees: responses after ReLU and max-pool, or for kernel slices
    /// the picture again.
    pub fn behind(&self, bank: &FilterBank) -> Self {
        match self.options.reading {
            Reading::ForwardPass => self.behind_maps(&self.responses(bank)),
            Reading::KernelSlice | Reading::KernelSliceSum => self.clone(),
        }
    }

    /// [`behind`](Self::behind) from the responses, where these are known.
    pub fn behind_maps(&self, responses: &Array3<f64>) -> Self {
        match self.options.reading {
            Reading::ForwardPass => Self { maps: correlate::relu_and_pool(responses), options: self.options },
            Reading::KernelSlice | Reading::KernelSliceSum => self.clone(),
        }
    }

    /// The maps of a bank's filters, (out, h', w').
    pub fn responses(&self, bank: &FilterBank) -> Array3<f64> {
        let (maps, border) = (&self.maps, self.options.border);
        match self.options.reading {
            Reading::ForwardPass => correlate::forward(maps, bank, border),
            Reading::KernelSlice => correlate::slices(maps, bank, 1, border),
            Reading::KernelSliceSum => correlate::slices(maps, bank, bank.channels(), border),
        }
    }
}
