//! The crate that cells depend on, in place of the library itself.
//!
//! It has no dependencies, so cargo and the kernel's rust-analyzer have nothing to walk through. For the
//! compiler it re-exports the pre-built library. For rust-analyzer it is a copy of the library's own source,
//! so types, completions and documentation are the real ones.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::files::{self, about};
use crate::places::Places;

/// Variables that override the kernel's own profile for cells. As in a release build, there are no debug assertions; a sum that is too
/// large for its type is an error all the same.
/// One codegen unit is fastest for a crate as small as a cell. Each cell is new to the compiler, so what it would keep from one to the
/// next is of no use, and takes a fifth of its time.
pub const CELL_PROFILE: [(&str, &str); 4] = [
    ("CARGO_INCREMENTAL", "0"),
    ("CARGO_PROFILE_DEV_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false"),
    ("CARGO_PROFILE_DEV_OVERFLOW_CHECKS", "true"),
];

/// The kernel's settings. They affect only the few lines of a cell, which compile in two thirds of the time
/// without optimisation; the library is always optimised. A cell with long loops of its own starts with `:opt 3`.
const SETTINGS: &str = "[evcxr]\nopt_level = \"0\"\n";

/// Loaded by the kernel before the first cell. The question to rust-analyzer makes it read the standard library
/// now instead of in the first cell. Then come the names that a notebook needs.
const PRELUDE: &str = "\
:doc vec![1].iter(
use softness::prelude::*;
";

/// The rest of the start-up file, and all of it if the library does not compile. evcxr prints the error that a `?`
/// returns with `eprintln!("{}", error)`: this form of it marks the text for the kernel, which makes it the error of the
/// cell. The last line is there because evcxr answers the first `?` in a last expression by
/// showing its `Debug` text: without it, a first cell that ends in `figure?` shows no figure. It ends in a semicolon
/// because evcxr builds a last expression twice.
#[cfg(unix)]
const ALWAYS: &str = r#"
#[allow(unused_macros)]
macro_rules! eprintln {
    (@ error $error:ident) => {
        ::std::eprint!("\u{1}{}\u{2}", $error)
    };
    (@ $name:ident $value:ident) => { ::std::eprintln!("{}", $value) };
    ("{}", $value:ident) => { eprintln!(@ $value $value) };
    ($($all:tt)*) => { ::std::eprintln!($($all)*) };
}
Ok::<(), String>(())?;
"#;
#[cfg(not(unix))]
const ALWAYS: &str = "Ok::<(), String>(())?;\n";

/// Replaces a library that does not compile, so that the first cell runs and shows why.
const EMPTY: &str = "pub mod softness { pub mod prelude {} }\n";

/// The crate that is the dynamic library: the pre-built library and all that it depends on.
pub const LINKED: &str = "pub use ::softness::*;\n";

/// Its name. It must not be that of the library, which the compiler looks for in the same folders.
pub const LINKED_NAME: &str = "softness_linked";

/// The facade as the compiler sees it.
const BUILT: &str = "\
#[cfg(not(rust_analyzer))]
extern crate softness_linked as built;
#[cfg(not(rust_analyzer))]
pub use built::*;
";

/// Writes the facade crate and the kernel's start-up files into a library's folder.
///
/// `views` are the names of the packages in its folder `views`.
pub fn write(places: &Places, folder: &Path, search: &[PathBuf], views: &[String]) -> Result<()> {
    let facade = folder.join("softness");
    let mut manifest = "[package]\nname = \"softness\"\nversion = \"0.0.0\"\nedition = \"2024\"\nautobins = false\n\n[dependencies]\n".to_owned();
    for name in views {
        manifest += &format!("{name} = {{ path = \"../views/{name}\" }}\n");
    }
    files::write(&facade.join("Cargo.toml"), manifest)?;
    files::write(
        &folder.join("search"),
        search.iter().map(|path| format!("{}\n", path.display())).collect::<String>(),
    )?;
    let lines = search.iter().map(|path| {
        format!("    println!({:?});\n", format!("cargo::rustc-link-search=all={}", path.display()))
    });
    let script = format!(
        "fn main() {{\n    println!(\"cargo::rerun-if-changed=build.rs\");\n{}}}\n",
        lines.collect::<String>()
    );
    files::write(&facade.join("build.rs"), script)?;

    let source = places.project().join("src");
    let library = source.join("lib.rs");
    let text = fs::read_to_string(&library).map_err(about(&library, "read it"))?;
    files::copy_folder(&source, &facade.join("src"), &|path| {
        path.extension().is_some_and(|kind| kind == "rs")
    })?;
    files::write(&facade.join("src/lib.rs"), seen_by_rust_analyzer(&text) + BUILT)?;

    let dependency = format!(":dep softness = {{ path = {:?} }}\n", facade.to_string_lossy());
    files::write(&folder.join("config/init.evcxr"), dependency)?;
    files::write(&folder.join("config/evcxr.toml"), SETTINGS)?;
    files::write(&folder.join("without/evcxr.toml"), SETTINGS)?;
    files::write(&folder.join("config/prelude.rs"), format!("{PRELUDE}{ALWAYS}"))?;
    files::write(&folder.join("without/prelude.rs"), format!("{EMPTY}{ALWAYS}"))
}

/// The folders that a library's facade links from.
pub fn linked_folders(folder: &Path) -> Vec<PathBuf> {
    fs::read_to_string(folder.join("search")).unwrap_or_default().lines().map(PathBuf::from).collect()
}

/// The manifest that the kernel writes for a cell.
pub fn cell_manifest(folder: &Path) -> String {
    format!(
        "[package]\nname = \"ctx\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n\
         [profile.dev]\nopt-level = 0\ndebug = false\nstrip = \"debuginfo\"\nrpath = true\nlto = false\n\
         debug-assertions = true\ncodegen-units = 16\npanic = 'unwind'\nincremental = true\noverflow-checks = true\n\n\
         [dependencies]\nsoftness = {{ path = {:?} }}\n",
        folder.join("softness").to_string_lossy()
    )
}

/// The library's root file, with every item restricted to rust-analyzer and without inner attributes, which
/// would also apply to the compiler. Items start in the first column, as rustfmt writes them.
fn seen_by_rust_analyzer(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.starts_with("#!")) {
        let starts_item = line.starts_with(|first: char| first.is_ascii_alphabetic());
        if starts_item {
            out += "#[cfg(rust_analyzer)]\n";
        }
        out += line;
        out.push('\n');
    }
    let (docs, items) = split_after_docs(&out);
    format!("{docs}#![allow(warnings)]\n{items}")
}

/// The inner documentation at the top, and the rest.
fn split_after_docs(text: &str) -> (&str, &str) {
    let docs: usize =
        text.split_inclusive('\n').take_while(|line| line.starts_with("//")).map(str::len).sum();
    text.split_at(docs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_of_the_root_file_is_restricted_to_rust_analyzer() {
        let text = "//! About.\n#![warn(x)]\n\n/// Of a.\npub mod a;\n#[doc(hidden)]\nmod b;\npub use a::{\n    B,\n    C,\n};\n";
        let seen = "//! About.\n#![allow(warnings)]\n\n/// Of a.\n#[cfg(rust_analyzer)]\npub mod a;\n#[doc(hidden)]\n\
                    #[cfg(rust_analyzer)]\nmod b;\n#[cfg(rust_analyzer)]\npub use a::{\n    B,\n    C,\n};\n";
        assert_eq!(seen_by_rust_analyzer(text), seen);
    }
}
