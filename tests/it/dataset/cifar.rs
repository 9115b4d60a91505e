//! CIFAR-10's binary version: what is read, and what is refused.
use std::path::Path;

use ndarray::Axis;
use softness::dataset::Dataset;
use softness::internals::{FetchOptions, Source, fetch};

use super::CIFAR10_VARIABLE;
use softness::{Error, ErrorKind};
use tempfile::{TempDir, tempdir};

use super::fixture::{FILES, assert_says, record, write_cifar};

/// A sound folder of 2, 1, 2, 1, 1 training records and 4 test records, and one file of it changed.
fn folder_with(file: &str, change: impl FnOnce(&mut Vec<u8>)) -> TempDir {
    let folder = tempdir().unwrap();
    write_cifar(folder.path(), [2, 1, 2, 1, 1, 4]);
    let path = folder.path().join(file);
    let mut bytes = std::fs::read(&path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
    folder
}

fn refusal(folder: &Path) -> Error {
    Dataset::cifar10(folder).unwrap_err()
}

#[test]
fn files_of_any_whole_number_of_records_are_read_in_order() {
    let folder = folder_with("test_batch.bin", |_| {});
    let dataset = Dataset::cifar10(folder.path()).unwrap();
    assert_eq!(dataset.train().labels(), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(dataset.test().labels(), [7, 8, 9, 0]);
    for (number, image) in dataset.train().images().axis_iter(Axis(0)).enumerate() {
        assert!(image.iter().eq(&record(0, number)[1..]), "training record {number}");
    }
    // Byte 1 + 1024 * channel + 32 * row + column of a record.
    assert_eq!(dataset.train().image(5)[[2, 17, 30]], record(0, 5)[1 + 2048 + 17 * 32 + 30]);
    assert_eq!(dataset.source(), Source::Cifar10Format);
    assert!(!dataset.is_cifar10(), "other pixels are not CIFAR-10");
    assert_says(dataset.summary(), &["7 training and 4 test images", &dataset.fingerprint()[..12]]);
}

#[test]
fn a_file_of_the_wrong_length_is_refused_with_file_and_record() {
    for file in FILES {
        let folder = folder_with(file, |bytes| bytes.push(1));
        let whole = std::fs::metadata(folder.path().join(file)).unwrap().len() / 3073;
        let error = refusal(folder.path());
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_says(error, &[file, &format!("record {whole} "), "1 of 3073"]);
    }
    let cut = folder_with("data_batch_3.bin", |bytes| bytes.truncate(3073 + 3072));
    assert_says(refusal(cut.path()), &["data_batch_3.bin", "record 1 ", "3072 of 3073", "6145 bytes"]);
}

#[test]
fn a_label_over_9_is_refused_with_file_record_and_label() {
    for (file, number, label) in [("data_batch_1.bin", 1, 10), ("test_batch.bin", 3, 255)] {
        let folder = folder_with(file, |bytes| bytes[number * 3073] = label);
        let error = refusal(folder.path());
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_says(error, &[file, &format!("record {number} "), &format!("label {label}")]);
    }
}

#[test]
fn a_missing_file_is_named() {
    for file in FILES {
        let folder = folder_with(file, |_| {});
        std::fs::remove_file(folder.path().join(file)).unwrap();
        let error = refusal(folder.path());
        assert_eq!(error.kind(), ErrorKind::NoDataset);
        assert_says(error, &[file, "softness fetch cifar10"]);
    }
    assert_says(refusal(Path::new("no/such/folder")), &["no/such/folder", "data_batch_1.bin"]);
}

#[test]
fn a_folder_in_place_of_a_file_is_named() {
    let folder = folder_with("test_batch.bin", |_| {});
    std::fs::remove_file(folder.path().join("test_batch.bin")).unwrap();
    std::fs::create_dir(folder.path().join("test_batch.bin")).unwrap();
    assert_says(refusal(folder.path()), &["test_batch.bin", "it is not a file, but a folder"]);
}

#[test]
fn an_empty_file_is_refused() {
    for file in FILES {
        let folder = folder_with(file, Vec::clear);
        assert_says(refusal(folder.path()), &[file, "it is empty, so there is no record in it"]);
    }
}

#[test]
fn one_pixel_one_label_or_the_place_of_the_cut_changes_the_fingerprint() {
    let fingerprint = |folder: &Path| Dataset::cifar10(folder).unwrap().fingerprint().to_string();
    let sound = fingerprint(folder_with("test_batch.bin", |_| {}).path());
    assert_eq!(sound.len(), 64);
    assert_eq!(fingerprint(folder_with("data_batch_2.bin", |_| {}).path()), sound, "the same again");
    let pixel = folder_with("data_batch_5.bin", |bytes| bytes[3072] ^= 1);
    assert_ne!(fingerprint(pixel.path()), sound, "the lowest bit of one training pixel");
    let pixel = folder_with("test_batch.bin", |bytes| *bytes.last_mut().unwrap() ^= 1);
    assert_ne!(fingerprint(pixel.path()), sound, "the lowest bit of the last test pixel");
    let label = folder_with("test_batch.bin", |bytes| bytes[3073] = 5);
    assert_ne!(fingerprint(label.path()), sound, "one label");
    // The same records with another border between the splits.
    let moved = tempdir().unwrap();
    write_cifar(moved.path(), [2, 1, 2, 1, 2, 3]);
    assert_ne!(fingerprint(moved.path()), sound, "another split of the same records");
}

#[test]
fn names_of_classes_are_read_and_nine_are_refused() {
    let folder = folder_with("test_batch.bin", |_| {});
    let names = folder.path().join("batches.meta.txt");
    assert_eq!(Dataset::cifar10(folder.path()).unwrap().class_names()[9], "truck", "without the file");
    std::fs::write(&names, "a\nb\nc\r\nd\ne\nf\ng\nh\ni\nten \n\n").unwrap();
    let read = Dataset::cifar10(folder.path()).unwrap().class_names().to_vec();
    assert_eq!((read.len(), read[2].as_str(), read[9].as_str()), (10, "c", "ten"));
    std::fs::write(&names, "a\nb\nc\nd\ne\nf\ng\nh\ni\n").unwrap();
    assert_says(refusal(folder.path()), &["batches.meta.txt", "names 9 classes", "10"]);
}

#[test]
fn only_an_unchanged_set_from_the_published_archive_counts_as_the_original() {
    let folder = folder_with("test_batch.bin", |_| {});
    let fingerprint = Dataset::cifar10(folder.path()).unwrap().fingerprint().to_string();
    let record = |archive: &str| {
        let text = format!(r#"{{"archive_sha256": "{archive}", "fingerprint": "{fingerprint}"}}"#);
        std::fs::write(folder.path().join("softness-source.json"), text).unwrap();
    };
    let source = || Dataset::cifar10(folder.path()).unwrap().source();
    record(&"0".repeat(64));
    assert_eq!(source(), Source::Cifar10Format, "another archive");
    record(&FetchOptions::default().sha256);
    assert_eq!(source(), Source::Cifar10Original);
    let path = folder.path().join("data_batch_1.bin");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(source(), Source::Cifar10Format, "one bit was changed since");
    std::fs::write(folder.path().join("softness-source.json"), "{").unwrap();
    assert_says(refusal(folder.path()), &["softness-source.json", "remove it"]);
}

#[test]
fn cifar_10_itself_is_recognised_where_it_is_here() {
    let Some(folder) = std::env::var_os(CIFAR10_VARIABLE) else {
        println!("skipped: {CIFAR10_VARIABLE} does not name a folder with CIFAR-10");
        return;
    };
    let dataset = Dataset::open(folder.to_str().unwrap()).unwrap();
    assert!(dataset.is_cifar10(), "{}", dataset.summary());
    assert_eq!((dataset.train().len(), dataset.test().len()), (50_000, 10_000));
    for label in 0..10 {
        let count = |labels: &[u8]| labels.iter().filter(|&&other| other == label).count();
        assert_eq!(count(dataset.train().labels()), 5_000, "training images of class {label}");
        assert_eq!(count(dataset.test().labels()), 1_000, "test images of class {label}");
    }
}

#[test]
fn a_copy_of_cifar_10_with_one_bit_changed_is_told_apart() {
    let Some(source) = std::env::var_os(CIFAR10_VARIABLE) else {
        println!("skipped: {CIFAR10_VARIABLE} does not name a folder with CIFAR-10");
        return;
    };
    // The variable may name the folder above.
    let inner = Path::new(&source).join("cifar-10-batches-bin");
    let source = if inner.is_dir() { inner } else { source.into() };
    let folder = tempdir().unwrap();
    for file in FILES {
        std::fs::copy(source.join(file), folder.path().join(file)).unwrap();
    }
    let path = folder.path().join("data_batch_2.bin");
    let mut bytes = std::fs::read(&path).unwrap();
    let mut source_after = |record: usize| {
        bytes[record * 3073 + 1] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        Dataset::cifar10(folder.path()).unwrap().source()
    };
    assert_eq!(source_after(5_000), Source::Cifar10Unverified, "beyond the first 1,000 images of a file");
    assert_eq!(source_after(999), Source::Cifar10Format, "among them");
}

#[test]
fn what_fetch_asks_for_is_the_published_archive() {
    let options = FetchOptions::default();
    assert_eq!(options.from, "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
    assert_eq!(options.bytes, 170_052_171);
    assert_eq!(options.sha256, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd");
    // A file that is not it is refused, and left alone.
    let folder = tempdir().unwrap();
    let file = folder.path().join("mine.tar.gz");
    std::fs::write(&file, "not CIFAR-10").unwrap();
    let (from, to) = (file.display().to_string(), Some(folder.path().into()));
    let options = FetchOptions { from, to, ..options };
    assert_says(fetch(&options, &mut |_| ()).unwrap_err(), &["mine.tar.gz", "12", "170052171"]);
    assert_eq!(std::fs::read(file).unwrap(), b"not CIFAR-10");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for() {
    let folder = tempdir().unwrap();
    write_cifar(folder.path(), [1; 6]);
    let pipe = folder.path().join("data_batch_2.bin");
    std::fs::remove_file(&pipe).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let error = Dataset::cifar10(folder.path()).unwrap_err();
    assert_says(error, &["data_batch_2.bin: it is not a file, but a folder, a pipe or a device"]);
}
