//! Checkpoints as one session: what its states hold, what is drawn of it, and what is refused. The checkpoints are PyTorch's.

use ndarray::{Array1, Array4, Array5, Ix5};
use safetensors::SafeTensors;
use softness::ErrorKind;
use softness::figures::{Figure, TrajectoryPlane};
use softness::prelude::*;

use super::{NAMES, checkpoint, expected, numbers, reading};
use crate::support::golden;
use crate::support::tolerances::AGAINST_SCIPY;

/// The ten checkpoints, six iterations apart.
fn checkpoints() -> Vec<Session> {
    WeightFile::series(&checkpoint("epoch-{n}.safetensors").to_string_lossy(), AxisOrder::Oihw, 6).unwrap()
}

fn run() -> Session {
    Session::from_checkpoints("run", &checkpoints()).unwrap()
}

fn iterations() -> Vec<u64> {
    let expected = expected();
    let checkpoints = expected["checkpoints"].as_array().unwrap();
    checkpoints.iter().map(|checkpoint| checkpoint["iterations"].as_u64().unwrap()).collect()
}

#[test]
fn the_states_of_a_session_have_every_bit_that_pytorch_saved() {
    let run = run();
    assert_eq!((run.name(), run.iterations(), run.layers()), ("run", 60, 3));
    assert_eq!(run.kept_iterations(), iterations());
    for (number, iteration) in (1..).zip(iterations()) {
        let bytes = std::fs::read(checkpoint(&format!("epoch-{number:02}.safetensors"))).unwrap();
        let theirs = SafeTensors::deserialize(&bytes).unwrap();
        let state = run.at(iteration).unwrap();
        assert_eq!((state.name(), state.iterations()), ("run", iteration));
        // At the end it is the session itself.
        assert_eq!(state.kept_iterations().len(), if iteration == 60 { 10 } else { 1 });
        for (layer, name) in (1..).zip(NAMES) {
            let bank = state.filters(layer).unwrap();
            let weights: Vec<u8> = bank.weights().iter().flat_map(|value| value.to_le_bytes()).collect();
            assert_eq!(weights, theirs.tensor(name).unwrap().data(), "{iteration}, {name}");
            let bias: Vec<u8> = bank.bias().iter().flat_map(|value| value.to_le_bytes()).collect();
            let name = name.replace("weight", "bias");
            assert_eq!(bias, theirs.tensor(&name).unwrap().data(), "{iteration}, {name}");
        }
    }
    let message = run.at(7).unwrap_err().to_string();
    assert_eq!(
        message,
        "session run did not keep its filters at iteration 7, but at 6; 12; 18; 24; 30; 36; 42; 48; 54; 60: \
         Session::from_checkpoints makes a session of more checkpoints"
    );
}

#[test]
fn the_scores_of_its_states_are_those_of_pytorch_and_numpy() {
    let (run, expected) = (run(), expected());
    let picture = Picture::new("noise", golden::picture(24, 20, 5)).unwrap();
    for theirs in expected["checkpoints"].as_array().unwrap() {
        let state = run.at(theirs["iterations"].as_u64().unwrap()).unwrap();
        let options = reading(Reading::KernelSliceSum);
        let table = options.softness_table(&[state], std::slice::from_ref(&picture)).unwrap();
        for (layer, name) in (1..).zip(NAMES) {
            let ours = table.scores("run", layer, "noise").unwrap();
            let theirs = numbers(&theirs["scores"][name]["kernel-slice-sum"]);
            assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.into_iter().zip(theirs) {
                golden::assert_close(ours, theirs, AGAINST_SCIPY, theirs, name);
            }
        }
    }
}

#[test]
fn every_figure_of_the_course_of_training_draws_it() {
    let run = run();
    let (options, picture) = (reading(Reading::KernelSliceSum), Picture::static_noise(1));
    for figure in [
        Figure::filter_strip(&run, 3, 4).unwrap(),
        options.filter_strip(&run, 2, 5, &picture).unwrap(),
        Figure::filters_by_iteration(&run, 1).unwrap(),
    ] {
        assert!(figure.caption().contains("All 10 kept iterations are shown."), "{}", figure.caption());
    }
    for animation in
        [Figure::filter_animation(&run, 2).unwrap(), options.filter_animation(&run, 1, &picture).unwrap()]
    {
        assert_eq!(animation.frames(), 10);
    }
    let sessions = std::slice::from_ref(&run);
    let paths = options.trajectories(sessions, 3, &picture, TrajectoryPlane::default()).unwrap();
    assert!(paths.caption().contains("n = 5 filters at 50 points"), "{}", paths.caption());
    let ridges = options.ridgelines(sessions, 2, &picture).unwrap();
    let panels = Figure::score_panels(sessions, std::slice::from_ref(&picture)).unwrap();
    assert!(panels.svg().contains("its course") && panels.svg().contains("layer 3, static"));
    for iteration in iterations() {
        assert!(ridges.svg().contains(&format!("aria-label=\"{iteration}\"")), "{iteration}");
    }
}

/// A session of one layer of this shape.
fn one(name: &str, iterations: u64, shape: (usize, usize, usize, usize)) -> Session {
    let bank = FilterBank::new(1, Array4::from_elem(shape, 0.1), Array1::zeros(shape.0)).unwrap();
    Session::from_filters(name, iterations, [bank]).unwrap()
}

#[test]
fn checkpoints_may_be_in_any_order_and_of_iteration_0() {
    let mut sessions = checkpoints();
    sessions.reverse();
    let run = Session::from_checkpoints("run", &sessions).unwrap();
    assert_eq!(run.kept_iterations(), iterations());
    assert!(run.filters(1).unwrap() == sessions[0].filters(1).unwrap());
    let early = [one("b", 5, (2, 3, 3, 3)), one("a", 0, (2, 3, 3, 3))];
    let run = Session::from_checkpoints("early", &early).unwrap();
    assert_eq!(run.kept_iterations(), [0, 5]);
    assert_eq!(run.at(0).unwrap().iterations(), 0);
    let caption = Figure::filter_strip(&run, 1, 0).unwrap().caption().to_owned();
    assert!(caption.ends_with("There are only two checkpoints."), "{caption}");
    // Of a session that is itself of several checkpoints, the last counts.
    let again = Session::from_checkpoints("again", &[run, one("c", 7, (2, 3, 3, 3))]).unwrap();
    assert_eq!(again.kept_iterations(), [5, 7]);
    // One checkpoint is a session without a course.
    let alone = Session::from_checkpoints("alone", &early[..1]).unwrap();
    assert_eq!(alone.kept_iterations(), [5]);
    let message = Figure::filter_strip(&alone, 1, 0).unwrap_err().to_string();
    assert!(message.contains("Session::from_checkpoints makes one session of the checkpoints"), "{message}");
}

#[test]
fn checkpoints_that_do_not_belong_together_are_refused_by_name() {
    let shape = (2, 1, 3, 3);
    let two = checkpoint("epoch-01.safetensors");
    let two = WeightFile::open(two, AxisOrder::Oihw).unwrap().only(&NAMES[..2]).unwrap();
    for (checkpoints, sentence) in [
        (vec![], "checkpoints is empty, but a session needs at least one"),
        (
            vec![one("a", 10, shape), one("c", 30, shape), one("b", 10, shape)],
            "checkpoint \"a\": it is after 10 iterations, as is \"b\": give each its own number of iterations",
        ),
        (
            vec![one("a", 10, shape), one("b", 20, (2, 1, 5, 5))],
            "checkpoint \"b\": its layer 1 is (2, 1, 5, 5), but (2, 1, 3, 3) in \"a\": checkpoints are of one network",
        ),
        (
            vec![one("a", 10, shape), two.session("b", 20).unwrap()],
            "checkpoint \"b\": it has 2 layers, but \"a\" has 1: checkpoints are of one network",
        ),
    ] {
        let error = Session::from_checkpoints("run", &checkpoints).err().unwrap();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidOption, sentence));
    }
}

#[test]
fn all_layers_of_all_checkpoints_are_saved() {
    let folder = tempfile::tempdir().unwrap();
    let run = run();
    run.save(folder.path()).unwrap();
    for layer in 1..=3 {
        let path = folder.path().join(format!("snapshots_layer{layer}.npy"));
        let kept: Array5<f32> = ndarray_npy::read_npy(path).unwrap();
        assert_eq!(kept.raw_dim(), Ix5(9, kept.dim().1, kept.dim().2, kept.dim().3, kept.dim().4));
        for (weights, iteration) in kept.outer_iter().zip(iterations()) {
            assert_eq!(weights, run.at(iteration).unwrap().filters(layer).unwrap().weights());
        }
    }
    let early = [one("a", 1, (2, 3, 3, 3)), one("b", 5, (2, 3, 3, 3))];
    let folder = tempfile::tempdir().unwrap();
    Session::from_checkpoints("early", &early).unwrap().save(folder.path()).unwrap();
    assert!(folder.path().join("snapshots_layer1.npy").exists());
    assert!(!folder.path().join("snapshots_layer2.npy").exists());
}

#[test]
fn arrays_are_not_saved_over_a_session_or_files_from_elsewhere() {
    let root = tempfile::tempdir().unwrap();
    let [session, mine] = ["session", "mine"].map(|name| root.path().join(name));
    let (trained, arrays) = (shipped_sessions().unwrap().remove(3), run());
    trained.save(&session).unwrap();
    let refused = |result: softness::Result<()>| result.unwrap_err().to_string();
    assert_eq!(
        refused(arrays.save(&session)),
        format!(
            "folder is {}, but it has a session with a record, and this one has none: name another folder",
            session.display()
        )
    );
    assert_eq!(Session::load(&session).unwrap().name(), trained.name());
    std::fs::create_dir(&mine).unwrap();
    std::fs::write(mine.join("layer2.npy"), "mine").unwrap();
    let sentence = format!(
        "folder is {}, but its file layer2.npy is of no saved session: name another folder",
        mine.display()
    );
    assert_eq!([refused(trained.save(&mine)), refused(arrays.save(&mine))], [sentence.clone(), sentence]);
    assert_eq!(std::fs::read_dir(&mine).unwrap().count(), 1);
    // A second time, over what the first has saved.
    let folder = root.path().join("arrays");
    (0..2).for_each(|_| arrays.save(&folder).unwrap());
    let error = Session::load(&folder).err().unwrap().to_string();
    let sentence = "it has the arrays of a session without a record, for other programs: load each by FilterBank::load_npy";
    assert_eq!(error, format!("{}: {sentence}", folder.display()));
}
