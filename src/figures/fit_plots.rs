//! Figure 8, the residuals of fits, and fitted lines with their points.

use std::ops::Range;

use super::accuracy::Line;
use super::axes::{Axis, axes, band, level, path, rings_in};
use super::palette::{self, GREY, RED};
use super::r_squared::{count, groups};
use super::sheet::{COLUMN, PAGE, TEXT, figure, panel, panel_room, style};
use super::ticks::{around_zero, padded};
use super::{Area, Drawn, Figure, Font, HPos, PX, VPos};
use crate::error::Result;
use crate::models::{Fit, Fits, Form};
use crate::stats::Interval;
use crate::text::capital;
use crate::text::numbers::decimals;

/// The level of the bands.
const LEVEL: f64 = 0.95;

impl Fit {
    /// Figure 8: the residuals of a fit against x, on the linearised scale, with a zero line. Repeated
    /// points show as overlapping rings.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no fit should cause.
    pub fn residual_plot(&self) -> Result<Figure> {
        let title = format!("Residuals of the {} model: {}", self.form(), self.group());
        let caption = format!("On the linearised scale; n = {}.", self.n());
        figure(&title, [&title, &caption], (COLUMN, 215), |_, body| {
            residuals(body, self, &format!("residual of {}", names(self).1), 4)
        })
    }

    /// The points of a fit and its line, on the linearised scale. The 95% confidence band of the line is shaded, and the
    /// 95% prediction band of a new point has thin lines.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no fit should cause.
    pub fn plot(&self) -> Result<Figure> {
        let title = format!("{} model: {}", capital(self.form().name()), self.group());
        let sign = if self.slope() < 0.0 { "−" } else { "+" };
        let (x_name, y_name) = names(self);
        let (intercept, slope) = (short(self.intercept()), short(self.slope().abs()));
        let caption = [
            format!("{y_name} = {intercept} {sign} {slope} · {x_name};"),
            format!("R² = {},", decimals(self.r_squared(), 4)),
            format!("p = {},", short(self.p_value())),
            format!("n = {}.", self.n()),
        ]
        // Spaces at which a line does not break.
        .map(|part| part.replace(' ', "\u{a0}"))
        .join(" ")
            + " Shaded: 95 % confidence band of the line; thin lines: 95 % prediction band.";
        let heights = self.fitted().iter().zip(self.residuals()).map(|(fitted, residual)| fitted + residual);
        let points: Vec<(f64, f64)> = self.linearised_x().iter().copied().zip(heights).collect();
        let x = Axis::new(x_name, padded(points.iter().map(|point| point.0)), 4);
        let (line_band, new_band) = bands(self, &x.range);
        let ends = new_band.iter().flat_map(|(_, band)| [band.low, band.high]);
        let heights = points.iter().map(|point| point.1).chain(self.fitted().iter().copied());
        let y = Axis::new(y_name, padded(heights.chain(ends)), 5);
        figure(&title, [&title, &caption], (COLUMN, 215), |_, body| {
            let chart = axes(body, &x, &y, (6, 24))?;
            band(&chart, &line_band)?;
            for end in [|band: &Interval| band.low, |band: &Interval| band.high] {
                let side: Vec<_> = new_band.iter().map(|(x, band)| (*x, end(band))).collect();
                path(&chart, side, RED, 0.5)?;
            }
            let line = Line { intercept: self.intercept(), slope: self.slope() };
            path(&chart, line.within(chart.x_range(), chart.y_range()), RED, 1.5)?;
            rings_in(&chart, &points, (2.75, 1.25), palette::form(self.form()))
        })
    }
}

impl Fits {
    /// The residuals of every fit as small multiples, on the linearised scale: a row for each layer and image, and a
    /// column for each form.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there is no fit.
    pub fn residual_plots(&self) -> Result<Figure> {
        let title = "Residuals of all models, on the linearised scale";
        let groups = groups(self, title)?;
        let row = if self.iter().all(is_study) { "session" } else { "row" };
        let caption = format!(
            "Linear: residuals of the score. Exponential and power: residuals of ln score. Each ring is a {row}; {} in each panel.",
            count(self)
        );
        figure(title, [title, &caption], (PAGE, 156 * groups.len() as i32), |_, body| {
            let panels = body.split_evenly((groups.len(), Form::ALL.len()));
            let cells = groups.iter().flat_map(|group| Form::ALL.map(|form| (group, form)));
            for (area, (group, form)) in panels.iter().zip(cells) {
                let below = panel(area, &panel_name(area, &group.to_string(), form), 8)?;
                match self.iter().find(|fit| fit.group() == group && fit.form() == form) {
                    Some(fit) => residuals(&below, fit, "residual", 3)?,
                    None => {
                        let grey = style(TEXT, GREY, HPos::Left, VPos::Top);
                        let is_line = self.iter().any(|fit| fit.group() == group);
                        let why = if is_line { "ln needs values above 0" } else { "the points make no line" };
                        area.draw_text(&format!("refused: {why}"), &grey, (4 * PX, 24 * PX))?;
                    }
                }
            }
            Ok(())
        })
    }
}

/// The name of a panel: layer, image and form. If it is too long, the image loses its end.
fn panel_name(area: &Area, group: &str, form: Form) -> String {
    let (group, form) = (group.replace(", image", ","), format!(": {form}"));
    let (font, room) = (Font::new(), panel_room(area));
    font.shorten(&group, TEXT, room - font.width(&form, TEXT)) + &form
}

/// The heights of a band at evenly spaced x.
type Band = Vec<(f64, Interval)>;

/// The confidence band and the prediction band of a fit on the linearised scale.
fn bands(fit: &Fit, x: &Range<f64>) -> (Band, Band) {
    const STEPS: usize = 60;
    let at = |step| {
        let at = x.start + (x.end - x.start) * step as f64 / STEPS as f64;
        let (line, new) = fit.linearised_bands(at, LEVEL).ok()?;
        // Far from the points a band can overflow.
        let finite = [line.low, line.high, new.low, new.high].iter().all(|end| end.is_finite());
        finite.then_some(((at, line), (at, new)))
    };
    (0..=STEPS).filter_map(at).unzip()
}

/// Draws residuals against linearised x in `area`, with at most `most` ticks on x.
fn residuals(area: &Area, fit: &Fit, y_name: &str, most: usize) -> Drawn {
    let points: Vec<_> = fit.linearised_x().iter().copied().zip(fit.residuals().iter().copied()).collect();
    let x_axis = Axis::new(names(fit).0, padded(fit.linearised_x().iter().copied()), most);
    // A range around zero with at most five ticks has at least three.
    let y_axis = Axis::new(y_name, around_zero(fit.residuals().iter().copied()), 5);
    let chart = axes(area, &x_axis, &y_axis, (6, 24))?;
    level(&chart, 0.0)?;
    rings_in(&chart, &points, (2.75, 1.25), palette::form(fit.form()))
}

/// Whether a fit has a layer and an image, as those of the study: they are of layer scores against iterations.
fn is_study(fit: &Fit) -> bool {
    ["layer", "image"].iter().all(|column| fit.group().value(column).is_some())
}

/// The names of linearised x and y.
fn names(fit: &Fit) -> (String, String) {
    let (x, y) = if is_study(fit) { ("iterations", "score") } else { ("x", "y") };
    let ln = |taken: bool, name: &str| if taken { format!("ln {name}") } else { name.to_string() };
    (ln(fit.form().takes_ln_x(), x), ln(fit.form().takes_ln_y(), y))
}

const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// A number with four significant digits, or with three and a power of ten if it is very small or large.
fn short(value: f64) -> String {
    if value != 0.0 && !(1e-3..1e6).contains(&value.abs()) {
        let text = format!("{value:.2e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let raised = exponent.chars().map(|letter| match letter {
            '-' => '⁻',
            digit => digit.to_digit(10).map_or(digit, |digit| SUPERSCRIPTS[digit as usize]),
        });
        return format!("{} × 10{}", mantissa.replace('-', "−"), raised.collect::<String>());
    }
    let digits = (3 - value.abs().max(1e-3).log10().floor() as i32).clamp(0, 6);
    decimals(value, digits as usize)
}
