//! The library's scores, as JSON, for the tests of the explorer's page to compare with (`tests/explorer`).
//!
//! `explorer_scores [SESSIONS]`: those of every filter of saved sessions, or of the shipped ones, on the page's bird and static,
//! by layer, reading and border, at the end and, for the last session, at every iteration that it kept.
//! `explorer_scores --small`: a network of a few weights, a picture of a few pixels, and the scores of its filters; the file
//! `tests/explorer/unit/small.json`.

use std::path::Path;

use ndarray::{Array1, Array3, Array4};
use serde_json::{Value, json};
use softness::ndarray;
use softness::prelude::*;
use softness::responses::Border;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let wanted = std::env::args().nth(1);
    let scores = match wanted.as_deref() {
        Some("--small") => small()?,
        Some(folder) => all(&softness::internals::saved_sessions(Path::new(folder))?)?,
        None => all(&shipped_sessions()?)?,
    };
    println!("{scores}");
    Ok(())
}

fn all(sessions: &[Session]) -> Result<Value, Failure> {
    let bird = concat!(env!("CARGO_MANIFEST_DIR"), "/data/bird.png");
    let pictures = [Picture::open(bird)?.named("CIFAR-10's bird"), Picture::static_noise(1)];
    let mut rows = Vec::new();
    for session in sessions {
        rows.extend(scores(session, &pictures, false)?);
    }
    if let Some(last) = sessions.last() {
        let before = last.kept_iterations();
        for iteration in &before[..before.len() - 1] {
            rows.extend(scores(&last.at(*iteration)?, &pictures, false)?);
        }
    }
    Ok(json!(rows))
}

/// A row for each layer, reading, border and picture, with the last map of the layer if wanted.
fn scores(session: &Session, pictures: &[Picture], with_map: bool) -> Result<Vec<Value>, Failure> {
    let mut rows = Vec::new();
    for reading in Reading::ALL {
        for border in Border::ALL {
            let options = ScoringOptions::default().reading(reading).border(border);
            for layer in 1..=session.layers() {
                for picture in pictures {
                    let each = session.filters(layer)?.len();
                    let maps = responses(session, layer, picture, options.response)?;
                    let maps_each = maps.len() / each;
                    let mut scores = vec![0.0; each];
                    for map in &maps {
                        scores[map.filter()] += options.score(map)?.value() / maps_each as f64;
                    }
                    let mut row = json!({
                        "session": session.name(), "iterations": session.iterations(), "layer": layer,
                        "reading": reading.name(), "border": border.name(), "picture": picture.name(), "scores": scores,
                    });
                    if with_map {
                        row["last_map"] = maps[maps.len() - 1].map().iter().copied().collect();
                    }
                    rows.push(row);
                }
            }
        }
    }
    Ok(rows)
}

/// Numbers that look like weights: the same on every machine.
fn weight(place: usize) -> f32 {
    ((place * 37 + 11) % 101) as f32 / 101.0 - 0.5
}

fn small() -> Result<Value, Failure> {
    let shapes = [(4, 3, 3, 3), (3, 4, 5, 5)];
    let banks = shapes.iter().zip(1..).map(|(&shape, layer)| {
        let mut place = 1000 * layer;
        let weights = Array4::from_shape_simple_fn(shape, || {
            place += 1;
            weight(place * place)
        });
        FilterBank::new(layer, weights, Array1::from_shape_fn(shape.0, |filter| 0.1 * weight(filter)))
    });
    let banks = banks.collect::<Result<Vec<_>, _>>()?;
    let session = Session::from_filters("small", 1, banks.clone())?;
    // Without a border, 19 x 17 become 17 x 15 and, pooled without the last row and column, 8 x 7.
    let pixels = Array3::from_shape_fn((3, 19, 17), |(c, y, x)| ((c * 91 + y * y * 17 + x * 29) % 256) as u8);
    let picture = Picture::new("ramp", pixels.clone())?;
    let banks: Vec<Value> = banks
        .iter()
        .map(|bank| {
            let (filters, channels, kernel, _) = bank.weights().dim();
            let (weights, bias): (Vec<f32>, Vec<f32>) =
                (bank.weights().iter().copied().collect(), bank.bias().to_vec());
            json!({ "filters": filters, "channels": channels, "kernel": kernel, "weights": weights, "bias": bias })
        })
        .collect();
    let picture = [picture];
    Ok(json!({
        "banks": banks, "width": 17, "height": 19, "pixels": pixels.iter().copied().collect::<Vec<u8>>(),
        "scale": session.training().architecture.input_scale, "scores": scores(&session, &picture, true)?,
    }))
}
