//! Other crates as rust-analyzer in the kernel sees them: packages that hold their source or a short view of it, and
//! that are empty for the compiler, which finds the real ones in the pre-built library.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Result;
use crate::files::{self, about};
use crate::places::Places;
use crate::toolchain::Toolchain;

/// The crates whose own source rust-analyzer reads: those whose values cells keep in variables, as far as the start of a
/// kernel allows (`docs/kernel.md` has what each costs). Their other dependencies are left out: where a signature names one
/// of their types, a variable needs a type annotation.
const SOURCES: [&str; 5] = ["linfa", "linfa-linear", "ndarray", "num-traits", "statrs"];

/// An inner attribute at the top of a crate's root file that leaves nothing of the crate for the compiler.
const FOR_RUST_ANALYZER: &str = "#![allow(unexpected_cfgs)]\n#![cfg(rust_analyzer)]\n";

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

/// The names of the packages in `folder`.
pub fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(about(folder, "list it"))?.flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
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
        let source = folder.join("src");
        files::copy_folder(&self.folder, &source, &wanted)?;
        each_file(&source, &|path| {
            let text = fs::read_to_string(path).map_err(about(path, "read it"))?;
            let is_root = path.parent() == Some(&source) && path.ends_with("lib.rs");
            let head = if is_root { FOR_RUST_ANALYZER } else { "" };
            files::write(path, head.to_owned() + &without_tests(&text))
        })?;
        files::write(&folder.join("Cargo.toml"), self.manifest.clone())
    }
}

/// Calls `act` for every file in a folder and the folders in it.
fn each_file(folder: &Path, act: &dyn Fn(&Path) -> Result<()>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(about(folder, "list it"))? {
        let path = entry.map_err(about(folder, "list it"))?.path();
        if path.is_dir() { each_file(&path, act)? } else { act(&path)? }
    }
    Ok(())
}

/// A file without its module of tests, which can be half of it.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let opens = |next: &&str| next.starts_with("mod ") && next.trim_end().ends_with('{');
        if line.trim_end() == "#[cfg(test)]" && lines.peek().is_some_and(opens) {
            lines.by_ref().find(|line| line.trim_end() == "}");
        } else {
            kept += line;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_of_tests_is_left_out_and_nothing_else() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\n#[cfg(test)]\nfn c() {}\n";
        assert_eq!(without_tests(text), "fn a() {}\n#[cfg(test)]\nfn c() {}\n");
    }

    #[test]
    fn a_package_keeps_its_features_and_the_dependencies_that_are_there() {
        let metadata = serde_json::json!({
            "packages": [
                { "id": "1", "name": "ndarray", "version": "0.16.1", "edition": "2018", "manifest_path": "/x/Cargo.toml" },
                { "id": "2", "name": "num-traits", "version": "0.2.0", "edition": "2021", "manifest_path": "/y/Cargo.toml" },
                { "id": "3", "name": "rawpointer", "version": "0.2.1", "edition": "2018", "manifest_path": "/z/Cargo.toml" },
            ],
            "resolve": { "nodes": [{ "id": "1", "features": ["default", "std"], "deps": [{ "pkg": "2" }, { "pkg": "3" }] }] },
        });
        let source = Source::find(&metadata, "ndarray").unwrap();
        let expected = "[package]\nname = \"ndarray\"\nversion = \"0.16.1\"\nedition = \"2018\"\n\n[features]\n\
                        default = [\"std\"]\nstd = []\n\n[dependencies]\nnum-traits = { path = \"../num-traits\" }\n";
        assert_eq!((source.manifest.as_str(), source.folder), (expected, PathBuf::from("/x/src")));
        let error = Source::find(&metadata, "statrs").unwrap_err();
        assert_eq!(error, "statrs is not among the dependencies");
    }
}
