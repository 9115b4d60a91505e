//! Matchings against numpy's correlation, and of filters whose order is known.

use ndarray::{Array1, Array2, Array4, Axis};

use super::correlation::correlations;
use super::match_filters;
use crate::dataset::{Dataset, Picture};
use crate::filters::FilterBank;
use crate::golden::{assert_close, noise};
use crate::responses::{Border, Reading, ResponseOptions};
use crate::session::{Session, Training};
use crate::store::shipped_sessions;
use crate::tolerances::{BY_HAND, REORDERED_SUMS};

/// A session of the study's kind of network, of noise.
fn session(name: &str, salt: u64) -> Session {
    let bank = |layer: usize, dim: (usize, usize, usize, usize)| {
        let values = noise(dim.0 * dim.1 * dim.2 * dim.3, salt + layer as u64);
        let weights = values.into_iter().map(|value| value as f32).collect();
        let bias = noise(dim.0, salt + 10).into_iter().map(|value| value as f32 * 0.1).collect();
        FilterBank::new(layer, Array4::from_shape_vec(dim, weights).unwrap(), bias).unwrap()
    };
    Session::from_filters(name, 40, vec![bank(1, (6, 3, 5, 5)), bank(2, (9, 6, 5, 5))]).unwrap()
}

/// The same network with the filters of both layers, and the channels of layer 2, in another order.
fn shuffled(session: &Session, first: &[usize], second: &[usize]) -> Session {
    let reorder = |bank: &FilterBank, order: &[usize], channels: Option<&[usize]>| {
        let mut weights = bank.weights().select(Axis(0), order);
        if let Some(channels) = channels {
            weights = weights.select(Axis(1), channels);
        }
        FilterBank::new(bank.layer(), weights, bank.bias().select(Axis(0), order)).unwrap()
    };
    let banks = vec![
        reorder(&session.filters(1).unwrap(), first, None),
        reorder(&session.filters(2).unwrap(), second, Some(first)),
    ];
    Session::from_filters("shuffled", 40, banks).unwrap()
}

const FIRST: [usize; 6] = [3, 5, 0, 1, 4, 2];
const SECOND: [usize; 9] = [8, 2, 0, 7, 1, 3, 6, 5, 4];

#[test]
fn a_network_in_another_order_gives_back_the_order_in_both_layers_by_weights_and_by_maps() {
    let one = session("one", 1);
    assert!(one.architecture().is_some());
    let other = shuffled(&one, &FIRST, &SECOND);
    let picture = Dataset::tiny().bird();
    for (layer, order) in [(1, &FIRST[..]), (2, &SECOND[..])] {
        let by_weights = match_filters(&one, &other, layer).unwrap();
        let with = |options: ResponseOptions| options.match_filters(&one, &other, layer, &picture).unwrap();
        let by_maps = with(ResponseOptions::default());
        let by_kernels = with(ResponseOptions::default().reading(Reading::EachKernel));
        for matching in [&by_weights, &by_maps, &by_kernels] {
            assert_eq!(matching.pairs().len(), order.len());
            for pair in matching.pairs() {
                assert_eq!(order[pair.b], pair.a, "layer {layer}, {}", matching.in_words());
                assert_close(pair.correlation, 1.0, REORDERED_SUMS, 1.0, "the same filter");
            }
            assert!(matching.mean_correlation() > matching.untrained().high);
            assert_eq!(matching.p_value(), 1.0 / 201.0);
            assert_eq!(matching.pairs_above_untrained(), order.len());
        }
    }
}

#[test]
fn a_filter_and_its_negative_do_not_agree() {
    let one = session("one", 1);
    let negative = |bank: FilterBank| {
        FilterBank::new(bank.layer(), bank.weights().mapv(|weight| -weight), bank.bias().clone()).unwrap()
    };
    let banks = [1, 2].map(|layer| negative(one.filters(layer).unwrap()));
    let other = Session::from_filters("negative", 40, banks.to_vec()).unwrap();
    let matching = match_filters(&one, &other, 1).unwrap();
    assert!(matching.pairs().iter().all(|pair| pair.a != pair.b));
    assert!(matching.mean_correlation() < 0.5);
}

#[test]
fn correlations_by_hand() {
    let a = ndarray::arr2(&[[1.0, 2.0, 3.0], [5.0, 5.0, 5.0], [1e300, 0.0, 0.0]]);
    let b = ndarray::arr2(&[[2.0, 4.0, 6.0], [3.0, 2.0, 1.0], [1.0, 3.0, 2.0]]);
    let hand = [[1.0, -1.0, 0.5], [0.0; 3], [-0.75f64.sqrt(), 0.75f64.sqrt(), -0.75f64.sqrt()]];
    let ours = correlations(&a, &b);
    for (at, &value) in ours.indexed_iter() {
        assert_close(value, hand[at.0][at.1], BY_HAND, 1.0, &format!("{at:?}"));
    }
    assert_eq!(correlations(&Array2::zeros((1, 0)), &Array2::zeros((1, 0))), Array2::<f64>::zeros((1, 1)));
}

#[test]
fn two_untrained_networks_match_like_two_untrained_networks() {
    // Their mean lies within the middle 95% in 19 of 20 cases. These seeds are fixed.
    let network = |seed: u64| {
        let banks = crate::filters::nulls::initial_filters(&Training::paper().architecture, seed).unwrap();
        Session::from_filters(format!("seed {seed}"), 0, banks).unwrap()
    };
    for layer in [1, 2] {
        let inside = (0..6).filter(|pair| {
            let matching = match_filters(&network(2 * pair), &network(2 * pair + 1), layer).unwrap();
            matching.untrained().contains(matching.mean_correlation())
        });
        assert!(inside.count() >= 4, "layer {layer}");
    }
}

#[test]
fn layer_2_of_trained_sessions_agrees_more_than_that_of_untrained_ones_the_same_every_time() {
    let sessions = shipped_sessions().unwrap();
    let trained = match_filters(&sessions[3], &sessions[4], 2).unwrap();
    assert!(trained.mean_correlation() > trained.untrained().high, "{trained:?}");
    let again = match_filters(&sessions[3], &sessions[4], 2).unwrap();
    assert_eq!(trained.pairs(), again.pairs());
    assert_eq!(trained.untrained(), again.untrained());
}

#[test]
fn fewer_filters_leave_some_of_the_other_session_over_and_other_shapes_are_refused() {
    let bank = |layer: usize, dim: (usize, usize, usize, usize), salt: u64| {
        let values = noise(dim.0 * dim.1 * dim.2 * dim.3, salt).into_iter().map(|value| value as f32);
        FilterBank::new(layer, Array4::from_shape_vec(dim, values.collect()).unwrap(), Array1::zeros(dim.0))
            .unwrap()
    };
    let of = |name: &str, dim, salt| Session::from_filters(name, 1, vec![bank(1, dim, salt)]).unwrap();
    let (few, many) = (of("few", (3, 4, 3, 3), 1), of("many", (7, 4, 3, 3), 2));
    let matching = match_filters(&many, &few, 1).unwrap();
    assert_eq!(matching.pairs().len(), 3);
    assert!(matching.pairs().iter().all(|pair| pair.b < 3 && pair.a < 7));
    assert_eq!(matching.dataframe().unwrap().shape(), (3, 7));

    let large = of("large", (3, 4, 5, 5), 3);
    let error = match_filters(&few, &large, 1).unwrap_err().to_string();
    assert!(
        error.contains("4 x 3 x 3") && error.contains("4 x 5 x 5") && error.contains("maps of a picture"),
        "{error}"
    );
    assert!(match_filters(&few, &large, 2).unwrap_err().to_string().contains("layer 2"));
    let picture = Picture::static_noise(1);
    let kernels = ResponseOptions::default().reading(Reading::KernelSliceSum);
    assert_eq!(kernels.match_filters(&few, &large, 1, &picture).unwrap().pairs().len(), 3);
    let error =
        kernels.border(Border::Valid).match_filters(&few, &large, 1, &picture).unwrap_err().to_string();
    assert!(error.contains("30 x 30") && error.contains("28 x 28"), "{error}");
}

#[test]
fn channels_whose_filters_have_different_sizes_are_not_compared() {
    let (a, salt) = (session("a", 1), 30);
    let values: Vec<f32> = noise(6 * 3 * 3 * 3, salt).into_iter().map(|value| value as f32).collect();
    let small = Array4::from_shape_vec((6, 3, 3, 3), values).unwrap();
    let small = FilterBank::new(1, small, Array1::zeros(6)).unwrap();
    let b = Session::from_filters("b", 1, vec![small, a.filters(2).unwrap()]).unwrap();
    let sentence = "the filters of layer 1 are 3 x 5 x 5 in session \"a\" and 3 x 3 x 3 in session \"b\", so it is not known which \
                    channels of layer 2 belong together: match their maps of a picture instead, by \
                    ResponseOptions::default().match_filters(&a, &b, 2, &picture)";
    assert_eq!(match_filters(&a, &b, 2).unwrap_err().to_string(), sentence);
    // Maps of whole filters need no order of channels.
    let picture = Picture::static_noise(1);
    assert!(ResponseOptions::default().match_filters(&a, &b, 2, &picture).is_ok());
}

#[test]
fn sessions_of_one_name_are_told_apart() {
    let one = session("one", 1);
    let matching = match_filters(&one, &one, 1).unwrap();
    assert_eq!(matching.names(), ["one", "one again"]);
    assert!(matching.pairs().iter().all(|pair| pair.a == pair.b));
}
