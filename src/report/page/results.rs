//! The results: sessions, figures, soft images, models.

use maud::{Markup, html};

use crate::figures::Figure;
use crate::filters::Null;
use crate::report::record::{Fitted, Replication};
use crate::report::study_figures::{MANY_SESSIONS, NOT_ALWAYS, StudyFigure};
use crate::robustness::{NullComparison, SessionScore};
use crate::text::cells;
use crate::text::numbers::{grouped, p_value};
use crate::text::table::Table;

/// The width of a figure that is as wide as a column, in CSS pixels.
const COLUMN: u32 = 320;

/// A table that scrolls if the page is too narrow for it.
fn wide(table: &Table) -> Markup {
    html! { div.wide { (table.markup()) } }
}

pub(super) fn sessions(record: &Replication) -> Markup {
    let rows = record.sessions.iter().map(|session| {
        let accuracy = session.test_accuracy.map(|accuracy| format!("{:.2} %", 100.0 * accuracy));
        let loss = session.loss.map(|loss| format!("{loss:.4}"));
        let [accuracy, loss] = [accuracy, loss].map(|value| value.unwrap_or("–".into()));
        cells![session.name, grouped(session.iterations), session.seed, accuracy, loss]
    });
    let header = ["Session", "Iterations", "Seed", "Final test accuracy", "Last loss"];
    wide(&Table::new("lrrrr", header, rows))
}

/// A sentence for each figure of the paper that this study has not: the others keep their numbers.
pub(super) fn not_drawn(figures: &[StudyFigure]) -> Markup {
    let missing = NOT_ALWAYS.iter().filter(|(name, _)| !figures.iter().any(|figure| figure.name == *name));
    let sentences: Vec<String> =
        missing.map(|(name, reason)| format!("There is no {name}: {reason}.")).collect();
    html! {
        @if !sentences.is_empty() && !figures.is_empty() {
            p.remark { "Figures 1 to 8 have the numbers of the paper. " (sentences.join(" ")) }
        }
    }
}

pub(super) fn drawing(figure: &StudyFigure) -> Markup {
    let StudyFigure { name, file_stem, caption, figure } = figure;
    shown(file_stem, Some(name), caption, figure)
}

/// A figure that fills the page's width, with its caption, which is at its side if the figure is as narrow as a column.
pub(super) fn shown(id: &str, name: Option<&str>, caption: &str, figure: &Figure) -> Markup {
    let class = if figure.width() <= COLUMN { "column" } else { "page" };
    let words = name.map_or(String::new(), |name| format!("{name}. "));
    html! {
        figure id=(id) class=(class) {
            img src=(figure.data_uri()) width=(figure.width()) height=(figure.height()) alt=(format!("{words}{caption}"));
            figcaption { strong { (words) } (caption) }
        }
    }
}

/// The second study, which is part of the software, whatever this report is about.
pub(super) fn many_sessions() -> Markup {
    html! {
        p {
            "The paper's eleven sessions are few. A second study, which is part of the software, trained 143 on CIFAR-10 by rules that were committed before \
             the first of them (docs/rules-2.md), and compared them with 4,000 untrained networks under four readings of a filter. Its answers are \
             in data/README.md."
        }
        @for (number, image) in MANY_SESSIONS {
            @if let Ok(figure) = Figure::second_study(image) {
                (shown(
                    &format!("many-sessions-{image}"),
                    Some(&format!("Figure {number}")),
                    &format!(
                        "{}. Each ring is one of the 143 sessions and the grey band has 95 % of the untrained networks. The lines are models \
                         of the mean with the p-value of their lack of fit. Below, the R² of the power model in a new study of eleven.",
                        figure.title()
                    ),
                    &figure,
                ))
            }
        }
    }
}

pub(super) fn soft_counts(record: &Replication) -> Markup {
    let rows = record.layer_scores.iter().map(|row| {
        let threshold = row.soft_threshold.map_or("by hand".into(), |threshold| format!("{threshold:.4}"));
        let count = format!("{} of {}", row.soft_count, row.filters);
        let [sum, mean] = [row.sum, row.mean].map(|score| format!("{score:.4}"));
        cells![row.session, row.layer, row.image, count, threshold, sum, mean]
    });
    let header = ["Session", "Layer", "Image", "Soft images", "Threshold", "Layer score", "Mean score"];
    html! {
        p {
            "The score of an image is the mean standard deviation of its 3 × 3 windows after min-max normalisation. An \
             image is soft if its score is below the threshold: the 5th percentile of untrained filters for that layer \
             and image. The layer score is the sum over the layer's filters."
        }
        (wide(&Table::new("lrlrrrr", header, rows)))
    }
}

/// Mean scores in standard deviations of the null distributions.
pub(super) fn nulls(record: &Replication) -> Markup {
    let z = |row: &SessionScore, null: Null| {
        let comparison = row.nulls.iter().find(|other| other.null == null && other.z.is_finite());
        comparison.map_or("–".into(), |NullComparison { z, interval, .. }| {
            format!("{z:+.1} ({:+.1} to {:+.1})", interval.low, interval.high)
        })
    };
    let rows = record.beside_nulls.iter().map(|row| {
        let (images, score) = (row.images.as_deref().unwrap_or_default(), format!("{:.4}", row.score));
        let names = cells![row.session, row.layer, images, score];
        names.into_iter().chain(Null::ALL.map(|null| z(row, null))).collect::<Vec<_>>()
    });
    let header =
        ["Session", "Layer", "Image", "Mean score"].into_iter().chain(Null::ALL.map(|null| null.name()));
    html! {
        p {
            "Each mean score minus that of a null, in standard deviations of the null, with the 95 % interval that follows \
             from the number of its draws; a number below 0 is softer than the null. “Initial” is the session's own start, \
             “shuffled” its filters with their weights shuffled in space, “random” random filters of the same norms."
        }
        (wide(&Table::new("lrlrrrr", header, rows)))
    }
}

pub(super) fn models(record: &Replication) -> Markup {
    let rows = record.fits.iter().map(|Fitted { fit, control, .. }| {
        let refit = control.without_untrained();
        let [refit_r_squared, refit_p] = refit.map_or(["–".into(), "–".into()], |refit| {
            [format!("{:.4}", refit.r_squared()), p_value(refit.p_value())]
        });
        cells![
            control.layer(),
            control.image(),
            fit.form(),
            fit.n(),
            format!("{:.3e}", fit.slope()),
            format!("{:.3}", fit.r()),
            format!("{:.4}", fit.r_squared()),
            format!("{:.2}", fit.t()),
            p_value(fit.p_value()),
            control.step_in_words(),
            refit_r_squared,
            refit_p,
        ]
    });
    let header = ["Layer", "Image", "Model", "n", "Slope", "R", "R²", "t", "p"];
    let header = header.into_iter().chain(["Step model R²", "Without the least trained: R²", "p"]);
    html! {
        p {
            "Least squares of the layer score against iterations: the linear model on the original scale, exponential and \
             power on the linearised scale. “Step model” is the R² of a mere step in the same scores, sessions of the \
             fewest iterations against all others: if it reaches the fit's R², the fit cannot tell more training from \
             any training. “Without the least trained” is the same model refitted without these sessions."
        }
        (wide(&Table::new("rllrrrrrrrrr", header, rows)))
        @if record.fits.iter().any(|fitted| fitted.control.is_step()) {
            p.remark { "With two different numbers of iterations, a fit and the step model are the same model." }
        }
        @for refusal in &record.refusals { p.remark { (refusal) } }
    }
}

/// The p-values of all fits, corrected for each other: each form of each response is a test of the same sessions.
pub(super) fn together(record: &Replication) -> Markup {
    let rows = record.fits.iter().map(|Fitted { fit, control, corrected }| {
        let [p, holm, false_discovery, max_t] =
            [fit.p_value(), corrected.holm, corrected.benjamini_hochberg, corrected.max_t].map(p_value);
        cells![control.layer(), control.image(), fit.form(), p, holm, false_discovery, max_t]
    });
    let header = ["Layer", "Image", "Model", "p", "Holm", "Benjamini-Hochberg", "max-T"];
    html! {
        p {
            "The tests above are a few responses, each fitted three times. The p-values below are corrected for that: by \
             Holm and by Benjamini and Hochberg over all of them; and by max-T, the share of rearrangements of the \
             sessions over their numbers of iterations in which any of the fits has a |t| as large, which accounts for \
             the correlation between them."
        }
        (wide(&Table::new("rllrrrr", header, rows)))
    }
}
