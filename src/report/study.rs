//! A study: sessions, the scores of their filters, and the models of these scores.

use std::path::Path;

use serde::Serialize;

use crate::dataset::written::{RECORD, is_record};
use crate::dataset::{Dataset, Picture};
use crate::error::{Error, ErrorKind, Result};
use crate::explorer::{TITLE, explore_on};
use crate::files::owner::sweep;
use crate::files::remove_if_there;
use crate::files::save::{check_page, save};
use crate::files::tables::Tables;
use crate::models::{Fits, LEAST_POINTS, fit_models};
use crate::report::page::{self, Times};
use crate::report::record::{DataRecord, Replication};
use crate::report::study_figures::{StudyFigure, figures};
use crate::session::{Plan, Session};
use crate::softness::ScoringOptions;
use crate::table::ScoreTable;
use crate::text::numbers::grouped;

/// The files in the folder of a study besides its record and the figures.
const WRITTEN: [&str; 5] = ["scores.csv", "fits.csv", "fits.json", "report.html", "explorer.html"];
/// The sub-folder of the figures.
const FIGURES: &str = "figures";
/// The most sessions of a study that the report has an explorer of.
const MOST_EXPLORED: usize = 50;

/// The sessions of a plan, the scores of their filters, and the fits.
#[derive(Clone)]
pub struct Study {
    pub(super) data: DataRecord,
    pub(super) plan: Plan,
    pub(super) sessions: Vec<Session>,
    pub(super) pictures: Vec<Picture>,
    pub(super) options: ScoringOptions,
    pub(super) table: ScoreTable,
    pub(super) fits: Fits,
}

impl Study {
    /// Scores the sessions of `plan` on `pictures` and fits the models. Figures 3, 4, 5 and 8 show the first picture: the
    /// study's bird. Scoring has the default options; others have a [method](ScoringOptions::study) for it.
    ///
    /// # Errors
    /// Those of [`ScoringOptions::study`].
    pub fn new(dataset: &Dataset, plan: &Plan, sessions: Vec<Session>, pictures: &[Picture]) -> Result<Self> {
        ScoringOptions::default().study(dataset, plan, sessions, pictures)
    }

    /// Checks that a plan has what the models need: at least three sessions and two levels of training. Call it before the
    /// training, which may take hours.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if it does not.
    pub fn check_plan(plan: &Plan) -> Result<()> {
        let sessions = plan.sessions().len();
        if sessions < LEAST_POINTS {
            let requirement = format!("the models need at least {LEAST_POINTS}: add sessions or levels");
            return Err(Error::option("number of sessions", sessions, requirement));
        }
        if plan.levels().len() < 2 {
            let requirement = "the models need sessions of at least two different numbers of iterations";
            return Err(Error::option("number of levels", plan.levels().len(), requirement));
        }
        Ok(())
    }

    /// The plan.
    pub fn plan(&self) -> Plan {
        self.plan.clone()
    }

    /// The sessions, in the plan's order.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// The scores of all filters.
    pub fn table(&self) -> ScoreTable {
        self.table.clone()
    }

    /// The fits of the layer scores.
    pub fn fits(&self) -> Fits {
        self.fits.clone()
    }

    /// How its images were scored.
    pub fn options(&self) -> ScoringOptions {
        self.options
    }

    /// Whether its numbers can be compared with the paper's: it has the paper's levels and options, and was trained
    /// on CIFAR-10. Any other study is a demonstration.
    pub fn is_replication(&self) -> bool {
        self.plan.is_paper_scale() && self.data.is_cifar10
    }

    /// SHA-256 of the data set's labels and pixels.
    pub fn fingerprint(&self) -> &str {
        &self.data.fingerprint
    }

    /// Writes `report.html`, `replication.json`, `figures/figure-1.svg` .., .png and .pdf, `scores.csv`, `fits.csv`,
    /// `fits.json` and, of up to 50 sessions, `explorer.html` into the folder `out`. `seconds` is the duration of the run, which only the report shows;
    /// everything else depends only on the study. `tables.sha256` has the checksums of tables and figures. One that was there and is
    /// not as it was written is kept, as `scores.edited.csv`. Figures and the explorer of an earlier study that this one does not have
    /// are removed.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) naming the file; those of the figures.
    pub fn write(&self, out: &Path, seconds: Option<f64>) -> Result<()> {
        self.write_record(&Replication::new(self)?, out, seconds).map(|_| ())
    }

    /// [`write`](Self::write), if the record is known already. Returns a sentence for each table or figure that was there, was edited, and
    /// is kept under another name, and one about the files of an earlier study that were removed.
    pub(crate) fn write_record(
        &self,
        record: &Replication,
        out: &Path,
        seconds: Option<f64>,
    ) -> Result<Vec<String>> {
        // First, so that a folder with other files of a study has this one as well.
        save(&out.join(RECORD), json(record).as_bytes())?;
        let mut tables = Tables::of(out);
        sweep(&out.join(FIGURES));
        tables.write("scores.csv", self.table.as_csv().into_text())?;
        tables.write("fits.csv", self.fits.csv())?;
        tables.write("fits.json", json(&self.fits))?;
        let (figures, mut names) = (figures(self)?, Vec::new());
        for StudyFigure { file_stem, figure, .. } in &figures {
            let [svg, png, pdf] =
                ["svg", "png", "pdf"].map(|ending| format!("{FIGURES}/{file_stem}.{ending}"));
            tables.write(&svg, figure.svg())?;
            tables.write(&png, figure.png()?)?;
            tables.write(&pdf, figure.pdf()?)?;
            names.extend([svg, png, pdf]);
        }
        let mut removed = tables.remove_others(FIGURES, &names)?;
        let explorer = self.explorer(out)?;
        if matches!(explorer, page::Exploring::Missing(_)) && remove_explorer(&out.join(page::EXPLORER))? {
            removed.push(page::EXPLORER.to_owned());
        }
        let steps = self.sessions.iter().filter_map(Session::record).map(|record| record.train_seconds).sum();
        let html = page::html(record, &figures, &explorer, Times { steps, run: seconds });
        save(&out.join("report.html"), html.as_bytes())?;
        let mut sentences = tables.kept();
        if !removed.is_empty() {
            let (folder, names) = (out.display(), removed.join(", "));
            sentences.push(format!("removed from {folder}, files of an earlier study: {names}"));
        }
        Ok(sentences)
    }

    /// Refuses a folder whose files of these names are not those of a study, before they are replaced.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) with the file.
    pub(crate) fn check_folder(out: &Path) -> Result<()> {
        let record = out.join(RECORD);
        if record.exists() && !is_record(&record) {
            let requirement = format!(
                "its {RECORD} is not the record of a study that `softness replicate` wrote, and would be replaced: name another one"
            );
            return Err(Error::option("folder", out.display(), requirement));
        }
        let is_there = |name: &&&str| out.join(name).exists();
        let Some(name) = WRITTEN.iter().find(is_there).filter(|_| !record.exists()) else {
            return Ok(());
        };
        let requirement =
            format!("it has a {name} and no {RECORD}, so it is not the folder of a study: name another one");
        Err(Error::option("folder", out.display(), requirement))
    }

    /// Writes the explorer of the sessions, or says why there is none.
    fn explorer(&self, out: &Path) -> Result<page::Exploring> {
        let path = out.join(page::EXPLORER);
        if self.sessions.len() <= MOST_EXPLORED {
            match explore_on(&self.sessions, &self.pictures) {
                Ok(explorer) => return explorer.save(&path).map(|()| page::Exploring::Page),
                Err(error) if error.kind() == ErrorKind::Interrupted => return Err(error),
                Err(error) => return Ok(page::Exploring::Missing(error.to_string())),
            }
        }
        let sessions = grouped(self.sessions.len() as u64);
        let reason =
            format!("it has {sessions} sessions, and a page of more than {MOST_EXPLORED} is too large");
        Ok(page::Exploring::Missing(reason))
    }
}

impl ScoringOptions {
    /// [`Study::new`] with these options.
    ///
    /// # Errors
    /// Those of [`Study::check_plan`], [`softness_table`](Self::softness_table) and [`fit_models`];
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is no picture.
    pub fn study(
        self,
        dataset: &Dataset,
        plan: &Plan,
        sessions: Vec<Session>,
        pictures: &[Picture],
    ) -> Result<Study> {
        Study::check_plan(plan)?;
        if pictures.is_empty() {
            return Err(Error::option("pictures", "empty", "a study needs at least one picture to score"));
        }
        let table = self.softness_table(&sessions, pictures)?;
        let fits = fit_models(&table)?;
        Ok(Study {
            data: DataRecord {
                summary: format!(
                    "{}: {} training and {} test images of {} classes",
                    dataset.description(),
                    grouped(dataset.train().len() as u64),
                    grouped(dataset.test().len() as u64),
                    dataset.class_names().len()
                ),
                description: dataset.description().to_owned(),
                fingerprint: dataset.fingerprint().to_owned(),
                is_cifar10: dataset.is_cifar10(),
            },
            plan: plan.clone().for_dataset(dataset)?,
            sessions,
            pictures: pictures.to_vec(),
            options: self,
            table,
            fits,
        })
    }
}

/// Removes an explorer, and no other page. Returns whether it was there.
fn remove_explorer(path: &Path) -> Result<bool> {
    if check_page(path, TITLE).is_err() {
        return Ok(false);
    }
    remove_if_there(path).map_err(Error::io(path, "remove it"))
}

/// A value as indented JSON.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("numbers and texts have a JSON form") + "\n"
}

#[cfg(test)]
mod tests;
