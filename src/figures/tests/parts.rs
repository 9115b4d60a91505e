//! Ticks, ranges, tiles and text.

use super::super::palette::{Rgb, grey};
use super::super::text::Font;
use super::super::ticks::{Ticks, around_zero, padded};
use super::super::tiles::{Layout, reduced, reduction};
use crate::text::numbers::{decimals, iterations};

#[test]
fn ticks_are_round_and_lie_within_the_range() {
    let labels = |range, most| -> Vec<String> {
        let ticks = Ticks::new(&range, most);
        ticks.values.iter().map(|&value| ticks.label(value)).collect()
    };
    assert_eq!(labels(0.0..1.0, 6), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    assert_eq!(labels(0.0..50_000.0, 6), ["0", "10,000", "20,000", "30,000", "40,000", "50,000"]);
    assert_eq!(labels(-0.137..0.137, 5), ["−0.10", "−0.05", "0.00", "0.05", "0.10"]);
    assert_eq!(labels(3.2..3.9, 4), ["3.2", "3.4", "3.6", "3.8"]);
    // Steps of 0.2 would give five and steps of 0.5 one.
    assert_eq!(labels(0.59..1.41, 4), ["0.8", "1.2"]);
    assert_eq!(labels(0.0..0.45, 2), ["0.0", "0.4"]);
    assert_eq!(labels(-250.0..2_700.0, 4), ["0", "1,000", "2,000"]);
    assert_eq!(labels(0.0..3e-9, 4), ["0", "1e−9", "2e−9", "3e−9"]);
    assert_eq!(labels(0.0..2e9, 3), ["0", "1e9", "2e9"]);
    assert_eq!(labels(1.0..1.0, 5), [""; 0]);
    assert_eq!(labels(0.0..f64::INFINITY, 5), [""; 0]);
}

#[test]
fn ranges_without_end_have_no_ticks_and_those_of_no_number_have_few() {
    let (infinite, nan) = (f64::INFINITY, f64::NAN);
    for range in [-infinite..4.0, 0.0..infinite, -infinite..infinite, infinite..infinite, nan..4.0, 0.0..nan]
    {
        assert_eq!(Ticks::decades(&range), Ticks::default(), "{range:?}");
        assert_eq!(Ticks::new(&range, 5), Ticks::default(), "{range:?}");
    }
    // From 1e-307 to 1e308.
    assert_eq!(Ticks::decades(&(-1e300..1e300)).values.len(), 307 + 308 + 1);
    assert_eq!(Ticks::decades(&(-0.2..4.7)).values, [0.0, 1.0, 2.0, 3.0, 4.0]);
    // Neighbours of a number whose multiples of the step are not whole numbers of 64 bits.
    assert!(Ticks::new(&(1e300..1e300_f64.next_up()), 5).values.len() <= 5);
}

#[test]
fn there_are_at_most_the_wanted_ticks_and_at_least_two_if_three_are_wanted() {
    for exponent in -12..12 {
        for factor in [1.0, 1.3, 2.7, 3.3, 4.9, 6.1, 8.8] {
            for (start, most) in (0..60).flat_map(|start| [3, 4, 5, 7].map(|most| (start, most))) {
                let width = factor * 10f64.powi(exponent);
                let start = (f64::from(start) / 20.0 - 1.0) * width;
                let ticks = Ticks::new(&(start..start + width), most).values;
                assert!((2..=most).contains(&ticks.len()), "{start}, {width}: {ticks:?}");
            }
        }
    }
}

#[test]
fn numbers_have_commas_and_minus_signs() {
    assert_eq!(decimals(1_234_567.891, 2), "1,234,567.89");
    assert_eq!(decimals(-1_000.0, 0), "−1,000");
    assert_eq!(decimals(-0.001, 2), "0.00");
    assert_eq!(decimals(999.0, 0), "999");
    assert_eq!((iterations(1), iterations(30_000)), ("1 iteration".into(), "30,000 iterations".into()));
}

#[test]
fn ranges_contain_their_values() {
    assert_eq!(padded([0.0, 20.0, 10.0]), -1.0..21.0);
    assert_eq!(padded([3.0, 3.0]), 2.5..3.5);
    assert_eq!(padded([]), 0.0..1.0);
    assert_eq!(around_zero([1.0, -10.0]), -11.0..11.0);
    assert_eq!(around_zero([0.0, 0.0]), -1.0..1.0);
}

#[test]
fn a_line_breaks_neither_at_an_equals_sign_nor_before_a_percent_sign() {
    let font = Font::new();
    let text = "left out; n = 8: ρ = 0.26, p = 0.536 (exact); 95 % of 400 draws (2 %).";
    for width in [70, 90, 110, 150, 220, 400] {
        let lines = font.wrap(text, 11.0, f64::from(width));
        assert_eq!(lines.join(" "), text);
        let is_whole = |line: &String| !line.starts_with(['=', '%']) && !line.ends_with('=');
        assert!(lines.iter().all(is_whole), "{lines:?}");
    }
}

#[test]
fn tiles_are_in_equal_rows_if_possible() {
    let columns = |count, tile, width| Layout::new(count, tile, 6, width).columns;
    assert_eq!(columns(36, 80, 530), 6);
    assert_eq!(columns(16, 128, 530), 4);
    assert_eq!(columns(7, 80, 530), 6, "7 has no divisor between 3 and 6");
    assert_eq!(columns(1, 80, 530), 1);
    assert_eq!(columns(3, 900, 530), 1, "one at least");
}

#[test]
fn a_reduced_map_has_the_means_of_its_blocks() {
    assert_eq!((reduction((32, 32)), reduction((64, 65)), reduction((1, 300))), (1, 2, 5));
    let map = ndarray::arr2(&[[1.0, 3.0, 5.0], [1.0, 3.0, 7.0], [9.0, 11.0, 20.0]]);
    assert_eq!(reduced(&map, 2), ndarray::arr2(&[[2.0, 6.0], [10.0, 20.0]]));
    assert_eq!((grey(0.0), grey(1.0)), (Rgb([0; 3]), Rgb([255; 3])));
}

#[test]
fn long_lines_break_between_words_and_long_words_within() {
    let font = Font::new();
    // DejaVu Sans: "m" is 1995 of 2048 units wide, a space 651.
    assert!((font.width("m m", 2048.0) - (2.0 * 1995.0 + 651.0)).abs() < 1e-9);
    assert_eq!(font.wrap("mm mm mm", 2048.0, 9_000.0), ["mm mm", "mm"]);
    assert_eq!(font.wrap("mmmmm m", 2048.0, 4_700.0), ["mm", "mm", "m m"]);
    assert_eq!(font.wrap("mm", 2048.0, 10.0), ["m", "m"]);
    assert_eq!(font.wrap(" ", 2048.0, 10.0), [""; 0]);
    assert_eq!(font.shorten("mmmmm", 2048.0, 6_100.0), "mm…");
    assert_eq!(font.shorten("mmm", 2048.0, 6_100.0), "mmm");
}

#[test]
fn names_that_begin_alike_are_shortened_to_different_ones() {
    let font = Font::new();
    let short = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| font.shorten_among(name, names, 11.0, 66.0)).collect()
    };
    assert_eq!(short(&["bird", "static", "bird"]), ["bird", "static", "bird"]);
    assert_eq!(short(&["a_really_long_name", "bird"]), ["a_really_l…", "bird"]);
    let names = ["a_really_long_name_1", "a_really_long_name_2", "bird"];
    assert_eq!(short(&names), ["a_really…1", "a_really…2", "bird"]);
    // The ends are long too, and two of them begin alike again.
    let names = [
        "the photograph of a house in winter with snow",
        "the photograph of a house in summer with hail",
        "the photograph of a house in summer with rain",
        "the photograph of a house",
    ];
    let found = short(&names);
    assert!(found.iter().all(|text| font.width(text, 11.0) <= 66.0), "{found:?}");
    assert!(found.iter().enumerate().all(|(at, text)| !found[..at].contains(text)), "{found:?}");
}

#[test]
fn letters_that_the_font_lacks_are_written_as_their_code_points() {
    let font = Font::new();
    let drawn = |text: &str| font.outline(text, 20.0, &|x, y| (x * 100.0, y * 100.0));
    for (text, written) in
        [("写真", "<U+5199><U+771F>"), ("a写b", "a<U+5199>b"), ("🦀", "<U+1F980>"), ("a\u{1}b", "a b")]
    {
        assert_eq!(drawn(text), drawn(written), "{text:?}");
        assert_eq!(font.width(text, 20.0), font.width(written, 20.0));
    }
    assert_ne!(drawn("写"), drawn("真"));
    // The font has these.
    for text in ["Größe", "Ελλάδα", "Київ", "−½ → ∞"] {
        assert!(text.chars().all(|letter| drawn(&letter.to_string()) != drawn("<U+0000>")), "{text}");
        assert!(font.width(text, 20.0) < 20.0 * text.chars().count() as f64, "{text}");
    }
}
