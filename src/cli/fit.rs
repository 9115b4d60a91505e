//! `softness fit`.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::models::columns::fit_columns;
use crate::models::{Fit, FitSummary, Form};
use crate::table::CsvTable;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rayon::prelude::*;

use super::output::{print, print_json};

/// Fit one column of a CSV file against another: linear, exponential and power models.
///
/// linear: y = a + b x; exponential: ln y = a + b x; power: ln y = a + b ln x. R, R², t, p and the
/// residuals are those of the linearised model.
#[derive(Debug, Args)]
pub struct FitTable {
    /// A CSV file with a header line.
    #[arg(value_name = "TABLE.csv")]
    table: PathBuf,
    /// The column of the explanatory variable.
    #[arg(long, value_name = "COLUMN")]
    x: String,
    /// The column of the response.
    #[arg(long, value_name = "COLUMN")]
    y: String,
    /// Fit each group of rows with the same values in these columns separately.
    #[arg(long, value_name = "COLUMN,..", value_delimiter = ',')]
    by: Vec<String>,
    /// The forms to fit.
    #[arg(
        long,
        value_name = "FORM,..",
        value_delimiter = ',',
        default_values_t = Form::ALL,
        value_parser = PossibleValuesParser::new(Form::ALL.map(Form::name)).try_map(|name| name.parse::<Form>()),
    )]
    form: Vec<Form>,
    /// Print one JSON document, and nothing else, on standard output.
    #[arg(long)]
    json: bool,
}

impl FitTable {
    /// Runs the command. If some form cannot be fitted, all others are printed and the reason is the error that the
    /// program ends with.
    pub fn run(self) -> Result<()> {
        let table = CsvTable::open(&self.table)?;
        let (fits, refusals) = fit_columns(&table, &self.x, &self.y, &self.by, &self.form)?;
        if self.json {
            // At the same time: the permutation test of many rows takes most of it.
            let summaries: Vec<FitSummary> = fits.par_iter().map(Fit::summary).collect();
            print_json(&summaries)?;
        } else {
            for fit in &fits {
                print(&line(fit))?;
            }
        }
        if refusals.is_empty() {
            return Ok(());
        }
        let reasons: Vec<&str> = refusals.iter().map(|refusal| refusal.reason.as_str()).collect();
        Err(Error::malformed(&self.table, reasons.join("; ")))
    }
}

/// One fit as a line, with the models that it is compared with.
fn line(fit: &Fit) -> String {
    format!(
        "{}: {}, n = {}, slope {:.6e} (se {:.2e}), intercept {:.6e} (se {:.2e}), R² {:.4}, t {:.3}, p {:.3e}; {}",
        fit.group(),
        fit.form(),
        fit.n(),
        fit.slope(),
        fit.slope_std_err(),
        fit.intercept(),
        fit.intercept_std_err(),
        fit.r_squared(),
        fit.t(),
        fit.p_value(),
        fit.beside_in_words()
    )
}
