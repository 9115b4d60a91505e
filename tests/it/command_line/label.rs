//! `softness label`: the page of saved sessions and of those that are part of the program, and what it refuses.

use softness::internals::saved_sessions;
use softness::prelude::*;

use super::{error, softness, text};
use crate::support::small::{small, train};

#[test]
fn a_page_is_that_of_the_library_in_the_order_of_the_seed() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small().iterations(2)).named("mine");
    session.save(&folder.path().join("mine")).unwrap();
    let arguments =
        ["label", "mine", "--out", "pages/label.html", "--layer", "1", "--picture", "static", "--seed", "5"];
    let output = softness(folder.path(), &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let page = label_maps(&[session], 1, &Picture::static_noise(1)).unwrap().seed(5u64);
    assert_eq!(text(&output.stdout), format!("pages/label.html: {page}\n"));
    assert_eq!(std::fs::read_to_string(folder.path().join("pages/label.html")).unwrap(), page.html());

    let shipped = softness(folder.path(), &["label", "--out", "all.html", "--picture", "static"]);
    assert_eq!(text(&shipped.stdout), "all.html: 396 maps of layer 2, image static, to label\n");
}

#[test]
fn the_bird_is_that_of_the_sessions_scores() {
    let folder = tempfile::tempdir().unwrap();
    let train =
        ["train", "--dataset", "synthetic", "--iterations", "1", "--out", "store", "--evaluate-every", "0"];
    let trained = softness(folder.path(), &train);
    assert!(trained.status.success(), "{}", text(&trained.stderr));
    let session = saved_sessions(&folder.path().join("store/sessions")).unwrap().remove(0);
    let drawn = Dataset::synthetic(0).unwrap().bird();
    let published = Picture::open(concat!(env!("CARGO_MANIFEST_DIR"), "/data/bird.png")).unwrap();
    assert_ne!(drawn, published);
    for (sessions, named, bird) in
        [(vec![session], &["store"][..], drawn), (shipped_sessions().unwrap(), &[], published)]
    {
        let output =
            softness(folder.path(), &[&["label", "--out", "page.html", "--layer", "1"], named].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let page = label_maps(&sessions, 1, &bird).unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("page.html")).unwrap(), page.html());
    }
}

#[test]
fn what_has_no_page_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| {
        error(folder.path(), &[&["label", "--picture", "static", "--out"], arguments].concat())
    };
    assert!(refused(&["page.csv"]).contains("must end in .html"));
    // Under this reading a filter has many maps.
    assert!(
        refused(&["page.html", "--reading", "each-kernel"])
            .contains("invalid value 'each-kernel' for '--reading")
    );
    assert!(refused(&["page.html", "--layer", "3"]).contains("there is no layer 3"));
    assert!(refused(&["page.html", "missing"]).contains("missing"));
    for weights in ["run/e-{n}.npz", "net.safetensors", "net.NPY"] {
        let sentence = format!(
            "error: SESSIONS is {weights}, but label takes saved sessions; `softness filters` scores and draws the filters of weight \
             files, and `softness explore` shows a series of them"
        );
        assert_eq!(refused(&["page.html", weights]), sentence);
    }
    assert!(!folder.path().join("page.html").exists());
}
