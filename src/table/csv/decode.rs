//! From the bytes of a file to its text.

use serde::de::IgnoredAny;

use crate::text::encoding;

/// The table in a file: its text in UTF-8, or in UTF-16 with a byte order mark, without the mark. The error is a sentence.
pub(super) fn decode(bytes: &[u8]) -> Result<String, String> {
    if let Some((_, what)) = OTHERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(format!("it is no text, but {what}"));
    }
    let text = encoding::text(bytes)?;
    match other_text(&text) {
        Some(what) => Err(format!("it is no table, but {what}")),
        None => Ok(text),
    }
}

/// What people take for a CSV file, by its beginning.
fn other_text(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    let begins = |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    if ["<!doctype html", "<html", "<head", "<table"].into_iter().any(begins) {
        return Some("an HTML page: download the file itself, or save the table as CSV");
    }
    if begins("<?xml") {
        return Some("XML: save the table as CSV");
    }
    let is_object =
        text.starts_with(['{', '[']) && (is_json(text) || text.lines().next().is_some_and(is_json));
    is_object.then_some("JSON: save the table as CSV")
}

/// What people take for a CSV file, by its first bytes.
const OTHERS: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "an archive, as workbooks are (.xlsx, .ods): save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "a workbook (.xls): save the sheet as CSV"),
    (b"\x1f\x8b", "compressed by gzip: unpack it"),
    (b"PAR1", "a Parquet file: save the table as CSV"),
    (b"\x89PNG", "a picture"),
];

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
        for names in ["[x],y\n1,2\n", "{x},y\n1,2\n", "<x>,y\n1,2\n"] {
            assert_eq!(decode(names.as_bytes()).unwrap(), names);
        }
        for (bytes, words) in [
            (&b"x,y\n1,\xf6\n"[..], "line 2 is not UTF-8"), // latin-1
            (b"x\x00,\x00y\x00", "without a byte order mark"),
            (b"\xff\xfex\x00,", "damaged"),
            (b"\xff\xfe\0\0x\0\0\0", "it is UTF-32 text"),
            (b"\xff\xfe\x00\xd8", "damaged"), // half a surrogate pair
            (b"PK\x03\x04\x14\x00", "save the sheet as CSV"),
            (b"\x1f\x8b\x08\x00", "unpack it"),
            (b"\n<!DOCTYPE HTML>\n<html>", "it is no table, but an HTML page: download the file itself"),
            (b"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">", "an HTML page"),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n", "it is no table, but XML"),
            (b"{\"x\": [1, 2],\n \"y\": [2, 3]}\n", "it is no table, but JSON: save the table as CSV"),
            (b"{\"x\": 1}\n{\"x\": 2}\n", "it is no table, but JSON"),
            (b"[{\"x\": 1}]", "it is no table, but JSON"),
        ] {
            assert!(decode(bytes).unwrap_err().contains(words), "{words}");
        }
    }
}
