//! Where the kernels are in the crate.

#[path = "../src/network/kernels/mod.rs"]
pub mod kernels;
