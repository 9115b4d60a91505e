//! The filters that a session kept during training, as files: of a saved session, and in a checkpoint.

use std::path::Path;

use ndarray::{Axis, Ix2, Ix5, stack};

use crate::error::{Error, Result};
use crate::filters::{FilterBank, npy_bytes, parse_npy, shortest_npy_bytes};
use crate::session::snapshot::Snapshot;
use crate::text::cells;
use crate::text::csv::Csv;

/// Reads a file of a saved session by its name.
pub(super) type ReadFile<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>>;

/// The file with the iterations.
pub(super) const ITERATIONS: &str = "snapshots.csv";

const HEADER: &str = "iteration";
/// The convolutional layers of a network that was trained here.
const LAYERS: usize = 2;

/// The files; none if there are no snapshots.
pub(super) fn files(snapshots: &[Snapshot]) -> Vec<(String, Vec<u8>)> {
    if snapshots.is_empty() {
        return Vec::new();
    }
    let mut iterations = Csv::new(HEADER);
    let mut banks: Vec<Vec<FilterBank>> = Vec::new();
    for snapshot in snapshots {
        iterations.row(cells![snapshot.iteration]);
        banks.push(snapshot.filters());
    }
    let layers = banks[0].len();
    let mut files = vec![iterations.into_text().into_bytes()];
    for layer in 1..=layers {
        let of_layer = || banks.iter().map(|banks| &banks[layer - 1]);
        let weights: Vec<_> = of_layer().map(|bank| bank.weights().view()).collect();
        let bias: Vec<_> = of_layer().map(|bank| bank.bias().view()).collect();
        let one_shape = "the layers of a session have one shape";
        files.push(shortest_npy_bytes(&stack(Axis(0), &weights).expect(one_shape)));
        files.push(npy_bytes(&stack(Axis(0), &bias).expect(one_shape)));
    }
    names_of(layers).into_iter().zip(files).collect()
}

/// The names of the files of a network that was trained here.
pub(super) fn names() -> Vec<String> {
    names_of(LAYERS)
}

fn names_of(layers: usize) -> Vec<String> {
    let layers = (1..=layers).flat_map(|layer| [weights_file(layer), bias_file(layer)]);
    std::iter::once(ITERATIONS.to_owned()).chain(layers).collect()
}

fn weights_file(layer: usize) -> String {
    format!("snapshots_layer{layer}.npy")
}

fn bias_file(layer: usize) -> String {
    format!("snapshots_layer{layer}_bias.npy")
}

/// Whether it is the name of one of the files.
pub(super) fn is_of(name: &str) -> bool {
    names().iter().any(|other| other == name)
}

/// The snapshots in these files, all of iterations before `end`.
///
/// # Errors
/// Those of `read`; [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file in `folder` and what is wrong with it.
pub(super) fn parse(folder: &Path, read: ReadFile, end: u64) -> Result<Vec<Snapshot>> {
    let path = folder.join(ITERATIONS);
    let iterations =
        parse_iterations(&read(ITERATIONS)?, end).map_err(|problem| Error::malformed(&path, problem))?;
    let mut banks: Vec<Vec<FilterBank>> = iterations.iter().map(|_| Vec::new()).collect();
    for layer in 1..=LAYERS {
        let (weights_path, bias_path) = (folder.join(weights_file(layer)), folder.join(bias_file(layer)));
        let weights = parse_npy::<Ix5>(&weights_path, &read(&weights_file(layer))?)?;
        let bias = parse_npy::<Ix2>(&bias_path, &read(&bias_file(layer))?)?;
        for (path, shape) in [(&weights_path, weights.shape()), (&bias_path, bias.shape())] {
            if shape[0] != iterations.len() {
                let problem =
                    format!("it has {} snapshots, but {ITERATIONS} has {}", shape[0], iterations.len());
                return Err(Error::malformed(path, problem));
            }
        }
        for ((banks, weights), bias) in banks.iter_mut().zip(weights.outer_iter()).zip(bias.outer_iter()) {
            let bank = FilterBank::new(layer, weights.to_owned(), bias.to_owned());
            banks.push(bank.map_err(|error| Error::malformed(&weights_path, error.to_string()))?);
        }
    }
    Ok(iterations.into_iter().zip(banks).map(|(iteration, banks)| Snapshot::new(iteration, &banks)).collect())
}

/// The iterations in the file, or what is wrong with it.
fn parse_iterations(bytes: &[u8], end: u64) -> std::result::Result<Vec<u64>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let lines = text.strip_prefix(HEADER).and_then(|text| text.strip_prefix('\n'));
    let lines = lines.ok_or_else(|| format!("line 1 must be \"{HEADER}\""))?;
    let number = |line: &str| line.parse().map_err(|_| format!("\"{line}\" is no iteration"));
    let iterations = lines.lines().map(number).collect::<std::result::Result<Vec<u64>, _>>()?;
    let ascends = iterations.is_sorted_by(|one, next| one < next);
    let fits = iterations.first().is_some_and(|&first| first > 0)
        && iterations.last().is_some_and(|&last| last < end);
    if ascends && fits && text.ends_with('\n') {
        return Ok(iterations);
    }
    Err(format!(
        "the iterations must ascend and lie between 1 and {}, with a line end after each",
        end.saturating_sub(1)
    ))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array4};

    use super::*;
    use crate::error::ErrorKind;

    /// Filters of both layers, all different, some of which 16 bits do not hold.
    fn banks(step: f32) -> Vec<FilterBank> {
        let bank = |layer: usize, shape: [usize; 4]| {
            let mut value = step;
            let weights = Array4::from_shape_simple_fn(shape, || {
                value += 0.01;
                value
            });
            let bias = Array1::from_shape_fn(shape[0], |filter| step - filter as f32);
            FilterBank::new(layer, weights, bias).unwrap()
        };
        vec![bank(1, [2, 3, 3, 3]), bank(2, [4, 2, 5, 5])]
    }

    fn read_back(files: &[(String, Vec<u8>)], end: u64) -> Result<Vec<Snapshot>> {
        let read = |name: &str| Ok(files.iter().find(|(other, _)| other == name).unwrap().1.clone());
        parse(Path::new("folder"), &read, end)
    }

    #[test]
    fn what_is_read_is_what_was_written_in_16_bits_or_32() {
        let rounded =
            [1, 2, 50].map(|iteration| Snapshot::rounded(iteration, &banks(iteration as f32)).unwrap());
        let short = files(&rounded);
        assert_eq!(read_back(&short, 51).unwrap(), rounded);
        assert!(short.iter().map(|(name, _)| name.clone()).eq(names()));
        let text = |file: &[u8]| String::from_utf8_lossy(&file[..128]).into_owned();
        assert!(
            text(&short[1].1).contains("'descr': '<f2'") && text(&short[1].1).contains("(3, 2, 3, 3, 3)")
        );
        assert!(text(&short[2].1).contains("'descr': '<f4'") && text(&short[2].1).contains("(3, 2)"));
        let exact = [7, 8].map(|iteration| Snapshot::new(iteration, &banks(iteration as f32)));
        let long = files(&exact);
        assert_eq!(read_back(&long, 51).unwrap(), exact);
        assert!(text(&long[1].1).contains("'descr': '<f4'"));
        assert!(files(&[]).is_empty());
    }

    #[test]
    fn iterations_that_do_not_ascend_or_fit_are_an_error_that_names_the_file() {
        let snapshots = [1, 2].map(|iteration| Snapshot::new(iteration, &banks(0.5)));
        for (text, problem) in [
            ("iteration\n1\n", "folder/snapshots_layer1.npy: it has 2 snapshots, but snapshots.csv has 1"),
            ("iteration\n2\n1\n", "folder/snapshots.csv: the iterations must ascend and lie between 1 and 8"),
            ("iteration\n1\n9\n", "folder/snapshots.csv: the iterations must ascend"),
            ("iteration\n0\n1\n", "folder/snapshots.csv: the iterations must ascend"),
            ("iteration\n1\n2", "folder/snapshots.csv: the iterations must ascend"),
            ("iteration\n", "folder/snapshots.csv: the iterations must ascend"),
            ("iteration\n1\nx\n", "folder/snapshots.csv: \"x\" is no iteration"),
            ("1\n2\n", "folder/snapshots.csv: line 1 must be \"iteration\""),
        ] {
            let mut files = files(&snapshots);
            files[0].1 = text.as_bytes().to_vec();
            let error = read_back(&files, 9).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed);
            assert!(error.to_string().replace('\\', "/").starts_with(problem), "{error}");
        }
    }
}
