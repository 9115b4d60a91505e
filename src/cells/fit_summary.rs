//! Fits as the summary a statistician expects, and as LaTeX.

use std::fmt::{self, Write};

use maud::html;

use super::table_view::number;
use crate::design::p_value;
use crate::models::{Fit, Fits, Form};
use crate::notebook;

impl Fit {
    /// The fit as a LaTeX tabular, for a paper.
    pub fn latex(&self) -> String {
        let mut text = String::from(
            "\\begin{tabular}{lrrrr}\n\\hline\n & estimate & std. error & $t$ & $p$ \\\\\n\\hline\n",
        );
        for [name, estimate, error, t, p] in coefficients(self) {
            // Writing to a String cannot fail.
            let cells = [estimate, error, t, p].map(|cell| in_latex(&cell)).join(" & ");
            let _ = writeln!(text, "{name} & {cells} \\\\");
        }
        let (r_squared, n, freedom) = (self.r_squared(), self.n(), self.degrees_of_freedom());
        let _ = writeln!(
            text,
            "\\hline\n\\multicolumn{{5}}{{l}}{{$R^2 = {r_squared:.4}$, $n = {n}$, {freedom} degrees of freedom}} \\\\"
        );
        text + "\\end{tabular}\n"
    }

    /// Shows the fit in a notebook.
    pub fn evcxr_display(&self) {
        let page = html! {
            p { strong { (heading(self)) } }
            table {
                thead { tr { @for name in ["", "estimate", "std. error", "t", "p"] {
                    th style="text-align:right;white-space:nowrap" { (name) }
                } } }
                tbody { @for [name, cells @ ..] in coefficients(self) { tr {
                    th style="text-align:left" { (name) }
                    @for cell in cells { td style="text-align:right;white-space:nowrap" { (cell) } }
                } } }
            }
            p { (footing(self)) }
        };
        notebook::show_html(&page.into_string(), &self.to_string());
    }
}

impl fmt::Display for Fit {
    /// The summary as text.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", heading(self))?;
        writeln!(formatter, "{:<10} {:>12} {:>12} {:>9} {:>9}", "", "estimate", "std. error", "t", "p")?;
        for [name, estimate, error, t, p] in coefficients(self) {
            writeln!(formatter, "{name:<10} {estimate:>12} {error:>12} {t:>9} {p:>9}")?;
        }
        write!(formatter, "{}", footing(self))
    }
}

fn heading(fit: &Fit) -> String {
    let equation = match fit.form() {
        Form::Linear => "y = a + b x",
        Form::Exponential => "ln y = a + b x",
        Form::Power => "ln y = a + b ln x",
    };
    format!("{}: {} model, {equation}", fit.group(), fit.form())
}

/// Name, estimate, standard error, t and p of slope and intercept.
fn coefficients(fit: &Fit) -> [[String; 5]; 2] {
    let row = |name: &str, estimate, error, t: f64, p| {
        [name.into(), number(estimate), number(error), format!("{t:.2}"), p_value(p)]
    };
    [
        row(
            "intercept",
            fit.intercept(),
            fit.intercept_std_err(),
            fit.intercept_t(),
            fit.intercept_p_value(),
        ),
        row("slope", fit.slope(), fit.slope_std_err(), fit.t(), fit.p_value()),
    ]
}

fn footing(fit: &Fit) -> String {
    format!(
        "R = {:.4}, R² = {:.4}, n = {}, {} degrees of freedom",
        fit.r(),
        fit.r_squared(),
        fit.n(),
        fit.degrees_of_freedom()
    )
}

/// A cell of a table in LaTeX: "-1.5e-6" as $-1.5 \times 10^{-6}$; what is no number as it is.
fn in_latex(cell: &str) -> String {
    match cell.split_once('e') {
        _ if cell.parse::<f64>().is_err() => cell.replace('–', "--"),
        Some((mantissa, exponent)) => format!("${mantissa} \\times 10^{{{exponent}}}$"),
        None => format!("${cell}$"),
    }
}

/// The columns of the table of fits.
const COLUMNS: [&str; 11] = [
    "layer",
    "image",
    "model",
    "n",
    "slope",
    "R",
    "R²",
    "t",
    "p",
    "step model R²",
    "R² without the least trained",
];

impl Fits {
    /// All fits as a LaTeX tabular, for a paper.
    pub fn latex(&self) -> String {
        let mut text = String::from("\\begin{tabular}{rllrrrrrrrr}\n\\hline\n");
        let header = COLUMNS.map(|name| name.replace("R²", "$R^2$"));
        let _ = writeln!(text, "{} \\\\\n\\hline", header.join(" & "));
        for cells in self.cells() {
            let _ = writeln!(text, "{} \\\\", cells.map(|cell| in_latex(&cell)).join(" & "));
        }
        text + "\\hline\n\\end{tabular}\n"
    }

    /// Shows the table of fits in a notebook, each with its controls.
    pub fn evcxr_display(&self) {
        let alignment = |column: usize| {
            if matches!(column, 1 | 2) { "text-align:left" } else { "text-align:right;white-space:nowrap" }
        };
        let page = html! {
            table {
                thead { tr { @for (column, name) in COLUMNS.into_iter().enumerate() {
                    // The long ones in two or three lines, so that a page is wide enough for all.
                    th style={ (alignment(column)) ";white-space:normal;max-width:8em" } { (name) }
                } } }
                tbody { @for cells in self.cells() { tr { @for (column, cell) in cells.iter().enumerate() {
                    td style=(alignment(column)) { (cell) }
                } } } }
            }
            @for refusal in self.refusals() { p { (refusal.reason()) } }
        };
        notebook::show_html(&page.into_string(), &self.to_string());
    }

    fn cells(&self) -> Vec<[String; 11]> {
        let row = |(fit, control): (&Fit, &crate::models::Control)| {
            let trained =
                control.without_untrained().map_or("–".into(), |fit| format!("{:.4}", fit.r_squared()));
            [
                control.layer().to_string(),
                control.image().to_owned(),
                fit.form().name().to_owned(),
                fit.n().to_string(),
                number(fit.slope()),
                format!("{:.4}", fit.r()),
                format!("{:.4}", fit.r_squared()),
                format!("{:.2}", fit.t()),
                p_value(fit.p_value()),
                format!("{:.4}", control.step_r_squared()),
                trained,
            ]
        };
        self.iter().zip(self.controls()).map(row).collect()
    }
}

impl fmt::Display for Fits {
    /// The table of fits as text.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = vec![COLUMNS.map(String::from)];
        lines.extend(self.cells());
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; 11] = std::array::from_fn(width);
        for line in &lines {
            let cells: Vec<String> =
                line.iter().zip(widths).map(|(cell, width)| format!("{cell:>width$}")).collect();
            writeln!(formatter, "{}", cells.join("  "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_latex_have_a_minus_sign_and_powers_of_ten() {
        assert_eq!(in_latex("-1.75e-6"), r"$-1.75 \times 10^{-6}$");
        assert_eq!(in_latex("-0.0020"), "$-0.0020$");
        assert_eq!(["–", "exponential", "bird"].map(in_latex), ["--", "exponential", "bird"]);
    }
}
