//! The `Debug` text of every public value is short, because a notebook shows it for lists and options.

use std::fmt::Debug;

use softness::dataset::FolderOptions;
use softness::dfdx::prelude::{Cpu, DeviceBuildExt};
use softness::display::TableView;
use softness::filters::{Convolution, MaxPool};
use softness::paper::Verdicts;
use softness::prelude::*;
use softness::report::Study;
use softness::robustness::{SubsampleDesign, VarianceSplit};
use softness::session::{Architecture, PlanLevel, train_in_memory};
use softness::softness::{Normalisation, softness_score};
use softness::stats::{Bootstrap, BootstrapScheme, Information, Interval, Permutations, SlopePower};

use crate::support::small::{Listener, dataset, small};

/// The most bytes of one value.
const MOST: usize = 1_000;

/// The types whose values were looked at, by name.
#[derive(Default)]
struct Seen(Vec<String>);

impl Seen {
    /// Checks the text of a value.
    fn value<T: Debug>(&mut self, value: &T) -> String {
        let path = std::any::type_name::<T>().split('<').next().unwrap();
        let name = path.rsplit("::").next().unwrap().to_owned();
        let text = format!("{value:?}");
        assert!(text.len() <= MOST, "{name} has {} bytes: {text}", text.len());
        assert!(!text.contains('\n'), "{text}");
        self.0.push(name);
        text
    }
}

/// A study of four sessions of a small network.
fn study() -> Study {
    let level = |iterations| PlanLevel { iterations, sessions: 2 };
    let plan = Plan::new("small", 3, vec![level(4), level(40)], small().evaluate_every(1)).unwrap();
    let dataset = dataset();
    let sessions = plan.sessions().into_iter().map(|(name, training)| {
        train_in_memory(&dataset, training, &Listener::default()).unwrap().named(name)
    });
    Study::new(&dataset, &plan, sessions.collect(), &[dataset.bird(), Picture::static_noise(1)]).unwrap()
}

#[test]
fn every_public_value_has_a_short_debug_text() {
    let (mut seen, study, dataset) = (Seen::default(), study(), dataset());
    let session = study.sessions()[0].clone();
    assert_eq!(seen.value(&session), format!("Session({})", session.to_string().replace("session ", "")));
    assert_eq!(seen.value(&dataset.bird()), "Picture(bird: 32 × 32 pixels)");
    assert_eq!(
        seen.value(&session.filters(1).unwrap()),
        "FilterBank(layer 1: 3 filters of 3 x 5 x 5 weights)"
    );
    seen.value(&dataset);
    seen.value(&dataset.train());
    seen.value(&session.record().unwrap());
    seen.value(&session.weights().unwrap().clone());
    seen.value(&session.training());
    seen.value(&session.training().snapshots(true).snapshots);
    seen.value(&session.history()[0]);
    seen.value(&study);
    seen.value(&study.plan());
    seen.value(&study.plan().levels()[0]);
    let folder = tempfile::tempdir().unwrap();
    let pinned = format!(
        "[network]\nclasses = {}\n[[level]]\niterations = 1\nsessions = 2\n[pinned]\ndataset = \"{}\"\ninstructions = \"portable\"\n\
         training_code = 4\n",
        dataset.class_names().len(),
        dataset.fingerprint()
    );
    std::fs::write(folder.path().join("p.toml"), pinned).unwrap();
    let pinned = Plan::from_file(&folder.path().join("p.toml")).unwrap();
    let status = softness::store::Store::open(folder.path()).unwrap().status(&pinned).unwrap();
    let expected = format!("StoreStatus(0 of 2 sessions finished in {})", folder.path().display());
    assert_eq!(seen.value(&status), expected);
    let heard = std::sync::Mutex::new(None);
    let hear = |progress: &softness::session::Progress| *heard.lock().unwrap() = Some(progress.clone());
    train_in_memory(&dataset, small(), &hear).unwrap();
    seen.value(&heard.into_inner().unwrap().unwrap());

    let maps = responses(&session, 1, &dataset.bird(), ResponseOptions::default()).unwrap();
    assert_eq!(seen.value(&maps[1]), "Response(image bird through filter 1 of layer 1: 32 × 32 values)");
    seen.value(&softness_score(maps[1].map().view(), Normalisation::MinMax).unwrap());
    let grid = session.filters(1).unwrap().grid().unwrap();
    let size = format!("{} × {} pixels", grid.width(), grid.height());
    assert_eq!(seen.value(&grid), format!("Figure(Filters of layer 1 ({size}))"));
    let animation = Figure::filter_animation(&session, 1).unwrap();
    assert!(
        seen.value(&animation).starts_with("Animation(Filters of layer 1 during the training of session ")
    );
    assert!(seen.value(&session.explore().unwrap()).starts_with("explorer of 1 session ("));

    let table = study.table();
    seen.value(&table);
    seen.value(&table.rows()[0]);
    seen.value(&table.layer_scores()[0]);
    let table_view: TableView = view(&table);
    assert_eq!(seen.value(&table_view), "TableView(56 rows, 9 columns)");
    let weights = crate::support::golden::path("checkpoints/last.npz");
    let weights = WeightFile::open(weights, AxisOrder::Oihw).unwrap();
    assert!(seen.value(&weights).ends_with("last.npz: npz, axis order oihw, 3 convolutional layers)"));
    let fits = study.fits();
    seen.value(&fits);
    seen.value(&fits.iter().next().unwrap().summary());
    seen.value(&fits.get(1, "bird", Form::Power).unwrap());
    seen.value(&fits.control(1, "bird", Form::Power).unwrap());
    seen.value(&published().unwrap()[0]);
    let verdicts = Verdicts::judge(None).unwrap();
    seen.value(&verdicts);
    verdicts.iter().for_each(|verdict| drop(seen.value(verdict)));
    let labels = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&labels, "session,layer,image,filter,soft\na,1,bird,0,true\n").unwrap();
    let labels = SoftLabels::read_csv(labels.path()).unwrap();
    assert!(seen.value(&labels).ends_with(", 1 label)"));
    seen.value(&SoftLabels::compare(&[labels.clone().named("A"), labels.named("B")]).unwrap());
    let row = &table.rows()[0];
    let label =
        |filter: usize| format!("{},{},{},{filter},{}\n", row.session, row.layer, row.image, filter == 0);
    let two = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&two, format!("session,layer,image,filter,soft\n{}{}", label(0), label(1))).unwrap();
    let roc = SoftLabels::read_csv(two.path()).unwrap().roc(&table).unwrap();
    seen.value(&roc);
    seen.value(&roc.points()[0]);
    seen.value(&softness::stats::Kappa {
        value: 0.5,
        std_err: 0.1,
        interval: Interval { low: 0.3, high: 0.7 },
    });
    assert_eq!(
        seen.value(&label_maps(&study.sessions()[..1], 1, &dataset.bird()).unwrap()),
        "Labelling(3 maps of layer 1, image bird, to label)"
    );
    let matching = match_filters(&session, &study.sessions()[1], 1).unwrap();
    seen.value(&matching);
    seen.value(&matching.pairs()[0]);

    let sets = [PictureSet::static_fields(2).unwrap(), PictureSet::from_picture(dataset.bird())];
    seen.value(&sets[0]);
    let options = SessionScoreOptions::default().draws(2);
    seen.value(&options);
    let scores = score_sessions(study.sessions(), &sets, options).unwrap();
    seen.value(&scores);
    seen.value(&scores.rows()[0]);
    seen.value(&scores.rows()[0].nulls[0]);
    let design = SubsampleDesign::for_plan(&study.plan()).draws(20);
    seen.value(&design);
    let options = RobustnessOptions::default().subsamples(design).trained_from([2]);
    seen.value(&options);
    let robustness = assess_robustness(&scores, options).unwrap();
    seen.value(&robustness);
    let response = &robustness.responses[0];
    seen.value(response);
    seen.value(&response.forms[0]);
    seen.value(&response.trained[0]);
    seen.value(&Sensitivity::new(study.sessions(), &sets).unwrap());
    let means: Vec<(u64, Vec<f64>)> =
        (0..6).map(|index| (index / 2 + 1, vec![0.5 + index as f64, 1.0, 2.0])).collect();
    seen.value(&VarianceSplit::new(&means).unwrap());

    let line = Form::Linear.fit(&[1.0, 2.0, 3.0, 4.0], &[1.0, 2.5, 2.0, 4.0]).unwrap();
    let information: Information = line.information();
    seen.value(&information);
    let bootstrap = Bootstrap::default().draws(99).scheme(BootstrapScheme::Rademacher);
    seen.value(&bootstrap);
    seen.value(&line.bootstrap_slope(bootstrap).unwrap());
    seen.value(&line.permutation_test(Permutations::default()));
    seen.value(&Permutations::default());
    seen.value(&Interval { low: 0.0, high: 1.0 });
    seen.value(&Curve::Power.fit(line.x(), line.y()).unwrap());
    seen.value(&SlopePower { levels: vec![1, 10, 100], slope: 0.1, deviation: 0.2, significance: 0.05 });
    seen.value(&Architecture::paper());
    seen.value(&FolderOptions::default());
    seen.value(&ResponseOptions::default());
    seen.value(&ScoringOptions::default());
    seen.value(&Store::new("store"));
    seen.value(&Dataset::open("no such folder").unwrap_err());
    let layer = Cpu::default().build_module::<Convolution<3, 16, 5>, f32>();
    assert_eq!(seen.value(&layer), "Convolution(16 filters of 3 × 5 × 5 weights)");
    seen.value(&MaxPool);
    // Training in the background needs a process with a store of its own: in_cells.rs looks at its text.
    seen.0.push("Background".into());

    // No public type is missing above.
    let listing = include_str!("../../docs/api.txt");
    let names = listing.lines().filter_map(|line| line.split_once("pub struct "));
    for (path, rest) in names {
        let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric()).collect();
        assert!(seen.0.contains(&name), "the Debug text of {path} was not looked at");
    }
}

#[test]
fn a_list_of_sessions_is_a_line() {
    let sessions = shipped_sessions().unwrap();
    let text = format!("{:?}", &sessions[..3]);
    assert!(text.len() < 300 && text.starts_with("[Session(1-1: 1 iteration, test accuracy "), "{text}");
}
