//! Fills the lists of several maps, and sums what enters them.

use super::append::append;
use super::block::Block;
use super::dispatch::dispatch;
use super::patch_list::{DEAD, PatchList, PooledMaps};
use super::rows::row;
use super::transpose::BLOCK;

/// Where [`BLOCK`] neighbouring positions of pooled maps begin, in row order.
#[repr(align(64))]
struct Places {
    /// Positions; only the last places have fewer than [`BLOCK`].
    count: usize,
    values: [usize; BLOCK],
    winners: [usize; BLOCK],
    /// Of the patches of their upper left positions.
    patches: [u32; BLOCK],
    /// The line and column of the position behind them.
    next: [usize; 2],
}

impl Places {
    /// No positions; the first is the next.
    #[inline(always)]
    fn none() -> Self {
        let (values, winners, patches) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
        Self { count: 0, values, winners, patches, next: [0, 0] }
    }

    /// Moves on to the next positions.
    #[inline(always)]
    fn advance(&mut self, map: &PooledMaps) {
        let [mut line, mut column] = self.next;
        self.count = BLOCK.min((map.rows - line) * map.columns - column);
        for index in 0..self.count {
            self.values[index] = line * map.value_steps[0] + column * map.value_steps[1];
            self.winners[index] = line * map.winner_steps[0] + column * map.winner_steps[1];
            let (row, right) = (2 * (map.first + line) as u32, 2 * column as u32);
            self.patches[index] = row * map.down + right * map.right;
            column += 1;
            if column == map.columns {
                (line, column) = (line + 1, 0);
            }
        }
        self.next = [line, column];
    }
}

/// Puts into each list, in row order, the gradients of its map whose winner is not [`DEAD`], and adds them to the map's
/// sum. Blocks of positions are taken one after the other, and of each the maps in groups; if the maps end inside a
/// group, the group moves back, and the maps that it has again are left out.
#[inline(always)]
fn fill<const AT_ONCE: usize>(lists: &mut [PatchList], map: PooledMaps, sums: &mut [f32]) {
    let maps = lists.len();
    assert!(sums.len() == maps);
    map.check(maps);
    for list in &mut *lists {
        assert!(map.rows * map.columns + BLOCK <= list.offsets.len().min(list.values.len()));
        list.clear(map.bound());
    }
    let moves = [0, map.right, map.down, map.down + map.right];
    let mut places = Places::none();
    while places.next[0] < map.rows {
        places.advance(&map);
        let mut group = 0;
        while group < maps {
            let first = if maps < BLOCK { 0 } else { group.min(maps - BLOCK) };
            let mut block = Block { values: [[0.0; BLOCK]; BLOCK], winners: [[DEAD; BLOCK]; BLOCK] };
            for index in 0..places.count {
                let (values, winners) = (places.values[index] + first, places.winners[index] + first);
                if maps >= BLOCK {
                    // SAFETY: `check` looked at the last map of the last position, and first + BLOCK <= maps.
                    block.values[index] = *unsafe { row(map.values, values) };
                    // SAFETY: as above.
                    block.winners[index] = *unsafe { row(map.winners, winners) };
                } else {
                    block.values[index][..maps].copy_from_slice(&map.values[values..][..maps]);
                    block.winners[index][..maps].copy_from_slice(&map.winners[winners..][..maps]);
                }
            }
            let taken = group - first..maps.min(first + BLOCK) - first;
            let totals = block.sums();
            for lane in taken.clone() {
                sums[first + lane] += totals[lane];
            }
            let lists = &mut lists[group..first + taken.end];
            // SAFETY: the version for AVX-512 takes 16 at once, and that for AVX2 takes 8.
            unsafe { append::<AT_ONCE>(&block, taken.start, &places.patches, moves, lists) };
            group = first + BLOCK;
        }
    }
}

dispatch! {
    /// Puts into each of `lists`, one for each map, in row order the gradients of that map whose winner is not
    /// [`DEAD`], and adds them to the map's sum in `sums`.
    ///
    /// # Panics
    /// If a list has no room for all of a map, `sums` has another length, or `map` reaches beyond its slices.
    pub(in crate::network) fn fill_lists(lists: &mut [PatchList], map: PooledMaps, sums: &mut [f32]);
    avx512 fill::<16>, avx2 fill::<8>, neon fill::<1>, portable fill::<1>
}
