//! Figures as files and in notebooks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fits;
use crate::dataset::Picture;
use crate::figures::{Figure, picture_figure};

#[test]
fn a_figure_is_saved_by_its_ending() {
    let folder = tempfile::tempdir().unwrap();
    let figure = fits(1.5).iter().next().unwrap().plot().unwrap();
    let (svg, png) = (folder.path().join("new/figure.svg"), folder.path().join("new/figure.PNG"));
    figure.save(&svg).unwrap();
    figure.save(&png).unwrap();
    assert_eq!(std::fs::read_to_string(&svg).unwrap(), figure.svg());
    assert_eq!(std::fs::read(&png).unwrap(), figure.png().unwrap());
}

#[test]
fn another_ending_is_refused_and_an_existing_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let figure = fits(1.5).iter().next().unwrap().plot().unwrap();
    for name in ["figure.eps", "figure", "figure.svg.gz"] {
        let path = folder.path().join(name);
        std::fs::write(&path, "old").unwrap();
        let error = figure.save(&path).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(".svg, .png or .pdf"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    }
    // The name is a folder's: writing fails, and no partial file is left.
    let taken = folder.path().join("taken.svg");
    std::fs::create_dir(&taken).unwrap();
    let error = figure.save(&taken).unwrap_err().to_string();
    assert!(error.contains("taken.svg"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn a_notebook_gets_an_image_with_alternative_text_png_and_text() {
    let figure = fits(1.5).iter().next().unwrap().plot().unwrap();
    let contents = figure.contents();
    let kinds: Vec<_> = contents.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, ["text/plain", "text/html", "image/png"]);
    let size = format!(" ({} × {} pixels)", figure.width(), figure.height());
    assert_eq!(contents[0].1, format!("{}{size}", figure.title()));
    let html = &contents[1].1;
    let address =
        html.strip_prefix("<img src=\"data:image/svg+xml;base64,").unwrap().split('"').next().unwrap();
    assert_eq!(STANDARD.decode(address).unwrap(), figure.svg().as_bytes());
    // The card's padding comes on top of the figure's width.
    let width = format!(" width=\"{}\" style=\"box-sizing:border-box;max-width:100%;", figure.width() + 16);
    assert!(html.contains(&width) && html.ends_with("\">"), "{html}");
    assert!(contents[2].1.starts_with("iVBORw0KGgo"), "the signature of PNG in base64");
    assert!(!contents[2].1.contains('\n'));
}

#[test]
fn the_alternative_text_is_title_and_caption_escaped() {
    let figure = picture_figure(&Picture::static_noise(1).named("<\"a\" & b>")).unwrap();
    let html = figure.html().into_string();
    assert!(html.contains(" alt=\"&lt;&quot;a&quot; &amp; b&gt;. 32 × 32 pixels\" "), "{html}");
}

#[test]
fn a_figure_of_ones_own_is_drawn_in_pixels_with_outlined_text() {
    use plotters::prelude::*;
    let figure = Figure::draw("Mine", (320, 200), |area| {
        area.draw(&Rectangle::new([(10, 20), (30, 40)], BLUE.filled()))?;
        area.draw(&Text::new("a < b", (50, 60), ("sans-serif", 12)))?;
        Ok(())
    });
    let figure = figure.unwrap();
    assert_eq!((figure.width(), figure.height(), figure.title()), (320, 200, "Mine"));
    let svg = figure.svg();
    assert!(
        svg.contains("viewBox=\"0 0 320 200\"") && svg.contains("<rect x=\"10\" y=\"20\" width=\"20\""),
        "{svg}"
    );
    assert!(svg.contains("transform=\"scale(0.02)\" aria-label=\"a &lt; b\""), "{svg}");
    assert!(figure.png().unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn a_figure_without_pixels_or_with_too_many_is_not_drawn() {
    for size in [(0, 0), (0, 200), (320, 0), (100_000, 100_000), (25_000_001, 1)] {
        let error = Figure::draw("t", size, |_| Ok(())).unwrap_err().to_string();
        let sentence = "it needs at least 1 pixel each way, and at most 25 million in all";
        assert_eq!(error, format!("size of the figure is {size:?}, but {sentence}"));
    }
    assert!(Figure::draw("t", (1, 1), |_| Ok(())).unwrap().png().is_ok());
}
