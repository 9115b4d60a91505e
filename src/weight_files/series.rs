//! A series of checkpoints: files whose names, or those of their folders, differ in a number.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use super::layers::LeftOut;
use super::{WeightFile, stem};
use crate::error::{Error, ErrorKind, Result};
use crate::filters::AxisOrder;
use crate::text::numbers::iterations;
use crate::text::numbers::numbered;

/// What stands for the number in a pattern.
pub(crate) const NUMBER: &str = "{n}";

/// The files of a series by their numbers.
#[derive(Debug)]
pub(crate) struct Series {
    files: BTreeMap<u64, Numbered>,
    every: u64,
    /// The pattern without its ending, the name of the array in each `.npy` file: the files' own names differ.
    array: String,
    /// The part of the pattern that has the number, without the ending if it is the file.
    name: String,
}

/// A file of a series.
#[derive(Debug)]
struct Numbered {
    path: PathBuf,
    /// The part of its path that has the number: the name of the file without its ending, or that of a folder.
    session: String,
}

/// A path with [`NUMBER`] in one of its parts.
struct Pattern {
    /// The parts before; empty if there are none.
    folder: PathBuf,
    /// The part with the number.
    part: String,
    /// The parts after.
    rest: Vec<OsString>,
}

impl Pattern {
    fn new(pattern: &str) -> Result<Self> {
        let requirement = "it must have {n} once, in place of the number: epoch-{n}.safetensors, or \
                           step-{n}/model.safetensors";
        let has_number = |part: &Component| part.as_os_str().to_string_lossy().contains(NUMBER);
        let parts: Vec<Component> = Path::new(pattern).components().collect();
        match parts.iter().position(has_number) {
            Some(place) if pattern.matches(NUMBER).count() == 1 => Ok(Self {
                folder: parts[..place].iter().collect(),
                part: parts[place].as_os_str().to_string_lossy().into_owned(),
                rest: parts[place + 1..].iter().map(|part| part.as_os_str().to_owned()).collect(),
            }),
            _ => Err(Error::option("pattern", format!("{pattern:?}"), requirement)),
        }
    }
}

impl Series {
    /// The files that fit a pattern. File number n was saved after n x `every` iterations.
    ///
    /// # Errors
    /// Those of [`WeightFile::series`] that have to do with names and numbers.
    pub fn find(pattern: &str, every: u64) -> Result<Self> {
        Error::require(every > 0, "iterations from one number to the next", every, "it must be at least 1")?;
        let Pattern { folder, part, rest } = Pattern::new(pattern)?;
        let (before, after) = part.split_once(NUMBER).unwrap_or_default();
        let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder.as_path() };
        let (mut files, mut fitting) = (BTreeMap::new(), 0);
        for entry in std::fs::read_dir(listed).map_err(Error::io(listed, "list the folder"))? {
            let name = entry.map_err(Error::io(listed, "list the folder"))?.file_name();
            let name = name.to_string_lossy().into_owned();
            let digits =
                name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).unwrap_or_default();
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            fitting += 1;
            // Without the folder in front if the pattern has none.
            let numbered = folder.join(&name);
            let path = rest.iter().fold(numbered.clone(), |path, part| path.join(part));
            // A training that was interrupted leaves a folder without its file.
            if !rest.is_empty() && !path.exists() {
                continue;
            }
            // Tables hold iterations as i64.
            let number = digits.parse().ok().filter(|number: &u64| {
                number.checked_mul(every).is_some_and(|iterations| i64::try_from(iterations).is_ok())
            });
            let Some(number) = number else {
                return Err(Error::malformed(
                    path,
                    format!("its number times {every} is more iterations than can be counted"),
                ));
            };
            let session = if rest.is_empty() { stem(&path) } else { name };
            if let Some(Numbered { path: other, .. }) =
                files.insert(number, Numbered { path: path.clone(), session })
            {
                let [first, second] = if other < path { [other, path] } else { [path, other] };
                let problem =
                    format!("it has the same number, {number}, as {}: remove one of them", first.display());
                return Err(Error::malformed(second, problem));
            }
        }
        if files.is_empty() {
            let listed = listed.display();
            let sentence = match rest.iter().collect::<PathBuf>() {
                rest if fitting > 0 => format!(
                    "no folder in {listed} that fits the pattern {part:?} has a file {:?}",
                    rest.to_string_lossy()
                ),
                rest => {
                    let what = if rest.as_os_str().is_empty() { "file" } else { "folder" };
                    format!("no {what} in {listed} fits the pattern {part:?}, with digits for {{n}}")
                }
            };
            return Err(Error::new(ErrorKind::NotFound, sentence));
        }
        let name = if rest.is_empty() { stem(Path::new(&part)) } else { part };
        Ok(Self { files, every, array: stem(Path::new(pattern)), name })
    }

    getters! {
        /// What a session of all files is called.
        pub fn name(&self) -> &str;
    }

    /// Each file with its iterations, in the order of their numbers, read when it is asked for.
    ///
    /// # Errors
    /// Those of [`WeightFile::open`] and [`WeightFile::only`]; [`ErrorKind::Malformed`] if the layers of a file are not those of
    /// the first.
    pub fn files<'a>(
        &'a self,
        order: AxisOrder,
        only: Option<&'a [&'a str]>,
    ) -> impl Iterator<Item = Result<(u64, WeightFile)>> + 'a {
        let mut first: Option<Layers> = None;
        self.files.iter().map(move |(number, Numbered { path, session })| {
            let mut file = WeightFile::read_naming(path, order, only, &self.array)?;
            file.name.clone_from(session);
            let layers = Layers::of(&file);
            match &first {
                None => first = Some(layers),
                Some(first) => layers.check_same(first)?,
            }
            Ok((number * self.every, file))
        })
    }

    /// The series in a line: how many files, their numbers, and which are missing between them. Numbers may go up in steps.
    pub fn in_words(&self) -> String {
        let numbers: Vec<u64> = self.files.keys().copied().collect();
        let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
        let files = if numbers.len() == 1 { "file" } else { "files" };
        let every = iterations(self.every);
        let steps = numbers.windows(2).map(|pair| pair[1] - pair[0]);
        let step = steps.reduce(common_divisor).unwrap_or(1);
        let in_steps = if step > 1 { format!(" in steps of {step}") } else { String::new() };
        let range = format!(
            "{} {files}, n = {first} to {last}{in_steps}, {every} from one number to the next",
            numbers.len()
        );
        let gaps: Vec<String> = numbers
            .windows(2)
            .filter(|pair| pair[1] - pair[0] > step)
            .map(|pair| match (pair[0] + step, pair[1] - step) {
                (from, to) if from == to => from.to_string(),
                (from, to) => format!("{from} to {to}"),
            })
            .collect();
        if gaps.is_empty() { range } else { format!("{range}; there is no file for n = {}", gaps.join(", ")) }
    }
}

/// The greatest common divisor of two numbers above 0, after Euclid.
fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// What must be the same in all files of a series.
struct Layers {
    path: PathBuf,
    /// Names and shapes (out, in, k, k).
    layers: Vec<(String, (usize, usize, usize, usize))>,
    left_out: Vec<LeftOut>,
}

impl Layers {
    fn of(file: &WeightFile) -> Self {
        let shapes = file.filters.iter().map(|bank| bank.weights().dim());
        let layers = file.layer_names.iter().cloned().zip(shapes).collect();
        Self { path: file.path.clone(), layers, left_out: file.left_out.clone() }
    }

    /// Refuses this file if its layers are not those of the first.
    fn check_same(&self, first: &Self) -> Result<()> {
        if self.layers == first.layers {
            return Ok(());
        }
        // A layer that only one of the two files can give, since its values are not finite, is not another network.
        for (of, other) in [(self, first), (first, self)] {
            let is_there = |left_out: &&LeftOut| other.layers.iter().any(|(name, _)| *name == left_out.name);
            if let Some(LeftOut { name, reason, .. }) = of.left_out.iter().find(is_there) {
                let other = other.path.display();
                let problem = format!(
                    "its layer {name:?}, which is read from {other}, is left out: {reason}; move the file away, or name the \
                     layers to read"
                );
                return Err(Error::malformed(&of.path, problem));
            }
        }
        let other = first.path.display();
        let pairs = self.layers.iter().zip(&first.layers);
        let problem = match pairs.into_iter().find(|(layer, expected)| layer != expected) {
            Some(((name, shape), (expected_name, expected))) if name == expected_name => {
                format!("its layer {name:?} is {shape:?}, but {expected:?} in {other}")
            }
            Some(((name, _), (expected_name, _))) => {
                format!("its layer {name:?} is in the place of {expected_name:?} in {other}")
            }
            None => format!(
                "it has {}, but {other} has {}",
                numbered(self.layers.len() as u64, "layer"),
                first.layers.len()
            ),
        };
        Err(Error::malformed(&self.path, format!("{problem}: a series is of one network")))
    }
}
