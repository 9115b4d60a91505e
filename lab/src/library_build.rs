//! Builds the library for the kernel, once per state of its source, and removes versions that nothing uses.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, SystemTime};

use serde_json::{Value, json};

use crate::Result;
use crate::estimate::Estimate;
use crate::facade;
use crate::files::{self, about};
use crate::interface;
use crate::library::{FORMAT, Library, contents, stamp};
use crate::places::Places;
use crate::progress;
use crate::run_folder;
use crate::std_source;
use crate::toolchain::Toolchain;
use crate::views;

/// The folders of a library that are the same on every machine.
pub const FOLDERS: [&str; 3] = ["lib", "interface", "views"];

/// The library for the current source: the pre-built one, or a new build and the seconds it took.
/// Only one process builds at a time; `estimate` tells how much is left.
pub fn refresh(places: &Places, estimate: &Estimate) -> Result<(Library, Option<f64>)> {
    if let Some(library) = Library::current(places).filter(|library| library.is_fresh(places)) {
        return Ok((library, None));
    }
    let root = places.inside("library");
    let _lock = match (lock(&root), Library::current(places)) {
        (Ok(lock), _) => lock,
        // Another user's kernel: it cannot build, so it uses what is there.
        (Err(_), Some(library)) => return Ok((library, None)),
        (Err(error), None) => return Err(error),
    };
    if let Some(library) = Library::current(places).filter(|library| library.is_fresh(places)) {
        return Ok((library, None));
    }
    let start = Instant::now();
    let library = build(places, &Toolchain::find(places.project())?, estimate)?;
    remove_unused(places, &library);
    Ok((library, Some(start.elapsed().as_secs_f64())))
}

/// Waits until no other process builds in `root`.
fn lock(root: &Path) -> Result<File> {
    files::make_folder(root)?;
    let path = root.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(about(&path, "open it"))?;
    files::lock(&file, &path, || ())?;
    Ok(file)
}

/// The compiler's first error in the library, from the log of the last build.
pub fn first_error(places: &Places) -> Option<String> {
    const LINES: usize = 6;
    let log = fs::read_to_string(places.inside("log/library.log")).ok()?;
    let lines: Vec<&str> = log.lines().skip_while(|line| !line.starts_with("error")).take(LINES).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Builds the library, the facade and the seed, and makes them the current version.
fn build(places: &Places, toolchain: &Toolchain, estimate: &Estimate) -> Result<Library> {
    eprintln!("softness: building the library for the kernel ..");
    std_source::copy(places, toolchain)?;
    let root = places.inside("library");
    let started = SystemTime::now();
    let mut command = toolchain.cargo();
    command
        .current_dir(places.project())
        .args(["build", "--release", "--locked", "--package", "softness", "--lib"])
        .arg("--message-format=json-render-diagnostics");
    let log = places.inside("log/library.log");
    let output = progress::run_build("the library", &mut command, &log, estimate)?;
    let artifacts = artifacts(&output);
    let ours = |extension| artifacts.iter().find(|path| is_ours(path) && has_extension(path, extension));
    let built = ours("rlib").ok_or("cargo built no library of softness")?;
    let metadata = ours("rmeta").ok_or("cargo wrote no metadata of softness")?;

    let inputs = inputs(places, toolchain, &names(places, toolchain, built)?, started)?;
    let folder = root.join(key(places, &inputs));
    files::remove(&folder)?;
    for name in FOLDERS {
        files::make_folder(&folder.join(name))?;
    }
    files::copy(metadata, &folder.join("interface").join(metadata.file_name().unwrap_or_default()))?;
    link(places, toolchain, metadata, &folder)?;
    if cfg!(target_os = "linux") {
        // It only makes cells faster. If it cannot be made, the log says why.
        let _ = interface::write(toolchain, &folder, &places.inside("log/interface.log"));
    }
    let dependencies = publish_dependencies(&root, &artifacts)?;
    let views = views::write(places, toolchain, &folder.join("views"))?;
    publish(places, toolchain, folder, dependencies, &views, &inputs)
}

/// Makes a library of `ready`, a folder with `lib`, `dependencies` and `views` that were built elsewhere from the files
/// `names` of this project, as they are here, and makes it the current version. `build` tells builds of the dependencies apart.
pub fn take(
    places: &Places,
    toolchain: &Toolchain,
    ready: &Path,
    names: &[String],
    build: &str,
) -> Result<()> {
    let root = places.inside("library");
    let _lock = lock(&root)?;
    std_source::copy(places, toolchain)?;
    let mut names = names.to_vec();
    names.push(compiler(toolchain));
    let inputs = inputs(places, toolchain, &names, SystemTime::now())?;
    let folder = root.join(key(places, &inputs));
    let dependencies = root.join(format!("dependencies-{build}"));
    let had_dependencies = dependencies.is_dir();
    let put = |name: &str, target: &Path| {
        fs::rename(ready.join(name), target).map_err(about(target, "put it there"))
    };
    let taken = || {
        files::remove(&folder)?;
        files::make_folder(&folder)?;
        for name in FOLDERS {
            put(name, &folder.join(name))?;
        }
        if !had_dependencies {
            put("dependencies", &dependencies)?;
        }
        let views = views::names(&folder.join("views"))?;
        publish(places, toolchain, folder.clone(), dependencies.clone(), &views, &inputs)
    };
    match taken() {
        Ok(library) => remove_unused(places, &library),
        Err(error) => {
            files::remove(&folder)?;
            if !had_dependencies {
                files::remove(&dependencies)?;
            }
            return Err(error);
        }
    }
    Ok(())
}

/// The name of the folder of a library that was built from `inputs`.
fn key(places: &Places, inputs: &Value) -> String {
    let mut hasher = DefaultHasher::new();
    inputs["version"].to_string().hash(&mut hasher);
    places.project().hash(&mut hasher);
    for (name, noted) in inputs["files"].as_object().into_iter().flatten() {
        (name, noted["contents"].as_str()).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// Writes what depends on where `folder` is, and makes it the current version.
fn publish(
    places: &Places,
    toolchain: &Toolchain,
    folder: PathBuf,
    dependencies: PathBuf,
    views: &[String],
    inputs: &Value,
) -> Result<Library> {
    let mut search = vec![folder.join("interface"), dependencies];
    if interface::real(&folder).is_none() {
        search.push(folder.join("lib"));
    }
    facade::write(places, &folder, &search, views)?;
    seed(places, toolchain, &folder)?;
    files::write(&folder.join("inputs.json"), inputs.to_string())?;
    // Other users' kernels copy these files.
    files::let_all_read(&folder)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    files::write(&places.inside("library/current"), name)?;
    Ok(Library { folder, sysroot: toolchain.sysroot.clone(), host: toolchain.host.clone() })
}

/// The files that cargo produced, according to its messages.
fn artifacts(messages: &str) -> Vec<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut paths = Vec::new();
    for message in messages.filter(|message| message["reason"] == "compiler-artifact") {
        let names = message["filenames"].as_array().into_iter().flatten();
        paths.extend(names.filter_map(|name| name.as_str().map(PathBuf::from)));
    }
    paths
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own == extension)
}

/// Whether a file of cargo's is the library itself: its name may end in a hash.
fn is_ours(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let stem = stem.strip_prefix("lib").unwrap_or(&stem);
    stem == "softness" || stem.starts_with("softness-")
}

/// Links the library and its dependencies to one dynamic library, which cells are linked with.
///
/// It is a crate of its own, so that cargo compiles the library once for the kernel and for the program. The compiler then also
/// reads the library's metadata from a file of its own, which is faster: in a dynamic library, metadata is compressed.
fn link(places: &Places, toolchain: &Toolchain, metadata: &Path, folder: &Path) -> Result<()> {
    let root = folder.join("linked/lib.rs");
    files::write(&root, facade::LINKED)?;
    let mut library = std::ffi::OsString::from("softness=");
    // It is next to its metadata, with the same hash in its name. Another build could replace the one without.
    library.push(metadata.with_extension("rlib"));
    let mut search = std::ffi::OsString::from("dependency=");
    search.push(metadata.parent().unwrap_or(metadata));
    let mut command = Command::new(compiler(toolchain));
    command
        .args([
            "--edition=2024",
            "--crate-type=dylib",
            "--crate-name",
            facade::LINKED_NAME,
            "-Cprefer-dynamic",
        ])
        .arg(&root)
        .arg("--out-dir")
        .arg(folder.join("lib"))
        .arg("--extern")
        .arg(library)
        .arg("-L")
        .arg(search);
    progress::run("the dynamic library", &mut command, &places.inside("log/link.log")).map(drop)
}

/// Copies what the compiler needs of the dependencies when it builds a cell: their metadata and the
/// procedural macros. These only change with a dependency, so they are in a folder of their own.
fn publish_dependencies(root: &Path, artifacts: &[PathBuf]) -> Result<PathBuf> {
    let wanted = |path: &&PathBuf| {
        !is_ours(path)
            && (has_extension(path, std::env::consts::DLL_EXTENSION) || has_extension(path, "rmeta"))
    };
    // cargo reports them in no fixed order.
    let wanted: std::collections::BTreeSet<&PathBuf> = artifacts.iter().filter(wanted).collect();
    let mut hasher = DefaultHasher::new();
    for path in &wanted {
        (path.file_name(), stamp(path)?).hash(&mut hasher);
    }
    let folder = root.join(format!("dependencies-{:016x}", hasher.finish()));
    if folder.is_dir() {
        return Ok(folder);
    }
    let temporary = root.join(".new-dependencies");
    files::remove(&temporary)?;
    files::make_folder(&temporary)?;
    for path in wanted {
        files::copy(path, &temporary.join(path.file_name().unwrap_or_default()))?;
    }
    fs::rename(&temporary, &folder).map_err(about(&folder, "put the dependencies there"))?;
    Ok(folder)
}

/// Builds the facade once the way a kernel would, so that no kernel has to.
fn seed(places: &Places, toolchain: &Toolchain, folder: &Path) -> Result<()> {
    let seed = folder.join("seed");
    files::write(&seed.join("Cargo.toml"), facade::cell_manifest(folder))?;
    files::write(&seed.join("src/lib.rs"), "")?;
    let mut command = toolchain.cargo();
    command
        .current_dir(&seed)
        .args(["build", "--target", &toolchain.host, "--message-format=json"])
        .env("CARGO_TARGET_DIR", "target")
        .env("CARGO_BUILD_BUILD_DIR", "target")
        .env("RUSTC", compiler(toolchain))
        .env("RUSTFLAGS", "-Cprefer-dynamic")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .envs(facade::CELL_PROFILE);
    progress::run("the kernel's facade", &mut command, &places.inside("log/facade.log"))?;
    Ok(())
}

/// The files from which, according to cargo, the library was compiled.
fn names(places: &Places, toolchain: &Toolchain, built: &Path) -> Result<Vec<String>> {
    let list_path = built.with_extension("d");
    let list = fs::read_to_string(&list_path).map_err(about(&list_path, "read it"))?;
    let mut names: Vec<String> = vec!["Cargo.toml".into(), "Cargo.lock".into()];
    // One line, `target: file file ..`, with spaces in names escaped.
    let sources = list.split_once(": ").map_or("", |(_, sources)| sources).replace("\\ ", "\u{0}");
    for source in sources.split_whitespace() {
        let source = PathBuf::from(source.replace('\u{0}', " "));
        if let Ok(inside) = source.strip_prefix(places.project()) {
            names.push(inside.to_string_lossy().into_owned());
        }
    }
    names.push(compiler(toolchain));
    Ok(names)
}

/// The compiler's path.
fn compiler(toolchain: &Toolchain) -> String {
    let rustc = toolchain.sysroot.join("bin").join(format!("rustc{}", std::env::consts::EXE_SUFFIX));
    rustc.to_string_lossy().into_owned()
}

/// These files with their sizes, times and a hash of their contents.
fn inputs(places: &Places, toolchain: &Toolchain, names: &[String], started: SystemTime) -> Result<Value> {
    let mut noted = BTreeMap::new();
    for name in names {
        // Joining an absolute path to the project's path gives the absolute path.
        let path = places.project().join(name);
        let changed = fs::metadata(&path).and_then(|data| data.modified()).is_ok_and(|time| time > started);
        // The compiler may have read an older text than is there now, so nothing counts as the same.
        let noted_file = match changed {
            true => json!({ "stamp": null, "contents": null }),
            false => json!({ "stamp": stamp(&path)?, "contents": contents(&path)? }),
        };
        noted.insert(name.clone(), noted_file);
    }
    Ok(json!({
        "format": FORMAT,
        "version": toolchain.version,
        "sysroot": toolchain.sysroot.to_string_lossy(),
        "files": noted,
    }))
}

/// Removes versions of the library that are not current and that no running kernel uses.
fn remove_unused(places: &Places, current: &Library) {
    let used = run_folder::libraries_in_use(places);
    let entries =
        || fs::read_dir(places.inside("library")).into_iter().flatten().flatten().map(|entry| entry.path());
    let kept = |folder: &Path| *folder == current.folder || used.iter().any(|path| path == folder);
    let mut dependencies = Vec::new();
    for folder in entries().filter(|path| path.join("softness").is_dir()) {
        if kept(&folder) {
            dependencies.extend(facade::linked_folders(&folder));
        } else {
            let _ = files::remove(&folder);
        }
    }
    let is_dependencies = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("dependencies-"))
    };
    for folder in entries().filter(is_dependencies).filter(|folder| !dependencies.contains(folder)) {
        let _ = files::remove(&folder);
    }
}
