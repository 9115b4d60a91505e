//! All verdicts together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use crate::error::Result;
use crate::models::Fits;
use crate::paper::verdicts::verdict::Finding;
use crate::paper::verdicts::{Ruling, Verdict, judge};
use crate::session::PlanLevel;
use crate::session::plan::levels_in_words;
use crate::stats::Interval;
use crate::table::{ScoreTable, shipped_many_scores};
use crate::text::cells;
use crate::text::csv::Csv;

/// The verdicts on all published claims, in the order of `data/published.csv`.
#[derive(Clone, PartialEq, Serialize)]
pub struct Verdicts {
    many_sessions: Vec<PlanLevel>,
    verdicts: Vec<Verdict>,
}

impl Verdicts {
    /// The verdict on every published claim, from the many sessions whose scores the crate carries
    /// (`data/many/scores.csv`). `eleven` are the fits of one study of eleven sessions, whose numbers are shown for
    /// comparison; they decide nothing.
    ///
    /// # Errors
    /// None with the files in the crate, as its tests show.
    pub fn judge(eleven: Option<&Fits>) -> Result<Self> {
        Self::new(&shipped_many_scores()?, eleven)
    }

    /// The verdict on every published claim, from the scores of many sessions, in the order of `data/published.csv`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a level of the paper's plan has no more sessions than a
    /// subsample takes, or a score is missing.
    pub(crate) fn new(many: &ScoreTable, eleven: Option<&Fits>) -> Result<Self> {
        let many = many.layer_scores();
        let mut levels: BTreeMap<u64, BTreeSet<&str>> = BTreeMap::new();
        for row in &many {
            levels.entry(row.iterations).or_default().insert(&row.session);
        }
        let levels = levels.into_iter();
        let levels = levels.map(|(iterations, names)| PlanLevel { iterations, sessions: names.len() as u32 });
        Ok(Self { many_sessions: levels.collect(), verdicts: judge::judge(&many, eleven)? })
    }

    /// The verdicts, one for each claim.
    pub fn iter(&self) -> std::slice::Iter<'_, Verdict> {
        self.verdicts.iter()
    }

    /// The sessions that the verdicts rest on.
    pub fn many_sessions(&self) -> &[PlanLevel] {
        &self.many_sessions
    }

    /// The number of claims with this ruling.
    pub fn count(&self, ruling: Ruling) -> usize {
        self.iter().filter(|verdict| verdict.ruling == ruling).count()
    }

    /// How many claims were judged, and the rulings on them, in a sentence.
    pub fn summary(&self) -> String {
        let [reproduced, not_reproduced, open] = Ruling::ALL.map(|ruling| self.count(ruling));
        format!(
            "Of {} published claims, judged over many more sessions, {reproduced} are reproduced, {not_reproduced} are not, \
             and {open} cannot be tested.",
            self.verdicts.len()
        )
    }

    /// The sessions behind the verdicts: "10 × 1, 10 × 2,000", sessions × iterations.
    pub fn sessions_in_words(&self) -> String {
        levels_in_words(&self.many_sessions)
    }

    /// Writes a CSV file with one line for each claim: `rule`, `claim`, `ruling`, the first of its [numbers](Verdict::findings) as `value`,
    /// `low` and `high`, `many` (all numbers of the many sessions in words) and `eleven`. A cell is empty if there is no such
    /// number.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut csv = Csv::new("rule,claim,ruling,value,low,high,many,eleven");
        for verdict in self.iter() {
            let Finding { value, interval, .. } = &verdict.findings[0];
            let [low, high] =
                interval.map_or_else(Default::default, |Interval { low, high }| cells![low, high]);
            let Verdict { rule, claim, ruling, many, .. } = verdict;
            let eleven = verdict.eleven.as_deref().unwrap_or_default();
            csv.row(cells![rule, claim, ruling, value, low, high, many, eleven]);
        }
        csv.write(path)
    }
}
