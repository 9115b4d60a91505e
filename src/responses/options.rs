//! How a filter is applied to a picture.

use serde::{Deserialize, Serialize};

/// What "a filter applied to a picture" means; the paper leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reading {
    /// What the network computes: all layers before, all channels, with bias.
    #[default]
    ForwardPass,
    /// The first 2-D slice of the kernel, `f[0]`, on the grey picture, without bias.
    KernelSlice,
    /// The sum over all 2-D slices of the kernel, each on the grey picture, without bias.
    KernelSliceSum,
}

impl Reading {
    /// Every reading.
    pub const ALL: [Self; 3] = [Self::ForwardPass, Self::KernelSlice, Self::KernelSliceSum];

    /// "forward-pass", "kernel-slice" or "kernel-slice-sum".
    pub fn name(self) -> &'static str {
        match self {
            Self::ForwardPass => "forward-pass",
            Self::KernelSlice => "kernel-slice",
            Self::KernelSliceSum => "kernel-slice-sum",
        }
    }
}

/// What happens where a kernel reaches over the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Border {
    /// Zeros stand outside, and a map is as large as its input, as in training. A quarter of layer
    /// 1's windows and half of layer 2's touch these zeros (32 x 32 pictures, 5 x 5 kernels).
    #[default]
    Same,
    /// Only windows that lie wholly inside count, in every layer on the way.
    Valid,
}

impl Border {
    /// Both borders.
    pub const ALL: [Self; 2] = [Self::Same, Self::Valid];

    /// "same" or "valid".
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Valid => "valid",
        }
    }
}

/// How filters are applied to pictures. The default is what the network computes in training: a
/// forward pass with zeros outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResponseOptions {
    /// What a filter is applied to. Default [`Reading::ForwardPass`].
    pub reading: Reading,
    /// What stands outside the picture. Default [`Border::Same`].
    pub border: Border,
}
