//! Files of weights of every format, in both orders of axes.

#![cfg_attr(feature = "libfuzzer", no_main)]

use softness::filters::AxisOrder;
use softness::weight_files::WeightFile;
use softness_fuzz::with_file;

softness_fuzz::target!(|bytes: &[u8]| {
    with_file(bytes, |path| {
        for order in [AxisOrder::Oihw, AxisOrder::Hwio] {
            drop(WeightFile::open(path, order));
        }
    });
});
