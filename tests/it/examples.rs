//! Each example, run at its smallest scale. `cargo test` builds them beside this program.

use std::path::{Path, PathBuf};
use std::process::Command;

use softness::dataset::Dataset;
use softness::filters::AxisOrder;
use softness::weight_files::WeightFile;

use crate::support::small::write_cifar;

/// The program of an example.
pub fn program(name: &str) -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let folder = this.ancestors().nth(2).unwrap().join("examples");
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// What an example prints. Its data set has 100 training and 20 test images, unless it draws its own.
fn run(name: &str, arguments: &[&str]) -> String {
    let program = program(name);
    assert!(program.exists(), "{} is not there: build it by `cargo test --examples`", program.display());
    let cifar = tempfile::tempdir().unwrap();
    write_cifar(cifar.path());
    let output =
        Command::new(program).args(arguments).env("SOFTNESS_CIFAR10", cifar.path()).output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{name}: {}{}", said(&output.stdout), said(&output.stderr));
    said(&output.stdout)
}

/// The rows of a CSV file below its header.
fn rows(path: &Path) -> usize {
    std::fs::read_to_string(path).unwrap().lines().count() - 1
}

#[test]
fn compare_and_label() {
    let folder = tempfile::tempdir().unwrap();
    let said = run("compare_and_label", &[&folder.path().to_string_lossy()]);
    assert!(said.contains("36 pairs") && said.contains("area under the curve"), "{said}");
    assert_eq!(crate::support::small::files(folder.path(), ".png").len(), 7);
    assert_eq!(rows(&folder.path().join("matching-layer-2.csv")), 36);
    assert!(folder.path().join("label.html").exists());
}

#[test]
fn many_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_string_lossy();
    let said = run("many_sessions", &["shipped", &out, "2", "2", "2"]);
    assert!(said.starts_with("11 sessions; data: ") && said.contains("kernel-slice-sum"), "{said}");
    for file in ["session_scores", "holds", "trained", "nulls", "variance", "power", "sensitivity"] {
        assert!(rows(&folder.path().join(format!("{file}.csv"))) > 0, "{file}");
    }
    // 11 sessions, 20 and 32 filters, two images.
    assert_eq!(rows(&folder.path().join("scores.csv")), 11 * (20 + 32) * 2);
}

#[test]
fn maps_and_scores() {
    let folder = tempfile::tempdir().unwrap();
    run("maps_and_scores", &[&folder.path().to_string_lossy(), "2"]);
    let count = |ending: &str| crate::support::small::files(folder.path(), ending).len();
    assert!(count(".svg") >= 20 && count(".svg") == count(".png"), "{}", count(".svg"));
}

#[test]
fn jpeg_study() {
    let Some(cifar) = std::env::var_os("SOFTNESS_CIFAR10").filter(|folder| !folder.is_empty()) else {
        let folder = tempfile::tempdir().unwrap();
        let refused = Command::new(program("jpeg_study")).arg(folder.path()).output().unwrap();
        let sentence = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && sentence.contains("this needs CIFAR-10"), "{sentence}");
        println!("skipped beyond its refusal: CIFAR-10 is not here");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(program("jpeg_study"));
    let output =
        command.arg(folder.path()).args(["2", "500"]).env("SOFTNESS_CIFAR10", cifar).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(rows(&folder.path().join("jpeg.csv")), 3 * 2 * 2);
}

#[test]
fn presets() {
    let folder = tempfile::tempdir().unwrap();
    let said = run("presets", &[&folder.path().to_string_lossy(), "500"]);
    for preset in ["paper", "hvass02", "deep_mnist"] {
        assert!(said.contains(&format!("{preset}: test accuracy after 5 iterations ")), "{said}");
        for file in [format!("{preset}.csv"), format!("holds-{preset}.csv"), format!("trained-{preset}.csv")]
        {
            assert!(rows(&folder.path().join(&file)) > 0, "{file}");
        }
    }
}

#[test]
fn score_pictures() {
    let said = run("score_pictures", &["2"]);
    let sum = said.trim().strip_prefix("sum of the scores of 2 pictures: ").unwrap();
    let sum: f64 = sum.parse().unwrap();
    // 52 maps a picture, each scored between 0 and 1.
    assert!(0.0 < sum && sum < 104.0, "{sum}");
}

#[test]
fn settings() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_string_lossy();
    let said = run("settings", &[&out, "2", "500"]);
    assert_eq!(said.matches("test accuracy").count(), 28, "{said}");
    let files = crate::support::small::files(folder.path(), ".npz");
    assert_eq!(files.len(), 28);
    let file = |name: &str| folder.path().join(format!("{name}.npz"));
    let saved = std::fs::read(file("he-1")).unwrap();
    // Each file has the filters of both layers at eight iterations.
    let weights = WeightFile::open(file("sgd-1e-2-4"), AxisOrder::Oihw).unwrap();
    let shapes: Vec<_> = weights.filters().iter().map(|bank| bank.weights().dim()).collect();
    assert_eq!(shapes, [[(16, 3, 5, 5), (36, 16, 5, 5)]; 8].concat());
    // A file that is missing is made again, the others stay, and the bits are the same.
    std::fs::remove_file(file("he-1")).unwrap();
    let said = run("settings", &[&out, "1", "500"]);
    assert_eq!(said.matches("it is there").count(), 27, "{said}");
    assert!(std::fs::read(file("he-1")).unwrap() == saved);
}

#[test]
fn ship_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let paper = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/paper");
    run("ship_sessions", &[&paper.to_string_lossy(), &folder.path().to_string_lossy()]);
    // What the crate carries, shipped again, is what it carries.
    for file in ["scores.csv", "fits.csv", "sessions/2000-1/layer1.npy", "sessions/2000-1/session.json"] {
        let read = |root: &Path| std::fs::read(root.join(file)).unwrap();
        assert_eq!(read(folder.path()), read(&paper), "{file}");
    }
}

#[test]
fn time_steps() {
    let said = run("time_steps", &["paper", "synthetic", "10", "10"]);
    let line: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(line["iterations"], 10);
    assert!(line["train_seconds"].as_f64().unwrap() > 0.0, "{said}");
}

#[test]
fn train_many() {
    assert_eq!(run("train_many", &["paper", "2", "1", "2", "1"]), "");
}

#[test]
fn write_synthetic() {
    let folder = tempfile::tempdir().unwrap();
    let said = run("write_synthetic", &[&folder.path().to_string_lossy(), "3"]);
    let drawn = Dataset::synthetic(3).unwrap();
    let written = Dataset::cifar10(folder.path()).unwrap();
    assert!(said.contains(&format!("fingerprint {}", drawn.fingerprint())), "{said}");
    for (drawn, written) in [(drawn.train(), written.train()), (drawn.test(), written.test())] {
        assert_eq!(drawn.labels(), written.labels());
        assert!(drawn.images() == written.images());
    }
}
