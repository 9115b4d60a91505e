//! Other crates as rust-analyzer in the kernel sees them: packages that hold their source or a short view of it, and
//! that are empty for the compiler, which finds the real ones in the pre-built library.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Result;
use crate::files::{self, about};
use crate::places::Places;
use crate::toolchain::Toolchain;

/// The crates whose own source rust-analyzer reads. Their other dependencies are left out: where a signature names
/// one of their types, a variable needs a type annotation.
const SOURCES: [&str; 2] = ["ndarray", "num-traits"];

/// An inner attribute at the top of a crate's root file that leaves nothing of the crate for the compiler.
const FOR_RUST_ANALYZER: &str = "#![cfg(rust_analyzer)]\n";

/// Writes the packages into `folder`, and returns their names.
pub fn write(places: &Places, toolchain: &Toolchain, folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for (name, text) in short_views(places)? {
        let package = folder.join(&name);
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n");
        files::write(&package.join("Cargo.toml"), manifest)?;
        files::write(&package.join("src/lib.rs"), FOR_RUST_ANALYZER.to_owned() + &text)?;
        names.push(name);
    }
    let metadata = metadata(places, toolchain)?;
    for crate_ in SOURCES.map(|name| Source::find(&metadata, name)) {
        let source = crate_?;
        source.copy(&folder.join(&source.name))?;
        names.push(source.name);
    }
    names.sort();
    Ok(names)
}

/// The files of `lab/views`, with the names of their crates.
fn short_views(places: &Places) -> Result<Vec<(String, String)>> {
    let folder = places.source("views");
    let mut views = Vec::new();
    for entry in fs::read_dir(&folder).map_err(about(&folder, "list it"))?.flatten() {
        let path = entry.path();
        let text = fs::read_to_string(&path).map_err(about(&path, "read it"))?;
        views.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), text));
    }
    Ok(views)
}

/// The packages of the locked dependencies, with the folders of their sources, as cargo lists them.
fn metadata(places: &Places, toolchain: &Toolchain) -> Result<Value> {
    let mut command = toolchain.cargo();
    command.current_dir(places.project()).args(["metadata", "--format-version=1", "--locked"]);
    command.args(["--filter-platform", &toolchain.host]);
    let output = command.output().map_err(|error| format!("cargo metadata could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata is not JSON: {error}"))
}

/// A crate whose source is copied.
#[derive(Debug)]
struct Source {
    name: String,
    manifest: String,
    /// Its folder of sources.
    folder: PathBuf,
}

impl Source {
    /// The package of this name among the locked dependencies.
    fn find(metadata: &Value, name: &str) -> Result<Self> {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let packages = list(&metadata["packages"]);
        let package = packages.iter().find(|package| package["name"] == name);
        let package = package.ok_or_else(|| format!("{name} is not among the dependencies"))?;
        let nodes = list(&metadata["resolve"]["nodes"]);
        let node = nodes.iter().find(|node| node["id"] == package["id"]).cloned().unwrap_or_default();

        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut manifest = format!(
            "[package]\nname = \"{name}\"\nversion = {}\nedition = {}\n\n[features]\ndefault = [",
            package["version"], package["edition"]
        );
        let features: Vec<String> = list(&node["features"]).iter().map(text).collect();
        let features: Vec<&String> = features.iter().filter(|feature| *feature != "default").collect();
        manifest += &features.iter().map(|feature| format!("\"{feature}\"")).collect::<Vec<_>>().join(", ");
        manifest += "]\n";
        for feature in &features {
            manifest += &format!("{feature} = []\n");
        }
        manifest += "\n[dependencies]\n";
        for dependency in list(&node["deps"]) {
            let found = packages.iter().find(|package| package["id"] == dependency["pkg"]);
            let known =
                found.map(|package| text(&package["name"])).filter(|name| SOURCES.contains(&name.as_str()));
            if let Some(known) = known {
                manifest += &format!("{known} = {{ path = \"../{known}\" }}\n");
            }
        }
        let folder = PathBuf::from(text(&package["manifest_path"])).with_file_name("src");
        Ok(Self { name: name.to_owned(), manifest, folder })
    }

    /// Writes the package into `folder`, without its tests.
    fn copy(&self, folder: &Path) -> Result<()> {
        let wanted = |path: &Path| {
            let is_test = |part: std::path::Component| {
                ["tests", "tests.rs", "benches"].iter().any(|name| part.as_os_str() == *name)
            };
            let inside = path.strip_prefix(&self.folder).unwrap_or(path);
            path.extension().is_some_and(|kind| kind == "rs") && !inside.components().any(is_test)
        };
        files::copy_folder(&self.folder, &folder.join("src"), &wanted)?;
        let root = folder.join("src/lib.rs");
        let text = fs::read_to_string(&root).map_err(about(&root, "read it"))?;
        files::write(&root, FOR_RUST_ANALYZER.to_owned() + &text)?;
        files::write(&folder.join("Cargo.toml"), self.manifest.clone())
    }
}
