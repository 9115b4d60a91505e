//! What is unpacked from an archive with the right checksum, and what is not.
use std::path::Path;

use softness::dataset::Dataset;
use softness::internals::{FetchProgress, fetch};
use softness::{Error, ErrorKind};
use tar::EntryType;
use tempfile::tempdir;

use super::archive::{Entry, gzip, inside, options, sound, sound_archive, tar};
use super::fixture::{assert_says, listing};

const LOCK: &str = ".softness-fetch.lock";
const SET: &str = "cifar-10-batches-bin";

/// Fetches from a local file with these bytes, which must fail: nothing new is anywhere, and the
/// file is as it was.
#[track_caller]
fn refusal(archive: &[u8]) -> Error {
    let folder = tempdir().unwrap();
    let (file, to) = (folder.path().join("a.tar.gz"), folder.path().join("to"));
    std::fs::write(&file, archive).unwrap();
    let error = fetch(&options(archive, file.display(), &to), &mut |_| ()).unwrap_err();
    assert_eq!(listing(&to), [LOCK]);
    assert_eq!(listing(folder.path()), ["a.tar.gz", "to"]);
    assert_eq!(std::fs::read(&file).unwrap(), archive, "the archive is left alone");
    error
}

/// A sound archive with one more entry in the middle.
fn with(entry: Entry) -> Vec<u8> {
    let mut entries = sound();
    entries.insert(4, entry);
    gzip(&tar(&entries))
}

#[test]
fn a_local_file_is_unpacked_and_kept() {
    let folder = tempdir().unwrap();
    let (file, archive) = (folder.path().join("a.tar.gz"), sound_archive());
    std::fs::write(&file, &archive).unwrap();
    let to = folder.path().join("deep/er");
    let set = fetch(&options(&archive, file.display(), &to), &mut |_| ()).unwrap();
    assert_eq!(listing(&to), [LOCK, SET]);
    let dataset = Dataset::cifar10(&set).unwrap();
    assert_eq!((dataset.train().len(), dataset.test().len()), (10, 2));
    assert_eq!(dataset.class_names()[2], "bird", "the names come from the archive");
    assert_eq!(std::fs::read(&file).unwrap(), archive);
    // Found from the folder above it, too.
    let opened = Dataset::open(to.to_str().unwrap()).unwrap();
    assert_eq!(opened.fingerprint(), dataset.fingerprint());
}

#[test]
fn a_local_file_may_be_written_as_a_url() {
    let folder = tempdir().unwrap();
    let (file, archive) = (folder.path().join("a b\u{e9}+%.tar.gz"), sound_archive());
    std::fs::write(&file, &archive).unwrap();
    let encoded = file.to_str().unwrap().replace('%', "%25").replace(' ', "%20").replace('\u{e9}', "%c3%A9");
    for (number, start) in ["file://", "file://localhost", "file:"].into_iter().enumerate() {
        let to = folder.path().join(number.to_string());
        let set = fetch(&options(&archive, format!("{start}{encoded}"), &to), &mut |_| ()).unwrap();
        assert_eq!(Dataset::cifar10(set).unwrap().train().len(), 10, "{start}");
    }
    for wrong in ["file://elsewhere/a.tar.gz", "file://", "file:///%ff%fe"] {
        let error = fetch(&options(&archive, wrong, folder.path()), &mut |_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        assert_says(error, &[wrong, "file:///home/me/cifar-10-binary.tar.gz"]);
    }
    let nowhere =
        fetch(&options(&archive, "file:///nowhere%20at.all", folder.path()), &mut |_| ()).unwrap_err();
    assert_says(nowhere, &["/nowhere at.all"]);
}

#[test]
fn names_that_lead_out_of_the_folder_are_refused() {
    for name in [
        "../evil.bin",
        "cifar-10-batches-bin/../../evil.bin",
        "/tmp/evil.bin",
        "cifar-10-batches-bin/..",
        "cifar-10-batches-bin//test_batch.bin",
        "cifar-10-batches-bin/./test_batch.bin",
        "test_batch.bin",
    ] {
        let error = refusal(&with(Entry::file(name, "evil")));
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_says(error, &["a.tar.gz", &format!("{name:?}"), "nothing was unpacked"]);
    }
}

#[test]
fn links_are_refused_even_under_an_expected_name() {
    for kind in [EntryType::Symlink, EntryType::Link] {
        for name in ["data_batch_9.bin", "readme.html"] {
            let mut entries = sound();
            entries.retain(|entry| entry.name != inside(name));
            entries.insert(1, Entry::link(&inside(name), kind, "/etc/passwd"));
            assert_says(refusal(&gzip(&tar(&entries))), &["a.tar.gz", name, "is a link"]);
        }
    }
    let folder = Entry::link("cifar-10-batches-bin", EntryType::Symlink, "/tmp");
    assert_says(refusal(&with(folder)), &["is a link"]);
}

#[test]
fn an_unexpected_file_or_folder_is_refused() {
    assert_says(refusal(&with(Entry::file(inside("run.sh"), "#"))), &["run.sh", "does not belong"]);
    let folder = Entry::other("cifar-10-batches-bin/more/", EntryType::Directory);
    assert_says(refusal(&with(folder)), &["more", "does not belong"]);
    for kind in [EntryType::Directory, EntryType::Fifo, EntryType::Char] {
        let mut entries = sound();
        entries.pop();
        entries.push(Entry::other(&inside("test_batch.bin"), kind));
        assert_says(refusal(&gzip(&tar(&entries))), &["test_batch.bin", "not a regular file"]);
    }
}

#[test]
fn a_file_that_is_there_twice_is_refused() {
    let again = Entry::file(inside("test_batch.bin"), vec![0; 3073]);
    assert_says(refusal(&with(again)), &["test_batch.bin", "twice"]);
}

#[test]
fn a_missing_file_is_named() {
    for missing in ["data_batch_3.bin", "test_batch.bin"] {
        let mut entries = sound();
        entries.retain(|entry| entry.name != inside(missing));
        assert_says(refusal(&gzip(&tar(&entries))), &["a.tar.gz", &inside(missing)]);
    }
}

#[test]
fn a_file_that_claims_to_be_huge_is_refused_unread() {
    let huge = Entry { length: 1 << 40, ..Entry::file(inside("data_batch_1.bin"), "") };
    let mut entries = sound();
    entries.retain(|entry| entry.name != huge.name);
    entries.push(huge);
    assert_says(refusal(&gzip(&tar(&entries))), &["data_batch_1.bin", "1099511627776 bytes", "30730000"]);
}

#[test]
fn what_is_no_archive_or_half_of_one_is_refused() {
    assert_says(refusal(b"<html>404</html>"), &["a.tar.gz", "gzip"]);
    assert_says(refusal(b""), &["a.tar.gz"]);
    assert_says(refusal(&gzip(b"not a tar file")), &["a.tar.gz"]);
    let archive = sound_archive();
    assert_says(refusal(&archive[..archive.len() / 2]), &["a.tar.gz", "not a complete"]);
    // A whole gzip stream of half a tar file.
    let plain = tar(&sound());
    assert_says(refusal(&gzip(&plain[..plain.len() / 2])), &["a.tar.gz", "not a complete"]);
}

#[test]
fn records_that_are_wrong_inside_a_sound_archive_are_refused() {
    let mut entries = sound();
    entries[3].bytes[3073] = 77;
    assert_says(refusal(&gzip(&tar(&entries))), &["data_batch_1.bin", "record 1 ", "label 77"]);
}

#[test]
fn a_local_file_that_is_not_there_is_named() {
    let folder = tempdir().unwrap();
    let from = folder.path().join("nowhere.tar.gz");
    let error = fetch(&options(b"", from.display(), folder.path()), &mut |_| ()).unwrap_err();
    assert_says(error, &["nowhere.tar.gz"]);
    assert_eq!(listing(folder.path()), [LOCK]);
}

#[test]
fn what_is_already_there_is_not_fetched_again() {
    let folder = tempdir().unwrap();
    let (file, archive) = (folder.path().join("a.tar.gz"), sound_archive());
    std::fs::write(&file, &archive).unwrap();
    let mut ask = options(&archive, file.display(), folder.path());
    let set = fetch(&ask, &mut |_| ()).unwrap();
    // From where nothing is to be had.
    ask.from = "http://127.0.0.1:9/".into();
    let mut told = Vec::new();
    assert_eq!(fetch(&ask, &mut |progress| told.push(progress)).unwrap(), set);
    assert_eq!(told, [FetchProgress::AlreadyThere]);
    // Another archive, or files that were changed, are not taken for it, and not overwritten.
    let other = fetch(&options(b"other", "x", folder.path()), &mut |_| ()).unwrap_err();
    assert_says(other, &[SET, "another archive", "remove that folder"]);
    let changed = set.join("test_batch.bin");
    let mut bytes = std::fs::read(&changed).unwrap();
    bytes[5] ^= 1;
    std::fs::write(&changed, &bytes).unwrap();
    assert_says(fetch(&ask, &mut |_| ()).unwrap_err(), &[SET, "were changed"]);
    assert_eq!(std::fs::read(&changed).unwrap(), bytes);
}

#[test]
fn a_folder_that_was_not_fetched_is_left_alone() {
    let folder = tempdir().unwrap();
    let set = folder.path().join(SET);
    std::fs::create_dir(&set).unwrap();
    std::fs::write(set.join("mine.txt"), "mine").unwrap();
    let archive = sound_archive();
    let error = fetch(&options(&archive, "x", folder.path()), &mut |_| ()).unwrap_err();
    assert_says(error, &[SET, "was not made by fetching"]);
    assert_eq!(listing(&set), ["mine.txt"]);
}

#[test]
fn a_target_that_is_a_file_is_named() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "kept").unwrap();
    let error = fetch(&options(b"", "x", Path::new(&file)), &mut |_| ()).unwrap_err();
    assert_says(error, &["file", "create the folder"]);
    assert_eq!(std::fs::read(&file).unwrap(), b"kept");
}

#[test]
fn what_a_killed_program_left_is_cleared_away() {
    let folder = tempdir().unwrap();
    let left = folder.path().join(".softness-unpack-abc").join(SET);
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("data_batch_1.bin"), "half").unwrap();
    let (file, archive) = (folder.path().join("a.tar.gz"), sound_archive());
    std::fs::write(&file, &archive).unwrap();
    fetch(&options(&archive, file.display(), folder.path()), &mut |_| ()).unwrap();
    assert_eq!(listing(folder.path()), [LOCK, "a.tar.gz", SET]);
}
