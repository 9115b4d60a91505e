//! Whether a WebP file is whole: its parts, and what they consist of, have the lengths that they say.

/// Bytes of a part's kind and length.
const HEADER: usize = 8;

/// Checks a file that a decoder takes for a WebP picture. The error is what is wrong with it.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let early = |_| "its data end early".to_owned();
    let content = part(bytes).map(|(content, _)| content).map_err(early)?;
    // The first four bytes say "WEBP".
    let mut rest = content.get(4..).unwrap_or_default();
    while !rest.is_empty() {
        rest = part(rest).map_err(early)?.1;
    }
    Ok(())
}

/// The file ends before the part does.
struct Ends;

/// The content of the first part, and what follows it. Parts of odd length are padded with a byte, which some programs
/// leave out at the end.
fn part(bytes: &[u8]) -> Result<(&[u8], &[u8]), Ends> {
    let length = bytes.get(4..HEADER).and_then(|length| length.first_chunk()).ok_or(Ends)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (content, rest) = bytes[HEADER..].split_at_checked(length).ok_or(Ends)?;
    Ok((content, rest.get(length % 2..).unwrap_or_default()))
}
