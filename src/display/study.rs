//! A study as a notebook shows it.

use crate::display::notebook::{self, Tables, shown_as_tables};
use crate::report::Study;
use crate::text::table::Table;

impl Tables for Study {
    /// The fits, under the plan and whether this is a replication.
    fn tables(&self) -> Vec<Table> {
        let kind = if self.is_replication() { "replication" } else { "demonstration" };
        vec![self.fits().table().title(format!("{kind}, {}", self.plan()))]
    }
}

shown_as_tables!(Study);
