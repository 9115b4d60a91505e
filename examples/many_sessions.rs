//! Analyses the many-session study: writes the tables of `data/many`, and figures.
//!
//!     cargo run --release --example many_sessions -- SESSIONS OUT [PHOTOGRAPHS] [STATIC FIELDS] [DRAWS]
//!
//! SESSIONS is a folder of saved sessions, or "shipped": the eleven that the crate carries.

use std::path::{Path, PathBuf};

use softness::figures::Figure;
use softness::internals::{ManySessionAnalysis, saved_sessions};
use softness::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = |place: usize, default: &str| arguments.get(place).cloned().unwrap_or(default.into());
    let number = |place: usize| text(place, "20").parse();
    let out = PathBuf::from(text(1, "out"));
    let sessions = match text(0, "shipped").as_str() {
        "shipped" => shipped_sessions()?,
        folder => saved_sessions(Path::new(folder))?,
    };
    let dataset = Dataset::auto()?;
    println!("{} sessions; data: {}", sessions.len(), dataset.summary());
    let analysis = ManySessionAnalysis {
        photographs: number(2)? as usize,
        static_fields: number(3)?,
        draws: number(4)?,
        ..ManySessionAnalysis::default()
    };
    for result in analysis.write(&sessions, &dataset, &out)? {
        println!("{}\n{}", result.reading.name(), result.robustness);
        if let Some(verdicts) = &result.verdicts {
            println!("{}", verdicts.summary());
        }
        for measure in [Measure::LocalDeviation, Measure::BlurEffect] {
            // Under the readings that are not the default, there is the softness score alone.
            let Ok(spread) = Figure::r_squared_spread(&result.robustness, measure) else { continue };
            let name = format!("{measure}-{}.png", result.reading.name());
            spread.save(out.join(format!("spread-{name}")))?;
            Figure::training_curves(&result.robustness, measure)?
                .save(out.join(format!("training-{name}")))?;
        }
    }
    Ok(())
}
