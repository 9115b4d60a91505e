//! evcxr's loop of the process that runs the cells: a line names a library and its function, which is a cell.
//!
//! evcxr has this loop as well, but there it reads standard input and keeps that locked, so a cell that reads standard input would wait
//! for ever. It also takes the place of the standard library's handler of signals, which says that a stack has overflowed.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io::BufRead;

use libloading::Library;

use crate::streams::{COMPLETE, MARK, RUNS};

/// What evcxr makes of a cell: a function from the cells' variables to the cells' variables.
type Cell = extern "C" fn(*mut c_void) -> *mut c_void;

/// Runs what these lines name, to the last line. Other lines are answers to questions that nobody waits for.
pub fn run(lines: impl BufRead) -> Result<(), String> {
    // A library is never unloaded: values and threads of its cell may outlive the cell.
    let mut libraries = Vec::new();
    let mut variables = std::ptr::null_mut();
    for line in lines.lines() {
        let line = line.map_err(|error| error.to_string())?;
        let Some((path, function)) = named(&line) else { continue };
        // SAFETY: evcxr has just built this library from a cell. Loading it runs nothing but what the cell's crates do when they are loaded.
        let library = unsafe { Library::new(path) }.map_err(|error| error.to_string())?;
        // SAFETY: evcxr generates the function with this signature, under this name.
        let cell = *unsafe { library.get::<Cell>(function) }.map_err(|error| error.to_string())?;
        println!("{MARK}{RUNS}");
        variables = cell(variables);
        println!("{COMPLETE}");
        libraries.push(std::mem::ManuallyDrop::new(library));
    }
    Ok(())
}

/// The library and the function in a line of evcxr.
fn named(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("LOAD_AND_RUN ")?.rsplit_once(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_a_library_and_a_function() {
        assert_eq!(named("LOAD_AND_RUN /a b/x.so run_user_code_1"), Some(("/a b/x.so", "run_user_code_1")));
        assert_eq!(named("an answer"), None);
        assert_eq!(run("an answer\n".as_bytes()), Ok(()));
        assert!(run("LOAD_AND_RUN /no/such.so f\n".as_bytes()).is_err());
    }
}
