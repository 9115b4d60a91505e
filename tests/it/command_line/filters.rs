//! `softness filters` on the command line: names with commas, pictures of one name, a folder that was used before, pipes.
use std::path::Path;

use ndarray::Array4;
use ndarray_npy::WriteNpyExt;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{error, golden, json, softness, text};

/// An archive with a layer of this name for each, of 2 filters of 3 x 3, which follow from `seed`.
fn write(path: &Path, layers: &[&str], seed: usize) {
    let mut archive = ZipWriter::new(std::fs::File::create(path).unwrap());
    for (layer, number) in layers.iter().zip(1u16..) {
        let value =
            |(a, b, c, d): (usize, usize, usize, usize)| ((a + 2 * b + seed * c + 5 * d * seed) % 7) as f32;
        let weights = Array4::from_shape_fn((2, 2, 3, 3), |at| value(at) - f32::from(number));
        archive.start_file(format!("{layer}.npy"), SimpleFileOptions::default()).unwrap();
        weights.write_npy(&mut archive).unwrap();
    }
    archive.finish().unwrap();
}

/// The names of the files in a folder.
fn listing(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_name_with_a_comma_stands_in_quotes_and_options_may_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("net.npz"), &["conv 3,3", "conv1", "conv2"], 3);
    let base = ["filters", "net.npz", "--picture", "static", "--json"];
    for (more, expected) in [
        (&["--layer", "\"conv 3,3\",conv1"][..], &["conv 3,3", "conv1"][..]),
        (&["--layer", "conv2", "--layer", "conv1"], &["conv2", "conv1"]),
        (&["--layer", "conv2,conv1", "--layer", "\"conv 3,3\""], &["conv2", "conv1", "conv 3,3"]),
        (&[], &["conv 3,3", "conv1", "conv2"]),
    ] {
        let rows = json(&softness(folder.path(), &[&base[..], more].concat()));
        let names: Vec<&str> =
            rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected);
    }
    for (value, sentence) in [
        ("", "error: --layer is \"\", but it must be names with commas between them"),
        (
            "\"conv1",
            "error: --layer is \"\\\"conv1\", but it must be names with commas between them: the quote opened on line 1 is never \
             closed",
        ),
    ] {
        assert_eq!(error(folder.path(), &[&base[..], &["--layer", value]].concat()), sentence);
    }
    let classes =
        ["train", "--dataset", "synthetic", "--iterations", "1", "--batch", "4", "--json", "--classes"];
    let output = softness(folder.path(), &[&classes[..], &["\"star\"", "--classes", "ring,checks"]].concat());
    assert!(text(&output.stderr).contains("only ring, star, checks"), "{}", text(&output.stderr));
}

#[test]
fn a_name_with_a_line_end_stays_on_its_line() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("net.npz"), &["a\nb\u{1b}[31m"], 3);
    let said = text(&softness(folder.path(), &["filters", "net.npz", "--picture", "static"]).stdout);
    assert!(said.contains(r#"    1  "a\nb\u{1b}[31m""#), "{said}");
}

#[test]
fn pictures_of_one_name_are_called_by_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("net.npz"), &["conv"], 3);
    for (name, side) in [("a/x.png", 8), ("b/x.png", 9), ("b/y.png", 10)] {
        std::fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        let pixel = |x: u32, y: u32| image::Luma([((x * x + 3 * y * side) % 251) as u8]);
        image::GrayImage::from_fn(side, side, pixel).save(folder.path().join(name)).unwrap();
    }
    let rows = json(&softness(
        folder.path(),
        &["filters", "net.npz", "--json", "--picture", "static,a/x.png", "--picture", "b/x.png,b/y.png"],
    ));
    let images: Vec<&str> =
        rows.as_array().unwrap().iter().map(|row| row["image"].as_str().unwrap()).collect();
    assert_eq!(images, ["static", "a/x.png", "b/x.png", "y"]);
    let output = softness(folder.path(), &["score", "a/x.png", "b/x.png"]);
    let said = text(&output.stdout);
    assert!(said.contains("  a/x.png (8x8)\n") && said.contains("  b/x.png (9x9)\n"), "{said}");
    assert_eq!(
        error(folder.path(), &["filters", "net.npz", "--picture", "a/x.png,static,a/x.png"]),
        "error: --picture is \"a/x.png\" twice, but each is scored once"
    );
}

#[test]
fn what_an_earlier_run_wrote_and_this_one_does_not_is_removed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for number in 1..=3 {
        write(&folder.path().join(format!("net-{number}.npz")), &["conv1", "conv2", "conv3"], number);
    }
    let run = |file: &str, more: &[&str]| {
        let output = softness(
            folder.path(),
            &[&["filters", file, "--picture", "static", "--out", "out"][..], more].concat(),
        );
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    // The figures of another program, in a folder that this command has not written yet.
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("layer-9.png"), "mine").unwrap();
    assert_eq!(run("net-{n}.npz", &[]), "");
    for name in ["layer-30.svg", "layer-3.pdf", "layer-03.png", "notes.txt"] {
        std::fs::write(out.join(name), "mine").unwrap();
    }
    let before = listing(&out);
    assert!(before.contains(&"r-squared.svg".to_owned()) && before.contains(&"layer-3.svg".to_owned()));
    assert_eq!(
        run("net-1.npz", &["--layer", "conv2"]),
        "removed from out, files of an earlier run: fits.csv, layer-2.png, layer-2.svg, layer-3.png, layer-3.svg, \
         r-squared.png, r-squared.svg\n"
    );
    assert_eq!(
        listing(&out),
        [
            "layer-03.png",
            "layer-1.png",
            "layer-1.svg",
            "layer-3.pdf",
            "layer-30.svg",
            "layer-9.png",
            "layers.csv",
            "notes.txt",
            "scores.csv",
            "tables.sha256"
        ]
    );
    // A series of one checkpoint over and over cannot be fitted, so that there are no fits of it.
    assert_eq!(run("net-{n}.npz", &[]), "");
    (1..=3).for_each(|number| write(&folder.path().join(format!("same-{number}.npz")), &["conv1"], 3));
    let said = run("same-{n}.npz", &[]);
    assert!(said.contains("fits.csv") && said.contains("r-squared.svg"), "{said}");
    assert_eq!(said.matches("so a fit says nothing").count(), 1, "{said}");
    assert!(!out.join("fits.csv").exists() && out.join("layer-1.svg").exists());
    assert_eq!(run("net-{n}.npz", &[]), "");
    assert_eq!(listing(&out), before);
}

#[test]
fn every_fit_that_is_refused_is_named_once_and_scores_are_what_counts() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    (0..=3).for_each(|number| write(&at(&format!("net-{number}.npz")), &["conv1", "conv2"], number + 1));
    (1..=2).for_each(|number| write(&at(&format!("two-{number}.npz")), &["conv1", "conv2"], number));
    for (pattern, more, reasons) in [
        ("net-{n}.npz", &[][..], ["iterations is 0, and the power form needs ln of it"; 2]),
        ("net-{n}.npz", &["--json"], ["iterations is 0, and the power form needs ln of it"; 2]),
        ("two-{n}.npz", &[], ["2 points are too few"; 2]),
    ] {
        let arguments = ["filters", pattern, "--picture", "static", "--out", "out"];
        let output = softness(folder.path(), &[&arguments[..], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let said = text(&output.stderr);
        let notes: Vec<&str> =
            said.lines().filter(|line| line.starts_with("note: not fitted: layer ")).collect();
        assert_eq!(notes.len(), 2, "{said}");
        assert!(notes.iter().zip(reasons).all(|(note, reason)| note.contains(reason)), "{said}");
        assert_eq!(at("out/fits.csv").exists(), pattern.starts_with("net"));
        assert!(at("out/scores.csv").exists() && !text(&output.stdout).contains("too few"));
    }
}

#[test]
fn tables_from_elsewhere_are_not_replaced_and_edited_ones_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let read = |name: &str| std::fs::read_to_string(at(name)).unwrap();
    write(&at("net.npz"), &["conv1"], 1);
    let arguments = |out: &'static str| ["filters", "net.npz", "--picture", "static", "--out", out];
    for (out, name, reason) in [
        ("one", "layers.csv", "that is not one of this command"),
        ("two", "scores.csv", "and no layers.csv"),
        ("three", "fits.csv", "and no layers.csv"),
        ("four", "layer-1.svg", "and no layers.csv"),
    ] {
        std::fs::create_dir(at(out)).unwrap();
        std::fs::write(at(out).join(name), "layer,iterations\n1,1\n").unwrap();
        let sentence = format!(
            "error: folder is {out}, but it has a {name} {reason}, so `softness filters` did not write it: name another folder"
        );
        assert_eq!(error(folder.path(), &arguments(out)), sentence);
        assert_eq!(listing(&at(out)), [name]);
        assert_eq!(read(&format!("{out}/{name}")), "layer,iterations\n1,1\n");
    }
    let run = || text(&softness(folder.path(), &arguments("own")).stderr);
    assert_eq!((run(), run()), (String::new(), String::new()));
    let (scores, layers) = (read("own/scores.csv"), read("own/layers.csv"));
    std::fs::write(at("own/scores.csv"), scores.replace(",false", ",true")).unwrap();
    std::fs::write(at("own/layers.csv"), layers.replace(',', ";")).unwrap();
    let figure = read("own/layer-1.svg");
    std::fs::write(at("own/layer-1.svg"), figure.replace("<svg", "<!-- mine --><svg")).unwrap();
    let said = run();
    for (name, ending) in [("scores", "csv"), ("layers", "csv"), ("layer-1", "svg")] {
        let sentence = format!(
            "note: own/{name}.{ending} is not as it was last written here and may have been edited, so it is kept as \
             own/{name}.edited.{ending}\n"
        );
        assert!(said.contains(&sentence), "{said}");
    }
    assert_eq!((read("own/scores.csv"), read("own/layers.csv")), (scores.clone(), layers.clone()));
    assert_eq!(read("own/scores.edited.csv"), scores.replace(",false", ",true"));
    assert_eq!(read("own/layers.edited.csv"), layers.replace(',', ";"));
    assert_eq!(read("own/layer-1.svg"), figure);
    assert!(read("own/layer-1.edited.svg").contains("<!-- mine -->"));
}

#[test]
fn an_edited_table_that_is_kept_is_not_said_to_be_removed() {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=3 {
        write(&folder.path().join(format!("net-{number}.npz")), &["conv1"], number);
    }
    let run = |file: &str| {
        let arguments = ["filters", file, "--picture", "static", "--out", "out"];
        text(&softness(folder.path(), &arguments).stderr).replace('\\', "/")
    };
    run("net-{n}.npz");
    std::fs::write(folder.path().join("out/fits.csv"), "mine").unwrap();
    let expected = "removed from out, files of an earlier run: r-squared.png, r-squared.svg\n\
                    note: out/fits.csv is not as it was last written here and may have been edited, so it is kept as \
                    out/fits.edited.csv\n";
    assert_eq!(run("net-1.npz"), expected);
    assert_eq!(std::fs::read_to_string(folder.path().join("out/fits.edited.csv")).unwrap(), "mine");
}

#[test]
fn a_picture_that_is_too_small_for_a_score_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("net.npz"), &["conv1"], 1);
    std::fs::create_dir(folder.path().join("a")).unwrap();
    image::GrayImage::from_pixel(1, 2, image::Luma([9])).save(folder.path().join("a/x.png")).unwrap();
    let sentence = "error: --picture is a/x.png, but it has 1 x 2 pixels, and a score needs at least 3 x 3: take a larger picture";
    for arguments in [
        &["filters", "net.npz", "--picture", "a/x.png"][..],
        &["label", "--out", "a.html", "--picture", "a/x.png"],
    ] {
        assert_eq!(error(folder.path(), arguments), sentence);
    }
}

#[cfg(unix)]
#[test]
fn pictures_tables_and_weights_are_read_from_pipes() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("net.npz"), &["conv"], 3);
    std::fs::copy(golden("table.csv"), folder.path().join("table.csv")).unwrap();
    let picture = golden("../pictures/progressive-halved.jpg");
    std::fs::copy(&picture, folder.path().join("x.jpg")).unwrap();
    // A named pipe has a name to give; `<(..)` of a shell is one as well.
    for (file, arguments) in [
        ("x.jpg", &["score"][..]),
        ("table.csv", &["fit", "--x", "iterations", "--y", "score", "--by", "group"]),
        ("net.npz", &["filters", "--picture", "static"]),
    ] {
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let bytes = std::fs::read(folder.path().join(file)).unwrap();
        let writer = {
            let pipe = pipe.clone();
            std::thread::spawn(move || std::fs::write(pipe, bytes))
        };
        let read = |file: &str| text(&softness(folder.path(), &[arguments, &[file]].concat()).stdout);
        let (piped, plain) = (read("pipe"), read(file));
        writer.join().unwrap().unwrap();
        assert!(!plain.is_empty(), "{file}");
        assert_eq!(piped.replace("pipe", "FILE"), plain.replace(file, "FILE"));
        std::fs::remove_file(pipe).unwrap();
    }
    assert_eq!(
        error(folder.path(), &["score", "/dev/zero"]),
        "error: /dev/zero: could not read it as a picture: it is neither a file nor a pipe"
    );
    assert_eq!(
        error(folder.path(), &["fit", "/dev/zero", "--x", "x", "--y", "y"]),
        "error: /dev/zero: it is a device, and neither a file nor a pipe: name a file"
    );
}

/// A network of the study's kind with arrays of these names, weights and biases in turn.
fn forward(folder: &Path, name: &str, arrays: [&str; 4]) {
    let mut archive = ZipWriter::new(std::fs::File::create(folder.join(name)).unwrap());
    let value = |(a, b, c, d): (usize, usize, usize, usize)| ((3 * a + 2 * b + c + 5 * d) % 7) as f32 - 3.0;
    let mut bytes: [Vec<u8>; 4] = Default::default();
    Array4::from_shape_fn((4, 3, 3, 3), value).write_npy(&mut bytes[0]).unwrap();
    ndarray::Array1::from_elem(4, 0.5f32).write_npy(&mut bytes[1]).unwrap();
    Array4::from_shape_fn((5, 4, 3, 3), value).write_npy(&mut bytes[2]).unwrap();
    ndarray::Array1::from_elem(5, -0.5f32).write_npy(&mut bytes[3]).unwrap();
    for (name, bytes) in arrays.iter().zip(&bytes) {
        archive.start_file(format!("{name}.npy"), SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, bytes).unwrap();
    }
    archive.finish().unwrap();
}

#[test]
fn a_forward_pass_says_which_layers_have_no_biases() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arrays: [&str; 4], reading: &str| {
        forward(folder.path(), "net.npz", arrays);
        let arguments = ["filters", "net.npz", "--picture", "static", "--reading", reading, "--json"];
        let output = softness(folder.path(), &arguments);
        let sums: Vec<f64> =
            json(&output).as_array().unwrap().iter().map(|row| row["score_sum"].as_f64().unwrap()).collect();
        let said = text(&output.stderr);
        let notes: Vec<String> =
            said.lines().filter(|line| line.starts_with("note: ")).map(str::to_owned).collect();
        (sums, notes)
    };
    let usual = run(["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"], "forward-pass");
    assert_eq!(usual.1, Vec::<String>::new());
    assert_eq!(run(["W1", "b1", "W2", "b2"], "forward-pass"), usual);
    let (sums, notes) = run(["conv1.weight", "conv1.bias", "conv2.weight", "shift"], "forward-pass");
    assert_eq!(
        notes,
        [
            "note: net.npz: the layer \"conv2.weight\" has no bias by name, so the forward pass takes 0; not used, but of a fitting \
             length: the array \"shift\" [5]; if it holds biases, name it after the layers, \"conv1.bias\" for \"conv1.weight\""
        ]
    );
    assert_eq!(sums[0], usual.0[0]);
    // Kernels by themselves need no biases.
    assert_eq!(run(["conv1.weight", "x", "conv2.weight", "y"], "each-kernel").1, Vec::<String>::new());
}

#[test]
fn a_picture_that_is_too_small_without_a_border_is_named_with_the_layer() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("net.npz"), &["conv1"], 1);
    forward(folder.path(), "two.npz", ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"]);
    for (file, reading, (width, height), layer, needed) in
        [("net.npz", "each-kernel", (7, 4), 1, 5), ("two.npz", "forward-pass", (11, 40), 2, 12)]
    {
        image::GrayImage::new(width, height).save(folder.path().join("x.png")).unwrap();
        let arguments =
            ["filters", file, "--picture", "static,x.png", "--border", "valid", "--reading", reading];
        assert_eq!(
            error(folder.path(), &arguments),
            format!(
                "error: image x has {width} x {height} pixels, but layer {layer}, with kernels of 3 x 3 and the border valid, needs at \
                 least {needed} x {needed}: take a larger picture or the border same"
            )
        );
    }
}

#[test]
fn a_picture_that_takes_too_much_memory_or_has_no_pixels_says_its_size() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("net.npz"), &["conv1"], 1);
    // The header of a BMP file of 24 bits, and nothing more.
    for (side, length, sentence) in [
        (0u32, 54, "it has no pixels: its width or height is 0"),
        (
            14_000,
            54,
            "it says that it has 14,000 x 14,000 pixels, far more than a file of 54 bytes holds: it is damaged, or made to fill the \
             memory",
        ),
        (
            14_000,
            60_000,
            "it has 14,000 x 14,000 pixels, and they take more than 512 MiB of memory, the most that is used: reduce it",
        ),
    ] {
        let mut bytes = vec![0; length];
        bytes[..2].copy_from_slice(b"BM");
        for (place, value) in [(10, 54), (14, 40), (18, side), (22, side), (26, 1 | 24 << 16)] {
            bytes[place..place + 4].copy_from_slice(&value.to_le_bytes());
        }
        std::fs::write(folder.path().join("x.bmp"), bytes).unwrap();
        let said = error(folder.path(), &["filters", "net.npz", "--picture", "x.bmp"]);
        assert!(said.starts_with("error: x.bmp: ") && said.ends_with(sentence), "{said}");
    }
}
