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

/// The largest weight of a layer lies between these powers of two, or the layer's step is finer or coarser by its exponent.
const LEAST: i32 = -4;
const MOST: i32 = 14;

/// Why packing does not fail.
const ENDLESS: &str = "a vector takes all bytes";

/// Filters as text.
pub(super) struct Packed {
    /// Deflated, in base64.
    pub text: String,
    /// The power of two of which the filters before the last iteration are multiples, in layers whose exponent is 0.
    pub power: i32,
}

impl Packed {
    /// Packs the filters of each session and kept iteration, rounded as finely as leaves the text at most `room` long, if
    /// that can be reached. `exponents` are those of each session ([`exponents`]).
    pub fn new<'a>(
        kept: &[Vec<Vec<FilterBank>>],
        exponents: impl IntoIterator<Item = &'a [i32]>,
        room: usize,
    ) -> Self {
        let sessions: Vec<Numbers> =
            kept.iter().zip(exponents).map(|(kept, exponents)| Numbers::of(kept, exponents)).collect();
        let differences: usize =
            sessions.iter().map(|session| session.before.len() * session.end.len()).sum();
        let mut power = FINEST;
        loop {
            let text = packed(&sessions, power);
            if text.len() <= room || power >= COARSEST || differences == 0 {
                return Self { text, power };
            }
            // A step twice as large saves about a bit of each difference; a letter of the text has six.
            let bits = 6 * (text.len() - room);
            power = (power + bits.div_ceil(differences) as i32).min(COARSEST);
        }
    }
}

/// By layer, the exponent of the power of two by which its step differs from that of the page: 0, but for layers whose
/// weights are all smaller or larger than those of networks usually are.
pub(super) fn exponents<'a>(kept: impl IntoIterator<Item = &'a [FilterBank]>) -> Vec<i32> {
    let mut largest: Vec<[f32; 2]> = Vec::new();
    for banks in kept {
        largest.resize(banks.len(), [0.0; 2]);
        for (largest, bank) in largest.iter_mut().zip(banks) {
            let of = |most: f32, value: &f32| most.max(value.abs());
            *largest = [bank.weights().iter().fold(largest[0], of), bank.bias().iter().fold(largest[1], of)];
        }
    }
    let exponent = |[weight, bias]: [f32; 2]| {
        let of = |value: f32| f64::from(value).log2().floor() as i32;
        let finer = if weight > 0.0 { (of(weight) - LEAST).min(0) } else { 0 };
        let largest = weight.max(bias);
        let coarser = if largest > 0.0 { of(largest) + 1 - MOST } else { finer };
        finer.max(coarser)
    };
    largest.into_iter().map(exponent).collect()
}

/// The weights and biases of the layers of a session, one after the other.
struct Numbers {
    end: Vec<f32>,
    /// At each iteration before.
    before: Vec<Vec<f32>>,
    /// For each layer how many numbers it has, and its exponent.
    layers: Vec<(usize, i32)>,
}

impl Numbers {
    fn of(kept: &[Vec<FilterBank>], exponents: &[i32]) -> Self {
        let (end, before) = kept.split_last().expect("the last iteration is always kept");
        let numbers = |banks: &Vec<FilterBank>| -> Vec<f32> {
            banks.iter().flat_map(|bank| bank.weights().iter().chain(bank.bias()).copied()).collect()
        };
        let layer = |(bank, &exponent): (&FilterBank, &i32)| (bank.weights().len() + bank.len(), exponent);
        Self {
            end: numbers(end),
            before: before.iter().map(numbers).collect(),
            layers: end.iter().zip(exponents).map(layer).collect(),
        }
    }

    /// Numbers of this session as the nearest multiples of 2^(`power` + exponent), halves upwards.
    fn multiples(&self, mut numbers: &[f32], power: i32) -> Vec<i32> {
        let mut multiples = Vec::with_capacity(numbers.len());
        for &(count, exponent) in &self.layers {
            let step = f64::from(power + exponent).exp2();
            let (layer, others) = numbers.split_at(count);
            multiples.extend(layer.iter().map(|&value| (f64::from(value) / step + 0.5).floor() as i32));
            numbers = others;
        }
        multiples
    }
}

fn packed(sessions: &[Numbers], power: i32) -> String {
    let (mut last, mut differences) = (Vec::new(), Vec::new());
    for session in sessions {
        last.extend(session.end.iter().map(|value| value.to_bits()));
        let mut later = session.multiples(&session.end, power);
        for numbers in session.before.iter().rev() {
            let multiples = session.multiples(numbers, power);
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

/// Small magnitudes of either sign as small numbers: 0, -1, 1, -2, .. become 0, 1, 2, 3, ..
fn folded(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}
