//! Modules for your own networks in dfdx: the convolution and the max-pool, which dfdx itself has only on a nightly compiler.

mod convolution;
mod max_pool;
mod patches;
#[cfg(test)]
mod tests;

pub use convolution::Convolution;
pub use max_pool::MaxPool;
