//! The command line of the crate `softness`.

use std::process::ExitCode;

fn main() -> ExitCode {
    softness::cli::main()
}
