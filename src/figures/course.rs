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

    /// Writes the iterations above columns that are `wide` pixels wide, in two lines if they would touch in one.
    pub fn headings(&self, area: &Area, wide: i32) -> Drawn {
        let font = Font::new();
        let labels: Vec<String> = self.iterations.iter().map(|&iteration| grouped(iteration)).collect();
        let widest = labels.iter().map(|label| font.width(label, TEXT)).fold(0.0, f64::max);
        let crowded = widest + 6.0 > f64::from(self.step);
        let (upper, lower) = (7 * PX, 21 * PX);
        area.draw_text("iteration", &style(TEXT, GREY, HPos::Left, VPos::Center), (MARGIN * PX, lower))?;
        for (column, label) in labels.iter().enumerate() {
            // The last is in the lower line.
            let up = crowded && (labels.len() - 1 - column) % 2 == 1;
            let at = ((2 * self.left(column) + wide) * PX / 2, if up { upper } else { lower });
            area.draw_text(label, &style(TEXT, INK, HPos::Center, VPos::Center), at)?;
        }
        Ok(())
    }
}
