//! Pictures that commands are given as files.

use crate::dataset::Picture;
use crate::error::{Error, ErrorKind, Result};
use crate::softness::SMALLEST_SIDE;

use super::wrong_option;

/// The picture in a file that `--picture` names, which must be large enough for a score.
///
/// # Errors
/// Those of [`Picture::open`]; [`ErrorKind::InvalidOption`] with the file if it is no picture, or too small.
pub fn picture(file: &str) -> Result<Picture> {
    let picture = Picture::open(file).map_err(wrong_option(ErrorKind::Malformed))?;
    let (_, height, width) = picture.pixels().dim();
    if height.min(width) < SMALLEST_SIDE {
        let requirement = format!(
            "it has {width} x {height} pixels, and a score needs at least {SMALLEST_SIDE} x {SMALLEST_SIDE}: take a larger picture"
        );
        return Err(Error::option("--picture", file, requirement));
    }
    Ok(picture)
}
