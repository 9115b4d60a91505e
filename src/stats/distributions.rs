//! Student's t and F: p-values, quantiles, and the R² that is just significant.
//!
//! `statrs` has the distributions and the incomplete beta function. Where its tails lose digits, the beta
//! function is used directly.

use statrs::distribution::{ContinuousCDF, FisherSnedecor, Normal, StudentsT};
use statrs::function::beta::{beta_reg, inv_beta_reg};

use crate::error::{Error, Result};
use crate::text::numbers::exact;

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

/// The smallest level of significance that has a critical value here. Below about 1e-308, `f64` has fewer digits.
const LEAST_SIGNIFICANCE: f64 = 1e-300;

/// Refuses an `option` that is no level of significance.
pub(crate) fn check_significance(option: &str, p: f64) -> Result<()> {
    Error::require(
        p > 0.0 && p < 1.0,
        option,
        p,
        "a level of significance lies between 0 and 1, such as 0.05",
    )?;
    Error::require(p >= LEAST_SIGNIFICANCE, option, exact(p), "it must be at least 1e-300, such as 0.05")
}

/// The smallest R² of a line whose two-tailed p-value of zero slope is at most `p`.
///
/// R² = t² / (t² + d), with t the quantile 1 - p / 2 of Student's distribution with d degrees of freedom.
/// It is 0.362 for p = 0.05 and d = 9, the eleven sessions of Fountain & Rasmus.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if p is not between 1e-300 and 1 or d is 0.
pub(crate) fn least_r_squared(p: f64, degrees_of_freedom: usize) -> Result<f64> {
    check_significance("p", p)?;
    let requirement = "it must be at least 1";
    Error::require(degrees_of_freedom > 0, "degrees_of_freedom", 0, requirement)?;
    let freedom = degrees_of_freedom as f64;
    // `inv_beta_reg` panics if p is very small, loses digits if p is near 1 or d is large, and need not end if d is very large.
    if (1e-10..=0.99).contains(&p) && freedom <= 1e4 {
        return Ok(1.0 - inv_beta_reg(freedom / 2.0, 0.5, p));
    }
    let t = if freedom <= 1e5 { critical_t(p, freedom) } else { critical_t_of_many(p, freedom) };
    Ok(1.0 / (1.0 + (freedom.sqrt() / t).powi(2)))
}

/// The |t| whose two-tailed p-value is `p`, by bisection of its logarithm.
fn critical_t(p: f64, freedom: f64) -> f64 {
    const STEPS: u32 = 64; // the range is 1417 wide: halved so often, it is narrower than a rounding
    let (mut low, mut high) = (f64::MIN_POSITIVE.ln(), f64::MAX.ln());
    for _ in 0..STEPS {
        let middle = (low + high) / 2.0;
        if two_tailed(middle.exp(), freedom) > p { low = middle } else { high = middle }
    }
    high.exp()
}

/// The same for more than 100,000 degrees of freedom, for which the beta function loses digits: the expansion about the
/// normal quantile. Its next term is less than 1e-13 of it even for p = 1e-300.
///
/// Source: Abramowitz & Stegun, *Handbook of Mathematical Functions* (1964), 26.7.5.
fn critical_t_of_many(p: f64, freedom: f64) -> f64 {
    let normal = -Normal::standard().inverse_cdf(p / 2.0);
    let square = normal * normal;
    let terms: [&[f64]; 4] = [
        &[1.0 / 4.0, 1.0 / 4.0],
        &[5.0 / 96.0, 16.0 / 96.0, 3.0 / 96.0],
        &[3.0 / 384.0, 19.0 / 384.0, 17.0 / 384.0, -15.0 / 384.0],
        &[79.0 / 92160.0, 776.0 / 92160.0, 1482.0 / 92160.0, -1920.0 / 92160.0, -945.0 / 92160.0],
    ];
    let polynomial = |terms: &&[f64]| terms.iter().fold(0.0, |sum, term| sum * square + term);
    normal * (1.0 + terms.iter().map(polynomial).rfold(0.0, |sum, term| (sum + term) / freedom))
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
    fn tiny_levels_levels_near_1_and_many_degrees_of_freedom_have_the_critical_r_squared_of_scipy() {
        // scipy 1.17.1: beta.isf(p, 0.5, d / 2), or t² / (t² + d) with t = t.isf(p / 2, d).
        for (p, freedom, theirs) in [
            (1e-200, 9, 1.0),
            (1e-200, 100, 0.999894808059861),
            (1e-300, 100_000, 0.013644848413772656),
            (1e-300, 200_000, 0.0068458400598966395),
            (1e-12, 5, 0.9999755855500112),
            (0.05, 20_000, 0.00019205929709276663),
            (0.05, 1_000_000_000_000, 3.841458820688668e-12),
            (0.05, usize::MAX, 2.0824589994550873e-19),
            (0.999999, 9, 1.8448280932670578e-13),
        ] {
            let ours = least_r_squared(p, freedom).unwrap();
            assert_close(ours, theirs, SPECIAL_FUNCTIONS, theirs, &format!("p {p}, {freedom}"));
        }
        // The three methods meet: R² falls with the degrees of freedom, by d / (d + 1) but for little.
        for freedom in [10_000, 100_000] {
            for p in [1e-10, 0.05, 0.99] {
                let [below, above] =
                    [freedom, freedom + 1].map(|d| least_r_squared(p, d).unwrap() * d as f64);
                assert!((above / below - 1.0).abs() < 1e-5, "{p} {freedom}: {below} {above}");
            }
        }
    }

    #[test]
    fn levels_and_degrees_of_freedom_without_a_critical_value_are_refused() {
        for p in [0.0, 1.0, f64::NAN] {
            let error = least_r_squared(p, 9).unwrap_err().to_string();
            assert!(error.ends_with("a level of significance lies between 0 and 1, such as 0.05"), "{error}");
        }
        let error = least_r_squared(1e-301, 9).unwrap_err().to_string();
        assert!(error.contains("it must be at least 1e-300"), "{error}");
        assert!(least_r_squared(0.05, 0).unwrap_err().to_string().contains("at least 1"));
    }
}
