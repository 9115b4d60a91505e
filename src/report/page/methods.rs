//! The methods, with every choice.

use maud::Markup;

use super::{Times, results};
use crate::figures::Figure;
use crate::paper::verdicts::draws_in_words;
use crate::report::record::{Replication, TrainedBy};
use crate::responses::Reading;
use crate::session::plan::levels_in_words;
use crate::text::numbers::iterations;
use crate::text::table::Table;

pub(super) fn methods(record: &Replication, times: Times) -> Markup {
    let training = record.plan.training();
    let network = &training.architecture;
    let [first, second] = network.filters;
    let [k1, k2] = network.kernels;
    let scoring = &record.scoring;
    let options = scoring.options;
    let reading = options.response.reading;
    let scored = format!(
        "reading: {} ({}), borders: {}, normalisation: {}; the mean of the population standard deviations of all 3 × 3 windows \
         of a map{}, summed over the filters of a layer",
        reading.in_words(),
        reading,
        options.response.border,
        options.normalisation,
        if reading == Reading::EachKernel { ", averaged over the kernels of a filter" } else { "" },
    );
    let models = "least squares; linear as it is, exponential (ln score on iterations) and power (ln score on ln iterations) \
                  linearised; two-tailed t test of zero slope with n − 2 degrees of freedom";
    let rows = [
        ("Data", record.data.summary.clone()),
        ("Fingerprint of the data", record.data.fingerprint.clone()),
        (
            "Plan",
            format!(
                "{}, seed {}: {} sessions (sessions × iterations: {}), {} in total",
                record.plan.name(),
                record.plan.plan_seed(),
                record.sessions.len(),
                levels_in_words(record.plan.levels()),
                iterations(record.plan.iterations())
            ),
        ),
        (
            "Network",
            format!(
                "{first} filters of {k1} × {k1} and {second} of {k2} × {k2}, SAME borders, bias, ReLU and 2 × 2 max-pool \
                 after each; dense layers of {} and {}; dropout {}; weights from a {}, biases {}; pixels × {:.6}",
                network.dense,
                network.classes,
                network.dropout,
                network.initialisation.in_words(),
                network.bias,
                network.input_scale
            ),
        ),
        (
            "Training",
            format!(
                "{}, learning rate {}, batches of {} images, evaluated every {}",
                training.optimiser.in_words(),
                training.learning_rate,
                training.batch,
                iterations(training.evaluate_every)
            ),
        ),
        ("Images scored", scoring.pictures.join(", ")),
        ("Scores", scored),
        (
            "Soft",
            format!(
                "below the {:.0}th percentile of the filters of {} untrained networks, for each layer and image",
                scoring.soft_percentile, scoring.untrained_networks
            ),
        ),
        ("Models", models.into()),
        (
            "Nulls",
            format!(
                "the session's own initial weights; its filters shuffled in space; random filters of the same norms: {} draws \
                 of each, seed {}; differences in standard deviations of the draws, with Hedges' and Olkin's interval",
                scoring.null_draws, scoring.null_seed
            ),
        ),
    ];
    let verdicts = record.verdicts.as_ref().map(|verdicts| {
        format!(
            "from the many sessions that are part of the software ({}): {}; rules fixed beforehand (docs/verdicts.md)",
            verdicts.sessions_in_words(),
            draws_in_words()
        )
    });
    let software = record.trained_by.as_ref().map(|TrainedBy { software, instructions, training_code }| {
        format!("{software}, {instructions} instructions, training code {training_code}")
    });
    let run = times.run.map(|seconds| format!("{seconds:.1} s"));
    let steps = Some(format!("{:.1} s, all sessions together, whenever they were trained", times.steps));
    let more = [
        ("Verdicts", verdicts),
        ("Software", software),
        ("Time in optimiser steps", steps),
        ("Time of this run", run),
    ];
    let more = more.into_iter().filter_map(|(name, value)| Some((name, value?)));
    Table::facts(rows.into_iter().chain(more)).markup()
}

/// The drawing of the reading.
pub(super) fn reading(record: &Replication) -> Markup {
    let reading = record.scoring.options.response.reading;
    let caption = "What of a filter is laid on what. The example is a filter of three kernels on the drawn bird; its maps and scores are \
                   computed.";
    Figure::readings(&[reading]).map_or_else(
        |_| Markup::default(),
        |figure| results::shown("reading", Some(figure.title()), caption, &figure),
    )
}
