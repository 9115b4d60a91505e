//! Times training steps strictly after some number of iterations, for `benches/against_peers.py`:
//! `time_steps PRESET DATA AFTER COUNT`, with `synthetic` or `auto` (CIFAR-10 where it is found) for DATA.
//!
//! Prints one line of JSON: `iterations`, and `train_seconds` by the clock, batches being put together included and
//! evaluations not.

use std::sync::Mutex;
use std::time::Instant;

use softness::prelude::*;
use softness::session::{Observer, Progress, train_session_observed};

/// Notes when the session has done so many iterations.
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
    // Observers hear of every tenth iteration; one more, so that the last evaluation comes after the end of the time.
    let tens = |text: &str| Ok::<u64, std::num::ParseIntError>(text.parse::<u64>()?.next_multiple_of(10));
    let (from, count) = (tens(after)?, tens(count)?);
    let watch = Watch { from, to: from + count, times: Mutex::default() };
    let training = Training::preset(preset)?.iterations(from + count + 1).evaluate_every(0).seed(1);
    train_session_observed(&dataset, training, &watch)?;
    let times = watch.times.into_inner()?;
    let [start, end] = times[..] else { return Err("the observer heard of other iterations".into()) };
    println!("{{\"iterations\": {count}, \"train_seconds\": {}}}", (end - start).as_secs_f64());
    Ok(())
}
