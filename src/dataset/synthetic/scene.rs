//! One picture: a background, clutter behind the object, the object itself, clutter in front of it, light and grain.

use super::canvas::{Canvas, Colour, Pose, from_hue};
use super::shapes::{self, Distance};
use super::spectrum::{PLANE, Texture};
use crate::dataset::random::Random;

/// The names of the classes, by label: seven outlines and three patterns.
pub(crate) const CLASSES: [&str; 10] =
    ["ring", "triangle", "square", "star", "cross", "crescent", "blossom", "stripes", "checks", "spots"];

/// The largest deviation of a picture's hue from that of its class, in turns of the colour circle.
/// This and the constants below were set so that the paper's network learns about as fast as on CIFAR-10.
const HUE_SPREAD: f64 = 0.2;
/// Smallest and largest radius of the object, in pixels.
const RADIUS: (f64, f64) = (8.0, 14.0);
/// The largest distance of the object's centre from the picture's, in rows and in columns.
const OFFSET: f64 = 4.0;
/// The largest rotation of the object, in radians: objects in photographs are mostly upright, too.
const TILT: f64 = 0.8;
/// The most pieces of clutter behind the object and in front of it.
const CLUTTER: (usize, usize) = (4, 2);
/// Standard deviation of the background's brightness, smallest and largest.
const BACKGROUND: (f64, f64) = (0.05, 0.2);

/// The outlines of the first seven classes.
const OUTLINES: [Distance; 7] = [
    shapes::ring,
    shapes::triangle,
    shapes::square,
    shapes::star,
    shapes::cross,
    shapes::crescent,
    shapes::blossom,
];
/// The outlines that patterns are drawn in.
const PATCHES: [Distance; 4] = [shapes::disc, shapes::square, shapes::triangle, shapes::blossom];
/// The outlines of clutter.
const PIECES: [Distance; 4] = [shapes::bar, shapes::disc, shapes::square, shapes::triangle];

/// Paints a picture of class `label`.
pub(crate) fn paint(label: usize, random: &mut Random, textures: &[Texture]) -> Canvas {
    let mut canvas = background(random, textures);
    for _ in 0..random.below(CLUTTER.0 + 1) {
        clutter(&mut canvas, random, (2.0, 6.0));
    }
    object(&mut canvas, label, random);
    for _ in 0..random.below(CLUTTER.1 + 1) {
        clutter(&mut canvas, random, (1.5, 4.0));
    }
    let gain = random.between(0.7, 1.2);
    let mut cast = || gain * (1.0 + 0.08 * random.triangular());
    let gain = [cast(), cast(), cast()];
    let slope = random.between(0.0, 0.4);
    canvas.light(random.direction(), slope, gain);
    canvas.grain(random, 0.04);
    canvas
}

/// A base colour with a 1/f texture in brightness and a weaker one in colour.
fn background(random: &mut Random, textures: &[Texture]) -> Canvas {
    let mut canvas = Canvas::filled(any_colour(random, 0.5));
    let strength = random.between(BACKGROUND.0, BACKGROUND.1);
    let mut add = |weights: Colour| {
        let corner = (random.below(PLANE), random.below(PLANE));
        canvas.add_texture(&textures[random.below(textures.len())], corner, weights);
    };
    add([strength; 3]);
    // Blue against yellow, then red against green, as the opponent channels of natural images.
    add([0.2 * strength, 0.2 * strength, -0.4 * strength]);
    add([0.2 * strength, -0.2 * strength, 0.0]);
    canvas
}

/// A colour of any hue, at most `saturation` saturated.
fn any_colour(random: &mut Random, saturation: f64) -> Colour {
    from_hue(random.unit(), saturation * random.unit(), random.between(0.1, 1.0))
}

/// One small piece of any colour anywhere.
fn clutter(canvas: &mut Canvas, random: &mut Random, radius: (f64, f64)) {
    let pose = Pose {
        middle: (random.between(0.0, 31.0), random.between(0.0, 31.0)),
        radius: (random.between(radius.0, radius.1), random.between(radius.0, radius.1)),
        turn: random.direction(),
    };
    let colour = any_colour(random, 0.9);
    canvas.paint(pose, random.between(0.4, 1.0), PIECES[random.below(PIECES.len())], |_, _| colour);
}

/// The object that gives the picture its class.
fn object(canvas: &mut Canvas, label: usize, random: &mut Random) {
    let radius = random.between(RADIUS.0, RADIUS.1);
    let stretch = 1.0 + 0.3 * random.triangular();
    let pose = Pose {
        middle: (15.5 + OFFSET * random.triangular(), 15.5 + OFFSET * random.triangular()),
        radius: (radius * stretch, radius / stretch),
        turn: random.tilt(TILT),
    };
    let hue = label as f64 / CLASSES.len() as f64 + HUE_SPREAD * random.triangular();
    let main = from_hue(hue, random.between(0.1, 0.9), random.between(0.25, 1.0));
    let second = any_colour(random, 0.9);
    let opacity = random.between(0.55, 1.0);
    // Light falls on the object from one side.
    let (light_x, light_y) = random.direction();
    let shade = random.between(0.0, 0.35);
    let shaded = |colour: Colour, x: f64, y: f64| {
        let light = 1.0 + shade * (x * light_x + y * light_y);
        colour.map(|channel| channel * light)
    };
    if let Some(outline) = OUTLINES.get(label) {
        canvas.paint(pose, opacity, outline, |x, y| shaded(main, x, y));
        return;
    }
    let outline = PATCHES[random.below(PATCHES.len())];
    // Pattern coordinates: periods of 3.5 to 6 pixels, from a random phase on.
    let periods = radius / random.between(3.5, 6.0);
    let (phase_x, phase_y) = (random.unit(), random.unit());
    let pattern = move |x: f64, y: f64| {
        let fraction = |value: f64| value - value.floor() - 0.5;
        let (u, v) = (fraction(x * periods + phase_x), fraction(y * periods + phase_y));
        match label {
            7 => u < 0.0,
            8 => (u < 0.0) != (v < 0.0),
            _ => u * u + v * v < 0.1,
        }
    };
    canvas.paint(pose, opacity, outline, |x, y| {
        // Four points within a pixel smooth the pattern's edges.
        let quarter = 0.25 / radius;
        let corners = [(-quarter, -quarter), (-quarter, quarter), (quarter, -quarter), (quarter, quarter)];
        let inside = corners.iter().filter(|(dx, dy)| pattern(x + dx, y + dy)).count() as f64 / 4.0;
        let mixed: Colour = std::array::from_fn(|c| second[c] + inside * (main[c] - second[c]));
        shaded(mixed, x, y)
    });
}
