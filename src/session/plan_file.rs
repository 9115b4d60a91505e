//! A plan as a TOML file.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::keep::Keep;
use super::pin::Pin;
use super::{Plan, PlanLevel, Snapshots, Training};
use crate::error::{Error, Result};
use crate::files;
use crate::network::kernels::InstructionPath;
use crate::network::{Initialisation, Optimiser};
use crate::text::encoding;

/// The fields of the file. All but the levels are optional.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    name: Option<String>,
    #[serde(default = "one")]
    seed: Spanned<u64>,
    preset: Option<Spanned<String>>,
    batch: Option<Spanned<usize>>,
    learning_rate: Option<Spanned<f64>>,
    optimiser: Option<Spanned<String>>,
    evaluate_every: Option<u64>,
    snapshots: Option<Spanned<Snapshots>>,
    #[serde(default)]
    network: NetworkFile,
    instructions: Option<Spanned<String>>,
    keep: Option<Spanned<String>>,
    pinned: Option<Spanned<PinFile>>,
    level: Vec<Spanned<PlanLevel>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkFile {
    filters: Option<Spanned<Vec<usize>>>,
    kernels: Option<Spanned<Vec<usize>>>,
    dense: Option<Spanned<usize>>,
    dropout: Option<Spanned<f32>>,
    weight_sd: Option<Spanned<f32>>,
    initialisation: Option<Spanned<String>>,
    bias: Option<Spanned<f32>>,
    input_scale: Option<Spanned<f32>>,
    classes: Option<Spanned<usize>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PinFile {
    dataset: String,
    instructions: String,
    training_code: u32,
}

fn one() -> Spanned<u64> {
    Spanned::new(0..0, 1)
}

/// The fields that are whole numbers of at least 0; all others are at least 1.
const FROM_ZERO: [&str; 3] = ["seed", "evaluate_every", "training_code"];

/// What a plan cannot be without.
const LEVELS: &str = "a plan has one for each number of iterations, with iterations and sessions";

/// The largest seed that a JSON number represents exactly.
const MAX_SEED: u64 = (1 << 53) - 1;

impl Plan {
    /// Reads a plan from a TOML file:
    ///
    /// ```toml
    /// name = "twice as wide"      # default: the file's name
    /// seed = 1                    # default 1
    /// preset = "paper"            # paper (default), hvass02 or deep_mnist; what follows overrides it
    /// batch = 50
    /// learning_rate = 1e-4
    /// optimiser = "adam"          # adam or sgd, plain gradient descent
    /// evaluate_every = 10         # iterations; 0 for the end only
    /// snapshots = true            # filters kept during training: after 1, 2, 5, 10, 20, 50, .. iterations, or a list
    /// keep = "all"                # what stores keep of each session: all, or only filters, which is a twentieth of the size
    /// instructions = "avx2"       # of the processor; default: the widest of each machine
    ///
    /// [network]                   # any field of Architecture; `classes`, if given, must be that of the data set
    /// filters = [32, 72]
    /// weight_sd = 0.05            # initial weights: the SD of a truncated normal, or initialisation = "he" or "glorot"
    ///
    /// [pinned]                    # written by `softness plan --pin`: the sessions are those of this data set, instructions
    /// dataset = ".."              # and training code, or none; dataset is the SHA-256 of labels and pixels
    /// instructions = "avx2"
    /// training_code = 4
    ///
    /// [[level]]                   # one block per number of iterations
    /// iterations = 1
    /// sessions = 3
    ///
    /// [[level]]
    /// iterations = 2000
    /// sessions = 3
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io), or [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file and
    /// the line.
    pub fn from_file(path: &Path) -> Result<Self> {
        let bytes = files::read(path)?;
        let text = encoding::text(&bytes).map_err(|problem| Error::malformed(path, problem))?;
        if text.trim().is_empty() {
            return Err(Error::malformed(path, format!("it is empty, without a block [[level]]: {LEVELS}")));
        }
        if text.trim_start().starts_with('{') {
            let problem = "it is JSON, and a plan is a TOML file; if it is the replication.json of a study, `softness replicate \
                           --plan` runs the study again if it is given that file by name";
            return Err(Error::malformed(path, problem));
        }
        let stem = path.file_stem().map_or_else(|| "plan".into(), |stem| stem.to_string_lossy());
        parse(&text, &stem).map_err(|(offset, problem)| {
            let line = 1 + text.as_bytes()[..offset.min(text.len())].iter().filter(|&&b| b == b'\n').count();
            Error::malformed(path, format!("line {line}: {problem}"))
        })
    }
}

/// The plan, or the position of an error in the text, in bytes, and what is wrong.
fn parse(text: &str, default_name: &str) -> std::result::Result<Plan, (usize, String)> {
    let file: PlanFile = toml::from_str(text).map_err(|error| {
        let place = error.span().map_or(0, |span| span.start);
        (place, in_words(error.message(), text, place))
    })?;
    if *file.seed.get_ref() > MAX_SEED {
        return Err((file.seed.span().start, format!("the seed must be at most {MAX_SEED}")));
    }
    let at = |offset: usize| move |error: Error| (offset, error.to_string());
    let mut training = match &file.preset {
        None => Training::paper(),
        Some(name) => Training::preset(name.get_ref()).map_err(at(name.span().start))?,
    };
    let places = places(&file.network);
    let NetworkFile {
        filters,
        kernels,
        dense,
        dropout,
        weight_sd,
        initialisation,
        bias,
        input_scale,
        classes,
    } = file.network;
    let weight_sd = weight_sd.map(Spanned::into_inner);
    let classes = classes.map(Spanned::into_inner);
    let network = &mut training.architecture;
    network.filters = two("filters", filters)?.unwrap_or(network.filters);
    network.kernels = two("kernels", kernels)?.unwrap_or(network.kernels);
    network.dense = dense.map_or(network.dense, Spanned::into_inner);
    network.dropout = dropout.map_or(network.dropout, Spanned::into_inner);
    let (name, place) = spanned(&initialisation);
    let initialisation = Initialisation::of_fields(weight_sd, name).map_err(at(place))?;
    network.initialisation = initialisation.unwrap_or(network.initialisation);
    network.bias = bias.map_or(network.bias, Spanned::into_inner);
    network.input_scale = input_scale.map_or(network.input_scale, Spanned::into_inner);
    network.classes = classes.unwrap_or(network.classes);
    if let Some(batch) = file.batch {
        let (place, batch) = (batch.span().start, batch.into_inner());
        if batch == 0 {
            return Err((place, "batch is 0, but must be at least 1".into()));
        }
        training.batch = batch;
    }
    if let Some(rate) = file.learning_rate {
        let (place, rate) = (rate.span().start, rate.into_inner());
        if !(rate > 0.0 && rate.is_finite()) {
            return Err((place, format!("learning_rate is {rate}, but must be a positive number")));
        }
        training.learning_rate = rate;
    }
    let (name, place) = spanned(&file.optimiser);
    let optimiser = name.map(str::parse::<Optimiser>).transpose().map_err(at(place))?;
    training.optimiser = optimiser.unwrap_or(training.optimiser);
    training.evaluate_every = file.evaluate_every.unwrap_or(training.evaluate_every);
    training.architecture.check().map_err(|error| {
        let problem = error.to_string();
        // A sentence about an option begins with its name: "filters of layer 1 is 0".
        let place =
            places.iter().find(|(field, _)| problem.starts_with(*field)).and_then(|(_, place)| *place);
        (place.or_else(|| text.find("[network]")).unwrap_or(0), problem)
    })?;
    let levels: Vec<PlanLevel> = file.level.iter().map(|level| *level.get_ref()).collect();
    if let Some(snapshots) = file.snapshots {
        let (place, longest) = (snapshots.span().start, levels.iter().map(|level| level.iterations).max());
        training.snapshots = snapshots.into_inner();
        training.snapshots.check(longest.unwrap_or(u64::MAX)).map_err(at(place))?;
    }
    if Plan::new("", 1, levels.clone(), training.clone()).is_err() {
        // Checked one by one so that the error names the line of its level.
        for (level, count) in file.level.iter().zip(1..) {
            Plan::new("", 1, levels[..count].to_vec(), training.clone()).map_err(at(level.span().start))?;
        }
    }
    let name = file.name.unwrap_or_else(|| default_name.to_owned());
    let plan = Plan::new(name, file.seed.into_inner(), levels, training);
    let plan = plan.map(|plan| plan.stating_classes(classes)).map_err(at(0))?;
    let (name, place) = spanned(&file.keep);
    let plan = plan.keeping(name.map(str::parse::<Keep>).transpose().map_err(at(place))?.unwrap_or_default());
    let (stated, place) = spanned(&file.instructions);
    let stated = stated.map(str::parse::<InstructionPath>).transpose().map_err(at(place))?;
    let Some(pinned) = file.pinned else { return Ok(plan.stating_instructions(stated)) };
    if stated.is_some() {
        return Err((place, "leave instructions out here: those in [pinned] hold".into()));
    }
    let place = pinned.span().start;
    let PinFile { dataset, instructions, training_code } = pinned.into_inner();
    let is_fingerprint = dataset.len() == 64 && dataset.chars().all(|digit| digit.is_ascii_hexdigit());
    if !is_fingerprint {
        return Err((
            place,
            format!("dataset is {dataset:?}, but must be the 64 hexadecimal digits of a fingerprint"),
        ));
    }
    // The keys of its sessions depend on them.
    if classes.is_none() {
        return Err((place, "a pinned plan states classes in [network]: pin the plan again".into()));
    }
    let instructions = instructions.parse().map_err(at(place))?;
    Ok(plan.with_pin(Pin { dataset: dataset.to_lowercase(), instructions, training_code }))
}

/// What the reader of TOML says of a field, with the name of the field on that line, and without the names of types.
fn in_words(message: &str, text: &str, place: usize) -> String {
    let message = message.trim().replace('\n', " ");
    let start = text.get(..place).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let field = text.get(start..place).and_then(|before| before.split_once('=')).map(|(name, _)| name.trim());
    if message.starts_with("missing field `level`") {
        return format!("there is no block [[level]]: {LEVELS}");
    }
    if message == "invalid type: map, expected a sequence" && field.is_none() {
        return format!("[level] must be [[level]], in two pairs of brackets: {LEVELS}");
    }
    let is_too_large = message.contains("integer `") && !message.contains("integer `-");
    let least = u64::from(!field.is_some_and(|name| FROM_ZERO.contains(&name)));
    let whole = match is_too_large {
        true => "but that is too large".to_owned(),
        false => format!("but it must be a whole number of at least {least}"),
    };
    let message = ["usize", "u64", "u32"].iter().fold(message.replace(" as i128", ""), |message, kind| {
        message.replace(&format!("expected {kind}"), &whole)
    });
    let message = ["f32", "f64"].iter().fold(message, |message, kind| {
        message.replace(&format!("expected {kind}"), "but it must be a number")
    });
    match field {
        Some(name) if message.starts_with("invalid ") => format!("{name}: {message}"),
        _ => message,
    }
}

/// Where the fields of a network are, by the beginnings of their options' names.
fn places(network: &NetworkFile) -> [(&'static str, Option<usize>); 8] {
    fn at<T>(field: &Option<Spanned<T>>) -> Option<usize> {
        field.as_ref().map(|field| field.span().start)
    }
    [
        ("filters", at(&network.filters)),
        ("kernel", at(&network.kernels)),
        ("dense", at(&network.dense)),
        ("dropout", at(&network.dropout)),
        ("weight_sd", at(&network.weight_sd)),
        ("bias", at(&network.bias)),
        ("input_scale", at(&network.input_scale)),
        ("classes", at(&network.classes)),
    ]
}

/// A field with a value for each of the two convolutional layers.
fn two(
    name: &str,
    field: Option<Spanned<Vec<usize>>>,
) -> std::result::Result<Option<[usize; 2]>, (usize, String)> {
    let Some(field) = field else { return Ok(None) };
    let (place, values) = (field.span().start, field.into_inner());
    let problem = |values: Vec<usize>| {
        format!("{name} is {values:?}, but must have two values, one for each convolutional layer")
    };
    values.try_into().map(Some).map_err(|values| (place, problem(values)))
}

/// The text of a field, if it is there, and its place.
fn spanned(field: &Option<Spanned<String>>) -> (Option<&str>, usize) {
    (field.as_ref().map(|text| text.get_ref().as_str()), field.as_ref().map_or(0, |text| text.span().start))
}

#[cfg(test)]
mod tests;
