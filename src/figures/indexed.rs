//! The colours of an animation: one palette for all frames, so that a pixel is one byte.

use std::collections::HashMap;

use super::palette::{RED, Rgb, WHITE, diverging, grey};

/// Greys, from black to white: text and maps.
const GREYS: usize = 48;
/// Steps of either half of the blue-red scale, without white.
const STEPS: usize = 92;
/// Reds between the red of soft maps and white: the edges of red letters.
const REDS: usize = 16;

/// The most colours that a palette of a PNG can have.
const MOST: usize = 256;
const _: () = assert!(GREYS + 2 * STEPS + REDS <= MOST);

/// The palette, and which of its colours is nearest to those that were asked for.
pub(super) struct Indexed {
    colours: Vec<Rgb>,
    known: HashMap<[u8; 3], u8>,
}

impl Indexed {
    pub fn new() -> Self {
        let share = |step: usize, last: usize| step as f64 / last as f64;
        let mut colours: Vec<Rgb> = (0..GREYS).map(|step| grey(share(step, GREYS - 1))).collect();
        for step in 1..=STEPS {
            colours.extend([-1.0, 1.0].map(|sign| diverging(sign * share(step, STEPS), 1.0)));
        }
        colours.extend((0..REDS).map(|step| RED.towards(WHITE, share(step, REDS))));
        Self { colours, known: HashMap::new() }
    }

    /// Red, green and blue of each colour, one after the other.
    pub fn palette(&self) -> Vec<u8> {
        self.colours.iter().flat_map(|colour| colour.0).collect()
    }

    /// The colour that is nearest to a colour: the first with the least sum of squared differences.
    pub fn nearest(&mut self, colour: [u8; 3]) -> u8 {
        let colours = &self.colours;
        *self.known.entry(colour).or_insert_with(|| {
            let distance = |other: &Rgb| -> u32 {
                colour.iter().zip(other.0).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
            };
            let nearest = (0..colours.len()).min_by_key(|&index| distance(&colours[index]));
            nearest.map_or(0, |index| index as u8)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::palette::INK;
    use super::*;

    /// The most that a channel of a colour of the figures differs from that of the palette: half the distance between two greys.
    const LARGEST_DIFFERENCE: u8 = 3;

    #[test]
    fn the_colours_of_figures_are_in_the_palette_or_next_to_it() {
        let mut indexed = Indexed::new();
        let colours = indexed.palette();
        assert!(colours.len() <= 3 * MOST);
        let mut difference = |colour: Rgb| {
            let place = 3 * usize::from(indexed.nearest(colour.0));
            (0..3).map(|channel| colour.0[channel].abs_diff(colours[place + channel])).max().unwrap()
        };
        assert_eq!(
            [RED, WHITE, Rgb([0; 3]), diverging(-1.0, 1.0), diverging(1.0, 1.0)].map(&mut difference),
            [0; 5]
        );
        for step in 0..=1000 {
            let share = f64::from(step) / 1000.0;
            for colour in [INK, grey(share), diverging(share, 1.0), diverging(-share, 1.0)] {
                assert!(difference(colour) <= LARGEST_DIFFERENCE, "{colour}");
            }
        }
    }
}
