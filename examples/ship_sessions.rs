//! Copies a finished paper-scale study to `data/paper`, from where it is compiled into the crate: sessions without their
//! dense layers, scores and fits.
//! `cargo run --release --example ship_sessions -- STUDY`, where STUDY is `replicate`'s --out folder.

use std::path::{Path, PathBuf};

use softness::session::{Plan, Session};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let study = PathBuf::from(std::env::args().nth(1).ok_or("usage: ship_sessions STUDY")?);
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/paper");
    let saved: Vec<PathBuf> = std::fs::read_dir(study.join("sessions"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    let sessions = saved.iter().map(|folder| Session::load(folder)).collect::<softness::Result<Vec<_>>>()?;
    for planned in Plan::paper().sessions() {
        let session = sessions.iter().find(|session| session.training() == &planned.training).cloned();
        let session = session.ok_or_else(|| format!("there is no session {}", planned.name))?;
        session
            .named(&planned.name)
            .without_dense_layers()
            .save(&out.join("sessions").join(&planned.name))?;
        println!("{}", planned.name);
    }
    for file in ["scores.csv", "fits.csv"] {
        std::fs::copy(study.join(file), out.join(file))?;
    }
    Ok(())
}
