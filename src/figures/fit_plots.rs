//! Figure 8, residuals, and the fitted line through its points.

use std::ops::Range;

use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::Color;
use plotters_backend::text_anchor::{HPos, VPos};

use super::Figure;
use super::accuracy::Line;
use super::axes::{Axis, axes};
use super::canvas::{Area, Drawn, PX, draw};
use super::palette::{GREY, INK, POINTS, RED};
use super::r_squared::groups;
use super::sheet::{COLUMN, Header, PAGE, TEXT, px, stroke, style};
use super::text::Font;
use super::ticks::{around_zero, number, padded};
use crate::error::{Error, Failure, Result};
use crate::models::{Fit, Fits, Form};
use crate::stats::Interval;

/// The level of the bands.
const LEVEL: f64 = 0.95;

/// Figure 8: the residuals of a fit against x, on the straightened scale, with a zero line. Repeated
/// points show as overlapping rings.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no fit should meet.
pub fn residual_plot(fit: &Fit) -> Result<Figure> {
    let title = format!("Residuals of the {} model", fit.form());
    let header = Header::new(&title, &subject(fit), COLUMN);
    let top = header.height();
    draw(&format!("{title}, {}", fit.group()), (COLUMN, (top + 215) as u32), |area| {
        header.draw(area)?;
        residuals(&area.margin(top * PX, 0, 0, 0), fit, &format!("residual of {}", names(fit).1), 4)
    })
}

/// The residuals of every fit as small multiples: one row for each layer and image, one column for each form.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) where there is no fit.
pub fn residual_plots(fits: &Fits) -> Result<Figure> {
    let title = "Residuals of all models, on the straightened scale";
    let groups = groups(fits);
    if groups.is_empty() {
        return Err(Error::from(Failure::NothingToDraw {
            figure: title.into(),
            problem: "there are no fits".into(),
        }));
    }
    let caption = "Linear: residuals of the score. Exponential and power: residuals of ln score.";
    let header = Header::new(title, caption, PAGE);
    let (top, each) = (header.height(), 156);
    draw(title, (PAGE, (top + each * groups.len() as i32) as u32), |area| {
        header.draw(area)?;
        let panels = area.margin(top * PX, 0, 0, 0).split_evenly((groups.len(), Form::ALL.len()));
        let cells = groups.iter().flat_map(|group| Form::ALL.map(|form| (group, form)));
        for (panel, (group, form)) in panels.iter().zip(cells) {
            let name = format!("{group}: {form}").replace(", image", ",");
            let width = f64::from(panel.dim_in_pixel().0) / f64::from(PX) - 8.0;
            let name = Font::new().shorten(&name, TEXT, width);
            panel.draw_text(&name, &style(TEXT, INK, HPos::Left, VPos::Top), (4 * PX, 0))?;
            match fits.iter().find(|fit| fit.group() == group && fit.form() == form) {
                Some(fit) => residuals(&panel.margin(17 * PX, 8 * PX, 0, 4 * PX), fit, "residual", 3)?,
                None => {
                    let grey = style(TEXT, GREY, HPos::Left, VPos::Top);
                    panel.draw_text("refused: ln needs values above 0", &grey, (4 * PX, 24 * PX))?;
                }
            }
        }
        Ok(())
    })
}

/// A fit's points and its line, on the straightened scale, where the line is straight, with the 95% confidence band of
/// the line (shaded) and the 95% prediction band of a new point (thin lines).
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no fit should meet.
pub fn fit_plot(fit: &Fit) -> Result<Figure> {
    let title = format!("{} model: {}", capital(fit.form().name()), fit.group());
    let sign = if fit.slope() < 0.0 { "−" } else { "+" };
    let (x_name, y_name) = names(fit);
    let (intercept, slope) = (short(fit.intercept()), short(fit.slope().abs()));
    let caption = [
        format!("{y_name} = {intercept} {sign} {slope} · {x_name};"),
        format!("R² = {},", number(fit.r_squared(), 4)),
        format!("p = {},", short(fit.p_value())),
        format!("n = {}.", fit.n()),
    ]
    .map(|part| whole(&part))
    .join(" ")
        + " Shaded: 95% band of the line; thin: of a new point.";
    let header = Header::new(&title, &caption, COLUMN);
    let top = header.height();
    let points: Vec<(f64, f64)> = fit
        .linearised_x()
        .iter()
        .copied()
        .zip(fit.fitted().iter().zip(fit.residuals()).map(|(fitted, residual)| fitted + residual))
        .collect();
    let x = Axis::new(x_name, padded(points.iter().map(|point| point.0)), 4);
    let bands = Bands::of(fit, &x.range);
    let heights = points.iter().map(|point| point.1).chain(fit.fitted().iter().copied());
    let y = Axis::new(y_name, padded(heights.chain(bands.ends())), 5);
    draw(&title, (COLUMN, (top + 215) as u32), |area| {
        header.draw(area)?;
        let below = area.margin(top * PX, 0, 0, 0);
        let chart = axes(&below, &x, &y, (6, 24))?;
        let plot = chart.plotting_area();
        if bands.line.len() > 1 {
            plot.draw(&Polygon::new(bands.outline(), RED.ink().mix(0.15).filled()))?;
        }
        for side in bands.new_point() {
            plot.draw(&PathElement::new(side, stroke(RED, 0.5)))?;
        }
        let line = Line { intercept: fit.intercept(), slope: fit.slope() };
        let ends = line.within(x.range.clone(), y.range.clone());
        plot.draw(&PathElement::new(ends.to_vec(), stroke(RED, 1.5)))?;
        for &point in &points {
            plot.draw(&Circle::new(point, px(2.75), stroke(POINTS, 1.25)))?;
        }
        Ok(())
    })
}

/// The bands of a fit on the straightened scale, at evenly spaced x.
struct Bands {
    /// x, and the confidence band there.
    line: Vec<(f64, Interval)>,
    /// The prediction bands at the same x.
    new: Vec<Interval>,
}

impl Bands {
    fn of(fit: &Fit, x: &Range<f64>) -> Self {
        const STEPS: usize = 60;
        let form = fit.form();
        let straight = |band: Interval| match form.takes_ln_y() {
            true => Interval { low: band.low.ln(), high: band.high.ln() },
            false => band,
        };
        let mut bands = Self { line: Vec::new(), new: Vec::new() };
        for step in 0..=STEPS {
            let at = x.start + (x.end - x.start) * step as f64 / STEPS as f64;
            let original = if form.takes_ln_x() { at.exp() } else { at };
            let of = [fit.confidence_band(original, LEVEL), fit.prediction_band(original, LEVEL)];
            let [Ok(line), Ok(new)] = of.map(|band| band.map(straight)) else { continue };
            // Far from the points a band may leave the numbers there are.
            if [line.low, line.high, new.low, new.high].iter().all(|end| end.is_finite()) {
                bands.line.push((at, line));
                bands.new.push(new);
            }
        }
        bands
    }

    /// All heights that the bands reach.
    fn ends(&self) -> impl Iterator<Item = f64> {
        self.new.iter().flat_map(|band| [band.low, band.high])
    }

    /// Round the confidence band.
    fn outline(&self) -> Vec<(f64, f64)> {
        let upper = self.line.iter().map(|(x, band)| (*x, band.high));
        upper.chain(self.line.iter().rev().map(|(x, band)| (*x, band.low))).collect()
    }

    /// Lower and upper side of the prediction band.
    fn new_point(&self) -> [Vec<(f64, f64)>; 2] {
        let side = |end: fn(&Interval) -> f64| {
            self.line.iter().zip(&self.new).map(|((x, _), band)| (*x, end(band))).collect()
        };
        [side(|band| band.low), side(|band| band.high)]
    }
}

/// Residuals against straightened x in `area`, with at most `most` ticks on x.
fn residuals(area: &Area, fit: &Fit, y_name: &str, most: usize) -> Drawn {
    let x = fit.linearised_x();
    let x_axis = Axis::new(names(fit).0, padded(x.iter().copied()), most);
    // Around zero, five are three at least.
    let y_axis = Axis::new(y_name, around_zero(fit.residuals().iter().copied()), 5);
    let chart = axes(area, &x_axis, &y_axis, (6, 24))?;
    let plot = chart.plotting_area();
    let zero = vec![(x_axis.range.start, 0.0), (x_axis.range.end, 0.0)];
    plot.draw(&PathElement::new(zero, stroke(GREY, 0.75)))?;
    for (x, residual) in x.iter().zip(fit.residuals()) {
        plot.draw(&Circle::new((*x, *residual), px(2.75), stroke(POINTS, 1.25)))?;
    }
    Ok(())
}

/// What straightened x and y are called. Fits of the study, by layer and image, are of layer scores against iterations.
fn names(fit: &Fit) -> (String, String) {
    let group = fit.group();
    let study = group.value("layer").is_some() && group.value("image").is_some();
    let (x, y) = if study { ("iterations", "score") } else { ("x", "y") };
    let ln = |taken: bool, name: &str| if taken { format!("ln {name}") } else { name.to_string() };
    (ln(fit.form().takes_ln_x(), x), ln(fit.form().takes_ln_y(), y))
}

/// What was fitted: "Layer 2, image bird".
fn subject(fit: &Fit) -> String {
    capital(&fit.group().to_string())
}

/// Words that stay on one line.
fn whole(words: &str) -> String {
    words.replace(' ', "\u{a0}")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// A number with four significant digits, or three and a power of ten where it is very small or large.
fn short(value: f64) -> String {
    if value != 0.0 && !(1e-3..1e6).contains(&value.abs()) {
        let text = format!("{value:.2e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let raised = exponent.chars().map(|letter| match letter {
            '-' => '⁻',
            digit => digit.to_digit(10).map_or(digit, |digit| SUPERSCRIPTS[digit as usize]),
        });
        return format!("{} × 10{}", digits.replace('-', "−"), raised.collect::<String>());
    }
    let decimals = (3 - value.abs().max(1e-3).log10().floor() as i32).clamp(0, 6);
    number(value, decimals as usize)
}
