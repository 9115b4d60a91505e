//! The abstract: the question, the sessions, the result, what many sessions show.

use maud::{Markup, html};

use super::verdicts::WITHOUT_THE_EFFECT;
use crate::models::Form;
use crate::report::record::{Fitted, Replication};
use crate::session::PlanLevel;
use crate::text::numbers::{decimals, iterations};

/// Four sentences. All numbers are in the tables of the results.
pub(super) fn summary(record: &Replication) -> Markup {
    let (sessions, total) = (record.sessions.len(), iterations(record.plan.iterations()));
    html! {
        p id="abstract" {
            em { "The effect of varying training on neural network weights and visualizations" }
            " (Journal of Emerging Investigators) trained eleven networks on CIFAR-10, scored how soft the images are that their filters \
             produce, and found that softness follows a power law of the iterations in layer 2. "
            "Here " (sessions) " sessions, " (total) " in total, were trained and scored in the same way. "
            (power_and_step(&record.fits, &step_in_words(record.plan.levels()))) " "
            "A second study of 143 sessions, which is part of the software, rejects both a power law and a step for layer 2, however a filter \
             is read."
        }
        (remark(record))
    }
}

/// Whether the numbers may be compared with the paper's.
fn remark(record: &Replication) -> Markup {
    if record.is_replication {
        return html! {
            p.remark.plain {
                "This run has the paper's sessions and its data set (" (record.data.description) "), so its numbers \
                 can be compared with the published ones. "
                @match &record.verdicts {
                    Some(verdicts) => { (verdicts.summary()) " " (WITHOUT_THE_EFFECT) },
                    None => "There are no verdicts: those of the many-session study are for the default reading and border.",
                }
            }
        };
    }
    let scale = if record.plan.is_paper_scale() { "the paper's" } else { "not the paper's" };
    let data = if record.data.is_cifar10 { "CIFAR-10" } else { "not CIFAR-10" };
    html! {
        p.remark {
            strong { "This is a demonstration, not a replication. " }
            "Its sessions are " (scale) " (plan " (record.plan.name()) ") and its data are " (data) " ("
            (record.data.description) "), so nothing here is compared with the published numbers. "
            code { "softness replicate --plan paper" }
            " on CIFAR-10 is."
        }
    }
}

/// How much of the variance of the last layer's scores a power law explains and how much a mere step, in a sentence.
fn power_and_step(fits: &[Fitted], step: &str) -> String {
    let power: Vec<&Fitted> = fits.iter().filter(|fitted| fitted.fit.form() == Form::Power).collect();
    let Some(layer) = power.iter().map(|fitted| fitted.control.layer()).max() else {
        return "No power law could be fitted to their scores.".into();
    };
    let power: Vec<&&Fitted> = power.iter().filter(|fitted| fitted.control.layer() == layer).collect();
    let is_step = power.iter().all(|fitted| fitted.control.is_step());
    let percent = |share: f64| format!("{} %", decimals(100.0 * share, 0));
    let (law, of_step): (Vec<String>, Vec<String>) = power
        .iter()
        .map(|fitted| {
            let law = format!("{} on {}", percent(fitted.fit.r_squared()), fitted.control.image());
            (law, percent(fitted.control.step_r_squared()))
        })
        .unzip();
    if is_step {
        return format!(
            "In layer {layer} a power law explains {} of the variance of ln score. With two lengths of training, a mere step is \
             the same model.",
            listed(&law)
        );
    }
    format!(
        "In layer {layer} a power law explains {} of the variance of ln score, and a mere step {step} {}.",
        listed(&law),
        listed(&of_step)
    )
}

/// Between what the step model has its step: the fewest iterations and all others. A session of one iteration is untrained, as in
/// the paper.
fn step_in_words(levels: &[PlanLevel]) -> String {
    match levels.iter().map(|level| level.iterations).min() {
        None | Some(0 | 1) => "from untrained to trained".into(),
        Some(fewest) => format!("from {} to more", iterations(fewest)),
    }
}

/// "a", "a and b", "a, b and c".
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_is_from_untrained_sessions_if_there_are_any() {
        let words =
            |levels: [u64; 3]| step_in_words(&levels.map(|iterations| PlanLevel { iterations, sessions: 1 }));
        assert_eq!(words([2_000, 1, 50_000]), "from untrained to trained");
        assert_eq!(words([5, 10, 20]), "from 5 iterations to more");
    }
}
