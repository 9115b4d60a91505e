//! One session's place in a store: its paths, and how it is found, locked and set aside.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Failure, Result};
use crate::files;
use crate::files::lock::{Attempt, TryLock, attempt};
use crate::files::owner::is_abandoned;
use crate::session::{Observer, Session};

/// Time between two attempts to get a lock that another process has.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// Time between two reports of the other process's progress.
const FOLLOW_EVERY: Duration = Duration::from_secs(5);

/// A finished session in the store.
#[derive(Debug)]
pub(crate) enum Found {
    /// There is none.
    Nothing,
    /// The complete session.
    Whole(Box<Session>),
    /// A folder with this key that is not a session of this key, and the reason.
    Damaged(PathBuf, Error),
}

/// The paths of the session with one key.
#[derive(Debug)]
pub(crate) struct Slot<'a> {
    root: &'a Path,
    key: &'a str,
    try_lock: TryLock,
}

/// Whether this process is alone with the files of a key.
#[derive(Debug)]
pub(crate) enum Hold {
    /// It has the lock, until the file is closed.
    Locked { _file: File },
    /// The file system has no locks. Another process may train the same session at the same time, with the same bits as a
    /// result: checkpoints and sessions are renamed into place, so both are whole whichever comes last.
    NoLocks,
}

impl Hold {
    fn is_locked(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }
}

impl<'a> Slot<'a> {
    pub(crate) fn new(root: &'a Path, key: &'a str, try_lock: TryLock) -> Self {
        Self { root, key, try_lock }
    }

    /// A folder of the store, which is created.
    fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.root.join(name);
        std::fs::create_dir_all(&folder).map_err(Error::io(&folder, "create the folder"))?;
        Ok(folder)
    }

    /// The checkpoint of the unfinished session.
    pub(crate) fn checkpoint_file(&self) -> PathBuf {
        self.root.join("unfinished").join(format!("{}.checkpoint", self.key))
    }

    /// The file that is locked while a process trains the session. Its folder is created.
    fn lock_file(&self) -> Result<PathBuf> {
        Ok(self.folder("unfinished")?.join(format!("{}.lock", self.key)))
    }

    /// The finished session, under the name `name`. A session that looks damaged may be one that another process is just
    /// replacing, so only the process with the lock sets it aside.
    pub(crate) fn find(&self, name: &str) -> Result<Found> {
        let Some(folder) = self.finished()? else { return Ok(Found::Nothing) };
        match Session::load(&folder).and_then(|session| self.check_key(&folder, session)) {
            Ok(session) => Ok(Found::Whole(Box::new(session.named(name)))),
            Err(error) => match error.failure() {
                _ if error.kind() == ErrorKind::Malformed => Ok(Found::Damaged(folder, error)),
                Failure::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                    let error = Error::malformed(&folder, "a file of the session is missing");
                    Ok(Found::Damaged(folder, error))
                }
                _ => Err(error),
            },
        }
    }

    /// Checks that the session has this key: a complete session in the folder of another one is not the one asked for.
    fn check_key(&self, folder: &Path, session: Session) -> Result<Session> {
        let key = session.record().map(|record| record.recipe.key());
        if key.as_deref() == Some(self.key) {
            return Ok(session);
        }
        let problem = "its session was trained with other options than those in its name";
        Err(Error::malformed(folder, problem))
    }

    /// Waits until no other process has the lock and calls `follow` every few seconds until then. A file system without
    /// locks is told to the observer, once.
    pub(crate) fn lock(&self, session: &str, observer: &dyn Observer, follow: &dyn Fn()) -> Result<Hold> {
        let path = self.lock_file()?;
        let file = open_lock(&path)?;
        let mut followed: Option<Instant> = None;
        loop {
            match attempt(&file, &path, self.try_lock)? {
                Attempt::Locked => return Ok(Hold::Locked { _file: file }),
                Attempt::NoLocks(sentence) => {
                    observer.notice(&format!(
                        "{sentence}; if another process trains session {session} too, both do the whole work, with the same \
                         result"
                    ));
                    return Ok(Hold::NoLocks);
                }
                Attempt::Busy if followed.is_none() => {
                    observer.notice(&format!(
                        "session {session} is being trained by another process; waiting for it"
                    ));
                }
                Attempt::Busy if observer.should_stop() => {
                    return Err(Failure::Interrupted { session: session.to_owned(), iteration: 0 }.into());
                }
                Attempt::Busy => {}
            }
            if followed.is_none_or(|followed| followed.elapsed() >= FOLLOW_EVERY) {
                follow();
                followed = Some(Instant::now());
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Deletes incomplete files and folders of this key that a killed process left, and puts back a session that it was
    /// about to replace. Without the lock they stay, since another process may be using them. What cannot be deleted stays
    /// and does no harm.
    pub(crate) fn sweep(&self, hold: &Hold) {
        if !hold.is_locked() {
            return;
        }
        for folder in ["sessions", "unfinished"] {
            let begun = format!("{}{}", files::TEMPORARY, self.key);
            for entry in std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten() {
                let path = entry.path();
                if entry.file_name().to_string_lossy().starts_with(&begun) && is_abandoned(&path) {
                    self.put_back(&path);
                    let _ = std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path));
                }
            }
        }
    }

    /// Moves the finished session in a temporary folder back if there is none now.
    fn put_back(&self, temporary: &Path) {
        if let (Ok(Some(old)), Ok(None)) = (self.session_in(temporary), self.finished()) {
            let name = old.file_name().unwrap_or_default();
            let _ = std::fs::rename(&old, self.root.join("sessions").join(name));
        }
    }

    /// Deletes the checkpoint of a finished session, which a process left that was killed just before it did so.
    pub(crate) fn tidy(&self) {
        if !self.checkpoint_file().exists() {
            return;
        }
        let file = self.lock_file().and_then(|path| open_lock(&path));
        if let Some(_file) = file.ok().filter(|file| (self.try_lock)(file).is_ok()) {
            self.sweep(&Hold::Locked { _file });
            let _ = self.forget_checkpoint();
        }
    }

    /// Saves a finished session to a temporary folder, which is then renamed. With the lock it replaces an earlier session
    /// of the same key; without, an earlier one stays: it has the same bits, and another process may be reading it.
    pub(crate) fn keep(&self, session: &Session, hold: &Hold) -> Result<()> {
        let is_there = || !hold.is_locked() && matches!(self.find(session.name()), Ok(Found::Whole(_)));
        if is_there() {
            return Ok(());
        }
        let sessions = self.folder("sessions")?;
        let temporary = tempfile::Builder::new()
            .prefix(&files::temporary_name(Path::new(self.key)))
            .tempdir_in(&sessions)
            .map_err(Error::io(&sessions, "create a folder in it"))?;
        let whole = temporary.path().join("session");
        session.save(&whole)?;
        files::sync_folder(&whole);
        if let Some(old) = self.finished()?.filter(|_| hold.is_locked()) {
            let aside = temporary.path().join(old.file_name().unwrap_or_default());
            std::fs::rename(&old, &aside).map_err(Error::io(&old, "replace it"))?;
        }
        let folder = sessions.join(format!("{}-{}", session.name(), self.key));
        if let Err(error) = std::fs::rename(&whole, &folder) {
            self.put_back(temporary.path());
            if is_there() {
                return Ok(());
            }
            return Err(Error::io(&folder, "put the finished session there")(error));
        }
        // On the disk before the checkpoint is deleted, so a power cut leaves one of the two.
        files::sync_folder(&sessions);
        Ok(())
    }

    /// Deletes the checkpoint if there is one.
    pub(crate) fn forget_checkpoint(&self) -> Result<()> {
        let checkpoint = self.checkpoint_file();
        match std::fs::remove_file(&checkpoint) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io(&checkpoint, "delete it")(error))
            }
            _ => Ok(()),
        }
    }

    /// Moves a damaged file or folder to `damaged/` and tells the observer.
    pub(crate) fn set_aside(&self, place: &Path, problem: &Error, observer: &dyn Observer) -> Result<()> {
        let damaged = self.folder("damaged")?;
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let names = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}.{number}")));
        let free = names.map(|name| damaged.join(name)).find(|path| !path.exists());
        let free = free.expect("there are infinitely many names");
        match std::fs::rename(place, &free) {
            // Without the lock, another process may have set it aside or replaced it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            moved => moved.map_err(Error::io(place, "set it aside"))?,
        }
        observer.notice(&format!(
            "{problem}; it was set aside as {} and the session starts over",
            free.display()
        ));
        Ok(())
    }

    /// The folder of the finished session.
    fn finished(&self) -> Result<Option<PathBuf>> {
        self.session_in(&self.root.join("sessions"))
    }

    /// The folder in `place` that has this key in its name.
    fn session_in(&self, place: &Path) -> Result<Option<PathBuf>> {
        let entries = match std::fs::read_dir(place) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            entries => entries.map_err(Error::io(place, "list it"))?,
        };
        let suffix = format!("-{}", self.key);
        let mut paths = entries.map(|entry| entry.map(|entry| entry.path()));
        let is_other = |path: &PathBuf| !path.to_string_lossy().ends_with(&suffix);
        let found = paths.find(|path| !path.as_ref().is_ok_and(is_other));
        found.transpose().map_err(Error::io(place, "list it"))
    }
}

fn open_lock(path: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    file.map_err(Error::io(path, "open it"))
}
