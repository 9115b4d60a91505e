//! `softness explore`.

use std::path::PathBuf;

use crate::error::Result;
use crate::explorer::explore;
use clap::Args;

use super::output::print;
use super::sessions::sessions;

/// Write a page that shows how training changes filters, maps and scores: one HTML file for any browser.
///
/// Choose a session, a layer, a reading and an image, drag the slider through the iterations, or drop your own image on the
/// page. It needs no server and no network.
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
        let explorer = explore(&sessions(&self.sessions)?)?;
        explorer.save(&self.out)?;
        print(&format!("{}: {explorer}", self.out.display()))
    }
}
