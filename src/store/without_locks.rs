//! Tests of a store on a file system without locks.

use std::sync::Mutex;

use super::Store;
use crate::dataset::Dataset;
use crate::files::TEMPORARY;
use crate::files::lock::refuse;
use crate::session::{Observer, Session, Training, train_in_memory};

/// Keeps what it is told.
#[derive(Default)]
struct Notices(Mutex<Vec<String>>);

impl Observer for Notices {
    fn progress(&self, _: &crate::session::Progress) {}

    fn notice(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

fn training() -> Training {
    Training::paper().iterations(3).batch(10)
}

fn weights(session: &Session) -> Vec<u32> {
    session.filters(2).unwrap().weights().iter().map(|weight| weight.to_bits()).collect()
}

#[test]
fn sessions_are_trained_after_one_notice_for_all_of_a_store() {
    let (folder, dataset, notices) = (tempfile::tempdir().unwrap(), Dataset::tiny(), Notices::default());
    let store = Store::new(folder.path()).with_try_lock(refuse);
    let session = store.train(&dataset, &training(), "a", &notices).unwrap();
    let again = store.train(&dataset, &training(), "a", &notices).unwrap();
    store.train(&dataset, &training().seed(2), "b", &notices).unwrap();
    store.clone().train(&dataset, &training().seed(3), "c", &notices).unwrap();
    let expected = train_in_memory(&dataset, training(), &()).unwrap();
    assert_eq!([weights(&session), weights(&again)], [weights(&expected), weights(&expected)]);
    let notices = notices.0.into_inner().unwrap();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(
        notices[0].contains("has no locks") && notices[0].contains("with the same result"),
        "{notices:?}"
    );
}

#[test]
fn two_trainings_at_the_same_time_end_well_with_the_same_bits() {
    let (folder, dataset) = (tempfile::tempdir().unwrap(), Dataset::tiny());
    let store = Store::new(folder.path()).with_try_lock(refuse).checkpoint_every(std::time::Duration::ZERO);
    for (round, retrain) in [false, true, true, false].into_iter().enumerate() {
        let training = Training { seed: round as u64 / 2, retrain, ..training() };
        let train = || store.train(&dataset, &training, "a", &()).unwrap();
        let sessions = std::thread::scope(|scope| {
            let threads = [0; 4].map(|_| scope.spawn(train));
            threads.map(|thread| thread.join().unwrap())
        });
        let expected = weights(&train_in_memory(&dataset, training.clone(), &()).unwrap());
        assert!(sessions.iter().all(|session| weights(session) == expected), "round {round}");
        let found =
            store.train(&dataset, &Training { retrain: false, ..training.clone() }, "a", &()).unwrap();
        assert_eq!(weights(&found), expected, "round {round}");
    }
    let names = |folder: &std::path::Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    let sessions = names(&folder.path().join("sessions"));
    assert_eq!(sessions.iter().filter(|name| !name.starts_with(TEMPORARY)).count(), 2, "{sessions:?}");
    let unfinished = names(&folder.path().join("unfinished"));
    assert!(unfinished.iter().all(|name| name.ends_with(".lock")), "{unfinished:?}");
    assert!(!folder.path().join("damaged").exists());
}

#[test]
fn a_lock_whose_file_is_another_at_each_look_is_taken_after_some_attempts() {
    // As if the file system gave it another identity each time: whoever has locked it finds another file under its name.
    fn renewed(_: &std::fs::File) -> Result<(), std::fs::TryLockError> {
        FOLDER.with_borrow(|folder| {
            for lock in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = lock.path();
                if path.extension().is_some_and(|ending| ending == "lock") {
                    std::fs::rename(&path, folder.join("away")).unwrap();
                    std::fs::write(path, "").unwrap();
                }
            }
        });
        Ok(())
    }
    thread_local! {
        static FOLDER: std::cell::RefCell<std::path::PathBuf> = std::cell::RefCell::default();
    }
    let (folder, dataset) = (tempfile::tempdir().unwrap(), Dataset::tiny());
    FOLDER.set(folder.path().join("unfinished"));
    let session =
        Store::new(folder.path()).with_try_lock(renewed).train(&dataset, &training(), "a", &()).unwrap();
    assert_eq!(weights(&session), weights(&train_in_memory(&dataset, training(), &()).unwrap()));
    let key = super::saved_sessions::archives(folder.path()).unwrap().remove(0);
    let lock = folder.path().join("unfinished").join(key.file_name().unwrap()).with_extension("lock");
    assert!(lock.exists(), "it is not the one that was locked, and so another's");
}

/// A lock that everybody gets, as on hosts that do not share their locks.
fn unshared(_: &std::fs::File) -> Result<(), std::fs::TryLockError> {
    Ok(())
}

#[test]
fn of_forty_races_on_hosts_that_do_not_share_locks_none_is_lost() {
    let (folder, dataset) = (tempfile::tempdir().unwrap(), Dataset::tiny());
    let store =
        || Store::new(folder.path()).with_try_lock(unshared).checkpoint_every(std::time::Duration::ZERO);
    for seed in 0..40 {
        let training = Training { seed, ..training() };
        let train = || store().train(&dataset, &training, "a", &()).unwrap();
        let sessions = std::thread::scope(|scope| {
            let threads = [0; 2].map(|_| scope.spawn(train));
            threads.map(|thread| thread.join().unwrap())
        });
        let expected = weights(&train_in_memory(&dataset, training.clone(), &()).unwrap());
        let found = store().train(&dataset, &training, "a", &()).unwrap();
        for session in sessions.iter().chain([&found]) {
            assert_eq!(weights(session), expected, "race {seed}");
        }
    }
    assert!(!folder.path().join("damaged").exists());
}

#[test]
fn a_machine_that_computes_other_bits_is_found_out_and_the_first_session_stays() {
    let (folder, dataset) = (tempfile::tempdir().unwrap(), Dataset::tiny());
    let store = Store::new(folder.path());
    store.train(&dataset, &training(), "a", &()).unwrap();
    let path = super::saved_sessions::archives(folder.path()).unwrap().remove(0);
    // A session of the same options, one weight of which another machine computed otherwise.
    let mut wrong = Session::load(&path).unwrap();
    let mut weights = wrong.weights.clone().unwrap();
    weights.dense[1][[0, 0]] += 1e-6;
    wrong.weights = Some(weights);
    let first = super::archive::bytes(&wrong, "node-9");
    std::fs::write(&path, &first).unwrap();
    let again = Training { retrain: true, ..training() };
    let error = store.train(&dataset, &again, "a", &()).unwrap_err();
    let second = folder.path().join("damaged").join(path.file_name().unwrap());
    let this = crate::files::owner::host_name();
    for part in [
        &*format!("{}: session a of node-9 has other weights", path.display()),
        &format!("than that of {this}, which is kept as {}", second.display()),
        "was computed wrongly",
    ] {
        assert!(error.to_string().contains(part), "{part}: {error}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), first, "the first stays");
    assert_eq!(super::archive::host(&second), Some(this));
    let right = train_in_memory(&dataset, training(), &()).unwrap();
    assert!(Session::load(&second).unwrap().weights() == right.weights());
}

#[test]
fn a_failure_of_a_shared_file_system_that_passes_costs_no_session() {
    use std::io::ErrorKind::{PermissionDenied, StaleNetworkFileHandle};
    thread_local! {
        static FAILURES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
        static KIND: std::cell::Cell<std::io::ErrorKind> = const { std::cell::Cell::new(StaleNetworkFileHandle) };
    }
    fn fail_first(_: &std::fs::File) -> Result<(), std::fs::TryLockError> {
        match FAILURES.get() {
            0 => Ok(()),
            more => {
                FAILURES.set(more - 1);
                Err(std::fs::TryLockError::Error(KIND.get().into()))
            }
        }
    }
    let (dataset, expected) =
        (Dataset::tiny(), weights(&train_in_memory(&Dataset::tiny(), training(), &()).unwrap()));
    for (kind, failures, attempts) in
        [(StaleNetworkFileHandle, 2, Some(3)), (StaleNetworkFileHandle, 9, None), (PermissionDenied, 1, None)]
    {
        let (folder, notices) = (tempfile::tempdir().unwrap(), Notices::default());
        KIND.set(kind);
        FAILURES.set(failures);
        let session =
            Store::new(folder.path()).with_try_lock(fail_first).train(&dataset, &training(), "a", &notices);
        let again =
            notices.0.into_inner().unwrap().iter().filter(|text| text.contains("it is tried again")).count();
        match attempts {
            Some(attempts) => {
                assert_eq!(weights(&session.unwrap()), expected);
                assert_eq!(again, attempts - 1);
            }
            None => assert!(session.unwrap_err().to_string().contains("could not lock it")),
        }
    }
}
