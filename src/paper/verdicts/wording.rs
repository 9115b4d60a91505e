//! Claims and shares in words.

use crate::paper::PublishedValue;
use crate::paper::verdicts::subsamples::Share;
use crate::text::numbers::percent;

/// The claim in words.
pub(super) fn words(claim: &PublishedValue) -> String {
    let place = match (claim.layer(), claim.image()) {
        (Some(layer), Some(image)) => format!("layer {layer}, {image}"),
        _ => String::new(),
    };
    let form = claim.form().map_or(String::new(), |form| format!(", {form} model"));
    match (claim.quantity(), claim.claim()) {
        ("r_squared", Some((relation, _))) => {
            format!("{place}{form}: R² {} {}", relation.symbol(), claim.printed())
        }
        ("p_value", Some((relation, _))) => {
            format!("{place}{form}: p {} {}", relation.symbol(), claim.printed())
        }
        _ if place.is_empty() => claim.printed().to_owned(),
        _ => format!("{place}: {}", claim.printed()),
    }
}

/// A share of the sets with its interval.
pub(super) fn shown(share: Share) -> String {
    format!(
        "{} of the sets ({} to {})",
        percent(share.value),
        percent(share.interval.low),
        percent(share.interval.high)
    )
}
