//! Pictures are turned as their Exif data say, which is what a viewer shows.
use image::{ImageEncoder, Rgb, RgbImage};
use ndarray::{Array2, ArrayView2, s};
use softness::dataset::{Dataset, FolderOptions, Picture, ResizeFilter};
use softness::internals::read_luma;
use tempfile::tempdir;

/// Exif data that say nothing but the orientation, in either byte order.
fn exif(orientation: u8, big: bool) -> Vec<u8> {
    match big {
        true => [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", &[orientation][..], &[0; 6]].concat(),
        false => [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[orientation][..], &[0; 7]].concat(),
    }
}

/// Blocks of 8 x 8 pixels of one colour each, 3 across and 2 down, so that JPEG keeps them apart: 10, 60, .. 260.
fn stored() -> RgbImage {
    RgbImage::from_fn(24, 16, |x, y| Rgb([(10 + 40 * (x / 8 + 3 * (y / 8))) as u8; 3]))
}

/// What a viewer shows, from the middle of each block. By the definition of the eight values (TIFF 6.0, Orientation): the
/// stored rows lie at the top, bottom, left or right of what is shown, beginning at the left, right, top or bottom.
fn shown(orientation: u8) -> Array2<u8> {
    let stored: Array2<u8> = ndarray::arr2(&[[10, 50, 90], [130, 170, 210]]);
    let view: ArrayView2<u8> = match orientation {
        1 => stored.view(),
        2 => stored.slice(s![.., ..;-1]), // rows at the top, beginning at the right
        3 => stored.slice(s![..;-1, ..;-1]), // at the bottom, right
        4 => stored.slice(s![..;-1, ..]), // at the bottom, left
        5 => stored.t(),                  // at the left, top
        6 => stored.t().slice_move(s![.., ..;-1]), // at the right, top
        7 => stored.t().slice_move(s![..;-1, ..;-1]), // at the right, bottom
        8 => stored.t().slice_move(s![..;-1, ..]), // at the left, bottom
        _ => unreachable!(),
    };
    view.to_owned()
}

/// The stored picture with Exif data, in each format that has them.
fn files(exif: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (picture, rgb) = (stored(), image::ExtendedColorType::Rgb8);
    let (mut jpeg, mut png, mut webp) = (Vec::new(), Vec::new(), Vec::new());
    let mut encoder = jpeg_encoder::Encoder::new(&mut jpeg, 100);
    encoder.add_exif_metadata(exif).unwrap();
    encoder.encode(&picture, 24, 16, jpeg_encoder::ColorType::Rgb).unwrap();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
    encoder.set_exif_metadata(exif.to_vec()).unwrap();
    encoder.write_image(&picture, 24, 16, rgb).unwrap();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(exif.to_vec()).unwrap();
    encoder.write_image(&picture, 24, 16, rgb).unwrap();
    vec![("a.jpg", jpeg), ("a.png", png), ("a.webp", webp)]
}

#[test]
fn each_of_the_eight_orientations_is_applied_in_every_format() {
    let folder = tempdir().unwrap();
    for orientation in 1..=8 {
        let expected = shown(orientation);
        for exif in [
            exif(orientation, false),
            exif(orientation, true),
            [b"Exif\0\0", &exif(orientation, true)[..]].concat(),
        ] {
            for (name, bytes) in files(&exif) {
                // A JPEG file has the name of the data already.
                if name == "a.jpg" && exif.starts_with(b"Exif") {
                    continue;
                }
                let path = folder.path().join(name);
                std::fs::write(&path, bytes).unwrap();
                let picture = Picture::open(&path).unwrap();
                let luma = read_luma(&path).unwrap();
                let what = format!("{name}, orientation {orientation}");
                assert_eq!(picture.pixels().dim(), (3, 8 * expected.nrows(), 8 * expected.ncols()), "{what}");
                for ((row, column), &value) in expected.indexed_iter() {
                    let (y, x) = (8 * row + 4, 8 * column + 4);
                    assert!(picture.pixels()[[1, y, x]].abs_diff(value) <= 1, "{what}: {row}, {column}");
                    assert!((luma[[y, x]] - f64::from(value)).abs() <= 1.0, "{what}: {row}, {column}");
                }
            }
        }
    }
}

#[test]
fn pictures_of_a_folder_are_turned_before_they_are_resized() {
    let folder = tempdir().unwrap();
    for class in ["a", "b"] {
        std::fs::create_dir(folder.path().join(class)).unwrap();
        for number in 0..5 {
            let (_, jpeg) = files(&exif(6, false)).remove(0);
            std::fs::write(folder.path().join(format!("{class}/{number}.jpg")), jpeg).unwrap();
        }
    }
    let options = FolderOptions::default().filter(ResizeFilter::Nearest);
    let dataset = Dataset::folder(folder.path(), options).unwrap();
    let image = dataset.train().image(0).slice(s![0, .., ..]).to_owned();
    // Two blocks across and three down: the first stored row stands at the right.
    for ((row, column), &value) in shown(6).indexed_iter() {
        assert!(image[[5 + 10 * row, 8 + 16 * column]].abs_diff(value) <= 1, "{row}, {column}");
    }
}

/// Some programs write the number in one byte or four.
#[test]
fn an_orientation_of_another_width_is_applied() {
    let folder = tempdir().unwrap();
    for (kind, big, value) in
        [(4, false, [6, 0, 0, 0]), (4, true, [0, 0, 0, 6]), (1, false, [6, 0, 0, 0]), (1, true, [6, 0, 0, 0])]
    {
        let mut exif = exif(1, big);
        exif[if big { 13 } else { 12 }] = kind;
        exif[18..22].copy_from_slice(&value);
        for (name, bytes) in files(&exif) {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let picture = Picture::open(&path).unwrap();
            assert_eq!(picture.pixels().dim(), (3, 24, 16), "{name}, type {kind}, {big}");
            assert!(picture.pixels()[[1, 4, 4]].abs_diff(shown(6)[[0, 0]]) <= 1, "{name}");
        }
    }
}

#[test]
fn exif_data_that_say_nothing_sensible_change_nothing() {
    let folder = tempdir().unwrap();
    for exif in [exif(0, false), exif(9, true), b"II*\0".to_vec(), b"nonsense".to_vec()] {
        for (name, bytes) in files(&exif) {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(Picture::open(&path).unwrap().pixels().dim(), (3, 16, 24), "{name} {exif:?}");
        }
    }
}
