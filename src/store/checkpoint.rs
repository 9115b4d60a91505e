//! An unfinished session on disk.
//!
//! The file is: the eight bytes `SOFTCKP2`; the length of what follows as JSON (u64); the key of the session's recipe and its
//! counters as JSON;
//! weights, first and second moments of the eight parameter arrays, each an element count (u64) and
//! its f32 values; SHA-256 of all that. Numbers are little-endian.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::files;
use crate::network::OptimiserState;
use crate::session::trainer::Counters;

const MAGIC: &[u8; 8] = b"SOFTCKP2";
/// What the magic bytes of every version begin with.
const ANY_VERSION: &[u8] = b"SOFTCKP";
const DIGEST: usize = 32;

/// Everything needed to go on with a session of a known recipe.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Checkpoint {
    /// That of the session's [`Recipe`](crate::session::Recipe).
    pub key: String,
    pub counters: Counters,
    pub optimiser: OptimiserState,
}

impl Checkpoint {
    /// Writes it, atomically.
    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        let counters = serde_json::to_vec(&(&self.key, &self.counters))
            .map_err(|error| Error::malformed(path, format!("the history cannot be written: {error}")))?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend((counters.len() as u64).to_le_bytes());
        bytes.extend(counters);
        let [first, second] = &self.optimiser.moments;
        for array in [&self.optimiser.weights, first, second].into_iter().flatten() {
            bytes.extend((array.len() as u64).to_le_bytes());
            bytes.extend(array.iter().flat_map(|value| value.to_le_bytes()));
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend(&digest[..]);
        files::write_atomically(path, &bytes)
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) where a byte is not as it was written.
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let bytes = files::read(path)?;
        Self::parse(&bytes).ok_or_else(|| {
            let other_version = bytes.starts_with(ANY_VERSION) && !bytes.starts_with(MAGIC);
            let problem = if other_version {
                "the checkpoint was written by another version of this software, which can go on with it"
            } else {
                "the checkpoint is cut off or damaged"
            };
            Error::malformed(path, problem)
        })
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (body, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        if Sha256::digest(body)[..] != *digest {
            return None;
        }
        let mut rest = body.strip_prefix(MAGIC)?;
        let length = take_length(&mut rest, 1)?;
        let (counters, mut rest) = rest.split_at_checked(length)?;
        let (key, counters): (String, Counters) = serde_json::from_slice(counters).ok()?;
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
        if !rest.is_empty() {
            return None;
        }
        let optimiser = OptimiserState { weights, moments, steps: counters.iteration };
        Some(Self { key, counters, optimiser })
    }
}

/// Reads a checkpoint and forgets it.
///
/// # Errors
/// Those of [`Checkpoint::load`].
pub(crate) fn read_checkpoint(path: &Path) -> Result<()> {
    Checkpoint::load(path).map(drop)
}

/// A count of elements of `size` bytes, where that many can still follow.
fn take_length(rest: &mut &[u8], size: usize) -> Option<usize> {
    let (length, after) = rest.split_first_chunk::<8>()?;
    *rest = after;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    (length <= after.len() / size).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Checkpoint {
        let arrays = |x: f32| -> [Vec<f32>; 8] { std::array::from_fn(|i| vec![x + i as f32 / 3.0; i + 1]) };
        let evaluation =
            crate::session::Evaluation { iteration: 10, loss: 0.1 + 0.2, test_accuracy: 1.0 / 3.0 };
        let history = vec![evaluation];
        Checkpoint {
            key: "abcdef012345".into(),
            counters: Counters { iteration: 12, loss_sum: 4.6, loss_count: 2, history },
            optimiser: OptimiserState {
                weights: arrays(0.1),
                moments: [arrays(-1e-30), arrays(1e-38)],
                steps: 12,
            },
        }
    }

    #[test]
    fn what_is_read_is_what_was_written_bit_for_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.checkpoint");
        example().save(&path).unwrap();
        assert_eq!(Checkpoint::load(&path).unwrap(), example());
    }

    #[test]
    fn any_changed_or_missing_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.checkpoint");
        example().save(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 0x10;
            assert!(Checkpoint::parse(&changed).is_none(), "byte {index}");
            assert!(Checkpoint::parse(&bytes[..index]).is_none(), "cut at {index}");
        }
    }
}
