//! The numbers that the paper printed, and its slips.

use std::path::Path;

use crate::error::{Error, Result};
use crate::models::{Fits, Form};
use crate::table::CsvTable;

/// The file with one row a claim.
const FILE: &str = include_str!("../../data/published.csv");

/// How a published claim bounds a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is the printed number, to as many digits as are printed.
    Equal,
    /// It lies below the printed number.
    Below,
    /// It is at least the printed number.
    AtLeast,
}

impl Relation {
    /// "=", "<" or ">=".
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Below => "<",
            Self::AtLeast => ">=",
        }
    }
}

/// One claim of Fountain & Rasmus (2019), or one slip in it: a row of `data/published.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedValue {
    slip: bool,
    quantity: String,
    layer: Option<usize>,
    image: Option<String>,
    form: Option<Form>,
    claim: Option<(Relation, f64)>,
    printed: String,
    meant: String,
    place: String,
    note: String,
}

impl PublishedValue {
    /// Whether this row is a slip in the paper rather than a result of it.
    pub fn is_slip(&self) -> bool {
        self.slip
    }

    /// What the claim is about: `r_squared` or `p_value` for results; `softening`, `power_law`, `best_form`,
    /// `least_curved` or `inconsistent` for findings in words; `degrees_of_freedom`, `iterations`, `wording` or
    /// `references` for slips.
    pub fn quantity(&self) -> &str {
        &self.quantity
    }

    /// The layer, counted from 1; `None` where the row is not about one layer.
    pub fn layer(&self) -> Option<usize> {
        self.layer
    }

    /// The image, "bird" or "static"; `None` where the row is not about one image.
    pub fn image(&self) -> Option<&str> {
        self.image.as_deref()
    }

    /// The form of the model; `None` where the row is not about one form.
    pub fn form(&self) -> Option<Form> {
        self.form
    }

    /// How the claim bounds the quantity, and the number; `None` for slips of words.
    pub fn claim(&self) -> Option<(Relation, f64)> {
        self.claim
    }

    /// The number or words as printed.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// For a slip, what was meant; empty where it is not known.
    pub fn meant(&self) -> &str {
        &self.meant
    }

    /// Where in the paper a slip stands; empty for results and where it runs through the text.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What else is to be said; may be empty.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The value of the same quantity in fits of layer scores; `None` if the claim is about something else or there is
    /// no such fit.
    pub fn value_in(&self, fits: &Fits) -> Option<f64> {
        let fit = fits.get(self.layer()?, self.image()?, self.form()?).ok()?;
        match self.quantity() {
            "r_squared" => Some(fit.r_squared()),
            "p_value" => Some(fit.p_value()),
            _ => None,
        }
    }

    /// Whether a measured value satisfies the claim; for [`Relation::Equal`], whether it rounds to
    /// the printed digits. `None` for slips.
    pub fn holds(&self, value: f64) -> Option<bool> {
        let (relation, claimed) = self.claim.filter(|_| !self.slip)?;
        Some(match relation {
            Relation::Equal => (value - claimed).abs() <= half_last_digit(&self.printed),
            Relation::Below => value < claimed,
            Relation::AtLeast => value >= claimed,
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
/// | column | what it holds |
/// |---|---|
/// | `kind` | `result`, `finding` (a result in words) or `slip` |
/// | `quantity` | `r_squared`, `p_value`; for findings `softening`, `power_law`, `best_form`, `least_curved`, `inconsistent`; for slips also `degrees_of_freedom`, `iterations`, `wording`, `references` |
/// | `layer`, `image`, `form` | what the row is about; empty where it is about none |
/// | `relation`, `value` | the claim as `=`, `<` or `>=` and a number; for slips the right number |
/// | `printed` | the number or words as printed |
/// | `meant` | for slips, what was meant |
/// | `place`, `note` | where a slip stands, and what else is to be said |
///
/// # Errors
/// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) or [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) where the file the crate carries is not as described, which its
/// tests rule out.
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
    let relation = match table.text(row, "relation")? {
        "" => None,
        "=" => Some(Relation::Equal),
        "<" => Some(Relation::Below),
        ">=" => Some(Relation::AtLeast),
        _ => return Err(table.bad_cell(row, "relation", "is none of =, < and >=")),
    };
    Ok(PublishedValue {
        slip: match table.text(row, "kind")? {
            "result" | "finding" => false,
            "slip" => true,
            _ => return Err(table.bad_cell(row, "kind", "is none of result, finding and slip")),
        },
        quantity: text("quantity")?,
        layer: given("layer")?.map(|_| table.count(row, "layer")).transpose()?.map(|layer| layer as usize),
        image: given("image")?,
        form: given("form")?.map(|name| name.parse()).transpose()?,
        claim: relation
            .map(|relation| Ok::<_, Error>((relation, table.number(row, "value")?)))
            .transpose()?,
        printed: text("printed")?,
        meant: text("meant")?,
        place: text("place")?,
        note: text("note")?,
    })
}
