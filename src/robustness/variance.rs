//! How much levels of training, sessions within a level, and pictures vary.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::robustness::SessionScores;
use crate::softness::Measure;
use crate::stats::{f_p_value, mean, rounding};
use crate::text::numbers::exact;

/// The largest score, and the smallest range of scores, whose sums of squares surely are within the range of `f64` with all
/// digits.
const LARGEST: f64 = 1e140;
const SMALLEST: f64 = 1e-140;

/// One source of variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VarianceSource {
    /// "iterations", "sessions", "pictures", "iterations x pictures" or "sessions x pictures".
    pub name: &'static str,
    /// Degrees of freedom.
    pub freedom: usize,
    /// Mean square.
    pub mean_square: f64,
    /// The variance component by the method of moments; 0 if the estimate is below 0.
    pub component: f64,
    /// The share of the component in the sum of all.
    pub share: f64,
    /// F, the ratio to the mean square that has the same expectation if the component is 0, and its p-value. Sessions and
    /// iterations x pictures are compared with the rest, pictures with iterations x pictures, from the means of the levels
    /// if these have unequal numbers of sessions. `None` for iterations, for which there is no such mean square, and for the
    /// rest. F is infinite if that mean square is 0, and NaN if both are.
    pub f: Option<(f64, f64)>,
}

/// A closed-form split of the variance of y(level, session, picture) = mean + level + session within level + picture
/// + level x picture + session x picture, all random, with every picture for every session.
///
/// With n_l sessions at level l, N in all, a levels and b pictures, the expected mean squares are, with r the rest
/// (sessions x pictures, and error) and n0 = (N - sum n_l² / N) / (a - 1):
///
/// | source | degrees of freedom | expected mean square |
/// |---|---|---|
/// | iterations | a - 1 | r + n0 v(level x picture) + b v(session) + b n0 v(level) |
/// | sessions | N - a | r + b v(session) |
/// | pictures | b - 1 | r + (sum n_l² / N) v(level x picture) + N v(picture) |
/// | iterations x pictures | (a - 1)(b - 1) | r + n0 v(level x picture) |
/// | sessions x pictures | (N - a)(b - 1) | r |
///
/// Setting mean squares equal to their expectations gives the components. Source: Searle, Casella & McCulloch, *Variance
/// Components* (1992), chapters 4 and 5.
///
/// # Tests
/// Without v(session), the mean squares of sessions and of the rest have the same expectation, and so have those of
/// iterations x pictures and of the rest without v(level x picture). Their ratios follow F.
///
/// Without v(picture), the mean squares of pictures and of iterations x pictures have the same expectation only if all levels
/// have the same number of sessions. Otherwise the F of pictures is that of the level means m(level, picture), in which
/// every level counts once:
///
/// - a times the sum over pictures of (m(picture) - m)², over b - 1, divided by
/// - the sum over both of (m(level, picture) - m(level) - m(picture) + m)², over (a - 1)(b - 1).
///
/// Both have the expectation v(level x picture) + r times the mean of 1 / n_l. The ratio follows F approximately: the
/// simulations in [`stats`](crate::stats) reject at their level, or less often if v(level x picture) is near 0. A
/// denominator from the table, with Satterthwaite's degrees of freedom, would take r with a negative weight and reject far
/// too often. Source: the unweighted means of Burdick & Graybill, *Confidence Intervals on Variance Components* (1992).
#[derive(Clone, PartialEq)]
pub struct VarianceSplit {
    /// In the order of the table above. Each has a `name`, the degrees of `freedom`, the `mean_square`, the `component` by the
    /// method of moments (0 if the estimate is below 0), its `share` in the sum of all, and `f`: F and its p-value, `None` for
    /// iterations and for the rest.
    pub sources: [VarianceSource; 5],
    /// The mean over the sessions of their means.
    pub mean: f64,
}

impl VarianceSplit {
    /// The split of the single-picture scores of one layer, set of pictures and measure.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there are no scores of single pictures for that layer,
    /// set of pictures and measure, and those of [`new`](Self::new).
    pub fn from_scores(scores: &SessionScores, layer: usize, images: &str, measure: Measure) -> Result<Self> {
        let mut sessions: Vec<(&str, u64, Vec<f64>)> = Vec::new();
        let rows = scores.pictures.iter();
        for row in rows.filter(|row| row.layer == layer && row.images == images && row.measure == measure) {
            // The pictures are in the same order in every session.
            match sessions.last_mut().filter(|last| last.0 == row.session) {
                Some(last) => last.2.push(row.score),
                None => sessions.push((&row.session, row.iterations, vec![row.score])),
            }
        }
        let asked = format!("layer {layer}, {images}, {measure}");
        let requirement = "it must be among those whose pictures were scored one by one";
        Error::require(!sessions.is_empty(), "response", asked, requirement)?;
        let sessions: Vec<(u64, Vec<f64>)> = sessions.into_iter().map(|(_, level, y)| (level, y)).collect();
        Self::new(&sessions)
    }

    /// The split of sessions, each given as its level and one value for each picture, in the same order.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there are fewer than two levels or pictures, no
    /// level has two sessions, sessions have different numbers of pictures, a value is not finite or beyond 1e140, or the
    /// values are all the same up to rounding or within 1e-140: squares of such differences are no 64-bit numbers.
    pub fn new(sessions: &[(u64, Vec<f64>)]) -> Result<Self> {
        let pictures = sessions.first().map_or(0, |session| session.1.len());
        let fits = sessions.iter().all(|session| session.1.len() == pictures);
        Error::require(fits, "pictures", pictures, "every session needs the same ones")?;
        if let Some(value) = sessions.iter().flat_map(|session| &session.1).find(|value| !value.is_finite()) {
            return Err(Error::option("score", value, "only finite numbers can be split"));
        }
        let levels: BTreeSet<u64> = sessions.iter().map(|session| session.0).collect();
        let (a, n, b) = (levels.len(), sessions.len(), pictures);
        for (option, value, enough) in [("levels", a, a > 1), ("pictures", b, b > 1), ("sessions", n, n > a)]
        {
            let requirement = "a split needs two levels, two pictures, and two sessions at some level";
            Error::require(enough, option, value, requirement)?;
        }
        check_spread(sessions)?;
        let square = |value: f64| value * value;
        let (count, images) = (n as f64, b as f64);
        let of_session: Vec<f64> = sessions.iter().map(|session| mean(&session.1)).collect();
        let total_mean = mean(&of_session);
        let picture_means = |sessions: &[&[f64]]| -> Vec<f64> {
            (0..b).map(|at| mean(&sessions.iter().map(|y| y[at]).collect::<Vec<_>>())).collect()
        };
        let of_picture = picture_means(&sessions.iter().map(|session| &session.1[..]).collect::<Vec<_>>());
        let (mut ss, mut squared_sizes) = ([0.0; 5], 0.0);
        let (mut sizes, mut level_means) = (BTreeSet::new(), Vec::new());
        for level in levels {
            let own = sessions.iter().zip(&of_session).filter(|(session, _)| session.0 == level);
            let (own, means): (Vec<&[f64]>, Vec<f64>) =
                own.map(|(session, &mean)| (&session.1[..], mean)).unzip();
            sizes.insert(own.len());
            let size = own.len() as f64;
            squared_sizes += size * size;
            let at_picture = picture_means(&own);
            let at_level = mean(&at_picture);
            ss[0] += images * size * square(at_level - total_mean);
            for (own, of_session) in own.iter().zip(means) {
                ss[1] += images * square(of_session - at_level);
                for (own, at_picture) in own.iter().zip(&at_picture) {
                    ss[4] += square(own - of_session - at_picture + at_level);
                }
            }
            for (own, of_picture) in at_picture.iter().zip(&of_picture) {
                ss[3] += size * square(own - at_level - of_picture + total_mean);
            }
            level_means.push(at_picture);
        }
        ss[2] = of_picture.iter().map(|own| count * square(own - total_mean)).sum();
        let freedom = [a - 1, n - a, b - 1, (a - 1) * (b - 1), (n - a) * (b - 1)];
        let ms: [f64; 5] = std::array::from_fn(|at| ss[at] / freedom[at] as f64);
        let n0 = (count - squared_sizes / count) / (a as f64 - 1.0);
        let raw_cross = (ms[3] - ms[4]) / n0;
        let components = [
            (ms[0] - ms[1] - ms[3] + ms[4]) / (images * n0),
            (ms[1] - ms[4]) / images,
            (ms[2] - ms[4] - squared_sizes / count * raw_cross) / count,
            raw_cross,
            ms[4],
        ]
        .map(|component| component.max(0.0));
        let sum: f64 = components.iter().sum();
        let against = |own: usize, other: usize| {
            let f = ms[own] / ms[other];
            (f, f_p_value(f, freedom[own] as f64, freedom[other] as f64))
        };
        let of_pictures = if sizes.len() == 1 { against(2, 3) } else { test_of_pictures(&level_means) };
        let tests = [None, Some(against(1, 4)), Some(of_pictures), Some(against(3, 4)), None];
        let names = ["iterations", "sessions", "pictures", "iterations x pictures", "sessions x pictures"];
        let source = |at: usize| VarianceSource {
            name: names[at],
            freedom: freedom[at],
            mean_square: ms[at],
            component: components[at],
            share: components[at] / sum,
            f: tests[at],
        };
        Ok(Self { sources: std::array::from_fn(source), mean: total_mean })
    }
}

/// Refuses values that do not vary, or whose squared differences leave the range of `f64`.
fn check_spread(sessions: &[(u64, Vec<f64>)]) -> Result<()> {
    let values: Vec<f64> = sessions.iter().flat_map(|session| &session.1).copied().collect();
    let (low, high) = (
        values.iter().copied().fold(f64::INFINITY, f64::min),
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    );
    let largest = if high > -low { high } else { low };
    let requirement = "scores up to 1e140 can be split: give them in other units";
    Error::require(largest.abs() <= LARGEST, "score", exact(largest), requirement)?;
    let varies = high > low && rounding(&values).is_none();
    let requirement = "so is every other up to rounding: a split needs scores that vary";
    Error::require(varies, "score", exact(low), requirement)?;
    let requirement = "scores that differ by at least 1e-140 can be split: give them in other units";
    Error::require(high - low >= SMALLEST, "largest difference of scores", exact(high - low), requirement)
}

/// F and p of pictures from the means of each level, one for each picture: every level counts once, however many sessions
/// it has.
fn test_of_pictures(level_means: &[Vec<f64>]) -> (f64, f64) {
    let (a, b) = (level_means.len(), level_means[0].len());
    let of_level: Vec<f64> = level_means.iter().map(|own| mean(own)).collect();
    let total = mean(&of_level);
    let (mut pictures, mut cross) = (0.0, 0.0);
    for at in 0..b {
        let own: Vec<f64> = level_means.iter().map(|own| own[at]).collect();
        let of_picture = mean(&own);
        pictures += a as f64 * (of_picture - total).powi(2);
        let rests = own.iter().zip(&of_level).map(|(own, of_level)| own - of_level - of_picture + total);
        cross += rests.map(|rest| rest * rest).sum::<f64>();
    }
    let (freedom, cross_freedom) = ((b - 1) as f64, ((a - 1) * (b - 1)) as f64);
    let f = pictures / freedom / (cross / cross_freedom);
    (f, f_p_value(f, freedom, cross_freedom))
}
