//! Files of weights of every format, in both orders of axes.

#![no_main]

use softness::filters::AxisOrder;
use softness::weight_files::WeightFile;
use softness_fuzz::with_file;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    with_file(bytes, |path| {
        for order in [AxisOrder::Oihw, AxisOrder::Hwio] {
            drop(WeightFile::open(path, order));
        }
    });
});
