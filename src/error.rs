//! The one error type of the crate. Every message is a sentence that names the file, record, row,
//! field or option at fault, and what to do about it.

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
/// assert_eq!(error.to_string(), "preset is \"no such preset\", but it is paper, hvass02 or deep_mnist");
/// ```
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
    /// The loss or a weight grew beyond all bounds or stopped being a number during training.
    Diverged,
    /// The observer stopped the training. In a store, it resumes when it is run again.
    Interrupted,
    /// An image or map is too small to score, or holds a value that is not a number.
    CannotScore,
    /// A model cannot be fitted to these points.
    CannotFit,
    /// A figure has nothing to show or could not be drawn.
    CannotDraw,
    /// A library underneath failed at something that this crate expected to succeed, or a thread panicked.
    Internal,
}

impl Error {
    /// The kind of this error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind()
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

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::fmt::Debug for Error {
    /// The kind and the sentence.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}: {self}", self.kind())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.0)
    }
}

/// What went wrong, with the names and numbers that its sentence is made of.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
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
    /// One of the six files of CIFAR-10's binary version is not there.
    #[error(
        "{}: there is no such file; a CIFAR-10 folder holds data_batch_1.bin to data_batch_5.bin and \
         test_batch.bin (`softness fetch cifar10` downloads them)",
        path.display()
    )]
    CifarMissing {
        /// The file.
        path: PathBuf,
    },
    /// A file of CIFAR-10's binary version does not hold whole records.
    #[error(
        "{}: record {records} (counted from 0) is cut off after {rest} of 3073 bytes; the file is {bytes} bytes \
         long, which must be a multiple of 3073",
        path.display()
    )]
    CifarLength {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: usize,
        /// The number of whole records, which is the number of the one cut off.
        records: usize,
        /// The bytes after the last whole record.
        rest: usize,
    },
    /// A record of CIFAR-10's binary version has a label that is not a class.
    #[error("{}: record {record} (counted from 0) has the label {label}, but labels are 0 to 9", path.display())]
    CifarLabel {
        /// The file.
        path: PathBuf,
        /// The record, counted from 0.
        record: usize,
        /// Its label.
        label: u8,
    },
    /// No data set is where one was asked for.
    #[error("there is no data set at {place}: {problem}")]
    NoDataset {
        /// What was asked for: a folder, or an environment variable and its value.
        place: String,
        /// What is missing and what to do about it.
        problem: String,
    },
    /// Something could not be downloaded.
    #[error("{url}: {problem}")]
    Download {
        /// The address.
        url: String,
        /// What happened, and what to do about it.
        problem: String,
    },
    /// A downloaded file is not the one that was published.
    #[error("{}: its {property} is {found}, but {expected} is right: it is not the published archive", path.display())]
    WrongArchive {
        /// The file, or the address it came from.
        path: PathBuf,
        /// What was compared: "length in bytes" or "SHA-256".
        property: &'static str,
        /// What the file has.
        found: String,
        /// What it should have.
        expected: String,
    },
    /// An archive holds something that is not unpacked.
    #[error("{}: the entry {entry:?} {problem}; nothing was unpacked", path.display())]
    UnexpectedEntry {
        /// The archive.
        path: PathBuf,
        /// The name of the entry.
        entry: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A picture cannot be read.
    #[error("{}: could not read it as a PNG or JPEG picture: {problem}", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Some pictures of an image folder cannot be read.
    #[error("{} of the folder's pictures cannot be read; mend or remove them: {}", files.len(), list(files))]
    Unreadable {
        /// The files, and what is wrong with each.
        files: Vec<(PathBuf, String)>,
    },
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
    /// The loss or a weight stopped being a number in the course of training, or the loss grew beyond all measure.
    #[error(
        "the loss or a weight has exploded or is no longer a number at iteration {iteration}: the learning rate \
         {learning_rate} is probably too large; start again with a smaller one{}",
        last_good(kept)
    )]
    Diverged {
        /// The iteration.
        iteration: u64,
        /// The learning rate.
        learning_rate: f64,
        /// The last state whose weights are all numbers: the iteration after which it was saved, and the
        /// checkpoint. `None` without a store.
        kept: Option<(u64, PathBuf)>,
    },
    /// The observer wanted training to stop.
    #[error(
        "session {session} was stopped after iteration {iteration}; in a store it resumes there when run again"
    )]
    Interrupted {
        /// The session's name.
        session: String,
        /// Optimiser steps done.
        iteration: u64,
    },
    /// A saved state does not belong to the session that was to resume from it.
    #[error("the saved state is that of another session: {problem}")]
    OtherSession {
        /// What differs.
        problem: String,
    },
    /// A thread panicked.
    #[error("{work} ended in a panic, a fault of this program: {message}")]
    Panicked {
        /// What the thread did.
        work: &'static str,
        /// The message of the panic.
        message: String,
    },
    /// The operating system gave no thread.
    #[error("no thread could be started ({reason}): try fewer jobs")]
    Threads {
        /// What the operating system said.
        reason: String,
    },
    // -- responses and softness -----------------------------------------------------------------
    /// A picture has no place for the kernels of a layer.
    #[error(
        "image {image} has {height} x {width} pixels, but layer {layer} with the border {border} needs at \
         least {needed} x {needed}: take a larger picture or the border same"
    )]
    PictureTooSmall {
        /// The picture's name.
        image: String,
        /// Its height in pixels.
        height: usize,
        /// Its width in pixels.
        width: usize,
        /// The layer, counted from 1.
        layer: usize,
        /// The border option, "same" or "valid".
        border: &'static str,
        /// The smallest side that leaves at least one value.
        needed: usize,
    },
    /// A map is too small to score.
    #[error("a map of {height} x {width} has no 3 x 3 window to score: each side must be at least 3")]
    MapTooSmall {
        /// The map's height.
        height: usize,
        /// The map's width.
        width: usize,
    },
    /// A map holds a value that is not a number.
    #[error(
        "the map holds {value} at row {row}, column {column} (from 0): only finite numbers can be scored"
    )]
    MapNotFinite {
        /// Row of the first such value, from 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
        /// NaN or an infinity.
        value: f64,
    },
    /// One map of a table could not be scored.
    #[error("session {session:?}, layer {layer}, image {image:?}, filter {filter}: {source}")]
    Scoring {
        /// The session's name.
        session: String,
        /// The layer, counted from 1.
        layer: usize,
        /// The picture's name.
        image: String,
        /// The filter, from 0.
        filter: usize,
        /// What was wrong with the map.
        source: Box<Error>,
    },
    // -- table ----------------------------------------------------------------------------------
    /// One cell of a table on disk is not what its column needs.
    #[error("{}: row {row} (line {line}), column {column}: {value:?} {problem}", path.display())]
    BadCell {
        /// The file.
        path: PathBuf,
        /// The data row, from 1: the row below the header is 1.
        row: usize,
        /// The line of the file that the row starts on, from 1.
        line: usize,
        /// The column's name.
        column: String,
        /// What stands there.
        value: String,
        /// What is wrong with it, as the rest of a sentence that starts with the value.
        problem: String,
    },
    /// A column is not in a table.
    #[error("{table} has no column {column:?}: its columns are {columns}")]
    NoSuchColumn {
        /// The file or table.
        table: String,
        /// The column asked for.
        column: String,
        /// The columns that there are.
        columns: String,
    },
    /// A data frame does not have the schema of a score table.
    #[error("the score table's {place}: {problem}")]
    BadFrame {
        /// The column, and the row where one is at fault.
        place: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// A score table has nothing about a session, layer and image.
    #[error("the table has no scores for session {session:?}, layer {layer}, image {image:?}")]
    NoSuchScores {
        /// The session asked for.
        session: String,
        /// The layer asked for, counted from 1.
        layer: usize,
        /// The image asked for.
        image: String,
    },
    /// Hand-made labels do not cover a filter of the table.
    #[error(
        "the labels say nothing about session {session:?}, layer {layer}, image {image:?}, filter {filter}: \
         every row of the score table needs one"
    )]
    NoLabel {
        /// The session's name.
        session: String,
        /// The layer, counted from 1.
        layer: usize,
        /// The image.
        image: String,
        /// The filter, from 0.
        filter: usize,
    },
    /// polars refused an operation that this crate expected to succeed.
    #[error("{action}: {source}")]
    Frame {
        /// What was tried, as a verb.
        action: &'static str,
        /// What polars said.
        source: Box<polars::error::PolarsError>,
    },
    // -- models ---------------------------------------------------------------------------------
    /// Two columns of different lengths cannot be fitted.
    #[error("{group}: x has {x} values but y has {y}: every point needs both")]
    UnequalLengths {
        /// The group of rows.
        group: String,
        /// The number of x values.
        x: usize,
        /// The number of y values.
        y: usize,
    },
    /// A group has too few points for a line and its error.
    #[error("{group}: {points} points are too few for a fit with an error estimate, which needs at least 3")]
    TooFewPoints {
        /// The group of rows.
        group: String,
        /// The number of its points.
        points: usize,
    },
    /// All values of a column are the same, so no line can be fitted or explained.
    #[error("{group}: every {variable} is {value}, so a fit says nothing: values that vary are needed")]
    ConstantColumn {
        /// The group of rows.
        group: String,
        /// The column, with the logarithm if the form takes one.
        variable: String,
        /// Its one value.
        value: f64,
    },
    /// A value to be fitted is NaN or infinite.
    #[error("{group}, {row}: {variable} is {value}, but only finite numbers can be fitted")]
    PointNotFinite {
        /// The group of rows.
        group: String,
        /// Which row.
        row: String,
        /// The column.
        variable: String,
        /// NaN or an infinity.
        value: f64,
    },
    /// A form needs the logarithm of a value that has none.
    #[error(
        "{group}, {row}: {variable} is {value}, and the {form} form needs ln of it: only values above 0 have one"
    )]
    NoLogarithm {
        /// The group of rows.
        group: String,
        /// Which row.
        row: String,
        /// The column.
        variable: String,
        /// Its value, 0 or below.
        value: f64,
        /// The form's name.
        form: &'static str,
    },
    /// The points are so large, small or far apart that their line leaves the range of f64.
    #[error("{group}: the fitted line is too large for 64-bit numbers: give x or y in other units")]
    LineNotFinite {
        /// The group of rows.
        group: String,
    },
    /// The least-squares solver refused the points.
    #[error("{group}: the least-squares solver refused the points: {source}")]
    Regression {
        /// The group of rows.
        group: String,
        /// What it said.
        source: linfa_linear::LinearError<f64>,
    },
    /// Many different parameters of a curve fit the points about equally well.
    #[error("the {curve} curve is not identified: {reason}")]
    NotIdentified {
        /// The curve's name.
        curve: &'static str,
        /// Why, as a sentence.
        reason: String,
    },
    /// There is no such fit among those made.
    #[error("there is no {form} fit for layer {layer}, image {image:?}: {reason}")]
    NoSuchFit {
        /// The layer asked for, counted from 1.
        layer: usize,
        /// The image asked for.
        image: String,
        /// The form asked for.
        form: &'static str,
        /// Why: refused, or never asked for.
        reason: String,
    },
    // -- figures and report ---------------------------------------------------------------------
    /// A figure could not be drawn or turned into pixels.
    #[error("the figure could not be drawn: {reason}")]
    Drawing {
        /// What the drawing library said.
        reason: String,
    },
    /// What a figure would show is missing.
    #[error("{figure}: there is nothing to draw, since {problem}")]
    NothingToDraw {
        /// The title of the figure.
        figure: String,
        /// What is missing, and what to do about it.
        problem: String,
    },
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

/// Files and what is wrong with them, in a line: the first ten, then how many more.
fn list(files: &[(PathBuf, String)]) -> String {
    const SHOWN: usize = 10;
    let mut shown: Vec<String> =
        files.iter().take(SHOWN).map(|(path, problem)| format!("{} ({problem})", path.display())).collect();
    if files.len() > SHOWN {
        shown.push(format!("and {} more", files.len() - SHOWN));
    }
    shown.join(", ")
}

impl Failure {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Io { .. } | Self::Threads { .. } => ErrorKind::Io,
            Self::Malformed { .. }
            | Self::CifarLength { .. }
            | Self::CifarLabel { .. }
            | Self::WrongArchive { .. }
            | Self::UnexpectedEntry { .. }
            | Self::Picture { .. }
            | Self::Unreadable { .. }
            | Self::BadCell { .. }
            | Self::OtherSession { .. }
            | Self::BadFrame { .. } => ErrorKind::Malformed,
            Self::InvalidOption { .. } => ErrorKind::InvalidOption,
            Self::CifarMissing { .. } | Self::NoDataset { .. } => ErrorKind::NoDataset,
            Self::Download { .. } => ErrorKind::Download,
            Self::NoSuchLayer { .. }
            | Self::NoSuchColumn { .. }
            | Self::NoSuchScores { .. }
            | Self::NoLabel { .. }
            | Self::NoSuchFit { .. } => ErrorKind::NotFound,
            Self::Diverged { .. } => ErrorKind::Diverged,
            Self::Interrupted { .. } => ErrorKind::Interrupted,
            Self::PictureTooSmall { .. }
            | Self::MapTooSmall { .. }
            | Self::MapNotFinite { .. }
            | Self::Scoring { .. } => ErrorKind::CannotScore,
            Self::UnequalLengths { .. }
            | Self::TooFewPoints { .. }
            | Self::ConstantColumn { .. }
            | Self::PointNotFinite { .. }
            | Self::NoLogarithm { .. }
            | Self::LineNotFinite { .. }
            | Self::NotIdentified { .. }
            | Self::Regression { .. } => ErrorKind::CannotFit,
            Self::Drawing { .. } | Self::NothingToDraw { .. } => ErrorKind::CannotDraw,
            Self::Tensor(_) | Self::Frame { .. } | Self::Panicked { .. } => ErrorKind::Internal,
        }
    }
}

impl Error {
    /// An [`Failure::Io`] about `path`, ready for `map_err`.
    pub(crate) fn io(path: impl AsRef<Path>, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Failure::Io { path, action, source }.into()
    }

    /// An [`Failure::Malformed`] about `path`.
    pub(crate) fn malformed(path: impl AsRef<Path>, problem: impl Into<String>) -> Self {
        Failure::Malformed { path: path.as_ref().to_path_buf(), problem: problem.into() }.into()
    }

    /// A [`Failure::Panicked`] from what a thread's `join` returned.
    pub(crate) fn panicked(work: &'static str, panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Failure::Panicked { work, message: text.unwrap_or("it left no message").to_owned() }.into()
    }

    /// An [`Failure::Tensor`] from what the tensor library said.
    pub(crate) fn tensor(error: impl std::fmt::Debug) -> Self {
        Failure::Tensor(format!("{error:?}")).into()
    }

    /// An [`Failure::InvalidOption`].
    pub(crate) fn option(
        option: &'static str,
        value: impl std::fmt::Display,
        requirement: impl Into<String>,
    ) -> Self {
        Failure::InvalidOption { option, value: value.to_string(), requirement: requirement.into() }.into()
    }
}
