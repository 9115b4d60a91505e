//! Where the gradient is not zero, and what lies under the kernel there.
//!
//! After ReLU and max-pool at most one position in four carries a gradient, so the backward passes
//! go through lists of those positions. Pictures are kept channel-last with their border of zeros,
//! which makes the patch under a kernel `kernel` rows of `kernel x channels` neighbouring values.

use super::shape::Layer;

/// What an offset reads where no gradient passes: the pooled value is not above 0.
pub(super) const DEAD: u32 = u32::MAX;

/// Patch rows are kept in a multiple of this many values, the longest vector of any machine.
const GRANULE: usize = 16;

/// How a layer's padded input and its filters lie in memory for the backward passes.
#[derive(Debug, Clone, Copy)]
pub(super) struct PatchLayout {
    /// Rows of a patch.
    pub rows: usize,
    /// Values in a patch row that count.
    pub row_len: usize,
    /// Values in a patch row with those that fill it up; filters hold zeros there.
    pub row_space: usize,
    /// From one row of the padded picture (side + kernel - 1, side + kernel - 1, channels) to the next.
    pub stride: usize,
    /// Values of a padded picture.
    pub picture_len: usize,
}

impl PatchLayout {
    pub fn of(layer: Layer) -> Self {
        let padded = layer.padded_side();
        let row_len = layer.kernel * layer.channels;
        Self {
            rows: layer.kernel,
            row_len,
            row_space: row_len.next_multiple_of(GRANULE),
            stride: padded * layer.channels,
            picture_len: padded * padded * layer.channels,
        }
    }

    /// Room for this many padded pictures, and for the last patch's last row to be read in full.
    pub fn space(self, pictures: usize) -> usize {
        pictures * self.picture_len + self.row_space - self.row_len
    }

    /// Values of one filter: rows x row space.
    pub fn filter_space(self) -> usize {
        self.rows * self.row_space
    }
}

/// The gradients of one map that are not zero, each with the offset of the patch it belongs to.
#[derive(Debug)]
pub(super) struct PatchList {
    offsets: Vec<u32>,
    values: Vec<f32>,
    len: usize,
    largest: u32,
}

impl PatchList {
    /// A list with room for `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Self { offsets: vec![0; capacity], values: vec![0.0; capacity], len: 0, largest: 0 }
    }

    pub fn clear(&mut self) {
        (self.len, self.largest) = (0, 0);
    }

    /// Adds the pair unless its value is 0 or its offset [`DEAD`]. There is no branch in it, as half
    /// of all pairs are added and none of them can be foreseen.
    #[inline(always)]
    pub fn add(&mut self, offset: u32, value: f32) {
        let keep = (offset != DEAD) & (value != 0.0);
        self.offsets[self.len] = offset;
        self.values[self.len] = value;
        self.largest = self.largest.max(if keep { offset } else { 0 });
        self.len += usize::from(keep);
    }

    /// The offsets, none above [`largest`](Self::largest).
    #[inline(always)]
    pub fn offsets(&self) -> &[u32] {
        &self.offsets[..self.len]
    }

    /// The gradients, one for each offset.
    #[inline(always)]
    pub fn values(&self) -> &[f32] {
        &self.values[..self.len]
    }

    /// At least the largest of the offsets.
    #[inline(always)]
    pub fn largest(&self) -> usize {
        self.largest as usize
    }
}
