//! `softness explore`.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::explorer::explore;
use crate::session::Session;
use crate::store::saved_sessions::saved_sessions;
use crate::store::shipped_sessions;
use clap::Args;

use super::output::print;

/// Write a page on which to see training happen: one HTML file for any browser.
///
/// Choose a session, a layer, a reading and an image, drag the slider through the iterations, or drop an image of your own on
/// the page. It needs no server and no network.
#[derive(Debug, Args)]
pub struct Explore {
    /// The HTML file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Saved sessions: the folder that `softness train --out` or `replicate` wrote, the folder of one session, or its
    /// archive [default: the eleven sessions that are part of the program]
    #[arg(value_name = "SESSIONS")]
    sessions: Vec<PathBuf>,
}

impl Explore {
    /// Runs the command.
    pub fn run(self) -> Result<()> {
        let sessions = if self.sessions.is_empty() {
            shipped_sessions()?
        } else {
            self.sessions.iter().map(|path| found(path)).collect::<Result<Vec<_>>>()?.concat()
        };
        let explorer = explore(&sessions)?;
        explorer.save(&self.out)?;
        print(&format!("{}: {explorer}", self.out.display()))
    }
}

/// The sessions at a path.
fn found(path: &Path) -> Result<Vec<Session>> {
    if path.is_file() || path.join("session.json").is_file() {
        return Ok(vec![Session::load(path)?.without_dense_layers()]);
    }
    let shelf = path.join("sessions");
    let sessions = saved_sessions(if shelf.is_dir() { &shelf } else { path })?;
    if sessions.is_empty() {
        let sentence = format!(
            "{} has no saved session: name the folder that `softness train --out` wrote",
            path.display()
        );
        return Err(Error::new(ErrorKind::NotFound, sentence));
    }
    Ok(sessions)
}
