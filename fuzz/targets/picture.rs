//! PNG and JPEG pictures.

#![cfg_attr(feature = "libfuzzer", no_main)]

use softness::dataset::Picture;
use softness::internals::read_luma;
use softness_fuzz::with_file;

softness_fuzz::target!(|bytes: &[u8]| {
    with_file(bytes, |path| {
        let _ = (Picture::open(path), read_luma(path));
    });
});
