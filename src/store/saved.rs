//! A finished session as files, in a folder or in the archive of a store.
//!
//! | file | content |
//! |---|---|
//! | `session.json` | the [`SessionRecord`](crate::session::SessionRecord) |
//! | `layer1.npy`, `layer2.npy` | filters, f32 (out, in, k, k) |
//! | `layer1_bias.npy`, `layer2_bias.npy` | their biases, f32 (out) |
//! | `dense1.npy`, `dense2.npy` | dense weights, f32 (in, out); optional |
//! | `dense1_bias.npy`, `dense2_bias.npy` | their biases, f32 (out); optional |
//! | `snapshots.csv` | the iterations at which filters were kept while training, n of them; optional, as are the next two |
//! | `snapshots_layer1.npy`, `snapshots_layer2.npy` | the filters at these iterations, 16-bit floats (n, out, in, k, k) |
//! | `snapshots_layer1_bias.npy`, `snapshots_layer2_bias.npy` | their biases, f32 (n, out) |
//! | `history.csv` | iteration, loss, test_accuracy |
//! | `SHA256SUMS` | the checksum of every file above, checked when the session is loaded |

use std::path::{Path, PathBuf};

use ndarray::{Array, Array1, Dim, Dimension};

use crate::error::{Error, Result};
use crate::files;
use crate::files::checksums::{self, Checksums};
use crate::filters::{FilterBank, npy_bytes, parse_npy};
use crate::network::{Architecture, Weights};
use crate::session::keep::Keep;
use crate::session::record::SOFTWARE;
use crate::session::{Evaluation, Session, SessionRecord};
use crate::store::archive;
use crate::store::snapshots::{self, ReadFile};
use crate::text::cells;
use crate::text::csv::Csv;

/// The file of the record.
const RECORD: &str = "session.json";
const HISTORY_HEADER: &str = "iteration,loss,test_accuracy";

impl Session {
    /// Saves the record, filters, weights, history and checksums in `folder`, which is created. A session saved there before is replaced.
    ///
    /// A session that was not trained here ([`from_filters`](Self::from_filters), [`from_checkpoints`](Self::from_checkpoints)), or is one
    /// state of another ([`at`](Self::at)), has no record: its arrays are saved for other programs, and [`load`](Self::load) refuses them.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file; [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the folder has
    /// no name, or has a file of one of these names that is of no saved session, or a session with a record where this one has none.
    pub fn save(&self, folder: &Path) -> Result<()> {
        let requirement = "a session is several files: name a folder for them";
        Error::require(!folder.as_os_str().is_empty(), "folder", "empty", requirement)?;
        let files = self.saved_files();
        let is_there = |name: &str| folder.join(name).exists();
        let foreign = files.iter().find(|(name, _)| !is_there(checksums::FILE) && is_there(name));
        if let Some((name, _)) = foreign {
            let requirement = format!("its file {name} is of no saved session: name another folder");
            return Err(Error::option("folder", folder.display(), requirement));
        }
        if self.record.is_none() && is_there(RECORD) {
            let requirement = "it has a session with a record, and this one has none: name another folder";
            return Err(Error::option("folder", folder.display(), requirement));
        }
        // The checksums are the last: without them, a folder is no session.
        for (name, bytes) in files {
            files::write_atomically(&folder.join(name), &bytes)?;
        }
        Ok(())
    }

    /// The names and contents of the files of the saved session, its checksums last.
    pub(super) fn saved_files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for (bank, layer) in self.filters.iter().zip(1..) {
            files.push((format!("layer{layer}.npy"), npy_bytes(bank.weights())));
            files.push((format!("layer{layer}_bias.npy"), npy_bytes(bank.bias())));
        }
        if let Some(weights) = &self.weights {
            for ((dense, bias), layer) in weights.dense.iter().zip(&weights.dense_bias).zip(1..) {
                files.push((format!("dense{layer}.npy"), npy_bytes(dense)));
                files.push((format!("dense{layer}_bias.npy"), npy_bytes(bias)));
            }
        }
        files.extend(snapshots::files(&self.snapshots));
        files.push(("history.csv".into(), history_csv(&self.history).into_bytes()));
        if let Some(record) = &self.record {
            let mut text = serde_json::to_vec_pretty(record).expect("a record has a JSON form");
            text.push(b'\n');
            files.push((RECORD.into(), text));
        }
        let mut sums = Checksums::default();
        for (name, bytes) in &files {
            sums.add(name, bytes);
        }
        files.push((checksums::FILE.into(), sums.text().into_bytes()));
        files
    }

    /// The checksums of its weights and history, which are the same wherever it is trained, and of the filters kept at each iteration.
    /// The record is not: it has times. Dense layers and kept filters may have been left out.
    pub(super) fn bits(&self) -> Checksums {
        let mut bits = Checksums::default();
        let of_the_run = |name: &str| [RECORD, checksums::FILE].contains(&name) || snapshots::is_of(name);
        for (name, bytes) in self.saved_files().iter().filter(|(name, _)| !of_the_run(name)) {
            bits.add(name, bytes);
        }
        for snapshot in &self.snapshots {
            let files = snapshots::files(std::slice::from_ref(snapshot));
            let bytes: Vec<u8> = files.into_iter().flat_map(|(_, bytes)| bytes).collect();
            bits.add(&format!("the snapshot of iteration {}", snapshot.iteration), &bytes);
        }
        bits
    }

    /// Loads a session: the folder that [`save`](Self::save) wrote, or the archive of a [`Store`](crate::store::Store).
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) or [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the file and what is wrong with it.
    pub fn load(path: &Path) -> Result<Self> {
        Self::load_part(path, Keep::All)
    }

    /// [`load`](Self::load), without the dense layers, which are then not read, unless all is asked for.
    pub(super) fn load_part(path: &Path, keep: Keep) -> Result<Self> {
        if path.is_file() {
            return archive::load(path, keep);
        }
        Self::from_files(path, keep, &|name| files::read(&path.join(name)))
    }

    /// [`load_part`](Self::load_part) of the session with this key. A complete session in the place of another one is not the one asked for.
    pub(super) fn load_with_key(path: &Path, key: &str, keep: Keep) -> Result<Self> {
        let session = Self::load_part(path, keep)?;
        if session.record().is_some_and(|record| record.recipe.key() == key) {
            return Ok(session);
        }
        Err(Error::malformed(path, "its session was trained with other options than those in its name"))
    }

    /// A session from the files that [`save`](Self::save) wrote, on disk, in an archive or in the program. `folder` is their
    /// place in errors.
    pub(super) fn from_files(folder: &Path, keep: Keep, read: ReadFile) -> Result<Self> {
        let sums = Checksums::parse(&folder.join(checksums::FILE), &read(checksums::FILE)?)?;
        let files = &SavedFiles { folder, read, sums };
        let path = files.path(RECORD);
        if !files.sums.lists(RECORD) && read(RECORD).is_err() {
            let problem = "it has the arrays of a session without a record, for other programs: load each by FilterBank::load_npy";
            return Err(Error::malformed(folder, problem));
        }
        let record = parse_record(&path, &files.read(RECORD)?)?;
        let training = record.recipe.training.clone();
        // The sizes below come from a checked architecture.
        training.architecture.check().map_err(|error| Error::malformed(&path, error.to_string()))?;
        let ([f1, f2], [k1, k2]) = (training.architecture.filters, training.architecture.kernels);
        let load = |layer: usize, shape: [usize; 4]| {
            let (weights, bias) = (format!("layer{layer}.npy"), format!("layer{layer}_bias.npy"));
            let named = |name: &str, error: Error| Error::malformed(files.path(name), error.to_string());
            let zeros = Array1::zeros(shape[0]);
            let bank = FilterBank::new(layer, array(files, &weights, Dim(shape))?, zeros)
                .map_err(|error| named(&weights, error))?;
            bank.with_bias(array(files, &bias, Dim([shape[0]]))?).map_err(|error| named(&bias, error))
        };
        let filters = vec![load(1, [f1, 3, k1, k1])?, load(2, [f2, f1, k2, k2])?];
        let history =
            parse_history(&files.path("history.csv"), &files.read("history.csv")?, training.iterations)?;
        let weights = if keep == Keep::All && files.sums.lists("dense1.npy") {
            let Architecture { dense, classes, .. } = training.architecture;
            let pooled = training.architecture.pooled();
            Some(Weights {
                conv: [filters[0].weights().clone(), filters[1].weights().clone()],
                conv_bias: [filters[0].bias().clone(), filters[1].bias().clone()],
                dense: [
                    array(files, "dense1.npy", Dim([pooled, dense]))?,
                    array(files, "dense2.npy", Dim([dense, classes]))?,
                ],
                dense_bias: [
                    array(files, "dense1_bias.npy", Dim([dense]))?,
                    array(files, "dense2_bias.npy", Dim([classes]))?,
                ],
            })
        } else {
            None
        };
        let snapshots = if files.sums.lists(snapshots::ITERATIONS) {
            let snapshots = snapshots::parse(folder, &|name| files.read(name), training.iterations)?;
            if !snapshots.iter().all(|snapshot| snapshot.fits(&filters)) {
                let path = files.path(RECORD);
                return Err(Error::malformed(
                    path,
                    "it describes filters of another shape than its snapshots have",
                ));
            }
            snapshots
        } else {
            Vec::new()
        };
        Ok(Self {
            name: record.name.clone(),
            training,
            filters,
            history,
            weights,
            record: Some(record),
            snapshots,
        })
    }
}

/// The record of a session.
fn parse_record(path: &Path, bytes: &[u8]) -> Result<SessionRecord> {
    serde_json::from_slice(bytes).map_err(|error| {
        // Records of every version name the software.
        let fields: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
        let problem = match fields["software"].as_str() {
            Some(software) if software != SOFTWARE => {
                format!("it was written by {software}, and this is {SOFTWARE}, which cannot read it: {error}")
            }
            _ => format!("it is not the record of a session: {error}"),
        };
        Error::malformed(path, problem)
    })
}

/// The files of a saved session. Each is checked when it is read.
struct SavedFiles<'a> {
    /// The folder in errors.
    folder: &'a Path,
    read: ReadFile<'a>,
    sums: Checksums,
}

impl SavedFiles<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn read(&self, name: &str) -> Result<Vec<u8>> {
        let bytes = (self.read)(name)?;
        self.sums.check(&self.path(name), name, &bytes)?;
        Ok(bytes)
    }
}

/// The array in a file, which must have this shape.
fn array<D: Dimension>(files: &SavedFiles, name: &str, shape: D) -> Result<Array<f32, D>> {
    let path = files.path(name);
    let array = parse_npy::<D>(&path, &files.read(name)?)?;
    if array.raw_dim() == shape {
        return Ok(array);
    }
    let (found, wanted) = (array.shape(), shape.slice());
    Err(Error::malformed(path, format!("its shape is {found:?}, but session.json describes {wanted:?}")))
}

fn history_csv(history: &[Evaluation]) -> String {
    let mut csv = Csv::new(HISTORY_HEADER);
    for Evaluation { iteration, loss, test_accuracy } in history {
        csv.row(cells![iteration, loss, test_accuracy]);
    }
    csv.into_text()
}

/// The evaluations of a session of `end` iterations, the last of which is made at its end.
fn parse_history(path: &Path, bytes: &[u8], end: u64) -> Result<Vec<Evaluation>> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::malformed(path, "it is not UTF-8 text"))?;
    let mut lines = text.lines();
    if lines.next() != Some(HISTORY_HEADER) {
        return Err(Error::malformed(path, format!("line 1 must be \"{HISTORY_HEADER}\"")));
    }
    let row = |line: &str| -> Option<Evaluation> {
        let mut fields = line.split(',');
        let evaluation = Evaluation {
            iteration: fields.next()?.parse().ok()?,
            loss: fields.next()?.parse().ok()?,
            test_accuracy: fields.next()?.parse().ok()?,
        };
        fields.next().is_none().then_some(evaluation)
    };
    let rows = lines.zip(2..).map(|(line, number)| {
        let problem = || format!("line {number} is \"{line}\", but must be three numbers: {HISTORY_HEADER}");
        row(line).ok_or_else(|| Error::malformed(path, problem()))
    });
    let history = rows.collect::<Result<Vec<_>>>()?;
    if !text.ends_with('\n') || history.last().is_none_or(|last| last.iteration != end) {
        return Err(Error::malformed(path, format!("it is cut off: its last line must be iteration {end}")));
    }
    Ok(history)
}
