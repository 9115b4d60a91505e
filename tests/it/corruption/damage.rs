//! What a disk, an editor or a wrong program may do to a file.
use proptest::prelude::*;
use proptest::sample::Index;

/// One change to a file.
#[derive(Debug, Clone)]
pub enum Damage {
    Flip {
        at: Index,
        bit: u8,
    },
    Cut {
        at: Index,
    },
    Overwrite {
        at: Index,
        with: Vec<u8>,
    },
    Remove {
        at: Index,
        count: usize,
    },
    Repeat {
        at: Index,
        count: usize,
    },
    Insert {
        at: Index,
        what: Vec<u8>,
    },
    /// A run of digits becomes another number.
    Number {
        which: Index,
        with: &'static str,
    },
    /// Four or eight bytes become a large length.
    Length {
        at: Index,
        value: u64,
        wide: bool,
    },
}

impl Damage {
    pub fn apply(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        let place = |at: &Index| at.index(length + 1);
        match self {
            _ if length == 0 => {}
            Self::Flip { at, bit } => bytes[at.index(length)] ^= 1 << bit,
            Self::Cut { at } => bytes.truncate(place(at)),
            Self::Overwrite { at, with } => {
                let start = at.index(length);
                for (byte, with) in bytes[start..].iter_mut().zip(with) {
                    *byte = *with;
                }
            }
            Self::Remove { at, count } => {
                let start = place(at);
                bytes.drain(start..length.min(start + count));
            }
            Self::Repeat { at, count } => {
                let start = place(at);
                let piece = bytes[start..length.min(start + count)].to_vec();
                bytes.splice(start..start, piece);
            }
            Self::Insert { at, what } => {
                let start = place(at);
                bytes.splice(start..start, what.iter().copied());
            }
            Self::Number { which, with } => {
                let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
                let starts: Vec<usize> =
                    (0..length).filter(|&at| digit(at) && (at == 0 || !digit(at - 1))).collect();
                if !starts.is_empty() {
                    let start = starts[which.index(starts.len())];
                    let end = (start..=length).find(|&at| !digit(at)).unwrap_or(length);
                    bytes.splice(start..end, with.bytes());
                }
            }
            Self::Length { at, value, wide } => {
                let start = at.index(length);
                let value = value.to_le_bytes();
                let count = (if *wide { 8 } else { 4 }).min(length - start);
                bytes[start..start + count].copy_from_slice(&value[..count]);
            }
        }
    }
}

const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1e999",
    "NaN",
    "255",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "0.0000001",
];

pub fn damage() -> impl Strategy<Value = Damage> {
    let (at, piece) = (any::<Index>, || prop::collection::vec(any::<u8>(), 1..20));
    prop_oneof![
        (at(), 0_u8..8).prop_map(|(at, bit)| Damage::Flip { at, bit }),
        at().prop_map(|at| Damage::Cut { at }),
        (at(), piece()).prop_map(|(at, with)| Damage::Overwrite { at, with }),
        (at(), 1_usize..200).prop_map(|(at, count)| Damage::Remove { at, count }),
        (at(), 1_usize..200).prop_map(|(at, count)| Damage::Repeat { at, count }),
        (at(), piece()).prop_map(|(at, what)| Damage::Insert { at, what }),
        (at(), prop::sample::select(&NUMBERS[..])).prop_map(|(which, with)| Damage::Number { which, with }),
        (
            at(),
            prop::sample::select(vec![u64::MAX, 1 << 63, 1 << 60, 1 << 40, u64::from(u32::MAX), 1 << 20]),
            any::<bool>()
        )
            .prop_map(|(at, value, wide)| Damage::Length { at, value, wide }),
    ]
}

pub fn damages() -> impl Strategy<Value = Vec<Damage>> {
    prop::collection::vec(damage(), 1..5)
}
