//! Sessions, plans, data sets and pictures as a notebook shows them.

use std::fmt;

use maud::{Markup, PreEscaped, html};

use crate::dataset::{Dataset, Picture};
use crate::display::notebook;
use crate::figures::{accuracy_curve, picture_figure};
use crate::filters::FilterBank;
use crate::session::{Plan, Session};

impl Session {
    /// Shows the session in a notebook: options, accuracy, time, and the accuracy curve.
    pub fn evcxr_display(&self) {
        let curve = accuracy_curve(self).map(|figure| figure.svg().to_owned()).unwrap_or_default();
        let card = html! {
            div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:center" {
                (facts(&rows(self)))
                div { (PreEscaped(curve)) }
            }
        };
        notebook::show_html(&card.into_string(), &self.to_string());
    }
}

fn rows(session: &Session) -> Vec<(&'static str, String)> {
    let training = session.training();
    let [first, second] = training.architecture.filters;
    let mut rows = vec![
        ("session", session.name().to_owned()),
        ("iterations", session.iterations().to_string()),
        ("filters", format!("{first} and {second}")),
    ];
    if let Some(record) = session.record() {
        rows.extend([
            ("test accuracy", format!("{:.2} %", 100.0 * record.test_accuracy)),
            ("last loss", format!("{:.4}", record.loss)),
            ("batch", training.batch.to_string()),
            ("learning rate", training.learning_rate.to_string()),
            ("seed", training.seed.to_string()),
            ("data", record.recipe.dataset.clone()),
            ("time", format!("{:.1} s in optimiser steps", record.train_seconds)),
        ]);
    }
    rows
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
        let table = html! {
            table {
                thead { tr { th style="text-align:right" { "iterations" } th style="text-align:right" { "sessions" } } }
                tbody { @for level in self.levels() { tr {
                    td style="text-align:right" { (level.iterations) }
                    td style="text-align:right" { (level.sessions) }
                } } }
            }
            p { (self.to_string()) }
        };
        notebook::show_html(&table.into_string(), &self.to_string());
    }
}

impl fmt::Display for Plan {
    /// One line: name, sessions, iterations, seed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, sessions, seed) = (self.name(), self.sessions().len(), self.plan_seed());
        write!(
            formatter,
            "plan {name}: {sessions} sessions, {} iterations in all, seed {seed}",
            self.iterations()
        )
    }
}

impl Dataset {
    /// Shows the data set in a notebook: what it is, its sizes, classes and fingerprint.
    pub fn evcxr_display(&self) {
        let rows = [
            ("data", self.description().to_owned()),
            ("training images", self.train().len().to_string()),
            ("test images", self.test().len().to_string()),
            ("classes", self.class_names().join(", ")),
            ("fingerprint", self.fingerprint()[..12].to_owned()),
        ];
        let text: Vec<String> = rows.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        notebook::show_html(&facts(&rows).into_string(), &text.join("\n"));
    }
}

/// A table of names and values.
pub(super) fn facts(rows: &[(&str, String)]) -> Markup {
    html! {
        table { tbody { @for (name, value) in rows {
            tr { th style="text-align:left" { (name) } td style="text-align:left" { (value) } }
        } } }
    }
}

impl Picture {
    /// Shows the picture in a notebook, enlarged, every pixel a square.
    pub fn evcxr_display(&self) {
        match picture_figure(self) {
            Ok(figure) => figure.evcxr_display(),
            Err(error) => notebook::show([("text/plain", error.to_string().as_str())]),
        }
    }
}

impl FilterBank {
    /// Shows the filters in a notebook: their number and shape, then [`grid`](Self::grid).
    pub fn evcxr_display(&self) {
        let grid = self.grid().map(|figure| figure.svg().to_owned()).unwrap_or_default();
        let card = html! { p { (self.to_string()) } div { (PreEscaped(grid)) } };
        notebook::show_html(&card.into_string(), &self.to_string());
    }
}

impl fmt::Display for FilterBank {
    /// One line: layer, number of filters, their shape.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (layer, filters, channels, side) = (self.layer(), self.len(), self.channels(), self.kernel());
        write!(formatter, "layer {layer}: {filters} filters of {channels} x {side} x {side} weights")
    }
}
