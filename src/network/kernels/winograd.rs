//! Winograd's minimal filtering F(4, 5): four outputs of a filter of five taps with 8 products
//! instead of 20 (S. Winograd, Arithmetic Complexity of Computations, 1980; for convolutional
//! networks A. Lavin & S. Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016).
//!
//! y = A^T [(G g) * (B^T d)], * element by element: d are eight inputs, g five taps, y four outputs.
//! It is polynomial multiplication by values (Toom-Cook), transposed: G g are the values of the
//! polynomial with coefficients g at 0, 1, -1, 2, -2, 1/2, -1/2 and infinity, scaled; A is the
//! interpolation points' powers 0..3; B belongs to them.
//!
//! ```text
//!        1    0  -21/4    0   21/4    0   -1   0                  1      0      0      0      0
//!        0    1     1  -17/4 -17/4    1    1   0                -2/9   -2/9   -2/9   -2/9   -2/9
//!        0   -1     1   17/4 -17/4   -1    1   0                -2/9    2/9   -2/9    2/9   -2/9
//! B^T =  0   1/2   1/4  -5/2  -5/4    2    1   0        G =     1/90   2/90   4/90   8/90  16/90
//!        0  -1/2   1/4   5/2  -5/4   -2    1   0                1/90  -2/90   4/90  -8/90  16/90
//!        0    2     4   -5/2   -5   1/2    1   0               32/45  16/45   8/45   4/45   2/45
//!        0   -2     4    5/2   -5  -1/2    1   0               32/45 -16/45   8/45  -4/45   2/45
//!        0   -1     0   21/4    0  -21/4   0   1                  0      0      0      0      1
//!
//!        1   1   1   1   1   1    1   0
//! A^T =  0   1  -1   2  -2  1/2 -1/2  0
//!        0   1   1   4   4  1/4  1/4  0
//!        0   1  -1   8  -8  1/8 -1/8  1
//! ```
//!
//! In two dimensions the transforms are applied down the columns, then along the rows: 16 outputs
//! with 64 products instead of 400. Tests compare the outputs with the filter's sums, on random numbers and on all pairs of unit
//! vectors.

use std::hint::black_box;

use super::dispatch::dispatch;
use super::multiply_add;
use super::rows::{row, row_mut};

/// Taps of a filter in one dimension.
pub(in crate::network) const KERNEL: usize = 5;

/// Outputs of one application in one dimension.
pub(in crate::network) const OUTPUTS: usize = 4;

/// Products of one application in one dimension, and inputs.
pub(in crate::network) const POINTS: usize = 8;

/// From `from.len()` values to `to.len()`, in one dimension.
trait Transform<const FROM: usize, const TO: usize> {
    fn apply<const FMA: bool>(from: [f32; FROM]) -> [f32; TO];
}

/// d to B^T d.
struct Inputs;

impl Transform<POINTS, POINTS> for Inputs {
    #[inline(always)]
    fn apply<const FMA: bool>(d: [f32; POINTS]) -> [f32; POINTS] {
        let even_one = multiply_add::<FMA>(d[4], -4.25, d[2] + d[6]);
        let odd_one = multiply_add::<FMA>(d[3], -4.25, d[1] + d[5]);
        let even_two = multiply_add::<FMA>(d[2], 0.25, multiply_add::<FMA>(d[4], -1.25, d[6]));
        let odd_two = multiply_add::<FMA>(d[1], 0.5, multiply_add::<FMA>(d[3], -2.5, 2.0 * d[5]));
        let even_half = multiply_add::<FMA>(d[2], 4.0, multiply_add::<FMA>(d[4], -5.0, d[6]));
        let odd_half = multiply_add::<FMA>(d[5], 0.5, multiply_add::<FMA>(d[3], -2.5, 2.0 * d[1]));
        let first = multiply_add::<FMA>(d[4] - d[2], 5.25, d[0] - d[6]);
        let last = multiply_add::<FMA>(d[3] - d[5], 5.25, d[7] - d[1]);
        at_points(first, [(even_one, odd_one), (even_two, odd_two), (even_half, odd_half)], last)
    }
}

/// The values at 0, at 1 and -1, at 2 and -2, at 1/2 and -1/2, and at infinity, from the even and odd parts at the pairs.
#[inline(always)]
fn at_points(first: f32, [one, two, half]: [(f32, f32); 3], last: f32) -> [f32; POINTS] {
    let (plus, minus) = (|(even, odd)| even + odd, |(even, odd)| even - odd);
    [first, plus(one), minus(one), plus(two), minus(two), plus(half), minus(half), last]
}

/// g to G g.
struct Taps;

impl Transform<KERNEL, POINTS> for Taps {
    #[inline(always)]
    fn apply<const FMA: bool>(g: [f32; KERNEL]) -> [f32; POINTS] {
        let even_one = (g[0] + g[2] + g[4]) * (-2.0 / 9.0);
        let odd_one = (g[1] + g[3]) * (-2.0 / 9.0);
        let even_two = multiply_add::<FMA>(g[4], 16.0, multiply_add::<FMA>(g[2], 4.0, g[0])) * (1.0 / 90.0);
        let odd_two = multiply_add::<FMA>(g[3], 4.0, g[1]) * (2.0 / 90.0);
        let even_half = multiply_add::<FMA>(g[0], 16.0, multiply_add::<FMA>(g[2], 4.0, g[4])) * (2.0 / 45.0);
        let odd_half = multiply_add::<FMA>(g[1], 4.0, g[3]) * (4.0 / 45.0);
        at_points(g[0], [(even_one, odd_one), (even_two, odd_two), (even_half, odd_half)], g[4])
    }
}

/// The products m to A^T m.
struct Outputs;

impl Transform<POINTS, OUTPUTS> for Outputs {
    #[inline(always)]
    fn apply<const FMA: bool>(m: [f32; POINTS]) -> [f32; OUTPUTS] {
        let (even_one, odd_one) = (m[1] + m[2], m[1] - m[2]);
        let (even_two, odd_two) = (m[3] + m[4], m[3] - m[4]);
        let (even_half, odd_half) = (m[5] + m[6], m[5] - m[6]);
        [
            m[0] + even_one + even_two + even_half,
            multiply_add::<FMA>(odd_half, 0.5, multiply_add::<FMA>(odd_two, 2.0, odd_one)),
            multiply_add::<FMA>(even_half, 0.25, multiply_add::<FMA>(even_two, 4.0, even_one)),
            multiply_add::<FMA>(odd_half, 0.125, multiply_add::<FMA>(odd_two, 8.0, odd_one + m[7])),
        ]
    }
}

/// The strides of a transform, counted in values.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) struct Stride {
    /// From one of the 4, 5 or 8 values to the next.
    pub point: usize,
    /// From one item to the next.
    pub item: usize,
    /// From one group of items to the next.
    pub group: usize,
}

impl Stride {
    /// The same numbers, unknown to the optimiser.
    #[inline(always)]
    fn opaque(self) -> Self {
        Self { point: black_box(self.point), item: black_box(self.item), group: black_box(self.group) }
    }

    /// Whether `groups` groups of `items` items of `points` points of `lanes` neighbouring values lie inside `length`.
    #[inline(always)]
    fn fits(self, points: usize, [groups, items, lanes]: [usize; 3], length: usize) -> bool {
        (points - 1) * self.point + (groups - 1) * self.group + (items - 1) * self.item + lanes <= length
    }
}

/// Transforms `groups` x `items` x `lanes` times: lanes lie side by side, `from` and `to` say how far apart
/// the points, items and groups are.
#[inline(always)]
fn transform<
    T: Transform<FROM, TO>,
    const FROM: usize,
    const TO: usize,
    const LANES: usize,
    const FMA: bool,
>(
    sizes: [usize; 3],
    input: &[f32],
    from: Stride,
    output: &mut [f32],
    to: Stride,
) {
    let [groups, items, lanes] = sizes;
    if groups == 0 || items == 0 {
        return;
    }
    assert!(from.fits(FROM, sizes, input.len()));
    assert!(to.fits(TO, sizes, output.len()));
    let (from, to, lanes) = (from.opaque(), to.opaque(), black_box(lanes));
    for group in 0..groups {
        for item in 0..items {
            let from_item = group * from.group + item * from.item;
            let to_item = group * to.group + item * to.item;
            let mut lane = 0;
            macro_rules! all_that_fit {
                ($width:expr) => {
                    while lanes - lane >= $width {
                        let (from_at, to_at) = (from_item + lane, to_item + lane);
                        transform_lanes::<T, FROM, TO, { $width }, FMA>(
                            input, from_at, from, output, to_at, to,
                        );
                        lane += $width;
                    }
                };
            }
            all_that_fit!(LANES);
            all_that_fit!(8);
            all_that_fit!(4);
            all_that_fit!(1);
        }
    }
}

/// One transform for LANES neighbours. [`transform`] has checked that all of them are there.
#[inline(always)]
fn transform_lanes<
    T: Transform<FROM, TO>,
    const FROM: usize,
    const TO: usize,
    const LANES: usize,
    const FMA: bool,
>(
    input: &[f32],
    from_at: usize,
    from: Stride,
    output: &mut [f32],
    to_at: usize,
    to: Stride,
) {
    let mut results = [[0.0_f32; LANES]; TO];
    let mut values = [[0.0_f32; LANES]; FROM];
    for point in 0..FROM {
        // SAFETY: `fits` holds for the last item, point and lane.
        values[point] = *unsafe { row(input, from_at + point * from.point) };
    }
    for lane in 0..LANES {
        let mut column = [0.0; FROM];
        for point in 0..FROM {
            column[point] = values[point][lane];
        }
        let column = T::apply::<FMA>(column);
        for point in 0..TO {
            results[point][lane] = column[point];
        }
    }
    for point in 0..TO {
        // SAFETY: as above.
        *unsafe { row_mut(output, to_at + point * to.point) } = results[point];
    }
}

macro_rules! dispatch_transform {
    ($name:ident, $transform:ident, $from:ident, $to:ident) => {
        dispatch! {
            /// [`transform`] of one kind.
            pub(in crate::network) fn $name(
                sizes: [usize; 3], input: &[f32], from: Stride, output: &mut [f32], to: Stride,
            );
            avx512 transform::<$transform, $from, $to, 16, true>,
            avx2 transform::<$transform, $from, $to, 8, true>,
            neon transform::<$transform, $from, $to, 8, true>,
            portable transform::<$transform, $from, $to, 4, false>
        }
    };
}

dispatch_transform!(transform_inputs, Inputs, POINTS, POINTS);
dispatch_transform!(transform_taps, Taps, KERNEL, POINTS);
dispatch_transform!(transform_outputs, Outputs, POINTS, OUTPUTS);
