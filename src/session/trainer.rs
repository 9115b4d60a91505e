//! The training loop, one iteration at a time.

use std::time::Instant;

use rand::RngExt;

use super::batches::Batches;
use super::record::{Recipe, SOFTWARE, SessionRecord};
use super::snapshot::Snapshot;
use super::{Evaluation, Session, Training};
use crate::dataset::{Dataset, Split};
use crate::error::{Error, Failure, Result};
use crate::filters::FilterBank;
use crate::network::Weights;
use crate::network::kernels::InstructionPath;
use crate::network::random::{Purpose, stream};
use crate::network::step::{Network, OptimiserState};

/// Test images of an evaluation per iteration between two evaluations. A forward pass takes about a third of the time
/// of an optimiser step per image, so 25 test images per batch of 50 cost about a sixth of the training time, whatever
/// the interval.
const TEST_IMAGES_PER_ITERATION: u64 = 25;

/// Test images that go through the network at a time.
const TEST_CHUNK: usize = 500;

/// The mean loss since the last evaluation has exploded if it exceeds this multiple of ln(classes), the loss of guessing.
const EXPLODED: f64 = 100.0;
/// The iteration from which on [`EXPLODED`] applies: initial weights may be large, but the first steps reduce the loss.
const SETTLED: u64 = 100;

/// An unfinished session. It goes forward by [`advance`](Self::advance) and says what happened; it does not know who
/// listens, nor how its state is stored.
pub(crate) struct Trainer<'a> {
    dataset: &'a Dataset,
    recipe: Recipe,
    network: Network,
    batches: Batches,
    images: Vec<f32>,
    labels: Vec<u8>,
    state: Counters,
    /// The iterations before the end at which the filters are kept.
    to_keep: Vec<u64>,
    snapshots: Vec<Snapshot>,
    resumed_from: u64,
    train_seconds: f64,
}

/// What [`Trainer::advance`] did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Event {
    /// One optimiser step, or the evaluation that an earlier call was stopped in. `evaluated` says whether this iteration's
    /// evaluation was due and was made.
    Step { evaluated: bool },
    /// `stop` answered true in an evaluation. The next call repeats the evaluation.
    Stopped,
    /// All iterations are done. `test_accuracy` is the share of all test images that are classified correctly, 0..1.
    Finished { test_accuracy: f64 },
}

/// Everything that is needed to resume a session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    /// The key of the session's [`Recipe`].
    pub key: String,
    /// Iterations, losses and evaluations.
    pub counters: Counters,
    /// Weights and moments.
    pub optimiser: OptimiserState,
    /// The filters kept so far.
    pub snapshots: Vec<Snapshot>,
}

impl State {
    /// Whether a session with these options, resumed from here, has all the filters that it is to keep.
    pub(crate) fn has_snapshots_of(&self, training: &Training) -> bool {
        let has = |iteration: &u64| self.snapshots.iter().any(|kept| kept.iteration == *iteration);
        let asked = training.snapshots.before(training.iterations);
        asked.iter().take_while(|iteration| **iteration <= self.counters.iteration).all(has)
    }
}

/// What a session has counted so far; part of its [`State`].
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counters {
    /// Optimiser steps done.
    pub iteration: u64,
    /// Sum and number of batch losses since the last evaluation.
    pub loss_sum: f64,
    /// See `loss_sum`.
    pub loss_count: u64,
    /// Evaluations so far.
    pub history: Vec<Evaluation>,
}

impl Counters {
    /// Mean cross-entropy of the batches since the last evaluation; 0 if there are none.
    fn mean_loss(&self) -> f64 {
        self.loss_sum / self.loss_count.max(1) as f64
    }
}

impl<'a> Trainer<'a> {
    /// A session at iteration 0. `training` comes from [`Training::for_dataset`].
    pub(crate) fn new(dataset: &'a Dataset, training: Training, path: InstructionPath) -> Result<Self> {
        let weights = Weights::initial(&training.architecture, training.seed)?;
        let Training { batch, optimiser, learning_rate, .. } = training;
        let network = Network::new(&training.architecture, &weights, batch, optimiser, learning_rate, path)?;
        Ok(Self {
            dataset,
            network,
            batches: Batches::new(training.seed, dataset.train().len(), training.batch),
            to_keep: training.snapshots.before(training.iterations),
            snapshots: Vec::new(),
            recipe: Recipe::new(dataset, training, path),
            images: Vec::new(),
            labels: Vec::new(),
            state: Counters::default(),
            resumed_from: 0,
            train_seconds: 0.0,
        })
    }

    /// Resumes from a state of the same recipe. Of the filters that were kept until then, the session keeps those that its own
    /// options ask for.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the state belongs to another session or network, or goes beyond this session's end.
    pub(crate) fn resume(&mut self, state: State) -> Result<()> {
        let (done, all) = (state.counters.iteration, self.recipe.training.iterations);
        if state.key != self.recipe.key() {
            return Err(Error::other_session("it was saved with other options, data or instructions"));
        }
        if done > all {
            let problem = format!("it was saved at iteration {done}, but the session ends at {all}");
            return Err(Error::other_session(problem));
        }
        let banks = FilterBank::from_weights(&self.network.weights())?;
        if !state.snapshots.iter().all(|snapshot| snapshot.fits(&banks)) {
            return Err(Error::other_session("its snapshots do not fit the network"));
        }
        self.network.restore(&state.optimiser)?;
        self.snapshots = state.snapshots;
        self.snapshots.retain(|snapshot| self.to_keep.contains(&snapshot.iteration));
        self.resumed_from = done;
        self.state = state.counters;
        Ok(())
    }

    /// The state of the session, for a later [`resume`](Self::resume).
    ///
    /// # Errors
    /// [`ErrorKind::Diverged`](crate::ErrorKind::Diverged) if a weight is not finite.
    pub(crate) fn state(&self) -> Result<State> {
        self.check_weights()?;
        let (key, counters) = (self.recipe.key(), self.state.clone());
        let snapshots = self.snapshots.clone();
        Ok(State { key, counters, optimiser: self.network.state(), snapshots })
    }

    /// Does one optimiser step, with the evaluation of that iteration if one is due; after the last step, classifies all
    /// test images. `stop` is asked before every 500 test images.
    ///
    /// # Errors
    /// [`ErrorKind::Diverged`](crate::ErrorKind::Diverged).
    pub(crate) fn advance(&mut self, stop: &dyn Fn() -> bool) -> Result<Event> {
        if self.is_done() && !self.is_evaluation_due() {
            let tests = self.dataset.test().len();
            let Some(correct) = self.count_correct(0..tests, stop)? else { return Ok(Event::Stopped) };
            return Ok(Event::Finished { test_accuracy: correct as f64 / tests as f64 });
        }
        // The evaluation is still due if an earlier call was stopped in it.
        if !self.is_evaluation_due() {
            self.step()?;
            self.keep_filters();
        }
        let due = self.is_evaluation_due();
        if due && !self.evaluate(stop)? {
            return Ok(Event::Stopped);
        }
        Ok(Event::Step { evaluated: due })
    }

    /// The filters as they are now.
    ///
    /// # Errors
    /// Those of [`state`](Self::state).
    pub(crate) fn filters(&self) -> Result<Vec<FilterBank>> {
        self.check_weights()?;
        FilterBank::from_weights(&self.network.weights())
    }

    /// The options of the session.
    pub(crate) fn training(&self) -> &Training {
        &self.recipe.training
    }

    /// Whether all iterations are done.
    pub(crate) fn is_done(&self) -> bool {
        self.state.iteration >= self.recipe.training.iterations
    }

    /// Optimiser steps done.
    pub(crate) fn iteration(&self) -> u64 {
        self.state.iteration
    }

    /// The latest evaluation.
    pub(crate) fn latest(&self) -> Option<&Evaluation> {
        self.state.history.last()
    }

    /// The number of test images of an evaluation.
    pub(crate) fn test_images(&self) -> usize {
        test_images(&self.recipe.training, self.dataset)
    }

    /// Whether this iteration's evaluation is still to be made.
    fn is_evaluation_due(&self) -> bool {
        let (iteration, training) = (self.state.iteration, &self.recipe.training);
        let every = training.evaluate_every;
        let has_one = iteration == training.iterations || (every > 0 && iteration.is_multiple_of(every));
        iteration > 0 && has_one && self.latest().is_none_or(|latest| latest.iteration < iteration)
    }

    /// One optimiser step.
    fn step(&mut self) -> Result<()> {
        let start = Instant::now();
        let training = &self.recipe.training;
        let scale = training.architecture.input_scale;
        let indices = self.batches.indices(self.state.iteration).iter().map(|&index| index as usize);
        load(&self.dataset.train(), indices, scale, &mut self.images, &mut self.labels);
        let mask = dropout_mask(training, self.state.iteration);
        let loss = self.network.train(&self.images, &self.labels, mask)?;
        self.train_seconds += start.elapsed().as_secs_f64();
        self.state.iteration += 1;
        if !loss.is_finite() {
            return Err(self.diverged());
        }
        self.state.loss_sum += f64::from(loss);
        self.state.loss_count += 1;
        Ok(())
    }

    /// Keeps the filters if this is one of the iterations to keep. If a weight is not finite, the session ends at its next
    /// evaluation, as it does without snapshots.
    fn keep_filters(&mut self) {
        let iteration = self.state.iteration;
        if self.to_keep.binary_search(&iteration).is_ok() {
            let banks = FilterBank::from_weights(&self.network.weights());
            self.snapshots.extend(banks.and_then(|banks| Snapshot::rounded(iteration, &banks)).ok());
        }
    }

    /// Checks that every weight is finite, which ReLU can hide from the loss.
    fn check_weights(&self) -> Result<()> {
        if self.network.is_finite() { Ok(()) } else { Err(self.diverged()) }
    }

    /// Checks that loss and weights have not exploded. The loss is that before the last step, so it does not know the last weights. This
    /// is asked at evaluations alone: their iterations are the same however often a session is interrupted, and at any other the mean
    /// would be that of other batches.
    fn check_explosion(&self) -> Result<()> {
        let guessing = (self.recipe.training.architecture.classes.max(2) as f64).ln();
        let exploded = self.state.iteration >= SETTLED && self.state.mean_loss() > EXPLODED * guessing;
        if exploded || self.network.is_beyond_bounds() { Err(self.diverged()) } else { Ok(()) }
    }

    /// The error that training has diverged at this iteration.
    fn diverged(&self) -> Error {
        let (iteration, learning_rate) = (self.state.iteration, self.recipe.training.learning_rate);
        Failure::Diverged { iteration, learning_rate, kept: None }.into()
    }

    /// Records the mean loss since the last evaluation and the accuracy on the next test images. Returns false and
    /// records nothing if `stop` answers true in between.
    fn evaluate(&mut self, stop: &dyn Fn() -> bool) -> Result<bool> {
        self.check_weights()?;
        self.check_explosion()?;
        let test = self.dataset.test();
        let every = self.recipe.training.evaluate_every.max(1);
        let count = self.test_images();
        let iteration = self.state.iteration;
        let start = (u128::from(iteration / every) * count as u128 % test.len() as u128) as usize;
        let images = (start..start + count).map(|index| index % test.len());
        let Some(correct) = self.count_correct(images, stop)? else { return Ok(false) };
        let loss = self.state.mean_loss();
        let test_accuracy = correct as f64 / count as f64;
        self.state.history.push(Evaluation { iteration, loss, test_accuracy });
        self.state.loss_sum = 0.0;
        self.state.loss_count = 0;
        Ok(true)
    }

    /// The number of these test images that are classified correctly, or `None` if `stop` answers true before a chunk.
    fn count_correct(
        &mut self,
        indices: impl Iterator<Item = usize>,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<usize>> {
        let scale = self.recipe.training.architecture.input_scale;
        let mut correct = 0;
        let mut indices = indices.peekable();
        while indices.peek().is_some() {
            if stop() {
                return Ok(None);
            }
            let chunk = indices.by_ref().take(TEST_CHUNK);
            load(&self.dataset.test(), chunk, scale, &mut self.images, &mut self.labels);
            correct += self.network.count_correct(&self.images, &self.labels)?;
        }
        Ok(Some(correct))
    }

    /// The finished session under a name, with its accuracy on all test images.
    pub(crate) fn finish(self, name: &str, test_accuracy: f64) -> Result<Session> {
        let weights = self.network.weights();
        let record = SessionRecord {
            name: name.to_owned(),
            recipe: self.recipe,
            software: SOFTWARE.to_owned(),
            test_accuracy,
            loss: self.state.history.last().map_or(f64::NAN, |evaluation| evaluation.loss),
            train_seconds: self.train_seconds,
            resumed_from: self.resumed_from,
        };
        Ok(Session {
            name: name.to_owned(),
            training: record.recipe.training.clone(),
            filters: FilterBank::from_weights(&weights)?,
            history: self.state.history,
            weights: Some(weights),
            record: Some(record),
            snapshots: self.snapshots,
        })
    }
}

/// The number of test images of an evaluation in the course of training.
pub(crate) fn test_images(training: &Training, dataset: &Dataset) -> usize {
    evaluated(training, dataset.test().len())
}

/// The same for a data set with so many test images.
pub(super) fn evaluated(training: &Training, all: usize) -> usize {
    let images = training.evaluate_every.max(1).saturating_mul(TEST_IMAGES_PER_ITERATION);
    images.min(all as u64) as usize
}

/// Replaces `images` and `labels` by these images of `split`, scaled, and their labels.
fn load(
    split: &Split,
    indices: impl Iterator<Item = usize>,
    scale: f32,
    images: &mut Vec<f32>,
    labels: &mut Vec<u8>,
) {
    images.clear();
    labels.clear();
    let size = split.bytes().len() / split.len();
    for index in indices {
        let pixels = &split.bytes()[index * size..(index + 1) * size];
        let start = images.len();
        images.resize(start + size, 0.0);
        // A loop: what `extend` is given is not compiled to vector instructions.
        for (value, &byte) in images[start..].iter_mut().zip(pixels) {
            *value = f32::from(byte) * scale;
        }
        labels.push(split.labels()[index]);
    }
}

/// Factors for the hidden layer, (batch, dense): 0 for the share that is dropped, 1 / (1 - dropout) for the rest, which
/// keeps the mean (inverted dropout).
fn dropout_mask(training: &Training, iteration: u64) -> Option<Vec<f32>> {
    let dropout = training.architecture.dropout;
    if dropout == 0.0 {
        return None;
    }
    let mut random = stream(training.seed, Purpose::Dropout, iteration);
    let keep = 1.0 / (1.0 - dropout);
    let draw = || if random.random::<f32>() < dropout { 0.0 } else { keep };
    Some(std::iter::repeat_with(draw).take(training.batch * training.architecture.dense).collect())
}

#[cfg(test)]
mod tests;
