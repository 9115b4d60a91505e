//! Writing files atomically, so that no reader sees an incomplete one, and the user's data folder.

pub(crate) mod checksums;
pub(crate) mod lock;
pub(crate) mod owner;
pub(crate) mod save;
pub(crate) mod tables;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The beginning of the names of files and folders that are not complete yet.
pub(crate) const TEMPORARY: &str = ".softness-";

/// Writes `bytes` to a temporary file in the folder of `path` and renames it to `path`. The folder is created if it is
/// missing. A file that was at `path` stays complete until the rename.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) with `path`. No temporary file is left.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let file = written(path, bytes)?;
    file.persist(path).map_err(|failed| Error::io(path, "write it")(failed.error))?;
    Ok(())
}

/// [`write_atomically`] if there is no file at `path`. Returns whether there was none. Of several processes that do this at the
/// same time, one is told so, and its file stays.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) with `path`. No temporary file is left.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<bool> {
    match written(path, bytes)?.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(failed) if failed.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        // Some file systems have neither hard links nor renaming that spares what is there, and say so first.
        Err(_) if path.exists() => Ok(false),
        Err(failed) => {
            failed.file.persist(path).map_err(|failed| Error::io(path, "write it")(failed.error))?;
            Ok(true)
        }
    }
}

/// A temporary file in the folder of `path`, which is created, with these bytes, on the disk.
fn written(path: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(Error::io(folder, "create the folder"))?;
    let mut file = tempfile::Builder::new()
        .prefix(&temporary_name(path))
        .tempfile_in(folder)
        .map_err(Error::io(folder, "create a temporary file in it"))?;
    file.write_all(bytes).map_err(Error::io(path, "write it"))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private to their owner; finished ones are readable as usual.
        file.as_file()
            .set_permissions(std::fs::Permissions::from_mode(0o644))
            .map_err(Error::io(path, "make it readable"))?;
    }
    // The content reaches the disk before the name: a power cut leaves the old file or the new one, never an empty one.
    file.as_file().sync_all().map_err(Error::io(path, "write it"))?;
    Ok(file)
}

/// The first bytes of a file, at most this many.
pub(crate) fn beginning(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Removes a file that may not be there. Returns whether it was.
pub(crate) fn remove_if_there(path: &Path) -> std::io::Result<bool> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}

/// Brings renamed entries of a folder to the disk, on systems that can open folders.
pub(crate) fn sync_folder(folder: &Path) {
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// The name of a temporary file for `path` without its random end: up to 40 characters of its own name, so that it is not too
/// long, and the process that writes it.
fn temporary_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let begun: String = TEMPORARY.chars().chain(name.chars().take(40)).collect();
    begun + &owner::Owner::this().suffix()
}

/// Refuses the name of a folder that is, or lies in, something else, such as a file. The folder need not exist.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) with the option and what is there.
pub(crate) fn check_folder(option: &str, folder: &Path) -> Result<()> {
    let Some(there) = no_folder(folder) else { return Ok(()) };
    // Without a slash at its end, which a file cannot have.
    let is_whole = folder.components().eq(there.components());
    let requirement = match (is_whole, there.exists()) {
        (true, true) => "it is not a folder: name a folder".to_owned(),
        (_, false) => format!("{} is a link that leads nowhere: name a folder", there.display()),
        (false, true) => format!("{} is not a folder: name a folder", there.display()),
    };
    Err(Error::option(option, folder.display(), requirement))
}

/// What is there and is no folder, of a folder and those that it lies in.
fn no_folder(folder: &Path) -> Option<PathBuf> {
    let whole: PathBuf = folder.components().collect();
    let is_there = |path: &&Path| path.symlink_metadata().is_ok();
    whole.ancestors().find(is_there).filter(|there| !there.is_dir()).map(Path::to_owned)
}

/// The content of a file or a pipe.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) with `path`; [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if it is a device other
/// than standard input: it may never end.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let is_input = INPUT.iter().any(|name| path == Path::new(name));
    if !is_input && std::fs::metadata(path).is_ok_and(|data| is_device(&data)) {
        return Err(Error::malformed(path, "it is a device, and neither a file nor a pipe: name a file"));
    }
    std::fs::read(path).map_err(Error::io(path, "read it"))
}

/// The names of standard input, which may be a terminal.
const INPUT: [&str; 3] = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

fn is_device(data: &std::fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        data.file_type().is_char_device() || data.file_type().is_block_device()
    }
    #[cfg(not(unix))]
    {
        let _ = data;
        false
    }
}

/// Whether it is a pipe, as a shell makes of `<(command)`.
pub(crate) fn is_pipe(data: &std::fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileTypeExt::is_fifo(&data.file_type())
    }
    #[cfg(not(unix))]
    {
        let _ = data;
        false
    }
}

/// `softness` in the user's data folder (XDG Base Directory Specification; Known Folders on Windows).
pub(crate) fn user_folder() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = if cfg!(windows) {
        variable("LOCALAPPDATA")?
    } else {
        variable("XDG_DATA_HOME").or_else(|| Some(variable("HOME")?.join(".local/share")))?
    };
    Some(data.join("softness"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("taken");
        std::fs::create_dir(&target).unwrap();
        let error = write_atomically(&target, b"new").unwrap_err();
        assert!(error.to_string().contains("taken"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_never_replaces_one_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        assert!(write_new(&path, b"first").unwrap());
        assert!(!write_new(&path, b"second").unwrap());
        assert_eq!(read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn a_device_is_not_read() {
        let message = read(Path::new("/dev/zero")).unwrap_err().to_string();
        assert_eq!(message, "/dev/zero: it is a device, and neither a file nor a pipe: name a file");
    }

    #[test]
    fn a_folder_that_is_a_file_or_in_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("taken");
        std::fs::write(&file, "a").unwrap();
        for (path, words) in [
            (file.clone(), "taken, but it is not a folder"),
            (file.join(""), "but it is not a folder"),
            (file.join("a/b"), "taken is not a folder"),
        ] {
            let message = check_folder("--out", &path).unwrap_err().to_string();
            assert!(message.starts_with("--out is ") && message.contains(words), "{message}");
        }
        for path in [folder.path().to_owned(), folder.path().join("new/deep"), "new".into(), "".into()] {
            check_folder("--out", &path).unwrap();
        }
    }

    #[test]
    fn folders_on_the_way_are_created() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a/b/c.txt");
        write_atomically(&target, b"text").unwrap();
        assert_eq!(read(&target).unwrap(), b"text");
    }
}
