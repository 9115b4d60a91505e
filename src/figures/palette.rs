//! The colours of all figures, in one place: the same layer, form, reading or image has the same colour everywhere.
//!
//! | what | function | colours |
//! |---|---|---|
//! | a layer | [`layer`] | indigo, teal, amber, burgundy |
//! | a form of a model, a step, a saturating model | [`form`], [`model`] | blue, amber, green; grey; purple |
//! | a reading | [`reading`] | indigo, sky, amber, burgundy |
//! | an image or a set of images | [`images`] | bird blue, photographs teal, static amber, static fields purple |
//! | a session among others | [`session`] | eight colours, then again from the first |
//! | an amount, such as softness or the length of training | [`sequential`] | viridis, from dark to light |
//! | a signed amount, such as a weight or a change | [`diverging`] | blue, white, red |
//! | soft maps, least-squares lines, published values | [`RED`] | red |
//! | untrained networks | [`PALE`] | grey |
//!
//! A figure tells apart the members of one of these families by colour, so that families may share colours. Any two that
//! appear together, and each and white, are at least `LEAST_DISTANCE` (in the tests) apart, for readers with
//! normal colour vision and for those with each kind of colour blindness.

use std::fmt;
use std::fmt::Write;

use plotters::style::RGBColor;

use crate::models::Form;
use crate::responses::Reading;
use crate::stats::LevelModel;

/// A colour with 8 bits per channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rgb(pub [u8; 3]);

impl Rgb {
    /// A colour from 0xrrggbb.
    const fn new(code: u32) -> Self {
        let [_, red, green, blue] = code.to_be_bytes();
        Self([red, green, blue])
    }

    /// The same colour for plotters.
    pub const fn ink(self) -> RGBColor {
        RGBColor(self.0[0], self.0[1], self.0[2])
    }

    /// The colour `share` (0..1) of the way to another.
    pub fn towards(self, other: Self, share: f64) -> Self {
        Self(std::array::from_fn(|channel| {
            let (from, to) = (f64::from(self.0[channel]), f64::from(other.0[channel]));
            (from + (to - from) * share).round() as u8
        }))
    }
}

impl fmt::Display for Rgb {
    /// "#rrggbb".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The ground of every figure.
pub(super) const WHITE: Rgb = Rgb::new(0xff_ff_ff);
/// Text and axes.
pub(crate) const INK: Rgb = Rgb::new(0x1a_1a_1a);
/// Less important things: captions, zero lines, names of points; and the step model.
pub(crate) const GREY: Rgb = Rgb::new(0x59_59_59);
/// Frames of cells; mixed with white, the band of untrained networks.
pub(crate) const PALE: Rgb = Rgb::new(0xb0_b0_b0);
/// Emphasis: soft maps, least-squares lines, published values.
pub(crate) const RED: Rgb = Rgb::new(0xd6_27_28);
/// Points that belong to no family.
pub(crate) const POINTS: Rgb = Rgb::new(0x2f_6f_a8);
/// Points if there are thousands.
pub(crate) const MANY_POINTS: Rgb = Rgb::new(0x7f_b8_d8);

/// Layers 1 to 4 of the paper's network: two convolutional, two dense.
pub(super) const LAYERS: [Rgb; 4] =
    [Rgb::new(0x3b_2f_a0), Rgb::new(0x2a_9d_9a), Rgb::new(0xe6_9f_00), Rgb::new(0x8f_0d_52)];
/// The forms of a model, in the order of [`Form::ALL`].
pub(super) const FORMS: [Rgb; Form::ALL.len()] =
    [Rgb::new(0x00_72_b2), Rgb::new(0xe6_9f_00), Rgb::new(0x2d_b3_7c)];
/// The saturating model.
pub(super) const SATURATING: Rgb = Rgb::new(0x3d_0a_4a);
/// Readings, in the order of [`Reading::ALL`].
pub(super) const READINGS: [Rgb; Reading::ALL.len()] =
    [Rgb::new(0x3a_2b_b5), Rgb::new(0x3a_a0_d8), Rgb::new(0xe6_9f_00), Rgb::new(0x7d_04_50)];
/// The images of the study and its two sets of images, by name.
pub(super) const IMAGES: [(&str, Rgb); 4] = [
    ("bird", Rgb::new(0x2f_6f_d6)),
    ("static", Rgb::new(0xe6_9f_00)),
    ("photographs", Rgb::new(0x2a_b5_ad)),
    ("static fields", Rgb::new(0x7a_10_68)),
];
/// Sessions that are told apart, and whatever else has no colour of its own.
pub(super) const SESSIONS: [Rgb; 8] = [
    Rgb::new(0x66_42_b5),
    Rgb::new(0xd2_a5_00),
    Rgb::new(0x33_76_70),
    Rgb::new(0xff_7e_66),
    Rgb::new(0x4e_b4_fb),
    Rgb::new(0x53_03_53),
    Rgb::new(0x90_47_05),
    Rgb::new(0x13_32_17),
];
/// Settings of training: initial standard deviations from small to large, He, Glorot, another learning rate, another optimiser.
pub(super) const SETTINGS: [Rgb; 7] = [
    Rgb::new(0x8c_c3_e8),
    Rgb::new(0x3a_86_cc),
    Rgb::new(0x10_3a_78),
    Rgb::new(0xe6_b0_00),
    Rgb::new(0xf0_78_9a),
    RED,
    INK,
];

/// The two halves of ColorBrewer's RdBu, with white in the middle, from 0 to the largest magnitude.
const REDS: [u32; 6] = [0xff_ff_ff, 0xfd_db_c7, 0xf4_a5_82, 0xd6_60_4d, 0xb2_18_2b, 0x67_00_1f];
const BLUES: [u32; 6] = [0xff_ff_ff, 0xd1_e5_f0, 0x92_c5_de, 0x43_93_c3, 0x21_66_ac, 0x05_30_61];
/// Viridis up to nine tenths of its length; the rest is too pale on white.
const VIRIDIS: [u32; 7] =
    [0x44_01_54, 0x46_32_7e, 0x36_5c_8d, 0x27_7f_8e, 0x1f_a1_87, 0x4a_c1_6d, 0xa0_da_39];

/// A positive and a negative weight if only the sign has a colour.
pub(super) const POSITIVE: Rgb = Rgb::new(REDS[4]);
pub(super) const NEGATIVE: Rgb = Rgb::new(BLUES[4]);

/// The colour of a layer, counted from 1. Layers after the fourth have those of [`session`].
pub(crate) fn layer(layer: usize) -> Rgb {
    let place = layer.saturating_sub(1);
    LAYERS.get(place).copied().unwrap_or_else(|| session(place - LAYERS.len()))
}

/// The colour of a form of a model.
pub(crate) fn form(form: Form) -> Rgb {
    place_of(form, &Form::ALL, &FORMS)
}

/// The colour of a model of level means: the power model has that of its form.
pub(super) fn model(model: LevelModel) -> Rgb {
    match model {
        LevelModel::Power | LevelModel::StepAndPower => form(Form::Power),
        LevelModel::Saturating => SATURATING,
        LevelModel::Step | LevelModel::Constant => GREY,
    }
}

/// The colour of a reading.
pub(crate) fn reading(reading: Reading) -> Rgb {
    place_of(reading, &Reading::ALL, &READINGS)
}

/// The colours of images or sets of images that appear together: the bird, static, photographs and static fields have their own, others
/// those of [`session`] in the order of their names here.
pub(crate) fn images<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Rgb> {
    let mut others = 0..;
    let colour = |name: &str| match IMAGES.iter().find(|(known, _)| *known == name) {
        Some((_, colour)) => *colour,
        None => session(others.next().unwrap_or_default()),
    };
    names.into_iter().map(colour).collect()
}

/// The colour of the session at a place, counted from 0, among sessions that are told apart. Colours repeat after the eighth.
pub(crate) fn session(place: usize) -> Rgb {
    SESSIONS[place % SESSIONS.len()]
}

fn place_of<T: PartialEq>(one: T, all: &[T], colours: &[Rgb]) -> Rgb {
    all.iter().zip(colours).find(|(other, _)| **other == one).map_or(INK, |(_, colour)| *colour)
}

/// The colour of an amount from 0 (dark purple) to 1 (light green). Amounts outside have the colour of the nearer end.
pub(crate) fn sequential(share: f64) -> Rgb {
    between(&VIRIDIS, share)
}

/// The colour of `value` on a scale from -`limit` (dark blue) over 0 (white) to `limit` (dark red).
/// Values outside have the colour of the nearer end. If `limit` is 0, every value is white.
pub(crate) fn diverging(value: f64, limit: f64) -> Rgb {
    let stops = if value < 0.0 { BLUES } else { REDS };
    between(&stops, if limit > 0.0 { (value.abs() / limit).min(1.0) } else { 0.0 })
}

/// The colour `share` (0..1) of the way along `stops`, which are equally far apart. A share outside is the nearer end, and one
/// that is not a number is 0.
pub(super) fn between(stops: &[u32], share: f64) -> Rgb {
    let last = stops.len() - 1;
    let place = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) * last as f64 };
    let below = (place.floor() as usize).min(last - 1);
    Rgb::new(stops[below]).towards(Rgb::new(stops[below + 1]), place - below as f64)
}

/// A grey: 0 is black, 1 is white.
pub(super) fn grey(share: f64) -> Rgb {
    Rgb([(share.clamp(0.0, 1.0) * 255.0).round() as u8; 3])
}

/// The families as custom properties of CSS, for pages: `--layer-1`, `--form-power`, `--reading-each-kernel`, `--image-static-fields`,
/// `--session-0`, `--soft`, `--positive`, `--negative`, `--untrained`, `--ink`, `--grey`, `--sequential` (a gradient).
pub(crate) fn css() -> String {
    let mut css = String::from(":root {");
    // Writing to a String does not fail.
    let mut property = |name: &str, value: &dyn fmt::Display| _ = write!(css, " --{name}: {value};");
    (1..=LAYERS.len()).for_each(|number| property(&format!("layer-{number}"), &layer(number)));
    Form::ALL.iter().for_each(|&one| property(&format!("form-{}", one.name()), &form(one)));
    Reading::ALL.iter().for_each(|&one| property(&format!("reading-{one}"), &reading(one)));
    let names = IMAGES.map(|(name, _)| name);
    for (name, colour) in names.into_iter().zip(images(names)) {
        property(&format!("image-{}", name.replace(' ', "-")), &colour);
    }
    (0..SESSIONS.len()).for_each(|place| property(&format!("session-{place}"), &session(place)));
    for (name, colour) in [
        ("soft", RED),
        ("positive", POSITIVE),
        ("negative", NEGATIVE),
        ("untrained", PALE),
        ("ink", INK),
        ("grey", GREY),
    ] {
        property(name, &colour);
    }
    let stops =
        (0..VIRIDIS.len()).map(|stop| sequential(stop as f64 / (VIRIDIS.len() - 1) as f64).to_string());
    property("sequential", &format!("linear-gradient(to right, {})", stops.collect::<Vec<_>>().join(", ")));
    css + " }\n"
}
