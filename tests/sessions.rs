//! Sessions: the same bits whatever else happens, saved, loaded, cut off and taken up again.

mod small;

use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use small::{Listener, SESSION_FILES, bits, dataset, files, small, sum_again, train};
use softness::internals::Network;
use softness::internals::InstructionPath;
use softness::prelude::*;
use softness::session::{PlanLevel, Progress, train_in_memory};

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_others() {
    let session = bits(&train(small()));
    assert_eq!(bits(&train(small())), session);
    assert_ne!(bits(&train(small().seed(2))).2, session.2);
    assert_ne!(bits(&train(small().iterations(24))).2, session.2);
}

#[test]
fn the_history_has_an_entry_every_ten_iterations_and_at_the_end() {
    for (iterations, every, expected) in
        [(25, 10, &[10, 20, 25][..]), (20, 10, &[10, 20]), (1, 10, &[1]), (7, 3, &[3, 6, 7]), (25, 0, &[25])]
    {
        let session = train(small().iterations(iterations).evaluate_every(every));
        let seen: Vec<_> = session.history().iter().map(|evaluation| evaluation.iteration).collect();
        assert_eq!(seen, expected, "{iterations} iterations, every {every}");
        let record = session.record().unwrap();
        assert_eq!(record.loss, session.history().last().unwrap().loss);
        assert!(session.history().iter().all(|e| e.loss > 0.0 && (0.0..=1.0).contains(&e.test_accuracy)));
    }
}

#[test]
fn how_often_a_session_is_evaluated_does_not_change_its_weights() {
    let often = train(small().evaluate_every(1));
    assert_eq!(often.weights(), train(small().evaluate_every(0)).weights());
}

#[test]
fn the_final_accuracy_is_that_of_the_final_weights_on_the_whole_test_split() {
    let (dataset, session) = (dataset(), train(small().iterations(60)));
    let network = &session.training().architecture;
    let network =
        Network::new(network, session.weights().unwrap(), 5, 1.0, InstructionPath::detect()).unwrap();
    let test = dataset.test();
    let images: Vec<f32> = test.bytes().iter().map(|&byte| f32::from(byte) / 255.0).collect();
    let correct = network.count_correct(&images, test.labels()).unwrap();
    assert_eq!(session.test_accuracy(), Some(correct as f64 / 20.0));
    assert!(correct > 2, "60 steps on colour squares teach more than chance: {correct} of 20");
}

#[test]
fn options_that_make_no_sense_are_errors_that_name_them() {
    for (training, part) in [
        (small().iterations(0), "iterations is 0"),
        (small().iterations(1 << 31), "iterations is 2147483648"),
        (small().batch(0), "batch is 0"),
        (small().batch(41), "batch is 41, but it must lie between 1 and the 40 training images"),
        (small().learning_rate(0.0), "learning rate is 0"),
        (small().learning_rate(f64::NAN), "learning rate is NaN"),
        (
            small().architecture(Architecture { kernels: [4, 5], ..Architecture::paper() }),
            "kernel of layer 1 is 4",
        ),
        (small().learning_rate(1e30), "the learning rate 1"),
    ] {
        let error = train_in_memory(&dataset(), training, &()).unwrap_err().to_string();
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn other_work_beside_it_does_not_change_a_session() {
    let alone = bits(&train(small()));
    std::thread::scope(|scope| {
        let others: Vec<_> =
            (1..4).map(|seed| scope.spawn(move || bits(&train(small().seed(seed))))).collect();
        assert_eq!(bits(&train(small())), alone);
        for (seed, other) in (1..4).zip(others) {
            assert_eq!(other.join().unwrap() == alone, seed == 1, "seed {seed}");
        }
    });
}

#[test]
fn the_observer_sees_the_start_every_tenth_iteration_and_the_end() {
    let seen = std::sync::Mutex::new(Vec::new());
    let observer = |progress: &Progress| {
        let mut seen = seen.lock().unwrap();
        let evaluated = progress.evaluation.map(|evaluation| evaluation.iteration);
        seen.push((progress.iteration, progress.iterations, evaluated));
        assert!(!progress.is_from_earlier_call() && !progress.is_from_another_process());
    };
    train_in_memory(&dataset(), small().iterations(35).evaluate_every(20), &observer).unwrap();
    let expected =
        [(0, 35, None), (10, 35, None), (20, 35, Some(20)), (30, 35, Some(20)), (35, 35, Some(35))];
    assert_eq!(*seen.lock().unwrap(), expected);
}

fn plan() -> Plan {
    let levels = [(1, 2), (12, 2), (25, 1)].map(|(iterations, sessions)| PlanLevel { iterations, sessions });
    Plan::new("three levels", 7, levels.into(), small()).unwrap()
}

#[test]
fn the_sessions_of_a_plan_do_not_depend_on_how_many_run_side_by_side() {
    let alone: Vec<_> = plan()
        .sessions()
        .into_iter()
        .map(|session| bits(&train(session.training).named(session.name)))
        .collect();
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
    let training = plan().sessions().swap_remove(4).training;
    assert_eq!(store.train(&dataset(), &training, "renamed", &observer).unwrap().name(), "renamed");
    assert_eq!(counts(), (1, 0));
    store.train(&dataset(), &training.learning_rate(2e-3), "25-1", &observer).unwrap();
    assert_eq!(counts(), (0, 1));
}

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
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(train)).is_err());
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    assert_eq!(bits(&session), bits(&train_in_memory(&dataset(), small(), &()).unwrap().named("s")));
}

#[test]
fn a_session_whose_process_was_killed_goes_on_from_its_checkpoint_to_the_same_bits() {
    const CHILD: &str = "SOFTNESS_TEST_CHILD_STORE";
    let training = || small().iterations(1_000);
    if let Some(root) = std::env::var_os(CHILD) {
        // The child: so slow that it writes a checkpoint and is killed before it ends.
        let slow = |_: &Progress| std::thread::sleep(Duration::from_millis(200));
        Store::new(root).train(&dataset(), &training(), "long", &slow).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unfinished = folder.path().join("unfinished");
    let this = "a_session_whose_process_was_killed_goes_on_from_its_checkpoint_to_the_same_bits";
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", this])
        .env(CHILD, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while files(&unfinished, ".checkpoint").is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "the child ended without a checkpoint");
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
    // The key of a session is in the name of its lock.
    let lock = files(&folder.path().join("unfinished"), ".lock").remove(0);
    let checkpoint = lock.with_extension("checkpoint");
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
fn a_damaged_session_is_set_aside_whole_and_trained_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    let kept = files(&folder.path().join("sessions"), "").remove(0);
    for (number, damage) in ["edited", "cut off", "missing"].into_iter().enumerate() {
        let file = kept.join("layer1.npy");
        let bytes = std::fs::read(&file).unwrap();
        match damage {
            "edited" => {
                std::fs::write(&file, [&bytes[..bytes.len() - 1], &[bytes[bytes.len() - 1] ^ 1]].concat())
            }
            "cut off" => std::fs::write(&file, &bytes[..bytes.len() / 2]),
            _ => std::fs::remove_file(&file),
        }
        .unwrap();
        let listener = Listener::default();
        assert_eq!(
            bits(&store.train(&dataset(), &small(), "s", &listener).unwrap()),
            bits(&session),
            "{damage}"
        );
        assert_eq!(listener.notices.into_inner().unwrap().len(), 1, "{damage}");
        assert_eq!(files(&folder.path().join("damaged"), "").len(), number + 1, "{damage}");
    }
}

#[test]
fn a_session_that_is_asked_to_stop_leaves_a_checkpoint_and_goes_on_from_there_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let stops = Listener { stop_after: Some(10), ..Listener::default() };
    let error = store.train(&dataset(), &small(), "s", &stops).unwrap_err();
    assert!(matches!(error, Error::Interrupted { iteration: 10, .. }), "{error}");
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    assert_eq!(session.record().unwrap().resumed_from, 10);
    assert_eq!(bits(&session), bits(&train(small()).named("s")));
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
        let mut stopped_after = Vec::new();
        for time in first..times {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::new(folder.path());
            match store.train(data, &training, "s", &at(time)) {
                Err(Error::Interrupted { iteration, .. }) => stopped_after.push(iteration),
                other => panic!("asked for the time {time}: {other:?}"),
            }
            let session = store.train(data, &training, "s", &()).unwrap();
            assert_eq!(session.record().unwrap().resumed_from, stopped_after[time - first]);
            assert_eq!(bits(&session), expected, "stopped at the time {time}");
            assert!(files(&folder.path().join("unfinished"), ".checkpoint").is_empty());
        }
        let (before, at_the_end) = stopped_after.split_at(stopped_after.len() - at_end);
        assert!(before.iter().all(|&iteration| iteration < end), "{stopped_after:?}");
        assert!(at_the_end.iter().all(|&iteration| iteration == end), "{stopped_after:?}");
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
    assert!(notices.len() == 1 && notices[0].contains("that of other options"), "{notices:?}");
    assert_eq!(files(&folder.path().join("damaged"), "").len(), 1);
}

#[test]
fn what_a_process_left_that_was_killed_while_it_replaced_a_session_is_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    let sessions = folder.path().join("sessions");
    let kept = files(&sessions, "").remove(0);
    let name = kept.file_name().unwrap().to_string_lossy().into_owned();
    let key = name.split_once('-').unwrap().1;
    // Between the two renames: the old session and the new one, both in the temporary folder.
    let temporary = sessions.join(format!(".softness-{key}-xyz"));
    std::fs::create_dir(&temporary).unwrap();
    std::fs::rename(&kept, temporary.join(&name)).unwrap();
    std::fs::create_dir(temporary.join("session")).unwrap();
    let listener = Listener::default();
    let found = store.train(&dataset(), &small(), "s", &listener).unwrap();
    assert_eq!((listener.loaded.into_inner(), bits(&found)), (1, bits(&session)), "it was not trained again");
    assert_eq!(files(&sessions, ""), std::slice::from_ref(&kept), "and nothing else is left");
    // Behind the second one: the new session is there, its checkpoint and the temporary folder as well.
    std::fs::create_dir(&temporary).unwrap();
    std::fs::write(folder.path().join("unfinished").join(format!("{key}.checkpoint")), "old").unwrap();
    store.train(&dataset(), &small(), "s", &()).unwrap();
    assert_eq!(files(&sessions, ""), [kept]);
    assert!(files(&folder.path().join("unfinished"), ".checkpoint").is_empty());
}

#[test]
fn a_network_that_no_memory_holds_is_refused_before_any_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    let network = "[network]\nfilters = [1, 65536]\ndense = 65536\n";
    std::fs::write(&path, format!("{network}[[level]]\niterations = 1\nsessions = 1\n")).unwrap();
    let error = Plan::from_file(&path).unwrap_err().to_string();
    assert!(error.contains("plan.toml") && error.contains("number of weights"), "{error}");
    // The largest preset has four of the sixty-seven million.
    Plan::new("fits", 1, vec![PlanLevel { iterations: 1, sessions: 1 }], Training::deep_mnist()).unwrap();
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
    assert!(matches!(error, Error::Interrupted { .. }), "{error}");
    assert_eq!(stops.loaded.into_inner(), 0);
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
    let lock = std::fs::File::open(files(&folder.path().join("unfinished"), ".lock").remove(0)).unwrap();
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
    let expected = [
        (true, 10, Some(10)),
        (false, 10, Some(10)),
        (false, 20, Some(20)),
        (false, 25, Some(25)),
    ];
    assert_eq!(heard.into_inner().unwrap(), expected);
    assert_eq!(bits(&session), bits(&train(small()).named("s")));
}

#[test]
fn retraining_replaces_the_session_by_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let (store, calls) = (Store::new(folder.path()), AtomicUsize::new(0));
    let first = store.train(&dataset(), &small(), "s", &()).unwrap();
    let observer = |progress: &Progress| {
        calls.fetch_add(usize::from(!progress.is_from_earlier_call()), Ordering::Relaxed);
    };
    let again = store.train(&dataset(), &small().retrain(), "s", &observer).unwrap();
    assert!(calls.load(Ordering::Relaxed) > 1, "it was trained, not loaded");
    assert_eq!(again.filters(1).unwrap(), first.filters(1).unwrap());
    assert_eq!(files(&folder.path().join("sessions"), "").len(), 1);
}

#[test]
fn the_sessions_that_the_crate_carries_are_those_of_the_papers_plan() {
    let (shipped, planned) = (shipped_sessions().unwrap(), Plan::paper().sessions());
    assert_eq!(shipped.len(), planned.len());
    for (session, planned) in shipped.iter().zip(&planned) {
        assert_eq!((session.name(), session.training()), (planned.name.as_str(), &planned.training));
        assert_eq!(session.history().len() as u64, session.iterations().div_ceil(10));
    }
    let scores = shipped_scores().unwrap();
    assert_eq!(scores.rows().len(), 11 * (16 + 36) * 2);
    // Static comes from a seed, so its scores can be computed again here, to the last bit.
    let noise = softness_table(&shipped, &[Picture::static_noise(Plan::paper().plan_seed())]).unwrap();
    let carried: Vec<_> = scores.rows().iter().filter(|row| row.image == "static").cloned().collect();
    assert_eq!(noise.rows(), carried);
}

#[test]
fn a_saved_session_is_loaded_to_the_last_bit() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small()).named("kept");
    session.save(folder.path()).unwrap();
    let loaded = Session::load(folder.path()).unwrap();
    assert_eq!(bits(&loaded), bits(&session));
    assert_eq!(loaded.record(), session.record());
}

#[test]
fn a_session_without_its_dense_weights_is_loaded_without_weights() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small());
    session.clone().without_dense_layers().save(folder.path()).unwrap();
    assert!(!folder.path().join("dense1.npy").exists());
    let loaded = Session::load(folder.path()).unwrap();
    assert_eq!(loaded.weights(), None);
    assert_eq!(loaded.filters(2).unwrap(), session.filters(2).unwrap());
}

#[test]
fn each_damaged_file_of_a_saved_session_is_the_one_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small());
    session.save(folder.path()).unwrap();
    assert_eq!(files(folder.path(), "").len(), SESSION_FILES.len() + 1, "and their checksums");
    for name in SESSION_FILES {
        let path = folder.path().join(name);
        let whole = std::fs::read(&path).unwrap();
        let refused = |damage: &str| {
            let error = Session::load(folder.path()).unwrap_err().to_string();
            assert!(error.contains(&path.display().to_string()), "{name} {damage}: {error}");
        };
        // The last two bytes of session.json are a brace and a line end.
        for length in [0, 1, whole.len() / 3, whole.len() / 2, whole.len() - 2] {
            std::fs::write(&path, &whole[..length]).unwrap();
            refused(&format!("cut off after {length} bytes"));
        }
        std::fs::write(&path, [b"x", &whole[1..]].concat()).unwrap();
        refused("with another first byte");
        std::fs::write(&path, [&whole[..], b"more"].concat()).unwrap();
        refused("with more at its end");
        std::fs::remove_file(&path).unwrap();
        refused("missing");
        std::fs::write(&path, whole).unwrap();
    }
    assert_eq!(bits(&Session::load(folder.path()).unwrap()), bits(&session));
}

#[test]
fn arrays_of_another_shape_or_with_values_that_are_no_numbers_are_named() {
    let folder = tempfile::tempdir().unwrap();
    train(small()).save(folder.path()).unwrap();
    let flat = |length: usize, value: f32| ndarray::Array1::from_elem(length, value).into_dyn();
    for (name, array, part) in [
        ("dense1.npy", ndarray::Array2::zeros((16, 256)).into_dyn(), "[256, 16]"),
        ("dense2.npy", ndarray::Array2::zeros((16, 9)).into_dyn(), "[16, 10]"),
        ("dense1_bias.npy", flat(15, 0.0), "[16]"),
        ("layer1_bias.npy", flat(4, 0.0), "[3]"),
        ("layer2_bias.npy", flat(4, f32::NAN), "finite"),
        ("layer2.npy", ndarray::Array4::zeros((4, 3, 4, 4)).into_dyn(), "[4, 3, 5, 5]"),
    ] {
        let path = folder.path().join(name);
        let whole = std::fs::read(&path).unwrap();
        ndarray_npy::write_npy(&path, &array).unwrap();
        sum_again(folder.path());
        let error = Session::load(folder.path()).unwrap_err().to_string();
        assert!(error.starts_with(&path.display().to_string()) && error.contains(part), "{error}");
        std::fs::write(&path, whole).unwrap();
    }
}

#[test]
fn weights_saved_again_by_numpy_in_fortran_order_are_loaded_to_the_same_values() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small());
    session.save(folder.path()).unwrap();
    let dense = &session.weights().unwrap().dense[0];
    let mut fortran = ndarray::Array2::from_elem(ndarray::ShapeBuilder::f(dense.dim()), 0.0_f32);
    fortran.assign(dense);
    ndarray_npy::write_npy(folder.path().join("dense1.npy"), &fortran).unwrap();
    sum_again(folder.path());
    let loaded = Session::load(folder.path()).unwrap();
    assert_eq!(loaded.weights().unwrap().flat(), session.weights().unwrap().flat());
}

#[test]
fn a_session_that_diverges_says_so_and_keeps_its_last_good_state() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path()).checkpoint_every(Duration::ZERO);
    for learning_rate in [1e3, 1e5, 1e10, 1e30] {
        let training = small().learning_rate(learning_rate).iterations(1_000);
        let said = || store.train(&dataset(), &training, "wreck", &()).unwrap_err();
        let error = said();
        let Error::Diverged { iteration, kept: Some((good, checkpoint)), .. } = &error else {
            panic!("{error}");
        };
        assert!(0 < *good && good < iteration, "{error}");
        softness::internals::read_checkpoint(checkpoint).unwrap();
        let sentence = error.to_string();
        for part in ["has exploded or is no longer a number", "smaller", &checkpoint.display().to_string()] {
            assert!(sentence.contains(part), "{sentence}");
        }
        // Going on from there ends at the same place, and nothing was saved as a finished session.
        assert_eq!(said().to_string(), sentence);
        assert!(files(&folder.path().join("sessions"), "").is_empty());
    }
}

#[test]
fn a_session_whose_learning_rate_leaves_it_guessing_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let notices = |learning_rate: f64| {
        let listener = Listener::default();
        let training = small().learning_rate(learning_rate).iterations(1_000).evaluate_every(0);
        store.train(&dataset(), &training, "rate", &listener).unwrap();
        listener.notices.into_inner().unwrap()
    };
    assert!(notices(1e-3).is_empty());
    for rate in [0.3, 1e-9] {
        let notices = notices(rate);
        assert_eq!(notices.len(), 1, "{rate}");
        let rate = rate.to_string();
        assert!(notices[0].contains("no better than guessing") && notices[0].contains(&rate), "{notices:?}");
    }
}

#[test]
fn weights_and_pictures_too_small_to_be_normal_numbers_train_to_numbers_and_always_the_same() {
    let tiny = f32::MIN_POSITIVE / 1024.0;
    let architecture = small().architecture;
    for architecture in [
        Architecture { weight_sd: tiny, bias: 0.0, ..architecture.clone() },
        Architecture { input_scale: tiny, ..architecture.clone() },
        Architecture { weight_sd: tiny, bias: tiny, input_scale: tiny, ..architecture },
    ] {
        let session = train(small().architecture(architecture.clone()));
        let weights = session.weights().unwrap();
        assert!(weights.flat().iter().all(|values| values.iter().all(|value| value.is_finite())));
        assert!(session.history().iter().all(|evaluation| evaluation.loss.is_finite()));
        assert_eq!(bits(&session), bits(&train(small().architecture(architecture))));
    }
}
