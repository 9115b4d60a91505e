//! One stack for many batches, of any size.

use super::*;

#[test]
fn a_used_stack_gives_the_same_bits_as_a_new_one_and_smaller_batches_fit_it() {
    for path in available_paths() {
        let large = Inputs::draw([5, 6], [5, 5], 4, 0, 1);
        let small = Inputs::draw([5, 6], [5, 5], 3, 0, 2);
        let mut stack = ConvStack::new(&large.architecture, 4, path).unwrap();
        large.run_on(&mut stack);
        assert_eq!(small.run_on(&mut stack), small.run(path));
        assert_eq!(large.run_on(&mut stack), large.run(path));
    }
}

#[test]
fn forward_only_takes_any_number_of_pictures_to_the_same_bits() {
    for path in available_paths() {
        let inputs = Inputs::draw([5, 6], [5, 5], 5, 0, 1);
        let mut stack = ConvStack::new(&inputs.architecture, 2, path).unwrap();
        let mut out = inputs.zeros().out;
        stack.forward_only(&inputs.images, inputs.weights(), inputs.bias(), &mut out);
        assert_eq!(inputs.planes_first(&out), inputs.run(path).out);
    }
}

#[test]
fn a_batch_of_nothing_is_an_error() {
    let error = ConvStack::new(&Architecture::paper(), 0, InstructionPath::Portable).unwrap_err();
    assert!(error.to_string().starts_with("batch is 0"), "{error}");
}
