//! A session that is cut off and goes on ends with the same bits as one that is not.

use super::super::run::on_one_thread;
use super::*;
use crate::doc::tiny_dataset;
use crate::network::Architecture;

/// With dropout, whose masks must go on as well, and batches that do not divide an epoch's 40 images.
fn training() -> Training {
    let architecture = Architecture { filters: [3, 4], dense: 16, dropout: 0.4, ..Architecture::paper() };
    Training::paper().architecture(architecture).iterations(25).batch(7).learning_rate(1e-3)
}

/// Everything that a session is, but for the times it took.
fn bits(session: Session) -> (Vec<FilterBank>, Vec<Evaluation>, Option<Weights>, f64, f64) {
    let record = session.record.unwrap();
    (session.filters, session.history, session.weights, record.test_accuracy, record.loss)
}

/// The session, cut at each of these iterations: written to disk, forgotten, and taken up again.
fn trained(cuts: &[u64]) -> Result<Session> {
    on_one_thread(|| {
        let dataset = tiny_dataset()?;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.checkpoint");
        let mut trainer = Trainer::new(&dataset, &training(), InstructionPath::detect())?;
        while !trainer.is_done() {
            if cuts.contains(&trainer.iteration()) {
                trainer.checkpoint()?.save(&path)?;
                trainer = Trainer::new(&dataset, &training(), InstructionPath::detect())?;
                trainer.resume(Checkpoint::load(&path)?)?;
            }
            trainer.step()?;
            if trainer.is_evaluation_due() {
                trainer.evaluate(&|| false)?;
            }
        }
        let accuracy = trainer.test_accuracy(&|| false)?.unwrap();
        trainer.finish("x", accuracy)
    })
}

#[test]
fn wherever_a_session_is_cut_off_it_ends_with_the_same_bits() {
    let whole = bits(trained(&[]).unwrap());
    assert!(whole.1.iter().map(|evaluation| evaluation.iteration).eq([10, 20, 25]));
    // At the start, beside an evaluation, on one, beside the end of an epoch (5 batches), at the last step.
    for cuts in [&[0][..], &[1], &[4], &[5], &[6], &[9], &[10], &[11], &[24], &[3, 10, 17], &[2, 3, 4]] {
        let session = trained(cuts).unwrap();
        assert_eq!(session.record.as_ref().unwrap().resumed_from, cuts[cuts.len() - 1]);
        assert_eq!(bits(session), whole, "cut at {cuts:?}");
    }
}

#[test]
fn a_checkpoint_of_another_network_is_refused() {
    let dataset = tiny_dataset().unwrap();
    let other =
        Training { architecture: Architecture { filters: [3, 5], ..training().architecture }, ..training() };
    let path = InstructionPath::detect();
    let checkpoint = Trainer::new(&dataset, &other, path).unwrap().checkpoint().unwrap();
    let mut trainer = Trainer::new(&dataset, &training(), path).unwrap();
    let error = trainer.resume(checkpoint.clone()).unwrap_err().to_string();
    assert!(error.contains("session of the checkpoint"), "{error}");
    // Even one that claims to be of this session.
    let key = trainer.checkpoint().unwrap().key;
    let error = trainer.resume(Checkpoint { key, ..checkpoint }).unwrap_err().to_string();
    assert!(error.contains("saved state"), "{error}");
}
