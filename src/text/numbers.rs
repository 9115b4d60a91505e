//! Numbers as people read them.

/// A p-value as the paper prints it: three decimals, or three digits and a power of ten if it is below 0.001.
pub(crate) fn p_value(p: f64) -> String {
    if p >= 1e-3 || p == 0.0 { format!("{p:.3}") } else { format!("{p:.2e}") }
}

/// A share in percent with one decimal; a dash if it is NaN.
pub(crate) fn percent(share: f64) -> String {
    if share.is_nan() { "–".into() } else { format!("{:.1} %", 100.0 * share) }
}

/// Four decimals, or a power of ten if these would show too few digits or too many.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-3..1e6).contains(&size) { format!("{value:.4}") } else { format!("{value:.2e}") }
}

/// A number with all its digits, as a power of ten if it would have many zeros.
pub(crate) fn exact(value: f64) -> String {
    let is_plain = value == 0.0 || !value.is_finite() || (1e-5..1e16).contains(&value.abs());
    if is_plain { value.to_string() } else { format!("{value:e}") }
}

/// A fixed number of decimals, a true minus sign and commas between thousands: −12,345.6.
pub(crate) fn decimals(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let grouped = with_commas(whole);
    let is_zero = text.chars().all(|letter| matches!(letter, '0' | '.'));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{grouped}{fraction}")
}

/// Digits with commas between thousands.
fn with_commas(digits: &str) -> String {
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A whole number with commas between thousands: "2,000".
pub(crate) fn grouped(value: u64) -> String {
    with_commas(&value.to_string())
}

/// "1 iteration", "2,000 iterations".
pub(crate) fn iterations(value: u64) -> String {
    counted(value, "iteration")
}

/// "1 session", "2,000 sessions".
pub(crate) fn sessions(count: usize) -> String {
    counted(count as u64, "session")
}

/// "1 map", "2,000 maps".
pub(crate) fn counted(count: u64, one: &str) -> String {
    format!("{} {}", grouped(count), plural(count, one))
}

/// "1 map", "2000 maps": [`counted`] without commas.
pub(crate) fn numbered(count: u64, one: &str) -> String {
    format!("{count} {}", plural(count, one))
}

/// "map" of one, "maps" of any other number.
pub(crate) fn plural(count: u64, one: &str) -> String {
    if count == 1 { one.to_owned() } else { format!("{one}s") }
}

/// "is" after one, "are" after any other number.
pub(crate) fn is_or_are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_numbers_become_powers_of_ten() {
        assert_eq!(
            [0.0, 0.001, -12.5, 999_999.0].map(short),
            ["0.0000", "0.0010", "-12.5000", "999999.0000"]
        );
        assert_eq!([9e-4, -1e6].map(short), ["9.00e-4", "-1.00e6"]);
        assert_eq!(
            [-1e308, 1.25e-7, 0.0, -3.0, 1e15].map(exact),
            ["-1e308", "1.25e-7", "0", "-3", "1000000000000000"]
        );
        assert_eq!(exact(f64::NAN), "NaN");
        assert_eq!([0.0, 0.25, 1e-3, 9e-4].map(p_value), ["0.000", "0.250", "0.001", "9.00e-4"]);
    }

    #[test]
    fn thousands_are_grouped_and_shares_are_percent() {
        assert_eq!([999, 1000, 1_234_567].map(grouped), ["999", "1,000", "1,234,567"]);
        assert_eq!(grouped((1 << 53) + 1), "9,007,199,254,740,993");
        assert_eq!(decimals(-12_345.64, 1), "−12,345.6");
        assert_eq!([iterations(1), iterations(2000)], ["1 iteration", "2,000 iterations"]);
        assert_eq!([sessions(1), sessions(11_000)], ["1 session", "11,000 sessions"]);
        assert_eq!([numbered(1, "map"), numbered(2000, "map")], ["1 map", "2000 maps"]);
        assert_eq!([0, 1, 2].map(is_or_are), ["are", "is", "are"]);
        assert_eq!([percent(0.125), percent(f64::NAN)], ["12.5 %", "–"]);
    }
}
