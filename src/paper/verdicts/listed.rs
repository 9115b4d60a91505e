//! All verdicts together, and how they show themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use maud::{Markup, html};
use serde::Serialize;

use crate::display::notebook;
use crate::error::Result;
use crate::files;
use crate::models::Fits;
use crate::paper::verdicts::{Ruling, Verdict, claims, sets};
use crate::session::PlanLevel;
use crate::session::plan::levels_in_words;
use crate::table::{LayerScore, quoted};

/// The verdicts on all published claims, in the order of `data/published.csv`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdicts {
    many_sessions: Vec<PlanLevel>,
    verdicts: Vec<Verdict>,
}

impl Verdicts {
    pub(super) fn new(many: &[LayerScore], eleven: Option<&Fits>) -> Result<Self> {
        let mut levels: BTreeMap<u64, BTreeSet<&str>> = BTreeMap::new();
        for row in many {
            levels.entry(row.iterations).or_default().insert(&row.session);
        }
        let level =
            |(iterations, names): (u64, BTreeSet<&str>)| PlanLevel { iterations, sessions: names.len() as u32 };
        Ok(Self {
            many_sessions: levels.into_iter().map(level).collect(),
            verdicts: claims::judge(many, eleven)?,
        })
    }

    /// One verdict a claim.
    pub fn iter(&self) -> std::slice::Iter<'_, Verdict> {
        self.verdicts.iter()
    }

    /// How many sessions of which length they rest on.
    pub fn many_sessions(&self) -> &[PlanLevel] {
        &self.many_sessions
    }

    /// How many claims have this ruling.
    pub fn count(&self, ruling: Ruling) -> usize {
        self.iter().filter(|verdict| verdict.ruling == ruling).count()
    }

    /// How many claims were judged, and what became of them, in a sentence.
    pub fn summary(&self) -> String {
        format!(
            "Of {} published claims, judged over many more sessions, {} are reproduced, {} are not, and {} cannot be tested.",
            self.verdicts.len(),
            self.count(Ruling::Reproduced),
            self.count(Ruling::NotReproduced),
            self.count(Ruling::CannotBeTested)
        )
    }

    /// The sessions behind the verdicts: "10 × 1, 10 × 2,000", sessions × iterations.
    pub fn sessions_in_words(&self) -> String {
        levels_in_words(&self.many_sessions)
    }

    /// How sets were drawn from them, and intervals of shares made.
    pub(crate) fn draws_in_words(&self) -> String {
        sets::in_words()
    }

    /// Writes the table as CSV: `rule`, `claim`, `ruling`, the first of its [numbers](Verdict::findings) as `value`,
    /// `low` and `high`, `many` (all numbers of the many sessions in words) and `eleven`, empty where there is none.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut text = String::from("rule,claim,ruling,value,low,high,many,eleven\n");
        for verdict in self.iter() {
            let first = verdict.findings.first();
            let interval = first.and_then(|finding| finding.interval);
            let numbers = [
                first.map(|finding| finding.value),
                interval.map(|interval| interval.low),
                interval.map(|interval| interval.high),
            ];
            let numbers =
                numbers.map(|number| number.map_or(String::new(), |number| number.to_string())).join(",");
            let (claim, many) = (quoted(&verdict.claim), quoted(&verdict.many));
            let eleven = quoted(verdict.eleven.as_deref().unwrap_or_default());
            text += &format!("{},{claim},{},{numbers},{many},{eleven}\n", verdict.rule, verdict.ruling);
        }
        files::write_atomically(path.as_ref(), text.as_bytes())
    }

    /// The table as HTML.
    pub(crate) fn markup(&self) -> Markup {
        html! {
            table {
                thead { tr { @for name in ["Rule", "Published", "Eleven", "Many", "Verdict"] { th style=(LEFT) { (name) } } } }
                tbody { @for verdict in self.iter() { tr {
                    td style=(LEFT) { (verdict.rule) }
                    td style=(LEFT) { (verdict.claim) }
                    td style=(LEFT) { (verdict.eleven.as_deref().unwrap_or("–")) }
                    td style=(LEFT) { (verdict.many) }
                    td style=(LEFT) { @if verdict.ruling == Ruling::Reproduced { strong { (verdict.ruling) } } @else { (verdict.ruling) } }
                } } }
            }
        }
    }

    /// Shows the table in a notebook.
    pub fn evcxr_display(&self) {
        let page = html! { p { (self.summary()) } (self.markup()) };
        notebook::show_html(&page.into_string(), &self.to_string());
    }
}

const LEFT: &str = "text-align: left";

impl fmt::Display for Verdicts {
    /// The summary, then one line a claim.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.summary())?;
        for verdict in self.iter() {
            writeln!(
                formatter,
                "{}  {}: {} ({})",
                verdict.rule, verdict.claim, verdict.ruling, verdict.many
            )?;
        }
        Ok(())
    }
}
