//! Score tables and labels that went through a spreadsheet, and labels that are not enough.
use softness::table::{ScoreTable, SoftLabels};

use crate::score_table::{file, labels, rows, table};

#[test]
fn tables_and_labels_of_a_german_spreadsheet_are_read() {
    let (_folder, path) = file("");
    table().write_csv(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    // No text of this table has a comma or a point; Excel writes truth values in capitals.
    let german = text.replace(',', ";").replace('.', ",").replace("true", "TRUE").replace("false", "FALSE");
    std::fs::write(&path, german.replace('\n', "\r\n") + ";;;;;;;;\r\n").unwrap();
    assert_eq!(ScoreTable::read_csv(&path).unwrap(), table());
    let soft = rows().iter().filter(|row| row.soft).count();
    let labelled = table().with_labels(&SoftLabels::read_csv(&path).unwrap()).unwrap();
    assert_eq!(labelled.rows().iter().filter(|row| row.soft).count(), soft);
}

#[test]
fn labels_whose_sessions_became_dates_are_told() {
    let header = "session,layer,image,filter,soft\n";
    let dates =
        labels(&format!("{header}Jan-00,1,bird,0,TRUE\n01-Jan,1,bird,0,TRUE\nJan-00,1,bird,1,TRUE\n"))
            .unwrap();
    let message = table().with_labels(&dates).unwrap_err().to_string();
    assert_eq!(
        message,
        "the labels say nothing about session \"1-1\": they name \"01-Jan\", \"Jan-00\"; a spreadsheet that opens a CSV \
         file turns a name such as \"1-1\" into a date: import the column \"session\" as text"
    );
    // A name that no spreadsheet takes for a date, and more sessions than a sentence should have.
    let many: String = (10..30).map(|number| format!("s{number},1,bird,0,true\n")).collect();
    let mut other = rows();
    other[0].session = "mine".into();
    let other = ScoreTable::from_rows(other).unwrap();
    let message = other.with_labels(&labels(&format!("{header}{many}")).unwrap()).unwrap_err().to_string();
    assert!(message.ends_with("\"mine\": they name \"s10\", \"s11\", \"s12\", \"s13\", \"s14\", \"s15\", \"s16\", \"s17\", 12 more"), "{message}");
    let none = table().with_labels(&labels(header).unwrap()).unwrap_err().to_string();
    assert_eq!(
        none,
        "the labels say nothing about session \"1-1\": there is no row below their header; a map needs a row with its label"
    );
}

#[test]
fn what_is_neither_true_nor_false_is_told_with_what_to_write() {
    let said = |cell: &str| {
        let text = format!("session,layer,image,filter,soft\ns,1,bird,0,{cell}\n");
        labels(&text).unwrap_err().to_string()
    };
    for cell in ["1", "yes", ""] {
        let sentence = format!(
            "row 1 (line 2), column \"soft\": {cell:?} is neither true nor false: write true or false"
        );
        assert!(said(cell).ends_with(&sentence), "{}", said(cell));
    }
    for cell in ["WAHR", "faux"] {
        let sentence = format!(
            "{cell:?} is neither true nor false: write true or false; a spreadsheet writes them in its own language, so \
             replace its words in the whole column"
        );
        assert!(said(cell).ends_with(&sentence), "{}", said(cell));
    }
}

#[test]
fn people_whose_labels_name_other_sessions_are_told_which() {
    let header = "labeller,session,layer,image,filter,soft\n";
    let by = |name: &str, session: &str, image: &str| {
        labels(&format!("{header}{name},{session},1,{image},0,true\n{name},{session},1,{image},1,false\n"))
            .unwrap()
    };
    let compared = |people: &[SoftLabels]| SoftLabels::compare(people).unwrap_err().to_string();
    assert_eq!(
        compared(&[by("Ann", "session 2000-1", "bird"), by("Ben", "Jan-00", "bird")]),
        "no map was labelled by all of them: compare labels of the same sessions, layer and image; the labels name other \
         sessions (Ann: \"2000-1\"; Ben: \"Jan-00\"); a spreadsheet that opens a CSV file turns a name such as \"2000-1\" into a \
         date: import the column \"session\" as text"
    );
    let said = compared(&[by("Ann", "mine", "bird"), by("Ben", "yours", "bird")]);
    assert!(said.ends_with("(Ann: \"mine\"; Ben: \"yours\")"), "{said}");
    // Another image of the same session.
    let said = compared(&[by("Ann", "Session 2000-1", "bird"), by("Ben", "2000-1", "static")]);
    assert!(said.ends_with("of the same sessions, layer and image"), "{said}");
    assert!(SoftLabels::compare(&[by("Ann", "Session 2000-1", "bird"), by("Ben", "2000-1", "bird")]).is_ok());
}

#[test]
fn a_map_without_a_label_and_one_with_two_are_named() {
    let one = labels("session,layer,image,filter,soft\n1-1,1,bird,0,true\n").unwrap();
    let error = table().with_labels(&one).unwrap_err().to_string();
    for part in ["\"1-1\"", "layer 1", "\"bird\"", "filter 1"] {
        assert!(error.contains(part), "{error}");
    }
    let error =
        labels("session,layer,image,filter,soft\na,1,b,0,true\na,1,b,0,true\n").unwrap_err().to_string();
    assert!(error.contains("row 2 (line 3), column \"filter\"") && error.contains("earlier row"), "{error}");
    let error = labels("session,layer,image,filter,soft\na,1,b,0,maybe\n").unwrap_err().to_string();
    assert!(error.contains("row 1 (line 2), column \"soft\": \"maybe\""), "{error}");
    let error = labels("session,layer,image,soft\n").unwrap_err().to_string();
    assert!(error.contains("no column \"filter\""), "{error}");
}
