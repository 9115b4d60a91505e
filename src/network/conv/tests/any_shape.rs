//! The convolutions against the reference and against each other, for random shapes.

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    // Values are multiples of 1/4 and so small in number that every sum is exact in any order: the
    // same positions win, and all results agree to the last bit.
    #[test]
    fn any_shape_agrees_with_the_reference_to_the_last_bit_where_sums_are_exact(
        filters in [1_usize..14, 1_usize..14],
        kernels in [0_usize..4, 0_usize..4],
        batch in 1_usize..4,
        seed in 0_u64..1000,
    ) {
        let kernels = kernels.map(|half| 2 * half + 1);
        let inputs = Inputs::draw(filters, kernels, batch, 4, seed);
        let expected = inputs.run_reference();
        for path in available_paths() {
            prop_assert_eq!(&inputs.run_directly(path), &expected, "{}", path);
        }
    }

    // The gradients are not compared: of two values that are equal but for rounding another one may
    // win the pooling, which moves a gradient to the neighbour. Exact values, above, leave no doubt.
    #[test]
    fn any_shape_gives_the_reference_s_outputs(
        filters in [1_usize..40, 1_usize..40],
        kernels in [0_usize..9, 0_usize..9],
        batch in 1_usize..3,
        seed in 0_u64..1000,
    ) {
        let kernels = kernels.map(|half| 2 * half + 1);
        let inputs = Inputs::draw(filters, kernels, batch, 0, seed);
        let expected = inputs.run_reference();
        for path in available_paths() {
            let made = inputs.run_directly(path);
            inputs.assert_outputs_close(&made, &expected, SUMS_IN_F32, path.name());
        }
    }

    #[test]
    fn winograds_way_gives_the_reference_s_outputs(
        filters in [1_usize..70, 1_usize..70],
        batch in 1_usize..3,
        seed in 0_u64..1000,
    ) {
        let inputs = Inputs::draw(filters, [5, 5], batch, 0, seed);
        let expected = inputs.run_reference();
        for path in available_paths() {
            inputs.assert_outputs_close(&inputs.run(path), &expected, SUMS_IN_F32, path.name());
        }
    }

    // The maps come from the same sums, so that the same values win; only the gradient of layer 2's
    // input goes another way, and with it layer 1's gradients.
    #[test]
    fn winograds_way_gives_the_gradients_of_the_direct_way(
        filters in [1_usize..40, 1_usize..70],
        batch in 1_usize..3,
        seed in 0_u64..1000,
    ) {
        let inputs = Inputs::draw(filters, [5, 5], batch, 0, seed);
        for path in available_paths() {
            let made = inputs.run_by(path, [|_| Method::Direct, Method::fastest]);
            let expected = inputs.run_directly(path);
            inputs.assert_gradients_close(&made, &expected, INPUT_GRADIENTS_IN_F32, path.name());
        }
    }
}
