//! An unfinished session on disk.
//!
//! The file consists of: the eight bytes `SOFTCKP3`; the length of the following JSON text (u64); the key of the session's
//! recipe and its counters as JSON; weights, first moments and second moments of the eight parameter arrays, each array an
//! element count (u64) and its f32 values; the filters kept so far, as the five files of a saved session, each its length (u64) and
//! its bytes; the SHA-256 of all of that. Numbers are little-endian. That of a session which has kept no filters begins with
//! `SOFTCKP2` and is without these files.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::files;
use crate::network::step::OptimiserState;
use crate::session::snapshot::Snapshot;
use crate::session::trainer::{Counters, State};
use crate::store::snapshots;

const MAGIC: &[u8; 8] = b"SOFTCKP3";
const WITHOUT_SNAPSHOTS: &[u8; 8] = b"SOFTCKP2";
/// The beginning of the magic bytes of every version.
const ANY_VERSION: &[u8] = b"SOFTCKP";
const DIGEST: usize = 32;

/// So many bytes at the beginning of a checkpoint have its iteration.
pub(super) const BEGINNING: u64 = 128;

/// Writes the state of a session to `path`, atomically.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub(super) fn save(state: &State, path: &Path) -> Result<()> {
    let json =
        serde_json::to_vec(&(&state.key, &state.counters)).expect("numbers and strings have a JSON form");
    let magic = if state.snapshots.is_empty() { WITHOUT_SNAPSHOTS } else { MAGIC };
    let mut bytes = magic.to_vec();
    bytes.extend((json.len() as u64).to_le_bytes());
    bytes.extend(json);
    let [first, second] = &state.optimiser.moments;
    for array in [&state.optimiser.weights, first, second].into_iter().flatten() {
        bytes.extend((array.len() as u64).to_le_bytes());
        bytes.extend(array.iter().flat_map(|value| value.to_le_bytes()));
    }
    for (_, file) in snapshots::files(&state.snapshots) {
        bytes.extend((file.len() as u64).to_le_bytes());
        bytes.extend(file);
    }
    let digest = Sha256::digest(&bytes);
    bytes.extend(&digest[..]);
    files::write_atomically(path, &bytes)
}

/// Reads the state of a session.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if any byte differs from
/// what was written.
pub(super) fn load(path: &Path) -> Result<State> {
    let bytes = files::read(path)?;
    parse(&bytes).ok_or_else(|| {
        let other_version = bytes.starts_with(ANY_VERSION) && without_magic(&bytes).is_none();
        let problem = if other_version {
            "the checkpoint was written by another version of this software, which can resume it"
        } else {
            "the checkpoint is cut off or damaged"
        };
        Error::malformed(path, problem)
    })
}

/// The iteration of the checkpoint of the session with this key.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if it is damaged or that of another
/// session.
pub(super) fn iteration_of(path: &Path, key: &str) -> Result<u64> {
    let state = load(path)?;
    if state.key == key {
        return Ok(state.counters.iteration);
    }
    Err(Error::malformed(path, "it is the checkpoint of another session than the one in its name"))
}

fn parse(bytes: &[u8]) -> Option<State> {
    let (body, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
    if Sha256::digest(body)[..] != *digest {
        return None;
    }
    let mut rest = without_magic(body)?;
    let length = take_length(&mut rest, 1)?;
    let (json, mut rest) = rest.split_at_checked(length)?;
    let (key, counters): (String, Counters) = serde_json::from_slice(json).ok()?;
    let mut arrays = || -> Option<[Vec<f32>; 8]> {
        let mut arrays: [Vec<f32>; 8] = Default::default();
        for array in &mut arrays {
            let length = take_length(&mut rest, 4)?;
            let (values, after) = rest.split_at_checked(length * 4)?;
            rest = after;
            let (values, _) = values.as_chunks::<4>();
            *array = values.iter().map(|&value| f32::from_le_bytes(value)).collect();
        }
        Some(arrays)
    };
    let (weights, moments) = (arrays()?, [arrays()?, arrays()?]);
    let snapshots = if body.starts_with(MAGIC) { take_snapshots(&mut rest, &counters)? } else { Vec::new() };
    if !rest.is_empty() {
        return None;
    }
    let optimiser = OptimiserState { weights, moments, steps: counters.iteration };
    Some(State { key, counters, optimiser, snapshots })
}

/// What follows the first bytes of a checkpoint of this version, with snapshots or without.
fn without_magic(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(MAGIC).or_else(|| bytes.strip_prefix(WITHOUT_SNAPSHOTS))
}

/// The filters kept so far.
fn take_snapshots(rest: &mut &[u8], counters: &Counters) -> Option<Vec<Snapshot>> {
    let names = snapshots::names();
    let mut files = Vec::new();
    for name in &names {
        let length = take_length(rest, 1)?;
        let (file, after) = rest.split_at_checked(length)?;
        *rest = after;
        files.push((name, file));
    }
    let read = |name: &str| {
        let file = files.iter().find(|(other, _)| *other == name).map(|(_, file)| file.to_vec());
        file.ok_or_else(|| Error::malformed(name, "it is not in the checkpoint"))
    };
    snapshots::parse(Path::new("checkpoint"), &read, counters.iteration.checked_add(1)?).ok()
}

/// The iteration of the checkpoint that begins with these bytes, whose digest nobody has checked; `None` if they are not the
/// beginning of a checkpoint of this version.
pub(super) fn iteration(beginning: &[u8]) -> Option<u64> {
    let rest = without_magic(beginning)?.get(8..)?;
    // The iteration is the first counter. What follows may be cut off within a letter.
    let json = String::from_utf8_lossy(rest);
    let (_, after) = json.split_once("\"iteration\":")?;
    let end = after.find(|letter: char| !letter.is_ascii_digit())?;
    after[..end].parse().ok()
}

/// Reads a checkpoint and drops it, for tests and fuzzing.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if it is damaged.
pub fn read_checkpoint(path: &Path) -> Result<()> {
    load(path).map(drop)
}

/// A count of elements of `size` bytes; `None` if `rest` is too short for that many.
fn take_length(rest: &mut &[u8], size: usize) -> Option<usize> {
    let (length, after) = rest.split_first_chunk::<8>()?;
    *rest = after;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    (length <= after.len() / size).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> State {
        let arrays = |x: f32| -> [Vec<f32>; 8] { std::array::from_fn(|i| vec![x + i as f32 / 3.0; i + 1]) };
        let evaluation =
            crate::session::Evaluation { iteration: 10, loss: 0.1 + 0.2, test_accuracy: 1.0 / 3.0 };
        let history = vec![evaluation];
        State {
            key: "abcdef012345".into(),
            counters: Counters { iteration: 12, loss_sum: 4.6, loss_count: 2, history },
            optimiser: OptimiserState {
                weights: arrays(0.1),
                moments: [arrays(-1e-30), arrays(1e-38)],
                steps: 12,
            },
            snapshots: Vec::new(),
        }
    }

    /// The same with two snapshots, of layers of 2 and 3 filters.
    fn with_snapshots() -> State {
        let bank = |layer: usize, shape: [usize; 4]| {
            let weights = ndarray::Array4::from_elem(shape, 1.0 / 3.0);
            let bias = ndarray::Array1::from_elem(shape[0], 0.1);
            crate::filters::FilterBank::new(layer, weights, bias).unwrap()
        };
        let banks = [bank(1, [2, 3, 1, 1]), bank(2, [3, 2, 3, 3])];
        let snapshots = vec![Snapshot::new(2, &banks), Snapshot::rounded(12, &banks).unwrap()];
        State { snapshots, ..example() }
    }

    #[test]
    fn what_is_read_is_what_was_written_bit_for_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.checkpoint");
        for (state, magic) in [(with_snapshots(), MAGIC), (example(), WITHOUT_SNAPSHOTS)] {
            save(&state, &path).unwrap();
            assert_eq!(load(&path).unwrap(), state);
            assert!(std::fs::read(&path).unwrap().starts_with(magic));
        }
        assert_eq!(iteration_of(&path, "abcdef012345").unwrap(), 12);
        let error = iteration_of(&path, "abcdef012346").unwrap_err().to_string();
        assert!(error.contains("a.checkpoint: it is the checkpoint of another session"), "{error}");
    }

    #[test]
    fn the_iteration_is_in_the_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.checkpoint");
        for (expected, mut state) in
            [(0, example()), (12, with_snapshots()), (u64::MAX, example()), (u64::MAX, with_snapshots())]
        {
            state.counters.iteration = expected;
            save(&state, &path).unwrap();
            let bytes = std::fs::read(&path).unwrap();
            assert_eq!(iteration(&bytes[..usize::try_from(BEGINNING).unwrap()]), Some(expected));
            for length in 0..40 {
                assert_eq!(iteration(&bytes[..length]), None, "cut at {length}");
            }
        }
    }

    #[test]
    fn any_changed_or_missing_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.checkpoint");
        save(&with_snapshots(), &path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 0x10;
            assert!(parse(&changed).is_none(), "byte {index}");
            assert!(parse(&bytes[..index]).is_none(), "cut at {index}");
        }
    }
}
