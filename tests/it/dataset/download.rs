//! Fetching over a network that fails in every way.
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use softness::dataset::Dataset;
use softness::internals::{FetchOptions, FetchProgress, fetch};
use softness::{Error, ErrorKind, Result};
use tempfile::tempdir;

use super::archive::{options, sound_archive};
use super::fixture::{assert_says, listing};
use super::server::{Answer, Server, answer, cut, part, whole};

/// All that a call leaves behind besides its result: an empty file that two calls lock.
const LOCK: &str = ".softness-fetch.lock";
const SET: &str = "cifar-10-batches-bin";

/// Fetches, and gives the result with all that the observer was told.
fn observe(options: &FetchOptions) -> (Result<PathBuf>, Vec<FetchProgress>) {
    let mut told = Vec::new();
    let result = fetch(options, &mut |progress| told.push(progress));
    (result, told)
}

/// Fetches a sound archive from these answers, which must lead to it in as many requests.
#[track_caller]
fn succeeds(archive: &[u8], answers: Vec<Answer>) -> (Vec<String>, Vec<FetchProgress>) {
    let (folder, expected) = (tempdir().unwrap(), answers.len());
    let server = Server::new(answers);
    let (result, told) = observe(&options(archive, server.url(), folder.path()));
    let set = result.unwrap();
    assert_eq!(set, folder.path().join(SET));
    assert_eq!(listing(folder.path()), [LOCK, SET]);
    assert_eq!(Dataset::cifar10(set).unwrap().train().len(), 10);
    assert_eq!(server.requests().len(), expected, "requests");
    (server.requests(), told)
}

/// Fails to fetch an archive from these answers, and leaves nothing behind.
#[track_caller]
fn fails(archive: &[u8], answers: Vec<Answer>) -> Error {
    let folder = tempdir().unwrap();
    let server = Server::new(answers);
    let error = observe(&options(archive, server.url(), folder.path())).0.unwrap_err();
    assert_eq!(listing(folder.path()), [LOCK]);
    assert_says(&error, &[&server.url()]);
    error
}

#[test]
fn a_whole_download_is_checked_and_unpacked_with_progress() {
    let archive = sound_archive();
    let (requests, told) = succeeds(&archive, vec![whole(&archive)]);
    assert!(!requests[0].contains("range:"), "{}", requests[0]);
    let total = archive.len() as u64;
    assert_eq!(told.first(), Some(&FetchProgress::Downloading { done: 0, total }));
    let end = [
        FetchProgress::Downloading { done: total, total },
        FetchProgress::Checking,
        FetchProgress::Unpacking,
    ];
    assert!(told.ends_with(&end), "{told:?}");
}

#[test]
fn a_connection_cut_in_the_middle_is_taken_up_where_it_broke() {
    let archive = sound_archive();
    let (third, half) = (archive.len() / 3, archive.len() / 2);
    let answers =
        vec![cut(&archive, third), part(&archive, third, half), part(&archive, half, archive.len())];
    let (requests, told) = succeeds(&archive, answers);
    assert_says(&requests[1], &[&format!("range: bytes={third}-\n")]);
    assert_says(&requests[2], &[&format!("range: bytes={half}-\n")]);
    let resumed = |told: &FetchProgress| matches!(told, FetchProgress::Resuming { done, problem } if *done == half as u64 && problem.starts_with("the connection "));
    assert!(told.iter().any(resumed), "{told:?}");
}

#[test]
fn a_server_that_ignores_the_range_sends_the_whole_again() {
    let archive = sound_archive();
    let (requests, _) = succeeds(&archive, vec![cut(&archive, 1_000), whole(&archive)]);
    assert_says(&requests[1], &["range: bytes=1000-"]);
}

#[test]
fn a_server_without_the_rest_is_asked_for_the_whole() {
    let archive = sound_archive();
    let refused = answer("416 Range Not Satisfiable", "Content-Length: 0\r\n", b"");
    let (requests, _) = succeeds(&archive, vec![cut(&archive, 1_000), refused, whole(&archive)]);
    assert!(!requests[2].contains("range:"), "{}", requests[2]);
    // The rest of another file, or from another place, is not joined to what is here.
    let (requests, _) =
        succeeds(&archive, vec![cut(&archive, 1_000), part(&archive, 990, archive.len()), whole(&archive)]);
    assert!(!requests[2].contains("range:"), "{}", requests[2]);
}

#[test]
fn a_server_with_a_passing_trouble_is_asked_again() {
    let archive = sound_archive();
    let trouble = answer("503 Service Unavailable", "Content-Length: 0\r\n", b"");
    succeeds(&archive, vec![trouble, Vec::new(), whole(&archive)]);
}

#[test]
fn a_connection_that_breaks_again_and_again_leaves_a_part_that_the_next_call_goes_on_with() {
    let (archive, folder) = (sound_archive(), tempdir().unwrap());
    let server = Server::new(vec![cut(&archive, 2_000), Vec::new()]);
    let error = observe(&options(&archive, server.url(), folder.path())).0.unwrap_err();
    assert_says(error, &[&server.url(), &format!("2000 of {} bytes are kept", archive.len()), "--from"]);
    assert_eq!(server.requests().len(), 3, "the cut one, then two without a byte: {:?}", server.requests());
    let left = listing(folder.path());
    assert!(left.len() == 2 && left.iter().all(|name| name.starts_with(".softness-")), "{left:?}");
    let server = Server::new(vec![part(&archive, 2_000, archive.len())]);
    observe(&options(&archive, server.url(), folder.path())).0.unwrap();
    assert_says(&server.requests()[0], &["range: bytes=2000-"]);
    assert_eq!(listing(folder.path()), [LOCK, SET]);
}

#[test]
fn a_server_that_starts_anew_and_never_ends_is_given_up() {
    let archive = sound_archive();
    let folder = tempdir().unwrap();
    // One byte more and one less in turn: no byte is new after the first two answers.
    let answers: Vec<Answer> = (0..20).map(|turn| cut(&archive, 1_000 + turn % 2)).collect();
    let server = Server::new(answers);
    observe(&options(&archive, server.url(), folder.path())).0.unwrap_err();
    assert!(server.requests().len() < 10, "{}", server.requests().len());
}

#[test]
fn a_wrong_checksum_is_refused_before_anything_is_unpacked() {
    let archive = sound_archive();
    let mut other = archive.clone();
    *other.last_mut().unwrap() ^= 1;
    let error = fails(&archive, vec![whole(&other)]);
    assert_says(&error, &["SHA-256", &options(&archive, "", Path::new("")).sha256]);
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[test]
fn a_wrong_length_is_refused() {
    let archive = sound_archive();
    let longer = [archive.as_slice(), b"and more"].concat();
    let shorter = &archive[..archive.len() - 8];
    for other in [&longer, shorter] {
        let error = fails(&archive, vec![whole(other)]);
        assert_says(error, &["length in bytes", &other.len().to_string(), &archive.len().to_string()]);
    }
    // Where no length was announced, it stops at the first byte too many.
    let error = fails(&archive, vec![answer("200 OK", "", &longer)]);
    assert_says(error, &["length in bytes", "over"]);
}

#[test]
fn a_404_is_reported_with_the_address_and_the_way_out() {
    let page = answer("404 Not Found", "Content-Length: 5\r\n", b"sorry");
    let error = fails(&sound_archive(), vec![page]);
    assert_says(error, &["404 Not Found", "--from"]);
}

#[test]
fn a_404_for_the_rest_is_not_mistaken_for_the_rest() {
    let archive = sound_archive();
    let page = answer("404 Not Found", "Content-Length: 5\r\n", b"sorry");
    assert_says(fails(&archive, vec![cut(&archive, 1_000), page]), &["404 Not Found"]);
}

#[test]
fn without_a_network_it_says_so_and_leaves_nothing() {
    let folder = tempdir().unwrap();
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{address}/x.tar.gz");
    let error = observe(&options(&sound_archive(), &url, folder.path())).0.unwrap_err();
    assert_says(error, &[&url, "no connection", "check the network", "--from"]);
    assert_eq!(listing(folder.path()), [LOCK]);
}

#[test]
fn an_address_that_is_none_is_refused_without_trying() {
    let folder = tempdir().unwrap();
    let error = observe(&options(&sound_archive(), "http://", folder.path())).0.unwrap_err();
    assert_says(error, &["http://", "cannot be used"]);
    assert_eq!(listing(folder.path()), [LOCK]);
}

#[test]
fn a_redirection_is_followed() {
    let archive = sound_archive();
    let server = Server::new(vec![whole(&archive)]);
    let to = format!("Location: {}\r\nContent-Length: 0\r\n", server.url());
    succeeds(&archive, vec![answer("302 Found", &to, b"")]);
    assert_eq!(server.requests().len(), 1);
}
