//! evcxr's loop of the process that runs the cells: a line names a library and its function, which is a cell.
//!
//! evcxr has this loop as well, but there it reads standard input and keeps that locked, so a cell that reads standard input would wait
//! for ever. It also takes the place of the standard library's handler of signals, which says that a stack has overflowed.
#![allow(unsafe_code)]

use std::ffi::{OsStr, c_void};
use std::io::BufRead;
use std::path::Path;

use libloading::Library;

use crate::streams::{COMPLETE, ERROR, MARK, NEWLINE, RUNS};
use crate::{syntax, text};

/// What evcxr makes of a cell: a function from the cells' variables to the cells' variables.
type Cell = extern "C" fn(*mut c_void) -> *mut c_void;

/// Runs what these lines name, to the last line. Other lines are answers to questions that nobody waits for. `shared` is a library whose
/// symbols all cells can use.
pub fn run(lines: impl BufRead, shared: Option<&OsStr>) -> Result<(), String> {
    // A library is never unloaded: values and threads of its cell may outlive the cell.
    let mut libraries = Vec::new();
    if let Some(path) = shared {
        libraries.push(std::mem::ManuallyDrop::new(with_symbols_for_all(path)?));
    }
    let mut variables = std::ptr::null_mut();
    for line in lines.lines() {
        let line = line.map_err(|error| error.to_string())?;
        let Some((path, function)) = named(&line) else { continue };
        if let Some(sentence) = refused(Path::new(path)) {
            // As if a `?` had returned it: evcxr then keeps no variable of this cell.
            eprint!("{MARK}{sentence}{NEWLINE}");
            println!("{ERROR}");
            println!("{COMPLETE}");
            continue;
        }
        // SAFETY: evcxr has just built this library from a cell. Loading it runs nothing but what the cell's crates do when they are loaded.
        let library = unsafe { Library::new(path) }
            .map_err(|error| format!("the cell cannot be loaded: {}", why(&error)))?;
        // SAFETY: evcxr generates the function with this signature, under this name.
        let cell = *unsafe { library.get::<Cell>(function) }.map_err(|error| error.to_string())?;
        println!("{MARK}{RUNS}");
        variables = cell(variables);
        println!("{COMPLETE}");
        libraries.push(std::mem::ManuallyDrop::new(library));
    }
    Ok(())
}

/// Why the cell in this library must not run, if so: evcxr would keep a variable under a type with a placeholder, such as `[u8; _]`. Such
/// a type compiles only next to the value, so all later cells would fail.
fn refused(library: &Path) -> Option<String> {
    // evcxr leaves the code in the folder in which it compiled it.
    let code =
        library.ancestors().find_map(|folder| std::fs::read_to_string(folder.join("src/lib.rs")).ok())?;
    let (name, kind) = syntax::kept_variables(&code).into_iter().find(|(_, kind)| syntax::is_open(kind))?;
    Some(text::of_open_type(name, kind))
}

/// Loads a library whose symbols libraries that are loaded later can use without naming it.
fn with_symbols_for_all(path: &OsStr) -> Result<Library, String> {
    use libloading::os::unix;
    // SAFETY: it is the softness library. Loading it runs nothing but what its crates do when they are loaded.
    let library = unsafe { unix::Library::open(Some(path), unix::RTLD_NOW | unix::RTLD_GLOBAL) };
    library
        .map(Library::from)
        .map_err(|error| format!("the softness library cannot be loaded: {}", why(&error)))
}

/// What the system says: the error itself only names the call that failed.
fn why(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// The library and the function in a line of evcxr.
fn named(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("LOAD_AND_RUN ")?.rsplit_once(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_with_a_variable_of_an_open_type_is_refused() {
        let folder = std::env::temp_dir().join(format!("softness-rounds-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("src")).unwrap();
        let library = folder.join("target/debug/deps/libcode_1.so");
        let why = |kind: &str| {
            let code = format!("evcxr_variable_store.put_variable::<{kind}>(stringify!(a), a);");
            std::fs::write(folder.join("src/lib.rs"), code).unwrap();
            refused(&library)
        };
        assert_eq!(why("[u8; 3]"), None);
        assert!(why("[u8; _]").is_some_and(|sentence| sentence.contains("`let a: .. = ..`")));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_line_names_a_library_and_a_function() {
        assert_eq!(named("LOAD_AND_RUN /a b/x.so run_user_code_1"), Some(("/a b/x.so", "run_user_code_1")));
        assert_eq!(named("an answer"), None);
        assert_eq!(run("an answer\n".as_bytes(), None), Ok(()));
        for (lines, shared) in [("LOAD_AND_RUN /no/such.so f\n", None), ("", Some(OsStr::new("/no/such.so")))]
        {
            let error = run(lines.as_bytes(), shared).unwrap_err();
            assert!(error.contains("/no/such.so"), "{error}");
        }
    }
}
