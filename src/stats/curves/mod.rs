//! Curves fitted by nonlinear least squares on the original scale.
//!
//! From the bottom: `curve` (formulas and derivatives), `search` (grid and Levenberg-Marquardt), `errors` (standard
//! errors), `fit`.

mod curve;
mod errors;
mod fit;
mod search;

pub use curve::Curve;
pub use fit::CurveFit;
