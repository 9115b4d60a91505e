//! Many sessions: the spread of R², and scores against training.

use super::super::palette::RED;
use super::Figure;
use crate::robustness::{
    Robustness, RobustnessOptions, SessionScore, SessionScores, SubsampleDesign, assess_robustness,
};
use crate::softness::Measure;

/// Fifty sessions of one measure, each level a little lower than the one before.
pub(super) fn robustness() -> Robustness {
    let levels = SubsampleDesign::default().levels;
    with_levels([1, 2_000, 10_000, 30_000, 50_000], levels)
}

fn with_levels(iterations: [u32; 5], levels: Vec<(u64, usize)>) -> Robustness {
    let mut text = String::from("session,iterations,layer,images,measure,score,constant,null\n");
    let noise = crate::golden::noise(50, 1);
    for layer in [1, 2] {
        for (place, noise) in noise.iter().enumerate() {
            let level = iterations[place / 10];
            let score = 1.0 - 0.02 * f64::from(level.max(1)).ln() + 0.1 * noise;
            text.push_str(&format!("{place},{level},{layer},bird,blur-effect,{score},0,\n"));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scores.csv"), text).unwrap();
    let scores = SessionScores::read_csv(folder.path().join("scores.csv")).unwrap();
    assert!(scores.rows().iter().all(|row: &SessionScore| row.nulls.is_empty()));
    let subsamples = SubsampleDesign::default().levels(levels).draws(200);
    assess_robustness(&scores, RobustnessOptions::default().subsamples(subsamples)).unwrap()
}

#[test]
fn the_spread_shows_every_form_and_the_published_value_for_layer_2_only() {
    let figure = Figure::r_squared_spread(&robustness(), Measure::BlurEffect).unwrap();
    let svg = figure.svg();
    // Two layers of three forms, each with a dot; one published value for the bird.
    assert_eq!(svg.matches("<circle").count(), 6);
    assert_eq!(svg.matches(&format!("fill=\"{}\"", RED)).count(), 1);
    assert!(svg.contains("layer 1, bird") && svg.contains("layer 2, bird"));
    let error = Figure::r_squared_spread(&robustness(), Measure::LocalDeviation).unwrap_err().to_string();
    assert!(error.contains("no results for the measure local-deviation"), "{error}");
}

#[test]
fn the_caption_of_the_spread_says_what_is_drawn() {
    let caption = |robustness: &Robustness| {
        Figure::r_squared_spread(robustness, Measure::BlurEffect).unwrap().caption().to_string()
    };
    let paper = caption(&robustness());
    assert!(paper.starts_with("Subsamples like the paper's of 50 sessions. Thin line: "), "{paper}");
    assert!(paper.ends_with(" Red: published."), "{paper}");
    // Other levels; the bird has no published value without the power form.
    let other = caption(&with_levels([0, 1, 10, 100, 1_000], vec![(0, 3), (1, 3), (100, 2)]));
    assert!(other.starts_with("Subsamples of 8 of 50 sessions. Thin line: "), "{other}");
    assert!(other.ends_with("median of the step model."), "{other}");
    let mut constant = robustness();
    for form in constant.responses.iter_mut().flat_map(|response| &mut response.forms) {
        form.r_squared.fill(f64::NAN);
    }
    assert_eq!(caption(&constant), "Subsamples like the paper's of 50 sessions.");
}

#[test]
fn training_curves_show_every_session_on_a_scale_of_powers_of_ten() {
    let figure = Figure::training_curves(&robustness(), Measure::BlurEffect).unwrap();
    assert_eq!(figure.svg().matches("<circle").count(), 100);
    for tick in ["1", "10", "100", "1,000", "10,000"] {
        assert!(figure.svg().contains(&format!("aria-label=\"{tick}\"")), "{tick}");
    }
    let error = Figure::training_curves(&robustness(), Measure::TotalVariation).unwrap_err().to_string();
    assert!(error.contains("no results for the measure total-variation"), "{error}");
}

#[test]
fn sessions_of_0_iterations_stand_before_1_and_have_no_power_form() {
    let robustness = with_levels([0, 1, 10, 100, 1_000], vec![(0, 3), (1, 3), (100, 2)]);
    let figure = Figure::training_curves(&robustness, Measure::BlurEffect).unwrap();
    assert_eq!(figure.svg().matches("<circle").count(), 100);
    for tick in ["0", "1", "10", "100", "1,000"] {
        assert!(figure.svg().contains(&format!("aria-label=\"{tick}\"")), "{tick}");
    }
    // Two layers of two forms, each with a dot; the published value is one of the power form.
    let figure = Figure::r_squared_spread(&robustness, Measure::BlurEffect).unwrap();
    let svg = figure.svg();
    assert_eq!(svg.matches("<circle").count(), 4);
    assert_eq!(svg.matches(&format!("fill=\"{}\"", RED)).count(), 0);
}

#[test]
fn a_form_without_r_squared_in_some_subsample_is_not_drawn_at_0() {
    let mut robustness = robustness();
    robustness.responses[0].forms[1].r_squared[199] = f64::NAN;
    let figure = Figure::r_squared_spread(&robustness, Measure::BlurEffect).unwrap();
    let svg = figure.svg();
    assert_eq!(svg.matches("<circle").count(), 5);
    assert!(svg.contains("no R²: a subsample has equal scores"));
}
