//! The one table of the crate: as text, as HTML and as LaTeX.

use std::fmt;

use maud::{Markup, html};

/// Rows of texts under a header, with a title above and sentences below.
///
/// How a column is set is said as in LaTeX, by a letter for each column: `l` texts on the left, `r` numbers on the
/// right.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    title: Option<String>,
    /// Whether each column holds numbers.
    right: Vec<bool>,
    /// Empty if the first column of each row names what the others are.
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
    strong: Option<String>,
}

impl Table {
    /// A table of `columns`, such as "lrr", under `header`.
    pub fn new<H, R>(columns: &str, header: H, rows: impl IntoIterator<Item = R>) -> Self
    where
        H: IntoIterator,
        H::Item: Into<String>,
        R: Into<Vec<String>>,
    {
        let header: Vec<String> = header.into_iter().map(Into::into).collect();
        let rows: Vec<Vec<String>> = rows.into_iter().map(Into::into).collect();
        let right: Vec<bool> = columns.chars().map(|letter| letter == 'r').collect();
        debug_assert!(header.is_empty() || header.len() == right.len(), "a name for each column");
        debug_assert!(rows.iter().all(|row| row.len() == right.len()), "a cell for each column");
        Self { right, header, rows, ..Self::default() }
    }

    /// Names and values, without a header.
    pub fn facts<N: Into<String>>(facts: impl IntoIterator<Item = (N, String)>) -> Self {
        let rows = facts.into_iter().map(|(name, value)| [name.into(), value]);
        Self::new("ll", [""; 0], rows)
    }

    /// With a title above.
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    /// With more sentences below.
    pub fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// With `rows` rows at most, and a sentence below that tells how many there are if some are left out.
    pub fn at_most(mut self, rows: usize) -> Self {
        let all = self.rows.len();
        self.rows.truncate(rows);
        self.out_of(all)
    }

    /// As the first rows of a table of `all` rows, which a sentence below tells if there are more.
    pub fn out_of(mut self, all: usize) -> Self {
        let shown = self.rows.len();
        if shown < all {
            self.notes.push(format!("{shown} of {all} rows"));
        }
        self
    }

    /// With every cell of this text in bold type, in HTML.
    pub fn strong(self, cell: impl Into<String>) -> Self {
        Self { strong: Some(cell.into()), ..self }
    }

    /// The table as HTML. Minus signs are true ones in columns of numbers.
    pub fn markup(&self) -> Markup {
        let head = |column: usize| {
            let side = if self.right[column] { "right" } else { "left" };
            // A name of several words takes two or three lines, so that a page is wide enough for all columns. A
            // name of one word would stick out of its cell.
            let width = if self.header[column].contains(' ') { ";max-width:8em" } else { "" };
            format!("text-align:{side}{width}")
        };
        let style = |column: usize| match self.right[column] {
            true => "text-align:right;white-space:nowrap",
            false => "text-align:left",
        };
        let text = |column: usize, cell: &str| match self.right[column] {
            true => cell.replace('-', "−"),
            false => cell.to_owned(),
        };
        html! {
            @if let Some(title) = &self.title { p { strong { (title) } } }
            table {
                @if !self.header.is_empty() {
                    thead { tr { @for (column, name) in self.header.iter().enumerate() {
                        th style=(head(column)) { (name) }
                    } } }
                }
                tbody { @for row in &self.rows { tr { @for (column, cell) in row.iter().enumerate() {
                    @if column == 0 && self.header.is_empty() {
                        th style="text-align:left;white-space:nowrap" { (cell) }
                    } @else {
                        td style=(style(column)) {
                            @if self.strong.as_ref() == Some(cell) { strong { (cell) } }
                            @else { (text(column, cell)) }
                        }
                    }
                } } } }
            }
            @for note in &self.notes { p { (note) } }
        }
    }

    /// The table as a LaTeX tabular, without its title.
    pub fn latex(&self) -> String {
        let columns: String = self.right.iter().map(|&right| if right { 'r' } else { 'l' }).collect();
        let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
        let mut text = format!("\\begin{{tabular}}{{{columns}}}\n\\hline\n");
        text += &line(self.header.iter().map(|name| sentence_in_latex(name)).collect());
        text += "\\hline\n";
        for row in &self.rows {
            text += &line(row.iter().map(|cell| cell_in_latex(cell)).collect());
        }
        text += "\\hline\n";
        for note in &self.notes {
            let note = sentence_in_latex(note);
            text += &format!("\\multicolumn{{{}}}{{l}}{{{note}}} \\\\\n", columns.len());
        }
        text + "\\end{tabular}\n"
    }
}

impl fmt::Display for Table {
    /// The table as text in columns, without a line end after its last line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = (!self.header.is_empty()).then_some(&self.header);
        let rows: Vec<&Vec<String>> = header.into_iter().chain(&self.rows).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.right.len()).map(width).collect();
        let line = |row: &&Vec<String>| {
            let cells = row.iter().zip(&widths).zip(&self.right).map(|((cell, &width), right)| match right {
                true => format!("{cell:>width$}"),
                false => format!("{cell:<width$}"),
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let lines: Vec<String> = self
            .title
            .iter()
            .cloned()
            .chain(rows.iter().map(line))
            .chain(self.notes.iter().cloned())
            .collect();
        formatter.write_str(&lines.join("\n"))
    }
}

/// A sentence or a name with numbers in LaTeX.
fn sentence_in_latex(sentence: &str) -> String {
    match sentence {
        "n" | "t" | "p" | "R" => format!("${sentence}$"),
        _ => escaped(sentence).replace("R²", "$R^2$").replace("= -", "= $-$"),
    }
}

/// A cell in LaTeX: "-1.5e-6" as $-1.5 \times 10^{-6}$, and everything else as it is.
fn cell_in_latex(cell: &str) -> String {
    match cell.split_once('e') {
        _ if cell.parse::<f64>().is_err() => escaped(cell).replace('–', "--"),
        Some((mantissa, exponent)) => format!("${mantissa} \\times 10^{{{exponent}}}$"),
        None => format!("${cell}$"),
    }
}

/// A text with the letters that are commands in LaTeX as themselves.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', letter]),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '\\' => escaped.push_str("\\textbackslash{}"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::new("lr", ["name", "R²"], [["a<b", "-0.5"], ["c", "12"]].map(|row| row.map(String::from)))
    }

    #[test]
    fn numbers_are_on_the_right_and_long_tables_are_cut() {
        assert_eq!(table().to_string(), "name    R²\na<b   -0.5\nc       12");
        let cut = table().title("A title").at_most(1).notes(["A note.".into()]);
        assert_eq!(cut.to_string(), "A title\nname    R²\na<b   -0.5\n1 of 2 rows\nA note.");
        assert_eq!(
            Table::facts([("from", "1".to_owned()), ("to", "-2".into())]).to_string(),
            "from  1\nto    -2"
        );
    }

    #[test]
    fn html_is_escaped_and_has_true_minus_signs() {
        assert_eq!(
            table().strong("12").at_most(2).markup().into_string(),
            "<table><thead><tr><th style=\"text-align:left\">name</th>\
             <th style=\"text-align:right\">R²</th></tr></thead><tbody>\
             <tr><td style=\"text-align:left\">a&lt;b</td>\
             <td style=\"text-align:right;white-space:nowrap\">−0.5</td></tr>\
             <tr><td style=\"text-align:left\">c</td>\
             <td style=\"text-align:right;white-space:nowrap\"><strong>12</strong></td></tr></tbody></table>"
        );
    }

    #[test]
    fn only_a_name_of_several_words_is_broken_into_lines() {
        let table = Table::new(
            "rr",
            ["degrees_of_freedom", "R² without the least trained"],
            [["9", "0.5"].map(String::from)],
        );
        let html = table.markup().into_string();
        assert!(html.contains("<th style=\"text-align:right\">degrees_of_freedom</th>"), "{html}");
        assert!(html.contains("<th style=\"text-align:right;max-width:8em\">R² without"), "{html}");
    }

    #[test]
    fn latex_has_minus_signs_and_powers_of_ten() {
        assert_eq!(
            table().notes(["R² = -1 at 95 %".into()]).latex(),
            "\\begin{tabular}{lr}\n\\hline\nname & $R^2$ \\\\\n\\hline\na<b & $-0.5$ \\\\\nc & $12$ \\\\\n\\hline\n\
             \\multicolumn{2}{l}{$R^2$ = $-$1 at 95 \\%} \\\\\n\\end{tabular}\n"
        );
        assert_eq!(cell_in_latex("-1.75e-6"), r"$-1.75 \times 10^{-6}$");
        assert_eq!(["–", "exponential", "bird"].map(cell_in_latex), ["--", "exponential", "bird"]);
    }

    #[test]
    fn latex_has_no_name_that_is_a_command() {
        let names = ["my_bird & 50% #1.png", r"$x^2$ ~{a}\n", "R² = -1, p_0"];
        assert_eq!(names.map(cell_in_latex)[0], r"my\_bird \& 50\% \#1.png");
        assert_eq!(
            names.map(sentence_in_latex),
            [
                r"my\_bird \& 50\% \#1.png",
                r"\$x\textasciicircum{}2\$ \textasciitilde{}\{a\}\textbackslash{}n",
                r"$R^2$ = $-$1, p\_0",
            ]
        );
        let latex = Table::new("ll", ["a_b", "c"], [["d & e", "f"]].map(|row| row.map(String::from))).latex();
        // As many cells in each row as there are columns.
        assert!(latex.contains("a\\_b & c \\\\\n") && latex.contains("d \\& e & f \\\\\n"), "{latex}");
    }
}
