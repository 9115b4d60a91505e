//! Scores pictures of random static with all 52 filters of an untrained session of the paper's network:
//! `score_pictures COUNT`, for `time` to measure. A thousand are to take 2 s at most.

use softness::internals::Weights;
use softness::prelude::*;
use softness::session::Architecture;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: u64 = std::env::args().nth(1).ok_or("how many pictures?")?.parse()?;
    let banks = FilterBank::from_weights(&Weights::initial(&Architecture::paper(), 1)?)?;
    let session = Session::from_filters("untrained", 1, banks)?;
    let options = ScoringOptions::default();
    let mut sum = 0.0;
    for seed in 0..count {
        let picture = Picture::static_noise(seed);
        for layer in 1..=session.layers() {
            for response in responses(&session, layer, &picture, options.response)? {
                sum += options.score(&response)?.value();
            }
        }
    }
    println!("sum of the scores of {count} pictures: {sum}");
    Ok(())
}
