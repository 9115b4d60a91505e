//! Checkpoints of unfinished sessions. The digest at the end is made right, so that what it guards is
//! reached too.

#![cfg_attr(feature = "libfuzzer", no_main)]

use softness_fuzz::{digest, with_file};

softness_fuzz::target!(|bytes: &[u8]| {
    let bytes = [bytes, &digest(bytes)].concat();
    with_file(&bytes, |path| drop(softness::internals::read_checkpoint(path)));
});
