//! Writing a file that a user asked for, at a place where something may be already.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use super::{beginning, no_folder, write_atomically, written};
use crate::error::{Error, Result};

/// Writes `bytes` to a temporary file and renames it to `path`, as [`write_atomically`] does. If `path` is a link, the file that it leads to
/// is replaced; a replaced file's permissions stay. A pipe or a device is not replaced: it receives the bytes.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) with `path`. No temporary file is left.
pub(crate) fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    let path = &followed(path);
    let Ok(there) = std::fs::metadata(path) else { return write_atomically(path, bytes) };
    if there.is_dir() {
        return Err(Error::option("the file", path.display(), "it is a folder: name a file"));
    }
    if !there.is_file() {
        let mut place = OpenOptions::new().write(true).open(path).map_err(Error::io(path, "open it"))?;
        return place.write_all(bytes).map_err(Error::io(path, "write it"));
    }
    let file = written(path, bytes)?;
    #[cfg(unix)]
    file.as_file().set_permissions(there.permissions()).map_err(Error::io(path, "set its permissions"))?;
    file.persist(path).map_err(|failed| Error::io(path, "write it")(failed.error))?;
    Ok(())
}

/// The title of a page begins within its first bytes.
const HEAD: u64 = 1024;

/// [`save`] of a page of HTML with this title. Only a page with the same title is replaced by it.
///
/// # Errors
/// Those of [`check_page`] and [`save`].
pub(crate) fn save_page(path: &Path, title: &str, html: &str) -> Result<()> {
    check_page(path, title)?;
    save(path, html.as_bytes())
}

/// Refuses a name that does not end in .html, or of a file that would lie in something else than a folder, or is there and no page with
/// this title.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption); [`ErrorKind::Io`](crate::ErrorKind::Io) if the file cannot be read.
pub(crate) fn check_page(path: &Path, title: &str) -> Result<()> {
    if let Some(there) = path.parent().and_then(no_folder) {
        let requirement = format!("{} is not a folder: name a file in a folder", there.display());
        return Err(Error::option("the page's file", path.display(), requirement));
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let is_html = matches!(ending.as_deref(), Some("html" | "htm"));
    Error::require(is_html, "the page's file", path.display(), "its name must end in .html")?;
    if !path.is_file() {
        return Ok(());
    }
    let head = beginning(path, HEAD).map_err(Error::io(path, "read it"))?;
    let title = format!("<title>{title}</title>");
    let is_replaced = head.is_empty() || head.windows(title.len()).any(|part| part == title.as_bytes());
    let requirement = "another file is there, and a page replaces only an earlier one of its kind: name another file, or remove that one";
    Error::require(is_replaced, "the page's file", path.display(), requirement)
}

/// Where a link leads, even if nothing is there yet; any other path as it is.
fn followed(path: &Path) -> PathBuf {
    let Ok(target) = std::fs::read_link(path) else { return path.to_owned() };
    let one_step = || path.parent().unwrap_or(Path::new("")).join(target);
    path.canonicalize().unwrap_or_else(|_| one_step())
}

/// Where a file of this name is or will be: two names of one place are equal, also if nothing is there yet, or a link leads there.
pub(crate) fn place(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut place = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => _ = place.pop(),
            part => place.push(part),
        }
        place = followed(&place);
    }
    place
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    const OLD: &str = "<!DOCTYPE html><html><head><title>Maps</title></head><body>old</body></html>";

    #[test]
    fn a_page_replaces_only_one_of_its_kind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.html");
        let is = |text: &str| assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        for other in ["a letter", "<title>Map</title>", &OLD.replace("Maps", "Holidays")] {
            std::fs::write(&path, other).unwrap();
            let error = save_page(&path, "Maps", "new").unwrap_err().to_string();
            assert!(
                error.contains("page.html") && error.contains("only an earlier one of its kind"),
                "{error}"
            );
            is(other);
        }
        for own in [OLD, ""] {
            std::fs::write(&path, own).unwrap();
            save_page(&path, "Maps", "new").unwrap();
            is("new");
        }
    }

    #[test]
    fn a_link_stays_and_the_file_that_it_leads_to_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("elsewhere")).unwrap();
        std::fs::write(at("elsewhere/page.html"), OLD).unwrap();
        symlink("elsewhere/page.html", at("link.html")).unwrap();
        symlink("elsewhere/new.html", at("dangling.html")).unwrap();
        save_page(&at("link.html"), "Maps", "new").unwrap();
        save_page(&at("dangling.html"), "Maps", "first").unwrap();
        assert_eq!(std::fs::read_to_string(at("elsewhere/page.html")).unwrap(), "new");
        assert_eq!(std::fs::read_to_string(at("elsewhere/new.html")).unwrap(), "first");
        assert!(at("link.html").is_symlink() && at("dangling.html").is_symlink());
        assert_eq!(std::fs::read_dir(at("elsewhere")).unwrap().count(), 2, "no temporary file is left");
    }

    #[test]
    fn the_names_of_one_place_are_equal_before_anything_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| place(&folder.path().join(name));
        std::fs::create_dir_all(folder.path().join("real/deep")).unwrap();
        symlink("real", folder.path().join("link")).unwrap();
        symlink("a.npy", folder.path().join("dangling.npy")).unwrap();
        for name in
            ["./a.npy", "new/../a.npy", "real/../a.npy", "link/deep/../../a.npy", "dangling.npy", ".//a.npy"]
        {
            assert_eq!(at(name), at("a.npy"), "{name}");
        }
        assert_eq!(at("link/a.npy"), at("real/a.npy"));
        for name in ["b.npy", "real/a.npy", "new/a.npy", "a.npy.npy"] {
            assert_ne!(at(name), at("a.npy"), "{name}");
        }
        assert_eq!(place(Path::new("a.npy")), place(Path::new("./new/../a.npy")));
    }

    #[test]
    fn a_private_file_stays_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        save(&path, b"new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_pipe_receives_the_bytes_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.html");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let read = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read_to_string(pipe).unwrap()
        });
        save_page(&pipe, "Maps", "a page").unwrap();
        assert_eq!(read.join().unwrap(), "a page");
        assert!(crate::files::is_pipe(&std::fs::metadata(&pipe).unwrap()));
    }

    #[test]
    fn nothing_but_a_page_is_replaced_by_a_page_and_no_folder_by_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().join("plan.toml");
        std::fs::write(&plan, "seed = 1").unwrap();
        let error = save_page(&plan, "Maps", "a page").unwrap_err().to_string();
        assert!(error.contains("plan.toml") && error.contains("must end in .html"), "{error}");
        let error = save_page(&plan.join("a/page.html"), "Maps", "a page").unwrap_err().to_string();
        assert!(error.contains("plan.toml is not a folder: name a file in a folder"), "{error}");
        assert_eq!(std::fs::read_to_string(&plan).unwrap(), "seed = 1");
        let error = save(folder.path(), b"text").unwrap_err().to_string();
        assert!(error.contains("it is a folder: name a file"), "{error}");
    }
}
