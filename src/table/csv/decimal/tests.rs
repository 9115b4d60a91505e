//! Numbers as people write them.

use super::*;

/// The numbers of a column next to another one, with semicolons between cells.
fn numbers(column: &[&str], other: &[&str]) -> Vec<Result<f64, String>> {
    let record =
        |(first, second): (&&str, &&str)| Record { line: 1, cells: vec![(*first).into(), (*second).into()] };
    let rows: Vec<Record> = column.iter().zip(other).map(record).collect();
    let decimals = Decimals::of(&rows, 2, ';');
    column.iter().map(|cell| decimals.number(0, cell)).collect()
}

fn all(column: &[&str], other: &[&str]) -> Vec<f64> {
    numbers(column, other).into_iter().map(Result::unwrap).collect()
}

#[test]
fn a_decimal_comma_gives_the_bits_of_a_decimal_point() {
    let commas = ["10,5", "0,1", "6,125", "-1,5E-05", "7", ",5", "+3,"];
    assert_eq!(all(&commas, &["1"; 7]), [10.5, 0.1, 6.125, -1.5e-5, 7.0, 0.5, 3.0]);
    assert_eq!(all(&["10.5", "6.125"], &["1"; 2]), [10.5, 6.125]);
    assert_eq!(all(&["0.123", "6.125"], &["1"; 2]), [0.123, 6.125]);
    // The other column tells that the comma is a decimal one.
    for sure in ["0,125", "0,25", "3,05", "2,71828", "-1,5", "1,5e3"] {
        assert_eq!(all(&["6,125", "1,000"], &[sure, "2"]), [6.125, 1.0], "{sure}");
    }
    // Points alone are decimal points, as every program writes them, if no number is without one or one cannot group.
    assert_eq!(all(&["6.125", "1.000"], &["0.5", "1"]), [6.125, 1.0]);
    assert_eq!(all(&["6.125", "1", "0.5"], &["1"; 3]), [6.125, 1.0, 0.5]);
}

proptest::proptest! {
    #[test]
    fn every_number_comes_back_from_its_text_with_a_comma(
        values in proptest::collection::vec(proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL, 1..6),
    ) {
        // The first cell leaves no doubt about the comma.
        let mut texts = vec!["0,5".to_owned()];
        texts.extend(values.iter().flat_map(|value| [value.to_string(), format!("{value:e}"), format!("{value:.3}")]));
        let texts: Vec<String> = texts.iter().map(|text| text.replace('.', ",")).collect();
        let cells: Vec<&str> = texts.iter().map(String::as_str).collect();
        let expected: Vec<u64> =
            texts.iter().map(|text| text.replace(',', ".").parse::<f64>().unwrap().to_bits()).collect();
        let found: Vec<u64> = all(&cells, &vec!["1"; cells.len()]).iter().map(|value| value.to_bits()).collect();
        proptest::prop_assert_eq!(&found, &expected);
        let shortest: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
        proptest::prop_assert_eq!(found[1..].iter().step_by(3).copied().collect::<Vec<_>>(), shortest);
    }
}

#[test]
fn separators_between_thousands_are_never_read_as_decimal_signs() {
    for cell in ["1.234,56", "1,234.56", "1.234.567", "1,234,567", "-1.234,5", "1,00,000"] {
        let error = numbers(&[cell], &["1"]).remove(0).unwrap_err();
        assert!(error.contains("between thousands"), "{cell}: {error}");
    }
    for (column, other, meanings) in [
        (["1.000", "20"], ["10,5", "9,25"], "1000 or 1.000"), // German, with 1000 = 1.000
        (["1,000", "20"], ["10.5", "9.25"], "1000 or 1.000"), // English, with tabs
        (["1,000", "20"], ["1", "2"], "1000 or 1.000"),       // either
        (["1,000", "20"], ["1,5", "2.5"], "1000 or 1.000"),
        (["1,728", "36,928"], ["3,3", "16,36"], "1728 or 1.728"), // English, with tabs, next to the sides of kernels
        (["1,728", "36,928"], ["0,0", "512,1024"], "1728 or 1.728"),
        (["1.000", "20"], ["1", "2"], "1000 or 1.000"), // whole numbers next to it: German, or a program's output
    ] {
        let error = numbers(&column, &other).remove(0).unwrap_err();
        assert!(error.contains(meanings), "{column:?} {other:?}: {error}");
    }
}

#[test]
fn points_between_semicolons_are_decimal_ones_only_if_some_cell_tells() {
    let error = numbers(&["1.000", "2.500"], &["7", "9"]).remove(0).unwrap_err();
    let sentence = "may mean 1000 or 1.000: write thousands without a separator, or separate the cells by commas if points are \
                    decimal ones";
    assert_eq!(error, sentence);
    let rows = ["1.000", "2.500"].map(|cell| Record { line: 1, cells: vec![cell.into()] });
    for separator in [',', '\t', '|'] {
        assert_eq!(Decimals::of(&rows, 1, separator).number(0, "1.000"), Ok(1.0), "{separator}");
    }
}

#[test]
fn what_is_said_of_a_number_that_can_be_read_in_two_ways_makes_it_one() {
    let column = ["1,125", "1,500", "7"];
    let record = |cell: String| Record { line: 1, cells: vec![cell] };
    for separator in [';', '\t'] {
        let rows = column.map(|cell| record(cell.into()));
        let error = Decimals::of(&rows, 1, separator).number(0, column[0]).unwrap_err();
        let advice = "write thousands without a separator, or all decimals with a point, and separate the cells by commas";
        assert_eq!(error, format!("may mean 1125 or 1.125: {advice}"));
        let points = column.map(|cell| record(cell.replace(',', ".")));
        assert_eq!(Decimals::of(&points, 1, ',').number(0, "1.125"), Ok(1.125));
        let plain = column.map(|cell| record(cell.replace(',', "")));
        assert_eq!(Decimals::of(&plain, 1, separator).number(0, "1125"), Ok(1125.0));
    }
}

#[test]
fn whole_numbers_may_have_a_decimal_sign_or_an_exponent() {
    let record = |cell: &str| Record { line: 1, cells: vec![cell.into()] };
    let whole = |cell: &str, separator| Decimals::of(&[record(cell)], 1, separator).whole(0, cell);
    for (cell, separator, expected) in [
        ("2.0", ',', 2),
        ("2,0", ';', 2),
        ("1e+05", ',', 100_000),
        (" 50000.0 ", '\t', 50_000),
        ("7", ';', 7),
    ] {
        assert_eq!(whole(cell, separator), Ok(expected), "{cell}");
    }
    assert_eq!(whole("18446744073709551615", ','), Ok(u64::MAX));
    for (cell, separator, words) in [
        ("2.5", ',', "is not a whole number of at least 0"),
        ("-2.0", ',', "is not a whole number of at least 0"),
        ("1e300", ',', "is not a whole number of at least 0"),
        ("two", ',', "is not a whole number of at least 0"),
        ("", ',', "is not a whole number of at least 0"),
        (
            "1.000",
            ',',
            "may mean 1000 or 1.000: write thousands without a separator, or whole numbers without a point",
        ),
        ("1,000", ';', "may mean 1000 or 1.000"),
        ("1 000", ';', "has a separator between thousands"),
    ] {
        let error = whole(cell, separator).unwrap_err();
        assert!(error.starts_with(words), "{cell}: {error}");
    }
}

#[test]
fn both_signs_in_a_column_are_found() {
    let record = |cell: &str| Record { line: 1, cells: vec![cell.into()] };
    let mixed = |cells: &[&str]| {
        Decimals::of(&cells.iter().map(|cell| record(cell)).collect::<Vec<_>>(), 1, ';').mixed(0)
    };
    assert_eq!(mixed(&["1", "1,5", "2.5"]), Some([2, 1]));
    assert_eq!(mixed(&["1,5", "text, more.", "v1.5"]), None);
}

#[test]
fn what_is_no_number_stays_none() {
    for (cell, problem) in [
        ("ten", "is not a finite number"),
        ("inf", "is not a finite number"),
        ("1,5 m", "is not a finite number"),
        ("1_000", "is not a finite number"),
        // No groups of three digits: without what is between them, these would be other numbers.
        ("1 2", "is not a finite number"),
        ("1 0000", "is not a finite number"),
        ("1000 000", "is not a finite number"),
        ("1,2,3", "is not a finite number"),
        ("1.2,3.4", "is not a finite number"),
        ("1 000", "has a separator between thousands"),
        ("1\u{a0}000,5", "has a separator between thousands"),
        ("1'000", "has a separator between thousands"),
        ("'1", "has other signs around its digits: write the number alone"),
        ("'1'", "has other signs around its digits"),
        ("=\"1\"", "has other signs around its digits"),
        ("$2.50", "has other signs around its digits"),
        ("01.02.2024", "is a date: write a number"),
        ("1.2.24", "is a date: write a number"),
        ("5 %", "is a percentage: write the number without the sign"),
        ("\u{2212}5", "a minus sign that is no hyphen"),
        ("#DIV/0!", "is an error of a spreadsheet"),
        ("#NAME?", "is an error of a spreadsheet"),
        ("#WERT!", "is an error of a spreadsheet"),
        ("#ZERSTÖRT!", "is an error of a spreadsheet"),
        ("####", "is an error of a spreadsheet"),
        ("#2", "if the row is a comment, remove it"),
        ("#2!", "if the row is a comment, remove it"),
        ("#", "if the row is a comment, remove it"),
        ("# a note", "if the row is a comment, remove it"),
        ("#note", "if the row is a comment, remove it"),
    ] {
        let error = numbers(&[cell], &["1"]).remove(0).unwrap_err();
        assert!(error.contains(problem), "{cell}: {error}");
    }
    let comma = Decimals::of(&[], 2, ',');
    assert!(comma.number(0, "0,2").unwrap_err().contains("decimal point"));
    let sentence =
        "may mean 1000 or 1.000: write thousands without a separator, or all decimals with a point";
    assert_eq!(comma.number(0, "1,000").unwrap_err(), sentence);
    assert!(comma.number(0, "1,234.5").unwrap_err().contains("between thousands"));
    assert_eq!(comma.number(0, " 2.5e-1 "), Ok(0.25));
}

#[test]
fn missing_values_have_many_names() {
    for cell in [
        "", "  ", "NA", "na", "N/A", "#N/A", "NaN", "-nan", "<NA>", "N.A.", "NULL", "None", "-", "--", ".",
        " – ",
    ] {
        assert!(is_missing(cell), "{cell:?}");
    }
    for cell in ["0", "-1", "---", "nano", "n", "..", ".5"] {
        assert!(!is_missing(cell), "{cell:?}");
    }
}
