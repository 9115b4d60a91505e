//! Finding a data set by name or in the usual places.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::cifar::layout::{Cifar, Cifar100Labels, FOLDER, PYTHON_FOLDER};
use super::cifar::place::Place;
use super::cifar::reader::{self, labels_needed};
use super::{Dataset, FolderOptions, Source, folder};
use crate::error::{Error, Result};
use crate::files::user_folder;

/// The environment variable that names the folder of CIFAR-10.
const VARIABLE: &str = "SOFTNESS_CIFAR10";

/// What the search depends on, read from the environment in one place.
#[derive(Debug, Clone, Default)]
struct Surroundings {
    variable: Option<OsString>,
    working: PathBuf,
    user: Option<PathBuf>,
}

impl Surroundings {
    fn now() -> Self {
        Self { variable: std::env::var_os(VARIABLE), working: PathBuf::new(), user: user_folder() }
    }

    /// The folders to look in after the environment variable, in order.
    fn folders(&self) -> Vec<PathBuf> {
        let parents = [self.working.join("data"), self.working.clone()];
        let parents = parents.into_iter().chain(self.user.clone());
        parents.flat_map(|parent| [FOLDER, PYTHON_FOLDER].map(|name| parent.join(name))).collect()
    }
}

impl Dataset {
    /// CIFAR-10 if it is found, else [`Dataset::synthetic`] with seed 0. CIFAR-10 is searched for in this order:
    /// 1. the folder or archive in the environment variable `SOFTNESS_CIFAR10`; if it is set, CIFAR-10 must be there;
    /// 2. `data/cifar-10-batches-bin` and `cifar-10-batches-bin` in the working folder;
    /// 3. `softness/cifar-10-batches-bin` in the user's data folder, to which [`Dataset::fetch_cifar10`] downloads it:
    ///    `$XDG_DATA_HOME`, or `~/.local/share`; `%LOCALAPPDATA%` on Windows.
    ///
    /// If a place has no `cifar-10-batches-bin`, its `cifar-10-batches-py`, the Python version, is used.
    ///
    /// [`Dataset::summary`] says in one line which data set it is.
    ///
    /// # Errors
    /// [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) if the variable is set and there is no CIFAR-10 in its folder;
    /// those of [`Dataset::cifar10`] if a folder has some of the six files, but not all of them or damaged ones.
    pub fn auto() -> Result<Self> {
        auto_in(&Surroundings::now())
    }

    /// The data set with this name: `auto` ([`Dataset::auto`]), `synthetic` or `synthetic:SEED` ([`Dataset::synthetic`],
    /// default seed 0), a folder or an archive. [`Dataset::cifar10`] reads a folder with files of CIFAR-10, at most two levels
    /// down, and a tar archive of them, by itself or in a folder without sub-folders. [`Dataset::folder`], with its defaults,
    /// reads a folder with other sub-folders.
    ///
    /// # Errors
    /// [`ErrorKind::NoDataset`](crate::ErrorKind::NoDataset) if it is none of these, or CIFAR-100 ([`Dataset::cifar100`]);
    /// those of the reader otherwise.
    pub fn open(name: &str) -> Result<Self> {
        Self::open_with(name, &OpenOptions::default())
    }

    /// [`Dataset::open`] with options.
    pub(crate) fn open_with(name: &str, options: &OpenOptions) -> Result<Self> {
        let seed = name.strip_prefix("synthetic:").or_else(|| (name == "synthetic").then_some("0"));
        let dataset = if name == "auto" {
            Self::auto()?
        } else if let Some(seed) = seed {
            let requirement = "a seed is a whole number from 0 to 18446744073709551615, as in `synthetic:1`";
            Self::synthetic(seed.parse().map_err(|_| Error::option("data set", name, requirement))?)?
        } else if let Some(labels) = options.labels {
            let problem = match Place::find_any(Path::new(name))? {
                Some((_, Cifar::Ten)) if Place::hundred_beside(Path::new(name))?.is_none() => {
                    Some("it is CIFAR-10, which has one set of labels; leave `--labels` out")
                }
                None if Path::new(name).is_dir() => Some(
                    "it is not CIFAR-100, and only that has fine and coarse labels; leave `--labels` out",
                ),
                _ => None,
            };
            if let Some(problem) = problem {
                return Err(Error::no_dataset(name, problem));
            }
            Self::cifar100(name, labels)?
        } else if let Some((place, cifar)) = Place::find_any(Path::new(name))? {
            if cifar == Cifar::Ten {
                let dataset = reader::read(&place, cifar)?;
                let note = |hundred: PathBuf| {
                    let hundred = hundred.display();
                    format!(
                        "CIFAR-100 is there too, in {hundred}; `--labels fine` or `--labels coarse` reads it"
                    )
                };
                let notes = Place::hundred_beside(Path::new(name))?.map(note);
                dataset.with_notes(notes.into_iter().collect())
            } else {
                return Err(labels_needed(&place));
            }
        } else {
            return open_folder(name, options);
        };
        let requirement = "it is for image folders without a test split; this data set has one";
        if let Some(share) = options.test_share {
            return Err(Error::option("test share", share, requirement));
        }
        if let Some(labels) = options.labels.filter(|_| dataset.source() != Source::Cifar100) {
            let value = match labels {
                Cifar100Labels::Fine => "fine",
                Cifar100Labels::Coarse => "coarse",
            };
            let requirement = "only CIFAR-100 has fine and coarse labels: leave `--labels` out";
            return Err(Error::option("labels", value, requirement));
        }
        dataset.with_classes(&options.classes)
    }
}

/// How [`Dataset::open_with`] reads a data set.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenOptions {
    /// The share of test pictures of an image folder, if it is asked for.
    pub(crate) test_share: Option<f64>,
    /// The classes to keep; none stands for all.
    pub(crate) classes: Vec<String>,
    /// The labels of CIFAR-100.
    pub(crate) labels: Option<Cifar100Labels>,
}

/// An image folder.
fn open_folder(name: &str, options: &OpenOptions) -> Result<Dataset> {
    let folder = Path::new(name);
    let problem = match std::fs::read_dir(folder) {
        Err(_) if folder.is_file() => {
            "it is a file, and not a tar archive of CIFAR-10 (a data set is `auto`, `synthetic`, `synthetic:SEED`, a \
             folder or such an archive)"
        }
        Err(_) => {
            "there is no such folder (a data set is `auto`, `synthetic`, `synthetic:SEED`, a folder or an archive of CIFAR-10)"
        }
        Ok(entries) => {
            if entries.into_iter().any(|entry| entry.is_ok_and(|entry| entry.path().is_dir())) {
                let asked = options.test_share.is_some();
                let folder_options = FolderOptions::default().classes(&options.classes);
                let share = options.test_share.unwrap_or(folder_options.test_share);
                return folder::read(folder, &folder_options.test_share(share), asked);
            }
            "the folder has neither the six files of CIFAR-10, nor its archive, nor a sub-folder per class"
        }
    };
    Err(Error::no_dataset(name, problem))
}

/// Why synthetic images are used.
const NOT_FOUND: &str = "CIFAR-10 was not found; `softness fetch cifar10` downloads it";

fn auto_in(surroundings: &Surroundings) -> Result<Dataset> {
    match cifar10_in(surroundings)? {
        Some(dataset) => Ok(dataset),
        None => Ok(Dataset::synthetic(0)?.from(Source::Synthetic, Some(NOT_FOUND.into()))),
    }
}

/// CIFAR-10, if it is found.
fn cifar10_in(surroundings: &Surroundings) -> Result<Option<Dataset>> {
    if let Some(value) = surroundings.variable.as_ref().filter(|value| !value.is_empty()) {
        let folder = Path::new(value);
        let place = format!("{} (from the environment variable {VARIABLE})", folder.display());
        let problem = "none of the six files of CIFAR-10 is there; correct the variable or unset it";
        let found = Place::find(folder, Cifar::Ten)?.ok_or_else(|| Error::no_dataset(place, problem))?;
        return reader::read(&found, Cifar::Ten).map(Some);
    }
    for folder in surroundings.folders() {
        if let Some(place) = Place::find(&folder, Cifar::Ten)? {
            return reader::read(&place, Cifar::Ten).map(Some);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six files of two records each.
    fn write_small(folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        for file in 1..=6 {
            let name = if file == 6 { "test_batch.bin".into() } else { format!("data_batch_{file}.bin") };
            std::fs::write(folder.join(name), [vec![1; 3073], vec![2; 3073]].concat()).unwrap();
        }
    }

    fn surroundings(root: &Path) -> Surroundings {
        Surroundings { variable: None, working: root.join("work"), user: Some(root.join("user/softness")) }
    }

    fn place(surroundings: &Surroundings) -> String {
        auto_in(surroundings).unwrap().summary()
    }

    #[test]
    fn each_place_comes_before_the_next() {
        let root = tempfile::tempdir().unwrap();
        let mut around = surroundings(root.path());
        let summary = place(&around);
        assert!(summary.starts_with("synthetic images, seed 0 (CIFAR-10 was not found"), "{summary}");
        for folder in [
            "user/softness/cifar-10-batches-py",
            "user/softness/cifar-10-batches-bin",
            "work/cifar-10-batches-py",
            "work/cifar-10-batches-bin",
        ] {
            let folder = root.path().join(folder);
            write_small(&folder);
            assert!(place(&around).contains(&folder.display().to_string()), "{}", folder.display());
        }
        let folder = root.path().join("work/data/cifar-10-batches-bin");
        write_small(&folder);
        assert!(place(&around).contains(&folder.display().to_string()));
        let folder = root.path().join("elsewhere");
        write_small(&folder);
        around.variable = Some(folder.clone().into());
        assert!(place(&around).contains(&folder.display().to_string()));
    }

    #[test]
    fn a_variable_that_leads_nowhere_is_an_error_that_names_it() {
        let root = tempfile::tempdir().unwrap();
        let mut around = surroundings(root.path());
        write_small(&root.path().join("work/cifar-10-batches-bin"));
        around.variable = Some(root.path().join("nowhere").into());
        let message = auto_in(&around).unwrap_err().to_string();
        assert!(message.contains("nowhere") && message.contains(VARIABLE), "{message}");
    }

    #[test]
    fn a_folder_with_some_of_the_files_is_an_error_and_not_skipped() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("work/cifar-10-batches-bin");
        write_small(&folder);
        std::fs::remove_file(folder.join("data_batch_4.bin")).unwrap();
        let message = auto_in(&surroundings(root.path())).unwrap_err().to_string();
        assert!(message.contains("data_batch_4.bin"), "{message}");
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let root = tempfile::tempdir().unwrap();
        let around = Surroundings { variable: Some("".into()), ..surroundings(root.path()) };
        assert_eq!(auto_in(&around).unwrap().source(), Source::Synthetic);
    }
}
