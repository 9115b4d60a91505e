//! Filters and biases as `.npy` files, in both orders of axes.

#![cfg_attr(feature = "libfuzzer", no_main)]

use softness::filters::{AxisOrder, FilterBank};
use softness_fuzz::with_file;

softness_fuzz::target!(|bytes: &[u8]| {
    with_file(bytes, |path| {
        for order in [AxisOrder::Oihw, AxisOrder::Hwio] {
            drop(FilterBank::load_npy(1, path, None, order));
        }
    });
});
