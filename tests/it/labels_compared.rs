//! People's labels against each other, and against the score.

use softness::ErrorKind;
use softness::table::{FilterScore, ScoreTable, SoftLabels};

use crate::score_table::{file, labels};

const HEADER: &str = "labeller,session,layer,image,filter,soft,place,seed\n";

/// The labels of a file of the page: a line for each filter, `true` for s.
fn by(name: &str, letters: &str) -> SoftLabels {
    let row = |(filter, letter): (usize, char)| {
        format!("{name},session 2000-1,2,bird,{filter},{},{},0\n", letter == 's', 40 - filter)
    };
    labels(&(HEADER.to_owned() + &letters.chars().enumerate().map(row).collect::<String>())).unwrap()
}

/// A table of filters with these scores, soft below 0.15.
fn table(layer: usize, scores: &[f64]) -> ScoreTable {
    let row = |(filter, &score): (usize, &f64)| FilterScore {
        session: "2000-1".into(),
        iterations: 2_000,
        layer,
        image: "bird".into(),
        filter,
        score,
        constant: false,
        soft: score < 0.15,
        soft_threshold: Some(0.15),
    };
    ScoreTable::from_rows(scores.iter().enumerate().map(row).collect()).unwrap()
}

#[test]
fn a_name_with_the_word_before_it_is_the_session_and_the_labeller_is_the_name() {
    let ann = by("Ann", "sh");
    assert_eq!(ann.name(), "Ann");
    for name in ["2000-1", "session 2000-1", "Session 2000-1"] {
        assert!(ann.is_soft(name, 2, "bird", 0).unwrap() && !ann.is_soft(name, 2, "bird", 1).unwrap());
    }
    let twice = format!("{HEADER}A,session 2000-1,2,bird,0,true,1,0\nA,2000-1,2,bird,0,true,2,0\n");
    assert!(labels(&twice).unwrap_err().to_string().contains("earlier row"));
    let two = format!("{HEADER}A,session 2000-1,2,bird,0,true,1,0\nB,session 2000-1,2,bird,1,true,2,0\n");
    let error = labels(&two).unwrap_err().to_string();
    assert!(error.contains("column \"labeller\": \"B\"") && error.contains("a file of its own"), "{error}");
    // Without the column it is the file.
    let (_folder, path) = file("session,layer,image,filter,soft\na,1,b,0,true\n");
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    assert_eq!(SoftLabels::read_csv(&path).unwrap().name(), stem);
}

#[test]
fn two_people_have_cohens_kappa_and_more_have_fleiss() {
    // 2 both, 1 Ann alone, 1 Ben alone, 4 neither: observed 0.75, expected 0.53125, kappa 7 / 15.
    let (ann, ben) = (by("Ann", "ssshhhhh"), by("Ben", "sshshhhh"));
    let two = SoftLabels::compare(&[ann.clone(), ben.clone()]).unwrap();
    assert_eq!((two.maps(), two.left_out(), two.observed(), two.soft()), (8, 0, 0.75, &[3, 3][..]));
    assert!((two.kappa().unwrap().value - 7.0 / 15.0).abs() < 1e-14);
    assert_eq!(two.pairs(), [(0, 1, two.kappa())]);
    // The third has labelled fewer maps.
    let cai = by("Cai", "ssss");
    let three = SoftLabels::compare(&[ann.clone(), ben, cai]).unwrap();
    assert_eq!((three.maps(), three.left_out(), three.pairs().len()), (4, 4, 3));
    assert_ne!(three.kappa(), three.pairs()[0].2);
    assert!(three.to_string().contains("all 3 (Fleiss)") && three.to_string().contains("4 more"), "{three}");
    // The score is one more labeller.
    let score = SoftLabels::from_table(&table(2, &[0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.2, 0.2]));
    let all = SoftLabels::compare(&[ann.clone(), score]).unwrap();
    assert_eq!((all.names()[1].as_str(), all.kappa().unwrap().value), ("score", 1.0));
    let same = SoftLabels::compare(&[by("A", "hhh"), by("B", "hhh")]).unwrap();
    assert!(same.kappa().is_none() && same.observed() == 1.0 && same.to_string().contains("not defined"));
    assert!(same.figure().unwrap().svg().contains("not defined"));
    assert!(three.figure().unwrap().svg().contains("Ann and Cai"));

    let error = |people: &[SoftLabels]| SoftLabels::compare(people).unwrap_err();
    assert_eq!(error(std::slice::from_ref(&ann)).kind(), ErrorKind::InvalidOption);
    assert!(error(&[ann.clone(), by("Ann", "sh")]).to_string().contains("\"Ann\" twice"));
    let other = labels("session,layer,image,filter,soft\n2000-1,1,bird,0,true\n").unwrap();
    assert_eq!(error(&[ann, other]).kind(), ErrorKind::NotFound);
}

#[test]
fn the_threshold_that_agrees_best_stands_beside_the_one_in_use() {
    // Soft: 0.1, 0.2, 0.4; not soft: 0.3, 0.5, 0.6, 0.7, 0.8. Of 15 pairs the score has 14 in order.
    let scores = table(2, &[0.1, 0.2, 0.4, 0.3, 0.5, 0.6, 0.7, 0.8]);
    let roc = by("Ann", "ssshhhhhhh").roc(&scores).unwrap();
    assert_eq!((roc.name(), roc.maps(), roc.soft()), ("Ann", 8, 3));
    assert!((roc.auc() - 14.0 / 15.0).abs() < 1e-14);
    assert!(roc.interval().unwrap().contains(roc.auc()));
    let best = roc.best_by_youden();
    assert!((best.threshold - 0.45).abs() < 1e-12 && best.sensitivity == 1.0 && best.specificity == 0.8);
    assert_eq!(roc.best_by_kappa(), best);
    let in_use = roc.in_use().unwrap();
    assert_eq!((in_use.threshold, in_use.specificity), (0.15, 1.0));
    assert!((in_use.sensitivity - 1.0 / 3.0).abs() < 1e-14 && in_use.kappa < best.kappa);
    assert!(roc.points().iter().all(|point| point.kappa <= best.kappa + 1e-12));
    let text = roc.to_string();
    assert!(
        text.contains("2 further labels are of maps that the score table does not have")
            && text.contains("in use"),
        "{text}"
    );
    let svg = roc.figure().unwrap().svg().to_owned();
    assert!(svg.contains("highest kappa") && svg.contains("in use"));
    // Labels in place of a threshold: nothing is in use.
    let labelled = scores.with_labels(&by("Ben", "sshhhhhh")).unwrap();
    let roc = by("Ann", "ssshhhhh").roc(&labelled).unwrap();
    assert!(roc.in_use().is_none() && !roc.figure().unwrap().svg().contains("in use"));
}

#[test]
fn labels_without_a_curve_are_refused_with_the_reason() {
    let scores = table(2, &[0.1, 0.2, 0.3]);
    let error = by("Ann", "sss").roc(&scores).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotFit);
    assert!(error.to_string().starts_with("every one of the 3 maps"), "{error}");
    let error = by("Ann", "sh").roc(&table(1, &[0.1, 0.2])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("layer 1"), "{error}");
    let both = ScoreTable::from_rows([table(1, &[0.1, 0.2]).rows(), scores.rows()].concat()).unwrap();
    assert!(by("Ann", "shs").roc(&both).is_ok());
    let of_both = "session,layer,image,filter,soft\n2000-1,1,bird,0,true\n2000-1,2,bird,0,false\n";
    let error = labels(of_both).unwrap().roc(&both).unwrap_err().to_string();
    assert!(
        error.contains("layer 1") && error.contains("layer 2") && error.contains("part(1, \"bird\")"),
        "{error}"
    );
}
