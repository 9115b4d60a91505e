//! Filters that are kept in the course of one session.

use softness::internals::{Weights, filters_along};
use softness::prelude::*;
use softness::session::{Initialisation, Optimiser, train_in_memory};

use crate::support::small::{Listener, bits, dataset, small, train};

#[test]
fn kept_filters_are_those_of_ordinary_sessions_bit_for_bit() {
    let descent =
        small().optimiser(Optimiser::Sgd).initialisation(Initialisation::Glorot).learning_rate(0.05);
    for training in [small(), descent.evaluate_every(0)] {
        // The iterations of the options do not matter. 4 ends an epoch, 10 and 20 have evaluations.
        let kept = [0, 1, 4, 10, 11, 20, 26];
        let sessions = filters_along(&dataset(), training.clone().iterations(3), &kept, &()).unwrap();
        assert_eq!(sessions.len(), kept.len());
        for (session, iterations) in sessions.iter().zip(kept) {
            assert_eq!(session.name(), format!("26-seed1-at-{iterations}"));
            assert_eq!(session.iterations(), iterations);
            for layer in [1, 2] {
                let filters = session.filters(layer).unwrap();
                if iterations == 0 {
                    let initial = Weights::initial(&session.training().architecture, 1).unwrap();
                    assert_eq!(filters.weights(), &initial.conv[layer - 1]);
                    assert_eq!(filters.bias(), &initial.conv_bias[layer - 1]);
                } else {
                    let ordinary = train(training.clone().iterations(iterations));
                    assert_eq!(filters, ordinary.filters(layer).unwrap(), "{iterations} iterations");
                    assert_eq!(session.training(), ordinary.training());
                }
            }
        }
        let whole = train(training.iterations(26)).named("26-seed1-at-26");
        assert_eq!(bits(sessions.last().unwrap()), bits(&whole));
        assert!(
            sessions[..6].iter().all(|session| session.record().is_none() && session.history().is_empty())
        );
    }
}

#[test]
fn iterations_to_keep_must_ascend_and_be_there() {
    for (iterations, sentence) in [
        (&[][..], "iterations to keep is empty, but there must be at least one"),
        (&[1, 5, 5], "iterations to keep is 1, 5, 5, but each must be larger than the one before"),
        (&[3, 2], "iterations to keep is 3, 2, but each must be larger than the one before"),
        (&[0], "iterations is 0, but it must lie between 1 and 2147483647"),
    ] {
        let error = filters_along(&dataset(), small(), iterations, &()).unwrap_err();
        assert_eq!(error.to_string(), sentence);
    }
}

#[test]
fn an_interruption_ends_it_as_it_ends_an_ordinary_session() {
    let listener = || Listener { stop_after: Some(10), ..Listener::default() };
    let along = filters_along(&dataset(), small(), &[5, 25], &listener()).unwrap_err();
    let ordinary = train_in_memory(&dataset(), small(), &listener()).unwrap_err();
    assert_eq!(along.to_string(), ordinary.to_string());
    assert_eq!(along.kind(), softness::ErrorKind::Interrupted);
}

#[test]
fn an_unfinished_session_of_gradient_descent_resumes_from_a_store_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let training = small().optimiser(Optimiser::Sgd).initialisation(Initialisation::He).learning_rate(0.05);
    let listener = Listener { stop_after: Some(10), ..Listener::default() };
    store.train(&dataset(), &training, "descent", &listener).unwrap_err();
    let resumed = store.train(&dataset(), &training, "descent", &()).unwrap();
    assert_eq!(resumed.record().unwrap().resumed_from, 10);
    assert_eq!(bits(&resumed), bits(&train(training.clone()).named("descent")));
    // It is found again, and one of Adam is not taken for it.
    let seen = Listener::default();
    let found = store.train(&dataset(), &training, "descent", &seen).unwrap();
    assert_eq!(bits(&found), bits(&resumed));
    assert!(seen.loaded.into_inner() > 0);
    let other = store.train(&dataset(), &training.optimiser(Optimiser::Adam), "descent", &()).unwrap();
    assert_ne!(other.weights(), resumed.weights());
}
