//! Files and folders, with errors that name them.

use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use crate::Result;

/// Turns an error of the operating system into a sentence about `path`.
pub fn about(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> String {
    move |error| format!("{}: could not {action}: {error}", path.display())
}

/// Creates a folder and its parents.
pub fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(about(path, "create the folder"))
}

/// Removes a file or folder if it exists.
pub fn remove(path: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Err(_) => return Ok(()),
        Ok(kind) if kind.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    };
    removed.map_err(about(path, "remove it"))
}

/// Locks a file and calls `waits` once if another process has the lock. On a file system without locks a sentence is
/// printed and the work goes on: a lock saves work, and two processes that do the same end well.
pub fn lock(file: &fs::File, path: &Path, waits: impl FnOnce()) -> Result<()> {
    lock_with(file, path, waits, fs::File::try_lock)
}

fn lock_with(
    file: &fs::File,
    path: &Path,
    waits: impl FnOnce(),
    try_lock: fn(&fs::File) -> std::result::Result<(), fs::TryLockError>,
) -> Result<()> {
    match try_lock(file) {
        Ok(()) => Ok(()),
        Err(fs::TryLockError::WouldBlock) => {
            waits();
            file.lock().map_err(about(path, "lock it"))
        }
        Err(fs::TryLockError::Error(error)) => {
            let folder = path.parent().unwrap_or(path).display();
            eprintln!(
                "{folder}: files cannot be locked here ({error}); do not start `cargo lab` twice at once"
            );
            Ok(())
        }
    }
}

/// Writes a file atomically: readers see either the old text or the new one.
pub fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let temporary = path.with_file_name(format!(
        ".{}-{}",
        std::process::id(),
        path.file_name().unwrap_or_default().to_string_lossy()
    ));
    fs::write(&temporary, text).map_err(about(&temporary, "write it"))?;
    fs::rename(&temporary, path).map_err(about(path, "put the new file there"))
}

/// Copies a file with its time stamp, because cargo compares time stamps.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map_err(about(from, "copy it"))?;
    let time = fs::metadata(from).and_then(|data| data.modified()).map_err(about(from, "read its time"))?;
    let file = fs::OpenOptions::new().append(true).open(to).map_err(about(to, "open it"))?;
    file.set_modified(time).map_err(about(to, "set its time"))
}

/// Copies those files of a folder that `wanted` accepts, with their time stamps.
pub fn copy_folder(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    make_folder(to)?;
    for entry in fs::read_dir(from).map_err(about(from, "list it"))? {
        let path = entry.map_err(about(from, "list it"))?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_folder(&path, &target, wanted)?;
        } else if wanted(&path) {
            copy(&path, &target)?;
        }
    }
    Ok(())
}

/// Makes a file, or a folder and everything in it, readable for everyone. The compiler restricts some of its
/// files to the current user.
#[cfg(unix)]
pub fn let_all_read(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let data = fs::symlink_metadata(path).map_err(about(path, "read its permissions"))?;
    if data.is_symlink() {
        return Ok(());
    }
    let mode = data.permissions().mode();
    // What the owner may execute (programs, folders), everyone may execute.
    let open = mode | 0o444 | if mode & 0o100 == 0 { 0 } else { 0o111 };
    if open != mode {
        fs::set_permissions(path, PermissionsExt::from_mode(open))
            .map_err(about(path, "let others read it"))?;
    }
    if data.is_dir() {
        for entry in fs::read_dir(path).map_err(about(path, "list it"))? {
            let_all_read(&entry.map_err(about(path, "list it"))?.path())?;
        }
    }
    Ok(())
}

/// Does nothing: only Unix has such permissions.
#[cfg(not(unix))]
pub fn let_all_read(_: &Path) -> Result<()> {
    Ok(())
}

/// Feeds the names and contents of a file or folder to a hash.
pub fn hash(path: &Path, hasher: &mut impl Hasher) -> Result<()> {
    if !path.is_dir() {
        let name = path.file_name().unwrap_or_default();
        (name, fs::read(path).map_err(about(path, "read it"))?).hash(hasher);
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(about(path, "list it"))? {
        entries.push(entry.map_err(about(path, "list it"))?.path());
    }
    entries.sort();
    entries.iter().try_for_each(|entry| hash(entry, hasher))
}

/// The size of a file or folder in bytes.
pub fn size(path: &Path) -> u64 {
    match fs::symlink_metadata(path) {
        Ok(kind) if kind.is_dir() => {
            fs::read_dir(path).into_iter().flatten().flatten().map(|entry| size(&entry.path())).sum()
        }
        Ok(kind) => kind.len(),
        Err(_) => 0,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_system_without_locks_stops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let file = fs::File::create(&path).unwrap();
        let no_locks = |_: &fs::File| Err(fs::TryLockError::Error(std::io::ErrorKind::Unsupported.into()));
        assert_eq!(lock_with(&file, &path, || panic!("nobody has it"), no_locks), Ok(()));
        let mut waited = false;
        let busy = |_: &fs::File| Err(fs::TryLockError::WouldBlock);
        assert_eq!(lock_with(&file, &path, || waited = true, busy), Ok(()));
        assert!(waited);
    }

    #[test]
    fn everyone_may_read_the_files_and_run_the_programs() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("inside");
        write(&inside.join("lock"), "").unwrap();
        write(&inside.join("program"), "").unwrap();
        let modes = [("inside/lock", 0o600), ("inside/program", 0o700), ("inside", 0o700), ("", 0o700)];
        for (name, mode) in modes {
            fs::set_permissions(folder.path().join(name), PermissionsExt::from_mode(mode)).unwrap();
        }
        let_all_read(folder.path()).unwrap();
        let now = modes.map(|(name, _)| fs::metadata(folder.path().join(name)).unwrap().permissions().mode());
        assert_eq!(now.map(|mode| mode & 0o777), [0o644, 0o755, 0o755, 0o755]);
    }
}
