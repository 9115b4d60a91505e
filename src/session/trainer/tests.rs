//! A resumed session is bit-identical to one that was not interrupted.

use super::*;
use crate::dataset::Dataset;
use crate::network::{Architecture, Initialisation, Optimiser};

/// With dropout, whose masks must resume as well, and a batch that does not divide the 40 images of an epoch.
fn training() -> Training {
    let architecture = Architecture { filters: [3, 4], dense: 16, dropout: 0.4, ..Architecture::paper() };
    Training::paper().architecture(architecture).iterations(25).batch(7).learning_rate(1e-3)
}

/// Everything in a session except the times it took.
type Bits = (Vec<FilterBank>, Vec<Evaluation>, Option<Weights>, f64, f64, Vec<Snapshot>);

fn bits(session: Session) -> Bits {
    let record = session.record.unwrap();
    let (accuracy, loss) = (record.test_accuracy, record.loss);
    (session.filters, session.history, session.weights, accuracy, loss, session.snapshots)
}

/// The session, interrupted at each of these iterations: its state taken and a new trainer resumed from it.
fn trained(training: &Training, cuts: &[u64]) -> Result<Session> {
    let dataset = Dataset::tiny();
    let never = || false;
    let mut trainer = Trainer::new(&dataset, training.clone(), InstructionPath::detect())?;
    loop {
        if cuts.contains(&trainer.iteration()) && !trainer.is_done() {
            let state = trainer.state()?;
            trainer = Trainer::new(&dataset, training.clone(), InstructionPath::detect())?;
            trainer.resume(state)?;
        }
        if let Event::Finished { test_accuracy } = trainer.advance(&never)? {
            return trainer.finish("x", test_accuracy);
        }
    }
}

#[test]
fn a_resumed_session_is_bit_identical_wherever_it_was_interrupted() {
    let descent = training().optimiser(Optimiser::Sgd).initialisation(Initialisation::He).learning_rate(0.05);
    for training in [training(), descent, training().snapshots([1, 4, 5, 6, 10, 24])] {
        let whole = bits(trained(&training, &[]).unwrap());
        assert!(whole.1.iter().map(|evaluation| evaluation.iteration).eq([10, 20, 25]));
        assert!(whole.5.iter().map(|kept| kept.iteration).eq(training.snapshots.before(25)));
        // At the start, next to an evaluation, at one, next to the end of an epoch (5 batches), before the last step.
        for cuts in [&[0][..], &[1], &[4], &[5], &[6], &[9], &[10], &[11], &[24], &[3, 10, 17], &[2, 3, 4]] {
            let session = trained(&training, cuts).unwrap();
            assert_eq!(session.record.as_ref().unwrap().resumed_from, cuts[cuts.len() - 1]);
            assert_eq!(bits(session), whole, "{}, interrupted at {cuts:?}", training.optimiser);
        }
    }
}

#[test]
fn weights_that_no_forward_pass_can_take_are_an_explosion_at_the_next_evaluation() {
    // The loss is that before the step, and ReLU hides what follows from it.
    let explosion = |iterations: u64, cuts: &[u64]| {
        let wild = training().learning_rate(1e30).iterations(iterations);
        trained(&wild, cuts).unwrap_err().to_string()
    };
    let sentence = explosion(1, &[]);
    assert!(sentence.contains("has exploded") && sentence.contains(" at iteration 1: "), "{sentence}");
    for iterations in [2, 9, 25] {
        assert_eq!(explosion(iterations, &[]), explosion(iterations, &[1]), "{iterations}");
    }
    trained(&training().learning_rate(10.0).iterations(1), &[]).unwrap();
}

#[test]
fn the_state_of_another_session_is_refused() {
    let dataset = Dataset::tiny();
    let other = training().architecture(Architecture { filters: [3, 5], ..training().architecture });
    let path = InstructionPath::detect();
    let other = Trainer::new(&dataset, other, path).unwrap();
    let (state, other_filters) = (other.state().unwrap(), other.filters().unwrap());
    let mut trainer = Trainer::new(&dataset, training(), path).unwrap();
    let error = trainer.resume(state.clone()).unwrap_err().to_string();
    assert_eq!(
        error,
        "the saved state is that of another session: it was saved with other options, data or instructions"
    );
    // Even one with the key of this session.
    let key = trainer.state().unwrap().key;
    let error = trainer.resume(State { key, ..state }).unwrap_err().to_string();
    assert_eq!(error, "the saved state is that of another session: it does not fit the network");
    let mut foreign = trainer.state().unwrap();
    foreign.snapshots = vec![Snapshot::new(1, &other_filters)];
    let error = trainer.resume(foreign).unwrap_err().to_string();
    assert!(error.ends_with("its snapshots do not fit the network"), "{error}");
    let mut late = trainer.state().unwrap();
    late.counters.iteration = 26;
    let error = trainer.resume(late).unwrap_err().to_string();
    assert!(error.ends_with("it was saved at iteration 26, but the session ends at 25"), "{error}");
}
