//! The number of soft maps of sessions of one level: rule H of `docs/rules-2.md`.

use std::path::Path;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::questions::TRAINED;
use super::scoring::{architecture, untrained_filters};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::filters::FilterBank;
use crate::paper::verdicts::{Ruling, share_that_differs};
use crate::responses::{Reading, ResponseOptions};
use crate::session::Session;
use crate::softness::{ScoringOptions, untrained_threshold};
use crate::table::CsvTable;
use crate::text::csv::Csv;

const FILE: &str = "soft.csv";
/// What the session of an untrained network is called.
const UNTRAINED: &str = "untrained";

/// The number of soft maps of the bird in layer 1: iterations (0 for the untrained), and the counts by reading.
#[derive(Debug, Clone)]
pub(super) struct SoftCounts {
    rows: Vec<(u64, Vec<usize>)>,
}

impl SoftCounts {
    /// From iterations and the counts by reading.
    pub fn new(rows: Vec<(u64, Vec<usize>)>) -> Self {
        Self { rows }
    }

    fn counts(&self, reading: usize, is: impl Fn(u64) -> bool) -> Vec<usize> {
        self.rows
            .iter()
            .filter(|(iterations, _)| is(*iterations))
            .map(|(_, counts)| counts[reading])
            .collect()
    }

    /// The counts of the sessions of a level under a reading, a place in [`Reading::ALL`].
    pub fn of(&self, level: u64, reading: usize) -> Vec<usize> {
        self.counts(reading, |iterations| iterations == level)
    }

    /// The counts of the untrained networks.
    pub fn untrained(&self, reading: usize) -> Vec<usize> {
        self.of(0, reading)
    }

    /// The counts of all sessions from 2,000 iterations on.
    pub fn trained(&self, reading: usize) -> Vec<usize> {
        self.counts(reading, |iterations| iterations >= TRAINED)
    }

    /// The share of pairs of untrained networks whose counts differ.
    pub fn untrained_share(&self, reading: usize) -> f64 {
        let counts = self.untrained(reading);
        let most = counts.iter().copied().max().unwrap_or_default();
        let mut frequencies = vec![0.0; most + 1];
        counts.iter().for_each(|&count| frequencies[count] += 1.0);
        let n = counts.len() as f64;
        let alike: f64 = frequencies.iter().map(|frequency| frequency * (frequency - 1.0)).sum();
        1.0 - alike / (n * (n - 1.0))
    }
}

/// Counts the soft maps of the bird in layer 1, of sessions and of so many untrained networks, under every reading.
pub(super) fn write(sessions: &[Session], dataset: &Dataset, untrained: u64, folder: &Path) -> Result<()> {
    let bird = dataset.bird();
    let options = Reading::ALL
        .map(|reading| ScoringOptions::default().response(ResponseOptions::default().reading(reading)));
    let architecture = architecture();
    let thresholds: Vec<f64> = options
        .iter()
        .map(|&options| untrained_threshold(&architecture, 1, &bird, options))
        .collect::<Result<_>>()?;
    let count = |banks: &[FilterBank]| -> Result<Vec<String>> {
        let of_reading = |(&options, threshold): (&ScoringOptions, &f64)| {
            let scale = architecture.input_scale;
            let scores = options.filter_scores(&[&banks[0]], scale, 1, &bird, |_, error| error)?;
            Ok(scores.iter().filter(|score| score.value() < *threshold).count().to_string())
        };
        options.iter().zip(&thresholds).map(of_reading).collect()
    };
    let mut csv = Csv::new(&format!("session,iterations,{}", Reading::ALL.map(Reading::name).join(",")));
    let of_untrained = |number: u64| count(&untrained_filters(number)?);
    let rows: Vec<Vec<String>> = (0..untrained).into_par_iter().map(of_untrained).collect::<Result<_>>()?;
    for row in rows {
        csv.row([UNTRAINED.to_owned(), 0.to_string()].into_iter().chain(row));
    }
    for session in sessions {
        let row = count(&session.filters)?;
        csv.row([session.name().to_owned(), session.iterations().to_string()].into_iter().chain(row));
    }
    csv.write(folder.join(FILE))
}

/// Reads what [`write`] wrote.
pub(super) fn read(folder: &Path) -> Result<SoftCounts> {
    let table = CsvTable::open(folder.join(FILE))?;
    let row = |row: usize| {
        let counts = Reading::ALL.map(|reading| Ok(table.count(row, reading.name())? as usize));
        Ok((table.count(row, "iterations")?, counts.into_iter().collect::<Result<_>>()?))
    };
    Ok(SoftCounts::new((0..table.len()).map(row).collect::<Result<_>>()?))
}

/// The share of pairs of sessions whose counts differ, and the ruling on it.
pub(super) fn ruling(sessions: &[usize], untrained: f64) -> (f64, Ruling) {
    let share = share_that_differs(sessions);
    let ruling = match share.interval {
        interval if interval.low > untrained => Ruling::Reproduced,
        interval if interval.high < untrained => Ruling::NotReproduced,
        _ => Ruling::CannotBeTested,
    };
    (share.value, ruling)
}

/// A study of so many sessions whose counts are drawn from `counts` with replacement.
pub(super) fn simulated(counts: &[usize], sessions: usize, seed: u64) -> Vec<usize> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..sessions).map(|_| counts[random.random_range(0..counts.len())]).collect()
}
