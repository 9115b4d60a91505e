//! One folder per running kernel. It is removed when the kernel ends, or by the next kernel if it was killed.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use crate::Result;
use crate::files::{self, about};
use crate::library::Library;
use crate::places::Places;

/// The start of the name of folders in the system's temporary folder, used if `.lab` belongs to another user.
const SHARED: &str = "softness-kernels-";

/// A running kernel's folder; dropping this value removes it.
///
/// `lock` is locked as long as the kernel runs, `library` names the library it has loaded, and its cells are
/// built in `cells`.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    _lock: File,
}

impl RunFolder {
    /// Creates a folder for a kernel with this library, after removing the folders of kernels that have ended.
    pub fn new(places: &Places, library: &Library) -> Result<Self> {
        let base = base(places);
        files::make_folder(&base)?;
        sweep(&base);
        let name = std::process::id().to_string();
        let path = base.join(&name);
        files::remove(&path)?;
        // It is locked before it gets its final name, so that no other kernel removes it.
        let unlocked = base.join(format!(".new-{name}"));
        files::remove(&unlocked)?;
        files::make_folder(&unlocked)?;
        let lock_path = unlocked.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path);
        let lock = lock.map_err(about(&lock_path, "create it"))?;
        files::lock(&lock, &lock_path, || ())?;
        fs::rename(&unlocked, &path).map_err(about(&path, "put the kernel's folder there"))?;
        let folder = Self { path, _lock: lock };
        files::write(&folder.path.join("library"), library.folder.to_string_lossy().as_bytes())?;
        files::copy_folder(&library.folder.join("seed"), &folder.cells(), &|_| true)?;
        Ok(folder)
    }

    /// Where the kernel builds its cells.
    pub fn cells(&self) -> PathBuf {
        self.path.join("cells")
    }

    /// Where the kernel makes its pipes.
    pub fn pipes(&self) -> PathBuf {
        self.path.join("pipes")
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        let _ = files::remove(&self.path);
        let base = self
            .path
            .parent()
            .filter(|base| base.file_name().is_some_and(|name| name.to_string_lossy().starts_with(SHARED)));
        // This works only for the user's last kernel; it fails if there are others.
        let _ = base.map(fs::remove_dir);
    }
}

/// The folder for this user's kernels.
fn base(places: &Places) -> PathBuf {
    let ours = places.inside("run");
    let probe = ours.join(format!(".probe-{}", std::process::id()));
    if fs::create_dir_all(&ours).is_ok() && File::create(&probe).is_ok() {
        let _ = fs::remove_file(&probe);
        return ours;
    }
    let user =
        std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_else(|_| "anyone".to_owned());
    std::env::temp_dir().join(format!("{SHARED}{user}"))
}

/// Removes the folders of kernels that have ended: those whose lock is free.
pub fn sweep(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !entry.file_name().to_string_lossy().starts_with('.') && is_free(&path) {
            let _ = files::remove(&path);
        }
    }
}

fn is_free(folder: &Path) -> bool {
    match File::open(folder.join("lock")) {
        // Where there are no locks, nobody knows, so the folder stays.
        Ok(lock) => lock.try_lock().is_ok(),
        Err(_) => false,
    }
}

/// The libraries that running kernels have loaded, including kernels of other users.
pub fn libraries_in_use(places: &Places) -> Vec<PathBuf> {
    let list =
        |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let shared = list(std::env::temp_dir())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(SHARED)));
    let mut bases: Vec<PathBuf> = shared.collect();
    bases.push(places.inside("run"));
    sweep(&places.inside("run"));
    let names =
        bases.into_iter().flat_map(list).filter_map(|run| fs::read_to_string(run.join("library")).ok());
    names.map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_removed_after_its_kernel_has_ended_and_not_before() {
        let project = tempfile::tempdir().unwrap();
        let places = Places::new(project.path());
        let library =
            Library { folder: project.path().join("library"), sysroot: PathBuf::new(), host: String::new() };
        files::write(&library.folder.join("seed/target/file"), "built").unwrap();

        let running = RunFolder::new(&places, &library).unwrap();
        let gone = places.inside("run/killed");
        files::write(&gone.join("lock"), "").unwrap();
        assert_eq!(libraries_in_use(&places), std::slice::from_ref(&library.folder));
        assert!(running.cells().join("target/file").exists());
        assert!(!gone.exists());

        let path = running.path.clone();
        drop(running);
        assert!(!path.exists());
    }
}
