//! The product of two matrices in register tiles: the convolutions of the forward pass and two of
//! the three products of a dense layer are this one kernel.

use super::dispatch::dispatch;
use super::matrices::Product;
use super::rows::{one, row, row_mut};
#[cfg(all(target_arch = "x86_64", not(miri)))]
use super::sixteen::{HALF, SIXTEEN, sixteen};
use super::transpose::AtLine;
use super::{InstructionPath, Instructions, multiply_add};

/// Rows of b whose columns are copied together: few enough that they stay in the first-level cache.
const PANEL_ROWS: usize = 128;

/// The most columns of a kernel.
const MOST_COLUMNS: usize = 48;

/// c = a b for LANES columns, in tiles of ROWS rows. Every sum runs over the depth from first to
/// last, so a row's values depend on nothing but that row. If the rows end inside a tile, the rest
/// is done in tiles of two rows and one.
#[inline(always)]
pub(super) fn product<const ROWS: usize, const LANES: usize, const FMA: bool>(
    shape: Product,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) {
    shape.check(LANES, a, b, c);
    let shape = shape.opaque();
    for item in 0..shape.items {
        let start = [item * shape.item[0], item * shape.item[1], item * shape.item[2]];
        product_item::<ROWS, LANES, FMA>(shape, start, a, b, c);
    }
}

/// The product whose matrices begin at `start`; [`product`] has checked that all of it is there.
#[inline(always)]
fn product_item<const ROWS: usize, const LANES: usize, const FMA: bool>(
    shape: Product,
    start: [usize; 3],
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) {
    let mut top = 0;
    while top < shape.rows {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        if [ROWS, LANES] == HALF && top + SIXTEEN <= shape.rows {
            // SAFETY: `product` has checked the last row of each matrix; only AVX-512 has tiles of this size.
            if unsafe { sixteen(shape, start, top, a, b, c) } {
                top += SIXTEEN;
                continue;
            }
        }
        if top + ROWS <= shape.rows {
            tile::<ROWS, LANES, FMA>(shape, start, top, a, b, c);
            top += ROWS;
        } else if top + 2 <= shape.rows {
            tile::<2, LANES, FMA>(shape, start, top, a, b, c);
            top += 2;
        } else {
            tile::<1, LANES, FMA>(shape, start, top, a, b, c);
            top += 1;
        }
    }
}

/// ROWS rows of c from `top` on; [`product`] has checked that all of them are there.
#[inline(always)]
fn tile<const ROWS: usize, const LANES: usize, const FMA: bool>(
    shape: Product,
    start: [usize; 3],
    top: usize,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) {
    let Product { segments, depth, a_row, a_segment, a_step, b_row, c_row, add, .. } = shape;
    let mut sums = [[0.0_f32; LANES]; ROWS];
    if add {
        for line in 0..ROWS {
            // SAFETY: the row is one of c, whose last was checked.
            sums[line] = *unsafe { row(c, start[2] + (top + line) * c_row) };
        }
    }
    let mut b_at = start[1];
    for segment in 0..segments {
        let mut a_at = start[0] + top * a_row + segment * a_segment;
        for _ in 0..depth {
            // SAFETY: `b_at` counts the rows of b, whose last was checked.
            let right: &[f32; LANES] = unsafe { row(b, b_at) };
            for line in 0..ROWS {
                // SAFETY: the row is one of a, whose last value was checked.
                let left = unsafe { one(a, a_at + line * a_row) };
                for lane in 0..LANES {
                    sums[line][lane] = multiply_add::<FMA>(left, right[lane], sums[line][lane]);
                }
            }
            a_at += a_step;
            b_at += b_row;
        }
    }
    for line in 0..ROWS {
        // SAFETY: the row is one of c, whose last was checked.
        *unsafe { row_mut(c, start[2] + (top + line) * c_row) } = sums[line];
    }
}

macro_rules! dispatch_product {
    ($name:ident, $avx512:literal, $avx2:literal x $avx2_lanes:literal,
     $portable:literal x $portable_lanes:literal) => {
        dispatch! {
            /// [`product`] for one number of columns.
            fn $name(shape: Product, a: &[f32], b: &[f32], c: &mut [f32]);
            avx512 product::<8, $avx512, true>, avx2 product::<$avx2, $avx2_lanes, true>,
            neon product::<$avx2, $avx2_lanes, true>, portable product::<$portable, $portable_lanes, false>
        }
    };
}

// Columns for AVX-512, then rows x columns for AVX2 and NEON, and for the portable path.
dispatch_product!(product_triple, 48, 3 x 24, 2 x 12);
dispatch_product!(product_double, 32, 4 x 16, 4 x 8);
dispatch_product!(product_single, 16, 8 x 8, 8 x 4);
dispatch_product!(product_half, 8, 8 x 4, 8 x 2);
dispatch_product!(product_column, 1, 8 x 1, 8 x 1);

/// A kernel of a number of columns: c = a b, or c += a b.
type Kernel = fn(Instructions, Product, &[f32], &[f32], &mut [f32]);

impl Instructions {
    /// Columns in a vector, as the kernels above have them.
    fn vector(self) -> usize {
        match self.path() {
            InstructionPath::Avx512 => 16,
            InstructionPath::Avx2 | InstructionPath::Neon => 8,
            InstructionPath::Portable => 4,
        }
    }

    /// c = a b, or c += a b, for this many columns of b and c.
    ///
    /// # Panics
    /// If a slice is too short for the shape.
    pub(in crate::network) fn product(
        self,
        shape: Product,
        columns: usize,
        a: &[f32],
        b: &[f32],
        c: &mut [f32],
    ) {
        let vector = self.vector();
        let mut at = 0;
        while at < columns {
            let left = columns - at;
            let (run, taken): (Kernel, usize) = if left.is_multiple_of(3 * vector) {
                (Self::product_triple, 3 * vector)
            } else if left >= 2 * vector {
                (Self::product_double, 2 * vector)
            } else if left >= vector {
                (Self::product_single, vector)
            } else if left >= vector / 2 {
                (Self::product_half, vector / 2)
            } else {
                (Self::product_column, 1)
            };
            if taken >= vector && shape.has_rows_in_one_place() {
                self.product_by_panels(run, shape, taken, a, &b[at..], &mut c[at..]);
            } else {
                run(self, shape, a, &b[at..], &mut c[at..]);
            }
            at += taken;
        }
    }

    /// A kernel's product by [`PANEL_ROWS`] rows of b at a time, whose columns are copied first: every tile of rows reads them, and
    /// where they are, they push each other out of the first-level cache. The sums are bit-identical, because they go on in c.
    fn product_by_panels(
        self,
        run: Kernel,
        shape: Product,
        columns: usize,
        a: &[f32],
        b: &[f32],
        c: &mut [f32],
    ) {
        let mut panel = AtLine([0.0; PANEL_ROWS * MOST_COLUMNS]);
        for start in (0..shape.depth).step_by(PANEL_ROWS) {
            let depth = PANEL_ROWS.min(shape.depth - start);
            let panel = &mut panel.0[..depth * columns];
            self.copy_columns([columns, shape.b_row], &b[start * shape.b_row..], panel);
            let shape = Product { depth, b_row: columns, add: shape.add || start > 0, ..shape };
            run(self, shape, &a[start * shape.a_step..], panel, c);
        }
    }
}
