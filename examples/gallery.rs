//! Draws one figure of each kind from the sessions and scores that come with the crate, and writes the page that shows them with the
//! code that made them: `cargo run --release --example gallery`. With a folder, `-- FOLDER`, it writes there.
//!
//! The code on the page is the code that ran: each entry below is run, and its lines are copied from this file.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::imageops::{FilterType, resize};
use image::{Rgb, RgbImage};
use softness::figures::{Animation, Figure};
use softness::prelude::Error;

/// This file.
const SOURCE: &str = include_str!("gallery.rs");
/// Where the pictures go, from the page's folder.
const PICTURES: &str = "../data/figures/gallery";
/// The largest width of a picture, in pixels.
const WIDE: u32 = 640;

/// One kind of figure.
struct Entry {
    name: &'static str,
    title: &'static str,
    words: &'static str,
    code: String,
    /// `None` for a page, which the gallery does not show.
    shown: Option<Still>,
}

/// What stands on the page: a figure, or the last frame of an animation.
struct Still {
    title: String,
    caption: String,
    width: u32,
    png: Vec<u8>,
}

impl TryFrom<Figure> for Still {
    type Error = Error;

    fn try_from(figure: Figure) -> Result<Self, Error> {
        let [title, caption] = [figure.title(), figure.caption()].map(str::to_owned);
        Ok(Self { title, caption, width: figure.width(), png: figure.png()? })
    }
}

impl TryFrom<Animation> for Still {
    type Error = Error;

    fn try_from(animation: Animation) -> Result<Self, Error> {
        let (title, caption) =
            (animation.title().to_owned(), format!("{} frames, the last is shown", animation.frames()));
        Ok(Self { title, caption, width: animation.width(), png: animation.bytes().to_vec() })
    }
}

/// Runs an entry and takes its lines from this file.
macro_rules! entry {
    ($entries:ident, $name:literal, $title:literal, $words:literal, $code:block) => {
        $entries.push(Entry {
            name: $name,
            title: $title,
            words: $words,
            code: lines_of($name),
            shown: Some($code.try_into()?),
        })
    };
}

/// The same for what is a page and no picture.
macro_rules! page {
    ($entries:ident, $name:literal, $title:literal, $words:literal, $code:block) => {
        let _ = $code;
        $entries.push(Entry { name: $name, title: $title, words: $words, code: lines_of($name), shown: None })
    };
}

/// The lines in the braces of the entry of this name, without their indentation.
fn lines_of(name: &str) -> String {
    let entry = SOURCE.split(&format!("!(entries, \"{name}\"")).nth(1).unwrap_or_default();
    let block = entry.split_once(" {\n").unwrap_or_default().1;
    unindented(block.split("\n    });").next().unwrap_or_default())
}

/// Lines without the indentation of the first.
fn unindented(lines: &str) -> String {
    let indent = lines.len() - lines.trim_start().len();
    let line = |line: &str| line.get(indent..).unwrap_or_default().to_owned();
    lines.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[allow(clippy::cloned_ref_to_slice_refs)] // The lines on the page are as people write them.
#[rustfmt::skip] // The name stays beside `entry!`, and the lines of code are short enough to stand on a page.
fn entries() -> Result<Vec<Entry>, Error> {
    // What the entries start from.
    use softness::figures::{MapScale, TrajectoryPlane};
    use softness::prelude::*;
    use softness::robustness::SessionScores;

    let sessions = shipped_sessions()?;                       // eleven, of 1 to 50,000 iterations
    let session = sessions[10].clone();                       // 50,000 iterations
    let bird = Picture::open("data/bird.png")?;
    let pictures = [bird.clone(), Picture::static_noise(1)];
    let table = softness_table(&sessions, &pictures)?;
    let fits = fit_models(&shipped_scores()?)?;               // on the bird and on static
    let many = SessionScores::read_csv("data/many/session_scores.csv")?;
    let robustness = assess_robustness(&many, RobustnessOptions::default())?;
    let training = Training::paper().iterations(100).seed(1).snapshots(true);
    let trained = train_session(&Dataset::synthetic(1)?, training)?;   // with filters kept on the way, and dense layers
    // End.

    let mut entries = Vec::new();
    entry!(entries, "filters", "The filters of a layer", "Every filter as a grid of its weights, in one scale.", {
        session.filters(1)?.grid()?
    });
    entry!(entries, "earlier", "A session as it was earlier", "`Session::at` is the session after an iteration that it kept; `session.kept_iterations()` lists them.", {
        session.at(100)?.filters(1)?.grid()?
    });
    entry!(entries, "weight-file", "The filters of a weight file", "All layers of a network that another program saved, beside each other.", {
        WeightFile::open("data/paper/sessions/50000-1/layer1.npy", AxisOrder::Oihw)?.figure()?
    });
    entry!(entries, "hinton", "Hinton diagram", "A square for each weight: its area is the size, its colour the sign.", {
        Figure::hinton_diagram(&session, 1)?
    });
    entry!(entries, "hinton-dense", "Hinton diagram of a dense layer", "Layers 3 and 4 are the dense ones; sessions that you train have them, those that come with the crate do not.", {
        Figure::hinton_diagram(&trained, 3)?
    });
    entry!(entries, "bonds", "Bond diagram", "The strongest connections between the maps of two layers.", {
        Figure::bond_diagram(&session, 2)?
    });
    entry!(entries, "bonds-dense", "Bond diagram of a dense layer", "Layer 4 leads from the units of layer 3 to the classes.", {
        Figure::bond_diagram(&trained, 4)?
    });
    entry!(entries, "trajectories", "Trajectories", "The paths of the filters of many sessions through the space of their weights, in the plane of `TrajectoryPlane::Changes`: that in which training moves them most.", {
        Figure::trajectories(&sessions, 2)?
    });
    entry!(entries, "trajectories-angle", "How far, and in which direction", "The distance of filters from their first weights, and the angle to their last.", {
        let plane = TrajectoryPlane::DistanceAndAngle;
        ScoringOptions::default().trajectories(&[session.clone()], 1, &bird, plane)?
    });
    entry!(entries, "filter-strip", "One filter in the course of training", "Its kernels, from the initial weights to the end.", {
        Figure::filter_strip(&session, 1, 3)?
    });
    entry!(entries, "filters-by-iteration", "All filters in the course of training", "A row for each filter, a column for each iteration that was kept.", {
        Figure::filters_by_iteration(&session, 1)?
    });
    entry!(entries, "snapshots", "A session of your own in the course of training", "`Training::snapshots(true)` keeps the filters of a session on the way.", {
        Figure::filters_by_iteration(&trained, 2)?
    });
    page!(entries, "explorer", "The explorer", "A page with a slider through training, all filters, maps and scores, and images of your own. A cell shows it; `save(\"explorer.html\")` writes it.", {
        explore(&sessions)?
    });
    entry!(entries, "animation", "An animation for a slide", "The filters of a layer during training: `save(\"filters.gif\")` for a slide, `save(\"filters.png\")`, an APNG, for a page. The picture shows the last frame.", {
        Figure::filter_animation(&session, 1)?
    });
    entry!(entries, "kernel-slices", "Every kernel of a layer", "A row for each filter, a column for each channel.", {
        Figure::kernel_slices(&session.filters(2)?)?
    });
    entry!(entries, "driving-patches", "What drives a filter", "The patches of test images to which each filter responds most; here of synthetic images.", {
        Figure::driving_patches(&session, 1, &Dataset::synthetic(1)?)?
    });
    entry!(entries, "matching", "Which filters of two sessions agree", "The best pairs of filters, by correlation.", {
        match_filters(&sessions[8], &session, 1)?.figure()?
    });
    entry!(entries, "response-grid", "The images of a layer", "What each filter makes of a picture; soft images are outlined in red.", {
        Figure::response_grid(&session, 1, &bird, &table)?
    });
    entry!(entries, "response-grid-each-kernel", "The images of every kernel", "The same under another reading: each kernel has an image of its own.", {
        let each = ScoringOptions::default().reading(Reading::EachKernel);
        each.response.grid(&session, 1, &bird, &each.softness_table(&[session.clone()], &pictures)?)?
    });
    entry!(entries, "response-grids", "The images of several pictures", "A row for each picture, a column for each filter.", {
        Figure::response_grids(&session, 1, &pictures, &table)?
    });
    entry!(entries, "response-grids-shared", "The images of several pictures on one scale", "How strong the responses are: black and white are the least and the largest value of all maps.", {
        ResponseOptions::default().grids(&session, 1, &pictures, &table, MapScale::Shared)?
    });
    entry!(entries, "roughness-map", "Where an image is rough", "The local standard deviations that the softness score is the mean of.", {
        Figure::roughness_map(&session, 1, &bird)?
    });
    entry!(entries, "response", "The image of one filter", "Enlarged, with its softness score.", {
        responses(&session, 1, &bird, ResponseOptions::default())?[3].figure()?
    });
    entry!(entries, "to-label", "Images to label by hand", "The same images without scores and outlines, for people who judge them.", {
        ResponseOptions::default().grid_to_label("Which are soft?", &session, 1, &bird)?
    });
    page!(entries, "label-page", "A page to label on", "A shuffled grid of maps that does not say what they are of; a click labels a map, and the page saves a CSV file for `SoftLabels::read_csv`. A cell shows it; `save(\"label.html\")` writes it for other people.", {
        label_maps(&sessions, 1, &bird)?
    });
    entry!(entries, "agreement", "How well labels agree", "Of people, or here of three ways of scoring.", {
        let mut ways = Vec::new();
        for reading in [Reading::ForwardPass, Reading::KernelSliceSum, Reading::EachKernel] {
            let scores = ScoringOptions::default().reading(reading).softness_table(&sessions, &pictures)?;
            ways.push(SoftLabels::from_table(&scores).named(reading.in_words()));
        }
        SoftLabels::compare(&ways)?.figure()?
    });
    entry!(entries, "roc", "Labels and the score", "How well the score tells apart what people, or here another reading, call soft.", {
        let other = ScoringOptions::default().reading(Reading::KernelSliceSum).softness_table(&sessions, &pictures)?;
        SoftLabels::from_table(&other).named("summed kernels").roc(&table.part(2, "bird")?)?.figure()?
    });
    entry!(entries, "readings", "The readings", "What of a filter is laid on what.", {
        Figure::readings(&Reading::ALL)?
    });
    entry!(entries, "accuracy", "The accuracy of a session", "Test accuracy in the course of training, with its least-squares line.", {
        session.accuracy_curve()?
    });
    entry!(entries, "accuracies", "The accuracy of several sessions", "A line for each.", {
        let histories = [3, 6, 8].map(|place| (sessions[place].name().to_string(), sessions[place].history().to_vec()));
        Figure::accuracy_curves("Three sessions", &histories)?
    });
    entry!(entries, "accuracy-softness", "Accuracy against softness", "A point for each session.", {
        Figure::accuracy_against_softness(&sessions, 2, &bird)?
    });
    entry!(entries, "score-strips", "The scores of all filters", "A column for each session, with the band of untrained networks.", {
        Figure::score_strips(&sessions, 2, &bird)?
    });
    entry!(entries, "score-panels", "Layer scores by layer, picture and reading", "Against iterations, a panel for each.", {
        Figure::score_panels(&sessions, &pictures)?
    });
    entry!(entries, "ridgelines", "How the scores of filters are distributed", "A ridge for each length of training.", {
        Figure::ridgelines(&sessions, 2, &bird)?
    });
    entry!(entries, "training-curves", "Scores against training", "Each session is a ring; the line joins the means of the levels.", {
        Figure::training_curves(&robustness, Measure::LocalDeviation)?
    });
    entry!(entries, "second-study", "The second study at a glance", "143 sessions, 4,000 untrained networks and three models, under each reading.", {
        Figure::second_study("bird")?
    });
    entry!(entries, "r-squared", "R² of all models", "By layer, image and form.", {
        r_squared_chart(&fits)?
    });
    entry!(entries, "r-squared-spread", "R² of many subsamples", "How much R² varies between subsamples of eleven sessions, with the published values.", {
        Figure::r_squared_spread(&robustness, Measure::LocalDeviation)?
    });
    entry!(entries, "fit", "A model and its points", "On the linearised scale, with the band of the line and of a new point.", {
        fits.get(2, "bird", Form::Power)?.plot()?
    });
    entry!(entries, "residuals", "The residuals of a model", "Against x, on the linearised scale.", {
        fits.get(2, "bird", Form::Power)?.residual_plot()?
    });
    entry!(entries, "residuals-all", "The residuals of all models", "A row for each layer and image, a column for each form.", {
        fits.residual_plots()?
    });
    entry!(entries, "diagnostics", "Diagnostics of a model", "Is the form right, are the residuals normal, does one point decide? The four plots that R draws.", {
        fits.get(2, "bird", Form::Power)?.diagnostic_plots()?
    });
    entry!(entries, "several", "Several figures as one", "Beside each other, in rows.", {
        let maps = responses(&session, 2, &bird, ResponseOptions::default())?;
        Figure::gallery(&maps[..2].iter().map(|map| map.figure()).collect::<Result<Vec<_>, _>>()?)?
    });
    entry!(entries, "own", "A figure of your own", "Anything that plotters draws, in the font of the others, with your caption.", {
        {
            use softness::plotters::prelude::*;
            let words = "Eleven sessions: the number of iterations of each, on a logarithmic scale";
            Figure::draw("Iterations of the sessions", (640, 240), |area| {
                let mut chart = ChartBuilder::on(area);
                chart.caption(words, ("sans-serif", 13)).margin(12).x_label_area_size(36).y_label_area_size(64);
                let mut chart = chart.build_cartesian_2d((0..10).into_segmented(), (1..100_000).log_scale())?;
                chart.configure_mesh().disable_mesh().x_desc("session").y_desc("iterations").draw()?;
                let bar = |(i, session): (i32, &Session)| {
                    let corners = [(SegmentValue::Exact(i), 1), (SegmentValue::Exact(i + 1), session.iterations() as i32)];
                    Rectangle::new(corners, BLUE.mix(0.4).filled())
                };
                chart.draw_series((0..).zip(&sessions).map(bar))?;
                Ok(())
            })?
            .captioned(words)
        }
    });
    Ok(entries)
}

/// The page, and the pictures it shows.
/// Selects the instructions of training.
const INSTRUCTIONS: &str = "SOFTNESS_INSTRUCTIONS";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    if std::env::var_os(INSTRUCTIONS).is_none() {
        // Started again with those of every processor: others train to slightly different weights, which the figures show.
        let mut again = Command::new(std::env::current_exe()?);
        let status = again.args(std::env::args_os().skip(1)).env(INSTRUCTIONS, "portable").status()?;
        return if status.success() { Ok(()) } else { Err("the gallery was not written".into()) };
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = std::env::args().nth(1).map_or_else(|| Ok(repository.to_owned()), std::path::absolute)?;
    std::env::set_current_dir(repository)?;
    let entries = entries()?;
    let page = out.join("docs/gallery.md");
    let pictures: PathBuf = page.with_file_name("").join(PICTURES);
    std::fs::create_dir_all(page.with_file_name(""))?;
    std::fs::create_dir_all(&pictures)?;
    for Entry { name, shown, .. } in &entries {
        let Some(shown) = shown else { continue };
        let bytes = picture(shown)?;
        std::fs::write(pictures.join(format!("{name}.png")), &bytes)?;
        println!("{name}: {} bytes", bytes.len());
    }
    std::fs::write(&page, text(&entries))?;
    println!("wrote {} figures and {}", entries.len(), page.display());
    Ok(())
}

/// A PNG of the width of a cell or less.
fn picture(shown: &Still) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let large = image::load_from_memory(&shown.png)?.into_rgb8();
    let wide = shown.width.min(WIDE);
    let high = large.height() * wide / large.width();
    let small = resize(&large, wide, high, FilterType::Triangle);
    let (colours, indices) = palette(&small);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, wide, high);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(colours.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header()?.write_image_data(&indices)?;
    Ok(bytes)
}

/// A palette of up to 256 colours, and the place of each pixel's colour in it: half the bytes of a picture with three channels. Channels
/// are rounded to a step of 8; the most frequent colours are kept, and others become the nearest of these.
fn palette(picture: &RgbImage) -> (Vec<[u8; 3]>, Vec<u8>) {
    let rounded = |pixel: &Rgb<u8>| {
        pixel
            .0
            .map(|channel| channel.saturating_add(4) / 8 * 8)
            .map(|channel| if channel >= 248 { 255 } else { channel })
    };
    let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
    picture.pixels().for_each(|pixel| *counts.entry(rounded(pixel)).or_default() += 1);
    let mut colours: Vec<([u8; 3], usize)> = counts.into_iter().collect();
    colours.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let colours: Vec<[u8; 3]> = colours.into_iter().map(|(colour, _)| colour).take(256).collect();
    let apart = |one: &[u8; 3], other: &[u8; 3]| {
        one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum::<u32>()
    };
    let nearest = |wanted: &[u8; 3]| (0..colours.len()).min_by_key(|&place| apart(&colours[place], wanted));
    let mut places: BTreeMap<[u8; 3], u8> = BTreeMap::new();
    let place = |pixel| {
        let wanted = rounded(pixel);
        *places.entry(wanted).or_insert_with(|| nearest(&wanted).unwrap_or(0) as u8)
    };
    let indices = picture.pixels().map(place).collect();
    (colours, indices)
}

/// The page as Markdown.
fn text(entries: &[Entry]) -> String {
    let setup = SOURCE.split("// What the entries start from.\n").nth(1).unwrap_or_default();
    let setup = unindented(setup.split("    // End.").next().unwrap_or_default().trim_end());
    let mut page = format!(
        "# Every kind of figure\n\nEach picture was made by the lines below it, which are a cell as they stand. In a notebook a figure shows \
         itself; `save(\"figure.pdf\")` saves it (also .svg, .png). `sized(FigureSize::Page)` makes it 170 mm wide, which suits every \
         figure; `FigureSize::Slide` takes those that are not too high, `FigureSize::Column` (85 mm) those that are 320 pixels wide; what \
         does not fit is refused with a reason. In one line:\n\n```rust\n\
         Figure::hinton_diagram(&session, 1)?.sized(FigureSize::Page)?.save(\"hinton.pdf\")?;\n```\n\nLayers are counted from 1, filters from \
         0. The lines start from this, in the folder of the repository; a notebook in `notebooks` has `../data/..` in place of \
         `data/..`:\n\n```rust\n{setup}\n```\n\n"
    );
    // Writing to a String does not fail.
    for Entry { title, words, .. } in entries {
        let _ = writeln!(page, "- [{title}](#{}): {}", anchor(title), lower(words));
    }
    for Entry { name, title, words, code, shown } in entries {
        let _ = write!(page, "\n## {title}\n\n{words}\n\n");
        if let Some(Still { title, caption, .. }) = shown {
            let stop = if title.ends_with(['.', '?', '!']) { "" } else { "." };
            let alt = format!("{title}{stop} {caption}").replace(['[', ']'], "");
            let _ = writeln!(page, "![{}]({PICTURES}/{name}.png)\n", alt.trim_end());
        }
        let _ = writeln!(page, "```rust\n{code}\n```");
    }
    page += "\n<!-- Written by `cargo run --release --example gallery`. -->\n";
    page
}

/// The anchor that GitHub gives a heading: it leaves out superscripts.
fn anchor(title: &str) -> String {
    let letters = title.to_lowercase();
    letters
        .chars()
        .filter(|letter| letter.is_alphabetic() || letter.is_ascii_digit() || *letter == ' ')
        .collect::<String>()
        .replace(' ', "-")
}

/// A sentence as the end of a line.
fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
