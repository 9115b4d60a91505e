//! Plans as TOML files, and the sessions that they stand for.

#![cfg_attr(feature = "libfuzzer", no_main)]

use softness::session::Plan;
use softness_fuzz::with_file;

softness_fuzz::target!(|bytes: &[u8]| {
    with_file(bytes, |path| {
        if let Ok(plan) = Plan::from_file(path) {
            let _ = (plan.iterations(), plan.sessions().len());
        }
    });
});
