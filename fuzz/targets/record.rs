//! The record of a study, `replication.json`, which a study can be run again from.

#![cfg_attr(feature = "libfuzzer", no_main)]

use softness::internals::Earlier;
use softness_fuzz::with_file;

softness_fuzz::target!(|bytes: &[u8]| {
    with_file(bytes, |path| {
        if let Ok(earlier) = Earlier::read(path) {
            assert!(earlier.plan().sessions().len() <= 100_000);
        }
    });
});
