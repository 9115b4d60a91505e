//! The filters of all sessions as one text, as small as can be: `page/study.js` says how it is made up.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::filters::FilterBank;

/// Kept filters are rounded to multiples of a power of two: the finest, and the coarsest that is taken to save room.
const FINEST: i32 = -16;
const COARSEST: i32 = -11;

/// Why packing does not fail.
const ENDLESS: &str = "a vector takes all bytes";

/// Filters as text.
pub(super) struct Packed {
    /// Deflated, in base64.
    pub text: String,
    /// The power of two of which the filters before the last iteration are multiples.
    pub power: i32,
}

impl Packed {
    /// Packs the filters of each session and kept iteration, rounded as finely as leaves the text at most `room` long, if
    /// that can be reached.
    pub fn new(kept: &[Vec<Vec<FilterBank>>], room: usize) -> Self {
        let numbers: Vec<Vec<Vec<f32>>> =
            kept.iter().map(|session| session.iter().map(|banks| numbers(banks)).collect()).collect();
        let differences: usize =
            numbers.iter().flat_map(|session| &session[..session.len() - 1]).map(Vec::len).sum();
        let mut power = FINEST;
        loop {
            let text = packed(&numbers, power);
            if text.len() <= room || power >= COARSEST || differences == 0 {
                return Self { text, power };
            }
            // A step twice as large saves about a bit of each difference; a letter of the text has six.
            let bits = 6 * (text.len() - room);
            power = (power + bits.div_ceil(differences) as i32).min(COARSEST);
        }
    }
}

/// The weights and biases of the layers, one after the other.
fn numbers(banks: &[FilterBank]) -> Vec<f32> {
    banks.iter().flat_map(|bank| bank.weights().iter().chain(bank.bias()).copied()).collect()
}

fn packed(sessions: &[Vec<Vec<f32>>], power: i32) -> String {
    let (mut last, mut differences) = (Vec::new(), Vec::new());
    for session in sessions {
        let (end, before) = session.split_last().expect("the last iteration is always kept");
        last.extend(end.iter().map(|value| value.to_bits()));
        let mut later = multiples(end, power);
        for numbers in before.iter().rev() {
            let multiples = multiples(numbers, power);
            let difference = |(later, now): (&i32, &i32)| folded(later.wrapping_sub(*now));
            differences.extend(later.iter().zip(&multiples).map(difference));
            later = multiples;
        }
    }
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    for words in [last, differences] {
        for byte in 0..4 {
            let plane: Vec<u8> = words.iter().map(|word| word.to_le_bytes()[byte]).collect();
            deflated.write_all(&plane).expect(ENDLESS);
        }
    }
    STANDARD.encode(deflated.finish().expect(ENDLESS))
}

/// Numbers as the nearest multiples of 2^`power`, halves upwards.
fn multiples(numbers: &[f32], power: i32) -> Vec<i32> {
    let step = f64::from(power).exp2();
    numbers.iter().map(|&value| (f64::from(value) / step + 0.5).floor() as i32).collect()
}

/// Small magnitudes of either sign as small numbers: 0, -1, 1, -2, .. become 0, 1, 2, 3, ..
fn folded(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}
