//! What is refused, and the help.
use std::path::Path;

use super::{error, softness, text};
use crate::support::small::write_cifar;

#[test]
fn bad_inputs_end_with_one_sentence_that_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| std::fs::write(folder.path().join(name), content).unwrap();
    write("text.png", b"this is no picture");
    write("short.csv", b"x,y\n1,2\n2,3\n");
    write("hole.csv", b"x,y\n1,2\n2,\n3,4\n");
    write("plan.toml", b"[[level]]\niterations = 0\nsessions = 1\n");
    write("two.toml", b"[[level]]\niterations = 1\nsessions = 2\n");
    write("batch.toml", b"seed = 1\nbatch = 0\n[[level]]\niterations = 1\nsessions = 2\n");
    write("black.toml", b"[network]\ninput_scale = 0.0\n[[level]]\niterations = 1\nsessions = 2\n");
    write("archive.tar.gz", b"not an archive");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    write_cifar(&folder.path().join("label"));
    let mut bytes = std::fs::read(folder.path().join("label/data_batch_3.bin")).unwrap();
    bytes[3073 * 4] = 10;
    write("label/data_batch_3.bin", &bytes);
    write_cifar(&folder.path().join("cut"));
    write("cut/test_batch.bin", &bytes[..5000]);
    write_cifar(&folder.path().join("less"));
    std::fs::remove_file(folder.path().join("less/data_batch_2.bin")).unwrap();
    for (arguments, words) in [
        (&["score", "nothing.png"][..], &["nothing.png"][..]),
        (&["score", "text.png"], &["text.png", "PNG"]),
        (&["fit", "short.csv", "--x", "x", "--y", "y"], &["2 points", "at least 3"]),
        (&["fit", "hole.csv", "--x", "x", "--y", "y"], &["hole.csv", "row 2", "line 3", "missing"]),
        (&["fit", "hole.csv", "--x", "z", "--y", "y"], &["\"z\"", "\"x\", \"y\""]),
        (&["train", "--dataset", "nowhere"], &["nowhere", "no such folder"]),
        (&["train", "--dataset", "empty"], &["empty", "sub-folder"]),
        (&["train", "--dataset", "label"], &["data_batch_3.bin", "record 4", "label 10"]),
        (&["train", "--dataset", "cut"], &["test_batch.bin", "record 1", "1927"]),
        (&["train", "--dataset", "less"], &["data_batch_2.bin", "softness fetch"]),
        (&["train", "--dataset", "synthetic", "--preset", "papre"], &["papre", "hvass02"]),
        (&["train", "--dataset", "synthetic", "--iterations", "0"], &["iterations", "0"]),
        (&["replicate", "--plan", "plan.toml"], &["plan.toml", "line 1"]),
        (&["replicate", "--plan", "nothing.toml"], &["nothing.toml"]),
        (&["fit", "hole.csv", "--x", "x", "--y", "y", "--by", "x,x"], &["--by", "\"x\" twice"]),
        (
            &["fit", "hole.csv", "--x", "x", "--y", "y", "--form", "power,power"],
            &["--form", "\"power\" twice"],
        ),
        (&["plan", "black.toml"], &["black.toml", "line 1", "input_scale is 0", "black"]),
        (&["plan", "batch.toml"], &["batch.toml", "line 2", "batch is 0"]),
        (&["plan", "two.toml", "--dataset", "synthetic"], &["--dataset", "--pin"]),
        (&["plan", "two.toml", "--classes", "a,b"], &["--classes", "--pin"]),
        (&["replicate", "--plan", "two.toml", "--dataset", "synthetic"], &["number of sessions", "2"]),
        (&["replicate", "--jobs", "0", "--dataset", "synthetic"], &["jobs"]),
        (
            &["fetch", "cifar10", "--from", "label", "--to", "there"],
            &["from is the folder \"label\", but it must be an archive", "--dataset and the folder"],
        ),
        (
            &["fetch", "cifar10", "--from", "archive.tar.gz", "--to", "there"],
            &["archive.tar.gz", "170052171"],
        ),
    ] {
        let message = error(folder.path(), arguments);
        for word in words {
            assert!(message.contains(word), "{arguments:?}: {message}");
        }
    }
}

#[test]
fn a_wrong_option_ends_with_status_2() {
    for arguments in
        [&["replicate", "--plam", "quick"][..], &["train", "--iterations", "many"], &["paint"], &[]]
    {
        assert_eq!(softness(Path::new("."), arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn an_option_that_is_a_number_says_which() {
    let whole = "it must be a whole number of at least 0, in digits alone: 2000";
    let decimal = "it must be a number with a decimal point: 0.001 or 1e-3";
    for (arguments, option, value, sentence) in [
        (&["replicate", "--seed", "-1"][..], "--seed <S>", "-1", whole),
        (&["train", "--iterations", "2,000"], "--iterations <N>", "2,000", whole),
        (&["label", "--out", "a.html", "--layer", "-2"], "--layer <N>", "-2", whole),
        (&["train", "--learning-rate", "0,001"], "--learning-rate <RATE>", "0,001", decimal),
        (&["train", "--test-share", "a"], "--test-share <SHARE>", "a", decimal),
    ] {
        let expected = format!("error: invalid value '{value}' for '{option}': {sentence}");
        assert_eq!(error(Path::new("."), arguments), expected);
    }
}

#[test]
fn every_command_has_help() {
    let help = text(&softness(Path::new("."), &["--help"]).stdout);
    let commands =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A line that goes on with a description is indented further.
    let names: Vec<&str> = commands
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split(' ').next())
        .collect();
    assert!(names.contains(&"replicate") && names.contains(&"help"), "{names:?}");
    for name in names.into_iter().filter(|name| *name != "help") {
        let output = softness(Path::new("."), &[name, "--help"]);
        assert!(output.status.success(), "{name}");
        let usage = format!("Usage: softness {name}");
        assert!(text(&output.stdout).contains(&usage), "{name}: {}", text(&output.stdout));
    }
}
