//! Which scores can be assessed, in which forms, and sentences about all others.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, Result};
use crate::models::Form;
use crate::robustness::scores::Response;
use crate::robustness::{SessionScore, SessionScores};
use crate::text::numbers::numbered;

/// Iterations and score of each session.
type Points = Vec<(u64, f64)>;

/// The scores of one response, in the same order of sessions for each.
pub(super) struct Assessable {
    pub response: Response,
    pub points: Points,
    /// The forms that these points have logarithms for.
    pub forms: Vec<Form>,
}

/// A session by its name and iterations: a session and itself at an earlier iteration are two.
type Key<'a> = (&'a str, u64);

/// The responses whose scores are finite and differ, and sentences about all others and about forms that they cannot take.
pub(super) fn assessable(scores: &SessionScores) -> Result<(Vec<Assessable>, Vec<String>)> {
    let (mut found, mut skipped) = (Vec::new(), Vec::new());
    for response in scores.responses() {
        let rows = rows(scores, &response);
        match nothing_to_assess(&rows) {
            Some(reason) => skipped.push(format!("{}: {reason}", in_words(&response))),
            None => found.push((response, rows)),
        }
    }
    let sessions = sessions(&found);
    let mut assessable = Vec::new();
    for (response, rows) in found {
        let named = in_words(&response);
        let points = points(&named, &rows, &sessions)?;
        let mut forms = Form::ALL.to_vec();
        forms.retain(|&form| match without_logarithm(form, &points) {
            Some(reason) => {
                skipped.push(format!("{named}, {form} form: {reason}"));
                false
            }
            None => true,
        });
        assessable.push(Assessable { response, points, forms });
    }
    Ok((assessable, skipped))
}

fn rows<'a>(scores: &'a SessionScores, (layer, images, measure): &Response) -> Vec<&'a SessionScore> {
    let rows = scores.rows().iter();
    rows.filter(|row| row.layer == *layer && row.images == *images && row.measure == *measure).collect()
}

/// "local-deviation of layer 2, images "bird"", "roughness of the filters of layer 1".
fn in_words((layer, images, measure): &Response) -> String {
    match images {
        Some(images) => format!("{measure} of layer {layer}, images {images:?}"),
        None => format!("{measure} of the filters of layer {layer}"),
    }
}

/// Why these scores say nothing.
fn nothing_to_assess(rows: &[&SessionScore]) -> Option<String> {
    if let Some(row) = rows.iter().find(|row| !row.score.is_finite()) {
        return Some(format!("a session of {} iterations has no score", row.iterations));
    }
    let is_constant = rows.iter().all(|row| row.score == rows[0].score);
    is_constant.then(|| format!("every session has the score {}", rows[0].score))
}

/// All sessions, in order of appearance.
fn sessions<'a>(found: &[(Response, Vec<&'a SessionScore>)]) -> Vec<Key<'a>> {
    let mut seen = HashSet::new();
    let rows = found.iter().flat_map(|(_, rows)| rows);
    rows.map(|row| key(row)).filter(|key| seen.insert(*key)).collect()
}

fn key(row: &SessionScore) -> Key<'_> {
    (&row.session, row.iterations)
}

/// The points of the sessions, in their order: subsamples are places in it, the same for every response.
fn points(named: &str, rows: &[&SessionScore], sessions: &[Key]) -> Result<Points> {
    let wrong = |how: &str, (session, iterations): Key| {
        let value = format!("{named} {how} session {session:?} of {}", numbered(iterations, "iteration"));
        let requirement = "every session needs a score for each layer, set of pictures and measure, and only one: give every \
                           session a name of its own";
        Error::option("scores", value, requirement)
    };
    let mut scores = HashMap::new();
    for row in rows {
        if scores.insert(key(row), row.score).is_some() {
            return Err(wrong("twice for", key(row)));
        }
    }
    let point = |&key: &Key| match scores.get(&key) {
        Some(&score) => Ok((key.1, score)),
        None => Err(wrong("without", key)),
    };
    sessions.iter().map(point).collect()
}

/// Why a form cannot take these points.
fn without_logarithm(form: Form, points: &[(u64, f64)]) -> Option<String> {
    if form.takes_ln_x() && points.iter().any(|point| point.0 == 0) {
        return Some(
            "a session has 0 iterations, and the form needs ln of them: leave such sessions out".into(),
        );
    }
    let (iterations, score) = points.iter().find(|point| form.takes_ln_y() && point.1 <= 0.0)?;
    let session = format!("a session of {} has the score {score}", numbered(*iterations, "iteration"));
    Some(format!("{session}, and the form needs ln of it: only values above 0 have one"))
}
