//! From sessions and pictures to a score table.

use rayon::prelude::*;

use super::{FilterScore, ScoreTable};
use crate::dataset::Picture;
use crate::error::{Error, ErrorKind, Result};
use crate::filters::FilterBank;
use crate::network::Architecture;
use crate::responses::{Reading, check_reading, check_size};
use crate::session::Session;
use crate::softness::{
    SMALLEST_SIDE, Score, ScoringOptions, UNTRAINED_SEEDS, untrained_kernel_maps, untrained_kernel_threshold,
    untrained_threshold,
};
use crate::stop::Stop;

/// The softness of every filter of every session on every picture, with the default [`ScoringOptions`]; other options
/// have a [method](ScoringOptions::softness_table) for it.
///
/// # Errors
/// Those of [`ScoringOptions::softness_table`].
pub fn softness_table(sessions: &[Session], pictures: &[Picture]) -> Result<ScoreTable> {
    ScoringOptions::default().softness_table(sessions, pictures)
}

impl ScoringOptions {
    /// The softness of every filter of every session on every picture. Rows are ordered by session, then layer, picture
    /// and filter. A filter is soft if its score is below the 5th percentile of the scores of all filters of the same layer
    /// in 100 untrained networks of the session's architecture, on the same picture and under the same options.
    ///
    /// The score of a filter is that of its map. With [`Reading::EachKernel`](crate::responses::Reading::EachKernel) it is the mean
    /// over its kernels' maps, so a layer score can be compared with those of the other readings: it is the number of filters times the
    /// mean over all kernels. A constant map, such as that of a kernel of zeros, counts with its score, 0, and a filter is constant if all
    /// its maps are.
    ///
    /// Sessions made by [`Session::from_filters`] are compared with untrained filters of the paper's initial
    /// distribution, of the same number and size. If their network is of another kind than the study's, these are 1,000
    /// filters with as many channels and as large kernels as the layer's (of more than 64 channels, 64 are drawn; 16 if each kernel
    /// has a map of its own).
    ///
    /// # Errors
    /// [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore) naming the session, layer, image and filter;
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the reading is the forward pass and a session's
    /// network is of another kind than the study's;
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if two sessions or two pictures share a name.
    pub fn softness_table(self, sessions: &[Session], pictures: &[Picture]) -> Result<ScoreTable> {
        let mut cells = Vec::new();
        for session in sessions {
            check_reading(session, self.response)?;
            let banks: Vec<&FilterBank> = session.filters.iter().collect();
            for layer in 1..=session.layers() {
                for picture in pictures {
                    check_size(&banks, layer, picture, self.response, SMALLEST_SIDE)?;
                }
                cells.extend((0..pictures.len()).map(|picture| (session, layer, picture)));
            }
        }
        // The distinct thresholds, in parallel: each one looks at a hundred networks.
        let mut wanted: Vec<(Untrained, usize)> = Vec::new();
        for &(session, layer, picture) in &cells {
            let key = (Untrained::of(session, layer), picture);
            if !wanted.contains(&key) {
                wanted.push(key);
            }
        }
        let stop = Stop::from_environment();
        let threshold = |&(untrained, picture): &(Untrained, usize)| {
            stop.check("scoring")?;
            let picture = &pictures[picture];
            match untrained {
                Untrained::Network(architecture, layer) => {
                    untrained_threshold(architecture, layer, picture, self)
                }
                Untrained::Kernels { channels, kernel } => {
                    untrained_kernel_threshold(channels, kernel, picture, self)
                }
            }
        };
        let thresholds = wanted.par_iter().map(threshold).collect::<Result<Vec<_>>>()?;
        let rows = cells
            .into_par_iter()
            .map(|(session, layer, picture)| {
                stop.check("scoring")?;
                let key = (Untrained::of(session, layer), picture);
                let at = wanted.iter().position(|other| *other == key).expect("each cell has a threshold");
                score_cell(session, layer, &pictures[picture], thresholds[at], self)
            })
            .collect::<Result<Vec<_>>>()?;
        ScoreTable::from_rows(rows.concat())
    }
}

/// The untrained filters that the layers of a session are compared with: of each set the number of maps, and the products that all
/// maps take for one of their values.
pub(crate) fn untrained_work(session: &Session, reading: Reading) -> Vec<(usize, usize)> {
    let mut sets: Vec<Untrained> = Vec::new();
    for layer in 1..=session.layers() {
        let set = Untrained::of(session, layer);
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
    let work = |set: &Untrained| match *set {
        Untrained::Network(_, layer) => {
            let bank = &session.filters[layer - 1];
            let channels = if reading == Reading::KernelSlice { 1 } else { bank.channels() };
            let filters = bank.len() * UNTRAINED_SEEDS as usize;
            (filters * reading.maps(bank.channels()), filters * channels * bank.kernel().pow(2))
        }
        Untrained::Kernels { channels, kernel } => {
            let maps = untrained_kernel_maps(channels, reading);
            (maps, maps * kernel.pow(2))
        }
    };
    sets.iter().map(work).collect()
}

/// The untrained filters that the maps of a layer are compared with.
#[derive(Clone, Copy, PartialEq)]
enum Untrained<'a> {
    /// Those of one layer of untrained networks.
    Network(&'a Architecture, usize),
    /// Single filters, for a network of another kind.
    Kernels { channels: usize, kernel: usize },
}

impl<'a> Untrained<'a> {
    fn of(session: &'a Session, layer: usize) -> Self {
        match session.architecture() {
            Some(architecture) => Self::Network(architecture, layer),
            None => {
                let bank = &session.filters[layer - 1];
                Self::Kernels { channels: bank.channels(), kernel: bank.kernel() }
            }
        }
    }
}

fn score_cell(
    session: &Session,
    layer: usize,
    picture: &Picture,
    threshold: f64,
    options: ScoringOptions,
) -> Result<Vec<FilterScore>> {
    let banks: Vec<&FilterBank> = session.filters.iter().collect();
    let at = |filter: &str, problem: Error| {
        let place =
            format!("session {:?}, layer {layer}, image {:?}, {filter}", session.name(), picture.name());
        Error::new(ErrorKind::CannotScore, format!("{place}: {problem}"))
    };
    let scores =
        options.filter_scores(&banks, session.training().architecture.input_scale, layer, picture, at)?;
    let row = |(filter, score): (usize, Score)| FilterScore {
        session: session.name().to_string(),
        iterations: session.iterations(),
        layer,
        image: picture.name().to_string(),
        filter,
        score: score.value(),
        constant: score.is_constant(),
        soft: score.value() < threshold,
        soft_threshold: Some(threshold),
    };
    Ok(scores.into_iter().enumerate().map(row).collect())
}
