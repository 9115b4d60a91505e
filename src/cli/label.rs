//! `softness label`.

use std::path::{Path, PathBuf};

use crate::dataset::{Picture, SYNTHETIC, drawn_bird, published_bird};
use crate::error::{Error, ErrorKind, Result};
use crate::files::save::check_page;
use crate::labelling::TITLE;
use crate::responses::{Border, Reading, ResponseOptions};
use crate::session::Session;
use clap::Args;

use super::output::print;
use super::pictures::picture as opened;
use super::sessions::sessions;
use super::values::{positive, whole};
use super::weights::is_weights;
use super::{named, wrong_option};

/// Write a page on which a person labels maps as soft, without knowing which session a map is from.
///
/// It is one HTML file to open in a browser; it saves the labels as a CSV file. Give several people the same page, or pages
/// with different seeds (--seed), and compare their labels in a notebook: SoftLabels::compare and SoftLabels::roc.
#[derive(Debug, Args)]
pub struct Label {
    /// Saved sessions, whose maps are labelled: the folder that `softness train --out` or `replicate` wrote, the folder of one
    /// session, or its archive [default: the eleven sessions that are part of the program]
    #[arg(value_name = "SESSIONS")]
    sessions: Vec<PathBuf>,
    /// The page to write, .html.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The layer, from 1.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = positive::<usize>)]
    layer: usize,
    /// The picture: bird (the published study's, of CIFAR-10; for sessions that were trained on synthetic images, the drawn
    /// bird that their scores are of), static (32 x 32 random black and white pixels), or a PNG, JPEG, WebP or BMP file.
    #[arg(long, value_name = "bird|static|FILE", default_value = "bird")]
    picture: String,
    /// What a filter is applied to: the maps of the layer before, as in the network (forward-pass), or the grey picture, with the sum of its
    /// kernels (kernel-slice-sum) or the first (kernel-slice).
    #[arg(long, value_name = "READING", default_value_t = Reading::ForwardPass, value_parser = named(LABELLED.map(Reading::name), str::parse::<Reading>))]
    reading: Reading,
    /// What lies outside a picture: zeros (same), or nothing, so that only windows completely inside count (valid).
    #[arg(long, value_name = "BORDER", default_value_t = Border::Same, value_parser = named(Border::ALL.map(Border::name), str::parse::<Border>))]
    border: Border,
    /// The seed of the order of the maps.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole::<u64>)]
    seed: u64,
}

/// The readings under which every filter has one map.
const LABELLED: [Reading; 3] = [Reading::ForwardPass, Reading::KernelSliceSum, Reading::KernelSlice];

impl Label {
    /// Runs the command.
    pub fn run(self) -> Result<()> {
        check_page(&self.out, TITLE)?;
        self.sessions.iter().try_for_each(|path| no_weights(path))?;
        let sessions = sessions(&self.sessions)?;
        let picture = match self.picture.as_str() {
            "static" => Picture::static_noise(1),
            "bird" if sessions.iter().all(is_synthetic) => drawn_bird(),
            "bird" => published_bird(),
            file => opened(file)?,
        };
        let options = ResponseOptions::default().reading(self.reading).border(self.border);
        let page = options.label_maps(&sessions, self.layer, &picture);
        let page = page.map_err(wrong_option(ErrorKind::NotFound))?.seed(self.seed);
        page.save(&self.out)?;
        print(&format!("{}: {page}", self.out.display()))
    }
}

/// Refuses files of weights: nothing is known of the sessions that they are from.
fn no_weights(path: &Path) -> Result<()> {
    let requirement = "label takes saved sessions; `softness filters` scores and draws the filters of weight files, and `softness explore` shows a \
         series of them";
    Error::require(!is_weights(path), "SESSIONS", path.display(), requirement)
}

/// Whether a session was trained on synthetic images.
fn is_synthetic(session: &Session) -> bool {
    session.record().is_some_and(|record| record.dataset().starts_with(SYNTHETIC))
}
