//! The report as one self-contained HTML file, in the parts of a paper.

mod methods;
mod results;
mod summary;
mod verdicts;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::figures::palette;
use crate::report::record::Replication;
use crate::report::study_figures::StudyFigure;
use crate::text::numbers::numbered;

const STYLE: &str = include_str!("../style.css");

/// The times of a run, which are not in the record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// Seconds in optimiser steps, all sessions together.
    pub steps: f64,
    /// Seconds of this run by the clock.
    pub run: Option<f64>,
}

/// The file of the explorer, in the folder of the report.
pub(super) const EXPLORER: &str = "explorer.html";

/// Whether the folder of the report has an explorer.
#[derive(Debug)]
pub(super) enum Exploring {
    /// There is, in the file [`EXPLORER`].
    Page,
    /// There is none, and the reason.
    Missing(String),
}

/// The whole page.
pub(super) fn html(
    record: &Replication,
    figures: &[StudyFigure],
    explorer: &Exploring,
    times: Times,
) -> String {
    let title = if record.is_replication {
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
                style { (PreEscaped(palette::css())) (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                h2 { "Abstract" }
                (summary::summary(record))
                h2 { "Methods" }
                (methods::methods(record, times))
                (methods::reading(record))
                h2 { "Results" }
                h3 { "Sessions" }
                (results::sessions(record))
                (exploring(explorer))
                h3 { "Figures" }
                (results::not_drawn(figures))
                @for figure in figures { (results::drawing(figure)) }
                h3 { "Soft images and layer scores" }
                (results::soft_counts(record))
                (results::nulls(record))
                h3 { "Models" }
                (results::models(record))
                (results::together(record))
                h2 { "What many sessions show" }
                (results::many_sessions())
                @if let Some(judged) = &record.verdicts {
                    h2 { "Verdicts" }
                    (verdicts::verdicts(judged))
                }
                h2 { "Limits" }
                (limits(record))
            }
        }
    };
    page.into_string()
}

/// The way to the explorer.
fn exploring(explorer: &Exploring) -> Markup {
    html! {
        p {
            @match explorer {
                Exploring::Page => {
                    a href=(EXPLORER) { "Explore these sessions" }
                    ": every filter with its map and score, through the iterations that were kept, and your own images."
                }
                Exploring::Missing(reason) => { "There is no explorer of this study: " (reason) "." }
            }
        }
    }
}

fn limits(record: &Replication) -> Markup {
    let reading = record.scoring.options.response.reading;
    // A study has three at least.
    let sessions = record.sessions.len() as u64;
    html! {
        ul {
            li {
                "The session is the unit of analysis: " (numbered(sessions, "session")) " give " (numbered(sessions, "point"))
                ", whatever the number of filters and images."
            }
            li {
                "ln 1 = 0 while ln 2,000 = 7.6, so on the power scale the untrained sessions are far from all others. On the paper's \
                 eleven numbers of iterations a pure step, untrained against any training at all, gives the power model \
                 R² 0.934 and the linear one 0.22. A power fit alone cannot distinguish the effect of more training from that of any training."
            }
            li {
                "The paper does not say how a filter of layer 2 is applied to an image. Here the reading is: " (reading.in_words())
                ". In the second study, a new study of eleven sessions would find a power model of layer 2 with R² 0.04 and 0.10 (bird and static, \
                 medians) in the forward pass, 0.84 and 0.93 with summed kernels, 0.94 and 0.92 with each kernel, and 0.56 and 0.49 with the first kernel; \
                 published are 0.92 and 0.90. Under every reading, its sessions reject both a power law and a step (data/README.md; the option "
                code { "--reading" } ")."
            }
            li {
                "The verdicts rest on the many sessions that are part of the software, whatever data this study used: CIFAR-10 with \
                 original labels and order, 54,000 of its 60,000 images once through JPEG (mean absolute error 5.8 of 255)."
            }
            li {
                "Kernel size, number of filters in layer 2, widths, initial weights and optimiser are not in the paper; they \
                 are those of its likely ancestors, and every one is a named option."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array4};

    use super::*;
    use crate::dataset::Dataset;
    use crate::filters::FilterBank;
    use crate::report::Study;
    use crate::session::{Plan, PlanLevel, Session, Training};

    /// The report of four sessions of these levels.
    fn report(levels: [u64; 4]) -> String {
        let bank = |layer: usize, shape: (usize, usize, usize, usize), seed: u64| {
            let values = crate::golden::noise(shape.0 * shape.1 * shape.2 * shape.3, seed);
            let values = values.iter().map(|&value| value as f32).collect();
            let weights = Array4::from_shape_vec(shape, values).unwrap();
            FilterBank::new(layer, weights, Array1::zeros(shape.0)).unwrap()
        };
        let session = |(seed, iterations): (u64, u64)| {
            let banks = [bank(1, (2, 3, 3, 3), seed), bank(2, (3, 2, 3, 3), seed + 9)];
            Session::from_filters(format!("{iterations}-{seed}"), iterations, banks).unwrap()
        };
        let sessions: Vec<Session> = (1..).zip(levels).map(session).collect();
        let dataset = Dataset::tiny();
        let plan_levels = levels.map(|iterations| PlanLevel { iterations, sessions: 1 }).to_vec();
        let plan = Plan::new("four", 1, plan_levels, Training::paper().batch(8)).unwrap();
        let study = Study::new(&dataset, &plan, sessions, &[dataset.bird()]).unwrap();
        let missing = Exploring::Missing("it is left out".into());
        html(&Replication::new(&study).unwrap(), &[], &missing, Times { steps: 0.5, run: Some(7.25) })
    }

    #[test]
    fn a_report_speaks_of_its_own_sessions() {
        let trained = report([5, 10, 20, 40]);
        assert!(trained.contains("4 sessions give 4 points"), "{trained}");
        assert!(
            trained.contains("a mere step from 5 iterations to more ")
                && !trained.contains("from untrained to trained")
        );
        assert!(report([1, 10, 20, 40]).contains("a mere step from untrained to trained "));
    }

    #[test]
    fn a_report_does_not_say_how_many_sessions_ran_at_a_time_which_it_does_not_know() {
        let report = report([5, 10, 20, 40]);
        for time in ["7.2 s<", "0.5 s, all sessions together, whenever they were trained"] {
            assert!(report.contains(time), "{time}: {report}");
        }
        assert!(!report.contains("in parallel"), "{report}");
    }
}
