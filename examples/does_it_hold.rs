//! Scores the sessions of a folder, asks whether the paper's finding holds, and writes the tables and figures.
//!
//!     cargo run --release --example does_it_hold -- SESSIONS OUT [PHOTOGRAPHS] [STATIC FIELDS] [DRAWS]
//!
//! SESSIONS is a folder of saved sessions, or "shipped": the eleven that the crate carries.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use softness::figures::{r_squared_spread, training_curves};
use softness::paper::verdicts_of;
use softness::prelude::*;
use softness::robustness::VarianceSplit;
use softness::stats::SlopePower;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Draws of each null for the table of nulls, which takes the paper's measure alone: eight would leave a null's standard
/// deviation open by a third.
const NULL_DRAWS: u64 = 100;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = |place: usize, otherwise: &str| arguments.get(place).cloned().unwrap_or(otherwise.into());
    let number = |place: usize, otherwise: u64| text(place, "").parse().unwrap_or(otherwise);
    let (store, out) = (text(0, "shipped"), PathBuf::from(text(1, "out")));
    let sessions = match store.as_str() {
        "shipped" => shipped_sessions()?,
        folder => saved_sessions(Path::new(folder))?,
    };
    let dataset = Dataset::auto()?;
    println!("data: {}", dataset.summary());
    let pictures = [dataset.bird(), Picture::static_noise(1)];
    let sets = [
        PictureSet::from_picture(pictures[0].clone()),
        PictureSet::from_picture(pictures[1].clone()),
        PictureSet::photographs(&dataset, number(2, 20) as usize)?,
        PictureSet::static_fields(number(3, 20))?,
    ];
    let options = SessionScoreOptions::default().draws(number(4, 20));
    let start = std::time::Instant::now();
    let scores = score_sessions(&sessions, &sets, options)?;
    println!("{} sessions scored in {:.1} s", sessions.len(), start.elapsed().as_secs_f64());
    scores.write_csv(out.join("session_scores.csv"))?;
    // One row a filter, for the verdicts: what `data/many/scores.csv` holds.
    softness_table(&sessions, &pictures)?.write_csv(out.join("scores.csv"))?;
    let start = std::time::Instant::now();
    let holds = assess_robustness(&scores, RobustnessOptions::default())?;
    println!("answered in {:.1} s\n{holds}", start.elapsed().as_secs_f64());
    holds.write_csv(out.join("holds.csv"))?;
    holds.write_trained_csv(out.join("trained.csv"))?;
    write_nulls(&sessions, &sets, &out.join("nulls.csv"))?;
    write_variance(&scores, &sets, &out.join("variance.csv"))?;
    write_power(&scores, &pictures, &out.join("power.csv"))?;
    let start = std::time::Instant::now();
    sensitivity(&sessions, &sets[..2])?.write_csv(out.join("sensitivity.csv"))?;
    println!("sensitivity in {:.1} s", start.elapsed().as_secs_f64());
    for measure in ["local-deviation", "blur-effect"] {
        r_squared_spread(&holds, measure)?.save(out.join(format!("spread-{measure}.png")))?;
        training_curves(&holds, measure)?.save(out.join(format!("training-{measure}.png")))?;
    }
    // The eleven shipped sessions stand beside; they decide nothing.
    let eleven = fit_models(&shipped_scores()?)?;
    for reading in Reading::ALL {
        let response = ResponseOptions { reading, ..ResponseOptions::default() };
        let scoring = ScoringOptions { response, ..ScoringOptions::default() };
        let table = scoring.softness_table(&sessions, &pictures)?;
        let verdicts = verdicts_of(&table, (reading == Reading::default()).then_some(&eleven))?;
        println!("{}: {}", reading.name(), verdicts.summary());
        verdicts.write_csv(out.join(format!("verdicts-{}.csv", reading.name())))?;
        if reading == Reading::default() {
            continue;
        }
        let options = SessionScoreOptions::softness_only().response(response);
        let scores = score_sessions(&sessions, &sets, options)?;
        scores.write_csv(out.join(format!("session_scores-{}.csv", reading.name())))?;
        let holds = assess_robustness(&scores, RobustnessOptions::default())?;
        println!("{holds}");
        holds.write_csv(out.join(format!("holds-{}.csv", reading.name())))?;
        holds.write_trained_csv(out.join(format!("trained-{}.csv", reading.name())))?;
        r_squared_spread(&holds, "local-deviation")?
            .save(out.join(format!("spread-{}.png", reading.name())))?;
        training_curves(&holds, "local-deviation")?
            .save(out.join(format!("training-{}.png", reading.name())))?;
    }
    Ok(())
}

/// The score minus its null in standard deviations of the null, mean over the sessions of each level. All sessions share
/// the null's draws, so the interval has three parts: the scatter of the sessions, and what the draws leave of the null's mean
/// (not for `initial`, whose mean is the session's own start) and of its standard deviation.
fn write_nulls(
    sessions: &[Session],
    sets: &[PictureSet],
    path: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let options = SessionScoreOptions::softness_only().nulls(Null::ALL).draws(NULL_DRAWS);
    let scores = score_sessions(sessions, sets, options)?;
    let mut text = String::from("layer,images,iterations,null,sessions,draws,z,low,high\n");
    /// Layer, images, iterations, null.
    type Group<'a> = (usize, &'a str, u64, &'static str);
    let mut groups: BTreeMap<Group, Vec<(f64, u64)>> = BTreeMap::new();
    for row in scores.rows() {
        for against in &row.nulls {
            let group = (row.layer, row.images.as_str(), row.iterations, against.null.name());
            groups.entry(group).or_default().push((against.z, against.draws));
        }
    }
    for ((layer, images, iterations, null), z) in groups {
        let (count, draws) = (z.len() as f64, z[0].1 as f64);
        let mean = z.iter().map(|(z, _)| z).sum::<f64>() / count;
        let variance = z.iter().map(|(z, _)| (z - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let of_mean = if null == Null::Initial.name() { 0.0 } else { 1.0 / draws };
        let error = (variance / count + of_mean + mean * mean / (2.0 * (draws - 1.0))).sqrt();
        let reach = StudentsT::new(0.0, 1.0, draws - 1.0)?.inverse_cdf(0.975) * error;
        let (low, high) = (mean - reach, mean + reach);
        text += &format!("{layer},{images},{iterations},{null},{count},{draws},{mean},{low},{high}\n");
    }
    Ok(std::fs::write(path, text)?)
}

/// What varies in the scores of several pictures: levels of training, sessions, pictures.
fn write_variance(
    scores: &SessionScores,
    sets: &[PictureSet],
    path: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut text =
        String::from("layer,images,source,degrees_of_freedom,mean_square,component,share,f,p_value\n");
    for set in sets.iter().filter(|set| set.pictures().len() > 1) {
        for layer in [1, 2] {
            let split = VarianceSplit::from_scores(scores, layer, set.name(), "local-deviation")?;
            println!("layer {layer}, {}\n{split}", set.name());
            for source in &split.sources {
                let (f, p) =
                    source.f.map_or_else(Default::default, |(f, p)| (f.to_string(), format!("{p:e}")));
                let numbers = format!("{},{},{}", source.mean_square, source.component, source.share);
                let (images, name, freedom) = (set.name(), source.name, source.freedom);
                text += &format!("{layer},{images},{name},{freedom},{numbers},{f},{p}\n");
            }
        }
    }
    Ok(std::fs::write(path, text)?)
}

/// How many sessions at each of the trained levels would show the slope of score on ln iterations that was found.
fn write_power(
    scores: &SessionScores,
    pictures: &[Picture],
    path: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::from("layer,image,slope,deviation,sessions_per_level\n");
    let trained_from = 2_000;
    for (layer, picture) in [1, 2].into_iter().flat_map(|layer| pictures.iter().map(move |one| (layer, one)))
    {
        let rows = scores.select(layer, picture.name(), "local-deviation");
        let rows: Vec<_> = rows.filter(|row| row.iterations >= trained_from).collect();
        let x: Vec<f64> = rows.iter().map(|row| (row.iterations as f64).ln()).collect();
        let y: Vec<f64> = rows.iter().map(|row| row.score).collect();
        let mut levels: Vec<u64> = rows.iter().map(|row| row.iterations).collect();
        levels.sort_unstable();
        levels.dedup();
        let line = fit(Form::Linear, &x, &y)?;
        let (slope, deviation) = (line.slope(), line.residual_std_err());
        let needed = SlopePower { levels, slope, deviation, significance: 0.05 }.sessions_per_level(0.8)?;
        println!("layer {layer}, {}: {needed} sessions a level for a power of 0.8", picture.name());
        text += &format!("{layer},{},{slope},{deviation},{needed}\n", picture.name());
    }
    Ok(std::fs::write(path, text)?)
}

/// Every session saved in a sub-folder, by name.
fn saved_sessions(folder: &Path) -> softness::Result<Vec<Session>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join("session.json").is_file()).collect();
    folders.sort();
    folders.iter().map(|folder| Session::load(folder)).collect()
}
