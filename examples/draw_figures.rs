//! Draws every kind of figure into a folder, as SVG, PNG and PDF, from sessions of a few seconds and from the scores in
//! `data/many`: `cargo run --release --example draw_figures -- FOLDER`.

use std::path::PathBuf;

use softness::Result;
use softness::dataset::{Dataset, Picture};
use softness::figures::{Figure, r_squared_chart};
use softness::models::{Form, fit_models};
use softness::responses::{Border, Reading, ResponseOptions};
use softness::robustness::{RobustnessOptions, SessionScores, assess_robustness};
use softness::session::{Training, train_in_memory};
use softness::softness::{Measure, ScoringOptions};
use softness::table::softness_table;

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "figures".into()));
    let dataset = Dataset::synthetic(1)?;
    let mut sessions = Vec::new();
    for (level, repeats) in [(1, 3), (20, 3), (50, 2), (100, 2), (200, 1)] {
        for repeat in 1..=repeats {
            let training = Training::paper().iterations(level).seed(10 * level + repeat);
            sessions.push(train_in_memory(&dataset, training, &())?.named(format!("{level}-{repeat}")));
        }
    }
    let pictures = [dataset.bird(), Picture::static_noise(1)];
    let table = softness_table(&sessions, &pictures)?;
    let fits = fit_models(&table)?;
    let longest = &sessions[sessions.len() - 1];
    let power = fits.get(2, "bird", Form::Power)?;
    let valid = ResponseOptions::default().border(Border::Valid);
    let each = ScoringOptions::default().reading(Reading::EachKernel);
    let each_table = each.softness_table(&sessions[10..], &pictures[..1])?;
    let histories: Vec<_> =
        sessions.iter().map(|session| (session.name().to_owned(), session.history().to_vec())).collect();
    let many = concat!(env!("CARGO_MANIFEST_DIR"), "/data/many/session_scores.csv");
    let robustness = assess_robustness(&SessionScores::read_csv(many)?, RobustnessOptions::default())?;
    let figures = [
        ("filters-1", longest.filters(1)?.grid_titled("Filters of layer 1 after 200 iterations")?),
        ("filters-2", longest.filters(2)?.grid()?),
        ("responses-1", Figure::response_grid(longest, 1, &pictures[0], &table)?),
        ("responses-2", Figure::response_grid(longest, 2, &pictures[0], &table)?),
        ("responses-static", Figure::response_grid(longest, 2, &pictures[1], &table)?),
        ("responses-valid", valid.grid(longest, 2, &pictures[0], &table)?),
        ("responses-each-kernel-1", each.response.grid(longest, 1, &pictures[0], &each_table)?),
        ("responses-each-kernel-2", each.response.grid(longest, 2, &pictures[0], &each_table)?),
        ("readings", Figure::readings(&Reading::ALL)?),
        ("accuracy", longest.accuracy_curve()?),
        ("curves", Figure::accuracy_curves("Three", &histories[8..])?),
        ("curves-all", Figure::accuracy_curves("All", &histories)?),
        ("r-squared", r_squared_chart(&fits)?),
        ("residuals", power.residual_plot()?),
        ("residuals-all", fits.residual_plots()?),
        ("fit", power.plot()?),
        ("diagnostics", power.diagnostic_plots()?),
        ("spread-local-deviation", Figure::r_squared_spread(&robustness, Measure::LocalDeviation)?),
        ("spread-blur-effect", Figure::r_squared_spread(&robustness, Measure::BlurEffect)?),
        ("training-local-deviation", Figure::training_curves(&robustness, Measure::LocalDeviation)?),
        ("training-blur-effect", Figure::training_curves(&robustness, Measure::BlurEffect)?),
    ];
    for (name, figure) in figures {
        for ending in ["svg", "png", "pdf"] {
            figure.save(folder.join(format!("{name}.{ending}")))?;
        }
        println!("{name}: {}, {} bytes of SVG", figure.title(), figure.svg().len());
    }
    Ok(())
}
