//! Curves of y against x itself, for least squares on the original scale.

use std::fmt;

/// A curve with two to four parameters.
///
/// | curve | y | parameters |
/// |---|---|---|
/// | exponential | a exp(b x) | a, b |
/// | power | a x^b | a, b |
/// | approach from zero | b (1 - exp(-x / c)) | b, c |
/// | approach | a + b (1 - exp(-x / c)) | a, b, c |
/// | Hill | a + b x^h / (c^h + x^h) | a, b, c, h |
///
/// The last three saturate: training does less and less. c > 0 says when, in units of x: where 63% of the way
/// is done for the approach, where half is for Hill's; h > 0 how steeply. Powers need x > 0, saturating
/// curves x >= 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// y = a exp(b x), with additive errors: not [`Form::Exponential`](super::Form), whose errors are of ln y.
    Exponential,
    /// y = a x^b, with additive errors: not [`Form::Power`](super::Form), whose errors are of ln y.
    Power,
    /// y = b (1 - exp(-x / c)).
    ApproachFromZero,
    /// y = a + b (1 - exp(-x / c)).
    Approach,
    /// y = a + b x^h / (c^h + x^h).
    Hill,
}

impl Curve {
    /// All curves.
    pub const ALL: [Self; 5] =
        [Self::Exponential, Self::Power, Self::ApproachFromZero, Self::Approach, Self::Hill];

    /// "exponential", "power", "approach from zero", "approach" or "Hill".
    pub fn name(self) -> &'static str {
        match self {
            Self::Exponential => "exponential",
            Self::Power => "power",
            Self::ApproachFromZero => "approach from zero",
            Self::Approach => "approach",
            Self::Hill => "Hill",
        }
    }

    /// The names of its parameters, in the order that fits give them.
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Exponential | Self::Power => &["a", "b"],
            Self::ApproachFromZero => &["b", "c"],
            Self::Approach => &["a", "b", "c"],
            Self::Hill => &["a", "b", "c", "h"],
        }
    }

    /// Whether it has a height a at x = 0.
    pub(super) fn has_offset(self) -> bool {
        matches!(self, Self::Approach | Self::Hill)
    }

    /// The shape parameters, which enter not as factors: b of exponential and power, c, and h.
    pub(super) fn shapes(self) -> &'static [&'static str] {
        match self {
            Self::Exponential | Self::Power => &["b"],
            Self::ApproachFromZero | Self::Approach => &["c"],
            Self::Hill => &["c", "h"],
        }
    }

    /// 1 - the factor of b of a saturating curve, with the digits that it has where the factor is next to 1.
    pub(super) fn complement(self, x: f64, shape: &[f64]) -> f64 {
        match self {
            Self::Hill if x == 0.0 => 1.0,
            Self::Hill => 1.0 / (1.0 + (shape[1].exp() * (x.ln() - shape[0])).exp()),
            _ => (-x / shape[0].exp()).exp(),
        }
    }

    /// The curve's factor of b (of a where there is no other) at x, and its derivatives by the shape
    /// parameters in the scale that is searched: b, ln c, ln h. `centre` is taken off x (exponential) or ln x
    /// (power), so that the two parameters do not move together.
    pub(super) fn basis(self, x: f64, shape: &[f64], centre: f64) -> (f64, [f64; 2]) {
        match self {
            Self::Exponential | Self::Power => {
                let distance = if self == Self::Power { x.ln() } else { x } - centre;
                let value = (shape[0] * distance).exp();
                (value, [distance * value, 0.0])
            }
            Self::ApproachFromZero | Self::Approach => {
                let share = x / shape[0].exp();
                (-(-share).exp_m1(), [-share * (-share).exp(), 0.0])
            }
            Self::Hill => {
                let (steepness, distance) = (shape[1].exp(), x.ln() - shape[0]);
                if x == 0.0 {
                    return (0.0, [0.0; 2]);
                }
                let exponent = steepness * distance;
                let value = 1.0 / (1.0 + (-exponent).exp());
                let rise = 1.0 / ((1.0 + (-exponent).exp()) * (1.0 + exponent.exp()));
                (value, [-steepness * rise, exponent * rise])
            }
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
