//! Copies a finished paper-scale study into `data/paper`, for the crate to carry: sessions without
//! their dense layers, scores and fits.
//! `cargo run --release --example ship_sessions -- STUDY [OUT]`, STUDY being `replicate`'s --out folder. OUT is another
//! folder than `data/paper`.

use std::path::{Path, PathBuf};

use softness::internals::saved_sessions;
use softness::session::Plan;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let study = arguments.next().ok_or("usage: ship_sessions STUDY [OUT]")?;
    let out = arguments.next().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("data/paper"));
    let sessions = saved_sessions(&study.join("sessions"))?;
    for (name, training) in Plan::paper().sessions() {
        let session =
            sessions.iter().find(|session| session.training().snapshots(false) == training).cloned();
        let session = session.ok_or_else(|| format!("there is no session {name}"))?;
        session.named(&name).save(&out.join("sessions").join(&name))?;
        println!("{name}");
    }
    for file in ["scores.csv", "fits.csv"] {
        std::fs::copy(study.join(file), out.join(file))?;
    }
    Ok(())
}
