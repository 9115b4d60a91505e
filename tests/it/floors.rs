//! A module of the crate uses only those below it: the order on the crate's front page, read from the sources.

use std::collections::BTreeMap;
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

#[test]
fn no_files_of_a_folder_use_each_other_in_a_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let stem = |file: &Path| file.file_stem().unwrap().to_string_lossy().into_owned();
    let mut folders: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for file in sources(&root) {
        folders.entry(file.parent().unwrap().to_owned()).or_default().push(file);
    }
    let mut seen = 0;
    for (folder, files) in folders {
        let names: Vec<String> = files.iter().map(|file| stem(file)).collect();
        // What each file uses of the others: `super::other`, or the whole path from `crate`.
        let inside = folder.strip_prefix(&root).unwrap().to_string_lossy().replace(['/', '\\'], "::");
        let whole = if inside.is_empty() { "crate::".to_owned() } else { format!("crate::{inside}::") };
        let mut left: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (file, name) in
            files.iter().zip(&names).filter(|(_, name)| !["mod", "lib"].contains(&name.as_str()))
        {
            let text = std::fs::read_to_string(file).unwrap();
            let mut uses = named_after(&text, "super::");
            uses.extend(named_after(&text, &whole));
            uses.retain(|other| other != name && names.contains(other));
            seen += uses.len();
            left.insert(name, uses);
        }
        // Files that use none of those left are taken away, until none is left.
        while let Some(lowest) =
            left.iter().find(|(_, uses)| uses.iter().all(|other| !left.contains_key(other.as_str())))
        {
            let lowest = *lowest.0;
            left.remove(lowest);
        }
        assert!(
            left.is_empty(),
            "{}: files use each other in a circle, or others that do: {left:?}",
            folder.display()
        );
    }
    assert!(seen > 200, "only {seen} uses were found");
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
    named_after(text, "crate::")
}

/// The names that follow `before` in code outside a file's own tests, also those of a list in braces.
fn named_after(text: &str, before: &str) -> Vec<String> {
    let code = text.lines().take_while(|line| *line != "mod tests {");
    let code: String = code.filter(|line| !line.trim_start().starts_with("//")).collect();
    let name = |text: &str| {
        text.trim_start().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    };
    let parts = code.match_indices(before).filter(|(at, _)| !code[..*at].ends_with(':'));
    parts
        .flat_map(|(at, _)| {
            let rest = &code[at + before.len()..];
            match rest.strip_prefix('{').and_then(|list| list.split_once('}')) {
                Some((list, _)) => list.split(',').map(name).collect(),
                None => vec![name(rest)],
            }
        })
        .collect()
}
