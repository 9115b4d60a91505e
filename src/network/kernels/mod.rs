//! The inner loops of a training step and of the responses, one idea per file: plain loops over rows of fixed length that
//! the compiler turns into vector instructions. [`dispatch`] compiles each once for every set of
//! instructions, and chooses between them at run time.
//!
//! They keep to a form that compiles well; leaving it gives no warning and makes a step several times slower:
//! - sums in an array of fixed size that fits the registers, the loop over its lanes innermost;
//! - loops instead of iterator chains and closures; intrinsics in a few places that no plain loop is compiled to, each of
//!   them compared with a plain form by tests (`append`, `append_eight`, `transpose`, `sixteen`);
//! - bounds checked once at the entry ([`rows`]);
//! - strides and depths opaque to the optimiser (`black_box`), which otherwise turns the wrong loop
//!   into vectors if it can see that one is short.
//!
//! `cargo bench --bench step` times them, `benches/instructions.sh` counts their instructions with AVX2, `cargo bench --bench
//! widths` holds AVX-512 against the other sets.

// Loops over indices are compiled to vector instructions; see above.
#![allow(clippy::needless_range_loop)]

mod adam;
mod aligned;
mod append;
#[cfg(all(target_arch = "x86_64", not(miri)))]
mod append_eight;
mod block;
mod dispatch;
mod dot;
mod exact;
mod fill;
mod instructions;
mod interleave;
mod matrices;
mod panel;
mod patch_list;
mod patch_rows;
mod patches;
mod pool;
mod product;
mod rows;
#[cfg(all(target_arch = "x86_64", not(miri)))]
mod sixteen;
#[cfg(test)]
mod tests;
mod transpose;
mod unpool;
mod winograd;

pub use instructions::InstructionPath;

pub(super) use adam::AdamStep;
pub(super) use aligned::Aligned;
pub(crate) use exact::{ExactShape, FILTERS, POSITIONS};
pub(crate) use instructions::Instructions;

pub(super) use dot::Dots;
pub(super) use matrices::Product;
pub(super) use patch_list::{PatchList, PooledMaps};
pub(super) use patch_rows::PATCH_ROW;
pub(super) use patches::PatchShape;
pub(super) use winograd::{KERNEL, OUTPUTS, POINTS, Stride};

/// a x b + c, rounded once if `FMA` says that the machine can do that. If it cannot, `mul_add` would be a slow library
/// call.
#[inline(always)]
fn multiply_add<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}
