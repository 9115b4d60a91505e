//! From the bytes of a file to its text.

/// The text of a file in UTF-8, or in UTF-16 with a byte order mark, without the mark. The error is a sentence.
pub(super) fn decode(bytes: &[u8]) -> Result<String, String> {
    if let Some((_, what)) = OTHERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(format!("it is no text, but {what}"));
    }
    let utf_16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.chunks(2).map(|pair| unit([pair[0], *pair.get(1).unwrap_or(&0)]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        let whole = text.ok().filter(|_| rest.len().is_multiple_of(2));
        whole.ok_or_else(|| "it begins as UTF-16 text, but is damaged: save the table as UTF-8".to_owned())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        // Every second byte of Latin text in UTF-16 is 0.
        [0, 1..=255, 0, 1..=255, ..] | [1..=255, 0, 1..=255, 0, ..] => {
            Err("it is UTF-16 text without a byte order mark: save the table as UTF-8".to_owned())
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => utf_8(rest),
        _ => utf_8(bytes),
    }
}

/// What people take for a CSV file, by its first bytes.
const OTHERS: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "an archive, as workbooks are (.xlsx, .ods): save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "a workbook (.xls): save the sheet as CSV"),
    (b"\x1f\x8b", "compressed by gzip: unpack it"),
    (b"PAR1", "a Parquet file: save the table as CSV"),
    (b"\x89PNG", "a picture"),
];

fn utf_8(bytes: &[u8]) -> Result<String, String> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|problem| {
        let line = 1 + bytes[..problem.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
        format!("line {line} is not UTF-8 text: save the table as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn texts_of_spreadsheets_are_read() {
        // "ö,x" as Python's str.encode writes it: "utf-8", "utf-8-sig", "utf-16-le" and "utf-16-be" after their marks.
        for bytes in [
            &b"\xc3\xb6,x"[..],
            b"\xef\xbb\xbf\xc3\xb6,x",
            b"\xff\xfe\xf6\x00,\x00x\x00",
            b"\xfe\xff\x00\xf6\x00,\x00x",
        ] {
            assert_eq!(decode(bytes).unwrap(), "ö,x");
        }
        for (bytes, words) in [
            (&b"x,y\n1,\xf6\n"[..], "line 2 is not UTF-8"), // latin-1
            (b"x\x00,\x00y\x00", "without a byte order mark"),
            (b"\xff\xfex\x00,", "damaged"),
            (b"\xff\xfe\x00\xd8", "damaged"), // half a surrogate pair
            (b"PK\x03\x04\x14\x00", "save the sheet as CSV"),
            (b"\x1f\x8b\x08\x00", "unpack it"),
        ] {
            assert!(decode(bytes).unwrap_err().contains(words), "{words}");
        }
    }
}
