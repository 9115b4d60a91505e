//! Training, and the whole study.
use std::process::Command;

use serde_json::Value;

use super::{error, json, softness, text};
use crate::support::small::{PLAN, write_cifar};

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
    same_images_in_the_explorer(&text(&read("one", "explorer.html")), &text(&read("one", "scores.csv")));

    // A second run finds all six sessions, trains nothing and writes the same tables.
    let scores = read("one", "scores.csv");
    let again = run("one", "2");
    assert_eq!(text(&again.stderr).matches("already there").count(), 6);
    assert_eq!(read("one", "scores.csv"), scores);
}

/// The explorer's layer scores at the end of training are the sums of those in the table, image by image.
fn same_images_in_the_explorer(html: &str, scores: &str) {
    assert!(html.starts_with("<!DOCTYPE html>"));
    let (_, rest) = html.split_once("id=\"study\">").unwrap();
    let study: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    let pictures = study["pictures"].as_array().unwrap();
    assert_eq!(pictures.len(), 2);
    let table: Vec<Vec<&str>> = scores.lines().map(|line| line.split(',').collect()).collect();
    let column = |name: &str| table[0].iter().position(|title| *title == name).unwrap();
    let [session, layer, image, score] = ["session", "layer", "image", "score"].map(column);
    for (place, picture) in pictures.iter().enumerate() {
        for own in study["sessions"].as_array().unwrap() {
            let is_wanted = |row: &&Vec<&str>| {
                Some(row[session]) == own["name"].as_str()
                    && row[layer] == "1"
                    && Some(row[image]) == picture["name"].as_str()
            };
            let rows: Vec<f64> =
                table[1..].iter().filter(is_wanted).map(|row| row[score].parse().unwrap()).collect();
            assert!(!rows.is_empty(), "{} and {} are not in the table", own["name"], picture["name"]);
            let last = own["sums"].as_array().unwrap().last().unwrap();
            let (explored, sum) = (last[place].as_f64().unwrap(), rows.iter().sum::<f64>());
            // The page has seven decimals.
            assert!((explored - sum).abs() < 1e-7, "{explored} and {sum}");
        }
    }
}

#[test]
fn replicate_replaces_no_files_from_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    std::fs::write(folder.path().join("plan.toml"), PLAN).unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    std::fs::write(folder.path().join("own/fits.csv"), "precious\n").unwrap();
    let arguments = ["replicate", "--dataset", "data", "--plan", "plan.toml", "--out", "own"];
    let output = softness(folder.path(), &arguments);
    let expected = "error: folder is own, but it has a fits.csv and no replication.json, so it is not the folder of a study: \
                    name another one";
    assert_eq!((output.status.code(), text(&output.stderr).trim()), (Some(2), expected));
    let kept = std::fs::read_to_string(folder.path().join("own/fits.csv")).unwrap();
    assert_eq!((&*kept, std::fs::read_dir(folder.path().join("own")).unwrap().count()), ("precious\n", 1));
    // A record that is none does not make it one.
    for record in ["mine", "{\"format\": 1}", ""] {
        std::fs::write(folder.path().join("own/replication.json"), record).unwrap();
        let output = softness(folder.path(), &arguments);
        let expected = "error: folder is own, but its replication.json is not the record of a study that `softness replicate` wrote, and \
                        would be replaced: name another one";
        assert_eq!((output.status.code(), text(&output.stderr).trim()), (Some(2), expected));
        let kept = std::fs::read_to_string(folder.path().join("own/replication.json")).unwrap();
        assert_eq!(kept, record);
    }
}

#[test]
fn replicate_keeps_tables_and_figures_that_a_person_has_edited() {
    let folder = tempfile::tempdir().unwrap();
    write_cifar(&folder.path().join("data"));
    std::fs::write(folder.path().join("plan.toml"), PLAN).unwrap();
    let at = |name: &str| folder.path().join("own").join(name);
    let read = |name: &str| std::fs::read_to_string(at(name)).unwrap();
    let run = || {
        let arguments = ["replicate", "--dataset", "data", "--plan", "plan.toml", "--out", "own"];
        let output = softness(folder.path(), &arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
            .lines()
            .filter(|line| line.starts_with("note: "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!((run(), run()), (vec![], vec![]));
    let written = read("scores.csv");
    let edited = written.replacen(",false,", ",true,", 1);
    assert_ne!(edited, written);
    std::fs::write(at("scores.csv"), &edited).unwrap();
    let note = "note: own/scores.csv is not as it was last written here and may have been edited, so it is kept as own/scores.edited.csv";
    assert_eq!(run(), [note]);
    assert_eq!((read("scores.csv"), read("scores.edited.csv")), (written, edited));
    std::fs::write(at("figures/figure-3.svg"), "mine").unwrap();
    let note = "note: own/figures/figure-3.svg is not as it was last written here and may have been edited, so it is kept as \
                own/figures/figure-3.edited.svg";
    assert_eq!(run(), [note]);
    assert_eq!(read("figures/figure-3.edited.svg"), "mine");
    assert_eq!(run(), Vec::<String>::new());
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
