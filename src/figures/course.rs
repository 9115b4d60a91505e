//! What figures of the course of training share: the states of a session, and a column for each iteration.

use super::palette::{GREY, INK};
use super::scored::scored;
use super::sheet::{MARGIN, PAGE, TEXT, style};
use super::text::Font;
use super::{Area, Drawn, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::session::Session;
use crate::softness::{ScoringOptions, untrained_kernel_threshold, untrained_threshold};
use crate::text::numbers::grouped;

/// The session at each of its kept iterations, the earliest first: at least two.
///
/// # Errors
/// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such layer; [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the filters of one iteration only were
/// kept.
pub(super) fn states(session: &Session, layer: usize, title: &str) -> Result<Vec<Session>> {
    session.filters(layer)?;
    let kept = session.kept_iterations();
    if kept.len() < 2 {
        let problem = format!(
            "session {} has its filters of one iteration only: a session that is trained with \
             Training::snapshots(true) keeps those of iterations 1, 2, 5, 10, .. as well, and \
             Session::from_checkpoints makes one session of the checkpoints of a network",
            session.name()
        );
        return Err(Error::nothing_to_draw(title, problem));
    }
    kept.into_iter().map(|iteration| session.at(iteration)).collect()
}

/// How many of a session's states are shown, and what to do if there are but two, as sentences of a caption.
pub(super) fn states_in_words(session: &Session, shown: usize) -> String {
    match session.kept_iterations().len() {
        2 => format!(" {}", two_states_in_words(session)),
        kept if shown < kept => format!(" Shown are {shown} of {kept} kept iterations."),
        kept => format!(" All {kept} kept iterations are shown."),
    }
}

/// What to do if a session has but two states.
pub(super) fn two_states_in_words(session: &Session) -> &'static str {
    if session.record.is_some() {
        "Only the first and the last weights were kept: Training::snapshots keeps more."
    } else {
        "There are only two checkpoints."
    }
}

/// At most `most` of the values, evenly, with the first and the last.
pub(super) fn thinned<T>(values: Vec<T>, most: usize) -> Vec<T> {
    let count = values.len();
    if count <= most {
        return values;
    }
    let wanted: Vec<usize> =
        (0..most).map(|index| (index * (count - 1) + (most - 1) / 2) / (most - 1)).collect();
    let is_wanted = |(index, value)| wanted.contains(&index).then_some(value);
    values.into_iter().enumerate().filter_map(is_wanted).collect()
}

/// The scores of a layer's filters at each state, and whether they are soft, as a score table has them.
///
/// # Errors
/// Those of [`ScoringOptions::softness_table`].
pub(super) fn soft_scores(
    states: &[Session],
    layer: usize,
    picture: &Picture,
    options: ScoringOptions,
) -> Result<Vec<Vec<(f64, bool)>>> {
    let scores = scored(options, states, layer, picture)?;
    let threshold = match states[0].architecture() {
        Some(architecture) => untrained_threshold(architecture, layer, picture, options)?,
        None => {
            let bank = states[0].filters(layer)?;
            untrained_kernel_threshold(bank.channels(), bank.kernel(), picture, options)?
        }
    };
    let soft = |score: f64| (score, score < threshold);
    Ok(scores.into_iter().map(|state| state.scores.into_iter().map(soft).collect()).collect())
}

/// The room of the labels on the left of the columns, in pixels.
pub(super) const LABELS: i32 = 58;
/// The most columns: those of 100,000 iterations, with 0.
pub(super) const MOST_COLUMNS: usize = 17;
/// The room of the iterations above the columns: two lines, in pixels.
pub(super) const HEADINGS: i32 = 30;

/// Columns that are equally wide, one for each iteration.
pub(super) struct Columns {
    iterations: Vec<u64>,
    /// Pixels from one column's left edge to the next.
    pub step: i32,
}

impl Columns {
    /// Columns for these states that are at most `widest` pixels apart.
    pub fn new(states: &[Session], widest: i32) -> Self {
        let iterations: Vec<u64> = states.iter().map(Session::iterations).collect();
        let room = PAGE as i32 - LABELS - MARGIN;
        Self { step: (room / iterations.len().max(1) as i32).min(widest), iterations }
    }

    /// The left edge of a column.
    pub fn left(&self, column: usize) -> i32 {
        LABELS + column as i32 * self.step
    }

    /// Writes the iterations above columns that are `wide` pixels wide, in two lines if they would touch in one, and of some of
    /// the columns if they would touch in two.
    pub fn headings(&self, area: &Area, wide: i32) -> Drawn {
        let (upper, lower) = (7 * PX, 21 * PX);
        area.draw_text("iteration", &style(TEXT, GREY, HPos::Left, VPos::Center), (MARGIN * PX, lower))?;
        let columns = self.iterations.len();
        let every = |step: usize| self.every(step, wide);
        let headings = (1..=columns).map(every).find(|headings| are_apart(headings)).unwrap_or_default();
        for heading in headings {
            let middle = (heading.middle * f64::from(PX)).round() as i32;
            let at = (middle, if heading.is_up { upper } else { lower });
            area.draw_text(&heading.text, &style(TEXT, INK, HPos::Center, VPos::Center), at)?;
        }
        Ok(())
    }

    /// The headings of every so many columns, counted from the last, which is in the lower line.
    fn every(&self, step: usize, wide: i32) -> Vec<Heading> {
        let font = Font::new();
        let last = self.iterations.len() - 1;
        let columns: Vec<usize> = (0..=last).filter(|column| (last - column).is_multiple_of(step)).collect();
        let texts: Vec<String> = columns.iter().map(|&column| grouped(self.iterations[column])).collect();
        let widths: Vec<f64> = texts.iter().map(|text| font.width(text, TEXT)).collect();
        let widest = widths.iter().copied().fold(0.0, f64::max);
        let is_crowded = widest + 6.0 > f64::from(self.step) * step as f64;
        let heading = |((column, text), width): ((usize, String), f64)| {
            let half = width / 2.0;
            let middle = f64::from(2 * self.left(column) + wide) / 2.0;
            Heading {
                // Between the word on the left and the right edge.
                middle: middle.max(f64::from(LABELS - 3) + half).min(f64::from(PAGE) - 1.0 - half),
                half,
                is_up: is_crowded && ((last - column) / step) % 2 == 1,
                text,
            }
        };
        columns.into_iter().zip(texts).zip(widths).map(heading).collect()
    }
}

/// The iterations above a column: where they stand across, in pixels, and in which line.
struct Heading {
    text: String,
    middle: f64,
    half: f64,
    is_up: bool,
}

/// Whether headings of the same line do not touch.
fn are_apart(headings: &[Heading]) -> bool {
    [true, false].into_iter().all(|is_up| {
        let line: Vec<&Heading> = headings.iter().filter(|heading| heading.is_up == is_up).collect();
        line.windows(2).all(|pair| pair[1].middle - pair[0].middle >= pair[0].half + pair[1].half + 4.0)
    })
}
