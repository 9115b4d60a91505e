//! Does the network matter? The three presets with the same plan: four sessions of each of five lengths, and the robustness
//! of each.
//!
//! `cargo run --release --example presets -- OUT [SHORTER]` keeps sessions in OUT, resumes, and writes
//! OUT/PRESET.csv, the scores by the local deviation, and the two tables that `assess_robustness` makes of them.

use std::path::PathBuf;

use softness::prelude::*;
use softness::robustness::SubsampleDesign;
use softness::session::PlanLevel;

type Failure = Box<dyn std::error::Error>;

/// Iterations, sessions that are trained, and sessions that a set takes: 3, 3, 2, 2, 1, as the paper's.
const LEVELS: [(u64, u32, usize); 5] = [(1, 4, 3), (100, 4, 3), (500, 4, 2), (1_000, 4, 2), (2_000, 4, 1)];

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(arguments.next().ok_or("usage: presets OUT [SHORTER]")?);
    // For a trial: sessions of a part of the iterations, but of five lengths still.
    let shorter: u64 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let mut lengths = LEVELS.map(|(iterations, ..)| iterations / shorter);
    lengths.iter_mut().zip(1..).for_each(|(length, least)| *length = least.max(*length));
    let drawn: Vec<(u64, usize)> = lengths.into_iter().zip(LEVELS.map(|(.., drawn)| drawn)).collect();
    let dataset = Dataset::auto()?;
    let jobs = std::thread::available_parallelism()?.get();
    let sets = [PictureSet::from_picture(dataset.bird()), PictureSet::from_picture(Picture::static_noise(1))];
    let options = RobustnessOptions::default()
        .subsamples(SubsampleDesign::default().levels(drawn))
        // The fewest iterations that count as trained.
        .trained_from([2, lengths[2]]);
    for preset in ["paper", "hvass02", "deep_mnist"] {
        let sessions = LEVELS.map(|(_, sessions, _)| sessions);
        let levels = lengths
            .into_iter()
            .zip(sessions)
            .map(|(iterations, sessions)| PlanLevel { iterations, sessions });
        let training = Training::preset(preset)?.evaluate_every(0);
        let plan = Plan::new(preset, 1, levels.collect(), training)?;
        let sessions = Store::new(out.join(preset)).train_plan(&dataset, &plan, jobs, &())?;
        let longest = sessions.iter().filter(|session| session.iterations() == lengths[4]);
        let accuracies: Vec<String> = longest
            .filter_map(Session::test_accuracy)
            .map(|accuracy| format!("{:.1} %", 100.0 * accuracy))
            .collect();
        println!("{preset}: test accuracy after {} iterations {}", lengths[4], accuracies.join(", "));
        let scores = score_sessions(&sessions, &sets, SessionScoreOptions::softness_only())?;
        scores.write_csv(out.join(format!("{preset}.csv")))?;
        let robustness = assess_robustness(&scores, options.clone())?;
        println!("{robustness}");
        robustness.write_csv(out.join(format!("holds-{preset}.csv")))?;
        robustness.write_trained_csv(out.join(format!("trained-{preset}.csv")))?;
    }
    Ok(())
}
