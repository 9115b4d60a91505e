//! The command line of the crate `softness`.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::run(cli::Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if matches!(error, softness::Error::Interrupted { .. }) {
                eprintln!("run the same command again to go on: replicate always, train with --out");
            }
            ExitCode::FAILURE
        }
    }
}
