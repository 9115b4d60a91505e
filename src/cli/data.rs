//! The options of data sets and of training that `train` and `replicate` share.

use std::path::Path;

use crate::dataset::written::{has_classes, has_own_pictures, is_written};
use crate::dataset::{Cifar100Labels, Dataset, OpenOptions};
use crate::error::{Error, Result};
use crate::files;
use crate::session::{Initialisation, Optimiser, Training};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::names::names;
use super::values::{decimal, positive};

/// CIFAR-10 if it is found, else synthetic images.
const AUTO: &str = "auto";

/// Which images to train on.
#[derive(Debug, Args)]
pub struct Data {
    /// auto (CIFAR-10 if it is found, else synthetic), synthetic, or a folder or archive: CIFAR-10 or CIFAR-100, binary or Python
    /// version, or pictures (PNG, JPEG, WebP, BMP) with one sub-folder per class, directly or in train and test.
    #[arg(long, value_name = "DATA", default_value = AUTO, value_parser = NonEmptyStringValueParser::new())]
    dataset: String,
    /// The share of an image folder's pictures that are used for testing, above 0 and below 1 [default: 0.2, or the
    /// folder's own test split]
    #[arg(long, value_name = "SHARE", value_parser = decimal)]
    test_share: Option<f64>,
    /// Use only these classes, by name, with commas between them. May be repeated. Put a name with a comma in double
    /// quotes: --classes '"cat, wild",dog' [default: all]
    #[arg(long, value_name = "NAME,..")]
    classes: Vec<String>,
    /// For CIFAR-100: its 100 classes (fine) or its 20 groups of classes (coarse).
    #[arg(long, value_enum, value_name = "fine|coarse")]
    labels: Option<Labels>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Labels {
    Fine,
    Coarse,
}

impl Data {
    /// The first of the options that was given.
    pub fn given(&self) -> Option<&'static str> {
        let given = [
            ("--dataset", self.dataset != AUTO),
            ("--test-share", self.test_share.is_some()),
            ("--classes", !self.classes.is_empty()),
            ("--labels", self.labels.is_some()),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(name, _)| name)
    }

    /// Refuses a place for results that can be none, before the data set is read: a file, and a folder in which results would lie
    /// beside the classes of the data set.
    pub fn check_out(&self, out: &Path) -> Result<()> {
        files::check_folder("--out", out)?;
        let is_folder = self.dataset != AUTO && !self.dataset.starts_with("synthetic");
        let data = is_folder.then(|| Path::new(&self.dataset).canonicalize().ok()).flatten();
        let (Some(data), Ok(place)) = (data, out.canonicalize()) else { return Ok(()) };
        let may_be_class = place != data && has_own_pictures(&place);
        if place.starts_with(&data) && !may_be_class && !is_written(&place) && has_classes(&place) {
            let requirement = "its sub-folders have the pictures of the data set, and results would lie among them: name a folder \
                               of its own";
            return Err(Error::option("--out", out.display(), requirement));
        }
        Ok(())
    }

    /// Reads the data set, and says on standard error what it is and what was left out of it.
    pub fn open(self) -> Result<Dataset> {
        let labels = self.labels.map(|labels| match labels {
            Labels::Fine => Cifar100Labels::Fine,
            Labels::Coarse => Cifar100Labels::Coarse,
        });
        let classes = names("--classes", &self.classes)?;
        let options = OpenOptions { test_share: self.test_share, classes, labels };
        let dataset = Dataset::open_with(&self.dataset, &options)?;
        eprintln!("data: {}", dataset.summary());
        dataset.notes().iter().for_each(|note| eprintln!("note: {note}"));
        Ok(dataset)
    }
}

/// How a network is initialised and trained.
#[derive(Debug, Args)]
pub struct Steps {
    /// Images per batch [default: 50, or that of the preset or plan]
    #[arg(long, value_name = "N", value_parser = positive::<usize>)]
    batch: Option<usize>,
    /// The optimiser's step size [default: 0.0001, or that of the preset or plan]
    #[arg(long, value_name = "RATE", value_parser = decimal)]
    learning_rate: Option<f64>,
    /// adam, or sgd: plain gradient descent, which needs a larger learning rate [default: adam, or that of the plan]
    #[arg(long, value_name = "adam|sgd")]
    optimiser: Option<Optimiser>,
    /// Initial weights from a normal distribution with the standard deviation of He or Glorot [default: a truncated
    /// normal distribution of 0.05, or that of the preset or plan]
    #[arg(long, value_name = "he|glorot")]
    initialisation: Option<Initialisation>,
}

impl Steps {
    /// The options, changed by those that were given.
    pub fn apply(&self, training: Training) -> Training {
        let (batch, rate) = (training.batch, training.learning_rate);
        let (optimiser, initialisation) = (training.optimiser, training.architecture.initialisation);
        training
            .batch(self.batch.unwrap_or(batch))
            .learning_rate(self.learning_rate.unwrap_or(rate))
            .optimiser(self.optimiser.unwrap_or(optimiser))
            .initialisation(self.initialisation.unwrap_or(initialisation))
    }
}
