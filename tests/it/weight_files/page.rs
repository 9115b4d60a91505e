//! `docs/your-network.md`: its commands and its lines of Rust, as they stand.

use std::path::Path;
use std::process::Command;

use softness::Result;
use softness::prelude::*;

use super::checkpoint;
use crate::support::process::{child, child_folder};

const PAGE: &str = include_str!("../../../docs/your-network.md");

/// The files that the page speaks of.
fn write_files(folder: &Path) {
    std::fs::create_dir(folder.join("run")).unwrap();
    for number in 1..=10 {
        let from = checkpoint(&format!("epoch-{number:02}.safetensors"));
        std::fs::copy(from, folder.join(format!("run/epoch-{number}.safetensors"))).unwrap();
    }
    std::fs::copy(checkpoint("epoch-10.safetensors"), folder.join("net.safetensors")).unwrap();
    std::fs::copy(checkpoint("last_hwio.npz"), folder.join("net.npz")).unwrap();
}

#[test]
fn the_commands_of_the_page_run_as_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let commands: Vec<&str> = PAGE.lines().filter_map(|line| line.strip_prefix("    softness ")).collect();
    assert_eq!(commands.len(), 6);
    for command in commands {
        // No argument has a space in it.
        let arguments = command.split(' ').map(|argument| argument.trim_matches('\''));
        let output = Command::new(env!("CARGO_BIN_EXE_softness"))
            .args(arguments)
            .current_dir(folder.path())
            .env_remove("SOFTNESS_CIFAR10")
            .env("HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path())
            .output()
            .unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{command}: {}", said(&output.stderr));
        // `explore` says what the series and its files are, and what it wrote.
        let least = if command.starts_with("explore ") { 3 } else { 4 };
        assert!(said(&output.stdout).lines().count() >= least, "{command}: {}", said(&output.stdout));
    }
    let written = |name: &str| folder.path().join(name).is_file();
    assert!(written("kernels/layer-3.svg") && written("kernels/layers.csv") && !written("kernels/fits.csv"));
    assert!(written("scores/fits.csv") && written("scores/r-squared.png") && written("scores/scores.csv"));
    assert!(written("explorer.html"));
    let table = ScoreTable::read_csv(folder.path().join("scores/scores.csv")).unwrap();
    assert_eq!(table.rows().len(), 10 * 15 * 2);
}

/// The lines of Rust of the page.
fn cells() -> Result<()> {
    let file = WeightFile::open("net.safetensors", AxisOrder::Oihw)?;
    let figure = file.figure()?;
    assert!(figure.svg().contains("features.10.weight"));

    let sessions = WeightFile::series("run/epoch-{n}.safetensors", AxisOrder::Oihw, 500)?;
    let options = ScoringOptions::default().reading(Reading::KernelSliceSum);
    let table = options.softness_table(&sessions, &[Dataset::auto()?.bird(), Picture::static_noise(1)])?;
    let fits = fit_models(&table)?;
    let chart = r_squared_chart(&fits)?;
    assert!(chart.svg().contains("layer 3"));
    assert_eq!(sessions[9].iterations(), 5_000);

    let run = Session::from_checkpoints("run", &sessions)?;
    let page = run.explore()?;
    assert!(page.html().contains("[500,1000,1500,2000,2500,3000,3500,4000,4500,5000]"));
    assert_eq!(run.at(500)?.filters(1)?, sessions[0].filters(1)?);

    let statics = Picture::static_noise(1);
    let strip = options.filter_strip(&run, 1, 0, &statics)?;
    let multiples = Figure::filters_by_iteration(&run, 2)?;
    let ridges = options.ridgelines(std::slice::from_ref(&run), 1, &statics)?;
    let paths =
        options.trajectories(std::slice::from_ref(&run), 1, &statics, figures::TrajectoryPlane::default())?;
    let panels = Figure::score_panels(std::slice::from_ref(&run), &[statics])?;
    Figure::filter_animation(&run, 1)?.save("run.png")?;
    for figure in [strip, multiples, ridges, paths, panels] {
        assert!(figure.svg().contains("</svg>"), "{}", figure.title());
    }
    Ok(())
}

#[test]
fn the_lines_of_rust_of_the_page_run_as_they_stand() {
    if child_folder().is_some() {
        return cells().unwrap();
    }
    let mut blocks = PAGE.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let lines: Vec<&str> = blocks.by_ref().flat_map(str::lines).collect();
    assert_eq!(lines.len(), 3 + 5 + 2 + 7);
    // Lines may be broken differently.
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    let source = plain(include_str!("page.rs"));
    for line in lines {
        assert!(source.contains(&plain(line)), "{line} is not run");
    }
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let mut command = child(module_path!(), "the_lines_of_rust_of_the_page_run_as_they_stand", folder.path());
    let command =
        command.current_dir(folder.path()).env_remove("SOFTNESS_CIFAR10").env("HOME", folder.path());
    let output = command.env("XDG_DATA_HOME", folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
