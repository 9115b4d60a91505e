//! The abstract: the question, the sessions, the results.

use maud::{Markup, html};

use crate::models::{Fit, Form};
use crate::report::record::{Fitted, Replication};
use crate::text::numbers::{iterations, p_value};

pub(super) fn summary(record: &Replication) -> Markup {
    html! {
        p {
            "What does training do to the filters of a convolutional network, and can it be measured? "
            em { "The effect of varying training on neural network weights and visualizations" }
            ", Journal of Emerging Investigators, trained eleven networks on CIFAR-10 and scored how soft the images are \
             that their filters produce; it found that softness follows a power law of the iterations in layer 2."
        }
        (remark(record))
        p {
            "Here " (record.sessions.len()) " sessions, " (iterations(record.plan.iterations())) " in total, were trained and scored in \
             the same way. "
            @for sentence in sentences(record) { (sentence) " " }
        }
    }
}

/// Whether the numbers may be compared with the paper's.
fn remark(record: &Replication) -> Markup {
    if record.is_replication {
        return html! {
            p.remark.plain {
                "This run has the paper's sessions and its data set (" (record.data.description) "), so its numbers \
                 can be compared with the published ones."
                @if record.verdicts.is_none() {
                    " There are no verdicts: those of the many-session study are for the default reading and border."
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

/// The results, in sentences.
fn sentences(record: &Replication) -> Vec<String> {
    let mut sentences: Vec<String> =
        record.fits.iter().filter(|fitted| fitted.fit.form() == Form::Power).map(power).collect();
    let best =
        record.fits.iter().map(|fitted| &fitted.fit).max_by(|a, b| a.r_squared().total_cmp(&b.r_squared()));
    sentences.extend(best.map(|fit: &Fit| {
        let (fits, r_squared, group, form) = (record.fits.len(), fit.r_squared(), fit.group(), fit.form());
        format!("The largest R² of all {fits} fits is {r_squared:.4}: {group}, {form} model.")
    }));
    sentences.extend(record.verdicts.as_ref().map(|verdicts| verdicts.summary()));
    sentences
}

/// The power model of one response, compared with a step.
fn power(fitted: &Fitted) -> String {
    let (fit, control) = (&fitted.fit, &fitted.control);
    let trained = control.without_untrained().map_or(String::new(), |refit| {
        let (r_squared, p) = (refit.r_squared(), p_value(refit.p_value()));
        format!("; without the least trained sessions R² is {r_squared:.4} (p {p})")
    });
    format!(
        "Layer {}, {}: the power model has R² {:.4} (p {}), a mere step from untrained to trained {:.4}{trained}.",
        control.layer(),
        control.image(),
        fit.r_squared(),
        p_value(fit.p_value()),
        control.step_r_squared()
    )
}
