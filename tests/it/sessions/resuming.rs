//! Interrupted sessions resume from their checkpoints, to the same bits.
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use softness::ErrorKind;
use softness::prelude::*;
use softness::session::Progress;

use crate::support::process;
use crate::support::small::{Listener, bits, dataset, files, only_key, small, train};

#[test]
fn a_session_whose_process_was_killed_goes_on_from_its_checkpoint_to_the_same_bits() {
    let training = || small().iterations(1_000);
    if let Some(root) = process::child_folder() {
        // The child: so slow that it writes a checkpoint and is killed before it ends.
        let slow = |_: &Progress| std::thread::sleep(Duration::from_millis(200));
        Store::new(root).train(&dataset(), &training(), "long", &slow).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unfinished = folder.path().join("unfinished");
    let this = "a_session_whose_process_was_killed_goes_on_from_its_checkpoint_to_the_same_bits";
    let mut child =
        process::child(module_path!(), this, folder.path()).stdout(Stdio::null()).spawn().unwrap();
    while files(&unfinished, ".checkpoint").is_empty() {
        assert_eq!(child.try_wait().unwrap(), None, "the child ended without a checkpoint");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let store = Store::new(folder.path());
    let session = store.train(&dataset(), &training(), "long", &()).unwrap();
    let resumed_from = session.record().unwrap().resumed_from;
    assert!((1..1_000).contains(&resumed_from), "{resumed_from}");
    assert_eq!(bits(&session), bits(&train(training()).named("long")));
    assert!(files(&unfinished, ".checkpoint").is_empty(), "what is finished needs no checkpoint");
}

#[test]
fn a_damaged_checkpoint_is_set_aside_and_the_session_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    let checkpoint = folder.path().join(format!("unfinished/{}.checkpoint", only_key(folder.path())));
    std::fs::remove_dir_all(folder.path().join("sessions")).unwrap();
    std::fs::write(&checkpoint, b"SOFTCKP1 but not more").unwrap();
    let listener = Listener::default();
    let again = store.train(&dataset(), &small(), "s", &listener).unwrap();
    assert_eq!(bits(&again), bits(&session));
    let notices = listener.notices.into_inner().unwrap();
    assert!(notices.len() == 1 && notices[0].contains(&checkpoint.display().to_string()), "{notices:?}");
    let aside = files(&folder.path().join("damaged"), ".checkpoint").remove(0);
    assert_eq!(std::fs::read(aside).unwrap(), b"SOFTCKP1 but not more");
}

#[test]
fn a_session_that_is_asked_to_stop_leaves_a_checkpoint_and_goes_on_from_there_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let stops = Listener { stop_after: Some(10), ..Listener::default() };
    let error = store.train(&dataset(), &small(), "s", &stops).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(stopped_after(&error), 10);
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    assert_eq!(session.record().unwrap().resumed_from, 10);
    assert_eq!(bits(&session), bits(&train(small()).named("s")));
}

/// The iteration that the sentence of an interruption names.
fn stopped_after(error: &Error) -> u64 {
    let sentence = error.to_string();
    let (_, rest) = sentence.split_once("after iteration ").unwrap();
    rest.split(';').next().unwrap().parse().unwrap()
}

#[test]
fn whenever_a_session_asks_it_can_be_stopped_and_goes_on_to_the_same_bits() {
    /// Stops the session at one of the times that it asks, counted from 0.
    struct StopAt {
        time: usize,
        asked: AtomicUsize,
    }
    impl softness::session::Observer for StopAt {
        fn progress(&self, _: &Progress) {}
        fn should_stop(&self) -> bool {
            self.asked.fetch_add(1, Ordering::Relaxed) == self.time
        }
    }
    let at = |time| StopAt { time, asked: AtomicUsize::new(0) };
    let (tiny, large) = (dataset(), Dataset::synthetic(0).unwrap());
    assert_eq!(large.test().len(), 2_000);
    // Asked after each step but the last, and before each chunk of 500 test images: three evaluations on the tiny test split
    // and its whole; two evaluations on 1,000 of the large one's 2,000, and its whole.
    let shorter = small().iterations(60).evaluate_every(40);
    for (data, training, asked, at_end, first) in
        [(&tiny, small(), 24 + 3 + 1, 1 + 1, 0), (&large, shorter, 59 + 2 + 2 + 4, 2 + 4, 59)]
    {
        let end = training.iterations;
        let never = at(usize::MAX);
        let folder = tempfile::tempdir().unwrap();
        let expected = bits(&Store::new(folder.path()).train(data, &training, "s", &never).unwrap());
        let times = never.asked.into_inner();
        assert_eq!(times, asked);
        let mut stops = Vec::new();
        for time in first..times {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::new(folder.path());
            match store.train(data, &training, "s", &at(time)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => stops.push(stopped_after(&error)),
                other => panic!("asked for the time {time}: {other:?}"),
            }
            let session = store.train(data, &training, "s", &()).unwrap();
            assert_eq!(session.record().unwrap().resumed_from, stops[time - first]);
            assert_eq!(bits(&session), expected, "stopped at the time {time}");
            assert!(files(&folder.path().join("unfinished"), ".checkpoint").is_empty());
        }
        let (before, at_the_end) = stops.split_at(stops.len() - at_end);
        assert!(before.iter().all(|&iteration| iteration < end), "{stops:?}");
        assert!(at_the_end.iter().all(|&iteration| iteration == end), "{stops:?}");
    }
}

#[test]
fn a_checkpoint_under_another_sessions_name_is_set_aside_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let stops = || Listener { stop_after: Some(10), ..Listener::default() };
    let (one, other) = (small(), small().seed(99));
    store.train(&dataset(), &one, "one", &stops()).unwrap_err();
    let unfinished = folder.path().join("unfinished");
    let of_one = files(&unfinished, ".checkpoint").remove(0);
    store.train(&dataset(), &other, "other", &stops()).unwrap_err();
    let of_other = files(&unfinished, ".checkpoint").into_iter().find(|path| *path != of_one).unwrap();
    std::fs::copy(&of_one, &of_other).unwrap();
    let listener = Listener::default();
    let session = store.train(&dataset(), &other, "other", &listener).unwrap();
    assert_eq!(bits(&session), bits(&train(other).named("other")));
    let notices = listener.notices.into_inner().unwrap();
    assert!(notices.len() == 1 && notices[0].contains("saved with other options"), "{notices:?}");
    assert_eq!(files(&folder.path().join("damaged"), "").len(), 1);
}
