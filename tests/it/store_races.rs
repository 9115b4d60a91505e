//! Processes that train the same sessions at the same time, since no lock keeps them apart.
use std::path::Path;
use std::process::{Command, Output};

use softness::prelude::*;
use softness::session::PlanLevel;

use crate::support::process;
use crate::support::small::{Listener, archives, bits, dataset, files, small, train};

/// File systems as some clusters have them: without locks, and with locks that do not leave their host.
const FILE_SYSTEMS: [(&str, &str); 2] = [
    (
        "no locks",
        "#include <errno.h>\nint flock(int f, int o) { (void)f; (void)o; errno = ENOSYS; return -1; }\n",
    ),
    ("locks of each host", "int flock(int f, int o) { (void)f; (void)o; return 0; }\n"),
];

const RACES: u32 = 40;

fn plan() -> Plan {
    let level = PlanLevel { iterations: 20, sessions: RACES };
    Plan::new("races", 7, vec![level], small()).unwrap()
}

/// A library that answers in place of the file system; `None`, with a line, if there is no C compiler.
fn library(folder: &Path, source: &str) -> Option<std::path::PathBuf> {
    let (c, library) = (folder.join("locks.c"), folder.join("locks.so"));
    std::fs::write(&c, source).unwrap();
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&c).output();
    if built.is_ok_and(|output| output.status.success()) {
        return Some(library);
    }
    println!(
        "skipped: there is no C compiler (cc) for a file system without locks; threads race in the library's own tests"
    );
    None
}

#[test]
fn of_forty_races_between_two_processes_without_common_locks_none_is_lost() {
    let this = "of_forty_races_between_two_processes_without_common_locks_none_is_lost";
    if let Some(root) = process::child_folder() {
        let listener = Listener::default();
        let store = Store::new(root).checkpoint_every(std::time::Duration::ZERO);
        store.train_plan(&dataset(), &plan(), 1, &listener).unwrap();
        println!("\nloaded {}", listener.loaded.into_inner());
        return;
    }
    if !cfg!(target_os = "linux") {
        return println!("skipped: libraries are loaded before others by LD_PRELOAD on Linux alone");
    }
    for (name, source) in FILE_SYSTEMS {
        let folder = tempfile::tempdir().unwrap();
        let Some(library) = library(folder.path(), source) else { return };
        let root = folder.path().join("store");
        let run = || -> Output {
            process::child(module_path!(), this, &root).env("LD_PRELOAD", &library).output().unwrap()
        };
        let outputs: Vec<Output> = std::thread::scope(|scope| {
            let processes = [0; 2].map(|_| scope.spawn(run));
            processes.map(|process| process.join().unwrap()).into()
        });
        let mut loaded = 0;
        for output in &outputs {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{name}: {said}{}", String::from_utf8_lossy(&output.stderr));
            let line = said.lines().find_map(|line| line.strip_prefix("loaded ")).unwrap();
            loaded += line.parse::<u32>().unwrap();
        }
        println!("{name}: {RACES} sessions, {} of them trained by both", RACES - loaded);
        assert!(loaded < RACES, "{name}: at least one session was trained by both");
        assert_eq!(archives(&root).len(), RACES as usize, "{name}");
        let found = Store::new(&root).train_plan(&dataset(), &plan(), 1, &()).unwrap();
        for (session, (planned, training)) in found.iter().zip(plan().sessions()) {
            assert_eq!(bits(session), bits(&train(training).named(planned)), "{name}");
        }
        assert!(!root.join("damaged").exists(), "{name}");
        let left = files(&root.join("unfinished"), "");
        let is_lock = |path: &std::path::PathBuf| path.extension().is_some_and(|ending| ending == "lock");
        assert!(left.iter().all(is_lock), "{name}: {left:?}");
    }
}
