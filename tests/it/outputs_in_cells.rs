//! What a cell that trains shows, and how it ends if the user interrupts it: each test trains in a process of its own and
//! reads the outputs as a kernel would.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use softness::ErrorKind;
use softness::prelude::*;
use softness::session::PlanLevel;

use crate::support::process::{child, child_folder};
use crate::support::small::{bits, dataset, files, small, train};

/// Runs this test again as a child whose store is `folder`, as the "Rust (softness)" kernel or another, and returns what
/// it prints.
fn printed(test: &str, folder: &Path, variables: &[(&str, &Path)]) -> String {
    let mut command = child(module_path!(), test, folder);
    command.env("SOFTNESS_STORE", folder.join("store")).envs(variables.iter().copied());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    said
}

/// The variable that makes a process that of the "Rust (softness)" kernel.
const KERNEL: (&str, &str) = ("SOFTNESS_KERNEL", "1");

fn in_kernel(test: &str, folder: &Path) -> Vec<Value> {
    outputs(&printed(test, folder, &[(KERNEL.0, Path::new(KERNEL.1))]))
}

/// The outputs in what a process printed.
fn outputs(said: &str) -> Vec<Value> {
    assert!(!said.contains("EVCXR_BEGIN_CONTENT"), "{said}");
    let lines = said.split('\u{1}').skip(1);
    let json = lines.map(|line| line.strip_prefix("softness-output ").unwrap().lines().next().unwrap());
    json.map(|json| serde_json::from_str(json).unwrap()).collect()
}

/// The states of the one output that all of these replace, and its id.
fn states(outputs: &[Value]) -> (&str, Vec<(&str, &str)>) {
    let id = outputs[0]["id"].as_str().unwrap();
    assert!(outputs.iter().all(|output| output["id"] == id), "{outputs:?}");
    assert!(
        outputs.iter().all(|output| output["data"]
            .as_object()
            .unwrap()
            .keys()
            .eq(["text/html", "text/plain"]))
    );
    let states = outputs.iter().map(|output| {
        (output["data"]["text/plain"].as_str().unwrap(), output["data"]["text/html"].as_str().unwrap())
    });
    (id, states.collect())
}

/// A session that takes more than a second.
fn long() -> Training {
    small().iterations(2_000).seed(4)
}

#[test]
fn a_session_is_one_output_replaced_in_place_that_ends_the_same_in_every_run() {
    let test = "a_session_is_one_output_replaced_in_place_that_ends_the_same_in_every_run";
    if child_folder().is_some() {
        train_session(&dataset(), long()).unwrap();
        return;
    }
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let start = Instant::now();
    let runs = folders.each_ref().map(|folder| in_kernel(test, folder.path()));
    // Two a second at most, and the final one.
    let most = (2.0 * start.elapsed().as_secs_f64()) as usize + 2 * 2;
    assert!(runs.iter().all(|run| run.len() >= 2) && runs.iter().map(Vec::len).sum::<usize>() <= most);
    let [(id, first), (other, second)] = runs.each_ref().map(|run| states(run));
    assert_ne!(id, other);
    assert!(first[0].0.starts_with("session 2000-seed4: iteration 0 of 2000"), "{}", first[0].0);
    assert!(first[0].1.contains("<progress value=\"0\" max=\"2000\""), "{}", first[0].1);
    assert_eq!(first.last(), second.last());
    let session = train(long());
    let percent = 100.0 * session.test_accuracy().unwrap();
    let (text, html) = first.last().unwrap();
    assert_eq!(*text, format!("session 2000-seed4: 2000 iterations done, test accuracy {percent:.2} %"));
    assert!(html.contains(text) && html.contains("<img src=\"data:image/svg+xml;base64,"), "{html}");
    assert!(!html.contains("<progress") && !html.contains(" left"));
    // The second time it is loaded, and one sentence says so.
    let loaded = in_kernel(test, folders[0].path());
    let sentence = format!("session 2000-seed4: in the store already, loaded, test accuracy {percent:.2} %");
    let html = format!("<div>{sentence}</div>");
    assert_eq!(states(&loaded).1, [(sentence.as_str(), html.as_str())]);
}

#[test]
fn other_kernels_get_lines_and_blocks() {
    let Some(_) = child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        let said = printed("other_kernels_get_lines_and_blocks", folder.path(), &[]);
        let percent = 100.0 * train(small()).test_accuracy().unwrap();
        let lines: Vec<&str> = said.lines().filter(|line| line.contains("session 25-seed1: ")).collect();
        assert_eq!(lines.len(), 4, "{said}");
        assert!(lines[0].contains("session 25-seed1: 25 iterations done in "), "{said}");
        assert!(lines[0].ends_with(&format!(" s, test accuracy {percent:.2} %")), "{said}");
        let loaded = "session 25-seed1: in the store already, loaded, test accuracy ";
        assert!(lines[2].starts_with(loaded), "{said}");
        assert!(said.contains(&format!("EVCXR_BEGIN_CONTENT text/plain\n{}\nEVCXR_END_CONTENT\n", lines[1])));
        assert!(!said.contains('\u{1}'), "{said}");
        return;
    };
    for _ in 0..2 {
        train_session(&dataset(), small()).unwrap().evcxr_display();
    }
}

fn plan() -> Plan {
    let levels = [(1, 2), (20, 2), (30, 1)].map(|(iterations, sessions)| PlanLevel { iterations, sessions });
    Plan::new("three levels", 7, levels.into(), small()).unwrap()
}

#[test]
fn a_plan_is_one_output_and_shown_in_the_background_another() {
    let test = "a_plan_is_one_output_and_shown_in_the_background_another";
    let Some(folder) = child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        let heard = in_kernel(test, folder.path());
        let ids: Vec<&str> = heard.iter().map(|output| output["id"].as_str().unwrap()).collect();
        let at = ids.iter().position(|id| *id != ids[0]).unwrap();
        let (_, trained) = states(&heard[..at]);
        assert_eq!(trained.last().unwrap().0, "5 sessions: 72 iterations done");
        // The third output is that of the value shown in a second cell; the value in the background that no cell shows has
        // none.
        let of = |id: &str| heard.iter().filter(|output| output["id"] == id).cloned().collect::<Vec<_>>();
        let mut others = ids[at..].to_vec();
        others.sort_unstable();
        others.dedup();
        assert_eq!(others.len(), 2, "{ids:?}");
        for id in others {
            let shown = of(id);
            let (_, states) = states(&shown);
            let (text, html) = states.last().unwrap();
            assert!(text.starts_with("session 2000-1: 2000 iterations done, test accuracy "), "{text}");
            assert!(html.contains("<img "), "{html}");
        }
        return;
    };
    train_plan(&dataset(), &plan()).unwrap();
    let levels = vec![PlanLevel { iterations: 2_000, sessions: 1 }];
    let plan = |seed| Plan::new("long", seed, levels.clone(), small()).unwrap();
    let background = train_in_background(&dataset(), &plan(1)).unwrap();
    background.evcxr_display();
    background.evcxr_display();
    background.wait().unwrap();
    train_in_background(&dataset(), &plan(2)).unwrap().wait().unwrap();
    assert!(folder.join("store").exists());
}

/// Creates the file that asks the cell to stop as soon as a checkpoint of the store is newer than its first.
fn interrupt_later(folder: &Path) {
    let (stop, unfinished) = (folder.join("stop"), folder.join("store/unfinished"));
    std::thread::spawn(move || {
        while files(&unfinished, ".checkpoint").is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(100));
        std::fs::write(stop, "").unwrap();
    });
}

#[test]
fn an_interrupted_cell_says_what_was_kept_and_goes_on_to_the_same_bits() {
    let test = "an_interrupted_cell_says_what_was_kept_and_goes_on_to_the_same_bits";
    let Some(folder) = child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        let stop = folder.path().join("stop");
        let said = printed(test, folder.path(), &[(KERNEL.0, Path::new(KERNEL.1)), ("SOFTNESS_STOP", &stop)]);
        let heard = outputs(&said);
        let texts: Vec<&str> =
            heard.iter().map(|output| output["data"]["text/plain"].as_str().unwrap()).collect();
        let interrupted: Vec<&&str> = texts.iter().filter(|text| text.contains("interrupted")).collect();
        assert_eq!(interrupted.len(), 2, "{texts:?}");
        assert!(interrupted.iter().all(|text| !text.contains(" left")), "{texts:?}");
        return;
    };
    let stop = folder.join("stop");
    let long = long().iterations(30_000);
    interrupt_later(&folder);
    let start = Instant::now();
    let error = train_session(&dataset(), long.clone()).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    let sentence = error.to_string();
    let (_, rest) = sentence.split_once("session 30000-seed4 stopped at iteration ").unwrap();
    let (iteration, rest) = rest.split_once(' ').unwrap();
    assert!(iteration.parse::<u64>().unwrap() > 0, "{sentence}");
    let again = "run the cell again to resume: the result is bit-identical";
    assert_eq!(rest, format!("of 30000 and is saved; {again}"));
    std::fs::remove_file(&stop).unwrap();

    // A plan, and its sessions to the end.
    std::fs::remove_dir_all(folder.join("store")).unwrap();
    let levels = vec![PlanLevel { iterations: 1_500, sessions: 3 }];
    let plan = Plan::new("to be interrupted", 2, levels, small()).unwrap();
    interrupt_later(&folder);
    let error = train_plan(&dataset(), &plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    let end = format!("of 1500 and is saved, as are the others; {again}");
    assert!(error.to_string().ends_with(&end), "{error}");
    std::fs::remove_file(&stop).unwrap();
    let sessions = train_plan(&dataset(), &plan).unwrap();
    assert!(sessions.iter().any(|session| session.record().unwrap().resumed_from > 0));
    let expected = plan.sessions().into_iter().map(|(name, training)| bits(&train(training).named(name)));
    assert!(sessions.iter().map(bits).eq(expected));
}

#[test]
fn waiting_for_the_background_can_be_interrupted_and_training_goes_on() {
    let test = "waiting_for_the_background_can_be_interrupted_and_training_goes_on";
    let Some(folder) = child_folder() else {
        let folder = tempfile::tempdir().unwrap();
        printed(test, folder.path(), &[("SOFTNESS_STOP", &folder.path().join("stop"))]);
        return;
    };
    let stop = folder.join("stop");
    let levels = vec![PlanLevel { iterations: 1_500, sessions: 2 }];
    let plan = Plan::new("not to be interrupted", 2, levels, small()).unwrap();
    let background = train_in_background(&dataset(), &plan).unwrap();
    std::fs::write(&stop, "").unwrap();
    let error = background.wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    let sentence = error.to_string();
    assert!(sentence.starts_with("training goes on in the background, now at iteration "), "{sentence}");
    assert!(sentence.ends_with(" of 3000; run the cell again to wait for it"), "{sentence}");
    assert!(!background.is_finished());
    // Scoring is not for the background, so it stops.
    let session = softness::session::train_in_memory(&dataset(), small(), &Quiet).unwrap();
    let error = softness_table(&[session], &[dataset().bird()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    // So does training that is asked by default.
    let error = softness::session::train_in_memory(&dataset(), small(), &()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    std::fs::remove_file(&stop).unwrap();
    assert_eq!(background.wait().unwrap().len(), 2);
    assert_eq!(background.iterations(), (3_000, 3_000));
}

/// Never asks to stop.
struct Quiet;

impl softness::session::Observer for Quiet {
    fn progress(&self, _: &softness::session::Progress) {}
    fn should_stop(&self) -> bool {
        false
    }
}
