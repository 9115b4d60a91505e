//! The verdicts on the published claims, and the slips of the paper.

use maud::{Markup, html};

use crate::paper::{Verdicts, published};

/// What a count of the verdicts is without the effect that they are about, as `data/check.py` finds: it belongs beside every count.
pub(super) const WITHOUT_THE_EFFECT: &str = "Without any effect of training, 13 would come out as reproduced, and with a pure step, from untrained \
     to trained and no further, 14 to 17.";

pub(super) fn verdicts(verdicts: &Verdicts) -> Markup {
    html! {
        p {
            "Each claim is judged over many sessions, by rules that were fixed before these were trained (docs/verdicts.md). “Eleven” are \
             the sessions of this report, with the 95 % interval of R²; they decide nothing, since one set of eleven is no \
             evidence about sets of eleven. “Many” are sets of eleven drawn from the many-session study, which is part of the \
             software, with 95 % intervals. Its sessions (sessions × iterations): " (verdicts.sessions_in_words()) ". " (verdicts.summary())
        }
        p {
            "These verdicts are kept as they were. Read them with care. " (WITHOUT_THE_EFFECT) " And the subsamples spread less than new sets of \
             eleven do. The second study (above, docs/rules-2.md) states with each of its rulings how often it would come out in these two \
             worlds."
        }
        div.wide { (verdicts.table().markup()) }
        @if let Ok(all) = published() {
            p { "Slips in the paper that readers should know about:" }
            ul { @for slip in all.iter().filter(|row| row.is_slip) { li {
                @if !slip.place.is_empty() { (slip.place) ": " }
                @if !slip.printed.is_empty() { "“" (slip.printed) "”" @if !slip.meant.is_empty() { ", meant is " (slip.meant) } ". " }
                (slip.note) "."
            } } }
        }
    }
}
