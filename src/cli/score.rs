//! `softness score`.

use std::path::PathBuf;

use crate::dataset::read_luma;
use crate::error::{Error, Result};
use crate::softness::{Normalisation, softness_score};
use clap::Args;
use serde::Serialize;

use super::output::{print, print_json};

/// Score how soft pictures are: the mean local standard deviation, 0 (soft) to 0.497.
///
/// A colour picture is first converted to luma (0.299 R + 0.587 G + 0.114 B). The luma is scaled to 0..1
/// by its own minimum and maximum; the score is the mean of the standard deviations of all 3x3 windows.
#[derive(Debug, Args)]
pub struct Score {
    /// PNG, JPEG, WebP or BMP pictures, at least 3x3; files or pipes.
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Print one JSON document, and nothing else, on standard output.
    #[arg(long)]
    json: bool,
}

/// What `--json` prints for each picture.
#[derive(Debug, Serialize)]
struct Scored {
    file: String,
    score: f64,
    width: usize,
    height: usize,
    constant: bool,
}

impl Score {
    /// Runs the command. Every picture is read before anything is printed.
    pub fn run(self) -> Result<()> {
        let scored: Vec<Scored> = self.images.iter().map(score).collect::<Result<_>>()?;
        if self.json {
            return print_json(&scored);
        }
        for Scored { file, score, width, height, constant } in &scored {
            let remark = if *constant { ", constant" } else { "" };
            print(&format!("{score:.6}  {file} ({width}x{height}{remark})"))?;
        }
        Ok(())
    }
}

fn score(path: &PathBuf) -> Result<Scored> {
    let luma = read_luma(path)?;
    let score = softness_score(luma.view(), Normalisation::MinMax)
        .map_err(|error| Error::malformed(path, error.to_string()))?;
    let (height, width) = luma.dim();
    let file = path.display().to_string();
    Ok(Scored { file, score: score.value(), width, height, constant: score.is_constant() })
}
