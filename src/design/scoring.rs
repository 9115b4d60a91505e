//! Takes every measure of every session, beside its nulls.

use rayon::prelude::*;

use super::measuring::{LayerMean, of_filters, of_maps, of_network};
use super::{Against, PictureScore, PictureSet, SessionScore, SessionScores, StudyOptions};
use crate::error::{Error, Result};
use crate::filters::FilterBank;
use crate::measures::{FilterMeasure, Meter};
use crate::network::Architecture;
use crate::nulls::{Null, initial_filters, other_initial_filters, random_filters, shuffled_filters};
use crate::responses::{LayerInput, check_size};
use crate::session::Session;

/// Scores every session on every set of pictures, in parallel over the sessions.
///
/// # Errors
/// [`Error::InvalidOption`] for fewer than 2 draws, or two sets or sessions of one name;
/// [`Error::PictureTooSmall`]; [`Error::MapNotFinite`].
pub fn score_sessions(
    sessions: &[Session],
    sets: &[PictureSet],
    options: &StudyOptions,
) -> Result<SessionScores> {
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
            let starts = place.filter(|_| session.record().is_some()).and_then(|place| starts.get(place));
            score_session(session, sets, options, starts)
        })
        .collect::<Result<Vec<_>>>()?;
    let mut scores = SessionScores { rows: Vec::new(), pictures: Vec::new() };
    for (rows, pictures) in scored {
        scores.rows.extend(rows);
        scores.pictures.extend(pictures);
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

fn banks(session: &Session) -> Result<Vec<FilterBank>> {
    (1..=session.layers()).map(|layer| session.filters(layer).cloned()).collect()
}

/// Means by picture set, layer and measure; by layer and measure for filters.
struct Measured {
    maps: Vec<Vec<Vec<LayerMean>>>,
    filters: Vec<Vec<f64>>,
}

/// The means over a set's pictures of means by picture, layer and measure.
fn averaged(pictures: &[Vec<Vec<LayerMean>>]) -> Vec<Vec<LayerMean>> {
    let mut total = pictures[0].clone();
    for other in &pictures[1..] {
        for (sum, mean) in total.iter_mut().flatten().zip(other.iter().flatten()) {
            sum.value += mean.value;
            sum.constant += mean.constant;
        }
    }
    total.iter_mut().flatten().for_each(|mean| mean.value /= pictures.len() as f64);
    total
}

/// Draws of networks that nobody trained.
fn other_starts(
    architecture: &Architecture,
    sets: &[PictureSet],
    options: &StudyOptions,
) -> Result<Vec<Measured>> {
    let draw = |draw| {
        let banks = other_initial_filters(architecture, options.seed, draw)?;
        whole_network(&banks, architecture.input_scale, sets, options)
    };
    (0..options.draws).into_par_iter().map(draw).collect()
}

/// A network with nothing beside it.
fn whole_network(
    banks: &[FilterBank],
    input_scale: f32,
    sets: &[PictureSet],
    options: &StudyOptions,
) -> Result<Measured> {
    let mut meter = Meter::new(options.normalisation);
    let mut maps = Vec::new();
    for set in sets {
        let mut of_picture = |picture| {
            let first = LayerInput::first(picture, input_scale, options.response);
            Ok(of_network(&mut meter, options, &first, banks)?.1)
        };
        maps.push(averaged(&set.pictures().iter().map(&mut of_picture).collect::<Result<Vec<_>>>()?));
    }
    let filters = banks.iter().map(|bank| of_filters(options, bank, None)).collect();
    Ok(Measured { maps, filters })
}

fn score_session(
    session: &Session,
    sets: &[PictureSet],
    options: &StudyOptions,
    starts: Option<&Vec<Measured>>,
) -> Result<(Vec<SessionScore>, Vec<PictureScore>)> {
    let mut meter = Meter::new(options.normalisation);
    let banks = banks(session)?;
    let input_scale = session.training().architecture.input_scale;
    let start = session.record().map(|_| initial_filters(session.training())).transpose()?;
    let own_start = match (&start, starts) {
        (Some(banks), Some(_)) => Some(whole_network(banks, input_scale, sets, options)?),
        _ => None,
    };
    // Banks in place of the trained ones, by null, draw and layer.
    let mut replaced: Vec<(Null, Vec<Vec<FilterBank>>)> = Vec::new();
    for &null in options.nulls.iter().filter(|&&null| null != Null::Initial) {
        let make = if null == Null::Shuffled { shuffled_filters } else { random_filters };
        let draw = |draw| banks.iter().map(|bank| make(bank, options.seed, draw)).collect::<Result<Vec<_>>>();
        replaced.push((null, (0..options.draws).map(draw).collect::<Result<_>>()?));
    }

    let head = |images: &str, layer: usize, measure: &str| SessionScore {
        session: session.name().into(),
        iterations: session.iterations(),
        layer: layer + 1,
        images: images.into(),
        measure: measure.into(),
        score: f64::NAN,
        constant: 0,
        nulls: Vec::new(),
    };
    let (mut rows, mut pictures) = (Vec::new(), Vec::new());
    for (set_place, set) in sets.iter().enumerate() {
        let mut of_pictures = Vec::new();
        // By null and draw, then picture.
        let mut drawn: Vec<Vec<Vec<_>>> =
            replaced.iter().map(|(_, draws)| vec![Vec::new(); draws.len()]).collect();
        for picture in set.pictures() {
            let first = LayerInput::first(picture, input_scale, options.response);
            let (inputs, means) = of_network(&mut meter, options, &first, &banks)?;
            for ((_, draws), drawn) in replaced.iter().zip(&mut drawn) {
                for (banks, drawn) in draws.iter().zip(drawn) {
                    let layers = inputs.iter().zip(banks);
                    let mut of_layer = |(input, bank): (&LayerInput, &FilterBank)| {
                        of_maps(&mut meter, options, &input.responses(bank))
                    };
                    drawn.push(layers.map(&mut of_layer).collect::<Result<Vec<_>>>()?);
                }
            }
            for (layer, means) in means.iter().enumerate() {
                for (measure, mean) in options.measures.iter().zip(means) {
                    pictures.push(PictureScore {
                        session: session.name().into(),
                        iterations: session.iterations(),
                        layer: layer + 1,
                        images: set.name().into(),
                        picture: picture.name().into(),
                        measure: measure.name().into(),
                        score: mean.value,
                    });
                }
            }
            of_pictures.push(means);
        }
        let drawn: Vec<Vec<_>> =
            drawn.iter().map(|draws| draws.iter().map(|pictures| averaged(pictures)).collect()).collect();
        for (layer, means) in averaged(&of_pictures).iter().enumerate() {
            for (place, (measure, mean)) in options.measures.iter().zip(means).enumerate() {
                let mut nulls = Vec::new();
                if let (Some(own), Some(others)) = (&own_start, starts) {
                    let value = |measured: &Measured| measured.maps[set_place][layer][place].value;
                    let others: Vec<f64> = others.iter().map(value).collect();
                    nulls.push(Against::new(Null::Initial, mean.value, &others, Some(value(own))));
                }
                for ((null, _), draws) in replaced.iter().zip(&drawn) {
                    let draws: Vec<f64> = draws.iter().map(|means| means[layer][place].value).collect();
                    nulls.push(Against::new(*null, mean.value, &draws, None));
                }
                let row = head(set.name(), layer, measure.name());
                rows.push(SessionScore { score: mean.value, constant: mean.constant, nulls, ..row });
            }
        }
    }
    for (layer, bank) in banks.iter().enumerate() {
        let start = start.as_ref().map(|start| &start[layer]);
        let drawn: Vec<Vec<Vec<f64>>> = replaced
            .iter()
            .map(|(_, draws)| draws.iter().map(|banks| of_filters(options, &banks[layer], None)).collect())
            .collect();
        for (place, score) in of_filters(options, bank, start).into_iter().enumerate() {
            let measure = options.filter_measures[place];
            let mut nulls = Vec::new();
            // How far a filter has come from its start is no property of other filters.
            if measure != FilterMeasure::DistanceTravelled {
                if let (Some(own), Some(others)) = (&own_start, starts) {
                    let others: Vec<f64> = others.iter().map(|other| other.filters[layer][place]).collect();
                    let own = own.filters[layer][place];
                    nulls.push(Against::new(Null::Initial, score, &others, Some(own)));
                }
                for ((null, _), draws) in replaced.iter().zip(&drawn) {
                    let draws: Vec<f64> = draws.iter().map(|values| values[place]).collect();
                    nulls.push(Against::new(*null, score, &draws, None));
                }
            }
            rows.push(SessionScore { score, nulls, ..head("", layer, measure.name()) });
        }
    }
    Ok((rows, pictures))
}
