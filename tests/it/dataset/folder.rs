//! Image folders: which files are taken, and how they are split.
use std::path::Path;

use image::{GrayImage, Luma};
use ndarray::s;
use softness::ErrorKind;
use softness::dataset::{Dataset, FolderOptions, ResizeFilter};
use tempfile::tempdir;

use super::fixture::assert_says;
use super::pictures::{JPEG, assert_close, folder_of, read, save};

/// A folder whose class "b" has two pictures.
fn with_class_b() -> tempfile::TempDir {
    let folder = tempdir().unwrap();
    (0..2).for_each(|number| save(folder.path(), &format!("b/{number}.png"), grey(number)));
    folder
}

fn grey(value: u8) -> GrayImage {
    GrayImage::from_pixel(4, 4, Luma([value]))
}

#[test]
fn classes_are_sorted_by_name_and_files_that_are_no_pictures_left_out() {
    let folder = tempdir().unwrap();
    for (class, value) in [("zebra", 30), ("ant", 10), ("moth", 20)] {
        save(folder.path(), &format!("{class}/1.png"), grey(value));
        save(folder.path(), &format!("{class}/2.PNG"), grey(value + 1));
        save(folder.path(), &format!("{class}/.3.png"), grey(99));
        std::fs::write(folder.path().join(class).join("notes.txt"), "no picture").unwrap();
        std::fs::create_dir(folder.path().join(class).join("9.png")).unwrap();
    }
    std::fs::create_dir(folder.path().join(".hidden")).unwrap();
    std::fs::write(folder.path().join("readme.png"), "no class").unwrap();
    let dataset = read(folder.path(), ResizeFilter::Triangle);
    assert_eq!(dataset.class_names(), ["ant", "moth", "zebra"]);
    assert_eq!(dataset.train().labels(), [0, 1, 2]);
    assert_eq!(dataset.train().images().slice(s![.., 0, 0, 0]).to_vec(), [10, 20, 30]);
    assert_eq!(dataset.test().images().slice(s![.., 0, 0, 0]).to_vec(), [11, 21, 31], "an upper-case ending");
    // `open` takes it for what it is.
    assert_eq!(
        Dataset::open(folder.path().to_str().unwrap()).unwrap_err().to_string(),
        read_default(folder.path())
    );
}

/// What reading with the defaults says: with two pictures a class, a share of 0.2 leaves no test picture.
fn read_default(folder: &Path) -> String {
    Dataset::folder(folder, FolderOptions::default()).unwrap_err().to_string()
}

#[test]
fn endings_are_taken_in_any_case_and_the_content_decides_the_form() {
    let folder = with_class_b();
    save(folder.path(), "a/1.png", grey(1));
    std::fs::rename(folder.path().join("a/1.png"), folder.path().join("a/1.JPG")).unwrap();
    save(folder.path(), "a/2.jpg", grey(200));
    std::fs::rename(folder.path().join("a/2.jpg"), folder.path().join("a/2.JpEg")).unwrap();
    let dataset = read(folder.path(), ResizeFilter::Triangle);
    assert_close(dataset.train().image(0), [1; 3], 0);
    assert_close(dataset.test().image(0), [200; 3], JPEG);
}

#[test]
fn a_class_without_a_picture_in_a_split_is_noted() {
    let folder = tempdir().unwrap();
    for number in 0..5 {
        save(folder.path(), &format!("a/{number}.png"), grey(number));
    }
    save(folder.path(), "b/1.png", grey(100));
    save(folder.path(), "@eaDir/1.png", grey(100));
    let dataset = Dataset::folder(folder.path(), FolderOptions::default()).unwrap();
    assert_eq!(dataset.class_names(), ["a", "b"], "a file server's folder is no class");
    let note = "no test picture is of \"b\", which is not part of the accuracy: add pictures";
    assert_eq!(dataset.notes()[0], note, "no share divides one picture");
    assert_says(dataset.notes()[1..].join(" "), &["left out: 1 folder of the system ("]);
    save(folder.path(), "b/2.png", grey(100));
    let dataset = Dataset::folder(folder.path(), FolderOptions::default()).unwrap();
    assert_eq!(dataset.notes()[0], format!("{note} or choose another test share"));
    let dataset = Dataset::folder(folder.path(), FolderOptions::default().test_share(0.5)).unwrap();
    assert!(!dataset.notes()[0].starts_with("no "), "{:?}", dataset.notes());
}

#[test]
fn the_split_takes_every_fifth_file_by_name_and_any_other_share_evenly() {
    let folder = tempdir().unwrap();
    for number in 0..20 {
        save(folder.path(), &format!("a/{number:02}.png"), grey(number));
    }
    save(folder.path(), "b/1.png", grey(100));
    let test = |test_share| {
        let options = FolderOptions::default().test_share(test_share);
        let dataset = Dataset::folder(folder.path(), options).unwrap();
        assert_eq!(dataset.train().len() + dataset.test().len(), 21);
        dataset.test().images().slice(s![.., 0, 0, 0]).to_vec()
    };
    assert_eq!(test(FolderOptions::default().test_share), [4, 9, 14, 19]);
    assert_eq!(test(0.1), [9, 19]);
    assert_eq!(test(0.3), [3, 6, 9, 13, 16, 19]);
    assert_eq!(test(0.75).len(), 15);
}

#[test]
fn shares_that_leave_a_split_empty_or_are_none_are_refused() {
    let folder = folder_of(".png", grey(5));
    for share in [0.0, 1.0, -0.5, f64::NAN, f64::INFINITY] {
        let options = FolderOptions::default().test_share(share);
        let error = Dataset::folder(folder.path(), options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        assert_says(error, &["test share", &share.to_string()]);
    }
    assert_says(
        read_default(folder.path()),
        &["test share is 0.2", "4 pictures to train on and 0 to test on"],
    );
}

#[test]
fn every_unreadable_file_is_named_at_once() {
    let folder = tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    save(folder.path(), "a/good.png", grey(1));
    save(folder.path(), "b/cut.png", GrayImage::from_fn(64, 64, |x, y| Luma([(x * y) as u8])));
    let bytes = std::fs::read(path("b/cut.png")).unwrap();
    std::fs::write(path("b/cut.png"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(path("a/empty.png"), "").unwrap();
    std::fs::write(path("a/text.jpg"), "not a picture").unwrap();
    std::fs::write(path("b/gif.png"), b"GIF89a\x01\x00\x01\x00\x00\x00\x00;").unwrap();
    let error = Dataset::folder(folder.path(), FolderOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(!error.to_string().contains("good.png"), "{error}");
    assert_says(
        error,
        &["4 of the folder's pictures", "empty.png", "text.jpg", "cut.png", "gif.png (", "a GIF file"],
    );
}

#[test]
fn a_folder_without_classes_or_a_class_without_pictures_is_refused() {
    let folder = tempdir().unwrap();
    assert_says(read_default(folder.path()), &["one sub-folder per class", "none"]);
    save(folder.path(), "full/1.png", grey(5));
    assert_says(
        read_default(folder.path()),
        &["its only class is \"full\"", "there is nothing to learn from one class"],
    );
    std::fs::create_dir(folder.path().join("bare")).unwrap();
    assert_says(read_default(folder.path()), &["there is no picture in ", "bare (read are .png, .jpg"]);
    assert_says(
        read_default(folder.path()),
        &["remove the folder, or name the classes to use with `--classes`"],
    );
    std::fs::write(folder.path().join("bare/1.gif"), "a").unwrap();
    assert_says(read_default(folder.path()), &["bare, only 1 .gif (read are .png, .jpg"]);
    let nowhere = folder.path().join("nowhere");
    assert_says(read_default(&nowhere), &["nowhere", "could not list it"]);
    assert_says(
        Dataset::open(nowhere.to_str().unwrap()).unwrap_err(),
        &["nowhere", "no such folder", "synthetic"],
    );
    assert_says(
        Dataset::open(folder.path().join("bare").to_str().unwrap()).unwrap_err(),
        &["bare", "six files of CIFAR-10", "a sub-folder per class"],
    );
}

#[test]
fn more_classes_than_labels_are_refused() {
    let folder = tempdir().unwrap();
    (0..257).for_each(|class| std::fs::create_dir(folder.path().join(class.to_string())).unwrap());
    assert_says(read_default(folder.path()), &["257 sub-folders", "256"]);
}

#[test]
fn what_is_left_out_is_counted_by_ending_in_one_sentence() {
    let folder = tempdir().unwrap();
    for class in ["cat", "dog"] {
        for (number, ending) in ["png", "webp", "jfif", "bmp", "JPG", "jpe"].into_iter().enumerate() {
            let format = if ending == "jfif" || ending == "jpe" { "jpg" } else { ending };
            save(folder.path(), &format!("{class}/{number}.{format}"), grey(number as u8));
            let from = folder.path().join(format!("{class}/{number}.{format}"));
            std::fs::rename(from, folder.path().join(format!("{class}/{number}.{ending}"))).unwrap();
        }
        for other in ["Thumbs.db", ".DS_Store", "notes.txt", "more.TXT", "movie.gif", "LICENSE"] {
            std::fs::write(folder.path().join(class).join(other), "no picture").unwrap();
        }
    }
    std::fs::create_dir(folder.path().join("cat/old")).unwrap();
    save(folder.path(), "cover.png", grey(1));
    std::fs::write(folder.path().join("readme.md"), "beside the classes").unwrap();
    let dataset = Dataset::folder(folder.path(), FolderOptions::default()).unwrap();
    assert_eq!(dataset.train().len() + dataset.test().len(), 12);
    assert_eq!(
        dataset.notes(),
        [
            "left out: 2 .db, 2 .gif, 4 .txt, 2 files without an ending, 2 hidden files, 1 picture outside the classes and \
          1 sub-folder (pictures that end in .png, .jpg, .jpeg, .jfif, .jpe, .webp, .bmp are read)"
        ]
    );
    assert_says(format!("{dataset:?}"), &["; left out: 2 .db"]);
}

#[test]
fn a_folder_that_is_split_already_is_read_as_its_two_splits() {
    for (train, test) in [
        ("train", "test"),
        ("Train", "VAL"),
        ("training", "validation"),
        ("TRAIN", "valid"),
        ("train", "Testing"),
    ] {
        let root = tempdir().unwrap();
        let folder = root.path().join("inner");
        for (class, value) in [("ant", 10), ("bee", 20)] {
            (0..3).for_each(|number| {
                save(&folder, &format!("{train}/{class}/{number}.png"), grey(value + number))
            });
            save(&folder, &format!("{test}/{class}/x.png"), grey(value + 9));
        }
        // The folder itself, and one that has nothing else.
        for place in [&folder, root.path()] {
            let dataset = Dataset::open(place.to_str().unwrap()).unwrap();
            assert_eq!(dataset.class_names(), ["ant", "bee"]);
            assert_eq!(dataset.train().images().slice(s![.., 0, 0, 0]).to_vec(), [10, 11, 12, 20, 21, 22]);
            assert_eq!(dataset.test().images().slice(s![.., 0, 0, 0]).to_vec(), [19, 29]);
            assert_eq!((dataset.test().labels(), dataset.notes().len()), (&[0, 1][..], 0));
        }
        // A third split is left out, and said to be.
        save(&folder, "extra/ant/1.png", grey(1));
        let dataset = Dataset::open(folder.to_str().unwrap()).unwrap();
        assert_eq!(dataset.notes(), ["outside the training and the test split, \"extra\" is left out"]);
        save(&folder, &format!("{test}/cow/1.png"), grey(1));
        assert_says(read_default(&folder), &["\"cow\" is in the test split, but not in the training split"]);
        save(&folder, &format!("{train}/cow/1.png"), grey(1));
        save(&folder, &format!("{train}/dog/1.png"), grey(1));
        assert_says(read_default(&folder), &["\"dog\" is in the training split, but not in the test split"]);
        let options = FolderOptions::default().classes(["bee", "cow"]);
        assert_eq!(Dataset::folder(&folder, options).unwrap().class_names(), ["bee", "cow"]);
    }
}

#[test]
fn classes_that_are_named_train_and_test_are_classes_and_a_test_split_may_be_missing() {
    let folder = tempdir().unwrap();
    for class in ["train", "test"] {
        (0..5).for_each(|number| save(folder.path(), &format!("{class}/{number}.png"), grey(number)));
    }
    assert_eq!(
        Dataset::folder(folder.path(), FolderOptions::default()).unwrap().class_names(),
        ["test", "train"]
    );
    let folder = tempdir().unwrap();
    for class in ["ant", "bee"] {
        (0..5).for_each(|number| save(folder.path(), &format!("train/{class}/{number}.png"), grey(number)));
    }
    save(folder.path(), "test/1.png", grey(1)); // no classes: to be submitted to a competition
    let dataset = Dataset::folder(folder.path(), FolderOptions::default()).unwrap();
    assert_eq!((dataset.train().len(), dataset.test().len()), (8, 2));
    assert_says(&dataset.notes()[0], &["outside the training split, \"test\" is left out"]);
}

#[test]
fn classes_have_names_in_any_script_and_either_way_of_writing_accents() {
    let folder = tempdir().unwrap();
    // The same letter composed and decomposed, as Linux and macOS write it.
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    for class in [decomposed, "\u{732b} neko", "\u{43a}\u{43e}\u{442}", "two words"] {
        (0..5).for_each(|number| save(folder.path(), &format!("{class}/{number}.png"), grey(number)));
    }
    let dataset = Dataset::folder(folder.path(), FolderOptions::default()).unwrap();
    assert_eq!(dataset.class_names(), [composed, "two words", "\u{43a}\u{43e}\u{442}", "\u{732b} neko"]);
    for name in [composed, decomposed] {
        let options = FolderOptions::default().classes([name, "two words"]);
        assert_eq!(Dataset::folder(folder.path(), options).unwrap().class_names(), [composed, "two words"]);
        assert_eq!(
            dataset.with_classes(&[name, "two words"]).unwrap().class_names(),
            [composed, "two words"]
        );
    }
    let unknown = FolderOptions::default().classes(["dog"]);
    let error = Dataset::folder(folder.path(), unknown).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOption);
    assert_says(error, &["a class is \"dog\"", "the classes are \"café\", \"two words\""]);
    let one = FolderOptions::default().classes(["two words"]);
    assert_says(
        Dataset::folder(folder.path(), one).unwrap_err(),
        &["number of classes is 1", "there is nothing to learn from one class; name at least two"],
    );
    if cfg!(target_os = "linux") {
        save(folder.path(), &format!("{composed}/1.png"), grey(1));
        assert_says(read_default(folder.path()), &["are both the class \"café\"", "rename"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_read_without_a_panic() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempdir().unwrap();
    for class in [&b"caf\xe9"[..], b"dog"] {
        let class = folder.path().join(OsStr::from_bytes(class));
        (0..5).for_each(|number| save(&class, &format!("{number}.png"), grey(number)));
        std::fs::copy(class.join("1.png"), class.join(OsStr::from_bytes(b"\xff.png"))).unwrap();
        std::fs::write(class.join(OsStr::from_bytes(b"a.\xff")), "").unwrap();
    }
    let dataset = Dataset::folder(folder.path(), FolderOptions::default()).unwrap();
    assert_eq!(dataset.class_names(), ["caf\u{fffd}", "dog"]);
    assert_eq!(dataset.train().len() + dataset.test().len(), 12);
    assert_says(&dataset.notes()[0], &["left out: 2 .\u{fffd}"]);
    std::fs::write(folder.path().join("dog").join(OsStr::from_bytes(b"\xff.jpg")), "no").unwrap();
    assert_says(read_default(folder.path()), &["\u{fffd}.jpg (its content is no picture"]);
}

#[cfg(unix)]
#[test]
fn a_class_behind_a_link_has_the_links_name_and_a_broken_link_is_counted() {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (with_class_b(), tempdir().unwrap());
    for number in 0..2 {
        save(elsewhere.path(), &format!("{number}.png"), grey(number));
    }
    symlink(elsewhere.path(), folder.path().join("linked")).unwrap();
    symlink("nowhere", elsewhere.path().join("3.png")).unwrap();
    let dataset = read(folder.path(), ResizeFilter::Triangle);
    assert_eq!(dataset.class_names(), ["b", "linked"]);
    assert_eq!((dataset.train().len(), dataset.test().len()), (2, 2));
    assert_says(&dataset.notes()[0], &["left out: 1 broken link ("]);
}

#[test]
fn pictures_in_sub_folders_of_a_class_are_told() {
    let folder = with_class_b();
    save(folder.path(), "a/2024/1.png", grey(1));
    let error = Dataset::folder(folder.path(), FolderOptions::default()).unwrap_err().to_string();
    assert!(
        error.ends_with(
            ", only 1 sub-folder (read are .png, .jpg, .jpeg, .jfif, .jpe, .webp, .bmp): the pictures of a class are in its folder \
             itself, so move them there, or name a folder whose sub-folders are the classes"
        ),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn a_class_whose_name_has_spaces_around_it_can_be_chosen() {
    let folder = tempdir().unwrap();
    for class in [" a", "b ", "c"] {
        (0..5).for_each(|number| save(folder.path(), &format!("{class}/{number}.png"), grey(number)));
    }
    let chosen = |names: [&str; 2]| {
        let options = FolderOptions::default().classes(names);
        Dataset::folder(folder.path(), options).unwrap().class_names().to_vec()
    };
    assert_eq!(chosen(["a", "b"]), [" a", "b "]);
    assert_eq!(chosen([" a", " c "]), [" a", "c"]);
    // Of two names that differ in nothing else, each is its own.
    (0..5).for_each(|number| save(folder.path(), &format!("a/{number}.png"), grey(number)));
    assert_eq!(chosen(["a", "c"]), ["a", "c"]);
    assert_eq!(chosen([" a", "c"]), [" a", "c"]);
}

#[test]
fn classes_that_are_called_like_splits_are_noted() {
    let folder = tempdir().unwrap();
    for split in ["train", "test_set"] {
        (0..5).for_each(|number| save(folder.path(), &format!("{split}/{number}.png"), grey(number)));
    }
    let notes = || Dataset::folder(folder.path(), FolderOptions::default()).unwrap().notes().to_vec();
    let note = "\"test_set\" and \"train\" are read as classes; if they are splits, put the pictures of each class into a \
                sub-folder of them";
    assert_eq!(notes(), [note]);
    // A bus, a train.
    (0..5).for_each(|number| save(folder.path(), &format!("bus/{number}.png"), grey(number)));
    assert_eq!(notes(), Vec::<String>::new());
}

#[test]
fn what_systems_add_to_a_drive_is_no_class_and_is_counted() {
    let folder = with_class_b();
    (0..2).for_each(|number| save(folder.path(), &format!("a/{number}.png"), grey(number)));
    let added = [
        "System Volume Information",
        "lost+found",
        "$RECYCLE.BIN",
        "$Recycle.bin",
        "__MACOSX",
        "@eaDir",
        ".git",
    ];
    for name in added {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    let dataset = Dataset::folder(folder.path(), FolderOptions::default().test_share(0.5)).unwrap();
    assert_eq!(dataset.class_names(), ["a", "b"]);
    assert_says(dataset.notes().join(" "), &["left out: 6 folders of the system (pictures that end in"]);
}
