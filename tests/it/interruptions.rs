//! What is cut off goes on: processes killed with -9 at random moments, and stopped with Ctrl-C.
//!
//! `SOFTNESS_TEST_KILLS=100 cargo test --release --test it interruptions:: -- --nocapture` kills a hundred
//! sessions and twenty studies, and prints how far they were.
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use softness::prelude::*;
use softness::store::Store;

use crate::support::process;
use crate::support::small::{
    Listener, PLAN, archives, bits, dataset, files, small, train, unpack, write_cifar,
};

/// The environment variable that makes this program a child that trains in the store it names.
/// The number of sessions to kill; a fifth as many studies are.
fn kills() -> usize {
    std::env::var("SOFTNESS_TEST_KILLS").map_or(10, |text| text.parse().unwrap())
}

/// Shares of a time, 0..1, other ones every time (Knuth's MMIX generator from the clock). `SOFTNESS_TEST_SEED` repeats
/// the ones of a seed that a failure printed.
fn moments() -> impl FnMut() -> f64 {
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let mut state =
        std::env::var("SOFTNESS_TEST_SEED").map_or_else(|_| clock(), |text| text.parse().unwrap());
    println!("SOFTNESS_TEST_SEED={state}");
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// This program again, running the test of this name alone in `root`.
fn child(test: &str, root: &Path) -> Child {
    process::child(module_path!(), test, root).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_session_killed_at_any_moment_goes_on_and_ends_with_the_bits_of_one_never_interrupted() {
    let training = || small().iterations(400);
    if let Some(root) = process::child_folder() {
        // So many checkpoints that a good part of the kills come while one is being written.
        let store = Store::new(root).checkpoint_every(Duration::from_millis(1));
        store.train(&dataset(), &training(), "killed", &()).unwrap();
        return;
    }
    let this = "a_session_killed_at_any_moment_goes_on_and_ends_with_the_bits_of_one_never_interrupted";
    let expected = bits(&train(training()).named("killed"));
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    assert!(child(this, folder.path()).wait().unwrap().success());
    let whole = start.elapsed();

    let (mut moments, mut fresh, mut resumed, mut finished) = (moments(), 0, 0, 0);
    let mut done = Vec::new();
    for kill in 0..kills() {
        let folder = tempfile::tempdir().unwrap();
        let mut child = child(this, folder.path());
        std::thread::sleep(whole.mul_f64(moments()));
        child.kill().unwrap();
        child.wait().unwrap();
        let listener = Listener::default();
        let session = Store::new(folder.path()).train(&dataset(), &training(), "killed", &listener).unwrap();
        assert_eq!(bits(&session), expected, "kill {kill}");
        let from = session.record().unwrap().resumed_from;
        match (listener.loaded.into_inner(), from) {
            (1, _) => finished += 1,
            (_, 0) => fresh += 1,
            _ => {
                resumed += 1;
                done.push(from);
            }
        }
        assert!(listener.notices.into_inner().unwrap().is_empty(), "nothing was damaged");
        for place in ["sessions", "unfinished"] {
            let place = folder.path().join(place);
            let shelves = files(&place, "").into_iter().flat_map(|path| files(&path, "")).collect::<Vec<_>>();
            for path in files(&place, "").into_iter().chain(shelves) {
                let name = path.file_name().unwrap().to_string_lossy();
                assert!(!name.starts_with(".softness-"), "{name} was left in {}", place.display());
            }
        }
    }
    done.sort_unstable();
    println!(
        "{} sessions of 400 iterations killed: {resumed} went on from a checkpoint (iterations {:?} to {:?}), \
         {fresh} began anew, {finished} had finished; all ended with the same bits",
        kills(),
        done.first(),
        done.last()
    );
}

/// `softness replicate` in `folder`, on the data beside it.
fn replicate(folder: &Path, out: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_softness"));
    command
        .args(["replicate", "--dataset", "data", "--plan", "plan.toml", "--jobs", "2", "--out", out])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Every file of a study by its path, but for what says how long the run took or where it went on.
fn study(out: &Path) -> BTreeMap<String, Vec<u8>> {
    fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for path in files(folder, "") {
            if path.is_dir() {
                collect(root, &path, found);
            } else if path.extension().is_some_and(|ending| ending == "session") {
                let unpacked = tempfile::tempdir().unwrap();
                unpack(&path, unpacked.path());
                let mut inside = BTreeMap::new();
                collect(unpacked.path(), unpacked.path(), &mut inside);
                let name = path.strip_prefix(root).unwrap().display();
                found.extend(inside.into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes)));
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(out, out, &mut found);
    let of_the_run = ["report.html", "session.json", "SHA256SUMS"];
    found.retain(|name, _| !of_the_run.iter().any(|ending| name.ends_with(ending)));
    found.retain(|name, _| !name.starts_with("unfinished"));
    found
}

#[test]
fn a_study_killed_at_any_moment_shows_no_half_written_file_and_ends_with_the_same_ones() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    std::fs::write(folder.path().join("plan.toml"), PLAN).unwrap();
    let start = Instant::now();
    assert!(replicate(folder.path(), "whole").status().unwrap().success());
    let whole = start.elapsed();
    let expected = study(&folder.path().join("whole"));

    let (mut moments, mut seen) = (moments(), Vec::new());
    for kill in 0..kills().div_ceil(5) {
        let out = format!("killed-{kill}");
        let mut child = replicate(folder.path(), &out).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(moments()));
        child.kill().unwrap();
        child.wait().unwrap();
        // Whatever stands under its own name is whole.
        let out_folder = folder.path().join(&out);
        let sessions = archives(&out_folder);
        for session in &sessions {
            Session::load(session).unwrap();
        }
        if out_folder.exists() {
            for (name, bytes) in study(&out_folder) {
                // The list of checksums grows with the files that it lists.
                let is_list = name == "tables.sha256" && lines(&bytes).is_subset(&lines(&expected[&name]));
                if !name.contains(".softness-") && !is_list {
                    assert_eq!(Some(&bytes), expected.get(&name), "kill {kill}: {name}");
                }
            }
        }
        if let Ok(report) = std::fs::read_to_string(out_folder.join("report.html")) {
            assert!(report.trim_end().ends_with("</html>"), "kill {kill}");
        }
        seen.push(sessions.len());
        assert!(replicate(folder.path(), &out).status().unwrap().success());
        let mut ended = study(&out_folder);
        ended.retain(|name, _| !name.contains(".softness-"));
        assert!(ended == expected, "kill {kill}: {:?}", ended.keys());
    }
    println!(
        "{} studies killed when {seen:?} of 6 sessions were there; all ended with the same files",
        seen.len()
    );
}

fn lines(bytes: &[u8]) -> BTreeSet<&[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n').collect()
}

/// Sends Ctrl-C, and returns what the program said and how long it took to end.
fn interrupt(child: Child) -> (Option<i32>, String, Duration) {
    send("INT", child)
}

/// Sends a signal, and returns what the program said and how long it took to end.
fn send(signal: &str, child: Child) -> (Option<i32>, String, Duration) {
    let start = Instant::now();
    let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned(), start.elapsed())
}

#[test]
fn ctrl_c_leaves_a_checkpoint_and_a_line_on_how_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    let long = PLAN.replace("iterations = 6", "iterations = 1000000");
    std::fs::write(folder.path().join("plan.toml"), long).unwrap();
    let start = |arguments: &[&str]| -> Child {
        Command::new(env!("CARGO_BIN_EXE_softness"))
            .args(arguments)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let train = ["train", "--dataset", "data", "--iterations", "1000000", "--out", "store"];
    let replicate =
        ["replicate", "--dataset", "data", "--plan", "plan.toml", "--jobs", "2", "--out", "study"];
    for (arguments, store, sessions) in [(&train[..], "store", 1), (&replicate[..], "study", 2)] {
        let unfinished = folder.path().join(store).join("unfinished");
        let child = start(arguments);
        while files(&unfinished, ".checkpoint").len() < sessions {
            std::thread::sleep(Duration::from_millis(10));
        }
        let (status, said, time) = interrupt(child);
        println!("{}: ended {time:?} after Ctrl-C", arguments[0]);
        assert_eq!(status, Some(130), "{said}");
        let (_, after) = said.split_once("was stopped after iteration ").expect(&said);
        let iteration = after.split(';').next().unwrap().to_owned();
        assert!(iteration.parse::<u64>().unwrap() > 0, "{said}");
        assert!(said.contains("run the same command again to resume"), "{said}");
        let checkpoints = files(&unfinished, ".checkpoint");
        assert_eq!(checkpoints.len(), sessions);
        for checkpoint in checkpoints {
            softness::internals::read_checkpoint(&checkpoint).unwrap();
        }

        // The next run says that it resumes from there. It is killed as well.
        let mut child = start(arguments);
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(|line| line.unwrap());
        let resumes = format!("resumes after iteration {iteration}");
        assert!(lines.any(|line| line.contains(&resumes)), "{arguments:?} does not print \"{resumes}\"");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// The signals of batch systems, with their numbers on this system.
#[cfg(target_os = "linux")]
#[test]
fn every_signal_of_a_batch_system_leaves_a_checkpoint_and_its_own_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    for (signal, number) in [("TERM", 15), ("HUP", 1), ("USR1", 10), ("USR2", 12), ("XCPU", 24)] {
        let store = format!("store-{signal}");
        // These tests may themselves have been started by nohup.
        let (child, unfinished) = in_training(folder.path(), &["env", "--default-signal=HUP"], &store);
        let (status, said, time) = send(signal, child);
        println!("ended {time:?} after {signal}");
        assert_eq!(status, Some(128 + number), "{signal}: {said}");
        assert!(said.contains("run the same command again to resume"), "{said}");
        softness::internals::read_checkpoint(&files(&unfinished, ".checkpoint")[0]).unwrap();
    }
}

/// A closed terminal ends what was not meant to outlive it, and nothing else.
#[cfg(target_os = "linux")]
#[test]
fn a_program_that_nohup_started_trains_on_when_the_terminal_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    let (child, unfinished) = in_training(folder.path(), &["nohup"], "store");
    let sent = Command::new("kill").args(["-s", "HUP", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let checkpoint = || std::fs::metadata(&files(&unfinished, ".checkpoint")[0]).unwrap().modified().unwrap();
    let (before, start) = (checkpoint(), Instant::now());
    while checkpoint() == before {
        assert!(start.elapsed() < Duration::from_secs(60), "no further checkpoint after HUP");
        std::thread::sleep(Duration::from_millis(100));
    }
    let (status, said, _) = send("TERM", child);
    assert_eq!(status, Some(143), "{said}");
}

/// A training program, started by `starter`, and the folder that already has its first checkpoint.
#[cfg(target_os = "linux")]
fn in_training(folder: &Path, starter: &[&str], store: &str) -> (Child, PathBuf) {
    let child = Command::new(starter[0])
        .args(&starter[1..])
        .arg(env!("CARGO_BIN_EXE_softness"))
        .args(["train", "--dataset", "data", "--iterations", "1000000", "--out", store])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let unfinished = folder.join(store).join("unfinished");
    while files(&unfinished, ".checkpoint").is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    (child, unfinished)
}

#[test]
fn ctrl_c_after_training_says_that_the_sessions_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    std::fs::write(folder.path().join("plan.toml"), PLAN).unwrap();
    let child = replicate(folder.path(), "study").stderr(Stdio::piped()).spawn().unwrap();
    // The first of eight figures is drawn when the sessions are done.
    while files(&folder.path().join("study").join("figures"), ".svg").is_empty() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let (status, said, time) = interrupt(child);
    println!("ended {time:?} after Ctrl-C");
    assert_eq!(status, Some(130), "{said}");
    assert!(said.ends_with("all sessions are trained and saved: run the same command again for scores, fits, figures and report\n"), "{said}");
    assert!(replicate(folder.path(), "study").status().unwrap().success());
    assert!(folder.path().join("study").join("report.html").is_file());
}
