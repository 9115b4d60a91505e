//! The published statements with the rulings on them, and what the rulings are worth: the files `statements.csv`, `totals.csv` and
//! `pattern.csv`.

use std::path::Path;

use super::sets::{SEED, SETS};
use super::shapes::SIMULATED;
use super::soft::{self, SoftCounts};
use super::statements::{Judged, judge, shown, statements};
use super::study::Study;
use super::worlds::{World, simulated_studies};
use crate::error::Result;
use crate::paper::PublishedValue;
use crate::paper::verdicts::{Rule, Ruling, claim_in_words};
use crate::responses::{Border, Reading, ResponseOptions};
use crate::stats::percentile;
use crate::text::cells;
use crate::text::csv::{Csv, number};

/// The worlds where training does less than is claimed.
const NULL_WORLDS: [World; 2] = [World::NoEffect, World::PureStep];
/// Simulated studies in each null world, the sets of eleven of each, and the simulated studies of each lack of fit in them.
const NULL_STUDIES: u64 = 200;
const NULL_SETS: usize = 4_000;
const NULL_SIMULATED: usize = 999;
/// The level whose sessions rule H compares.
const COMPARED: u64 = 30_000;

pub(super) fn write_statements(study: &Study, soft: &SoftCounts, level: f64, folder: &Path) -> Result<()> {
    let statements = statements()?;
    let options =
        |border| Reading::ALL.map(|reading| ResponseOptions::default().reading(reading).border(border));
    let same = options(Border::Same);
    let mut all = same.to_vec();
    all.extend(options(Border::Valid));
    let found = shown(study, &statements, &all, SETS, SEED)?;
    let mut csv = Csv::new("reading,border,bounds_and_significances,both_r_squared,whole_pattern");
    for shown in &found {
        let [bounds, r_squared, whole] = shown.pattern(&statements);
        csv.row(cells![shown.options.reading, shown.options.border, bounds, r_squared, whole]);
    }
    csv.write(folder.join("pattern.csv"))?;
    let pairs: Vec<(f64, Ruling)> = (0..same.len())
        .map(|reading| soft::ruling(&soft.of(COMPARED, reading), soft.untrained_share(reading)))
        .collect();
    let rulings = judge(study, &statements, &found[..same.len()], SIMULATED, level, &pairs)?;
    let worlds = NULL_WORLDS.map(|world| null_rulings(study, soft, &statements, &same, level, world));
    let [no_effect, step] = worlds;
    write(&statements, &same, &rulings, &[no_effect?, step?], folder)
}

/// The rulings of each simulated study, by reading and statement.
fn null_rulings(
    study: &Study,
    soft: &SoftCounts,
    statements: &[PublishedValue],
    options: &[ResponseOptions],
    level: f64,
    world: World,
) -> Result<Vec<Vec<Vec<Ruling>>>> {
    let columns: Vec<usize> = (0..study.columns.len())
        .filter(|&column| study.columns[column].options.border == Border::Same)
        .collect();
    simulated_studies(study, &columns, world, NULL_STUDIES, |simulated, seed| {
        let shown = shown(simulated, statements, options, NULL_SETS, seed)?;
        let pair = |reading: usize| {
            let sessions = soft.of(COMPARED, reading).len();
            let counts =
                if world == World::NoEffect { soft.untrained(reading) } else { soft.trained(reading) };
            soft::ruling(&soft::simulated(&counts, sessions, seed), soft.untrained_share(reading))
        };
        let pairs: Vec<(f64, Ruling)> = (0..options.len()).map(pair).collect();
        let rulings = judge(simulated, statements, &shown, NULL_SIMULATED, level, &pairs)?;
        Ok(rulings.iter().map(|reading| reading.iter().map(|judged| judged.ruling).collect()).collect())
    })
}

fn write(
    statements: &[PublishedValue],
    options: &[ResponseOptions],
    rulings: &[Vec<Judged>],
    worlds: &[Vec<Vec<Vec<Ruling>>>; 2],
    folder: &Path,
) -> Result<()> {
    let mut csv =
        Csv::new("rule,statement,reading,share,ruling,reproduced_in_no_effect,reproduced_in_pure_step");
    let mut totals = Csv::new(
        "reading,ruling,count,no_effect,no_effect_low,no_effect_high,pure_step,pure_step_low,pure_step_high",
    );
    for (reading, option) in options.iter().enumerate() {
        for (place, statement) in statements.iter().enumerate() {
            let judged = rulings[reading][place];
            let share = |studies: &Vec<Vec<Vec<Ruling>>>| {
                let reproduced = studies.iter().filter(|study| study[reading][place] == Ruling::Reproduced);
                reproduced.count() as f64 / studies.len() as f64
            };
            let [no_effect, step] = worlds.each_ref().map(share);
            let rule = Rule::new(statement)?.letter;
            csv.row(cells![
                rule,
                claim_in_words(statement),
                option.reading,
                number(judged.share),
                judged.ruling,
                no_effect,
                step
            ]);
        }
        for ruling in Ruling::ALL {
            let count = rulings[reading].iter().filter(|judged| judged.ruling == ruling).count();
            let mut row = cells![option.reading, ruling, count].to_vec();
            for studies in worlds {
                let counts: Vec<f64> = studies
                    .iter()
                    .map(|study| study[reading].iter().filter(|&&found| found == ruling).count() as f64)
                    .collect();
                let [low, high] = [2.5, 97.5].map(|percent| percentile(&counts, percent));
                row.extend(cells![crate::stats::mean(&counts), low, high]);
            }
            totals.row(row);
        }
    }
    csv.write(folder.join("statements.csv"))?;
    totals.write(folder.join("totals.csv"))
}
