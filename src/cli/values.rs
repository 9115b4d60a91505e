//! Options that are numbers.

/// A whole number of at least 0.
pub fn whole<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    at_least(0, text)
}

/// A whole number of at least 1.
pub fn positive<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    at_least(1, text)
}

fn at_least<T: TryFrom<u64>>(least: u64, text: &str) -> Result<T, String> {
    let text = text.trim();
    let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<u64>().ok();
    if !is_whole || number.is_some_and(|number| number < least) {
        return Err(format!("it must be a whole number of at least {least}, in digits alone: 2000"));
    }
    let number = number.and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| "it is larger than any that makes sense".into())
}

/// A number with a decimal point.
pub fn decimal(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| "it must be a number with a decimal point: 0.001 or 1e-3".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_anything_else_says_what_is_wanted() {
        assert_eq!((whole::<u64>("2000"), whole::<usize>(" 0 ")), (Ok(2000), Ok(0)));
        assert_eq!(whole("18446744073709551615"), Ok(u64::MAX));
        for text in ["-1", "1.5", "2,000", "1e3", "", "+1", "many"] {
            assert!(whole::<u64>(text).unwrap_err().contains("a whole number of at least 0"), "{text}");
        }
        assert_eq!((positive::<u64>("1"), positive::<usize>("2000")), (Ok(1), Ok(2000)));
        for text in ["0", "-1", "000"] {
            assert!(positive::<u64>(text).unwrap_err().contains("a whole number of at least 1"), "{text}");
        }
        assert!(whole::<u64>("18446744073709551616").unwrap_err().contains("larger"));
        assert_eq!((decimal("0.001"), decimal("-1e-3")), (Ok(0.001), Ok(-0.001)));
        for text in ["0,001", "nan", "inf", "", "1e999"] {
            assert!(decimal(text).unwrap_err().contains("decimal point"), "{text}");
        }
    }
}
