//! What the fuzz targets share: files that hold what the fuzzer thought of.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use softness::session::Architecture;
use softness::session::{Training, train_in_memory};

#[cfg(feature = "libfuzzer")]
pub use libfuzzer_sys;

/// The body of a target, which is called with bytes: those that the fuzzer thought of, or, without the feature `libfuzzer`, those of
/// the files that the program is given.
#[macro_export]
#[cfg(feature = "libfuzzer")]
macro_rules! target {
    (|$bytes:ident: &[u8]| $body:block) => {
        $crate::libfuzzer_sys::fuzz_target!(|$bytes: &[u8]| $body);
    };
}

/// The body of a target, which is called with the bytes of the files that the program is given.
#[macro_export]
#[cfg(not(feature = "libfuzzer"))]
macro_rules! target {
    (|$bytes:ident: &[u8]| $body:block) => {
        fn main() {
            $crate::read_each(|$bytes: &[u8]| $body)
        }
    };
}

/// Calls `read` with the bytes of each file that this program is given.
///
/// # Panics
/// If there is none, or if one cannot be read.
pub fn read_each(read: impl Fn(&[u8])) {
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    assert!(!files.is_empty(), "give the files to read");
    for file in &files {
        read(&std::fs::read(file).expect("a file that can be read"));
    }
    println!("read {} files", files.len());
}

/// A folder of this process alone, in memory where there is such a place; nothing of it stays.
pub fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder for temporary files")
}

/// Calls `read` with a file of these bytes.
pub fn with_file(bytes: &[u8], read: impl FnOnce(&Path)) {
    thread_local! { static FOLDER: tempfile::TempDir = folder(); }
    FOLDER.with(|folder| {
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).expect("a file in memory");
        read(&path);
    });
}

/// SHA-256 of some bytes.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The files of a session whose bytes are looked at, without their checksums.
pub const SESSION_FILES: [&str; 8] = [
    "session.json",
    "history.csv",
    "layer1.npy",
    "layer1_bias.npy",
    "layer2.npy",
    "layer2_bias.npy",
    "dense1.npy",
    "dense2_bias.npy",
];

/// Trains a very small session and saves it in `folder`.
pub fn write_session(folder: &Path) {
    let architecture = Architecture { filters: [2, 3], kernels: [3, 3], dense: 4, ..Architecture::paper() };
    let training = Training::paper().architecture(architecture).iterations(3).batch(5).evaluate_every(1);
    let dataset = softness::dataset::Dataset::tiny();
    train_in_memory(&dataset, training, &())
        .and_then(|session| session.save(folder))
        .expect("a session in memory");
}

/// Writes the checksums of a session's files anew, as one who changed them on purpose would.
pub fn sum_again(folder: &Path) {
    let mut text = String::new();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| !path.ends_with("SHA256SUMS")) {
        let digits: String =
            digest(&std::fs::read(path).expect("a file")).iter().map(|byte| format!("{byte:02x}")).collect();
        text += &format!("{digits}  {}\n", path.file_name().unwrap_or_default().to_string_lossy());
    }
    std::fs::write(folder.join("SHA256SUMS"), text).expect("a file in memory");
}
