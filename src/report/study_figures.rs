//! Which sessions and fits the eight figures of the study show.

use crate::error::Result;
use crate::figures::{Figure, r_squared_chart};
use crate::models::{Form, LEAST_POINTS};
use crate::report::Study;
use crate::responses::Reading;
use crate::session::Session;
use crate::text::numbers::{is_or_are, iterations};

/// One figure of the study.
#[derive(Debug, Clone)]
pub(super) struct StudyFigure {
    /// "Figure 8". Figures 1 to 8 have their numbers in the paper; those that the paper does not have follow.
    pub name: String,
    /// The name of its files without the ending: "figure-8", "figure-8-all".
    pub file_stem: String,
    /// What it shows, in sentences.
    pub caption: String,
    pub figure: Figure,
}

/// The numbers of the figures that the paper does not have: the residuals of all fits, and the second study's on the bird and on static.
const RESIDUALS: u32 = 9;
pub(super) const MANY_SESSIONS: [(u32, &str); 2] = [(10, "bird"), (11, "static")];

/// The figures of the paper that a study may not have, and why.
pub(super) const NOT_ALWAYS: [(&str, &str); 3] = [
    ("Figure 5", "no level of more iterations than the shortest trained one has two sessions"),
    ("Figure 6", "the longest session was evaluated fewer than three times"),
    ("Figure 8", "the power model of layer 2 could not be fitted"),
];

/// The figures of a study. The paper compares its shortest trained level (2,000) with the longest one that has two sessions
/// (30,000), and draws the accuracy of one session; here it is the longest. Of two levels, both are compared.
/// There is no figure 5 if no longer level has two sessions, and no figure 6 if the longest session was evaluated
/// fewer than three times.
pub(super) fn figures(study: &Study) -> Result<Vec<StudyFigure>> {
    let sessions = &study.sessions;
    let of_level = |level: u64| sessions.iter().filter(move |session| session.iterations() == level);
    let least = sessions.iter().map(Session::iterations).min().unwrap_or_default();
    let trained = || sessions.iter().map(Session::iterations).filter(|&level| level > least);
    let longest = trained().max().unwrap_or(least);
    let short = trained().min().filter(|&level| level < longest).unwrap_or(least);
    let long =
        trained().filter(|&level| level > short && of_level(level).count() > 1).max().unwrap_or(longest);
    let bird = &study.pictures[0];
    let response = study.options.response;
    let under = match response.reading {
        Reading::ForwardPass => String::new(),
        reading => format!(", reading: {}", reading.in_words()),
    };
    let mut figures = Vec::new();
    let mut add = |number: u32, file_stem: Option<&str>, caption, figure| {
        let name = format!("Figure {number}");
        let file_stem = file_stem.map_or_else(|| format!("figure-{number}"), str::to_owned);
        figures.push(StudyFigure { name, file_stem, caption, figure });
    };

    for (number, session) in (1..).zip(of_level(short).take(1).chain(of_level(long).take(1))) {
        let title = format!("Filters of layer 1 after {}", iterations(session.iterations()));
        let caption = format!(
            "{title} (session {}). Each filter has one kernel for each colour channel; blue is negative, white \
             zero, red positive.",
            session.name()
        );
        add(number, None, caption, session.filters(1)?.grid_titled(&title)?);
    }
    for (number, session) in (3..).zip(of_level(short).take(1).chain(of_level(long).take(2))) {
        let soft = study.table.soft(session.name(), 1, bird.name())?;
        let through = if soft.len() == 1 { "only filter".into() } else { format!("{} filters", soft.len()) };
        let caption = format!(
            "The {} through the {through} of layer 1 after {} (session {}){under}. {}",
            bird.name(),
            iterations(session.iterations()),
            session.name(),
            softness(&soft, if response.reading == Reading::EachKernel { "filter" } else { "image" }),
        );
        add(number, None, caption, response.grid(session, 1, bird, &study.table)?);
    }
    let has_curve = |session: &&Session| session.history().len() >= LEAST_POINTS;
    for session in of_level(longest).take(1).filter(has_curve) {
        let every = session.training().evaluate_every;
        let often = if every == 0 { "at the end".into() } else { format!("every {}", iterations(every)) };
        let on = if session.is_evaluated_on_all() {
            "on all test images, as is the final one, which"
        } else {
            "on a part of the test images; the final accuracy on all of them"
        };
        let caption = format!(
            "Test accuracy {often} over {} (session {}), with its least-squares line in red. Each \
             point is the accuracy {on} is {:.2} %.",
            iterations(session.iterations()),
            session.name(),
            100.0 * session.test_accuracy().unwrap_or(f64::NAN),
        );
        add(6, None, caption, session.accuracy_curve()?);
    }
    let caption = format!(
        "R² of the fits of the layer scores of {} sessions against iterations, by layer, image and model. The exponential and power \
         models are linearised: their R² is that of ln score.",
        sessions.len()
    );
    add(7, None, caption, r_squared_chart(&study.fits)?);
    let caption = format!(
        "Residuals of the power model: the {} through layer 2. One ring per session, n = {}; x is the natural logarithm of its \
         iterations.",
        bird.name(),
        sessions.len()
    );
    if let Ok(fit) = study.fits.get(2, bird.name(), Form::Power) {
        add(8, None, caption, fit.residual_plot()?);
    }
    let caption = format!(
        "Residuals of all fits, on the linearised scale of each. One ring per session, {} in each panel.",
        sessions.len()
    );
    add(RESIDUALS, Some("figure-8-all"), caption, study.fits.residual_plots()?);
    Ok(figures)
}

/// How many filters, or images of them, are soft, as a sentence. `what` is one of them: "image".
fn softness(soft: &[bool], what: &str) -> String {
    const THRESHOLD: &str = "below the 5th percentile of untrained filters";
    let count = soft.iter().filter(|&&soft| soft).count() as u64;
    match soft {
        [true] => format!("The {what} is soft, outlined in red: its score is {THRESHOLD}."),
        [false] => format!("The {what} is not soft: its score is not {THRESHOLD}."),
        _ => {
            let (are, their) = (is_or_are(count), if count == 1 { "its" } else { "their" });
            format!("{count} of the {what}s {are} soft, outlined in red: {their} score is {THRESHOLD}.")
        }
    }
}
