//! A study that is run again from its record says whether everything came out as it was.
use std::path::Path;

use serde_json::{Value, json};
use softness::internals::{Earlier, Replication};
use softness::prelude::*;
use softness::report::Study;

use crate::support::small::{PLAN, dataset};

#[test]
fn a_record_is_held_against_the_study_that_is_run_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, out) = (folder.path().join("plan.toml"), folder.path().join("study"));
    std::fs::write(&plan, format!("batch = 10\n{PLAN}")).unwrap();
    let (dataset, plan) = (dataset(), Plan::from_file(&plan).unwrap());
    let study = |plan: &Plan, out: &str| {
        let store = Store::new(folder.path().join(out));
        let sessions = store.train_plan(&dataset, plan, 2, &()).unwrap();
        Study::new(&dataset, plan, sessions, &[dataset.bird()]).unwrap()
    };
    study(&plan, "first").write(&out, None).unwrap();
    let file = out.join("replication.json");
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let earlier = Earlier::read(&file).unwrap();
    assert_eq!(earlier.plan(), &plan);
    let again = Replication::new(&study(earlier.plan(), "again")).unwrap();
    let agreement = earlier.agreement(&again);
    assert!(agreement.starts_with("all 12 layer scores are bit-identical to those of "), "{agreement}");
    let all = "; identical: the sessions' accuracies and losses, the scores and their nulls, the fits";
    assert!(agreement.ends_with(all), "{agreement}");

    let against = |change: &dyn Fn(&mut Value)| {
        let mut changed = written.clone();
        change(&mut changed);
        std::fs::write(&file, serde_json::to_vec(&changed).unwrap()).unwrap();
        Earlier::read(&file).unwrap().agreement(&again)
    };
    type Change<'a> = &'a dyn Fn(&mut Value);
    let changes: [(Change, &str); 5] = [
        (&|record| record["sessions"][0]["loss"] = json!(0.5), "the sessions' accuracies and losses"),
        (&|record| record["beside_nulls"][0]["score"] = json!(0.5), "the scores and their nulls"),
        (&|record| record["fits"][0]["slope"] = json!(0.5), "the fits"),
        (&|record| record["refusals"] = json!(["a sentence"]), "what could not be fitted"),
        (&|record| record["verdicts"] = json!({}), "the verdicts"),
    ];
    for (change, what) in changes {
        let agreement = against(change);
        let other = format!("; different: {what}");
        assert!(agreement.contains("bit-identical") && agreement.ends_with(&other), "{agreement}");
    }
    let agreement = against(&|record| {
        let sum = record["layer_scores"][0]["sum"].as_f64().unwrap();
        record["layer_scores"][0]["sum"] = json!(sum / 1.25);
        record["data"]["fingerprint"] = json!("another");
    });
    assert!(agreement.starts_with("1 of 12 layer scores differ from those of "), "{agreement}");
    let reason = format!(
        "by at most 25.00 % (the data set is another, though both are {}); identical: ",
        dataset.description()
    );
    assert!(agreement.contains(&reason), "{agreement}");
    let agreement = against(&|record| {
        record["layer_scores"][0]["sum"] = json!(0.5);
        record["data"]["fingerprint"] = json!("another");
        record["data"]["description"] = json!("tiles");
        record["plan"]["seed"] = json!(77);
        record["plan"]["training"]["batch"] = json!(9);
    });
    let reason = format!(
        "(the data set was tiles and is {} now: give the earlier one with --dataset; the seed was 77 and is {} now; other options of \
         training); identical: ",
        dataset.description(),
        plan.plan_seed()
    );
    assert!(agreement.contains(&reason), "{agreement}");
    let agreement = against(&|record| {
        record["layer_scores"][0]["sum"] = json!(record["layer_scores"][0]["sum"].as_f64().unwrap() / 2.0);
        record["trained_by"]["instructions"] = json!("mmx");
        record["trained_by"]["training_code"] = json!(3);
    });
    let instructions = &written["trained_by"]["instructions"].as_str().unwrap();
    let reasons = format!(
        "(the earlier one was trained with the instructions mmx, this one with {instructions}; the earlier one was \
        trained with training code 3, this one with 4)"
    );
    assert!(agreement.contains(&reasons), "{agreement}");
    let agreement = against(&|record| record["layer_scores"][0]["image"] = json!("another"));
    assert!(agreement.starts_with("the layer scores belong to other sessions or images than"), "{agreement}");
}

/// The sessions come from an earlier training code, so `replicate --plan` trains them again. What follows from them is the same.
#[test]
fn the_committed_record_is_that_of_the_shipped_sessions_byte_for_byte() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/paper/replication.json");
    let bytes = std::fs::read(&committed).unwrap();
    let record: Value = serde_json::from_slice(&bytes).unwrap();
    let dataset = match Dataset::auto() {
        Ok(dataset) if record["data"]["fingerprint"] == dataset.fingerprint() => dataset,
        _ => return println!("skipped: the data set of the shipped sessions is not here"),
    };
    let earlier = Earlier::read(&committed).unwrap();
    let pictures = [dataset.bird(), Picture::static_noise(earlier.plan().plan_seed())];
    let sessions = shipped_sessions().unwrap();
    let study = earlier.options().study(&dataset, earlier.plan(), sessions, &pictures).unwrap();
    let out = tempfile::tempdir().unwrap();
    study.write(out.path(), None).unwrap();
    assert!(std::fs::read(out.path().join("replication.json")).unwrap() == bytes);
}
