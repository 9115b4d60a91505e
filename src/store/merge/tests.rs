//! Tests of merging stores.

use std::path::{Path, PathBuf};

use super::{Merged, merge};
use crate::dataset::Dataset;
use crate::error::{ErrorKind, Result};
use crate::network::kernels::InstructionPath;
use crate::session::{Observer, Plan, PlanLevel, Progress, Session, Training};
use crate::store::saved_sessions::archives;
use crate::store::{Keep, Store};

fn training() -> Training {
    Training::paper().batch(10)
}

/// Three sessions of 2 iterations and one of 40, pinned to the instructions of every processor.
fn plan() -> Plan {
    let level = |iterations, sessions| PlanLevel { iterations, sessions };
    let plan = Plan::new("merged", 3, vec![level(2, 3), level(40, 1)], training()).unwrap();
    plan.pinned(&Dataset::tiny(), InstructionPath::Portable).unwrap()
}

/// Trains these sessions of the plan in a store, the last one to this iteration.
fn train(store: &Path, plan: &Plan, sessions: &[usize], stop: Option<u64>) {
    let planned = plan.sessions();
    let stop = Stop(stop);
    for &index in sessions {
        let (name, training) = &planned[index];
        let store = Store::new(store);
        let _ = store.train_on(InstructionPath::Portable, &Dataset::tiny(), training, name, &stop);
    }
}

/// Stops after an iteration.
struct Stop(Option<u64>);

thread_local! {
    static AT: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

impl Observer for Stop {
    fn progress(&self, progress: &Progress) {
        AT.set(progress.iteration);
    }

    fn should_stop(&self) -> bool {
        self.0.is_some_and(|stop| AT.get() >= stop)
    }
}

struct Stores {
    folder: tempfile::TempDir,
}

impl Stores {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn merge(&self, stores: &[&str], plan: &Plan) -> Result<Merged> {
        let stores: Vec<PathBuf> = stores.iter().map(|name| self.at(name)).collect();
        merge(&stores, &self.at("into"), Some((Path::new("pinned.toml"), plan)))
    }

    /// The names of what is in a folder of a store.
    fn names(&self, place: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.at(place)).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The archives of a store's finished sessions, in the order of their keys.
    fn archives(&self, store: &str) -> Vec<PathBuf> {
        let mut archives = archives(&self.at(store)).unwrap();
        archives.sort();
        archives
    }
}

#[test]
fn sessions_of_two_stores_come_together_once() {
    let (stores, plan) = (Stores::new(), plan());
    train(&stores.at("a"), &plan, &[0, 1], None);
    train(&stores.at("b"), &plan, &[1, 2], None);
    let merged = stores.merge(&["a", "b"], &plan).unwrap();
    assert_eq!(merged, Merged { copied: 3, shared: 1, ..Merged::default() });
    let mut expected: Vec<PathBuf> = plan.keys().unwrap()[..3]
        .iter()
        .map(|(_, _, key)| stores.at("into").join(crate::store::place_of(key)))
        .collect();
    expected.sort();
    assert_eq!(stores.archives("into"), expected);
    assert_eq!(stores.names("into/unfinished"), [""; 0]);
    let again = stores.merge(&["a", "b"], &plan).unwrap();
    assert_eq!(again, Merged { same: 3, shared: 1, ..Merged::default() });
    assert_eq!(stores.archives("a").len(), 2, "what is merged stays where it is");
    // The archives are copied byte for byte, with the host in them.
    let archive = &stores.archives("a")[0];
    let copy = stores.at("into").join(archive.strip_prefix(stores.at("a")).unwrap());
    assert_eq!(std::fs::read(archive).unwrap(), std::fs::read(copy).unwrap());
}

#[test]
fn a_store_is_not_merged_into_a_folder_inside_it() {
    let (stores, plan) = (Stores::new(), plan());
    train(&stores.at("a"), &plan, &[0], None);
    for into in ["a/sub", "a/sessions"] {
        let plan = Some((Path::new("pinned.toml"), &plan));
        let error = merge(&[stores.at("a")], &stores.at(into), plan).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        let expected = format!("it lies inside {}", stores.at("a").display());
        assert!(error.to_string().contains(&expected), "{error}");
    }
    assert_eq!(stores.names("a"), ["sessions", "unfinished"]);
    // Into itself, there is nothing to copy; a neighbour is no part of it.
    let into =
        |name: &str| merge(&[stores.at("a")], &stores.at(name), Some((Path::new("pinned.toml"), &plan)));
    assert_eq!(into("a").unwrap(), Merged { same: 1, ..Merged::default() });
    assert_eq!(into("ab").unwrap(), Merged { copied: 1, ..Merged::default() });
}

#[test]
fn folders_of_earlier_versions_and_filters_alone_come_together_with_the_whole() {
    let (stores, plan) = (Stores::new(), plan());
    train(&stores.at("whole"), &plan, &[0, 1], None);
    let planned = plan.keys().unwrap();
    for (name, training, key) in &planned[..2] {
        let place = crate::store::place_of(key);
        let session = Session::load(&stores.at("whole").join(place)).unwrap();
        session.save(&stores.at("old/sessions").join(format!("{name}-{key}"))).unwrap();
        let store = Store::new(stores.at("filters")).keep(Keep::Filters);
        store.train_on(InstructionPath::Portable, &Dataset::tiny(), training, name, &()).unwrap();
    }
    let counts = |stores: &Stores, names: &[&str]| {
        let Merged { copied, same, .. } = stores.merge(names, &plan).unwrap();
        (copied, same)
    };
    assert_eq!(counts(&stores, &["filters"]), (2, 0));
    let is_whole = |archive: &PathBuf| Session::load(archive).unwrap().weights().is_some();
    assert!(!stores.archives("into").iter().any(is_whole));
    // What has more takes the place of what has less, and never the other way round.
    assert_eq!(counts(&stores, &["old"]), (2, 0));
    assert!(stores.archives("into").iter().all(is_whole));
    assert_eq!(counts(&stores, &["filters", "whole"]), (0, 2));
    assert!(stores.archives("into").iter().all(is_whole));
}

#[test]
fn the_furthest_checkpoint_wins_and_a_finished_session_over_any() {
    let (stores, plan) = (Stores::new(), plan());
    for (name, stop) in [("a", 10), ("b", 30), ("into", 20)] {
        train(&stores.at(name), &plan, &[3], Some(stop));
    }
    let key = plan.keys().unwrap()[3].2.clone();
    let file = |store: &str| stores.at(store).join("unfinished").join(format!("{key}.checkpoint"));
    let iteration = |store: &str| super::checkpoint::iteration_of(&file(store), &key).unwrap();
    assert_eq!([iteration("a"), iteration("b"), iteration("into")], [10, 30, 20]);
    assert_eq!(stores.merge(&["a"], &plan).unwrap().checkpoints, 0);
    assert_eq!(iteration("into"), 20);
    assert_eq!(stores.merge(&["b", "a"], &plan).unwrap().checkpoints, 1);
    assert_eq!(iteration("into"), 30);
    train(&stores.at("c"), &plan, &[3], None);
    let merged = stores.merge(&["c", "b"], &plan).unwrap();
    assert_eq!((merged.copied, merged.checkpoints), (1, 0));
    assert!(!file("into").exists());
    // A damaged one is named and left.
    std::fs::write(file("a"), b"SOFTCKP2").unwrap();
    let damaged = stores.merge(&["a"], &plan).unwrap().damaged;
    assert!(damaged.len() == 1 && damaged[0].contains("cut off or damaged"), "{damaged:?}");
    // One that another version may be able to read is kept when a copied one takes its place.
    std::fs::remove_file(stores.archives("into").remove(0)).unwrap();
    std::fs::write(file("into"), b"SOFTCKP9 and more").unwrap();
    let merged = stores.merge(&["b"], &plan).unwrap();
    assert_eq!((merged.checkpoints, merged.set_aside.len(), iteration("into")), (1, 1, 30));
    let kept = stores.at("into").join("damaged").join(format!("{key}.checkpoint"));
    assert_eq!(std::fs::read(&kept).unwrap(), b"SOFTCKP9 and more");
    assert!(merged.set_aside[0].contains(&kept.display().to_string()), "{merged:?}");
}

#[test]
fn what_is_of_another_study_is_refused_with_both_files_and_values_and_nothing_is_copied() {
    let (stores, plan) = (Stores::new(), plan());
    train(&stores.at("good"), &plan, &[0], None);
    let refused = |other: &Plan, path: InstructionPath, dataset: &Dataset, expected: &str| {
        let stores_b = stores.at("other");
        let _ = std::fs::remove_dir_all(&stores_b);
        let (name, training) = other.sessions().remove(0);
        Store::new(&stores_b).train_on(path, dataset, &training, &name, &()).unwrap();
        let error = stores.merge(&["good", "other"], &plan).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOption, "{error}");
        let error = error.to_string();
        assert!(error.contains(expected) && error.contains("other/sessions/"), "{error}");
        assert!(error.contains("that of pinned.toml is"), "{error}");
        assert!(!stores.at("into").exists(), "{error}");
    };
    let (tiny, portable) = (Dataset::tiny(), InstructionPath::Portable);
    let slower = plan.clone().with_training(training().learning_rate(3e-4));
    refused(&slower, portable, &tiny, "learning rate of ");
    let detected = InstructionPath::detect();
    if detected != portable {
        refused(&plan, detected, &tiny, "is portable: they are not of one study");
    }
}

#[test]
fn other_bits_of_one_session_are_an_error_that_names_both() {
    let (stores, plan) = (Stores::new(), plan());
    train(&stores.at("a"), &plan, &[0, 1], None);
    train(&stores.at("b"), &plan, &[0], None);
    // As if another machine had computed another history.
    let archive = stores.archives("b").remove(0);
    let mut session = Session::load(&archive).unwrap();
    session.history.last_mut().unwrap().loss += 0.5;
    std::fs::write(&archive, crate::store::archive::bytes(&session, "n2")).unwrap();
    let error = stores.merge(&["a", "b"], &plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    let error = error.to_string();
    for part in ["b/sessions/", "a/sessions/", "history.csv differs", "computes wrongly"] {
        assert!(error.contains(part), "{error}");
    }
    assert!(!stores.at("into").exists());
}

#[test]
fn damaged_sessions_and_folders_that_are_no_stores_are_refused() {
    let (stores, plan) = (Stores::new(), plan());
    train(&stores.at("a"), &plan, &[0], None);
    let file = stores.archives("a").remove(0);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[1000] ^= 1; // within the weights of layer 1, which come first
    std::fs::write(&file, bytes).unwrap();
    let error = stores.merge(&["a"], &plan).unwrap_err().to_string();
    assert!(error.contains("layer1.npy") && error.contains("damaged"), "{error}");
    let error = stores.merge(&["none"], &plan).unwrap_err().to_string();
    assert!(error.contains("none\"") && error.contains("it must be a store"), "{error}");
}

#[test]
fn sessions_with_snapshots_come_together_with_those_without() {
    let level = |iterations| PlanLevel { iterations, sessions: 1 };
    let plan = Plan::new("short", 3, vec![level(2), level(8)], training()).unwrap();
    let (stores, plan) = (Stores::new(), plan.pinned(&Dataset::tiny(), InstructionPath::Portable).unwrap());
    let with = |iterations: &[u64]| plan.clone().snapshots(iterations);
    train(&stores.at("none"), &plan, &[0, 1], None);
    train(&stores.at("some"), &with(&[1, 5]), &[0, 1], None);
    let (name, training) = with(&[5, 7]).sessions().remove(1);
    let filters = Store::new(stores.at("filters")).keep(Keep::Filters);
    filters.train_on(InstructionPath::Portable, &Dataset::tiny(), &training, &name, &()).unwrap();
    let counts = |names: &[&str]| {
        let Merged { copied, same, .. } = stores.merge(names, &plan).unwrap();
        (copied, same)
    };
    let merged = || -> Vec<(Vec<u64>, bool)> {
        let sessions = stores.archives("into").into_iter().map(|path| Session::load(&path).unwrap());
        let mut found: Vec<_> =
            sessions.map(|session| (session.kept_iterations(), session.weights().is_some())).collect();
        found.sort();
        found
    };
    assert_eq!(counts(&["none"]), (2, 0));
    assert_eq!(merged(), [(vec![0, 2], true), (vec![0, 8], true)]);
    // Filters alone with snapshots: the place gets both, and then nothing is new.
    assert_eq!(counts(&["filters"]), (1, 0));
    assert_eq!(merged(), [(vec![0, 2], true), (vec![0, 5, 7, 8], true)]);
    assert_eq!(counts(&["filters", "none"]), (0, 2));
    assert_eq!(counts(&["some"]), (2, 0));
    assert_eq!(merged(), [(vec![0, 1, 2], true), (vec![0, 1, 5, 7, 8], true)]);
    assert_eq!(counts(&["none", "some", "filters"]), (0, 2));
    // From an empty place, in any order.
    std::fs::remove_dir_all(stores.at("into")).unwrap();
    assert_eq!(counts(&["filters", "none", "some"]), (2, 0));
    assert_eq!(merged(), [(vec![0, 1, 2], true), (vec![0, 1, 5, 7, 8], true)]);
    let [session] = &stores.archives("filters")[..] else { panic!("one session") };
    let mut session = Session::load(session).unwrap();
    assert_eq!((session.kept_iterations(), session.weights().is_some()), (vec![0, 5, 7, 8], false));
    // As if another machine had computed other filters on the way to the same ones.
    session =
        crate::session::kept::with_kept_filters(session.clone(), &[(5, session.filters.clone())]).unwrap();
    let archive = stores.archives("filters").remove(0);
    std::fs::write(&archive, crate::store::archive::bytes(&session, "n2")).unwrap();
    let error = stores.merge(&["filters"], &plan).unwrap_err().to_string();
    assert!(error.contains("but the snapshot of iteration 5 differs"), "{error}");
}
