//! Pictures of every form and size, made 32 x 32.
use std::path::Path;

use image::{DynamicImage, GrayImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use ndarray::{Array5, ArrayView3, s};
use softness::dataset::{Dataset, FolderOptions, Picture, ResizeFilter};
use softness::internals::Source;
use tempfile::{TempDir, tempdir};

use super::fixture::assert_says;

/// JPEG rounds colours to a neighbouring YCbCr value and back.
pub const JPEG: u8 = 2;
/// Pillow computes the same weights in float64, so that halves may round to either side.
const PILLOW: u8 = 1;

pub fn save(folder: &Path, name: &str, picture: impl Into<DynamicImage>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    picture.into().save(path).unwrap();
}

/// A folder whose classes "a" and "b" have this picture for training and for testing, at a share of one half.
pub fn folder_of(name: &str, picture: impl Into<DynamicImage>) -> TempDir {
    let (folder, picture) = (tempdir().unwrap(), picture.into());
    for file in ["a/1", "a/2", "b/1", "b/2"] {
        save(folder.path(), &format!("{file}{name}"), picture.clone());
    }
    folder
}

pub fn read(folder: &Path, filter: ResizeFilter) -> Dataset {
    Dataset::folder(folder, FolderOptions::default().filter(filter).test_share(0.5)).unwrap()
}

#[track_caller]
pub fn assert_close(found: ArrayView3<u8>, expected: [u8; 3], tolerance: u8) {
    for (channel, expected) in expected.into_iter().enumerate() {
        let plane = found.slice(s![channel, .., ..]);
        assert!(plane.iter().all(|value| value.abs_diff(expected) <= tolerance), "{expected}: {plane}");
    }
}

#[test]
fn pictures_of_any_size_and_form_become_32_by_32_colour() {
    let orange = Rgb([250, 120, 10]);
    let cases: [(&str, DynamicImage, [u8; 3], u8); 11] = [
        (".webp", RgbImage::from_pixel(33, 95, orange).into(), orange.0, 0),
        (".bmp", RgbImage::from_pixel(33, 95, orange).into(), orange.0, 0),
        (".png", RgbImage::from_pixel(1, 1, orange).into(), orange.0, 0),
        (".png", RgbImage::from_pixel(301, 7, orange).into(), orange.0, 0),
        (".jpg", RgbImage::from_pixel(33, 95, orange).into(), orange.0, JPEG),
        (".jpeg", RgbImage::from_pixel(5, 3, orange).into(), orange.0, JPEG),
        (".png", GrayImage::from_pixel(17, 64, Luma([77])).into(), [77; 3], 0),
        (".jpg", GrayImage::from_pixel(17, 64, Luma([77])).into(), [77; 3], JPEG),
        // 0x1234 is 4660 of 65535, 18.13 of 255.
        (".png", ImageBuffer::from_pixel(40, 40, Luma([0x1234u16])).into(), [18; 3], 0),
        (".png", ImageBuffer::from_pixel(9, 50, Rgb([0xffffu16, 0x8080, 0x0101])).into(), [255, 128, 1], 0),
        // Opacity is ignored: the colours are those under it.
        (".png", RgbaImage::from_pixel(50, 50, Rgba([9, 8, 7, 0])).into(), [9, 8, 7], 0),
    ];
    for (ending, picture, expected, tolerance) in cases {
        let folder = folder_of(ending, picture);
        let dataset = read(folder.path(), ResizeFilter::Triangle);
        assert_eq!(dataset.train().images().dim(), (2, 3, 32, 32));
        assert_close(dataset.train().image(0), expected, tolerance);
        assert_eq!(dataset.train().image(0), dataset.test().image(0));
        assert_eq!(dataset.source(), Source::ImageFolder);
    }
}

#[test]
fn each_filter_halves_a_ramp_as_worked_out_by_hand() {
    // 64 columns of 0, 4, .. 252, each row the same.
    let ramp = RgbImage::from_fn(64, 64, |column, _| Rgb([column as u8 * 4; 3]));
    let folder = folder_of(".png", ramp);
    let row = |filter| read(folder.path(), filter).train().image(0).slice(s![1, 9, ..]).to_vec();
    // The middle of new column x lies between old columns 2x and 2x + 1: 4 (2x + 1/2) = 8x + 2 in
    // every filter that is symmetrical.
    let inner: Vec<u8> = (3..29).map(|column| column * 8 + 2).collect();
    for filter in [ResizeFilter::Triangle, ResizeFilter::CatmullRom, ResizeFilter::Lanczos3] {
        assert_eq!(row(filter)[3..29], inner, "{filter:?}");
    }
    // At the left edge a triangle's weights 1/8, 3/8, 3/8, 1/8 lose the first: (0 * 3 + 4 * 3 + 8 * 1) / 7 = 2.86,
    // and at the right edge 252 less that.
    let triangle = row(ResizeFilter::Triangle);
    assert_eq!((triangle[0], triangle[31]), (3, 249));
    // The nearest pixel to a middle between two is the right one of them.
    let nearest: Vec<u8> = (0..32).map(|column| column * 8 + 4).collect();
    assert_eq!(row(ResizeFilter::Nearest), nearest);
}

#[test]
fn each_filter_agrees_with_pillow() {
    // golden/resize.npy, (size, filter, row, column, channel): see golden/resize.py.
    let golden: Array5<u8> = ndarray_npy::read_npy("tests/golden/resize.npy").unwrap();
    let filters =
        [ResizeFilter::Nearest, ResizeFilter::Triangle, ResizeFilter::CatmullRom, ResizeFilter::Lanczos3];
    for (size, (width, height)) in [(75, 50), (13, 20)].into_iter().enumerate() {
        let value = |x: u32, y: u32, channel: u32| ((x * 37 + y * 61 + channel * 89) % 256) as u8;
        let picture = RgbImage::from_fn(width, height, |x, y| Rgb([0, 1, 2].map(|c| value(x, y, c))));
        let folder = folder_of(".png", picture);
        for (index, filter) in filters.into_iter().enumerate() {
            let dataset = read(folder.path(), filter);
            let expected = golden.slice(s![size, index, .., .., ..]).permuted_axes([2, 0, 1]);
            for (found, expected) in dataset.train().image(0).iter().zip(expected) {
                assert!(found.abs_diff(*expected) <= PILLOW, "{width} x {height}, {filter:?}");
            }
        }
    }
}

#[test]
fn a_picture_is_saved_and_opened_without_loss() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("noise.png");
    let picture = Picture::static_noise(4);
    picture.save_png(&path).unwrap();
    picture.save_png(folder.path().join("noise.PNG")).unwrap();
    for name in ["noise.jpg", "noise", "noise.png.bak"] {
        let path = folder.path().join(name);
        std::fs::write(&path, "old").unwrap();
        let sentence = format!("the picture's file is {}, but its name must end in .png", path.display());
        assert_eq!(picture.save_png(&path).unwrap_err().to_string(), sentence);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    }
    assert_eq!(Picture::open(&path).unwrap(), picture.named("noise"));
    std::fs::write(&path, "no picture").unwrap();
    assert_says(
        Picture::open(&path).unwrap_err(),
        &["noise.png", "its content is no picture, but only PNG, JPEG, WebP and BMP are read"],
    );
    assert_says(
        Picture::open(folder.path().join("none.png")).unwrap_err(),
        &["none.png", "could not open it"],
    );
}
