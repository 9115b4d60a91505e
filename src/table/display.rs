//! The score table as text.

use std::fmt;

use super::ScoreTable;

impl fmt::Display for ScoreTable {
    /// The layer scores, one line a session, layer and image, in columns.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = ["session", "iterations", "layer", "image", "filters", "sum", "mean", "soft"];
        let mut lines = vec![header.map(str::to_string)];
        lines.extend(self.layer_scores().into_iter().map(|row| {
            [
                row.session,
                row.iterations.to_string(),
                row.layer.to_string(),
                row.image,
                row.filters.to_string(),
                format!("{:.4}", row.sum),
                format!("{:.4}", row.mean),
                row.soft_count.to_string(),
            ]
        }));
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<_> = (0..header.len()).map(width).collect();
        for line in &lines {
            for (column, (cell, &width)) in line.iter().zip(&widths).enumerate() {
                match column {
                    0 => write!(formatter, "{cell:<width$}")?,
                    3 => write!(formatter, "  {cell:<width$}")?,
                    _ => write!(formatter, "  {cell:>width$}")?,
                }
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}
