//! Numbers with a decimal point or a decimal comma, and cells that stand for a missing value.
//!
//! A number is read in one way only. `1.234,56` and `1,234.56` are never numbers. `6,125` and `1.000` are numbers if the rest
//! of the column leaves no doubt that the sign is a decimal one: a number that the sign cannot group, or, for points, a column
//! in which every number has one. Another column tells it of commas only by a number that is no pair of whole numbers: `3,3`
//! may be the two sides of a kernel, `0,25` may not.

use super::records::Record;

/// What people and programs write for a missing value, in lower case; an empty cell is one too.
const MISSING: [&str; 16] = [
    "na", "n/a", "n.a.", "#n/a", "#nv", "<na>", "nan", "-nan", "null", "none", "-", "--", "–", "—", ".", "?",
];

/// Whether a cell stands for a missing value.
pub(super) fn is_missing(cell: &str) -> bool {
    let cell = cell.trim();
    cell.is_empty() || MISSING.contains(&cell.to_lowercase().as_str())
}

/// How a cell is written, if it is a number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Written {
    /// Without a point or comma, or no number at all.
    Plain,
    /// `10.5`.
    Point,
    /// `10,5`.
    Comma,
    /// `1.000`: three digits after the point and up to three before it.
    PointOrThousands,
    /// `1,000`.
    CommaOrThousands,
    /// `1.234,56`, `1,234,567`.
    Thousands,
}

fn written(cell: &str) -> Written {
    let cell = cell.trim();
    let count = |sign| cell.matches(sign).count();
    let is_number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    match (count('.'), count(',')) {
        (0, 0) => Written::Plain,
        (1, 0) if !is_number(cell) => Written::Plain,
        (0, 1) if !is_number(&cell.replace(',', ".")) => Written::Plain,
        (1, 0) if is_grouped(cell, '.') => Written::PointOrThousands,
        (0, 1) if is_grouped(cell, ',') => Written::CommaOrThousands,
        (1, 0) => Written::Point,
        (0, 1) => Written::Comma,
        _ if is_number(&cell.replace(['.', ','], "")) => Written::Thousands,
        _ => Written::Plain,
    }
}

/// Whether a number could have this sign between thousands: up to three digits before it, three after it, no exponent.
fn is_grouped(number: &str, sign: char) -> bool {
    let digits = number.trim_start_matches(['+', '-']);
    let Some((before, after)) = digits.split_once(sign) else { return false };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&before.len())
        && after.len() == 3
        && !before.starts_with('0')
        && all_digits(before)
        && all_digits(after)
}

/// Whether a number with a comma could be two whole numbers: neither has zeros in front, and the second has up to four digits.
fn is_pair(number: &str) -> bool {
    let is_whole = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'))
    };
    let pair = number.split_once(',');
    pair.is_some_and(|(first, second)| {
        is_whole(first) && is_whole(second) && second.len() <= 4 && (first != "0" || second.len() == 1)
    })
}

/// How the numbers of one column, or of a whole file, are written: a row (from 0) with each sign.
#[derive(Debug, Clone, Copy, Default)]
struct Signs {
    point: Option<usize>,
    comma: Option<usize>,
    /// A row whose point or comma cannot stand between thousands.
    sure_point: Option<usize>,
    sure_comma: Option<usize>,
    /// A row whose comma is a decimal one, and does not part two whole numbers.
    no_pair: Option<usize>,
    /// A row with a whole number without any sign.
    whole: Option<usize>,
}

impl Signs {
    fn note(&mut self, row: usize, cell: &str, written: Written) {
        let is_whole = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if written == Written::Plain && is_whole(cell.trim().trim_start_matches(['+', '-'])) {
            self.whole = self.whole.or(Some(row));
        }
        let first = |place: &mut Option<usize>| *place = place.or(Some(row));
        match written {
            Written::Point => (first(&mut self.point), first(&mut self.sure_point)).0,
            Written::Comma => {
                first(&mut self.comma);
                first(&mut self.sure_comma);
                if !is_pair(cell.trim()) {
                    first(&mut self.no_pair);
                }
            }
            Written::PointOrThousands => first(&mut self.point),
            Written::CommaOrThousands => first(&mut self.comma),
            Written::Plain | Written::Thousands => {}
        }
    }
}

impl Signs {
    /// Whether the points may stand between thousands: as in 500, 2.000, 10.000, where a number without a point is next to
    /// some with one, and no point is a decimal one without doubt.
    fn may_group_by_points(&self) -> bool {
        self.whole.is_some() && self.sure_point.is_none()
    }
}

/// How the numbers of a file are written.
#[derive(Debug, Clone, Default)]
pub(super) struct Decimals {
    /// Empty if commas separate cells; then a number has a decimal point.
    columns: Vec<Signs>,
    file: Signs,
}

impl Decimals {
    pub fn of(rows: &[Record], columns: usize, separator: char) -> Self {
        let mut decimals = Self::default();
        if separator == ',' {
            return decimals;
        }
        decimals.columns.resize(columns, Signs::default());
        for (row, record) in rows.iter().enumerate() {
            for (column, cell) in decimals.columns.iter_mut().zip(&record.cells) {
                let written = written(cell);
                column.note(row, cell, written);
                decimals.file.note(row, cell, written);
            }
        }
        decimals
    }

    /// Two rows (from 0) of a column, one with a decimal point and one with a decimal comma.
    pub fn mixed(&self, column: usize) -> Option<[usize; 2]> {
        let signs = self.columns.get(column)?;
        Some([signs.point?, signs.comma?])
    }

    /// The finite number in a cell. The error is what to say about the cell.
    pub fn number(&self, column: usize, cell: &str) -> Result<f64, String> {
        let cell = cell.trim();
        let parsed = |text: &str| {
            let value = text.parse().ok().filter(|value: &f64| value.is_finite());
            value.ok_or_else(|| no_number(text))
        };
        let Some(signs) = self.columns.get(column) else {
            return match written(cell) {
                Written::Comma | Written::CommaOrThousands => {
                    Err("has a comma: write it with a decimal point, or separate the cells by semicolons"
                        .into())
                }
                Written::Thousands => Err(thousands()),
                _ => parsed(cell),
            };
        };
        let either = |sign| {
            let plain = cell.replace(sign, "");
            let point = cell.replace(',', ".");
            Err(format!(
                "may mean {plain} or {point}: write thousands without a separator, or all decimals with a point"
            ))
        };
        match written(cell) {
            Written::Thousands => Err(thousands()),
            Written::PointOrThousands if self.file.sure_comma.is_some() || signs.may_group_by_points() => {
                either('.')
            }
            Written::CommaOrThousands if signs.sure_comma.is_none() && !self.has_decimal_commas() => {
                either(',')
            }
            Written::Comma | Written::CommaOrThousands => parsed(&cell.replace(',', ".")),
            _ => parsed(cell),
        }
    }

    /// Whether the file has decimal commas without doubt, and no decimal points.
    fn has_decimal_commas(&self) -> bool {
        self.file.no_pair.is_some() && self.file.sure_point.is_none()
    }
}

fn thousands() -> String {
    "has a separator between thousands: write the number without it".to_owned()
}

/// What to say of a cell that is no number.
fn no_number(cell: &str) -> String {
    let plain: String = cell.chars().filter(|character| !GROUPING.contains(character)).collect();
    let is_number = |text: &str| text.replace(',', ".").parse::<f64>().is_ok();
    let percent = cell.strip_suffix('%').map(str::trim_end);
    let minus = cell.strip_prefix('\u{2212}').map(|rest| format!("-{rest}"));
    if cell.starts_with('#') && cell.len() > 1 {
        "is an error of a spreadsheet: mend the formula, or leave the cell empty".to_owned()
    } else if plain.len() < cell.len() && is_number(&plain) {
        thousands()
    } else if percent.is_some_and(is_number) {
        "is a percentage: write the number without the sign".to_owned()
    } else if minus.is_some_and(|number| is_number(&number)) {
        "begins with a minus sign that is no hyphen: write a hyphen".to_owned()
    } else {
        "is not a finite number".to_owned()
    }
}

/// Besides point and comma, what people put between thousands.
const GROUPING: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '\u{2019}'];

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of a column next to another one, with semicolons between cells.
    fn numbers(column: &[&str], other: &[&str]) -> Vec<Result<f64, String>> {
        let record = |(first, second): (&&str, &&str)| Record {
            line: 1,
            cells: vec![(*first).into(), (*second).into()],
        };
        let rows: Vec<Record> = column.iter().zip(other).map(record).collect();
        let decimals = Decimals::of(&rows, 2, ';');
        column.iter().map(|cell| decimals.number(0, cell)).collect()
    }

    fn all(column: &[&str], other: &[&str]) -> Vec<f64> {
        numbers(column, other).into_iter().map(Result::unwrap).collect()
    }

    #[test]
    fn a_decimal_comma_gives_the_bits_of_a_decimal_point() {
        let commas = ["10,5", "0,1", "6,125", "-1,5E-05", "7", ",5", "+3,"];
        assert_eq!(all(&commas, &["1"; 7]), [10.5, 0.1, 6.125, -1.5e-5, 7.0, 0.5, 3.0]);
        assert_eq!(all(&["10.5", "6.125"], &["1"; 2]), [10.5, 6.125]);
        // The other column tells that the comma is a decimal one.
        for sure in ["0,125", "0,25", "3,05", "2,71828", "-1,5", "1,5e3"] {
            assert_eq!(all(&["6,125", "1,000"], &[sure, "2"]), [6.125, 1.0], "{sure}");
        }
        // Points alone are decimal points, as every program writes them, if no number is without one or one cannot group.
        assert_eq!(all(&["6.125", "1.000"], &["1"; 2]), [6.125, 1.0]);
        assert_eq!(all(&["6.125", "1", "0.5"], &["1"; 3]), [6.125, 1.0, 0.5]);
    }

    proptest::proptest! {
        #[test]
        fn every_number_comes_back_from_its_text_with_a_comma(
            values in proptest::collection::vec(proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL, 1..6),
        ) {
            // The first cell leaves no doubt about the comma.
            let mut texts = vec!["0,5".to_owned()];
            texts.extend(values.iter().flat_map(|value| [value.to_string(), format!("{value:e}"), format!("{value:.3}")]));
            let texts: Vec<String> = texts.iter().map(|text| text.replace('.', ",")).collect();
            let cells: Vec<&str> = texts.iter().map(String::as_str).collect();
            let expected: Vec<u64> =
                texts.iter().map(|text| text.replace(',', ".").parse::<f64>().unwrap().to_bits()).collect();
            let found: Vec<u64> = all(&cells, &vec!["1"; cells.len()]).iter().map(|value| value.to_bits()).collect();
            proptest::prop_assert_eq!(&found, &expected);
            let shortest: Vec<u64> = values.iter().map(|value| value.to_bits()).collect();
            proptest::prop_assert_eq!(found[1..].iter().step_by(3).copied().collect::<Vec<_>>(), shortest);
        }
    }

    #[test]
    fn separators_between_thousands_are_never_read_as_decimal_signs() {
        for cell in ["1.234,56", "1,234.56", "1.234.567", "1,234,567", "-1.234,5"] {
            let error = numbers(&[cell], &["1"]).remove(0).unwrap_err();
            assert!(error.contains("between thousands"), "{cell}: {error}");
        }
        for (column, other, meanings) in [
            (["1.000", "20"], ["10,5", "9,25"], "1000 or 1.000"), // German, with 1000 = 1.000
            (["1,000", "20"], ["10.5", "9.25"], "1000 or 1.000"), // English, with tabs
            (["1,000", "20"], ["1", "2"], "1000 or 1.000"),       // either
            (["1,000", "20"], ["1,5", "2.5"], "1000 or 1.000"),
            (["1,728", "36,928"], ["3,3", "16,36"], "1728 or 1.728"), // English, with tabs, next to the sides of kernels
            (["1,728", "36,928"], ["0,0", "512,1024"], "1728 or 1.728"),
            (["1.000", "20"], ["1", "2"], "1000 or 1.000"), // whole numbers next to it: German, or a program's output
        ] {
            let error = numbers(&column, &other).remove(0).unwrap_err();
            assert!(error.contains(meanings), "{column:?} {other:?}: {error}");
        }
    }

    #[test]
    fn both_signs_in_a_column_are_found() {
        let record = |cell: &str| Record { line: 1, cells: vec![cell.into()] };
        let mixed = |cells: &[&str]| {
            Decimals::of(&cells.iter().map(|cell| record(cell)).collect::<Vec<_>>(), 1, ';').mixed(0)
        };
        assert_eq!(mixed(&["1", "1,5", "2.5"]), Some([2, 1]));
        assert_eq!(mixed(&["1,5", "text, more.", "v1.5"]), None);
    }

    #[test]
    fn what_is_no_number_stays_none() {
        for (cell, problem) in [
            ("ten", "is not a finite number"),
            ("inf", "is not a finite number"),
            ("1,5 m", "is not a finite number"),
            ("1_000", "is not a finite number"),
            ("1 000", "has a separator between thousands"),
            ("1\u{a0}000,5", "has a separator between thousands"),
            ("1'000", "has a separator between thousands"),
            ("5 %", "is a percentage: write the number without the sign"),
            ("\u{2212}5", "a minus sign that is no hyphen"),
            ("#DIV/0!", "is an error of a spreadsheet"),
        ] {
            let error = numbers(&[cell], &["1"]).remove(0).unwrap_err();
            assert!(error.contains(problem), "{cell}: {error}");
        }
        let comma = Decimals::of(&[], 2, ',');
        assert!(comma.number(0, "0,2").unwrap_err().contains("decimal point"));
        assert!(comma.number(0, "1,234.5").unwrap_err().contains("between thousands"));
        assert_eq!(comma.number(0, " 2.5e-1 "), Ok(0.25));
    }

    #[test]
    fn missing_values_have_many_names() {
        for cell in [
            "", "  ", "NA", "na", "N/A", "#N/A", "NaN", "-nan", "<NA>", "N.A.", "NULL", "None", "-", "--",
            ".", " – ",
        ] {
            assert!(is_missing(cell), "{cell:?}");
        }
        for cell in ["0", "-1", "---", "nano", "n", "..", ".5"] {
            assert!(!is_missing(cell), "{cell:?}");
        }
    }
}
