//! Trains sessions side by side on synthetic images and deletes them, for
//! `benches/side_by_side.py`: `train_many PRESET SESSIONS ITERATIONS JOBS SEED`.

use softness::prelude::*;
use softness::session::PlanLevel;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [preset, sessions, iterations, jobs, seed] = &arguments[..] else {
        return Err("train_many PRESET SESSIONS ITERATIONS JOBS SEED".into());
    };
    let training = Training::preset(preset)?.evaluate_every(0);
    let level = PlanLevel { iterations: iterations.parse()?, sessions: sessions.parse()? };
    let plan = Plan::new("many", seed.parse()?, vec![level], training)?;
    let folder = tempfile::tempdir()?;
    let store = Store::new(folder.path());
    store.train_plan(&Dataset::synthetic(0)?, &plan, jobs.parse()?, &())?;
    Ok(())
}
