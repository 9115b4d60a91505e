//! CIFAR-10's Python version, and CIFAR-100, wherever they are. `golden/pickles` are by Python and numpy
//! (`golden/pickles.py`), all with the same two images.
use std::path::{Path, PathBuf};

use softness::dataset::{Cifar100Labels, Dataset};
use softness::internals::Source;
use softness::{Error, ErrorKind};
use tempfile::{TempDir, tempdir};

use super::archive::{Entry, gzip, tar};
use super::fixture::{FILES, assert_says, record, write_cifar};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/pickles")
}

fn pickle(name: &str) -> Vec<u8> {
    std::fs::read(golden().join(name)).unwrap()
}

/// The six files, each with these bytes, under the names that `name` makes of the authors'.
fn six(folder: &Path, bytes: &[u8], name: impl Fn(&str) -> String) {
    std::fs::create_dir_all(folder).unwrap();
    for file in FILES {
        std::fs::write(folder.join(name(file)), bytes).unwrap();
    }
}

fn without_ending(file: &str) -> String {
    file.trim_end_matches(".bin").into()
}

/// The records that every golden file has, in the binary version.
fn binary() -> Vec<u8> {
    [record(3, 0), record(7, 1)].concat()
}

fn fingerprint(path: &Path) -> String {
    Dataset::cifar10(path).unwrap().fingerprint().to_owned()
}

/// That of the binary version of the golden files.
fn expected() -> String {
    let folder = tempdir().unwrap();
    six(folder.path(), &binary(), |file| file.into());
    fingerprint(folder.path())
}

fn refusal(path: &Path) -> Error {
    Dataset::cifar10(path).unwrap_err()
}

#[test]
fn pickles_of_every_protocol_and_program_are_read_like_the_binary_version() {
    let mut seen = 0;
    for entry in std::fs::read_dir(golden()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let folder = tempdir().unwrap();
        six(folder.path(), &pickle(&name), without_ending);
        let dataset = Dataset::cifar10(folder.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(dataset.fingerprint(), expected(), "{name}");
        assert_eq!(dataset.train().labels(), [3, 7].repeat(5), "{name}");
        assert_eq!(dataset.source(), Source::Cifar10Format, "{name}");
        seen += 1;
    }
    assert!(seen >= 16, "{seen}");
}

#[test]
fn names_in_upper_case_with_other_endings_or_none_are_found_and_the_content_decides() {
    for bytes in [binary(), pickle("python2")] {
        for name in [
            |file: &str| file.to_uppercase(),
            |file: &str| without_ending(file),
            |file: &str| without_ending(file).to_uppercase() + ".PKL",
            |file: &str| without_ending(file) + ".pickle",
        ] {
            let folder = tempdir().unwrap();
            six(folder.path(), &bytes, name);
            assert_eq!(fingerprint(folder.path()), expected());
            let opened = Dataset::open(folder.path().to_str().unwrap()).unwrap();
            assert_eq!(opened.fingerprint(), expected());
        }
    }
}

#[test]
fn a_folder_one_or_two_levels_above_is_enough() {
    for inside in ["cifar-10-batches-py", "data/cifar-10-batches-py", "downloads/what"] {
        let folder = tempdir().unwrap();
        six(&folder.path().join(inside), &pickle("protocol5-bytes"), without_ending);
        let opened = Dataset::open(folder.path().to_str().unwrap()).unwrap();
        assert_eq!(opened.fingerprint(), expected(), "{inside}");
        assert_says(opened.summary(), &[inside]);
    }
    let folder = tempdir().unwrap();
    six(&folder.path().join("one/two/three"), &binary(), |file| file.into());
    assert!(Dataset::cifar10(folder.path()).is_err(), "three levels");
}

#[test]
fn archives_of_both_versions_are_read_as_they_are() {
    let folder = tempdir().unwrap();
    let archive = |inside: &str, bytes: &[u8], name: &dyn Fn(&str) -> String| {
        let files = FILES.iter().map(|file| Entry::file(format!("{inside}/{}", name(file)), bytes));
        tar(&files.chain([Entry::file(format!("{inside}/readme.html"), "<p>")]).collect::<Vec<_>>())
    };
    let python = archive("cifar-10-batches-py", &pickle("python2"), &without_ending);
    let plain = archive("cifar-10-batches-bin", &binary(), &|file| file.into());
    for (name, bytes) in
        [("p.tar.gz", gzip(&python)), ("p.tar", python), ("b.tgz", gzip(&plain)), ("b.tar", plain)]
    {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(fingerprint(&path), expected(), "{name}");
        let opened = Dataset::open(path.to_str().unwrap()).unwrap();
        assert_eq!((opened.fingerprint(), opened.source()), (&*expected(), Source::Cifar10Format));
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert_says(refusal(&path), &[name]);
    }
    let path = folder.path().join("other.tar.gz");
    std::fs::write(&path, gzip(&tar(&[Entry::file("a.txt", "a")]))).unwrap();
    let error = Dataset::open(path.to_str().unwrap()).unwrap_err();
    assert_says(error, &["other.tar.gz", "it is a file", "not a tar archive of CIFAR-10"]);
}

#[test]
fn an_archive_is_found_in_a_folder_that_holds_nothing_else_to_read() {
    let archive = |inside: &str, bytes: &[u8], name: &dyn Fn(&str) -> String| {
        let files = FILES.iter().map(|file| Entry::file(format!("{inside}/{}", name(file)), bytes));
        gzip(&tar(&files.collect::<Vec<_>>()))
    };
    let python = archive("cifar-10-batches-py", &pickle("python2"), &without_ending);
    let plain = archive("cifar-10-batches-bin", &binary(), &|file| file.into());
    for (name, bytes) in
        [("cifar-10-python.tar.gz", &python), ("cifar-10-binary.tar.gz", &plain), ("CIFAR10 (1).tgz", &plain)]
    {
        let folder = tempdir().unwrap();
        std::fs::write(folder.path().join("readme.txt"), "cifar").unwrap();
        std::fs::write(folder.path().join("cifar-10.txt"), "no archive").unwrap();
        std::fs::create_dir(folder.path().join(".cache")).unwrap();
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let opened = Dataset::open(folder.path().to_str().unwrap()).unwrap();
        assert_eq!(opened.fingerprint(), expected(), "{name}");
        assert_says(opened.summary(), &[name]);
        assert_eq!(Dataset::cifar10(folder.path()).unwrap().fingerprint(), expected(), "{name}");
        std::fs::write(folder.path().join(name), &bytes[..bytes.len() / 2]).unwrap();
        assert_says(refusal(folder.path()), &[name, "it is not a complete tar archive"]);
    }
    // The binary version is taken of two; an archive with other files is none.
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("cifar-10-binary.tar.gz"), gzip(&tar(&[Entry::file("a.txt", "a")])))
        .unwrap();
    assert_says(
        Dataset::open(folder.path().to_str().unwrap()).unwrap_err(),
        &["neither the six files of CIFAR-10, nor its archive, nor a sub-folder per class"],
    );
    std::fs::write(folder.path().join("cifar-10-python.tar.gz"), &python).unwrap();
    assert_says(Dataset::cifar10(folder.path()).unwrap().summary(), &["cifar-10-python.tar.gz"]);
    std::fs::write(folder.path().join("cifar-10-binary.tar.gz"), &plain).unwrap();
    assert_says(Dataset::cifar10(folder.path()).unwrap().summary(), &["cifar-10-binary.tar.gz"]);
    // CIFAR-100 beside it is another data set.
    let hundred =
        [Entry::file("cifar-100-binary/train.bin", []), Entry::file("cifar-100-binary/test.bin", [])];
    std::fs::write(folder.path().join("cifar-100-binary.tar.gz"), gzip(&tar(&hundred))).unwrap();
    assert_says(Dataset::cifar10(folder.path()).unwrap().summary(), &["cifar-10-binary.tar.gz"]);
    // Class folders are read, not the archive that they may come from.
    std::fs::create_dir(folder.path().join("cat")).unwrap();
    assert_says(Dataset::open(folder.path().to_str().unwrap()).unwrap_err(), &["cat"]);
}

/// A folder whose third training file has these bytes.
fn with_third(bytes: &[u8]) -> TempDir {
    let folder = tempdir().unwrap();
    six(folder.path(), &pickle("python2"), without_ending);
    std::fs::write(folder.path().join("data_batch_3"), bytes).unwrap();
    folder
}

#[test]
fn a_damaged_pickle_is_named_with_what_is_wrong() {
    let whole = pickle("protocol4-texts");
    let replaced = |from: &[u8], to: &[u8]| {
        let at = whole.windows(from.len()).position(|piece| piece == from).unwrap();
        [&whole[..at], to, &whole[at + from.len()..]].concat()
    };
    for (bytes, words) in [
        (whole[..whole.len() / 2].to_vec(), &["the pickle ends early, after"][..]),
        (whole[..whole.len() - 1].to_vec(), &["ends early"]),
        (replaced(b"labels", b"labelz"), &["there is no \"labels\" in it"]),
        (replaced(b"labels", b"fine_labels").to_vec(), &["data_batch_3"]),
        (replaced(b"K\x03K\x07e", b"K\x03K\x0ae"), &["record 1 ", "the label 10", "0 to 9"]),
        (replaced(b"K\x03K\x07e", b"K\x03K\x07K\x07e"), &["\"data\" has the shape [2, 3072]", "3 labels"]),
        (replaced(b"u1", b"f8"), &["no NumPy array \"data\""]),
        (b"\x80\x02cos\nsystem\nX\x02\0\0\0ls\x85R.".to_vec(), &["there is no \"labels\""]),
        (b"\x80\x02Pcs".to_vec(), &["the instruction 0x50"]),
        (b"(dp1\nS'data'\n.".to_vec(), &["protocol 0", "protocol=2"]),
        (Vec::new(), &["it is empty", "copy or fetch it again"]),
    ] {
        let error = refusal(with_third(&bytes).path());
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
        assert_says(&error, &[&["data_batch_3"], words].concat());
    }
    let folder = with_third(&whole);
    std::fs::remove_file(folder.path().join("data_batch_3")).unwrap();
    assert_says(
        refusal(folder.path()),
        &["data_batch_3: there is no such file", "data_batch_1 to data_batch_5"],
    );
}

/// A dictionary as protocol 4 writes it: keys with byte strings, lists of numbers or lists of texts.
fn dictionary(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let text = |text: &str| [&[0x8C, text.len() as u8], text.as_bytes()].concat();
    let items = entries.iter().flat_map(|(key, value)| [text(key), value.clone()].concat());
    [b"\x80\x04}(".to_vec(), items.collect(), b"u.".to_vec()].concat()
}

fn numbers(numbers: &[u8]) -> Vec<u8> {
    [b"](".to_vec(), numbers.iter().flat_map(|&number| [b'K', number]).collect(), b"e".to_vec()].concat()
}

/// Pixels as numpy writes them in protocol 5.
fn array(images: u8, bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u64).to_le_bytes();
    let function = b"cnumpy._core.numeric\n_frombuffer\n(\x96".to_vec();
    let kind = b"cnumpy\ndtype\n\x8c\x02u1\x89\x88\x87R".to_vec();
    let shape = [b"K", &[images][..], b"M\0\x0c\x86\x8c\x01CtR"].concat();
    [function, length.to_vec(), bytes.to_vec(), kind, shape].concat()
}

#[test]
fn pixels_with_the_channels_last_are_the_same_images() {
    let records = [record(3, 0), record(7, 1)];
    // (image, row, column, channel) in place of (image, channel, row, column).
    let last = records.iter().flat_map(|record| (0..3072).map(|at| record[1 + at % 3 * 1024 + at / 3]));
    let last: Vec<u8> = last.collect();
    let planar = array(2, &last);
    let pixels =
        [planar.strip_suffix(b"K\x02M\0\x0c\x86\x8c\x01CtR").unwrap(), b"(K\x02K\x20K\x20K\x03t\x8c\x01CtR"]
            .concat();
    let folder = tempdir().unwrap();
    six(folder.path(), &dictionary(&[("labels", numbers(&[3, 7])), ("data", pixels)]), without_ending);
    assert_eq!(fingerprint(folder.path()), expected());
}

/// CIFAR-100 with `count` images in each file: image n has the fine label 11 n and the coarse label 2 n.
fn write_cifar100(folder: &Path, count: usize, python: bool) {
    std::fs::create_dir_all(folder).unwrap();
    for (first, name) in [(0, "train"), (1, "test")] {
        let images: Vec<Vec<u8>> =
            (first..first + count).map(|number| record(0, number)[1..].to_vec()).collect();
        let fine: Vec<u8> = (first..first + count).map(|number| 11 * number as u8).collect();
        let coarse: Vec<u8> = (first..first + count).map(|number| 2 * number as u8).collect();
        if python {
            let entries = [
                ("fine_labels", numbers(&fine)),
                ("coarse_labels", numbers(&coarse)),
                ("data", array(count as u8, &images.concat())),
            ];
            std::fs::write(folder.join(name), dictionary(&entries)).unwrap();
        } else {
            let records = images.iter().enumerate();
            let records = records.flat_map(|(at, image)| [&[coarse[at], fine[at]], &image[..]].concat());
            std::fs::write(folder.join(format!("{name}.bin")), records.collect::<Vec<u8>>()).unwrap();
        }
    }
}

#[test]
fn cifar_100_is_read_with_either_labels_if_asked_and_named_if_not() {
    let mut fingerprints = Vec::new();
    for (python, place) in [(false, "cifar-100-binary"), (true, "cifar-100-python")] {
        let folder = tempdir().unwrap();
        write_cifar100(&folder.path().join(place), 4, python);
        let fine = Dataset::cifar100(folder.path(), Cifar100Labels::Fine).unwrap();
        assert_eq!(
            (fine.train().labels(), fine.test().labels()),
            (&[0, 11, 22, 33][..], &[11, 22, 33, 44][..])
        );
        assert_eq!(fine.class_names().len(), 100);
        assert_eq!(
            [0, 47, 99].map(|label: usize| &*fine.class_names()[label]),
            ["apple", "maple_tree", "worm"]
        );
        assert_says(fine.summary(), &["CIFAR-100, fine labels", place, "100 classes"]);
        assert!(!fine.is_cifar10());
        let coarse = Dataset::cifar100(folder.path(), Cifar100Labels::Coarse).unwrap();
        assert_eq!((coarse.train().labels(), coarse.class_names().len()), (&[0, 2, 4, 6][..], 20));
        assert_eq!(
            [0, 17, 19].map(|label: usize| &*coarse.class_names()[label]),
            ["aquatic_mammals", "trees", "vehicles_2"]
        );
        let images = fine.train().image(2).iter().copied().collect::<Vec<u8>>();
        assert_eq!(images, record(0, 2)[1..]);
        fingerprints.push((fine.fingerprint().to_owned(), coarse.fingerprint().to_owned()));
        for error in [refusal(folder.path()), Dataset::open(folder.path().to_str().unwrap()).unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::NoDataset);
            assert_says(
                error,
                &[place, "it is CIFAR-100", "--labels fine", "--labels coarse", "Dataset::cifar100"],
            );
        }
    }
    assert_eq!(fingerprints[0], fingerprints[1], "binary and Python version");
}

#[test]
fn names_of_cifar_100_are_read_and_damaged_files_named() {
    let folder = tempdir().unwrap();
    write_cifar100(folder.path(), 2, false);
    let names: String = (0..20).map(|number| format!("group {number}\n")).collect();
    std::fs::write(folder.path().join("coarse_label_names.txt"), names).unwrap();
    let coarse = || Dataset::cifar100(folder.path(), Cifar100Labels::Coarse);
    assert_eq!(coarse().unwrap().class_names()[19], "group 19");
    std::fs::write(folder.path().join("coarse_label_names.txt"), "one\n").unwrap();
    assert_says(coarse().unwrap_err(), &["coarse_label_names.txt", "names 1 class, but 20"]);
    std::fs::remove_file(folder.path().join("coarse_label_names.txt")).unwrap();
    let test = folder.path().join("test.bin");
    let mut bytes = std::fs::read(&test).unwrap();
    bytes[3074 + 1] = 100;
    std::fs::write(&test, &bytes).unwrap();
    let fine = Dataset::cifar100(folder.path(), Cifar100Labels::Fine).unwrap_err();
    assert_says(fine, &["test.bin", "record 1 ", "the label 100", "0 to 99"]);
    bytes.pop();
    std::fs::write(&test, &bytes).unwrap();
    assert_says(coarse().unwrap_err(), &["test.bin", "record 1 ", "3073 of 3074"]);
    std::fs::remove_file(&test).unwrap();
    assert_says(
        coarse().unwrap_err(),
        &["test.bin: there is no such file; CIFAR-100 consists of train and test"],
    );
}

#[test]
fn names_of_classes_come_from_the_pickle_beside() {
    let folder = tempdir().unwrap();
    six(folder.path(), &pickle("python2"), without_ending);
    let text = |text: &str| [&[0x8C, text.len() as u8], text.as_bytes()].concat();
    let names = |count: u8| {
        [b"](".to_vec(), (0..count).flat_map(|n| text(&format!("kind {n}"))).collect(), b"e".to_vec()]
            .concat()
    };
    let meta = folder.path().join("batches.meta");
    std::fs::write(&meta, dictionary(&[("label_names", names(10))])).unwrap();
    assert_eq!(Dataset::cifar10(folder.path()).unwrap().class_names()[9], "kind 9");
    std::fs::write(&meta, dictionary(&[("label_names", names(9))])).unwrap();
    assert_says(refusal(folder.path()), &["batches.meta", "names 9 classes, but 10"]);
    std::fs::write(&meta, dictionary(&[("names", names(10))])).unwrap();
    assert_says(refusal(folder.path()), &["batches.meta", "no list of texts \"label_names\""]);
}

#[test]
fn some_classes_alone_are_kept_in_the_order_of_the_set() {
    let folder = tempdir().unwrap();
    write_cifar(folder.path(), [4, 4, 4, 4, 4, 10]);
    let whole = Dataset::cifar10(folder.path()).unwrap();
    let part = whole.with_classes(&["cat", "airplane"]).unwrap();
    assert_eq!(part.class_names(), ["airplane", "cat"]);
    assert_eq!((part.train().labels(), part.test().labels()), (&[0, 1, 0, 1][..], &[0, 1][..]));
    assert_eq!(part.train().image(1), whole.train().image(3));
    assert_says(part.summary(), &["only airplane, cat", "4 training and 2 test images of 2 classes"]);
    assert_ne!(part.fingerprint(), whole.fingerprint());
    assert_eq!(whole.with_classes::<&str>(&[]).unwrap().fingerprint(), whole.fingerprint());
    assert_says(whole.with_classes(&["cat"]).unwrap_err(), &["there is nothing to learn from one class"]);
    assert_says(whole.with_classes(&["cat", "cta"]).unwrap_err(), &["\"cta\"", "\"cat\"", "\"truck\""]);
}

#[test]
fn cifar_10_itself_is_the_same_in_either_version_where_it_is_here() {
    let Some(source) = std::env::var_os(super::CIFAR10_VARIABLE) else {
        println!("skipped: {} does not name a folder with CIFAR-10", super::CIFAR10_VARIABLE);
        return;
    };
    let binary = Dataset::cifar10(&source).unwrap();
    let folder = tempdir().unwrap();
    for (number, file) in FILES.iter().enumerate() {
        let split = if number < 5 { binary.train() } else { binary.test() };
        let from = if number < 5 { number * 10_000 } else { 0 };
        let labels = numbers(&split.labels()[from..from + 10_000]);
        let bytes = &split.bytes()[from * 3072..(from + 10_000) * 3072];
        let mut data = array(0, bytes);
        // More than a byte of images.
        let shape = data.windows(6).rposition(|piece| piece == b"K\0M\0\x0c\x86").unwrap();
        data.splice(shape..shape + 2, *b"M\x10\x27");
        let entries = [("labels", labels), ("data", data)];
        std::fs::write(folder.path().join(without_ending(file)), dictionary(&entries)).unwrap();
    }
    let python = Dataset::cifar10(folder.path()).unwrap();
    assert_eq!((python.fingerprint(), python.source()), (binary.fingerprint(), binary.source()));
}
