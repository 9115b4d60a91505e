//! Several that use one store at the same time.
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use softness::prelude::*;
use softness::session::{Progress, train_in_memory};

use crate::support::small::{Listener, bits, dataset, files, small, train};

#[test]
fn two_that_want_the_same_session_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    let (store, loaded) = (Store::new(folder.path()), AtomicUsize::new(0));
    let observer = |progress: &Progress| {
        loaded.fetch_add(usize::from(progress.is_from_earlier_call()), Ordering::Relaxed);
    };
    std::thread::scope(|scope| {
        let wanted = || bits(&store.train(&dataset(), &small(), "wanted", &observer).unwrap());
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(wanted)).collect();
        let mut seen: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        seen.dedup();
        assert_eq!(seen.len(), 1);
    });
    assert_eq!(loaded.into_inner(), 2, "one trained it, two loaded it");
}

#[test]
fn a_name_that_is_a_path_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path().join("store"));
    for name in ["../escaped", "a/b", "", "..", "/"] {
        let error = store.train(&dataset(), &small(), name, &()).unwrap_err().to_string();
        assert!(error.contains(&format!("name of the session is {name:?}")), "{error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_panicking_observer_leaves_a_store_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let panics = |progress: &Progress| assert!(progress.iteration < 20, "the observer gives up");
    let train = || store.train(&dataset(), &small(), "s", &panics);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(train)).unwrap_err();
    assert_eq!(*panic.downcast::<&str>().unwrap(), "the observer gives up");
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    assert_eq!(bits(&session), bits(&train_in_memory(&dataset(), small(), &()).unwrap().named("s")));
}

#[test]
fn a_second_comer_says_that_it_waits_and_finds_the_session_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let (store, second) = (Store::new(folder.path()), Listener::default());
    let slow = |_: &Progress| std::thread::sleep(Duration::from_millis(300));
    std::thread::scope(|scope| {
        let first = scope.spawn(|| store.train(&dataset(), &small(), "s", &slow).unwrap());
        while files(&folder.path().join("unfinished"), ".lock").is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let session = store.train(&dataset(), &small(), "s", &second).unwrap();
        assert_eq!(bits(&session), bits(&first.join().unwrap()));
    });
    let notices = second.notices.into_inner().unwrap();
    assert!(notices.len() == 1 && notices[0].contains("waiting"), "{notices:?}");
}

#[test]
fn a_second_comer_follows_the_checkpoints_of_the_first_and_takes_over_when_it_dies() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let stops = Listener { stop_after: Some(10), ..Listener::default() };
    store.train(&dataset(), &small(), "s", &stops).unwrap_err();
    // As the first one's process would hold it: until the second has heard of its checkpoint.
    let checkpoint = files(&folder.path().join("unfinished"), ".checkpoint").remove(0);
    let lock = std::fs::File::create(checkpoint.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let heard = Mutex::new(Vec::new());
    let second = |progress: &Progress| {
        let evaluated = progress.evaluation.map(|evaluation| evaluation.iteration);
        heard.lock().unwrap().push((progress.is_from_another_process(), progress.iteration, evaluated));
        if progress.is_from_another_process() {
            lock.unlock().unwrap();
        }
    };
    let session = store.train(&dataset(), &small(), "s", &second).unwrap();
    let expected =
        [(true, 10, Some(10)), (false, 10, Some(10)), (false, 20, Some(20)), (false, 25, Some(25))];
    assert_eq!(heard.into_inner().unwrap(), expected);
    assert_eq!(bits(&session), bits(&train(small()).named("s")));
}
