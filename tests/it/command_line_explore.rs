//! `softness explore`: the page of saved sessions, and what it refuses.

use crate::command_line::{error, softness, text};
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
