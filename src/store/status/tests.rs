//! Tests of what a store has of a plan.

use super::*;
use crate::dataset::Dataset;
use crate::network::kernels::InstructionPath;
use crate::session::PlanLevel;

fn plan() -> Plan {
    let level = |iterations, sessions| PlanLevel { iterations, sessions };
    let plan = Plan::new("p", 3, vec![level(2, 3), level(4, 2)], Training::paper().batch(10)).unwrap();
    plan.pinned(&Dataset::tiny(), InstructionPath::Portable).unwrap()
}

#[test]
fn places_are_written_as_ranges() {
    for (places, expected) in
        [(&[true, true, true][..], "0-2"), (&[true, false, true], "0,2"), (&[false; 3], ""), (&[], "")]
    {
        assert_eq!(ranges(places), expected);
    }
}

#[test]
fn an_unpinned_plan_has_no_keys() {
    let error = Store::new("no such store").status(&Plan::paper()).err().unwrap().to_string();
    assert!(error.contains("plan is not pinned") && error.contains("--pin"), "{error}");
}

#[test]
fn each_state_is_told_from_the_others() {
    let (folder, plan, dataset) = (tempfile::tempdir().unwrap(), plan(), Dataset::tiny());
    let store = Store::new(folder.path());
    let empty = store.status(&plan).unwrap();
    assert_eq!((empty.missing().len(), empty.shares_with_work(2)), (5, "0-1".to_owned()));
    assert!(empty.source().contains("portable") && empty.seconds_left() > 0.0);

    let planned = plan.keys().unwrap();
    let train = |index: usize| {
        let (name, training, _) = &planned[index];
        store.train_on(InstructionPath::Portable, &dataset, training, name, &()).unwrap();
    };
    train(0);
    let file = |index: usize, kind: &str| {
        let folder = folder.path().join("unfinished");
        folder.join(format!("{}.{kind}", planned[index].2))
    };
    let lock = std::fs::File::create(file(1, "lock")).unwrap();
    lock.lock().unwrap();
    let running = r#"{"host":"n7","owner":"n7","process":5,"job":"SLURM_JOB_ID=9","checkpoint_every":60}"#;
    std::fs::write(file(1, "running"), running).unwrap();
    let failed = r#"{"reason":"it has exploded","host":"n8","when":0}"#;
    std::fs::write(file(2, "failed"), failed).unwrap();
    std::fs::write(file(3, "checkpoint"), b"damaged").unwrap();

    let status = store.status(&plan).unwrap();
    let states: Vec<&str> = status.planned().iter().map(|session| session.state.name()).collect();
    assert_eq!(states, ["finished", "running", "failed", "unfinished", "missing"]);
    let [_, running, failed, unfinished, _] = status.planned() else { panic!("five sessions") };
    assert_eq!((running.host.as_deref(), running.process), (Some("n7"), Some(5)));
    assert_eq!(running.job.as_deref(), Some("SLURM_JOB_ID=9"));
    assert_eq!((failed.host.as_deref(), failed.reason.as_deref()), (Some("n8"), Some("it has exploded")));
    assert_eq!(
        (unfinished.iteration, unfinished.seconds_left > 0.0, failed.seconds_left),
        (Some(0), true, 0.0)
    );
    assert_eq!(status.missing(), ["2-2", "2-3", "4-1", "4-2"]);
    // The finished session took far less than a second.
    assert!(status.source().ends_with(" on one core of a server"), "{}", status.source());
    let text = status.to_string();
    let (states, begun) = text.split_once("\n\n").expect("two tables");
    assert!(
        states.contains("1 of 5 sessions of plan p are finished") && states.contains("missing: 4-2"),
        "{states}"
    );
    let lines: Vec<String> =
        begun.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "2-3 failed n8 it has exploded",
            "2-2 running 0 of 2 n7, process 5, SLURM_JOB_ID=9",
            "4-1 unfinished 0 of 4"
        ]
    );
    assert!(!status.is_finished());
    let sessions = status.sessions().unwrap();
    assert!(sessions.len() == 1 && sessions[0].name() == "2-1" && sessions[0].weights().is_none());
    // Longest first in five shares: 4-1, 4-2, 2-1, 2-2, 2-3. 2-1 is finished, 2-3 has failed.
    assert_eq!(status.shares_with_work(5), "0-1,3");

    // A session that is finished is finished, whatever else lies there.
    drop(lock);
    std::fs::remove_file(file(1, "running")).unwrap();
    std::fs::remove_file(file(3, "checkpoint")).unwrap();
    (1..5).for_each(train);
    std::fs::write(file(0, "failed"), r#"{"reason":"earlier","host":"n8","when":0}"#).unwrap();
    let status = store.status(&plan).unwrap();
    assert!(status.is_finished() && status.missing().is_empty() && status.seconds_left() == 0.0);
    assert_eq!(status.shares_with_work(5), "");

    // Another session in the place of one is no part of a study, and a folder without checksums is no session.
    let place = |index: usize| folder.path().join(crate::store::place_of(&planned[index].2));
    std::fs::copy(place(4), place(0)).unwrap();
    let error = store.status(&plan).unwrap().sessions().unwrap_err().to_string();
    assert!(
        error.contains("with other options") && error.contains("train session 2-1 of the plan"),
        "{error}"
    );
    std::fs::remove_file(place(0)).unwrap();
    std::fs::create_dir(place(0)).unwrap();
    assert_eq!(store.status(&plan).unwrap().missing(), ["2-1"]);
}
