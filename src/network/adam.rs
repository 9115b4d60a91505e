//! Adam with moments that can be saved.

use super::kernels::{AdamStep, Aligned, Instructions};
use super::parameters::Parameter;

/// Decay rates of the first and second moment.
const BETAS: [f64; 2] = [0.9, 0.999];

/// Added to the denominator.
const EPSILON: f64 = 1e-8;

/// Adam (Kingma & Ba 2015) with betas 0.9 and 0.999 and epsilon 1e-8, the defaults of that paper and of both ancestor
/// networks. dfdx's Adam computes powers for every value and does not give its moments away.
#[derive(Debug)]
pub(super) struct Adam {
    instructions: Instructions,
    learning_rate: f64,
    /// Steps done.
    pub(super) steps: u64,
    /// First and second moments of every parameter.
    pub(super) moments: [[Aligned; 8]; 2],
}

impl Adam {
    /// An optimiser that has done no step, for parameters of these lengths.
    pub(super) fn new(instructions: Instructions, learning_rate: f64, lengths: [usize; 8]) -> Self {
        let moments = [0, 1].map(|_| lengths.map(Aligned::zeros));
        Self { instructions, learning_rate, steps: 0, moments }
    }

    /// One step on every parameter.
    pub(super) fn update(&mut self, parameters: &mut [Parameter; 8]) {
        self.steps += 1;
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
