//! Lists of the positions at which the gradient is not zero.
//!
//! After ReLU and max-pool at most one position in four carries a gradient, so the gradient of
//! the weights goes through lists of those positions.

use super::dispatch::dispatch;
use super::rows::{one, row_mut};

/// The winner of a pooling window without a gradient: its value is not above 0.
pub(in crate::network) const DEAD: u8 = 4;

/// The gradients of one map that ReLU and max-pool let pass, each with the offset of its patch.
#[derive(Debug)]
pub(in crate::network) struct PatchList {
    offsets: Vec<u32>,
    values: Vec<f32>,
    len: usize,
    bound: usize,
}

/// The gradients of some rows of one pooled map, and the winners that [`pool`](super::Instructions::pool)
/// gave for it. Steps count values.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) struct PooledMap<'a> {
    /// The first of these rows of the map.
    pub first: usize,
    /// The number of rows, at least 1.
    pub rows: usize,
    /// Columns of the map, at least 1.
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

impl PooledMap<'_> {
    /// Panics unless every value and winner is there.
    #[inline(always)]
    fn check(&self) {
        assert!(self.rows > 0 && self.columns > 0);
        let last = |steps: [usize; 2]| (self.rows - 1) * steps[0] + (self.columns - 1) * steps[1];
        assert!(last(self.value_steps) < self.values.len());
        assert!(last(self.winner_steps) < self.winners.len());
    }
}

impl PatchList {
    /// A list with room for `capacity` entries.
    pub(in crate::network) fn new(capacity: usize) -> Self {
        Self { offsets: vec![0; capacity], values: vec![0.0; capacity], len: 0, bound: 0 }
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
}

/// Puts into the list, in row order, the gradients of `map` whose winner is not [`DEAD`]. There is no
/// branch, since half of them are taken and the processor cannot predict which: each is written behind the
/// last one taken, and is overwritten if it is not taken.
#[inline(always)]
fn fill(list: &mut PatchList, map: PooledMap) {
    map.check();
    assert!(map.rows * map.columns <= list.offsets.len().min(list.values.len()));
    let (offsets, values) = (&mut list.offsets[..], &mut list.values[..]);
    let moves = [0, map.right, map.down, map.down + map.right];
    let mut len = 0;
    for line in 0..map.rows {
        let (mut value_at, mut winner_at) = (line * map.value_steps[0], line * map.winner_steps[0]);
        let mut start = 2 * (map.first + line) as u32 * map.down;
        for _ in 0..map.columns {
            // SAFETY: `check` looked at the last value of each.
            let (value, winner) = unsafe { (one(map.values, value_at), one(map.winners, winner_at)) };
            // SAFETY: `len` is at most the number of values before this one, so below the capacity.
            unsafe {
                *row_mut(values, len) = [value];
                *row_mut(offsets, len) = [start + moves[usize::from(winner % 4)]];
            }
            len += usize::from(winner != DEAD);
            value_at += map.value_steps[1];
            winner_at += map.winner_steps[1];
            start += 2 * map.right;
        }
    }
    list.len = len;
    // The lower right position of the last window, which no winner is beyond.
    let (last_row, last_column) = (2 * (map.first + map.rows) - 1, 2 * map.columns - 1);
    list.bound = last_row * map.down as usize + last_column * map.right as usize;
}

dispatch! {
    /// Puts into `list`, in row order, the gradients of `map` whose winner is not [`DEAD`].
    ///
    /// # Panics
    /// If the list has no room for all of `map`, or `map` reaches beyond its slices.
    pub(in crate::network) fn fill_list(list: &mut PatchList, map: PooledMap);
    avx512 fill, avx2 fill, neon fill, portable fill
}
