//! Slices that are too short, and aligned memory.

use super::*;

#[test]
fn a_slice_that_is_one_value_short_is_refused_before_anything_is_read() {
    let refused = |what: &str, call: &mut dyn FnMut()| {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call));
        assert!(outcome.is_err(), "{what} took it");
    };
    let (rows, depth, columns) = (3, 4, 33);
    let shape = Product {
        rows,
        segments: 1,
        depth,
        a_row: depth,
        a_segment: depth,
        a_step: 1,
        b_row: columns,
        c_row: columns,
        add: false,
        items: 1,
        item: [0; 3],
    };
    let (a, b, mut c) = (vec![0.0; rows * depth], vec![0.0; depth * columns], vec![0.0; rows * columns]);
    let stride = Stride { point: 5, item: 40, group: 0 };
    let (eight, mut out) = (vec![0.0; 40], vec![0.0; 40]);
    let map = PooledMaps {
        first: 0,
        rows: 2,
        columns: 2,
        right: 1,
        down: 20,
        values: &[1.0; 4],
        value_steps: [2, 1],
        winners: &[0; 4],
        winner_steps: [2, 1],
    };
    for path in paths() {
        path.product(shape, columns, &a, &b, &mut c);
        refused("product a", &mut || path.product(shape, columns, &a[1..], &b, &mut c));
        refused("product b", &mut || path.product(shape, columns, &a, &b[1..], &mut c));
        refused("product c", &mut || path.product(shape, columns, &a, &b, &mut c[1..]));
        let dots = Dots { rows: 3, columns: 4, depth: 5 };
        let (left, right, mut sums) = ([0.0; 15], [0.0; 20], [0.0; 12]);
        path.dots(dots, &left, &right, &mut sums);
        refused("dots a", &mut || path.dots(dots, &left[1..], &right, &mut sums));
        refused("dots b", &mut || path.dots(dots, &left, &right[1..], &mut sums));
        refused("dots c", &mut || path.dots(dots, &left, &right, &mut sums[1..]));
        path.transform_inputs([1, 1, 5], &eight, stride, &mut out, stride);
        refused("inputs", &mut || path.transform_inputs([1, 1, 5], &eight[1..], stride, &mut out, stride));
        refused("inputs to", &mut || path.transform_inputs([1, 1, 5], &eight, stride, &mut out[1..], stride));
        refused("taps", &mut || path.transform_taps([1, 1, 5], &eight[16..], stride, &mut out, stride));
        refused("outputs", &mut || path.transform_outputs([1, 1, 5], &eight[1..], stride, &mut out, stride));
        let (mut lists, mut sums) = ([PatchList::new(4)], [0.0]);
        path.fill_lists(&mut lists, map, &mut sums);
        let fill = |lists: &mut [PatchList], map, sums: &mut [f32]| path.fill_lists(lists, map, sums);
        refused("list", &mut || fill(&mut [PatchList::new(3)], map, &mut sums));
        refused("sums", &mut || fill(&mut lists, map, &mut []));
        refused("values", &mut || fill(&mut lists, PooledMaps { values: &[1.0; 3], ..map }, &mut sums));
        refused("winners", &mut || fill(&mut lists, PooledMaps { winners: &[0; 3], ..map }, &mut sums));
        // The last patch begins two rows down and two right of the first.
        path.fill_lists(&mut lists, map, &mut sums);
        let [list] = lists;
        let patch = PatchShape { rows: 2, space: 16, stride: 20 };
        let (input, mut grad) = (vec![0.0; list.bound() + 20 + 16], vec![0.0; 32]);
        path.sum_patches(patch, &list, &input, &mut grad);
        refused("patches", &mut || path.sum_patches(patch, &list, &input[1..], &mut grad));
        refused("filter", &mut || path.sum_patches(patch, &list, &input, &mut grad[1..]));
        let (pooled, mut gradients) = ([0.0; 6], [0.0; 24]);
        path.unpool([3, 3, 3, 12], &pooled, &[0; 6], &mut gradients);
        refused("pooled", &mut || path.unpool([3, 3, 3, 12], &pooled, &[0; 5], &mut gradients));
        refused("unpooled", &mut || path.unpool([3, 3, 3, 12], &pooled, &[0; 6], &mut gradients[1..]));
        let (short, mut copies) = ([0.0; 18], [0.0; 48]);
        path.patch_rows([3, 1, 18], &short, &mut copies);
        refused("patch rows", &mut || path.patch_rows([3, 1, 18], &short[1..], &mut copies));
        let (image, mut pixels) = (vec![0.0; 768], vec![0.0; 768]);
        path.interleave([16, 48], &image, &mut pixels);
        refused("image", &mut || path.interleave([16, 48], &image[1..], &mut pixels));
        refused("pixels", &mut || path.interleave([16, 48], &image, &mut pixels[1..]));
        let exact =
            ExactShape { channels: 1, kernel: 3, height: 1, width: 16, channel_step: 54, row_step: 18 };
        let (picture, weights, bias) = (vec![0.0; 54], vec![0.0; 9 * FILTERS], [0.0; FILTERS]);
        let mut maps = vec![0.0; FILTERS * 16];
        path.correlate_exactly(exact, &picture, &weights, &bias, &mut maps);
        refused("picture", &mut || path.correlate_exactly(exact, &picture[1..], &weights, &bias, &mut maps));
        refused("weights", &mut || path.correlate_exactly(exact, &picture, &weights[1..], &bias, &mut maps));
        refused("maps", &mut || path.correlate_exactly(exact, &picture, &weights, &bias, &mut maps[1..]));
    }
}

#[test]
fn moments_of_a_unit_that_died_end_at_zero_and_nan_stays_nan() {
    let step = AdamStep {
        keep: [0.9, 0.999],
        enter: [0.1, 0.001],
        correct: [1.0, 1.0],
        learning_rate: 1e-4,
        epsilon: 1e-8,
    };
    for path in paths() {
        let (mut p, mut m, mut v) = (vec![0.5; 20], vec![1e-37; 20], vec![1e-38; 20]);
        for _ in 0..40 {
            path.adam(step, &mut p, &[0.0; 20], &mut m, &mut v);
        }
        assert_eq!((m, v), (vec![0.0; 20], vec![0.0; 20]), "{path:?}");
        assert_eq!(p, vec![0.5; 20]);
        let (mut p, mut m, mut v) = ([0.5], [0.0], [0.0]);
        path.adam(step, &mut p, &[f32::NAN], &mut m, &mut v);
        assert!(p[0].is_nan() && m[0].is_nan() && v[0].is_nan(), "{path:?}");
    }
}

#[test]
fn aligned_memory_begins_at_a_cache_line_and_keeps_its_values() {
    for len in [0, 1, 15, 16, 1000] {
        let mut values = Aligned::zeros(len);
        assert_eq!((values.len(), values.as_ptr() as usize % 64), (len, 0));
        values.iter_mut().enumerate().for_each(|(number, place)| *place = number as f32);
        assert_eq!(values.clone()[..], values[..]);
    }
}
