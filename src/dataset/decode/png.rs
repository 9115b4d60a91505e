//! Whether a PNG file is whole.
//!
//! The decoder does not look at checksums that nobody needs to draw the picture, nor at what follows the last row. Here
//! the checksum of every chunk is verified, and that of the compressed pixels. A missing end marker alone is no damage.

use flate2::Crc;
use flate2::read::ZlibDecoder;

/// Bytes before the first chunk.
const SIGNATURE: usize = 8;

/// Checks a file that a decoder takes for a PNG picture. The error is what is wrong with it.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let mut rest = bytes.get(SIGNATURE..).unwrap_or_default();
    let mut pixels = Vec::new();
    while !rest.is_empty() {
        let (kind, content, after) = match chunk(rest)? {
            // All of the picture is there, which the length of its pixels shows below.
            None if !pixels.is_empty() => break,
            None => return Err("its data end early".into()),
            Some(chunk) => chunk,
        };
        match kind {
            b"IDAT" => pixels.push(content),
            b"IEND" => break,
            _ => {}
        }
        rest = after;
    }
    inflate(&pixels)
}

/// The kind and content of a chunk, and what follows it.
type Chunk<'a> = (&'a [u8; 4], &'a [u8], &'a [u8]);

/// The first chunk; `None` if the file ends before it does.
fn chunk(bytes: &[u8]) -> Result<Option<Chunk<'_>>, String> {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return Ok(None) };
    let Some((kind, _)) = rest.split_first_chunk::<4>() else { return Ok(None) };
    let length = u32::from_be_bytes(*length) as usize;
    let Some((checked, rest)) = rest.split_at_checked(length.saturating_add(4)) else { return Ok(None) };
    let Some((sum, after)) = rest.split_first_chunk::<4>() else { return Ok(None) };
    let mut crc = Crc::new();
    crc.update(checked);
    if crc.sum() != u32::from_be_bytes(*sum) {
        let kind = String::from_utf8_lossy(kind);
        return Err(format!("its data are damaged: the checksum of the chunk {kind} is wrong"));
    }
    Ok(Some((kind, &checked[4..], after)))
}

/// Decompresses the pixels to verify that they are all there, and their checksum.
fn inflate(parts: &[&[u8]]) -> Result<(), String> {
    let compressed = parts.concat();
    let mut decoder = ZlibDecoder::new(compressed.as_slice());
    match std::io::copy(&mut decoder, &mut std::io::sink()) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err("its data end early, within the pixels".into())
        }
        Err(error) => Err(format!("its data are damaged: the pixels cannot be decompressed ({error})")),
    }
}
