//! Matchings and labels as a notebook shows them.

use std::fmt;

use maud::html;

use crate::display::notebook;
use crate::error::Result;
use crate::figures::Figure;
use crate::labelling::Labelling;
use crate::matching::Matching;
use crate::stats::{Interval, Kappa};
use crate::table::{Agreement, Roc, RocPoint};
use crate::text::cells;
use crate::text::numbers::{p_value, percent, short};
use crate::text::table::Table;

/// The height of the page for labelling in a cell, in pixels: three rows of maps.
const PAGE_HEIGHT: u32 = 720;

/// Shows a figure, with the text of the value for what cannot show it.
fn show_figure(figure: Result<Figure>, text: &str) {
    match figure {
        Ok(figure) => notebook::show_html(figure.html(), text),
        Err(error) => notebook::show([("text/plain", error.to_string().as_str())]),
    }
}

/// "0.1 to 0.3".
fn range(interval: Interval) -> String {
    format!("{} to {}", short(interval.low), short(interval.high))
}

impl Matching {
    /// Shows the matching in a notebook: [`figure`](Self::figure), or its numbers as text.
    pub fn evcxr_display(&self) {
        show_figure(self.figure(), &self.to_string());
    }
}

impl fmt::Display for Matching {
    /// The pairs and their mean correlation, as text in columns.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = self.names();
        let rows = self.pairs().iter().map(|pair| cells![pair.a, pair.b, format!("{:.4}", pair.correlation)]);
        let note = format!(
            "mean {}; two untrained networks {} (95% of {} draws), p = {}",
            short(self.mean_correlation()),
            range(self.untrained()),
            self.draws(),
            p_value(self.p_value())
        );
        let title = format!("layer {}, correlation of {}", self.layer(), self.in_words());
        let table = Table::new("rrr", [a, b, "correlation".into()], rows).title(title).notes([note]);
        write!(formatter, "{table}")
    }
}

impl Agreement {
    /// Shows the agreement in a notebook: [`figure`](Self::figure), or its numbers as text.
    pub fn evcxr_display(&self) {
        show_figure(self.figure(), &self.to_string());
    }
}

/// Kappa and its interval as two cells.
fn kappa_cells(kappa: Option<Kappa>) -> [String; 2] {
    kappa.map_or_else(
        || ["not defined".to_owned(), "–".to_owned()],
        |kappa| [short(kappa.value), range(kappa.interval)],
    )
}

impl fmt::Display for Agreement {
    /// Who labelled how many maps soft, and kappa, as text in columns.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |soft: usize| percent(soft as f64 / self.maps() as f64);
        let people =
            self.names().iter().zip(self.soft()).map(|(name, &soft)| cells![name, soft, share(soft)]);
        let people = Table::new("lrr", ["labeller", "soft", "share"], people).notes([self.in_words()]);
        let mut rows = Vec::new();
        if self.names().len() > 2 {
            let [kappa, interval] = kappa_cells(self.kappa());
            rows.push(cells![format!("all {} (Fleiss)", self.names().len()), kappa, interval]);
        }
        for &(one, other, kappa) in self.pairs() {
            let [kappa, interval] = kappa_cells(kappa);
            let names = format!("{} and {} (Cohen)", self.names()[one], self.names()[other]);
            rows.push(cells![names, kappa, interval]);
        }
        let kappas = Table::new("lrl", ["labellers", "kappa", "95% interval"], rows);
        write!(formatter, "{people}\n\n{kappas}")
    }
}

impl Roc {
    /// Shows the curve in a notebook: [`figure`](Self::figure), or its numbers as text.
    pub fn evcxr_display(&self) {
        show_figure(self.figure(), &self.to_string());
    }
}

impl fmt::Display for Roc {
    /// The area under the curve and the thresholds, as text in columns.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |name: &str, point: RocPoint| {
            let numbers =
                [point.threshold, point.sensitivity, point.specificity, point.kappa, point.youden()]
                    .map(short);
            std::iter::once(name.to_owned()).chain(numbers).collect::<Vec<String>>()
        };
        let mut rows: Vec<Vec<String>> =
            self.in_use().map(|point| row("in use", point)).into_iter().collect();
        rows.push(row("highest kappa", self.best_by_kappa()));
        rows.push(row("highest J", self.best_by_youden()));
        let interval =
            self.interval().map_or(String::new(), |interval| format!(" (95% interval {})", range(interval)));
        let area = format!("area under the curve {}{interval}; 0.5 is chance", short(self.auc()));
        let header = ["threshold", "below", "sensitivity", "specificity", "kappa", "J"];
        let table = Table::new("lrrrrr", header, rows).title(self.in_words()).notes([area]);
        write!(formatter, "{table}")
    }
}

impl Labelling {
    /// Shows the page in a notebook, in a frame. Scripts run only in a trusted notebook; elsewhere a sentence says what to do.
    pub fn evcxr_display(&self) {
        let text =
            format!("{self}: save the page by labelling.save(\"label.html\") and open it in a browser");
        let page = html! {
            iframe title="Which maps are soft?" srcdoc=(self.html()) sandbox="allow-scripts allow-downloads"
                style=(format!("width:100%;height:{PAGE_HEIGHT}px;border:1px solid #b0b0b0;border-radius:8px")) {}
            p {
                (self.to_string()) ". If no maps can be seen above, scripts do not run here: trust the notebook, or save the page by "
                code { "labelling.save(\"label.html\")" } " and open it in a browser."
            }
        };
        notebook::show_html(page, &text);
    }
}
