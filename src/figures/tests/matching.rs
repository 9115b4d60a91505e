//! What the figure of a matching says.

use super::{bird, session};
use crate::matching::match_filters;
use crate::responses::{Reading, ResponseOptions};
use crate::session::Session;

/// The same filters as another session.
fn other() -> Session {
    session().clone().named("other")
}

#[test]
fn a_matching_names_both_sessions_every_filter_twice_and_its_correlation() {
    let by_weights = match_filters(session(), &other(), 1).unwrap();
    let by_maps = ResponseOptions::default().match_filters(session(), &other(), 2, &bird()).unwrap();
    for (matching, rows) in [(by_weights, 2), (by_maps, 4)] {
        let pairs = matching.pairs().len();
        let figure = matching.figure().unwrap();
        let texts: Vec<String> = super::texts(&figure).into_iter().map(|(text, _)| text).collect();
        let count = |text: &str| texts.iter().filter(|other| *other == text).count();
        assert_eq!((count("1.00"), count("other"), count("correlation")), (pairs, rows, rows + 1));
        assert!((0..pairs).all(|filter| count(&filter.to_string()) >= 2), "{texts:?}");
        assert!(
            figure.caption().contains(&format!("{pairs} of {pairs} pairs lie above")),
            "{}",
            figure.caption()
        );
    }
}

#[test]
fn many_maps_of_a_filter_and_large_ones_are_drawn_small() {
    let kernels = ResponseOptions::default().reading(Reading::EachKernel);
    let figure = kernels.match_filters(session(), &other(), 2, &bird()).unwrap().figure().unwrap();
    assert!(figure.caption().contains("first 16 kernels"), "{}", figure.caption());
    assert!(figure.width() == 640 && figure.height() < 1_200);
}
