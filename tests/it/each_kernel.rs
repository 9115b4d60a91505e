//! The reading "each kernel": of the eleven shipped sessions, against numpy and scipy (`golden/each_kernel.py`); and on the
//! command line.
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use softness::prelude::*;
use softness::responses::Border;

use crate::command_line::{json as json_of, softness, text};
use crate::support::golden::{assert_close, json, path};
use crate::support::small::{PLAN, write_cifar};
use crate::support::tolerances::{COEFFICIENTS, SCORES_OF_KERNELS};

#[derive(Deserialize)]
struct Golden {
    cells: Vec<Cell>,
}

/// One image, border and layer.
#[derive(Deserialize)]
struct Cell {
    image: String,
    border: Border,
    layer: usize,
    /// The layer score of each session.
    sums: BTreeMap<String, f64>,
    /// The scores of the filters of two sessions.
    filters: BTreeMap<String, Vec<f64>>,
    /// R² of the power and the step model of ln score.
    power: f64,
    step: f64,
}

#[test]
fn scores_and_fits_of_the_shipped_sessions_are_those_of_numpy_and_scipy() {
    let cells = json::<Golden>("each_kernel.json").cells;
    assert_eq!(cells.len(), 2 * 2 * 2);
    let mut pictures = vec![Picture::static_noise(1)];
    match Dataset::auto() {
        Ok(dataset) if dataset.is_cifar10() => pictures.push(dataset.bird()),
        _ => println!("skipped: the bird, CIFAR-10 is not here; static is compared"),
    }
    let sessions = shipped_sessions().unwrap();
    for border in Border::ALL {
        let options = ScoringOptions::default().reading(Reading::EachKernel).border(border);
        let table = options.softness_table(&sessions, &pictures).unwrap();
        let (layers, fits) = (table.layer_scores(), fit_models(&table).unwrap());
        let is_here = |cell: &&Cell| {
            cell.border == border && pictures.iter().any(|picture| picture.name() == cell.image)
        };
        for cell in cells.iter().filter(is_here) {
            let what = format!("layer {}, {}, {border}", cell.layer, cell.image);
            let own: Vec<_> =
                layers.iter().filter(|own| (own.layer, &own.image) == (cell.layer, &cell.image)).collect();
            assert_eq!((own.len(), cell.sums.len()), (11, 11));
            for own in own {
                assert_close(own.sum, cell.sums[&own.session], SCORES_OF_KERNELS, own.sum, &what);
            }
            for (session, theirs) in &cell.filters {
                let ours = table.scores(session, cell.layer, &cell.image).unwrap();
                assert_eq!(ours.len(), theirs.len());
                for (ours, theirs) in ours.iter().zip(theirs) {
                    assert_close(*ours, *theirs, SCORES_OF_KERNELS, *theirs, &what);
                }
            }
            let fit = fits.get(cell.layer, &cell.image, Form::Power).unwrap();
            assert_close(fit.r_squared(), cell.power, COEFFICIENTS, 1.0, &what);
            let of_place = |(fit, _): &(&Fit, _)| {
                fit.form() == Form::Power
                    && fit.group().to_string().contains(&format!("layer {}", cell.layer))
                    && fit.group().to_string().contains(&cell.image)
            };
            let (_, control) = fits.iter().zip(fits.controls()).find(of_place).unwrap();
            assert_close(control.step_r_squared(), cell.step, COEFFICIENTS, 1.0, &what);
        }
    }
}

#[test]
fn a_study_under_another_reading_is_recorded_and_run_again_from_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("plan.toml"), format!("batch = 10\n{PLAN}")).unwrap();
    write_cifar(&here.join("cifar"));
    let replicate = |more: &[&str]| {
        let output = softness(here, &[&["replicate", "--dataset", "cifar"], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let record = |out: &str| std::fs::read(here.join(out).join("replication.json")).unwrap();
    let json = |out: &str| serde_json::from_slice::<Value>(&record(out)).unwrap();
    let choices = ["--reading", "each-kernel", "--border", "valid"];
    replicate(&[&["--plan", "plan.toml", "--out", "each"][..], &choices].concat());
    let response = &json("each")["scoring"]["options"]["response"];
    assert_eq!(*response, serde_json::json!({ "reading": "each-kernel", "border": "valid" }));
    let report = std::fs::read_to_string(here.join("each/report.html")).unwrap();
    assert!(report.contains("reading: each kernel (each-kernel), borders: valid"), "the methods name it");
    assert!(report.contains("alt=\"How a filter is read: each kernel."), "the methods draw it");

    // The record says the reading; what is asked for comes first.
    let said = replicate(&["--plan", "each/replication.json", "--out", "again"]);
    assert!(said.contains("layer scores are bit-identical to those of each/replication.json"), "{said}");
    assert!(record("again") == record("each"));
    let said =
        replicate(&["--plan", "each/replication.json", "--out", "forward", "--reading", "forward-pass"]);
    let reason = "the earlier one was scored with the reading each-kernel, the border valid and the normalisation min-max, this \
                  one with the reading forward-pass, the border valid and the normalisation min-max";
    assert!(said.contains(reason), "{said}");
    assert_eq!(json("forward")["scoring"]["options"]["response"]["reading"], "forward-pass");

    // A record without options is of the default ones.
    replicate(&["--plan", "plan.toml", "--out", "default"]);
    let mut earlier = json("default");
    earlier["scoring"].as_object_mut().unwrap().remove("options");
    std::fs::write(here.join("old.json"), earlier.to_string()).unwrap();
    replicate(&["--plan", "old.json", "--out", "old"]);
    assert!(record("old") == record("default"));
    assert_eq!(softness(here, &["replicate", "--reading", "every-kernel"]).status.code(), Some(2));
}

#[test]
fn filters_of_a_file_are_scored_kernel_by_kernel() {
    let folder = tempfile::tempdir().unwrap();
    let file = path("checkpoints/last.npz");
    let file = file.to_str().unwrap();
    let arguments = ["filters", file, "--picture", "static", "--reading", "each-kernel", "--border", "valid"];
    let rows = json_of(&softness(folder.path(), &[&arguments[..], &["--json"]].concat()));
    let rows = rows.as_array().unwrap();
    let session = WeightFile::open(file, AxisOrder::Oihw).unwrap().session("last", 60).unwrap();
    let options = ScoringOptions::default().reading(Reading::EachKernel).border(Border::Valid);
    let table = options.softness_table(&[session], &[Picture::static_noise(1)]).unwrap();
    let own = table.layer_scores();
    assert_eq!((rows.len(), own.len()), (3, 3));
    for (row, own) in rows.iter().zip(own) {
        assert_eq!(row["score_sum"].as_f64().unwrap(), own.sum);
        assert_eq!(row["soft_count"].as_u64().unwrap(), own.soft_count as u64);
    }
    let said = text(&softness(folder.path(), &arguments).stdout);
    assert!(said.contains("under the reading each-kernel and the border valid, lower is softer"), "{said}");
}
