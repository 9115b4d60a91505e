//! Which biases belong to which layer, by their names.

use super::entry::Entry;
use crate::text::numbers::{numbered, plural};

/// Names in a sentence.
const LISTED: usize = 6;

/// What a word in the name of weights becomes in the name of their biases.
const WORDS: [(&str, &[&str]); 12] = [
    ("weight", &["bias"]),
    ("kernel", &["bias"]),
    ("filter", &["bias"]),
    ("weights", &["biases", "bias"]),
    ("kernels", &["biases", "bias"]),
    ("filters", &["biases", "bias"]),
    ("Weight", &["Bias"]),
    ("Kernel", &["Bias"]),
    ("Weights", &["Biases", "Bias"]),
    ("weight_orig", &["bias"]),
    ("W", &["b", "B"]),
    ("w", &["b"]),
];

/// The place of the biases of the layer `name`. A name is certain if one word of it makes it that of the layer.
pub(super) fn of_layer(entries: &[Entry], name: &str) -> Option<usize> {
    let place = |bias: &String| {
        entries
            .iter()
            .position(|entry| entry.name == *bias && entry.shape.len() == 1 && entry.unread.is_none())
    };
    usual_names(name).iter().find_map(place).or_else(|| {
        let mut places: Vec<usize> = other_names(name).iter().filter_map(place).collect();
        places.dedup();
        // Of several, none is certain.
        if let [place] = places[..] { Some(place) } else { None }
    })
}

/// The names that the biases of a layer usually have: "conv1.bias" for "conv1.weight" and for "conv1"; in the HDF5 of Keras 3,
/// which numbers the variables of a layer, "conv1/vars/1" for "conv1/vars/0".
fn usual_names(weights: &str) -> Vec<String> {
    if let Some(layer) = weights.strip_suffix("/vars/0") {
        return vec![format!("{layer}/vars/1")];
    }
    let (weights, version) = weights.strip_suffix(":0").map_or((weights, ""), |name| (name, ":0"));
    let stems = ["weight", "kernel"].iter().filter_map(|ending| weights.strip_suffix(ending));
    match stems.into_iter().next() {
        Some(stem) => vec![format!("{stem}bias{version}")],
        None => [".bias", "/bias", "_bias"].map(|ending| format!("{weights}{ending}{version}")).into(),
    }
}

/// The name with one of [`WORDS`] replaced, where it stands by itself: "b1" for "W1", "b_conv1" for "W_conv1".
fn other_names(weights: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (word, biases) in WORDS {
        for (at, _) in weights.match_indices(word) {
            let (before, after) = (&weights[..at], &weights[at + word.len()..]);
            let is_letter = |sign: Option<char>| sign.is_some_and(char::is_alphabetic);
            if is_letter(before.chars().next_back()) || is_letter(after.chars().next()) {
                continue;
            }
            names.extend(biases.iter().map(|bias| format!("{before}{bias}{after}")));
        }
    }
    names
}

/// What to say of layers without biases, each a name and a number of filters: which, and which arrays could be theirs. `used` are
/// the places of the biases that were read.
pub(super) fn missing(layers: &[(String, usize)], entries: &[Entry], used: &[usize]) -> Option<String> {
    if layers.is_empty() {
        return None;
    }
    let names: Vec<String> = layers.iter().map(|(name, _)| format!("{name:?}")).collect();
    let unused = |(place, entry): (usize, &Entry)| {
        let fits = layers.iter().any(|(_, filters)| entry.shape == [*filters]);
        (fits && !used.contains(&place)).then(|| format!("{:?} {:?}", entry.name, entry.shape))
    };
    let unused: Vec<String> = entries.iter().enumerate().filter_map(unused).collect();
    let (layers, have) = match layers.len() {
        1 => ("the layer".to_owned(), "has no bias"),
        count => (numbered(count as u64, "layer"), "have no bias"),
    };
    let found = match unused.len() {
        0 => String::new(),
        count => {
            let (hold, them) = if count == 1 { ("it holds", "it") } else { ("they hold", "them") };
            format!(
                "; not used, but of a fitting length: the {} {}; if {hold} biases, name {them} after the layers, \"conv1.bias\" \
                 for \"conv1.weight\"",
                plural(count as u64, "array"),
                listed(&unused)
            )
        }
    };
    Some(format!("{layers} {} {have} by name, so the forward pass takes 0{found}", listed(&names)))
}

fn listed(names: &[String]) -> String {
    let more =
        if names.len() > LISTED { format!(" and {} more", names.len() - LISTED) } else { String::new() };
    names[..names.len().min(LISTED)].join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, shape: &[usize]) -> Entry {
        Entry { name: name.into(), shape: shape.into(), unread: None }
    }

    #[test]
    fn biases_have_the_name_of_their_layer_with_another_word() {
        for (weights, bias) in [
            ("conv1.weight", "conv1.bias"),
            ("conv1/kernel:0", "conv1/bias:0"),
            ("conv1", "conv1_bias"),
            ("W1", "b1"),
            ("W_conv1", "b_conv1"),
            ("conv1/w", "conv1/b"),
            ("conv1/weights", "conv1/biases"),
            ("conv1/weights:0", "conv1/biases:0"),
            ("conv1.weight_orig", "conv1.bias"),
            ("Weight 2", "Bias 2"),
            ("layers/conv2d/vars/0", "layers/conv2d/vars/1"),
        ] {
            let entries = [entry(weights, &[4, 3, 5, 5]), entry("b9", &[4]), entry(bias, &[4])];
            assert_eq!(of_layer(&entries, weights), Some(2), "{weights}");
        }
    }

    #[test]
    fn what_is_not_certain_is_no_bias() {
        for (weights, others) in [
            ("W1", &["b2", "bias1", "b"][..]),
            // Both could be.
            ("W1", &["b1", "B1"]),
            ("raw1", &["rab1"]),
            ("bn.weight", &["bn.gamma", "bn.running_mean"]),
            ("layers/conv2d/vars/0", &["layers/conv2d/vars/2", "layers/conv2d_1/vars/1", "vars/1"]),
        ] {
            let entries: Vec<Entry> = others.iter().map(|name| entry(name, &[4])).collect();
            assert_eq!(of_layer(&entries, weights), None, "{weights}");
        }
        assert_eq!(of_layer(&[entry("b1", &[4, 1])], "W1"), None);
    }

    #[test]
    fn layers_without_biases_are_named_with_the_arrays_that_fit() {
        let entries = [entry("a", &[4, 3, 5, 5]), entry("x", &[4]), entry("y", &[5]), entry("z", &[4])];
        let layers = [("a".to_owned(), 4)];
        assert_eq!(missing(&[], &entries, &[]), None);
        assert_eq!(
            missing(&layers, &entries, &[1, 3]).unwrap(),
            "the layer \"a\" has no bias by name, so the forward pass takes 0"
        );
        assert_eq!(
            missing(&layers, &entries, &[1]).unwrap(),
            "the layer \"a\" has no bias by name, so the forward pass takes 0; not used, but of a fitting length: the array \
             \"z\" [4]; if it holds biases, name it after the layers, \"conv1.bias\" for \"conv1.weight\""
        );
        let layers = [("a".to_owned(), 4), ("b".to_owned(), 5)];
        assert_eq!(
            missing(&layers, &entries, &[]).unwrap(),
            "2 layers \"a\", \"b\" have no bias by name, so the forward pass takes 0; not used, but of a fitting length: the \
             arrays \"x\" [4], \"y\" [5], \"z\" [4]; if they hold biases, name them after the layers, \"conv1.bias\" for \
             \"conv1.weight\""
        );
    }
}
