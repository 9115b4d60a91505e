//! Scores, filters and fits are those of scipy; golden values and the script that made them:
//! `golden/command_line{/expected.json,.py}`.
use std::path::Path;

use serde_json::Value;

use super::{error, golden, json, softness, text};
use crate::support::tolerances::{AGAINST_SCIPY, COEFFICIENTS, P_VALUES};

fn expected() -> Value {
    serde_json::from_slice(&std::fs::read(golden("expected.json")).unwrap()).unwrap()
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
