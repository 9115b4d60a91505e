//! One step of Adam on one parameter array, in one pass over its memory.

use super::dispatch::dispatch;

/// The numbers of one step of Adam that are the same for every value, rounded to f32 from f64.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) struct AdamStep {
    /// Weights of the old moments, beta 1 and beta 2.
    pub keep: [f32; 2],
    /// Weights of the gradient and its square, 1 - beta 1 and 1 - beta 2.
    pub enter: [f32; 2],
    /// Bias corrections, 1 / (1 - beta^t).
    pub correct: [f32; 2],
    /// Step size.
    pub learning_rate: f32,
    /// Added to the denominator.
    pub epsilon: f32,
}

/// m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
/// p = p - lr (m c1) / (sqrt(v c2) + epsilon), value by value.
///
/// A subnormal moment becomes 0. Otherwise the first moment of a dead unit would stay at a few times 2^-149 for ever (0.9 of
/// it rounds back up), and arithmetic with subnormal numbers is slow on many processors. The change to a step is below 1e-30
/// of the learning rate.
#[inline(always)]
fn adam(step: AdamStep, parameters: &mut [f32], gradients: &[f32], first: &mut [f32], second: &mut [f32]) {
    let count = parameters.len();
    assert!(gradients.len() == count && first.len() == count && second.len() == count);
    for at in 0..count {
        let gradient = gradients[at];
        let m = normal(first[at] * step.keep[0] + gradient * step.enter[0]);
        let v = normal(second[at] * step.keep[1] + gradient * gradient * step.enter[1]);
        first[at] = m;
        second[at] = v;
        let size = (v * step.correct[1]).sqrt() + step.epsilon;
        parameters[at] -= step.learning_rate * (m * step.correct[0]) / size;
    }
}

/// `value`, or 0 if its magnitude is below the least normal number; NaN stays NaN.
#[inline(always)]
fn normal(value: f32) -> f32 {
    if value.abs() < f32::MIN_POSITIVE { 0.0 } else { value }
}

dispatch! {
    /// One step of Adam on `parameters` and its moments; a subnormal moment becomes 0.
    ///
    /// # Panics
    /// If the four lengths differ.
    pub(in crate::network) fn adam(
        step: AdamStep, parameters: &mut [f32], gradients: &[f32], first: &mut [f32], second: &mut [f32],
    );
    avx512 adam, avx2 adam, neon adam, portable adam
}
