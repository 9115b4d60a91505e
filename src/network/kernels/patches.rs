//! The gradient of a convolution's weights, from the patches of a [`PatchList`]: the values under the
//! kernel at the positions whose gradient is not zero.

use super::dispatch::dispatch;
use super::patch_list::PatchList;
use super::rows::{one, row, row_mut};
use super::{InstructionPath, Instructions, multiply_add};

/// How patches lie in the input, and how filters lie.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) struct PatchShape {
    /// Rows of a patch.
    pub rows: usize,
    /// Values of a patch row, a multiple of 16, and from one row of a filter to the next.
    pub space: usize,
    /// From one row of the input to the next.
    pub stride: usize,
}

/// Sums of a tile so small that it takes two patches at a time, each in sums of its own: one alone would wait for the
/// result of the one before.
const PAIRED: usize = 80;

/// Adds to `grad` (ROWS rows, `space` apart, of LANES values) the patches of `list` in `input`, each
/// times its gradient. Both slices begin at the first of these rows and lanes.
#[inline(always)]
fn sum_patches<const ROWS: usize, const LANES: usize, const FMA: bool>(
    list: &PatchList,
    input: &[f32],
    stride: usize,
    grad: &mut [f32],
    space: usize,
) {
    assert!(list.bound() + (ROWS - 1) * stride + LANES <= input.len());
    assert!((ROWS - 1) * space + LANES <= grad.len());
    let mut sums = [[0.0_f32; LANES]; ROWS];
    let mut others = [[0.0_f32; LANES]; ROWS];
    let (offsets, values) = (list.offsets(), list.values());
    let pairs = if ROWS * LANES <= PAIRED { offsets.len() / 2 } else { 0 };
    for pair in 0..pairs {
        // SAFETY: a pair is inside of the list.
        let [first, second]: [u32; 2] = *unsafe { row(offsets, 2 * pair) };
        // SAFETY: as above.
        let [left, right]: [f32; 2] = *unsafe { row(values, 2 * pair) };
        for line in 0..ROWS {
            // SAFETY: no offset is above the bound, and the last row of its patch was checked above.
            let patch: &[f32; LANES] = unsafe { row(input, first as usize + line * stride) };
            // SAFETY: as above.
            let other: &[f32; LANES] = unsafe { row(input, second as usize + line * stride) };
            for lane in 0..LANES {
                sums[line][lane] = multiply_add::<FMA>(left, patch[lane], sums[line][lane]);
            }
            for lane in 0..LANES {
                others[line][lane] = multiply_add::<FMA>(right, other[lane], others[line][lane]);
            }
        }
    }
    assert_eq!(offsets.len(), values.len());
    for entry in 2 * pairs..offsets.len() {
        // SAFETY: both have this entry.
        let (offset, value) = unsafe { (one(offsets, entry), one(values, entry)) };
        for line in 0..ROWS {
            // SAFETY: no offset is above the bound, and the last row of its patch was checked above.
            let patch: &[f32; LANES] = unsafe { row(input, offset as usize + line * stride) };
            for lane in 0..LANES {
                sums[line][lane] = multiply_add::<FMA>(value, patch[lane], sums[line][lane]);
            }
        }
    }
    if pairs > 0 {
        for line in 0..ROWS {
            for lane in 0..LANES {
                sums[line][lane] += others[line][lane];
            }
        }
    }
    for line in 0..ROWS {
        // SAFETY: checked above for the last row.
        let grad: &mut [f32; LANES] = unsafe { row_mut(grad, line * space) };
        for lane in 0..LANES {
            grad[lane] += sums[line][lane];
        }
    }
}

/// [`sum_patches`] of the first three rows, then of the last two: both patches of a pair in 16 registers of 8 values. The sums are
/// bit-identical, because no row depends on another.
#[inline(always)]
fn sum_five_rows<const LANES: usize, const FMA: bool>(
    list: &PatchList,
    input: &[f32],
    stride: usize,
    grad: &mut [f32],
    space: usize,
) {
    sum_patches::<3, LANES, FMA>(list, input, stride, grad, space);
    sum_patches::<2, LANES, FMA>(list, &input[3 * stride..], stride, &mut grad[3 * space..], space);
}

macro_rules! dispatch_patches {
    ($name:ident, $rows:literal, $avx512:literal, $avx2:literal, $neon:literal, $portable:literal) => {
        dispatch! {
            /// [`sum_patches`] for one number of rows and lanes.
            fn $name(list: &PatchList, input: &[f32], stride: usize, grad: &mut [f32], space: usize);
            avx512 sum_patches::<$rows, $avx512, true>,
            avx2 sum_patches::<$rows, $avx2, true>,
            neon sum_patches::<$rows, $neon, true>,
            portable sum_patches::<$rows, $portable, false>
        }
    };
}

// As many lanes as fit the registers; `Instructions::lanes` has the same numbers.
dispatch! {
    /// [`sum_patches`] for five rows.
    fn sum_patches_5_wide(list: &PatchList, input: &[f32], stride: usize, grad: &mut [f32], space: usize);
    avx512 sum_patches::<5, 80, true>,
    avx2 sum_five_rows::<16, true>,
    neon sum_five_rows::<16, true>,
    portable sum_patches::<5, 8, false>
}
dispatch_patches!(sum_patches_3_wide, 3, 80, 32, 32, 16);
dispatch_patches!(sum_patches_1_wide, 1, 80, 80, 80, 40);
dispatch_patches!(sum_patches_5, 5, 16, 16, 16, 8);
dispatch_patches!(sum_patches_3, 3, 16, 16, 16, 8);
dispatch_patches!(sum_patches_1, 1, 16, 16, 16, 8);

/// Numbers of rows that the kernels take at a time.
const TILE_ROWS: [usize; 3] = [5, 3, 1];

/// The part of a patch that a kernel takes at a time.
#[derive(Debug, Clone, Copy)]
struct Tile {
    rows: usize,
    wide: bool,
}

impl Instructions {
    /// Adds to `grad`, the gradient of one filter (rows, space), the patches of `list` in `input`,
    /// each times its gradient.
    ///
    /// # Panics
    /// If a patch reaches beyond `input`, or a filter beyond `grad`.
    pub(in crate::network) fn sum_patches(
        self,
        shape: PatchShape,
        list: &PatchList,
        input: &[f32],
        grad: &mut [f32],
    ) {
        self.for_each_tile(shape, |tile, row, lane| {
            let run = match (tile.rows, tile.wide) {
                (5, true) => Self::sum_patches_5_wide,
                (5, false) => Self::sum_patches_5,
                (3, true) => Self::sum_patches_3_wide,
                (3, false) => Self::sum_patches_3,
                (_, true) => Self::sum_patches_1_wide,
                (_, false) => Self::sum_patches_1,
            };
            let input = &input[row * shape.stride + lane..];
            run(self, list, input, shape.stride, &mut grad[row * shape.space + lane..], shape.space);
        });
    }

    /// Cuts a patch into tiles and calls `act` with each, its first row and its first lane.
    fn for_each_tile(self, shape: PatchShape, mut act: impl FnMut(Tile, usize, usize)) {
        let mut row = 0;
        while row < shape.rows {
            let rows = TILE_ROWS.into_iter().find(|rows| row + rows <= shape.rows).unwrap_or(1);
            let mut lane = 0;
            while lane < shape.space {
                let mut tile = Tile { rows, wide: true };
                tile.wide = lane + self.lanes(tile) <= shape.space;
                act(tile, row, lane);
                lane += self.lanes(tile);
            }
            row += rows;
        }
    }

    /// Lanes of a tile, as in [`dispatch_patches`].
    fn lanes(self, tile: Tile) -> usize {
        let index = TILE_ROWS.into_iter().position(|rows| rows == tile.rows).unwrap_or(0);
        match (self.path(), tile.wide) {
            (InstructionPath::Portable, false) => 8,
            (_, false) => 16,
            (InstructionPath::Avx512, true) => 80,
            (InstructionPath::Portable, true) => [8, 16, 40][index],
            (_, true) => [16, 32, 80][index],
        }
    }
}
