//! Pictures that commands are given as files.

use std::path::Path;

use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::softness::SMALLEST_SIDE;

/// The picture in a file, which must be large enough for a score.
///
/// # Errors
/// Those of [`Picture::open`]; [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file if it is too small.
pub fn picture(file: &str) -> Result<Picture> {
    let picture = Picture::open(file)?;
    let (_, height, width) = picture.pixels().dim();
    if height.min(width) < SMALLEST_SIDE {
        let problem = format!(
            "it has {width} x {height} pixels, but a score needs at least {SMALLEST_SIDE} x {SMALLEST_SIDE}: take a larger picture"
        );
        return Err(Error::malformed(Path::new(file), problem));
    }
    Ok(picture)
}
