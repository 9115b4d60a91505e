//! What was run, with every choice.

use maud::Markup;

use super::Times;
use crate::report::record::Replication;
use crate::session::plan::levels_in_words;
use crate::text::numbers::iterations;
use crate::text::table::Table;

pub(super) fn methods(record: &Replication, times: Times) -> Markup {
    let training = record.plan.training();
    let network = &training.architecture;
    let [first, second] = network.filters;
    let [k1, k2] = network.kernels;
    let levels = levels_in_words(record.plan.levels());
    let scoring = &record.scoring;
    let options = scoring.options;
    let rows = [
        ("Data", Some(record.data.summary.clone())),
        ("Fingerprint of the data", Some(record.data.fingerprint.clone())),
        (
            "Plan",
            Some(format!(
                "{}, seed {}: {} sessions (sessions × iterations: {}), {} in total",
                record.plan.name(),
                record.plan.plan_seed(),
                record.sessions.len(),
                levels,
                iterations(record.plan.iterations())
            )),
        ),
        (
            "Network",
            Some(format!(
                "{first} filters of {k1} × {k1} and {second} of {k2} × {k2}, SAME borders, bias, ReLU and 2 × 2 max-pool \
                 after each; dense layers of {} and {}; dropout {}; weights from a truncated normal of standard \
                 deviation {}, biases {}; pixels × {:.6}",
                network.dense, network.classes, network.dropout, network.weight_sd, network.bias, network.input_scale
            )),
        ),
        (
            "Training",
            Some(format!(
                "Adam, learning rate {}, batches of {} images, evaluated every {}",
                training.learning_rate,
                training.batch,
                iterations(training.evaluate_every)
            )),
        ),
        ("Images scored", Some(scoring.pictures.join(", "))),
        (
            "Scores",
            Some(format!(
                "{} reading, {} borders, {} normalisation; the mean of the population standard deviations of all 3 × 3 \
                 windows of a map, summed over the filters of a layer",
                options.response.reading.name(),
                options.response.border.name(),
                options.normalisation.name()
            )),
        ),
        (
            "Soft",
            Some(format!(
                "below the {:.0}th percentile of the maps of {} untrained networks, for each layer and image",
                scoring.soft_percentile, scoring.untrained_networks
            )),
        ),
        (
            "Models",
            Some(
                "least squares; linear as it is, exponential (ln score on iterations) and power (ln score on ln iterations) \
                 linearised; two-tailed t test of zero slope with n − 2 degrees of freedom"
                    .into(),
            ),
        ),
        (
            "Nulls",
            Some(format!(
                "the session's own initial weights; its filters shuffled in space; random filters of the same norms: {} draws \
                 of each, seed {}; differences in standard deviations of the draws, with Hedges' and Olkin's interval",
                scoring.null_draws, scoring.null_seed
            )),
        ),
        (
            "Verdicts",
            record.verdicts.as_ref().map(|verdicts| {
                format!(
                    "from the many sessions that are part of the software ({}): {}; rules fixed beforehand (docs/verdicts.md)",
                    verdicts.sessions_in_words(),
                    verdicts.draws_in_words()
                )
            }),
        ),
        ("Software", record.trained_by.as_ref().map(|by| format!("{}, {} instructions, training code {}", by.software, by.instructions, by.training_code))),
        ("Time in optimiser steps", Some(format!("{:.1} s, all sessions together", times.steps))),
        ("Time of this run", times.run.map(|seconds| format!("{seconds:.1} s, several sessions in parallel"))),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)));
    Table::facts(rows).markup()
}
