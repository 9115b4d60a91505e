//! What was found: sessions, figures, soft images, models.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use super::signed;
use crate::figures::ticks::grouped;
use crate::filters::nulls::Null;
use crate::report::{Fitted, Replication, StudyFigure};
use crate::text::numbers::p_value;

pub(super) fn sessions(record: &Replication) -> Markup {
    html! {
        div.wide { table {
            thead { tr {
                th { "Session" }
                th.number { "Iterations" } th.number { "Seed" } th.number { "Final test accuracy" } th.number { "Last loss" }
            } }
            tbody { @for session in &record.sessions { tr {
                td { (session.name) }
                td.number { (grouped(session.iterations)) }
                td.number { (session.seed) }
                td.number { (session.test_accuracy.map_or("–".into(), |accuracy| format!("{:.2} %", 100.0 * accuracy))) }
                td.number { (session.loss.map_or("–".into(), |loss| format!("{loss:.4}"))) }
            } } }
        } }
    }
}

pub(super) fn drawing(figure: &StudyFigure) -> Markup {
    let name = format!("Figure {}", figure.number());
    let source = format!("data:image/svg+xml;base64,{}", STANDARD.encode(figure.figure().svg()));
    html! {
        figure id=(figure.file_stem()) {
            img src=(source) alt=(format!("{name}. {}", figure.caption()));
            figcaption { strong { (name) ". " } (figure.caption()) }
        }
    }
}

pub(super) fn soft_counts(record: &Replication) -> Markup {
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
            tbody { @for row in &record.layer_scores { tr {
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

/// Mean scores in units of what filters have that training did not make.
pub(super) fn nulls(record: &Replication) -> Markup {
    html! {
        p {
            "Each mean score minus that of a null, in standard deviations of the null, with the 95 % interval that the number \
             of its draws leaves; below 0 is softer than the null. “Initial” is the session's own start, “shuffled” its filters \
             with their weights shuffled in space, “random” random filters of the same norms."
        }
        div.wide { table {
            thead { tr {
                th { "Session" } th.number { "Layer" } th { "Image" } th.number { "Mean score" }
                @for null in Null::ALL { th.number { (null.name()) } }
            } }
            tbody { @for row in &record.beside_nulls { tr {
                td { (row.session) }
                td.number { (row.layer) }
                td { (row.images) }
                td.number { (format!("{:.4}", row.score)) }
                @for null in Null::ALL { td.number {
                    @match row.nulls.iter().find(|against| against.null == null) {
                        Some(against) if against.z.is_finite() => {
                            (signed(&format!("{:+.1} ({:+.1} to {:+.1})", against.z, against.interval.low, against.interval.high)))
                        }
                        _ => "–"
                    }
                } }
            } } }
        } }
    }
}

pub(super) fn models(record: &Replication) -> Markup {
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
            tbody { @for Fitted { fit, control, .. } in &record.fits { tr {
                td.number { (control.layer()) }
                td { (control.image()) }
                td { (fit.form().name()) }
                td.number { (fit.n()) }
                td.number { (signed(&format!("{:.3e}", fit.slope()))) }
                td.number { (signed(&format!("{:.3}", fit.r()))) }
                td.number { (format!("{:.4}", fit.r_squared())) }
                td.number { (signed(&format!("{:.2}", fit.t()))) }
                td.number { (p_value(fit.p_value())) }
                td.number { (format!("{:.4}", control.step_r_squared())) }
                td.number { (control.without_untrained().map_or("–".into(), |fit| format!("{:.4}", fit.r_squared()))) }
                td.number { (control.without_untrained().map_or("–".into(), |fit| p_value(fit.p_value()))) }
            } } }
        } }
        @for refusal in &record.refusals { p.remark { (refusal) } }
    }
}

/// The tests of all fits together: each form of each response is a test of the same sessions.
pub(super) fn together(record: &Replication) -> Markup {
    html! {
        p {
            "The tests above are a few responses, each fitted three times. Corrected for that: by Holm and by Benjamini and \
             Hochberg over all of them; and by max-T, the share of rearrangements of the sessions over their numbers of \
             iterations in which any of the fits has a |t| as large, which takes into account that they go together."
        }
        div.wide { table {
            thead { tr {
                th.number { "Layer" } th { "Image" } th { "Model" } th.number { "p" } th.number { "Holm" }
                th.number { "Benjamini-Hochberg" } th.number { "max-T" }
            } }
            tbody { @for Fitted { fit, control, corrected } in &record.fits { tr {
                td.number { (control.layer()) }
                td { (control.image()) }
                td { (fit.form().name()) }
                td.number { (p_value(fit.p_value())) }
                td.number { (p_value(corrected.holm)) }
                td.number { (p_value(corrected.benjamini_hochberg)) }
                td.number { (p_value(corrected.max_t)) }
            } } }
        } }
    }
}
