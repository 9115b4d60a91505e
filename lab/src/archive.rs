//! A built kernel and library as one file, for other machines with the same system, compiler and sources.
//!
//! `lab/archive.py` reads and writes the file; Python is needed anyway, and has gzip, tar, HTTP and the system's certificates.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::Result;
use crate::facade;
use crate::files::{self, about};
use crate::kernel;
use crate::library::Library;
use crate::library_build;
use crate::manifest::{Manifest, NO_ARCHIVE, Sources};
use crate::places::Places;
use crate::python;
use crate::toolchain::{LOADER, Toolchain, before};

/// Where an archive is, as given by the user.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// A file, or a URL that begins with http:// or https://.
    pub from: String,
    /// The SHA-256 that it must have, in small letters.
    pub sha256: Option<String>,
}

/// The folder in `.lab` for an archive while it is checked.
const NEW: &str = "new-archive";

/// Packs the kernel and the current library into the file `target`, and prints its SHA-256.
pub fn pack(places: &Places, python: &Path, sources: &Sources, target: &Path) -> Result<()> {
    let missing = || "the library was edited while it was built: run this again".to_owned();
    let library = Library::current(places).ok_or_else(missing)?;
    let manifest = Manifest::to_pack(sources, &library.sources().ok_or_else(missing)?);
    let mut paths = BTreeMap::new();
    let kernel = places.kernel();
    paths.insert(format!("kernel/{}", kernel.file_name().unwrap_or_default().to_string_lossy()), kernel);
    for name in library_build::FOLDERS {
        list(&library.folder.join(name), name, &mut paths)?;
    }
    let dependencies = facade::linked_folders(&library.folder);
    for folder in dependencies.iter().filter(|folder| !folder.starts_with(&library.folder)) {
        list(folder, "dependencies", &mut paths)?;
    }
    eprintln!("packing the kernel and the library ..");
    let plan = json!({ "manifest": manifest, "files": paths });
    let sha256 = run(places, python, &[OsStr::new("pack"), target.as_os_str()], &plan.to_string())?;
    let sha256 = sha256.trim();
    println!("{}: {} MB", target.display(), files::size(target) / 1_000_000);
    println!("SHA-256 {sha256} (also in {}.sha256)", target.display());
    println!("elsewhere, with this file or its URL: cargo lab --kernel-from FILE --sha256 {sha256}");
    Ok(())
}

/// Adds the files in a folder, with the names that they have in an archive.
fn list(folder: &Path, name: &str, paths: &mut BTreeMap<String, PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(about(folder, "list it"))? {
        let path = entry.map_err(about(folder, "list it"))?.path();
        let name = format!("{name}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() { list(&path, &name, paths)? } else { drop(paths.insert(name, path)) }
    }
    Ok(())
}

/// An archive that suits this copy of the project, unpacked in `.lab`, with every file checked. Dropping it removes what was
/// not put in place.
#[derive(Debug)]
pub struct Unpacked {
    folder: PathBuf,
    manifest: Manifest,
}

impl Unpacked {
    /// Fetches, checks and unpacks the archive. Nothing outside one folder of `.lab` changes.
    pub fn new(
        places: &Places,
        toolchain: &Toolchain,
        python: &Path,
        here: &Sources,
        source: &Source,
    ) -> Result<Self> {
        let unpacked = Self::unpack(places, toolchain, python, here, source);
        unpacked.map_err(|error| format!("{error}. Without --kernel-from, `cargo lab` builds its own"))
    }

    fn unpack(
        places: &Places,
        toolchain: &Toolchain,
        python: &Path,
        here: &Sources,
        source: &Source,
    ) -> Result<Self> {
        remove_leftover(places)?;
        let folder = Folder(places.inside(NEW));
        files::make_folder(&folder.0)?;
        let from = &source.from;
        let ask = |arguments: &[&OsStr]| run(places, python, arguments, "");
        let about_it = |error: String| format!("{from}: {error}");
        eprintln!("taking the kernel and the library from {from} ..");
        let file = if is_url(from) {
            let file = folder.0.join("archive.tar.gz");
            ask(&["fetch".as_ref(), from.as_ref(), file.as_ref()])?;
            file
        } else {
            PathBuf::from(from)
        };
        let mut question: Vec<&OsStr> = vec!["manifest".as_ref(), from.as_ref(), file.as_ref()];
        question.extend(source.sha256.as_deref().map(OsStr::new));
        let answer: Value =
            serde_json::from_str(&ask(&question)?).map_err(|_| about_it(NO_ARCHIVE.into()))?;
        let manifest = Manifest::read(&answer["manifest"]).map_err(about_it)?;
        manifest.check(places, toolchain, here).map_err(about_it)?;
        if source.sha256.is_none() {
            eprintln!("its SHA-256 is {}", answer["sha256"].as_str().unwrap_or_default());
        }
        let content = folder.0.join("content");
        ask(&["unpack".as_ref(), from.as_ref(), file.as_ref(), content.as_ref()])?;
        let unpacked = Self { folder: folder.keep(), manifest };
        unpacked.try_out(places, toolchain).map_err(about_it)?;
        Ok(unpacked)
    }

    /// A path in the archive.
    fn inside(&self, name: &str) -> PathBuf {
        self.folder.join("content").join(name)
    }

    fn kernel(&self, places: &Places) -> PathBuf {
        self.inside("kernel").join(places.kernel().file_name().unwrap_or_default())
    }

    /// Checks that everything is there and that the system can start the kernel.
    fn try_out(&self, places: &Places, toolchain: &Toolchain) -> Result<()> {
        let kernel = self.kernel(places);
        let complete =
            library_build::FOLDERS.iter().chain(&["dependencies"]).all(|name| self.inside(name).is_dir());
        if !complete || !kernel.is_file() {
            return Err(NO_ARCHIVE.to_owned());
        }
        if cfg!(windows) {
            return Ok(()); // evcxr's own kernel has no way to start and end at once.
        }
        let mut command = Command::new(&kernel);
        command.env(LOADER, before(&[toolchain.standard_library()], LOADER));
        let output =
            command.output().map_err(|error| format!("its kernel cannot be started here: {error}"))?;
        // Without arguments it says how it is used.
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        match output.status.code() {
            Some(2) => Ok(()),
            _ => Err(format!("its kernel cannot be started here: {said}")),
        }
    }

    /// Puts the kernel in place.
    pub fn place_kernel(&self, places: &Places) -> Result<()> {
        let target = places.kernel();
        files::make_folder(&places.inside("kernel/bin"))?;
        fs::rename(self.kernel(places), &target).map_err(about(&target, "put it there"))
    }

    /// Puts the library in place.
    pub fn place_library(&self, places: &Places, toolchain: &Toolchain) -> Result<()> {
        let (names, build) = (self.manifest.library_sources(), self.manifest.dependencies());
        library_build::take(places, toolchain, &self.inside(""), &names, &build)
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        let _ = files::remove(&self.folder);
    }
}

/// A folder that is removed unless it is kept.
struct Folder(PathBuf);

impl Folder {
    fn keep(mut self) -> PathBuf {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            let _ = files::remove(&self.0);
        }
    }
}

/// Removes what an interrupted set-up has left.
pub fn remove_leftover(places: &Places) -> Result<()> {
    files::remove(&places.inside(NEW))
}

/// Whether an archive is fetched over the network.
pub fn is_url(from: &str) -> bool {
    let from = from.to_ascii_lowercase();
    from.starts_with("http://") || from.starts_with("https://")
}

/// Runs `lab/archive.py`, which ends together with this program, and returns what it printed. If it fails, that is the error.
fn run(places: &Places, python: &Path, arguments: &[&OsStr], input: &str) -> Result<String> {
    let mut command = Command::new(python);
    python::alone(&mut command).env("PYTHONUTF8", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg(places.source("archive.py")).args(arguments);
    let lost = |error: std::io::Error| format!("Python could not be started: {error}");
    let mut command = kernel::bound(command)?;
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn();
    let mut child = child.map_err(lost)?;
    if let Some(mut pipe) = child.stdin.take() {
        // If it has ended early, its own sentence says why.
        let _ = std::io::Write::write_all(&mut pipe, input.as_bytes());
    }
    let output = child.wait_with_output().map_err(lost)?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match output.status.code() {
        Some(0) => Ok(text),
        Some(1) if !text.is_empty() => Err(text),
        _ => Err("lab/archive.py ended unexpectedly; see the messages above".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_an_archive_is_refused_and_nothing_is_written_outside() {
        let Ok(python) = crate::toolchain::find_python() else {
            println!("skipped: there is no Python here");
            return;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("archive_check.py");
        let mut command = Command::new(python);
        python::alone(&mut command).env("PYTHONDONTWRITEBYTECODE", "1").arg(script).arg("--small");
        assert!(command.status().unwrap().success());
    }

    #[test]
    fn a_url_is_told_from_a_file() {
        assert!(is_url("http://host/k.tar.gz") && is_url("HTTPS://host/k.tar.gz"));
        assert!(!is_url("k.tar.gz") && !is_url("http/k.tar.gz") && !is_url("C:\\k.tar.gz"));
    }

    #[cfg(unix)]
    #[test]
    fn a_failed_take_leaves_nothing() {
        let Ok(python) = crate::toolchain::find_python() else {
            println!("skipped: there is no Python here");
            return;
        };
        let project = tempfile::tempdir().unwrap();
        let places = Places::new(project.path());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("archive.py");
        files::copy_folder(script.parent().unwrap(), &project.path().join("lab"), &|path| path == script)
            .unwrap();
        let (sysroot, host) = (PathBuf::new(), "x-y".to_owned());
        let toolchain = Toolchain { sysroot, version: "rustc 1\nhost: x-y".into(), host };
        let here = |text: &str| Sources {
            compiler: toolchain.version.clone(),
            evcxr: "1".into(),
            kernel: text.into(),
            views: "2".into(),
        };
        let name = places.kernel().file_name().unwrap().to_string_lossy().into_owned();
        let archive = project.path().join("k.tar.gz");
        let make = |text: &str| {
            let program = project.path().join("program");
            files::write(&program, text).unwrap();
            files::write(&program.with_file_name("file"), "text").unwrap();
            fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
            let mut paths = BTreeMap::from([(format!("kernel/{name}"), program.clone())]);
            for name in ["lib/a", "interface/e", "dependencies/b", "views/c/d"] {
                paths.insert(name.to_owned(), program.with_file_name("file"));
            }
            let plan = json!({ "manifest": Manifest::to_pack(&here("1"), &BTreeMap::new()), "files": paths });
            run(&places, &python, &["pack".as_ref(), archive.as_ref()], &plan.to_string()).unwrap()
        };
        let sha256 = make("#!/bin/sh\nexit 2\n");
        assert_eq!(make("#!/bin/sh\nexit 2\n"), sha256, "the same files make the same archive");
        let source = |from: &Path| Source { from: from.to_string_lossy().into_owned(), sha256: None };
        let take =
            |here: &Sources, source: &Source| Unpacked::new(&places, &toolchain, &python, here, source);
        let new = places.inside(NEW);
        let tail = ". Without --kernel-from, `cargo lab` builds its own";

        let error = take(&here("9"), &source(&archive)).unwrap_err();
        let from = archive.display();
        let differs = "lab/kernel differs from the one that this archive was made from";
        assert_eq!(error, format!("{from}: {differs}{tail}"));
        assert!(!new.exists());
        let absent = project.path().join("absent");
        let error = take(&here("1"), &source(&absent)).unwrap_err();
        assert_eq!(error, format!("{}: No such file or directory{tail}", absent.display()));
        assert!(!new.exists());

        let unpacked = take(&here("1"), &source(&archive)).unwrap();
        unpacked.place_kernel(&places).unwrap();
        assert!(places.kernel().is_file() && unpacked.inside("views/c/d").is_file());
        drop(unpacked);
        assert!(!new.exists());
        // A kernel that was linked with a newer C library than there is here.
        make("#!/bin/sh\necho version GLIBC_9 not found >&2\nexit 1\n");
        let error = take(&here("1"), &source(&archive)).unwrap_err();
        assert_eq!(
            error,
            format!("{from}: its kernel cannot be started here: version GLIBC_9 not found{tail}")
        );
        assert!(!new.exists());
    }
}
