//! Locks between processes. A lock saves work: without one two processes may do the same work, and nothing goes wrong.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use crate::error::{Error, Result};

/// How a file is locked: [`File::try_lock`], or what a test puts in its place.
pub(crate) type TryLock = fn(&File) -> std::result::Result<(), TryLockError>;

/// What came of an attempt to get a lock.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// It is ours until the file is closed, which the operating system does when a process ends.
    Locked,
    /// Another process has it.
    Busy,
    /// The file system has no locks, with a sentence that says so.
    NoLocks(String),
}

/// Tries to lock the open file `file` at `path`.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) if the lock is refused for another reason than those of [`Attempt`].
pub(crate) fn attempt(file: &File, path: &Path, try_lock: TryLock) -> Result<Attempt> {
    match try_lock(file) {
        Ok(()) => Ok(Attempt::Locked),
        Err(TryLockError::WouldBlock) => Ok(Attempt::Busy),
        Err(TryLockError::Error(error)) if has_no_locks(&error) => {
            let folder = path.parent().unwrap_or(path).display();
            Ok(Attempt::NoLocks(format!("{folder}: this file system has no locks ({error})")))
        }
        Err(TryLockError::Error(error)) => Err(Error::io(path, "lock it")(error)),
    }
}

/// Whether this is how a file system without locks answers: ENOLCK, ENOSYS, ENOTSUP or EOPNOTSUPP.
fn has_no_locks(error: &io::Error) -> bool {
    const CODES: &[i32] = if cfg!(windows) {
        &[]
    } else if cfg!(any(target_os = "linux", target_os = "android")) {
        &[37, 38, 95]
    } else {
        &[77, 78, 45, 102]
    };
    error.kind() == io::ErrorKind::Unsupported
        || error.raw_os_error().is_some_and(|code| CODES.contains(&code))
}

/// What a file system without locks answers.
#[cfg(test)]
pub(crate) fn refuse(_: &File) -> std::result::Result<(), TryLockError> {
    let no_locks = if cfg!(target_os = "linux") { 37 } else { 77 };
    Err(TryLockError::Error(io::Error::from_raw_os_error(no_locks)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_locks_is_told_from_a_lock_that_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let (first, second) = (File::create(&path).unwrap(), File::create(&path).unwrap());
        let try_lock: TryLock = File::try_lock;
        assert!(matches!(attempt(&first, &path, try_lock).unwrap(), Attempt::Locked));
        assert!(matches!(attempt(&second, &path, try_lock).unwrap(), Attempt::Busy));
        let unsupported: TryLock = |_| Err(TryLockError::Error(io::ErrorKind::Unsupported.into()));
        for no_locks in [refuse, unsupported] {
            let Attempt::NoLocks(sentence) = attempt(&second, &path, no_locks).unwrap() else { panic!() };
            assert!(
                sentence.contains("has no locks") && sentence.contains(&*folder.path().to_string_lossy())
            );
        }
        let denied: TryLock = |_| Err(TryLockError::Error(io::ErrorKind::PermissionDenied.into()));
        assert!(attempt(&second, &path, denied).unwrap_err().to_string().contains("could not lock it"));
    }
}
