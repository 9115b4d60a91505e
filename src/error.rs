//! The one error type of the crate. Every message is a sentence that names the file, record, row,
//! field or option at fault, and what to do about it.

use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, in a sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // -- files, used by every module ------------------------------------------------------------
    /// The operating system refused something to do with a file or folder.
    #[error("{}: could not {action}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, as a verb: "read it", "create it".
        action: &'static str,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file is there, but what is in it is not what it should be.
    #[error("{}: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what would be right, as a sentence.
        problem: String,
    },
    /// An option has a value that makes no sense.
    #[error("{option} is {value}, but {requirement}")]
    InvalidOption {
        /// The option or field.
        option: &'static str,
        /// Its value.
        value: String,
        /// What the value must be.
        requirement: String,
    },
    // -- dataset --------------------------------------------------------------------------------
    // -- network --------------------------------------------------------------------------------
    /// The tensor library refused a calculation: in practice, memory ran out.
    #[error("the tensor library gave up ({0}): probably memory ran out, so use a smaller batch or network")]
    Tensor(String),
    // -- filters --------------------------------------------------------------------------------
    /// A layer was asked for that the network does not have.
    #[error("there is no layer {layer}: the convolutional layers are 1 to {layers}")]
    NoSuchLayer {
        /// The layer asked for, counted from 1.
        layer: usize,
        /// The number of convolutional layers.
        layers: usize,
    },
    // -- session --------------------------------------------------------------------------------
    /// The loss stopped being a number in the course of training.
    #[error(
        "the loss is no longer a number at iteration {iteration}: the learning rate {learning_rate} is probably too large"
    )]
    Diverged {
        /// The iteration.
        iteration: u64,
        /// The learning rate.
        learning_rate: f64,
    },
    /// The operating system gave no thread.
    #[error("no thread could be started ({reason}): try fewer jobs")]
    Threads {
        /// What the operating system said.
        reason: String,
    },
    // -- responses and softness -----------------------------------------------------------------
    // -- table ----------------------------------------------------------------------------------
    // -- models ---------------------------------------------------------------------------------
    // -- figures and report ---------------------------------------------------------------------
}

impl From<dfdx::tensor::CpuError> for Error {
    fn from(error: dfdx::tensor::CpuError) -> Self {
        Self::Tensor(format!("{error:?}"))
    }
}

impl Error {
    /// An [`Error::Io`] about `path`, ready for `map_err`.
    pub(crate) fn io(path: impl AsRef<Path>, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { path, action, source }
    }

    /// An [`Error::Malformed`] about `path`.
    pub(crate) fn malformed(path: impl AsRef<Path>, problem: impl Into<String>) -> Self {
        Self::Malformed { path: path.as_ref().to_path_buf(), problem: problem.into() }
    }

    /// An [`Error::InvalidOption`].
    pub(crate) fn option(
        option: &'static str,
        value: impl std::fmt::Display,
        requirement: impl Into<String>,
    ) -> Self {
        Self::InvalidOption { option, value: value.to_string(), requirement: requirement.into() }
    }
}
