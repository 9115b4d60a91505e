//! Soft maps as a person labelled them.

use std::collections::HashMap;
use std::path::Path;

use super::CsvTable;
use crate::error::{Error, ErrorKind, Result};

/// Which maps a person calls soft, by session, layer, image and filter.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SoftLabels {
    labels: HashMap<(String, usize, String, usize), bool>,
}

impl SoftLabels {
    /// Reads labels from a CSV file with the columns `session`, `layer` (from 1), `image`, `filter`
    /// (from 0) and `soft` (true or false); other columns are ignored, so a score table with its
    /// `soft` column edited is a file of labels. Separators, decimal signs and encodings may be those of a spreadsheet; import
    /// the column `session` as text there, since a name such as 2000-1 becomes a date otherwise.
    ///
    /// # Errors
    /// Those of [`CsvTable::open`]; [`ErrorKind::NotFound`](crate::ErrorKind::NotFound); [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) naming row and column,
    /// also if two rows label the same map.
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Self> {
        let table = CsvTable::open(path)?;
        let columns @ [session, layer, image, filter, soft] = ["session", "layer", "image", "filter", "soft"];
        columns.iter().try_for_each(|column| table.check_column(column))?;
        let mut labels = HashMap::new();
        for row in 0..table.len() {
            let key = (
                table.text(row, session)?.to_string(),
                table.count(row, layer)? as usize,
                table.text(row, image)?.to_string(),
                table.count(row, filter)? as usize,
            );
            if labels.insert(key, table.flag(row, soft)?).is_some() {
                let problem = "is labelled in an earlier row too: keep one of them";
                return Err(table.bad_cell(row, filter, problem));
            }
        }
        Ok(Self { labels })
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
        let key = (session.to_string(), layer, image.to_string(), filter);
        self.labels.get(&key).copied().ok_or_else(|| {
            let sentence = if self.labels.keys().any(|(labelled, ..)| labelled == session) {
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
        const NAMED: usize = 8;
        let mut labelled: Vec<&str> = self.labels.keys().map(|(session, ..)| session.as_str()).collect();
        labelled.sort_unstable();
        labelled.dedup();
        let mut names: Vec<String> = labelled.iter().take(NAMED).map(|name| format!("{name:?}")).collect();
        names.extend((labelled.len() > NAMED).then(|| format!("{} more", labelled.len() - NAMED)));
        let names = if names.is_empty() { "no session".to_owned() } else { names.join(", ") };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_like_a_date =
            session.split_once('-').is_some_and(|(first, second)| digits(first) && digits(second));
        let hint = if is_like_a_date {
            format!(
                "; a spreadsheet that opens a CSV file turns a name such as {session:?} into a date: import the column \
                 \"session\" as text"
            )
        } else {
            String::new()
        };
        format!("the labels say nothing about session {session:?}: they name {names}{hint}")
    }
}
