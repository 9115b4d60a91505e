//! What is refused, and the help.
use std::path::Path;

use ndarray_npy::WriteNpyExt;

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
        (&["plan", "black.toml"], &["black.toml", "line 2", "input_scale is 0", "black"]),
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
fn an_option_of_plans_is_refused_with_those_of_one_session_and_what_it_needs_works() {
    let folder = folder();
    let said = |arguments: &[&str]| {
        let output = softness(folder.path(), &[&["train", "--dataset", "synthetic"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        text(&output.stderr)
    };
    for [option, value] in [["--checkpoint-every", "5"], ["--session", "1-1"], ["--shares", "2"]] {
        for [one, of_one] in [["--iterations", "3"], ["--seed", "1"]] {
            let message = said(&[option, value, one, of_one]);
            let sentence = format!("error: the argument '{option} <");
            assert!(message.starts_with(&sentence), "{message}");
            assert!(message.contains(&format!(">' cannot be used with '{one} <")), "{message}");
        }
        // Without them, it says what is missing, and the usage that it prints is one that works.
        let message = said(&[option, value]);
        let usage = message.lines().find(|line| line.starts_with("Usage: ")).unwrap_or_default();
        assert!(usage.contains("--plan") && usage.contains("--out"), "{message}");
        assert!(!usage.contains("--iterations"), "{message}");
    }
    let help = text(&softness(folder.path(), &["train", "--help"]).stdout);
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        help.contains("Seconds between two checkpoints of the sessions of --plan, which it needs"),
        "{help}"
    );
}

#[test]
fn a_plan_that_is_not_there_is_told_with_those_that_are() {
    let folder = folder();
    for arguments in [
        &["plan", "quickk"][..],
        &["replicate", "--plan", "quickk", "--dataset", "synthetic"],
        &["train", "--plan", "quickk", "--dataset", "synthetic", "--out", "store"],
    ] {
        let output = softness(folder.path(), arguments);
        assert_eq!(
            (output.status.code(), text(&output.stderr)),
            (
                Some(1),
                "error: the plan \"quickk\" is neither a plan of this program, quick or paper, nor a file: name one of these plans \
                 or a TOML file\n"
                    .to_owned()
            )
        );
    }
}

#[test]
fn an_option_that_is_a_number_says_which() {
    let whole = "it must be a whole number of at least 0, in digits alone: 2000";
    let positive = "it must be a whole number of at least 1, in digits alone: 2000";
    let decimal = "it must be a number with a decimal point: 0.001 or 1e-3";
    for (arguments, option, value, sentence) in [
        (&["replicate", "--seed", "-1"][..], "--seed <S>", "-1", whole),
        (&["train", "--iterations", "2,000"], "--iterations <N>", "2,000", positive),
        (&["label", "--out", "a.html", "--layer", "-2"], "--layer <N>", "-2", positive),
        (&["filters", "a.npz", "--every", "0"], "--every <N>", "0", positive),
        (&["replicate", "--jobs", "0"], "--jobs <N>", "0", positive),
        (&["train", "--learning-rate", "0,001"], "--learning-rate <RATE>", "0,001", decimal),
        (&["train", "--test-share", "a"], "--test-share <SHARE>", "a", decimal),
    ] {
        let expected = format!("error: invalid value '{value}' for '{option}': {sentence}");
        assert_eq!(error(Path::new("."), arguments), expected);
    }
}

/// A folder with a table, a file of weights, a plan, a picture of one pixel, a record of a study and an archive of weights.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| std::fs::write(folder.path().join(name), content).unwrap();
    write("table.csv", b"x,y\n1,2\n2,3\n3,5\n");
    write("plan.toml", b"[[level]]\niterations = 1\nsessions = 3\n");
    write("r e.txt", b"\xef\xbb\xbf{\"format\": 2}\n");
    write("record.json", b"\xef\xbb\xbf{\"format\": 2}\n");
    let mut weights = Vec::new();
    ndarray::Array4::from_elem((1, 1, 3, 3), 0.5f32).write_npy(&mut weights).unwrap();
    write("net.npy", &weights);
    image::GrayImage::new(1, 1).save(folder.path().join("one.png")).unwrap();
    folder
}

#[test]
fn what_an_option_names_and_is_not_there_ends_with_status_2() {
    let folder = folder();
    for arguments in [
        &["fit", "table.csv", "--x", "nosuch", "--y", "y"][..],
        &["fit", "table.csv", "--x", "x", "--y", "y", "--by", "nosuch"],
        &["filters", "net.npy", "--layer", "nosuch"],
        &["filters", "net.npy", "--picture", "one.png"],
        &["filters", "net.npy", "--picture", "plan.toml"],
        &["label", "--layer", "3", "--out", "page.html"],
        &["plan", ""],
        &["train", "--dataset", ""],
    ] {
        let output = softness(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
    }
    // A file of a series may come later.
    let series = softness(folder.path(), &["filters", "net-{n}.npy"]);
    assert_eq!(series.status.code(), Some(1), "{}", text(&series.stderr));
    assert!(error(folder.path(), &["train", "--dataset", ""]).contains("'--dataset <DATA>'"));
    assert!(error(folder.path(), &["plan", ""]).contains("'<quick|paper|FILE>'"));
}

#[test]
fn a_file_in_the_place_of_a_folder_ends_with_status_2() {
    let folder = folder();
    std::fs::create_dir_all(folder.path().join("store/sessions")).unwrap();
    for (arguments, option) in [
        (&["filters", "net.npy", "--out", "plan.toml"][..], "--out is plan.toml, but it"),
        (&["filters", "net.npy", "--out", "plan.toml/a"], "--out is plan.toml/a, but plan.toml"),
        (&["merge", "store", "--into", "plan.toml"], "--into is plan.toml, but it"),
        (&["fetch", "cifar10", "--to", "plan.toml"], "--to is plan.toml, but it"),
        (&["status", "plan.toml", "--plan", "plan.toml"], "STORE is plan.toml, but it"),
        (&["explore", "--out", "plan.toml/e.html"], "the page's file is plan.toml/e.html, but plan.toml"),
        (&["label", "--out", "plan.toml/e.html"], "the page's file is plan.toml/e.html, but plan.toml"),
    ] {
        let output = softness(folder.path(), arguments);
        let said = text(&output.stderr);
        let expected = format!("error: {option} is not a folder: name a ");
        assert!(output.status.code() == Some(2) && said.starts_with(&expected), "{arguments:?}: {said}");
    }
}

#[test]
fn a_file_of_another_kind_is_told_by_its_content() {
    let folder = folder();
    for command in ["explore", "label"] {
        assert_eq!(
            error(folder.path(), &[command, "plan.toml", "--out", "page.html"]),
            "error: SESSIONS is plan.toml, but it is not the archive of a session: name the folder that `softness train --out` or \
             `replicate` wrote, the folder of one session, or its archive"
        );
    }
    for file in ["record.json", "r e.txt"] {
        let said = error(folder.path(), &["plan", file]);
        assert!(
            said.contains("it is JSON, and a plan is a TOML file; if it is the replication.json"),
            "{said}"
        );
        // Read as a record, whatever its name and with a byte order mark.
        let said = error(folder.path(), &["replicate", "--plan", file]);
        assert!(said.contains("not the record of a study") && said.contains("missing field"), "{said}");
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
