//! What several tests of sessions and of the program need: small data, a small network, and ways to
//! compare sessions bit by bit.
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use sha2::{Digest, Sha256};
use softness::internals::Weights;
use softness::prelude::*;
use softness::session::Architecture;
use softness::session::{Evaluation, Observer, Progress, SessionRecord};

pub fn dataset() -> Dataset {
    softness::dataset::Dataset::tiny()
}

/// A small network on batches of 10.
pub fn small() -> Training {
    let architecture = Architecture { filters: [3, 4], dense: 16, dropout: 0.25, ..Architecture::paper() };
    Training::paper().architecture(architecture).iterations(25).batch(10).learning_rate(1e-3)
}

/// A session in memory.
pub fn train(training: Training) -> Session {
    softness::session::train_in_memory(&dataset(), training, &()).unwrap()
}

pub type Bits = (String, Training, Vec<FilterBank>, Vec<Evaluation>, Option<Weights>, Option<SessionRecord>);

/// The files of a saved session beside their checksums.
pub const SESSION_FILES: [&str; 10] = [
    "session.json",
    "history.csv",
    "layer1.npy",
    "layer1_bias.npy",
    "layer2.npy",
    "layer2_bias.npy",
    "dense1.npy",
    "dense1_bias.npy",
    "dense2.npy",
    "dense2_bias.npy",
];

/// Everything that a session is, but for what its record says of the run: seconds and resumption.
pub fn bits(session: &Session) -> Bits {
    let banks = (1..=session.layers()).map(|layer| session.filters(layer).unwrap()).collect();
    let record = session.record().map(|mut record| {
        record.train_seconds = 0.0;
        record.resumed_from = 0;
        record
    });
    let (name, training) = (session.name().to_string(), session.training());
    (name, training, banks, session.history().to_vec(), session.weights().cloned(), record)
}

/// The files of a folder whose names end so.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

/// The finished sessions of a store, by path.
pub fn archives(store: &Path) -> Vec<PathBuf> {
    let shelves = files(&store.join("sessions"), "");
    let mut found: Vec<PathBuf> = shelves.iter().flat_map(|shelf| files(shelf, ".session")).collect();
    found.sort();
    found
}

/// The key in the name of the one finished session of a store.
pub fn only_key(store: &Path) -> String {
    let [archive] = &archives(store)[..] else { panic!("one session") };
    archive.file_stem().unwrap().to_string_lossy().into_owned()
}

/// Writes the files of an archive into a folder.
pub fn unpack(archive: &Path, folder: &Path) {
    zip::ZipArchive::new(std::fs::File::open(archive).unwrap()).unwrap().extract(folder).unwrap();
}

/// Writes the files of a folder into an archive, as a store does.
pub fn pack(folder: &Path, archive: &Path) {
    let mut writer = zip::ZipWriter::new(std::fs::File::create(archive).unwrap());
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for path in files(folder, "") {
        writer.start_file(path.file_name().unwrap().to_string_lossy(), stored).unwrap();
        std::io::Write::write_all(&mut writer, &std::fs::read(path).unwrap()).unwrap();
    }
    writer.finish().unwrap();
}

/// Collects what it is told, and wants to stop after so many iterations.
#[derive(Default)]
pub struct Listener {
    pub notices: Mutex<Vec<String>>,
    pub last: AtomicUsize,
    pub loaded: AtomicUsize,
    pub stop_after: Option<usize>,
}

impl Observer for Listener {
    fn progress(&self, progress: &Progress) {
        self.last.store(progress.iteration as usize, Ordering::Relaxed);
        self.loaded.fetch_add(usize::from(progress.is_from_earlier_call()), Ordering::Relaxed);
    }

    fn notice(&self, sentence: &str) {
        self.notices.lock().unwrap().push(sentence.to_owned());
    }

    fn should_stop(&self) -> bool {
        self.stop_after.is_some_and(|iteration| self.last.load(Ordering::Relaxed) >= iteration)
    }
}

/// Writes the checksums of a saved session's files anew, as one who changed them on purpose would.
pub fn sum_again(folder: &Path) {
    let mut text = String::new();
    for path in files(folder, "").iter().filter(|path| !path.ends_with("SHA256SUMS")) {
        let sum = Sha256::digest(std::fs::read(path).unwrap());
        let digits: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        text += &format!("{digits}  {}\n", path.file_name().unwrap().to_string_lossy());
    }
    std::fs::write(folder.join("SHA256SUMS"), text).unwrap();
}

/// A CIFAR-10 folder of 20 records a file.
pub fn write_cifar(folder: &Path) {
    let dataset = dataset();
    let split = dataset.train();
    let mut bytes = Vec::new();
    for index in 0..20 {
        bytes.push(split.labels()[index]);
        bytes.extend(split.image(index).iter());
    }
    std::fs::create_dir_all(folder).unwrap();
    for file in 1..=5 {
        std::fs::write(folder.join(format!("data_batch_{file}.bin")), &bytes).unwrap();
    }
    std::fs::write(folder.join("test_batch.bin"), &bytes).unwrap();
}

/// Six sessions of a small network.
pub const PLAN: &str = "name = \"small\"\nevaluate_every = 2\n[network]\nfilters = [4, 6]\ndense = 8\n\
                        [[level]]\niterations = 1\nsessions = 2\n[[level]]\niterations = 3\nsessions = 2\n\
                        [[level]]\niterations = 6\nsessions = 2\n";
