//! Filters that are kept while a session trains: the session stays the same, and is a session at each of them.
use std::path::Path;

use softness::ErrorKind;
use softness::internals::{Weights, with_kept_filters};
use softness::prelude::*;
use softness::session::{PlanLevel, Snapshots};
use softness::store::Keep;

use crate::support::small::{Listener, archives, bits, dataset, files, only_key, small, train, unpack};

/// What a rounded weight may differ by from the weight: half a unit in the last of the 11 digits of a 16-bit float.
const HALF_A_UNIT: f32 = 1.0 / 2048.0;
/// The same of weights below 0.00006.
const OF_SMALL_WEIGHTS: f32 = 1.0 / 33_554_432.0;

fn banks(session: &Session) -> [FilterBank; 2] {
    [1, 2].map(|layer| session.filters(layer).unwrap())
}

/// The bits of a session without what its options say of snapshots.
fn apart_from_snapshots(session: &Session) -> impl PartialEq + std::fmt::Debug + use<> {
    let (name, training, filters, history, weights, record) = bits(session);
    let record = record.map(|record| (record.test_accuracy, record.loss, record.software));
    (name, training.snapshots(false), filters, history, weights, record)
}

/// The filters that a session kept, by iteration.
fn kept(session: &Session) -> Vec<(u64, [FilterBank; 2])> {
    let at = |iteration| (iteration, banks(&session.at(iteration).unwrap()));
    session.kept_iterations().into_iter().map(at).collect()
}

#[test]
fn a_session_is_the_same_to_the_last_bit_whether_it_keeps_its_filters_or_not() {
    for training in [small(), small().evaluate_every(0), small().iterations(1)] {
        let without = train(training.clone());
        for snapshots in [Snapshots::LogSpaced, Snapshots::from([1, 7])] {
            let snapshots = if training.iterations == 1 { true.into() } else { snapshots };
            let with = train(training.clone().snapshots(snapshots.clone()));
            assert_eq!(apart_from_snapshots(&with), apart_from_snapshots(&without));
            assert_eq!(with.training().snapshots, snapshots);
        }
    }
}

#[test]
fn a_session_at_an_iteration_is_that_of_so_many_iterations_with_rounded_weights() {
    let session = train(small().evaluate_every(4).snapshots(true));
    assert_eq!(session.kept_iterations(), [0, 1, 2, 5, 10, 20, 25]);
    for iteration in [1, 2, 5, 10, 20] {
        let (then, whole) = (session.at(iteration).unwrap(), train(small().iterations(iteration)));
        assert_eq!((then.name(), then.iterations()), (session.name(), iteration));
        assert!(then.weights().is_none() && then.record().is_none() && then.test_accuracy().is_none());
        assert_eq!(then.kept_iterations(), [iteration], "it is an end by itself");
        let before = session.history().iter().filter(|evaluation| evaluation.iteration <= iteration);
        assert!(then.history().iter().eq(before));
        let mut differing = 0;
        for (rounded, exact) in banks(&then).iter().zip(&banks(&whole)) {
            assert_eq!(rounded.bias(), exact.bias());
            for (rounded, exact) in rounded.weights().iter().zip(exact.weights()) {
                let most = (exact.abs() * HALF_A_UNIT).max(OF_SMALL_WEIGHTS);
                assert!((rounded - exact).abs() <= most, "{rounded} {exact}");
                differing += usize::from(rounded != exact);
            }
        }
        assert!(differing > 0, "the weights are rounded");
    }
    let end = session.at(25).unwrap();
    assert_eq!(bits(&end), bits(&session));
    assert_eq!(end.kept_iterations(), session.kept_iterations());
    let initial = Weights::initial(&small().architecture, small().seed).unwrap();
    let [first, second] = banks(&session.at(0).unwrap());
    assert_eq!([first.weights(), second.weights()], initial.conv.each_ref());
    assert_eq!([first.bias(), second.bias()], initial.conv_bias.each_ref());
}

#[test]
fn an_iteration_that_was_not_kept_is_an_error_that_lists_those_that_were() {
    let session = train(small().snapshots([3, 10]));
    assert_eq!(session.kept_iterations(), [0, 3, 10, 25]);
    for iteration in [1, 4, 26, u64::MAX] {
        let error = session.at(iteration).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        let error = error.to_string();
        let expected =
            "but at 0; 3; 10; 25: Training::snapshots, `--snapshots` or `snapshots` in a plan file";
        assert!(error.contains(expected), "{error}");
    }
    let foreign = Session::from_filters("mine", 7, banks(&session).to_vec()).unwrap();
    assert_eq!(foreign.kept_iterations(), [7]);
    assert!(foreign.at(0).unwrap_err().to_string().contains("at iteration 0, but at 7: "));
    assert_eq!(banks(&foreign.at(7).unwrap()), banks(&session));
}

#[test]
fn iterations_that_are_out_of_range_or_order_are_refused() {
    let refused = |snapshots: &[u64]| {
        let training = small().snapshots(snapshots);
        let error = softness::session::train_in_memory(&dataset(), training, &()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        error.to_string()
    };
    assert!(
        refused(&[3, 26]).ends_with("iterations of snapshots is 3, 26, but training ends at iteration 25")
    );
    assert!(refused(&[3, 2]).ends_with("each must be larger than the one before"));
    assert!(refused(&[0, 2]).contains("leave 0 out"));
    // A plan has sessions of different lengths: each keeps what it has.
    let levels = || [3, 25].map(|iterations| PlanLevel { iterations, sessions: 1 }).to_vec();
    let plan = Plan::new("p", 1, levels(), small().snapshots([2, 10])).unwrap();
    let store = tempfile::tempdir().unwrap();
    let sessions = Store::new(store.path()).train_plan(&dataset(), &plan, 1, &()).unwrap();
    assert!(sessions.iter().map(Session::kept_iterations).eq([vec![0, 2, 3], vec![0, 2, 10, 25]]));
    assert!(Plan::new("p", 1, levels(), small().snapshots([26])).is_err());
    let late = Plan::new("p", 1, levels(), small()).unwrap().snapshots([26]);
    assert!(Store::new(store.path()).train_plan(&dataset(), &late, 1, &()).is_err());
}

#[test]
fn what_is_loaded_is_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small().snapshots(true));
    session.save(folder.path()).unwrap();
    let loaded = Session::load(folder.path()).unwrap();
    assert_eq!(bits(&loaded), bits(&session));
    assert_eq!(kept(&loaded), kept(&session));
    assert_eq!(loaded.training().snapshots, Snapshots::LogSpaced);
    // A store keeps them in its archive, with the filters alone as well.
    for keep in [Keep::All, Keep::Filters] {
        let root = tempfile::tempdir().unwrap();
        let store = Store::new(root.path()).keep(keep);
        let trained = store.train(&dataset(), &small().snapshots(true), session.name(), &()).unwrap();
        let found = Session::load(&archives(root.path())[0]).unwrap();
        assert_eq!(kept(&trained), kept(&session));
        assert_eq!(kept(&found), kept(&session));
        assert_eq!(found.weights().is_some(), keep == Keep::All);
        let [again] = &softness::internals::saved_sessions(&root.path().join("sessions")).unwrap()[..] else {
            panic!("one session")
        };
        assert_eq!(kept(again), kept(&session));
    }
    // Without its snapshots, a folder is that of a session which kept none; a file that is missing or changed is noticed.
    train(small()).save(&folder.path().join("none")).unwrap();
    assert_eq!(Session::load(&folder.path().join("none")).unwrap().kept_iterations(), [0, 25]);
    for name in ["snapshots.csv", "snapshots_layer1.npy", "snapshots_layer2_bias.npy"] {
        let file = folder.path().join(name);
        let whole = std::fs::read(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let error = Session::load(folder.path()).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
        let mut changed = whole.clone();
        *changed.last_mut().unwrap() ^= 1;
        std::fs::write(&file, changed).unwrap();
        let error = Session::load(folder.path()).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("has changed"), "{error}");
        std::fs::write(&file, whole).unwrap();
    }
    assert!(Session::load(folder.path()).is_ok());
}

#[test]
fn a_session_that_was_interrupted_has_the_snapshots_of_both_runs() {
    let expected = train(small().snapshots(true)).named("s");
    for stop in [0, 10, 20, 25] {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        let stops = Listener { stop_after: Some(stop), ..Listener::default() };
        let training = small().snapshots(true);
        assert!(store.train(&dataset(), &training, "s", &stops).is_err());
        let listener = Listener::default();
        let session = store.train(&dataset(), &training, "s", &listener).unwrap();
        assert_eq!(listener.notices.into_inner().unwrap(), [""; 0]);
        assert!(session.record().unwrap().resumed_from >= stop as u64);
        assert_eq!(kept(&session), kept(&expected), "interrupted at {stop}");
        assert_eq!(bits(&session), bits(&expected));
    }
}

#[test]
fn a_checkpoint_without_the_snapshots_resumes_a_session_without_them_and_no_other() {
    let stopped = |training: &Training| {
        let folder = tempfile::tempdir().unwrap();
        let stops = Listener { stop_after: Some(10), ..Listener::default() };
        assert!(Store::new(folder.path()).train(&dataset(), training, "s", &stops).is_err());
        folder
    };
    let resumed = |folder: &Path, training: Training| {
        let listener = Listener::default();
        let session = Store::new(folder).train(&dataset(), &training, "s", &listener).unwrap();
        assert_eq!(apart_from_snapshots(&session), apart_from_snapshots(&train(small()).named("s")));
        (session, listener.notices.into_inner().unwrap())
    };
    // Such a checkpoint is that of an earlier version.
    let folder = stopped(&small());
    let checkpoint = files(&folder.path().join("unfinished"), ".checkpoint").remove(0);
    assert!(std::fs::read(&checkpoint).unwrap().starts_with(b"SOFTCKP2"));
    let (session, notices) = resumed(folder.path(), small());
    assert_eq!((session.record().unwrap().resumed_from, notices.len()), (10, 0));
    // What is asked for from now on can still be kept.
    let (session, notices) = resumed(stopped(&small()).path(), small().snapshots([12, 20]));
    assert_eq!((session.record().unwrap().resumed_from, notices.len()), (10, 0));
    assert_eq!(session.kept_iterations(), [0, 12, 20, 25]);
    // What was before cannot.
    let (session, notices) = resumed(stopped(&small()).path(), small().snapshots(true));
    assert_eq!(session.record().unwrap().resumed_from, 0);
    assert_eq!(kept(&session), kept(&train(small().snapshots(true))));
    assert_eq!(
        notices,
        [
            "session s was interrupted at iteration 10 without having kept all filters that are now asked for: the session \
          starts over"
        ]
    );
    // What is no longer asked for is not kept.
    let folder = stopped(&small().snapshots(true));
    let checkpoint = files(&folder.path().join("unfinished"), ".checkpoint").remove(0);
    assert!(std::fs::read(&checkpoint).unwrap().starts_with(b"SOFTCKP3"));
    let (session, notices) = resumed(folder.path(), small().snapshots([5]));
    assert_eq!((session.record().unwrap().resumed_from, notices.len()), (10, 0));
    assert_eq!(session.kept_iterations(), [0, 5, 25]);
}

#[test]
fn a_session_that_is_there_without_them_is_trained_again_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let train = |training: Training, trained: bool| {
        let listener = Listener::default();
        let session = store.train(&dataset(), &training, "s", &listener).unwrap();
        assert_eq!(listener.loaded.into_inner() == 0, trained);
        (session, listener.notices.into_inner().unwrap())
    };
    let (plain, notices) = train(small(), true);
    assert_eq!(notices.len(), 0);
    let key = only_key(folder.path());
    let (first, notices) = train(small().snapshots([3, 10]), true);
    assert_eq!(
        notices,
        [
            "session s is in the store, but without its filters at iteration 3, 10: it is trained again to keep them, and stays the \
          same"
        ]
    );
    assert_eq!(apart_from_snapshots(&first), apart_from_snapshots(&plain));
    assert_eq!(only_key(folder.path()), key);
    // Then it is there, whatever part of them is asked for.
    for training in [small(), small().snapshots([10]), small().snapshots([3, 10, 25])] {
        let (again, notices) = train(training, false);
        assert_eq!((kept(&again), notices.len()), (kept(&first), 0));
    }
    // More are asked for: those that are there stay.
    let (more, notices) = train(small().snapshots(true), true);
    assert!(notices[0].contains("at iteration 1, 2, 5, ..: "), "{notices:?}");
    assert_eq!(more.kept_iterations(), [0, 1, 2, 3, 5, 10, 20, 25]);
    let kept_now = kept(&more);
    assert_eq!(kept(&train(small().snapshots(true), false).0), kept_now);
    // With the filters alone and fewer snapshots, nothing is taken away.
    let listener = Listener::default();
    let training = small().snapshots([7]).retrain();
    store.clone().keep(Keep::Filters).train(&dataset(), &training, "s", &listener).unwrap();
    let whole = Session::load(&archives(folder.path())[0]).unwrap();
    assert_eq!(whole.kept_iterations(), [0, 1, 2, 3, 5, 7, 10, 20, 25]);
    assert_eq!(whole.weights(), plain.weights());
    assert_eq!(apart_from_snapshots(&whole), apart_from_snapshots(&plain));
    assert_eq!(whole.training().snapshots, Snapshots::from([1, 2, 3, 5, 7, 10, 20]));
}

#[test]
fn initial_weights_of_shipped_sessions_follow_from_their_seeds() {
    // Adam's first step changes each weight by at most the learning rate, and by nearly that if its gradient is not tiny.
    let rate = Training::paper().learning_rate as f32;
    for session in &shipped_sessions().unwrap()[..3] {
        assert_eq!(session.iterations(), 1);
        for (before, after) in banks(&session.at(0).unwrap()).iter().zip(&banks(session)) {
            let changes: Vec<f32> = before
                .weights()
                .iter()
                .zip(after.weights())
                .map(|(one, other)| (one - other).abs())
                .collect();
            assert!(changes.iter().all(|change| *change <= 1.001 * rate), "{}", session.name());
            let full = changes.iter().filter(|change| **change >= 0.99 * rate).count();
            assert!(full * 10 > changes.len() * 9, "{}: {full} of {}", session.name(), changes.len());
        }
    }
}

#[test]
fn filters_that_were_kept_elsewhere_are_added_if_they_fit() {
    let long = train(small().snapshots(true));
    let exact = |iteration| banks(&train(small().iterations(iteration))).to_vec();
    let added = with_kept_filters(train(small()), &[1, 2, 5, 10, 20].map(|k| (k, exact(k)))).unwrap();
    assert_eq!(kept(&added), kept(&long));
    let other = banks(&shipped_sessions().unwrap()[0]).to_vec();
    for (kept, problem) in [
        (
            vec![(5, other)],
            "snapshot of iteration is 5, but its layers must have the shapes of the session's",
        ),
        (vec![(25, exact(5))], "training ends at iteration 24"),
        (vec![(5, exact(5)), (2, exact(2))], "each must be larger"),
    ] {
        let error = with_kept_filters(train(small()), &kept).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn numpy_reads_the_files_of_an_archive_as_16_bit_floats() {
    let folder = tempfile::tempdir().unwrap();
    let training = small().snapshots(true);
    Store::new(folder.path()).train(&dataset(), &training, "s", &()).unwrap();
    let files = folder.path().join("files");
    unpack(&archives(folder.path())[0], &files);
    let header =
        |name: &str| String::from_utf8_lossy(&std::fs::read(files.join(name)).unwrap()[10..128]).into_owned();
    assert!(
        header("snapshots_layer1.npy")
            .starts_with("{'descr': '<f2', 'fortran_order': False, 'shape': (5, 3, 3, 5, 5)")
    );
    assert!(
        header("snapshots_layer2.npy")
            .starts_with("{'descr': '<f2', 'fortran_order': False, 'shape': (5, 4, 3, 5, 5)")
    );
    assert!(
        header("snapshots_layer2_bias.npy")
            .starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (5, 4)")
    );
    let iterations = std::fs::read_to_string(files.join("snapshots.csv")).unwrap();
    assert_eq!(iterations, "iteration\n1\n2\n5\n10\n20\n");
}
