//! The natural order of names: numbers in them are compared as numbers.

use std::cmp::Ordering;

/// Compares two names, runs of digits in them as numbers: "conv2" comes before "conv10". Names that differ in leading
/// zeros alone are in the order of their bytes.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    while let (Some(&x), Some(&y)) = (left.first(), right.first()) {
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (first, second) = (number(&mut left), number(&mut right));
            first.len().cmp(&second.len()).then_with(|| first.cmp(second))
        } else {
            (left, right) = (&left[1..], &right[1..]);
            x.cmp(&y)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// Takes the digits at the beginning; they are returned without leading zeros.
fn number<'a>(text: &mut &'a [u8]) -> &'a [u8] {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(count);
    *text = rest;
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    &digits[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_compared_as_numbers() {
        let mut names =
            ["conv10.weight", "conv2.weight", "conv.weight", "conv02.weight", "b", "conv2.bias", "10", "9"];
        names.sort_by(|a, b| compare(a, b));
        let order =
            ["9", "10", "b", "conv.weight", "conv2.bias", "conv02.weight", "conv2.weight", "conv10.weight"];
        assert_eq!(names, order);
    }
}
