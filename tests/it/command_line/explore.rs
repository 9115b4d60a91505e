//! `softness explore`: the page of saved sessions and of series of weight files, and what it refuses.

use std::path::Path;

use serde_json::{Value, json};
use softness::prelude::*;

use super::{error, softness, text};
use crate::support::golden;
use crate::support::small::{small, train};

#[test]
fn sessions_in_a_folder_become_one_page_that_replaces_an_older_one() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small().iterations(3).seed(1));
    session.save(&folder.path().join("runs/one")).unwrap();
    let page = folder.path().join("pages/explorer.html");
    for sessions in ["runs", "runs/one"] {
        let output = softness(folder.path(), &["explore", "--out", "pages/explorer.html", sessions]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(
            text(&output.stdout).starts_with("pages/explorer.html: explorer of 1 session (an HTML page of ")
        );
        let html = std::fs::read_to_string(&page).unwrap();
        assert!(html.starts_with("<!DOCTYPE html>") && html.contains(session.name()));
        assert_eq!(html, session.explore().unwrap().html());
        // Nothing but the page is left in its folder.
        assert_eq!(std::fs::read_dir(folder.path().join("pages")).unwrap().count(), 1);
    }
    // A page of another kind is refused before anything is drawn, and stays.
    std::fs::write(&page, "<!DOCTYPE html><title>Holidays</title>").unwrap();
    let said = error(folder.path(), &["explore", "--out", "pages/explorer.html", "runs"]);
    assert!(said.contains("pages/explorer.html, but another file is there"), "{said}");
    assert!(std::fs::read_to_string(&page).unwrap().contains("Holidays"));
}

#[test]
fn sessions_of_the_same_name_in_two_places_have_the_places_in_their_names() {
    let folder = tempfile::tempdir().unwrap();
    for (place, seed) in [("a", 1), ("b", 2)] {
        train(small().iterations(2).seed(seed))
            .named("2-1")
            .save(&folder.path().join(place).join("2-1"))
            .unwrap();
    }
    train(small().iterations(3)).named("3-1").save(&folder.path().join("b/3-1")).unwrap();
    let output = softness(folder.path(), &["explore", "--out", "page.html", "a/2-1", "b"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let found = sessions(&folder.path().join("page.html"));
    let names: Vec<String> =
        found.iter().map(|session| session["name"].as_str().unwrap().replace('\\', "/")).collect();
    assert_eq!(names, ["a/2-1", "b/2-1", "3-1"]);
}

#[test]
fn sessions_of_the_same_name_in_one_folder_have_their_seeds_in_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let training = small().iterations(2);
    for seed in [1, 2] {
        let session = train(training.clone().seed(seed)).named("2-1");
        session.save(&folder.path().join("store/sessions").join(format!("2-1-{seed}"))).unwrap();
    }
    let output = softness(folder.path(), &["explore", "store", "--out", "page.html"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let found = sessions(&folder.path().join("page.html"));
    let names: Vec<&str> = found.iter().map(|session| session["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["2-1 (seed 1)", "2-1 (seed 2)"]);
    let label = ["label", "store", "--out", "label.html", "--layer", "1", "--picture", "static"];
    let output = softness(folder.path(), &label);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_folder_without_sessions_or_a_place_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let said = error(folder.path(), &["explore", "--out", "page.html", "empty"]);
    assert_eq!(said, "error: empty has no saved session: name the folder that `softness train --out` wrote");
    assert!(error(folder.path(), &["explore", "--out", "page.html", "missing"]).contains("missing"));
    assert!(!folder.path().join("page.html").exists());
}

/// What a page knows of its sessions.
fn sessions(page: &Path) -> Vec<Value> {
    let html = std::fs::read_to_string(page).unwrap();
    let (_, rest) = html.split_once("id=\"study\">").unwrap();
    let study: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    study["sessions"].as_array().unwrap().clone()
}

#[test]
fn a_series_of_weight_files_is_one_session_with_an_iteration_for_each_file() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    for run in ["one", "two"] {
        std::fs::create_dir(folder.path().join(run)).unwrap();
        for number in 1..=10 {
            let name = format!("epoch-{number:02}.safetensors");
            let from = golden::path("checkpoints").join(&name);
            std::fs::copy(from, folder.path().join(run).join(name)).unwrap();
        }
    }
    let explore = |more: &[&str]| {
        let output = softness(folder.path(), &[&["explore", "--out", "page.html"][..], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let pattern = "one/epoch-{n}.safetensors";
    let said = explore(&[pattern, "--every", "6"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "series: 10 files, n = 1 to 10, 6 iterations from one number to the next");
    assert_eq!(lines[1], "one/epoch-01.safetensors: safetensors, axis order oihw, 3 convolutional layers");
    assert!(lines[2].starts_with("page.html: explorer of 1 session ") && lines.len() == 3, "{said}");
    let found = sessions(&page);
    assert_eq!(found[0]["iterations"], json!([6, 12, 18, 24, 30, 36, 42, 48, 54, 60]));
    assert_eq!((&found[0]["name"], found[0]["sums"].as_array().unwrap().len()), (&json!("epoch-{n}"), 10));
    let checkpoints = WeightFile::series(&folder.path().join(pattern).to_string_lossy(), AxisOrder::Oihw, 6);
    let session = Session::from_checkpoints("epoch-{n}", &checkpoints.unwrap()).unwrap();
    assert_eq!(std::fs::read_to_string(&page).unwrap(), session.explore().unwrap().html());

    // Beside another series and a saved session, and of some layers.
    train(small().iterations(3).seed(1)).save(&folder.path().join("saved")).unwrap();
    explore(&[
        pattern,
        "two/epoch-{n}.safetensors",
        "saved",
        "--layer",
        "features.10.weight,features.0.weight",
    ]);
    let found = sessions(&page);
    let names: Vec<&str> = found.iter().map(|session| session["name"].as_str().unwrap()).collect();
    assert_eq!(names[..2], ["epoch-{n}", "two/epoch-{n}.safetensors"]);
    assert_eq!(names.len(), 3);
    let layers = json!([
        {"filters": 5, "channels": 6, "kernel": 4},
        {"filters": 4, "channels": 3, "kernel": 5}
    ]);
    assert_eq!((&found[1]["layers"], &found[1]["iterations"][9]), (&layers, &json!(10)));
}

#[test]
fn options_of_weight_files_are_refused_without_any_and_a_series_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let refusal =
        |more: &[&str]| error(folder.path(), &[&["explore", "--out", "page.html"][..], more].concat());
    let weight_files = "it is for weight files: name a series of them, such as 'run/epoch-{n}.safetensors'";
    assert_eq!(refusal(&["--layer", "conv1"]), format!("error: --layer is \"conv1\", but {weight_files}"));
    assert_eq!(refusal(&["--order", "oihw"]), format!("error: --order is oihw, but {weight_files}"));
    assert_eq!(
        refusal(&["--every", "3"]),
        "error: --every is 3, but it is for a series of files, with {n} in the name: epoch-{n}.safetensors"
    );
    assert_eq!(
        refusal(&["epoch-{n}.safetensors"]),
        "error: no file in . fits the pattern \"epoch-{n}.safetensors\", with digits for {n}"
    );
    assert_eq!(
        refusal(&["net.npz"]),
        "error: SESSIONS is net.npz, but explore takes saved sessions, or a series of weight files, with {n} in place of the number, \
         such as 'epoch-{n}.npz'; of one file, `softness filters net.npz` scores and draws the filters"
    );
    assert!(!folder.path().join("page.html").exists());
}
