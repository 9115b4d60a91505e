//! The eleven paper-scale sessions that are part of the crate.

use std::path::Path;

use crate::error::{Error, Result};
use crate::session::Session;
use crate::session::keep::Keep;

/// The files of one saved session, by name.
struct Carried {
    name: &'static str,
    files: &'static [(&'static str, &'static [u8])],
}

/// The files of sessions in `data/paper/sessions`: of those of one iteration, and of those that have snapshots.
macro_rules! carried {
    ($($name:literal)*; with snapshots: $($longer:literal)*) => {
        &[
            $(carried!($name,),)*
            $(carried!(
                $longer,
                "snapshots.csv",
                "snapshots_layer1.npy",
                "snapshots_layer1_bias.npy",
                "snapshots_layer2.npy",
                "snapshots_layer2_bias.npy",
            ),)*
        ]
    };
    ($name:literal, $($more:literal,)*) => {
        carried!(
            in $name:
            "session.json",
            "SHA256SUMS",
            "history.csv",
            "layer1.npy",
            "layer1_bias.npy",
            "layer2.npy",
            "layer2_bias.npy",
            $($more,)*
        )
    };
    (in $name:literal: $($file:literal,)*) => {
        Carried {
            name: $name,
            files: &[$(($file, include_bytes!(concat!("../../data/paper/sessions/", $name, "/", $file))),)*],
        }
    };
}

const SESSIONS: &[Carried] = carried!(
    "1-1" "1-2" "1-3";
    with snapshots: "2000-1" "2000-2" "2000-3" "10000-1" "10000-2" "30000-1" "30000-2" "50000-1"
);

impl Carried {
    fn session(&self) -> Result<Session> {
        let folder = Path::new("data/paper/sessions").join(self.name);
        Session::from_files(&folder, Keep::All, &|name| {
            let found = self.files.iter().find(|(file, _)| *file == name);
            let missing = || Error::malformed(folder.join(name), "it is not part of the crate");
            found.map(|&(_, bytes)| bytes.to_vec()).ok_or_else(missing)
        })
    }
}

/// The eleven sessions of [`Plan::paper`](crate::session::Plan::paper), trained on CIFAR-10, in the plan's order: filters,
/// history and record, and the snapshots of the filters during training ([`Session::at`](Session::at)), in half precision. The
/// dense layers are left out. The sessions are compiled into the crate, so nothing is trained, read or downloaded. Each [`record`](Session::record) names the pixels; `data/README.md` describes the results.
///
/// # Errors
/// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) if a file of the crate was changed, which its tests rule out.
pub fn shipped_sessions() -> Result<Vec<Session>> {
    SESSIONS.iter().map(Carried::session).collect()
}
