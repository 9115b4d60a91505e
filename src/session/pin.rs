//! What a pinned plan fixes in addition to its options, so that every machine trains the same sessions or none.

use std::fmt::Write as _;

use super::record::{TRAINING_CODE, key_of};
use super::run::{agree_with_environment, instructions};
use super::{Plan, PlanLevel, Snapshots, Training};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::network::Initialisation;
use crate::network::kernels::InstructionPath;

/// The data set, the instructions and the version of the training code that a plan is pinned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pin {
    /// SHA-256 of the data set's labels and pixels, in hexadecimal digits.
    pub dataset: String,
    pub instructions: InstructionPath,
    pub training_code: u32,
}

impl std::fmt::Display for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { dataset, instructions, training_code } = self;
        write!(f, "data set {}, {instructions}, training code {training_code}", short(dataset))
    }
}

impl Pin {
    /// Refuses a data set, a machine or a program that would train other sessions.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) names both values.
    pub fn check(&self, dataset: &Dataset) -> Result<InstructionPath> {
        self.check_code()?;
        self.check_dataset(dataset)?;
        agree_with_environment(self.instructions, "is pinned to")?;
        self.instructions.check()?;
        Ok(self.instructions)
    }

    /// Refuses another data set.
    pub fn check_dataset(&self, dataset: &Dataset) -> Result<()> {
        let found = dataset.fingerprint();
        let requirement =
            format!("the plan is pinned to {}: name its folder with --dataset", short(&self.dataset));
        Error::require(found == self.dataset, "fingerprint of the data set", short(found), requirement)
    }

    /// Refuses a plan that was pinned with another version of the training code.
    pub fn check_code(&self) -> Result<()> {
        let requirement = format!(
            "this program has {TRAINING_CODE}: pin the plan again, or take the program that pinned it"
        );
        Error::require(
            self.training_code == TRAINING_CODE,
            "training code of the plan",
            self.training_code,
            requirement,
        )
    }
}

/// The first digits of a fingerprint, as data sets are described.
fn short(fingerprint: &str) -> &str {
    &fingerprint[..fingerprint.len().min(12)]
}

impl Plan {
    /// The same plan, pinned to a data set and an instruction path: keys and paths of all sessions are then known without the
    /// data.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if this machine lacks the instructions, the plan file states
    /// another number of classes, or a session cannot be trained on the data set.
    pub(crate) fn pinned(self, dataset: &Dataset, instructions: InstructionPath) -> Result<Self> {
        instructions.check()?;
        let pin =
            Pin { dataset: dataset.fingerprint().to_owned(), instructions, training_code: TRAINING_CODE };
        let plan = self.for_dataset(dataset)?.with_pin(pin);
        plan.sessions().iter().try_for_each(|(_, training)| training.check(dataset))?;
        Ok(plan)
    }

    /// The instructions that its sessions are trained with: those that it is pinned to, else those of this machine.
    ///
    /// # Errors
    /// Those of [`Pin::check`]; those of [`agree_with_environment`] if the plan states its instructions.
    pub(crate) fn instructions(&self, dataset: &Dataset) -> Result<InstructionPath> {
        match (self.pin(), self.stated_instructions()) {
            (Some(pin), _) => pin.check(dataset),
            (None, Some(stated)) => {
                agree_with_environment(stated, "states")?;
                stated.check().map(|_| stated)
            }
            (None, None) => instructions(),
        }
    }

    /// The names and keys of all sessions of a pinned plan, in the plan's order; `None` if it is not pinned.
    pub(crate) fn keys(&self) -> Option<Vec<(String, Training, String)>> {
        let pin = self.pin()?;
        let with_key = |(name, training): (String, Training)| {
            let key = key_of(&training, &pin.dataset, pin.instructions.name(), pin.training_code);
            (name, training, key)
        };
        Some(self.sessions().into_iter().map(with_key).collect())
    }

    /// The same of a plan that must be pinned.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if it is not.
    pub(crate) fn known_keys(&self) -> Result<Vec<(String, Training, String)>> {
        let requirement =
            "pin the plan first (softness plan FILE --pin --dataset DIR): its keys are not known otherwise";
        self.keys().ok_or_else(|| Error::option("plan", "not pinned", requirement))
    }

    /// The plan as a TOML file that [`from_file`](Self::from_file) reads, with every option written out.
    pub(crate) fn to_toml(&self) -> String {
        let training = self.training();
        let Training { architecture, batch, learning_rate, optimiser, evaluate_every, .. } = &training;
        let mut text = format!("name = {}\nseed = {}\n", toml_text(self.name()), self.plan_seed());
        let rate = format!("{learning_rate:?}");
        let _ = writeln!(
            text,
            "batch = {batch}\nlearning_rate = {rate}\noptimiser = \"{optimiser}\"\nevaluate_every = {evaluate_every}\nkeep = \"{}\"",
            self.keep()
        );
        let at = |iterations: &[u64]| iterations.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        match &training.snapshots {
            Snapshots::None => {}
            Snapshots::LogSpaced => text.push_str("snapshots = true\n"),
            Snapshots::At(iterations) => {
                let _ = writeln!(text, "snapshots = [{}]", at(iterations));
            }
        }
        let [first, second] = architecture.filters;
        let [k1, k2] = architecture.kernels;
        let _ = writeln!(text, "\n[network]\nfilters = [{first}, {second}]\nkernels = [{k1}, {k2}]");
        let _ = writeln!(text, "dense = {}\ndropout = {:?}", architecture.dense, architecture.dropout);
        if let Initialisation::Truncated { sd } = architecture.initialisation {
            let _ = writeln!(text, "weight_sd = {sd:?}");
        }
        if let Some(name) = architecture.initialisation.name() {
            let _ = writeln!(text, "initialisation = \"{name}\"");
        }
        let (bias, scale, classes) = (architecture.bias, architecture.input_scale, architecture.classes);
        let _ = writeln!(text, "bias = {bias:?}\ninput_scale = {scale:?}\nclasses = {classes}");
        if let Some(Pin { dataset, instructions, training_code }) = self.pin() {
            let _ = writeln!(
                text,
                "\n[pinned]\ndataset = \"{dataset}\"\ninstructions = \"{instructions}\"\ntraining_code = {training_code}"
            );
        }
        for PlanLevel { iterations, sessions } in self.levels() {
            let _ = writeln!(text, "\n[[level]]\niterations = {iterations}\nsessions = {sessions}");
        }
        text
    }
}

/// A text in TOML.
fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
