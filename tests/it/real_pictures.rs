//! Responses and scores of CIFAR-10's test images against scipy, where CIFAR-10 is found. No pixel of it is
//! kept here: `golden/real_pictures.json` has scores alone.
use ndarray::{Array1, Array4};
use serde::Deserialize;
use softness::prelude::*;
use softness::responses::{ResponseOptions, responses};
use softness::softness::Normalisation;
use softness::softness::softness_score;

use crate::support::golden::{assert_close, json, noise};
use crate::support::tolerances::AGAINST_SCIPY;

#[derive(Deserialize)]
struct Golden {
    pictures: Vec<Scored>,
}

#[derive(Deserialize)]
struct Scored {
    record: usize,
    luma: f64,
    layers: [Vec<f64>; 2],
    norms: [Vec<f64>; 2],
}

#[test]
fn real_pictures_score_as_scipy_says() {
    let dataset = match Dataset::auto() {
        Ok(dataset) if dataset.is_cifar10() => dataset,
        _ => {
            println!("skipped: CIFAR-10 is not here");
            return;
        }
    };
    let draw = |shape: (usize, usize, usize, usize), salt| {
        let values = noise(shape.0 * shape.1 * shape.2 * shape.3, salt).into_iter().map(|value| value as f32);
        Array4::from_shape_vec(shape, values.collect()).unwrap()
    };
    let bias =
        |count, salt| noise(count, salt).into_iter().map(|value| value as f32).collect::<Array1<f32>>();
    let first = FilterBank::new(1, draw((4, 3, 5, 5), 11), bias(4, 21)).unwrap();
    let second = FilterBank::new(2, draw((3, 4, 5, 5), 12), bias(3, 22)).unwrap();
    let session = Session::from_filters("noise", 1, [first, second]).unwrap();
    let pictures = json::<Golden>("real_pictures.json").pictures;
    assert_eq!(pictures.len(), 5);
    for Scored { record, luma, layers, norms } in pictures {
        let picture = Picture::new("record", dataset.test().image(record).to_owned()).unwrap();
        let what = format!("record {record}");
        assert_close(
            softness_score(picture.luma().view(), Normalisation::MinMax).unwrap().value(),
            luma,
            AGAINST_SCIPY,
            luma,
            &what,
        );
        for (layer, (scores, norms)) in (1..).zip(layers.iter().zip(&norms)) {
            let responses = responses(&session, layer, &picture, ResponseOptions::default()).unwrap();
            assert_eq!(responses.len(), scores.len());
            for (response, (&score, &norm)) in responses.iter().zip(scores.iter().zip(norms)) {
                let ours = response.map().iter().map(|value| value * value).sum::<f64>().sqrt();
                assert_close(ours, norm, AGAINST_SCIPY, norm, &what);
                assert_close(
                    softness_score(response.map().view(), Normalisation::MinMax).unwrap().value(),
                    score,
                    AGAINST_SCIPY,
                    score,
                    &what,
                );
            }
        }
    }
    assert_eq!(dataset.bird().pixels(), dataset.test().image(75), "the bird is record 75");
}
