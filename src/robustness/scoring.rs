//! Scores sessions by every measure, and compares the scores with null distributions.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::filters::FilterBank;
use crate::filters::nulls::{Null, initial_filters, other_initial_filters, random_filters, shuffled_filters};
use crate::network::Architecture;
use crate::responses::{check_reading, check_size};
use crate::robustness::network_means::{NetworkMeans, network_means};
use crate::robustness::scores::PictureScore;
use crate::robustness::{
    AnyMeasure, NullComparison, PictureSet, SessionScore, SessionScoreOptions, SessionScores,
};
use crate::session::Session;
use crate::softness::{FilterMeasure, SMALLEST_SIDE};

/// Scores every session on every set of pictures, in parallel over the sessions.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there are fewer than 2 draws, or if two sets or two
/// sessions have the same name, or the reading is the forward pass and a session's network is of another kind than the
/// study's; [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore) if a picture is too small for a
/// session's filters or a map is not finite.
pub fn score_sessions(
    sessions: &[Session],
    sets: &[PictureSet],
    options: SessionScoreOptions,
) -> Result<SessionScores> {
    let requirement = "the spread of a null needs at least 2";
    Error::require(options.nulls.is_empty() || options.draws >= 2, "draws", options.draws, requirement)?;
    unique("picture set", sets.iter().map(PictureSet::name))?;
    unique("session", sessions.iter().map(Session::name))?;
    for session in sessions {
        check_reading(session, options.response)?;
        let banks: Vec<&FilterBank> = session.filters.iter().collect();
        for picture in sets.iter().flat_map(PictureSet::pictures) {
            for layer in 1..=banks.len() {
                check_size(&banks, layer, picture, options.response, SMALLEST_SIDE)?;
            }
        }
    }
    // Networks with other initial weights, for each architecture of the sessions that were trained here.
    let mut starts: Vec<(Architecture, Vec<NetworkMeans>)> = Vec::new();
    let trained = sessions.iter().filter(|session| session.record().is_some());
    for session in trained.filter(|_| options.nulls.contains(&Null::Initial)) {
        let architecture = first_weights(session);
        if starts.iter().all(|(other, _)| *other != architecture) {
            let draw = |draw| {
                let banks = other_initial_filters(&architecture, options.seed, draw)?;
                let means = network_means(&[&banks], None, architecture.input_scale, sets, &options);
                means.map(|mut means| means.remove(0))
            };
            let means = (0..options.draws).into_par_iter().map(draw).collect::<Result<_>>()?;
            starts.push((architecture, means));
        }
    }
    let score = |session: &Session| {
        let same = |(architecture, _): &&(Architecture, _)| *architecture == first_weights(session);
        score_session(session, sets, &options, starts.iter().find(same).map(|(_, means)| &means[..]))
    };
    let scored = sessions.par_iter().map(score).collect::<Result<Vec<_>>>()?;
    let (rows, pictures): (Vec<_>, Vec<_>) = scored.into_iter().unzip();
    Ok(SessionScores { rows: rows.concat(), pictures: pictures.concat() })
}

fn unique<'a>(what: &'static str, names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        Error::require(seen.insert(name), what, name, "each needs a name of its own")?;
    }
    Ok(())
}

/// The part of a session's architecture that its initial filters depend on.
fn first_weights(session: &Session) -> Architecture {
    Architecture { dense: 1, classes: 1, dropout: 0.0, ..session.training().architecture.clone() }
}

/// The scores of one session, and those of single pictures. `other_starts` are networks with other initial weights.
fn score_session(
    session: &Session,
    sets: &[PictureSet],
    options: &SessionScoreOptions,
    other_starts: Option<&[NetworkMeans]>,
) -> Result<(Vec<SessionScore>, Vec<PictureScore>)> {
    let Architecture { input_scale, .. } = session.training().architecture;
    let banks = &session.filters;
    let training = session.record().map(|_| session.training());
    let start =
        training.map(|training| initial_filters(&training.architecture, training.seed)).transpose()?;
    let drawn: Vec<Null> = options.nulls.iter().copied().filter(|&null| null != Null::Initial).collect();
    let mut networks = vec![banks.clone()];
    for null in &drawn {
        let replace = if *null == Null::Shuffled { shuffled_filters } else { random_filters };
        for draw in 0..options.draws {
            networks.push(banks.iter().map(|bank| replace(bank, options.seed, draw)).collect::<Result<_>>()?);
        }
    }
    let networks: Vec<&[FilterBank]> = networks.iter().map(Vec::as_slice).collect();
    let means = network_means(&networks, start.as_deref(), input_scale, sets, options)?;
    let (own, replaced) = means.split_first().expect("the session's own network is the first");
    // The networks of each null distribution, and those with the session's own initial filters for `Null::Initial`.
    let mut nulls: Vec<(Null, &[NetworkMeans], Option<NetworkMeans>)> = Vec::new();
    if let (Some(start), Some(draws)) = (&start, other_starts) {
        let start = network_means(&[start], None, input_scale, sets, options)?.pop();
        nulls.push((Null::Initial, draws, start));
    }
    let draws = replaced.chunks(options.draws.max(1) as usize);
    nulls.extend(drawn.into_iter().zip(draws).map(|(null, draws)| (null, draws, None)));

    let row =
        |images: Option<&str>, layer: usize, measure: AnyMeasure, value: &dyn Fn(&NetworkMeans) -> f64| {
            let compare = |(null, draws, start): &(Null, &[NetworkMeans], Option<NetworkMeans>)| {
                let draws: Vec<f64> = draws.iter().map(value).collect();
                NullComparison::new(*null, value(own), &draws, start.as_ref().map(value))
            };
            // The distance that a filter travelled from its start is no property of other filters.
            let nulls = if measure == FilterMeasure::DistanceTravelled.into() { &[] } else { &nulls[..] };
            SessionScore {
                session: session.name().into(),
                iterations: session.iterations(),
                layer: layer + 1,
                images: images.map(String::from),
                measure,
                score: value(own),
                constant: 0,
                nulls: nulls.iter().map(compare).collect(),
            }
        };
    let (mut rows, mut pictures) = (Vec::new(), Vec::new());
    for (at, set) in sets.iter().enumerate() {
        for (picture, means) in set.pictures().iter().zip(&own.pictures[at]) {
            for (layer, means) in (1..).zip(means) {
                pictures.extend(options.measures.iter().zip(means).map(|(&measure, mean)| PictureScore {
                    session: session.name().into(),
                    iterations: session.iterations(),
                    layer,
                    images: set.name().into(),
                    picture: picture.name().into(),
                    measure,
                    score: mean.value,
                }));
            }
        }
        for layer in 0..banks.len() {
            for (place, &measure) in options.measures.iter().enumerate() {
                let value = |means: &NetworkMeans| means.sets[at][layer][place].value;
                let constant = own.sets[at][layer][place].constant;
                rows.push(SessionScore { constant, ..row(Some(set.name()), layer, measure.into(), &value) });
            }
        }
    }
    for layer in 0..banks.len() {
        for (place, &measure) in options.filter_measures.iter().enumerate() {
            rows.push(row(None, layer, measure.into(), &|means| means.filters[layer][place]));
        }
    }
    Ok((rows, pictures))
}
