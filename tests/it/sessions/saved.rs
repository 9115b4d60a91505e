//! Saved sessions: loaded, damaged, replaced.
use std::sync::atomic::{AtomicUsize, Ordering};

use softness::prelude::*;
use softness::session::Progress;

use crate::support::small::{Listener, SESSION_FILES, bits, dataset, files, small, sum_again, train};

#[test]
fn a_damaged_session_is_set_aside_whole_and_trained_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    let kept = files(&folder.path().join("sessions"), "").remove(0);
    for (number, damage) in ["edited", "cut off", "missing"].into_iter().enumerate() {
        let file = kept.join("layer1.npy");
        let bytes = std::fs::read(&file).unwrap();
        match damage {
            "edited" => {
                std::fs::write(&file, [&bytes[..bytes.len() - 1], &[bytes[bytes.len() - 1] ^ 1]].concat())
            }
            "cut off" => std::fs::write(&file, &bytes[..bytes.len() / 2]),
            _ => std::fs::remove_file(&file),
        }
        .unwrap();
        let listener = Listener::default();
        assert_eq!(
            bits(&store.train(&dataset(), &small(), "s", &listener).unwrap()),
            bits(&session),
            "{damage}"
        );
        assert_eq!(listener.notices.into_inner().unwrap().len(), 1, "{damage}");
        assert_eq!(files(&folder.path().join("damaged"), "").len(), number + 1, "{damage}");
    }
}

#[test]
fn what_a_process_left_that_was_killed_while_it_replaced_a_session_is_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    let sessions = folder.path().join("sessions");
    let kept = files(&sessions, "").remove(0);
    let name = kept.file_name().unwrap().to_string_lossy().into_owned();
    let key = name.split_once('-').unwrap().1;
    // Between the two renames: the old session and the new one, both in the temporary folder.
    let temporary = sessions.join(format!(".softness-{key}-xyz"));
    std::fs::create_dir(&temporary).unwrap();
    std::fs::rename(&kept, temporary.join(&name)).unwrap();
    std::fs::create_dir(temporary.join("session")).unwrap();
    let listener = Listener::default();
    let found = store.train(&dataset(), &small(), "s", &listener).unwrap();
    assert_eq!((listener.loaded.into_inner(), bits(&found)), (1, bits(&session)), "it was not trained again");
    assert_eq!(files(&sessions, ""), std::slice::from_ref(&kept), "and nothing else is left");
    // Behind the second one: the new session is there, its checkpoint and the temporary folder as well.
    std::fs::create_dir(&temporary).unwrap();
    std::fs::write(folder.path().join("unfinished").join(format!("{key}.checkpoint")), "old").unwrap();
    store.train(&dataset(), &small(), "s", &()).unwrap();
    assert_eq!(files(&sessions, ""), [kept]);
    assert!(files(&folder.path().join("unfinished"), ".checkpoint").is_empty());
}

#[test]
fn retraining_replaces_the_session_by_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let (store, calls) = (Store::new(folder.path()), AtomicUsize::new(0));
    let first = store.train(&dataset(), &small(), "s", &()).unwrap();
    let observer = |progress: &Progress| {
        calls.fetch_add(usize::from(!progress.is_from_earlier_call()), Ordering::Relaxed);
    };
    let again = store.train(&dataset(), &small().retrain(), "s", &observer).unwrap();
    assert!(calls.load(Ordering::Relaxed) > 1, "it was trained, not loaded");
    assert_eq!(again.filters(1).unwrap(), first.filters(1).unwrap());
    assert_eq!(files(&folder.path().join("sessions"), "").len(), 1);
}

#[test]
fn the_sessions_that_the_crate_carries_are_those_of_the_papers_plan() {
    let (shipped, planned) = (shipped_sessions().unwrap(), Plan::paper().sessions());
    assert_eq!(shipped.len(), planned.len());
    for (session, (name, training)) in shipped.iter().zip(&planned) {
        assert_eq!((session.name(), session.training()), (name.as_str(), training.clone()));
        assert_eq!(session.history().len() as u64, session.iterations().div_ceil(10));
    }
    let scores = shipped_scores().unwrap();
    assert_eq!(scores.rows().len(), 11 * (16 + 36) * 2);
    // Static comes from a seed, so its scores can be computed again here, to the last bit.
    let noise = softness_table(&shipped, &[Picture::static_noise(Plan::paper().plan_seed())]).unwrap();
    let carried: Vec<_> = scores.rows().iter().filter(|row| row.image == "static").cloned().collect();
    assert_eq!(noise.rows(), carried);
}

#[test]
fn a_saved_session_is_loaded_to_the_last_bit() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small()).named("kept");
    session.save(folder.path()).unwrap();
    let loaded = Session::load(folder.path()).unwrap();
    assert_eq!(bits(&loaded), bits(&session));
    assert_eq!(loaded.record(), session.record());
}

#[test]
fn a_session_without_its_dense_weights_is_loaded_without_weights() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small());
    session.clone().without_dense_layers().save(folder.path()).unwrap();
    assert!(!folder.path().join("dense1.npy").exists());
    let loaded = Session::load(folder.path()).unwrap();
    assert_eq!(loaded.weights(), None);
    assert_eq!(loaded.filters(2).unwrap(), session.filters(2).unwrap());
}

#[test]
fn each_damaged_file_of_a_saved_session_is_the_one_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small());
    session.save(folder.path()).unwrap();
    assert_eq!(files(folder.path(), "").len(), SESSION_FILES.len() + 1, "and their checksums");
    for name in SESSION_FILES {
        let path = folder.path().join(name);
        let whole = std::fs::read(&path).unwrap();
        let refused = |damage: &str| {
            let error = Session::load(folder.path()).unwrap_err().to_string();
            assert!(error.contains(&path.display().to_string()), "{name} {damage}: {error}");
        };
        // The last two bytes of session.json are a brace and a line end.
        for length in [0, 1, whole.len() / 3, whole.len() / 2, whole.len() - 2] {
            std::fs::write(&path, &whole[..length]).unwrap();
            refused(&format!("cut off after {length} bytes"));
        }
        std::fs::write(&path, [b"x", &whole[1..]].concat()).unwrap();
        refused("with another first byte");
        std::fs::write(&path, [&whole[..], b"more"].concat()).unwrap();
        refused("with more at its end");
        std::fs::remove_file(&path).unwrap();
        refused("missing");
        std::fs::write(&path, whole).unwrap();
    }
    assert_eq!(bits(&Session::load(folder.path()).unwrap()), bits(&session));
}

#[test]
fn arrays_of_another_shape_or_with_values_that_are_no_numbers_are_named() {
    let folder = tempfile::tempdir().unwrap();
    train(small()).save(folder.path()).unwrap();
    let flat = |length: usize, value: f32| ndarray::Array1::from_elem(length, value).into_dyn();
    for (name, array, part) in [
        ("dense1.npy", ndarray::Array2::zeros((16, 256)).into_dyn(), "[256, 16]"),
        ("dense2.npy", ndarray::Array2::zeros((16, 9)).into_dyn(), "[16, 10]"),
        ("dense1_bias.npy", flat(15, 0.0), "[16]"),
        ("layer1_bias.npy", flat(4, 0.0), "[3]"),
        ("layer2_bias.npy", flat(4, f32::NAN), "finite"),
        ("layer2.npy", ndarray::Array4::zeros((4, 3, 4, 4)).into_dyn(), "[4, 3, 5, 5]"),
    ] {
        let path = folder.path().join(name);
        let whole = std::fs::read(&path).unwrap();
        ndarray_npy::write_npy(&path, &array).unwrap();
        sum_again(folder.path());
        let error = Session::load(folder.path()).unwrap_err().to_string();
        assert!(error.starts_with(&path.display().to_string()) && error.contains(part), "{error}");
        std::fs::write(&path, whole).unwrap();
    }
}

#[test]
fn weights_saved_again_by_numpy_in_fortran_order_are_loaded_to_the_same_values() {
    let folder = tempfile::tempdir().unwrap();
    let session = train(small());
    session.save(folder.path()).unwrap();
    let dense = &session.weights().unwrap().dense[0];
    let mut fortran = ndarray::Array2::from_elem(ndarray::ShapeBuilder::f(dense.dim()), 0.0_f32);
    fortran.assign(dense);
    ndarray_npy::write_npy(folder.path().join("dense1.npy"), &fortran).unwrap();
    sum_again(folder.path());
    let loaded = Session::load(folder.path()).unwrap();
    assert_eq!(loaded.weights().unwrap().flat(), session.weights().unwrap().flat());
}
