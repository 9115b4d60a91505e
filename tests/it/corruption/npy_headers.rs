//! Headers of `.npy` files that promise too much or say two things.
use softness::filters::{AxisOrder, FilterBank};

#[test]
fn an_npy_header_that_says_two_things_or_is_nested_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twofold.npy");
    let large = "(1099511627776, 1, 1, 1)";
    let nested = "[".repeat(60) + &"]".repeat(60);
    for keys in [
        format!("'shape': (1, 1, 1, 1), 'shape': {large}"),
        format!("'sh\\x61pe': {large}"),
        format!("'shape': (1, 1, 1, 1), 'more': {nested}"),
        format!("'shape': (1, 1, 1, 1), 'more': {}", nested.replace('[', "(").replace(']', ",)")),
        format!("'shape': (1, 1, 1, 1), 'more': {}", nested.replace('[', "{1: ").replace(']', "}")),
    ] {
        let text = format!("{{'descr': '<f4', 'fortran_order': False, {keys}, }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.bytes());
        bytes.extend([0; 4]);
        std::fs::write(&path, &bytes).unwrap();
        let error = FilterBank::load_npy(1, &path, None, AxisOrder::Oihw).unwrap_err().to_string();
        assert!(error.contains("twofold.npy") && error.contains("plain numbers"), "{keys}: {error}");
    }
}

#[test]
fn an_npy_header_that_promises_what_no_file_could_hold_is_refused_whatever_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("promise.npy");
    let dictionary = |spaces: usize| {
        let shape = "(1152921504606846976, 1, 1, 1)";
        format!("{{'descr': '<f4', 'fortran_order': False,{} 'shape': {shape}, }}\n", " ".repeat(spaces))
    };
    for (version, spaces) in [(1_u8, 0), (2, 0), (2, 100_000), (3, 100_000)] {
        let text = dictionary(spaces);
        let mut bytes = vec![0x93, b'N', b'U', b'M', b'P', b'Y', version, 0];
        match version {
            1 => bytes.extend((text.len() as u16).to_le_bytes()),
            _ => bytes.extend((text.len() as u32).to_le_bytes()),
        }
        bytes.extend(text.bytes());
        std::fs::write(&path, &bytes).unwrap();
        let error = FilterBank::load_npy(1, &path, None, AxisOrder::Oihw).unwrap_err().to_string();
        assert!(error.contains("promise.npy") && error.contains("promises more"), "{version}: {error}");
        // The length of the header itself.
        let count = if version == 1 { 2 } else { 4 };
        bytes[8..8 + count].fill(0xff);
        std::fs::write(&path, &bytes).unwrap();
        let error = FilterBank::load_npy(1, &path, None, AxisOrder::Oihw).unwrap_err().to_string();
        assert!(error.contains("promise.npy"), "{version}: {error}");
    }
}
