//! From sessions and pictures to a score table.

use rayon::prelude::*;

use super::{FilterScore, ScoreTable};
use crate::dataset::Picture;
use crate::error::{Error, ErrorKind, Result};
use crate::network::Architecture;
use crate::responses::responses;
use crate::session::Session;
use crate::softness::{ScoringOptions, untrained_threshold};
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
    /// and filter. A map is soft if its score is below the 5th percentile of the scores of all maps that 100
    /// untrained networks of the session's architecture make of the same picture in the same layer.
    ///
    /// Sessions made by [`Session::from_filters`] are compared with untrained filters of the paper's initial
    /// distribution, of the same number and size.
    ///
    /// # Errors
    /// [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore) naming the session, layer, image and filter;
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if two sessions or two pictures share a name.
    pub fn softness_table(self, sessions: &[Session], pictures: &[Picture]) -> Result<ScoreTable> {
        let mut cells = Vec::new();
        for session in sessions {
            for layer in 1..=session.layers() {
                cells.extend((0..pictures.len()).map(|picture| (session, layer, picture)));
            }
        }
        // The distinct thresholds, in parallel: each one looks at a hundred networks.
        type Wanted<'a> = (&'a Architecture, usize, usize);
        let mut wanted: Vec<Wanted> = Vec::new();
        for &(session, layer, picture) in &cells {
            let key = (&session.training.architecture, layer, picture);
            if !wanted.contains(&key) {
                wanted.push(key);
            }
        }
        let stop = Stop::from_environment();
        let threshold = |&(architecture, layer, picture): &Wanted| {
            stop.check("scoring")?;
            untrained_threshold(architecture, layer, &pictures[picture], self)
        };
        let thresholds = wanted.par_iter().map(threshold).collect::<Result<Vec<_>>>()?;
        let rows = cells
            .into_par_iter()
            .map(|(session, layer, picture)| {
                stop.check("scoring")?;
                let key = (&session.training.architecture, layer, picture);
                let at = wanted.iter().position(|other| *other == key).expect("each cell has a threshold");
                score_cell(session, layer, &pictures[picture], thresholds[at], self)
            })
            .collect::<Result<Vec<_>>>()?;
        ScoreTable::from_rows(rows.concat())
    }
}

fn score_cell(
    session: &Session,
    layer: usize,
    picture: &Picture,
    threshold: f64,
    options: ScoringOptions,
) -> Result<Vec<FilterScore>> {
    responses(session, layer, picture, options.response)?
        .iter()
        .map(|response| {
            let score = options.score(response).map_err(|problem| {
                let (session, image, filter) = (session.name(), picture.name(), response.filter());
                let place = format!("session {session:?}, layer {layer}, image {image:?}, filter {filter}");
                Error::new(ErrorKind::CannotScore, format!("{place}: {problem}"))
            })?;
            Ok(FilterScore {
                session: session.name().to_string(),
                iterations: session.iterations(),
                layer,
                image: picture.name().to_string(),
                filter: response.filter(),
                score: score.value(),
                constant: score.is_constant(),
                soft: score.value() < threshold,
                soft_threshold: Some(threshold),
            })
        })
        .collect()
}
