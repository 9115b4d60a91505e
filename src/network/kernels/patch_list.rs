//! Lists of the positions at which the gradient is not zero.
//!
//! After ReLU and max-pool at most one position in four carries a gradient, so the gradient of
//! the weights goes through lists of those positions.

use super::transpose::BLOCK;

/// The winner of a pooling window without a gradient: its value is not above 0.
pub(in crate::network) const DEAD: u8 = 4;

/// The gradients of one map that ReLU and max-pool let pass, each with the offset of its patch.
#[derive(Debug)]
pub(in crate::network) struct PatchList {
    /// Entries, and room behind the last for a whole block, which is written whatever is taken of it.
    pub(super) offsets: Vec<u32>,
    pub(super) values: Vec<f32>,
    pub(super) len: usize,
    pub(super) bound: usize,
}

/// The gradients of some rows of pooled maps, and the winners that [`pool`](super::Instructions::pool)
/// gave for them. The maps of a position are neighbours. Steps count values.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) struct PooledMaps<'a> {
    /// The first of these rows of the maps.
    pub first: usize,
    /// The number of rows, at least 1.
    pub rows: usize,
    /// Columns of a map, at least 1.
    pub columns: usize,
    /// From the patch of one position before pooling to that of its right neighbour.
    pub right: u32,
    /// From the patch of one position before pooling to that of the one below.
    pub down: u32,
    /// Gradients, from the first of these rows on.
    pub values: &'a [f32],
    /// From one row and from one column of gradients to the next.
    pub value_steps: [usize; 2],
    /// Winners, from the first of these rows on.
    pub winners: &'a [u8],
    /// From one row and from one column of winners to the next.
    pub winner_steps: [usize; 2],
}

impl PooledMaps<'_> {
    /// Panics unless every value and winner of this many maps is there.
    #[inline(always)]
    pub(super) fn check(&self, maps: usize) {
        assert!(self.rows > 0 && self.columns > 0);
        let last = |steps: [usize; 2]| (self.rows - 1) * steps[0] + (self.columns - 1) * steps[1];
        assert!(last(self.value_steps) + maps <= self.values.len());
        assert!(last(self.winner_steps) + maps <= self.winners.len());
    }

    /// No patch of these rows begins beyond this: the lower right position of the last window.
    #[inline(always)]
    pub(super) fn bound(&self) -> usize {
        let (last_row, last_column) = (2 * (self.first + self.rows) - 1, 2 * self.columns - 1);
        last_row * self.down as usize + last_column * self.right as usize
    }
}

impl PatchList {
    /// A list with room for `capacity` entries.
    pub(in crate::network) fn new(capacity: usize) -> Self {
        let room = capacity + BLOCK;
        Self { offsets: vec![0; room], values: vec![0.0; room], len: 0, bound: 0 }
    }

    /// The offsets, none above the [`bound`](Self::bound).
    #[inline(always)]
    pub(in crate::network) fn offsets(&self) -> &[u32] {
        &self.offsets[..self.len]
    }

    /// The gradients, one for each offset.
    #[inline(always)]
    pub(in crate::network) fn values(&self) -> &[f32] {
        &self.values[..self.len]
    }

    /// No offset is above this, whatever is in the list.
    #[inline(always)]
    pub(super) fn bound(&self) -> usize {
        self.bound
    }

    /// Removes all entries, and sets the bound.
    #[inline(always)]
    pub(super) fn clear(&mut self, bound: usize) {
        (self.len, self.bound) = (0, bound);
    }
}
