//! Writes the synthetic images in the format of CIFAR-10's binary version, for other programs:
//! `cargo run --example write_synthetic -- FOLDER [SEED]`.

use std::path::Path;
use std::time::Instant;

use softness::dataset::{Dataset, Split};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("usage: write_synthetic FOLDER [SEED]")?;
    let seed = arguments.next().map_or(Ok(0), |seed| seed.parse())?;
    let start = Instant::now();
    let dataset = Dataset::synthetic(seed)?;
    println!("{} in {:.2} s", dataset.summary(), start.elapsed().as_secs_f64());
    println!("fingerprint {}", dataset.fingerprint());
    let records = |split: &Split, from: usize, to: usize| -> Vec<u8> {
        let picture = split.bytes().len() / split.len();
        let record = |index| {
            let pixels = &split.bytes()[index * picture..(index + 1) * picture];
            std::iter::once(split.labels()[index]).chain(pixels.iter().copied())
        };
        (from..to).flat_map(record).collect()
    };
    let fifth = dataset.train().len() / 5;
    for file in 0..5 {
        let bytes = records(&dataset.train(), file * fifth, (file + 1) * fifth);
        let path = Path::new(&folder).join(format!("data_batch_{}.bin", file + 1));
        softness::internals::write_atomically(&path, &bytes)?;
    }
    let bytes = records(&dataset.test(), 0, dataset.test().len());
    softness::internals::write_atomically(&Path::new(&folder).join("test_batch.bin"), &bytes)?;
    let names = dataset.class_names().join("\n") + "\n";
    softness::internals::write_atomically(&Path::new(&folder).join("batches.meta.txt"), names.as_bytes())?;
    Ok(())
}
