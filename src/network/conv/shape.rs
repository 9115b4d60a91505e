//! The sizes of the convolution stack.

use crate::dataset::SIDE;
use crate::error::Result;
use crate::network::Architecture;

/// Channels of a picture.
const COLOURS: usize = 3;

/// The sizes of one convolutional layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layer {
    /// Channels of its input.
    pub channels: usize,
    /// Number of filters.
    pub filters: usize,
    /// Side of its square kernels, odd.
    pub kernel: usize,
    /// Side of its input and of its maps before pooling, even.
    pub side: usize,
}

impl Layer {
    /// The two layers of `architecture`, the shapes checked.
    pub fn both(architecture: &Architecture) -> Result<[Self; 2]> {
        architecture.check()?;
        let [first, second] = architecture.filters;
        let [k1, k2] = architecture.kernels;
        Ok([
            Self { channels: COLOURS, filters: first, kernel: k1, side: SIDE },
            Self { channels: first, filters: second, kernel: k2, side: SIDE / 2 },
        ])
    }

    /// The layer from maps to input: filters and channels exchanged.
    pub fn turned(self) -> Self {
        Self { channels: self.filters, filters: self.channels, ..self }
    }

    /// The width of the border of zeros around the input.
    pub fn padding(self) -> usize {
        self.kernel / 2
    }

    /// Side of the input with that border.
    pub fn padded_side(self) -> usize {
        self.side + self.kernel - 1
    }

    /// Values of one input picture.
    pub fn input_len(self) -> usize {
        self.channels * self.side * self.side
    }

    /// Side of a map after pooling.
    pub fn pooled_side(self) -> usize {
        self.side / 2
    }

    /// Values of the pooled maps of one picture.
    pub fn output_len(self) -> usize {
        self.filters * self.pooled_side() * self.pooled_side()
    }

    /// Weights of one filter.
    pub fn filter_len(self) -> usize {
        self.channels * self.kernel * self.kernel
    }

    /// Weights of the layer.
    pub fn weight_len(self) -> usize {
        self.filters * self.filter_len()
    }
}
