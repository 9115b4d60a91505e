//! The published statements under each reading, by `docs/rules-2.md`, and the pattern that they form.

use ndarray::ArrayView2;

use super::questions::{Change, Effects, answers};
use super::sets::{SetFitter, new_sets};
use super::shapes::{Shapes, TESTED, is_tested, rejected};
use super::study::Study;
use crate::error::Result;
use crate::paper::verdicts::{RESPONSES, Rule, Ruling};
use crate::paper::{PublishedValue, published};
use crate::responses::{Border, Reading, ResponseOptions};
use crate::robustness::new_sets::Source;
use crate::stats::{LevelModel, percentile_of_sorted};

/// A share of at least this is clear; of at most 1 minus this, hardly one.
const CLEAR: f64 = 0.8;
/// Shares that are so near a limit decide nothing.
const MARGIN: f64 = 0.02;
/// How near to the printed R² a set must be to show it.
const NEAR: f64 = 0.02;

/// The published statements, without the paper's slips.
pub(super) fn statements() -> Result<Vec<PublishedValue>> {
    Ok(published()?.into_iter().filter(|value| !value.is_slip).collect())
}

/// What new sets of eleven show under one reading and border.
pub(super) struct Shown {
    pub options: ResponseOptions,
    /// For each set, a bit for each statement: whether it is true in the set.
    truths: Vec<u64>,
    /// For each set, R² of the power model of layer 2 on the bird and static.
    r_squared: Vec<[f64; 2]>,
}

/// What `draws` new sets from the predictive distribution of a study show, by reading, for each of `options`.
pub(super) fn shown(
    study: &Study,
    statements: &[PublishedValue],
    options: &[ResponseOptions],
    draws: usize,
    seed: u64,
) -> Result<Vec<Shown>> {
    let rules: Vec<Rule> = statements.iter().map(Rule::new).collect::<Result<_>>()?;
    let columns: Vec<usize> = options
        .iter()
        .flat_map(|&ResponseOptions { reading, border, .. }| {
            RESPONSES.map(|(layer, image)| {
                study.column(reading, border, image, layer).expect("every response is scored")
            })
        })
        .collect();
    let fitter = SetFitter::new();
    let evaluate = |set: ArrayView2<f64>| -> Vec<(u64, [f64; 2])> {
        let fits = fitter.fits(set);
        let (readings, _) = fits.as_chunks::<4>();
        let of_reading = |fits: &[_; 4]| {
            let bit = |(place, rule): (usize, &Rule)| u64::from(rule.is_true_in(fits)) << place;
            let truths = rules.iter().enumerate().map(bit).fold(0, |all, bit| all | bit);
            // RESPONSES[2..] are those of layer 2.
            (
                truths,
                [2, 3].map(|response: usize| {
                    fits[response][crate::models::Form::Power as usize].form.r_squared
                }),
            )
        };
        readings.iter().map(of_reading).collect()
    };
    let sets = new_sets(study, &columns, Source::Predictive)?.map(draws, seed, evaluate);
    let of = |(place, &options): (usize, &ResponseOptions)| Shown {
        options,
        truths: sets.iter().map(|set| set[place].0).collect(),
        r_squared: sets.iter().map(|set| set[place].1).collect(),
    };
    Ok(options.iter().enumerate().map(of).collect())
}

impl Shown {
    /// The share of sets in which a statement is true.
    fn share(&self, place: usize) -> f64 {
        let is_true = self.truths.iter().filter(|truths| (*truths >> place) & 1 == 1).count();
        is_true as f64 / self.truths.len() as f64
    }

    /// Whether a printed R² of layer 2 lies in the predictive interval of this level. `image` is 0 for the bird, 1 for static.
    fn contains(&self, image: usize, printed: f64, level: f64) -> bool {
        let mut values: Vec<f64> = self.r_squared.iter().map(|r_squared| r_squared[image]).collect();
        values.sort_by(f64::total_cmp);
        let tail = 50.0 * (1.0 - level);
        let [low, high] = [tail, 100.0 - tail].map(|percent| percentile_of_sorted(&values, percent));
        (low..=high).contains(&printed)
    }

    /// The shares of sets that show the published pattern: its ten bounds and twelve significances; both R² to within 0.02; all of it.
    pub fn pattern(&self, statements: &[PublishedValue]) -> [f64; 3] {
        let is_bound = |statement: &PublishedValue| ["<", ">="].contains(&&*statement.relation);
        let bounds = statements.iter().enumerate().filter(|(_, statement)| is_bound(statement));
        let mask = bounds.fold(0u64, |mask, (place, _)| mask | 1 << place);
        let printed = printed_r_squared(statements);
        let near = |found: &[f64; 2]| {
            found.iter().zip(&printed).all(|(found, printed)| (found - printed).abs() <= NEAR)
        };
        let share = |is: &dyn Fn(u64, &[f64; 2]) -> bool| {
            let sets = self.truths.iter().zip(&self.r_squared);
            sets.filter(|(truths, found)| is(**truths, found)).count() as f64 / self.truths.len() as f64
        };
        [
            share(&|truths, _| truths & mask == mask),
            share(&|_, found| near(found)),
            share(&|truths, found| truths & mask == mask && near(found)),
        ]
    }
}

/// The printed R² of layer 2, on the bird and on static.
fn printed_r_squared(statements: &[PublishedValue]) -> [f64; 2] {
    ["bird", "static"].map(|image| {
        let is_it = |statement: &&PublishedValue| {
            statement.quantity == "r_squared"
                && statement.relation == "="
                && statement.image.as_deref() == Some(image)
        };
        statements.iter().find(is_it).and_then(|statement| statement.value).expect("the paper printed both")
    })
}

/// A statement under one reading: the share of new sets in which it is true, where sets decide, and the ruling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judged {
    pub share: f64,
    pub ruling: Ruling,
}

/// What the study as a whole says about the four responses of a reading, where sets of eleven do not decide.
#[derive(Debug, Clone, Copy)]
struct Whole {
    /// Question 2.
    more: Change,
    /// Whether the power model and the step model are rejected; `None` for layer 1.
    rejected: Option<[bool; 2]>,
}

/// The ruling on each statement, by reading (border same). `level` is the nominal level of the predictive intervals; `pairs` the ruling on
/// rule H by reading. The study needs the columns of the border same alone.
pub(super) fn judge(
    study: &Study,
    statements: &[PublishedValue],
    shown: &[Shown],
    simulated: usize,
    level: f64,
    pairs: &[(f64, Ruling)],
) -> Result<Vec<Vec<Judged>>> {
    let whole = whole(study, simulated)?;
    let of_reading = |(place, shown): (usize, &Shown)| {
        let judged = |(number, statement): (usize, &PublishedValue)| {
            let rule = Rule::new(statement)?;
            let share = shown.share(number);
            let of_whole = whole[place][rule.response];
            let ruling = match rule.letter {
                'A' => {
                    let printed = statement.value.expect("a printed R² is a number");
                    let is_in = shown.contains(rule.response - 2, printed, level);
                    if is_in && share >= CLEAR { Ruling::Reproduced } else { Ruling::NotReproduced }
                }
                'B' => Ruling::CannotBeTested,
                'D' => softer(of_whole.more),
                'E' => power_law(of_whole.more, of_whole.rejected.expect("it is about layer 2")),
                'H' => return Ok(Judged { share: pairs[place].0, ruling: pairs[place].1 }),
                _ => by_share(share),
            };
            let share = if matches!(rule.letter, 'B' | 'D') { f64::NAN } else { share };
            Ok(Judged { share, ruling })
        };
        statements.iter().enumerate().map(judged).collect()
    };
    shown.iter().enumerate().map(of_reading).collect()
}

pub(super) fn by_share(share: f64) -> Ruling {
    let is_near = [CLEAR, 1.0 - CLEAR].iter().any(|limit| (share - limit).abs() <= MARGIN);
    match share {
        _ if is_near => Ruling::CannotBeTested,
        CLEAR.. => Ruling::Reproduced,
        _ if share <= 1.0 - CLEAR => Ruling::NotReproduced,
        _ => Ruling::CannotBeTested,
    }
}

/// Rule D.
fn softer(more: Change) -> Ruling {
    match more {
        Change::Softer => Ruling::Reproduced,
        Change::Harder | Change::Hardly => Ruling::NotReproduced,
        Change::NotKnown => Ruling::CannotBeTested,
    }
}

/// Rule E, from question 2 and whether the power model and the step model are rejected.
pub(super) fn power_law(more: Change, [power, step]: [bool; 2]) -> Ruling {
    match softer(more) {
        Ruling::Reproduced if !power && step => Ruling::Reproduced,
        Ruling::NotReproduced => Ruling::NotReproduced,
        _ if power => Ruling::NotReproduced,
        _ => Ruling::CannotBeTested,
    }
}

/// By reading, for each of [`RESPONSES`].
fn whole(study: &Study, simulated: usize) -> Result<Vec<[Whole; 4]>> {
    let same: Vec<usize> = (0..study.columns.len())
        .filter(|&column| study.columns[column].options.border == Border::Same)
        .collect();
    let effects: Vec<Effects> =
        same.iter().map(|&column| Effects::new(study, column)).collect::<Result<_>>()?;
    let answers = answers(&effects.iter().collect::<Vec<_>>())?;
    let tested: Vec<usize> =
        same.iter().copied().filter(|&column| is_tested(&study.columns[column])).collect();
    let shapes: Vec<Shapes> =
        tested.iter().map(|&column| Shapes::new(&study.summaries(column), simulated)).collect();
    let rejections = rejected(&shapes.iter().collect::<Vec<_>>())?;
    let [power, step] = [LevelModel::Power, LevelModel::Step]
        .map(|model| TESTED.iter().position(|&tested| tested == model).expect("both are tested"));
    let of_reading = |reading: Reading| {
        RESPONSES.map(|(layer, image)| {
            let column = study.column(reading, Border::Same, image, layer).expect("every response is scored");
            let place = |columns: &[usize]| columns.iter().position(|&other| other == column);
            let rejected = place(&tested).map(|place| [power, step].map(|model| rejections[place][model].1));
            Whole { more: answers[place(&same).expect("its border is same")].1, rejected }
        })
    };
    Ok(Reading::ALL.into_iter().map(of_reading).collect())
}
