//! Every kernel held against its plainest form in f64, on every path of this machine.

use proptest::prelude::*;

use super::patch_list::DEAD;
use super::*;
use crate::tolerances::{ONE_SUM_IN_F32, WINOGRAD_IN_ONE_DIMENSION};

mod layouts;
mod lists;
mod memory;

/// What Winograd's way may lose on one input of 1 and one tap of 1.
const UNIT_ERROR: f32 = 1e-6;

fn paths() -> impl Iterator<Item = Instructions> {
    InstructionPath::ALL.into_iter().filter_map(|path| path.check().ok())
}

/// `count` numbers in -1..1 from a seed (Knuth's MMIX generator).
fn noise(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| draw()).collect()
}

/// Whether `value` is the sum of `terms` but for rounding.
fn is_sum(value: f32, terms: &[f64], tolerance: f64) -> bool {
    let (sum, size) = terms.iter().fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()));
    (f64::from(value) - sum).abs() <= tolerance * size
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 3 } else { 64 }, ..ProptestConfig::default() })]

    #[test]
    fn exact_correlations_have_the_bits_of_one_product_after_the_other_on_every_path(
        channels in 1_usize..4, half in 0_usize..3, height in 1_usize..4, tiles in 1_usize..3, one: bool,
        seed: u64,
    ) {
        let (kernel, width) = (2 * half + 1, tiles * POSITIONS);
        let row_step = width + kernel - 1;
        let plane = (height + kernel - 1) * row_step;
        let channel_step = if one { 0 } else { plane };
        let shape = ExactShape { channels, kernel, height, width, channel_step, row_step };
        let wide = |values: Vec<f32>| values.into_iter().map(f64::from).collect::<Vec<f64>>();
        let picture = wide(noise(if one { plane } else { channels * plane }, seed));
        let weights = wide(noise(shape.taps() * FILTERS, seed ^ 1));
        let bias: [f64; FILTERS] = wide(noise(FILTERS, seed ^ 2)).try_into().unwrap();
        let mut expected = Vec::new();
        for (filter, bias) in bias.iter().enumerate() {
            for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                let mut sum = 0.0;
                for tap in 0..shape.taps() {
                    let (channel, i, j) = (tap / (kernel * kernel), tap / kernel % kernel, tap % kernel);
                    let at = channel * channel_step + (y + i) * row_step + x + j;
                    sum += weights[filter * shape.taps() + tap] * picture[at];
                }
                expected.push((sum + bias).to_bits());
            }
        }
        for path in paths() {
            let mut maps = vec![0.0; FILTERS * height * width];
            path.correlate_exactly(shape, &picture, &weights, &bias, &mut maps);
            prop_assert_eq!(maps.iter().map(|value| value.to_bits()).collect::<Vec<_>>(), &expected[..]);
        }
    }

    #[test]
    fn products_are_sums_of_products_for_any_shape_and_strides(
        rows in 1_usize..40, segments in 1_usize..4, depth in 1_usize..20, columns in 1_usize..120,
        gaps in [0_usize..4, 0_usize..4, 0_usize..4], items in 1_usize..4,
        stride in prop::sample::select(vec![0_usize, 1, 3, 48, 64]), add: bool,
        seed: u64,
    ) {
        let a_step = 1 + gaps[0];
        let a_segment = depth * a_step + gaps[1];
        // Rows one after the other, or overlapping, or with the strides that AVX-512 has kernels for.
        let a_row = if stride == 0 { segments * a_segment } else { stride };
        let (b_row, c_row) = (columns + gaps[2], columns + gaps[1]);
        let item = [(rows - 1) * a_row + segments * a_segment, segments * depth * b_row, rows * c_row + gaps[0]];
        let shape = Product { rows, segments, depth, a_row, a_segment, a_step, b_row, c_row, add, items, item };
        let (a, b) = (noise(items * item[0], seed), noise(items * item[1], seed ^ 1));
        let before = noise(items * item[2], seed ^ 2);
        for path in paths() {
            let mut c = before.clone();
            path.product(shape, columns, &a, &b, &mut c);
            for (at, value) in c.iter().enumerate() {
                let (number, row, column) = (at / item[2], at % item[2] / c_row, at % item[2] % c_row);
                if column >= columns || row >= rows {
                    prop_assert_eq!(*value, before[at], "between the rows");
                    continue;
                }
                let mut terms = vec![if add { f64::from(before[at]) } else { 0.0 }];
                for segment in 0..segments {
                    for step in 0..depth {
                        let left = a[number * item[0] + row * a_row + segment * a_segment + step * a_step];
                        let right = b[number * item[1] + (segment * depth + step) * b_row + column];
                        terms.push(f64::from(left) * f64::from(right));
                    }
                }
                prop_assert!(is_sum(*value, &terms, ONE_SUM_IN_F32), "{path:?}: {value} at {row}, {column}");
            }
        }
    }

    #[test]
    fn products_by_panels_have_the_bits_of_each_row_alone(
        rows in 24_usize..30, depth in 120_usize..140, columns in prop::sample::select(vec![48_usize, 52, 23]), add: bool,
        seed: u64,
    ) {
        let b_row = 512;
        let shape = Product { b_row, add, ..Product::plain(rows, depth, columns, depth) };
        prop_assert!(shape.has_rows_in_one_place());
        let (a, b) = (noise(rows * depth, seed), noise(depth * b_row, seed ^ 1));
        let before = noise(rows * columns, seed ^ 2);
        for path in paths() {
            let (mut c, mut alone) = (before.clone(), before.clone());
            path.product(shape, columns, &a, &b, &mut c);
            for (row, values) in alone.chunks_exact_mut(columns).enumerate() {
                path.product(Product { rows: 1, ..shape }, columns, &a[row * depth..], &b, values);
            }
            prop_assert_eq!(c, alone);
        }
    }

    #[test]
    fn dots_are_scalar_products_of_rows_and_depend_on_these_rows_alone(
        rows in 1_usize..24, columns in 1_usize..70, depth in 0_usize..300, seed: u64,
    ) {
        let (a, b) = (noise(rows * depth, seed), noise(columns * depth, seed ^ 1));
        for path in paths() {
            let mut c = vec![f32::NAN; rows * columns];
            path.dots(Dots { rows, columns, depth }, &a, &b, &mut c);
            for (at, value) in c.iter().enumerate() {
                let mine = &a[at / columns * depth..][..depth];
                let other = &b[at % columns * depth..][..depth];
                let terms: Vec<_> = mine.iter().zip(other).map(|(a, b)| f64::from(*a) * f64::from(*b)).collect();
                prop_assert!(is_sum(*value, &terms, ONE_SUM_IN_F32), "{path:?}: {value} at {at}");
                let mut alone = [f32::NAN];
                path.dots(Dots { rows: 1, columns: 1, depth }, mine, other, &mut alone);
                prop_assert_eq!(alone[0], *value);
            }
        }
    }

    #[test]
    fn winograds_outputs_are_those_of_the_filter(lanes in 1_usize..40, items in 1_usize..4, seed: u64) {
        // One dimension, channel by channel: eight inputs, five taps, four outputs.
        let inputs = noise(items * POINTS * lanes, seed);
        let taps = noise(items * KERNEL * lanes, seed ^ 1);
        let stride = |points: usize| Stride { point: lanes, item: points * lanes, group: 0 };
        for path in paths() {
            let transformed = || vec![f32::NAN; items * POINTS * lanes];
            let (mut d, mut g) = (transformed(), transformed());
            path.transform_inputs([1, items, lanes], &inputs, stride(POINTS), &mut d, stride(POINTS));
            path.transform_taps([1, items, lanes], &taps, stride(KERNEL), &mut g, stride(POINTS));
            let products: Vec<_> = d.iter().zip(&g).map(|(d, g)| d * g).collect();
            let mut y = vec![f32::NAN; items * OUTPUTS * lanes];
            path.transform_outputs([1, items, lanes], &products, stride(POINTS), &mut y, stride(OUTPUTS));
            for (at, value) in y.iter().enumerate() {
                let (item, output, lane) = (at / lanes / OUTPUTS, at / lanes % OUTPUTS, at % lanes);
                let mut terms = [0.0; KERNEL];
                for tap in 0..KERNEL {
                    let input = inputs[(item * POINTS + output + tap) * lanes + lane];
                    terms[tap] = f64::from(input) * f64::from(taps[(item * KERNEL + tap) * lanes + lane]);
                }
                // The transforms magnify rounding by no more than this, whatever cancels in the sum.
                let error = (f64::from(*value) - terms.iter().sum::<f64>()).abs();
                prop_assert!(error <= WINOGRAD_IN_ONE_DIMENSION, "{path:?}: {value} at {at}: {error:e}");
            }
        }
    }

    #[test]
    fn pooling_takes_the_first_of_the_largest(half in 1_usize..9, count in 1_usize..40, seed: u64) {
        for path in paths() {
            // Few different values, so that there are ties.
            let steps = |values: Vec<f32>| -> Vec<f32> { values.iter().map(|v| (v * 3.0).round()).collect() };
            let maps = steps(noise(4 * half * count, seed));
            let bias = steps(noise(count, seed ^ 1));
            let (mut pooled, mut winners) = (vec![f32::NAN; half * count], vec![9; half * count]);
            path.pool(&maps, &bias, &mut pooled, &mut winners);
            for place in 0..half {
                for map in 0..count {
                    let mut best = (f32::NEG_INFINITY, 0);
                    for (winner, (row, column)) in [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter().enumerate() {
                        let value = maps[(row * 2 * half + 2 * place + column) * count + map];
                        if value > best.0 {
                            best = (value, winner as u8);
                        }
                    }
                    let value = best.0 + bias[map];
                    let expected = if value > 0.0 { (value, best.1) } else { (0.0, DEAD) };
                    let at = place * count + map;
                    prop_assert_eq!((pooled[at], winners[at]), expected, "{:?}", path);
                }
            }
        }
    }

    #[test]
    fn adam_is_its_formula(count in 1_usize..60, steps in 1_i32..1000, seed: u64) {
        let (parameters, gradients) = (noise(count, seed), noise(count, seed ^ 1));
        let (first, mut second) = (noise(count, seed ^ 2), noise(count, seed ^ 3));
        second.iter_mut().for_each(|value| *value = value.abs());
        let correct = [0.9, 0.999].map(|beta: f64| 1.0 / (1.0 - beta.powi(steps)));
        let step = AdamStep {
            keep: [0.9, 0.999],
            enter: [0.1, 0.001],
            correct: correct.map(|value| value as f32),
            learning_rate: 0.01,
            epsilon: 1e-8,
        };
        for path in paths() {
            let [mut p, mut m, mut v] = [&parameters, &first, &second].map(Clone::clone);
            path.adam(step, &mut p, &gradients, &mut m, &mut v);
            for at in 0..count {
                let [old, g, m0, v0] =
                    [parameters[at], gradients[at], first[at], second[at]].map(f64::from);
                let (m1, v1) = (0.9 * m0 + 0.1 * g, 0.999 * v0 + 0.001 * g * g);
                let moved = 0.01 * m1 * correct[0] / ((v1 * correct[1]).sqrt() + 1e-8);
                prop_assert!(is_sum(m[at], &[0.9 * m0, 0.1 * g], ONE_SUM_IN_F32));
                prop_assert!(is_sum(v[at], &[0.999 * v0, 0.001 * g * g], ONE_SUM_IN_F32));
                let size = 0.01 * (0.9 * m0.abs() + 0.1 * g.abs()) * correct[0] / (v1 * correct[1]).sqrt();
                let error = (f64::from(p[at]) - (old - moved)).abs();
                prop_assert!(error <= ONE_SUM_IN_F32 * (old.abs() + size), "{path:?}: {} {error:e}", p[at]);
            }
        }
    }
}

#[test]
fn winograds_way_is_the_identity_of_a_filter_on_every_input_and_tap() {
    // Lane by lane one pair of a unit input and a unit tap: the outputs are 0 or 1.
    let lanes = POINTS * KERNEL;
    let unit = |points: usize, at: &dyn Fn(usize) -> usize| -> Vec<f32> {
        (0..points * lanes).map(|place| f32::from(at(place % lanes) == place / lanes)).collect()
    };
    let (inputs, taps) = (unit(POINTS, &|lane| lane / KERNEL), unit(KERNEL, &|lane| lane % KERNEL));
    let stride = |points: usize| Stride { point: lanes, item: points * lanes, group: 0 };
    for path in paths() {
        let (mut d, mut g) = (vec![f32::NAN; POINTS * lanes], vec![f32::NAN; POINTS * lanes]);
        path.transform_inputs([1, 1, lanes], &inputs, stride(POINTS), &mut d, stride(POINTS));
        path.transform_taps([1, 1, lanes], &taps, stride(KERNEL), &mut g, stride(POINTS));
        let products: Vec<_> = d.iter().zip(&g).map(|(d, g)| d * g).collect();
        let mut y = vec![f32::NAN; OUTPUTS * lanes];
        path.transform_outputs([1, 1, lanes], &products, stride(POINTS), &mut y, stride(OUTPUTS));
        for (at, value) in y.iter().enumerate() {
            let (output, input, tap) = (at / lanes, at % lanes / KERNEL, at % lanes % KERNEL);
            let exact = f32::from(input == output + tap);
            assert!((value - exact).abs() < UNIT_ERROR, "{path:?}: {value}, not {exact}, at {at}");
        }
    }
}
