//! A module of the crate uses only those below it: the order on the crate's front page, read from the sources.

use std::path::{Path, PathBuf};

/// The modules, lowest floor first.
const FLOORS: [&str; 26] = [
    "accessors",
    "error",
    "files",
    "stop",
    "names",
    "text",
    "stats",
    "dataset",
    "network",
    "filters",
    "session",
    "weight_files",
    "store",
    "responses",
    "matching",
    "softness",
    "table",
    "models",
    "robustness",
    "paper",
    "figures",
    "explorer",
    "labelling",
    "report",
    "display",
    "cli",
];

#[test]
fn every_module_uses_only_modules_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for file in sources(&root) {
        let inside = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let module = inside.split(['/', '.']).next().unwrap();
        let Some(floor) = FLOORS.iter().position(|name| *name == module) else {
            assert!(["lib", "main", "prelude", "internals"].contains(&module), "{inside} has no floor");
            continue;
        };
        for used in used(&std::fs::read_to_string(&file).unwrap()) {
            let used =
                if ["Error", "ErrorKind", "Result"].contains(&used.as_str()) { "error" } else { &used };
            let below = FLOORS[..=floor].contains(&used);
            assert!(below, "{inside} uses {used}, which is not below {module}");
            seen += 1;
        }
    }
    assert!(seen > 500, "only {seen} uses were found");
}

/// All source files but those of tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| !path.file_stem().unwrap().to_string_lossy().starts_with("test"))
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .collect()
}

/// The top-level modules that a file names by `crate::`, in code outside its own tests.
fn used(text: &str) -> Vec<String> {
    let code = text.lines().take_while(|line| *line != "mod tests {");
    let code = code.filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1).map(str::to_owned).collect::<Vec<_>>())
        .map(|rest| rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect())
        .collect()
}
