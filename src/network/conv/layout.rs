//! The memory layout of a layer's input, maps and filters: channel-last with a border of zeros,
//! which makes the patch under a kernel `kernel` rows of `kernel x channels` neighbouring values.

use super::shape::Layer;
use crate::network::kernels::PatchShape;

/// The length of a patch row is rounded up to a multiple of this, the longest vector of any machine.
const GRANULE: usize = 16;

/// The number of maps is rounded up to a multiple of this: whole vectors, or half a vector of the widest.
const MAPS: usize = 8;

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
    pub fn new(layer: Layer) -> Self {
        let padded = layer.padded_side();
        let row_len = layer.kernel * layer.channels;
        let space = row_len.next_multiple_of(GRANULE);
        Self {
            patch: PatchShape { rows: layer.kernel, space, stride: padded * layer.channels },
            picture_len: padded * padded * layer.channels,
            slack: space - row_len,
            maps: layer.filters.next_multiple_of(MAPS),
        }
    }

    /// Room for this many padded pictures.
    pub fn space(self, pictures: usize) -> usize {
        pictures * self.picture_len + self.slack
    }

    /// Values of one filter as the backward pass has it: rows x space.
    pub fn filter_space(self) -> usize {
        self.patch.rows * self.patch.space
    }
}
