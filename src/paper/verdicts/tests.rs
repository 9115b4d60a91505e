use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};

use crate::paper::published;
use crate::paper::verdicts::judge::{judge, judge_claims};
use crate::paper::verdicts::subsamples::{RESPONSES, Share};
use crate::paper::verdicts::*;
use crate::table::LayerScore;

/// The levels of the many-session study.
const LEVELS: [u64; 8] = [1, 10, 100, 500, 2_000, 10_000, 30_000, 50_000];
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
fn if_the_score_follows_a_power_law_the_findings_are_reproduced() {
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
    let claims = published().unwrap().iter().filter(|claim| !claim.is_slip).count();
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

#[test]
fn a_verdict_has_its_numbers_as_fields_and_a_share_decides_by_itself() {
    for verdict in judge(&many(0.05, |_| 1.0), None).unwrap() {
        let first = verdict.findings[0];
        for finding in &verdict.findings {
            assert!(finding.value.is_finite(), "{verdict:?}");
            let ordered = |interval: crate::stats::Interval| interval.low <= interval.high;
            assert!(finding.interval.is_none_or(ordered), "{verdict:?}");
        }
        assert!(first.interval.is_some(), "{verdict:?}");
        if ['C', 'F', 'G', 'H'].contains(&verdict.rule) {
            let share = Share { value: first.value, interval: first.interval.unwrap() };
            assert_eq!(verdict.ruling, share.ruling(), "{verdict:?}");
        }
    }
}

/// The claims of `data/published.csv`, the first with some of its text replaced.
fn claims_with(from: &str, to: &str) -> Vec<crate::paper::PublishedValue> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/published.csv")).unwrap();
    let claims = crate::paper::published::parse(&text.replacen(from, to, 1)).unwrap();
    claims.into_iter().filter(|claim| !claim.is_slip).collect()
}

#[test]
fn a_claim_about_an_unknown_image_form_or_quantity_is_refused() {
    for (from, to, part) in [
        ("r_squared,1,bird,linear", "r_squared,1,cat,linear", "the bird or static"),
        ("r_squared,1,bird,linear", "r_squared,3,bird,linear", "layer 1 or 2"),
        ("r_squared,1,bird,linear", "r_squared,1,bird,", "it must be about a form"),
        ("finding,best_form,2", "finding,worst_form,2", "docs/verdicts.md has no rule for it"),
        (
            "r_squared,2,bird,power,=",
            "r_squared,2,bird,power,<",
            "the R² of the same fit must be printed too",
        ),
    ] {
        let error = judge_claims(&claims_with(from, to), &many(0.05, |_| 1.0), None).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn the_verdicts_on_the_many_sessions_are_those_of_the_committed_file() {
    let eleven = crate::models::fit_models(&crate::table::shipped_scores().unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("verdicts.csv");
    Verdicts::judge(Some(&eleven)).unwrap().write_csv(&path).unwrap();
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/data/many/verdicts-forward-pass.csv");
    assert!(std::fs::read(path).unwrap() == std::fs::read(committed).unwrap());
}
