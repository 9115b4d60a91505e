//! Claims and shares in words.

use crate::paper::PublishedValue;
use crate::paper::verdicts::subsamples::Share;
use crate::text::numbers::percent;

/// The claim in words.
pub(in crate::paper) fn words(claim: &PublishedValue) -> String {
    let PublishedValue { relation, printed, .. } = claim;
    let (Some(layer), Some(image)) = (claim.layer, &claim.image) else { return printed.clone() };
    let form = claim.form.map_or(String::new(), |form| format!(", {form} model"));
    match claim.quantity.as_str() {
        "r_squared" => format!("layer {layer}, {image}{form}: R² {relation} {printed}"),
        "p_value" => format!("layer {layer}, {image}{form}: p {relation} {printed}"),
        _ => format!("layer {layer}, {image}: {printed}"),
    }
}

/// A share of the subsamples with its interval.
pub(super) fn shown(share: Share) -> String {
    let [value, low, high] = [share.value, share.interval.low, share.interval.high].map(percent);
    format!("{value} of the sets ({low} to {high})")
}
