//! Saved sessions: one file, named by the first byte, is replaced in a session that was whole. Its
//! checksum is made right, so that what it guards is reached too.

#![cfg_attr(feature = "libfuzzer", no_main)]

use softness::session::Session;
use softness_fuzz::{SESSION_FILES, folder, sum_again, write_session};

thread_local! {
    static FOLDER: tempfile::TempDir = {
        let folder = folder();
        write_session(folder.path());
        folder
    };
}

softness_fuzz::target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else { return };
    FOLDER.with(|folder| {
        let path = folder.path().join(SESSION_FILES[usize::from(*which) % SESSION_FILES.len()]);
        let whole = std::fs::read(&path).expect("it was written");
        std::fs::write(&path, bytes).expect("a file in memory");
        sum_again(folder.path());
        drop(Session::load(folder.path()));
        std::fs::write(&path, whole).expect("a file in memory");
    });
});
