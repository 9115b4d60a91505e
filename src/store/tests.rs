//! Tests of what a store has of a session, and of what it sweeps.

use std::path::Path;
use std::sync::Mutex;

use super::Store;
use super::state::{Running, SessionState};
use crate::dataset::Dataset;
use crate::files::owner::{Owner, host_name};
use crate::session::record::Recipe;
use crate::session::run::instructions;
use crate::session::{Observer, Progress, Training};

fn training() -> Training {
    Training::paper().iterations(12).batch(10)
}

fn key(dataset: &Dataset, training: &Training) -> String {
    let training = training.clone().for_dataset(dataset).unwrap();
    Recipe::new(dataset, training, instructions().unwrap()).key()
}

/// Looks at the store while a session is trained, and stops it there.
struct Looks<'a> {
    store: &'a Store,
    key: &'a str,
    seen: Mutex<Option<SessionState>>,
}

impl Observer for Looks<'_> {
    fn progress(&self, progress: &Progress) {
        if progress.iteration >= 10 {
            *self.seen.lock().unwrap() = Some(self.store.state(self.key).unwrap());
        }
    }

    fn should_stop(&self) -> bool {
        self.seen.lock().unwrap().is_some()
    }
}

#[test]
fn a_session_is_missing_running_unfinished_and_finished() {
    let (folder, dataset) = (tempfile::tempdir().unwrap(), Dataset::tiny());
    let store = Store::new(folder.path()).checkpoint_every(std::time::Duration::ZERO);
    let key = &key(&dataset, &training());
    assert_eq!(store.state(key).unwrap(), SessionState::Missing);
    let looks = Looks { store: &store, key, seen: Mutex::default() };
    store.train(&dataset, &training(), "a", &looks).unwrap_err();
    let Some(SessionState::Running(running)) = looks.seen.into_inner().unwrap() else { panic!() };
    let Running { host, process, iteration, .. } = running;
    assert_eq!((host, process), (host_name(), std::process::id()));
    assert!((1..=10).contains(&iteration), "{iteration}");
    assert_eq!(store.state(key).unwrap(), SessionState::Unfinished { iteration: 10 });
    store.train(&dataset, &training(), "a", &()).unwrap();
    let archive = folder.path().join("sessions").join(&key[..2]).join(format!("{key}.session"));
    assert_eq!(store.state(key).unwrap(), SessionState::Finished(archive.clone()));
    // One that is cut off is not, wherever it ends.
    let whole = std::fs::read(&archive).unwrap();
    for length in [0, 1, 100, whole.len() / 2, whole.len() - 30, whole.len() - 1] {
        std::fs::write(&archive, &whole[..length]).unwrap();
        assert_eq!(store.state(key).unwrap(), SessionState::Missing, "{length}");
    }
    assert_eq!(std::fs::read_dir(folder.path().join("unfinished")).unwrap().count(), 0);
}

#[test]
fn a_note_of_a_process_that_has_ended_or_is_silent_elsewhere_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let note = folder.path().join("unfinished/0123456789ab.running");
    std::fs::create_dir(folder.path().join("unfinished")).unwrap();
    let write = |owner: &str, process: u32| {
        let text = format!(
            r#"{{"host":"node9","owner":"{owner}","process":{process},"job":"SLURM_JOB_ID=7","checkpoint_every":60}}"#
        );
        std::fs::write(&note, text).unwrap();
    };
    write("node9", 1);
    let running = store.running("0123456789ab").unwrap().unwrap();
    assert_eq!((running.host.as_str(), running.job.as_deref()), ("node9", Some("SLURM_JOB_ID=7")));
    assert_eq!(running.iteration, 0, "there is no checkpoint yet");
    let silent = std::time::SystemTime::now() - std::time::Duration::from_secs(601);
    std::fs::File::options().write(true).open(&note).unwrap().set_modified(silent).unwrap();
    assert_eq!(store.running("0123456789ab").unwrap(), None, "ten minutes without a sign");
    if cfg!(target_os = "linux") {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        write(&Owner::this().host, child.id());
        assert_eq!(store.running("0123456789ab").unwrap(), None, "its process has ended");
    }
    std::fs::write(&note, "{").unwrap();
    assert_eq!(store.state("0123456789ab").unwrap(), SessionState::Missing);
}

#[test]
fn a_session_that_diverged_keeps_the_reason_and_is_tried_again_only_when_asked() {
    let (folder, dataset) = (tempfile::tempdir().unwrap(), Dataset::tiny());
    let store = Store::new(folder.path());
    let wild = training().learning_rate(1e20);
    let key = &key(&dataset, &wild);
    let error = store.train(&dataset, &wild, "a", &()).unwrap_err().to_string();
    assert_eq!(store.state(key).unwrap(), SessionState::Failed { reason: error.clone(), host: host_name() });
    let spared = store.clone().sparing_failures().train(&dataset, &wild, "a", &()).unwrap_err();
    let sentence =
        format!("session a failed before, on {}, and is tried again only when asked: {error}", host_name());
    assert_eq!((spared.kind(), spared.to_string()), (crate::ErrorKind::Diverged, sentence));
    // Tried again, it goes on from the checkpoint, and looks at its loss at another iteration.
    let again = store.train(&dataset, &wild, "a", &()).unwrap_err().to_string();
    assert!(!again.contains("failed before") && again.contains("has exploded"), "{again}");
    assert_eq!(store.state(key).unwrap(), SessionState::Failed { reason: again, host: host_name() });
    // A session that is finished after all has not failed.
    let note = folder.path().join("unfinished");
    let calm = self::key(&dataset, &training());
    std::fs::copy(note.join(format!("{key}.failed")), note.join(format!("{calm}.failed"))).unwrap();
    assert!(matches!(store.state(&calm).unwrap(), SessionState::Failed { .. }));
    store.train(&dataset, &training(), "b", &()).unwrap();
    assert!(matches!(store.state(&calm).unwrap(), SessionState::Finished(_)));
    assert!(!note.join(format!("{calm}.failed")).exists());
}

/// Puts temporary files of a session's key into a store, and returns those that are there after the session was trained.
fn swept(store: &Store, owners: &[(&str, u32)]) -> Vec<bool> {
    let dataset = Dataset::tiny();
    let key = key(&dataset, &training());
    let unfinished = store.root().join("unfinished");
    std::fs::create_dir_all(&unfinished).unwrap();
    let path = |(host, process): &(&str, u32)| {
        unfinished.join(format!(".softness-{key}.checkpoint.{host}.{process}.AbCdEf"))
    };
    for owner in owners {
        std::fs::write(path(owner), "begun").unwrap();
    }
    store.train(&dataset, &training(), "a", &()).unwrap();
    owners.iter().map(|owner| Path::exists(&path(owner))).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn temporary_files_are_swept_with_the_lock_alone_and_only_of_processes_that_have_ended() {
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let Owner { host, process } = Owner::this();
    let owners = [(&*host, child.id()), (&*host, process), ("elsewhere", child.id())];
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(swept(&Store::new(folder.path()), &owners), [false, true, true]);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path()).with_try_lock(crate::files::lock::refuse);
    assert_eq!(swept(&store, &owners), [true; 3]);
}

#[test]
fn the_dense_layers_are_kept_and_not_handed_out_to_who_needs_the_filters_alone() {
    let (folder, dataset) = (tempfile::tempdir().unwrap(), Dataset::tiny());
    let store = Store::new(folder.path());
    for _ in 0..2 {
        let session = store.clone().filters_alone().train(&dataset, &training(), "a", &()).unwrap();
        assert_eq!(session.weights(), None);
    }
    assert!(store.train(&dataset, &training(), "a", &()).unwrap().weights().is_some());
}

#[test]
fn saved_sessions_are_those_of_folders_and_archives_in_the_order_of_their_names() {
    let (folder, dataset) = (tempfile::tempdir().unwrap(), Dataset::tiny());
    let store = Store::new(folder.path());
    for (name, seed) in [("c", 1), ("a", 2), ("b", 3)] {
        store.train(&dataset, &Training { seed, ..training() }, name, &()).unwrap();
    }
    let sessions = folder.path().join("sessions");
    let earlier = super::saved_sessions::archives(folder.path()).unwrap();
    for path in &earlier {
        let session = crate::session::Session::load(path).unwrap();
        if session.name() == "b" {
            let key = path.file_stem().unwrap().to_string_lossy();
            session.save(&sessions.join(format!("b-{key}"))).unwrap();
            std::fs::remove_file(path).unwrap();
        }
    }
    std::fs::write(sessions.join("notes.txt"), "mine").unwrap();
    let found = super::saved_sessions::saved_sessions(&sessions).unwrap();
    assert_eq!(found.iter().map(|session| session.name()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(found.iter().all(|session| session.weights().is_none()));
}
