//! `softness fit` on tables as spreadsheets and other programs write them. scipy's fits of `golden/command_line/table.csv`
//! are checked in `command_line.rs`; here the same table in other dialects gives the same bits.
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const TABLE: &str = include_str!("../golden/command_line/table.csv");

/// Runs `softness fit` on a table with this content.
fn fit(content: impl AsRef<[u8]>, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), content).unwrap();
    run(folder.path(), arguments)
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_softness"));
    command.current_dir(folder).args(["fit", "t.csv"]).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What it prints if nothing is wrong.
fn printed(content: impl AsRef<[u8]>, arguments: &[&str]) -> String {
    let output = fit(content, arguments);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Its lines on standard error if it ends with status 1, or 2 for a wrong option.
fn errors(content: impl AsRef<[u8]>, arguments: &[&str]) -> Vec<String> {
    let output = fit(content, arguments);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{}", text(&output.stdout));
    text(&output.stderr).lines().map(str::to_owned).collect()
}

const XY: [&str; 4] = ["--x", "x", "--y", "y"];

/// The one line on standard error of a table of x and y that cannot be read.
fn refused(content: impl AsRef<[u8]>) -> String {
    let errors = errors(content, &XY);
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0].clone()
}

/// The golden table with another separator and, if that is no comma, a decimal comma. Its quoted names keep their commas.
fn dialect(separator: char) -> String {
    let row = |line: &str| {
        let (name, numbers) =
            line.rsplit_once('"').map_or(("group", line), |(name, rest)| (&line[..=name.len()], rest));
        let mut cells = numbers.trim_start_matches("group").split(',').skip(1);
        let (x, y) = (cells.next().unwrap(), cells.next().unwrap());
        let decimal = |text: &str| if separator == ',' { text.to_owned() } else { text.replace('.', ",") };
        format!("{name}{separator}{}{separator}{}\n", decimal(x), decimal(y))
    };
    TABLE.lines().map(row).collect()
}

#[test]
fn the_same_table_in_other_dialects_gives_the_same_bits() {
    let arguments = ["--x", "iterations", "--y", "score", "--by", "group", "--json"];
    let expected = printed(TABLE, &arguments);
    assert_eq!(dialect(','), TABLE);
    let utf_16 = |text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
        let mut all = mark.to_vec();
        all.extend(text.encode_utf16().flat_map(bytes));
        all
    };
    let german = dialect(';');
    for (what, content) in [
        ("semicolons and decimal commas", german.clone().into_bytes()),
        ("tabs and decimal commas", dialect('\t').into_bytes()),
        ("bars and decimal commas", dialect('|').into_bytes()),
        // Only names have commas and points here, and these are in quotes.
        (
            "semicolons and decimal points",
            dialect(';').replace(',', ".").replace("b. with", "b, with").into_bytes(),
        ),
        ("Excel's first line", format!("sep=;\r\n{}", german.replace('\n', "\r\n")).into_bytes()),
        ("a byte order mark", format!("\u{feff}{TABLE}").into_bytes()),
        ("UTF-16, little end first", utf_16(&german, [0xff, 0xfe], u16::to_le_bytes)),
        ("UTF-16, big end first", utf_16(&german, [0xfe, 0xff], u16::to_be_bytes)),
        ("CR", TABLE.replace('\n', "\r").into_bytes()),
        ("spaces", TABLE.replace(",1", " , 1").replace(",iterations", " , iterations ").into_bytes()),
        ("rows without text", TABLE.replace('\n', "\n,,\n\n , ,\n").into_bytes()),
        ("columns without a name", TABLE.replace('\n', ",,\n").into_bytes()),
    ] {
        assert_eq!(printed(content, &arguments), expected, "{what}");
    }
}

#[test]
fn a_decimal_comma_is_read_as_the_number_it_is() {
    // The slope of a line by its formula.
    let german = "x;y\n1;10,5\n10;9,25\n100;8,0\n1000;6,5\n5000;6,125\n";
    let found: Value = serde_json::from_str(&printed(german, &[&XY[..], &["--json"]].concat())).unwrap();
    let (x, y) = ([1.0, 10.0, 100.0, 1000.0, 5000.0], [10.5, 9.25, 8.0, 6.5, 6.125]);
    let mean = |values: [f64; 5]| values.iter().sum::<f64>() / 5.0;
    let (x_mean, y_mean) = (mean(x), mean(y));
    let products: f64 = x.iter().zip(y).map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let slope = products / x.iter().map(|x| (x - x_mean).powi(2)).sum::<f64>();
    let found = found["fits"][0]["slope"].as_f64().unwrap();
    assert!((found - slope).abs() <= 1e-12 * slope.abs(), "{found} {slope}");
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    for (content, words) in [
        (
            "x;y\n1;1.234,56\n2;3\n3;4\n",
            &["row 1 (line 2), column \"y\"", "\"1.234,56\"", "between thousands"][..],
        ),
        ("x\ty\n1\t1,000\n2\t3\n3\t4\n", &["column \"y\"", "\"1,000\" may mean 1000 or 1.000"]),
        (
            "x\tkernel\ty\n1\t3,3\t1,728\n2\t3,3\t36,928\n3\t5,5\t73,856\n",
            &["column \"y\"", "\"1,728\" may mean 1728 or 1.728"],
        ),
        ("x;y\n1.000;1\n2.500;2\n3.000;4\n", &["column \"x\"", "\"1.000\" may mean 1000 or 1.000", "commas"]),
        ("x;y\n1.000;1,5\n2.000;2,5\n3.000;4,5\n", &["column \"x\"", "\"1.000\" may mean 1000 or 1.000"]),
        (
            "x;y\n1;1,5\n2;2.5\n3;4,5\n",
            &["column \"y\"", "\"2.5\" in row 2 (line 3)", "\"1,5\" in row 1 (line 2)"],
        ),
        (
            "x,y\n1,1,5\n2,2,5\n3,4,5\n",
            &["row 1 (line 2) has 3 cells, but the header has 2", "decimal commas"],
        ),
        (
            "x,y,\n1,1,5\n2,2,5\n3,4,5\n",
            &["row 1 (line 2) has a value, \"5\"", "behind the last one with a name"],
        ),
        ("x,y\n1,\"1,5\"\n2,3\n3,4\n", &["row 1 (line 2), column \"y\"", "\"1,5\" has a comma"]),
        ("x,y\n1;2\n2;3\n", &["row 1 (line 2) has 1 cell (no \"y\")", "separated by a comma", "a semicolon"]),
        ("x,a;y\n1,2;3\n2,3;4\n", &["a comma or by a semicolon", "sep="]),
        ("sep=:\nx:y\n", &["line 1 names \":\""]),
        ("x,y, x\n1,2,3\n", &["two columns are called \"x\""]),
        ("Fits\nx,y\n1,2\n", &["row 1 (line 2) has 2 cells, but the header has 1", "nothing above it"]),
        ("x\ty\na\t1\t2\nb\t2\t3\n", &["row 1 (line 2) has 3 cells", "if these are row names"]),
        ("<!DOCTYPE html>\n<html><body>x,y</body></html>\n", &["it is no table, but an HTML page"]),
        ("{\"x\": [1, 2, 3], \"y\": [2, 3, 5]}", &["it is no table, but JSON"]),
        (
            "\"x\",\"y\"\n\"1\",1,10.5\n\"2\",2,9.5\n",
            &["row 1 (line 2) has 3 cells", "decimal commas", "if these are row names"],
        ),
        ("x y\n1 2\n2 3\n", &["its columns are \"x y\"; cells are separated by commas", "not by spaces"]),
        ("\"x\" \"y\"\n\"1\" 1 2\n", &["line 1: a comma or a line end must follow", "not by spaces"]),
        ("PK\u{3}\u{4}", &["it is no text, but an archive, as workbooks are"]),
        ("x, z\n1,2\n", &["no column \"y\": its columns are \"x\", \"z\""]),
    ] {
        let error = refused(content);
        for word in words {
            assert!(error.starts_with("error: t.csv") && error.contains(word), "{word}: {error}");
        }
    }
}

#[test]
fn separators_at_the_ends_of_rows_and_spaces_inside_the_quotes_of_names_are_nothing() {
    let plain = printed("x,y\n1,2\n2,4.5\n3,5\n4,9\n", &XY);
    for content in ["x,y\n1,2,\n2,4.5,\n3,5,\n4,9,\n", "\"x\",\" y \"\n1,2\n2,4.5\n3,5\n4,9\n"] {
        assert_eq!(printed(content, &XY), plain, "{content:?}");
    }
}

#[test]
fn a_name_of_several_lines_is_chosen_by_its_words() {
    let plain = printed("x,y\n1,2\n2,4.5\n3,5\n4,9\n", &XY);
    let content = "x;\"Score\r\n(mean, old)\"\r\n1;2\r\n2;4,5\r\n3;5\r\n4;9\r\n";
    assert_eq!(printed(content, &["--x", "x", "--y", "Score (mean, old)"]), plain);
}

#[test]
fn a_row_with_a_missing_value_is_named_or_left_out() {
    for missing in ["", "NA", "n/a", "NaN", "null", "-"] {
        let content = format!("x,y\n1,10.5\n10,9.25\n100,8.0\n9000,{missing}\n");
        assert_eq!(
            refused(&content),
            format!(
                "error: t.csv: all rows, row 4 (line 5), column \"y\": {missing:?} is a missing value: give it a number, or \
                 leave such rows out with --skip-missing"
            )
        );
        let output = fit(&content, &[&XY[..], &["--skip-missing", "--json"]].concat());
        assert_eq!(text(&output.stderr), "1 row with a missing value was left out\n");
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&found["rows_left_out"], &found["fits"][0]["n"]), (&json!(1), &json!(3)));
    }
}

#[test]
fn every_group_that_can_be_fitted_is_and_the_others_are_told_line_by_line() {
    let content = "g,x,y\na,1,4\na,2,7\na,3,12\nb,1,2\nb,2,3\nc,1,2\nc,2,2\nc,3,2\nd,1,6\nd,2,9\nd,3,13\n";
    let arguments = [&XY[..], &["--by", "g"]].concat();
    let output = fit(content, &arguments);
    let fits: Vec<String> = text(&output.stdout).lines().map(|line| line[..3].to_owned()).collect();
    assert_eq!(fits, ["g a", "g a", "g a", "g d", "g d", "g d"]);
    let expected = [
        "error: t.csv: g b: 2 points are too few for a fit with an error estimate, which needs at least 3",
        "error: t.csv: g c: every y is 2, so a fit says nothing: values that vary are needed",
    ];
    assert_eq!(errors(content, &arguments), expected);
    let output = fit(content, &[&arguments[..], &["--json"]].concat());
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["fits"].as_array().unwrap().len(), 6);
    let refusals = found["refusals"].as_array().unwrap();
    for ((refusal, group), line) in refusals.iter().zip(["b", "c"]).zip(expected) {
        assert_eq!(refusal["group"], json!({ "g": group }));
        assert_eq!(refusal["forms"], json!(["linear", "exponential", "power"]));
        assert_eq!(format!("error: t.csv: {}", refusal["reason"].as_str().unwrap()), line);
    }
    assert_eq!(refusals.len(), 2);
}

#[test]
fn merged_cells_are_no_group_of_their_own() {
    let content = "g,x,y\na,1,2\n,2,3\n,3,5\nb,1,2\n,2,4\n,3,5\n";
    assert_eq!(
        errors(content, &[&XY[..], &["--by", "g"]].concat()),
        [
            "error: t.csv: row 2 (line 3), column \"g\": \"\" is empty, but other rows name their group: name that of every row; a \
          spreadsheet saves the name in merged cells in the first of their rows alone"
        ]
    );
    let all = "g,x,y\n,1,2\n,2,3\n,3,5\n";
    assert!(printed(all, &[&XY[..], &["--by", "g"]].concat()).starts_with("g \"\": linear"));
}

#[test]
fn names_with_commas_can_be_chosen() {
    let content =
        "\"kind, old\";\"x, in m\";y;set\na;1;2;1\na;2;3;1\na;3;5;1\nb c;1;2;1\nb c;2;4;1\nb c;3;5;1\n";
    let by = |by: &[&str]| {
        let output = printed(content, &[&["--x", "x, in m", "--y", "y", "--form", "linear"], by].concat());
        output.lines().map(|line| line.split(": linear").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let expected = ["\"kind, old\" a, set 1", "\"kind, old\" \"b c\", set 1"];
    assert_eq!(by(&["--by", "\"kind, old\",set"]), expected);
    assert_eq!(by(&["--by", "\"kind, old\"", "--by", "set"]), expected);
    assert_eq!(by(&["--by", "set"]), ["set 1"]);
    let wrong = errors(content, &["--x", "x, in m", "--y", "y", "--by", "kind, old"]);
    assert_eq!(
        wrong,
        ["error: t.csv has no column \"kind\": its columns are \"kind, old\", \"x, in m\", \"y\", \"set\""]
    );
    let open = errors(content, &["--x", "y", "--y", "y", "--by", "\"kind"]);
    assert!(open[0].contains("--by is \"\\\"kind\"") && open[0].contains("never closed"), "{open:?}");
}

#[test]
fn comments_above_the_header_are_left_out_and_said() {
    let table = "x,y\n1,2\n2,3.5\n4,4\n8,9\n";
    let expected = printed(table, &XY);
    for (comments, lines) in [
        ("# made by lab\n", "1 line above the header of t.csv that begins"),
        ("# made by lab, 2024\n\n# v2\n", "2 lines above the header of t.csv that begin"),
    ] {
        let output = fit(format!("{comments}{table}"), &XY);
        let note = format!("note: left out: {lines} with #\n");
        assert_eq!((text(&output.stdout), text(&output.stderr)), (expected.clone(), note));
    }
    // A header may begin with #; numpy writes such a one.
    let output = printed(format!("# {table}"), &["--x", "# x", "--y", "y"]);
    assert_eq!(output, expected);
    let message = refused("# made by lab\n# x,y\n1,2\n2,3\n3,5\n");
    assert!(
        message.ends_with("if lines above the names of the columns are comments, remove them"),
        "{message}"
    );
}

#[test]
fn comments_with_as_many_separators_as_the_header_are_no_header() {
    let table = "x,y\n1,2\n2,3.5\n4,4\n8,9\n";
    let expected = printed(table, &XY);
    for comments in ["# c, d\n", "\n# c, d\n\n# e, f\n", "#,\n"] {
        let output = fit(format!("{comments}{table}"), &XY);
        assert_eq!(text(&output.stdout), expected, "{comments:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).starts_with("note: left out: "), "{}", text(&output.stderr));
    }
    // The empty name above row numbers is one too.
    let numbered = ",x,y\n1,1,2\n2,2,3.5\n3,4,4\n4,8,9\n";
    assert_eq!(text(&fit(format!("# a, b, c\n{numbered}"), &XY).stdout), expected);
    // Below a header of numpy's there are values, some of which may be missing.
    let values = "1,2,a\n2,3.5,b\n4,4,c\n8,9,d\n";
    let numpy = ["--x", "# x", "--y", "y", "--skip-missing"];
    for first in ["", "NA,-,a\n", "NA,2,a\n", ",,a\n"] {
        let output = fit(format!("# x,y,g\n{first}{values}"), &numpy);
        assert_eq!(text(&output.stdout), expected, "{first:?}: {}", text(&output.stderr));
    }
    assert_eq!(
        refused("# c, d\nx,2001\n1,2\n2,3\n3,5\n"),
        "error: t.csv has no column \"x\": its columns are \"# c\", \"d\"; if the line that begins with # is a comment, remove it"
    );
}

#[test]
fn a_comment_below_the_header_and_a_bad_row_below_comments_are_told_with_their_line() {
    for (content, told) in [
        (
            "x,y\n1,2\n2,3\n3,5\n# end\n",
            "row 4 (line 5) has 1 cell (no \"y\"), but the header has 2: if it is a comment, remove it; only lines above the header \
             may be comments",
        ),
        (
            "# c\n\nx,y\n1,2\n2,3\n3,5\n\n# end\n",
            "row 4 (line 8) has 1 cell (no \"y\"), but the header has 2: if it is a comment, remove it; only lines above the header \
             may be comments",
        ),
        ("# made by lab\nx,y\n1,2\n2\n", "row 2 (line 4) has 1 cell (no \"y\"), but the header has 2"),
        ("# c\nx,y\n1,\"2\n", "the quote opened on line 3 is never closed"),
    ] {
        assert_eq!(refused(content), format!("error: t.csv: {told}"));
    }
}

#[test]
fn a_title_an_end_of_the_header_and_lines_in_quotes_are_told() {
    for (content, words) in [
        (
            "My results,\nx,y\n1,2\n",
            "if \"My results\" is a title, remove it: the first line must name the columns",
        ),
        (
            "x,y,\n1,2\n2,3\n",
            "has 2 cells, but the header has 3: the header ends with a comma; remove it there",
        ),
        ("\"x;y\"\n\"1;2\"\n", "\"x;y\"; if each line as a whole is in double quotes, remove these quotes"),
        ("\"x,y\"\n\"1,2\"\n", "\"x,y\"; if each line as a whole is in double quotes, remove these quotes"),
    ] {
        let message = refused(content);
        assert!(message.contains(words), "{message}");
    }
}
