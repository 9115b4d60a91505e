//! Fits held against scipy's `linregress` and the paper's numbers; refusals, controls and groups.

mod columns;
mod points;
mod published_values;
mod score_tables;
use softness::table::{FilterScore, ScoreTable};

/// The iterations of the paper's eleven sessions.
const PAPER: [f64; 11] = [1.0, 1.0, 1.0, 2e3, 2e3, 2e3, 1e4, 1e4, 3e4, 3e4, 5e4];

/// A table with one filter a session, so that the layer score is what is given.
fn table(cells: &[(usize, &str, &[f64])]) -> ScoreTable {
    let mut rows = Vec::new();
    for &(layer, image, scores) in cells {
        for (index, (&score, iterations)) in scores.iter().zip(PAPER).enumerate() {
            let session = format!("{iterations}-{index}");
            rows.push(FilterScore {
                session,
                iterations: iterations as u64,
                layer,
                image: image.into(),
                filter: 0,
                score,
                constant: false,
                soft: false,
                soft_threshold: None,
            });
        }
    }
    ScoreTable::from_rows(rows).unwrap()
}

/// Scores that fall as a power of the iterations, with a wave on top.
fn falling(factor: f64) -> Vec<f64> {
    (0..11)
        .map(|index| factor * PAPER[index].powf(-0.05) * (1.0 + 0.02 * (7.0 * index as f64).sin()))
        .collect()
}
