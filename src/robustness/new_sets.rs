//! New sets of sessions: drawn from the predictive distribution of a study, or from a world that the study could come from.

use ndarray::{Array2, ArrayView2, ArrayViewMut1, Axis, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{ChiSquared, Distribution, StandardNormal};
use rayon::prelude::*;

/// Sets that share a stream of random numbers. The sets do not depend on the number of threads.
const CHUNK: usize = 500;

/// The distribution that new sessions of a level are drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The level's sessions, with replacement.
    Sessions,
    /// The normal distribution with the means and covariances of the level's sessions.
    Normal,
    /// The predictive distribution of normal theory, which contains the uncertainty of the mean and the variance.
    ///
    /// For a set, c = sqrt((n - 1) / chi²) with n - 1 degrees of freedom, and the level's mean is m + c sum(w_i r_i) / sqrt(n (n - 1));
    /// a session is that mean + c sum(w_ji r_i) / sqrt(n - 1). r_i are the sessions' residuals, w standard normal numbers.
    /// In each response, m + c z sqrt(1 + 1 / n) s: Student's predictive distribution.
    Predictive,
}

/// A level to draw sessions from.
#[derive(Debug, Clone)]
pub(crate) struct DrawnLevel {
    source: Source,
    /// (sessions, responses)
    scores: Array2<f64>,
    mean: Vec<f64>,
    /// (sessions, responses): the residuals over sqrt(n - 1).
    residuals: Array2<f64>,
}

impl DrawnLevel {
    /// From the scores of at least two sessions, (sessions, responses).
    pub fn new(source: Source, scores: Array2<f64>) -> Self {
        let mean = scores.mean_axis(Axis(0)).expect("a level has sessions");
        let residuals = (&scores - &mean) / (scores.nrows() as f64 - 1.0).sqrt();
        Self { source, scores, mean: mean.to_vec(), residuals }
    }

    /// Draws one session for each row of `out`, all of one set.
    pub fn draw(&self, random: &mut ChaCha8Rng, mut out: ndarray::ArrayViewMut2<f64>) {
        let n = self.scores.nrows();
        if self.source == Source::Sessions {
            for mut row in out.rows_mut() {
                row.assign(&self.scores.row(random.random_range(0..n)));
            }
            return;
        }
        let (mut mean, mut spread) = (self.mean.clone(), 1.0);
        if self.source == Source::Predictive {
            let freedom = n as f64 - 1.0;
            let chi_squared: f64 = ChiSquared::new(freedom).expect("two sessions or more").sample(random);
            spread = (freedom / chi_squared).sqrt();
            self.scatter(random, spread / (n as f64).sqrt(), ArrayViewMut1::from(&mut mean[..]));
        }
        for mut row in out.rows_mut() {
            row.iter_mut().zip(&mean).for_each(|(value, mean)| *value = *mean);
            self.scatter(random, spread, row);
        }
    }

    /// Adds a normal vector with the covariances of the sessions, times `scale`.
    fn scatter(&self, random: &mut ChaCha8Rng, scale: f64, mut vector: ArrayViewMut1<f64>) {
        for residual in self.residuals.rows() {
            let z: f64 = StandardNormal.sample(random);
            vector.scaled_add(scale * z, &residual);
        }
    }
}

/// Levels from which sets of sessions are drawn, so many of each.
#[derive(Debug, Clone)]
pub(crate) struct NewSets {
    levels: Vec<(usize, DrawnLevel)>,
}

impl NewSets {
    /// Sets that take so many sessions of each level.
    pub fn new(levels: Vec<(usize, DrawnLevel)>) -> Self {
        Self { levels }
    }

    /// One set: (sessions, responses), in the order of the levels.
    pub fn draw(&self, random: &mut ChaCha8Rng) -> Array2<f64> {
        let sessions = self.levels.iter().map(|(take, _)| take).sum();
        let responses = self.levels[0].1.mean.len();
        let mut set = Array2::zeros((sessions, responses));
        let mut first = 0;
        for (take, level) in &self.levels {
            level.draw(random, set.slice_mut(s![first..first + take, ..]));
            first += take;
        }
        set
    }

    /// What `evaluate` makes of each of `draws` sets, in their order.
    pub fn map<T: Send>(
        &self,
        draws: usize,
        seed: u64,
        evaluate: impl Fn(ArrayView2<f64>) -> T + Sync,
    ) -> Vec<T> {
        let chunk = |number: usize| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(number as u64);
            let count = CHUNK.min(draws - number * CHUNK);
            (0..count).map(|_| evaluate(self.draw(&mut random).view())).collect::<Vec<T>>()
        };
        (0..draws.div_ceil(CHUNK)).into_par_iter().flat_map_iter(chunk).collect()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    use super::*;
    use crate::golden::assert_close;
    use crate::stats::{mean, percentile};

    /// The statistics of 40,000 draws vary by 0.5 to 1 % (one standard deviation).
    const MONTE_CARLO: f64 = 0.04;

    fn sets(source: Source) -> Vec<Array2<f64>> {
        let scores = array![[1.0, 5.0], [2.0, 3.0], [4.0, 1.0], [6.0, 2.0], [2.0, 4.0]];
        let sets = NewSets::new(vec![(2, DrawnLevel::new(source, scores))]);
        sets.map(40_000, 7, |set| set.to_owned())
    }

    fn column(sets: &[Array2<f64>], row: usize, response: usize) -> Vec<f64> {
        sets.iter().map(|set| set[[row, response]]).collect()
    }

    fn covariance(a: &[f64], b: &[f64]) -> f64 {
        let (mean_a, mean_b) = (mean(a), mean(b));
        a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum::<f64>() / (a.len() as f64 - 1.0)
    }

    #[test]
    fn one_response_has_students_predictive_distribution() {
        // Mean 3 and variance 4 of the five; new value = 3 + t sqrt(4 (1 + 1/5)), t with 4 degrees of freedom.
        let values = column(&sets(Source::Predictive), 0, 0);
        let student = StudentsT::new(0.0, 1.0, 4.0).unwrap();
        let scale = 4.8f64.sqrt();
        for percent in [2.5, 25.0, 50.0, 75.0, 97.5] {
            let expected = 3.0 + scale * student.inverse_cdf(percent / 100.0);
            assert_close(
                percentile(&values, percent),
                expected,
                MONTE_CARLO,
                2.0 * scale,
                &format!("{percent} %"),
            );
        }
    }

    #[test]
    fn sessions_of_a_set_share_the_uncertainty_of_their_mean_and_no_more() {
        // Covariance of two sessions: s² / n times E(c²) = (n - 1) / (n - 3) = 2: 4 / 5 * 2.
        let drawn = sets(Source::Predictive);
        let (a, b) = (column(&drawn, 0, 0), column(&drawn, 1, 0));
        assert_close(covariance(&a, &b), 1.6, 3.0 * MONTE_CARLO, 2.0, "predictive");
        let drawn = sets(Source::Normal);
        let (a, b) = (column(&drawn, 0, 0), column(&drawn, 1, 0));
        assert_close(covariance(&a, &b), 0.0, MONTE_CARLO, 4.0, "normal");
    }

    #[test]
    fn responses_covary_as_those_of_the_sessions() {
        // By hand: the covariance of the two columns is -2.5, their variances 4 and 2.5.
        for source in [Source::Normal, Source::Sessions] {
            let drawn = sets(source);
            let (a, b) = (column(&drawn, 0, 0), column(&drawn, 0, 1));
            // Drawn with replacement, the variances are those with n.
            let share = if source == Source::Sessions { 0.8 } else { 1.0 };
            assert_close(covariance(&a, &b), -2.5 * share, MONTE_CARLO, 4.0, "covariance");
            assert_close(covariance(&a, &a), 4.0 * share, MONTE_CARLO, 4.0, "variance of the first");
            assert_close(covariance(&b, &b), 2.5 * share, MONTE_CARLO, 4.0, "variance of the second");
        }
    }

    #[test]
    fn sets_do_not_depend_on_the_threads() {
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(alone.install(|| sets(Source::Predictive)), sets(Source::Predictive));
    }
}
