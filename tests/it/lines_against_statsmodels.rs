//! `fit`, `fit_models` and `softness fit` held against statsmodels on NIST's Norris, Misra1a and DanWood, on cars, and
//! on drawn sets with ties, leverage and unequal variance.
use std::collections::BTreeMap;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;
use softness::models::{FitSummary, Fits, Form, fit_models};
use softness::table::{FilterScore, ScoreTable};

use crate::support::golden::{assert_close, json};
use crate::support::tolerances::{AGAINST_STATSMODELS, P_VALUES_OF_STATSMODELS};

#[derive(Deserialize)]
struct Golden {
    sets: Vec<Set>,
}

#[derive(Deserialize)]
struct Set {
    name: String,
    fits: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    form: Form,
    numbers: BTreeMap<String, f64>,
    p_values: BTreeMap<String, f64>,
    leverages: Vec<f64>,
    studentised: Vec<f64>,
    cooks: Vec<f64>,
}

#[derive(Deserialize)]
struct Points {
    lines: Vec<Drawn>,
}

#[derive(Deserialize)]
struct Drawn {
    name: String,
    x: Vec<f64>,
    y: Vec<f64>,
}

fn sets() -> Vec<(Drawn, Set)> {
    let points = json::<Points>("statistics.json").lines;
    let sets = json::<Golden>("statsmodels.json").sets;
    assert_eq!((points.len(), sets.len()), (7, 7));
    points.into_iter().zip(sets).inspect(|(points, set)| assert_eq!(points.name, set.name)).collect()
}

/// Compares the fields of a fit as JSON with statsmodels'.
fn compare(found: &Value, line: &Line, place: &str) {
    for (numbers, tolerance) in
        [(&line.numbers, AGAINST_STATSMODELS), (&line.p_values, P_VALUES_OF_STATSMODELS)]
    {
        for (name, &theirs) in numbers {
            let ours = found[name].as_f64().unwrap_or_else(|| panic!("{place}: no {name}"));
            let scale = match name.as_str() {
                // An intercept near zero is known as well as its error says.
                "intercept" => line.numbers["intercept_std_err"],
                _ => theirs.abs(),
            };
            // Below the smallest f64 there is nothing to compare.
            assert_close(ours, theirs, tolerance, scale.max(1e-300), &format!("{place}: {name}"));
        }
    }
}

#[test]
fn a_fit_says_what_statsmodels_says() {
    for (points, set) in sets() {
        for line in &set.fits {
            let ours = line.form.fit(&points.x, &points.y).unwrap();
            let place = format!("{}, {}", set.name, line.form);
            compare(&serde_json::to_value(&ours).unwrap(), line, &place);
            let vectors = [
                (ours.leverages(), &line.leverages),
                (ours.studentised_residuals(), &line.studentised),
                (ours.cooks_distances(), &line.cooks),
            ];
            for (ours, theirs) in vectors {
                assert_eq!(ours.len(), theirs.len());
                for (ours, theirs) in ours.iter().zip(theirs) {
                    assert_close(*ours, *theirs, AGAINST_STATSMODELS, theirs.abs().max(1.0), &place);
                }
            }
        }
    }
}

#[test]
fn the_command_fits_a_table_of_all_sets_and_says_the_same() {
    let mut table = String::from("set,x,y\n");
    for (points, _) in sets() {
        let rows = points.x.iter().zip(&points.y).map(|(x, y)| format!("{},{x},{y}\n", points.name));
        table.extend(rows);
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sets.csv"), table).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_softness"))
        .current_dir(folder.path())
        .args(["fit", "sets.csv", "--x", "x", "--y", "y", "--by", "set", "--json"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = &found["fits"];
    assert_eq!(found.as_array().unwrap().len(), 21);
    for (index, (_, set)) in sets().iter().enumerate() {
        for (place, line) in set.fits.iter().enumerate() {
            let found = &found[3 * index + place];
            assert_eq!(
                (&found["group"]["set"], &found["form"]),
                (&set.name.clone().into(), &line.form.name().into())
            );
            compare(found, line, &format!("{}, {}", set.name, line.form));
        }
    }
}

#[test]
fn fit_models_of_a_score_table_says_the_same_of_the_papers_iterations() {
    // Iterations are whole numbers, and so are the x of these sets.
    let whole = |points: &Drawn| points.x.iter().all(|x| x.fract() == 0.0);
    let sets: Vec<_> = sets().into_iter().filter(|(points, _)| whole(points)).collect();
    assert!(["cars", "ties"].iter().all(|name| sets.iter().any(|(points, _)| points.name == *name)));
    for (points, set) in sets {
        let row = |(place, (&x, &score)): (usize, (&f64, &f64))| FilterScore {
            session: format!("session {place}"),
            iterations: x as u64,
            layer: 1,
            image: "bird".into(),
            filter: 0,
            score,
            constant: false,
            soft: false,
            soft_threshold: None,
        };
        let rows = points.x.iter().zip(&points.y).enumerate().map(row).collect();
        let fits = fit_models(&ScoreTable::from_rows(rows).unwrap()).unwrap();
        for line in &set.fits {
            let found = serde_json::to_value(fits.get(1, "bird", line.form).unwrap()).unwrap();
            compare(&found, line, &format!("{}, {}", set.name, line.form));
        }
        columns_of_csv_are_fields_of_json(&fits);
    }
}

fn columns_of_csv_are_fields_of_json(fits: &Fits) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fits.csv");
    fits.write_csv(&path).unwrap();
    let table = softness::internals::CsvTable::open(&path).unwrap();
    for (row, fit) in fits.iter().enumerate() {
        let summary = fit.summary();
        for (name, value) in FitSummary::names().iter().zip(summary.numbers()) {
            if *name == "aicc_over_step" {
                continue; // in JSON alone
            }
            match value.filter(|value| !value.is_nan()) {
                Some(value) => assert_eq!(table.number(row, name).unwrap(), value, "{name}"),
                None => assert_eq!(table.text(row, name).unwrap(), "", "{name}"),
            }
        }
    }
}
