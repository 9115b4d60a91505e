//! A store that is full, read-only, edited or of another version, and processes that share one.
use std::path::Path;
use std::process::{Command, Output};

use softness::prelude::*;
use softness::session::PlanLevel;
use softness::store::Store;

use crate::support::process;
use crate::support::small::{
    Listener, archives, bits, dataset, files, pack, small, sum_again, train, unpack,
};

/// This program again, running the test of this name alone on the store `root`, by way of a shell
/// script that ends with running its arguments.
fn child(script: &str, test: &str, root: &Path) -> Output {
    Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(process::only(module_path!(), test))
        .env(process::CHILD, root)
        .output()
        .unwrap()
}

fn passes(output: &Output) {
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", said(&output.stdout), said(&output.stderr));
}

/// Whether this user may mount a file system in memory, in a name space of its own.
fn can_mount() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs -o size=64k tmpfs {}", folder.path().display());
    let tried = Command::new("unshare").args(["-rm", "sh", "-c", &script]).output();
    let can = tried.is_ok_and(|output| output.status.success());
    if !can {
        println!("skipped: this user may not mount a file system in memory");
    }
    can
}

#[test]
fn a_full_disk_is_named_the_last_checkpoint_stays_whole_and_the_session_goes_on_when_there_is_room() {
    let this =
        "a_full_disk_is_named_the_last_checkpoint_stays_whole_and_the_session_goes_on_when_there_is_room";
    let Some(root) = process::child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        if can_mount() {
            // A disk of 1 MB: some checkpoints of this network.
            let script = format!(
                "exec unshare -rm sh -c 'mount -t tmpfs -o size=1m tmpfs {} && exec \"$@\"' sh \"$@\"",
                folder.path().display()
            );
            passes(&child(&script, this, &folder.path().join("store")));
        }
        return;
    };
    let store = Store::new(&root);
    let stops = Listener { stop_after: Some(10), ..Listener::default() };
    store.train(&dataset(), &small(), "s", &stops).unwrap_err();
    let checkpoint = files(&root.join("unfinished"), ".checkpoint").remove(0);
    let whole = std::fs::read(&checkpoint).unwrap();
    // Whatever is left of the disk is taken by something else.
    let filler = root.parent().unwrap().join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while std::io::Write::write(&mut file, &[1; 4096]).is_ok_and(|written| written > 0) {}
    let error = store.train(&dataset(), &small(), "s", &()).unwrap_err().to_string();
    assert!(error.starts_with(&root.display().to_string()) && error.contains("No space left"), "{error}");
    assert_eq!(std::fs::read(&checkpoint).unwrap(), whole, "the checkpoint before is untouched");
    drop(file);
    std::fs::remove_file(filler).unwrap();
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    assert_eq!(session.record().unwrap().resumed_from, 10);
    assert_eq!(bits(&session), bits(&train(small()).named("s")));
}

#[test]
fn a_file_that_cannot_grow_is_named_and_nothing_of_it_is_left() {
    let this = "a_file_that_cannot_grow_is_named_and_nothing_of_it_is_left";
    let Some(root) = process::child_folder() else {
        // Files of at most 8 KB, without the signal that would end the process.
        let folder = tempfile::tempdir().unwrap();
        let script = "trap '' XFSZ; ulimit -f 16; exec \"$@\"";
        return passes(&child(script, this, &folder.path().join("store")));
    };
    let error = Store::new(&root).train(&dataset(), &small(), "s", &()).unwrap_err().to_string();
    assert!(error.contains(".checkpoint: could not write it") && error.contains("too large"), "{error}");
    let left = files(&root.join("unfinished"), "");
    assert!(left.iter().all(|path| path.extension().is_some_and(|ending| ending == "lock")), "{left:?}");
}

#[test]
fn a_read_only_store_hands_out_what_it_has_and_names_what_it_cannot_write() {
    let this = "a_read_only_store_hands_out_what_it_has_and_names_what_it_cannot_write";
    let Some(root) = process::child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        Store::new(folder.path()).train(&dataset(), &small(), "s", &()).unwrap();
        if can_mount() {
            let script = format!(
                "exec unshare -rm sh -c 'mount --bind {0} {0} && mount -o remount,bind,ro {0} && exec \"$@\"' sh \"$@\"",
                folder.path().display()
            );
            passes(&child(&script, this, folder.path()));
        }
        return;
    };
    let (store, listener) = (Store::new(&root), Listener::default());
    let session = store.train(&dataset(), &small(), "s", &listener).unwrap();
    assert_eq!(listener.loaded.into_inner(), 1);
    assert_eq!(bits(&session), bits(&train(small()).named("s")));
    let error = store.train(&dataset(), &small().seed(2), "t", &()).unwrap_err().to_string();
    assert!(error.starts_with(&root.display().to_string()) && error.contains("Read-only"), "{error}");
}

#[test]
fn a_store_that_is_no_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "text").unwrap();
    let error = Store::new(&file).train(&dataset(), &small(), "s", &()).unwrap_err().to_string();
    let sentence =
        format!("the folder of sessions is {}, but it is not a folder: name a folder", file.display());
    assert_eq!(error, sentence);
    assert_eq!(std::fs::read_to_string(file).unwrap(), "text");
}

/// What a store says of a session whose `session.json` was changed, and that it trains it anew.
fn set_aside(change: impl Fn(&str) -> String) -> String {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    let kept = archives(folder.path()).remove(0);
    let unpacked = tempfile::tempdir().unwrap();
    unpack(&kept, unpacked.path());
    let record = unpacked.path().join("session.json");
    let changed = change(&std::fs::read_to_string(&record).unwrap());
    std::fs::write(&record, &changed).unwrap();
    sum_again(unpacked.path());
    pack(unpacked.path(), &kept);
    let edited = std::fs::read(&kept).unwrap();
    let listener = Listener::default();
    assert_eq!(bits(&store.train(&dataset(), &small(), "s", &listener).unwrap()), bits(&session));
    let aside = files(&folder.path().join("damaged"), "").remove(0);
    assert_eq!(std::fs::read(aside).unwrap(), edited, "nothing is lost");
    let mut notices = listener.notices.into_inner().unwrap();
    assert_eq!(notices.len(), 1);
    notices.remove(0)
}

#[test]
fn a_session_of_a_newer_version_is_named_as_such_and_set_aside_whole() {
    let ours = concat!("softness ", env!("CARGO_PKG_VERSION"));
    let notice = set_aside(|record| {
        let record = record.replace(ours, "softness 99.0.0");
        record.replacen('{', "{\n  \"what_comes_later\": 1,", 1)
    });
    for part in ["session.json", "softness 99.0.0", ours, "what_comes_later", "set aside"] {
        assert!(notice.contains(part), "{part}: {notice}");
    }
}

#[test]
fn a_session_edited_by_hand_together_with_its_checksums_is_not_taken_for_what_was_asked_for() {
    // Whoever changes the seed in the record has the session of another seed under this one's name.
    let notice = set_aside(|record| record.replacen("\"seed\": 1", "\"seed\": 7", 1));
    assert!(notice.contains("other options than those in its name"), "{notice}");
    // Sizes that no network has must not be believed, let alone be allocated.
    let notice = set_aside(|record| record.replacen("\"dense\": 16", "\"dense\": 1152921504606846976", 1));
    assert!(notice.contains("session.json: dense is 1152921504606846976"), "{notice}");
}

#[test]
fn a_checkpoint_of_a_newer_version_is_named_as_such_and_set_aside_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let stops = Listener { stop_after: Some(10), ..Listener::default() };
    store.train(&dataset(), &small(), "s", &stops).unwrap_err();
    let checkpoint = files(&folder.path().join("unfinished"), ".checkpoint").remove(0);
    let mut bytes = std::fs::read(&checkpoint).unwrap();
    bytes[7] = b'9';
    std::fs::write(&checkpoint, &bytes).unwrap();
    let listener = Listener::default();
    let session = store.train(&dataset(), &small(), "s", &listener).unwrap();
    assert_eq!(session.record().unwrap().resumed_from, 0);
    let notices = listener.notices.into_inner().unwrap();
    assert!(notices.len() == 1 && notices[0].contains("another version of this software"), "{notices:?}");
    let aside = files(&folder.path().join("damaged"), ".checkpoint").remove(0);
    assert_eq!(std::fs::read(aside).unwrap(), bytes);
}

#[test]
fn two_processes_on_one_store_train_every_session_once_between_them() {
    let plan = || {
        let levels = [(20, 3), (150, 3)].map(|(iterations, sessions)| PlanLevel { iterations, sessions });
        Plan::new("shared", 7, levels.into(), small()).unwrap()
    };
    if let Some(root) = process::child_folder() {
        let listener = Listener::default();
        Store::new(root).train_plan(&dataset(), &plan(), 2, &listener).unwrap();
        println!("\nloaded {} of 6", listener.loaded.into_inner());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let this = "two_processes_on_one_store_train_every_session_once_between_them";
    let loaded: usize = std::thread::scope(|scope| {
        let root = folder.path();
        let processes: Vec<_> =
            (0..2).map(|_| scope.spawn(move || child("exec \"$@\"", this, root))).collect();
        let loaded = processes.into_iter().map(|process| {
            let output = process.join().unwrap();
            passes(&output);
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let line = said.lines().find_map(|line| line.strip_prefix("loaded ")).expect(&said);
            line.split(' ').next().unwrap().parse::<usize>().unwrap()
        });
        loaded.sum()
    });
    assert_eq!(loaded, 6, "of twelve that were wanted, six were trained and six found");
    let found = Store::new(folder.path()).train_plan(&dataset(), &plan(), 1, &()).unwrap();
    for (session, (name, training)) in found.iter().zip(plan().sessions()) {
        assert_eq!(bits(session), bits(&train(training).named(name)));
    }
}

#[test]
fn of_two_that_find_a_session_damaged_one_sets_it_aside_and_both_get_the_same_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let training = || small().iterations(30);
    let expected = bits(&Store::new(folder.path()).train(&dataset(), &training(), "both", &()).unwrap());
    for round in 0..10 {
        std::fs::write(&archives(folder.path())[0], "no archive").unwrap();
        let ask = || {
            let listener = Listener::default();
            let session =
                Store::new(folder.path()).train(&dataset(), &training(), "both", &listener).unwrap();
            let notices = listener.notices.into_inner().unwrap();
            (bits(&session), notices.iter().filter(|notice| notice.contains("set aside")).count())
        };
        let (one, other) = std::thread::scope(|scope| {
            let (one, other) = (scope.spawn(ask), scope.spawn(ask));
            (one.join().unwrap(), other.join().unwrap())
        });
        assert!(one.0 == expected && other.0 == expected, "round {round}");
        assert_eq!(one.1 + other.1, 1, "round {round}: set aside once");
        assert_eq!(files(&folder.path().join("damaged"), "").len(), round + 1);
    }
}

#[test]
fn a_session_that_is_trained_again_beside_readers_is_never_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let training = || small().iterations(3);
    let store = || Store::new(folder.path());
    let expected = bits(&store().train(&dataset(), &training(), "read", &()).unwrap());
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..20 {
                store().train(&dataset(), &training().retrain(), "read", &()).unwrap();
            }
        });
        while !writer.is_finished() {
            let session = store().train(&dataset(), &training(), "read", &()).unwrap();
            assert!(bits(&session) == expected);
        }
    });
    assert!(!folder.path().join("damaged").exists());
}
