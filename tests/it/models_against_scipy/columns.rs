//! Fits to columns of a CSV file.
use std::path::PathBuf;

use softness::internals::{ColumnFit, CsvTable};
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

/// y against x.
fn y_against_x(by: &[&str], forms: &[Form]) -> ColumnFit {
    let by = by.iter().map(|name| name.to_string()).collect();
    ColumnFit { x: "x".into(), y: "y".into(), by, forms: forms.to_vec(), skip_missing: false }
}

#[test]
fn columns_are_fitted_for_each_group_in_order_of_appearance() {
    let text = "kind,size,x,y\nb,1,1,2\na,1,1,10\nb,1,2,4\na,1,2,8\nb,1,3,6.5\na,1,3,7\nb,1,4,8\na,1,4,2\n";
    let (_folder, _path, table) = csv(text);
    let found = y_against_x(&["kind", "size"], &[Form::Power, Form::Linear]).fit(&table).unwrap();
    let fits = found.fits;
    assert!(found.refusals.is_empty());
    let seen: Vec<_> = fits.iter().map(|fit| (fit.group().to_string(), fit.form())).collect();
    let [b, a] = ["kind b, size 1", "kind a, size 1"].map(str::to_string);
    let expected = [(b.clone(), Form::Power), (b, Form::Linear), (a.clone(), Form::Power), (a, Form::Linear)];
    assert_eq!(seen, expected);
    let x = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(fits[1].slope(), Form::Linear.fit(&x, &[2.0, 4.0, 6.5, 8.0]).unwrap().slope());
    assert_eq!(fits[2].slope(), Form::Power.fit(&x, &[10.0, 8.0, 7.0, 2.0]).unwrap().slope());
    assert_eq!((fits[1].group().value("kind"), fits[1].group().value("x")), (Some("b"), None));

    let all = y_against_x(&[], &[Form::Linear]).fit(&table).unwrap().fits;
    assert_eq!((all.len(), all[0].n(), all[0].group().to_string()), (1, 8, "all rows".to_string()));
}

#[test]
fn columns_that_cannot_be_fitted_are_refused_by_row_and_group() {
    let text = "g,x,y\na,1,2\na,2,0\na,3,1\nb,1,5\nb,2,6\nb,3,4\n";
    let (_folder, _path, table) = csv(text);
    let found = y_against_x(&["g"], &Form::ALL).fit(&table).unwrap();
    assert_eq!((found.fits.len(), found.refusals.len()), (4, 2));
    for refusal in &found.refusals {
        assert!(refusal.reason.contains("g a, row 2 (line 3): y is 0"), "{refusal:?}");
    }

    let error = |text: &str| {
        let (_folder, _path, table) = csv(text);
        y_against_x(&[], &[Form::Linear]).fit(&table).unwrap_err().to_string()
    };
    let no_column = error("x,z\n1,2\n");
    assert!(
        no_column.ends_with("points.csv has no column \"y\": its columns are \"x\", \"z\""),
        "{no_column}"
    );
    let mixed = error("x;y\n1;2,5\n2;3\n4;6.25\n");
    for part in ["points.csv: column \"y\"", "\"6.25\" in row 3 (line 4)", "\"2,5\" in row 1 (line 2)"] {
        assert!(mixed.contains(part), "{part}: {mixed}");
    }
}

#[test]
fn a_group_that_cannot_be_fitted_takes_no_other_with_it() {
    // What is wrong with group b, and what its one refusal for every form says.
    for (rows, reason) in [
        (
            "b,1,2\nb,2,3\n",
            "g b: 2 points are too few for a fit with an error estimate, which needs at least 3",
        ),
        ("b,1,2\n", "g b: 1 point is too few for a fit with an error estimate, which needs at least 3"),
        ("b,1,2\nb,1,3\nb,1,4\n", "g b: every x is 1, so a fit says nothing: values that vary are needed"),
        ("b,1,7\nb,2,7\nb,3,7\n", "g b: every y is 7, so a fit says nothing: values that vary are needed"),
        (
            "b,1,2\nb,2,\nb,3,4\n",
            "g b, row 5 (line 6), column \"y\": \"\" is a missing value: give it a number, or leave such rows out with \
             --skip-missing",
        ),
        ("b,1,2\nb,two,3\nb,3,4\n", "g b, row 5 (line 6), column \"x\": \"two\" is not a finite number"),
    ] {
        let (_folder, _path, table) =
            csv(&format!("g,x,y\na,1,4\na,2,7\na,3,12\n{rows}\"c, d\",1,6\n\"c, d\",2,9\n\"c, d\",3,14\n"));
        let found = y_against_x(&["g"], &Form::ALL).fit(&table).unwrap();
        let groups: Vec<String> = found.fits.iter().map(|fit| fit.group().to_string()).collect();
        assert_eq!(groups, [["g a"; 3], ["g \"c, d\""; 3]].concat(), "{reason}");
        let refused: Vec<_> =
            found.refusals.iter().map(|refusal| (refusal.form, refusal.reason.as_str())).collect();
        assert_eq!(refused, Form::ALL.map(|form| (form, reason)));
    }
    let (_folder, _path, table) = csv("g,x,y\n");
    let found = y_against_x(&["g"], &[Form::Linear]).fit(&table).unwrap();
    assert!(found.refusals[0].reason.starts_with("all rows: 0 points"), "{:?}", found.refusals);
}

#[test]
fn rows_with_a_missing_value_can_be_left_out() {
    let text = "g,x,y\na,1,4\na,NA,5\na,2,7\na,3,12\na,4,\n-,5,6\nb,6,null\n";
    let (_folder, _path, table) = csv(text);
    let found = ColumnFit { skip_missing: true, ..y_against_x(&["g"], &[Form::Linear]) }.fit(&table).unwrap();
    assert_eq!((found.left_out, found.fits.len(), found.fits[0].x()), (3, 1, &[1.0, 2.0, 3.0][..]));
    let reasons: Vec<&str> = found.refusals.iter().map(|refusal| refusal.reason.as_str()).collect();
    assert!(
        reasons[0].starts_with("g -: 1 point is") && reasons[1].starts_with("g b: 0 points are"),
        "{reasons:?}"
    );
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
