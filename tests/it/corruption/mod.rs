//! Every reader of files from outside, fed with what a disk, an editor or a wrong program may make of a
//! valid file: cut off, bits turned, pieces overwritten, left out or doubled, numbers made huge. A reader
//! answers with a value or with a sentence, never with a panic, and takes no memory that the file's own
//! length does not justify.
//!
//! The readers run in a process of their own, because memory is counted for a whole process.
//! `PROPTEST_CASES=100000 cargo test --release --test it corruption::` looks longer. `fuzz` has the targets
//! of coverage-guided fuzzing.

mod damage;
mod npy_headers;
mod readers;
mod valid;
use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use damage::Damage;
use softness::Error;
use valid::{PICTURES, Valid};

/// Bytes that may be taken for each byte of a file, and besides: a cell of a table is a string of its own, and so is a part
/// of a sentence that refuses it; the other files of a data set or a session are read as well.
const PER_BYTE: usize = 1_000;
const BESIDES: usize = 4 << 20;
/// The same for pictures, which are unpacked: a row of one colour takes a few bytes.
const PER_BYTE_OF_PICTURE: usize = 10_000;
const BESIDES_PICTURE: usize = 64 << 20;

/// The system's memory, counted: what is taken now, and the most that was.
struct Counted;

static TAKEN: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let taken = TAKEN.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(taken, Ordering::Relaxed);
        // SAFETY: the caller's promise is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static MEMORY: Counted = Counted;

/// What `work` returns, and the most memory that this process took meanwhile.
fn most_memory<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = TAKEN.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let result = work();
    (result, MOST.load(Ordering::Relaxed).saturating_sub(before))
}

/// Damages the file `name`, lets `read` look at it in place, and mends it.
fn reads(name: &str, damages: &[Damage], prepare: impl Fn(), read: impl Fn(&Path)) {
    let path = Valid::get().path(name);
    let whole = std::fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    damages.iter().for_each(|damage| damage.apply(&mut bytes));
    std::fs::write(&path, &bytes).unwrap();
    prepare();
    let (outcome, most) =
        most_memory(|| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&path))));
    std::fs::write(&path, whole).unwrap();
    assert!(matches!(outcome, Ok(())), "{name}: a panic");
    let is_picture = PICTURES.iter().any(|ending| name.ends_with(ending));
    let (per_byte, besides) =
        if is_picture { (PER_BYTE_OF_PICTURE, BESIDES_PICTURE) } else { (PER_BYTE, BESIDES) };
    assert!(most <= besides + per_byte * bytes.len(), "{name}: {most} bytes for a file of {}", bytes.len());
}

/// What a sentence must name where it refuses a file.
fn names<T>(result: Result<T, Error>, path: &Path) {
    if let Err(error) = result {
        let sentence = error.to_string();
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(sentence.contains(&*name), "{sentence}");
        assert!(sentence.len() < 4_000, "{} characters", sentence.len());
    }
}

#[test]
fn the_readers_run_in_a_process_of_their_own() {
    let (_, module) = module_path!().split_once("::").unwrap();
    // One thread: memory is counted for the whole process.
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([&format!("{module}::readers::"), "--ignored", "--test-threads=1"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains(" 17 passed"), "{said}");
}
