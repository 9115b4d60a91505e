//! Every reader, fed with damaged files. They run in a process of their own: see the parent module.
use proptest::prelude::*;
use proptest::sample::Index;
use sha2::Digest;
use softness::internals::CsvTable;
use softness::internals::Earlier;
use softness::internals::read_luma;
use softness::prelude::*;
use softness::robustness::SessionScores;

use super::damage::damages;
use super::valid::{CIFAR_FILES, PICKLES, PICTURES, Valid};
use super::{most_memory, names, reads};
use crate::support::small::{SESSION_FILES, files, sum_again};

/// Files of weights, of each format and type.
const WEIGHT_FILES: [&str; 8] = [
    "epoch-10.safetensors",
    "last_bf16.safetensors",
    "last.npz",
    "last_deflated.npz",
    "last_f16.npz",
    "half.npy",
    "python_2.npy",
    "objects.npy",
];

/// Whether a plan that was read has sessions and iterations, and no more sessions than a plan may have. They are counted by
/// level: a list of 100,000 sessions takes memory that the file's length does not justify.
fn is_within_bounds(plan: &Plan) -> bool {
    let sessions: u64 = plan.levels().iter().map(|level| u64::from(level.sessions)).sum();
    (1..=100_000).contains(&sessions) && plan.iterations() > 0
}

proptest! {
    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn cifar10(name in prop::sample::select(&CIFAR_FILES[..]), damages in damages()) {
        reads(&format!("cifar/{name}"), &damages, || (), |path| {
            names(Dataset::cifar10(path.parent().unwrap()), path);
        });
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn pickles(name in prop::sample::select(&PICKLES[..]), damages in damages()) {
        reads(&format!("python/{name}"), &damages, || (), |path| {
            names(Dataset::cifar10(path.parent().unwrap()), path);
        });
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn archives(name in prop::sample::select(&["cifar.tar.gz", "cifar.tar"][..]), damages in damages()) {
        reads(name, &damages, || (), |path| names(Dataset::open(path.to_str().unwrap()), path));
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn npy(name in prop::sample::select(&["layer1.npy", "layer2.npy", "dense1.npy"][..]), damages in damages(),
           tensorflow: bool) {
        let order = if tensorflow { AxisOrder::Hwio } else { AxisOrder::Oihw };
        reads(&format!("session/{name}"), &damages, || (), |path| {
            names(FilterBank::load_npy(1, path, None, order), path);
        });
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn weight_files(name in prop::sample::select(&WEIGHT_FILES[..]), damages in damages(), tensorflow: bool) {
        let order = if tensorflow { AxisOrder::Hwio } else { AxisOrder::Oihw };
        reads(name, &damages, || (), |path| {
            let file = WeightFile::open(path, order);
            if let Ok(file) = &file {
                assert!(!file.filters().is_empty() && file.filters().len() == file.layer_names().len());
                let layers: Vec<&str> = file.layer_names().iter().map(String::as_str).collect();
                names(file.only(&layers), path);
            }
            names(file, path);
        });
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
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
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn scores_of_sessions(damages in damages()) {
        reads("session_scores.csv", &damages, || (), |path| names(SessionScores::read_csv(path), path));
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn records_of_studies(damages in damages()) {
        reads("replication.json", &damages, || (), |path| {
            let earlier = Earlier::read(path);
            if let Ok(earlier) = &earlier {
                assert!(is_within_bounds(earlier.plan()));
            }
            names(earlier, path);
        });
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn plans(damages in damages()) {
        reads("plan.toml", &damages, || (), |path| {
            let plan = Plan::from_file(path);
            if let Ok(plan) = &plan {
                assert!(is_within_bounds(plan));
            }
            names(plan, path);
        });
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
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
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn archives_of_sessions(damages in damages()) {
        reads("archive.session", &damages, || (), |path| names(Session::load(path), path));
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn checksums(damages in damages()) {
        reads("session/SHA256SUMS", &damages, || (), |path| {
            // What no longer lists a file as it is, is named by that file.
            let _ = Session::load(path.parent().unwrap());
        });
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn checkpoints(damages in damages()) {
        reads("checkpoint", &damages, || (), |path| names(softness::internals::read_checkpoint(path), path));
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn checkpoints_whose_digest_is_right(damages in damages()) {
        let path = Valid::get().path("checkpoint");
        let digest_again = || {
            let bytes = std::fs::read(&path).unwrap();
            let body = &bytes[..bytes.len().saturating_sub(32)];
            std::fs::write(&path, [body, &sha2::Sha256::digest(body)[..]].concat()).unwrap();
        };
        reads("checkpoint", &damages, digest_again, |path| names(softness::internals::read_checkpoint(path), path));
    }

    #[test]
    #[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
    fn pictures(which in any::<Index>(), damages in damages()) {
        let found: Vec<String> = PICTURES.iter().flat_map(|ending| files(Valid::get().folder.path(), ending))
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
        reads(&found[which.index(found.len())], &damages, || (), |path| {
            names(Picture::open(path), path);
            names(read_luma(path), path);
        });
    }
}

#[test]
#[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
fn a_small_archive_that_unpacks_to_gigabytes_is_refused_before_memory_is_taken() {
    use std::io::Write;
    use zip::write::{SimpleFileOptions, ZipWriter};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.npz");
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(std::fs::File::create(&path).unwrap());
    writer.start_file("conv.npy", options).unwrap();
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (4096, 4096, 2, 2), }";
    writer.write_all(b"\x93NUMPY\x01\0\x76\0").unwrap(); // 0x76 = 118 characters of header
    writer.write_all(format!("{header:<117}\n").as_bytes()).unwrap();
    for _ in 0..256 {
        writer.write_all(&vec![0; 1 << 20]).unwrap();
    }
    writer.finish().unwrap();
    let length = std::fs::metadata(&path).unwrap().len() as usize;
    let (error, most) = most_memory(|| WeightFile::open(&path, AxisOrder::Oihw).unwrap_err().to_string());
    assert!(error.contains("bomb.npz: array \"conv\": its members unpack to more than 100 times"), "{error}");
    assert!(most < (4 << 20) + 300 * length, "{most} bytes for {length}");
}

#[test]
#[ignore = "`the_readers_run_in_a_process_of_their_own` runs it"]
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
        let (error, most) = most_memory(|| Picture::open(&path).unwrap_err().to_string());
        assert!(error.contains("bomb.png"), "{error}");
        assert!(most < 4 << 20, "{most} bytes for {} bytes that claim {side} x {side}", bytes.len());
    }
}
