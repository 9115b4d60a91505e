//! Writing files so that a reader never sees half of one.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};

/// What the names of files and folders begin with that are not written to their end.
pub(crate) const TEMPORARY: &str = ".softness-";

/// Writes `bytes` to `path`: first to a temporary file in the same folder, then renamed over it.
/// The folder is created where it is missing. What stood at `path` stays whole until the rename.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) naming `path`; nothing is left behind then.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
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
        // Temporary files are private to their owner; what is finished is readable as usual.
        file.as_file()
            .set_permissions(std::fs::Permissions::from_mode(0o644))
            .map_err(Error::io(path, "make it readable"))?;
    }
    // On the disk before the name is: a power cut leaves the old file or the new one, never an empty one.
    file.as_file().sync_all().map_err(Error::io(path, "write it"))?;
    file.persist(path).map_err(|failed| Error::io(path, "write it")(failed.error))?;
    Ok(())
}

/// Brings what was renamed in a folder to the disk, where the system can: not every one opens folders.
pub(crate) fn sync_folder(folder: &Path) {
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// What the name of the temporary file for `path` begins with: enough of its own name to know it by, not
/// so much that it could become too long.
fn temporary_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    TEMPORARY.chars().chain(name.chars().take(40)).chain(['-']).collect()
}

/// The whole of a file.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) naming `path`.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(Error::io(path, "read it"))
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
    fn folders_on_the_way_are_created() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a/b/c.txt");
        write_atomically(&target, b"text").unwrap();
        assert_eq!(read(&target).unwrap(), b"text");
    }
}
