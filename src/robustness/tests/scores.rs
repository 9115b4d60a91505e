//! Scores of sessions against the softness table, and their comparison with null distributions.

use ndarray::{Array1, Array4};

use crate::dataset::{Dataset, Picture};
use crate::filters::{FilterBank, Null};
use crate::golden::{assert_close, noise};
use crate::responses::{Reading, ResponseOptions};
use crate::robustness::tests::{few, sessions};
use crate::robustness::*;
use crate::session::Session;
use crate::softness::{FilterMeasure, Measure, ScoringOptions};
use crate::table::softness_table;
use crate::tolerances::REORDERED_SUMS;

#[test]
fn the_local_deviation_is_the_mean_of_the_softness_table_and_pictures_are_averaged() {
    let (sessions, bird) = (sessions(), Dataset::tiny().bird());
    let fields = PictureSet::static_fields(3).unwrap();
    let sets = [PictureSet::from_picture(bird.clone()), fields.clone()];
    let scores = score_sessions(&sessions, &sets, few()).unwrap();
    let mut pictures = vec![bird];
    pictures.extend(fields.pictures().iter().cloned());
    let table = softness_table(&sessions, &pictures).unwrap().layer_scores();
    for layer in [1, 2] {
        for (session, row) in sessions.iter().zip(scores.select(layer, "bird", Measure::LocalDeviation)) {
            let of = |image: &str| {
                let own = |score: &&crate::table::LayerScore| {
                    score.session == session.name() && score.layer == layer && score.image == image
                };
                table.iter().find(own).unwrap().mean
            };
            assert_close(row.score, of("bird"), REORDERED_SUMS, 1.0, "bird");
            let fields = scores.select(layer, "static fields", Measure::LocalDeviation);
            let field = fields.into_iter().find(|row| row.session == session.name()).unwrap();
            let mean = (of("static-1") + of("static-2") + of("static-3")) / 3.0;
            assert_close(field.score, mean, REORDERED_SUMS, 1.0, "static");
        }
    }
    // Two layers; seven measures of two sets, five of the filters.
    assert_eq!(scores.responses().len(), 2 * (7 * 2 + 5));
    assert_eq!(scores.pictures.len(), 4 * 2 * 7 * 4);
    let split = VarianceSplit::from_scores(&scores, 1, "static fields", Measure::LocalDeviation).unwrap();
    assert_eq!(split.sources[0].freedom, 2);
}

#[test]
fn if_each_kernel_has_a_map_filters_are_averaged_over_those_that_have_a_value() {
    // Filter 0 has two kernels; filter 1 has one, and one of zeros, whose map has no autocorrelation.
    let (edge, spot) = ([1., 0., -1., 2., 0., -2., 1., 0., -1.], [0., 1., 0., 1., 1., 1., 0., 1., 0.]);
    let weights: Vec<f32> = [edge, spot, spot, [0.0; 9]].concat();
    let bank = |layer, weights: &[f32], (filters, channels)| {
        let weights = Array4::from_shape_vec((filters, channels, 3, 3), weights.to_vec()).unwrap();
        FilterBank::new(layer, weights, Array1::zeros(filters)).unwrap()
    };
    let session = Session::from_filters("own", 1, [bank(1, &weights, (2, 2))]).unwrap();
    let alone = |kernel: [f32; 9]| Session::from_filters("own", 1, [bank(1, &kernel, (1, 1))]).unwrap();
    let sets = [PictureSet::from_picture(Picture::static_noise(4))];
    let options = few().nulls([]).filter_measures([]);
    let options = options.response(ResponseOptions::default().reading(Reading::EachKernel));
    let score = |session: Session, measure: Measure| {
        let scores = score_sessions(&[session], &sets, options.clone()).unwrap();
        let row = scores.select(1, "static", measure).next().unwrap().clone();
        (row.score, row.constant)
    };
    for measure in Measure::ALL {
        let [(edge, _), (spot, _)] = [edge, spot].map(|kernel| score(alone(kernel), measure));
        // The map of zeros counts as 0 where softer maps go to 0, and not where they have no limit.
        let softest = measure.score(ndarray::Array2::zeros((3, 3)).view()).unwrap().value();
        let second = if softest.is_nan() { spot } else { (spot + softest) / 2.0 };
        let (found, constant) = score(session.clone(), measure);
        assert_close(found, ((edge + spot) / 2.0 + second) / 2.0, REORDERED_SUMS, 1.0, measure.name());
        assert_eq!(constant, 1);
    }
    let scoring = ScoringOptions::default().reading(Reading::EachKernel);
    let table = scoring.softness_table(std::slice::from_ref(&session), sets[0].pictures()).unwrap();
    let (found, _) = score(session, Measure::LocalDeviation);
    assert_close(table.layer_scores()[0].mean, found, REORDERED_SUMS, 1.0, "table");
}

#[test]
fn every_score_is_compared_with_its_null_distributions() {
    let sessions = sessions();
    let sets = [PictureSet::from_picture(Dataset::tiny().bird())];
    let scores = score_sessions(&sessions, &sets, few()).unwrap();
    // NaN is not equal to itself: compared as text.
    let again = score_sessions(&sessions, &sets, few()).unwrap();
    assert!(format!("{scores:?}") == format!("{again:?}"), "the same call gives the same scores");
    for row in scores.rows() {
        let place = format!(
            "{} {} {} {}",
            row.session,
            row.layer,
            row.images.as_deref().unwrap_or("filters"),
            row.measure
        );
        if row.measure == FilterMeasure::DistanceTravelled.into() {
            assert!(row.nulls.is_empty());
            assert_eq!(row.score == 0.0, row.iterations == 1, "{place}: {}", row.score);
            continue;
        }
        let names: Vec<Null> = row.nulls.iter().map(|null| null.null).collect();
        assert_eq!(names, Null::ALL, "{place}");
        let initial = row.nulls[0];
        // The untrained session is its own start.
        let counted = row.measure == FilterMeasure::StrongNeighbours.into(); // may agree by chance
        assert!((initial.mean == row.score) == (row.iterations == 1) || counted, "{place}");
        for null in &row.nulls {
            assert_eq!(null.draws, 4);
            let same = row.measure == FilterMeasure::SingularEntropy.into() && null.null == Null::Shuffled;
            if same {
                // The order of columns is nothing to singular values.
                assert!(null.z.is_nan(), "{place}");
            } else if !counted {
                assert_close(null.z, (row.score - null.mean) / null.std_dev, REORDERED_SUMS, 1.0, &place);
                assert!(null.interval.contains(null.z), "{place}");
            }
        }
    }
}

#[test]
fn filters_that_were_not_trained_here_have_no_initial_filters() {
    let noise = |count, salt| noise(count, salt).into_iter().map(|value| value as f32).collect();
    let bank = |layer, channels, salt| {
        let weights = Array4::from_shape_vec((2, channels, 3, 3), noise(2 * channels * 9, salt)).unwrap();
        FilterBank::new(layer, weights, Array1::zeros(2)).unwrap()
    };
    let session = Session::from_filters("elsewhere", 5, [bank(1, 3, 1), bank(2, 2, 2)]).unwrap();
    let sets = [PictureSet::from_picture(Picture::static_noise(1))];
    let scores = score_sessions(&[session], &sets, few()).unwrap();
    let row = scores.select(1, "static", Measure::BlurEffect).next().unwrap();
    assert_eq!(row.nulls.iter().map(|null| null.null).collect::<Vec<_>>(), [Null::Shuffled, Null::Random]);
    assert!(scores.select(1, None, FilterMeasure::DistanceTravelled).next().unwrap().score.is_nan());
}

#[test]
fn scores_are_read_as_they_were_written() {
    let sets = [PictureSet::from_picture(Dataset::tiny().bird().named("a \"bird\", grey"))];
    let written = score_sessions(&sessions()[1..3], &sets, few()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scores.csv");
    written.write_csv(&path).unwrap();
    written.write_pictures_csv(folder.path().join("pictures.csv")).unwrap();
    let read = SessionScores::read_csv(&path).unwrap();
    // NaN is not equal to itself: compared as text.
    assert_eq!(format!("{:?}", read.rows()), format!("{:?}", written.rows()));
    let lines = std::fs::read_to_string(folder.path().join("pictures.csv")).unwrap().lines().count();
    assert_eq!(lines, 1 + written.pictures.len());
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
    let bird = PictureSet::from_picture(Dataset::tiny().bird());
    let error = |sets: &[PictureSet], options: SessionScoreOptions| {
        score_sessions(&sessions, sets, options).unwrap_err().to_string()
    };
    assert!(error(&[bird.clone(), bird.clone()], few()).contains("name of its own"));
    assert!(error(&[bird], few().draws(1)).contains("at least 2"));
    let tiny = Picture::rgb("dot", ndarray::Array3::zeros((3, 1, 1)));
    assert!(error(&[PictureSet::from_picture(tiny)], few()).contains("dot"));
    assert!(PictureSet::new("none", Vec::new()).is_err());
    let dataset = Dataset::tiny();
    let names: Vec<String> =
        PictureSet::photographs(&dataset, 4).unwrap().pictures().iter().map(|p| p.name().into()).collect();
    assert_eq!(names, ["test-0", "test-5", "test-10", "test-15"]);
    assert!(PictureSet::photographs(&dataset, 21).unwrap_err().to_string().contains("20 pictures"));
}

#[test]
fn rows_of_an_unknown_measure_are_refused_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scores.csv");
    std::fs::write(
        &path,
        "session,iterations,layer,images,measure,score,constant,null\n1-1,1,1,bird,hue,0.5,0,\n",
    )
    .unwrap();
    let error = SessionScores::read_csv(&path).unwrap_err().to_string();
    assert!(error.contains("row 1 (line 2)") && error.contains("is not the name of a measure"), "{error}");
}

#[test]
fn a_row_that_stands_in_a_file_twice_is_refused_with_both_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scores.csv");
    let read = |rows: &[&str]| {
        let header = "session,iterations,layer,images,measure,score,constant,null,draws,null_mean,null_std_dev,z,z_low,z_high";
        std::fs::write(&path, [&[header], rows].concat().join("\n")).unwrap();
        SessionScores::read_csv(&path)
    };
    let shuffled = |session, score| format!("{session},1,2,bird,blur-effect,{score},0,shuffled,9,1,2,3,2,4");
    let random = |session, score| format!("{session},1,2,bird,blur-effect,{score},0,random,9,1,2,3,2,4");
    let (a, b) = (shuffled("a", 0.5), shuffled("b", 0.25));
    let error = read(&[&a, &b, &a]).unwrap_err().to_string();
    let expected = format!(
        "{}: row 3 (line 4), column \"session\": \"a\" with iterations 1, layer 2, images \"bird\", measure \"blur-effect\", null \
         \"shuffled\" stands in row 1 (line 2) too: give every session a name of its own, or remove one of the two rows",
        path.display()
    );
    assert_eq!(error, expected);
    let error =
        read(&["c,1,2,,roughness,1,0,,,,,,,", "c,1,2,,roughness,1,0,,,,,,,"]).unwrap_err().to_string();
    assert!(error.contains("row 2 (line 3)") && error.contains("stands in row 1 (line 2) too"), "{error}");
    // The null distributions of one score may stand apart, as in a file that was sorted.
    let scores = read(&[&a, &b, &random("a", 0.5), &random("b", 0.25)]).unwrap();
    let seen: Vec<_> = scores.rows().iter().map(|row| (row.session.as_str(), row.nulls.len())).collect();
    assert_eq!(seen, [("a", 2), ("b", 2)]);
    let error = read(&[&a, &b, &random("a", 0.75)]).unwrap_err().to_string();
    assert!(error.contains("column \"score\": \"0.75\" is not \"0.5\" as in row 1 (line 2)"), "{error}");
}
