//! The files of `data/many` that follow from others of them come out byte for byte.

use std::path::Path;

use crate::robustness::*;

fn committed(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/many").join(name)).unwrap()
}

#[test]
fn robustness_under_each_reading_is_that_of_the_committed_files() {
    let folder = tempfile::tempdir().unwrap();
    for reading in ["", "-kernel-slice", "-kernel-slice-sum"] {
        let scores = format!("data/many/session_scores{reading}.csv");
        let scores = SessionScores::read_csv(Path::new(env!("CARGO_MANIFEST_DIR")).join(scores)).unwrap();
        let rewritten = folder.path().join("session_scores.csv");
        scores.write_csv(&rewritten).unwrap();
        assert!(
            std::fs::read_to_string(rewritten).unwrap() == committed(&format!("session_scores{reading}.csv"))
        );
        let robustness = assess_robustness(&scores, RobustnessOptions::default()).unwrap();
        let (spread, trained) = (folder.path().join("holds.csv"), folder.path().join("trained.csv"));
        robustness.write_csv(&spread).unwrap();
        robustness.write_trained_csv(&trained).unwrap();
        for (path, name) in [(spread, "holds"), (trained, "trained")] {
            let name = format!("{name}{reading}.csv");
            assert!(std::fs::read_to_string(path).unwrap() == committed(&name), "{name} differs");
        }
    }
}
