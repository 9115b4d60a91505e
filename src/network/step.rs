//! A network with its training step and predictions.

use std::cell::RefCell;
use std::rc::Rc;

use dfdx::losses::cross_entropy_with_logits_loss;
use dfdx::prelude::{AsArray, Backward, Cpu, NoneTape, OwnedTape, Tape, TensorFromVec, TryMul};
use ndarray::Array2;

use super::conv::ConvStack;
use super::convolutions::convolutions;
use super::dense::Dense;
use super::kernels::{Aligned, InstructionPath};
use super::parameters::{Parameter, inward, outward};
use super::tape::{Activations, Tensors};
use super::update::Update;
use super::{Architecture, Optimiser, Weights};
use crate::dataset::SIDE;
use crate::error::{Error, Result};

/// Values of one image, 3 x 32 x 32.
const IMAGE: usize = 3 * SIDE * SIDE;

/// A network with its weights and optimiser.
#[derive(Debug)]
pub struct Network {
    architecture: Architecture,
    device: Cpu,
    parameters: [Parameter; 8],
    update: Update,
    stack: Rc<RefCell<ConvStack>>,
    dense: [Dense; 2],
    batch: usize,
}

/// Everything that training changes, in the order of [`Weights::flat`].
#[derive(Debug, Clone, PartialEq)]
pub struct OptimiserState {
    /// The weights.
    pub weights: [Vec<f32>; 8],
    /// Adam's first and second moments; 0 with another optimiser.
    pub moments: [[Vec<f32>; 8]; 2],
    /// Optimiser steps done.
    pub steps: u64,
}

impl Network {
    /// A network with these weights, for batches of up to `batch` images.
    ///
    /// # Errors
    /// Those of [`Architecture::check`]; [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the batch is 0 or
    /// the weights do not fit the architecture.
    pub fn new(
        architecture: &Architecture,
        weights: &Weights,
        batch: usize,
        optimiser: Optimiser,
        learning_rate: f64,
        path: InstructionPath,
    ) -> Result<Self> {
        architecture.check()?;
        Error::require(batch > 0, "batch", batch, "it must be at least 1")?;
        let flat = weights.flat();
        let fits = flat.map(<[f32]>::len) == architecture.parameter_lengths();
        Error::require(fits, "weights", "of another shape", "they must fit the architecture")?;
        let device = Cpu::default();
        let instructions = path.check()?;
        let stack = Rc::new(RefCell::new(ConvStack::new(architecture, batch, path)?));
        let parameters = inward(architecture, flat).map(|values| Parameter::new(&values));
        let lengths = architecture.parameter_lengths();
        let update = Update::new(instructions, optimiser, learning_rate, lengths);
        let architecture = architecture.clone();
        let dense = [architecture.pooled(), architecture.dense];
        let dense = dense.map(|inputs| Dense::new(instructions, batch, inputs));
        Ok(Self { architecture, device, parameters, update, stack, dense, batch })
    }

    /// One optimiser step on a batch: scaled `images` (n, 3, 32, 32), one label per image, and the dropout mask, if any:
    /// factors for the hidden layer, (n, dense). Returns the mean cross-entropy of the batch before the step.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if sizes or labels do not fit.
    pub fn train(&mut self, images: &[f32], labels: &[u8], mask: Option<Vec<f32>>) -> Result<f32> {
        let loss = self.differentiate(images, labels, mask)?;
        self.update.step(&mut self.parameters);
        Ok(loss)
    }

    /// The mean cross-entropy of a batch and its gradient with respect to every parameter, without a step.
    ///
    /// # Errors
    /// Those of [`train`](Self::train).
    pub fn gradients(
        &mut self,
        images: &[f32],
        labels: &[u8],
        mask: Option<Vec<f32>>,
    ) -> Result<(f32, Weights)> {
        let loss = self.differentiate(images, labels, mask)?;
        let gradients = self.parameters.each_ref().map(Parameter::gradient);
        let flat = outward(&self.architecture, gradients.each_ref().map(|gradient| &gradient[..]));
        Ok((loss, Weights::from_flat(&self.architecture, flat)?))
    }

    /// The outputs before softmax, (n, classes), for any number of scaled images (n, 3, 32, 32), without dropout.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if `images` is not a whole number of images.
    pub fn logits(&self, images: &[f32]) -> Result<Array2<f32>> {
        let classes = self.architecture.classes;
        let mut all = Vec::with_capacity(images.len() / IMAGE * classes);
        for chunk in images.chunks(self.batch * IMAGE) {
            let count = count_images(chunk)?;
            all.extend(self.forward(chunk, count, None, NoneTape).map_err(Error::tensor)?.as_vec());
        }
        let rows = all.len() / classes;
        Ok(Array2::from_shape_vec((rows, classes), all).expect("whole rows were collected"))
    }

    /// The number of images whose largest output is that of their label.
    ///
    /// # Errors
    /// Those of [`logits`](Self::logits).
    pub fn count_correct(&self, images: &[f32], labels: &[u8]) -> Result<usize> {
        let logits = self.logits(images)?;
        let predicted = logits.rows().into_iter().map(|row| {
            (1..row.len()).fold(0, |best, class| if row[class] > row[best] { class } else { best })
        });
        Ok(predicted.zip(labels).filter(|&(class, &label)| class == usize::from(label)).count())
    }

    /// Whether all weights and all moments of Adam are finite: a weight with an infinite second moment never changes again.
    pub fn is_finite(&self) -> bool {
        let finite = |values: &[f32]| values.iter().all(|value| value.is_finite());
        self.parameters.iter().all(|parameter| finite(parameter.values()))
            && self.update.moments.iter().flatten().all(|moment| finite(moment))
    }

    /// Whether the largest weights of the layers multiply to more than `f32` can hold, so that a forward pass through them is not finite.
    pub fn is_beyond_bounds(&self) -> bool {
        let largest = |parameter: &Parameter| {
            parameter.values().iter().fold(0.0, |most: f64, &value| most.max(f64::from(value).abs()))
        };
        // The others are biases.
        self.parameters.iter().step_by(2).map(largest).product::<f64>() > f64::from(f32::MAX)
    }

    /// The current weights.
    pub fn weights(&self) -> Weights {
        Weights::from_flat(&self.architecture, self.flat()).expect("the parameters keep their lengths")
    }

    /// The current state, for a checkpoint.
    pub fn state(&self) -> OptimiserState {
        let outward =
            |moments: &[Aligned; 8]| outward(&self.architecture, moments.each_ref().map(|m| &m[..]));
        let moments = self.update.moments.each_ref().map(outward);
        OptimiserState { weights: self.flat(), moments, steps: self.update.steps }
    }

    /// Takes over the state of a network of the same architecture.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the lengths do not fit the architecture.
    pub fn restore(&mut self, state: &OptimiserState) -> Result<()> {
        let lengths = self.architecture.parameter_lengths();
        for values in std::iter::once(&state.weights).chain(&state.moments) {
            if values.each_ref().map(Vec::len) != lengths {
                return Err(Error::other_session("it does not fit the network"));
            }
        }
        let inward =
            |values: &[Vec<f32>; 8]| inward(&self.architecture, values.each_ref().map(Vec::as_slice));
        for (parameter, values) in self.parameters.iter_mut().zip(&inward(&state.weights)) {
            parameter.change(|place, _| place.copy_from_slice(values));
        }
        let moments = state.moments.each_ref().map(inward);
        for (mine, theirs) in self.update.moments.iter_mut().flatten().zip(moments.iter().flatten()) {
            mine.copy_from_slice(theirs);
        }
        self.update.steps = state.steps;
        Ok(())
    }

    /// The parameters in the order and form of [`Weights::flat`].
    fn flat(&self) -> [Vec<f32>; 8] {
        outward(&self.architecture, self.parameters.each_ref().map(Parameter::values))
    }

    /// The loss; the parameters get their gradients. Forward and backward pass on the tape.
    fn differentiate(&mut self, images: &[f32], labels: &[u8], mask: Option<Vec<f32>>) -> Result<f32> {
        let count = count_images(images)?;
        let classes = self.architecture.classes;
        let requirement = format!("a batch has as many labels as images, 1 to {}", self.batch);
        let fits = count == labels.len() && (1..=self.batch).contains(&count);
        Error::require(fits, "number of labels", labels.len(), requirement)?;
        let hidden = count * self.architecture.dense;
        let length = mask.as_ref().map_or(hidden, Vec::len);
        let requirement = format!("it must have a factor for each image and hidden unit, {hidden}");
        Error::require(length == hidden, "length of the dropout mask", length, requirement)?;
        let mut targets = vec![0.0; count * classes]; // (n, classes), one-hot
        for (row, &label) in targets.chunks_mut(classes).zip(labels) {
            let requirement = || Error::option("label", label, format!("there are {classes} classes"));
            *row.get_mut(usize::from(label)).ok_or_else(requirement)? = 1.0;
        }
        let tape = OwnedTape::default();
        let logits = self.forward(images, count, mask, tape).map_err(Error::tensor)?;
        let targets = self.device.tensor_from_vec(targets, (count, classes));
        let loss = cross_entropy_with_logits_loss(logits, targets);
        let value = loss.array();
        loss.try_backward().map_err(Error::tensor)?;
        Ok(value)
    }

    /// Convolutions, dense layer, ReLU, dropout, dense layer: (n, classes) before softmax.
    fn forward<T: Tape<f32, Cpu> + 'static>(
        &self,
        images: &[f32],
        count: usize,
        mask: Option<Vec<f32>>,
        tape: T,
    ) -> Tensors<Activations<T>> {
        let [cw1, cb1, cw2, cb2, dw1, db1, dw2, db2] = &self.parameters;
        let maps = convolutions(&self.stack, images, count, [cw1, cb1, cw2, cb2], tape, &self.device)?;
        let [first, second] = &self.dense;
        let hidden = first.forward(maps, dw1, db1, &self.device)?.try_relu()?;
        let hidden = match mask {
            None => hidden,
            Some(mask) => {
                hidden.try_mul(self.device.tensor_from_vec(mask, (count, self.architecture.dense)))?
            }
        };
        second.forward(hidden, dw2, db2, &self.device)
    }
}

/// The number of images in these values.
fn count_images(images: &[f32]) -> Result<usize> {
    let (length, requirement) = (images.len(), format!("an image has {IMAGE}"));
    Error::require(length.is_multiple_of(IMAGE), "number of pixel values", length, requirement)?;
    Ok(length / IMAGE)
}
