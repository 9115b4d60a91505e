//! Adam by dfdx's update rule, with moments of our own so that a session can be saved.

use dfdx::optim::AdamConfig;
use dfdx::prelude::{Cpu, Gradients};

use super::convolutions::{Parameter, Tensors};

/// Adam (Kingma & Ba 2015) with betas 0.9 and 0.999 and epsilon 1e-8, the defaults of the paper and
/// of both ancestor networks. dfdx's own `Adam` keeps its moments private.
#[derive(Debug)]
pub(super) struct Adam {
    config: AdamConfig,
    steps: i32,
    first: Gradients<f32, Cpu>,
    second: Gradients<f32, Cpu>,
}

impl Adam {
    /// An optimiser that has done no step.
    pub(super) fn new(learning_rate: f64) -> Self {
        let config = AdamConfig { lr: learning_rate, betas: [0.9, 0.999], eps: 1e-8, weight_decay: None };
        Self { config, steps: 0, first: Gradients::leaky(), second: Gradients::leaky() }
    }

    /// One step on every parameter.
    pub(super) fn update(
        &mut self,
        parameters: &mut [Parameter; 8],
        gradients: &mut Gradients<f32, Cpu>,
    ) -> Tensors<()> {
        self.steps += 1;
        for parameter in parameters {
            let grad = gradients.get_or_alloc_mut(parameter)?;
            let first = self.first.get_or_alloc_mut(parameter)?;
            let second = self.second.get_or_alloc_mut(parameter)?;
            self.config.try_update(self.steps, parameter, first, second, grad)?;
        }
        Ok(())
    }

    /// The number of steps done, and the first and second moments of every parameter.
    pub(super) fn state(&mut self, parameters: &[Parameter; 8]) -> Tensors<(u64, [[Vec<f32>; 8]; 2])> {
        let mut moments: [[Vec<f32>; 8]; 2] = Default::default();
        for (index, parameter) in parameters.iter().enumerate() {
            moments[0][index] = self.first.get_or_alloc_mut(parameter)?.to_vec();
            moments[1][index] = self.second.get_or_alloc_mut(parameter)?.to_vec();
        }
        Ok((u64::from(self.steps.unsigned_abs()), moments))
    }

    /// Goes on from a state that [`state`](Self::state) gave for the same parameters.
    pub(super) fn restore(
        &mut self,
        parameters: &[Parameter; 8],
        steps: i32,
        moments: &[[Vec<f32>; 8]; 2],
    ) -> Tensors<()> {
        self.steps = steps;
        for (index, parameter) in parameters.iter().enumerate() {
            self.first.get_or_alloc_mut(parameter)?.copy_from_slice(&moments[0][index]);
            self.second.get_or_alloc_mut(parameter)?.copy_from_slice(&moments[1][index]);
        }
        Ok(())
    }
}
