//! The command line on data sets as people have them: small folders, chosen classes, splits, cut pictures.
use std::path::Path;

use serde_json::Value;

use super::{error, golden, json, softness, text};
use crate::support::small::PLAN;

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
        (&["--classes", "cat"], &["\"cat\"", "there is nothing to learn from one class"]),
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
    for more in [
        &["synthetic", "--test-share", "0.3"][..],
        &["synthetic", "--labels", "fine"],
        &["auto", "--labels", "coarse"],
    ] {
        let message = error(folder.path(), &[&train[..], more].concat());
        assert!(message.contains("image folders") || message.contains("only CIFAR-100 has"), "{message}");
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
