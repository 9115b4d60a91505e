//! The ROC curve of the score against a person's labels.

use plotters::element::Circle;
use plotters::style::Color;

use super::axes::{Axis, Chart, axes, dots, path};
use super::palette::{GREY, INK, MANY_POINTS, PALE, POINTS, RED, Rgb};
use super::sheet::{PAGE, TEXT, figure, px, style};
use super::ticks::padded;
use super::{Area, Drawn, Figure, HPos, PX, VPos};
use crate::error::Result;
use crate::table::{Roc, RocPoint};
use crate::text::capital;
use crate::text::numbers::decimals;

/// Width of the curve with its axes, and height of all, in pixels.
const SQUARE: i32 = 310;
const HIGH: i32 = 312;
/// Height of the scores and of a line of the table below them, in pixels.
const SCORES: i32 = 190;
const LINE: i32 = 16;

impl Roc {
    /// The curve, and the scores of the maps that the person calls soft and of the others; with the threshold in use (red) and the two that
    /// agree best with the person (black: highest kappa; grey: highest Youden's J).
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no curve should cause.
    pub fn figure(&self) -> Result<Figure> {
        let title = format!("The score against the labels of {}", self.name());
        let interval = self.interval().map_or(String::new(), |interval| {
            format!(" (95 % interval {} to {})", decimals(interval.low, 3), decimals(interval.high, 3))
        });
        let caption = format!(
            "{}. Area under the curve {}{interval}; 0.5 is chance. A map counts as soft if its score is below the threshold. J is Youden's \
             index: the share of the soft maps below the threshold minus that of the others.",
            capital(&self.in_words()),
            decimals(self.auc(), 3),
        );
        figure(&title, [&title, &caption], (PAGE, HIGH), |_, body| {
            let (left, right) = body.split_horizontally(SQUARE * PX);
            self.curve(&left)?;
            let (above, below) = right.split_vertically(SCORES * PX);
            self.strips(&above)?;
            self.table(&below)
        })
    }

    /// The marked thresholds with their colours and radii, the largest first, so that each is seen if they are the same.
    fn marked(&self) -> Vec<(String, RocPoint, Rgb, f64)> {
        let mut marked = vec![
            ("highest J".to_owned(), self.best_by_youden(), GREY, 6.5),
            ("highest kappa".to_owned(), self.best_by_kappa(), INK, 4.5),
        ];
        marked.extend(self.in_use().map(|point| ("in use".to_owned(), point, RED, 2.75)));
        marked
    }

    fn curve(&self, area: &Area) -> Drawn {
        let x = Axis::new("share of the other maps below the threshold", 0.0..1.0, 6);
        let y = Axis::new("share of the soft maps below the threshold", 0.0..1.0, 6);
        let chart = axes(area, &x, &y, (8, 12))?;
        path(&chart, [(0.0, 0.0), (1.0, 1.0)], PALE, 0.75)?;
        let place = |point: &RocPoint| (1.0 - point.specificity, point.sensitivity);
        path(&chart, self.points().iter().map(place).collect::<Vec<_>>(), POINTS, 1.75)?;
        for (_, point, colour, radius) in self.marked() {
            chart.plotting_area().draw(&Circle::new(place(&point), px(radius), colour.ink().filled()))?;
        }
        Ok(())
    }

    /// Every score as a dot, in a row for each label.
    fn strips(&self, area: &Area) -> Drawn {
        let marked = self.marked();
        let thresholds = marked.iter().map(|(_, point, ..)| point.threshold);
        let x =
            Axis::new("score", padded(self.scores().iter().map(|(score, _)| *score).chain(thresholds)), 5);
        let y = Axis::plain(0.0..2.0);
        let inner = area.margin(0, 0, 60 * PX, 0);
        let chart = axes(&inner, &x, &y, (8, 12))?;
        for (row, name, is_soft) in [(1.5, "soft", true), (0.5, "not soft", false)] {
            strip(&chart, row, self.scores(), is_soft)?;
            let (_, middle) = chart.plotting_area().map_coordinate(&(x.range.start, row));
            let top = area.get_pixel_range().1.start;
            let right = style(TEXT, INK, HPos::Right, VPos::Center);
            area.draw_text(name, &right, (60 * PX, middle - top))?;
        }
        for (_, point, colour, radius) in marked {
            // The wider lines are drawn first.
            path(&chart, [(point.threshold, 0.0), (point.threshold, 2.0)], colour, radius / 2.0)?;
        }
        Ok(())
    }

    /// What the thresholds are, a line for each.
    fn table(&self, area: &Area) -> Drawn {
        const COLUMNS: [i32; 5] = [26, 190, 235, 275, 318];
        let text = |across| style(TEXT, INK, across, VPos::Center);
        let heads = ["threshold", "below", "kappa", "J", ""];
        let mut rows = vec![(None, heads.map(str::to_owned))];
        for (name, point, colour, radius) in self.marked().into_iter().rev() {
            let [threshold, kappa, youden] = [(point.threshold, 4), (point.kappa, 2), (point.youden(), 2)]
                .map(|(value, digits)| decimals(value, digits));
            rows.push((Some((colour, radius)), [name, threshold, kappa, youden, String::new()]));
        }
        for ((mark, cells), row) in rows.into_iter().zip(0..) {
            let middle = (14 + row * LINE) * PX;
            if let Some((colour, radius)) = mark {
                area.draw(&Circle::new((16 * PX, middle), px(radius), colour.ink().filled()))?;
            }
            for (column, cell) in cells.iter().enumerate() {
                let across = if column == 0 { HPos::Left } else { HPos::Right };
                area.draw_text(cell, &text(across), (COLUMNS[column] * PX, middle))?;
            }
        }
        Ok(())
    }
}

/// The scores of one label as dots, scattered up and down so that they do not hide each other.
fn strip(chart: &Chart, row: f64, scores: &[(f64, bool)], is_soft: bool) -> Drawn {
    /// The golden ratio's steps spread evenly.
    const STEP: f64 = 0.618_033_988_749_894_9;
    let own = scores.iter().filter(|score| score.1 == is_soft);
    let scattered = own.zip(1..).map(|(&(score, _), number): (_, u32)| {
        (score, row + 0.7 * ((f64::from(number) * STEP).fract() - 0.5))
    });
    dots(chart, &scattered.collect::<Vec<_>>(), 1.75, MANY_POINTS)
}
