//! Adds the filters that the shipped sessions had in the course of training to their folders, from dumps of them in single files.
//! `cargo run --release --example ship_snapshots -- DUMPS [SESSIONS]`, SESSIONS being another folder than
//! `data/paper/sessions`.
//!
//! The files are `DUMPS/NAME/ITERATION-layer1.npy`, `-layer1_bias.npy`, `-layer2.npy` and `-layer2_bias.npy`. Those of a session's last
//! iteration must be there: if they are not the session's own filters to the last bit, the dumps are of another session, and
//! nothing is written. A session without a folder in DUMPS stays as it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use softness::filters::{AxisOrder, FilterBank};
use softness::internals::with_kept_filters;
use softness::session::Session;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let dumps = arguments.next().ok_or("usage: ship_snapshots DUMPS [SESSIONS]")?;
    let carried = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/paper/sessions");
    let folder = arguments.next().unwrap_or(carried);
    // Every session is looked at before the first is written.
    let mut ready = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let place = entry?.path();
        let session = Session::load(&place)?;
        let dumped = dumps.join(session.name());
        if !dumped.is_dir() {
            println!("{}: no dumps", session.name());
            continue;
        }
        let mut kept = Vec::new();
        for iteration in iterations(&dumped)? {
            let bank = |layer: usize| {
                let file = |what: &str| dumped.join(format!("{iteration}-layer{layer}{what}.npy"));
                FilterBank::load_npy(layer, &file(""), Some(&file("_bias")), AxisOrder::Oihw)
            };
            kept.push((iteration, vec![bank(1)?, bank(2)?]));
        }
        let end = kept.pop().filter(|(iteration, _)| *iteration == session.iterations());
        let own = vec![session.filters(1)?, session.filters(2)?];
        if end.is_none_or(|(_, banks)| banks != own) {
            let sentence = "the dumps of the last iteration are missing, or are not the session's filters";
            return Err(format!("{}: {sentence}", dumped.display()).into());
        }
        // The initial weights follow from the seed.
        kept.retain(|(iteration, _)| *iteration > 0);
        ready.push((place, with_kept_filters(session, &kept)?));
    }
    for (place, session) in ready {
        session.save(&place)?;
        println!("{}: {:?}", session.name(), session.kept_iterations());
    }
    Ok(())
}

/// The iterations of the files in a folder, ascending.
fn iterations(folder: &Path) -> Result<BTreeSet<u64>, Box<dyn std::error::Error>> {
    let mut iterations = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let iteration = name.split_once('-').and_then(|(iteration, _)| iteration.parse().ok());
        iterations.insert(iteration.ok_or_else(|| format!("{}: {name} has no iteration", folder.display()))?);
    }
    Ok(iterations)
}
