//! Plans on many machines: pinned, divided into shares, trained by tasks of a batch system, and looked at.
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use super::{error, json, softness, text};
use crate::support::small::{PLAN, archives, files, unpack, write_cifar};

/// Runs the program with one more variable in the environment.
fn task(folder: &Path, (variable, value): (&str, &str), arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_softness"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("SOFTNESS_CIFAR10")
        .env(variable, value)
        .output()
        .unwrap()
}

/// The filters and histories in a store, by session and file.
pub fn bits(store: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for session in archives(store) {
        let unpacked = tempfile::tempdir().unwrap();
        unpack(&session, unpacked.path());
        for file in files(unpacked.path(), "") {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            // The record has times.
            if name.ends_with(".npy") || name == "history.csv" {
                let whole = format!("{}/{name}", session.file_name().unwrap().to_string_lossy());
                found.insert(whole, std::fs::read(file).unwrap());
            }
        }
    }
    found
}

/// A folder with data, a plan, and the plan pinned to the data and to the instructions of every processor.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    std::fs::write(folder.path().join("plan.toml"), PLAN).unwrap();
    let pin = ["plan", "plan.toml", "--pin", "--dataset", "data", "--instructions", "portable"];
    let pinned = softness(folder.path(), &pin);
    assert!(pinned.status.success(), "{}", text(&pinned.stderr));
    std::fs::write(folder.path().join("pinned.toml"), &pinned.stdout).unwrap();
    folder
}

#[test]
fn a_plan_that_is_pinned_again_says_what_it_was_pinned_to() {
    let folder = folder();
    let again = |data: &str| {
        let pin = ["plan", "pinned.toml", "--pin", "--dataset", data, "--instructions", "portable"];
        let output = softness(folder.path(), &pin);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    assert!(!again("data").contains("note:"));
    let said = again("synthetic");
    let words =
        ["note: pinned.toml was pinned to data set ", "; what is printed is pinned to data set 3518d003537e"];
    assert!(words.iter().all(|words| said.contains(words)), "{said}");
}

#[test]
fn tasks_of_an_array_train_their_shares_to_the_bits_of_one_process() {
    let folder = folder();
    let at = folder.path();
    let all = softness(at, &["train", "--plan", "pinned.toml", "--dataset", "data", "--out", "one"]);
    assert!(all.status.success(), "{}", text(&all.stderr));
    let expected = bits(&at.join("one"));

    let status = |store: &str| softness(at, &["status", store, "--plan", "pinned.toml", "--shares", "3"]);
    let before = status("many");
    assert_eq!(before.status.code(), Some(3), "nothing is there");
    assert!(text(&before.stdout).contains("array: 0-2"), "{}", text(&before.stdout));
    let train = ["train", "--plan", "pinned.toml", "--dataset", "data", "--shares", "3", "--out", "many"];
    // Slurm counts from 0 if it is told so, HyperQueue may count from 1: task 3 of 3 is share 0.
    for (variable, value, share) in [("SLURM_ARRAY_TASK_ID", "1", 1), ("HQ_TASK_ID", "3", 0)] {
        let output = task(at, (variable, value), &train);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let line = format!("share {share} of 3, by {variable} = {value}");
        assert!(text(&output.stderr).contains(&line), "{}", text(&output.stderr));
    }
    let half = status("many");
    assert_eq!(half.status.code(), Some(3));
    assert!(text(&half.stdout).contains("array: 2\n"), "{}", text(&half.stdout));
    let last = [&train[..], &["--share", "2"]].concat();
    assert!(softness(at, &last).status.success());
    let done = status("many");
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stdout));
    assert!(text(&done.stdout).contains("array: \n"), "{}", text(&done.stdout));
    assert!(bits(&at.join("many")) == expected, "other bits than one process");
}

#[test]
fn a_plan_is_shown_with_keys_that_its_sessions_have() {
    let folder = folder();
    let at = folder.path();
    let rows = json(&softness(at, &["plan", "pinned.toml", "--json"]));
    let names: Vec<&str> =
        rows.as_array().unwrap().iter().map(|row| row["session"].as_str().unwrap()).collect();
    let last = *names.last().unwrap();
    let train = ["train", "--plan", "pinned.toml", "--dataset", "data", "--out", "store", "--session", last];
    assert!(softness(at, &train).status.success());
    let key = rows.as_array().unwrap().last().unwrap()["key"].as_str().unwrap().to_owned();
    let kept = at.join("store/sessions").join(&key[..2]).join(format!("{key}.session"));
    assert!(kept.is_file(), "{key}");
    let status = json_of_any(&softness(at, &["status", "store", "--plan", "pinned.toml", "--json"]));
    let state = |name: &str| {
        let sessions = status["sessions"].as_array().unwrap();
        sessions.iter().find(|row| row["session"] == name).unwrap()["state"].clone()
    };
    assert_eq!(state(last), "finished");
    assert_eq!(state(names[0]), "missing");
    let shares = text(&softness(at, &["plan", "pinned.toml", "--shares", "2"]).stdout);
    assert!(shares.contains(" iterations in 2 shares: the largest has "), "{shares}");
    // A column of which nothing is known is left out.
    let header = |arguments: &[&str]| {
        let said = text(&softness(at, &[&["plan"], arguments].concat()).stdout);
        said.lines().next().unwrap().split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(header(&["plan.toml"]), "session iterations seed");
    assert_eq!(header(&["pinned.toml"]), "session iterations seed seconds path in the store");
    let all = "share session iterations seed seconds path in the store";
    assert_eq!(header(&["pinned.toml", "--shares", "2"]), all);
}

/// The document of a command that may end with status 3.
pub fn json_of_any(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_does_not_belong_to_a_plan_is_refused() {
    let folder = folder();
    let at = folder.path();
    let train = |plan: &str, more: &[&str]| {
        error(at, &[&["train", "--plan", plan, "--out", "store"][..], more].concat())
    };
    let other = train("pinned.toml", &["--dataset", "synthetic"]);
    assert!(
        other.contains("fingerprint of the data set is ") && other.contains("the plan is pinned to "),
        "{other}"
    );
    let pinned = std::fs::read_to_string(at.join("pinned.toml")).unwrap();
    std::fs::write(at.join("old.toml"), pinned.replace("training_code = 4", "training_code = 3")).unwrap();
    let old = train("old.toml", &["--dataset", "data"]);
    assert!(old.contains("training code of the plan is 3") && old.contains("this program has 4"), "{old}");
    let missing = if cfg!(target_arch = "x86_64") { "neon" } else { "avx2" };
    let elsewhere = pinned.replace("instructions = \"portable\"", &format!("instructions = \"{missing}\""));
    std::fs::write(at.join("elsewhere.toml"), elsewhere).unwrap();
    let elsewhere = train("elsewhere.toml", &["--dataset", "data"]);
    assert!(elsewhere.contains(&format!("instruction path is {missing}")), "{elsewhere}");
    // What was trained there can be scored here.
    let scored = ["replicate", "--plan", "elsewhere.toml", "--dataset", "data", "--out", "none", "--trained"];
    let scored = error(at, &scored);
    assert!(scored.contains("0 of 6 sessions of the plan small are finished"), "{scored}");
    let unpinned = train("plan.toml", &["--dataset", "data", "--shares", "2", "--share", "0"]);
    assert!(unpinned.contains("pin the plan first"), "{unpinned}");
    let unpinned = error(at, &["status", "store", "--plan", "plan.toml"]);
    assert!(unpinned.contains("plan is not pinned"), "{unpinned}");
    let no_session = train("pinned.toml", &["--dataset", "data", "--session", "7-7"]);
    assert!(no_session.contains("--session is \"7-7\", but the plan has "), "{no_session}");
    let outside = train("pinned.toml", &["--dataset", "data", "--shares", "2", "--share", "3"]);
    assert!(outside.contains("it must be a number from 0 to 1, or from 1 to 2"), "{outside}");
    std::fs::write(at.join("bad.toml"), pinned.replace("dataset = \"", "dataset = \"x")).unwrap();
    let bad = train("bad.toml", &["--dataset", "data"]);
    assert!(bad.contains("bad.toml: line ") && bad.contains("64 hexadecimal digits"), "{bad}");
}

#[test]
fn the_documentation_has_the_job_files_word_for_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let page = read("docs/many-machines.md");
    for file in ["slurm.sbatch", "hyperqueue.sh", "hq.py", "kubernetes.yaml", "Snakefile", "parallel.sh"] {
        assert!(page.contains(&format!("\n{}```", read(&format!("cluster/{file}")))), "{file}");
    }
}

#[test]
fn a_plan_that_is_none_or_other_seeds_than_those_pinned_can_never_work() {
    let folder = folder();
    let at = folder.path();
    std::fs::write(at.join("wrong.toml"), "seed = \"x\"\n").unwrap();
    for (arguments, expected) in [
        (
            &["train", "--plan", "wrong.toml", "--dataset", "data", "--out", "store"][..],
            "wrong.toml: line 1: seed: ",
        ),
        (&["status", "store", "--plan", "wrong.toml"], "wrong.toml: line 1: seed: "),
        (&["plan", "wrong.toml"], "wrong.toml: line 1: seed: "),
        (
            &["replicate", "--plan", "pinned.toml", "--dataset", "data", "--out", "store", "--seed", "3"],
            "--seed is 3, but the plan is pinned, and its sessions have the seeds of the plan: leave --seed out",
        ),
    ] {
        let output = softness(at, arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    assert!(!at.join("store").exists());
}

#[test]
fn instructions_of_a_plan_and_of_the_environment_must_agree() {
    let folder = folder();
    let at = folder.path();
    let plan = std::fs::read_to_string(at.join("plan.toml")).unwrap();
    std::fs::write(at.join("stated.toml"), format!("instructions = \"portable\"\n{plan}")).unwrap();
    let run = |named: &str, plan: &str, command: &[&str]| {
        let more = ["--plan", plan, "--dataset", "data", "--out", "store"];
        task(at, ("SOFTNESS_INSTRUCTIONS", named), &[command, &more].concat())
    };
    for (plan, verb) in [("pinned.toml", "is pinned to"), ("stated.toml", "states")] {
        for command in [&["train"][..], &["train", "--session", "1-1"], &["replicate"]] {
            let output = run("avx2", plan, command);
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{said}");
            let expected =
                format!("SOFTNESS_INSTRUCTIONS is avx2, but the plan {verb} portable: unset the variable");
            assert!(said.contains(&expected), "{said}");
            assert!(!at.join("store").exists());
        }
    }
    for named in ["portable", ""] {
        let output = run(named, "pinned.toml", &["train"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    // Nothing is trained, so the variable has nothing to say.
    let output = run("avx2", "pinned.toml", &["replicate", "--trained"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_plan_is_read_in_the_encodings_of_editors() {
    let folder = tempfile::tempdir().unwrap();
    let plan = "name = \"é\"\n[[level]]\niterations = 1\nsessions = 3\n";
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| {
        "\u{feff}".encode_utf16().chain(plan.encode_utf16()).flat_map(bytes).collect()
    };
    let contents: [Vec<u8>; 4] =
        [plan.into(), format!("\u{feff}{plan}").into(), utf_16(u16::to_le_bytes), utf_16(u16::to_be_bytes)];
    let shown = contents.map(|content| {
        std::fs::write(folder.path().join("plan.toml"), content).unwrap();
        text(&softness(folder.path(), &["plan", "plan.toml"]).stdout)
    });
    assert!(shown[0].contains("1-3"), "{}", shown[0]);
    assert!(shown[1..].iter().all(|other| *other == shown[0]), "{shown:?}");
}
