//! Soft maps as a person labelled them.

use std::collections::BTreeMap;
use std::path::Path;

use super::{CsvTable, ScoreTable};
use crate::error::{Error, ErrorKind, Result};

/// The word that may stand before a session's name in a file of labels. No spreadsheet takes "session 2000-1" for a date.
const SESSION: &str = "session ";

/// Session, layer, image and filter.
pub(super) type Map = (String, usize, String, usize);

/// Which maps a person calls soft, by session, layer, image and filter.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SoftLabels {
    name: String,
    labels: BTreeMap<Map, bool>,
}

impl SoftLabels {
    /// Reads labels from a CSV file with the columns `session`, `layer` (from 1), `image`, `filter`
    /// (from 0) and `soft` (true or false); other columns are ignored, so a score table with its
    /// `soft` column edited is a file of labels. So is what the page of [`label_maps`](crate::labelling::label_maps) saves, whose column
    /// `labeller` is the [name](Self::name). Separators, decimal signs and encodings may be those of a spreadsheet.
    ///
    /// A session's name may have the word "session" before it: `session 2000-1` is the session 2000-1. A spreadsheet makes
    /// a date of 2000-1 alone; import the column `session` as text there.
    ///
    /// # Errors
    /// Those of [`CsvTable::open`]; [`ErrorKind::NotFound`](crate::ErrorKind::NotFound); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming row and column,
    /// also if two rows label the same map or are from two people.
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let table = CsvTable::open(path)?;
        let columns @ [session, layer, image, filter, soft] = ["session", "layer", "image", "filter", "soft"];
        columns.iter().try_for_each(|column| table.check_column(column))?;
        let has_names = table.check_column("labeller").is_ok();
        let mut name = None;
        let mut labels = BTreeMap::new();
        for row in 0..table.len() {
            if has_names {
                let labeller = table.text(row, "labeller")?;
                if *name.get_or_insert(labeller) != labeller {
                    let problem =
                        "is not who labelled the rows above: save each person's labels in a file of its own";
                    return Err(table.bad_cell(row, "labeller", problem));
                }
            }
            let key = (
                without_word(table.text(row, session)?).to_owned(),
                table.count(row, layer)? as usize,
                table.text(row, image)?.to_string(),
                table.count(row, filter)? as usize,
            );
            if labels.insert(key, table.flag(row, soft)?).is_some() {
                let problem = "is labelled in an earlier row too: keep one of them";
                return Err(table.bad_cell(row, filter, problem));
            }
        }
        let file = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = name.filter(|name| !name.trim().is_empty()).map_or_else(file, str::to_owned);
        Ok(Self { name, labels })
    }

    /// The column `soft` of a score table as labels, to compare the score with people. Their name is "score".
    pub fn from_table(table: &ScoreTable) -> Self {
        let label = |row: &super::FilterScore| {
            ((without_word(&row.session).to_owned(), row.layer, row.image.clone(), row.filter), row.soft)
        };
        Self { name: "score".into(), labels: table.rows().iter().map(label).collect() }
    }

    /// The same labels under another name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    getters! {
        /// Who labelled: the column `labeller`, or the file's name without its ending if it has none.
        pub fn name(&self) -> &str;
    }

    /// The labels by map.
    pub(super) fn by_map(&self) -> &BTreeMap<Map, bool> {
        &self.labels
    }

    /// The number of labelled maps.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no labels.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Whether the map of one filter is labelled soft.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if it has no label, with the sessions that have some if this one
    /// has none.
    pub fn is_soft(&self, session: &str, layer: usize, image: &str, filter: usize) -> Result<bool> {
        let name = without_word(session);
        let key = (name.to_owned(), layer, image.to_owned(), filter);
        self.labels.get(&key).copied().ok_or_else(|| {
            let sentence = if self.labels.keys().any(|(labelled, ..)| labelled == name) {
                let place = format!("session {session:?}, layer {layer}, image {image:?}, filter {filter}");
                format!("the labels say nothing about {place}: every row of the score table needs one")
            } else {
                self.no_session(session)
            };
            Error::new(ErrorKind::NotFound, sentence)
        })
    }

    /// The sentence about a session without any label: the sessions that have some, and how a name may have been lost.
    fn no_session(&self, session: &str) -> String {
        if self.is_empty() {
            return format!(
                "the labels say nothing about session {session:?}: there is no row below their header; a map needs a row with its label"
            );
        }
        let hint = date_hint([session]);
        format!(
            "the labels say nothing about session {session:?}: they name {}{hint}",
            self.sessions_in_words()
        )
    }

    /// The sessions with labels, in order.
    pub(super) fn sessions(&self) -> Vec<&str> {
        let mut labelled: Vec<&str> = self.labels.keys().map(|(session, ..)| session.as_str()).collect();
        labelled.dedup();
        labelled
    }

    /// The names of the sessions with labels, the first of many.
    pub(super) fn sessions_in_words(&self) -> String {
        const NAMED: usize = 8;
        let labelled = self.sessions();
        let mut names: Vec<String> = labelled.iter().take(NAMED).map(|name| format!("{name:?}")).collect();
        names.extend((labelled.len() > NAMED).then(|| format!("{} more", labelled.len() - NAMED)));
        if names.is_empty() { "no session".to_owned() } else { names.join(", ") }
    }
}

/// How the first of these names that is like a date may have been lost; nothing if none is.
pub(super) fn date_hint<'a>(sessions: impl IntoIterator<Item = &'a str>) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_like_a_date = |session: &&str| {
        session.split_once('-').is_some_and(|(first, second)| digits(first) && digits(second))
    };
    let hint = |session: &str| {
        format!(
            "; a spreadsheet that opens a CSV file turns a name such as {session:?} into a date: import the column \
             \"session\" as text"
        )
    };
    sessions.into_iter().find(is_like_a_date).map_or_else(String::new, hint)
}

/// A session's name in a file of labels: with the word before it, once.
pub(crate) fn with_word(session: &str) -> String {
    format!("{SESSION}{}", without_word(session))
}

/// The session's name without the word before it, in any case: programs capitalise the first word of a cell.
pub(crate) fn without_word(session: &str) -> &str {
    match session.split_at_checked(SESSION.len()) {
        Some((word, name)) if word.eq_ignore_ascii_case(SESSION) => name,
        _ => session,
    }
}
