//! Training: seeds, history, evaluation, options, observers, and training that goes wrong.
use std::path::Path;
use std::time::Duration;

use softness::ErrorKind;
use softness::internals::InstructionPath;
use softness::internals::Network;
use softness::prelude::*;
use softness::session::{Architecture, Initialisation, Optimiser};
use softness::session::{PlanLevel, Progress, train_in_memory};

use crate::support::small::{Listener, bits, dataset, files, small, train};

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_others() {
    let session = bits(&train(small()));
    assert_eq!(bits(&train(small())), session);
    assert_ne!(bits(&train(small().seed(2))).2, session.2);
    assert_ne!(bits(&train(small().iterations(24))).2, session.2);
}

#[test]
fn the_history_has_an_entry_every_ten_iterations_and_at_the_end() {
    for (iterations, every, expected) in
        [(25, 10, &[10, 20, 25][..]), (20, 10, &[10, 20]), (1, 10, &[1]), (7, 3, &[3, 6, 7]), (25, 0, &[25])]
    {
        let session = train(small().iterations(iterations).evaluate_every(every));
        let seen: Vec<_> = session.history().iter().map(|evaluation| evaluation.iteration).collect();
        assert_eq!(seen, expected, "{iterations} iterations, every {every}");
        let record = session.record().unwrap();
        assert_eq!(record.loss, session.history().last().unwrap().loss);
        assert!(session.history().iter().all(|e| e.loss > 0.0 && (0.0..=1.0).contains(&e.test_accuracy)));
    }
}

#[test]
fn how_often_a_session_is_evaluated_does_not_change_its_weights() {
    let often = train(small().evaluate_every(1));
    assert_eq!(often.weights(), train(small().evaluate_every(0)).weights());
}

#[test]
fn the_final_accuracy_is_that_of_the_final_weights_on_the_whole_test_split() {
    let (dataset, session) = (dataset(), train(small().iterations(60)));
    let network = &session.training().architecture;
    let network =
        Network::new(network, session.weights().unwrap(), 5, Optimiser::Adam, 1.0, InstructionPath::detect())
            .unwrap();
    let test = dataset.test();
    let images: Vec<f32> = test.bytes().iter().map(|&byte| f32::from(byte) / 255.0).collect();
    let correct = network.count_correct(&images, test.labels()).unwrap();
    assert_eq!(session.test_accuracy(), Some(correct as f64 / 20.0));
    assert!(correct > 2, "60 steps on colour squares teach more than chance: {correct} of 20");
}

#[test]
fn options_that_make_no_sense_are_errors_that_name_them() {
    for (training, part) in [
        (small().iterations(0), "iterations is 0"),
        (small().iterations(1 << 31), "iterations is 2147483648"),
        (small().batch(0), "batch is 0"),
        (small().batch(41), "batch is 41, but it must lie between 1 and the 40 training images"),
        (small().learning_rate(0.0), "learning rate is 0"),
        (small().learning_rate(f64::NAN), "learning rate is NaN"),
        (
            small().architecture(Architecture { kernels: [4, 5], ..Architecture::paper() }),
            "kernel of layer 1 is 4",
        ),
        (small().learning_rate(1e30), "the learning rate 1"),
    ] {
        let error = train_in_memory(&dataset(), training, &()).unwrap_err().to_string();
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn other_work_beside_it_does_not_change_a_session() {
    let alone = bits(&train(small()));
    std::thread::scope(|scope| {
        let others: Vec<_> =
            (1..4).map(|seed| scope.spawn(move || bits(&train(small().seed(seed))))).collect();
        assert_eq!(bits(&train(small())), alone);
        for (seed, other) in (1..4).zip(others) {
            assert_eq!(other.join().unwrap() == alone, seed == 1, "seed {seed}");
        }
    });
}

#[test]
fn the_observer_sees_the_start_every_tenth_iteration_and_the_end() {
    let seen = std::sync::Mutex::new(Vec::new());
    let observer = |progress: &Progress| {
        let mut seen = seen.lock().unwrap();
        let evaluated = progress.evaluation.map(|evaluation| evaluation.iteration);
        seen.push((progress.iteration, progress.iterations, evaluated));
        assert!(!progress.is_from_earlier_call() && !progress.is_from_another_process());
    };
    train_in_memory(&dataset(), small().iterations(35).evaluate_every(20), &observer).unwrap();
    let expected =
        [(0, 35, None), (10, 35, None), (20, 35, Some(20)), (30, 35, Some(20)), (35, 35, Some(35))];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[test]
fn a_network_that_no_memory_holds_is_refused_before_any_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    let network = "[network]\nfilters = [1, 65536]\ndense = 65536\n";
    std::fs::write(&path, format!("{network}[[level]]\niterations = 1\nsessions = 1\n")).unwrap();
    let error = Plan::from_file(&path).unwrap_err().to_string();
    assert!(error.contains("plan.toml") && error.contains("number of weights"), "{error}");
    // The largest preset has four of the sixty-seven million.
    Plan::new("fits", 1, vec![PlanLevel { iterations: 1, sessions: 1 }], Training::deep_mnist()).unwrap();
}

#[test]
fn a_session_that_diverges_says_so_and_keeps_its_last_good_state() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path()).checkpoint_every(Duration::ZERO);
    for learning_rate in [1e3, 1e5, 1e10, 1e30] {
        let training = small().learning_rate(learning_rate).iterations(1_000);
        let said = || store.train(&dataset(), &training, "wreck", &()).unwrap_err();
        let error = said();
        assert_eq!(error.kind(), ErrorKind::Diverged, "{error}");
        let sentence = error.to_string();
        let iteration_after = |words: &str| -> u64 {
            let (_, rest) = sentence.split_once(words).unwrap();
            rest.split(|letter: char| !letter.is_ascii_digit()).next().unwrap().parse().unwrap()
        };
        let good = iteration_after("the state after iteration ");
        assert!(0 < good && good < iteration_after(" at iteration "), "{sentence}");
        let (_, checkpoint) = sentence.rsplit_once(" is kept in ").unwrap();
        softness::internals::read_checkpoint(Path::new(checkpoint)).unwrap();
        for part in ["has exploded or is no longer a number", "smaller"] {
            assert!(sentence.contains(part), "{sentence}");
        }
        // Going on from there ends at the same place, and nothing was saved as a finished session.
        assert_eq!(said().to_string(), sentence);
        assert!(files(&folder.path().join("sessions"), "").is_empty());
    }
}

#[test]
fn a_session_whose_learning_rate_leaves_it_guessing_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let notices = |learning_rate: f64| {
        let listener = Listener::default();
        let training = small().learning_rate(learning_rate).iterations(1_000).evaluate_every(0);
        store.train(&dataset(), &training, "rate", &listener).unwrap();
        listener.notices.into_inner().unwrap()
    };
    assert!(notices(1e-3).is_empty());
    for rate in [0.3, 1e-9] {
        let notices = notices(rate);
        assert_eq!(notices.len(), 1, "{rate}");
        let rate = rate.to_string();
        assert!(notices[0].contains("no better than guessing") && notices[0].contains(&rate), "{notices:?}");
    }
}

#[test]
fn weights_and_pictures_too_small_to_be_normal_numbers_train_to_numbers_and_always_the_same() {
    let tiny = f32::MIN_POSITIVE / 1024.0;
    let architecture = small().architecture;
    for architecture in [
        Architecture {
            initialisation: Initialisation::Truncated { sd: tiny },
            bias: 0.0,
            ..architecture.clone()
        },
        Architecture { input_scale: tiny, ..architecture.clone() },
        Architecture {
            initialisation: Initialisation::Truncated { sd: tiny },
            bias: tiny,
            input_scale: tiny,
            ..architecture
        },
    ] {
        let session = train(small().architecture(architecture.clone()));
        let weights = session.weights().unwrap();
        assert!(weights.flat().iter().all(|values| values.iter().all(|value| value.is_finite())));
        assert!(session.history().iter().all(|evaluation| evaluation.loss.is_finite()));
        assert_eq!(bits(&session), bits(&train(small().architecture(architecture))));
    }
}
