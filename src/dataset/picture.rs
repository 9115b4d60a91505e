//! A named picture to which filters are applied.

use std::path::Path;

use image::codecs::png::PngEncoder;
use image::{DynamicImage, RgbImage};
use ndarray::{Array2, Array3, Axis};

use super::SIDE;
use super::decode::{decode, decode_bytes};
use super::random::Random;
use crate::error::{Error, Result};
use crate::files::save::save;

/// Weights of red, green and blue in luma (ITU-R BT.601).
const LUMA: [f64; 3] = [0.299, 0.587, 0.114];

/// A colour picture with a name, which becomes the `image` column of the score table.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    name: String,
    pixels: Array3<u8>, // (3, h, w)
}

impl Picture {
    /// A picture from red, green and blue bytes, (3, h, w).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there are not three channels, or no pixel.
    pub fn new(name: impl Into<String>, pixels: Array3<u8>) -> Result<Self> {
        let requirement = "a picture is (3, height, width) with at least one pixel";
        let fits = pixels.dim().0 == 3 && !pixels.is_empty();
        Error::require(fits, "shape of the pixels", format!("{:?}", pixels.dim()), requirement)?;
        Ok(Self { name: name.into(), pixels })
    }

    /// A picture from pixels that this crate made.
    pub(crate) fn rgb(name: impl Into<String>, pixels: Array3<u8>) -> Self {
        Self::new(name, pixels).expect("three channels and at least one pixel")
    }

    /// A PNG, JPEG, WebP or BMP file, or a pipe, of up to 16,384 pixels a side that takes at most 512 MiB of memory; the content
    /// decides the format. Grey becomes three equal channels, opacity is ignored, 16 bits become 8. The picture is rotated or
    /// mirrored by its Exif orientation, as in a viewer. The name is that of the file without its extension.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file if it ends early, shows damage, or is none of these;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file. A JPEG file that lacks only its end marker is read. JPEG,
    /// WebP and BMP have no checksum, so damage that leaves a valid file cannot be detected. Some programs for downloads and for
    /// lost files fill the missing end of a file with zeros; such a WebP or BMP file is read, with black or smeared pixels there.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
        Self::new(name, planes(decode(path)?))
    }

    /// A picture file that is part of the program.
    pub(crate) fn shipped(name: impl Into<String>, file: &[u8]) -> Self {
        Self::rgb(name, planes(decode_bytes(file).expect("a file of this repository")))
    }

    /// 32 x 32 pixels of black-and-white noise, named "static": each pixel is 0 or 255 with equal probability, the same in
    /// all three channels. The same seed gives the same bytes on every platform.
    pub fn static_noise(seed: u64) -> Self {
        let mut random = Random::new(b"softness static ", seed, 0);
        let grey =
            Array2::from_shape_simple_fn((SIDE, SIDE), || if random.bits() >> 63 == 1 { 255 } else { 0 });
        let pixels = Array3::from_shape_fn((3, SIDE, SIDE), |(_, row, column)| grey[[row, column]]);
        Self::rgb("static", pixels)
    }

    getters! {
        /// The picture's name in tables and captions.
        pub fn name(&self) -> &str;

        /// Red, green and blue bytes, (3, h, w).
        pub fn pixels(&self) -> &Array3<u8>;
    }

    /// The same picture with another name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Luma, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), from 0 to 255, (h, w). For equal channels it is exactly their
    /// value.
    pub fn luma(&self) -> Array2<f64> {
        self.pixels.map_axis(Axis(0), |pixel| luma([pixel[0], pixel[1], pixel[2]].map(f64::from)))
    }

    /// Writes the picture as a PNG file. Its name must end in .png.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for another ending;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if it cannot be written.
    pub fn save_png(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let is_png = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
        Error::require(is_png, "the picture's file", path.display(), "its name must end in .png")?;
        let (_, height, width) = self.pixels.dim();
        let raw = self.pixels.view().permuted_axes([1, 2, 0]).iter().copied().collect();
        let picture = RgbImage::from_raw(width as u32, height as u32, raw).expect("three bytes per pixel");
        let mut bytes = Vec::new();
        let written = picture.write_with_encoder(PngEncoder::new(&mut bytes));
        written.map_err(|error| Error::io(path, "encode it as PNG")(std::io::Error::other(error)))?;
        save(path, &bytes)
    }
}

/// The luma of a picture file at full depth, in units of 1/255 of white, (h, w): that of [`Picture::luma`] without
/// rounding 16 bits to 8. Opacity is ignored; the picture is rotated as in [`Picture::open`].
///
/// # Errors
/// Those of [`Picture::open`].
pub fn read_luma(path: impl AsRef<Path>) -> Result<Array2<f64>> {
    let path = path.as_ref();
    let deep = |value: u16| f64::from(value) / 257.0; // 65535 / 255
    let picture = decode(path)?;
    let (height, width) = (picture.height() as usize, picture.width() as usize);
    let values: Vec<f64> = match picture {
        DynamicImage::ImageLuma8(grey) => grey.into_raw().into_iter().map(f64::from).collect(),
        DynamicImage::ImageLumaA8(grey) => grey.pixels().map(|pixel| f64::from(pixel.0[0])).collect(),
        DynamicImage::ImageLuma16(grey) => grey.into_raw().into_iter().map(deep).collect(),
        DynamicImage::ImageLumaA16(grey) => grey.pixels().map(|pixel| deep(pixel.0[0])).collect(),
        deeper @ (DynamicImage::ImageRgb16(_) | DynamicImage::ImageRgba16(_)) => {
            deeper.into_rgb16().pixels().map(|pixel| luma(pixel.0.map(deep))).collect()
        }
        other => other.into_rgb8().pixels().map(|pixel| luma(pixel.0.map(f64::from))).collect(),
    };
    Ok(Array2::from_shape_vec((height, width), values).expect("one value per pixel"))
}

fn luma([red, green, blue]: [f64; 3]) -> f64 {
    // The sum of the weights differs from 1 by rounding, so equal channels are treated apart.
    if red == green && green == blue { red } else { LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue }
}

/// Red, green and blue, (3, h, w).
fn planes(picture: DynamicImage) -> Array3<u8> {
    let picture = picture.into_rgb8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let raw = picture.as_raw();
    let pixel = |(channel, row, column)| raw[(row * width + column) * 3 + channel];
    Array3::from_shape_fn((3, height, width), pixel)
}
