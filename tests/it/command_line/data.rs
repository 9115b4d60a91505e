//! The command line on data sets as people have them: small folders, chosen classes, splits, cut pictures.
use std::path::Path;

use ndarray::Array4;
use serde_json::Value;

use super::{error, golden, json, softness, text};
use crate::support::small::{PLAN, write_cifar};

/// A folder of 2 classes with `count` pictures each, grey for cats and darker for dogs.
fn write_pictures(folder: &Path, count: u32) {
    for (class, value) in [("cat", 200), ("dog", 50)] {
        std::fs::create_dir_all(folder.join(class)).unwrap();
        for number in 0..count {
            let pixel = |x: u32, y: u32| image::Luma([value + ((x * y + number) % 40) as u8]);
            let picture = image::GrayImage::from_fn(20, 16, pixel);
            picture.save(folder.join(class).join(format!("{number:02}.png"))).unwrap();
        }
    }
}

#[test]
fn a_small_image_folder_is_trained_on_with_the_options_that_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    write_pictures(&folder.path().join("small"), 15);
    std::fs::write(folder.path().join("small/cat/movie.gif"), "no picture").unwrap();
    let train = ["train", "--dataset", "small", "--iterations", "2", "--json"];
    let message = error(folder.path(), &train);
    assert!(message.contains("batch is 50") && message.contains("24 training images"), "{message}");
    assert!(message.contains("`--batch`"), "{message}");
    let with = |more: &[&str]| softness(folder.path(), &[&train[..], more].concat());
    let output = with(&["--batch", "8", "--learning-rate", "0.001", "--test-share", "0.4"]);
    let said = text(&output.stderr);
    assert!(said.contains("18 training and 12 test images of 2 classes"), "{said}");
    let notes: Vec<&str> = said.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(notes.len(), 1, "{said}");
    assert!(notes[0].contains("left out: 1 .gif"), "{said}");
    let slow = json(&output)["loss"].as_f64().unwrap();
    let fast = json(&with(&["--batch", "8", "--learning-rate", "0.1", "--test-share", "0.4"]));
    assert!(fast["loss"].as_f64().unwrap() != slow, "the learning rate changes the loss");
    let other = |more: &[&str]| {
        let given = ["--batch", "8", "--learning-rate", "0.1", "--test-share", "0.4"];
        json(&with(&[&given[..], more].concat()))["loss"].as_f64().unwrap()
    };
    let mut losses = [
        fast["loss"].as_f64().unwrap(),
        other(&["--optimiser", "sgd"]),
        other(&["--initialisation", "he"]),
        other(&["--initialisation", "glorot", "--optimiser", "sgd"]),
    ];
    assert_eq!(other(&["--optimiser", "adam"]), losses[0]);
    losses.sort_by(f64::total_cmp);
    assert!(losses.windows(2).all(|pair| pair[0] < pair[1]), "each changes the loss: {losses:?}");
    // A name that an option does not have is an error of usage, with status 2.
    for (more, words) in [
        (["--optimiser", "rmsprop"], "optimiser is rmsprop, but it must be one of adam, sgd"),
        (["--initialisation", "lecun"], "initialisation is \"lecun\", but it must be he or glorot"),
    ] {
        let output = with(&more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(text(&output.stderr).contains(words), "{more:?}: {}", text(&output.stderr));
    }
    for (more, words) in [
        (&["--learning-rate", "0", "--batch", "8"][..], &["learning rate is 0"][..]),
        (&["--test-share", "1"], &["test share is 1"]),
        (
            &["--classes", "cat"],
            &["number of classes is 1", "there is nothing to learn from one class; name at least two"],
        ),
        (&["--classes", "cat,cow"], &["a class is \"cow\"", "\"cat\", \"dog\""]),
        (&["--labels", "fine"], &["it is not CIFAR-100", "leave `--labels` out"]),
    ] {
        let message = error(folder.path(), &[&train[..], more].concat());
        assert!(words.iter().all(|word| message.contains(word)), "{more:?}: {message}");
    }
}

#[test]
fn classes_and_splits_are_chosen_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    write_pictures(&folder.path().join("split/train"), 5);
    write_pictures(&folder.path().join("split/Validation"), 2);
    let train = ["train", "--iterations", "1", "--batch", "4", "--json", "--dataset"];
    let output = softness(folder.path(), &[&train[..], &["split"]].concat());
    assert!(
        text(&output.stderr).contains("10 training and 4 test images of 2 classes"),
        "{}",
        text(&output.stderr)
    );
    json(&output);
    let message = error(folder.path(), &[&train[..], &["split", "--test-share", "0.3"]].concat());
    assert!(
        message.contains("test share is 0.3") && message.contains("already is the test split"),
        "{message}"
    );
    let output =
        softness(folder.path(), &[&train[..], &["synthetic", "--classes", "star,checks,ring"]].concat());
    assert!(text(&output.stderr).contains("only ring, star, checks"), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("of 3 classes"), "{}", text(&output.stderr));
    json(&output);
    for (more, sentence) in [
        (
            &["split", "--classes", "cat"][..],
            "error: number of classes is 1, but there is nothing to learn from one class; name at least two",
        ),
        (
            &["synthetic", "--test-share", "0.3"],
            "error: test share is 0.3, but it is for image folders without a test split; this data set has one",
        ),
        (
            &["synthetic", "--labels", "fine"],
            "error: labels is fine, but only CIFAR-100 has fine and coarse labels: leave `--labels` out",
        ),
        (
            &["auto", "--labels", "coarse"],
            "error: labels is coarse, but only CIFAR-100 has fine and coarse labels: leave `--labels` out",
        ),
    ] {
        assert_eq!(error(folder.path(), &[&train[..], more].concat()), sentence);
    }
    // The same options shape a plan.
    std::fs::write(folder.path().join("plan.toml"), PLAN).unwrap();
    let replicate =
        ["replicate", "--dataset", "split", "--plan", "plan.toml", "--batch", "5", "--learning-rate", "0.01"];
    let output = softness(folder.path(), &replicate);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let record = std::fs::read(folder.path().join("softness-out/replication.json")).unwrap();
    let record: Value = serde_json::from_slice(&record).unwrap();
    let text = record.to_string();
    assert!(text.contains("\"batch\":5") && text.contains("\"learning_rate\":0.01"), "{text}");
}

#[test]
fn pictures_that_can_be_scored_are_printed_and_each_other_one_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read(golden("../pictures/progressive-halved.jpg")).unwrap();
    std::fs::write(folder.path().join("whole.jpg"), &whole).unwrap();
    std::fs::write(folder.path().join("cut.jpg"), &whole[..whole.len() * 3 / 10]).unwrap();
    let pictures = ["score", "cut.jpg", "whole.jpg", "none.png"];
    let alone = text(&softness(folder.path(), &["score", "whole.jpg"]).stdout);
    assert!(alone.contains("  whole.jpg ("), "{alone}");
    let cut = "error: cut.jpg: could not read it as a picture: its data end early";
    let output = softness(folder.path(), &pictures);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), alone));
    let said = text(&output.stderr);
    let [first, second] = said.lines().collect::<Vec<_>>()[..] else { panic!("{said}") };
    assert!(first.starts_with(cut) && second.starts_with("error: none.png: "), "{said}");
    let output = softness(folder.path(), &[&pictures[..], &["--json"]].concat());
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), found.as_array().unwrap().len()), (Some(1), 1));
    assert_eq!(found[0]["file"], "whole.jpg");
    let output = softness(folder.path(), &["score", "cut.jpg", "--json"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), "[]\n".to_owned()));
    assert!(text(&output.stderr).starts_with(cut));
}

/// The line "data: .." and the notes of a command, which succeeds.
fn told(folder: &Path, arguments: &[&str]) -> String {
    let output = softness(folder, arguments);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    said.lines().filter(|line| line.starts_with("data: ") || line.starts_with("note: ")).collect()
}

#[test]
fn results_among_the_classes_of_a_data_set_are_no_class_and_the_same_command_works_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    write_pictures(&data, 5);
    std::fs::write(folder.path().join("plan.toml"), PLAN).unwrap();
    let replicate = ["replicate", "--dataset", ".", "--plan", "../plan.toml", "--batch", "4"];
    let read = || std::fs::read_to_string(data.join("softness-out/replication.json")).unwrap();
    let first = told(&data, &replicate);
    assert!(!first.contains("softness-out"), "{first}");
    let record = read();
    let second = told(&data, &replicate);
    let note = "note: left out: \"./softness-out\", which softness wrote and which is not a class";
    assert!(second.contains("of 2 classes") && second.contains(note), "{second}");
    assert_eq!(read(), record, "sessions are loaded: the data set is the same");
    // A checkpoint alone is enough, and a session resumes.
    let train = ["train", "--dataset", ".", "--batch", "4", "--iterations", "3", "--out", "run", "--json"];
    std::fs::create_dir_all(data.join("run/unfinished")).unwrap();
    std::fs::write(data.join("run/unfinished/0123456789ab.checkpoint"), "begun").unwrap();
    let before = json(&softness(&data, &train));
    let after = json(&softness(&data, &train));
    assert_eq!(before["fingerprint"], after["fingerprint"]);
    assert_eq!((&before["resumed_from"], &after["resumed_from"]), (&0.into(), &3.into()));
    // So are the figures of filters.
    let weights = Array4::from_shape_fn((4, 3, 5, 5), |(filter, _, y, x)| (filter + x * y) as f32);
    ndarray_npy::write_npy(folder.path().join("net.npy"), &weights).unwrap();
    told(&data, &["filters", "../net.npy", "--picture", "static", "--out", "kernels"]);
    let said = told(&data, &["train", "--dataset", ".", "--batch", "4", "--iterations", "1"]);
    assert!(said.contains("of 2 classes") && said.contains("\"./kernels\", \"./"), "{said}");
    // With pictures of other origin in it, a folder is not left out.
    std::fs::create_dir(data.join("run/more")).unwrap();
    std::fs::copy(data.join("cat/00.png"), data.join("run/more/00.png")).unwrap();
    assert!(error(&data, &train).contains("--out is run, but its sub-folders have the pictures"));
    let train = &train[..7];
    assert!(error(&data, train).contains("there is no picture in ./run"));
    std::fs::copy(data.join("run/more/00.png"), data.join("run/00.png")).unwrap();
    std::fs::copy(data.join("run/more/00.png"), data.join("run/01.png")).unwrap();
    let said = told(&data, train);
    assert!(said.contains("of 3 classes"), "{said}");
}

#[test]
fn results_beside_the_classes_of_a_data_set_are_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    write_pictures(&folder.path().join("data"), 5);
    write_pictures(&folder.path().join("split/train"), 5);
    write_pictures(&folder.path().join("split/test"), 2);
    for (command, data, out) in [
        ("train", "data", "data"),
        ("train", "data", "data/../data/"),
        ("replicate", "data", "data"),
        ("replicate", "split", "split"),
        ("train", "split", "split/train"),
    ] {
        let arguments = [command, "--dataset", data, "--out", out];
        let output = softness(folder.path(), &arguments);
        let message = text(&output.stderr);
        let expected =
            format!("error: --out is {out}, but its sub-folders have the pictures of the data set");
        assert!(
            output.status.code() == Some(2) && message.starts_with(&expected),
            "{arguments:?}: {message}"
        );
    }
    let named = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
    assert_eq!((named(&folder.path().join("data")), named(&folder.path().join("split/train"))), (2, 2));
}

#[test]
fn results_in_a_file_are_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("taken"), "mine").unwrap();
    for (command, out, words) in [
        ("train", "taken", "error: --out is taken, but it is not a folder: name a folder"),
        ("replicate", "taken", "error: --out is taken, but it is not a folder: name a folder"),
        ("train", "taken/run", "error: --out is taken/run, but taken is not a folder: name a folder"),
    ] {
        let output = softness(folder.path(), &[command, "--dataset", "nowhere", "--out", out]);
        assert_eq!((output.status.code(), text(&output.stderr).trim()), (Some(2), words));
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("taken")).unwrap(), "mine");
}

#[test]
fn of_both_sets_in_one_folder_labels_choose_cifar_100() {
    let root = tempfile::tempdir().unwrap();
    let at = |path: &str| root.path().join(path);
    write_cifar(&at("root/cifar-10-batches-bin"));
    std::fs::create_dir_all(at("root/cifar-100-binary")).unwrap();
    for (file, images) in [("train.bin", 60), ("test.bin", 6)] {
        let record = |number: u8| [&[number % 20, number % 100][..], &[number; 3072]].concat();
        std::fs::write(
            at("root/cifar-100-binary").join(file),
            (0..images).flat_map(record).collect::<Vec<u8>>(),
        )
        .unwrap();
    }
    let train = ["train", "--dataset", "root", "--iterations", "1"];
    let with = |more: &[&str]| told(root.path(), &[&train[..], more].concat());
    let ten = with(&[]);
    assert!(ten.starts_with("data: CIFAR-10 format") && ten.contains("of 10 classes"), "{ten}");
    let note = "note: CIFAR-100 is there too, in root/cifar-100-binary; `--labels fine` or `--labels coarse` reads it";
    assert!(ten.ends_with(note), "{ten}");
    for (labels, classes) in [("fine", "of 100 classes"), ("coarse", "of 20 classes")] {
        let hundred = with(&["--labels", labels]);
        assert!(hundred.starts_with("data: CIFAR-100") && hundred.contains(classes), "{hundred}");
        assert!(!hundred.contains("note: "), "{hundred}");
    }
    std::fs::remove_dir_all(at("root/cifar-100-binary")).unwrap();
    let message = error(root.path(), &[&train[..], &["--labels", "fine"]].concat());
    assert!(message.contains("it is CIFAR-10, which has one set of labels"), "{message}");
}
