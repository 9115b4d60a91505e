//! What cells of a notebook call: training in the background, and the plan that the notebooks train. Both read
//! environment variables, so each test does its work in a process of its own that has them set.

use std::path::Path;

use softness::ErrorKind;
use softness::display::Background;
use softness::prelude::*;
use softness::session::PlanLevel;

use crate::support::process::{child, child_folder};
use crate::support::small::{PLAN, bits, dataset, small, train};

/// Runs this test again as a child with these variables, and checks that it passed there.
fn passes_with(test: &str, folder: &Path, variables: &[(&str, &str)]) {
    let mut command = child(module_path!(), test, folder);
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// Two sessions of a small network.
fn plan() -> Plan {
    let levels = vec![PlanLevel { iterations: 20, sessions: 1 }, PlanLevel { iterations: 30, sessions: 1 }];
    Plan::new("in the background", 3, levels, small().evaluate_every(10)).unwrap()
}

/// Waits until training has ended, however it ended.
fn wait_until_finished(background: &Background) {
    while !background.is_finished() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn a_plan_in_the_background_tells_its_progress_and_its_curves_and_ends_with_the_sessions_of_the_plan() {
    let Some(folder) = child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        let test = "a_plan_in_the_background_tells_its_progress_and_its_curves_and_ends_with_the_sessions_of_the_plan";
        return passes_with(test, folder.path(), &[("SOFTNESS_STORE", &folder.path().to_string_lossy())]);
    };
    let background = train_in_background(&dataset(), &plan()).unwrap();
    let (done, all) = background.iterations();
    assert!(done <= all && all == 50, "{done} of {all}");
    wait_until_finished(&background);
    assert_eq!(background.iterations(), (50, 50));
    assert_eq!(background.to_string(), "finished: 50 of 50 iterations, 2 of 2 sessions started");
    assert_eq!(format!("{background:?}"), format!("Background({background})"));
    let curves = background.curves().unwrap();
    assert_eq!(curves.title(), "Test accuracy");
    let sessions = background.wait().unwrap();
    // It may be waited for again.
    assert!(background.wait().unwrap().iter().map(bits).eq(sessions.iter().map(bits)));
    let expected = plan().sessions().into_iter().map(|(name, training)| bits(&train(training).named(name)));
    assert!(sessions.iter().map(bits).eq(expected));
    // They are in the store: a second training loads them.
    let store = Store::new(folder);
    for session in sessions {
        let again = store.train(&dataset(), &session.training(), session.name(), &()).unwrap();
        assert_eq!(bits(&again), bits(&session));
    }
}

#[test]
fn curves_asked_for_before_the_second_evaluation_are_refused_with_a_sentence() {
    let Some(_) = child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        let test = "curves_asked_for_before_the_second_evaluation_are_refused_with_a_sentence";
        return passes_with(test, folder.path(), &[("SOFTNESS_STORE", &folder.path().to_string_lossy())]);
    };
    let levels = vec![PlanLevel { iterations: 1, sessions: 1 }];
    let plan = Plan::new("one step", 3, levels, small()).unwrap();
    let background = train_in_background(&dataset(), &plan).unwrap();
    wait_until_finished(&background);
    let error = background.curves().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotDraw);
    assert!(error.to_string().starts_with("Test accuracy: there is nothing to draw"), "{error}");
    assert_eq!(background.wait().unwrap().len(), 1);
}

#[test]
fn a_plan_that_diverges_in_the_background_is_told_when_it_is_waited_for() {
    let Some(_) = child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        let test = "a_plan_that_diverges_in_the_background_is_told_when_it_is_waited_for";
        return passes_with(test, folder.path(), &[("SOFTNESS_STORE", &folder.path().to_string_lossy())]);
    };
    let levels = vec![PlanLevel { iterations: 1_000, sessions: 1 }];
    let plan = Plan::new("wreck", 3, levels, small().learning_rate(1e10)).unwrap();
    let error = train_in_background(&dataset(), &plan).unwrap().wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Diverged);
    assert!(error.to_string().contains("the learning rate 10000000000 is probably too large"), "{error}");
}

#[test]
fn the_notebooks_train_the_quick_plan_or_the_one_that_the_environment_names() {
    let Some(folder) = child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.toml");
        std::fs::write(&file, PLAN).unwrap();
        let test = "the_notebooks_train_the_quick_plan_or_the_one_that_the_environment_names";
        for name in ["", "paper", "no such plan", &file.to_string_lossy()] {
            passes_with(test, folder.path(), &[("SOFTNESS_PLAN", name)]);
        }
        return;
    };
    let plan = Plan::notebook();
    match std::env::var("SOFTNESS_PLAN").unwrap().as_str() {
        "" => assert_eq!(plan.unwrap(), Plan::quick()),
        "paper" => assert_eq!(plan.unwrap(), Plan::paper()),
        "no such plan" => assert!(plan.unwrap_err().to_string().contains("no such plan")),
        _ => assert_eq!(plan.unwrap(), Plan::from_file(&folder.join("mine.toml")).unwrap()),
    }
}
