//! Numbers, tables and CSV as text. Everything above writes with these, and they know no type of the crate but its
//! errors.

pub(crate) mod csv;
pub(crate) mod encoding;
pub(crate) mod numbers;
pub(crate) mod table;

/// The values as texts: what [`table::Table`] and [`csv::Csv`] take as a row.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { [$($value.to_string()),*] };
}
pub(crate) use cells;

/// The first `most` of some names in a sentence, and two dots if there are more: "a, b, ..".
pub(crate) fn first_of<T>(all: &[T], most: usize, name: impl FnMut(&T) -> String) -> String {
    let named: Vec<String> = all.iter().take(most).map(name).collect();
    named.join(", ") + if all.len() > most { ", .." } else { "" }
}

/// A text with a capital at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A name in the middle of a sentence: as it is if it is a word or a number, else in quotes.
pub(crate) fn named(name: &str) -> std::borrow::Cow<'_, str> {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    if !name.is_empty() && name.chars().all(is_word) { name.into() } else { format!("{name:?}").into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_after_the_most_names() {
        let list = |most| first_of(&[1, 2, 3], most, u64::to_string);
        assert_eq!([list(2), list(3), list(0)], ["1, 2, ..", "1, 2, 3", ", .."]);
    }
}
