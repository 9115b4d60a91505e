use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use ndarray::{Array1, Array4};

use super::packed::Packed;
use super::*;
use crate::error::ErrorKind;
use crate::filters::FilterBank;

fn weight(place: usize) -> f32 {
    ((place * place * 37 + 11) % 101) as f32 / 101.0 - 0.5
}

fn bank(layer: usize, shape: (usize, usize, usize, usize), seed: usize) -> FilterBank {
    let mut place = seed;
    let weights = Array4::from_shape_simple_fn(shape, || {
        place += 1;
        weight(place)
    });
    FilterBank::new(layer, weights, Array1::from_elem(shape.0, 0.25)).unwrap()
}

/// A session of the study's kind of network, and one of another kind.
fn sessions() -> [Session; 2] {
    let network = [bank(1, (2, 3, 3, 3), 1), bank(2, (3, 2, 3, 3), 2)];
    let other = [bank(1, (2, 1, 2, 2), 3)];
    [
        Session::from_filters("10-1", 10, network).unwrap(),
        Session::from_filters("</script>", 20, other).unwrap(),
    ]
}

/// The data of a page: its JSON, and the bytes of its filters.
fn data(html: &str) -> (serde_json::Value, Vec<u8>) {
    let part = |id: &str| {
        let (_, rest) = html.split_once(&format!("id=\"{id}\">")).unwrap();
        rest.split_once("</script>").unwrap().0
    };
    (serde_json::from_str(part("study")).unwrap(), inflated(part("filters")))
}

fn inflated(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(&STANDARD.decode(text).unwrap()[..]).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Words from four planes of bytes.
fn words(bytes: &[u8]) -> Vec<u32> {
    let count = bytes.len() / 4;
    (0..count).map(|at| u32::from_le_bytes([0, 1, 2, 3].map(|plane| bytes[plane * count + at]))).collect()
}

#[test]
fn a_page_refers_to_nothing_outside_and_is_the_same_again() {
    let sessions = sessions();
    let explorer = explore(&sessions).unwrap();
    let html = explorer.html();
    assert_eq!(explore(&sessions).unwrap().html(), html);
    // The one address is a name that browsers know, not something they load.
    let addresses: Vec<&str> = html.split("http").skip(1).collect();
    assert!(addresses.iter().all(|rest| rest.starts_with("://www.w3.org/2000/svg\"")), "{addresses:?}");
    for outside in [" src=", "url(", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(html.split("href=").skip(1).all(|rest| rest.starts_with("\"#")));
    let is_left = |line: &&str| line.starts_with("import ") || line.starts_with("export ");
    assert_eq!(html.lines().find(is_left), None);
    assert!(!html.contains("/*STUDY*/") && !html.contains("/*FILTERS*/") && !html.contains("/*SCRIPT*/"));
    // Three scripts, whatever a session is called.
    assert_eq!(html.matches("</script>").count(), 3);
    assert!(format!("{explorer:?}").starts_with("explorer of 2 sessions (an HTML page of "), "{explorer:?}");
}

#[test]
fn a_page_carries_the_filters_and_the_scores_of_the_library() {
    let sessions = sessions();
    let (header, bytes) = data(explore(&sessions).unwrap().html());
    let numbers: Vec<f32> = words(&bytes).into_iter().map(f32::from_bits).collect();
    let banks = sessions.iter().flat_map(|session| &session.filters);
    let wanted: Vec<f32> = banks.flat_map(|bank| bank.weights().iter().chain(bank.bias()).copied()).collect();
    assert_eq!(numbers, wanted);
    assert_eq!(header["sessions"][1]["name"], "</script>");
    assert_eq!(header["sessions"][0]["iterations"], serde_json::json!([10]));

    let pictures = study::default_pictures();
    let table = crate::table::softness_table(&sessions[..1], &pictures).unwrap();
    for scores in table.layer_scores() {
        // Forward pass and same are the first reading and border; layer 2 is 4 x 2 x 2 cells later.
        let picture = pictures.iter().position(|picture| picture.name() == scores.image).unwrap();
        let sum = header["sessions"][0]["sums"][0][(scores.layer - 1) * 16 + picture].as_f64().unwrap();
        assert!((sum - scores.sum).abs() < 1e-7, "{sum} and {}", scores.sum);
        let origin = header["sessions"][0]["origins"][scores.layer - 1].as_u64().unwrap() as usize;
        let cell = &header["origins"][origin]["cells"][picture];
        assert_eq!(cell["threshold"].as_f64(), scores.soft_threshold);
        let counts: u64 =
            cell["counts"].as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(counts, 100 * scores.filters as u64);
    }
    // Of the other network no forward pass is known, and each of its readings is.
    let sums = header["sessions"][1]["sums"][0].as_array().unwrap();
    assert!(sums[..4].iter().all(serde_json::Value::is_null) && sums[4..].iter().all(|sum| sum.is_f64()));
}

#[test]
fn eleven_sessions_with_all_their_iterations_stay_below_three_megabytes() {
    // As many numbers as the paper's plan keeps (docs of `Training::snapshots`), each of which goes its own way from the one
    // before, as far as Adam goes.
    let kept = |iterations: &[u64], seed: usize| -> Vec<Vec<FilterBank>> {
        let mut now = bank(2, (36, 17, 5, 5), seed).weights().mapv(|weight| weight / 5.0);
        let (mut before, mut place) = (0, seed);
        iterations
            .iter()
            .map(|&iteration| {
                let pace = 1e-4 * ((iteration - before) as f32).sqrt();
                now.mapv_inplace(|weight| {
                    place += 7;
                    weight + 2.0 * pace * self::weight(place)
                });
                before = iteration;
                vec![FilterBank::new(1, now.clone(), Array1::zeros(36)).unwrap()]
            })
            .collect()
    };
    let all = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 50_000];
    let sessions: Vec<_> = [2, 2, 2, 12, 12, 12, 14, 14, 16, 16, 17]
        .into_iter()
        .zip(0..)
        .map(|(count, seed)| kept(&all[..count], 1000 * seed))
        .collect();
    let room = 2_800_000;
    let Packed { text, power } = packed(&sessions, room);
    assert!(text.len() <= room, "{} at 2^{power}", text.len());
    assert!((-16..=-12).contains(&power), "{power}");

    // The last iteration is exact, the others are as near as the step allows.
    let step = f64::from(power).exp2();
    assert!(sessions.iter().all(|kept| exponents(kept) == [0]));
    let words = unpacked(&text, power, &sessions);
    for (session, kept) in sessions.iter().zip(words) {
        let numbers = |banks: &Vec<FilterBank>| -> Vec<f64> {
            banks
                .iter()
                .flat_map(|bank| bank.weights().iter().chain(bank.bias()))
                .map(|&value| f64::from(value))
                .collect()
        };
        assert_eq!(numbers(session.last().unwrap()), kept[kept.len() - 1]);
        for (banks, found) in session.iter().zip(&kept[..kept.len() - 1]) {
            assert!(
                numbers(banks).iter().zip(found).all(|(wanted, found)| (wanted - found).abs() <= step / 2.0)
            );
        }
    }
}

fn packed(sessions: &[Vec<Vec<FilterBank>>], room: usize) -> Packed {
    let exponents: Vec<Vec<i32>> = sessions.iter().map(|kept| exponents(kept)).collect();
    Packed::new(sessions, exponents.iter().map(Vec::as_slice), room)
}

fn exponents(kept: &[Vec<FilterBank>]) -> Vec<i32> {
    super::packed::exponents(kept.iter().map(Vec::as_slice))
}

#[test]
fn layers_of_small_and_large_weights_have_steps_of_their_own() {
    let sizes = [1e-30_f32, 1e-6, 0.01, 1.0, 1e5, 1e20];
    let state = |seed: usize| -> Vec<FilterBank> {
        let layer = |(&size, layer): (&f32, usize)| {
            let bank = bank(layer, (2, 3, 3, 3), seed + 10 * layer);
            let bias = Array1::from_elem(2, size * 0.25);
            FilterBank::new(layer, bank.weights().mapv(|weight| weight * size), bias).unwrap()
        };
        sizes.iter().zip(1..).map(layer).collect()
    };
    let session = vec![state(1), state(2), state(3)];
    let Packed { text, power } = packed(std::slice::from_ref(&session), 1_000_000);
    assert_eq!(power, -16);
    let found = &unpacked(&text, power, std::slice::from_ref(&session))[0];
    for (banks, found) in session.iter().zip(found) {
        let mut found = found.iter();
        for (bank, size) in banks.iter().zip(sizes) {
            // The largest weight is between a quarter and a half of the size.
            for (&wanted, found) in bank.weights().iter().chain(bank.bias()).zip(found.by_ref()) {
                let difference = (f64::from(wanted) - found).abs() / f64::from(size);
                assert!(difference < 2e-4, "{wanted} and {found}");
            }
        }
    }
    // Biases beside small weights keep their size, too.
    let small =
        FilterBank::new(1, Array4::from_elem((1, 1, 2, 2), 1e-30), Array1::from_elem(1, 3.0)).unwrap();
    let session = vec![vec![small.clone()], vec![small]];
    let Packed { text, power } = packed(std::slice::from_ref(&session), 1_000_000);
    let found = &unpacked(&text, power, &[session])[0];
    assert!((found[0][4] - 3.0).abs() < 1e-6, "{found:?}");
}

/// The numbers of each session and iteration in a packed text.
fn unpacked(text: &str, power: i32, sessions: &[Vec<Vec<FilterBank>>]) -> Vec<Vec<Vec<f64>>> {
    let bytes = inflated(text);
    let length =
        |banks: &Vec<FilterBank>| banks.iter().map(|bank| bank.weights().len() + bank.len()).sum::<usize>();
    let ends: usize = sessions.iter().map(|session| length(&session[0])).sum();
    let (last, differences) = (words(&bytes[..4 * ends]), words(&bytes[4 * ends..]));
    let (mut last, mut differences) = (last.into_iter(), differences.into_iter());
    let mut found = Vec::new();
    for session in sessions {
        let end: Vec<f64> =
            last.by_ref().take(length(&session[0])).map(|bits| f64::from(f32::from_bits(bits))).collect();
        let steps: Vec<f64> = exponents(session)
            .into_iter()
            .zip(&session[0])
            .flat_map(|(exponent, bank)| {
                vec![f64::from(power + exponent).exp2(); bank.weights().len() + bank.len()]
            })
            .collect();
        let mut multiples: Vec<i64> =
            end.iter().zip(&steps).map(|(value, step)| (value / step + 0.5).floor() as i64).collect();
        let mut kept = vec![end];
        for _ in 1..session.len() {
            for multiple in &mut multiples {
                let folded = i64::from(differences.next().unwrap());
                *multiple -= if folded % 2 == 0 { folded / 2 } else { -(folded + 1) / 2 };
            }
            kept.insert(
                0,
                multiples.iter().zip(&steps).map(|(&multiple, step)| multiple as f64 * step).collect(),
            );
        }
        found.push(kept);
    }
    assert!(differences.next().is_none());
    found
}

#[test]
fn what_cannot_be_shown_is_refused_with_the_reason() {
    let refused = |sessions: &[Session]| {
        let error = explore(sessions).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        error.to_string()
    };
    assert_eq!(refused(&[]), "sessions is empty, but the explorer needs at least one");
    let [one, other] = sessions();
    let twice = refused(&[one.clone(), other.named("10-1")]);
    assert!(twice.starts_with("session is \"10-1\", but two sessions have this name"), "{twice}");
    let wide = Session::from_filters("wide", 1, [bank(1, (101, 100, 1, 1), 1)]).unwrap();
    let wide = refused(&[one, wide]);
    assert!(wide.starts_with("number of kernels in layer 1 of session \"wide\" is 10100"), "{wide}");
    let large = Session::from_filters("large", 1, [bank(1, (1, 1, 33, 33), 1)]).unwrap();
    let error = explore(&[large]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotScore);
}

#[test]
fn a_notebook_gets_the_page_in_a_frame_and_a_picture_where_frames_are_removed() {
    let [_, session] = sessions();
    let explorer = session.explore().unwrap();
    let contents = explorer.contents();
    let kinds: Vec<&str> = contents.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, ["image/png", "text/plain", "text/html"]);
    let html = &contents[2].1;
    let (before, frame) = html.split_once("<iframe ").unwrap();
    assert!(before.contains("<img src=\"data:image/svg+xml;base64,"), "{before:.200}");
    assert!(before.contains("trust the notebook"), "{before:.200}");
    assert!(frame.contains("sandbox=\"allow-scripts\"") && !frame.contains("allow-same-origin"));
    let page = frame.split_once("srcdoc=\"").unwrap().1.split_once('"').unwrap().0;
    let page = page.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    assert!(page == explorer.html());
}

#[test]
fn names_of_the_modules_do_not_meet() {
    let mut names = std::collections::HashSet::new();
    for line in page::script().lines() {
        let line = line.strip_prefix("async ").unwrap_or(line);
        for kind in ["function* ", "function ", "const ", "let ", "class "] {
            let Some(rest) = line.strip_prefix(kind) else { continue };
            let name: String =
                rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            assert!(names.insert(name.clone()), "{name} is in two modules");
        }
    }
    assert!(names.len() > 60, "{names:?}");
}
