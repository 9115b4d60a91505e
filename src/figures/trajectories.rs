//! Trajectory diagrams: the paths of filters through the space of their weights.

use std::ops::Range;

use ndarray::Array2;
use plotters::element::Circle;
use plotters::style::Color;
use rayon::prelude::*;

use super::axes::{Axis, Chart, axes};
use super::canvas::{Batch, Canvas, Place};
use super::course::{states, two_states_in_words};
use super::legends::{SCALE, colour_scale};
use super::palette::{GREY, INK, Rgb, WHITE, sequential};
use super::scored::scored;
use super::sheet::{MARGIN, PAGE, TEXT, figure, px, stroke, style};
use super::ticks::padded;
use super::{Area, Drawn, Figure, HPos, PX, VPos};
use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::session::Session;
use crate::softness::ScoringOptions;
use crate::stats::PrincipalComponents;
use crate::text::numbers::{self, counted, grouped, percent};

/// The height of the chart, in pixels.
const HEIGHT: i32 = 415;
/// The width of the colour scale, in pixels.
const SCALE_WIDTH: i32 = 242;
/// Lines are drawn in this many colours.
const COLOURS: usize = 24;
/// Lines are thinner if there are more paths than this.
const MANY_PATHS: usize = 100;

/// A spread along the second component of less than this share of that along the first is rounding of 32-bit weights.
const ROUNDING: f64 = 1e-5;

/// The plane in which [`Figure::trajectories`] are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum TrajectoryPlane {
    /// The first two principal components of the weights of all filters of all sessions at all kept iterations: the plane
    /// in which these points spread most. The axes have their shares of the variance. Weights are not scaled, and biases are
    /// left out. The random initial weights are most of this variance, so that long paths can be short here.
    PrincipalComponents,
    /// The first two principal components of the changes w(t) - w(0) since the first kept iteration, of all filters of all
    /// sessions: the directions in which training moves filters most. All paths begin at one point. The random initial weights,
    /// which are most of the variance of the weights themselves, have no part in it.
    #[default]
    Changes,
    /// How far a filter is from its first kept weights, |w(t) - w(0)|, against the angle between w(t) and its last weights, in
    /// degrees. A path begins at distance 0 and ends at angle 0. If it goes straight to its end, the distance grows as
    /// the angle falls; if it turns first, the angle falls at one distance. This plane is the same for all sessions, and
    /// does not depend on the order of channels.
    DistanceAndAngle,
}

impl Figure {
    /// The paths of the filters of layer `layer` (counted from 1) through the space of their weights, from the first kept
    /// iteration to the last, of many sessions in one picture: a line for each filter, coloured by its softness score. The
    /// picture that is scored is static ([`Picture::static_noise`] with seed 1) under the default [`ScoringOptions`], the plane is
    /// that of [`TrajectoryPlane::Changes`], in which all paths begin at one point. [`ScoringOptions::trajectories`] has other pictures, readings and planes.
    ///
    /// It follows the trajectory diagrams of Wejchert & Tesauro, *Neural Network Visualization* (NIPS 1989), which map the
    /// path of a network through the many dimensions of its weights onto two. A point is all weights of one filter, (in x k x
    /// k) numbers: 75 in layer 1 and 400 in layer 2 of the paper's network. Channels of layer 2 are in another order in each
    /// session, since they are filters of layer 1.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there is no session, the filters of a session were kept at one
    /// iteration only (see [`Session::kept_iterations`]), or filters of two sessions have different numbers of weights;
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such layer; those of [`responses`](crate::responses::responses()) and [`softness_score`](crate::softness::softness_score()).
    pub fn trajectories(sessions: &[Session], layer: usize) -> Result<Self> {
        let picture = Picture::static_noise(1);
        ScoringOptions::default().trajectories(sessions, layer, &picture, TrajectoryPlane::default())
    }
}

/// The path of one filter: a point and a score at each iteration.
struct Path {
    points: Vec<(f64, f64)>,
    scores: Vec<f64>,
}

/// One filter at each kept iteration: its weights and its score.
struct Course {
    weights: Vec<Vec<f64>>,
    scores: Vec<f64>,
}

impl ScoringOptions {
    /// [`Figure::trajectories`] coloured by scores of `picture` with these options, in this plane.
    ///
    /// # Errors
    /// Those of [`Figure::trajectories`].
    pub fn trajectories(
        self,
        sessions: &[Session],
        layer: usize,
        picture: &Picture,
        plane: TrajectoryPlane,
    ) -> Result<Figure> {
        let which = match sessions {
            [session] => format!("session {}", session.name()),
            _ => numbers::sessions(sessions.len()),
        };
        let title = format!("Paths of the filters of layer {layer} during training, {which}");
        let courses = courses(sessions, layer, picture, self, &title)?;
        let points: usize = courses.iter().map(|course| course.scores.len()).sum();
        let count = courses.len();
        let (paths, labels, words) = match plane {
            TrajectoryPlane::PrincipalComponents => in_components(courses, "weights", &title)?,
            TrajectoryPlane::Changes => in_components(changes(courses), "changes of weights", &title)?,
            TrajectoryPlane::DistanceAndAngle => by_distance_and_angle(courses),
        };
        if paths.is_empty() {
            return Err(Error::nothing_to_draw(&title, "all weights of every filter are 0"));
        }
        let left_out = match count - paths.len() {
            0 => String::new(),
            left_out => {
                let (are, their) = if left_out == 1 { ("is", "its") } else { ("are", "their") };
                let filters = counted(left_out as u64, "filter");
                format!(" {filters} {are} left out: all {their} weights are 0, which has no direction.")
            }
        };
        let kept = match sessions.iter().max_by_key(|session| session.kept_iterations().len()) {
            Some(session) if session.kept_iterations().len() == 2 => {
                format!(" {}", two_states_in_words(session))
            }
            _ => String::new(),
        };
        let caption = format!(
            "n = {} at {} points, a line for each filter from its first kept iteration (ring) to its last (dot). {words} \
             Colour: the softness score on the image {} (lower is softer).{left_out}{kept}",
            counted(paths.len() as u64, "filter"),
            grouped(points as u64),
            picture.name()
        );
        draw_paths(&title, &caption, &paths, labels)
    }
}

/// Every filter of every session with its weights and scores.
fn courses(
    sessions: &[Session],
    layer: usize,
    picture: &Picture,
    options: ScoringOptions,
    title: &str,
) -> Result<Vec<Course>> {
    let Some(first) = sessions.first() else {
        return Err(Error::nothing_to_draw(title, "there are no sessions"));
    };
    let shape = |session: &Session| -> Result<[usize; 2]> {
        let bank = session.filters(layer)?;
        Ok([bank.channels(), bank.kernel()])
    };
    let [channels, side] = shape(first)?;
    let mut all = Vec::new();
    for session in sessions {
        let [its_channels, its_side] = shape(session)?;
        if [its_channels, its_side] != [channels, side] {
            let problem = format!(
                "filters of layer {layer} are {channels} × {side} × {side} weights in session {} and {its_channels} × {its_side} \
                 × {its_side} in session {}, which are two spaces: draw them in two figures",
                first.name(),
                session.name()
            );
            return Err(Error::nothing_to_draw(title, problem));
        }
        all.push(states(session, layer, title)?);
    }
    let of_session = |states: Vec<Session>| {
        let banks = states.iter().map(|state| state.filters(layer)).collect::<Result<Vec<_>>>()?;
        let scores = scored(options, &states, layer, picture)?;
        let of_filter = |filter: usize| Course {
            weights: banks
                .iter()
                .map(|bank| bank.filter(filter).iter().copied().map(f64::from).collect())
                .collect(),
            scores: scores.iter().map(|state| state.scores[filter]).collect(),
        };
        Ok((0..banks[0].len()).map(of_filter).collect::<Vec<_>>())
    };
    let courses = all.into_par_iter().map(of_session).collect::<Result<Vec<_>>>()?;
    Ok(courses.into_iter().flatten().collect())
}

/// Paths, the labels of the two axes, and what they are in words.
type Drawing = (Vec<Path>, [String; 2], String);

/// The same with the differences from the first weights in place of the weights.
fn changes(courses: Vec<Course>) -> Vec<Course> {
    let change = |mut course: Course| {
        let first = course.weights[0].clone();
        for weights in &mut course.weights {
            weights.iter_mut().zip(&first).for_each(|(now, then)| *now -= then);
        }
        course
    };
    courses.into_iter().map(change).collect()
}

fn in_components(courses: Vec<Course>, what: &str, title: &str) -> Result<Drawing> {
    let rows: Vec<&Vec<f64>> = courses.iter().flat_map(|course| &course.weights).collect();
    let size = (rows.len(), rows[0].len());
    let weights: Vec<f64> = rows.into_iter().flatten().copied().collect();
    let weights = Array2::from_shape_vec(size, weights).expect("all filters have as many weights");
    let components = PrincipalComponents::of(weights)
        .ok_or_else(|| Error::nothing_to_draw(title, "no principal components were found"))?;
    // A component in which points differ by rounding alone is none.
    let is_rounding = components.shares[1].sqrt() < ROUNDING * components.shares[0].sqrt();
    let mut points = components.coordinates.into_iter().map(|[x, y]| [x, if is_rounding { 0.0 } else { y }]);
    let path = |course: Course| Path {
        points: points.by_ref().take(course.scores.len()).map(|[x, y]| (x, y)).collect(),
        scores: course.scores,
    };
    let paths = courses.into_iter().map(path).collect();
    let [first, second] = components.shares;
    let label = |number: usize, share: f64| {
        format!("principal component {number} ({} of the variance)", percent(share))
    };
    if first == 0.0 {
        let words = format!("The {} {what} are the same everywhere, so that each path is a point.", size.1);
        return Ok((paths, [1, 2].map(|number| format!("principal component {number}")), words));
    }
    let words =
        format!("The plane holds {} of the variance of the {} {what}.", percent(first + second), size.1);
    Ok((paths, [label(1, first), label(2, second)], words))
}

fn by_distance_and_angle(courses: Vec<Course>) -> Drawing {
    let path = |course: Course| {
        let (first, last) = (&course.weights[0], course.weights.last()?);
        let points = course.weights.iter().map(|weights| {
            let difference: Vec<f64> = weights.iter().zip(first).map(|(now, then)| now - then).collect();
            let lengths = norm(weights) * norm(last);
            let cosine = weights.iter().zip(last).map(|(one, other)| one * other).sum::<f64>() / lengths;
            (lengths > 0.0).then(|| (norm(&difference), cosine.clamp(-1.0, 1.0).acos().to_degrees()))
        });
        let mut points: Vec<(f64, f64)> = points.collect::<Option<_>>()?;
        // The arc cosine of a rounded 1 is some 1e-6 degrees.
        points.last_mut()?.1 = 0.0;
        Some(Path { points, scores: course.scores })
    };
    let labels = ["distance from the first weights, |w(t) − w(0)|", "angle to the last weights (degrees)"];
    let words = "A path that goes straight to its end falls steadily to the right; one that first turns drops steeply at the left.";
    (courses.into_iter().filter_map(path).collect(), labels.map(Into::into), words.into())
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|value| value * value).sum::<f64>().sqrt()
}

fn draw_paths(title: &str, caption: &str, paths: &[Path], [x, y]: [String; 2]) -> Result<Figure> {
    let all = || paths.iter().flat_map(|path| path.points.iter().copied());
    let score_range = widened(paths.iter().flat_map(|path| path.scores.iter().copied()));
    let width = if paths.len() > MANY_PATHS { 0.6 } else { 1.2 };
    figure(title, [title, caption], (PAGE, HEIGHT + 24 + SCALE), |_, body| {
        let (area, below) = body.split_vertically((HEIGHT + 18) * PX);
        let (legend_area, area) = area.split_vertically(18 * PX);
        legend(&legend_area)?;
        let x = Axis::new(x, padded(all().map(|point| point.0)), 7);
        let y = Axis::new(y, padded(all().map(|point| point.1)), 6);
        let chart = axes(&area, &x, &y, (4, 16))?;
        for (colour, segments) in by_colour(paths, &score_range) {
            draw_segments(&chart, segments, width, colour)?;
        }
        let radius = if paths.len() > MANY_PATHS { 1.5 } else { 2.25 };
        for path in paths {
            let (first, last) = (path.points[0], path.points[path.points.len() - 1]);
            let plot = chart.plotting_area();
            plot.draw(&Circle::new(first, px(radius), WHITE.ink().filled()))?;
            plot.draw(&Circle::new(first, px(radius), stroke(GREY, 0.75)))?;
            let colour = score_colour(path.scores[path.scores.len() - 1], &score_range);
            plot.draw(&Circle::new(last, px(radius + 0.5), colour.ink().filled()))?;
        }
        let left = (PAGE as i32 - SCALE_WIDTH) / 2;
        colour_scale(&below, (left, 6), &score_range, "softness score", |score| {
            score_colour(score, &score_range)
        })
    })
}

/// The range of the scores, which is never empty.
fn widened(scores: impl Iterator<Item = f64>) -> Range<f64> {
    let (low, high) = scores
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), score| (low.min(score), high.max(score)));
    if high > low { low..high } else { padded([low]) }
}

/// What ring and dot are.
fn legend(area: &Area) -> Drawn {
    let text = style(TEXT, INK, HPos::Left, VPos::Center);
    let middle = 8 * PX;
    let mut x = (MARGIN + 50) * PX;
    for (first, words) in [(true, "first kept iteration"), (false, "last iteration")] {
        let shape = if first { stroke(GREY, 0.75) } else { GREY.ink().filled() };
        area.draw(&Circle::new((x, middle), px(2.75), shape))?;
        area.draw_text(words, &text, (x + 7 * PX, middle))?;
        x += 150 * PX;
    }
    Ok(())
}

/// The lines between points, by the mean of the scores at their ends; the softest come last, on top.
fn by_colour(paths: &[Path], range: &Range<f64>) -> Vec<(Rgb, Vec<(f64, f64)>)> {
    let span = range.end - range.start;
    let mut bins: Vec<Vec<(f64, f64)>> = vec![Vec::new(); COLOURS];
    for path in paths {
        for (points, scores) in path.points.windows(2).zip(path.scores.windows(2)) {
            let share = ((scores[0] + scores[1]) / 2.0 - range.start) / span;
            let bin = ((share * COLOURS as f64) as usize).min(COLOURS - 1);
            bins[bin].extend(points);
        }
    }
    let middle = |bin: usize| range.start + (bin as f64 + 0.5) / COLOURS as f64 * span;
    let coloured = bins.into_iter().enumerate().rev().filter(|(_, bin)| !bin.is_empty());
    coloured.map(|(bin, segments)| (score_colour(middle(bin), range), segments)).collect()
}

fn draw_segments(chart: &Chart, points: Vec<(f64, f64)>, width: f64, colour: Rgb) -> Drawn {
    let draw = |canvas: &Canvas, ends: &[Place]| canvas.segments(ends, px(width), colour);
    chart.plotting_area().draw(&Batch { points, draw })
}

/// The colour of a score: soft is dark.
fn score_colour(score: f64, range: &Range<f64>) -> Rgb {
    sequential(((score - range.start) / (range.end - range.start)).clamp(0.0, 1.0))
}
