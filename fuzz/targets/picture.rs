//! PNG and JPEG pictures.

#![no_main]

use softness::dataset::Picture;
use softness::internals::read_luma;
use softness_fuzz::with_file;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    with_file(bytes, |path| {
        let _ = (Picture::open(path), read_luma(path));
    });
});
