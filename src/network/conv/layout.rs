//! The memory layout of a layer's input, maps and filters: channel-last with a border of zeros,
//! which makes the patch under a kernel `kernel` rows of `kernel x channels` neighbouring values.

use super::shape::Layer;
use crate::network::kernels::{InstructionPath, PatchShape};

/// The length of a patch row is rounded up to a multiple of this, the longest vector of any machine.
const GRANULE: usize = 16;

/// Maps that a kernel computes together, at least: a vector of AVX2, half a vector of AVX-512.
const MAPS: usize = 8;

/// Maps of a whole vector of AVX-512.
const WIDE_MAPS: usize = 16;

/// The lengths and strides of one layer, in values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Patches of the padded picture (side + kernel - 1, side + kernel - 1, channels); filters have
    /// zeros at the end of each row, to fill it up.
    pub patch: PatchShape,
    /// Values of a padded picture.
    pub picture_len: usize,
    /// Room behind the last picture, for its last patch's last row to be read in full.
    slack: usize,
    /// The number of filters, with those of zeros that pad the last vector.
    pub maps: usize,
}

impl Layout {
    pub fn new(layer: Layer, path: InstructionPath) -> Self {
        let padded = layer.padded_side();
        let row_len = layer.kernel * layer.channels;
        let space = row_len.next_multiple_of(GRANULE);
        // Half a vector takes nearly the time of a whole one.
        let wide = path == InstructionPath::Avx512 && layer.filters > MAPS;
        let granule = if wide { WIDE_MAPS } else { MAPS };
        Self {
            patch: PatchShape { rows: layer.kernel, space, stride: padded * layer.channels },
            picture_len: padded * padded * layer.channels,
            slack: space - row_len,
            maps: layer.filters.next_multiple_of(granule),
        }
    }

    /// Room for this many padded pictures.
    pub fn space(self, pictures: usize) -> usize {
        pictures * self.picture_len + self.slack
    }

    /// The place of weight (channel, row, column) in a filter as the backward pass has it.
    pub fn place_of(self, layer: Layer, weight: usize) -> usize {
        let taps = layer.kernel * layer.kernel;
        let (channel, tap) = (weight / taps, weight % taps);
        let (row, column) = (tap / layer.kernel, tap % layer.kernel);
        row * self.patch.space + column * layer.channels + channel
    }

    /// Values of one filter as the backward pass has it: rows x space.
    pub fn filter_space(self) -> usize {
        self.patch.rows * self.patch.space
    }
}
