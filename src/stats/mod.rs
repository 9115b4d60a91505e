//! Statistics of plain numbers. Nothing here knows of forms, filters, sessions or tables.
//!
//! # The files, lowest first
//! | file | content |
//! |---|---|
//! | `outcome`, `distributions`, `interval`, `quantiles` | what tests return; Student's t and F; intervals; means and percentiles |
//! | `least_squares` | the line of y on x and linear systems, by linfa's QR decomposition |
//! | `information`, `noncentral` | likelihood, AIC, AICc, BIC; noncentral F and the interval of R² |
//! | `inference`, `influence` | tests, intervals and bands of a line; leverage, residuals, Cook's distance |
//! | `shapiro_wilk`, `residual_tests` | normality, equal variance, lack of fit, curvature |
//! | `fixed_x` | thousands of lines on the same x by closed sums; the step model |
//! | `arrangements`, `permutation`, `ranks`, `kendall` | permutation tests, max-T, Spearman, Kendall |
//! | `bootstrap` | residual and wild bootstrap of a slope |
//! | `curves/` | nonlinear least squares |
//! | `assignment` | the best one-to-one assignment of rows to columns |
//! | `kappa`, `roc` | agreement of labels beyond chance; ROC curve and its area |
//! | `multiplicity`, `power` | Holm, Benjamini-Hochberg; the power of a slope's t test |
//! | `principal_components` | the plane in which points spread most, by linfa's eigenvectors |
//!
//! `linfa_linear` solves the least-squares problems and `statrs` has the distributions; everything else is computed
//! here.
//!
//! # Error rates
//! The share of simulated data sets in which a test rejects a true null hypothesis. The bounds were stated before a test
//! first ran; a simulation among the tests checks them and prints this table. The data sets have normal errors of ln y on
//! the paper's eleven iterations and are fitted by the power form. Those for the variance split
//! ([`VarianceSplit`](crate::robustness::VarianceSplit)) have five pictures and, where no sizes are given, five levels.
//!
//! | test | sets | at 0.05 (bounds) | at 0.01 (bounds) |
//! |---|---|---|---|
//! | slope, t | 10,000 | 0.0488 (0.0413 to 0.0587) | 0.0096 (0.0060 to 0.0140) |
//! | intercept, t | 10,000 | 0.0474 (0.0413 to 0.0587) | 0.0094 (0.0060 to 0.0140) |
//! | lack of fit, F | 10,000 | 0.0504 (0.0413 to 0.0587) | 0.0097 (0.0060 to 0.0140) |
//! | curvature, t | 10,000 | 0.0519 (0.0413 to 0.0587) | 0.0087 (0.0060 to 0.0140) |
//! | Breusch-Pagan, Koenker | 10,000 | 0.0544 (0.0200 to 0.0700) | 0.0004 (0.0000 to 0.0200) |
//! | Shapiro-Wilk, residuals | 10,000 | 0.0455 (0.0300 to 0.0700) | 0.0088 (0.0030 to 0.0200) |
//! | Shapiro-Wilk, 11 normal values | 10,000 | 0.0519 (0.0400 to 0.0600) | 0.0119 (0.0060 to 0.0140) |
//! | slope, all 277,200 arrangements | 2,000 | 0.0530 (0.0305 to 0.0695) | 0.0115 (0.0011 to 0.0189) |
//! | slope of 30 points, 399 arrangements | 2,000 | 0.0570 (0.0305 to 0.0695) | 0.0160 (0.0011 to 0.0189) |
//! | Spearman, all arrangements | 2,000 | 0.0490 (0.0150 to 0.0695) | 0.0045 (0.0030 to 0.0189) |
//! | Spearman of 30 points, t | 10,000 | 0.0498 (0.0400 to 0.0600) | 0.0095 (0.0060 to 0.0160) |
//! | Kendall, all arrangements | 10,000 | 0.0340 (0.0150 to 0.0587) | 0.0073 (0.0030 to 0.0140) |
//! | Kendall of 30 points, counted | 10,000 | 0.0491 (0.0150 to 0.0587) | 0.0091 (0.0030 to 0.0140) |
//! | slope, residual bootstrap | 2,000 | 0.0575 (0.0300 to 0.0700) | 0.0110 (0.0000 to 0.0200) |
//! | slope, Rademacher's wild bootstrap | 2,000 | 0.0595 (0.0300 to 0.0900) | 0.0065 (0.0000 to 0.0300) |
//! | slope, Webb's wild bootstrap | 2,000 | 0.0655 (0.0300 to 0.0900) | 0.0055 (0.0000 to 0.0300) |
//! | slope, unequal scatter, Webb's wild bootstrap | 2,000 | 0.0540 (0.0300 to 0.0900) | 0.0030 (0.0000 to 0.0300) |
//! | Holm, any of 4 | 10,000 | 0.0508 (0.0250 to 0.0587) | 0.0116 (0.0050 to 0.0140) |
//! | Benjamini-Hochberg, any of 4 | 10,000 | 0.0483 (0.0250 to 0.0587) | 0.0096 (0.0050 to 0.0140) |
//! | max-T, any of 12, all arrangements of 9 points | 2,000 | 0.0455 (0.0305 to 0.0695) | 0.0055 (0.0011 to 0.0189) |
//! | variance of sessions, F | 10,000 | 0.0500 (0.0413 to 0.0587) | 0.0103 (0.0060 to 0.0140) |
//! | variance of iterations x pictures, F | 10,000 | 0.0520 (0.0413 to 0.0587) | 0.0101 (0.0060 to 0.0140) |
//! | variance of pictures, F | 10,000 | 0.0487 (0.0413 to 0.0587) | 0.0096 (0.0060 to 0.0140) |
//! | variance of pictures, levels of 3, 3, 2, 2, 4 sessions | 10,000 | 0.0515 (0.0413 to 0.0587) | 0.0114 (0.0060 to 0.0140) |
//! | the same, levels of 3, 3, 2, 2, 1 sessions | 10,000 | 0.0532 (0.0413 to 0.0587) | 0.0109 (0.0060 to 0.0140) |
//! | the same, levels of 28, 5, 5 sessions | 10,000 | 0.0519 (0.0413 to 0.0587) | 0.0109 (0.0060 to 0.0140) |
//! | the same, without iterations x pictures | 10,000 | 0.0333 (0.0150 to 0.0587) | 0.0037 (0.0000 to 0.0140) |
//!
//! The share in which a 95% interval misses the true value:
//!
//! | interval | sets | misses (bounds) |
//! |---|---|---|
//! | slope | 10,000 | 0.0531 (0.0413 to 0.0587) |
//! | intercept | 10,000 | 0.0487 (0.0413 to 0.0587) |
//! | confidence band | 10,000 | 0.0482 (0.0413 to 0.0587) |
//! | prediction band | 10,000 | 0.0523 (0.0413 to 0.0587) |
//! | R² | 10,000 | 0.0518 (0.0413 to 0.0587) |
//! | exponential a | 2,000 | 0.0480 (0.0300 to 0.0900) |
//! | exponential b | 2,000 | 0.0415 (0.0300 to 0.0900) |
//! | power a | 2,000 | 0.0600 (0.0300 to 0.0900) |
//! | power b | 2,000 | 0.0575 (0.0300 to 0.0900) |
//! | approach from zero b | 2,000 | 0.0505 (0.0300 to 0.0900) |
//! | approach from zero c | 2,000 | 0.0460 (0.0300 to 0.0900) |
//! | approach a | 2,000 | 0.0490 (0.0300 to 0.0900) |
//! | approach b | 2,000 | 0.0560 (0.0300 to 0.0900) |
//! | approach c | 2,000 | 0.0545 (0.0300 to 0.0900) |
//! | slope, residual bootstrap | 2,000 | 0.0570 (0.0300 to 0.0900) |
//! | slope, Rademacher's bootstrap | 2,000 | 0.0640 (0.0300 to 0.0900) |
//! | slope, Webb's bootstrap | 2,000 | 0.0640 (0.0300 to 0.0900) |
//!
//! The share in which a study detects a slope that is there ([`SlopePower`]):
//!
//! | power | sets | finds (bounds) |
//! |---|---|---|
//! | 0.3128, 2 sessions a level | 10,000 | 0.3120 (0.2942 to 0.3313) |
//! | 0.6314, 4 sessions a level | 10,000 | 0.6376 (0.6121 to 0.6507) |
//! | 0.8231, 6 sessions a level | 10,000 | 0.8237 (0.8078 to 0.8384) |

mod arrangements;
mod assignment;
mod bootstrap;
mod curves;
mod distributions;
mod fixed_x;
mod inference;
mod influence;
mod information;
mod interval;
mod kappa;
mod kendall;
mod least_squares;
mod level_models;
mod multiplicity;
mod noncentral;
mod outcome;
mod permutation;
mod power;
mod principal_components;
mod quantiles;
mod ranks;
mod residual_tests;
mod roc;
mod shapiro_wilk;

pub use arrangements::Permutations;
pub(crate) use assignment::best_assignment;
pub use bootstrap::{Bootstrap, BootstrapScheme, SlopeBootstrap};
pub use curves::{Curve, CurveFit};
pub(crate) use distributions::{
    check_significance, f_p_value, least_r_squared, p_of_r_squared, student_quantile, two_tailed,
};
pub(crate) use fixed_x::{FixedX, FixedXFit, step_leave_one_out_error, step_r_squared};
pub use information::Information;
use information::normal_log_likelihood;
pub(crate) use information::{CLEARLY_BETTER, aicc_difference};
pub use interval::Interval;
pub(crate) use interval::check_level;
pub use kappa::Kappa;
pub(crate) use kappa::{cohen, fleiss, observed_agreement};
pub(crate) use kendall::kendall;
pub(crate) use least_squares::{Line, range_within, regress, rounding};
pub(crate) use level_models::{LevelFit, LevelModel, LevelSummary};
pub use multiplicity::{benjamini_hochberg, holm};
pub use outcome::TestOutcome;
pub(crate) use permutation::max_t;
pub use power::SlopePower;
pub(crate) use principal_components::PrincipalComponents;
pub(crate) use quantiles::{mean, percentile, percentile_of_sorted};
pub(crate) use ranks::spearman;
pub(crate) use roc::{Cut, area, curve, cut};
