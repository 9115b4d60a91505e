//! Times COUNT training steps after the first AFTER, for `benches/against_peers.py`: `time_steps PRESET DATA AFTER COUNT`.
//! DATA is `synthetic` or `auto` (CIFAR-10 if it is found).
//!
//! Prints one line of JSON: `iterations` and `train_seconds`, the wall-clock time, with the time to assemble batches and
//! without evaluations.

use std::sync::Mutex;
use std::time::Instant;

use softness::prelude::*;
use softness::session::{Observer, Progress, train_in_memory};

/// Records the times at which the session reaches two iterations.
struct Watch {
    from: u64,
    to: u64,
    times: Mutex<Vec<Instant>>,
}

impl Observer for Watch {
    fn progress(&self, progress: &Progress) {
        if [self.from, self.to].contains(&progress.iteration)
            && let Ok(mut times) = self.times.lock()
        {
            times.push(Instant::now());
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [preset, data, after, count] = &arguments[..] else {
        return Err("time_steps PRESET synthetic|auto AFTER COUNT".into());
    };
    let dataset = if data == "synthetic" { Dataset::synthetic(0)? } else { Dataset::auto()? };
    // Observers are called every ten iterations. One more iteration moves the final evaluation behind the end of the time.
    let tens = |text: &str| Ok::<u64, std::num::ParseIntError>(text.parse::<u64>()?.next_multiple_of(10));
    let (from, count) = (tens(after)?, tens(count)?);
    let watch = Watch { from, to: from + count, times: Mutex::default() };
    let training = Training::preset(preset)?.iterations(from + count + 1).evaluate_every(0).seed(1);
    train_in_memory(&dataset, training, &watch)?;
    let times = watch.times.into_inner()?;
    let [start, end] = times[..] else { return Err("the observer was not called at both iterations".into()) };
    println!("{{\"iterations\": {count}, \"train_seconds\": {}}}", (end - start).as_secs_f64());
    Ok(())
}
