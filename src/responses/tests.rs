//! Responses compared with scipy's `correlate2d` and with the network itself.

use ndarray::{Array1, Array3, Array4, Axis};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::golden::{assert_close, json, noise, picture};
use crate::network::conv::reference::ReferenceStack;
use crate::network::kernels::InstructionPath;
use crate::network::{Architecture, Weights};
use crate::session::{Training, train_in_memory};
use crate::tolerances::{AGAINST_SCIPY, MAPS_IN_F32};

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    filters: [usize; 2],
    kernels: [usize; 2],
    height: usize,
    width: usize,
    responses: Vec<Maps>,
}

#[derive(Deserialize)]
struct Maps {
    reading: Reading,
    border: Border,
    layer: usize,
    height: usize,
    width: usize,
    maps: Vec<Sampled>,
}

#[derive(Deserialize)]
struct Sampled {
    index: Vec<usize>,
    value: Vec<f64>,
    norm: f64,
    weighted: f64,
}

/// The two layers that the golden file was computed with.
fn banks(filters: [usize; 2], kernels: [usize; 2]) -> [FilterBank; 2] {
    let [f1, f2] = filters;
    let bank = |layer: usize, (out, channels): (usize, usize)| {
        let (kernel, salt) = (kernels[layer - 1], layer as u64);
        let draw = |count, salt| noise(count, salt).into_iter().map(|value| value as f32).collect::<Vec<_>>();
        let shape = (out, channels, kernel, kernel);
        let weights =
            Array4::from_shape_vec(shape, draw(out * channels * kernel * kernel, 10 + salt)).unwrap();
        FilterBank::new(layer, weights, Array1::from(draw(out, 20 + salt))).unwrap()
    };
    [bank(1, (f1, 3)), bank(2, (f2, f1))]
}

fn responses_of(
    banks: &[FilterBank],
    layer: usize,
    picture: &Picture,
    options: ResponseOptions,
) -> Result<Vec<Response>> {
    let banks: Vec<_> = banks.iter().collect();
    bank_responses(&banks, Architecture::paper().input_scale, layer, picture, options)
}

#[test]
fn every_reading_border_and_layer_agrees_with_scipy() {
    let mut seen = 0;
    for Case { filters, kernels, height, width, responses } in json::<Golden>("responses.json").cases {
        let picture = Picture::rgb("noise", picture(height, width, 31));
        let banks = banks(filters, kernels);
        for Maps { reading, border, layer, height, width, maps } in responses {
            let what = format!("{filters:?} {kernels:?} {reading:?} {border:?} layer {layer}");
            let ours = responses_of(&banks, layer, &picture, ResponseOptions { reading, border }).unwrap();
            assert_eq!(ours.len(), maps.len(), "{what}");
            let channels = banks[layer - 1].channels();
            for (at, (response, expected)) in ours.iter().zip(&maps).enumerate() {
                let (filter, channel) = match reading {
                    Reading::EachKernel => (at / channels, Some(at % channels)),
                    _ => (at, None),
                };
                let place = (response.layer(), response.filter(), response.channel(), response.image());
                assert_eq!(place, (layer, filter, channel, "noise"), "{what}");
                assert_eq!(response.map().dim(), (height, width), "{what}");
                let values: Vec<f64> = response.map().iter().copied().collect();
                let scale = expected.norm;
                let norm = values.iter().map(|value| value * value).sum::<f64>().sqrt();
                let weighted: f64 = values.iter().zip(noise(values.len(), 41)).map(|(a, b)| a * b).sum();
                assert_close(norm, expected.norm, AGAINST_SCIPY, scale, &what);
                assert_close(weighted, expected.weighted, AGAINST_SCIPY, scale, &what);
                for (&index, &value) in expected.index.iter().zip(&expected.value) {
                    assert_close(values[index], value, AGAINST_SCIPY, scale, &what);
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen} maps");
}

/// Layer 2's pooled maps of a picture in f32, computed as in training.
fn pooled_by_network(weights: &Weights, architecture: &Architecture, picture: &Picture) -> Array3<f64> {
    let images: Vec<f32> =
        picture.pixels().iter().map(|&byte| f32::from(byte) * architecture.input_scale).collect();
    let [w1, b1, w2, b2, ..] = weights.flat();
    let mut out = vec![0.0; architecture.pooled()];
    ReferenceStack::new(architecture).unwrap().forward(&images, [w1, w2], [b1, b2], &mut out);
    let out = out.into_iter().map(f64::from).collect();
    Array3::from_shape_vec((architecture.filters[1], 8, 8), out).unwrap()
}

fn assert_same_maps(ours: &Array3<f64>, theirs: &Array3<f64>) {
    assert_eq!(ours.dim(), theirs.dim());
    let scale = theirs.iter().copied().fold(0.0, f64::max);
    assert!(scale > 0.0);
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_close(*ours, *theirs, MAPS_IN_F32, scale, "pooled map");
    }
}

fn stacked(responses: &[Response]) -> Array3<f64> {
    let maps: Vec<_> = responses.iter().map(|response| response.map().view()).collect();
    ndarray::stack(Axis(0), &maps).unwrap()
}

#[test]
fn layer_2_pooled_is_the_input_of_the_trained_networks_dense_layers() {
    let dataset = crate::dataset::Dataset::tiny();
    let training = Training::paper().iterations(30).batch(20).learning_rate(1e-3);
    let session = train_in_memory(&dataset, training, &()).unwrap();
    for picture in [dataset.bird(), Picture::static_noise(1)] {
        let ours = responses(&session, 2, &picture, ResponseOptions::default()).unwrap();
        let ours = correlate::relu_and_pool(&stacked(&ours));
        let architecture = &session.training().architecture;
        assert_same_maps(&ours, &pooled_by_network(session.weights().unwrap(), architecture, &picture));
    }
}

#[test]
fn layer_1_pooled_is_the_input_of_a_layer_2_that_changes_nothing() {
    // 1 x 1 kernels that copy each map, without bias: only the second max-pooling is added.
    let architecture = Architecture { filters: [6, 6], kernels: [5, 1], ..Architecture::paper() };
    let mut weights = Weights::initial(&architecture, 3).unwrap();
    weights.conv[1] = Array4::from_shape_fn((6, 6, 1, 1), |(out, channel, ..)| f32::from(out == channel));
    weights.conv_bias[1].fill(0.0);
    let banks = FilterBank::from_weights(&weights).unwrap();
    let picture = Picture::static_noise(2);
    let ours = responses_of(&banks, 1, &picture, ResponseOptions::default()).unwrap();
    let ours = correlate::relu_and_pool(&correlate::relu_and_pool(&stacked(&ours)));
    assert_same_maps(&ours, &pooled_by_network(&weights, &architecture, &picture));
}

#[test]
fn a_kernel_with_one_weight_moves_the_picture_and_zeros_come_in() {
    // Cross-correlation, not convolution: a weight right of the middle looks to the right.
    let mut weights = Array4::zeros((1, 3, 3, 3));
    weights[[0, 1, 1, 2]] = 255.0; // green
    let bank = FilterBank::new(1, weights, Array1::from(vec![0.5])).unwrap();
    let pixels = Array3::from_shape_fn(
        (3, 3, 4),
        |(channel, row, column)| {
            if channel == 1 { (10 * row + column) as u8 } else { 200 }
        },
    );
    let maps =
        bank_responses(&[&bank], 1.0 / 255.0, 1, &Picture::rgb("p", pixels), ResponseOptions::default())
            .unwrap();
    for ((row, column), &value) in maps[0].map().indexed_iter() {
        let expected = if column == 3 { 0.5 } else { (10 * row + column + 1) as f64 + 0.5 };
        assert_close(value, expected, MAPS_IN_F32, 1.0, "moved picture"); // 1/255 is an f32
    }
}

#[test]
fn a_grey_picture_is_not_changed_before_the_kernel_slices() {
    let grey = Array3::from_shape_fn((3, 4, 5), |(_, row, column)| (50 * row + column) as u8);
    let bank = FilterBank::new(1, Array4::ones((1, 3, 1, 1)), Array1::from(vec![9.0])).unwrap();
    let picture = Picture::rgb("grey", grey.clone());
    for (reading, slices) in
        [(Reading::KernelSlice, 1.0), (Reading::KernelSliceSum, 3.0), (Reading::EachKernel, 1.0)]
    {
        let options = ResponseOptions::default().reading(reading);
        let maps = bank_responses(&[&bank], 1.0, 1, &picture, options).unwrap();
        assert_eq!(maps[0].map(), grey.index_axis(Axis(0), 0).mapv(|byte| slices * f64::from(byte)));
    }
}

#[test]
fn the_smallest_picture_leaves_one_value_and_a_smaller_one_is_an_error_that_says_what_is_needed() {
    // 5 x 5 kernels: layer 1 needs 5; layer 2 needs 5 after the pool, so 10 before it and 14 at first.
    let banks = banks([2, 3], [5, 5]);
    let valid = |reading| ResponseOptions { reading, border: Border::Valid };
    let same = |reading| ResponseOptions::default().reading(reading);
    for (options, layer, needed) in [
        (valid(Reading::ForwardPass), 1, 5),
        (valid(Reading::ForwardPass), 2, 14),
        (valid(Reading::KernelSlice), 2, 5),
        (valid(Reading::KernelSliceSum), 1, 5),
        (valid(Reading::EachKernel), 2, 5),
        (same(Reading::ForwardPass), 1, 1),
        (same(Reading::ForwardPass), 2, 2),
        (same(Reading::KernelSlice), 2, 1),
    ] {
        let picture_of = |height, width| Picture::rgb("crumb", picture(height, width, 1));
        let maps = responses_of(&banks, layer, &picture_of(needed, needed), options).unwrap();
        assert_eq!(maps[0].map().dim(), (1, 1), "{options:?} {layer}");
        // A picture has at least one pixel.
        let smaller = [(needed - 1, 40), (40, needed - 1)].into_iter().filter(|_| needed > 1);
        for (height, width) in smaller {
            let error =
                responses_of(&banks, layer, &picture_of(height, width), options).unwrap_err().to_string();
            for part in [
                "crumb".to_string(),
                format!("{width} x {height} pixels"),
                format!("layer {layer}"),
                options.border.name().to_string(),
                format!("{needed} x {needed}"),
            ] {
                assert!(error.contains(&part), "{part}: {error}");
            }
        }
    }
}

#[test]
fn a_missing_layer_is_an_error_that_names_the_layers_there_are() {
    let banks = banks([2, 3], [3, 3]);
    for layer in [0, 3, usize::MAX] {
        let picture = Picture::static_noise(1);
        let error =
            responses_of(&banks, layer, &picture, ResponseOptions::default()).unwrap_err().to_string();
        assert!(error.contains(&format!("no layer {layer}")) && error.contains("1 to 2"), "{error}");
    }
}

/// The bits of maps, so that -0 and +0 differ.
fn bits(maps: &Array3<f64>) -> (Vec<usize>, Vec<u64>) {
    (maps.shape().to_vec(), maps.iter().map(|value| value.to_bits()).collect())
}

proptest! {
    #[test]
    fn every_instruction_path_gives_the_bits_of_the_definition_for_any_shape(
        (filters, channels, half) in (1_usize..10, 1_usize..5, 0_usize..4),
        (extra_rows, extra_columns) in (0_usize..20, 0_usize..40),
        same: bool, blank: bool, seed in 0_u64..1000,
    ) {
        let kernel = 2 * half + 1;
        let border = if same { Border::Same } else { Border::Valid };
        let least = if same { 1 } else { kernel };
        let (height, width) = (least + extra_rows, least + extra_columns);
        let draw = |count, salt| noise(count, seed * 10 + salt);
        let weights = draw(filters * channels * kernel * kernel, 1).into_iter().map(|value| value as f32);
        let weights = Array4::from_shape_vec((filters, channels, kernel, kernel), weights.collect()).unwrap();
        let bias: Vec<f32> = draw(filters, 2).into_iter().map(|value| value as f32).collect();
        let bank = FilterBank::new(1, weights, Array1::from(bias.clone())).unwrap();
        // A blank picture makes zeros of both signs.
        let picture = |planes: usize, salt| {
            let values = draw(planes * height * width, salt);
            let values = values.into_iter().map(|value| if blank { 0.0 } else { value }).collect();
            Array3::from_shape_vec((planes, height, width), values).unwrap()
        };
        let (colour, grey) = (picture(channels, 3), picture(1, 4));
        let forward = bits(&reference::forward(&colour, &bank, border));
        let bias: Vec<f64> = bias.into_iter().map(f64::from).collect();
        prop_assert_eq!(&bits(&correlate::forward(&colour, &bank, border)), &forward);
        for instructions in InstructionPath::ALL.into_iter().filter_map(|path| path.check().ok()) {
            let ours = correlate::correlate(instructions, &colour, &bank, channels, &bias, border);
            prop_assert_eq!(&bits(&ours), &forward, "{:?}", instructions);
        }
        for count in [1, channels] {
            let slices = correlate::slices(&grey, &bank, count, border);
            prop_assert_eq!(bits(&slices), bits(&reference::slices(&grey, &bank, count, border)));
        }
    }
}
