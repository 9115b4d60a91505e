//! The one error type of the crate. Every message is a sentence that names the file, record, row,
//! field or option at fault, and what to do about it.

use std::fmt::Display;
use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything in this crate that can go wrong: a kind, for programs, and a sentence, for people.
///
/// The sentence names the file, row, field or option at fault and says what to do. `Display` prints it.
///
/// ```
/// use softness::{ErrorKind, session::Training};
///
/// let error = Training::preset("no such preset").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidOption);
/// assert_eq!(error.to_string(), "preset is \"no such preset\", but it must be paper, hvass02 or deep_mnist");
/// ```
#[derive(thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Failure>);

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused something to do with a file, a folder or a thread.
    Io,
    /// A file or table is there, but its contents are not what they should be.
    Malformed,
    /// An option, an argument or a field has a value that makes no sense.
    InvalidOption,
    /// There is no data set at the place that was asked for.
    NoDataset,
    /// A file could not be downloaded.
    Download,
    /// A layer, column, score, label or fit was asked for that does not exist.
    NotFound,
    /// The loss or a weight grew without bound or was no longer a number during training.
    Diverged,
    /// The observer stopped the training, or the user interrupted the cell of a notebook. In a store, training resumes
    /// when it is run again.
    Interrupted,
    /// An image or map is too small to score, or contains a value that is not a number.
    CannotScore,
    /// A model cannot be fitted to these points.
    CannotFit,
    /// A figure has nothing to show or could not be drawn.
    CannotDraw,
    /// A library that this crate uses failed unexpectedly, or a thread panicked.
    Internal,
}

impl Error {
    /// The kind of this error.
    pub fn kind(&self) -> ErrorKind {
        match *self.0 {
            Failure::Io { .. } => ErrorKind::Io,
            Failure::Picture { .. } | Failure::BadFrame { .. } => ErrorKind::Malformed,
            Failure::Diverged { .. } => ErrorKind::Diverged,
            Failure::Interrupted { .. } => ErrorKind::Interrupted,
            Failure::NoLine(_) | Failure::NoLogarithm(_) => ErrorKind::CannotFit,
            Failure::Other(kind, _) => kind,
        }
    }

    /// What went wrong, for those in this crate who act on it.
    pub(crate) fn failure(&self) -> &Failure {
        &self.0
    }

    /// The same, taken apart.
    pub(crate) fn into_failure(self) -> Failure {
        *self.0
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self(Box::new(failure))
    }
}

impl std::fmt::Debug for Error {
    /// The kind and the sentence.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}: {self}", self.kind())
    }
}

/// What went wrong. Failures on which this crate acts have a variant; all others are a kind and a sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The operating system refused something to do with a file or folder. The action is a verb: "read it".
    #[error("{}: could not {action}: {source}", path.display())]
    Io { path: PathBuf, action: &'static str, source: std::io::Error },
    /// A picture cannot be read.
    #[error("{}: could not read it as a picture: {problem}", path.display())]
    Picture { path: PathBuf, problem: String },
    /// A data frame does not have the schema of a score table. The place is a column, with a row if one is at fault.
    #[error("the score table's {place}: {problem}")]
    BadFrame { place: String, problem: String },
    /// The loss or a weight stopped being a number during training, or the loss grew beyond all bounds. `kept` is the
    /// last state whose weights are all finite: its iteration and its checkpoint; `None` without a store.
    #[error(
        "the loss or a weight has exploded or is no longer a number at iteration {iteration}: the learning rate \
         {learning_rate} is probably too large; start again with a smaller one{}",
        last_good(kept)
    )]
    Diverged { iteration: u64, learning_rate: f64, kept: Option<(u64, PathBuf)> },
    /// The observer stopped the training after this iteration.
    #[error(
        "session {session} was stopped after iteration {iteration}; in a store it resumes there when run again"
    )]
    Interrupted { session: String, iteration: u64 },
    /// There are too few points for a line, or all x or all y are the same.
    #[error("{0}")]
    NoLine(String),
    /// A form needs the logarithm of a value that is not above 0.
    #[error("{0}")]
    NoLogarithm(String),
    /// Everything else.
    #[error("{1}")]
    Other(ErrorKind, String),
}

/// Where the last good state of a diverged session is, as the end of a sentence.
fn last_good(kept: &Option<(u64, PathBuf)>) -> String {
    kept.as_ref().map_or_else(String::new, |(iteration, path)| {
        format!(
            "; the state after iteration {iteration}, the last good one saved, is kept in {}",
            path.display()
        )
    })
}

impl Error {
    /// An error of this kind. The sentence names what is at fault and says what to do.
    pub(crate) fn new(kind: ErrorKind, sentence: impl Into<String>) -> Self {
        Failure::Other(kind, sentence.into()).into()
    }

    /// Whether a file or folder was not there when the operating system was asked for it.
    pub(crate) fn is_missing_file(&self) -> bool {
        matches!(self.failure(), Failure::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }

    /// Whether another host may have caused it, which was just changing the same folder of a shared file system.
    pub(crate) fn may_pass(&self) -> bool {
        use std::io::ErrorKind::{
            AlreadyExists, NotADirectory, NotFound, ResourceBusy, StaleNetworkFileHandle, TimedOut,
        };
        /// EIO on all systems that have it.
        const INPUT_OUTPUT: i32 = 5;
        let Failure::Io { source, .. } = self.failure() else { return false };
        [AlreadyExists, NotADirectory, NotFound, ResourceBusy, StaleNetworkFileHandle, TimedOut]
            .contains(&source.kind())
            || (cfg!(unix) && source.raw_os_error() == Some(INPUT_OUTPUT))
    }

    /// An [`ErrorKind::Io`] about `path`, ready for `map_err`.
    pub(crate) fn io(path: impl AsRef<Path>, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Failure::Io { path, action, source }.into()
    }

    /// An [`ErrorKind::Malformed`] about `path`.
    pub(crate) fn malformed(path: impl AsRef<Path>, problem: impl Display) -> Self {
        Self::new(ErrorKind::Malformed, format!("{}: {problem}", path.as_ref().display()))
    }

    /// An [`ErrorKind::Malformed`] with what to do about it; any other error as it is.
    pub(crate) fn advising(self, what_to_do: impl Display) -> Self {
        match self.kind() {
            ErrorKind::Malformed => Self::new(ErrorKind::Malformed, format!("{self}; {what_to_do}")),
            _ => self,
        }
    }

    /// An [`ErrorKind::InvalidOption`].
    pub(crate) fn option(option: &str, value: impl Display, requirement: impl Display) -> Self {
        Self::new(ErrorKind::InvalidOption, format!("{option} is {value}, but {requirement}"))
    }

    /// An [`ErrorKind::InvalidOption`] unless the value of the option meets the requirement.
    pub(crate) fn require(
        is_met: bool,
        option: &str,
        value: impl Display,
        requirement: impl Display,
    ) -> Result<()> {
        if is_met { Ok(()) } else { Err(Self::option(option, value, requirement)) }
    }

    /// An [`ErrorKind::NoDataset`]: what is missing at `place`, and what to do about it.
    pub(crate) fn no_dataset(place: impl Display, problem: impl Display) -> Self {
        Self::new(ErrorKind::NoDataset, format!("there is no data set at {place}: {problem}"))
    }

    /// An [`ErrorKind::NotFound`] about a layer, counted from 1.
    pub(crate) fn no_layer(layer: usize, layers: usize) -> Self {
        let sentence = format!("there is no layer {layer}: the convolutional layers are 1 to {layers}");
        Self::new(ErrorKind::NotFound, sentence)
    }

    /// An [`ErrorKind::Malformed`] about a saved state that belongs to another session.
    pub(crate) fn other_session(problem: impl Display) -> Self {
        Self::new(ErrorKind::Malformed, format!("the saved state is that of another session: {problem}"))
    }

    /// An [`ErrorKind::CannotDraw`] about a figure with this title.
    pub(crate) fn nothing_to_draw(title: &str, problem: impl Display) -> Self {
        let sentence = format!("{title}: there is nothing to draw, since {problem}");
        Self::new(ErrorKind::CannotDraw, sentence)
    }

    /// An [`ErrorKind::CannotDraw`] from what a drawing library said.
    pub(crate) fn drawing(reason: impl Display) -> Self {
        Self::new(ErrorKind::CannotDraw, format!("the figure could not be drawn: {reason}"))
    }

    /// An [`ErrorKind::Io`] if the operating system gave no thread.
    pub(crate) fn no_thread(reason: std::io::Error) -> Self {
        Self::new(ErrorKind::Io, format!("no thread could be started ({reason}): try fewer jobs"))
    }

    /// An [`ErrorKind::Internal`] from what a thread's `join` returned.
    pub(crate) fn panicked(work: &str, panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("no message");
        Self::new(ErrorKind::Internal, format!("{work} ended in a panic, a fault of this program: {text}"))
    }

    /// An [`ErrorKind::Internal`] from what the tensor library said.
    pub(crate) fn tensor(error: impl std::fmt::Debug) -> Self {
        let hint = "probably memory ran out, so use a smaller batch or network";
        Self::new(ErrorKind::Internal, format!("the tensor library failed ({error:?}): {hint}"))
    }
}
