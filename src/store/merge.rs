//! Bringing the sessions of several stores into one.
//!
//! Every check is made before the first session is copied, and a session is copied to a temporary folder, which is then renamed. So
//! a merge that is refused has changed nothing, and one that is cut off can be run again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::belonging::{Belonging, Kept, same_bits};
use super::checkpoint;
use super::failure::Failed;
use super::slot::Slot;
use super::status::{is_locked, listed};
use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::files::lock::TryLock;
use crate::session::{Plan, Session};

/// What a merge did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Merged {
    /// Sessions that were copied.
    pub copied: usize,
    /// Sessions that were there already, or twice, with the same bits.
    pub same: usize,
    /// Checkpoints that were copied.
    pub checkpoints: usize,
    /// Reasons of failures that were copied.
    pub failures: usize,
    /// Sessions that the plan does not list, which stay where they are.
    pub passed_over: usize,
    /// Checkpoints that cannot be read, each with the reason, which stay where they are.
    pub damaged: Vec<String>,
}

/// What is to be copied, by key.
#[derive(Debug, Default)]
struct Found {
    finished: BTreeMap<String, Kept>,
    /// The iteration of the furthest checkpoint, and its file.
    unfinished: BTreeMap<String, (u64, PathBuf)>,
    failed: BTreeMap<String, PathBuf>,
    merged: Merged,
}

/// Copies the sessions and checkpoints of `stores` into the store in the folder `into`. With a pinned plan, they must be its
/// sessions; without a plan, they must belong to one study.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the plan is not pinned, a folder is not a store, or a session was
/// trained with another data set, instruction path, training code or option; [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if a
/// session is damaged, or two stores have the same session with other bits; [`ErrorKind::Io`](crate::ErrorKind::Io) if a file cannot be
/// read or written.
pub(crate) fn merge(stores: &[PathBuf], into: &Path, plan: Option<(&Path, &Plan)>) -> Result<Merged> {
    for store in stores {
        let is_store = ["sessions", "unfinished"].iter().any(|folder| store.join(folder).is_dir());
        let requirement =
            "it must be a store: a folder with sessions/ in it, as `softness train --out` makes it";
        Error::require(is_store, "store", format!("\"{}\"", store.display()), requirement)?;
    }
    let mut belonging = Belonging::new(plan)?;
    let mut there = Found::default();
    collect(into, &mut belonging, &mut there)?;
    let mut found = Found::default();
    for store in stores {
        collect(store, &mut belonging, &mut found)?;
    }
    let mut merged = found.merged;
    let mut to_copy = Vec::new();
    for (key, session) in &found.finished {
        match there.finished.get(key) {
            Some(old) => {
                same_bits(old, session)?;
                merged.same += 1;
            }
            None => to_copy.push((key, session)),
        }
    }
    for (key, _) in &to_copy {
        let lock = into.join("unfinished").join(format!("{key}.lock"));
        let requirement = "a process trains it there: merge when it has ended, or has been told to stop";
        Error::require(!is_locked(&lock)?, "session", format!("{key} of {}", into.display()), requirement)?;
    }
    for (key, kept) in to_copy {
        copy(kept, into, key)?;
        merged.copied += 1;
    }
    for (key, (iteration, file)) in &found.unfinished {
        let is_finished = there.finished.contains_key(key) || found.finished.contains_key(key);
        let is_further = there.unfinished.get(key).is_none_or(|(there, _)| iteration > there);
        if !is_finished && is_further {
            files::write_atomically(&checkpoint_of(into, key), &files::read(file)?)?;
            merged.checkpoints += 1;
        }
    }
    for (key, file) in &found.failed {
        let is_finished = there.finished.contains_key(key) || found.finished.contains_key(key);
        if !is_finished && !there.failed.contains_key(key) {
            files::write_atomically(&Failed::file(into, key), &files::read(file)?)?;
            merged.failures += 1;
        }
    }
    for key in found.finished.keys() {
        Failed::forget(into, key);
    }
    Ok(merged)
}

fn checkpoint_of(store: &Path, key: &str) -> PathBuf {
    store.join("unfinished").join(format!("{key}.checkpoint"))
}

/// Adds what a store has. Each session is read, so that its checksums are compared, and dropped again.
fn collect(store: &Path, belonging: &mut Belonging, found: &mut Found) -> Result<()> {
    let folder = store.join("sessions");
    let mut names = listed(&folder)?;
    names.sort();
    for name in names.iter().filter(|name| !name.starts_with(files::TEMPORARY)) {
        let path = folder.join(name);
        if !path.join("session.json").is_file() {
            continue;
        }
        let session = Session::load(&path)?;
        let Some(key) = belonging.key(&path, &session)? else {
            found.merged.passed_over += 1;
            continue;
        };
        let kept = Kept::read(path)?;
        match found.finished.get(&key) {
            Some(other) => {
                same_bits(other, &kept)?;
                found.merged.same += 1;
            }
            None => drop(found.finished.insert(key, kept)),
        }
    }
    let folder = store.join("unfinished");
    for name in listed(&folder)? {
        if let Some(key) = name.strip_suffix(".failed").filter(|key| belonging.has(key)) {
            found.failed.entry(key.to_owned()).or_insert_with(|| folder.join(&name));
        }
        let Some(key) = name.strip_suffix(".checkpoint").filter(|key| belonging.has(key)) else { continue };
        let path = folder.join(&name);
        match checkpoint::iteration(&path, key) {
            Ok(iteration) if found.unfinished.get(key).is_none_or(|(other, _)| iteration > *other) => {
                found.unfinished.insert(key.to_owned(), (iteration, path));
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Malformed => {
                found.merged.damaged.push(error.to_string())
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Copies a session to a store that does not have it.
fn copy(kept: &Kept, into: &Path, key: &str) -> Result<()> {
    let try_lock: TryLock = std::fs::File::try_lock;
    let slot = Slot::new(into, key, try_lock);
    let session = Session::load(&kept.folder)?;
    let hold = slot.lock(session.name(), &(), &|| {})?;
    slot.keep(&session, &hold)?;
    slot.forget_checkpoint()
}

#[cfg(test)]
mod tests;
