//! Shares of a plan that are stopped, fail, lie in several stores, or are scored before all are there.
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::plans::{bits, folder, json_of_any};
use super::{error, softness, text};
use crate::support::small::files;

/// Pins a plan in `folder` to the data beside it.
fn pin(folder: &Path, plan: &str, name: &str) {
    std::fs::write(folder.join("unpinned.toml"), plan).unwrap();
    let arguments = ["plan", "unpinned.toml", "--pin", "--dataset", "data", "--instructions", "portable"];
    let pinned = softness(folder, &arguments);
    assert!(pinned.status.success(), "{}", text(&pinned.stderr));
    std::fs::write(folder.join(name), pinned.stdout).unwrap();
}

#[test]
fn what_can_never_work_ends_with_2() {
    let folder = folder();
    let at = folder.path();
    let pinned = std::fs::read_to_string(at.join("pinned.toml")).unwrap();
    std::fs::write(at.join("old.toml"), pinned.replace("training_code = 4", "training_code = 3")).unwrap();
    let out = ["--out", "store"];
    for (plan, dataset) in
        [("pinned.toml", "synthetic"), ("old.toml", "data"), ("pinned.toml", "no-such-folder")]
    {
        let output = softness(at, &[&["train", "--plan", plan, "--dataset", dataset][..], &out].concat());
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    }
    let replicate = ["replicate", "--plan", "pinned.toml", "--dataset", "data", "--batch", "7"];
    let output = softness(at, &[&replicate[..], &out].concat());
    let said = text(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("the plan is pinned: leave --batch"), "{said}");
    let many = ["--shares", "18446744073709551615"];
    for command in [
        &["plan", "pinned.toml"][..],
        &["status", "store", "--plan", "pinned.toml"],
        &["train", "--plan", "pinned.toml", "--dataset", "data", "--out", "store", "--share", "0"],
    ] {
        let output = softness(at, &[command, &many].concat());
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains("a number from 1 to 100000"), "{said}");
    }
    // Nothing is in the environment, so `auto` finds no CIFAR-10 and takes synthetic images.
    let output = Command::new(env!("CARGO_BIN_EXE_softness"))
        .args(["train", "--plan", "pinned.toml", "--out", "store"])
        .current_dir(at)
        .env_clear()
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("fingerprint of the data set is ") && said.contains("--dataset"), "{said}");
    assert!(!at.join("store").exists());
}

#[test]
fn whether_a_session_diverges_does_not_depend_on_when_checkpoints_are_saved() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // The loss of the third session explodes for a while, and has settled at its only evaluation, the end.
    let wild = "batch = 10\nlearning_rate = 1.0\nevaluate_every = 0\n[network]\nfilters = [2, 2]\nkernels = [3, 3]\ndense = 4\n\
                [[level]]\niterations = 400\nsessions = 3\n";
    std::fs::write(at.join("wild.toml"), wild).unwrap();
    let pin = ["plan", "wild.toml", "--pin", "--dataset", "synthetic", "--instructions", "portable"];
    std::fs::write(at.join("pinned.toml"), softness(at, &pin).stdout).unwrap();
    for seconds in ["0", "1000"] {
        let train =
            ["train", "--plan", "pinned.toml", "--dataset", "synthetic", "--shares", "1", "--share", "0"];
        let output = softness(at, &[&train[..], &["--out", seconds, "--checkpoint-every", seconds]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    assert!(bits(&at.join("0")) == bits(&at.join("1000")));
}

#[cfg(unix)]
#[test]
fn a_share_that_is_told_to_stop_says_so_and_resumes() {
    let folder = folder();
    let at = folder.path();
    pin(at, "[[level]]\niterations = 100000\nsessions = 1\n", "long.toml");
    let arguments = [
        "train",
        "--plan",
        "long.toml",
        "--dataset",
        "data",
        "--shares",
        "1",
        "--share",
        "1",
        "--out",
        "store",
    ];
    let mut child = Command::new(env!("CARGO_BIN_EXE_softness"))
        .args(arguments)
        .current_dir(at)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while files(&at.join("store/unfinished"), ".checkpoint").is_empty() {
        assert!(start.elapsed() < Duration::from_secs(60), "no checkpoint");
        std::thread::sleep(Duration::from_millis(20));
    }
    let running = softness(at, &["status", "store", "--plan", "long.toml", "--shares", "1"]);
    assert_eq!(running.status.code(), Some(3));
    let said = text(&running.stdout);
    assert!(said.contains(&format!("process {}", child.id())) && said.contains("array: 0\n"), "{said}");
    assert!(Command::new("kill").args(["-USR1", &child.id().to_string()]).status().unwrap().success());
    let usr1 = if cfg!(target_os = "linux") { 10 } else { 30 };
    assert_eq!(child.wait().unwrap().code(), Some(128 + usr1));
    let status = json_of_any(&softness(at, &["status", "store", "--plan", "long.toml", "--json"]));
    assert_eq!(status["sessions"][0]["state"], "unfinished");
    assert!(status["sessions"][0]["iteration"].as_u64().unwrap() > 0);
    assert!(status["seconds_left"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_session_that_diverges_is_tried_once_and_again_when_asked() {
    let folder = folder();
    let at = folder.path();
    let wild =
        "optimiser = \"sgd\"\nlearning_rate = 1e9\nbatch = 10\n[[level]]\niterations = 40\nsessions = 1\n";
    pin(at, wild, "wild.toml");
    let train = |more: &[&str]| {
        let arguments =
            ["train", "--plan", "wild.toml", "--dataset", "data", "--shares", "1", "--share", "0"];
        let output = softness(at, &[&arguments[..], &["--out", "store"], more].concat());
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    let first = train(&[]);
    assert!(first.contains("session 40-1 failed: the loss or a weight has exploded"), "{first}");
    assert!(first.contains("error: of 1 session, 1 failed: 40-1"), "{first}");
    let before = "failed: session 40-1 failed before, on ";
    let second = train(&[]);
    assert!(second.contains(before) && second.contains("tried again only when asked: the loss"), "{second}");
    assert!(!train(&["--retry-failed"]).contains(before));
    let status = softness(at, &["status", "store", "--plan", "wild.toml", "--shares", "1"]);
    let said = text(&status.stdout);
    assert_eq!(status.status.code(), Some(3));
    assert!(
        said.contains("40-1     failed") && said.contains("has exploded") && said.contains("array: \n"),
        "{said}"
    );
    let advice = "tried again if you add `--retry-failed` to the command that trained their share (softness train --plan .. --shares \
                  ..), or name one of them with `--session` in place of the share";
    assert!(said.contains(advice), "{said}");
    let session =
        ["train", "--plan", "wild.toml", "--dataset", "data", "--session", "40-1", "--out", "store"];
    let said = text(&softness(at, &session).stderr);
    assert!(said.contains("has exploded") && !said.contains(before), "{said}");

    // A part of a plan that is too small for the models is no wrong plan: more of it may be trained.
    let levels = "[[level]]\niterations = 1\nsessions = 2\n";
    pin(at, &format!("{wild}{levels}"), "larger.toml");
    let replicate = || {
        let arguments =
            ["replicate", "--plan", "larger.toml", "--dataset", "data", "--out", "store", "--trained"];
        let output = softness(at, &arguments);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    let too_few = |there: &str| {
        format!(
            "1 of 3 sessions failed and is left out: 40-1\nerror: store: {there} finished, but the models need at least 3, of two or more \
             different numbers of iterations: train more of them, or leave --trained out, and they are trained here\n"
        )
    };
    let said = replicate();
    assert!(said.contains("2 of 3 sessions are missing and are left out: 1-1, 1-2\n"), "{said}");
    assert!(said.ends_with(&too_few("0 of 3 sessions of the plan unpinned are")), "{said}");
    let one = ["train", "--plan", "larger.toml", "--dataset", "data", "--session", "1-1", "--out", "store"];
    assert!(softness(at, &one).status.success());
    let said = replicate();
    assert!(said.contains("1 of 3 sessions is missing and is left out: 1-2\n"), "{said}");
    assert!(said.ends_with(&too_few("1 of 3 sessions of the plan unpinned is")), "{said}");
    assert!(!at.join("store/report.html").exists());
}

#[test]
fn stores_are_merged_and_what_is_there_is_scored() {
    let folder = folder();
    let at = folder.path();
    let train = |out: &str, more: &[&str]| {
        let arguments = ["train", "--plan", "pinned.toml", "--dataset", "data", "--out", out];
        let output = softness(at, &[&arguments[..], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    train("one", &[]);
    train("a", &["--shares", "2", "--share", "0"]);
    train("b", &["--shares", "2", "--share", "1"]);
    let merge = |stores: &[&str]| {
        let merged =
            softness(at, &[&["merge"], stores, &["--into", "both", "--plan", "pinned.toml"]].concat());
        assert!(merged.status.success(), "{}", text(&merged.stderr));
        text(&merged.stdout)
    };
    assert!(merge(&["a"]).contains(" 0 checkpoints copied to both; 0 sessions were there already"));
    let twice = softness(at, &["merge", "one", "one/", "--into", "new"]);
    let said = text(&twice.stdout);
    let all = "sessions and 0 checkpoints copied to new; 0 sessions were there already with the same bits\n";
    assert!(twice.status.success() && said.contains(all), "{said}{}", text(&twice.stderr));
    assert!(
        said.ends_with(
            " sessions are in several of the stores with the same bits, and each is one session here\n"
        ),
        "{said}"
    );
    let score = || {
        let arguments =
            ["replicate", "--plan", "pinned.toml", "--dataset", "data", "--out", "both", "--trained"];
        softness(at, &arguments)
    };
    let part = score();
    let said = text(&part.stderr);
    assert!(part.status.success() && said.contains(" sessions are missing and are left out: "), "{said}");
    // As if the second session of a level had been there and not the first.
    let record = std::fs::read_to_string(at.join("both/replication.json")).unwrap();
    assert!(record.contains("\"1-1\""));
    std::fs::write(at.join("gap.json"), record.replace("\"1-1\"", "\"1-2\"")).unwrap();
    let refused = error(at, &["replicate", "--plan", "gap.json", "--dataset", "data", "--out", "again"]);
    assert!(refused.contains("it is of some sessions of a plan, such as "), "{refused}");
    merge(&["b", "one"]);
    assert!(bits(&at.join("both")) == bits(&at.join("one")));
    let all = score();
    assert!(all.status.success() && !text(&all.stderr).contains("missing"), "{}", text(&all.stderr));
    let whole = ["replicate", "--plan", "pinned.toml", "--dataset", "data", "--out", "one"];
    assert!(softness(at, &whole).status.success());
    let scores = |out: &str| std::fs::read_to_string(at.join(out).join("scores.csv")).unwrap();
    assert_eq!(scores("both"), scores("one"));

    let nothing =
        error(at, &["replicate", "--plan", "pinned.toml", "--dataset", "data", "--out", "none", "--trained"]);
    assert!(nothing.starts_with("error: none: 0 of "), "{nothing}");
    let pinned = std::fs::read_to_string(at.join("pinned.toml")).unwrap();
    let other = pinned
        .lines()
        .map(|line| if line.starts_with("learning_rate") { "learning_rate = 0.5" } else { line });
    std::fs::write(at.join("other.toml"), other.collect::<Vec<_>>().join("\n")).unwrap();
    let refused = error(at, &["merge", "a", "--into", "c", "--plan", "other.toml"]);
    assert!(
        refused.contains("learning rate of a/sessions/") && refused.contains("that of other.toml is 0.5"),
        "{refused}"
    );
    assert!(!at.join("c").exists());
}
