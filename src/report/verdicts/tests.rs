use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};

use super::claims::judge;
use super::lines::{Regressor, step_r_squared};
use super::sets::RESPONSES;
use super::*;
use crate::models::{Form, fit, published};
use crate::table::LayerScore;

/// The levels of the many-session study.
const LEVELS: [u64; 8] = [1, 10, 100, 500, 2_000, 10_000, 30_000, 50_000];
/// Closed sums and a decomposition by another way, on eleven points of about one magnitude.
const ROUNDING: f64 = 1e-9;

/// Layer scores of ten sessions a level whose logarithm is `ln_score(iterations)` and normal noise.
fn many(noise: f64, ln_score: impl Fn(f64) -> f64) -> Vec<LayerScore> {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let normal = Normal::new(0.0, noise).unwrap();
    let mut rows = Vec::new();
    for iterations in LEVELS {
        for number in 1..=10 {
            for (layer, image) in RESPONSES {
                let sum = (ln_score(iterations as f64) + normal.sample(&mut random)).exp();
                rows.push(LayerScore {
                    session: format!("{iterations}-{number}"),
                    iterations,
                    layer,
                    image: image.into(),
                    filters: 16,
                    sum,
                    mean: sum / 16.0,
                    soft_count: number,
                    soft_threshold: None,
                });
            }
        }
    }
    rows
}

fn rulings(verdicts: &[Verdict], rule: char) -> Vec<Ruling> {
    verdicts.iter().filter(|verdict| verdict.rule == rule).map(|verdict| verdict.ruling).collect()
}

#[test]
fn closed_sums_agree_with_fit() {
    let x = [1.0, 1.0, 1.0, 2e3, 2e3, 2e3, 1e4, 1e4, 3e4, 3e4, 5e4];
    let y = [0.91, 0.88, 0.93, 0.82, 0.81, 0.815, 0.80, 0.81, 0.80, 0.79, 0.77];
    let ln_y = y.map(f64::ln);
    let least = x.map(|x| x == 1.0);
    let step = [step_r_squared(&least, &y), step_r_squared(&least, &ln_y)];
    let indicator = least.map(|least| if least { 1.0 } else { 2.0 });
    assert!((step[0] - fit(Form::Linear, &indicator, &y).unwrap().r_squared()).abs() < ROUNDING);
    for form in Form::ALL {
        let ours = Regressor::new(form, &x).fit(&y, &ln_y, step);
        let fit = fit(form, &x, &y).unwrap();
        assert!((ours.r_squared - fit.r_squared()).abs() < ROUNDING, "{form}");
        assert!((ours.slope / fit.slope() - 1.0).abs() < ROUNDING, "{form}");
        // t² = c / (1 - c) x (n - 3), c being the share that the quadratic term takes away.
        let t_squared = ours.curvature / (1.0 - ours.curvature) * 8.0;
        assert!(
            (t_squared.sqrt() / fit.curvature().unwrap().statistic.abs() - 1.0).abs() < ROUNDING,
            "{form}"
        );
    }
}

#[test]
fn where_the_score_follows_a_power_law_the_findings_are_reproduced() {
    let verdicts = judge(&many(0.01, |x| 1.3 - 0.03 * x.ln()), None).unwrap();
    for rule in ['D', 'E', 'F', 'G', 'H'] {
        assert!(
            rulings(&verdicts, rule).iter().all(|&ruling| ruling == Ruling::Reproduced),
            "{rule}: {verdicts:#?}"
        );
    }
    // R² is near 1 in every set, above what was printed.
    assert_eq!(rulings(&verdicts, 'A'), [Ruling::NotReproduced; 2]);
}

#[test]
fn a_mere_step_is_no_effect_of_more_training() {
    let verdicts = judge(&many(0.01, |x| if x < 2.0 { 1.3 } else { 1.1 }), None).unwrap();
    assert_eq!(rulings(&verdicts, 'D'), [Ruling::NotReproduced; 4]);
    assert_eq!(rulings(&verdicts, 'E'), [Ruling::NotReproduced; 2]);
}

#[test]
fn every_claim_has_a_verdict_and_the_printed_p_values_cannot_be_tested() {
    let verdicts = judge(&many(0.05, |_| 1.0), None).unwrap();
    let claims = published().unwrap().iter().filter(|claim| !claim.is_slip()).count();
    assert_eq!(verdicts.len(), claims);
    assert_eq!(rulings(&verdicts, 'B'), [Ruling::CannotBeTested; 2]);
    assert!(rulings(&verdicts, 'D').iter().all(|&ruling| ruling != Ruling::Reproduced));
}

#[test]
fn a_level_without_a_session_to_spare_is_refused_by_name() {
    let mut rows = many(0.05, |_| 1.0);
    rows.retain(|row| row.iterations != 2_000 || row.soft_count <= 3);
    let error = judge(&rows, None).unwrap_err().to_string();
    assert!(
        error.contains("number of sessions is 3") && error.contains("2000 iterations need at least 4"),
        "{error}"
    );
}
