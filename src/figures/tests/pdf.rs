//! Figures as PDF, looked at with another program.

use std::process::Command;

use image::RgbImage;

use super::{Figure, all, bird, fits, picture_figure, r_squared_chart};
use crate::figures::FigureSize;

/// The largest mean difference of the pixels of a PDF, drawn by poppler, from those of the PNG, of 255. They differ at the edges of
/// letters, lines and cells, which the two programs smooth differently: measured are 0.4 to 2.1, and 5.0 for the 14,400 small cells of
/// layer 2's kernels. A cell that is moved by its side makes maps and filters differ by 10 and more.
const MEAN_DIFFERENCE: f64 = 9.0;
/// The largest share of pixels that differ by more than half the range: measured are up to 0.00008. Letters are 0.02 to 0.05 of a
/// figure, so that one line without them is more.
const FAR_SHARE: f64 = 0.0005;

#[test]
fn a_pdf_has_one_page_of_the_printed_size_and_no_date() {
    let figure = r_squared_chart(&fits(1.5)).unwrap();
    let pdf = figure.pdf().unwrap();
    assert_eq!(pdf, figure.pdf().unwrap());
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.starts_with("%PDF-1.4") && text.trim_end().ends_with("%%EOF"));
    // 170 mm are 481.89 points.
    assert!(text.contains("/MediaBox [0 0 481.8"), "{text}");
    assert!(text.contains("/Count 1") && !text.contains("Date") && !text.contains("/Font"));
    let column = fits(1.5).iter().next().unwrap().plot().unwrap().sized(FigureSize::Column).unwrap();
    assert!(String::from_utf8_lossy(&column.pdf().unwrap()).contains("/MediaBox [0 0 240.9"));
}

#[test]
fn another_program_draws_the_pdf_as_the_png() {
    let there = Command::new("pdftoppm").arg("-v").output();
    if there.is_err() {
        println!("skipped: pdftoppm (poppler) is not here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let gallery = Figure::gallery(&[picture_figure(&bird()).unwrap(), r_squared_chart(&fits(1.5)).unwrap()]);
    let mut figures = all();
    // One fit of each form is enough.
    figures.truncate(25);
    figures.push(gallery.unwrap());
    for figure in figures {
        let png = image::load_from_memory(&figure.png().unwrap()).unwrap().into_rgb8();
        let drawn = drawn(&figure, folder.path(), png.dimensions());
        let apart = |pair: (&u8, &u8)| f64::from(pair.0.abs_diff(*pair.1));
        let all: Vec<f64> = png.as_raw().iter().zip(drawn.as_raw()).map(apart).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let far = all.iter().filter(|&&apart| apart > 127.0).count() as f64 / all.len() as f64;
        println!("{}: mean {mean:.2}, far {far:.5}", figure.title());
        assert!(mean < MEAN_DIFFERENCE && far < FAR_SHARE, "{}: {mean}, {far}", figure.title());
    }
}

/// What poppler makes of the PDF, with as many pixels as the PNG.
fn drawn(figure: &Figure, folder: &std::path::Path, (width, height): (u32, u32)) -> RgbImage {
    let (pdf, out) = (folder.join("figure.pdf"), folder.join("figure"));
    figure.save(&pdf).unwrap();
    let size = [width, height].map(|length| length.to_string());
    let options = ["-png", "-singlefile", "-scale-to-x", &size[0], "-scale-to-y", &size[1]];
    let run = Command::new("pdftoppm").args(options).arg(&pdf).arg(&out).output().unwrap();
    assert!(run.status.success() && run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    image::open(folder.join("figure.png")).unwrap().into_rgb8()
}
