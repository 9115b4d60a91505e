//! The product of two matrices in register tiles: the convolutions of the forward pass and two of
//! the three products of a dense layer are this one kernel.

use std::hint::black_box;

use super::dispatch::dispatch;
use super::rows::{one, row, row_mut};
#[cfg(all(target_arch = "x86_64", not(miri)))]
use super::sixteen::{HALF, SIXTEEN, sixteen};
use super::{InstructionPath, Instructions, multiply_add};

/// The layout of the matrices of c = a b: a is (rows, segments x depth), b (segments x depth, columns),
/// c (rows, columns). Every stride counts values.
///
/// With several segments a row of a is cut into runs: the patch under a k x k kernel is k runs of
/// k x channels neighbours, one picture row apart. Rows of a may overlap, as patches do.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) struct Product {
    /// Rows of a and c, at least 1.
    pub rows: usize,
    /// Runs that a row of a is made of, at least 1.
    pub segments: usize,
    /// Values in a run, at least 1.
    pub depth: usize,
    /// From one row of a to the next.
    pub a_row: usize,
    /// From one run of a row of a to the next.
    pub a_segment: usize,
    /// From one value of a run to the next.
    pub a_step: usize,
    /// From one row of b to the next.
    pub b_row: usize,
    /// From one row of c to the next.
    pub c_row: usize,
    /// Whether the product is added to what is in c.
    pub add: bool,
    /// The number of products of this shape, at least 1: one call for many small ones.
    pub items: usize,
    /// From the a, b and c of one product to those of the next.
    pub item: [usize; 3],
}

impl Product {
    /// The product of a (rows, depth), whose rows are `a_row` values apart, and b (depth, columns).
    pub(in crate::network) fn plain(rows: usize, depth: usize, columns: usize, a_row: usize) -> Self {
        let (b_row, c_row) = (columns, columns);
        let (items, item) = (1, [0; 3]);
        Self {
            rows,
            segments: 1,
            depth,
            a_row,
            a_segment: 0,
            a_step: 1,
            b_row,
            c_row,
            add: false,
            items,
            item,
        }
    }

    /// The same numbers, unknown to the optimiser. One by one: a copy of the whole structure is read in one piece right
    /// after it was written in several, which stalls the processor in every call.
    #[inline(always)]
    fn opaque(self) -> Self {
        Self {
            rows: black_box(self.rows),
            segments: black_box(self.segments),
            depth: black_box(self.depth),
            a_row: black_box(self.a_row),
            a_segment: black_box(self.a_segment),
            a_step: black_box(self.a_step),
            b_row: black_box(self.b_row),
            c_row: black_box(self.c_row),
            add: self.add,
            items: black_box(self.items),
            item: [black_box(self.item[0]), black_box(self.item[1]), black_box(self.item[2])],
        }
    }

    /// Panics unless a kernel of this many columns stays inside the slices.
    #[inline(always)]
    fn check(&self, columns: usize, a: &[f32], b: &[f32], c: &[f32]) {
        assert!(self.rows > 0 && self.segments > 0 && self.depth > 0 && self.items > 0);
        let [row, segment, step] = [self.rows - 1, self.segments - 1, self.depth - 1];
        let [a_last, b_last, c_last] = self.item.map(|item| (self.items - 1) * item);
        assert!(a_last + row * self.a_row + segment * self.a_segment + step * self.a_step < a.len());
        assert!(b_last + (self.segments * self.depth - 1) * self.b_row + columns <= b.len());
        assert!(c_last + row * self.c_row + columns <= c.len());
    }
}

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
        type Kernel = fn(Instructions, Product, &[f32], &[f32], &mut [f32]);
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
            run(self, shape, a, &b[at..], &mut c[at..]);
            at += taken;
        }
    }
}
