//! Does it matter for softness whether the training pixels went through JPEG once? Matched sessions: the same
//! seeds and batches, on the first 1,000 records of each of CIFAR-10's training files, and on the same records
//! after JPEG (quality 75, chroma halved both ways). Both are tested on the test file's first 1,000.
//!
//! `cargo run --release --example jpeg_study -- OUT [SESSIONS [SHORTER]]` saves sessions in OUT, resumes after an interruption, and
//! writes OUT/jpeg.csv: for each length, layer and image the mean difference of the layer score (after JPEG minus
//! original) over pairs of sessions, with the paired t test and its 95 % interval.

use std::fmt::Write as _;
use std::path::PathBuf;

use image::ImageReader;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use ndarray::{Array4, Axis, Slice};
use softness::dataset::Split;
use softness::prelude::*;
use softness::session::PlanLevel;
use statrs::distribution::{ContinuousCDF, StudentsT};

type Failure = Box<dyn std::error::Error>;

const QUALITY: u8 = 75;
/// Records of each file that are original in every copy of CIFAR-10 that the crate knows.
const RECORDS: usize = 1_000;
const FILE: usize = 10_000;
const LEVELS: [(u64, u32); 3] = [(500, 10), (2_000, 10), (10_000, 5)];

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(arguments.next().ok_or("usage: jpeg_study OUT [SESSIONS [SHORTER]]")?);
    let most: u32 = arguments.next().map_or(Ok(u32::MAX), |text| text.parse())?;
    // For a trial: sessions of a part of the iterations.
    let shorter: u64 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let lengths = LEVELS.map(|(iterations, _)| iterations / shorter);
    let cifar = Dataset::auto()?;
    let jobs = std::thread::available_parallelism()?.get();
    if !cifar.is_cifar10() {
        return Err("this needs CIFAR-10: fetch it, or name its folder in SOFTNESS_CIFAR10".into());
    }
    let (train, test) = (first_of_each_file(&cifar.train())?, first_of_each_file(&cifar.test())?);
    let compressed = through_jpeg(&train)?;
    let change = |(a, b): (&u8, &u8)| f64::from(a.abs_diff(*b));
    let error = train.bytes().iter().zip(compressed.bytes()).map(change).sum::<f64>();
    println!("mean absolute error of JPEG: {:.2} of 255", error / train.bytes().len() as f64);

    let levels = LEVELS.map(|(iterations, sessions)| PlanLevel {
        iterations: iterations / shorter,
        sessions: sessions.min(most),
    });
    let plan = Plan::new("jpeg", 1, levels.to_vec(), Training::paper().evaluate_every(0))?;
    let pictures = [cifar.bird(), Picture::static_noise(1)];
    let mut tables = Vec::new();
    for (name, train) in [("original", train), ("jpeg", compressed)] {
        let names = cifar.class_names().to_vec();
        let dataset = Dataset::new(train, test.clone(), names, name, cifar.bird())?;
        let sessions = Store::new(out.join(name)).train_plan(&dataset, &plan, jobs, &())?;
        let accuracy = |iterations: u64| {
            let of_level = sessions.iter().filter(|session| session.iterations() == iterations);
            let all: Vec<f64> = of_level.filter_map(Session::test_accuracy).collect();
            all.iter().sum::<f64>() / all.len() as f64
        };
        for iterations in lengths {
            println!(
                "{name}, {iterations} iterations: mean test accuracy {:.2} %",
                100.0 * accuracy(iterations)
            );
        }
        tables.push(softness_table(&sessions, &pictures)?);
    }
    let text = differences(&lengths, &tables[0], &tables[1])?;
    print!("{text}");
    std::fs::write(out.join("jpeg.csv"), text)?;
    Ok(())
}

/// The first records of each file of 10,000.
fn first_of_each_file(split: &Split) -> Result<Split, Failure> {
    let files = split.len() / FILE;
    let part = |file: usize| {
        let records = Slice::from(file * FILE..file * FILE + RECORDS);
        split.images().slice_axis(Axis(0), records)
    };
    let parts: Vec<_> = (0..files).map(part).collect();
    let images = ndarray::concatenate(Axis(0), &parts)?;
    let labels = (0..files).flat_map(|file| &split.labels()[file * FILE..file * FILE + RECORDS]);
    Ok(Split::new(images, labels.copied().collect())?)
}

/// The same pictures after one pass through JPEG.
fn through_jpeg(split: &Split) -> Result<Split, Failure> {
    let mut images = Array4::zeros(split.images().dim());
    for (index, mut image) in images.axis_iter_mut(Axis(0)).enumerate() {
        let pixels = split.image(index).permuted_axes([1, 2, 0]).as_standard_layout().to_owned();
        let (height, width, _) = pixels.dim();
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        let bytes: Vec<u8> = pixels.into_iter().collect();
        encoder.encode(&bytes, width as u16, height as u16, ColorType::Rgb)?;
        let decoded = ImageReader::new(std::io::Cursor::new(file)).with_guessed_format()?.decode()?.to_rgb8();
        for (x, y, pixel) in decoded.enumerate_pixels() {
            for (channel, &value) in pixel.0.iter().enumerate() {
                image[[channel, y as usize, x as usize]] = value;
            }
        }
    }
    Ok(Split::new(images, split.labels().to_vec())?)
}

/// A row for each length, layer and image.
fn differences(lengths: &[u64], original: &ScoreTable, jpeg: &ScoreTable) -> Result<String, Failure> {
    let mut text = String::from("iterations,layer,image,pairs,original_mean,difference,low,high,t,p_value\n");
    let (original, jpeg) = (original.layer_scores(), jpeg.layer_scores());
    for &iterations in lengths {
        for layer in [1, 2] {
            for image in ["bird", "static"] {
                let scores = |rows: &[softness::table::LayerScore]| -> Vec<f64> {
                    let wanted = rows.iter().filter(|row| {
                        row.iterations == iterations && row.layer == layer && row.image == image
                    });
                    wanted.map(|row| row.sum).collect()
                };
                let (before, after) = (scores(&original), scores(&jpeg));
                let pairs = before.len();
                let mean = |values: &[f64]| values.iter().sum::<f64>() / pairs as f64;
                let changes: Vec<f64> =
                    after.iter().zip(&before).map(|(after, before)| after - before).collect();
                let change = mean(&changes);
                let squares: f64 = changes.iter().map(|value| (value - change).powi(2)).sum();
                let error = (squares / (pairs - 1) as f64 / pairs as f64).sqrt();
                let student = StudentsT::new(0.0, 1.0, (pairs - 1) as f64)?;
                let (t, reach) = (change / error, student.inverse_cdf(0.975) * error);
                writeln!(
                    text,
                    "{iterations},{layer},{image},{pairs},{:.5},{change:.5},{:.5},{:.5},{t:.3},{:.4}",
                    mean(&before),
                    change - reach,
                    change + reach,
                    2.0 * student.sf(t.abs())
                )?;
            }
        }
    }
    Ok(text)
}
