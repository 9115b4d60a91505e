//! How long sessions take, estimated.

use super::Training;
use crate::dataset::SIDE;
use crate::network::kernels::InstructionPath;
use crate::text::numbers::plural;

/// Test images per iteration between two evaluations, and at the end: those of CIFAR-10.
const TEST_IMAGES_PER_ITERATION: f64 = 25.0;
const TEST_IMAGES: f64 = 10_000.0;

/// A step forward and back costs as much as the classification of this many images, per image of the batch.
const STEP: f64 = 3.0;

/// The least seconds of finished sessions from which others are estimated.
const LEAST_SECONDS: f64 = 1.0;

/// Seconds per multiplication of one core, and where the number is from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pace {
    seconds: f64,
    source: String,
}

impl Pace {
    /// That of the machine of `docs/speed.md`: an iteration of the paper's network takes 6.6 ms with AVX-512, about 11 ms with AVX2, and
    /// more than twice as long with others.
    pub fn usual(path: InstructionPath) -> Self {
        let milliseconds = match path {
            InstructionPath::Avx512 => 6.6,
            InstructionPath::Avx2 => 11.0,
            _ => 24.0,
        };
        let paper = Training::paper();
        let source = format!(
            "{milliseconds} ms for an iteration of the paper's network with {path} on one core of a server"
        );
        Self {
            seconds: milliseconds / 1000.0 / (multiplications(&paper) * STEP * paper.batch as f64),
            source,
        }
    }

    /// That of sessions that were trained: options, iterations and seconds in optimiser steps of each; `None` if they took less than a
    /// second, of which the first steps are most.
    pub fn measured<'a>(sessions: impl IntoIterator<Item = (&'a Training, u64, f64)>) -> Option<Self> {
        let (mut work, mut time, mut count) = (0.0, 0.0, 0);
        for (training, iterations, seconds) in sessions {
            if iterations > 0 && seconds > 0.0 {
                work += multiplications(training) * STEP * training.batch as f64 * iterations as f64;
                time += seconds;
                count += 1;
            }
        }
        (time >= LEAST_SECONDS).then(|| Self {
            seconds: time / work,
            source: format!("the time of {count} finished {}", plural(count, "session")),
        })
    }

    /// The seconds of one core for a session from this iteration on: steps, the evaluations in between, and all test images at the end.
    pub fn seconds(&self, training: &Training, from: u64) -> f64 {
        let evaluated = if training.evaluate_every == 0 { 0.0 } else { TEST_IMAGES_PER_ITERATION };
        let iterations = training.iterations.saturating_sub(from) as f64;
        let images = iterations * (STEP * training.batch as f64 + evaluated) + TEST_IMAGES;
        images * multiplications(training) * self.seconds
    }

    /// Where the number is from: "the time of 3 finished sessions".
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// Multiplications to classify one image.
fn multiplications(training: &Training) -> f64 {
    let network = &training.architecture;
    let ([first, second], [k1, k2]) = (network.filters, network.kernels);
    let layer1 = SIDE * SIDE * 3 * k1 * k1 * first;
    let layer2 = (SIDE / 2) * (SIDE / 2) * first * k2 * k2 * second;
    let dense = network.pooled() * network.dense + network.dense * network.classes;
    (layer1 + layer2 + dense) as f64
}

/// Seconds for people: "40 s", "12 min", "3.5 h".
pub(crate) fn in_words(seconds: f64) -> String {
    match seconds {
        ..100.0 => format!("{seconds:.0} s"),
        ..6_000.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_papers_network_has_the_multiplications_counted_by_hand() {
        // 1024 x 3 x 25 x 16 + 256 x 16 x 25 x 36 + 64 x 36 x 128 + 128 x 10
        assert_eq!(multiplications(&Training::paper()), 1_228_800.0 + 3_686_400.0 + 294_912.0 + 1_280.0);
    }

    #[test]
    fn seconds_are_those_of_iterations_evaluations_and_the_end() {
        let pace = Pace::usual(InstructionPath::Avx512);
        let training = Training::paper().iterations(1_500).evaluate_every(0);
        // 1,500 x 6.6 ms and 10,000 images at 6.6 ms / 150.
        assert!((pace.seconds(&training, 0) - (9.9 + 0.44)).abs() < 1e-9);
        assert!((pace.seconds(&training, 1_500) - 0.44).abs() < 1e-9);
        // 25 of 150 more in each iteration.
        let evaluated = training.evaluate_every(10);
        assert!((pace.seconds(&evaluated, 500) - (6.6 + 1.1 + 0.44)).abs() < 1e-9);
    }

    #[test]
    fn the_pace_of_finished_sessions_is_theirs_and_of_none_unknown() {
        let training = Training::paper();
        assert_eq!(Pace::measured([(&training, 0, 1.0)]), None);
        assert_eq!(Pace::measured([(&training, 1, 0.3), (&training, 1, 0.3)]), None);
        let pace =
            Pace::measured([(&training, 100, 2.0), (&training, 0, 0.0), (&training, 300, 6.0)]).unwrap();
        let one = training.iterations(1).evaluate_every(0);
        assert!((pace.seconds(&one, 0) - 0.02 * (1.0 + 10_000.0 / 150.0)).abs() < 1e-9);
        assert_eq!(pace.source(), "the time of 2 finished sessions");
        assert_eq!([in_words(99.0), in_words(100.0), in_words(7_200.0)], ["99 s", "2 min", "2.0 h"]);
    }
}
