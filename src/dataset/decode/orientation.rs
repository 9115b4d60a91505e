//! How a picture has to be turned, by its Exif data.

use image::metadata::Orientation;

/// What some programs write before the Exif data of a format that needs no name for them.
const EXIF_NAME: &[u8] = b"Exif\0\0";
/// The number of the field.
const TAG: u32 = 0x0112;
/// The type of the field that the standard asks for is read by the decoder. Some programs write it in another width.
const WIDTHS: [(u32, usize); 2] = [(1, 1), (4, 4)];

/// The orientation. Data that say nothing sensible are passed over, as viewers do.
pub(super) fn orientation(exif: Option<Vec<u8>>) -> Orientation {
    let exif = exif.unwrap_or_default();
    let exif = exif.strip_prefix(EXIF_NAME).unwrap_or(&exif);
    let found = Orientation::from_exif_chunk(exif).or_else(|| of_another_width(exif));
    found.unwrap_or(Orientation::NoTransforms)
}

/// The orientation as a number of one byte or four, in the first table of the data.
fn of_another_width(exif: &[u8]) -> Option<Orientation> {
    let is_big = match exif.get(..4)? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let number = |at: usize, width: usize| {
        let bytes = exif.get(at..at.checked_add(width)?)?.iter().map(|&byte| u32::from(byte));
        let join = |number, byte| number << 8 | byte;
        Some(if is_big { bytes.fold(0, join) } else { bytes.rev().fold(0, join) })
    };
    let table = usize::try_from(number(4, 4)?).ok()?;
    let fields = number(table, 2)? as usize;
    (0..fields).find_map(|field| {
        let at = table.checked_add(2 + 12 * field)?;
        let (tag, kind, count) = (number(at, 2)?, number(at + 2, 2)?, number(at + 4, 4)?);
        let (_, width) = WIDTHS.into_iter().find(|(own, _)| (tag, count) == (TAG, 1) && *own == kind)?;
        u8::try_from(number(at + 8, width)?).ok().and_then(Orientation::from_exif)
    })
}
