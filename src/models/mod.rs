//! Linear, exponential and power models of the layer scores, with their inference, the controls
//! that say what a good fit is worth, and the numbers that the paper printed.
//!
//! Of one [`Fit`]: intervals, bands, F, R² and its interval, information criteria, errors on the original
//! scale; leverage, influence of points and of whole levels of x; tests of its form and residuals;
//! permutation and bootstrap. Of several: [`max_t`], [`holm`], [`benjamini_hochberg`]. Beside each: a
//! [`Control`]. On the original scale: [`fit_curve`].
//!
//! # How often they err
//! Where the null hypothesis is true (normal errors of ln y on the paper's eleven iterations, power form),
//! the tests reject in these shares of simulated sets; 95% intervals miss in the last rows.
//! `tests/under_the_null.rs` makes this table, and states the bounds that hold for it.
//!
//! | test | sets | at 0.05 | at 0.01 |
//! |---|---|---|---|
//! | slope, t | 10,000 | 0.0488 | 0.0096 |
//! | intercept, t | 10,000 | 0.0474 | 0.0094 |
//! | lack of fit, F | 10,000 | 0.0504 | 0.0097 |
//! | curvature, t | 10,000 | 0.0519 | 0.0087 |
//! | Breusch-Pagan, Koenker | 10,000 | 0.0544 | 0.0004 |
//! | Shapiro-Wilk, residuals | 10,000 | 0.0455 | 0.0088 |
//! | Shapiro-Wilk, 11 normal values | 10,000 | 0.0519 | 0.0119 |
//! | slope, all 277,200 arrangements | 400 | 0.0550 | 0.0100 |
//! | Spearman, all arrangements | 400 | 0.0400 | 0.0025 |
//! | Kendall, all arrangements | 100 | 0.0100 | 0.0000 |
//! | slope, residual bootstrap | 2,000 | 0.0575 | 0.0110 |
//! | slope, Rademacher's wild bootstrap | 2,000 | 0.0595 | 0.0065 |
//! | slope, Webb's wild bootstrap | 2,000 | 0.0655 | 0.0055 |
//! | Holm, any of 4 | 10,000 | 0.0508 | 0.0116 |
//! | Benjamini-Hochberg, any of 4 | 10,000 | 0.0483 | 0.0096 |
//! | max-T, any of 3 forms | 100 | 0.0600 | 0.0100 |
//! | interval of the slope | 10,000 | 0.0531 | |
//! | interval of the intercept | 10,000 | 0.0487 | |
//! | confidence band | 10,000 | 0.0482 | |
//! | prediction band | 10,000 | 0.0523 | |
//! | interval of R² | 10,000 | 0.0518 | |

mod arrangements;
mod bootstrap;
mod coefficients;
mod columns;
mod control;
mod curve;
mod curve_errors;
mod curve_fit;
mod curve_search;
mod export;
mod fit;
mod fits;
mod form;
mod group;
mod inference;
mod influence;
mod information;
mod interval;
mod lack_of_fit;
mod line;
mod multiplicity;
mod noncentral;
mod normal_scores;
mod outcome;
mod permutation;
mod printed;
mod published;
mod ranks;
mod residual_tests;
mod shapiro;
mod summary;

pub use arrangements::{MOST_ENUMERATED, Permutations};
pub use bootstrap::{Bootstrap, Scheme, SlopeBootstrap};
pub(crate) use coefficients::LEVEL;
pub use columns::fit_columns;
pub use control::{CLEARLY_BETTER, Control};
pub use curve::Curve;
pub use curve_fit::{CurveFit, CurveOutcome, fit_curve};
pub use fit::{Fit, LEAST_POINTS, fit};
pub use fits::{Fits, Refusal, fit_models};
pub use form::Form;
pub use group::Group;
pub(crate) use inference::f_p_value;
pub use influence::LevelInfluence;
pub use information::Information;
pub use interval::Interval;
pub(crate) use interval::check_level;
pub use multiplicity::{benjamini_hochberg, holm};
pub(crate) use noncentral::noncentral_cdf;
pub use outcome::TestOutcome;
pub use permutation::max_t;
pub use printed::{MOST_DEGREES_OF_FREEDOM, implied_degrees_of_freedom, least_r_squared};
pub use published::{PublishedValue, Relation, published};
pub use shapiro::shapiro_wilk;
