//! Draws Hinton diagrams, bond diagrams, trajectories, strips and animations into a folder, from the shipped sessions and
//! from one that it trains: `cargo run --release --example diagrams -- FOLDER [ITERATIONS]`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use softness::Result;
use softness::dataset::{Dataset, Picture};
use softness::figures::{Animation, Figure, TrajectoryPlane};
use softness::session::{Session, Training, train_in_memory};
use softness::softness::ScoringOptions;
use softness::store::shipped_sessions;

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let folder = PathBuf::from(words.next().unwrap_or_else(|| "figures".into()));
    let iterations = words.next().and_then(|word| word.parse().ok()).unwrap_or(100);
    let dataset = Dataset::auto()?;
    let pictures = [dataset.bird(), Picture::static_noise(1)];
    let shipped = shipped_sessions()?;
    let longest = &shipped[shipped.len() - 1];
    for layer in [1, 2] {
        of_the_end(&folder, "shipped", longest, layer)?;
        in_the_course(&folder, "shipped", longest, layer, &pictures)?;
        paths(&folder, "shipped", &shipped, layer, &pictures[0])?;
        paths(&folder, "longest", std::slice::from_ref(longest), layer, &pictures[0])?;
    }
    let training = Training::paper().iterations(iterations).evaluate_every(0).seed(1).snapshots(true);
    let trained = train_in_memory(&dataset, training, &())?;
    (1..=4).try_for_each(|layer| of_the_end(&folder, "trained", &trained, layer))?;
    (1..=2).try_for_each(|layer| in_the_course(&folder, "trained", &trained, layer, &pictures))
}

/// The diagrams of a session's weights.
fn of_the_end(folder: &Path, name: &str, session: &Session, layer: usize) -> Result<()> {
    save(folder, &format!("{name}-hinton-{layer}"), || Figure::hinton_diagram(session, layer))?;
    save(folder, &format!("{name}-bonds-{layer}"), || Figure::bond_diagram(session, layer))
}

/// The paths of the filters of several sessions.
fn paths(folder: &Path, name: &str, sessions: &[Session], layer: usize, picture: &Picture) -> Result<()> {
    save(folder, &format!("{name}-paths-{layer}"), || Figure::trajectories(sessions, layer))?;
    for (what, plane) in
        [("changes", TrajectoryPlane::Changes), ("angles", TrajectoryPlane::DistanceAndAngle)]
    {
        save(folder, &format!("{name}-{what}-{layer}"), || {
            ScoringOptions::default().trajectories(sessions, layer, picture, plane)
        })?;
    }
    Ok(())
}

/// The figures of the course of one session's training.
fn in_the_course(
    folder: &Path,
    name: &str,
    session: &Session,
    layer: usize,
    pictures: &[Picture],
) -> Result<()> {
    let options = ScoringOptions::default();
    save(folder, &format!("{name}-strip-{layer}"), || Figure::filter_strip(session, layer, 3))?;
    save(folder, &format!("{name}-filters-{layer}"), || Figure::filters_by_iteration(session, layer))?;
    move_it(folder, &format!("{name}-animation-{layer}"), || Figure::filter_animation(session, layer))?;
    for picture in pictures {
        let name = format!("{name}-{}", picture.name());
        save(folder, &format!("{name}-strip-{layer}"), || options.filter_strip(session, layer, 3, picture))?;
        move_it(folder, &format!("{name}-animation-{layer}"), || {
            options.filter_animation(session, layer, picture)
        })?;
    }
    Ok(())
}

fn save(folder: &Path, name: &str, draw: impl FnOnce() -> Result<Figure>) -> Result<()> {
    let start = Instant::now();
    let figure = draw()?;
    let seconds = start.elapsed().as_secs_f64();
    figure.save(folder.join(format!("{name}.svg")))?;
    figure.save(folder.join(format!("{name}.png")))?;
    println!("{name}: {}, {seconds:.2} s, {} bytes of SVG", figure.title(), figure.svg().len());
    Ok(())
}

fn move_it(folder: &Path, name: &str, draw: impl FnOnce() -> Result<Animation>) -> Result<()> {
    let start = Instant::now();
    let animation = draw()?;
    let seconds = start.elapsed().as_secs_f64();
    animation.save(folder.join(format!("{name}.png")))?;
    println!("{name}: {animation:?}, {seconds:.2} s");
    Ok(())
}
