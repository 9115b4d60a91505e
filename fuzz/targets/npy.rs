//! Filters and biases as `.npy` files, in both orders of axes.

#![no_main]

use softness::filters::{AxisOrder, FilterBank};
use softness_fuzz::with_file;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    with_file(bytes, |path| {
        for order in [AxisOrder::Oihw, AxisOrder::Hwio] {
            drop(FilterBank::load_npy(1, path, None, order));
        }
    });
});
