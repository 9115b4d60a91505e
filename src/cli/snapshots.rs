//! `--snapshots`: filters that are kept while a session trains.

use clap::Args;

use crate::session::Snapshots;

/// At which iterations filters are kept.
#[derive(Debug, Args)]
pub struct KeptFilters {
    /// Keep the filters during training, for figures of its course: after 1, 2, 5, 10, 20, 50, .. iterations, or after those
    /// in a list, --snapshots=1,10,100. The sessions stay the same. A session that was saved without these filters is trained again
    #[arg(
        long,
        value_name = "N,N,..",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = parse
    )]
    snapshots: Option<Snapshots>,
}

impl KeptFilters {
    /// The option's value, if it was given.
    pub fn snapshots(&self) -> Option<Snapshots> {
        self.snapshots.clone()
    }
}

fn parse(text: &str) -> Result<Snapshots, String> {
    if text.is_empty() {
        return Ok(Snapshots::LogSpaced);
    }
    let number = |number: &str| number.trim().parse::<u64>().ok();
    let iterations: Option<Vec<u64>> = text.split(',').map(number).collect();
    iterations
        .map(Snapshots::from)
        .ok_or_else(|| "it must be iterations with commas between them: 1,10,100".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_log_spaced_and_numbers_are_a_list() {
        assert_eq!(parse(""), Ok(Snapshots::LogSpaced));
        assert_eq!(parse("1,10, 100"), Ok(Snapshots::At(vec![1, 10, 100])));
        for text in ["x", "1,", "1;2", "-1", "1.5"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
