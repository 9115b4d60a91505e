//! Picture files that end early or are damaged are refused by name; files that merely look unusual are read.
//!
//! The files of `golden/pictures` are from libjpeg-turbo and libwebp (`golden/pictures.py`); others are made here.
use std::path::{Path, PathBuf};

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use softness::ErrorKind;
use softness::dataset::{Dataset, FolderOptions, Picture};
use tempfile::tempdir;

use super::fixture::assert_says;
use super::pictures::save;

const FOREIGN: [&str; 12] = [
    "baseline.jpg",
    "halved.jpg",
    "progressive.jpg",
    "progressive-halved.jpg",
    "restart.jpg",
    "progressive-restart.jpg",
    "grey.jpg",
    "progressive-grey.jpg",
    "four-inks.jpg",
    "lossy.webp",
    "lossless.webp",
    "plain.bmp",
];

fn foreign(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/pictures").join(name)).unwrap()
}

/// What reading these bytes as a file of this name says; `None` if it is read.
fn problem(name: &str, bytes: &[u8]) -> Option<String> {
    let folder = tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let error = Picture::open(&path).err()?;
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert_says(&error, &[name, "could not read it as a picture: "]);
    assert!(!error.to_string().contains('\n'), "{error:?}");
    Some(error.to_string())
}

/// Files of another encoder: colours and grey, sampling, restart markers, progressive or not.
fn encoded() -> Vec<(String, Vec<u8>)> {
    let pixel = |at: usize| ((at * at) % 251) as u8 / 3 + (at / 97 % 160) as u8;
    let mut files = Vec::new();
    for (kind, channels) in [(ColorType::Rgb, 3), (ColorType::Luma, 1), (ColorType::Cmyk, 4)] {
        let pixels: Vec<u8> = (0..61 * 45 * channels).map(pixel).collect();
        // Four inks and halved colours, progressive, are more than the decoder takes.
        let samplings = [SamplingFactor::F_1_1, SamplingFactor::F_2_2, SamplingFactor::F_2_1];
        for sampling in samplings.into_iter().take(if channels == 4 { 1 } else { 3 }) {
            for (progressive, interval) in [(false, 0), (false, 5), (true, 0), (true, 5)] {
                let mut bytes = Vec::new();
                let mut encoder = Encoder::new(&mut bytes, 88);
                encoder.set_sampling_factor(sampling);
                encoder.set_progressive(progressive);
                encoder.set_restart_interval(interval);
                encoder.encode(&pixels, 61, 45, kind).unwrap();
                files.push((format!("{kind:?}-{sampling:?}-{progressive}-{interval}.jpg"), bytes));
            }
        }
    }
    files
}

fn all_jpeg() -> impl Iterator<Item = (String, Vec<u8>)> {
    let foreign_names = FOREIGN.iter().filter(|name| name.ends_with("jpg"));
    foreign_names.map(|name| (name.to_string(), foreign(name))).chain(encoded())
}

/// The place after the header of the first scan.
fn first_data(jpeg: &[u8]) -> usize {
    let header = jpeg.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap() + 2;
    header + usize::from(u16::from_be_bytes([jpeg[header], jpeg[header + 1]]))
}

#[test]
fn whole_files_are_read_and_so_are_those_that_lack_only_the_end_marker() {
    for name in FOREIGN {
        assert_eq!(problem(name, &foreign(name)), None, "{name}");
    }
    for (name, bytes) in all_jpeg() {
        assert_eq!(problem(&name, &bytes), None, "{name}");
        let (all, end) = bytes.split_at(bytes.len() - 2);
        assert_eq!(end, [0xFF, 0xD9]);
        assert_eq!(problem(&name, all), None, "{name} without its end marker");
        // Cameras add a second picture, or zeros, behind the end.
        assert_eq!(problem(&name, &[&bytes[..], &[0; 30], &bytes[..50]].concat()), None, "{name} and more");
        // Whole bytes of padding before the end, and of filling before its marker.
        assert_eq!(problem(&name, &[all, &[0, 0], &[0xFF], end].concat()), None, "{name}, padded");
    }
}

#[test]
fn a_file_cut_anywhere_is_refused_whether_or_not_an_end_marker_is_put_behind() {
    for (name, bytes) in all_jpeg() {
        let (start, end) = (first_data(&bytes), bytes.len() - 2);
        let places = (1..20).map(|twentieth| end * twentieth / 20).chain([start, start + 1, end - 3]);
        for cut in places {
            let cut_off = &bytes[..cut];
            assert_says(problem(&name, cut_off).expect(&name), &["its data end "]);
            if cut > start {
                let closed = [cut_off.strip_suffix(&[0xFF]).unwrap_or(cut_off), &[0xFF, 0xD9]].concat();
                let said = problem(&name, &closed);
                assert!(said.is_some(), "{name}, cut at {cut} of {end} and closed");
            }
        }
    }
}

#[test]
fn a_file_that_was_never_filled_to_its_end_is_refused() {
    for (name, bytes) in all_jpeg() {
        let (start, end) = (first_data(&bytes), bytes.len());
        for filled in [start + (end - start) / 4, start + (end - start) / 2] {
            let padded = [&bytes[..filled], &vec![0; end - filled + 5_000][..]].concat();
            assert!(problem(&name, &padded).is_some(), "{name}, {filled} of {end} bytes and zeros");
        }
    }
}

#[test]
fn a_hole_or_a_missing_piece_in_the_data_is_refused() {
    let (mut holes, mut seen) = (0, 0);
    for (name, bytes) in all_jpeg() {
        let (start, end) = (first_data(&bytes), bytes.len() - 2);
        for part in 1..5 {
            let at = start + (end - start) * part / 6;
            let piece = at..at + (end - start) / 7;
            let mut hole = bytes.clone();
            hole[piece.clone()].fill(0);
            let mut gone = bytes.clone();
            gone.drain(piece);
            holes += 2;
            seen += [hole, gone].iter().filter(|bytes| problem(&name, bytes).is_some()).count();
        }
    }
    // JPEG has no checksum: a change after which every code is valid, and there are as many, cannot be seen.
    assert!(seen * 100 >= holes * 95, "{seen} of {holes}");
}

#[test]
fn restart_markers_out_of_order_or_missing_are_refused() {
    for name in ["restart.jpg", "progressive-restart.jpg"] {
        let bytes = foreign(name);
        let marker = |bytes: &[u8]| bytes.windows(2).rposition(|pair| pair == [0xFF, 0xD1]).unwrap();
        let at = marker(&bytes);
        let mut other = bytes.clone();
        other[at + 1] = 0xD4;
        assert_says(problem(name, &other).unwrap(), &["its data are damaged"]);
        let mut none = bytes.clone();
        none.drain(at..at + 2);
        assert!(problem(name, &none).is_some());
    }
}

#[test]
fn a_progressive_file_without_its_last_scans_is_refused() {
    let bytes = foreign("progressive.jpg");
    let scans: Vec<usize> = (0..bytes.len() - 1).filter(|&at| bytes[at..at + 2] == [0xFF, 0xDA]).collect();
    assert!(scans.len() > 5);
    for (done, &at) in scans.iter().enumerate().skip(1) {
        // A scan may be preceded by its table of codes.
        let tables = bytes[..at].windows(2).rposition(|pair| pair == [0xFF, 0xC4]).unwrap();
        let at = if tables > scans[done - 1] { tables } else { at };
        for end in [&[][..], &[0xFF, 0xD9]] {
            let said = problem("p.jpg", &[&bytes[..at], end].concat()).unwrap();
            assert_says(said, &[&format!("its data end early: there is nothing after scan {done}")]);
        }
    }
}

#[test]
fn png_files_with_wrong_checksums_or_missing_pixels_are_refused() {
    let folder = tempdir().unwrap();
    let shades = |x: u32, y: u32| (x * x + 31 * y) as u8;
    let pictures: [(&str, DynamicImage); 2] = [
        ("rgb.png", RgbImage::from_fn(90, 70, |x, y| Rgb([shades(x, y), shades(y, x), 9])).into()),
        ("grey.png", GrayImage::from_fn(90, 70, |x, y| Luma([shades(x, y)])).into()),
    ];
    for (name, picture) in pictures {
        save(folder.path(), name, picture);
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        assert_eq!(problem(name, &bytes), None);
        let end = bytes.len() - 12; // the last chunk, which has no content
        for cut in (1..20).map(|twentieth| end * twentieth / 20).chain([end, end - 1, end - 5]) {
            assert_says(problem(name, &bytes[..cut]).unwrap(), &["its data end early"]);
        }
        // Every single bit of the pixels and of their checksums.
        let data = bytes.windows(4).position(|kind| kind == b"IDAT").unwrap();
        for at in (data..end).step_by(11).chain(end - 8..end) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(problem(name, &flipped).is_some(), "{name}: byte {at}");
        }
        // Pixels whose own checksum is wrong in a chunk whose checksum is right.
        let mut wrong = bytes.clone();
        wrong[end - 5] ^= 1;
        let mut crc = flate2::Crc::new();
        crc.update(&wrong[data..end - 4]);
        wrong[end - 4..end].copy_from_slice(&crc.sum().to_be_bytes());
        assert_says(problem(name, &wrong).unwrap(), &["damaged", "the pixels cannot be decompressed"]);
    }
}

#[test]
fn webp_and_bmp_files_that_end_early_are_refused() {
    for name in ["lossy.webp", "lossless.webp", "plain.bmp"] {
        let bytes = foreign(name);
        for cut in (1..20).map(|twentieth| bytes.len() * twentieth / 20).chain([bytes.len() - 2]) {
            assert!(problem(name, &bytes[..cut]).is_some(), "{name}, cut at {cut}");
        }
    }
}

#[test]
fn the_pixels_of_other_formats_are_those_that_were_written() {
    // `pixels` of golden/pictures.py at the last pixel: x = 74, y = 51.
    for name in ["lossless.webp", "plain.bmp"] {
        let folder = tempdir().unwrap();
        let path: PathBuf = folder.path().join(name);
        std::fs::write(&path, foreign(name)).unwrap();
        let picture = Picture::open(path).unwrap();
        assert_eq!(picture.pixels().dim(), (3, 52, 75));
        for (x, y) in [(0_u32, 0_u32), (74, 51), (33, 20)] {
            for channel in 0..3_u32 {
                let wave =
                    60.0 * (f64::from(x) / 5.0 + f64::from(channel)).sin() * (f64::from(y) / 7.0).cos();
                let value = (90.0 + wave).round_ties_even() + f64::from(x * y * (channel + 3) % 23);
                let at = [channel as usize, y as usize, x as usize];
                assert_eq!(f64::from(picture.pixels()[at]), value, "{name} {at:?}");
            }
        }
    }
}

#[test]
fn what_is_no_picture_or_another_kind_is_named() {
    assert_says(problem("a.jpg", b"").unwrap(), &["it is empty"]);
    assert_says(
        problem("a.jpg", b"GIF89a\x01\0\x01\0\0\0\0;").unwrap(),
        &["a GIF file", "convert or remove it"],
    );
    assert_says(problem("a.png", b"II*\0\x08\0\0\0").unwrap(), &["a TIFF file"]);
    assert_says(problem("a.jpg", b"<html>").unwrap(), &["no picture", "PNG, JPEG, WebP and BMP"]);
}

#[test]
fn a_folder_with_a_cut_picture_is_refused_with_its_name_and_trained_on_without_it() {
    let folder = tempdir().unwrap();
    for class in ["cat", "dog"] {
        for number in 0..5 {
            let path = folder.path().join(class).join(format!("{number}.jpg"));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, foreign("halved.jpg")).unwrap();
        }
    }
    let cut = folder.path().join("dog/3.jpg");
    let whole = std::fs::read(&cut).unwrap();
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    let error = Dataset::folder(folder.path(), FolderOptions::default()).unwrap_err();
    assert_says(
        &error,
        &["1 of the folder's pictures cannot be read", "3.jpg (its data end early: scan 1 stops after "],
    );
    assert_eq!(error.to_string().matches(".jpg").count(), 1, "{error}");
    std::fs::remove_file(cut).unwrap();
    assert_eq!(Dataset::folder(folder.path(), FolderOptions::default()).unwrap().train().len(), 8);
}

#[test]
fn images_own_encoder_is_read_too() {
    let picture = RgbImage::from_fn(37, 23, |x, y| Rgb([(x * 6) as u8, (y * 9) as u8, 77]));
    for (format, name) in
        [(ImageFormat::Jpeg, "a.jpe"), (ImageFormat::WebP, "a.webp"), (ImageFormat::Bmp, "a.bmp")]
    {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        assert_eq!(problem(name, &bytes.into_inner()), None);
    }
}
