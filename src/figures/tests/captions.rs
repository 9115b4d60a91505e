//! What a figure shows and of how many, in words.

use super::super::canvas::escape;
use super::{Figure, all, bird, session, texts};
use crate::figures::picture_figure;

/// Whether a caption says how many of what are shown: a number in digits or a number word.
fn counts(caption: &str) -> bool {
    let words = ["one", "two", "three", "four", "seven", "eleven"];
    caption.contains(|letter: char| letter.is_ascii_digit())
        || caption.split_whitespace().any(|word| words.contains(&word.to_lowercase().as_str()))
}

#[test]
fn every_caption_says_what_is_shown_and_of_how_many() {
    for figure in all() {
        let (title, caption) = (figure.title(), figure.caption());
        assert!(counts(caption), "{title}: {caption}");
        assert!(caption.split_whitespace().count() >= 4, "{title}: {caption}");
    }
    assert!(!counts("Each point is measured on a part of the test images."));
}

#[test]
fn captions_are_the_alternative_text_of_svg_and_page() {
    for figure in all() {
        let [title, caption] = [figure.title(), figure.caption()].map(escape);
        let head = format!("<title>{title}</title>\n<desc>{caption}</desc>\n");
        assert!(figure.svg().contains(&head), "{title}");
        assert!(figure.svg().contains(" role=\"img\""));
        let html = figure.html().into_string();
        let alt = html.split(" alt=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(alt, format!("{title}. {caption}"));
    }
}

#[test]
fn the_words_drawn_under_the_title_are_the_caption() {
    for figure in all() {
        let drawn: Vec<String> = texts(&figure).into_iter().map(|(text, _)| text).collect();
        let drawn = drawn.join(" ");
        assert!(drawn.contains(&escape(figure.caption())), "{}: {drawn}", figure.title());
    }
}

#[test]
fn another_caption_changes_the_words_only() {
    let figure = picture_figure(&bird()).unwrap();
    let other = figure.clone().captioned("One bird & <no> cat");
    assert_eq!(other.caption(), "One bird & <no> cat");
    assert_eq!(other.svg().matches("<desc>").count(), 1);
    assert!(other.svg().contains("<desc>One bird &amp; &lt;no&gt; cat</desc>"));
    assert_eq!(other.captioned(figure.caption()), figure);

    let drawn = Figure::draw("Mine", (320, 200), |_| Ok(())).unwrap();
    assert!(drawn.caption().is_empty() && !drawn.svg().contains("<desc>"));
    let said = drawn.clone().captioned("Nothing, once");
    assert_eq!(said.svg().replace("<desc>Nothing, once</desc>\n", ""), drawn.svg());
    // A gallery has the captions of its figures.
    let gallery = Figure::gallery(&[said, session().accuracy_curve().unwrap()]).unwrap();
    assert!(
        gallery.caption().starts_with("Nothing, once; ") && gallery.svg().contains("<desc>Nothing, once; ")
    );
}
