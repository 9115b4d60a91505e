//! The kernels that only move values.

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 3 } else { 64 }, ..ProptestConfig::default() })]

    #[test]
    fn unpooling_puts_each_gradient_where_its_value_came_from(
        half in 1_usize..9, count in 1_usize..40, gaps in [0_usize..4, 0_usize..4, 0_usize..9], seed: u64,
    ) {
        let (winner_step, pixel) = (count + gaps[0], count + gaps[1]);
        let stride = 2 * half * pixel + gaps[2];
        let pooled = noise(half * count, seed);
        let draws = noise(half * winner_step, seed ^ 1);
        let winners: Vec<u8> = draws.iter().map(|draw| ((draw + 1.0) * 2.499) as u8).collect();
        for path in paths() {
            let mut maps = vec![9.0; 2 * stride];
            path.unpool([count, winner_step, pixel, stride], &pooled, &winners, &mut maps);
            for (at, found) in maps.iter().enumerate() {
                let (row, column, map) = (at / stride, at % stride / pixel, at % stride % pixel);
                let expected = if column >= 2 * half || map >= count {
                    9.0 // behind a row, or behind the maps of a pixel
                } else if usize::from(winners[column / 2 * winner_step + map]) == 2 * row + column % 2 {
                    pooled[column / 2 * count + map]
                } else {
                    0.0
                };
                prop_assert_eq!(*found, expected, "{:?}: row {}, column {}, map {}", path, row, column, map);
            }
        }
    }

    #[test]
    fn patch_rows_are_the_values_from_each_place_on(
        rows in 1_usize..5, places in 1_usize..9, step in 1_usize..5, gap in 0_usize..5, seed: u64,
    ) {
        let stride = (places - 1) * step + PATCH_ROW + gap;
        let input = noise(rows * stride, seed);
        for path in paths() {
            let mut copies = vec![9.0; rows * places * PATCH_ROW];
            path.patch_rows([places, step, stride], &input, &mut copies);
            for (at, found) in copies.iter().enumerate() {
                let (line, place) = (at / PATCH_ROW / places, at / PATCH_ROW % places);
                prop_assert_eq!(*found, input[line * stride + place * step + at % PATCH_ROW]);
            }
        }
    }

    #[test]
    fn channels_lie_side_by_side_at_every_pixel(blocks in 1_usize..4, gap in 0_usize..9, seed: u64) {
        let side = 16 * blocks;
        let stride = 3 * side + gap;
        let picture = noise(3 * side * side, seed);
        for path in paths() {
            let mut pixels = vec![9.0; side * stride];
            path.interleave([side, stride], &picture, &mut pixels);
            for (at, found) in pixels.iter().enumerate() {
                let (line, column, channel) = (at / stride, at % stride / 3, at % stride % 3);
                let is_gap = column >= side;
                let expected = if is_gap { 9.0 } else { picture[(channel * side + line) * side + column] };
                prop_assert_eq!(*found, expected);
            }
        }
    }
}
