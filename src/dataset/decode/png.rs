//! Whether a PNG file is whole.
//!
//! The decoder does not look at checksums that nobody needs to draw the picture, nor at what follows the last row. Here
//! the checksum of every chunk is verified, and that of the compressed pixels.

use flate2::Crc;
use flate2::read::ZlibDecoder;

/// Bytes before the first chunk.
const SIGNATURE: usize = 8;

/// Checks a file that a decoder takes for a PNG picture. The error is what is wrong with it.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let mut rest = bytes.get(SIGNATURE..).unwrap_or_default();
    let mut pixels = Vec::new();
    loop {
        let (kind, content, after) = chunk(rest)?;
        match kind {
            b"IDAT" => pixels.push(content),
            b"IEND" => return inflate(&pixels),
            _ => {}
        }
        rest = after;
    }
}

/// The kind and content of a chunk, and what follows it.
type Chunk<'a> = (&'a [u8; 4], &'a [u8], &'a [u8]);

/// The first chunk.
fn chunk(bytes: &[u8]) -> Result<Chunk<'_>, String> {
    let early = || "its data end early".to_owned();
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(early)?;
    let (kind, _) = rest.split_first_chunk::<4>().ok_or_else(early)?;
    let length = (u32::from_be_bytes(*length) as usize).saturating_add(4);
    let (checked, rest) = rest.split_at_checked(length).ok_or_else(early)?;
    let (sum, after) = rest.split_first_chunk::<4>().ok_or_else(early)?;
    let mut crc = Crc::new();
    crc.update(checked);
    if crc.sum() != u32::from_be_bytes(*sum) {
        let kind = String::from_utf8_lossy(kind);
        return Err(format!("its data are damaged: the checksum of the chunk {kind} is wrong"));
    }
    Ok((kind, &checked[4..], after))
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
