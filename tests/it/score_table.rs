//! The score table: its rules, its CSV form, its layer sums, and labels by hand.
use std::path::PathBuf;

use proptest::prelude::*;
use softness::Result;
use softness::internals::CsvTable;
use softness::polars::prelude::{ChunkCompareEq, Column, DataFrame, DataType, NamedFrom, Series};
use softness::prelude::*;
use softness::session::Architecture;
use softness::session::train_in_memory;
use softness::table::{FilterScore, ScoreTable, SoftLabels, softness_table};

pub fn row(
    session: &str,
    iterations: u64,
    layer: usize,
    image: &str,
    filter: usize,
    score: f64,
) -> FilterScore {
    FilterScore {
        session: session.into(),
        iterations,
        layer,
        image: image.into(),
        filter,
        score,
        constant: score == 0.0,
        soft: score < 0.125,
        soft_threshold: Some(0.125),
    }
}

/// Two sessions, two layers of two and one filters, one image. Multiples of 1/8: sums are exact.
pub fn rows() -> Vec<FilterScore> {
    vec![
        row("1-1", 1, 1, "bird", 0, 0.25),
        row("1-1", 1, 1, "bird", 1, 0.0),
        row("1-1", 1, 2, "bird", 0, 0.375),
        row("80-1", 80, 1, "bird", 1, 0.125),
        row("80-1", 80, 1, "bird", 0, 0.5),
        row("80-1", 80, 2, "bird", 0, 0.0625),
    ]
}

pub fn table() -> ScoreTable {
    ScoreTable::from_rows(rows()).unwrap()
}

/// A file in a folder that is deleted with the first value.
pub fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scores.csv");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

const HEADER: &str = "session,iterations,layer,image,filter,score,constant,soft,soft_threshold";

#[test]
fn layer_scores_are_sums_means_and_counts_over_filters() {
    let scores = table().layer_scores();
    let seen: Vec<_> = scores
        .iter()
        .map(|s| (s.session.as_str(), s.iterations, s.layer, s.filters, s.sum, s.mean, s.soft_count))
        .collect();
    assert_eq!(
        seen,
        [
            ("1-1", 1, 1, 2, 0.25, 0.125, 1),
            ("1-1", 1, 2, 1, 0.375, 0.375, 0),
            ("80-1", 80, 1, 2, 0.625, 0.3125, 0), // 0.125 is not below the threshold
            ("80-1", 80, 2, 1, 0.0625, 0.0625, 1),
        ]
    );
    let frame = table().layers().unwrap();
    assert_eq!(frame.shape(), (4, 9));
    let sums: Vec<_> = frame.column("score_sum").unwrap().f64().unwrap().iter().flatten().collect();
    assert_eq!(sums, [0.25, 0.375, 0.625, 0.0625]);
}

#[test]
fn scores_of_a_cell_come_in_the_order_of_the_filters() {
    assert_eq!(table().scores("80-1", 1, "bird").unwrap(), [0.5, 0.125]);
    assert_eq!(table().soft("1-1", 1, "bird").unwrap(), [false, true]);
    let error = table().scores("80-1", 3, "bird").unwrap_err().to_string();
    assert!(error.contains("\"80-1\"") && error.contains("layer 3") && error.contains("\"bird\""), "{error}");
}

#[test]
fn a_part_has_one_layer_and_image() {
    let part = table().part(1, "bird").unwrap();
    let expected: Vec<_> = rows().into_iter().filter(|row| row.layer == 1).collect();
    assert_eq!(part.rows(), expected);
    for (layer, image) in [(3, "bird"), (1, "static")] {
        let error = table().part(layer, image).unwrap_err().to_string();
        assert_eq!(error, format!("the table has no scores for layer {layer}, image {image:?}"));
    }
}

#[test]
fn rows_that_break_a_rule_are_named() {
    let broken = |change: fn(&mut Vec<FilterScore>)| {
        let mut rows = rows();
        change(&mut rows);
        ScoreTable::from_rows(rows).unwrap_err().to_string()
    };
    for (error, parts) in [
        (broken(|rows| rows[1].filter = 0), ["column filter, row 2", "earlier row"]),
        (broken(|rows| rows[2].layer = 0), ["column layer, row 3", "the first is 1"]),
        (broken(|rows| rows[3].score = f64::NAN), ["column score, row 4", "finite"]),
        (broken(|rows| rows[3].score = -0.1), ["column score, row 4", "at least 0"]),
        (broken(|rows| rows[4].iterations = 81), ["column iterations, row 5", "80 in an earlier row"]),
        (broken(|rows| rows[5].soft = false), ["column soft, row 6", "0.0625"]),
        (broken(|rows| rows[0].soft_threshold = Some(f64::NAN)), ["column soft_threshold, row 1", "finite"]),
        (broken(|rows| rows[0].iterations = 1 << 63), ["column iterations, row 1", "9223372036854775808"]),
    ] {
        for part in parts {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}

#[test]
fn a_filtered_frame_is_a_table_again() {
    let table = table();
    let mask = table.dataframe().column("layer").unwrap().i64().unwrap().equal(1);
    let part = ScoreTable::from_dataframe(&table.dataframe().filter(&mask).unwrap()).unwrap();
    let expected: Vec<_> = rows().into_iter().filter(|row| row.layer == 1).collect();
    assert_eq!(part.rows(), expected);
}

#[test]
fn a_frame_without_the_schema_is_refused_by_column_and_row() {
    let frame = table().dataframe();
    let error = |frame: &DataFrame| ScoreTable::from_dataframe(frame).unwrap_err().to_string();
    let missing = error(&frame.drop("score").unwrap());
    assert!(missing.contains("column score") && missing.contains("missing"), "{missing}");
    let with = |column: Series| {
        let mut changed = frame.clone();
        changed.with_column(Column::from(column)).unwrap();
        error(&changed)
    };
    let typed = with(Series::new("layer".into(), ["1"; 6]));
    assert!(typed.contains("column layer") && typed.contains("i64"), "{typed}");
    let null = with(Series::new("filter".into(), [Some(0_i64), Some(1), None, Some(1), Some(0), Some(0)]));
    assert!(null.contains("column filter, row 3") && null.contains("null"), "{null}");
    let negative = with(Series::new("filter".into(), [0_i64, 1, 0, -1, 0, 0]));
    assert!(negative.contains("column filter, row 4") && negative.contains("-1"), "{negative}");
}

#[test]
fn narrow_integers_and_a_column_of_nulls_are_taken() {
    let mut frame = table().with_labels(&all_soft()).unwrap().dataframe();
    frame.with_column(Column::from(Series::new("layer".into(), [1_u32, 1, 2, 1, 1, 2]))).unwrap();
    frame.with_column(Column::full_null("soft_threshold".into(), 6, &DataType::Null)).unwrap();
    let again = ScoreTable::from_dataframe(&frame).unwrap();
    assert_eq!(again, table().with_labels(&all_soft()).unwrap());
}

#[test]
fn the_csv_form_is_a_header_and_a_line_for_each_row() {
    let (_folder, path) = file("");
    table().write_csv(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (7, HEADER));
    assert_eq!(lines[1], "1-1,1,1,bird,0,0.25,false,false,0.125");
}

#[test]
fn a_bad_cell_is_named_by_file_row_line_column_and_value() {
    // The second row follows a name of two lines, so it stands on line 4.
    let good = "\"a\nb\",5,1,bird,0,0.2,false,false,";
    for (cells, column, value) in [
        ("c,5.5,1,bird,0,0.2,false,false,", "iterations", "\"5.5\""),
        ("c,-5,1,bird,0,0.2,false,false,", "iterations", "\"-5\""),
        ("c,5,one,bird,0,0.2,false,false,", "layer", "\"one\""),
        ("c,5,1,bird,,0.2,false,false,", "filter", "\"\""),
        ("c,5,1,bird,0,,false,false,", "score", "\"\""),
        ("c,5,1,bird,0,NaN,false,false,", "score", "\"NaN\""),
        ("c,5,1,bird,0,inf,false,false,", "score", "\"inf\""),
        ("c,5,1,bird,0,\"0,2\",false,false,", "score", "\"0,2\""),
        ("c,5,1,bird,0,0.2,no,false,", "constant", "\"no\""),
        ("c,5,1,bird,0,0.2,false,1,", "soft", "\"1\""),
        ("c,5,1,bird,0,0.2,false,false,high", "soft_threshold", "\"high\""),
    ] {
        let (_folder, path) = file(&format!("{HEADER}\n{good}\n{cells}\n"));
        let error = ScoreTable::read_csv(&path).unwrap_err().to_string();
        let place = format!("scores.csv: row 2 (line 4), column {column:?}: {value} ");
        assert!(error.contains(&place), "{place}: {error}");
    }
}

#[test]
fn a_broken_csv_file_is_named_with_what_is_wrong() {
    let row = "a,5,1,bird,0,0.2,false,false,";
    for (text, part) in [
        (String::new(), "empty"),
        (
            format!("{HEADER}\n{row}\na,5,1\n"),
            "row 2 (line 3) has 3 cells (no \"image\"), but the header has 9",
        ),
        (format!("{HEADER}\n{row},\n{row}\n"), "row 1 (line 2) has 10 cells"),
        (format!("{HEADER}\n\"a,5,1,bird\n"), "quote opened on line 2 is never closed"),
        (format!("{HEADER}\n\"a\"b,5,1,bird,0,0.2,false,false,\n"), "line 2: a comma or a line end"),
        ("a,b,a\n".to_string(), "two columns are called \"a\""),
        ("session,iterations\n".to_string(), "no column \"layer\""),
        (
            format!("{HEADER}\n{row}\n{row}\n"),
            "row 2: session \"a\", layer 1, image \"bird\", filter 0 stands",
        ),
        (format!("{HEADER}\n{row}\nb,5,0,bird,0,0.2,false,false,\n"), "column layer, row 2: 0 is no layer"),
    ] {
        let (_folder, path) = file(&text);
        let error = ScoreTable::read_csv(&path).unwrap_err().to_string();
        assert!(error.contains("scores.csv") && error.contains(part), "{part}: {error}");
    }
    let (_folder, path) = file("");
    std::fs::write(&path, b"session\na\nb\xff\n").unwrap();
    let error = CsvTable::open(&path).unwrap_err().to_string();
    assert!(error.contains("scores.csv: line 3 is not UTF-8"), "{error}");
}

#[test]
fn csv_of_other_programs_is_read() {
    // A byte order mark, CRLF, blank lines, quoted numbers, spaces, capital booleans, a column more.
    let text = format!(
        "\u{feff}{HEADER},more\r\n\r\n\"1-1\", 1 ,1,bird,\"0\", 2.5e-1 ,False,TRUE,,\"x \"\"y\"\"\"\r\n"
    );
    let (_folder, path) = file(&text);
    let csv = CsvTable::open(&path).unwrap();
    assert_eq!((csv.len(), csv.text(0, "more").unwrap()), (1, "x \"y\""));
    let read = ScoreTable::read_csv(&path).unwrap();
    let expected = FilterScore { soft: true, soft_threshold: None, ..row("1-1", 1, 1, "bird", 0, 0.25) };
    assert_eq!(read.rows(), [expected]);
    // pandas after a merge, and R.
    let text = format!(
        "{HEADER}\n2-1,2.0,1.0,bird,0.0,0.25,False,False,0.125\n9-1,1e+05,1,bird,0,0.25,False,False,0.125\n"
    );
    let (_folder, path) = file(&text);
    let read = ScoreTable::read_csv(&path).unwrap();
    assert_eq!(read.rows().iter().map(|row| row.iterations).collect::<Vec<_>>(), [2, 100_000]);
}

/// Names with everything CSV must guard, and any other text.
fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c ,;\"'\n\r\tä漢🙂\u{feff}-]{0,6}", any::<String>()]
}

/// Finite numbers of at least 0, of any size.
fn scores() -> impl Strategy<Value = f64> {
    use prop::num::f64::{NORMAL, POSITIVE, SUBNORMAL, ZERO};
    prop_oneof![0.0..0.5, POSITIVE | NORMAL | SUBNORMAL | ZERO]
}

fn tables() -> impl Strategy<Value = Vec<FilterScore>> {
    let cell = (scores(), prop::option::of(scores()), any::<bool>(), any::<bool>());
    let sessions = prop::collection::hash_map(names(), 0..=i64::MAX as u64, 0..4);
    let images = prop::collection::hash_set(names(), 1..3);
    (sessions, images, prop::collection::vec(cell, 24)).prop_map(|(sessions, images, cells)| {
        let mut cells = cells.into_iter();
        let mut rows = Vec::new();
        for (session, iterations) in &sessions {
            for image in &images {
                for layer in 1..=2 {
                    for filter in 0..2 {
                        let Some((score, soft_threshold, constant, label)) = cells.next() else {
                            return rows;
                        };
                        let soft = soft_threshold.map_or(label, |threshold| score < threshold);
                        let (session, image) = (session.clone(), image.clone());
                        rows.push(FilterScore {
                            session,
                            iterations: *iterations,
                            layer,
                            image,
                            filter,
                            score,
                            constant,
                            soft,
                            soft_threshold,
                        });
                    }
                }
            }
        }
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_comes_back_from_csv_and_from_its_frame_bit_for_bit(rows in tables()) {
        let table = ScoreTable::from_rows(rows.clone()).unwrap();
        let (_folder, path) = file("");
        table.write_csv(&path).unwrap();
        let read = ScoreTable::read_csv(&path).unwrap();
        prop_assert_eq!(read.rows(), &rows[..]);
        for (read, written) in read.rows().iter().zip(&rows) {
            prop_assert_eq!(read.score.to_bits(), written.score.to_bits());
            let bits = |row: &FilterScore| row.soft_threshold.map(f64::to_bits);
            prop_assert_eq!(bits(read), bits(written));
        }
        let again = ScoreTable::from_dataframe(&table.dataframe()).unwrap();
        prop_assert_eq!(again.rows(), &rows[..]);
        prop_assert_eq!(table.layer_scores().iter().map(|layer| layer.filters).sum::<usize>(), rows.len());
    }
}

pub fn labels(text: &str) -> Result<SoftLabels> {
    let (_folder, path) = file(text);
    SoftLabels::read_csv(&path)
}

fn all_soft() -> SoftLabels {
    let rows = rows();
    let lines =
        rows.iter().map(|row| format!("{},{},{},{},true\n", row.session, row.layer, row.image, row.filter));
    labels(&format!("session,layer,image,filter,soft\n{}", lines.collect::<String>())).unwrap()
}

#[test]
fn labels_by_hand_replace_the_threshold() {
    assert_eq!(all_soft().len(), 6);
    let labelled = table().with_labels(&all_soft()).unwrap();
    assert!(labelled.rows().iter().all(|row| row.soft && row.soft_threshold.is_none()));
    assert!(labelled.rows().iter().zip(rows()).all(|(ours, row)| ours.score == row.score));
    let counts: Vec<_> = labelled.layer_scores().iter().map(|layer| layer.soft_count).collect();
    assert_eq!(counts, [2, 1, 2, 1]);
}

#[test]
fn an_edited_score_table_is_a_file_of_labels() {
    let (_folder, path) = file("");
    let labelled = table().with_labels(&all_soft()).unwrap();
    labelled.write_csv(&path).unwrap();
    assert_eq!(SoftLabels::read_csv(&path).unwrap(), all_soft());
    assert_eq!(ScoreTable::read_csv(&path).unwrap(), labelled);
}

#[test]
fn the_table_of_sessions_and_pictures_has_a_row_for_each_filter_in_order() {
    let dataset = softness::dataset::Dataset::tiny();
    let network = Architecture { filters: [3, 2], dense: 8, ..Architecture::paper() };
    let sessions: Vec<Session> = [1, 2]
        .map(|seed| {
            let training = Training::paper().architecture(network.clone()).iterations(2).batch(10).seed(seed);
            train_in_memory(&dataset, training, &()).unwrap().named(format!("s{seed}"))
        })
        .into();
    let pictures = [dataset.bird(), Picture::static_noise(1)];
    let table = softness_table(&sessions, &pictures).unwrap();
    let mut expected = Vec::new();
    for session in ["s1", "s2"] {
        for (layer, filters) in [(1, 3), (2, 2)] {
            for image in ["bird", "static"] {
                expected.extend((0..filters).map(|filter| (session, 2, layer, image, filter)));
            }
        }
    }
    let seen: Vec<_> = table
        .rows()
        .iter()
        .map(|row| (row.session.as_str(), row.iterations, row.layer, row.image.as_str(), row.filter))
        .collect();
    assert_eq!(seen, expected);
    assert_eq!(table, softness_table(&sessions, &pictures).unwrap());
    // The table says what the parts say.
    let options = softness::softness::ScoringOptions::default();
    let responses = softness::responses::responses(&sessions[1], 2, &pictures[0], options.response).unwrap();
    let scores: Vec<_> = responses.iter().map(|response| options.score(response).unwrap().value()).collect();
    assert_eq!(table.scores("s2", 2, "bird").unwrap(), scores);
    let threshold = softness::internals::untrained_threshold(&network, 2, &pictures[0], options).unwrap();
    let soft: Vec<_> = scores.iter().map(|&score| score < threshold).collect();
    assert_eq!(table.soft("s2", 2, "bird").unwrap(), soft);

    let twice =
        softness_table(&[sessions[0].clone(), sessions[0].clone()], &pictures).unwrap_err().to_string();
    assert!(twice.contains("\"s1\"") && twice.contains("name of its own"), "{twice}");
}
