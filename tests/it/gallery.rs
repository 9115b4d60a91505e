//! The gallery: its page has every kind of figure, its code ran, and its pictures are those that the code draws today.
//!
//! If a figure changed as it should, `cargo run --release --example gallery` writes the page and the pictures anew; look at them before
//! they are committed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use image::{Rgb, RgbImage};

use crate::examples::program;
use crate::support::pictures::{AREA, Difference, difference, write_difference};

/// How the page and its pictures are made.
const AGAIN: &str = "if it is as it should be, run `cargo run --release --example gallery`";
/// Functions that give a figure and are no kind of their own: parts of another kind, and what they are part of.
const PARTS: [(&str, &str); 3] =
    [("curves", "accuracy_curves"), ("grid_titled", "grid"), ("layer_figures", "figure")];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pictures of a folder, by name.
fn pictures(folder: &Path) -> BTreeMap<String, RgbImage> {
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, image::open(&path).unwrap().into_rgb8())
    };
    crate::support::small::files(folder, ".png").into_iter().map(read).collect()
}

#[test]
fn the_gallery_shows_what_its_code_draws_today() {
    let committed = repository().join("data/figures/gallery");
    if !committed.is_dir() {
        println!("skipped: the pictures of the gallery are not part of the packed crate");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let run = Command::new(program("gallery")).arg(folder.path()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));

    let (then, now) = (pictures(&committed), pictures(&folder.path().join("data/figures/gallery")));
    let names = |pictures: &BTreeMap<String, RgbImage>| pictures.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&then), names(&now), "the kinds of figures: {AGAIN}");
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    let _ = std::fs::remove_dir_all(&out);
    let mut changed = Vec::new();
    for (name, then) in &then {
        if let Some(difference) = difference(then, &now[name]) {
            write_difference(&out, name, then, &now[name]);
            changed.push(format!("{name}: {}", difference.in_words()));
        }
    }
    assert!(changed.is_empty(), "{}\nsee {}; {AGAIN}", changed.join("\n"), out.display());

    let page =
        |root: &Path| std::fs::read_to_string(root.join("docs/gallery.md")).unwrap().replace("\r\n", "\n");
    for (line, (then, now)) in page(repository()).lines().zip(page(folder.path()).lines()).enumerate() {
        assert_eq!(then, now, "line {} of docs/gallery.md: {AGAIN}", line + 1);
    }
    assert_eq!(page(repository()).len(), page(folder.path()).len(), "docs/gallery.md: {AGAIN}");
}

#[test]
fn no_block_of_the_gallery_keeps_a_closure_which_a_cell_cannot() {
    let page = std::fs::read_to_string(repository().join("docs/gallery.md")).unwrap();
    let blocks: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
    assert!(blocks.len() > 40, "{}", blocks.len());
    for block in blocks {
        let closure = block.lines().find(|line| {
            let value = line.strip_prefix("let ").and_then(|rest| rest.split_once("= "));
            value.is_some_and(|(_, value)| value.starts_with(['|']) || value.starts_with("move |"))
        });
        assert_eq!(closure, None, "put the block in braces");
    }
}

#[test]
fn every_function_that_gives_a_figure_is_in_the_gallery() {
    let read = |path: &str| std::fs::read_to_string(repository().join(path)).unwrap();
    let (page, api) = (read("docs/gallery.md"), read("docs/api.txt"));
    let gives = ["Result<Figure>", "Result<Vec<Figure>>", "-> Figure", "Result<Animation>", "-> Animation"];
    // What they make themselves.
    let own = ["figures::Figure::", "figures::Animation::"];
    let mut seen = BTreeSet::new();
    for line in api.lines().filter(|line| !line.starts_with("prelude")) {
        let Some((path, signature)) = line.split_once(": ") else { continue };
        let is_made = own.iter().any(|own| path.starts_with(own)) && signature.contains("Result<Self>");
        let is_kind = is_made || gives.iter().any(|gives| signature.contains(gives));
        if !is_kind || !signature.contains("pub fn ") {
            continue;
        }
        let name = path.rsplit("::").next().unwrap();
        if PARTS.iter().all(|(part, _)| *part != name) {
            assert!(
                page.contains(&format!("{name}(")),
                "{path} is not in docs/gallery.md: add it to examples/gallery.rs"
            );
            seen.insert(name.to_owned());
        }
    }
    assert!(seen.len() > 12, "only {seen:?} were found");
    for (part, whole) in PARTS {
        assert!(api.contains(&format!("::{part}: pub fn")), "{part}, of {whole}, is no function");
    }
}

#[test]
fn a_change_is_found_where_it_is_and_an_unchanged_picture_is_not() {
    let white = RgbImage::from_pixel(200, 100, Rgb([255; 3]));
    let mut other = white.clone();
    // Shades that rounding can make, everywhere, are no change.
    other.pixels_mut().for_each(|pixel| pixel.0[1] -= 10);
    assert_eq!(difference(&white, &other), None);
    // A letter of 5 x 4 pixels is.
    for (x, y) in (40..45).flat_map(|x| (60..64).map(move |y| (x, y))) {
        other.put_pixel(x, y, Rgb([0, 255, 255]));
    }
    let found = difference(&white, &other).unwrap();
    let share = 20.0 / 20_000.0;
    assert!(share > AREA);
    assert_eq!(found, Difference::Pixels { share, largest: 255, place: [40, 60, 44, 63] });
    assert!(
        found.in_words().contains("0.10 % of the pixels changed, by up to 255 of 255, between 40 and 44")
    );
    let folder = tempfile::tempdir().unwrap();
    write_difference(folder.path(), "letter", &white, &other);
    let shown = image::open(folder.path().join("letter-difference.png")).unwrap().into_rgb8();
    assert_eq!(shown.pixels().filter(|pixel| pixel.0 == [214, 39, 40]).count(), 20);
    let smaller = RgbImage::new(200, 90);
    assert_eq!(difference(&white, &smaller).unwrap().in_words(), "was 200 × 100 pixels and is 200 × 90");
}
