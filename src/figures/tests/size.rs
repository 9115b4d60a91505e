//! Figures in a column, on a page, on a slide.

use super::course::kept;
use super::sessions::robustness;
use super::{Figure, all, bird, fits, picture_figure, r_squared_chart, session};
use crate::figures::FigureSize;
use crate::models::Form;
use crate::softness::Measure;

/// Pixels, and pixels of a metre in print, as the PNG says.
fn png_says(figure: &Figure) -> ([u32; 2], u32) {
    let png = figure.png().unwrap();
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!(&png[37..41], b"pHYs");
    assert_eq!((number(41), png[49]), (number(45), 1), "the same in both directions, per metre");
    image::load_from_memory(&png).unwrap();
    ([number(16), number(20)], number(41))
}

#[test]
fn each_size_has_its_millimetres_and_dots() {
    let column = fits(1.5).iter().next().unwrap().residual_plot().unwrap();
    let [width, height] = [column.width(), column.height()];
    // 85 mm at 300 dots per inch.
    let sized = column.sized(FigureSize::Column).unwrap();
    assert!(sized.svg().contains(" width=\"85.00mm\" "), "{}", &sized.svg()[..120]);
    let (pixels, per_metre) = png_says(&sized);
    assert_eq!((pixels[0], per_metre), (1004, 11_811));
    assert_eq!(pixels[1], (1004.0 * f64::from(height) / f64::from(width)).round() as u32);
    // Its letters do not grow on a page.
    assert_eq!(png_says(&column.sized(FigureSize::Page).unwrap()).0, pixels);
    // A cell has CSS pixels, and twice as many in the PNG: 85 mm too.
    assert_eq!(png_says(&column), ([2 * width, 2 * height], 7529));
    assert_eq!(sized.sized(FigureSize::Cell).unwrap(), column);

    let page = r_squared_chart(&fits(1.5)).unwrap();
    let sized = page.sized(FigureSize::Page).unwrap();
    assert!(sized.svg().contains(" width=\"170.00mm\" "));
    assert_eq!(
        png_says(&sized),
        ([2008, (2007.87 * f64::from(page.height()) / 640.0_f64).round() as u32], 11_811)
    );
    // On a slide it is limited by its height, and has 288 dots per inch.
    let slide = page.sized(FigureSize::Slide).unwrap();
    let ([wide, high], per_metre) = png_says(&slide);
    assert_eq!(per_metre, 11_339);
    let [wide, high] = [wide, high].map(|pixels| f64::from(pixels) / 288.0 * 25.4);
    assert!(wide <= 320.1 && high <= 175.1 && (wide > 319.9 || high > 174.9), "{wide} x {high} mm");
}

#[test]
fn a_size_that_makes_letters_illegible_is_refused_and_names_another() {
    let page = r_squared_chart(&fits(1.5)).unwrap();
    let error = page.sized(FigureSize::Column).unwrap_err().to_string();
    // 11 pixels, 85 mm for 640 pixels.
    assert!(error.contains("would have 4.1 points") && error.contains("it fits a page"), "{error}");
    let tall = Figure::second_study("bird").unwrap();
    let error = tall.sized(FigureSize::Slide).unwrap_err().to_string();
    assert!(error.contains("10 is the least") && error.contains("it fits a page"), "{error}");
    // Without letters there is nothing to read.
    let blank = Figure::draw("Blank", (640, 100), |_| Ok(())).unwrap();
    assert!(blank.sized(FigureSize::Column).is_ok());
}

#[test]
fn every_figure_fits_a_cell_and_a_page_and_narrow_ones_a_column() {
    for figure in all() {
        assert_eq!(figure.sized(FigureSize::Cell).unwrap(), figure);
        let tall = figure.height() > 866; // 230 mm
        assert_eq!(figure.sized(FigureSize::Page).is_ok(), !tall, "{}", figure.title());
        assert_eq!(figure.sized(FigureSize::Column).is_ok(), figure.width() == 320, "{}", figure.title());
    }
}

#[test]
fn figures_for_a_talk_fit_a_slide() {
    let sessions = std::slice::from_ref(kept());
    for figure in [
        Figure::roughness_map(session(), 1, &bird()).unwrap(),
        Figure::trajectories(sessions, 2).unwrap(),
        Figure::r_squared_spread(&robustness(), Measure::BlurEffect).unwrap(),
        Figure::hinton_diagram(session(), 1).unwrap(),
    ] {
        assert!(
            figure.sized(FigureSize::Slide).is_ok(),
            "{}: {} pixels high",
            figure.title(),
            figure.height()
        );
    }
}

#[test]
fn a_sized_figure_goes_into_a_gallery_as_it_was_drawn() {
    let plain = picture_figure(&bird()).unwrap();
    let sized = plain.sized(FigureSize::Slide).unwrap();
    let fits = fits(1.5);
    let other = fits.get(2, "bird", Form::Power).unwrap().plot().unwrap();
    let galleries = [plain, sized].map(|figure| Figure::gallery(&[figure, other.clone()]).unwrap());
    assert_eq!(galleries[0], galleries[1]);
    assert!(galleries[0].sized(FigureSize::Column).is_err(), "its letters are known");
}
