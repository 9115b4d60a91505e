//! Tables and figures that people edit. What they changed is kept when the same folder is written again.

use std::path::{Path, PathBuf};

use super::checksums::Checksums;
use super::owner::sweep;
use super::save::save;
use super::{remove_if_there, write_atomically};
use crate::error::{Error, Result};

/// The SHA-256 of each table and figure as it was written, in the format of `sha256sum --check`.
pub(crate) const SUMS: &str = "tables.sha256";

/// The tables and figures of a folder.
#[derive(Debug)]
pub(crate) struct Tables<'a> {
    folder: &'a Path,
    sums: Checksums,
    kept: Vec<String>,
}

impl<'a> Tables<'a> {
    /// Those of a folder that may have some from an earlier run. Temporary files of a run that was killed are deleted.
    pub(crate) fn of(folder: &'a Path) -> Self {
        sweep(folder);
        let path = folder.join(SUMS);
        // Without them, every table counts as edited, and none is lost.
        let sums = std::fs::read(&path).ok().and_then(|bytes| Checksums::parse(&path, &bytes).ok());
        Self { folder, sums: sums.unwrap_or_default(), kept: Vec::new() }
    }

    /// Writes a table or a figure. If another one is there, and it is not as it was written, it gets a name of its own first.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file.
    pub(crate) fn write(&mut self, name: &str, content: impl AsRef<[u8]>) -> Result<()> {
        let bytes = content.as_ref();
        self.keep(name, Some(bytes))?;
        save(&self.folder.join(name), bytes)?;
        self.sums.add(name, bytes);
        self.write_sums()
    }

    /// Removes a table that this run does not write. If it is not as it was written, it gets another name instead. Returns whether it
    /// was removed.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file.
    pub(crate) fn remove(&mut self, name: &str) -> Result<bool> {
        self.keep(name, None)?;
        let path = self.folder.join(name);
        let is_removed = remove_if_there(&path).map_err(Error::io(&path, "remove it"))?;
        self.sums.remove(name);
        self.write_sums()?;
        Ok(is_removed)
    }

    /// Removes the tables and figures in this sub-folder that were written before and are not among `current`, as [`remove`](Self::remove) does.
    /// Returns the names of those that were removed.
    ///
    /// # Errors
    /// Those of [`remove`](Self::remove).
    pub(crate) fn remove_others(&mut self, folder: &str, current: &[String]) -> Result<Vec<String>> {
        let is_old = |name: &&str| {
            let inside = name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            inside && current.iter().all(|other| other != name)
        };
        let old: Vec<String> = self.sums.names().filter(is_old).map(str::to_owned).collect();
        let mut removed = Vec::new();
        for name in old {
            if self.remove(&name)? {
                removed.push(name);
            }
        }
        Ok(removed)
    }

    /// A sentence for each table that got another name.
    pub(crate) fn kept(self) -> Vec<String> {
        self.kept
    }

    /// Renames a table that is neither as it was written nor as it will be.
    fn keep(&mut self, name: &str, new: Option<&[u8]>) -> Result<()> {
        let path = self.folder.join(name);
        let found = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io(&path, "read it")(error)),
        };
        if Some(&*found) == new || self.sums.has(name, &found) {
            return Ok(());
        }
        let other = free_name(&path);
        std::fs::rename(&path, &other).map_err(Error::io(&path, "rename it"))?;
        self.kept.push(format!(
            "{} is not as it was last written here and may have been edited, so it is kept as {}",
            path.display(),
            other.display()
        ));
        Ok(())
    }

    fn write_sums(&self) -> Result<()> {
        write_atomically(&self.folder.join(SUMS), self.sums.text().as_bytes())
    }
}

/// "scores.edited.csv" for "scores.csv", or with the first number behind it that is free.
fn free_name(path: &Path) -> PathBuf {
    let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let named = |number: u64| match number {
        1 => path.with_extension(format!("edited.{ending}")),
        _ => path.with_extension(format!("edited-{number}.{ending}")),
    };
    // Also a link that leads nowhere has the name.
    (1..).map(named).find(|path| std::fs::symlink_metadata(path).is_err()).expect("some name is free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_table_is_kept_and_any_other_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
        let write = |text: &str| {
            let mut tables = Tables::of(folder.path());
            tables.write("a.csv", text).unwrap();
            tables.kept()
        };
        assert_eq!((write("1"), write("2"), write("2")), (vec![], vec![], vec![]));
        // The digits of `printf 2 | sha256sum`.
        let two = "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35";
        assert_eq!(read(SUMS), format!("{two}  a.csv\n"));
        for (edited, name) in [("mine", "a.edited.csv"), ("mine too", "a.edited-2.csv")] {
            std::fs::write(path("a.csv"), edited).unwrap();
            let (from, to) = (path("a.csv"), path(name));
            let sentence = format!(
                "{} is not as it was last written here and may have been edited, so it is kept as {}",
                from.display(),
                to.display()
            );
            assert_eq!(write("3"), [sentence]);
            assert_eq!((read(name), read("a.csv")), (edited.to_owned(), "3".to_owned()));
        }
        // An edit that says what is written anyway is none.
        std::fs::write(path("a.csv"), "4").unwrap();
        assert_eq!(write("4"), Vec::<String>::new());
        std::fs::write(path("a.csv"), "mine again").unwrap();
        let mut tables = Tables::of(folder.path());
        tables.remove("a.csv").unwrap();
        tables.remove("a.csv").unwrap();
        assert_eq!(
            (tables.kept().len(), read("a.edited-3.csv"), read(SUMS)),
            (1, "mine again".into(), "".into())
        );
        assert!(!path("a.csv").exists());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn temporary_files_of_a_run_that_was_killed_are_deleted_and_no_others() {
        use super::super::owner::Owner;
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        let ended = child.id();
        let Owner { host, process } = Owner::this();
        let folder = tempfile::tempdir().unwrap();
        let named = |owner: &str| folder.path().join(format!(".softness-layers.csv.{owner}.AbCdEf"));
        let (left, ours) = (named(&format!("{host}.{ended}")), named(&format!("{host}.{process}")));
        let (elsewhere, no_owner) =
            (named(&format!("elsewhere.{ended}")), folder.path().join(".softness-mine"));
        let is_folder = folder.path().join(format!(".softness-a.{host}.{ended}.AbCdEf"));
        let other = folder.path().join(format!("layers.csv.{host}.{ended}.AbCdEf"));
        for path in [&left, &ours, &elsewhere, &no_owner, &other] {
            std::fs::write(path, "begun").unwrap();
        }
        // Those of other hosts stay also if they are old.
        let two_days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(48 * 60 * 60);
        std::fs::File::options().write(true).open(&elsewhere).unwrap().set_modified(two_days_ago).unwrap();
        std::fs::create_dir(&is_folder).unwrap();
        let mut tables = Tables::of(folder.path());
        tables.write("layers.csv", "1").unwrap();
        assert!(!left.exists());
        for path in [ours, elsewhere, no_owner, is_folder, other] {
            assert!(path.exists(), "{}", path.display());
        }
    }

    #[test]
    fn what_is_no_longer_written_in_a_sub_folder_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut tables = Tables::of(folder.path());
        for name in ["a.csv", "figures/1.svg", "figures/2.svg", "figures/3.svg"] {
            tables.write(name, "1").unwrap();
        }
        std::fs::write(path("figures/2.svg"), "mine").unwrap();
        std::fs::write(path("figures/4.svg"), "mine").unwrap();
        let mut tables = Tables::of(folder.path());
        let removed = tables.remove_others("figures", &["figures/1.svg".to_owned()]).unwrap();
        assert_eq!(removed, ["figures/3.svg"]);
        let sums = std::fs::read_to_string(path(SUMS)).unwrap();
        assert!(
            sums.contains("  a.csv") && sums.contains("figures/1.svg") && sums.lines().count() == 2,
            "{sums}"
        );
        assert!(!path("figures/2.svg").exists() && !path("figures/3.svg").exists());
        // What a person edited or brought stays.
        assert!(path("figures/2.edited.svg").exists() && path("figures/4.svg").exists());
        assert_eq!(tables.kept().len(), 1);
    }
}
