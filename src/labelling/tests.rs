//! What the page says and what it hides. A browser is not part of these tests.

use super::{Labelling, label_maps, png};
use crate::dataset::Picture;
use crate::error::ErrorKind;
use crate::responses::{Border, Reading, ResponseOptions, responses};
use crate::session::Session;
use crate::store::shipped_sessions;
use ndarray::{Array2, Array3};

fn sessions() -> Vec<Session> {
    shipped_sessions().unwrap()[3..5].to_vec()
}

fn page() -> Labelling {
    label_maps(&sessions(), 1, &Picture::static_noise(1)).unwrap()
}

/// The data of the page, and the rest of it.
fn parts(page: &Labelling) -> (serde_json::Value, String) {
    const START: &str = "<script id=\"data\" type=\"application/json\">";
    let html = page.html();
    let (before, rest) = html.split_once(START).unwrap();
    let (data, after) = rest.split_once("</script>").unwrap();
    (serde_json::from_str(data).unwrap(), format!("{before}{after}"))
}

#[test]
fn every_map_is_there_once_and_the_page_refers_to_nothing_outside() {
    let (data, rest) = parts(&page());
    let maps = data["maps"].as_array().unwrap();
    let mut keys: Vec<(String, u64)> = maps
        .iter()
        .map(|map| (map["session"].as_str().unwrap().to_owned(), map["filter"].as_u64().unwrap()))
        .collect();
    keys.sort();
    let expected =
        ["session 2000-1", "session 2000-2"].map(|name| (0..16).map(move |filter| (name.to_owned(), filter)));
    assert_eq!(keys, expected.into_iter().flatten().collect::<Vec<_>>());
    assert!(!rest.contains("http") && !rest.contains("src=\"") && !rest.contains("2000-1"), "{rest}");
    assert!(rest.contains("<noscript>"));
}

#[test]
fn the_order_is_shuffled_by_the_seed_and_the_same_for_the_same_seed() {
    let order = |page: &Labelling| parts(page).0["maps"].clone();
    let unshuffled: Vec<u64> = (0..16).chain(0..16).collect();
    let filters = |page: &Labelling| -> Vec<u64> {
        let filter = |map: &serde_json::Value| map["filter"].as_u64().unwrap();
        order(page).as_array().unwrap().iter().map(filter).collect()
    };
    assert_ne!(filters(&page()), unshuffled);
    assert_eq!(page().html(), page().html());
    assert_ne!(order(&page()), order(&page().seed(1u64)));
    assert_eq!(parts(&page().seed(7u64)).0["seed"], 7);
}

#[test]
fn maps_that_all_look_alike_or_have_no_score_are_refused() {
    let label = |pixels: Array3<u8>, layer, border| {
        let options = ResponseOptions::default().border(border);
        options.label_maps(&sessions(), layer, &Picture::new("x", pixels).unwrap()).map(|page| page.len())
    };
    let error = label(Array3::from_elem((3, 32, 32), 9), 1, Border::Valid).unwrap_err();
    let sentence =
        "image is x, but all maps of it are constant, so there is nothing to label: take another picture";
    assert_eq!(error.to_string(), sentence);
    let error =
        label(Array3::from_shape_fn((3, 5, 5), |(c, y, x)| (c + y * x) as u8), 2, Border::Same).unwrap_err();
    let sentence = "image x has 5 x 5 pixels, but layer 2, with kernels of 5 x 5 and the border same, needs at least 6 x 6: take a larger picture";
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::CannotScore, sentence.into()));
}

#[test]
fn a_map_is_drawn_from_black_to_white_and_a_constant_one_grey() {
    let read = |map: &Array2<f64>| image::load_from_memory(&png(map).unwrap()).unwrap().to_luma8();
    let map = ndarray::arr2(&[[-1.0, 0.0, 1.0], [0.5, -0.5, 1.0]]);
    let picture = read(&map);
    assert_eq!((picture.width(), picture.height()), (3, 2));
    assert_eq!(picture.into_raw(), [0, 128, 255, 191, 64, 255]);
    assert_eq!(read(&Array2::from_elem((2, 2), 7.0)).into_raw(), [128; 4]);
    assert_eq!(read(&ndarray::arr2(&[[-1e308, 1e308]])).into_raw(), [0, 255]);
    // The mean of blocks of two.
    let large = Array2::from_shape_fn((200, 130), |(y, _)| if y < 100 { 0.0 } else { 1.0 });
    let picture = read(&large);
    assert_eq!((picture.width(), picture.height()), (65, 100));
    assert_eq!((picture.get_pixel(64, 49).0, picture.get_pixel(64, 50).0), ([0], [255]));
}

#[test]
fn names_cannot_end_the_data_and_sessions_of_one_name_are_refused() {
    let hostile = sessions()[0].clone().named("</script><script>alert(1)</script>");
    let picture = Picture::static_noise(1).named("a <b> & \"c\"");
    let page = label_maps(&[hostile], 1, &picture).unwrap();
    let (data, rest) = parts(&page);
    assert_eq!(data["image"], "a <b> & \"c\"");
    assert!(!rest.contains("alert"));
    let [one, other] = [sessions()[0].clone(), sessions()[1].clone().named("session 2000-1")];
    let error = label_maps(&[one.clone(), other], 1, &picture).unwrap_err();
    assert!(error.to_string().contains("\"session 2000-1\" twice"), "{error}");
    assert_eq!(label_maps(&[], 1, &picture).unwrap_err().kind(), ErrorKind::InvalidOption);
    let each = ResponseOptions::default().reading(Reading::EachKernel);
    assert!(
        each.label_maps(std::slice::from_ref(&one), 1, &picture).unwrap_err().to_string().contains("one map")
    );
    let expected = responses(&one, 9, &picture, ResponseOptions::default()).unwrap_err().to_string();
    assert_eq!(label_maps(&[one], 9, &picture).unwrap_err().to_string(), expected);
}

#[test]
fn a_page_is_saved_as_html_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sub/label.HTML");
    page().save(&file).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), page().html());
    assert!(page().save(folder.path().join("label.csv")).unwrap_err().to_string().contains(".html"));
    assert_eq!(page().to_string(), "32 maps of layer 1, image static, to label");
}
