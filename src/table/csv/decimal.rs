//! Numbers with a decimal point or a decimal comma, and cells that stand for a missing value.
//!
//! A number is read in one way only. `1.234,56` and `1,234.56` are never numbers. `6,125` and `1.000` are numbers if the rest
//! of the column leaves no doubt that the sign is a decimal one: a number that the sign cannot group, or, for points, a column
//! in which every number has one. Programs that separate cells by semicolons may put points between thousands: there some number
//! of the file must have a point that cannot group. Another column tells it of commas only by a number that is no pair of whole numbers: `3,3`
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
            Written::Point => {
                first(&mut self.point);
                first(&mut self.sure_point);
            }
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
    /// Whether semicolons separate cells.
    has_semicolons: bool,
}

impl Decimals {
    pub fn of(rows: &[Record], columns: usize, separator: char) -> Self {
        let mut decimals = Self { has_semicolons: separator == ';', ..Self::default() };
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
                Written::Comma => {
                    Err("has a comma: write it with a decimal point, or separate the cells by semicolons"
                        .into())
                }
                Written::CommaOrThousands => Err(ambiguous(cell, "all decimals with a point")),
                Written::Thousands => Err(many_signs(cell)),
                _ => parsed(cell),
            };
        };
        // Between commas, a point is a decimal one in any column.
        let either = || Err(ambiguous(cell, "all decimals with a point, and separate the cells by commas"));
        match written(cell) {
            Written::Thousands => Err(many_signs(cell)),
            Written::PointOrThousands
                if self.has_semicolons
                    && self.file.sure_point.is_none()
                    && self.file.sure_comma.is_none()
                    && signs.whole.is_none() =>
            {
                Err(ambiguous(cell, "separate the cells by commas if points are decimal ones"))
            }
            Written::PointOrThousands if self.file.sure_comma.is_some() || signs.may_group_by_points() => {
                either()
            }
            Written::CommaOrThousands if signs.sure_comma.is_none() && !self.has_decimal_commas() => either(),
            Written::Comma | Written::CommaOrThousands => parsed(&cell.replace(',', ".")),
            _ => parsed(cell),
        }
    }

    /// The whole number of at least 0 in a cell, also as `2.0` or `1e+05`. The error is what to say about the cell.
    pub fn whole(&self, column: usize, cell: &str) -> Result<u64, String> {
        /// Above it, floats skip whole numbers.
        const LARGEST: f64 = (1u64 << 53) as f64;
        if let Ok(whole) = cell.trim().parse() {
            return Ok(whole);
        }
        if matches!(written(cell), Written::PointOrThousands | Written::CommaOrThousands) {
            return Err(ambiguous(cell.trim(), "whole numbers without a point"));
        }
        let no_whole = || "is not a whole number of at least 0".to_owned();
        match self.number(column, cell) {
            Ok(value) if value.fract() == 0.0 && (0.0..=LARGEST).contains(&value) => Ok(value as u64),
            Err(problem) if problem != NO_NUMBER => Err(problem),
            _ => Err(no_whole()),
        }
    }

    /// Whether the file has decimal commas without doubt, and no decimal points.
    fn has_decimal_commas(&self) -> bool {
        self.file.no_pair.is_some() && self.file.sure_point.is_none()
    }
}

/// What to say of a number with a sign that may be a decimal one or group thousands; what else can be done.
fn ambiguous(cell: &str, or: &str) -> String {
    let (plain, point) = (cell.replace(['.', ','], ""), cell.replace(',', "."));
    format!("may mean {plain} or {point}: write thousands without a separator, or {or}")
}

fn thousands() -> String {
    "has a separator between thousands: write the number without it".to_owned()
}

/// What to say of a number with several points and commas.
fn many_signs(cell: &str) -> String {
    let parts: Vec<&str> = cell.split('.').collect();
    let is_part = |(part, most): (&&str, usize)| part.parse::<u16>().is_ok() && part.len() <= most;
    let is_date = parts.len() == 3 && parts.iter().zip([2, 2, 4]).all(is_part) && parts[2].len() != 3;
    let (before, last) = cell.split_at(cell.rfind(['.', ',']).unwrap_or(cell.len()));
    // The last sign is a decimal one if it is another than those before it.
    let whole = if before.contains(&last[..1]) { cell } else { before };
    match is_date {
        true => "is a date: write a number".to_owned(),
        false if are_groups(whole, &['.', ',']) => thousands(),
        false => NO_NUMBER.to_owned(),
    }
}

/// Whether these signs may stand between the thousands of a whole number: up to three digits before the first, two or, as behind the
/// last, three after each.
fn are_groups(whole: &str, signs: &[char]) -> bool {
    let groups: Vec<&str> = whole.trim_start_matches(['+', '-']).split(signs).collect();
    let is_group = |(at, group): (usize, &&str)| {
        let lengths = if at == 0 {
            1..=3
        } else if at + 1 == groups.len() {
            3..=3
        } else {
            2..=3
        };
        lengths.contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
    };
    groups.len() > 1 && groups.iter().enumerate().all(is_group)
}

/// What to say of a cell that is no number.
fn no_number(cell: &str) -> String {
    let (whole, fraction) = cell.split_at(cell.find(['.', ',']).unwrap_or(cell.len()));
    let has_groups = are_groups(whole, &GROUPING) && !fraction.contains(GROUPING);
    let plain: String = cell.chars().filter(|character| !GROUPING.contains(character)).collect();
    let bare = cell.trim_matches(['\'', '=', '"', '$', '€', '£']).trim();
    let is_number = |text: &str| text.replace(',', ".").parse::<f64>().is_ok();
    let percent = cell.strip_suffix('%').map(str::trim_end);
    let minus = cell.strip_prefix('\u{2212}').map(|rest| format!("-{rest}"));
    if is_spreadsheet_error(cell) {
        "is an error of a spreadsheet: mend the formula, or leave the cell empty".to_owned()
    } else if cell.starts_with('#') {
        "is not a finite number; if the row is a comment, remove it: comments stand above the header"
            .to_owned()
    } else if has_groups && is_number(&plain) {
        thousands()
    } else if bare.len() < cell.len() && is_number(bare) {
        "has other signs around its digits: write the number alone".to_owned()
    } else if percent.is_some_and(is_number) {
        "is a percentage: write the number without the sign".to_owned()
    } else if minus.is_some_and(|number| is_number(&number)) {
        "begins with a minus sign that is no hyphen: write a hyphen".to_owned()
    } else {
        NO_NUMBER.to_owned()
    }
}

/// Whether a spreadsheet wrote it in place of a value: `#DIV/0!`, and names such as `#WERT!` and `#VALEUR!` in its own language, or `####`.
fn is_spreadsheet_error(cell: &str) -> bool {
    let Some(name) = cell.strip_prefix('#') else { return false };
    let is_name = |name: &str| name.chars().all(|letter| letter.is_uppercase() || "/0-_".contains(letter));
    let ends = name.strip_suffix(['!', '?']).is_some_and(|name| !name.is_empty() && is_name(name));
    ends || (!name.is_empty() && name.bytes().all(|byte| byte == b'#'))
}

const NO_NUMBER: &str = "is not a finite number";

/// Besides point and comma, what people put between thousands.
const GROUPING: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '\u{2019}'];

#[cfg(test)]
mod tests;
