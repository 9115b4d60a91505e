//! The curves of y against x.

use crate::names::names;

/// A curve with two to four parameters, fitted with additive errors of y itself. The exponential and power
/// [forms](crate::models::Form) have errors of ln y instead.
///
/// | curve | y | parameters |
/// |---|---|---|
/// | exponential | a exp(b x) | a, b |
/// | power | a x^b | a, b |
/// | approach from zero | b (1 - exp(-x / c)) | b, c |
/// | approach | a + b (1 - exp(-x / c)) | a, b, c |
/// | Hill | a + b x^h / (c^h + x^h) | a, b, c, h |
///
/// The last three saturate: more training changes y less and less. c > 0 is an x: there the approach has gone 63% of
/// its way, and Hill's curve half. h > 0 is the steepness. The power needs x > 0, the saturating curves x >= 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Curve {
    /// y = a exp(b x).
    Exponential,
    /// y = a x^b.
    Power,
    /// y = b (1 - exp(-x / c)).
    ApproachFromZero,
    /// y = a + b (1 - exp(-x / c)).
    Approach,
    /// y = a + b x^h / (c^h + x^h).
    Hill,
}

impl Curve {
    /// The names of the parameters, in the order of [`CurveFit::parameters`](super::CurveFit::parameters).
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Exponential | Self::Power => &["a", "b"],
            Self::ApproachFromZero => &["b", "c"],
            Self::Approach => &["a", "b", "c"],
            Self::Hill => &["a", "b", "c", "h"],
        }
    }

    /// Whether the curve has an offset a, its height at x = 0.
    pub(super) fn has_offset(self) -> bool {
        matches!(self, Self::Approach | Self::Hill)
    }

    /// The parameters that do not enter linearly: b of exponential and power, c, and h.
    pub(super) fn shapes(self) -> &'static [&'static str] {
        match self {
            Self::Exponential | Self::Power => &["b"],
            Self::ApproachFromZero | Self::Approach => &["c"],
            Self::Hill => &["c", "h"],
        }
    }

    /// What b of exponential and power multiplies in the exponent: x, or ln x for the power.
    pub(super) fn exponent(self, x: f64) -> f64 {
        if self == Self::Power { x.ln() } else { x }
    }

    /// 1 minus the factor of b of a saturating curve, without loss of digits if that factor is near 1.
    pub(super) fn complement(self, x: f64, shape: &[f64]) -> f64 {
        match self {
            Self::Hill if x == 0.0 => 1.0,
            Self::Hill => 1.0 / (1.0 + (shape[1].exp() * (x.ln() - shape[0])).exp()),
            _ => (-x / shape[0].exp()).exp(),
        }
    }

    /// The factor of the last linear parameter (b, or a of exponential and power) at x, and its derivatives by the
    /// shape parameters on the scale of the search: b, ln c, ln h. `centre` is subtracted from x (exponential) or
    /// ln x (power), so that the estimates of the two parameters are less correlated.
    pub(super) fn basis(self, x: f64, shape: &[f64], centre: f64) -> (f64, [f64; 2]) {
        match self {
            Self::Exponential | Self::Power => {
                let distance = self.exponent(x) - centre;
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

names!(Curve, "curve", {
    Exponential: "exponential", Power: "power",
    ApproachFromZero: "approach from zero", Approach: "approach", Hill: "Hill",
});
