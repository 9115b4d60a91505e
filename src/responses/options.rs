//! How a filter is applied to a picture.

use serde::{Deserialize, Serialize};

use crate::names::names;

/// How a filter is applied to a picture. The paper leaves this open.
///
/// | name | [in words](Self::in_words) | what is laid on what | maps of a filter |
/// |---|---|---|--:|
/// | `forward-pass` | forward pass | the filter on the maps of the layer before, as in the network | 1 |
/// | `kernel-slice-sum` | summed kernels | the sum of the filter's kernels on the grey picture | 1 |
/// | `each-kernel` | each kernel | every kernel of the filter by itself on the grey picture | its channels |
/// | `kernel-slice` | first kernel | the filter's first kernel on the grey picture | 1 |
///
/// [`Figure::readings`](crate::figures::Figure::readings) draws them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reading {
    /// What the network computes: all earlier layers, all channels, with bias.
    #[default]
    ForwardPass,
    /// The sum of all 2-D kernels of the filter, on the grey picture, without bias.
    KernelSliceSum,
    /// Every 2-D kernel of the filter by itself on the grey picture, without bias: as many maps as the filter has channels. The
    /// filter's score is the mean of theirs.
    EachKernel,
    /// The first 2-D kernel of the filter, `f[0]`, on the grey picture, without bias.
    KernelSlice,
}

names!(Reading, "reading", {
    ForwardPass: "forward-pass",
    KernelSliceSum: "kernel-slice-sum",
    EachKernel: "each-kernel",
    KernelSlice: "kernel-slice",
});

impl Reading {
    /// The words for people, in reports and tables.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::ForwardPass => "forward pass",
            Self::KernelSliceSum => "summed kernels",
            Self::EachKernel => "each kernel",
            Self::KernelSlice => "first kernel",
        }
    }

    /// How many maps it makes of a filter with this many channels.
    pub(crate) fn maps(self, channels: usize) -> usize {
        match self {
            Self::EachKernel => channels,
            Self::ForwardPass | Self::KernelSliceSum | Self::KernelSlice => 1,
        }
    }
}

/// What happens at the border of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Border {
    /// The input is padded with zeros, and a map is as large as its input, as in training. A quarter of layer
    /// 1's windows and half of layer 2's reach these zeros (32 x 32 pictures, 5 x 5 kernels).
    #[default]
    Same,
    /// Only windows that lie completely inside count, in this layer and in all earlier ones.
    Valid,
}

names!(Border, "border", { Same: "same", Valid: "valid" });

impl Border {
    /// How many rows, and columns, a map has fewer than its input.
    pub(super) fn lost(self, kernel: usize) -> usize {
        match self {
            Self::Same => 0,
            Self::Valid => kernel - 1,
        }
    }

    /// The rows, and columns, of zeros above and left of the input. Below and right there are as many, and one more if the
    /// kernel is even.
    pub(super) fn padding(self, kernel: usize) -> usize {
        match self {
            Self::Same => (kernel - 1) / 2,
            Self::Valid => 0,
        }
    }
}

/// How filters are applied to pictures. The default is what the network computes in training: a forward pass with
/// zeros outside the picture.
///
/// ```
/// use softness::responses::{Border, Reading, ResponseOptions};
///
/// let options = ResponseOptions::default().reading(Reading::KernelSlice).border(Border::Valid);
/// assert_eq!((options.reading.name(), options.border.name()), ("kernel-slice", "valid"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ResponseOptions {
    /// What a filter is applied to. Default [`Reading::ForwardPass`].
    pub reading: Reading,
    /// What happens at the border of the picture. Default [`Border::Same`].
    pub border: Border,
}

impl ResponseOptions {
    setters! {
        /// Sets what a filter is applied to.
        pub fn reading(self, reading: Reading);

        /// Sets what happens at the border of the picture.
        pub fn border(self, border: Border);
    }
}
