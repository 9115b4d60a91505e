//! Saved sessions: loaded, damaged, replaced.
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use softness::prelude::*;
use softness::session::Progress;
use softness::store::Keep;

use crate::support::small::{
    Listener, SESSION_FILES, archives, bits, dataset, files, only_key, pack, small, sum_again, train, unpack,
};

#[test]
fn a_damaged_session_is_set_aside_whole_and_trained_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let session = store.train(&dataset(), &small(), "s", &()).unwrap();
    let kept = archives(folder.path()).remove(0);
    let name = kept.file_name().unwrap().to_string_lossy().into_owned();
    let unpacked = tempfile::tempdir().unwrap();
    unpack(&kept, unpacked.path());
    let damages = ["edited", "cut off", "empty", "without layer1.npy", "no archive"];
    for (number, damage) in damages.into_iter().enumerate() {
        let whole = std::fs::read(&kept).unwrap();
        match damage {
            // The middle of the archive is in the dense weights.
            "edited" => std::fs::write(&kept, {
                let mut edited = whole.clone();
                edited[whole.len() / 2] ^= 1;
                edited
            })
            .unwrap(),
            "cut off" => std::fs::write(&kept, &whole[..whole.len() / 2]).unwrap(),
            "empty" => std::fs::write(&kept, "").unwrap(),
            "without layer1.npy" => {
                std::fs::remove_file(unpacked.path().join("layer1.npy")).unwrap();
                pack(unpacked.path(), &kept);
            }
            _ => std::fs::write(&kept, "no archive").unwrap(),
        }
        let damaged = std::fs::read(&kept).unwrap();
        let listener = Listener::default();
        assert_eq!(
            bits(&store.train(&dataset(), &small(), "s", &listener).unwrap()),
            bits(&session),
            "{damage}"
        );
        let notices = listener.notices.into_inner().unwrap();
        assert!(notices.len() == 1 && notices[0].contains("was set aside as "), "{damage}: {notices:?}");
        assert!(notices[0].starts_with(&kept.display().to_string()), "{damage}: {notices:?}");
        let number = if number == 0 { String::new() } else { format!(".{}", number + 1) };
        let aside = folder.path().join("damaged").join(format!("{name}{number}"));
        assert_eq!(std::fs::read(aside).unwrap(), damaged, "{damage}");
    }
}

#[test]
fn the_folder_of_an_earlier_version_is_read_and_stays_and_a_damaged_one_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let store = || Store::new(folder.path());
    let session = store().train(&dataset(), &small(), "s", &()).unwrap();
    let key = only_key(folder.path());
    std::fs::remove_dir_all(folder.path().join("sessions")).unwrap();
    let earlier = folder.path().join("sessions").join(format!("an-old-name-{key}"));
    session.save(&earlier).unwrap();
    let listener = Listener::default();
    let found = store().train(&dataset(), &small(), "s", &listener).unwrap();
    assert_eq!((listener.loaded.into_inner(), bits(&found)), (1, bits(&session)));
    store().train(&dataset(), &small().retrain(), "s", &()).unwrap();
    assert!(archives(folder.path()).is_empty(), "the same bits need no second place");
    assert_eq!(files(&folder.path().join("sessions"), ""), std::slice::from_ref(&earlier));
    std::fs::remove_file(earlier.join("layer1.npy")).unwrap();
    let listener = Listener::default();
    let again = store().train(&dataset(), &small(), "s", &listener).unwrap();
    assert_eq!((listener.loaded.into_inner(), bits(&again)), (0, bits(&session)));
    assert_eq!(only_key(folder.path()), key);
    assert!(folder.path().join(format!("damaged/an-old-name-{key}/layer2.npy")).exists());
}

#[test]
fn what_a_process_left_that_was_killed_behind_its_last_step_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    store.train(&dataset(), &small(), "s", &()).unwrap();
    let key = only_key(folder.path());
    let unfinished = folder.path().join("unfinished");
    assert!(files(&unfinished, "").is_empty(), "what is finished needs neither checkpoint nor lock");
    std::fs::write(unfinished.join(format!("{key}.checkpoint")), "old").unwrap();
    store.train(&dataset(), &small(), "s", &()).unwrap();
    assert!(files(&unfinished, "").is_empty());
}

#[test]
fn a_store_may_keep_the_filters_alone_and_hands_out_what_it_kept_until_the_whole_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let train =
        |keep, training| Store::new(folder.path()).keep(keep).train(&dataset(), &training, "s", &()).unwrap();
    let length = || std::fs::metadata(&archives(folder.path())[0]).unwrap().len();
    let slim = train(Keep::Filters, small());
    assert_eq!((slim.weights(), slim.layers()), (None, 2), "as it will be loaded");
    let short = length();
    assert_eq!(train(Keep::All, small()).weights(), None, "it is there, without");
    assert!(train(Keep::All, small().retrain()).weights().is_some());
    let whole = train(Keep::All, small());
    assert_eq!(bits(&whole), bits(&crate::support::small::train(small()).named("s")));
    assert!(length() > short + 256 * 16 * 4, "the first dense layer has 256 x 16 weights");
    // Nothing that was kept is taken away.
    assert_eq!(train(Keep::Filters, small().retrain()).weights(), None);
    assert_eq!(bits(&train(Keep::All, small())), bits(&whole));
    assert_eq!(train(Keep::Filters, small()).filters(2).unwrap(), whole.filters(2).unwrap());
}

#[test]
fn a_session_in_a_store_is_an_archive_of_the_files_that_are_saved_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let session = Store::new(folder.path().join("a")).train(&dataset(), &small(), "s", &()).unwrap();
    let archive = archives(&folder.path().join("a")).remove(0);
    let key = only_key(&folder.path().join("a"));
    assert!(archive.ends_with(Path::new("sessions").join(&key[..2]).join(format!("{key}.session"))));
    assert_eq!(bits(&Session::load(&archive).unwrap()), bits(&session));
    let (unpacked, saved) = (folder.path().join("unpacked"), folder.path().join("saved"));
    unpack(&archive, &unpacked);
    session.save(&saved).unwrap();
    assert_eq!(files(&unpacked, "").len(), SESSION_FILES.len() + 1);
    for path in files(&saved, "") {
        let name = path.file_name().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), std::fs::read(unpacked.join(name)).unwrap(), "{name:?}");
    }
    // Nothing in it is compressed, and the same session makes the same bytes: another store has them, but for the seconds.
    let length = std::fs::metadata(&archive).unwrap().len();
    let content: u64 = files(&saved, "").iter().map(|path| std::fs::metadata(path).unwrap().len()).sum();
    assert!(length > content && length < content + 2_000, "{length} {content}");
}

#[test]
fn retraining_ends_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let (store, calls) = (Store::new(folder.path()), AtomicUsize::new(0));
    let first = store.train(&dataset(), &small(), "s", &()).unwrap();
    let observer = |progress: &Progress| {
        calls.fetch_add(usize::from(!progress.is_from_earlier_call()), Ordering::Relaxed);
    };
    let again = store.train(&dataset(), &small().retrain(), "s", &observer).unwrap();
    assert!(calls.load(Ordering::Relaxed) > 1, "it was trained, not loaded");
    assert_eq!(again.filters(1).unwrap(), first.filters(1).unwrap());
    assert_eq!(archives(folder.path()).len(), 1);
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

#[test]
fn a_session_is_not_spread_over_the_working_folder() {
    let error = train(small()).save(Path::new("")).unwrap_err().to_string();
    assert_eq!(error, "folder is empty, but a session is several files: name a folder for them");
    assert!(!Path::new("session.json").exists() && !Path::new("layer1.npy").exists());
}
