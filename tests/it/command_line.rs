//! The command line as a user meets it: the program itself is run. Scores and fits are held against
//! scipy; golden values and the script that made them: `golden/command_line{/expected.json,.py}`.
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::small::{PLAN, write_cifar};
use crate::support::tolerances::{AGAINST_SCIPY, COEFFICIENTS, P_VALUES};

pub fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/command_line").join(name)
}

fn expected() -> Value {
    serde_json::from_slice(&std::fs::read(golden("expected.json")).unwrap()).unwrap()
}

/// Runs the program in `folder`, with nothing of this machine's CIFAR-10 in sight.
pub fn softness(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_softness"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("SOFTNESS_CIFAR10")
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .output()
        .unwrap()
}

pub fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The one line `error: ..` of a command that ends with status 1, or 2 if it can never work, and prints nothing on stdout.
pub fn error(folder: &Path, arguments: &[&str]) -> String {
    let output = softness(folder, arguments);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{arguments:?}: {}", text(&output.stderr));
    let stderr = text(&output.stderr);
    let errors: Vec<&str> = stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{arguments:?}: {stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    errors[0].to_owned()
}

fn close(found: &Value, wanted: &Value, tolerance: f64, scale: f64, what: &str) {
    let (found, wanted) = (found.as_f64().unwrap(), wanted.as_f64().unwrap());
    assert!(
        (found - wanted).abs() <= tolerance * scale.max(f64::MIN_POSITIVE),
        "{what}: {found} and {wanted}"
    );
}

#[test]
fn scores_of_pictures_are_those_of_scipy() {
    let expected = expected();
    let expected = expected["scores"].as_array().unwrap();
    let files: Vec<String> =
        expected.iter().map(|row| golden(row["file"].as_str().unwrap()).display().to_string()).collect();
    let mut arguments = vec!["score", "--json"];
    arguments.extend(files.iter().map(String::as_str));
    let scored = json(&softness(Path::new("."), &arguments));
    let scored = scored.as_array().unwrap();
    assert_eq!(scored.len(), expected.len());
    for ((found, wanted), file) in scored.iter().zip(expected).zip(&files) {
        assert_eq!(found["file"].as_str(), Some(file.as_str()));
        close(&found["score"], &wanted["score"], AGAINST_SCIPY, 1.0, file);
        for field in ["width", "height", "constant"] {
            assert_eq!(found[field], wanted[field], "{file} {field}");
        }
    }
}

#[test]
fn filters_of_a_file_are_rows_of_layers_and_pictures() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/checkpoints/last.npz");
    let file = file.to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let rows = json(&softness(folder.path(), &["filters", file, "--json"]));
    let rows = rows.as_array().unwrap();
    let found: Vec<(u64, &str, u64, &str)> = rows
        .iter()
        .map(|row| {
            let count = |field: &str| row[field].as_u64().unwrap();
            (count("layer"), row["name"].as_str().unwrap(), count("scored"), row["image"].as_str().unwrap())
        })
        .collect();
    let expected = [(1, "features.0.weight", 4), (2, "features.2.weight", 6), (3, "features.10.weight", 5)];
    let expected =
        expected.map(|(layer, name, filters)| ["bird", "static"].map(|image| (layer, name, filters, image)));
    assert_eq!(found, expected.concat());
    assert!(rows.iter().all(|row| row["iterations"].is_null()));

    let output =
        softness(folder.path(), &["filters", file, "--picture", "static", "--layer", "features.2.weight"]);
    let said = text(&output.stdout);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    assert_eq!(lines[0], format!("{file}: npz, axis order oihw, 1 convolutional layer"));
    assert!(
        lines[2].split_whitespace().collect::<Vec<_>>().starts_with(&["1", "features.2.weight", "6", "4"]),
        "{said}"
    );

    assert_eq!(
        error(folder.path(), &["filters", file, "--every", "5"]),
        "error: --every is 5, but it is for a series of files, with {n} in the name: epoch-{n}.safetensors"
    );
    for (arguments, part) in [
        (&["filters", "none.npz"][..], "error: none.npz: could not open it"),
        (
            &["filters", "epoch-{n}.npz"],
            "error: no file in . fits the pattern \"epoch-{n}.npz\", with digits for {n}",
        ),
        (&["filters", file, "--picture", "none.png"], "error: none.png: could not open it"),
        (
            &["filters", file, "--reading", "forward-pass"],
            "take the reading kernel-slice-sum, each-kernel or kernel-slice",
        ),
    ] {
        let message = error(folder.path(), arguments);
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(softness(folder.path(), &["filters", file, "--order", "ohwi"]).status.code(), Some(2));
    let help = text(&softness(folder.path(), &["filters", "--help"]).stdout);
    assert!(help.contains("softness filters 'run/epoch-{n}.safetensors' --every 500 --out scores"), "{help}");
}

#[test]
fn fits_of_a_table_are_those_of_scipy() {
    let table = golden("table.csv");
    let arguments =
        ["fit", table.to_str().unwrap(), "--x", "iterations", "--y", "score", "--by", "group", "--json"];
    let fits = json(&softness(Path::new("."), &arguments));
    let expected = expected();
    let (fits, expected) = (fits["fits"].as_array().unwrap(), expected["fits"].as_array().unwrap());
    assert_eq!(fits.len(), expected.len());
    for (found, wanted) in fits.iter().zip(expected) {
        let what = format!("{} {}", wanted["group"], wanted["form"]);
        for field in ["group", "form", "n"] {
            assert_eq!(found[field], wanted[field], "{what}");
        }
        for field in ["slope", "intercept", "slope_std_err", "r", "r_squared", "t", "p_value"] {
            let tolerance = if field == "p_value" { P_VALUES } else { COEFFICIENTS };
            close(&found[field], &wanted[field], tolerance, wanted[field].as_f64().unwrap().abs(), &what);
        }
        let residuals =
            found["residuals"].as_array().unwrap().iter().zip(wanted["residuals"].as_array().unwrap());
        residuals.for_each(|(found, wanted)| close(found, wanted, COEFFICIENTS, 1.0, &what));
    }
}

#[test]
fn a_form_that_needs_a_logarithm_of_nothing_is_refused_and_the_others_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), "x,y\n1,2\n2,-3\n3,5\n4,6\n").unwrap();
    let output = softness(folder.path(), &["fit", "t.csv", "--x", "x", "--y", "y", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["fits"].as_array().unwrap().len(), 1);
    assert_eq!(found["fits"][0]["form"], "linear");
    let message = text(&output.stderr);
    for (line, refusal, form) in
        [(0, &found["refusals"][0], "exponential"), (1, &found["refusals"][1], "power")]
    {
        assert_eq!(refusal["forms"], serde_json::json!([form]));
        let reason = refusal["reason"].as_str().unwrap();
        assert!(
            reason.contains("row 2 (line 3)") && reason.contains("-3") && reason.contains(form),
            "{reason}"
        );
        assert_eq!(message.lines().nth(line), Some(format!("error: t.csv: {reason}").as_str()));
    }
}

#[test]
fn bad_inputs_end_with_one_sentence_that_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| std::fs::write(folder.path().join(name), content).unwrap();
    write("text.png", b"this is no picture");
    write("short.csv", b"x,y\n1,2\n2,3\n");
    write("hole.csv", b"x,y\n1,2\n2,\n3,4\n");
    write("plan.toml", b"[[level]]\niterations = 0\nsessions = 1\n");
    write("two.toml", b"[[level]]\niterations = 1\nsessions = 2\n");
    write("archive.tar.gz", b"not an archive");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    write_cifar(&folder.path().join("label"));
    let mut bytes = std::fs::read(folder.path().join("label/data_batch_3.bin")).unwrap();
    bytes[3073 * 4] = 10;
    write("label/data_batch_3.bin", &bytes);
    write_cifar(&folder.path().join("cut"));
    write("cut/test_batch.bin", &bytes[..5000]);
    write_cifar(&folder.path().join("less"));
    std::fs::remove_file(folder.path().join("less/data_batch_2.bin")).unwrap();
    for (arguments, words) in [
        (&["score", "nothing.png"][..], &["nothing.png"][..]),
        (&["score", "text.png"], &["text.png", "PNG"]),
        (&["fit", "short.csv", "--x", "x", "--y", "y"], &["2 points", "at least 3"]),
        (&["fit", "hole.csv", "--x", "x", "--y", "y"], &["hole.csv", "row 2", "line 3", "missing"]),
        (&["fit", "hole.csv", "--x", "z", "--y", "y"], &["\"z\"", "\"x\", \"y\""]),
        (&["train", "--dataset", "nowhere"], &["nowhere", "no such folder"]),
        (&["train", "--dataset", "empty"], &["empty", "sub-folder"]),
        (&["train", "--dataset", "label"], &["data_batch_3.bin", "record 4", "label 10"]),
        (&["train", "--dataset", "cut"], &["test_batch.bin", "record 1", "1927"]),
        (&["train", "--dataset", "less"], &["data_batch_2.bin", "softness fetch"]),
        (&["train", "--dataset", "synthetic", "--preset", "papre"], &["papre", "hvass02"]),
        (&["train", "--dataset", "synthetic", "--iterations", "0"], &["iterations", "0"]),
        (&["replicate", "--plan", "plan.toml"], &["plan.toml", "line 1"]),
        (&["replicate", "--plan", "nothing.toml"], &["nothing.toml"]),
        (&["replicate", "--plan", "two.toml", "--dataset", "synthetic"], &["number of sessions", "2"]),
        (&["replicate", "--jobs", "0", "--dataset", "synthetic"], &["jobs"]),
        (
            &["fetch", "cifar10", "--from", "archive.tar.gz", "--to", "there"],
            &["archive.tar.gz", "170052171"],
        ),
    ] {
        let message = error(folder.path(), arguments);
        for word in words {
            assert!(message.contains(word), "{arguments:?}: {message}");
        }
    }
}

#[test]
fn a_wrong_option_ends_with_status_2() {
    for arguments in
        [&["replicate", "--plam", "quick"][..], &["train", "--iterations", "many"], &["paint"], &[]]
    {
        assert_eq!(softness(Path::new("."), arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn every_command_has_help() {
    for command in ["replicate", "train", "score", "fit", "fetch"] {
        let output = softness(Path::new("."), &[command, "--help"]);
        assert!(output.status.success());
        assert!(text(&output.stdout).contains("Usage: softness"), "{command}");
    }
}

#[test]
fn train_prints_one_json_document_and_a_store_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    let arguments =
        ["train", "--dataset", "data", "--iterations", "2", "--seed", "5", "--out", "store", "--json"];
    let first = json(&softness(folder.path(), &arguments));
    assert_eq!(first["iterations"], 2);
    assert_eq!(first["resumed_from"], 0);
    assert!(first["train_seconds"].as_f64().unwrap() > 0.0);
    assert!((0.0..=1.0).contains(&first["test_accuracy"].as_f64().unwrap()));
    let again = json(&softness(folder.path(), &arguments));
    assert_eq!((again["resumed_from"].as_u64(), again["train_seconds"].as_f64()), (Some(2), Some(0.0)));
    assert_eq!((&again["loss"], &again["test_accuracy"]), (&first["loss"], &first["test_accuracy"]));
}

#[test]
fn replicate_writes_the_whole_study_whatever_the_number_of_jobs() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    std::fs::write(folder.path().join("plan.toml"), PLAN).unwrap();
    let run = |out: &str, jobs: &str| {
        let arguments = [
            "replicate",
            "--dataset",
            "data",
            "--plan",
            "plan.toml",
            "--out",
            out,
            "--jobs",
            jobs,
            "--seed",
            "3",
        ];
        let output = softness(folder.path(), &arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        output
    };
    run("one", "1");
    run("three", "3");
    let read = |out: &str, file: &str| std::fs::read(folder.path().join(out).join(file)).unwrap();
    for file in [
        "scores.csv",
        "fits.csv",
        "fits.json",
        "explorer.html",
        "figures/figure-3.svg",
        "figures/figure-6.png",
        "figures/figure-2.pdf",
    ] {
        assert_eq!(read("one", file), read("three", file), "{file}");
    }
    for figure in ["1", "2", "3", "4", "5", "6", "7", "8", "8-all"] {
        let svg = text(&read("one", &format!("figures/figure-{figure}.svg")));
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "figure {figure}");
        let png = read("one", &format!("figures/figure-{figure}.png"));
        assert!(png.starts_with(b"\x89PNG\r\n"), "figure {figure}");
        let pdf = read("one", &format!("figures/figure-{figure}.pdf"));
        assert!(pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF"), "figure {figure}");
    }
    let report = text(&read("one", "report.html"));
    assert!(report.contains("This is a demonstration, not a replication."));
    assert!(!report.contains("Beside the paper"));
    // The nine figures, the drawing of the reading, and two of the second study.
    assert_eq!(report.matches("<img src=\"data:image/svg+xml;base64,").count(), 12);
    // Each has a number of its own, or none; and what it shows is its alternative text too.
    let captions: Vec<&str> = report.split("<figcaption><strong>").skip(1).collect();
    let numbers: Vec<&str> = captions.iter().map(|caption| caption.split('.').next().unwrap()).collect();
    assert_eq!(numbers.len(), 12);
    assert_eq!(numbers.iter().collect::<std::collections::BTreeSet<_>>().len(), 12, "{numbers:?}");
    for caption in captions {
        let words = caption.split("</figcaption>").next().unwrap().replace("</strong>", "");
        assert!(report.contains(&format!(" alt=\"{words}\"")), "{words}");
    }
    let summary = report.split("id=\"abstract\">").nth(1).unwrap().split("</p>").next().unwrap();
    assert_eq!(summary.matches(". ").count() + 1, 4, "{summary}");
    assert!(
        !report.contains("src=\"http") && report.matches("href=").count() == 1,
        "the report needs nothing beside it to be read"
    );
    assert!(report.contains("<a href=\"explorer.html\">"));
    assert!(text(&read("one", "explorer.html")).starts_with("<!DOCTYPE html>"));

    // A second run finds all six sessions, trains nothing and writes the same tables.
    let scores = read("one", "scores.csv");
    let again = run("one", "2");
    assert_eq!(text(&again.stderr).matches("already there").count(), 6);
    assert_eq!(read("one", "scores.csv"), scores);
}

#[test]
#[cfg(unix)]
fn an_interrupted_train_stops_with_a_checkpoint() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("cifar"));
    let arguments =
        ["train", "--dataset", "cifar", "--out", "store", "--iterations", "100000", "--evaluate-every", "0"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_softness"))
        .args(arguments)
        .current_dir(folder.path())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("data:"), "the data are told before training");
    let unfinished = folder.path().join("store/unfinished");
    while !unfinished.exists() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest:?}");
    assert!(rest.iter().any(|line| line.contains("was stopped after iteration")), "{rest:?}");
    let checkpoints = std::fs::read_dir(unfinished).unwrap().flatten();
    let kinds = checkpoints.filter(|entry| entry.path().extension().is_some_and(|kind| kind == "checkpoint"));
    assert_eq!(kinds.count(), 1);
}

#[test]
fn training_is_held_to_the_instructions_that_the_environment_names() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    let train = |instructions: &str| {
        Command::new(env!("CARGO_BIN_EXE_softness"))
            .args(["train", "--dataset", "data", "--iterations", "2", "--json"])
            .current_dir(folder.path())
            .env("SOFTNESS_INSTRUCTIONS", instructions)
            .output()
            .unwrap()
    };
    let mut held = 0;
    for name in ["portable", "avx2", "avx512", "neon"] {
        let output = train(name);
        if output.status.success() {
            assert_eq!(json(&output)["instructions"], name);
            held += 1;
        } else {
            let said = text(&output.stderr);
            assert!(said.contains(name) && name != "portable", "{name}: {said}");
        }
    }
    println!("{held} sets of instructions are there on this machine");
    assert!(held >= if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) { 2 } else { 1 });
    let said = text(&train("sse9").stderr);
    assert!(said.contains("sse9") && said.contains("portable"), "{said}");
}

#[test]
fn filters_are_kept_while_a_session_or_a_plan_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write_cifar(&at.join("data"));
    let train = |arguments: &[&str]| {
        let output = softness(at, &[&["train", "--dataset", "data", "--out", "store"], arguments].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    let kept = || -> Vec<Vec<u64>> {
        let sessions = softness::internals::saved_sessions(&at.join("store/sessions")).unwrap();
        sessions.iter().map(softness::session::Session::kept_iterations).collect()
    };
    train(&["--iterations", "6"]);
    assert_eq!(kept(), [[0, 6]]);
    let said = train(&["--iterations", "6", "--snapshots"]);
    assert!(said.contains("is trained again to keep them"), "{said}");
    assert_eq!(kept(), [[0, 1, 2, 5, 6]]);
    let said = train(&["--iterations", "6", "--snapshots=2"]);
    assert!(!said.contains("trained again"), "{said}");
    for (list, problem) in [
        ("--snapshots=7", "training ends at iteration 6"),
        ("--snapshots=0,2", "leave 0 out"),
        ("--snapshots=5,2", "each must be larger than the one before"),
        ("--snapshots=x", "it must be iterations with commas between them"),
    ] {
        let said = error(at, &["train", "--dataset", "data", "--iterations", "6", list]);
        assert!(said.contains(problem), "{said}");
    }
    std::fs::remove_dir_all(at.join("store")).unwrap();
    std::fs::write(at.join("plan.toml"), PLAN).unwrap();
    let whole = [
        vec![0, 1],
        vec![0, 1],
        vec![0, 1, 2, 3],
        vec![0, 1, 2, 3],
        vec![0, 1, 2, 5, 6],
        vec![0, 1, 2, 5, 6],
    ];
    train(&["--plan", "plan.toml", "--snapshots"]);
    assert_eq!(kept(), whole);
    // In the file, and of a pinned plan.
    std::fs::remove_dir_all(at.join("store")).unwrap();
    std::fs::write(at.join("kept.toml"), format!("snapshots = [2, 4]\n{PLAN}")).unwrap();
    let pin = |file: &str| text(&softness(at, &["plan", file, "--pin", "--dataset", "data"]).stdout);
    std::fs::write(at.join("pinned.toml"), pin("kept.toml")).unwrap();
    assert_eq!(pin("kept.toml").replace("snapshots = [2, 4]\n", ""), pin("plan.toml"));
    train(&["--plan", "pinned.toml"]);
    let listed = [vec![0, 1], vec![0, 1], vec![0, 2, 3], vec![0, 2, 3], vec![0, 2, 4, 6], vec![0, 2, 4, 6]];
    assert_eq!(kept(), listed);
    let said =
        error(at, &["train", "--dataset", "data", "--out", "store", "--plan", "plan.toml", "--snapshots=7"]);
    assert!(said.contains("training ends at iteration 6"), "{said}");
}
