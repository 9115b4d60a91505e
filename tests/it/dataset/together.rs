//! Two fetches into one folder at once.
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use softness::dataset::Dataset;
use softness::internals::{FetchProgress, fetch};
use tempfile::tempdir;

use super::archive::{options, sound_archive};
use super::fixture::listing;
use super::server::{Server, whole};
use crate::support::process;

/// How long one side waits for the other before the test fails: far longer than either needs.
const PATIENCE: Duration = Duration::from_secs(60);
/// Set for the second program, to the folder to fetch into.
const TASK: &str = "SOFTNESS_TEST_SECOND_FETCH";

#[test]
fn two_threads_fetch_once_and_both_have_the_result() {
    let (archive, folder) = (sound_archive(), tempdir().unwrap());
    // The server answers when someone waits for the lock, so the two do overlap.
    let waiting = Arc::new((Mutex::new(false), Condvar::new()));
    let gate = waiting.clone();
    let server = Server::slow(vec![whole(&archive)], move || {
        let seen = gate.0.lock().unwrap();
        let (_seen, late) = gate.1.wait_timeout_while(seen, PATIENCE, |seen| !*seen).unwrap();
        assert!(!late.timed_out(), "no call waited for the other");
    });
    let ask = options(&archive, server.url(), folder.path());
    let call = || {
        let mut told = Vec::new();
        let result = fetch(&ask, &mut |progress| {
            if progress == FetchProgress::Waiting {
                *waiting.0.lock().unwrap() = true;
                waiting.1.notify_all();
            }
            told.push(progress);
        });
        (result.unwrap(), told)
    };
    let [(one, told_one), (two, told_two)] = std::thread::scope(|scope| {
        [scope.spawn(call), scope.spawn(call)].map(|thread| thread.join().unwrap())
    });
    assert_eq!(one, two);
    let waited = [FetchProgress::Waiting, FetchProgress::AlreadyThere];
    assert!((told_one == waited) != (told_two == waited), "{told_one:?} and {told_two:?}");
    assert_eq!(server.requests().len(), 1);
    assert_eq!(listing(folder.path()), [".softness-fetch.lock", "cifar-10-batches-bin"]);
}

#[test]
fn two_programs_fetch_once_and_both_have_the_result() {
    // This test starts itself as the second program, which then does this part alone.
    if let Some(to) = std::env::var_os(TASK) {
        return second(Path::new(&to));
    }
    let (archive, folder) = (sound_archive(), tempdir().unwrap());
    let to = folder.path().join("to");
    // The server starts the second program when it is asked by the first, and answers when the
    // second waits for the lock.
    let (program, into) = (Arc::new(Mutex::new(None)), to.clone());
    let started = program.clone();
    let server = Server::slow(vec![whole(&archive)], move || {
        *started.lock().unwrap() = Some(start_second(&into));
        let start = Instant::now();
        while !sign(&into).exists() {
            assert!(start.elapsed() < PATIENCE, "the second program did not wait");
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let set = fetch(&options(&archive, server.url(), &to), &mut |_| ()).unwrap();
    let output = program.lock().unwrap().take().unwrap().wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(Dataset::cifar10(set).unwrap().test().len(), 2);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(listing(&to), [".softness-fetch.lock", "cifar-10-batches-bin"]);
}

/// This test again, in a process of its own.
fn start_second(to: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(process::only(module_path!(), "two_programs_fetch_once_and_both_have_the_result"))
        .env(TASK, to)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The second program: it waits for the first, then finds its result, and asks no server.
fn second(to: &Path) {
    let mut told = Vec::new();
    let result = fetch(&options(&sound_archive(), "http://127.0.0.1:9/", to), &mut |progress| {
        if progress == FetchProgress::Waiting {
            std::fs::write(sign(to), "").unwrap();
        }
        told.push(progress);
    });
    assert_eq!(result.unwrap(), to.join("cifar-10-batches-bin"));
    assert_eq!(told, [FetchProgress::Waiting, FetchProgress::AlreadyThere]);
}

/// The file by which the second program shows that it waits.
fn sign(to: &Path) -> PathBuf {
    to.with_extension("waiting")
}
