//! Sessions, plans, data sets, pictures and maps as a notebook shows them.

use std::fmt;

use maud::html;

use crate::dataset::{Dataset, Picture};
use crate::display::notebook;
use crate::figures::picture_figure;
use crate::filters::FilterBank;
use crate::responses::Response;
use crate::session::{Initialisation, Optimiser, Plan, Session};
use crate::text::cells;
use crate::text::numbers::grouped;
use crate::text::numbers::numbered;
use crate::text::table::Table;

impl Session {
    /// Shows the session in a notebook: options, accuracy, time, and the accuracy curve.
    pub fn evcxr_display(&self) {
        let curve = self.accuracy_curve().map(|figure| figure.html()).unwrap_or_default();
        let card = html! {
            div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:center" {
                (Table::facts(rows(self)).markup())
                div { (curve) }
            }
        };
        notebook::show_html(card, &self.to_string());
    }
}

fn rows(session: &Session) -> Vec<(&'static str, String)> {
    let training = session.training();
    let mut rows = vec![
        ("session", session.name().to_owned()),
        ("iterations", session.iterations().to_string()),
        ("filters", filters(session)),
    ];
    let initialisation = training.architecture.initialisation;
    if session.record().is_some() && !matches!(initialisation, Initialisation::Truncated { .. }) {
        rows.push(("SD of initial weights", initialisation.to_string()));
    }
    if training.optimiser != Optimiser::Adam {
        rows.push(("optimiser", training.optimiser.in_words().to_owned()));
    }
    if let Some(record) = session.record() {
        rows.extend([
            ("test accuracy", format!("{:.2} %", 100.0 * record.test_accuracy)),
            ("last loss", format!("{:.4}", record.loss)),
            ("batch", training.batch.to_string()),
            ("learning rate", training.learning_rate.to_string()),
            ("seed", training.seed.to_string()),
            ("data", record.dataset().to_owned()),
            ("time", format!("{:.1} s in optimiser steps", record.train_seconds)),
        ]);
    }
    rows
}

/// "16 and 36"; "4,123 in 17 layers" if there are more than two.
fn filters(session: &Session) -> String {
    let counts: Vec<usize> = session.filters.iter().map(FilterBank::len).collect();
    match counts[..] {
        [only] => only.to_string(),
        [first, second] => format!("{first} and {second}"),
        _ => format!("{} in {} layers", grouped(counts.iter().sum::<usize>() as u64), counts.len()),
    }
}

impl fmt::Display for Session {
    /// One line: name, iterations, accuracy.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.iterations() == 1 { "iteration" } else { "iterations" };
        write!(formatter, "session {}: {} {unit}", self.name(), self.iterations())?;
        match self.test_accuracy() {
            Some(accuracy) => write!(formatter, ", test accuracy {:.2} %", 100.0 * accuracy),
            None => Ok(()),
        }
    }
}

impl Plan {
    /// Shows the plan in a notebook: a row for each level.
    pub fn evcxr_display(&self) {
        let rows = self.levels().iter().map(|level| cells![level.iterations, level.sessions]);
        let table = Table::new("rr", ["iterations", "sessions"], rows).notes([self.to_string()]);
        notebook::show_html(table.markup(), &self.to_string());
    }
}

impl fmt::Display for Plan {
    /// One line: name, sessions, iterations, seed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, sessions, seed) = (self.name(), self.sessions().len(), self.plan_seed());
        write!(
            formatter,
            "plan {name}: {}, {} in all, seed {seed}",
            numbered(sessions as u64, "session"),
            numbered(self.iterations(), "iteration")
        )
    }
}

impl Dataset {
    /// Shows the data set in a notebook: what it is, its sizes, classes and fingerprint.
    pub fn evcxr_display(&self) {
        let facts = Table::facts([
            ("data", self.description().to_owned()),
            ("training images", self.train().len().to_string()),
            ("test images", self.test().len().to_string()),
            ("classes", self.class_names().join(", ")),
            ("fingerprint", self.fingerprint()[..12].to_owned()),
        ]);
        notebook::show_html(facts.markup(), &facts.to_string());
    }
}

impl Picture {
    /// Shows the picture in a notebook, enlarged, each pixel as a square.
    pub fn evcxr_display(&self) {
        match picture_figure(self) {
            Ok(figure) => figure.evcxr_display(),
            Err(error) => notebook::show([("text/plain", error.to_string().as_str())]),
        }
    }
}

impl Response {
    /// Shows the map in a notebook, enlarged, each value as a square.
    pub fn evcxr_display(&self) {
        match self.figure() {
            Ok(figure) => figure.evcxr_display(),
            Err(error) => notebook::show([("text/plain", error.to_string().as_str())]),
        }
    }
}

impl FilterBank {
    /// Shows the filters in a notebook: their number and shape, then [`grid`](Self::grid).
    pub fn evcxr_display(&self) {
        let grid = self.grid().map(|figure| figure.html()).unwrap_or_default();
        let card = html! { p { (self.to_string()) } div { (grid) } };
        notebook::show_html(card, &self.to_string());
    }
}

impl fmt::Display for FilterBank {
    /// One line: layer, number of filters, their shape.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (layer, filters, channels, side) = (self.layer(), self.len(), self.channels(), self.kernel());
        let filters = numbered(filters as u64, "filter");
        write!(formatter, "layer {layer}: {filters} of {channels} x {side} x {side} weights")
    }
}
