use ndarray::{Array1, Array4};

use super::*;
use crate::filters::FilterBank;
use crate::golden::noise;
use crate::robustness::{NullComparison, SessionScore};

/// Sessions with random filters, one more of each level than the paper had.
fn sessions() -> Vec<Session> {
    let bank = |layer, channels, salt| {
        let weights = noise(2 * channels * 9, salt).into_iter().map(|value| value as f32).collect();
        let weights = Array4::from_shape_vec((2, channels, 3, 3), weights).unwrap();
        FilterBank::new(layer, weights, Array1::zeros(2)).unwrap()
    };
    let levels = SubsampleDesign::default().levels.into_iter();
    let numbered = levels.flat_map(|(level, count)| (0..=count).map(move |number| (level, number)));
    let session = |(level, number): (u64, usize)| {
        let salt = 2 * (level + number as u64);
        Session::from_filters(format!("{level}-{number}"), level, [bank(1, 3, salt), bank(2, 2, salt + 1)])
            .unwrap()
    };
    numbered.map(session).collect()
}

#[test]
fn the_analysis_of_small_sessions_writes_every_file_as_its_parts_do() {
    let (sessions, dataset) = (sessions(), Dataset::tiny());
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let analysis = ManySessionAnalysis { photographs: 2, static_fields: 2, draws: 2, null_draws: 3 };
    let results = analysis.write(&sessions, &dataset, folder.path()).unwrap();
    assert_eq!(results.iter().map(|result| result.reading).collect::<Vec<_>>()[0], Reading::default());
    for result in &results {
        let (name, own) = (result.reading.name(), folder.path().join("own.csv"));
        result.verdicts.as_ref().unwrap().write_csv(&own).unwrap();
        assert_eq!(read("own.csv"), read(&format!("verdicts-{name}.csv")));
        let suffix = if result.reading == Reading::default() { String::new() } else { format!("-{name}") };
        result.robustness.write_csv(&own).unwrap();
        assert_eq!(read("own.csv"), read(&format!("holds{suffix}.csv")));
        result.robustness.write_trained_csv(&own).unwrap();
        assert_eq!(read("own.csv"), read(&format!("trained{suffix}.csv")));
        let scores =
            SessionScores::read_csv(folder.path().join(format!("session_scores{suffix}.csv"))).unwrap();
        assert_eq!(assess_robustness(&scores, RobustnessOptions::default()).unwrap(), result.robustness);
    }
    let rows = |name: &str| read(name).lines().count() - 1;
    // Two filters in each of two layers, two pictures.
    assert_eq!(rows("scores.csv"), sessions.len() * 4 * 2);
    // Two layers, four sets of pictures, five levels, two null distributions: the seed of the filters is not known.
    assert_eq!(rows("nulls.csv"), 2 * 4 * 5 * 2);
    // Two layers, two sets of several pictures, five sources.
    assert_eq!(rows("variance.csv"), 2 * 2 * 5);
    assert_eq!(rows("power.csv"), 2 * 2);
    // Three readings, two borders, four normalisations, two layers, two pictures.
    assert_eq!(rows("sensitivity.csv"), 3 * 2 * 4 * 2 * 2);
    // The numbers of the first row of the variance table are those of the split of its scores.
    let photographs = PictureSet::photographs(&dataset, 2).unwrap();
    let scores = score_sessions(&sessions, &[photographs], SessionScoreOptions::softness_only()).unwrap();
    let split = VarianceSplit::from_scores(&scores, 1, "photographs", Measure::LocalDeviation).unwrap();
    let first = &split.sources[0];
    let expected =
        format!("1,photographs,iterations,4,{},{},{},,", first.mean_square, first.component, first.share);
    assert_eq!(read("variance.csv").lines().nth(1).unwrap(), expected);
}

#[test]
fn the_needed_sessions_of_the_many_session_study_are_those_of_the_committed_file() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/many");
    let scores = SessionScores::read_csv(data.join("session_scores.csv")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pictures = [Dataset::tiny().bird(), Picture::static_noise(1)];
    write_power(&scores, &pictures, &folder.path().join("power.csv")).unwrap();
    let written = std::fs::read(folder.path().join("power.csv")).unwrap();
    assert!(written == std::fs::read(data.join("power.csv")).unwrap());
}

#[test]
fn the_interval_of_a_null_counts_sessions_and_draws() {
    let comparison = |null, z| NullComparison {
        null,
        draws: 5,
        mean: 0.0,
        std_dev: 1.0,
        z,
        interval: Interval { low: z, high: z },
    };
    let row = |number: usize, z: f64| SessionScore {
        session: number.to_string(),
        iterations: 10,
        layer: 1,
        images: Some("bird".into()),
        measure: Measure::LocalDeviation.into(),
        score: 0.0,
        constant: 0,
        nulls: vec![comparison(Null::Initial, z), comparison(Null::Random, z)],
    };
    // Mean 2, variance 1; the draws leave 1/5 in the mean of random filters and 4/8 in the deviation of both.
    let scores = SessionScores::from_rows(vec![row(1, 1.0), row(2, 2.0), row(3, 3.0)]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nulls.csv");
    write_nulls(&scores, &path).unwrap();
    let table = crate::table::CsvTable::open(&path).unwrap();
    const T: f64 = 2.776_445_105_198; // the 97.5 % quantile of Student's t with 4 degrees of freedom
    for (line, null, variance) in [(0, "initial", 1.0 / 3.0 + 0.5), (1, "random", 1.0 / 3.0 + 0.2 + 0.5)] {
        assert_eq!(table.text(line, "null").unwrap(), null);
        assert_eq!((table.count(line, "sessions").unwrap(), table.count(line, "draws").unwrap()), (3, 5));
        assert_eq!(table.number(line, "z").unwrap(), 2.0);
        let reach = table.number(line, "high").unwrap() - 2.0;
        assert!((reach - T * f64::sqrt(variance)).abs() < 1e-9, "{reach}");
    }
}
