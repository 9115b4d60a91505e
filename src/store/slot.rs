//! One session's place in a store: how it is found, locked and set aside.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Failure, Result};
use crate::files::lock::{Attempt, TryLock, attempt};
use crate::files::owner::is_abandoned;
use crate::files::{self, TEMPORARY};
use crate::session::keep::Keep;
use crate::session::{Observer, Session};
use crate::store::layout::Layout;
use crate::store::notes::{self, FailedNote, RunningNote};

/// Time between two attempts to get a lock that another process has.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// Time between two reports of the other process's progress.
const FOLLOW_EVERY: Duration = Duration::from_secs(5);

/// So often a lock is asked for that has no name any more.
const NAMELESS: u32 = 20;
/// So often a finished session is put into its place.
const ATTEMPTS: u32 = 50;

/// A finished session in the store.
#[derive(Debug)]
pub(super) enum Found {
    /// There is none.
    Nothing,
    /// The session.
    Whole(Box<Session>),
    /// An archive or folder with this key that is not a session of this key, and the reason.
    Damaged(PathBuf, Error),
}

/// The files of the session with one key.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    layout: &'a Layout,
    key: &'a str,
    locks: &'a Locks,
}

/// How a store locks files, and whether an observer has been told that it cannot.
#[derive(Debug, Clone)]
pub(super) struct Locks {
    pub try_lock: TryLock,
    is_told: Arc<AtomicBool>,
}

impl Locks {
    pub(super) fn new(try_lock: TryLock) -> Self {
        Self { try_lock, is_told: Arc::default() }
    }
}

/// That this process trains the session of a key. The note that says so is deleted when it ends, and the lock.
#[derive(Debug)]
pub(super) struct Hold {
    note: PathBuf,
    lock: PathBuf,
    /// The lock, until the file is closed. `None` if the file system has no locks: another process may then train the same session at
    /// the same time, with the same bits as a result. Checkpoints and sessions are renamed into place, so both are whole whichever
    /// comes last.
    file: Option<File>,
}

impl Hold {
    fn is_locked(&self) -> bool {
        self.file.is_some()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if notes::read::<RunningNote>(&self.note).is_some_and(|note| note.is_ours()) {
            let _ = std::fs::remove_file(&self.note);
        }
        // Whoever waits for this lock notices that it has no name any more. Another process has put its own there if the locks of
        // two hosts are not shared. On other systems a file that is open cannot be deleted.
        if cfg!(unix) && self.file.as_ref().is_some_and(|file| has_name(file, &self.lock)) {
            let _ = std::fs::remove_file(&self.lock);
        }
    }
}

impl<'a> Slot<'a> {
    pub(super) fn new(layout: &'a Layout, key: &'a str, locks: &'a Locks) -> Self {
        Self { layout, key, locks }
    }

    /// The checkpoint of the unfinished session.
    pub(super) fn checkpoint_file(&self) -> PathBuf {
        self.layout.unfinished(self.key, "checkpoint")
    }

    fn failed_file(&self) -> PathBuf {
        self.layout.unfinished(self.key, "failed")
    }

    /// The file that is locked while a process trains the session. Its folder is created.
    fn lock_file(&self) -> Result<PathBuf> {
        let path = self.layout.unfinished(self.key, "lock");
        create(path.parent().expect("it is in a folder"))?;
        Ok(path)
    }

    /// The finished session, under the name `name`, without its dense layers unless all is asked for. A session that looks damaged may
    /// be a folder that another process is just setting aside, so only who is about to train sets it aside.
    pub(super) fn find(&self, name: &str, keep: Keep) -> Result<Found> {
        let Some(path) = self.layout.finished(self.key)? else { return Ok(Found::Nothing) };
        match Session::load_with_key(&path, self.key, keep) {
            Ok(session) => Ok(Found::Whole(Box::new(session.named(name)))),
            Err(error) if error.kind() == ErrorKind::Malformed => Ok(Found::Damaged(path, error)),
            Err(error) if error.is_missing_file() => {
                let error = Error::malformed(&path, "a file of the session is missing");
                Ok(Found::Damaged(path, error))
            }
            Err(error) => Err(error),
        }
    }

    /// Waits until no other process has the lock and calls `follow` every few seconds until then; then notes that this process
    /// trains the session. That a file system has no locks is told to the observer, once for all sessions of a store.
    pub(super) fn lock(
        &self,
        session: &str,
        note: &RunningNote,
        observer: &dyn Observer,
        follow: &dyn Fn(),
    ) -> Result<Hold> {
        let path = self.lock_file()?;
        let mut file = open_lock(&path)?;
        let mut followed: Option<Instant> = None;
        let (mut nameless, mut is_busy) = (0, false);
        loop {
            match attempt(&file, &path, self.locks.try_lock)? {
                // Some file systems give a file another identity at each look. A lock that may be nobody's saves less work, and does
                // no harm.
                Attempt::Locked if nameless == NAMELESS || has_name(&file, &path) => {
                    return Ok(self.hold(path, Some(file), note));
                }
                // The process that had it deleted it.
                Attempt::Locked => {
                    nameless += 1;
                    file = open_lock(&path)?;
                    continue;
                }
                Attempt::NoLocks(sentence) => {
                    if !self.locks.is_told.swap(true, Ordering::Relaxed) {
                        observer.notice(&format!(
                            "{sentence}; if another process trains the same session at the same time, both do the whole work, with \
                             the same result"
                        ));
                    }
                    return Ok(self.hold(path, None, note));
                }
                Attempt::Busy if observer.should_stop() => {
                    return Err(Failure::Interrupted { session: session.to_owned(), iteration: 0 }.into());
                }
                // Who looks whether it is locked has it for a moment.
                Attempt::Busy if !is_busy => is_busy = true,
                Attempt::Busy => {
                    if followed.is_none() {
                        observer.notice(&waiting_for(session));
                    }
                    if followed.is_none_or(|followed| followed.elapsed() >= FOLLOW_EVERY) {
                        follow();
                        followed = Some(Instant::now());
                    }
                }
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    fn hold(&self, lock: PathBuf, file: Option<File>, running: &RunningNote) -> Hold {
        let note = self.layout.unfinished(self.key, "running");
        // It is for people: what cannot be written here is noticed at the first checkpoint.
        let _ = notes::write(&note, running);
        Hold { note, lock, file }
    }

    /// Deletes temporary files of this key that a process left which has ended. Without the lock they stay. What cannot be deleted
    /// stays and does no harm.
    pub(super) fn sweep(&self, hold: &Hold) {
        if hold.is_locked() {
            self.sweep_now();
        }
    }

    fn sweep_now(&self) {
        let begun = format!("{TEMPORARY}{}", self.key);
        for file in [self.layout.archive(self.key), self.checkpoint_file()] {
            let folder = file.parent().expect("it is in a folder");
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if entry.file_name().to_string_lossy().starts_with(&begun) && is_abandoned(&path) {
                    let _ = std::fs::remove_file(&path);
                }
            }
        }
    }

    /// Deletes the remains of a finished session's training by a process that was killed, or that had no lock.
    pub(super) fn tidy(&self) {
        let checkpoint = self.checkpoint_file();
        if !checkpoint.exists() {
            return;
        }
        let Ok(lock) = self.lock_file() else { return };
        let Ok(file) = open_lock(&lock) else { return };
        if (self.locks.try_lock)(&file).is_ok() && has_name(&file, &lock) {
            let note = self.layout.unfinished(self.key, "running");
            self.sweep_now();
            let _ = self.forget();
            if notes::read::<RunningNote>(&note).is_some_and(|note| note.has_ended()) {
                let _ = std::fs::remove_file(&note);
            }
            drop(Hold { note, lock, file: Some(file) });
        }
    }

    /// Puts a finished session into its place. One that is there stays: it has the same bits, or one of the two was computed wrongly.
    /// If one of the two has dense layers or filters of iterations that the other has not, the place gets both.
    ///
    /// # Errors
    /// [`ErrorKind::Io`]; [`ErrorKind::Malformed`] with both files and hosts if a session with other bits is there.
    pub(super) fn keep(&self, session: &Session, observer: &dyn Observer) -> Result<()> {
        let host = files::owner::host_name();
        self.keep_archive(session, &super::archive::bytes(session, &host), &host, observer)
    }

    /// The same of a session that has been trained on `host`, in its archive.
    pub(super) fn keep_archive(
        &self,
        session: &Session,
        archive: &[u8],
        host: &str,
        observer: &dyn Observer,
    ) -> Result<()> {
        let path = self.layout.archive(self.key);
        let mut attempts = 0;
        loop {
            match self.find(session.name(), Keep::All)? {
                Found::Nothing => {
                    if files::write_new(&path, archive)? {
                        break;
                    }
                    // Another process was faster. Its file may be hidden for seconds where a network is in between.
                    attempts += 1;
                    let hidden =
                        || Error::malformed(&path, "something is there that cannot be read: delete it");
                    (attempts < ATTEMPTS).then_some(()).ok_or_else(hidden)?;
                    std::thread::sleep(LOOK_AGAIN);
                }
                Found::Damaged(place, problem) => {
                    self.set_aside(&place, &problem, "this one takes its place", observer)?;
                }
                Found::Whole(first) if first.bits().differing(&session.bits()).next().is_some() => {
                    return Err(self.contradiction(archive, host, session.name()));
                }
                Found::Whole(first) if first.covers(session) => return Ok(()),
                // The same filters, and now the dense layers or the filters of iterations as well.
                Found::Whole(first) if session.covers(&first) => {
                    files::write_atomically(&path, archive)?;
                    break;
                }
                // Each has what the other lacks.
                Found::Whole(first) => {
                    let joined = super::archive::bytes(&session.clone().joined(&first), host);
                    files::write_atomically(&path, &joined)?;
                    break;
                }
            }
        }
        // On the disk before the checkpoint is deleted, so a power cut leaves one of the two.
        files::sync_folder(path.parent().expect("it is in a folder"));
        Ok(())
    }

    /// Keeps an archive in addition to the session that contradicts it, and says so.
    fn contradiction(&self, archive: &[u8], host: &str, name: &str) -> Error {
        let first = self.layout.finished(self.key).ok().flatten();
        let first = first.unwrap_or_else(|| self.layout.archive(self.key));
        let first_host = super::archive::host(&first).unwrap_or_else(|| "a host without a name".into());
        let second = match self.free_place(&self.layout.archive(self.key)) {
            Ok(place) => place,
            Err(error) => return error,
        };
        if let Err(error) = files::write_atomically(&second, archive) {
            return error;
        }
        Error::malformed(
            &first,
            format!(
                "session {name} of {first_host} has other weights or another history than that of {host}, which is kept as {}: one of \
                 the two was computed wrongly; train it on a third machine, and delete the one that differs",
                second.display()
            ),
        )
    }

    /// Deletes the checkpoint of a session that is finished or starts over, and why it failed.
    pub(super) fn forget(&self) -> Result<()> {
        for path in [self.checkpoint_file(), self.failed_file()] {
            files::remove_if_there(&path).map_err(Error::io(&path, "delete it"))?;
        }
        Ok(())
    }

    /// Notes why the session failed.
    pub(super) fn note_failure(&self, reason: String) -> Result<()> {
        notes::write(&self.failed_file(), &FailedNote::now(reason))
    }

    /// Why the session failed when it was last trained, if it did.
    pub(super) fn failure(&self) -> Option<FailedNote> {
        notes::read(&self.failed_file())
    }

    /// Moves a damaged file or folder to `damaged/` and tells the observer, also what follows from it.
    pub(super) fn set_aside(
        &self,
        place: &Path,
        problem: &Error,
        consequence: &str,
        observer: &dyn Observer,
    ) -> Result<()> {
        let sentence = self.move_aside(place, problem, consequence)?;
        sentence.into_iter().for_each(|sentence| observer.notice(&sentence));
        Ok(())
    }

    /// Moves a damaged file or folder to `damaged/`. Returns the sentence that says so; `None` if it is not there.
    pub(super) fn move_aside(
        &self,
        place: &Path,
        problem: &Error,
        consequence: &str,
    ) -> Result<Option<String>> {
        let free = self.free_place(place)?;
        match std::fs::rename(place, &free) {
            // Another process may have set it aside.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            moved => moved.map_err(Error::io(place, "set it aside"))?,
        }
        Ok(Some(format!("{problem}; it was set aside as {} and {consequence}", free.display())))
    }

    /// A path in `damaged/` for what is at `place`, under its own name, with a number if that is taken.
    fn free_place(&self, place: &Path) -> Result<PathBuf> {
        let damaged = self.layout.damaged();
        create(&damaged)?;
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let names = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}.{number}")));
        let free = names.map(|name| damaged.join(name)).find(|path| !path.exists());
        Ok(free.expect("there are infinitely many names"))
    }
}

/// What is said of a session that another process trains, or another cell of the same notebook.
pub(crate) fn waiting_for(session: &str) -> String {
    format!("session {session} is being trained by another process or cell; waiting for it")
}

fn create(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(Error::io(folder, "create the folder"))
}

fn open_lock(path: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    file.map_err(Error::io(path, "open it"))
}

/// Whether `path` still names this open file.
#[cfg(unix)]
fn has_name(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |data: std::fs::Metadata| (data.dev(), data.ino());
    let (open, named) = (file.metadata().map(identity), std::fs::metadata(path).map(identity));
    open.is_ok_and(|open| named.is_ok_and(|named| open == named))
}

/// Locks are not deleted here.
#[cfg(not(unix))]
fn has_name(_: &File, _: &Path) -> bool {
    true
}
