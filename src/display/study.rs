//! A study as a notebook shows it.

use std::fmt;

use maud::{PreEscaped, html};

use crate::display::notebook;
use crate::report::Study;

impl Study {
    /// Shows the study in a notebook: its plan, whether it is a replication, and the table of its fits.
    pub fn evcxr_display(&self) {
        let card = html! { p { strong { (heading(self)) } } (PreEscaped(self.fits().html())) };
        notebook::show_html(&card.into_string(), &self.to_string());
    }
}

impl fmt::Display for Study {
    /// Its heading and the table of its fits as text.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n{}", heading(self), self.fits())
    }
}

fn heading(study: &Study) -> String {
    let kind = if study.is_replication() { "replication" } else { "demonstration" };
    format!("{kind}, {}", study.plan())
}
