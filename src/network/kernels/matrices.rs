//! The layout of the matrices of a product.

use std::hint::black_box;

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

/// Rows of a for which copying the columns of b pays: several tiles read them.
const SEVERAL_TILES: usize = 24;

/// Values between rows, 2 KB, of which the first-level cache has all multiples in one or two of its places: usual caches have
/// 64 places of 64 bytes, for 8 to 12 lines each.
const ONE_PLACE: usize = 512;

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

    /// Whether tiles read rows of b again that push each other out of the first-level cache.
    pub(super) fn has_rows_in_one_place(&self) -> bool {
        let again = self.items == 1 && self.segments == 1 && self.rows >= SEVERAL_TILES;
        again && self.b_row.is_multiple_of(ONE_PLACE)
    }

    /// The same numbers, unknown to the optimiser. One by one: a copy of the whole structure is read in one piece right
    /// after it was written in several, which stalls the processor in every call.
    #[inline(always)]
    pub(super) fn opaque(self) -> Self {
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
    pub(super) fn check(&self, columns: usize, a: &[f32], b: &[f32], c: &[f32]) {
        assert!(self.rows > 0 && self.segments > 0 && self.depth > 0 && self.items > 0);
        let [row, segment, step] = [self.rows - 1, self.segments - 1, self.depth - 1];
        let [a_item, b_item, c_item] = self.item;
        let last = self.items - 1;
        assert!(last * a_item + row * self.a_row + segment * self.a_segment + step * self.a_step < a.len());
        assert!(last * b_item + (self.segments * self.depth - 1) * self.b_row + columns <= b.len());
        assert!(last * c_item + row * self.c_row + columns <= c.len());
    }
}
