//! Small files that the tests read.
use std::path::Path;

/// The six files of a CIFAR-10 folder.
pub const FILES: [&str; 6] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
    "test_batch.bin",
];

/// One record: a label and 3,072 bytes that follow from `number`, without a pattern to compress.
pub fn record(label: u8, number: usize) -> Vec<u8> {
    let pixel =
        |position: usize| ((number * 3072 + position) as u32).wrapping_mul(2_654_435_761).to_le_bytes()[3];
    std::iter::once(label).chain((0..3072).map(pixel)).collect()
}

/// `count` records with labels that go round from 0 to 9.
pub fn records(first: usize, count: usize) -> Vec<u8> {
    (first..first + count).flat_map(|number| record((number % 10) as u8, number)).collect()
}

/// Writes six files, file k of `counts[k]` records.
pub fn write_cifar(folder: &Path, counts: [usize; 6]) {
    std::fs::create_dir_all(folder).unwrap();
    let mut first = 0;
    for (file, count) in FILES.into_iter().zip(counts) {
        std::fs::write(folder.join(file), records(first, count)).unwrap();
        first += count;
    }
}

/// The names of everything in a folder, hidden or not, sorted.
pub fn listing(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

/// Whether a message holds each of some words.
#[track_caller]
pub fn assert_says(message: impl ToString, words: &[&str]) {
    let message = message.to_string();
    for word in words {
        assert!(message.contains(word), "{word:?} is missing from: {message}");
    }
}
