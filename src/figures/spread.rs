//! The spread of R² over subsamples of sessions.

use plotters::element::{Circle, Polygon};
use plotters::style::Color;

use super::axes::{Axis, axes, path};
use super::palette::{GREY, INK, PALE, RED, form};
use super::sheet::{PAGE, TEXT, figure, forms_legend, line, px, stroke, style};
use super::{Figure, Font, HPos, PX, VPos};
use crate::error::{Error, Result};
use crate::models::Form;
use crate::robustness::{
    AnyMeasure, FormSpread, PUBLISHED_R_SQUARED, ResponseRobustness, Robustness, SubsampleDesign,
};
use crate::text::numbers::{grouped, numbered};

/// Height of one interval, and of the space between two groups, in pixels.
const ROW: i32 = 15;
const SPACE: i32 = 6;
/// Instead of a row whose R² is not known in some subsample: those of equal scores have none.
const NO_SPREAD: &str = "no R²: a subsample has equal scores";
/// Width of the names on the left, in pixels.
const NAMES: i32 = 190;

impl Figure {
    /// The spread of R² over the subsamples for one measure: a row for each layer, set of pictures and form.
    ///
    /// A thin line covers the middle 95% of the subsamples and a thick line the middle half; the dot is the median. The grey stroke is the
    /// median R² of the step model on the same scores. The red diamonds are the two R² that the paper published, on the
    /// rows of layer 2, power, for the bird and for static. A form without R² in one of the subsamples says so in its row.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if the measure is not among those that were scored.
    pub fn r_squared_spread(robustness: &Robustness, measure: impl Into<AnyMeasure>) -> Result<Self> {
        let measure = measure.into();
        let title = format!(
            "R² in {} subsamples: {}",
            grouped(robustness.options.subsamples.draws as u64),
            measure.in_words()
        );
        let shown = responses_of(robustness, measure, &title)?;
        let caption = caption(robustness, &shown);
        let tall = shown.iter().map(|response| response.forms.len() as i32 * ROW + SPACE).sum::<i32>();
        let x = Axis::new("R²", 0.0..1.0, 6);
        let y = Axis::plain(f64::from(tall)..0.0);
        figure(&title, [&title, &caption], (PAGE, 22 + tall + 44), |area, body| {
            forms_legend(body)?;
            let below = body.margin(22 * PX, 0, NAMES * PX, 0);
            let chart = axes(&below, &x, &y, (2, 16))?;
            let plot = chart.plotting_area();
            for &value in x.ticks.values.iter().filter(|&&value| value > 0.0) {
                path(&chart, [(value, 0.0), (value, y.range.start)], PALE, 0.4)?;
            }
            let mut start = f64::from(SPACE) / 2.0;
            for response in shown {
                let middle_of_group = start + response.forms.len() as f64 * f64::from(ROW) / 2.0;
                let name = Font::new().shorten(&response.place(), TEXT, f64::from(NAMES - 12));
                let place = ((NAMES - 6) * PX, 24 * PX + (middle_of_group * f64::from(PX)) as i32);
                body.draw_text(&name, &style(TEXT, INK, HPos::Right, VPos::Center), place)?;
                for spread in &response.forms {
                    let at = start + f64::from(ROW) / 2.0;
                    start += f64::from(ROW);
                    if !is_drawn(spread) {
                        let (across, down) = plot.map_coordinate(&(0.0, at));
                        let corner = body.get_base_pixel();
                        let place = (across - corner.0 + 6 * PX, down - corner.1);
                        body.draw_text(NO_SPREAD, &style(TEXT, INK, HPos::Left, VPos::Center), place)?;
                        continue;
                    }
                    let colour = form(spread.form);
                    let [low, lower, median, upper, high] =
                        spread.quantiles().map(|value| value.clamp(0.0, 1.0));
                    path(&chart, [(low, at), (high, at)], colour, 1.25)?;
                    path(&chart, [(lower, at), (upper, at)], colour, 4.5)?;
                    plot.draw(&Circle::new((median, at), px(3.0), INK.ink().filled()))?;
                    let step = spread.step_median();
                    path(&chart, [(step, at - 5.5), (step, at + 5.5)], GREY, 1.75)?;
                    if let Some(value) = published(response, spread) {
                        let (wide, high) = (0.008, 4.5);
                        let corners = [(0.0, -high), (wide, 0.0), (0.0, high), (-wide, 0.0), (0.0, -high)];
                        let corners: Vec<_> = corners.map(|(x, y)| (value + x, at + y)).to_vec();
                        plot.draw(&Polygon::new(corners, RED.ink().filled()))?;
                    }
                }
                start += f64::from(SPACE);
            }
            let (across, down) = plot.get_pixel_range();
            area.draw(&line((across.start, down.start), (across.start, down.end), stroke(INK, 0.75)))
        })
    }
}

/// Says what is drawn, of how many sessions.
fn caption(robustness: &Robustness, shown: &[&ResponseRobustness]) -> String {
    let subsamples = &robustness.options.subsamples;
    let sessions = numbered(robustness.sessions as u64, "session");
    let mut caption = if subsamples.levels == SubsampleDesign::default().levels {
        format!("Subsamples like the paper's of {sessions}.")
    } else {
        format!("Subsamples of {} of {sessions}.", subsamples.x().len())
    };
    let rows =
        || shown.iter().flat_map(|response| response.forms.iter().map(move |spread| (response, spread)));
    if rows().any(|(_, spread)| is_drawn(spread)) {
        caption += " Thin line: the middle 95 % of the subsamples; thick: the middle half; dot: median. Grey stroke: median of \
                    the step model.";
    }
    if rows().any(|(response, spread)| is_drawn(spread) && published(response, spread).is_some()) {
        caption += " Red: published.";
    }
    caption
}

/// Whether every subsample has an R².
fn is_drawn(spread: &FormSpread) -> bool {
    spread.r_squared.iter().all(|value| !value.is_nan())
}

/// The R² that the paper published for a row.
fn published(response: &ResponseRobustness, spread: &FormSpread) -> Option<f64> {
    let compared = response.layer == 2 && spread.form == Form::Power;
    let images = response.images.as_deref().filter(|_| compared)?;
    PUBLISHED_R_SQUARED.iter().find(|(name, _)| *name == images).map(|(_, value)| *value)
}

/// The results for one measure, in their order.
///
/// # Errors
/// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw) if there are none.
pub(super) fn responses_of<'a>(
    robustness: &'a Robustness,
    measure: AnyMeasure,
    title: &str,
) -> Result<Vec<&'a ResponseRobustness>> {
    let responses = robustness.responses.iter();
    let found: Vec<_> = responses.filter(|response| response.measure == measure).collect();
    if found.is_empty() {
        let problem = format!("there are no results for the measure {measure}");
        return Err(Error::nothing_to_draw(title, problem));
    }
    Ok(found)
}
