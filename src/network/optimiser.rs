//! The optimisers by name.

use serde::{Deserialize, Serialize};

use crate::names::names;

/// What turns a gradient g into a step of training.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Optimiser {
    /// Adam (Kingma & Ba 2015) with betas 0.9 and 0.999 and epsilon 1e-8, the defaults of that paper and of both ancestor
    /// networks.
    #[default]
    Adam,
    /// Plain gradient descent, w = w - learning rate x g, without momentum or weight decay: PyTorch's `SGD`.
    Sgd,
}

names!(Optimiser, "optimiser", { Adam: "adam", Sgd: "sgd" });

impl Optimiser {
    /// Whether it is the default, which records and keys of sessions leave out.
    pub(crate) fn is_adam(&self) -> bool {
        *self == Self::Adam
    }

    /// Its name in a sentence.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::Adam => "Adam",
            Self::Sgd => "plain gradient descent",
        }
    }
}
