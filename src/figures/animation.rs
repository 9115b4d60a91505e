//! Pictures that move: APNG, which browsers and JupyterLab play, and GIF.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use png::{BitDepth, BlendOp, ColorType, Compression, DisposeOp, Encoder, Filter};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::Figure;
use super::indexed::Indexed;
use crate::error::{Error, Result};
use crate::files::save::save;

/// The largest file, in bytes, that has two pixels for each of a figure's in both directions. Of a larger one there is one.
const LARGEST: usize = 1_000_000;
/// How long a frame is shown, in milliseconds.
const FRAME_TIME: u16 = 700;
/// How long the last frame is shown.
const LAST_FRAME_TIME: u16 = 2_500;

/// A moving picture in the form of an APNG: a PNG file with several frames. Browsers and JupyterLab play it, over and over; what cannot
/// shows its poster, a still picture of the last frame. For a slide, [`save`](Self::save) writes a GIF as well.
///
/// The same inputs give the same bytes. [`Figure::filter_animation`] makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct Animation {
    title: String,
    caption: String,
    width: u32,
    height: u32,
    frames: usize,
    bytes: Vec<u8>,
}

impl Animation {
    /// The figures one after the other, with the last as poster. All must be equally large; there is at least one.
    pub(super) fn new(figures: &[Figure]) -> Result<Self> {
        let poster = figures.last().ok_or_else(|| Error::drawing("an animation has no frame"))?;
        let mut colours = Indexed::new();
        let mut encode = |scale: u32| {
            let frames = figures.iter().map(|figure| pixels(figure, scale, &mut colours));
            let size = (poster.width() * scale, poster.height() * scale);
            let frames = frames.collect::<Result<Vec<_>>>()?;
            encoded(size, &frames, &colours.palette()).map_err(Error::drawing)
        };
        let mut bytes = encode(2)?;
        if bytes.len() > LARGEST {
            bytes = encode(1)?;
        }
        Ok(Self {
            title: poster.title().to_owned(),
            caption: poster.caption().to_owned(),
            width: poster.width(),
            height: poster.height(),
            frames: figures.len(),
            bytes,
        })
    }

    getters! {
        /// What the animation shows, in one line.
        pub fn title(&self) -> &str;

        /// Width in CSS pixels. The file has twice as many, or as many if it were larger than a megabyte.
        pub fn width(&self) -> u32;

        /// Height in CSS pixels. The file has twice as many, or as many.
        pub fn height(&self) -> u32;

        /// The number of frames, without the poster.
        pub fn frames(&self) -> usize;

        /// The content of the file.
        pub fn bytes(&self) -> &[u8];
    }

    /// Writes the animation to a file: an APNG if its name ends in .png or .apng, and a GIF, which slide programs play, if it ends
    /// in .gif. Missing folders are created. An existing file is replaced only once the new one is complete.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for another ending;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        match path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).as_deref() {
            Some("png" | "apng") => save(path, &self.bytes),
            Some("gif") => save(path, &self.gif()?),
            _ => {
                let requirement = "its name must end in .png, .apng or .gif";
                Err(Error::option("the animation's file", path.display(), requirement))
            }
        }
    }

    /// Title, frames and size, in one line.
    pub(crate) fn in_words(&self) -> String {
        let (Self { title, frames, width, height, .. }, kilobytes) = (self, self.bytes.len().div_ceil(1000));
        format!("{title} ({frames} frames of {width} × {height} pixels, {kilobytes} kB)")
    }

    /// The animation in each format that a notebook can show, by MIME type.
    pub(crate) fn contents(&self) -> Vec<(&'static str, String)> {
        let bytes = STANDARD.encode(&self.bytes);
        let image = super::figure::image(
            &format!("data:image/png;base64,{bytes}"),
            [&self.title, &self.caption],
            self.width,
        );
        vec![("text/plain", self.in_words()), ("text/html", image.into_string()), ("image/png", bytes)]
    }
}

/// The colour of each pixel of a figure, with `scale` pixels for each of its own.
fn pixels(figure: &Figure, scale: u32, colours: &mut Indexed) -> Result<Vec<u8>> {
    let tree = Tree::from_str(figure.svg(), &Options::default()).map_err(Error::drawing)?;
    let (width, height) = (figure.width() * scale, figure.height() * scale);
    let mut pixels = Pixmap::new(width, height)
        .ok_or_else(|| Error::drawing(format!("there is no memory for {width} x {height} pixels")))?;
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut pixels.as_mut());
    // The ground is white, so every pixel is opaque. Most pixels are like the one before.
    let mut last = ([255; 3], colours.nearest([255; 3]));
    let place = |pixel: &[u8]| {
        if pixel[..3] != last.0 {
            let colour = [pixel[0], pixel[1], pixel[2]];
            last = (colour, colours.nearest(colour));
        }
        last.1
    };
    Ok(pixels.data().chunks_exact(4).map(place).collect())
}

/// An APNG of frames of one size in the colours of a palette. The last frame is the default image as well, which is not part of the animation.
/// Of every frame but the first, only the rectangle that changes is written.
fn encoded(
    (width, height): (u32, u32),
    frames: &[Vec<u8>],
    palette: &[u8],
) -> std::result::Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_compression(Compression::High);
    encoder.set_filter(Filter::NoFilter);
    // No number of repetitions: for ever.
    encoder.set_animated(frames.len() as u32, 0)?;
    encoder.set_sep_def_img(true)?;
    encoder.set_dispose_op(DisposeOp::None)?;
    encoder.set_blend_op(BlendOp::Source)?;
    let mut writer = encoder.write_header()?;
    let last = frames.len() - 1;
    writer.write_image_data(&frames[last])?;
    for (index, frame) in frames.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &frames[before][..]);
        let [left, top, wide, high] = changed(width, height, before, frame);
        writer.reset_frame_position()?;
        writer.set_frame_dimension(wide, high)?;
        writer.set_frame_position(left, top)?;
        writer.set_frame_delay(if index == last { LAST_FRAME_TIME } else { FRAME_TIME }, 1000)?;
        let row = |y: u32| {
            let start = (y * width + left) as usize;
            &frame[start..start + wide as usize]
        };
        writer.write_image_data(&(top..top + high).flat_map(row).copied().collect::<Vec<u8>>())?;
    }
    writer.finish()?;
    Ok(bytes)
}

/// The smallest rectangle that has all pixels that differ: left, top, width and height. All if there is no frame before, and one
/// pixel if nothing differs.
fn changed(width: u32, height: u32, before: Option<&[u8]>, frame: &[u8]) -> [u32; 4] {
    let Some(before) = before else { return [0, 0, width, height] };
    let (mut left, mut top, mut right, mut bottom) = (width, height, 0, 0);
    for (index, _) in before.iter().zip(frame).enumerate().filter(|(_, (one, other))| one != other) {
        let (x, y) = (index as u32 % width, index as u32 / width);
        (left, top) = (left.min(x), top.min(y));
        (right, bottom) = (right.max(x + 1), bottom.max(y + 1));
    }
    if right == 0 { [0, 0, 1, 1] } else { [left, top, right - left, bottom - top] }
}
