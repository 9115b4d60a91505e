//! The design against R, against `fit`, and against what must come out of tables made by hand.

use ndarray::{Array1, Array4};
use serde::Deserialize;

use crate::dataset::Picture;
use crate::doc::tiny_dataset;
use crate::filters::FilterBank;
use crate::filters::nulls::Null;
use crate::golden::{assert_close, json, noise};
use crate::models::{Form, fit};
use crate::network::Architecture;
use crate::paper::Relation;
use crate::robustness::*;
use crate::session::{Session, Training, train_session};
use crate::softness::measures::{FilterMeasure, Measure};
use crate::stats::SlopePower;
use crate::table::softness_table;
use crate::tolerances::{MEAN_SQUARES, REORDERED_SUMS, SPECIAL_FUNCTIONS};

const PAPER: [u64; 11] = [1, 1, 1, 2_000, 2_000, 2_000, 10_000, 10_000, 30_000, 30_000, 50_000];

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
    pictures_f: [f64; 2],
    cross_f: [f64; 2],
}

/// A table of one measure, made by hand.
fn scores(points: &[(u64, f64)]) -> SessionScores {
    let row = |(place, &(iterations, score)): (usize, &(u64, f64))| SessionScore {
        session: format!("session {place}"),
        iterations,
        layer: 2,
        images: "bird".into(),
        measure: "local-deviation".into(),
        score,
        constant: 0,
        nulls: Vec::new(),
    };
    SessionScores { rows: points.iter().enumerate().map(row).collect(), pictures: Vec::new() }
}

fn drawn(draws: usize) -> RobustnessOptions {
    RobustnessOptions::default().subsamples(SubsampleDesign::default().draws(draws))
}

#[test]
fn eleven_sessions_have_one_set_and_it_is_fit_models_answer() {
    let y: Vec<f64> = noise(11, 4).into_iter().map(|noise| 2.0 + noise).collect();
    let points: Vec<(u64, f64)> = PAPER.into_iter().zip(y.iter().copied()).collect();
    let holds = assess_robustness(&scores(&points), drawn(50)).unwrap();
    assert_eq!((holds.different_sets, holds.sessions), (1.0, 11));
    let held = holds.get(2, "bird", "local-deviation").unwrap();
    for form in Form::ALL {
        let spread = held.form(form).unwrap();
        let theirs = fit(form, &PAPER.map(|x| x as f64), &y).unwrap();
        for quantile in spread.quantiles() {
            assert_close(quantile, theirs.r_squared(), REORDERED_SUMS, 1.0, form.name());
        }
        assert_close(spread.all_r_squared, theirs.r_squared(), REORDERED_SUMS, 1.0, form.name());
        let significant = if theirs.p_value() < 0.05 { 1.0 } else { 0.0 };
        assert_close(spread.significant, significant, REORDERED_SUMS, 1.0, form.name());
        assert!(spread.share_below(1.1) == 1.0 && spread.share_below(-0.1) == 0.0);
    }
    // The slope among the trained is that of a fit of theirs.
    let (x, y): (Vec<f64>, Vec<f64>) =
        points.iter().filter(|point| point.0 > 1).map(|&(x, y)| ((x as f64).ln(), y)).unzip();
    let theirs = fit(Form::Linear, &x, &y).unwrap();
    let [all, paper] = held.trained[..] else { panic!("two starts") };
    assert_eq!((all.from, all.n, paper.from, paper.n), (2, 8, 2_000, 8));
    assert_eq!((all.slope, all.p_value), (theirs.slope(), theirs.p_value()));
    assert_eq!(all.interval, theirs.slope_interval(0.95).unwrap());
}

#[test]
fn a_pure_step_with_noise_gives_high_r_squared_and_never_clearly_beats_the_step() {
    let noise = noise(55, 9);
    let points: Vec<(u64, f64)> = [1, 2_000, 10_000, 30_000, 50_000]
        .into_iter()
        .flat_map(|level| [level; 11])
        .zip(noise)
        .map(|(level, noise)| (level, if level == 1 { 5.0 } else { 4.0 } + 0.05 * noise))
        .collect();
    let holds = assess_robustness(&scores(&points), drawn(2_000)).unwrap();
    let power = holds.responses[0].form(Form::Power).unwrap();
    let [low, .., high] = power.quantiles();
    // 0.934 without noise, which moves it a little.
    assert!(0.90 < low && high < 0.96, "{low} {high}");
    assert_eq!((power.beats_step, power.clearly_beats_step, power.predicts_better), (0.0, 0.0, 0.0));
    assert_eq!(power.significant, 1.0);
    assert!(power.holds_among_trained < 0.2);
    assert!(power.step_median() > 0.99);
    assert!(holds.to_string().contains("layer 2, bird"));
}

#[test]
fn a_true_power_law_beats_the_step_and_holds_among_the_trained() {
    let noise = noise(50, 9);
    let points: Vec<(u64, f64)> = [1, 2_000, 10_000, 30_000, 50_000]
        .into_iter()
        .flat_map(|level| [level; 10])
        .zip(noise)
        .map(|(level, noise)| (level, 5.0 * (level as f64).powf(-0.1) * (1.0 + 0.02 * noise)))
        .collect();
    let holds = assess_robustness(&scores(&points), drawn(500)).unwrap();
    let power = holds.responses[0].form(Form::Power).unwrap();
    assert_eq!((power.beats_step, power.clearly_beats_step), (1.0, 1.0));
    assert_eq!((power.predicts_better, power.holds_among_trained), (1.0, 1.0));
    assert!(power.quantiles()[0] > 0.98);
    let effect = holds.responses[0].trained[0];
    assert!(effect.p_value < 1e-10 && effect.holm == effect.p_value);
    assert!(effect.interval.contains(effect.slope) && effect.per_tenfold() < 0.0);
}

#[test]
fn sets_are_drawn_within_levels_without_replacement_and_all_of_them_come() {
    let plan = SubsampleDesign { levels: vec![(5, 2), (1, 1)], draws: 500, seed: 3 };
    let iterations = [1, 5, 5, 1, 5, 7];
    let sets = plan.sets(&iterations).unwrap();
    assert_eq!(plan.different(&iterations).unwrap(), 6.0);
    let mut different = sets.clone();
    different.sort();
    different.dedup();
    assert_eq!(different, [[1, 2, 0], [1, 2, 3], [1, 4, 0], [1, 4, 3], [2, 4, 0], [2, 4, 3]]);
    assert_eq!(sets, plan.sets(&iterations).unwrap());
    assert_eq!(plan.x(), [5.0, 5.0, 1.0]);
    let error = plan.sets(&[1, 5, 7]).unwrap_err().to_string();
    assert!(error.contains("takes 2 sessions of 5 iterations"), "{error}");
}

#[test]
fn scores_that_have_no_logarithm_leave_the_linear_form_and_missing_ones_are_named() {
    let points: Vec<(u64, f64)> = PAPER.into_iter().zip(noise(11, 1)).collect();
    let holds = assess_robustness(&scores(&points), drawn(10)).unwrap();
    assert_eq!(holds.responses[0].forms.len(), 1);
    let mut missing = points.clone();
    missing[3].1 = f64::NAN;
    let holds = assess_robustness(&scores(&missing), drawn(10)).unwrap();
    assert!(holds.responses.is_empty());
    assert!(holds.skipped[0].contains("2000 iterations has no score"), "{:?}", holds.skipped);
}

#[test]
fn the_remarkable_r_squared_are_those_of_the_published_table() {
    let published = crate::paper::published().unwrap();
    let remarkable = published.iter().filter(|value| {
        let is_equal = value.claim().is_some_and(|(relation, _)| relation == Relation::Equal);
        !value.is_slip() && value.quantity() == "r_squared" && is_equal
    });
    let remarkable: Vec<(&str, f64)> =
        remarkable.map(|value| (value.image().unwrap(), value.claim().unwrap().1)).collect();
    assert_eq!(remarkable, PUBLISHED_R_SQUARED);
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
    assert!(none.sessions_per_level(0.8).unwrap_err().to_string().contains("do not see this slope"));
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
        for (at, [f, p]) in [(1, split.sessions_f), (2, split.pictures_f), (3, split.cross_f)] {
            let ours = ours.sources[at].f.unwrap();
            assert_close(ours.0, f, MEAN_SQUARES, f, "F");
            assert_close(ours.1, p, MEAN_SQUARES, 1.0, "p of F");
        }
    }
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

fn sessions() -> Vec<Session> {
    let dataset = tiny_dataset().unwrap();
    let architecture = Architecture { filters: [3, 4], dense: 4, ..Architecture::paper() };
    let training = Training::paper().architecture(architecture).batch(4).learning_rate(1e-3);
    let train = |(iterations, seed): (u64, u64)| {
        // One step that moves nothing stands for the untrained.
        let rate = if iterations == 1 { 1e-30 } else { 1e-3 };
        train_session(&dataset, training.clone().learning_rate(rate).iterations(iterations).seed(seed))
            .unwrap()
    };
    [(1, 1), (1, 2), (20, 3), (60, 4)].into_iter().map(train).collect()
}

fn few() -> SessionScoreOptions {
    SessionScoreOptions::default().draws(4)
}

#[test]
fn the_local_deviation_is_the_mean_of_the_softness_table_and_pictures_are_averaged() {
    let (sessions, bird) = (sessions(), tiny_dataset().unwrap().bird());
    let fields = PictureSet::static_fields(3).unwrap();
    let sets = [PictureSet::from_picture(bird.clone()), fields.clone()];
    let scores = score_sessions(&sessions, &sets, few()).unwrap();
    let mut pictures = vec![bird];
    pictures.extend(fields.pictures().iter().cloned());
    let table = softness_table(&sessions, &pictures).unwrap().layer_scores();
    for layer in [1, 2] {
        for (session, row) in sessions.iter().zip(scores.select(layer, "bird", "local-deviation")) {
            let of = |image: &str| {
                let own = |score: &&crate::table::LayerScore| {
                    score.session == session.name() && score.layer == layer && score.image == image
                };
                table.iter().find(own).unwrap().mean
            };
            assert_close(row.score, of("bird"), REORDERED_SUMS, 1.0, "bird");
            let fields = scores.select(layer, "static fields", "local-deviation");
            let field = fields.into_iter().find(|row| row.session == session.name()).unwrap();
            let mean = (of("static-1") + of("static-2") + of("static-3")) / 3.0;
            assert_close(field.score, mean, REORDERED_SUMS, 1.0, "static");
        }
    }
    // Two layers; seven measures of two sets, five of the filters.
    assert_eq!(scores.responses().len(), 2 * (7 * 2 + 5));
    assert_eq!(scores.pictures().len(), 4 * 2 * 7 * 4);
    let split = VarianceSplit::from_scores(&scores, 1, "static fields", "local-deviation").unwrap();
    assert_eq!(split.sources[0].freedom, 2);
}

#[test]
fn every_score_stands_beside_its_nulls() {
    let sessions = sessions();
    let sets = [PictureSet::from_picture(tiny_dataset().unwrap().bird())];
    let scores = score_sessions(&sessions, &sets, few()).unwrap();
    // NaN is not equal to itself: compared as text.
    let again = score_sessions(&sessions, &sets, few()).unwrap();
    assert!(format!("{scores:?}") == format!("{again:?}"), "the same call gives the same scores");
    for row in scores.rows() {
        let place = format!("{} {} {} {}", row.session, row.layer, row.images, row.measure);
        if row.measure == FilterMeasure::DistanceTravelled.name() {
            assert!(row.nulls.is_empty());
            assert_eq!(row.score == 0.0, row.iterations == 1, "{place}: {}", row.score);
            continue;
        }
        let names: Vec<Null> = row.nulls.iter().map(|against| against.null).collect();
        assert_eq!(names, Null::ALL, "{place}");
        let initial = row.nulls[0];
        // The untrained session is its own start.
        let counted = row.measure == FilterMeasure::StrongNeighbours.name(); // may agree by chance
        assert!((initial.mean == row.score) == (row.iterations == 1) || counted, "{place}");
        for against in &row.nulls {
            assert_eq!(against.draws, 4);
            let same = row.measure == FilterMeasure::SingularEntropy.name() && against.null == Null::Shuffled;
            if same {
                // The order of columns is nothing to singular values.
                assert!(against.z.is_nan(), "{place}");
            } else if !counted {
                assert_close(
                    against.z,
                    (row.score - against.mean) / against.std_dev,
                    REORDERED_SUMS,
                    1.0,
                    &place,
                );
                assert!(against.interval.contains(against.z), "{place}");
            }
        }
    }
}

#[test]
fn filters_from_elsewhere_have_no_start_and_other_scores_stand() {
    let noise = |count, salt| noise(count, salt).into_iter().map(|value| value as f32).collect();
    let bank = |layer, channels, salt| {
        let weights = Array4::from_shape_vec((2, channels, 3, 3), noise(2 * channels * 9, salt)).unwrap();
        FilterBank::new(layer, weights, Array1::zeros(2)).unwrap()
    };
    let session = Session::from_filters("elsewhere", 5, bank(1, 3, 1), bank(2, 2, 2)).unwrap();
    let sets = [PictureSet::from_picture(Picture::static_noise(1))];
    let scores = score_sessions(&[session], &sets, few()).unwrap();
    let row = scores.select(1, "static", "blur-effect").next().unwrap();
    assert_eq!(
        row.nulls.iter().map(|against| against.null).collect::<Vec<_>>(),
        [Null::Shuffled, Null::Random]
    );
    assert!(scores.select(1, "", "distance-travelled").next().unwrap().score.is_nan());
}

#[test]
fn scores_are_read_as_they_were_written() {
    let sets = [PictureSet::from_picture(tiny_dataset().unwrap().bird().named("a \"bird\", grey"))];
    let written = score_sessions(&sessions()[1..3], &sets, few()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scores.csv");
    written.write_csv(&path).unwrap();
    written.write_pictures_csv(folder.path().join("pictures.csv")).unwrap();
    let read = SessionScores::read_csv(&path).unwrap();
    // NaN is not equal to itself: compared as text.
    assert_eq!(format!("{:?}", read.rows()), format!("{:?}", written.rows()));
    let lines = std::fs::read_to_string(folder.path().join("pictures.csv")).unwrap().lines().count();
    assert_eq!(lines, 1 + written.pictures().len());
}

#[test]
fn z_is_in_units_of_the_nulls_deviation_and_few_draws_leave_a_wide_interval() {
    let of = |draws: &[f64]| NullComparison::new(Null::Random, 7.0, draws, None);
    // Mean 3, squares 8 over 4: the deviation is sqrt(2), z is 4 / sqrt(2).
    let five = of(&[1.0, 3.0, 5.0, 3.0, 3.0]);
    assert_eq!((five.mean, five.std_dev), (3.0, 2f64.sqrt()));
    assert_close(five.z, 4.0 / 2f64.sqrt(), REORDERED_SUMS, 1.0, "z");
    // t of 0.975 with 4 degrees of freedom is 2.776445; 1/5 + 8/8 under the root.
    assert_close(five.interval.high - five.z, 2.776445 * 1.2f64.sqrt(), 1e-6, 1.0, "interval");
    let many = of(&[1.0, 3.0, 5.0, 3.0, 3.0].repeat(20));
    assert!(many.interval.width() < five.interval.width() / 4.0);
    assert!(of(&[2.0; 5]).z.is_nan());
}

#[test]
fn options_and_sets_that_make_no_sense_are_refused() {
    let sessions = sessions();
    let bird = PictureSet::from_picture(tiny_dataset().unwrap().bird());
    let error = |sets: &[PictureSet], options: SessionScoreOptions| {
        score_sessions(&sessions, sets, options).unwrap_err().to_string()
    };
    assert!(error(&[bird.clone(), bird.clone()], few()).contains("name of its own"));
    assert!(error(&[bird], few().draws(1)).contains("at least 2"));
    let tiny = Picture::new("dot", ndarray::Array3::zeros((3, 1, 1)));
    assert!(error(&[PictureSet::from_picture(tiny)], few()).contains("dot"));
    assert!(PictureSet::new("none", Vec::new()).is_err());
    let dataset = tiny_dataset().unwrap();
    let names: Vec<String> =
        PictureSet::photographs(&dataset, 4).unwrap().pictures().iter().map(|p| p.name().into()).collect();
    assert_eq!(names, ["test-0", "test-5", "test-10", "test-15"]);
    assert!(PictureSet::photographs(&dataset, 21).unwrap_err().to_string().contains("20 pictures"));
}

#[test]
fn the_sensitivity_table_has_every_setting_and_the_default_is_the_study() {
    let (sessions, bird) = (sessions(), tiny_dataset().unwrap().bird());
    let found = sensitivity(&sessions, &[PictureSet::from_picture(bird.clone())]).unwrap();
    assert_eq!(found.settings.len(), 24 * 2);
    let fits = crate::models::fit_models(&softness_table(&sessions, &[bird]).unwrap()).unwrap();
    for layer in [1, 2] {
        let own = found.settings.iter().find(|setting| setting.layer == layer).unwrap();
        assert_eq!(
            (own.reading.name(), own.border.name(), own.normalisation.name()),
            ("forward-pass", "same", "min-max")
        );
        for (form, r_squared) in Form::ALL.into_iter().zip(own.r_squared) {
            assert_close(
                r_squared,
                fits.get(layer, "bird", form).unwrap().r_squared(),
                REORDERED_SUMS,
                1.0,
                form.name(),
            );
        }
    }
    assert!(Measure::ALL.len() == 7 && found.to_string().contains("kernel-slice-sum"));
}
