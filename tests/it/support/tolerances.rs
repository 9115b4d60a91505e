//! How far a number may be from the one it is compared with, and why. Unit tests and integration tests share this file.
//!
//! The policy: a tolerance comes from how the two numbers were computed, not from what happened to pass. It is relative
//! (to the number, or to what the test names as its scale) unless its documentation says otherwise. Two numbers that
//! come from the same operations in the same order are compared with `==`. A measured difference, where one is given,
//! shows how much room is left.
#![allow(dead_code)] // the unit tests use a part, the integration tests another

// -- f64 against f64 ----------------------------------------------------------------------------------------------

/// A value computed by hand and one in f64: a few roundings of 1e-16.
pub const BY_HAND: f64 = 1e-14;
/// Shares of the same counts, and sums of a few squares: some hundred roundings.
pub const COUNTS: f64 = 1e-12;
/// Sums of up to a few thousand f64 terms that were added in another order, and what is computed from them.
pub const REORDERED_SUMS: f64 = 1e-11;
/// A score or a map, against scipy: hundreds of products and square roots a value, relative to the score or the norm of
/// the map.
pub const AGAINST_SCIPY: f64 = 1e-9;
/// The mean score of a filter's kernels, against numpy and scipy: 25 products a value, 900 square roots a map, and the mean over up to
/// sixteen maps, relative to the score.
pub const SCORES_OF_KERNELS: f64 = 1e-12;
/// Values near 1 that went through logarithms or a transform.
pub const TRANSFORMED: f64 = 1e-9;
/// Coefficients of a straight line and their errors, and residuals relative to the spread of y: the two sides centre
/// and scale differently.
pub const COEFFICIENTS: f64 = 1e-10;
/// p-values of t: they amplify the relative error of t by up to the degrees of freedom, and rounding of
/// t² / (t² + n - 2) by ln p: 1e-13 of t become 1e-10 of a p of 1e-300. The two sides also sum different series of the
/// incomplete beta function.
pub const P_VALUES: f64 = 1e-8;
/// Incomplete beta and gamma functions and the noncentral t, summed as different series or inverted.
pub const SPECIAL_FUNCTIONS: f64 = 1e-9;
/// The population R², found by halving an interval down to neighbouring doubles, from probabilities with errors of
/// some 1e-15.
pub const INVERTED_R_SQUARED: f64 = 1e-11;
/// Mean squares of an analysis of variance: R's projections lose some digits.
pub const MEAN_SQUARES: f64 = 1e-8;
/// statsmodels solves by a pseudoinverse of the raw columns, which costs digits if residuals are small compared with y,
/// as in Norris, and more in what is computed from them.
pub const AGAINST_STATSMODELS: f64 = 1e-8;
/// p-values of the same: they amplify the error of t.
pub const P_VALUES_OF_STATSMODELS: f64 = 1e-6;
/// Parameters of curves, against nls, which stops at steps of 1e-7 standard errors; the least sum of squares itself is
/// flat there.
pub const AGAINST_NLS: f64 = 2e-7;
/// NIST certifies eleven digits of parameters and of their errors.
pub const CERTIFIED: f64 = 1e-10;
/// A curve through points that lie on one: what is left is rounding, and the search stops if it cannot reduce it.
pub const POINTS_ON_A_CURVE: f64 = 1e-7;
/// Coordinates of points of size 1 on principal components, and shares of variance: eigenvectors of a matrix of products here,
/// numpy's singular value decomposition there. Rounding of 1e-15 is divided by the gap between neighbouring eigenvalues.
pub const AGAINST_NUMPYS_SVD: f64 = 1e-11;
/// Numbers that were printed to three digits.
pub const THREE_DIGITS: f64 = 5e-3;

// -- f32 against f64 ----------------------------------------------------------------------------------------------

/// One sum of some hundred f32 products, relative to the sum of their magnitudes; a norm of weights that were rounded
/// to f32.
pub const ONE_SUM_IN_F32: f64 = 1e-6;
/// Sums of some thousand f32 products, as relative L2 norm: at most a few hundred roundings of 6e-8, most of which
/// cancel. Winograd's transforms have entries from 1/8 to 21/4, which magnify rounding: measured up to 1.5e-6.
pub const SUMS_IN_F32: f64 = 5e-6;
/// The network's maps: f32 sums of up to 400 products, relative to the largest value.
pub const MAPS_IN_F32: f64 = 1e-5;
/// Loss, logits and gradients, relative to the largest entry: f32 sums of up to 4,096 products have a relative error
/// of around the square root of that times 6e-8.
pub const NETWORK_IN_F32: f64 = 2e-5;
/// Gradients of the first layer behind a Winograd layer, relative to the norm of the same gradients of the sizes of all numbers: the sums
/// may nearly cancel. Measured up to 6e-8 in 1,000 shapes.
pub const INPUT_GRADIENTS_IN_F32: f64 = 5e-7;
/// What Winograd's transform loses in one dimension on numbers in -1..1, absolute: a transformed input is at most 15, a
/// transformed tap 1.2, an output the sum of their eight products times up to 8, and each has a few roundings of 6e-8.
/// Measured up to 8e-6.
pub const WINOGRAD_IN_ONE_DIMENSION: f64 = 5e-5;
/// Gradients against central differences of a step of 1e-6, relative to the norm of an array's gradient: the network's
/// f32 and the step.
pub const FINITE_DIFFERENCES: f64 = 1e-4;
/// The loss of the first ten steps of training, against PyTorch: both train in f32 with sums in different orders.
pub const FIRST_TEN_STEPS: f64 = 1e-5;
/// The loss of a hundred steps. Adam divides by the root of the second moment, which turns rounding of tiny gradients
/// into differences of the step, and training amplifies them: PyTorch's own losses in f32 and f64 differ by 1e-4 at
/// step 90. Measured 0.8e-3 to 1.9e-3, depending on the instructions.
pub const HUNDRED_STEPS: f64 = 6e-3;
/// The loss of a hundred steps of gradient descent: PyTorch's own losses in f32 and f64 differ by up to 4e-4, since training
/// amplifies rounding here too.
pub const DESCENT: f64 = 4e-3;

// -- random draws -------------------------------------------------------------------------------------------------

/// Standard errors of a simulation that an exact procedure may be off: once in 16,000 times by chance. The seeds are
/// fixed.
pub const STANDARD_ERRORS: f64 = 4.0;
/// Standard deviations that the share of soft maps may be off 5 %: once in two million times by chance. The seeds are
/// fixed.
pub const STANDARD_DEVIATIONS: f64 = 5.0;
/// Standard deviations of 40,000 draws have a relative error of 1 / sqrt(2 draws) = 0.35 %, taken four times.
pub const DRAWN_DEVIATIONS: f64 = 0.014;
/// A share p of 40,000 draws has the standard error sqrt(p (1 - p) / draws), at most 0.25 %, taken four times. Absolute.
pub const DRAWN_SHARES: f64 = 0.01;
/// Quantiles at 2.5 % are coarser: 0.6 % of a standard deviation's 2.7, taken four times; with 1,024 sets they are also
/// on a grid.
pub const DRAWN_QUANTILES: f64 = 0.05;
