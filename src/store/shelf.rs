//! One session's place in a store: where it is kept, and how it is found, locked and set aside.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Failure, Result};
use crate::files;
use crate::session::Session;
use crate::session::observer::Observer;

/// Time between two looks at a lock that another process holds.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// Time between two looks at how far it is.
const FOLLOW_EVERY: Duration = Duration::from_secs(5);

/// What there is of a finished session.
#[derive(Debug)]
pub(crate) enum Found {
    /// Nothing.
    Nothing,
    /// All of it.
    Whole(Box<Session>),
    /// A folder that is no session of this key, and why.
    Damaged(PathBuf, Error),
}

/// The places of the session with one key.
#[derive(Debug)]
pub(crate) struct Shelf<'a> {
    root: &'a Path,
    key: &'a str,
}

impl<'a> Shelf<'a> {
    pub(crate) fn new(root: &'a Path, key: &'a str) -> Self {
        Self { root, key }
    }

    /// Where the unfinished session is.
    pub(crate) fn checkpoint_file(&self) -> PathBuf {
        self.root.join("unfinished").join(format!("{}.checkpoint", self.key))
    }

    /// The file that is locked while a process trains the session. Its folder is created.
    pub(crate) fn lock_file(&self) -> Result<PathBuf> {
        let unfinished = self.root.join("unfinished");
        std::fs::create_dir_all(&unfinished).map_err(Error::io(&unfinished, "create the folder"))?;
        Ok(unfinished.join(format!("{}.lock", self.key)))
    }

    /// The finished session, under `name`. Without the lock, what looks damaged may be one that another process is
    /// replacing: only who holds the lock sets it aside.
    pub(crate) fn find(&self, name: &str) -> Result<Found> {
        let Some(folder) = self.finished()? else { return Ok(Found::Nothing) };
        match Session::load(&folder).and_then(|session| self.check_key(&folder, session)) {
            Ok(session) => Ok(Found::Whole(Box::new(session.named(name)))),
            Err(error) => match error.failure() {
                Failure::Malformed { .. } => Ok(Found::Damaged(folder, error)),
                Failure::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                    let error = Error::malformed(&folder, "a file of the session is missing");
                    Ok(Found::Damaged(folder, error))
                }
                _ => Err(error),
            },
        }
    }

    /// The session, where its record is that of this key: a whole session under another one's name is
    /// not what was asked for.
    fn check_key(&self, folder: &Path, session: Session) -> Result<Session> {
        let key = session.record().map(|record| record.recipe.key()).transpose()?;
        if key.as_deref() == Some(self.key) {
            return Ok(session);
        }
        let problem = "it holds the session of other options than its name says";
        Err(Error::malformed(folder, problem))
    }

    /// Deletes what a process that was killed had begun to write for this key, and puts back the session that it was about
    /// to replace. Only called with the lock held, so no other process is at it; what cannot be deleted stays, and
    /// is in nobody's way.
    pub(crate) fn sweep(&self) {
        for folder in ["sessions", "unfinished"] {
            let begun = format!("{}{}", files::TEMPORARY, self.key);
            for entry in std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten() {
                if entry.file_name().to_string_lossy().starts_with(&begun) {
                    let path = entry.path();
                    self.put_back(&path);
                    let _ = if path.is_dir() {
                        std::fs::remove_dir_all(path)
                    } else {
                        std::fs::remove_file(path)
                    };
                }
            }
        }
    }

    /// Puts the finished session in a temporary folder back, where there is none now.
    fn put_back(&self, temporary: &Path) {
        if let (Ok(Some(old)), Ok(None)) = (self.session_in(temporary), self.finished()) {
            let name = old.file_name().unwrap_or_default();
            let _ = std::fs::rename(&old, self.root.join("sessions").join(name));
        }
    }

    /// Sweeps up after a process that was killed when the session was finished but its checkpoint still there.
    pub(crate) fn tidy(&self) {
        if !self.checkpoint_file().exists() {
            return;
        }
        let file = self.lock_file().and_then(|path| open_lock(&path));
        if file.is_ok_and(|file| file.try_lock().is_ok()) {
            self.sweep();
            let _ = self.forget_checkpoint();
        }
    }

    /// Saves a finished session: into a temporary folder first, which is then renamed. One of the same
    /// key that was there is replaced.
    pub(crate) fn keep(&self, session: &Session) -> Result<()> {
        let sessions = self.root.join("sessions");
        std::fs::create_dir_all(&sessions).map_err(Error::io(&sessions, "create the folder"))?;
        let temporary = tempfile::Builder::new()
            .prefix(&format!("{}{}-", files::TEMPORARY, self.key))
            .tempdir_in(&sessions)
            .map_err(Error::io(&sessions, "create a folder in it"))?;
        let whole = temporary.path().join("session");
        session.save(&whole)?;
        files::sync_folder(&whole);
        if let Some(old) = self.finished()? {
            let aside = temporary.path().join(old.file_name().unwrap_or_default());
            std::fs::rename(&old, &aside).map_err(Error::io(&old, "replace it"))?;
        }
        let folder = sessions.join(format!("{}-{}", session.name(), self.key));
        if let Err(error) = std::fs::rename(&whole, &folder) {
            self.put_back(temporary.path());
            return Err(Error::io(&folder, "put the finished session there")(error));
        }
        // On the disk before its checkpoint is deleted, so that a power cut leaves one of the two.
        files::sync_folder(&sessions);
        Ok(())
    }

    /// Deletes the checkpoint, where there is one.
    pub(crate) fn forget_checkpoint(&self) -> Result<()> {
        let checkpoint = self.checkpoint_file();
        match std::fs::remove_file(&checkpoint) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io(&checkpoint, "delete it")(error))
            }
            _ => Ok(()),
        }
    }

    /// Moves a damaged file or folder out of the way and tells the observer.
    pub(crate) fn set_aside(&self, place: &Path, problem: &Error, observer: &dyn Observer) -> Result<()> {
        let damaged = self.root.join("damaged");
        std::fs::create_dir_all(&damaged).map_err(Error::io(&damaged, "create the folder"))?;
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let names = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}.{number}")));
        // The names never end.
        let free = names.map(|name| damaged.join(name)).find(|path| !path.exists()).unwrap_or(damaged);
        std::fs::rename(place, &free).map_err(Error::io(place, "set it aside"))?;
        observer.notice(&format!(
            "{problem}; it was set aside as {} and the session begins anew",
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
        for entry in entries {
            let entry = entry.map_err(Error::io(place, "list it"))?;
            if entry.file_name().to_string_lossy().ends_with(&suffix) {
                return Ok(Some(entry.path()));
            }
        }
        Ok(None)
    }
}

fn open_lock(path: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    file.map_err(Error::io(path, "open it"))
}

/// Waits until no other process holds the lock, and calls `follow` every few seconds until then. The lock
/// is freed when the file is closed, also by the operating system when its process dies.
pub(crate) fn lock(path: &Path, session: &str, observer: &dyn Observer, follow: &dyn Fn()) -> Result<File> {
    let file = open_lock(path)?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::Error(error)) => return Err(Error::io(path, "lock it")(error)),
        Err(TryLockError::WouldBlock) => {}
    }
    observer.notice(&format!("session {session} is being trained by another process; waiting for it"));
    let mut followed: Option<Instant> = None;
    loop {
        if followed.is_none_or(|followed| followed.elapsed() >= FOLLOW_EVERY) {
            follow();
            followed = Some(Instant::now());
        }
        std::thread::sleep(LOOK_AGAIN);
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(Error::io(path, "lock it")(error)),
            Err(TryLockError::WouldBlock) if observer.should_stop() => {
                return Err(Error::from(Failure::Interrupted { session: session.to_owned(), iteration: 0 }));
            }
            Err(TryLockError::WouldBlock) => {}
        }
    }
}
