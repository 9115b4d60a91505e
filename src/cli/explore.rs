//! `softness explore`.

use std::path::PathBuf;

use crate::error::{Error, ErrorKind, Result};
use crate::explorer::{TITLE, explore};
use crate::files::save::check_page;
use crate::session::Session;
use clap::Args;

use super::output::print;
use super::sessions::sessions;
use super::weights::{BiasNote, Weights, introduction, is_series, is_weights};
use super::wrong_option;

/// Write a page that shows how training changes filters, maps and scores: one HTML file for any browser.
///
/// Choose a session, a layer, a reading and an image, drag the slider through the iterations, or drop your own image on the
/// page. It needs no server and no network.
#[derive(Debug, Args)]
pub struct Explore {
    /// The page to write, .html.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[arg(
        value_name = "SESSIONS",
        help = "Saved sessions: the folder that `softness train --out` or `replicate` wrote, the folder of one session, or its \
                archive; or a series of weight files of one network, with {\u{1b}[0mn} in place of the number, as for \
                `softness filters` [default: the eleven sessions that are part of the program]"
    )]
    sessions: Vec<PathBuf>,
    #[command(flatten)]
    weights: Weights,
}

impl Explore {
    /// Runs the command.
    pub fn run(self) -> Result<()> {
        check_page(&self.out, TITLE)?;
        let explorer = explore(&self.all_sessions()?)?;
        explorer.save(&self.out)?;
        print(&format!("{}: {explorer}", self.out.display()))
    }

    /// All sessions that are named, each series as one.
    fn all_sessions(&self) -> Result<Vec<Session>> {
        for path in &self.sessions {
            let is_one = is_weights(path) && !is_series(&path.to_string_lossy());
            let requirement = format!(
                "explore takes saved sessions, or a series of weight files, with {{n}} in place of the number, such as \
                 'epoch-{{n}}.npz'; of one file, `softness filters {}` scores and draws the filters",
                path.display()
            );
            Error::require(!is_one, "SESSIONS", path.display(), requirement)?;
        }
        if !self.sessions.iter().any(|path| is_series(&path.to_string_lossy())) {
            self.weights.check_none()?;
            return sessions(&self.sessions);
        }
        let mut all: Vec<Session> = Vec::new();
        for path in &self.sessions {
            let pattern = path.to_string_lossy();
            if !is_series(&pattern) {
                all.extend(sessions(std::slice::from_ref(path))?);
                continue;
            }
            let session = self.checkpoints(&pattern)?;
            let is_taken = all.iter().any(|other| other.name() == session.name());
            all.push(if is_taken { session.named(pattern) } else { session });
        }
        Ok(all)
    }

    /// The files of a series as one session, after lines that say what they are.
    fn checkpoints(&self, pattern: &str) -> Result<Session> {
        let layers = self.weights.layers()?;
        let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
        let series = self.weights.series(pattern)?;
        let (mut checkpoints, mut biases) = (Vec::new(), BiasNote::default());
        for file in series.files(self.weights.order(), (!layers.is_empty()).then_some(&layers[..])) {
            let (iterations, file) = file.map_err(wrong_option(ErrorKind::NotFound))?;
            if checkpoints.is_empty() {
                print(&format!("series: {}", series.in_words()))?;
                introduction(&file).try_for_each(|line| print(&line))?;
            }
            let session = file.as_session(iterations)?;
            if session.architecture().is_some() {
                biases.say(&file);
            }
            checkpoints.push(session);
        }
        Session::from_checkpoints(series.name(), &checkpoints)
    }
}
