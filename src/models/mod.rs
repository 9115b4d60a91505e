//! Linear, exponential and power models of the layer scores, with their inference, the controls
//! that say what a good fit is worth, and the numbers that the paper printed.

mod arrangements;
mod bootstrap;
mod columns;
mod control;
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
mod outcome;
mod permutation;
mod printed;
mod published;
mod ranks;
mod residual_tests;
mod shapiro;

pub use arrangements::{MOST_ENUMERATED, Permutations};
pub use bootstrap::{Bootstrap, Scheme, SlopeBootstrap};
pub use columns::fit_columns;
pub use control::{CLEARLY_BETTER, Control};
pub use fit::{Fit, LEAST_POINTS, fit};
pub use fits::{Fits, Refusal, fit_models};
pub use form::Form;
pub use group::Group;
pub use influence::LevelInfluence;
pub use information::Information;
pub use interval::Interval;
pub use multiplicity::{benjamini_hochberg, holm};
pub use outcome::TestOutcome;
pub use permutation::max_t;
pub use printed::{MOST_DEGREES_OF_FREEDOM, implied_degrees_of_freedom, least_r_squared};
pub use published::{PublishedValue, Relation, published};
pub use shapiro::shapiro_wilk;
