//! Figures of the course of training: strips, small multiples, animations and trajectories.

use std::io::Cursor;
use std::sync::OnceLock;

use ndarray::{Array1, Array4};

use super::super::course::thinned;
use super::super::palette::{RED, diverging};
use super::super::{Animation, Figure, TrajectoryPlane};
use super::{bird, pixels, texts};
use crate::dataset::Dataset;
use crate::error::ErrorKind;
use crate::filters::FilterBank;
use crate::network::Architecture;
use crate::session::{Session, Training, train_in_memory};
use crate::softness::{FilterMeasure, ScoringOptions};
use crate::table::softness_table;

/// A session with its filters at iterations 0, 1, 2, 5, 10 and 12.
pub(super) fn kept() -> &'static Session {
    static SESSION: OnceLock<Session> = OnceLock::new();
    SESSION.get_or_init(|| {
        let architecture = Architecture { dense: 8, ..Architecture::paper() };
        let training = Training::paper().architecture(architecture).batch(8).iterations(12).snapshots(true);
        train_in_memory(&Dataset::tiny(), training.evaluate_every(0).learning_rate(1e-2), &()).unwrap()
    })
}

/// A figure of each kind, drawn once for all tests.
pub(super) fn figures() -> &'static [Figure] {
    static FIGURES: OnceLock<Vec<Figure>> = OnceLock::new();
    FIGURES.get_or_init(draw)
}

fn draw() -> Vec<Figure> {
    let (session, options) = (kept(), ScoringOptions::default());
    let plane = TrajectoryPlane::DistanceAndAngle;
    let mut figures = Vec::new();
    for layer in [1, 2] {
        figures.extend([
            Figure::filter_strip(session, layer, 3).unwrap(),
            options.filter_strip(session, layer, 3, &bird()).unwrap(),
            Figure::filters_by_iteration(session, layer).unwrap(),
            Figure::trajectories(std::slice::from_ref(session), layer).unwrap(),
            options.trajectories(std::slice::from_ref(session), layer, &bird(), plane).unwrap(),
        ]);
    }
    figures
}

#[test]
fn drawn_again_they_are_the_same_bytes() {
    assert!(figures() == draw());
}

fn words(figure: &Figure) -> Vec<String> {
    texts(figure).into_iter().map(|(text, _)| text).collect()
}

#[test]
fn a_strip_has_a_column_for_each_kept_iteration_and_one_scale() {
    let session = kept();
    assert_eq!(session.kept_iterations(), [0, 1, 2, 5, 10, 12]);
    let figure = Figure::filter_strip(session, 1, 3).unwrap();
    let words = words(&figure);
    for label in ["iteration", "0", "1", "2", "5", "10", "12", "R", "G", "B"] {
        assert!(words.contains(&label.to_owned()), "{label}: {words:?}");
    }
    // The largest magnitude of all iterations is the end of the scale, and no other iteration has its own.
    let largest = |iteration: u64| {
        let bank = session.at(iteration).unwrap().filters(1).unwrap();
        bank.filter(3).iter().map(|weight| f64::from(weight.abs())).fold(0.0, f64::max)
    };
    let limit = session.kept_iterations().into_iter().map(largest).fold(0.0, f64::max);
    for iteration in session.kept_iterations() {
        let bank = session.at(iteration).unwrap().filters(1).unwrap();
        let colour = diverging(f64::from(bank.weights()[[3, 1, 2, 2]]), limit);
        assert!(figure.svg().contains(&format!("stroke=\"{colour}\"")), "iteration {iteration}: {colour}");
    }
}

#[test]
fn the_scores_of_a_strip_are_those_of_the_table() {
    let session = kept();
    let figure = ScoringOptions::default().filter_strip(session, 2, 5, &bird()).unwrap();
    let words = words(&figure);
    let mut soft = 0;
    for iteration in session.kept_iterations() {
        let table = softness_table(&[session.at(iteration).unwrap()], &[bird()]).unwrap();
        let row = table.rows().iter().find(|row| row.layer == 2 && row.filter == 5).unwrap();
        assert!(words.contains(&format!("{:.3}", row.score)), "iteration {iteration}: {words:?}");
        soft += usize::from(row.soft);
    }
    assert!(figure.caption().contains(&format!("soft at {soft} of 6 iterations")), "{}", figure.caption());
    let outlines =
        figure.svg().lines().filter(|line| line.starts_with("<rect") && line.contains(&RED.to_string()));
    assert_eq!(outlines.count(), soft);
}

#[test]
fn small_multiples_have_a_row_for_each_filter() {
    let figure = Figure::filters_by_iteration(kept(), 2).unwrap();
    let words = words(&figure);
    assert!((0..36).all(|filter| words.contains(&filter.to_string())), "{words:?}");
    assert!(figure.caption().starts_with("36 filters, a row for each: its first kernel f[0] of 16"));
    assert!(figure.caption().contains("All 6 kept iterations are shown."));
}

#[test]
fn thinning_keeps_both_ends_and_is_even() {
    assert_eq!(thinned((0..5).collect::<Vec<_>>(), 5), [0, 1, 2, 3, 4]);
    assert_eq!(thinned((0..9).collect::<Vec<_>>(), 5), [0, 2, 4, 6, 8]);
    let thin = thinned((0..100).collect::<Vec<_>>(), 17);
    assert_eq!((thin.len(), thin[0], thin[16]), (17, 0, 99));
    assert!(thin.windows(2).all(|pair| (6..=7).contains(&(pair[1] - pair[0]))), "{thin:?}");
}

/// What the png crate reads from an animation.
struct Decoded {
    plays: u32,
    poster: Vec<u8>,
    /// The whole picture after each frame, and for how many milliseconds it is shown.
    frames: Vec<(Vec<u8>, u32)>,
}

fn decoded(animation: &Animation) -> Decoded {
    let mut decoder = png::Decoder::new(Cursor::new(animation.bytes()));
    // Red, green and blue in place of places in the palette.
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let control = reader.info().animation_control.unwrap();
    let (width, height) = (reader.info().width, reader.info().height);
    assert_eq!((width, height), (2 * animation.width(), 2 * animation.height()));
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut buffer).unwrap();
    assert!(reader.info().frame_control.is_none(), "the poster is not part of the animation");
    let (poster, mut canvas) = (buffer.clone(), vec![0; buffer.len()]);
    let frames = (0..control.num_frames).map(|_| {
        reader.next_frame(&mut buffer).unwrap();
        let frame = *reader.info().frame_control().unwrap();
        for row in 0..frame.height {
            let from = 3 * (row * frame.width) as usize;
            let to = 3 * ((frame.y_offset + row) * width + frame.x_offset) as usize;
            let length = 3 * frame.width as usize;
            canvas[to..to + length].copy_from_slice(&buffer[from..from + length]);
        }
        (canvas.clone(), 1000 * u32::from(frame.delay_num) / u32::from(frame.delay_den))
    });
    let frames = frames.collect();
    assert!(reader.next_frame(&mut buffer).is_err(), "there is no other frame");
    Decoded { plays: control.num_plays, poster, frames }
}

#[test]
fn an_animation_has_a_frame_for_each_kept_iteration_and_the_last_as_poster() {
    let session = kept();
    for animation in [
        Figure::filter_animation(session, 1).unwrap(),
        Figure::filter_animation(session, 2).unwrap(),
        ScoringOptions::default().filter_animation(session, 2, &bird()).unwrap(),
    ] {
        let decoded = decoded(&animation);
        assert_eq!((decoded.frames.len(), animation.frames(), decoded.plays), (6, 6, 0), "0 is for ever");
        let delays: Vec<u32> = decoded.frames.iter().map(|frame| frame.1).collect();
        assert_eq!(delays, [700, 700, 700, 700, 700, 2500]);
        assert!(decoded.poster == decoded.frames[5].0, "the poster is the last frame");
        for (before, after) in decoded.frames.iter().zip(&decoded.frames[1..]) {
            assert!(before.0 != after.0, "frames differ");
        }
        assert!(animation.bytes().len() < 1_000_000, "{animation:?}");
    }
}

#[test]
fn frames_are_put_together_from_rectangles_without_a_trace_of_the_frame_before() {
    let draw = |x: i32, size| {
        Figure::draw("A square", size, |area| {
            let corners = [(x, 10), (x + 20, 30)];
            area.draw(&plotters::element::Rectangle::new(corners, plotters::style::Color::filled(&RED.ink())))
        })
        .unwrap()
    };
    let figures = [10, 40, 40, 5].map(|x| draw(x, (80, 50)));
    let decoded = decoded(&Animation::new(&figures).unwrap());
    for (figure, frame) in figures.iter().zip(&decoded.frames) {
        assert!(pixels(figure).into_raw() == frame.0, "{}", frame.1);
    }
    assert!(Animation::new(&[]).is_err());
}

#[test]
fn an_animation_is_the_same_bytes_each_time_and_is_saved_under_its_two_endings() {
    let [animation, again] = [1, 1].map(|layer| Figure::filter_animation(kept(), layer).unwrap());
    assert!(animation == again);
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.png", "deep/b.APNG"] {
        animation.save(folder.path().join(name)).unwrap();
        assert!(std::fs::read(folder.path().join(name)).unwrap() == animation.bytes());
    }
    let error = animation.save(folder.path().join("a.bmp")).unwrap_err();
    assert!(
        error.kind() == ErrorKind::InvalidOption && error.to_string().contains(".png, .apng or .gif"),
        "{error}"
    );
    let text = format!("{animation:?}");
    assert!(text.len() < 120 && text.contains("6 frames"), "{text}");
    let contents = animation.contents();
    assert!(contents[1].1.starts_with("<img src=\"data:image/png;base64,") && contents[2].0 == "image/png");
}

#[test]
fn a_gif_has_the_frames_and_times_of_the_apng() {
    let animation = ScoringOptions::default().filter_animation(kept(), 2, &bird()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gif");
    animation.save(&path).unwrap();
    let mut reader = gif::DecodeOptions::new().read_info(std::fs::File::open(path).unwrap()).unwrap();
    let (width, palette) = (usize::from(reader.width()), reader.global_palette().unwrap().to_vec());
    let mut canvas = vec![0; 3 * width * usize::from(reader.height())];
    let expected = decoded(&animation).frames;
    let mut count = 0;
    while let Some(frame) = reader.read_next_frame().unwrap() {
        assert_eq!((frame.transparent, &frame.palette), (None, &None));
        let (left, wide) = (usize::from(frame.left), usize::from(frame.width));
        for (row, places) in frame.buffer.chunks(wide).enumerate() {
            let to = (usize::from(frame.top) + row) * width + left;
            for (pixel, &place) in canvas[3 * to..3 * (to + wide)].chunks_mut(3).zip(places) {
                pixel.copy_from_slice(&palette[3 * usize::from(place)..][..3]);
            }
        }
        assert!(canvas == expected[count].0, "frame {count}");
        assert_eq!(10 * u32::from(frame.delay), expected[count].1);
        count += 1;
    }
    assert_eq!(count, animation.frames());
    assert_eq!(reader.repeat(), gif::Repeat::Infinite);
}

/// The places of the rings and of the dots at the ends of paths, in drawing units.
fn ends(figure: &Figure) -> [Vec<[f64; 2]>; 2] {
    let circles: Vec<&str> = figure.svg().lines().filter(|line| line.starts_with("<circle")).collect();
    let of = |line: &str, name: &str| -> f64 {
        line.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    // The first two are the legend; then a white ground, a ring and a dot for each path.
    let paths = circles[2..].chunks(3);
    let place = |line: &str| [of(line, "cx"), of(line, "cy")];
    paths.map(|path| (place(path[1]), place(path[2]))).collect::<Vec<_>>().into_iter().fold(
        [Vec::new(), Vec::new()],
        |[mut first, mut last], (one, other)| {
            first.push(one);
            last.push(other);
            [first, last]
        },
    )
}

#[test]
fn distances_on_a_trajectory_are_in_proportion_to_the_distances_travelled() {
    let session = kept();
    let plane = TrajectoryPlane::DistanceAndAngle;
    let sessions = std::slice::from_ref(session);
    let figure = ScoringOptions::default().trajectories(sessions, 1, &bird(), plane).unwrap();
    let [first, last] = ends(&figure);
    assert_eq!((first.len(), last.len()), (16, 16));
    let (start, end) = (session.at(0).unwrap().filters(1).unwrap(), session.filters(1).unwrap());
    let travelled: Vec<f64> = (0..16)
        .map(|filter| {
            let (w0, w) = (start.filter(filter), end.filter(filter));
            let share = FilterMeasure::DistanceTravelled.value(w, Some(w0)).unwrap();
            share * w0.iter().map(|weight| f64::from(*weight).powi(2)).sum::<f64>().sqrt()
        })
        .collect();
    let units: Vec<f64> = first.iter().zip(&last).map(|(first, last)| last[0] - first[0]).collect();
    let scale = units[0] / travelled[0];
    for (units, travelled) in units.iter().zip(&travelled) {
        // Places are whole units.
        assert!((units - scale * travelled).abs() <= 2.0 + scale * travelled * 0.01, "{units} {travelled}");
    }
    // All begin at distance 0 and end at angle 0.
    assert!(
        first.iter().all(|place| place[0] == first[0][0]) && last.iter().all(|place| place[1] == last[0][1])
    );
    assert!(first.iter().zip(&last).all(|(first, last)| first[1] < last[1]), "upwards is a larger angle");
}

#[test]
fn paths_of_two_sessions_are_in_one_picture_and_the_caption_counts_them() {
    let sessions = [kept().clone(), kept().clone().named("again")];
    let figure = Figure::trajectories(&sessions, 2).unwrap();
    assert!(figure.title().ends_with("2 sessions"), "{}", figure.title());
    assert!(figure.caption().starts_with("n = 72 filters at 432 points"), "{}", figure.caption());
    let [first, last] = ends(&figure);
    // They are the same session, so that each path is there twice.
    assert_eq!((&first[..36], &last[..36]), (&first[36..], &last[36..]));
    let label = words(&figure).into_iter().find(|text| text.starts_with("principal component 1")).unwrap();
    assert!(label.ends_with("% of the variance)"), "{label}");
}

#[test]
fn changes_begin_at_one_point_and_their_components_have_more_of_the_variance() {
    let sessions = std::slice::from_ref(kept());
    let of = |plane| ScoringOptions::default().trajectories(sessions, 2, &bird(), plane).unwrap();
    let (weights, changes) = (of(TrajectoryPlane::PrincipalComponents), of(TrajectoryPlane::Changes));
    let [first, last] = ends(&changes);
    assert!(first.iter().all(|place| *place == first[0]) && last.iter().all(|place| *place != first[0]));
    let share = |figure: &Figure| -> f64 {
        let words = figure.caption().split("The plane holds ").nth(1).unwrap();
        words.split(' ').next().unwrap().parse().unwrap()
    };
    assert!(share(&changes) > share(&weights) && share(&changes) <= 100.0, "{}", changes.caption());
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let bank = |channels: usize| {
        FilterBank::new(1, Array4::from_elem((2, channels, 3, 3), 0.5), Array1::zeros(2)).unwrap()
    };
    let foreign = Session::from_filters("mine", 7, [bank(3)]).unwrap();
    let options = ScoringOptions::default();
    for error in [
        Figure::filter_strip(&foreign, 1, 0).unwrap_err(),
        Figure::filters_by_iteration(&foreign, 1).unwrap_err(),
        Figure::filter_animation(&foreign, 1).unwrap_err(),
        Figure::trajectories(std::slice::from_ref(&foreign), 1).unwrap_err(),
        options.filter_strip(&foreign, 1, 0, &bird()).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::CannotDraw);
        let words = "session mine has its filters of one iteration only";
        assert!(
            error.to_string().contains(words)
                && error.to_string().contains("Training::snapshots(true)")
                && error.to_string().contains("Session::from_checkpoints"),
            "{error}"
        );
    }
    let text = |result: crate::Result<Figure>| result.unwrap_err().to_string();
    assert!(
        text(Figure::filter_strip(kept(), 1, 16))
            .contains("there is no filter 16 in layer 1: its filters are 0 to 15")
    );
    assert!(text(Figure::filter_strip(kept(), 3, 0)).contains("there is no layer 3"));
    assert!(text(Figure::filters_by_iteration(kept(), 0)).contains("there is no layer 0"));
    assert!(text(Figure::trajectories(&[], 1)).contains("there are no sessions"));
    let other = Session::from_filters("other", 7, [bank(4)]).unwrap();
    let error = text(Figure::trajectories(&[kept().clone(), other], 1));
    assert!(
        error.contains("3 × 5 × 5 weights in session 12-seed1 and 4 × 3 × 3 in session other"),
        "{error}"
    );
}
