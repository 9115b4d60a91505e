//! The files of CIFAR-10 and CIFAR-100, in the binary and the Python version.
//!
//! A file of the binary version has records: a label byte (of CIFAR-100 two, coarse and fine) and 3 x 32 x 32 bytes of red,
//! green and blue, row by row. A file of the Python version is a pickle with the same numbers.

use crate::dataset::SIDE;

/// The names of the folders in the authors' archives of CIFAR-10: the binary and the Python version.
pub(crate) const FOLDER: &str = "cifar-10-batches-bin";
pub(crate) const PYTHON_FOLDER: &str = "cifar-10-batches-py";
/// SHA-256 of these archives.
pub(crate) const ARCHIVE_SHA256: &str = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";
pub(crate) const PYTHON_ARCHIVE_SHA256: &str =
    "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce";
/// Length of the archive of the Python version in bytes.
pub(crate) const PYTHON_ARCHIVE_BYTES: u64 = 170_498_071;
/// Bytes of an image.
pub(crate) const IMAGE: usize = 3 * SIDE * SIDE;
/// Bytes of a record of CIFAR-10.
pub(crate) const RECORD: usize = 1 + IMAGE;
/// Records of each file in the original of CIFAR-10.
pub(crate) const RECORDS: usize = 10_000;
/// The files of the training split of CIFAR-10's binary version, in order.
pub(crate) const TRAIN_FILES: [&str; 5] =
    ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
/// The file of the test split.
pub(crate) const TEST_FILE: &str = "test_batch.bin";
/// The file with the names of the classes, one per line. Optional.
pub(crate) const NAMES_FILE: &str = "batches.meta.txt";
/// The endings that a file may have, the binary version's first.
const ENDINGS: [&str; 4] = [".bin", "", ".pkl", ".pickle"];

/// Which classes the labels of CIFAR-100 stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cifar100Labels {
    /// The hundred classes, such as "maple_tree".
    Fine,
    /// The twenty groups of five classes each, such as "trees".
    Coarse,
}

/// One of the two data sets, with the labels to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cifar {
    Ten,
    Hundred(Cifar100Labels),
}

impl Cifar {
    /// The files of the training and the test split, without endings.
    pub(super) fn files(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Ten => (
                &["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"],
                "test_batch",
            ),
            Self::Hundred(_) => (&["train"], "test"),
        }
    }

    /// Label bytes of a record, and which of them is read.
    pub(super) fn label_bytes(self) -> (usize, usize) {
        match self {
            Self::Ten => (1, 0),
            Self::Hundred(Cifar100Labels::Coarse) => (2, 0),
            Self::Hundred(Cifar100Labels::Fine) => (2, 1),
        }
    }

    /// The number of classes.
    pub(super) fn classes(self) -> u8 {
        match self {
            Self::Ten => 10,
            Self::Hundred(Cifar100Labels::Coarse) => 20,
            Self::Hundred(Cifar100Labels::Fine) => 100,
        }
    }

    /// The name of the data set.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ten => "CIFAR-10",
            Self::Hundred(_) => "CIFAR-100",
        }
    }

    /// In a pickle, the keys of the labels and of the names of the classes.
    pub(super) fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Ten => ("labels", "label_names"),
            Self::Hundred(Cifar100Labels::Coarse) => ("coarse_labels", "coarse_label_names"),
            Self::Hundred(Cifar100Labels::Fine) => ("fine_labels", "fine_label_names"),
        }
    }

    /// The files with the names of the classes: of the binary version, a name per line, and the pickle.
    pub(super) fn names_files(self) -> [&'static str; 2] {
        match self {
            Self::Ten => [NAMES_FILE, "batches.meta"],
            Self::Hundred(Cifar100Labels::Coarse) => ["coarse_label_names.txt", "meta"],
            Self::Hundred(Cifar100Labels::Fine) => ["fine_label_names.txt", "meta"],
        }
    }

    /// The names of the classes by label, if no file has them.
    pub(super) fn default_names(self) -> Vec<String> {
        let names = match self {
            Self::Ten => CLASSES,
            Self::Hundred(Cifar100Labels::Coarse) => COARSE,
            Self::Hundred(Cifar100Labels::Fine) => FINE,
        };
        names.split_whitespace().map(String::from).collect()
    }
}

/// The name of a file without an ending that it may have, in lower case, and how good the ending is: 0 is the best.
pub(super) fn stem(file: &str) -> Vec<(String, usize)> {
    let file = file.to_lowercase();
    let stems = ENDINGS.iter().enumerate();
    stems.filter_map(|(rank, ending)| Some((file.strip_suffix(ending)?.to_owned(), rank))).collect()
}

/// The names of CIFAR-10's classes, by label.
const CLASSES: &str = "airplane automobile bird cat deer dog frog horse ship truck";

/// Those of CIFAR-100.
const COARSE: &str = "aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices \
    household_furniture insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes \
    large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles small_mammals trees vehicles_1 \
    vehicles_2";
const FINE: &str = "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can \
    castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant \
    flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree \
    motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy \
    porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel \
    streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale \
    willow_tree wolf woman worm";
