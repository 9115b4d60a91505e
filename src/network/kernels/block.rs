//! A block of pooled maps, whose values are appended to lists.

use super::patch_list::DEAD;
use super::transpose::BLOCK;

/// Gradients and winners at [`BLOCK`] positions of [`BLOCK`] maps, (position, map), none across a cache line.
#[repr(align(64))]
pub(super) struct Block {
    pub values: [[f32; BLOCK]; BLOCK],
    pub winners: [[u8; BLOCK]; BLOCK],
}

impl Block {
    /// For each map the sum of the gradients whose winner is not [`DEAD`].
    #[inline(always)]
    pub fn sums(&self) -> [f32; BLOCK] {
        let mut sums = [0.0; BLOCK];
        for position in 0..BLOCK {
            for lane in 0..BLOCK {
                let value = self.values[position][lane];
                sums[lane] += if self.winners[position][lane] == DEAD { 0.0 } else { value };
            }
        }
        sums
    }
}
