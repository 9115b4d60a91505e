//! Colours that appear together can be told apart, with each kind of colour vision.

use super::super::palette::*;
use crate::models::Form;
use crate::responses::Reading;

/// The least distance (CIE 1976, in Lab) of two colours that appear together, and of each and white. A distance of 2.3 is just noticeable
/// between two patches side by side; thin lines and small rings some way apart need several times that, and 20 is what Okabe's and
/// Ito's colours, made for colour-blind readers, keep when six of them appear together.
const LEAST_DISTANCE: f64 = 20.0;

/// What the eye makes of a colour: normal vision, and the three kinds of colour blindness at full severity, on linear RGB (Machado,
/// Oliveira & Fernandes 2009).
const VISIONS: [(&str, [[f64; 3]; 3]); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

const WHITE: Rgb = Rgb([255; 3]);

fn times(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(weight, value)| weight * value).sum())
}

/// A colour in CIE Lab (white point D65), as it is seen.
fn lab(colour: Rgb, vision: [[f64; 3]; 3]) -> [f64; 3] {
    const XYZ: [[f64; 3]; 3] = [
        [0.412_456_4, 0.357_576_1, 0.180_437_5],
        [0.212_672_9, 0.715_152_2, 0.072_175],
        [0.019_333_9, 0.119_192, 0.950_304_1],
    ];
    let linear = colour.0.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    let seen = times(vision, linear).map(|value| value.clamp(0.0, 1.0));
    let (xyz, white) = (times(XYZ, seen), times(XYZ, [1.0; 3]));
    let [x, y, z] = std::array::from_fn(|axis| {
        let share = xyz[axis] / white[axis];
        if share > 216.0 / 24_389.0 { share.cbrt() } else { (24_389.0 / 27.0 * share + 16.0) / 116.0 }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The distance of two colours for the vision that makes it least, and its name.
fn distance(one: Rgb, other: Rgb) -> (f64, &'static str) {
    let seen = VISIONS.map(|(name, vision)| {
        let (one, other) = (lab(one, vision), lab(other, vision));
        (one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt(), name)
    });
    seen.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

/// The families, each with the colours of other things that appear beside its members.
fn families() -> Vec<(&'static str, Vec<Rgb>)> {
    let images = IMAGES.map(|(name, _)| name);
    let beside = |colours: &[Rgb], others: &[Rgb]| [colours, others].concat();
    vec![
        ("layers", beside(&[1, 2, 3, 4].map(layer), &[RED, INK])),
        ("forms and models", beside(&Form::ALL.map(form), &[SATURATING, GREY, RED, INK])),
        ("readings", beside(&Reading::ALL.map(reading), &[RED, INK])),
        ("images", beside(&images_of(&images), &[RED, INK])),
        ("sessions", SESSIONS.to_vec()),
        ("settings", SETTINGS.to_vec()),
        ("signs", vec![POSITIVE, NEGATIVE]),
        ("points and their line", vec![POINTS, RED, INK]),
        ("many points and their line", vec![MANY_POINTS, RED, INK]),
    ]
}

fn images_of(names: &[&str]) -> Vec<Rgb> {
    images(names.iter().copied())
}

#[test]
fn colours_that_appear_together_differ_for_everyone_and_from_white() {
    let mut least = (f64::INFINITY, String::new());
    for (family, colours) in families() {
        for (place, &one) in colours.iter().enumerate() {
            for &other in colours[place + 1..].iter().chain([&WHITE]) {
                let (apart, vision) = distance(one, other);
                let words = format!("{family}: {one} and {other} are {apart:.1} apart ({vision})");
                assert!(apart >= LEAST_DISTANCE, "{words}");
                if apart < least.0 {
                    least = (apart, words);
                }
            }
        }
    }
    println!("least: {}", least.1);
}

#[test]
fn the_measure_of_distance_is_right() {
    // sRGB's red in Lab by any textbook, and a pair that is famous for deceiving most colour-blind readers.
    let [_, protanopia, ..] = VISIONS;
    let red = lab(Rgb([255, 0, 0]), VISIONS[0].1);
    for (value, expected) in red.into_iter().zip([53.24, 80.09, 67.20]) {
        assert!((value - expected).abs() < 0.02, "{red:?}");
    }
    let apart = |vision| {
        let (one, other) = (lab(Rgb([0xd6, 0x27, 0x28]), vision), lab(Rgb([0x5a, 0x5f, 0x1e]), vision));
        one.iter().zip(other).map(|(a, b): (&f64, f64)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    assert!(apart(protanopia.1) < LEAST_DISTANCE && apart(VISIONS[0].1) > 3.0 * LEAST_DISTANCE);
    // White and greys are seen alike by all.
    for (name, vision) in VISIONS {
        for row in vision {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{name}");
        }
    }
}

#[test]
fn amounts_are_ordered_by_lightness_for_everyone() {
    for (name, vision) in VISIONS {
        let lightness = |step: u8| lab(sequential(f64::from(step) / 20.0), vision)[0];
        assert!((0..20).all(|step| lightness(step) < lightness(step + 1)), "{name}");
    }
    for share in [-1.0, f64::NAN] {
        assert_eq!(sequential(share), sequential(0.0));
    }
    assert_eq!(sequential(9.0), sequential(1.0));
}

#[test]
fn names_decide_the_colours_of_images_and_numbers_those_of_layers() {
    let [bird, odd, still, other] = images(["bird", "my cat", "static", "my dog"])[..] else { panic!() };
    assert_eq!((bird, still), (images_of(&["bird"])[0], images_of(&["static"])[0]));
    assert_eq!((odd, other), (session(0), session(1)));
    assert_eq!((layer(5), layer(6), session(8)), (session(0), session(1), session(0)));
    assert_ne!(layer(1), layer(2));
}

#[test]
fn pages_get_the_same_colours() {
    let css = css();
    for expected in [
        format!("--layer-2: {};", layer(2)),
        format!("--form-power: {};", form(Form::Power)),
        format!("--reading-each-kernel: {};", reading(Reading::EachKernel)),
        format!("--image-static-fields: {};", images_of(&["static fields"])[0]),
        format!("--soft: {RED};"),
    ] {
        assert!(css.contains(&expected), "{expected} is not in {css}");
    }
}
