//! The library as the kernel loads it. There is one pre-built version per state of the source; all kernels share it.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde_json::Value;

use crate::Result;
use crate::files::{self, about};
use crate::places::Places;
use crate::toolchain::host_of;

/// The version of the generated files. Increase it whenever their contents change.
pub const FORMAT: u32 = 16;

/// One pre-built version of the library.
///
/// | path | contents |
/// |---|---|
/// | `lib/` | the library, as a dynamic library |
/// | `interface/` | its metadata, and on Linux the library without symbols that cells are linked with |
/// | `linked/` | the source of the crate that is the dynamic library |
/// | `softness/` | the facade crate that cells depend on |
/// | `config/`, `without/` | what the kernel loads before the first cell, with and without the library |
/// | `seed/` | the facade built the way the kernel builds it |
/// | `inputs.json` | the files it was built from, with their sizes, times and a hash of their contents |
#[derive(Debug, Clone)]
pub struct Library {
    /// Its folder, `.lab/library/KEY`.
    pub folder: PathBuf,
    /// The folder of the compiler that built it.
    pub sysroot: PathBuf,
    /// The platform.
    pub host: String,
}

impl Library {
    /// The newest pre-built version, whether or not the source has changed since.
    pub fn current(places: &Places) -> Option<Self> {
        let folder =
            places.inside("library").join(fs::read_to_string(places.inside("library/current")).ok()?);
        let inputs = read_inputs(&folder)?;
        let host = host_of(inputs["version"].as_str()?).to_owned();
        Some(Self { sysroot: PathBuf::from(inputs["sysroot"].as_str()?), host, folder })
    }

    /// The files of the project that it was built from, with a hash of their contents; `None` if one changed meanwhile.
    pub fn sources(&self) -> Option<BTreeMap<String, String>> {
        let inputs = read_inputs(&self.folder)?;
        let inside = inputs["files"].as_object()?.iter().filter(|(name, _)| Path::new(name).is_relative());
        inside.map(|(name, noted)| Some((name.clone(), noted["contents"].as_str()?.to_owned()))).collect()
    }

    /// Whether the source, the manifest, the lock file and the compiler are still those it was built from.
    /// Compares sizes and times first, and contents only if those differ.
    pub fn is_fresh(&self, places: &Places) -> bool {
        let Some(mut inputs) = read_inputs(&self.folder) else { return false };
        if inputs["format"] != FORMAT {
            return false;
        }
        let Some(files) = inputs["files"].as_object_mut() else { return false };
        let mut touched = false;
        for (name, noted) in files {
            let Ok(stamp) = stamp(&places.project().join(name)) else { return false };
            if noted["stamp"] != stamp {
                if contents(&places.project().join(name)).ok()
                    != noted["contents"].as_str().map(str::to_owned)
                {
                    return false;
                }
                noted["stamp"] = stamp.into();
                touched = true;
            }
        }
        if touched {
            // A touched file is then read only once. If this cannot be written, it is read every time.
            let _ = files::write(&self.folder.join("inputs.json"), inputs.to_string());
        }
        true
    }
}

fn read_inputs(folder: &Path) -> Option<Value> {
    serde_json::from_str(&fs::read_to_string(folder.join("inputs.json")).ok()?).ok()
}

/// The size and modification time of a file.
pub fn stamp(path: &Path) -> Result<String> {
    let data = fs::metadata(path).map_err(about(path, "read its time"))?;
    let time = data.modified().map_err(about(path, "read its time"))?;
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    Ok(format!("{} {since}", data.len()))
}

/// A hash of a file's contents.
pub fn contents(path: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    fs::read(path).map_err(about(path, "read it"))?.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}
