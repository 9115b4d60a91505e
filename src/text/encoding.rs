//! From the bytes of a text file to its text.

/// The text in UTF-8, or in UTF-16 with a byte order mark, without the mark. The error is a sentence.
pub(crate) fn text(bytes: &[u8]) -> Result<String, String> {
    let utf_16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.chunks(2).map(|pair| unit([pair[0], *pair.get(1).unwrap_or(&0)]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        let whole = text.ok().filter(|_| rest.len().is_multiple_of(2));
        whole.ok_or_else(|| "it begins as UTF-16 text, but is damaged: save it as UTF-8".to_owned())
    };
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            Err("it is UTF-32 text: save it as UTF-8".to_owned())
        }
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        // Every second byte of Latin text in UTF-16 is 0.
        [0, 1..=255, 0, 1..=255, ..] | [1..=255, 0, 1..=255, 0, ..] => {
            Err("it is UTF-16 text without a byte order mark: save it as UTF-8".to_owned())
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => utf_8(rest),
        _ => utf_8(bytes),
    }
}

fn utf_8(bytes: &[u8]) -> Result<String, String> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|problem| {
        let line = 1 + bytes[..problem.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
        format!("line {line} is not UTF-8 text: save it as UTF-8")
    })
}
