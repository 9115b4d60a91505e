//! Power and the variance split against R.

use serde::Deserialize;

use crate::golden::{assert_close, json};
use crate::robustness::tests::scores;
use crate::robustness::*;
use crate::softness::Measure;
use crate::stats::SlopePower;
use crate::tolerances::{MEAN_SQUARES, REORDERED_SUMS, SPECIAL_FUNCTIONS};

#[derive(Deserialize)]
struct Golden {
    power: Vec<Study>,
    variance: Vec<Split>,
}

#[derive(Deserialize)]
struct Study {
    levels: Vec<f64>,
    slope: f64,
    deviation: f64,
    significance: f64,
    sessions: Vec<f64>,
    powers: Vec<f64>,
    needed: f64,
}

#[derive(Deserialize)]
struct Split {
    levels: Vec<f64>,
    y: Vec<Vec<f64>>,
    freedom: Vec<f64>,
    mean_squares: Vec<f64>,
    components: Vec<f64>,
    sessions_f: [f64; 2],
    /// Only with equal numbers of sessions.
    pictures_f: Option<[f64; 2]>,
    cross_f: [f64; 2],
}

#[test]
fn power_is_that_of_rs_noncentral_t() {
    let studies = json::<Golden>("design.json").power;
    assert_eq!(studies.len(), 4);
    for study in studies {
        let levels = study.levels.iter().map(|&level| level as u64).collect();
        let Study { slope, deviation, significance, .. } = study;
        let ours = SlopePower { levels, slope, deviation, significance };
        for (&sessions, theirs) in study.sessions.iter().zip(study.powers) {
            assert_close(ours.power(sessions as usize).unwrap(), theirs, SPECIAL_FUNCTIONS, 1.0, "power");
        }
        assert_eq!(ours.sessions_per_level(0.8).unwrap() as f64, study.needed);
    }
    let none = SlopePower { levels: vec![1, 10], slope: 0.0, deviation: 1.0, significance: 0.05 };
    assert_close(
        none.power(10).unwrap(),
        0.05,
        SPECIAL_FUNCTIONS,
        1.0,
        "no slope is found at the level of the test",
    );
    assert!(none.sessions_per_level(0.8).unwrap_err().to_string().contains("cannot detect this slope"));
}

#[test]
fn variance_components_are_those_of_rs_mean_squares_and_their_expectations() {
    let splits = json::<Golden>("design.json").variance;
    assert_eq!(splits.len(), 3);
    for split in splits {
        let sessions: Vec<(u64, Vec<f64>)> =
            split.levels.iter().map(|&level| level as u64).zip(split.y).collect();
        let ours = VarianceSplit::new(&sessions).unwrap();
        let total: f64 = split.components.iter().map(|component| component.max(0.0)).sum();
        for (at, source) in ours.sources.iter().enumerate() {
            assert_eq!(source.freedom as f64, split.freedom[at]);
            let theirs = split.mean_squares[at];
            assert_close(source.mean_square, theirs, MEAN_SQUARES, theirs, source.name);
            assert_close(source.component, split.components[at].max(0.0), MEAN_SQUARES, total, source.name);
            assert_close(source.share, source.component / total, MEAN_SQUARES, 1.0, source.name);
        }
        let pictures = split.pictures_f.map(|test| (2, test));
        for (at, [f, p]) in [(1, split.sessions_f), (3, split.cross_f)].into_iter().chain(pictures) {
            let ours = ours.sources[at].f.unwrap();
            assert_close(ours.0, f, MEAN_SQUARES, f, "F");
            assert_close(ours.1, p, MEAN_SQUARES, 1.0, "p of F");
        }
    }
}

#[test]
fn with_unequal_numbers_of_sessions_the_f_of_pictures_is_that_of_the_level_means() {
    // Level means (2, 6) and (5, 7): pictures 3.5 and 6.5, levels 4 and 6, all 5. Pictures 2 (1.5² + 1.5²) = 9, iterations x
    // pictures 4 x 0.5² = 1, each with one degree of freedom.
    let sessions = [(1, vec![1.0, 3.0]), (1, vec![3.0, 9.0]), (2, vec![5.0, 7.0])];
    let (f, p) = VarianceSplit::new(&sessions).unwrap().sources[2].f.unwrap();
    // Means of two or three small whole numbers are exact in binary or nearly so.
    assert_close(f, 9.0, REORDERED_SUMS, 9.0, "F");
    // F with 1 and 1 degrees of freedom is the square of a Cauchy variable.
    let theirs = 1.0 - 2.0 / std::f64::consts::PI * 3f64.atan();
    assert_close(p, theirs, SPECIAL_FUNCTIONS, 1.0, "p");
}

#[test]
fn a_split_needs_levels_pictures_and_sessions() {
    let one = |levels: &[u64], pictures: usize| {
        let sessions: Vec<_> = levels.iter().map(|&level| (level, vec![1.0; pictures])).collect();
        VarianceSplit::new(&sessions).unwrap_err().to_string()
    };
    for (error, part) in [(one(&[1, 1], 2), "levels is 1"), (one(&[1, 1, 2], 1), "pictures is 1")] {
        assert!(error.contains(part), "{error}");
    }
    assert!(one(&[1, 2], 2).contains("sessions is 2"));
    let unequal = [(1, vec![1.0, 2.0]), (1, vec![1.0])];
    assert!(VarianceSplit::new(&unequal).unwrap_err().to_string().contains("every session"));
}

#[test]
fn a_split_needs_scores_whose_squares_are_numbers() {
    let sessions = |unit: f64| {
        [(1, [1.0, 3.0]), (1, [3.0, 9.0]), (2, [5.0, 7.0])]
            .map(|(level, y)| (level, y.map(|y| y * unit).to_vec()))
    };
    let error = |sessions: &[(u64, Vec<f64>)]| VarianceSplit::new(sessions).unwrap_err().to_string();
    let large = error(&sessions(1e300));
    assert!(
        large.starts_with("score is 9") && large.contains("e300, but scores up to 1e140 can be split"),
        "{large}"
    );
    let small = error(&sessions(1e-200));
    assert!(small.starts_with("largest difference of scores is 8"), "{small}");
    assert!(small.ends_with("differ by at least 1e-140 can be split: give them in other units"), "{small}");
    for equal in [[0.3, 0.3], [0.3, 0.1 + 0.2]] {
        let same = error(&[(1, equal.to_vec()), (1, equal.to_vec()), (2, equal.to_vec())]);
        let sentence = "score is 0.3, but so is every other up to rounding: a split needs scores that vary";
        assert_eq!(same, sentence);
    }
    // Shares have no unit.
    let plain = VarianceSplit::new(&sessions(1.0)).unwrap();
    for unit in [1e-139, 1e139] {
        let scaled = VarianceSplit::new(&sessions(unit)).unwrap();
        for (scaled, plain) in scaled.sources.iter().zip(&plain.sources) {
            assert_close(scaled.share, plain.share, REORDERED_SUMS, 1.0, plain.name);
            assert_close(
                scaled.mean_square / unit / unit,
                plain.mean_square,
                REORDERED_SUMS,
                84.0,
                plain.name,
            );
        }
    }
}

#[test]
fn a_response_without_scores_of_single_pictures_is_named() {
    let scores = scores(&[(1, 2.0), (2, 3.0)]);
    let error =
        VarianceSplit::from_scores(&scores, 9, "bird", Measure::LocalDeviation).unwrap_err().to_string();
    assert_eq!(
        error,
        "response is layer 9, bird, local-deviation, but it must be among those whose pictures were scored one by one"
    );
}
