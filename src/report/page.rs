//! The report as one HTML file that needs nothing beside it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chosen::{grouped, iterations};
use super::{Comparison, Study, StudyFigure};
use crate::models::{Fit, Form, published};
use crate::session::Session;

const STYLE: &str = include_str!("style.css");

/// The whole page.
pub(super) fn html(
    study: &Study,
    figures: &[StudyFigure],
    comparisons: &[Comparison],
    seconds: Option<f64>,
) -> String {
    let title = if study.is_replication() {
        "A replication of Fountain & Rasmus (2019)"
    } else {
        "A demonstration after Fountain & Rasmus (2019)"
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p {
                    "What does training do to the filters of a convolutional network, and can it be measured? "
                    em { "The effect of varying training on neural network weights and visualizations" }
                    ", Journal of Emerging Investigators, trained eleven networks on CIFAR-10 and scored how soft \
                     the images are that their filters make."
                }
                (remark(study))
                h2 { "What was run" }
                (run(study, seconds))
                h2 { "Sessions" }
                (sessions(study))
                h2 { "Figures" }
                @for figure in figures { (drawing(figure)) }
                h2 { "Soft images and layer scores" }
                (soft_counts(study))
                h2 { "Models" }
                (models(study))
                @if study.is_replication() {
                    h2 { "Beside the paper" }
                    (beside_the_paper(study, comparisons))
                }
                h2 { "What these numbers can and cannot say" }
                (limits())
            }
        }
    };
    page.into_string()
}

/// Whether the numbers may be compared with the paper's.
fn remark(study: &Study) -> Markup {
    if study.is_replication() {
        return html! {
            p.remark.plain {
                "This run has the paper's sessions and its data set (" (study.data_description) "), so its numbers \
                 stand beside the published ones below."
            }
        };
    }
    let scale = if study.plan.is_paper_scale() { "the paper's" } else { "not the paper's" };
    let data = if study.source.is_cifar10() { "CIFAR-10" } else { "not CIFAR-10" };
    html! {
        p.remark {
            strong { "This is a demonstration, not a replication. " }
            "Its sessions are " (scale) " (plan " (study.plan.name()) ") and its data are " (data) " ("
            (study.data_description) "), so nothing here is compared with the published numbers. "
            code { "softness replicate --plan paper" }
            " on CIFAR-10 is."
        }
    }
}

fn run(study: &Study, seconds: Option<f64>) -> Markup {
    let training = study.plan.training();
    let network = &training.architecture;
    let [first, second] = network.filters;
    let [k1, k2] = network.kernels;
    let record = study.sessions.iter().find_map(Session::record);
    let levels: Vec<String> = study
        .plan
        .levels()
        .iter()
        .map(|level| format!("{} × {}", level.sessions, grouped(level.iterations)))
        .collect();
    let trained: f64 =
        study.sessions.iter().filter_map(Session::record).map(|record| record.train_seconds).sum();
    let pictures: Vec<&str> = study.pictures.iter().map(crate::dataset::Picture::name).collect();
    let rows: Vec<(&str, String)> = [
        ("Data", Some(study.data.clone())),
        ("Fingerprint of the data", record.map(|record| record.recipe.dataset_fingerprint.clone())),
        (
            "Plan",
            Some(format!(
                "{}, seed {}: {} sessions (sessions × iterations: {}), {} in all",
                study.plan.name(),
                study.plan.plan_seed(),
                study.sessions.len(),
                levels.join(", "),
                iterations(study.plan.iterations())
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
        ("Images scored", Some(pictures.join(", "))),
        ("Software", record.map(|record| format!("{}, {} instructions", record.software, record.recipe.instructions))),
        ("Time in optimiser steps", Some(format!("{trained:.1} s, all sessions together"))),
        ("Time of this run", seconds.map(|seconds| format!("{seconds:.1} s, several sessions at a time"))),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| (name, value)))
    .collect();
    html! {
        table.facts { tbody {
            @for (name, value) in rows { tr { th { (name) } td { (value) } } }
        } }
    }
}

fn sessions(study: &Study) -> Markup {
    html! {
        div.wide { table {
            thead { tr {
                th { "Session" }
                th.number { "Iterations" } th.number { "Seed" } th.number { "Final test accuracy" } th.number { "Last loss" }
            } }
            tbody { @for session in &study.sessions { tr {
                td { (session.name()) }
                td.number { (grouped(session.iterations())) }
                td.number { (session.training().seed) }
                td.number { (session.test_accuracy().map_or("–".into(), |accuracy| format!("{:.2} %", 100.0 * accuracy))) }
                td.number { (session.record().map_or("–".into(), |record| format!("{:.4}", record.loss))) }
            } } }
        } }
    }
}

fn drawing(figure: &StudyFigure) -> Markup {
    let name = format!("Figure {}", figure.number());
    let source = format!("data:image/svg+xml;base64,{}", STANDARD.encode(figure.figure().svg()));
    html! {
        figure id=(figure.file_stem()) {
            img src=(source) alt=(format!("{name}. {}", figure.caption()));
            figcaption { strong { (name) ". " } (figure.caption()) }
        }
    }
}

fn soft_counts(study: &Study) -> Markup {
    html! {
        p {
            "An image is soft where its score, the mean standard deviation of its 3 × 3 windows after min-max \
             normalisation, lies below the threshold: the 5th percentile of untrained filters for that layer and \
             image. The layer score is the sum over the layer's filters."
        }
        div.wide { table {
            thead { tr {
                th { "Session" } th.number { "Layer" } th { "Image" } th.number { "Soft images" } th.number { "Threshold" }
                th.number { "Layer score" } th.number { "Mean score" }
            } }
            tbody { @for row in study.table.layer_scores() { tr {
                td { (row.session) }
                td.number { (row.layer) }
                td { (row.image) }
                td.number { (row.soft_count) " of " (row.filters) }
                td.number { (row.soft_threshold.map_or("by hand".into(), |threshold| format!("{threshold:.4}"))) }
                td.number { (format!("{:.4}", row.sum)) }
                td.number { (format!("{:.4}", row.mean)) }
            } } }
        } }
    }
}

fn models(study: &Study) -> Markup {
    html! {
        p {
            "Least squares of the layer score against iterations: linear as it is, exponential and power on the \
             straightened scale. “Step model” is the R² of a mere step in the same scores, sessions of the fewest \
             iterations against all others: where it reaches the fit's R², the fit cannot tell more training from \
             any training. “Without the least trained” is the same model refitted without these sessions."
        }
        div.wide { table {
            thead { tr {
                th.number { "Layer" } th { "Image" } th { "Model" } th.number { "n" } th.number { "Slope" } th.number { "R" } th.number { "R²" }
                th.number { "t" } th.number { "p" } th.number { "Step model R²" } th.number { "Without the least trained: R²" } th.number { "p" }
            } }
            tbody { @for (fit, control) in study.fits.iter().zip(study.fits.controls()) { tr {
                td.number { (control.layer()) }
                td { (control.image()) }
                td { (fit.form().name()) }
                td.number { (fit.n()) }
                td.number { (signed(format!("{:.3e}", fit.slope()))) }
                td.number { (signed(format!("{:.3}", fit.r()))) }
                td.number { (format!("{:.4}", fit.r_squared())) }
                td.number { (signed(format!("{:.2}", fit.t()))) }
                td.number { (p_value(fit.p_value())) }
                td.number { (format!("{:.4}", control.step_r_squared())) }
                td.number { (control.without_untrained().map_or("–".into(), |fit| format!("{:.4}", fit.r_squared()))) }
                td.number { (control.without_untrained().map_or("–".into(), |fit| p_value(fit.p_value()))) }
            } } }
        } }
        @for refusal in study.fits.refusals() { p.remark { (refusal.reason()) } }
    }
}

/// The published numbers and slips.
fn beside_the_paper(study: &Study, comparisons: &[Comparison]) -> Markup {
    let held = comparisons.iter().filter(|comparison| comparison.holds()).count();
    html! {
        @for sentence in in_words(study) { p { (sentence) } }
        p {
            "Of the " (comparisons.len()) " published statements about single fits, " (held) " hold for these sessions. \
             A printed R² or p-value holds where ours rounds to the same digits, which another set of seeds cannot be \
             expected to do; a bound holds where ours lies on the same side."
        }
        div.wide { table {
            thead { tr {
                th.number { "Layer" } th { "Image" } th { "Model" } th { "Quantity" } th.number { "Published" } th.number { "Here" } th { "Holds" }
            } }
            tbody { @for comparison in comparisons { @let published = comparison.published(); tr {
                td.number { (published.layer().unwrap_or_default()) }
                td { (published.image().unwrap_or_default()) }
                td { (published.form().map_or("", Form::name)) }
                td { (if published.quantity() == "p_value" { "p" } else { "R²" }) }
                td.number { (relation(published.claim().map_or("", |(relation, _)| relation.symbol()))) " " (published.printed()) }
                td.number { (if published.quantity() == "p_value" { p_value(comparison.value()) } else { format!("{:.4}", comparison.value()) }) }
                td { (if comparison.holds() { "yes" } else { "no" }) }
            } } }
        } }
        @if let Ok(all) = published() {
            p { "Slips in the paper that a reader should know of:" }
            ul { @for slip in all.iter().filter(|row| row.is_slip()) { li {
                @if !slip.place().is_empty() { (slip.place()) ": " }
                @if !slip.printed().is_empty() { "“" (slip.printed()) "”" @if !slip.meant().is_empty() { ", meant is " (slip.meant()) } ". " }
                (slip.note()) "."
            } } }
        }
    }
}

/// What the comparison comes to, in sentences.
fn in_words(study: &Study) -> Vec<String> {
    let mut sentences = Vec::new();
    let images: Vec<&str> = study.pictures.iter().map(crate::dataset::Picture::name).collect();
    for image in &images {
        let Ok(fit) = study.fits.get(2, image, Form::Power) else { continue };
        let Ok(control) = study.fits.control(2, image, Form::Power) else { continue };
        let published = match *image {
            "bird" => "0.9220",
            "static" => "0.8996",
            _ => continue,
        };
        let step = if control.step_r_squared() >= fit.r_squared() {
            "A mere step from untrained to trained does at least as well"
        } else {
            "A mere step from untrained to trained does less well"
        };
        sentences.push(format!(
            "Power model, layer 2, {image}: the paper has R² {published}, here it is {:.4} (p {}). {step} on the same \
             scores (R² {:.4}).",
            fit.r_squared(),
            p_value(fit.p_value()),
            control.step_r_squared()
        ));
    }
    let significant = |layer: usize| {
        let fits =
            study.fits.iter().zip(study.fits.controls()).filter(move |(_, control)| control.layer() == layer);
        let (all, few): (Vec<_>, Vec<_>) = fits.partition(|(fit, _)| fit.p_value() < 0.05);
        (all, few.len())
    };
    let (layer_1, rest_1) = significant(1);
    sentences.push(format!(
        "Layer 1: the paper calls all six fits significant at 0.05; here {} of {} are.",
        layer_1.len(),
        layer_1.len() + rest_1
    ));
    let (layer_2, rest_2) = significant(2);
    let named: Vec<String> =
        layer_2.iter().map(|(fit, control)| format!("{} on {}", fit.form(), control.image())).collect();
    sentences.push(format!(
        "Layer 2: the paper finds the power models and the exponential model on static significant, the other three \
         not; here {} of {} are{}.",
        layer_2.len(),
        layer_2.len() + rest_2,
        if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) }
    ));
    let best = study.fits.iter().max_by(|a, b| a.r_squared().total_cmp(&b.r_squared()));
    sentences.extend(best.map(|fit: &Fit| {
        format!("The largest R² of all is {:.4}: {}, {} model.", fit.r_squared(), fit.group(), fit.form())
    }));
    sentences
}

fn limits() -> Markup {
    html! {
        ul {
            li { "A session is the unit: eleven sessions give eleven points, whatever the number of filters and images." }
            li {
                "ln 1 = 0 while ln 2,000 = 7.6, so on the power scale the untrained sessions stand alone. On the paper's \
                 eleven numbers of iterations a pure step, untrained against any training at all, gives the power model \
                 R² 0.934 and the linear one 0.22. A power fit alone cannot tell more training from any training."
            }
            li { "The twelve tests are four responses fitted three times; no correction for this is made here." }
            li {
                "Kernel size, number of filters in layer 2, widths, initial weights and optimiser are not in the paper; they \
                 are those of its likely ancestors, and every one is a named option."
            }
        }
    }
}

/// A number with a true minus sign.
fn signed(text: String) -> String {
    text.replace('-', "−")
}

fn relation(symbol: &str) -> &str {
    if symbol == ">=" { "≥" } else { symbol }
}

/// A p-value as a reader expects it: three decimals, or a power of ten below 0.001.
fn p_value(p: f64) -> String {
    if p >= 0.001 { format!("{p:.3}") } else { signed(format!("{p:.1e}")) }
}
