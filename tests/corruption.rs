//! Every reader of files from outside, fed with what a disk, an editor or a wrong program may make of a
//! valid file: cut off, bits turned, pieces overwritten, left out or doubled, numbers made huge. A reader
//! answers with a value or with a sentence, never with a panic, and takes no memory that the file's own
//! length does not justify.
//!
//! `PROPTEST_CASES=100000 cargo test --release --test corruption` looks longer. `fuzz` holds the targets
//! of coverage-guided fuzzing.

mod small;

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use proptest::prelude::*;
use proptest::sample::Index;
use small::{Listener, PLAN, SESSION_FILES, dataset, files, small, sum_again, train, write_cifar};
use softness::internals::read_luma;
use softness::prelude::*;
use softness::report::Earlier;
use softness::robustness::SessionScores;
use softness::store::Store;
use softness::table::CsvTable;

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

/// Memory is counted for the whole process, so the readers take turns.
static TURN: Mutex<()> = Mutex::new(());

/// One change to a file.
#[derive(Debug, Clone)]
enum Damage {
    Flip {
        at: Index,
        bit: u8,
    },
    Cut {
        at: Index,
    },
    Overwrite {
        at: Index,
        with: Vec<u8>,
    },
    Remove {
        at: Index,
        count: usize,
    },
    Repeat {
        at: Index,
        count: usize,
    },
    Insert {
        at: Index,
        what: Vec<u8>,
    },
    /// A run of digits becomes another number.
    Number {
        which: Index,
        with: &'static str,
    },
    /// Four or eight bytes become a large length.
    Length {
        at: Index,
        value: u64,
        wide: bool,
    },
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        let place = |at: &Index| at.index(length + 1);
        match self {
            _ if length == 0 => {}
            Self::Flip { at, bit } => bytes[at.index(length)] ^= 1 << bit,
            Self::Cut { at } => bytes.truncate(place(at)),
            Self::Overwrite { at, with } => {
                let start = at.index(length);
                for (byte, with) in bytes[start..].iter_mut().zip(with) {
                    *byte = *with;
                }
            }
            Self::Remove { at, count } => {
                let start = place(at);
                bytes.drain(start..length.min(start + count));
            }
            Self::Repeat { at, count } => {
                let start = place(at);
                let piece = bytes[start..length.min(start + count)].to_vec();
                bytes.splice(start..start, piece);
            }
            Self::Insert { at, what } => {
                let start = place(at);
                bytes.splice(start..start, what.iter().copied());
            }
            Self::Number { which, with } => {
                let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
                let starts: Vec<usize> =
                    (0..length).filter(|&at| digit(at) && (at == 0 || !digit(at - 1))).collect();
                if !starts.is_empty() {
                    let start = starts[which.index(starts.len())];
                    let end = (start..=length).find(|&at| !digit(at)).unwrap_or(length);
                    bytes.splice(start..end, with.bytes());
                }
            }
            Self::Length { at, value, wide } => {
                let start = at.index(length);
                let value = value.to_le_bytes();
                let count = (if *wide { 8 } else { 4 }).min(length - start);
                bytes[start..start + count].copy_from_slice(&value[..count]);
            }
        }
    }
}

const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1e999",
    "NaN",
    "255",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "0.0000001",
];

fn damage() -> impl Strategy<Value = Damage> {
    let (at, piece) = (any::<Index>, || prop::collection::vec(any::<u8>(), 1..20));
    prop_oneof![
        (at(), 0_u8..8).prop_map(|(at, bit)| Damage::Flip { at, bit }),
        at().prop_map(|at| Damage::Cut { at }),
        (at(), piece()).prop_map(|(at, with)| Damage::Overwrite { at, with }),
        (at(), 1_usize..200).prop_map(|(at, count)| Damage::Remove { at, count }),
        (at(), 1_usize..200).prop_map(|(at, count)| Damage::Repeat { at, count }),
        (at(), piece()).prop_map(|(at, what)| Damage::Insert { at, what }),
        (at(), prop::sample::select(&NUMBERS[..])).prop_map(|(which, with)| Damage::Number { which, with }),
        (
            at(),
            prop::sample::select(vec![u64::MAX, 1 << 63, 1 << 60, 1 << 40, u64::from(u32::MAX), 1 << 20]),
            any::<bool>()
        )
            .prop_map(|(at, value, wide)| Damage::Length { at, value, wide }),
    ]
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    prop::collection::vec(damage(), 1..5)
}

/// Files of CIFAR-10 that may be damaged: of both splits, the names of the classes, and where they came from.
const CIFAR_FILES: [&str; 4] =
    ["data_batch_3.bin", "test_batch.bin", "batches.meta.txt", "softness-source.json"];

/// The valid files, made once.
struct Valid {
    folder: tempfile::TempDir,
}

impl Valid {
    fn get() -> &'static Self {
        static VALID: OnceLock<Valid> = OnceLock::new();
        VALID.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            let session = train(small());
            session.save(&at("session")).unwrap();
            let store = Store::new(at("store"));
            let stops = Listener { stop_after: Some(10), ..Listener::default() };
            store.train(&dataset(), &small(), "s", &stops).unwrap_err();
            let checkpoint = files(&at("store/unfinished"), ".checkpoint").remove(0);
            std::fs::rename(checkpoint, at("checkpoint")).unwrap();
            write_cifar(&at("cifar"));
            std::fs::write(
                at("cifar/batches.meta.txt"),
                "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n",
            )
            .unwrap();
            std::fs::write(
                at("cifar/softness-source.json"),
                "{\"archive_sha256\":\"0\",\"fingerprint\":\"0\"}",
            )
            .unwrap();
            std::fs::write(at("plan.toml"), PLAN).unwrap();
            std::fs::write(
                at("scores.csv"),
                "session,iterations,layer,image,filter,score,constant,soft,soft_threshold\n\
                 2000-1,2000,1,bird,0,0.125,false,true,0.2\n\"a, \"\"b\"\"\",1,2,static,1,0,true,false,\n",
            )
            .unwrap();
            std::fs::write(
                at("session_scores.csv"),
                "session,iterations,layer,images,measure,score,constant,null,draws,null_mean,null_std_dev,z,z_low,z_high\n\
                 2000-1,2000,1,bird,local-deviation,0.125,0,initial,8,0.25,0.5,-0.25,-1.5,1\n\
                 \"a, \"\"b\"\"\",1,2,static,blur-effect,,1,,,,,,,\n",
            )
            .unwrap();
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let record = std::fs::read(root.join("data/paper/replication.json")).unwrap();
            let mut record: serde_json::Value = serde_json::from_slice(&record).unwrap();
            for (_, value) in record.as_object_mut().unwrap() {
                if let Some(rows) = value.as_array_mut() {
                    rows.truncate(2); // so that damage falls on every field now and then
                }
            }
            record["verdicts"] = serde_json::Value::Null;
            std::fs::write(at("replication.json"), serde_json::to_vec(&record).unwrap()).unwrap();
            Picture::static_noise(1).save_png(at("noise.png")).unwrap();
            std::fs::copy(root.join("tests/golden/command_line/deep.png"), at("deep.png")).unwrap();
            image::open(at("noise.png")).unwrap().into_rgb8().save(at("noise.jpg")).unwrap();
            Self { folder }
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Damages the file `name`, lets `read` look at it in place, and mends it.
fn reads(name: &str, damages: &[Damage], prepare: impl Fn(), read: impl Fn(&Path)) {
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let path = Valid::get().path(name);
    let whole = std::fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    damages.iter().for_each(|damage| damage.apply(&mut bytes));
    std::fs::write(&path, &bytes).unwrap();
    prepare();
    let before = TAKEN.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&path)));
    let most = MOST.load(Ordering::Relaxed) - before;
    std::fs::write(&path, whole).unwrap();
    assert!(outcome.is_ok(), "{name}: a panic");
    let is_picture = [".png", ".jpg"].iter().any(|ending| name.ends_with(ending));
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

proptest! {
    #[test]
    fn cifar10(name in prop::sample::select(&CIFAR_FILES[..]), damages in damages()) {
        reads(&format!("cifar/{name}"), &damages, || (), |path| {
            names(Dataset::cifar10(path.parent().unwrap()), path);
        });
    }

    #[test]
    fn npy(name in prop::sample::select(&["layer1.npy", "layer2.npy", "dense1.npy"][..]), damages in damages(),
           tensorflow: bool) {
        let order = if tensorflow { AxisOrder::Hwio } else { AxisOrder::Oihw };
        reads(&format!("session/{name}"), &damages, || (), |path| {
            names(FilterBank::load_npy(1, path, None, order), path);
        });
    }

    #[test]
    fn tables(damages in damages()) {
        reads("scores.csv", &damages, || (), |path| {
            if let Ok(table) = CsvTable::open(path) {
                for row in 0..table.len() {
                    for column in table.columns() {
                        let _ = (table.number(row, column), table.count(row, column));
                    }
                }
            }
            let _ = (ScoreTable::read_csv(path), SoftLabels::read_csv(path));
        });
    }

    #[test]
    fn scores_of_sessions(damages in damages()) {
        reads("session_scores.csv", &damages, || (), |path| names(SessionScores::read_csv(path), path));
    }

    #[test]
    fn records_of_studies(damages in damages()) {
        reads("replication.json", &damages, || (), |path| {
            let earlier = Earlier::read(path);
            if let Ok(earlier) = &earlier {
                let plan = earlier.plan();
                assert!(plan.sessions().len() <= 11_000 && plan.iterations() > 0);
            }
            names(earlier, path);
        });
    }

    #[test]
    fn plans(damages in damages()) {
        reads("plan.toml", &damages, || (), |path| {
            let plan = Plan::from_file(path);
            if let Ok(plan) = &plan {
                assert!(plan.sessions().len() <= 11_000 && plan.iterations() > 0);
            }
            names(plan, path);
        });
    }

    #[test]
    fn sessions(name in prop::sample::select(&SESSION_FILES[..]), damages in damages(), summed: bool) {
        let folder = Valid::get().path("session");
        sum_again(&folder);
        let mend = || if summed { sum_again(&folder) };
        reads(&format!("session/{name}"), &damages, mend, |path| {
            // A file whose sum is right may be whole and yet disagree with another, which is then named.
            let folder = path.parent().unwrap();
            names(Session::load(folder), if summed { folder } else { path });
        });
        sum_again(&folder);
    }

    #[test]
    fn checksums(damages in damages()) {
        reads("session/SHA256SUMS", &damages, || (), |path| {
            // What no longer lists a file as it is, is named by that file.
            let _ = Session::load(path.parent().unwrap());
        });
    }

    #[test]
    fn checkpoints(damages in damages()) {
        reads("checkpoint", &damages, || (), |path| names(softness::internals::read_checkpoint(path), path));
    }

    #[test]
    fn checkpoints_whose_digest_is_right(damages in damages()) {
        use sha2::Digest;
        let path = Valid::get().path("checkpoint");
        let digest_again = || {
            let bytes = std::fs::read(&path).unwrap();
            let body = &bytes[..bytes.len().saturating_sub(32)];
            std::fs::write(&path, [body, &sha2::Sha256::digest(body)[..]].concat()).unwrap();
        };
        reads("checkpoint", &damages, digest_again, |path| names(softness::internals::read_checkpoint(path), path));
    }

    #[test]
    fn pictures(which in any::<Index>(), damages in damages()) {
        let found: Vec<String> = ["png", "jpg"].iter().flat_map(|ending| files(Valid::get().folder.path(), ending))
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
        reads(&found[which.index(found.len())], &damages, || (), |path| {
            names(Picture::open(path), path);
            names(read_luma(path), path);
        });
    }
}

#[test]
fn a_tiny_picture_that_claims_to_be_huge_is_refused_before_memory_is_taken() {
    // The size in the header of a PNG, with its checksum made right, as a bomb would have it.
    let crc = |bytes: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum()
    };
    let valid = std::fs::read(Valid::get().path("noise.png")).unwrap();
    for side in [5_000_u32, 16_384, u32::MAX] {
        let mut bytes = valid.clone();
        bytes[16..20].copy_from_slice(&side.to_be_bytes());
        bytes[20..24].copy_from_slice(&side.to_be_bytes());
        let sum = crc(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bomb.png");
        std::fs::write(&path, &bytes).unwrap();
        let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let before = TAKEN.load(Ordering::Relaxed);
        MOST.store(before, Ordering::Relaxed);
        let error = Picture::open(&path).unwrap_err().to_string();
        let most = MOST.load(Ordering::Relaxed) - before;
        assert!(error.contains("bomb.png"), "{error}");
        assert!(most < 4 << 20, "{most} bytes for {} bytes that claim {side} x {side}", bytes.len());
    }
}

#[test]
fn an_npy_header_that_says_two_things_or_is_nested_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twofold.npy");
    let large = "(1099511627776, 1, 1, 1)";
    let nested = "[".repeat(60) + &"]".repeat(60);
    for keys in [
        format!("'shape': (1, 1, 1, 1), 'shape': {large}"),
        format!("'sh\\x61pe': {large}"),
        format!("'shape': (1, 1, 1, 1), 'more': {nested}"),
        format!("'shape': (1, 1, 1, 1), 'more': {}", nested.replace('[', "(").replace(']', ",)")),
        format!("'shape': (1, 1, 1, 1), 'more': {}", nested.replace('[', "{1: ").replace(']', "}")),
    ] {
        let text = format!("{{'descr': '<f4', 'fortran_order': False, {keys}, }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.bytes());
        bytes.extend([0; 4]);
        std::fs::write(&path, &bytes).unwrap();
        let error = FilterBank::load_npy(1, &path, None, AxisOrder::Oihw).unwrap_err().to_string();
        assert!(error.contains("twofold.npy") && error.contains("plain numbers"), "{keys}: {error}");
    }
}

#[test]
fn an_npy_header_that_promises_what_no_file_could_hold_is_refused_whatever_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("promise.npy");
    let dictionary = |spaces: usize| {
        let shape = "(1152921504606846976, 1, 1, 1)";
        format!("{{'descr': '<f4', 'fortran_order': False,{} 'shape': {shape}, }}\n", " ".repeat(spaces))
    };
    for (version, spaces) in [(1_u8, 0), (2, 0), (2, 100_000), (3, 100_000)] {
        let text = dictionary(spaces);
        let mut bytes = vec![0x93, b'N', b'U', b'M', b'P', b'Y', version, 0];
        match version {
            1 => bytes.extend((text.len() as u16).to_le_bytes()),
            _ => bytes.extend((text.len() as u32).to_le_bytes()),
        }
        bytes.extend(text.bytes());
        std::fs::write(&path, &bytes).unwrap();
        let error = FilterBank::load_npy(1, &path, None, AxisOrder::Oihw).unwrap_err().to_string();
        assert!(error.contains("promise.npy") && error.contains("promises more"), "{version}: {error}");
        // The length of the header itself.
        let count = if version == 1 { 2 } else { 4 };
        bytes[8..8 + count].fill(0xff);
        std::fs::write(&path, &bytes).unwrap();
        let error = FilterBank::load_npy(1, &path, None, AxisOrder::Oihw).unwrap_err().to_string();
        assert!(error.contains("promise.npy"), "{version}: {error}");
    }
}
