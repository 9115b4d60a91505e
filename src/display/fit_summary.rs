//! Fits as the summary a statistician expects, and as LaTeX.

use std::fmt::{self, Write};

use maud::html;

use crate::display::notebook;
use crate::display::table_view::number;
use crate::models::{Fit, Fits, Form, LEVEL};
use crate::robustness::p_value;

/// The columns of the coefficients.
const COEFFICIENTS: [&str; 7] = ["", "estimate", "std. error", "95 % from", "to", "t", "p"];

impl Fit {
    /// The fit as a LaTeX tabular, for a paper.
    pub fn latex(&self) -> String {
        let header = COEFFICIENTS.map(|name| match name {
            "t" | "p" => format!("${name}$"),
            _ => sentence_in_latex(name),
        });
        let mut text =
            format!("\\begin{{tabular}}{{lrrrrrr}}\n\\hline\n{} \\\\\n\\hline\n", header.join(" & "));
        for cells in coefficients(self) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{} \\\\", cells.map(|cell| in_latex(&cell)).join(" & "));
        }
        text.push_str("\\hline\n");
        for sentence in footing(self) {
            let _ = writeln!(text, "\\multicolumn{{7}}{{l}}{{{}}} \\\\", sentence_in_latex(&sentence));
        }
        text + "\\end{tabular}\n"
    }

    /// What stands beside the fit, in words: R² of the step model, the least x against all others, and R² and
    /// p of the refit without the least x.
    pub fn beside_in_words(&self) -> String {
        let beside = self.beside();
        let value = |wanted| beside.iter().find(|(name, _)| *name == wanted).and_then(|(_, value)| *value);
        let step = match value("step_r_squared") {
            Some(r_squared) => format!("step model R² = {r_squared:.4}"),
            None => "no step model".to_owned(),
        };
        match (value("trained_r_squared"), value("trained_p_value")) {
            (Some(r_squared), Some(p)) => {
                format!("{step}; without the least x R² = {r_squared:.4}, p = {}", p_value(p))
            }
            _ => format!("{step}; no fit without the least x"),
        }
    }

    /// Shows the fit in a notebook.
    pub fn evcxr_display(&self) {
        notebook::show_html(&self.html(), &self.to_string());
    }

    fn html(&self) -> String {
        let page = html! {
            p { strong { (heading(self)) } }
            table {
                thead { tr { @for name in COEFFICIENTS {
                    th style="text-align:right;white-space:nowrap" { (name) }
                } } }
                tbody { @for [name, cells @ ..] in coefficients(self) { tr {
                    th style="text-align:left" { (name) }
                    @for cell in cells { td style="text-align:right;white-space:nowrap" { (cell) } }
                } } }
            }
            @for sentence in footing(self) { p { (sentence) } }
        };
        page.into_string()
    }
}

impl fmt::Display for Fit {
    /// The summary as text.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", heading(self))?;
        let rows = coefficients(self);
        for [name, cells @ ..] in std::iter::once(COEFFICIENTS.map(String::from)).chain(rows) {
            write!(formatter, "{name:<10}")?;
            for cell in cells {
                write!(formatter, " {cell:>11}")?;
            }
            writeln!(formatter)?;
        }
        write!(formatter, "{}", footing(self).join("\n"))
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

/// Name, estimate, standard error, interval, t and p of intercept and slope.
fn coefficients(fit: &Fit) -> [[String; 7]; 2] {
    fit.coefficients().map(|row| {
        let [estimate, error, low, high] = [row.estimate, row.std_err, row.low, row.high].map(number);
        [row.name.to_owned(), estimate, error, low, high, format!("{:.2}", row.t), p_value(row.p_value)]
    })
}

/// What is said of the whole fit, and of the models beside it.
fn footing(fit: &Fit) -> [String; 3] {
    let freedom = fit.degrees_of_freedom();
    let interval = fit
        .r_squared_interval(LEVEL)
        .map_or(String::new(), |range| format!(" (95 % from {:.4} to {:.4})", range.low, range.high));
    [
        format!(
            "n = {}, residual standard error {} with {freedom} degrees of freedom, F(1, {freedom}) = {:.2}, p = {}",
            fit.n(),
            number(fit.residual_std_err()),
            fit.f(),
            p_value(fit.f_p_value())
        ),
        format!(
            "R = {:.4}, R² = {:.4}{interval}, adjusted R² = {:.4}",
            fit.r(),
            fit.r_squared(),
            fit.adjusted_r_squared()
        ),
        format!("beside it: {}", fit.beside_in_words()),
    ]
}

/// A sentence with numbers in LaTeX.
fn sentence_in_latex(sentence: &str) -> String {
    sentence.replace("R²", "$R^2$").replace("= -", "= $-$").replace('%', "\\%")
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
        notebook::show_html(&self.html(), &self.to_string());
    }

    pub(super) fn html(&self) -> String {
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
        page.into_string()
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
    use crate::models::fit;

    #[test]
    fn numbers_in_latex_have_a_minus_sign_and_powers_of_ten() {
        assert_eq!(in_latex("-1.75e-6"), r"$-1.75 \times 10^{-6}$");
        assert_eq!(in_latex("-0.0020"), "$-0.0020$");
        assert_eq!(["–", "exponential", "bird"].map(in_latex), ["--", "exponential", "bird"]);
    }

    #[test]
    fn a_summary_has_intervals_and_the_models_beside_the_fit() {
        let power = fit(Form::Power, &[1.0, 1.0, 2.0, 4.0, 8.0], &[1.0, 1.1, 2.0, 3.5, 9.0]).unwrap();
        let slope = power.slope_interval(0.95).unwrap();
        let expected = [
            number(slope.low),
            number(slope.high),
            number(power.residual_std_err()),
            format!("adjusted R² = {:.4}", power.adjusted_r_squared()),
            format!("F(1, 3) = {:.2}", power.f()),
            power.beside_in_words(),
        ];
        assert!(power.beside_in_words().contains("without the least x R² = 0."), "{power}");
        for number in expected {
            assert!(power.to_string().contains(&number), "{number} is not in\n{power}");
            assert!(power.html().contains(&number), "{number} is not in {}", power.html());
        }
        let latex = power.latex();
        assert!(latex.contains("95 \\% from") && latex.contains("step model $R^2$ = "), "{latex}");
    }

    #[test]
    fn a_fit_that_has_nothing_beside_it_says_so() {
        let line = fit(Form::Linear, &[1.0, 2.0, 3.0], &[1.0, 2.0, 2.5]).unwrap();
        assert!(line.beside_in_words().ends_with("no fit without the least x"));
    }
}
