//! What the page carries of sessions: their shape, the library's layer scores, and the untrained filters that scores are
//! compared with.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rayon::prelude::*;
use serde::Serialize;

use crate::dataset::{Picture, published_bird};
use crate::error::{Error, ErrorKind, Result};
use crate::filters::FilterBank;
use crate::responses::{Border, Reading};
use crate::session::{Architecture, Initialisation, Session};
use crate::softness::{
    SOFT_PERCENTILE, Score, ScoringOptions, UNTRAINED_SEEDS, untrained_kernels, untrained_networks,
};
use crate::stats::percentile;
use crate::stop::Stop;

use super::packed::exponents;

/// Bins of a histogram of untrained filters.
const BINS: usize = 40;
/// The most kernels of a layer: each has a map, and the page keeps the maps of a layer in memory.
const MOST_KERNELS: usize = 10_000;
/// The most weights of all sessions at their last iteration.
const MOST_WEIGHTS: usize = 16_000_000;
/// Filters that the page draws for a user's own picture, for a layer whose network is of another kind than the study's.
const DRAWN_FILTERS: usize = 50;
/// The most channels of these.
const DRAWN_CHANNELS: usize = 16;

/// The seed of the study's static.
const STATIC_SEED: u64 = 1;

/// Sessions, as the page has them.
pub(super) struct Study {
    pub header: Header,
    /// For each session, the filters of each kept iteration, the last one at the end.
    pub kept: Vec<Vec<Vec<FilterBank>>>,
}

/// The JSON of the page, but for what is known once the filters are packed. `page/study.js` reads it.
#[derive(Serialize)]
pub(super) struct Header {
    sessions: Vec<SessionHeader>,
    origins: Vec<OriginHeader>,
    pictures: Vec<PictureHeader>,
}

impl Header {
    /// For each session, the exponents of its layers' steps.
    pub fn exponents(&self) -> impl Iterator<Item = &[i32]> {
        self.sessions.iter().map(|session| &session.exponents[..])
    }
}

#[derive(Serialize)]
struct SessionHeader {
    name: String,
    accuracy: Option<f64>,
    /// The factor of the pixels.
    scale: f32,
    /// Whether its forward pass is known.
    forward: bool,
    iterations: Vec<u64>,
    layers: Vec<Shape>,
    /// For each layer, the untrained filters that it is compared with.
    origins: Vec<usize>,
    /// For each layer, the exponent of the power of two by which its step differs from that of the page.
    exponents: Vec<i32>,
    /// For each kept iteration the layer scores, by layer, reading, border and picture; none if they are not known.
    sums: Vec<Vec<Option<f64>>>,
}

#[derive(Serialize, Clone, Copy, PartialEq)]
struct Shape {
    filters: usize,
    channels: usize,
    kernel: usize,
}

impl Shape {
    fn of(bank: &FilterBank) -> Self {
        Self { filters: bank.len(), channels: bank.channels(), kernel: bank.kernel() }
    }
}

/// Untrained filters: how to draw them, and what the library's scores of them are, by reading, border and picture.
#[derive(Serialize)]
struct OriginHeader {
    /// Whether they are whole networks, whose layer scores compare with a session's.
    networks: bool,
    layers: Vec<Shape>,
    deviations: Vec<f32>,
    truncated: bool,
    bias: f32,
    scale: f32,
    cells: Vec<Option<Distribution>>,
}

/// The scores of untrained filters as a histogram, the threshold, and the range of their networks' layer scores.
#[derive(Serialize)]
struct Distribution {
    threshold: f64,
    low: f64,
    width: f64,
    counts: Vec<u32>,
    band: Option<Band>,
}

#[derive(Serialize)]
struct Band {
    low: f64,
    median: f64,
    high: f64,
}

#[derive(Serialize)]
struct PictureHeader {
    name: String,
    width: usize,
    height: usize,
    /// Planes of red, green and blue bytes, in base64.
    pixels: String,
}

impl From<&Picture> for PictureHeader {
    fn from(picture: &Picture) -> Self {
        let (_, height, width) = picture.pixels().dim();
        let bytes: Vec<u8> = picture.pixels().iter().copied().collect();
        Self { name: picture.name().to_owned(), width, height, pixels: STANDARD.encode(bytes) }
    }
}

/// The pictures of a page for which none are named. The bird's name says which one it is: sessions of another data set are
/// scored on another bird.
pub(super) fn default_pictures() -> [Picture; 2] {
    [published_bird().named("CIFAR-10's bird"), Picture::static_noise(STATIC_SEED)]
}

/// All options of scoring that the page offers, by reading and border.
fn all_options() -> impl Iterator<Item = ScoringOptions> {
    let options = |reading| {
        Border::ALL.into_iter().map(move |border| ScoringOptions::default().reading(reading).border(border))
    };
    Reading::ALL.into_iter().flat_map(options)
}

/// Those of them that apply to a session.
pub(super) fn readings(session: &Session) -> impl Iterator<Item = ScoringOptions> {
    let is_forward = session.architecture().is_some();
    all_options().filter(move |options| is_forward || options.response.reading != Reading::ForwardPass)
}

/// The untrained filters that a layer is compared with.
#[derive(Clone, Copy, PartialEq)]
enum Origin<'a> {
    /// Those of one layer of untrained networks.
    Network(&'a Architecture, usize),
    /// Single filters, for a network of another kind.
    Kernels { channels: usize, kernel: usize },
}

impl Study {
    pub fn new(sessions: &[Session], pictures: &[Picture]) -> Result<Self> {
        check(sessions)?;
        let mut origins: Vec<Origin> = Vec::new();
        let mut of_layers: Vec<Vec<usize>> = Vec::new();
        for session in sessions {
            let place = |bank: &FilterBank| {
                let origin = match session.architecture() {
                    Some(architecture) => Origin::Network(architecture, bank.layer()),
                    None => Origin::Kernels { channels: bank.channels(), kernel: bank.kernel() },
                };
                origins.iter().position(|other| *other == origin).unwrap_or_else(|| {
                    origins.push(origin);
                    origins.len() - 1
                })
            };
            of_layers.push(session.filters.iter().map(place).collect());
        }
        let stop = Stop::from_environment();
        let origins = origin_headers(&origins, pictures, &stop)?;
        let mut kept = Vec::new();
        let mut headers = Vec::new();
        for (session, origins) in sessions.iter().zip(of_layers) {
            let then = kept_sessions(session)?;
            let sums = then.par_iter().map(|then| layer_scores(session, then, pictures, &stop));
            headers.push(SessionHeader {
                name: session.name().to_owned(),
                accuracy: session.test_accuracy(),
                scale: session.training().architecture.input_scale,
                forward: session.architecture().is_some(),
                iterations: then.iter().map(Session::iterations).collect(),
                layers: session.filters.iter().map(Shape::of).collect(),
                origins,
                exponents: exponents(then.iter().map(|then| &then.filters[..])),
                sums: sums.collect::<Result<_>>()?,
            });
            kept.push(then.into_iter().map(|then| then.filters).collect());
        }
        let pictures = pictures.iter().map(PictureHeader::from).collect();
        Ok(Self { header: Header { sessions: headers, origins, pictures }, kept })
    }

    /// How many sessions there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }
}

/// Refuses what the page cannot show.
fn check(sessions: &[Session]) -> Result<()> {
    Error::require(!sessions.is_empty(), "sessions", "empty", "the explorer needs at least one")?;
    let mut names = HashSet::new();
    for session in sessions {
        let requirement = "two sessions have this name: leave one out, or give it another name (in Rust: session.named(\"..\"))";
        Error::require(
            names.insert(session.name()),
            "session",
            format!("{:?}", session.name()),
            requirement,
        )?;
        for bank in &session.filters {
            let kernels = bank.len() * bank.channels();
            let option =
                format!("number of kernels in layer {} of session {:?}", bank.layer(), session.name());
            let requirement = format!(
                "the explorer shows at most {MOST_KERNELS}: take fewer layers, by WeightFile::only or --layer"
            );
            Error::require(kernels <= MOST_KERNELS, &option, kernels, requirement)?;
        }
    }
    let weights =
        sessions.iter().flat_map(|session| &session.filters).map(|bank| bank.weights().len()).sum::<usize>();
    let requirement = format!("the explorer carries at most {MOST_WEIGHTS}: take fewer sessions or layers");
    Error::require(weights <= MOST_WEIGHTS, "number of weights", weights, requirement)
}

/// The session at each iteration at which its filters were kept, ascending.
fn kept_sessions(session: &Session) -> Result<Vec<Session>> {
    session.kept_iterations().into_iter().map(|iteration| session.at(iteration)).collect()
}

/// The layer scores of `then`, which is `session` at one of its iterations.
fn layer_scores(
    session: &Session,
    then: &Session,
    pictures: &[Picture],
    stop: &Stop,
) -> Result<Vec<Option<f64>>> {
    let banks: Vec<&FilterBank> = then.filters.iter().collect();
    let scale = session.training().architecture.input_scale;
    let mut sums = Vec::new();
    for layer in 1..=banks.len() {
        for options in all_options() {
            for picture in pictures {
                stop.check("scoring")?;
                if options.response.reading == Reading::ForwardPass && session.architecture().is_none() {
                    sums.push(None);
                    continue;
                }
                let at = |filter: &str, problem: Error| {
                    let place = format!("session {:?}, layer {layer}, {filter}", session.name());
                    Error::new(ErrorKind::CannotScore, format!("{place}: {problem}"))
                };
                let scores = options.filter_scores(&banks, scale, layer, picture, at)?;
                sums.push(Some(rounded(scores.iter().map(Score::value).sum())));
            }
        }
    }
    Ok(sums)
}

/// Seven decimals, more than the page shows.
fn rounded(value: f64) -> f64 {
    (value * 1e7).round() / 1e7
}

fn origin_headers(origins: &[Origin], pictures: &[Picture], stop: &Stop) -> Result<Vec<OriginHeader>> {
    let all: Vec<_> =
        all_options().flat_map(|options| pictures.iter().map(move |picture| (options, picture))).collect();
    let header = |origin: &Origin| {
        let cell = |&(options, picture): &(ScoringOptions, &Picture)| {
            stop.check("scoring")?;
            distribution(*origin, picture, options)
        };
        let cells = all.par_iter().map(cell).collect::<Result<_>>()?;
        Ok(match *origin {
            Origin::Network(architecture, layer) => {
                let [first, second] = architecture.filters;
                let shapes = [(first, 3), (second, first)].into_iter().zip(architecture.kernels);
                let shapes = shapes.map(|((filters, channels), kernel)| Shape { filters, channels, kernel });
                OriginHeader {
                    networks: true,
                    layers: shapes.take(layer).collect(),
                    deviations: architecture.initial_deviations()[..layer].to_vec(),
                    truncated: is_truncated(architecture),
                    bias: architecture.bias,
                    scale: architecture.input_scale,
                    cells,
                }
            }
            Origin::Kernels { channels, kernel } => {
                let architecture = Architecture::paper();
                let channels = channels.min(DRAWN_CHANNELS);
                OriginHeader {
                    networks: false,
                    layers: vec![Shape { filters: DRAWN_FILTERS, channels, kernel }],
                    deviations: architecture.initial_deviations()[..1].to_vec(),
                    truncated: is_truncated(&architecture),
                    bias: 0.0,
                    scale: architecture.input_scale,
                    cells,
                }
            }
        })
    };
    origins.iter().map(header).collect()
}

fn is_truncated(architecture: &Architecture) -> bool {
    matches!(architecture.initialisation, Initialisation::Truncated { .. })
}

/// The scores of untrained filters; `None` if the reading does not apply to them.
fn distribution(origin: Origin, picture: &Picture, options: ScoringOptions) -> Result<Option<Distribution>> {
    let (scores, sums) = match origin {
        Origin::Network(architecture, layer) => {
            let networks = untrained_networks(architecture, layer, picture, options, UNTRAINED_SEEDS)?;
            let sums: Vec<f64> = networks.iter().map(|scores| scores.iter().sum()).collect();
            (networks.concat(), Some(sums))
        }
        Origin::Kernels { .. } if options.response.reading == Reading::ForwardPass => return Ok(None),
        Origin::Kernels { channels, kernel } => {
            (untrained_kernels(channels, kernel, picture, options)?, None)
        }
    };
    let low = scores.iter().copied().fold(f64::INFINITY, f64::min);
    let high = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = if high > low { (high - low) / BINS as f64 } else { f64::MIN_POSITIVE };
    let mut counts = vec![0; BINS];
    for score in &scores {
        counts[(((score - low) / width) as usize).min(BINS - 1)] += 1;
    }
    Ok(Some(Distribution {
        threshold: percentile(&scores, SOFT_PERCENTILE),
        low,
        width,
        counts,
        band: sums.map(|sums| Band {
            low: rounded(percentile(&sums, 2.5)),
            median: rounded(percentile(&sums, 50.0)),
            high: rounded(percentile(&sums, 97.5)),
        }),
    }))
}
