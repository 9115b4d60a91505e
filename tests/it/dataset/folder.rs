//! Image folders: which files are taken, and how they are split.
use std::path::Path;

use image::{GrayImage, Luma};
use ndarray::s;
use softness::ErrorKind;
use softness::dataset::{Dataset, FolderOptions, ResizeFilter};
use tempfile::tempdir;

use super::fixture::assert_says;
use super::pictures::{JPEG, assert_close, folder_of, read, save};

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
    let folder = tempdir().unwrap();
    save(folder.path(), "a/1.png", grey(1));
    std::fs::rename(folder.path().join("a/1.png"), folder.path().join("a/1.JPG")).unwrap();
    save(folder.path(), "a/2.jpg", grey(200));
    std::fs::rename(folder.path().join("a/2.jpg"), folder.path().join("a/2.JpEg")).unwrap();
    let dataset = read(folder.path(), ResizeFilter::Triangle);
    assert_close(dataset.train().image(0), [1; 3], 0);
    assert_close(dataset.test().image(0), [200; 3], JPEG);
}

#[test]
fn the_split_takes_every_fifth_file_by_name_and_any_other_share_evenly() {
    let folder = tempdir().unwrap();
    for number in 0..20 {
        save(folder.path(), &format!("a/{number:02}.png"), grey(number));
    }
    let test = |test_share| {
        let options = FolderOptions::default().test_share(test_share);
        let dataset = Dataset::folder(folder.path(), options).unwrap();
        assert_eq!(dataset.train().len() + dataset.test().len(), 20);
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
        &["test share is 0.2", "2 pictures to train on and 0 to test on"],
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
        &[
            "4 of the folder's pictures",
            "empty.png",
            "text.jpg",
            "cut.png",
            "gif.png (",
            "neither PNG nor JPEG",
        ],
    );
}

#[test]
fn a_folder_without_classes_or_a_class_without_pictures_is_refused() {
    let folder = tempdir().unwrap();
    assert_says(read_default(folder.path()), &["one sub-folder per class", "none"]);
    save(folder.path(), "full/1.png", grey(5));
    std::fs::create_dir(folder.path().join("bare")).unwrap();
    assert_says(read_default(folder.path()), &["no .png, .jpg or .jpeg file", "bare"]);
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

#[cfg(unix)]
#[test]
fn a_class_behind_a_link_has_the_links_name_and_a_broken_link_to_a_picture_is_left_out() {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (tempdir().unwrap(), tempdir().unwrap());
    for number in 0..2 {
        save(elsewhere.path(), &format!("{number}.png"), grey(number));
    }
    symlink(elsewhere.path(), folder.path().join("linked")).unwrap();
    symlink("nowhere", elsewhere.path().join("3.png")).unwrap();
    let dataset = read(folder.path(), ResizeFilter::Triangle);
    assert_eq!(dataset.class_names(), ["linked"]);
    assert_eq!((dataset.train().len(), dataset.test().len()), (1, 1));
}
