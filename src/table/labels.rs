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
    /// `soft` column edited is a file of labels.
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
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if it has no label.
    pub fn is_soft(&self, session: &str, layer: usize, image: &str, filter: usize) -> Result<bool> {
        let key = (session.to_string(), layer, image.to_string(), filter);
        self.labels.get(&key).copied().ok_or_else(|| {
            let place = format!("session {session:?}, layer {layer}, image {image:?}, filter {filter}");
            let sentence =
                format!("the labels say nothing about {place}: every row of the score table needs one");
            Error::new(ErrorKind::NotFound, sentence)
        })
    }
}
