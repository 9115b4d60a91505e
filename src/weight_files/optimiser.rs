//! Arrays that an optimiser keeps beside the weights, by their names. They have the shapes of the weights, and are no layers.

use super::entry::Entry;

/// Parts of a name that only an optimiser uses.
const CERTAIN: [&str; 8] = [
    "exp_avg",
    "exp_avg_sq",
    "max_exp_avg_sq",
    "momentum_buffer",
    "square_avg",
    ".OPTIMIZER_SLOT",
    "opt_state",
    "optimizer_state_dict",
];

/// The first part of a name, under which the state of an optimiser is saved.
const FIRST: [&str; 4] = ["optim", "optimizer", "optimiser", "optimizer_state"];

/// A first or last part that is one of an optimiser if the array without it is there as well. TensorFlow counts them: `Adam_1`.
const SLOTS: [&str; 10] = [
    "Adam",
    "Adamax",
    "Adagrad",
    "Adadelta",
    "Ftrl",
    "Momentum",
    "RMSProp",
    "momentum",
    "velocity",
    "accumulator",
];

/// The same in pairs, both of which must be there.
const PAIRS: [(&str, &str); 2] = [("m", "v"), ("mu", "nu")];

/// Averages of the weights over training.
const AVERAGE: &str = "ExponentialMovingAverage";

/// Why an array is no layer, if an optimiser keeps it.
pub(super) fn reason(entry: &Entry, entries: &[Entry]) -> Option<String> {
    let nevertheless = "name the layer to read it nevertheless";
    let name = entry.name.strip_suffix(":0").unwrap_or(&entry.name);
    let parts: Vec<&str> = name.split('/').flat_map(dotted).collect();
    let state = || Some(format!("it is state of the optimiser, not weights; {nevertheless}"));
    if parts.iter().any(|part| CERTAIN.contains(part)) || FIRST.contains(&parts[0]) {
        return state();
    }
    let is_there = |other: &str| {
        let is_it = |found: &&Entry| found.name.strip_suffix(":0").unwrap_or(&found.name) == other;
        entries.iter().find(is_it).is_some_and(|found| found.shape == entry.shape)
    };
    for separator in ['/', '.'] {
        let first = name.split_once(separator).map(|(part, rest)| (part, rest, true));
        let last = name.rsplit_once(separator).map(|(rest, part)| (part, rest, false));
        for (part, rest, is_first) in [first, last].into_iter().flatten() {
            if !is_there(rest) && !is_there(&format!("params{separator}{rest}")) {
                continue;
            }
            if uncounted(part) == AVERAGE {
                return Some(format!("it is an average of {rest:?} over training; {nevertheless}"));
            }
            let beside = |other: &str| {
                is_there(&if is_first {
                    format!("{other}{separator}{rest}")
                } else {
                    format!("{rest}{separator}{other}")
                })
            };
            let is_pair =
                |&(one, two): &(&str, &str)| (part == one && beside(two)) || (part == two && beside(one));
            if SLOTS.contains(&uncounted(part)) || PAIRS.iter().any(is_pair) {
                return state();
            }
        }
    }
    None
}

/// The parts of a part of a path between points; a point at its beginning stays.
fn dotted(part: &str) -> Vec<&str> {
    if part.starts_with('.') { vec![part] } else { part.split('.').collect() }
}

/// "Adam" for "Adam_1".
fn uncounted(part: &str) -> &str {
    match part.rsplit_once('_') {
        Some((name, number)) if !number.is_empty() && number.bytes().all(|sign| sign.is_ascii_digit()) => {
            name
        }
        _ => part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of these arrays are left out, all of one shape.
    fn left_out<'a>(names: &[&'a str]) -> Vec<&'a str> {
        let entry = |name: &&str| Entry { name: (*name).into(), shape: vec![4, 3, 5, 5], unread: None };
        let entries: Vec<Entry> = names.iter().map(entry).collect();
        let is_out = |name: &&&str| reason(&entry(name), &entries).is_some();
        names.iter().filter(is_out).copied().collect()
    }

    #[test]
    fn state_of_optimisers_is_known_by_name() {
        for (weights, state) in [
            ("conv1/kernel", &["conv1/kernel/Adam", "conv1/kernel/Adam_1"][..]),
            ("conv1/kernel:0", &["conv1/kernel/Momentum:0", "conv1/kernel/ExponentialMovingAverage:0"]),
            ("conv1/kernel", &["conv1/kernel/RMSProp", "conv1/kernel/RMSProp_1"]),
            ("model.conv1.weight", &["optimizer.state.0.exp_avg", "state.0.exp_avg_sq"]),
            ("conv1.weight", &["conv1.weight.momentum_buffer", "velocity.conv1.weight"]),
            ("params/conv1/kernel", &["m/conv1/kernel", "v/conv1/kernel", "opt_state/0/mu/conv1/kernel"]),
            ("w", &["w/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE", "w/m", "w/v"]),
        ] {
            assert_eq!(left_out(&[&[weights], state].concat()), state, "{weights}");
        }
    }

    #[test]
    fn what_could_be_a_layer_is_one() {
        // A moment without its weights or its fellow, and names that only contain such words.
        for names in [
            &["Adam/kernel", "conv1/kernel"][..],
            &["conv1/kernel", "m/conv1/kernel"],
            &["conv1.weight", "ema.conv1.weight"],
            &["optimal.weight", "momentum_encoder.conv1.weight", "conv1.weight"],
            &["v.weight", "m.weight"],
        ] {
            assert_eq!(left_out(names), Vec::<&str>::new());
        }
    }
}
