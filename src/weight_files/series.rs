//! A series of checkpoints: files whose names differ in a number.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{WeightFile, stem};
use crate::error::{Error, ErrorKind, Result};
use crate::filters::{AxisOrder, FilterBank};
use crate::text::numbers::iterations;

/// What stands for the number in a pattern.
pub(crate) const NUMBER: &str = "{n}";

/// The files of a series by their numbers.
#[derive(Debug)]
pub(crate) struct Series {
    files: BTreeMap<u64, PathBuf>,
    every: u64,
    /// The pattern without its ending, the name of the array in each `.npy` file: the files' own names differ.
    name: String,
}

impl Series {
    /// The files that fit a pattern. File number n was saved after n x `every` iterations.
    ///
    /// # Errors
    /// Those of [`WeightFile::series`] that have to do with names and numbers.
    pub fn find(pattern: &str, every: u64) -> Result<Self> {
        Error::require(every > 0, "iterations from one number to the next", every, "it must be at least 1")?;
        let path = Path::new(pattern);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let parts: Vec<&str> = name.split(NUMBER).collect();
        let requirement =
            "its file name must have {n} once, in the place of the number: epoch-{n}.safetensors";
        let &[before, after] = &parts[..] else {
            return Err(Error::option("pattern", format!("{pattern:?}"), requirement));
        };
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(Error::io(folder, "list the folder"))? {
            let path = entry.map_err(Error::io(folder, "list the folder"))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let digits =
                name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).unwrap_or_default();
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
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
            // Without the folder in front if the pattern has none.
            let path = Path::new(pattern).with_file_name(&name);
            if let Some(other) = files.insert(number, path.clone()) {
                let [first, second] = if other < path { [other, path] } else { [path, other] };
                let problem =
                    format!("it has the same number, {number}, as {}: remove one of them", first.display());
                return Err(Error::malformed(second, problem));
            }
        }
        if files.is_empty() {
            let sentence =
                format!("no file in {} fits the pattern {name:?}, with digits for {{n}}", folder.display());
            return Err(Error::new(ErrorKind::NotFound, sentence));
        }
        let name = stem(path);
        Ok(Self { files, every, name })
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
        let mut first: Option<(PathBuf, Vec<(String, Shape)>)> = None;
        self.files.iter().map(move |(number, path)| {
            let file = WeightFile::read_naming(path, order, only, &self.name)?;
            let layers: Vec<_> =
                file.layer_names().iter().cloned().zip(file.filters().iter().map(shape)).collect();
            match &first {
                None => first = Some((path.clone(), layers)),
                Some((other, expected)) => check_same(path, &layers, other, expected)?,
            }
            Ok((number * self.every, file))
        })
    }

    /// The series in a line: how many files, their numbers, and which are missing between them.
    pub fn in_words(&self) -> String {
        let numbers: Vec<u64> = self.files.keys().copied().collect();
        let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
        let files = if numbers.len() == 1 { "file" } else { "files" };
        let every = iterations(self.every);
        let range =
            format!("{} {files}, n = {first} to {last}, {every} from one number to the next", numbers.len());
        let gaps: Vec<String> = numbers
            .windows(2)
            .filter(|pair| pair[1] - pair[0] > 1)
            .map(|pair| match (pair[0] + 1, pair[1] - 1) {
                (from, to) if from == to => from.to_string(),
                (from, to) => format!("{from} to {to}"),
            })
            .collect();
        if gaps.is_empty() { range } else { format!("{range}; there is no file for n = {}", gaps.join(", ")) }
    }
}

/// (out, in, k, k).
type Shape = (usize, usize, usize, usize);

fn shape(bank: &FilterBank) -> Shape {
    bank.weights().dim()
}

/// Refuses a file whose layers are not those of the first file.
fn check_same(
    path: &Path,
    layers: &[(String, Shape)],
    other: &Path,
    expected: &[(String, Shape)],
) -> Result<()> {
    if layers == expected {
        return Ok(());
    }
    let other = other.display();
    let problem = match layers.iter().zip(expected).find(|(layer, expected)| layer != expected) {
        Some(((name, shape), (expected_name, expected))) if name == expected_name => {
            format!("its layer {name:?} is {shape:?}, but {expected:?} in {other}")
        }
        Some(((name, _), (expected_name, _))) => {
            format!("its layer {name:?} is in the place of {expected_name:?} in {other}")
        }
        None => format!("it has {} layers, but {other} has {}", layers.len(), expected.len()),
    };
    Err(Error::malformed(path, format!("{problem}: a series is of one network")))
}
