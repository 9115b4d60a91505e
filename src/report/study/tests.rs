//! Which figures a study has, and what it leaves of an earlier one.

use ndarray::{Array1, Array4};

use super::*;
use crate::filters::FilterBank;
use crate::golden::noise;
use crate::session::{PlanLevel, Training};

/// A study of sessions at these levels, with this many filters in each layer.
fn study(levels: &[(u64, u32)], filters: usize) -> Study {
    let bank = |layer: usize, channels: usize, seed: u64| {
        let shape = (filters, channels, 3, 3);
        let values = noise(filters * channels * 9, seed).iter().map(|&value| value as f32).collect();
        FilterBank::new(layer, Array4::from_shape_vec(shape, values).unwrap(), Array1::zeros(filters))
            .unwrap()
    };
    let levels: Vec<PlanLevel> =
        levels.iter().map(|&(iterations, sessions)| PlanLevel { iterations, sessions }).collect();
    let plan = Plan::new("a few", 1, levels, Training::paper().batch(8)).unwrap();
    let session = |((name, training), seed): ((String, Training), u64)| {
        let banks = [bank(1, 3, seed), bank(2, filters, seed + 90)];
        Session::from_filters(name, training.iterations, banks).unwrap()
    };
    let sessions = plan.sessions().into_iter().zip(1..).map(session).collect();
    let dataset = Dataset::tiny();
    Study::new(&dataset, &plan, sessions, &[dataset.bird()]).unwrap()
}

/// The names of the files of figures, without endings, and the captions.
fn drawn(study: &Study) -> Vec<(String, String)> {
    figures(study).unwrap().into_iter().map(|figure| (figure.file_stem, figure.caption)).collect()
}

#[test]
fn two_levels_are_compared_with_each_other() {
    let shown = |levels: &[(u64, u32)]| -> Vec<(String, u64)> {
        let session = |(stem, caption): (String, String)| {
            let (_, rest) = caption.split_once("(session ")?;
            Some((stem, rest.split_once('-')?.0.parse().unwrap()))
        };
        drawn(&study(levels, 2)).into_iter().filter_map(session).collect()
    };
    let expected = |figures: [u64; 4], fifth: Option<u64>| -> Vec<(String, u64)> {
        let numbered = (1..).zip(figures.into_iter().chain(fifth));
        numbered.map(|(number, level)| (format!("figure-{number}"), level)).collect()
    };
    assert_eq!(shown(&[(5, 2), (20, 1)]), expected([5, 20, 5, 20], None));
    assert_eq!(shown(&[(5, 1), (20, 2)]), expected([5, 20, 5, 20], Some(20)));
    // As in the paper: the shortest trained level, and the longest of two sessions.
    assert_eq!(shown(&[(1, 2), (20, 1), (30, 2), (40, 1)]), expected([20, 30, 20, 30], Some(30)));
}

#[test]
fn a_number_that_is_missing_among_the_figures_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let report = |levels: &[(u64, u32)]| {
        study(levels, 2).write(folder.path(), None).unwrap();
        std::fs::read_to_string(folder.path().join("report.html")).unwrap()
    };
    let fifth =
        "There is no Figure 5: no level of more iterations than the shortest trained one has two sessions.";
    let sixth = "There is no Figure 6: the longest session was evaluated fewer than three times.";
    let one = report(&[(5, 2), (20, 1)]);
    assert!(
        one.contains(&format!("Figures 1 to 8 have the numbers of the paper. {fifth} {sixth}</p>")),
        "{one}"
    );
    let two = report(&[(5, 1), (20, 2)]);
    assert!(
        two.contains(&format!("numbers of the paper. {sixth}</p>")) && !two.contains("no Figure 5"),
        "{two}"
    );
    for (name, _) in crate::report::study_figures::NOT_ALWAYS {
        let is_drawn = two.contains(&format!("<strong>{name}. </strong>"));
        assert!(is_drawn != two.contains(&format!("There is no {name}:")), "{name}: {two}");
    }
}

#[test]
fn the_only_filter_of_a_layer_is_spoken_of_as_one() {
    for (stem, caption) in drawn(&study(&[(5, 2), (20, 1)], 1)) {
        if ["figure-3", "figure-4"].contains(&&*stem) {
            assert!(caption.contains(" through the only filter of layer 1 after "), "{caption}");
            assert!(caption.contains("). The image is "), "{caption}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn temporary_files_of_a_run_that_was_killed_are_deleted() {
    use crate::files::owner::Owner;
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let (host, folder) = (Owner::this().host, tempfile::tempdir().unwrap());
    std::fs::create_dir(folder.path().join("figures")).unwrap();
    let paths = ["", "figures/"].map(|inside| {
        ["elsewhere", &host].map(|host| {
            let path = folder.path().join(format!("{inside}.softness-a.svg.{host}.{}.AbCdEf", child.id()));
            std::fs::write(&path, "begun").unwrap();
            path
        })
    });
    let study = study(&[(5, 2), (20, 1)], 2);
    study.write(folder.path(), None).unwrap();
    assert_eq!(paths.map(|paths| paths.map(|path| path.exists())), [[true, false]; 2]);
}

#[test]
fn files_of_an_earlier_study_do_not_stay_among_those_of_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let write = |levels: &[(u64, u32)]| {
        let study = study(levels, 2);
        study.write_record(&Replication::new(&study).unwrap(), out, None).unwrap()
    };
    let is_there = |name: &str| out.join(name).exists();
    assert_eq!(write(&[(5, 1), (20, 2)]), Vec::<String>::new());
    assert!(is_there("figures/figure-5.png") && is_there("explorer.html"));
    let sentence = format!(
        "removed from {}, files of an earlier study: figures/figure-5.pdf, figures/figure-5.png, figures/figure-5.svg",
        out.display()
    );
    assert_eq!(write(&[(5, 2), (20, 1)]), [sentence]);
    assert!(!is_there("figures/figure-5.png") && is_there("figures/figure-4.png"));
    assert!(!std::fs::read_to_string(out.join("tables.sha256")).unwrap().contains("figure-5"));
    // Too many sessions for an explorer.
    let many = MOST_EXPLORED as u32;
    let said = write(&[(5, many), (20, 1)]);
    assert!(said.len() == 1 && said[0].ends_with("explorer.html"), "{said:?}");
    assert!(!is_there("explorer.html"));
    // A page of the user's stays.
    std::fs::write(out.join("explorer.html"), "<title>Mine</title>").unwrap();
    assert_eq!((write(&[(5, many), (20, 1)]), is_there("explorer.html")), (Vec::new(), true));
}
