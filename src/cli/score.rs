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
///
/// Pictures that cannot be scored are listed after the scores of the others, and the exit status is then 1.
#[derive(Debug, Args)]
pub struct Score {
    /// PNG, JPEG, WebP or BMP pictures, at least 3x3; files or pipes.
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Print one JSON document, and nothing else, on standard output: the pictures that can be scored.
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
    /// Runs the command. Pictures that can be scored are printed, whatever the others are; of these, each has its error.
    pub fn run(self) -> Result<()> {
        let mut scored = Vec::new();
        let mut errors = Vec::new();
        for path in &self.images {
            score(path).map_or_else(|error| errors.push(error), |found| scored.push(found));
        }
        if self.json {
            print_json(&scored)?;
        } else {
            for Scored { file, score, width, height, constant } in &scored {
                let remark = if *constant { ", constant" } else { "" };
                print(&format!("{score:.6}  {file} ({width}x{height}{remark})"))?;
            }
        }
        let last = errors.pop();
        errors.iter().for_each(|error| eprintln!("error: {error}"));
        last.map_or(Ok(()), Err)
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
