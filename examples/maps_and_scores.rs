//! Draws the figures of maps and scores from the eleven sessions that are part of the crate and from one that it trains with
//! snapshots, into a folder, as SVG and PNG: `cargo run --release --example maps_and_scores -- FOLDER [ITERATIONS]`. The patches
//! are cut from the data set that is found.

use std::path::PathBuf;
use std::time::Instant;

use softness::Result;
use softness::dataset::{Dataset, Picture};
use softness::figures::{Figure, MapScale};
use softness::responses::{Reading, ResponseOptions};
use softness::session::{Training, train_in_memory};
use softness::softness::ScoringOptions;
use softness::store::shipped_sessions;
use softness::table::softness_table;

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "figures".into()));
    let iterations = std::env::args().nth(2).and_then(|count| count.parse().ok()).unwrap_or(1_000);
    let dataset = Dataset::auto()?;
    let training = Training::paper().iterations(iterations).snapshots(true).seed(1);
    let course = [train_in_memory(&dataset, training, &())?.named("course")];
    let sessions = shipped_sessions()?;
    let pictures = [dataset.bird(), Picture::static_noise(1)];
    let bird = &pictures[0];
    let longest = &sessions[sessions.len() - 1];
    let table = softness_table(std::slice::from_ref(longest), &pictures)?;
    let each = ScoringOptions::default().reading(Reading::EachKernel);
    let summed = ScoringOptions::default().reading(Reading::KernelSliceSum);
    let shared =
        |layer| ResponseOptions::default().grids(longest, layer, &pictures, &table, MapScale::Shared);
    let show = |name: &str, draw: &dyn Fn() -> Result<Figure>| -> Result<()> {
        let start = Instant::now();
        let figure = draw()?;
        let seconds = start.elapsed().as_secs_f64();
        figure.save(folder.join(format!("{name}.svg")))?;
        figure.save(folder.join(format!("{name}.png")))?;
        println!("{name}: {}, {} bytes of SVG, {seconds:.1} s", figure.title(), figure.svg().len());
        Ok(())
    };
    show("grids-1", &|| Figure::response_grids(longest, 1, &pictures, &table))?;
    show("grids-2", &|| Figure::response_grids(longest, 2, &pictures, &table))?;
    show("grids-1-shared", &|| shared(1))?;
    show("grids-2-shared", &|| shared(2))?;
    show("roughness-1", &|| Figure::roughness_map(longest, 1, bird))?;
    show("roughness-2", &|| Figure::roughness_map(longest, 2, bird))?;
    show("roughness-each-kernel", &|| each.roughness_map(longest, 1, bird))?;
    for layer in [1, 2] {
        show(&format!("kernels-{layer}"), &|| Figure::kernel_slices(&longest.filters(layer)?))?;
        show(&format!("patches-{layer}"), &|| Figure::driving_patches(longest, layer, &dataset))?;
        show(&format!("strips-{layer}"), &|| Figure::score_strips(&sessions, layer, bird))?;
        show(&format!("ridgelines-{layer}"), &|| Figure::ridgelines(&sessions, layer, bird))?;
        show(&format!("accuracy-{layer}"), &|| Figure::accuracy_against_softness(&sessions, layer, bird))?;
    }
    show("strips-summed", &|| summed.score_strips(&sessions, 2, bird))?;
    show("ridgelines-course-1", &|| Figure::ridgelines(&course, 1, bird))?;
    show("ridgelines-course-2", &|| summed.ridgelines(&course, 2, bird))?;
    let moments = course[0].kept_iterations();
    let moments = moments.into_iter().map(|moment| course[0].at(moment)).collect::<Result<Vec<_>>>()?;
    show("strips-course", &|| summed.score_strips(&moments, 2, bird))?;
    show("panels-course", &|| Figure::score_panels(&course, &pictures[..1]))?;
    show("panels", &|| Figure::score_panels(&sessions, &pictures))
}
