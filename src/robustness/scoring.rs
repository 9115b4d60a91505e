//! Takes every measure of every session, beside its nulls.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::filters::FilterBank;
use crate::filters::nulls::{Null, other_initial_filters};
use crate::network::Architecture;
use crate::responses::check_size;
use crate::robustness::network_means::{Measured, whole_network};
use crate::robustness::one_session::Subject;
use crate::robustness::{PictureSet, SessionScoreOptions, SessionScores};
use crate::session::Session;

/// Scores every session on every set of pictures, in parallel over the sessions.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) for fewer than 2 draws, or two sets or sessions of one name;
/// [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore); [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore).
pub fn score_sessions(
    sessions: &[Session],
    sets: &[PictureSet],
    options: SessionScoreOptions,
) -> Result<SessionScores> {
    let options = &options;
    options.check()?;
    unique("picture set", sets.iter().map(PictureSet::name))?;
    unique("session", sessions.iter().map(Session::name))?;
    for session in sessions {
        let banks = banks(session)?;
        let banks: Vec<&FilterBank> = banks.iter().collect();
        for picture in sets.iter().flat_map(PictureSet::pictures) {
            for layer in 1..=banks.len() {
                check_size(&banks, layer, picture, options.response)?;
            }
        }
    }
    let mut architectures: Vec<Architecture> = Vec::new();
    for session in sessions.iter().filter(|session| session.record().is_some()) {
        let architecture = starts_alike(&session.training().architecture);
        if !architectures.contains(&architecture) {
            architectures.push(architecture);
        }
    }
    let starts = if options.nulls.contains(&Null::Initial) {
        let of = |architecture: &Architecture| other_starts(architecture, sets, options);
        architectures.iter().map(of).collect::<Result<Vec<_>>>()?
    } else {
        Vec::new()
    };
    let scored = sessions
        .par_iter()
        .map(|session| {
            let alike = starts_alike(&session.training().architecture);
            let place = architectures.iter().position(|architecture| *architecture == alike);
            let starts = place
                .filter(|_| session.record().is_some())
                .and_then(|place| starts.get(place).map(Vec::as_slice));
            Subject::new(session, sets, options, starts)?.scores(sets)
        })
        .collect::<Result<Vec<_>>>()?;
    let mut scores = SessionScores { rows: Vec::new(), pictures: Vec::new() };
    for session in scored {
        scores.rows.extend(session.rows);
        scores.pictures.extend(session.pictures);
    }
    Ok(scores)
}

fn unique<'a>(what: &'static str, names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Error::option(what, name, "each needs a name of its own"));
        }
    }
    Ok(())
}

/// The part of an architecture that its filters start from.
fn starts_alike(architecture: &Architecture) -> Architecture {
    Architecture { dense: 1, classes: 1, dropout: 0.0, ..architecture.clone() }
}

pub(super) fn banks(session: &Session) -> Result<Vec<FilterBank>> {
    (1..=session.layers()).map(|layer| session.filters(layer).cloned()).collect()
}

/// Draws of networks that nobody trained.
fn other_starts(
    architecture: &Architecture,
    sets: &[PictureSet],
    options: &SessionScoreOptions,
) -> Result<Vec<Measured>> {
    let draw = |draw| {
        let banks = other_initial_filters(architecture, options.seed, draw)?;
        whole_network(&banks, architecture.input_scale, sets, options)
    };
    (0..options.draws).into_par_iter().map(draw).collect()
}
