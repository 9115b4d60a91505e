//! Modules for dfdx, for networks of one's own: the convolution and the max-pool, which dfdx has on a nightly compiler only.

mod convolution;
mod max_pool;
mod patches;
#[cfg(test)]
mod tests;

pub use convolution::Convolution;
pub use max_pool::MaxPool;
