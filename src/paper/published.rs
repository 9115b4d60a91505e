//! The numbers that the paper printed, and its slips.

use std::path::Path;

use crate::error::{Error, Result};
use crate::models::{Fits, Form};
use crate::table::CsvTable;

/// The file with one row a claim.
const FILE: &str = include_str!("../../data/published.csv");

/// One claim of Fountain & Rasmus (2019), or one slip in it: a row of `data/published.csv`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PublishedValue {
    /// Whether this row is a slip in the paper rather than a result of it.
    pub is_slip: bool,
    /// What the claim is about: `r_squared` or `p_value` for results; `softening`, `power_law`, `best_form`,
    /// `least_curved` or `inconsistent` for findings in words; `degrees_of_freedom`, `iterations`, `wording` or
    /// `references` for slips.
    pub quantity: String,
    /// The layer, counted from 1; `None` if the row is not about one layer.
    pub layer: Option<usize>,
    /// The image, "bird" or "static"; `None` if the row is not about one image.
    pub image: Option<String>,
    /// The form of the model; `None` if the row is not about one form.
    pub form: Option<Form>,
    /// How the claim bounds the quantity: "=" (to as many digits as are printed), "<", ">=", or empty for words.
    pub relation: String,
    /// The number in the claim, for a slip the right one; `None` for words.
    pub value: Option<f64>,
    /// The number or words as printed.
    pub printed: String,
    /// For a slip, what was meant; empty if it is not known.
    pub meant: String,
    /// Where in the paper a slip stands; empty for results, and if it runs through the text.
    pub place: String,
    /// Remarks; may be empty.
    pub note: String,
}

impl PublishedValue {
    /// The value of the same quantity in fits of layer scores; `None` if the claim is about something else or there is
    /// no such fit.
    pub fn value_in(&self, fits: &Fits) -> Option<f64> {
        let fit = fits.get(self.layer?, self.image.as_deref()?, self.form?).ok()?;
        match self.quantity.as_str() {
            "r_squared" => Some(fit.r_squared()),
            "p_value" => Some(fit.p_value()),
            _ => None,
        }
    }

    /// Whether a number satisfies the claim; if the relation is "=", whether it rounds to the printed digits. `None` for
    /// slips and words.
    pub fn holds(&self, number: f64) -> Option<bool> {
        let claimed = self.value.filter(|_| !self.is_slip)?;
        Some(match self.relation.as_str() {
            "=" => (number - claimed).abs() <= half_last_digit(&self.printed),
            "<" => number < claimed,
            _ => number >= claimed,
        })
    }
}

/// Half a unit in the last printed digit: 0.00005 for "0.9220", 5e-8 for "1.05e-5".
pub(crate) fn half_last_digit(printed: &str) -> f64 {
    let (digits, exponent) = printed.split_once('e').unwrap_or((printed, "0"));
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let exponent: i32 = exponent.parse().unwrap_or(0);
    0.5 * 10f64.powi(exponent - decimals as i32)
}

/// All claims of the paper, then its slips, in the order of `data/published.csv`, whose columns are:
///
/// | column | content |
/// |---|---|
/// | `kind` | `result`, `finding` (a result in words) or `slip` |
/// | `quantity` | `r_squared`, `p_value`; for findings `softening`, `power_law`, `best_form`, `least_curved`, `inconsistent`; for slips also `degrees_of_freedom`, `iterations`, `wording`, `references` |
/// | `layer`, `image`, `form` | what the row is about; may be empty |
/// | `relation`, `value` | the claim as `=`, `<` or `>=` and a number; for slips the right number |
/// | `printed` | the number or words as printed |
/// | `meant` | for slips, what was meant |
/// | `place`, `note` | where a slip stands, and remarks |
///
/// # Errors
/// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if the file in the crate is not as described, which the tests rule
/// out.
pub fn published() -> Result<Vec<PublishedValue>> {
    parse(FILE)
}

pub(super) fn parse(text: &str) -> Result<Vec<PublishedValue>> {
    let table = CsvTable::parse(Path::new("data/published.csv"), text)?;
    (0..table.len()).map(|row| read_row(&table, row)).collect()
}

fn read_row(table: &CsvTable, row: usize) -> Result<PublishedValue> {
    let text = |column| Ok::<_, Error>(table.text(row, column)?.to_string());
    let given = |column| Ok::<_, Error>(Some(text(column)?).filter(|text| !text.is_empty()));
    let one_of = |column, allowed: &[&str], problem| {
        let text = table.text(row, column)?;
        if allowed.contains(&text) { Ok(text) } else { Err(table.bad_cell(row, column, problem)) }
    };
    let relation = one_of("relation", &["", "=", "<", ">="], "is none of =, < and >=")?;
    Ok(PublishedValue {
        is_slip: one_of("kind", &["result", "finding", "slip"], "is none of result, finding and slip")?
            == "slip",
        quantity: text("quantity")?,
        layer: given("layer")?.map(|_| table.count(row, "layer")).transpose()?.map(|layer| layer as usize),
        image: given("image")?,
        form: given("form")?.map(|name| name.parse()).transpose()?,
        relation: relation.to_owned(),
        value: if relation.is_empty() { None } else { Some(table.number(row, "value")?) },
        printed: text("printed")?,
        meant: text("meant")?,
        place: text("place")?,
        note: text("note")?,
    })
}
