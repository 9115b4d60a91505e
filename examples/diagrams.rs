//! Draws Hinton diagrams, bond diagrams, trajectories, strips and animations into a folder, from the shipped sessions and
//! from one that it trains: `cargo run --release --example diagrams -- FOLDER [ITERATIONS] [DATASET]`.

use std::path::PathBuf;
use std::time::Instant;

use softness::Result;
use softness::dataset::{Dataset, Picture};
use softness::figures::{
    Animation, Figure, TrajectoryPlane, bond_diagram, filter_animation, filter_strip, filters_by_iteration,
    hinton_diagram, trajectories,
};
use softness::session::{Session, Training, train_in_memory};
use softness::softness::ScoringOptions;
use softness::store::shipped_sessions;

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let folder = PathBuf::from(words.next().unwrap_or_else(|| "figures".into()));
    let iterations = words.next().and_then(|word| word.parse().ok()).unwrap_or(200);
    let dataset = match words.next() {
        Some(place) => Dataset::open(&place)?,
        None => Dataset::auto()?,
    };
    let train = |seed: u64| {
        let training = Training::paper().iterations(iterations).evaluate_every(0).seed(seed).snapshots(true);
        train_in_memory(&dataset, training, &())
    };
    let trained = [train(1)?, train(2)?, train(3)?];
    let shipped = shipped_sessions()?;
    let longest = &shipped[shipped.len() - 1];
    let pictures = [dataset.bird(), Picture::static_noise(1)];

    for (name, session) in [("trained", &trained[0]), ("shipped", longest)] {
        for layer in 1..=if session.weights().is_some() { 4 } else { 2 } {
            save(&folder, &format!("{name}-hinton-{layer}"), || hinton_diagram(session, layer))?;
            save(&folder, &format!("{name}-bonds-{layer}"), || bond_diagram(session, layer))?;
        }
        for layer in [1, 2] {
            in_the_course(&folder, name, session, layer, &pictures)?;
        }
    }
    for (name, sessions) in [("trained", &trained[..]), ("shipped", &shipped[..]), ("one", &trained[..1])] {
        for layer in [1, 2] {
            let name = format!("{name}-trajectories-{layer}");
            save(&folder, &name, || trajectories(sessions, layer))?;
            let plane = TrajectoryPlane::DistanceAndAngle;
            save(&folder, &format!("{name}-angle"), || {
                ScoringOptions::default().trajectories(sessions, layer, &pictures[0], plane)
            })?;
        }
    }
    Ok(())
}

/// The figures of the course of one session's training.
fn in_the_course(
    folder: &std::path::Path,
    name: &str,
    session: &Session,
    layer: usize,
    pictures: &[Picture],
) -> Result<()> {
    let options = ScoringOptions::default();
    save(folder, &format!("{name}-strip-{layer}"), || filter_strip(session, layer, 3))?;
    save(folder, &format!("{name}-filters-{layer}"), || filters_by_iteration(session, layer))?;
    move_it(folder, &format!("{name}-animation-{layer}"), || filter_animation(session, layer))?;
    for picture in pictures {
        let name = format!("{name}-{}", picture.name());
        save(folder, &format!("{name}-strip-{layer}"), || options.filter_strip(session, layer, 3, picture))?;
        move_it(folder, &format!("{name}-animation-{layer}"), || {
            options.filter_animation(session, layer, picture)
        })?;
    }
    Ok(())
}

fn save(folder: &std::path::Path, name: &str, draw: impl FnOnce() -> Result<Figure>) -> Result<()> {
    let start = Instant::now();
    let figure = draw()?;
    let seconds = start.elapsed().as_secs_f64();
    figure.save(folder.join(format!("{name}.svg")))?;
    figure.save(folder.join(format!("{name}.png")))?;
    println!("{name}: {}, {seconds:.2} s, {} bytes of SVG", figure.title(), figure.svg().len());
    Ok(())
}

fn move_it(folder: &std::path::Path, name: &str, draw: impl FnOnce() -> Result<Animation>) -> Result<()> {
    let start = Instant::now();
    let animation = draw()?;
    let seconds = start.elapsed().as_secs_f64();
    animation.save(folder.join(format!("{name}.png")))?;
    println!("{name}: {animation:?}, {seconds:.2} s");
    Ok(())
}
