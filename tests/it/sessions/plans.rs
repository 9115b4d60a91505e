//! The sessions of a plan.
use std::sync::atomic::{AtomicUsize, Ordering};

use softness::ErrorKind;
use softness::prelude::*;
use softness::session::{PlanLevel, Progress};

use crate::support::small::{Listener, bits, dataset, small, train};

fn plan() -> Plan {
    let levels = [(1, 2), (12, 2), (25, 1)].map(|(iterations, sessions)| PlanLevel { iterations, sessions });
    Plan::new("three levels", 7, levels.into(), small()).unwrap()
}

#[test]
fn the_sessions_of_a_plan_do_not_depend_on_how_many_run_side_by_side() {
    let alone: Vec<_> =
        plan().sessions().into_iter().map(|(name, training)| bits(&train(training).named(name))).collect();
    assert_eq!(alone.len(), 5);
    for jobs in [1, 2, 5] {
        let folder = tempfile::tempdir().unwrap();
        let trained = Store::new(folder.path()).train_plan(&dataset(), &plan(), jobs, &()).unwrap();
        assert_eq!(trained.iter().map(bits).collect::<Vec<_>>(), alone, "{jobs} jobs");
    }
    let error = Store::new("unused").train_plan(&dataset(), &plan(), 0, &()).unwrap_err().to_string();
    assert!(error.contains("jobs is 0"), "{error}");
}

#[test]
fn what_is_in_the_store_is_loaded_and_anything_else_trained() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let (loaded, trained) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let observer = |progress: &Progress| {
        if progress.iteration == progress.iterations {
            let count = if progress.is_from_earlier_call() { &loaded } else { &trained };
            count.fetch_add(1, Ordering::Relaxed);
        }
    };
    let counts = || (loaded.swap(0, Ordering::Relaxed), trained.swap(0, Ordering::Relaxed));
    let first = store.train_plan(&dataset(), &plan(), 2, &observer).unwrap();
    assert_eq!(counts(), (0, 5));
    let again = store.train_plan(&dataset(), &plan(), 2, &observer).unwrap();
    assert_eq!(counts(), (5, 0));
    assert_eq!(again.iter().map(bits).collect::<Vec<_>>(), first.iter().map(bits).collect::<Vec<_>>());
    // A plan that grows trains what is new; a name is only a name; any option makes another session.
    let levels = [(1, 3), (12, 2)].map(|(iterations, sessions)| PlanLevel { iterations, sessions });
    let grown = Plan::new("grown", 7, levels.into(), small()).unwrap();
    store.train_plan(&dataset(), &grown, 2, &observer).unwrap();
    assert_eq!(counts(), (4, 1));
    let training = plan().sessions().swap_remove(4).1;
    assert_eq!(store.train(&dataset(), &training, "renamed", &observer).unwrap().name(), "renamed");
    assert_eq!(counts(), (1, 0));
    store.train(&dataset(), &training.learning_rate(2e-3), "25-1", &observer).unwrap();
    assert_eq!(counts(), (0, 1));
}

#[test]
fn a_plan_whose_sessions_are_all_there_hears_that_it_should_stop() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let levels = vec![PlanLevel { iterations: 1, sessions: 2 }, PlanLevel { iterations: 2, sessions: 2 }];
    let plan = Plan::new("there", 1, levels, small()).unwrap();
    store.train_plan(&dataset(), &plan, 2, &()).unwrap();
    let stops = Listener { stop_after: Some(0), ..Listener::default() };
    let error = store.train_plan(&dataset(), &plan, 2, &stops).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    assert_eq!(stops.loaded.into_inner(), 0);
}
