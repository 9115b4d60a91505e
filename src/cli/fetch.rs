//! `softness fetch`.

use std::path::PathBuf;

use crate::Result;
use crate::dataset::{Dataset, FetchOptions, FetchProgress, fetch};
use crate::files;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::print;

/// Download a data set, check it and unpack it.
#[derive(Debug, Args)]
pub struct Fetch {
    /// What to fetch.
    #[arg(value_enum)]
    what: What,
    /// The folder to put it in [default: where `--dataset auto` looks for it]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Another address (http:// or https://), or an archive on this computer, by its path or a file:// address.
    #[arg(long, value_name = "URL or FILE")]
    from: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// CIFAR-10, binary version, 170 MB: 60,000 colour pictures of ten classes.
    Cifar10,
}

impl Fetch {
    /// Runs the command.
    pub fn run(self) -> Result<()> {
        let What::Cifar10 = self.what;
        self.to.iter().try_for_each(|to| files::check_folder("--to", to))?;
        let mut options = FetchOptions { to: self.to, ..FetchOptions::default() };
        if let Some(from) = self.from {
            options.from = from;
        }
        let bar = ProgressBar::with_draw_target(Some(options.bytes), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {eta} left") {
            bar.set_style(style);
        }
        let say = |text: &str| if bar.is_hidden() { eprintln!("{text}") } else { bar.println(text) };
        let mut tenths = 0;
        let folder = fetch(&options, &mut |progress| match progress {
            FetchProgress::Downloading { done, total } => {
                bar.set_length(total);
                bar.set_position(done);
                if bar.is_hidden() && total > 0 && done * 10 / total > tenths {
                    tenths = done * 10 / total;
                    eprintln!("{} % of {} MB", tenths * 10, total / 1_000_000);
                }
            }
            FetchProgress::Resuming { done: 0, problem } => say(&format!("{problem}; trying again")),
            FetchProgress::Resuming { done, problem } => {
                say(&format!("{problem}; resuming after {done} bytes"))
            }
            FetchProgress::Waiting => say("waiting for another program that is fetching it"),
            FetchProgress::NoLocks(sentence) => {
                say(&format!("{sentence}; do not fetch into it twice at once"))
            }
            FetchProgress::Checking => say("checking the archive"),
            FetchProgress::Unpacking => say("unpacking it"),
            FetchProgress::AlreadyThere => say("it is already there"),
        });
        bar.finish_and_clear();
        let folder = folder?;
        print(&format!("{}: {}", folder.display(), Dataset::cifar10(&folder)?.summary()))
    }
}
