//! Files of weights as other programs save them, against PyTorch and numpy: `golden/checkpoints.py` trained the network and
//! computed its scores.

mod conversion;
mod layers;
mod one_session;
mod page;
mod refusals;
mod series;

use std::path::PathBuf;

use ndarray::Array4;
use serde_json::Value;
use softness::dataset::Picture;
use softness::prelude::*;

use crate::support::golden;
use crate::support::tolerances::{AGAINST_SCIPY, STANDARD_DEVIATIONS};

fn checkpoint(name: &str) -> PathBuf {
    golden::path("checkpoints").join(name)
}

fn open(name: &str) -> WeightFile {
    WeightFile::open(checkpoint(name), AxisOrder::Oihw).unwrap()
}

fn expected() -> Value {
    golden::json("checkpoints/expected.json")
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

const NAMES: [&str; 3] = ["features.0.weight", "features.2.weight", "features.10.weight"];

/// Options with this reading of filters.
fn reading(reading: Reading) -> ScoringOptions {
    ScoringOptions::default().reading(reading)
}

#[test]
fn the_layers_of_a_file_of_safetensors_are_those_of_pytorch_in_the_order_of_the_network() {
    let file = open("epoch-10.safetensors");
    assert_eq!(file.layer_names(), NAMES);
    assert!(file.left_out().is_empty());
    let expected = expected();
    let shapes = [(4, 3, 5, 5), (6, 4, 3, 3), (5, 6, 4, 4)];
    for ((bank, name), shape) in file.filters().iter().zip(NAMES).zip(shapes) {
        assert_eq!(bank.weights().dim(), shape);
        let first: Vec<f64> = bank.weights().iter().take(8).copied().map(f64::from).collect();
        assert_eq!(first, numbers(&expected["values"][name]), "{name}");
        let bias: Vec<f64> = bank.bias().iter().copied().map(f64::from).collect();
        assert_eq!(bias, numbers(&expected["values"][name.replace("weight", "bias")]), "{name}");
    }
    assert_eq!(file.filters().iter().map(FilterBank::layer).collect::<Vec<_>>(), [1, 2, 3]);
    let line = format!("{}: safetensors, axis order oihw, 3 convolutional layers", file.path().display());
    assert_eq!(file.to_string(), line);
}

#[test]
fn numpy_s_archives_hold_the_same_layers() {
    let file = open("epoch-10.safetensors");
    for name in ["last.npz", "last_deflated.npz"] {
        let other = open(name);
        assert_eq!(other.layer_names(), NAMES, "{name}");
        assert!(other.filters() == file.filters(), "{name}");
    }
    let keras = WeightFile::open(checkpoint("last_hwio.npz"), AxisOrder::Hwio).unwrap();
    assert_eq!(keras.layer_names(), NAMES.map(|name| name.replace("weight", "kernel")));
    assert!(keras.filters() == file.filters());
}

#[test]
fn half_precision_and_bfloat16_are_read_to_the_bit() {
    let expected = expected();
    for (name, kind) in
        [("last_f16.safetensors", "f16"), ("last_f16.npz", "f16"), ("last_bf16.safetensors", "bf16")]
    {
        for (bank, layer) in open(name).filters().iter().zip(NAMES) {
            let first: Vec<f64> = bank.weights().iter().take(8).copied().map(f64::from).collect();
            assert_eq!(first, numbers(&expected["rounded"][kind][layer]), "{name}, {layer}");
        }
    }
}

#[test]
fn scores_of_ten_checkpoints_are_those_of_pytorch_and_numpy_with_an_even_kernel_too() {
    let pattern = checkpoint("epoch-{n}.safetensors");
    let sessions = WeightFile::series(&pattern.to_string_lossy(), AxisOrder::Oihw, 6).unwrap();
    let picture = Picture::new("noise", golden::picture(24, 20, 5)).unwrap();
    let expected = expected();
    let checkpoints = expected["checkpoints"].as_array().unwrap();
    assert_eq!(sessions.len(), checkpoints.len());
    let mut compared = 0;
    for kind in [Reading::KernelSlice, Reading::KernelSliceSum] {
        let table = reading(kind).softness_table(&sessions, std::slice::from_ref(&picture)).unwrap();
        for (session, theirs) in sessions.iter().zip(checkpoints) {
            assert_eq!(Some(session.iterations()), theirs["iterations"].as_u64());
            for (layer, name) in (1..).zip(NAMES) {
                let ours = table.scores(session.name(), layer, "noise").unwrap();
                let theirs = numbers(&theirs["scores"][name][kind.name()]);
                assert_eq!(ours.len(), theirs.len());
                for (ours, theirs) in ours.into_iter().zip(theirs) {
                    let what = format!("{}, {name}, {kind}", session.name());
                    golden::assert_close(ours, theirs, AGAINST_SCIPY, theirs, &what);
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 10 * (4 + 6 + 5) * 2);
}

#[test]
fn the_same_questions_are_asked_of_a_series_as_of_the_study() {
    let pattern = checkpoint("epoch-{n}.safetensors");
    let sessions = WeightFile::series(&pattern.to_string_lossy(), AxisOrder::Oihw, 6).unwrap();
    let noise = Picture::static_noise(1);
    let options = reading(Reading::KernelSliceSum);
    let table = options.softness_table(&sessions, std::slice::from_ref(&noise)).unwrap();
    let fits = fit_models(&table).unwrap();
    assert_eq!(fits.iter().len(), 3 * 3);
    assert_eq!(fits.get(2, "static", Form::Power).unwrap().n(), 10);
    assert!(r_squared_chart(&fits).unwrap().svg().contains("layer 3"));
    let grid = options.response.grid(&sessions[9], 3, &noise, &table).unwrap();
    assert_eq!(grid.title(), "Image static through layer 3 after 60 iterations");
}

#[test]
fn a_forward_pass_is_refused_with_the_readings_to_take() {
    let session = open("epoch-10.safetensors").session("mine", 60).unwrap();
    let message =
        softness_table(std::slice::from_ref(&session), &[Picture::static_noise(1)]).unwrap_err().to_string();
    assert_eq!(
        message,
        "session \"mine\": the forward pass is known for two layers only, of odd kernels, the first on 3 channels and the \
         second on its maps, but these are (4, 3, 5, 5), (6, 4, 3, 3), (5, 6, 4, 4): take the reading kernel-slice-sum, \
         each-kernel or kernel-slice"
    );
    let sets = [PictureSet::new("static", vec![Picture::static_noise(1)]).unwrap()];
    let sessions = score_sessions(&[session], &sets, SessionScoreOptions::default());
    assert_eq!(sessions.unwrap_err().to_string(), message);
    // The first two layers are a network of the study's kind.
    let two = open("epoch-10.safetensors").only(&NAMES[..2]).unwrap().session("two", 60).unwrap();
    let table = softness_table(&[two], &[Picture::static_noise(1)]).unwrap();
    assert_eq!(table.rows().len(), 4 + 6);
}

#[test]
fn five_percent_of_untrained_filters_of_any_network_are_soft() {
    use softness::internals::Weights;
    use softness::session::Architecture;

    let architecture =
        Architecture { filters: [400, 400], kernels: [3, 3], dense: 1, ..Architecture::paper() };
    let second = Weights::initial(&architecture, 5).unwrap().conv[1].clone();
    let bank = FilterBank::new(1, second, ndarray::Array1::zeros(400)).unwrap();
    let session = Session::from_filters("untrained", 1, [bank]).unwrap();
    for kind in [Reading::KernelSlice, Reading::KernelSliceSum, Reading::EachKernel] {
        let table = reading(kind)
            .softness_table(std::slice::from_ref(&session), &[Picture::static_noise(3)])
            .unwrap();
        let share = table.rows().iter().filter(|row| row.soft).count() as f64 / 400.0;
        // The share varies with these 400 filters, and with the 1,000 that the threshold comes from.
        let deviation = (0.05 * 0.95 * (1.0 / 400.0 + 1.0 / 1000.0f64)).sqrt();
        assert!((share - 0.05).abs() < STANDARD_DEVIATIONS * deviation, "{kind}: {share}");
    }
}

#[test]
fn what_a_layer_is_compared_with_depends_on_the_other_layers_of_a_network_like_the_studys_alone() {
    // docs/your-network.md and the help of `softness filters` say so.
    let bank = |layer: usize, channels: usize| {
        let weight = |(a, b, c, d)| ((3 * a + 2 * b + c + 5 * d) % 7) as f32 - 3.0;
        let weights = Array4::from_shape_fn((4, channels, 3, 3), weight);
        FilterBank::new(layer, weights, ndarray::Array1::zeros(4)).unwrap()
    };
    let first = |banks: Vec<FilterBank>| -> Vec<(f64, f64)> {
        let session = Session::from_filters("net", 1, banks).unwrap();
        let options = reading(Reading::KernelSliceSum);
        let table = options.softness_table(&[session], &[Picture::static_noise(3)]).unwrap();
        let rows = table.rows().iter().filter(|row| row.layer == 1);
        rows.map(|row| (row.score, row.soft_threshold.unwrap())).collect()
    };
    let alone = first(vec![bank(1, 3)]);
    assert_eq!(first(vec![bank(1, 3), bank(2, 4), bank(3, 4)]), alone);
    assert_eq!(first(vec![bank(1, 3), bank(2, 5)]), alone);
    let like_the_studys = first(vec![bank(1, 3), bank(2, 4)]);
    for ((score, threshold), (same, other)) in like_the_studys.iter().zip(&alone) {
        assert_eq!(score, same);
        assert!(threshold != other && (threshold / other - 1.0).abs() < 0.1, "{threshold} {other}");
    }
}

#[test]
fn a_layer_of_many_filters_shows_a_stated_part() {
    let weights = Array4::from_shape_fn((65, 2, 3, 3), |(a, b, c, d)| (a + b + c * d) as f32);
    let bank = FilterBank::new(1, weights, ndarray::Array1::zeros(65)).unwrap();
    let message = format!("{:?}", bank.grid().unwrap());
    assert!(message.contains("Filters of layer 1"), "{message}");
    assert_eq!(open("last.npz").layer_figures().unwrap().len(), 3);
    let figure = open("last.npz").figure().unwrap();
    assert_eq!(
        figure.title(),
        NAMES
            .iter()
            .zip(1..)
            .map(|(name, layer)| format!("Filters of layer {layer}, {name}"))
            .collect::<Vec<_>>()
            .join("; ")
    );
}
