//! The optimisers, with what they remember between steps.

use super::Optimiser;
use super::kernels::{AdamStep, Aligned, Instructions};
use super::parameters::Parameter;

/// Adam's decay rates of the first and second moment.
const BETAS: [f64; 2] = [0.9, 0.999];

/// Added to Adam's denominator.
const EPSILON: f64 = 1e-8;

/// An optimiser at work, with moments that can be saved. dfdx's Adam computes powers for every value and does not give its
/// moments away.
#[derive(Debug)]
pub(super) struct Update {
    instructions: Instructions,
    optimiser: Optimiser,
    learning_rate: f64,
    /// Steps done.
    pub(super) steps: u64,
    /// Adam's first and second moments of every parameter. Gradient descent leaves them at 0, so all checkpoints have one
    /// form.
    pub(super) moments: [[Aligned; 8]; 2],
}

impl Update {
    /// An optimiser that has done no step, for parameters of these lengths.
    pub(super) fn new(
        instructions: Instructions,
        optimiser: Optimiser,
        learning_rate: f64,
        lengths: [usize; 8],
    ) -> Self {
        let moments = [0, 1].map(|_| lengths.map(Aligned::zeros));
        Self { instructions, optimiser, learning_rate, steps: 0, moments }
    }

    /// One step on every parameter.
    pub(super) fn step(&mut self, parameters: &mut [Parameter; 8]) {
        self.steps += 1;
        match self.optimiser {
            Optimiser::Adam => self.adam(parameters),
            Optimiser::Sgd => self.descend(parameters),
        }
    }

    /// w = w - rate g. The same on every instruction path.
    fn descend(&self, parameters: &mut [Parameter; 8]) {
        let rate = self.learning_rate as f32;
        for parameter in parameters {
            parameter.change(|values, gradient| {
                values.iter_mut().zip(gradient).for_each(|(value, gradient)| *value -= rate * gradient);
            });
        }
    }

    fn adam(&mut self, parameters: &mut [Parameter; 8]) {
        // The factors of this step, computed in f64.
        let steps = self.steps as f64;
        let step = AdamStep {
            keep: BETAS.map(|beta| beta as f32),
            enter: BETAS.map(|beta| (1.0 - beta) as f32),
            correct: BETAS.map(|beta| (1.0 / (1.0 - beta.powf(steps))) as f32),
            learning_rate: self.learning_rate as f32,
            epsilon: EPSILON as f32,
        };
        let [first, second] = &mut self.moments;
        for ((parameter, first), second) in parameters.iter_mut().zip(first).zip(second) {
            parameter
                .change(|values, gradient| self.instructions.adam(step, values, gradient, first, second));
        }
    }
}
