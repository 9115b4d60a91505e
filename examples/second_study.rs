//! The second study: scores its sessions, answers the questions of `docs/rules-2.md`, and packs the sessions' filters.
//!
//!     cargo run --release --example second_study -- untrained OUT
//!     cargo run --release --example second_study -- score SESSIONS OUT
//!     cargo run --release --example second_study -- answer OUT
//!     cargo run --release --example second_study -- figures OUT
//!     cargo run --release --example second_study -- settings ARCHIVES OUT
//!     cargo run --release --example second_study -- filters SESSIONS FILE.npz
//!
//! SESSIONS is a folder of saved sessions. `answer` needs the files that `untrained` and `score` wrote, `figures` those that
//! `answer` and `settings` wrote.

use std::path::Path;

use softness::internals::{
    SecondStudy, readings_at_a_glance, saved_sessions, settings_at_a_glance, write_filters,
};
use softness::prelude::*;

/// The untrained networks whose filters are packed with those of the sessions.
const UNTRAINED: u64 = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["untrained", out] => SecondStudy::score_untrained(&Dataset::auto()?, Path::new(out), None)?,
        ["score", sessions, out] => {
            SecondStudy::score(
                &saved_sessions(Path::new(sessions))?,
                &Dataset::auto()?,
                Path::new(out),
                None,
            )?;
        }
        ["settings", folder, out] => {
            SecondStudy::settings(Path::new(folder), &Dataset::auto()?, Path::new(out))?;
        }
        ["answer", out] => SecondStudy::answer(Path::new(out))?,
        ["figures", out] => {
            for image in ["bird", "static"] {
                let panels = SecondStudy::panels(Path::new(out), image)?;
                readings_at_a_glance(&panels, image)?
                    .save(Path::new(out).join(format!("readings-{image}.png")))?;
                let courses = SecondStudy::setting_courses(Path::new(out), image)?;
                settings_at_a_glance(&courses, image)?
                    .save(Path::new(out).join(format!("settings-{image}.png")))?;
            }
        }
        ["filters", sessions, file] => {
            let mut sessions = saved_sessions(Path::new(sessions))?;
            sessions.extend(SecondStudy::untrained(UNTRAINED)?);
            write_filters(&sessions, Path::new(file))?;
        }
        _ => {
            return Err(
                "second_study untrained OUT | score SESSIONS OUT | answer OUT | figures OUT | settings ARCHIVES OUT | filters SESSIONS FILE.npz"
                    .into(),
            );
        }
    }
    Ok(())
}
