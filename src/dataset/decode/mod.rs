//! Decoding picture files.
//!
//! Decoders make something of damaged files. So `jpeg`, `png` and `webp` check whether a file is whole before its pixels
//! count; the decoder of BMP refuses files that end early. Zeros in the place of the end of a WebP or BMP file are pixels: those
//! of a black border, or of an even background, are the same bytes.
//!
//! Another format needs an entry in `FORMATS`, its endings in `ENDINGS`, its feature of `image` in `Cargo.toml`, its name in the
//! sentence of `format`, and, if its decoder accepts a file that ends early, a check in `decode_bytes`.

mod jpeg;
mod orientation;
mod png;
mod webp;

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use image::error::LimitErrorKind;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::error::{Error, Failure, Result};
use crate::files;
use crate::text::numbers::{counted, grouped};
use orientation::orientation;

/// The largest file that is read, in bytes: twice that of the largest picture without compression.
const LARGEST: u64 = 2 << 30;
/// The largest width and height of a picture file, in pixels.
const SIDE_LIMIT: u32 = 16_384;
/// The most memory that decoding a picture may take, in bytes.
const MEMORY_LIMIT: u64 = 512 << 20;
/// The memory that decoding may take whatever the length of the file, and per byte of the file. The largest compression
/// that a format reaches is 8,000, for a blank black-and-white PNG picture; only WebP has none.
const MEMORY_ANYWAY: u64 = 1 << 20;
const MEMORY_ANYWAY_WEBP: u64 = 8 << 20;
const MEMORY_PER_BYTE: u64 = 10_000;

/// The formats that are read.
const FORMATS: [ImageFormat; 4] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Bmp];

/// The endings of picture files that are read, in lower case.
pub(super) const ENDINGS: [&str; 7] = ["png", "jpg", "jpeg", "jfif", "jpe", "webp", "bmp"];

/// The picture of a PNG, JPEG, WebP or BMP file, within limits of size and memory, turned as its Exif data say. Files
/// that end early are refused, and those that show damage: any in PNG, which has checksums; in the others what makes no sense.
pub(super) fn decode(path: &Path) -> Result<DynamicImage> {
    let refuse = |problem: String| Error::from(Failure::Picture { path: path.into(), problem });
    // A device may never end.
    let kind = std::fs::metadata(path).map_err(Error::io(path, "open it"))?;
    if !kind.is_file() && !kind.is_dir() && !files::is_pipe(&kind) {
        return Err(refuse("it is neither a file nor a pipe".into()));
    }
    // A pipe can be read once.
    let (file, mut bytes) = (File::open(path).map_err(Error::io(path, "open it"))?, Vec::new());
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(Error::io(path, "open it"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(refuse("it is larger than 2 GiB, the most that is read".into()));
    }
    decode_bytes(&bytes).map_err(refuse)
}

/// [`decode`] of the content of a file, or what is wrong with it.
pub(super) fn decode_bytes(bytes: &[u8]) -> std::result::Result<DynamicImage, String> {
    if bytes.is_empty() {
        return Err("it is empty".into());
    }
    let format = format(bytes)?;
    let anyway = if format == ImageFormat::WebP { MEMORY_ANYWAY_WEBP } else { MEMORY_ANYWAY };
    let justified = (bytes.len() as u64).saturating_mul(MEMORY_PER_BYTE).saturating_add(anyway);
    let memory = justified.min(MEMORY_LIMIT);
    if format == ImageFormat::WebP {
        webp::check(bytes)?;
    }
    let decoded = pixels(bytes, format, memory);
    // What the checks say of a damaged file is plainer than what the decoder says.
    match (&decoded, format) {
        (Err(ImageError::Limits(_)), _) => {}
        (_, ImageFormat::Jpeg) => jpeg::check(bytes, memory)?,
        (_, ImageFormat::Png) => png::check(bytes)?,
        _ => {}
    }
    // The sentences of decoders may have several lines.
    decoded.map_err(|error| match error {
        ImageError::Limits(ref limit) if matches!(limit.kind(), LimitErrorKind::DimensionError) => {
            format!("it has more than {SIDE_LIMIT} pixels a side, the most that is read: reduce it")
        }
        ImageError::Limits(ref limit) if matches!(limit.kind(), LimitErrorKind::InsufficientMemory) => {
            too_large(bytes, format, memory)
        }
        ImageError::Unsupported(_)
            if size(bytes, format).is_some_and(|(width, height)| width.min(height) == 0) =>
        {
            "it has no pixels: its width or height is 0".into()
        }
        ImageError::IoError(ref problem) if problem.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it ends early: it is cut off or damaged".into()
        }
        error => error.to_string().split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

/// Why a picture that takes more than `memory` bytes is not read.
fn too_large(bytes: &[u8], format: ImageFormat, memory: u64) -> String {
    let pixels = size(bytes, format).map_or("too many pixels".into(), |(width, height)| {
        format!("{} x {} pixels", grouped(width.into()), grouped(height.into()))
    });
    if memory < MEMORY_LIMIT {
        let length = counted(bytes.len() as u64, "byte");
        return format!(
            "it says that it has {pixels}, far more than a file of {length} holds: it is damaged, or made to fill the memory"
        );
    }
    let limit = MEMORY_LIMIT >> 20;
    format!(
        "it has {pixels}, and they take more than {limit} MiB of memory, the most that is used: reduce it"
    )
}

/// The width and height that a file states.
fn size(bytes: &[u8], format: ImageFormat) -> Option<(u32, u32)> {
    if format == ImageFormat::Bmp {
        // Its decoder refuses some sizes before it tells them. An old header has lengths of two bytes.
        let at = |place: usize| Some(i32::from_le_bytes(*bytes.get(place..)?.first_chunk()?).unsigned_abs());
        return if at(14)? < 40 { None } else { Some((at(18)?, at(22)?)) };
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.no_limits();
    reader.into_dimensions().ok()
}

/// The format of a file that is read, by its content.
fn format(bytes: &[u8]) -> std::result::Result<ImageFormat, String> {
    let found = match image::guess_format(bytes) {
        Ok(format) if FORMATS.contains(&format) => return Ok(format),
        Ok(other) => {
            let name = format!("{other:?}").to_uppercase();
            let article = if name.starts_with(['A', 'I', 'O']) { "an" } else { "a" };
            format!("{article} {name} file")
        }
        Err(_) => other_format(bytes).map_or("no picture".into(), |name| {
            format!("{} {name} picture", if name == "AVIF" { "an" } else { "a" })
        }),
    };
    Err(format!("its content is {found}, but only PNG, JPEG, WebP and BMP are read; convert or remove it"))
}

/// The name of a format of pictures that the decoder does not know.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let brand = bytes.get(8..12).filter(|_| bytes.get(4..8) == Some(b"ftyp"));
    match (brand, bytes) {
        (Some(b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1"), _) => Some("HEIC"),
        (Some(b"avif" | b"avis"), _) => Some("AVIF"),
        (_, [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..]) => Some("JPEG XL"),
        (_, [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..]) => Some("JPEG 2000"),
        (_, [b'8', b'B', b'P', b'S', ..]) => Some("Photoshop"),
        _ => None,
    }
}

/// The turned picture, whole or not, decoded in at most `memory` bytes.
fn pixels(bytes: &[u8], format: ImageFormat, memory: u64) -> image::ImageResult<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(memory);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let turn = orientation(decoder.exif_metadata().ok().flatten());
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(turn);
    Ok(picture)
}
