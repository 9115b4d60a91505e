//! Bringing the sessions of several stores into one.
//!
//! Every check is made before the first session is copied, and a session is written under another name and renamed. So a merge that is
//! refused has changed nothing, and one that is interrupted can be run again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::session::keep::Keep;
use crate::session::{Plan, Session};
use crate::store::belonging::{Belonging, Kept, same_bits};
use crate::store::saved_sessions::{finished, listed};
use crate::store::slot::Slot;
use crate::store::{Store, checkpoint};

/// What a merge did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Merged {
    /// Sessions that were copied.
    pub copied: usize,
    /// Sessions that were in the store that receives them already, with the same bits.
    pub same: usize,
    /// Sessions that are in several of the stores, with the same bits.
    pub shared: usize,
    /// Checkpoints that were copied.
    pub checkpoints: usize,
    /// Reasons of failures that were copied.
    pub failures: usize,
    /// Sessions that the plan does not list, which stay where they are.
    pub passed_over: usize,
    /// Checkpoints that cannot be read, each with the reason, which stay where they are.
    pub damaged: Vec<String>,
    /// A sentence for each checkpoint of the store that receives the sessions that could not be read and was set aside for a copied one.
    pub set_aside: Vec<String>,
}

/// What is to be copied, by key.
#[derive(Debug, Default)]
struct Found {
    /// Several of a session if each has something that the others lack.
    finished: BTreeMap<String, Vec<Kept>>,
    /// The iteration of the furthest checkpoint, and its file.
    unfinished: BTreeMap<String, (u64, PathBuf)>,
    failed: BTreeMap<String, PathBuf>,
    /// The sessions that were found more than once.
    shared: BTreeSet<String>,
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
    refuse_nested(stores, into)?;
    let mut belonging = Belonging::new(plan)?;
    let mut there = Found::default();
    collect(into, &mut belonging, &mut there)?;
    let mut found = Found::default();
    for store in stores {
        collect(store, &mut belonging, &mut found)?;
    }
    let (mut merged, store) = (found.merged, Store::new(into));
    merged.shared = found.shared.len();
    let mut to_copy = Vec::new();
    for (key, sessions) in &found.finished {
        let old = there.finished.get(key).map_or(&[][..], Vec::as_slice);
        for (session, old) in sessions.iter().flat_map(|session| old.iter().map(move |old| (session, old))) {
            same_bits(old, session)?;
        }
        let is_new = |session: &&Kept| !old.iter().any(|old| old.covers(session));
        let new: Vec<&Kept> = sessions.iter().filter(is_new).collect();
        if new.is_empty() {
            merged.same += 1;
        } else {
            to_copy.push((key, new));
        }
    }
    let is_finished = |key: &str| there.finished.contains_key(key) || found.finished.contains_key(key);
    let further = |(key, (iteration, _)): &(&String, &(u64, PathBuf))| {
        !is_finished(key) && there.unfinished.get(*key).is_none_or(|(there, _)| iteration > there)
    };
    let checkpoints: Vec<_> = found.unfinished.iter().filter(further).collect();
    for key in to_copy.iter().map(|(key, _)| key).chain(checkpoints.iter().map(|(key, _)| key)) {
        let requirement = "a process trains it there: merge when it has ended, or has been told to stop";
        let what = || format!("{key} of {}", into.display());
        Error::require(store.running(key)?.is_none(), "session", what(), requirement)?;
    }
    for (key, sessions) in to_copy {
        for session in sessions {
            store.put(key, &session.path)?;
        }
        merged.copied += 1;
    }
    for (key, (_, file)) in checkpoints {
        let place = store.layout.unfinished(key, "checkpoint");
        if !there.unfinished.contains_key(key) {
            merged.set_aside.extend(store.set_aside_checkpoint(key)?);
        }
        files::write_atomically(&place, &files::read(file)?)?;
        merged.checkpoints += 1;
    }
    for (key, file) in found.failed.iter().filter(|(key, _)| !is_finished(key)) {
        if !there.failed.contains_key(key) {
            files::write_atomically(&store.layout.unfinished(key, "failed"), &files::read(file)?)?;
            merged.failures += 1;
        }
    }
    Ok(merged)
}

/// Refuses a target that lies inside one of the stores, which stay as they are.
fn refuse_nested(stores: &[PathBuf], into: &Path) -> Result<()> {
    // It may not exist yet: then its nearest folder that does.
    let nearest =
        into.ancestors().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let Some(target) = nearest.filter_map(|folder| folder.canonicalize().ok()).next() else { return Ok(()) };
    let is_there = into.exists();
    for store in stores {
        let store_itself = store.canonicalize().map_err(Error::io(store, "read it"))?;
        let is_inside = target.starts_with(&store_itself) && !(is_there && target == store_itself);
        let requirement = format!("it lies inside {}, which is read: name another folder", store.display());
        Error::require(!is_inside, "--into", format!("\"{}\"", into.display()), requirement)?;
    }
    Ok(())
}

impl Store {
    /// Sets aside the checkpoint of this key, which cannot be read. Returns a sentence, if there is one.
    fn set_aside_checkpoint(&self, key: &str) -> Result<Option<String>> {
        let place = self.layout.unfinished(key, "checkpoint");
        match checkpoint::iteration_of(&place, key) {
            Err(problem) if !problem.is_missing_file() => {
                let slot = Slot::new(&self.layout, key, &self.locks);
                slot.move_aside(&place, &problem, "the copied one takes its place")
            }
            _ => Ok(None),
        }
    }
}

/// Adds what a store has. Each session is read, so that its checksums are compared, and dropped again.
fn collect(store: &Path, belonging: &mut Belonging, found: &mut Found) -> Result<()> {
    for path in finished(store)? {
        let what_to_do = || {
            format!(
                "move {} away and merge again, or train its session again in that store, which sets it aside",
                path.display()
            )
        };
        let session = Session::load_part(&path, Keep::All).map_err(|error| error.advising(what_to_do()))?;
        let Some(key) = belonging.key(&path, &session)? else {
            found.merged.passed_over += 1;
            continue;
        };
        let kept = Kept::new(path, &session);
        if found.finished.contains_key(&key) {
            found.shared.insert(key.clone());
        }
        let others = found.finished.entry(key).or_default();
        others.iter().try_for_each(|other| same_bits(other, &kept))?;
        if !others.iter().any(|other| other.covers(&kept)) {
            others.retain(|other| !kept.covers(other));
            others.push(kept);
        }
    }
    let folder = store.join("unfinished");
    if !folder.exists() {
        return Ok(());
    }
    for path in listed(&folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(key) = name.strip_suffix(".failed").filter(|key| belonging.has(key)) {
            found.failed.entry(key.to_owned()).or_insert_with(|| path.clone());
        }
        let Some(key) = name.strip_suffix(".checkpoint").filter(|key| belonging.has(key)) else { continue };
        match checkpoint::iteration_of(&path, key) {
            Ok(iteration) if found.unfinished.get(key).is_none_or(|(other, _)| iteration > *other) => {
                found.unfinished.insert(key.to_owned(), (iteration, path));
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Malformed => {
                found.merged.damaged.push(error.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
