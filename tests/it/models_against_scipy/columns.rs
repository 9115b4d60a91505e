//! Fits to columns of a CSV file.
use std::path::PathBuf;

use softness::internals::{CsvTable, fit_columns};
use softness::models::{Fit, Form, fit_models};

use super::{falling, table};

/// A CSV file in a folder that is deleted with the first value.
fn csv(text: &str) -> (tempfile::TempDir, PathBuf, CsvTable) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.csv");
    std::fs::write(&path, text).unwrap();
    let table = CsvTable::open(&path).unwrap();
    (folder, path, table)
}

#[test]
fn columns_are_fitted_for_each_group_in_order_of_appearance() {
    let text = "kind,size,x,y\nb,1,1,2\na,1,1,10\nb,1,2,4\na,1,2,8\nb,1,3,6.5\na,1,3,7\nb,1,4,8\na,1,4,2\n";
    let (_folder, _path, table) = csv(text);
    let by = ["kind".to_string(), "size".to_string()];
    let (fits, refusals) = fit_columns(&table, "x", "y", &by, &[Form::Power, Form::Linear]).unwrap();
    assert!(refusals.is_empty());
    let seen: Vec<_> = fits.iter().map(|fit| (fit.group().to_string(), fit.form())).collect();
    let [b, a] = ["kind b, size 1", "kind a, size 1"].map(str::to_string);
    let expected = [(b.clone(), Form::Power), (b, Form::Linear), (a.clone(), Form::Power), (a, Form::Linear)];
    assert_eq!(seen, expected);
    let x = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(fits[1].slope(), Form::Linear.fit(&x, &[2.0, 4.0, 6.5, 8.0]).unwrap().slope());
    assert_eq!(fits[2].slope(), Form::Power.fit(&x, &[10.0, 8.0, 7.0, 2.0]).unwrap().slope());
    assert_eq!((fits[1].group().value("kind"), fits[1].group().value("x")), (Some("b"), None));

    let (all, _) = fit_columns(&table, "x", "y", &[], &[Form::Linear]).unwrap();
    assert_eq!((all.len(), all[0].n(), all[0].group().to_string()), (1, 8, "all rows".to_string()));
}

#[test]
fn columns_that_cannot_be_fitted_are_refused_by_row_and_group() {
    let text = "g,x,y\na,1,2\na,2,0\na,3,1\nb,1,5\nb,2,6\nb,3,4\n";
    let (_folder, _path, table) = csv(text);
    let by = ["g".to_string()];
    let (fits, refusals) = fit_columns(&table, "x", "y", &by, &Form::ALL).unwrap();
    assert_eq!((fits.len(), refusals.len()), (4, 2));
    assert!(
        refusals.iter().all(|refusal| refusal.reason.contains("g a, row 2 (line 3): y is 0")),
        "{refusals:?}"
    );

    let error = |text: &str, by: &[String]| {
        let (_folder, _path, table) = csv(text);
        fit_columns(&table, "x", "y", by, &[Form::Linear]).unwrap_err().to_string()
    };
    for (message, parts) in [
        (error("x,z\n1,2\n", &[]), ["points.csv has no column \"y\"", "x, z"]),
        (error("x,y\n1,2\n2,\n3,4\n", &[]), ["row 2 (line 3), column y", "missing value"]),
        (error("x,y\n1,2\n2,two\n3,4\n", &[]), ["row 2 (line 3), column y", "\"two\""]),
        (error("g,x,y\na,1,2\na,2,3\n", &by), ["g a: 2 points", "at least 3"]),
        (error("g,x,y\na,1,2\na,1,3\na,1,4\n", &by), ["g a: every x is 1", "vary"]),
        (error("g,x,y\n", &by), ["all rows: 0 points", "at least 3"]),
        (error("x,y\n", &[]), ["all rows: 0 points", "at least 3"]),
    ] {
        for part in parts {
            assert!(message.contains(part), "{part}: {message}");
        }
    }
}

#[test]
fn fits_written_as_csv_read_back_to_the_same_numbers() {
    let image = "bird, \"grey\"";
    let fits = fit_models(&table(&[(1, image, &falling(5.0)), (2, image, &falling(9.0)[..5])])).unwrap();
    let (_folder, path, _) = csv("x\n");
    fits.write_csv(&path).unwrap();
    let written = CsvTable::open(&path).unwrap();
    assert_eq!(written.len(), 6);
    for (row, (fit, control)) in fits.iter().zip(fits.controls()).enumerate() {
        assert_eq!(written.text(row, "image").unwrap(), image);
        assert_eq!(written.text(row, "form").unwrap(), fit.form().name());
        assert_eq!(written.count(row, "layer").unwrap(), control.layer() as u64);
        assert_eq!(written.count(row, "n").unwrap(), fit.n() as u64);
        assert_eq!(written.count(row, "degrees_of_freedom").unwrap(), fit.degrees_of_freedom() as u64);
        let numbers: [(&str, f64); 11] = [
            ("slope", fit.slope()),
            ("intercept", fit.intercept()),
            ("slope_std_err", fit.slope_std_err()),
            ("intercept_std_err", fit.intercept_std_err()),
            ("r", fit.r()),
            ("r_squared", fit.r_squared()),
            ("t", fit.t()),
            ("p_value", fit.p_value()),
            ("step_r_squared", control.step_r_squared()),
            ("pure_step_r_squared", control.pure_step_r_squared()),
            ("trained_r_squared", control.without_untrained().as_ref().map_or(f64::NAN, Fit::r_squared)),
        ];
        for (column, expected) in numbers {
            if expected.is_nan() {
                assert_eq!(written.text(row, column).unwrap(), "");
            } else {
                assert_eq!(written.number(row, column).unwrap().to_bits(), expected.to_bits(), "{column}");
            }
        }
    }
}
