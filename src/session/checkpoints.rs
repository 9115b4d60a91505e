//! Checkpoints of one training run as one session.

use super::snapshot::Snapshot;
use super::{Session, Snapshots};
use crate::error::{Error, ErrorKind, Result};
use crate::text::numbers::iterations;

impl Session {
    /// The checkpoints of one training run as one session, which has [kept](Self::kept_iterations) the filters of each, exactly
    /// as they are. So the explorer has a slider for it, and the figures of the course of training show it:
    /// [`Figure::filter_strip`](crate::figures::Figure::filter_strip), [`Figure::trajectories`](crate::figures::Figure::trajectories) and others.
    /// [`WeightFile::series`](crate::weight_files::WeightFile::series) reads checkpoints from files;
    /// [`from_filters`](Self::from_filters) makes one of filters from elsewhere.
    ///
    /// A checkpoint is the filters of a session at its end. The last one gives the session's own filters and number of iterations,
    /// the others those of [`at`](Self::at). They may be in any order. Whether they are of one run, and not of several that were
    /// trained from different seeds, is not known here. The session has no dense layers, record or accuracy on all test images.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] if there is no checkpoint, two have the same number of iterations, or the layers of one do not
    /// have the shapes of those of the first; the sentence names the checkpoint, and the layer.
    ///
    /// # Examples
    /// ```
    /// use softness::prelude::*;
    ///
    /// # fn main() -> softness::Result<()> {
    /// # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/checkpoints");
    /// // Ten checkpoints; one was saved every six iterations.
    /// let checkpoints = WeightFile::series(&format!("{folder}/epoch-{{n}}.safetensors"), AxisOrder::Oihw, 6)?;
    /// let run = Session::from_checkpoints("run", &checkpoints)?;
    /// assert_eq!(run.kept_iterations(), [6, 12, 18, 24, 30, 36, 42, 48, 54, 60]);
    /// assert_eq!(run.at(12)?.filters(3)?, checkpoints[1].filters(3)?);
    /// let strip = Figure::filter_strip(&run, 1, 0)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_checkpoints(name: impl Into<String>, checkpoints: &[Self]) -> Result<Self> {
        let mut ascending: Vec<&Self> = checkpoints.iter().collect();
        ascending.sort_by_key(|checkpoint| checkpoint.iterations());
        let Some((last, before)) = ascending.split_last() else {
            return Err(Error::option("checkpoints", "empty", "a session needs at least one"));
        };
        if let Some(pair) = ascending.windows(2).find(|pair| pair[0].iterations() == pair[1].iterations()) {
            let (one, other, after) = (&pair[0].name, &pair[1].name, iterations(pair[0].iterations()));
            let problem =
                format!("it is after {after}, as is {other:?}: give each its own number of iterations");
            return Err(refusal(one, problem));
        }
        checkpoints.iter().try_for_each(|checkpoint| checkpoint.check_same_layers(&checkpoints[0]))?;
        Ok(Self {
            name: name.into(),
            training: last.training.clone().snapshots(Snapshots::None),
            filters: last.filters.clone(),
            history: last.history.clone(),
            weights: None,
            record: None,
            snapshots: before
                .iter()
                .map(|checkpoint| Snapshot::new(checkpoint.iterations(), &checkpoint.filters))
                .collect(),
        })
    }

    /// Refuses this checkpoint if its layers do not have the shapes of those of the first.
    fn check_same_layers(&self, first: &Self) -> Result<()> {
        let refuse =
            |problem: String| Err(refusal(&self.name, format!("{problem}: checkpoints are of one network")));
        let (layers, expected) = (self.layers(), first.layers());
        if layers != expected {
            let has = if layers == 1 { "layer" } else { "layers" };
            return refuse(format!("it has {layers} {has}, but {:?} has {expected}", first.name));
        }
        for (bank, expected) in self.filters.iter().zip(&first.filters) {
            let (shape, expected) = (bank.weights().dim(), expected.weights().dim());
            if shape != expected {
                let layer = bank.layer();
                return refuse(format!(
                    "its layer {layer} is {shape:?}, but {expected:?} in {:?}",
                    first.name
                ));
            }
        }
        Ok(())
    }
}

/// What is wrong with a checkpoint.
fn refusal(name: &str, problem: String) -> Error {
    Error::new(ErrorKind::InvalidOption, format!("checkpoint {name:?}: {problem}"))
}
