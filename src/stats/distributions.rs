//! Student's t and F: p-values, quantiles, and the R² that is just significant.
//!
//! `statrs` has the distributions and the incomplete beta function. Where its tails lose digits, the beta
//! function is used directly.

use statrs::distribution::{ContinuousCDF, FisherSnedecor, StudentsT};
use statrs::function::beta::{beta_reg, inv_beta_reg};

use crate::error::{Error, Result};

/// The two-tailed p-value of Student's t, 2 sf(|t|); NaN if t is NaN.
pub(crate) fn two_tailed(t: f64, freedom: f64) -> f64 {
    if !t.is_finite() {
        return if t.is_nan() { f64::NAN } else { 0.0 }; // statrs panics
    }
    if t.abs() < 1.0 {
        // sf starts from freedom / (freedom + t²), which rounds to 1 if t is near 0.
        return 1.0 - beta_reg(0.5, freedom / 2.0, t * t / (freedom + t * t));
    }
    // 1 - cdf would lose every digit of a small p.
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| 2.0 * student.sf(t.abs()))
}

/// The value that Student's |t| stays below with probability `level`; NaN if `freedom` is not positive.
pub(crate) fn student_quantile(freedom: f64, level: f64) -> f64 {
    let student = StudentsT::new(0.0, 1.0, freedom);
    student.map_or(f64::NAN, |student| student.inverse_cdf(0.5 + level / 2.0))
}

/// The probability that F exceeds `f`; NaN if `f` is NaN or a number of degrees of freedom is not positive.
pub(crate) fn f_p_value(f: f64, numerator: f64, denominator: f64) -> f64 {
    match FisherSnedecor::new(numerator, denominator) {
        Ok(fisher) if f.is_finite() => fisher.sf(f),
        Ok(_) if f == f64::INFINITY => 0.0,
        _ => f64::NAN,
    }
}

/// The smallest R² of a line whose two-tailed p-value of zero slope is at most `p`.
///
/// R² = t² / (t² + d), with t the quantile 1 - p / 2 of Student's distribution with d degrees of freedom.
/// It is 0.362 for p = 0.05 and d = 9, the eleven sessions of Fountain & Rasmus.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if p is not between 0 and 1 or d is 0.
pub(crate) fn least_r_squared(p: f64, degrees_of_freedom: usize) -> Result<f64> {
    Error::require(p > 0.0 && p < 1.0, "p", p, "a level of significance lies between 0 and 1, such as 0.05")?;
    let requirement = "it must be at least 1";
    Error::require(degrees_of_freedom > 0, "degrees_of_freedom", 0, requirement)?;
    Ok(1.0 - inv_beta_reg(degrees_of_freedom as f64 / 2.0, 0.5, p))
}

/// The two-tailed p-value of zero slope of a line with this R² (0..1): I(1 - R²; d / 2, 1 / 2).
pub(crate) fn p_of_r_squared(r_squared: f64, degrees_of_freedom: usize) -> f64 {
    beta_reg(degrees_of_freedom as f64 / 2.0, 0.5, 1.0 - r_squared)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::golden::{assert_close, json};
    use crate::tolerances::SPECIAL_FUNCTIONS;

    #[derive(Deserialize)]
    struct Golden {
        least: Vec<Least>,
    }

    #[derive(Deserialize)]
    struct Least {
        p: f64,
        freedom: usize,
        r_squared: f64,
    }

    #[test]
    fn significant_r_squared_agree_with_scipy() {
        for Least { p, freedom, r_squared } in json::<Golden>("printed.json").least {
            let ours = least_r_squared(p, freedom).unwrap();
            assert_close(
                ours,
                r_squared,
                SPECIAL_FUNCTIONS,
                1.0,
                &format!("p {p}, {freedom} degrees of freedom"),
            );
            // p depends on 1 - R², of which an R² next to 1 keeps no digits.
            if ours < 1.0 - 1e-6 {
                assert_close(p_of_r_squared(ours, freedom), p, SPECIAL_FUNCTIONS, p, "and back");
            }
        }
        assert_eq!((least_r_squared(0.05, 9).unwrap() * 1000.0).round(), 362.0);
    }

    #[test]
    fn levels_and_degrees_of_freedom_without_a_critical_value_are_refused() {
        for p in [0.0, 1.0, f64::NAN] {
            let error = least_r_squared(p, 9).unwrap_err().to_string();
            assert!(error.ends_with("a level of significance lies between 0 and 1, such as 0.05"), "{error}");
        }
        assert!(least_r_squared(0.05, 0).unwrap_err().to_string().contains("at least 1"));
    }
}
