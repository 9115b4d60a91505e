//! `softness fit`.

use std::path::PathBuf;

use crate::error::{Error, ErrorKind, Result};
use crate::models::columns::ColumnFit;
use crate::models::{Fit, FitSummary, Form, Refusal, Refused};
use crate::table::CsvTable;
use crate::text::numbers::numbered;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rayon::prelude::*;
use serde::Serialize;

use super::names::names;
use super::output::{print, print_json};
use super::wrong_option;

/// Fit one column of a CSV file against another: linear, exponential and power models.
///
/// linear: y = a + b x; exponential: ln y = a + b x; power: ln y = a + b ln x. R, R², t, p and the
/// residuals are those of the linearised model.
///
/// Cells are separated by commas, semicolons, tabs or |, as the header or a first line such as sep=; says. Numbers may have a
/// decimal comma if commas do not separate cells. Rows without any text are skipped, and so are comments that begin with # above
/// the header. If numbers follow such lines, the first of them is the header, as numpy writes it: --x '# a'. Groups that cannot
/// be fitted are listed after all fits, with the reasons, and the exit status is then 1.
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
    /// Fit each group of rows with the same values in these columns separately. May be repeated. Put a name with a comma in
    /// double quotes: --by '"score, mean",layer'.
    #[arg(long, value_name = "COLUMN,..")]
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
    /// Leave out rows in which x or y is missing (empty, NA, N/A, NaN, null, None, -, . or ?), and say how many.
    #[arg(long)]
    skip_missing: bool,
    /// Print one JSON document, and nothing else, on standard output: "fits", "refusals" and "rows_left_out".
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Printed<'a> {
    fits: Vec<FitSummary>,
    refusals: &'a [Refused],
    rows_left_out: usize,
}

impl FitTable {
    /// Runs the command. If a group or form cannot be fitted, all others are printed, then each reason as an error.
    pub fn run(self) -> Result<()> {
        let table = CsvTable::open(&self.table)?;
        if table.comments() > 0 {
            let begin = if table.comments() == 1 { "begins" } else { "begin" };
            let lines = numbered(table.comments() as u64, "line");
            let file = self.table.display();
            eprintln!("note: left out: {lines} above the header of {file} that {begin} with #");
        }
        let by = names("--by", &self.by)?;
        check_once("--by", &by)?;
        check_once("--form", &self.form)?;
        let (x, y) = (self.x.trim().to_owned(), self.y.trim().to_owned());
        let wanted = ColumnFit { x, y, by, forms: self.form, skip_missing: self.skip_missing };
        let found = wanted.fit(&table).map_err(wrong_option(ErrorKind::NotFound))?;
        let refused = Refusal::by_reason(&found.refusals);
        if self.json {
            // At the same time: the permutation test of many rows takes most of it.
            let fits: Vec<FitSummary> = found.fits.par_iter().map(Fit::summary).collect();
            print_json(&Printed { fits, refusals: &refused, rows_left_out: found.left_out })?;
        } else {
            for fit in &found.fits {
                print(&line(fit))?;
            }
        }
        if found.left_out > 0 {
            let (rows, was) = if found.left_out == 1 { ("row", "was") } else { ("rows", "were") };
            eprintln!("{} {rows} with a missing value {was} left out", found.left_out);
        }
        let mut errors =
            refused.iter().map(|refused| format!("{}: {}", self.table.display(), refused.reason));
        let Some(last) = errors.next_back() else { return Ok(()) };
        errors.for_each(|error| eprintln!("error: {error}"));
        Err(Error::new(ErrorKind::CannotFit, last))
    }
}

/// Refuses a value that is named twice.
fn check_once<T: PartialEq + std::fmt::Display>(option: &str, values: &[T]) -> Result<()> {
    let mut again = values.iter().enumerate().filter(|(at, value)| values[..*at].contains(value));
    let Some((_, value)) = again.next() else { return Ok(()) };
    Err(Error::option(option, format!("\"{value}\" twice"), "name each once"))
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
