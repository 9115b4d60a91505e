//! Scores of sessions, and of untrained networks beside them.

use rayon::prelude::*;

use super::iteration_axis::kept;
use crate::dataset::Picture;
use crate::error::{Error, ErrorKind, Result};
use crate::filters::FilterBank;
use crate::network::Architecture;
use crate::responses::check_reading;
use crate::session::Session;
use crate::softness::{SOFT_PERCENTILE, ScoringOptions, UNTRAINED_SEEDS, untrained_networks};
use crate::stats::{Interval, percentile};
use crate::stop::Stop;

/// The untrained networks that a band shows.
pub(super) const NETWORKS: u64 = 400;

/// An image after "on": "the bird", or its name.
pub(super) fn on(image: &str) -> &str {
    if image == "bird" { "the bird" } else { image }
}

/// The scores of a layer's filters in one session at one iteration.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scored {
    pub session: String,
    pub iterations: u64,
    pub scores: Vec<f64>,
}

impl Scored {
    /// The layer score: the sum over the filters.
    pub fn layer_score(&self) -> f64 {
        self.scores.iter().fold(0.0, |sum, score| sum + score)
    }

    /// The mean over the filters.
    pub fn mean(&self) -> f64 {
        self.layer_score() / self.scores.len() as f64
    }
}

/// The scores of each session on a picture at the end of its training.
///
/// # Errors
/// [`ErrorKind::CannotDraw`] if there is no session; those of [`ScoringOptions::softness_table`].
pub(super) fn scored(
    options: ScoringOptions,
    sessions: &[Session],
    layer: usize,
    picture: &Picture,
) -> Result<Vec<Scored>> {
    if sessions.is_empty() {
        let title = format!("Scores of layer {layer} on {}", picture.name());
        return Err(Error::nothing_to_draw(&title, "there is no session"));
    }
    let stop = Stop::from_environment();
    let score = |session: &Session| {
        stop.check("scoring")?;
        check_reading(session, options.response)?;
        let at = |filter: &str, problem: Error| {
            let place =
                format!("session {:?}, layer {layer}, image {:?}, {filter}", session.name(), picture.name());
            Error::new(ErrorKind::CannotScore, format!("{place}: {problem}"))
        };
        let banks: Vec<&FilterBank> = session.filters.iter().collect();
        let scale = session.training().architecture.input_scale;
        let scores = options.filter_scores(&banks, scale, layer, picture, at)?;
        Ok(Scored {
            session: session.name().to_owned(),
            iterations: session.iterations(),
            scores: scores.iter().map(|score| score.value()).collect(),
        })
    };
    sessions.par_iter().map(score).collect()
}

/// Every session at each iteration at which it kept its filters, one after the other. What is given twice, as a session and as
/// itself at an earlier iteration, is there once.
pub(super) fn all_kept(sessions: &[Session]) -> Result<Vec<Session>> {
    let mut all: Vec<Session> = Vec::new();
    for session in sessions.iter().map(kept).collect::<Result<Vec<_>>>()?.into_iter().flatten() {
        let is_same = |other: &Session| {
            (other.name(), other.iterations()) == (session.name(), session.iterations())
                && other.filters == session.filters
        };
        if !all.iter().any(is_same) {
            all.push(session);
        }
    }
    Ok(all)
}

/// The scores of a layer's filters in untrained networks.
#[derive(Debug, Clone)]
pub(super) struct Untrained {
    /// A list for each network.
    networks: Vec<Vec<f64>>,
    /// The score below which a filter is soft.
    pub threshold: f64,
}

impl Untrained {
    /// Those of so many networks like the sessions'; `None` if a session's network is of another kind than the study's. The
    /// threshold is that of score tables if there are at least one hundred.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] if the sessions have networks of different kinds.
    pub fn of(
        options: ScoringOptions,
        sessions: &[Session],
        layer: usize,
        picture: &Picture,
        networks: u64,
    ) -> Result<Option<Self>> {
        let Some(architecture) = common_architecture(sessions)? else { return Ok(None) };
        let networks = untrained_networks(&architecture, layer, picture, options, networks)?;
        let defining = networks[..networks.len().min(UNTRAINED_SEEDS as usize)].concat();
        Ok(Some(Self { networks, threshold: percentile(&defining, SOFT_PERCENTILE) }))
    }

    /// The number of networks that the threshold comes from, the first ones.
    pub fn defining(&self) -> u64 {
        UNTRAINED_SEEDS.min(self.networks.len() as u64)
    }

    /// The number of networks.
    pub fn len(&self) -> usize {
        self.networks.len()
    }

    /// The scores of all filters of all networks.
    pub fn filters(&self) -> Vec<f64> {
        self.networks.concat()
    }

    /// The range of 95 % of the filters.
    pub fn filter_band(&self) -> Interval {
        middle(&self.filters())
    }

    /// The range of 95 % of the layer scores.
    pub fn layer_band(&self) -> Interval {
        middle(&self.networks.iter().map(|scores| scores.iter().sum()).collect::<Vec<f64>>())
    }

    /// The range of 95 % of the means over a layer's filters.
    pub fn mean_band(&self) -> Interval {
        let mean = |scores: &Vec<f64>| scores.iter().sum::<f64>() / scores.len() as f64;
        middle(&self.networks.iter().map(mean).collect::<Vec<f64>>())
    }
}

/// The range of the middle 95 %.
fn middle(values: &[f64]) -> Interval {
    Interval { low: percentile(values, 2.5), high: percentile(values, 97.5) }
}

/// The convolutional part of the network that all sessions have; `None` if one is of another kind than the study's.
fn common_architecture(sessions: &[Session]) -> Result<Option<Architecture>> {
    let of = |session: &Session| {
        session.architecture().map(|architecture| Architecture {
            dense: 1,
            classes: 1,
            dropout: 0.0,
            ..architecture.clone()
        })
    };
    let Some(first) = sessions.first() else { return Ok(None) };
    let architecture = of(first);
    if let Some(other) = sessions.iter().find(|session| of(session) != architecture) {
        let sentence = format!(
            "sessions {:?} and {:?} have networks of different kinds or initial weights, which untrained networks cannot be \
             drawn for in one figure: draw one for each kind",
            first.name(),
            other.name()
        );
        return Err(Error::new(ErrorKind::InvalidOption, sentence));
    }
    Ok(architecture)
}
