//! The lists of what has a gradient, and what is added up along them.

use super::super::append::{append, append_one_by_one};
use super::super::block::Block;
use super::super::transpose::{BLOCK, transposed};
use super::*;

/// Winners, one of five with equal probability.
fn winners(count: usize, seed: u64) -> Vec<u8> {
    noise(count, seed).iter().map(|draw| ((draw + 1.0) * 2.499) as u8).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 3 } else { 64 }, ..ProptestConfig::default() })]

    #[test]
    fn the_list_of_each_map_has_what_is_not_dead_in_order_and_its_sum(
        first in 0_usize..3, rows in 1_usize..7, columns in 1_usize..9, maps in 1_usize..40,
        gaps in [0_usize..4, 0_usize..4, 0_usize..3], seed: u64,
    ) {
        // Values and winners with gaps behind the maps of a position and behind a row of positions.
        let (value_step, winner_step) = (maps + gaps[0], maps + gaps[1]);
        let value_steps = [columns * value_step + gaps[2], value_step];
        let winner_steps = [columns * winner_step + gaps[2], winner_step];
        let values = noise(rows * value_steps[0], seed);
        let winners = winners(rows * winner_steps[0], seed ^ 1);
        let map = PooledMaps {
            first, rows, columns, right: 7, down: 300,
            values: &values, value_steps, winners: &winners, winner_steps,
        };
        let before = noise(maps, seed ^ 2);
        for path in paths() {
            let mut lists: Vec<_> = (0..maps).map(|_| PatchList::new(rows * columns)).collect();
            let mut sums = before.clone();
            path.fill_lists(&mut lists, map, &mut sums);
            for (index, list) in lists.iter().enumerate() {
                let mut expected = Vec::new();
                for (line, column) in (0..rows).flat_map(|line| (0..columns).map(move |column| (line, column))) {
                    let winner = winners[line * winner_steps[0] + column * winner_steps[1] + index];
                    if winner != DEAD {
                        let row = 2 * (first + line) as u32 + u32::from(winner / 2);
                        let right = 2 * column as u32 + u32::from(winner % 2);
                        let value = values[line * value_steps[0] + column * value_steps[1] + index];
                        expected.push((row * 300 + right * 7, value));
                    }
                }
                let found: Vec<_> =
                    list.offsets().iter().copied().zip(list.values().iter().copied()).collect();
                prop_assert_eq!(&found, &expected, "{:?}: map {}", path, index);
                prop_assert!(expected.iter().all(|(offset, _)| *offset as usize <= list.bound()));
                let mut terms = vec![f64::from(before[index])];
                terms.extend(expected.iter().map(|(_, value)| f64::from(*value)));
                prop_assert!(is_sum(sums[index], &terms, ONE_SUM_IN_F32), "{path:?}: {}", sums[index]);
            }
        }
    }

    #[test]
    fn what_is_moved_to_the_front_at_once_is_what_a_loop_takes(
        first in 0_usize..BLOCK, maps in 1_usize..=BLOCK, used in 0_usize..20, seed: u64,
    ) {
        let (values, winners) = (noise(BLOCK * BLOCK, seed), winners(BLOCK * BLOCK, seed ^ 1));
        let mut block = Block { values: [[0.0; BLOCK]; BLOCK], winners: [[0; BLOCK]; BLOCK] };
        block.values.as_flattened_mut().copy_from_slice(&values);
        block.winners.as_flattened_mut().copy_from_slice(&winners);
        let patches = std::array::from_fn(|position| 1000 * position as u32);
        let moves = [0, 7, 300, 307];
        let new = || -> Vec<PatchList> {
            let list = || PatchList { len: used, ..PatchList::new(used + BLOCK) };
            (first..BLOCK.min(first + maps)).map(|_| list()).collect()
        };
        let mut looped = new();
        append_one_by_one(&block, first, &patches, moves, &mut looped);
        let same = |append: &dyn Fn(&mut [PatchList])| {
            let mut front = new();
            append(&mut front);
            for (front, looped) in front.iter().zip(&looped) {
                prop_assert_eq!(front.offsets(), looped.offsets());
                prop_assert_eq!(front.values(), looped.values());
            }
            Ok(())
        };
        if InstructionPath::Avx2.is_available() {
            // SAFETY: the machine has AVX2.
            same(&|lists| unsafe { append::<8>(&block, first, &patches, moves, lists) })?;
        }
        if InstructionPath::Avx512.is_available() {
            // SAFETY: the machine has AVX-512.
            same(&|lists| unsafe { append::<16>(&block, first, &patches, moves, lists) })?;
            // SAFETY: as above.
            let columns = unsafe { transposed::<true>(&block.values) };
            for (row, column) in (0..BLOCK).flat_map(|row| (0..BLOCK).map(move |column| (row, column))) {
                prop_assert_eq!(columns.0[column][row], block.values[row][column]);
            }
        }
    }

    #[test]
    fn patches_add_up_each_times_its_gradient(
        rows in 1_usize..8, blocks in 1_usize..8, map in (1_usize..5, 1_usize..5), gap in 0_usize..5, seed: u64,
    ) {
        // Patches of `rows` rows of `space` values, one place apart, as those of a picture overlap.
        let (space, (map_rows, map_columns)) = (16 * blocks, map);
        let stride = space + 2 * map_columns + gap;
        let values = noise(map_rows * map_columns, seed);
        let winners = winners(values.len(), seed ^ 1);
        let map = PooledMaps {
            first: 0, rows: map_rows, columns: map_columns, right: 1, down: stride as u32,
            values: &values, value_steps: [map_columns, 1],
            winners: &winners, winner_steps: [map_columns, 1],
        };
        let input = noise((2 * map_rows + rows) * stride, seed ^ 2);
        let before = noise(rows * space, seed ^ 3);
        for path in paths() {
            let mut lists = [PatchList::new(values.len())];
            path.fill_lists(&mut lists, map, &mut [0.0]);
            let [list] = lists;
            let mut grad = before.clone();
            path.sum_patches(PatchShape { rows, space, stride }, &list, &input, &mut grad);
            for (at, value) in grad.iter().enumerate() {
                let product = |(offset, gradient): (&u32, &f32)| {
                    let under = input[*offset as usize + at / space * stride + at % space];
                    f64::from(*gradient) * f64::from(under)
                };
                let mut terms = vec![f64::from(before[at])];
                terms.extend(list.offsets().iter().zip(list.values()).map(product));
                prop_assert!(is_sum(*value, &terms, ONE_SUM_IN_F32), "{path:?}: {value} at {at}");
            }
        }
    }
}
