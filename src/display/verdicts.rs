//! The verdicts on the published claims, as a notebook and the report show them.

use std::fmt;

use maud::html;

use crate::display::notebook;
use crate::paper::verdicts::{Ruling, Verdicts};
use crate::text::cells;
use crate::text::table::Table;

impl Verdicts {
    /// Shows the verdicts in a notebook: how many claims are reproduced, and a row for each claim.
    pub fn evcxr_display(&self) {
        let page = html! { p { (self.summary()) } (self.table().markup()) };
        notebook::show_html(page, &self.to_string());
    }

    /// A row for each claim.
    pub(crate) fn table(&self) -> Table {
        let rows = self.iter().map(|verdict| {
            let eleven = verdict.eleven.as_deref().unwrap_or("–");
            cells![verdict.rule, verdict.claim, eleven, verdict.many, verdict.ruling]
        });
        Table::new("lllll", ["Rule", "Published", "Eleven", "Many", "Verdict"], rows)
            .strong(Ruling::Reproduced.to_string())
    }
}

impl fmt::Display for Verdicts {
    /// The summary, then a line for each claim.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.summary())?;
        self.iter().try_for_each(|verdict| {
            writeln!(formatter, "{}  {}: {} ({})", verdict.rule, verdict.claim, verdict.ruling, verdict.many)
        })
    }
}
