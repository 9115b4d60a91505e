//! Text as outlines of a font that is part of the program.

use std::fmt::Write;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Height of capitals and digits, in ems. Text is centred by it.
pub(super) const CAP: f64 = 0.729;
/// Height above the baseline that text takes, in ems.
pub(super) const ASCENT: f64 = 0.76;
/// Depth below the baseline that text takes, in ems.
pub(super) const DESCENT: f64 = 0.24;

/// DejaVu Sans.
#[derive(Clone)]
pub(super) struct Font {
    face: Face<'static>,
}

impl Font {
    pub fn new() -> Self {
        let face = Face::parse(dejavu::sans::regular(), 0).expect("the font in the program is valid");
        Self { face }
    }

    /// The width of `text` in the unit of `size`, the size of an em.
    pub fn width(&self, text: &str, size: f64) -> f64 {
        self.layout(text).1 * self.scale(size)
    }

    /// Breaks `text` into lines of at most `width`: between words, but not at an equals sign or before a percent sign, and within a word
    /// that is wider than a line.
    pub fn wrap(&self, text: &str, size: f64, width: f64) -> Vec<String> {
        let fits = |line: &str| self.width(line, size) <= width;
        let mut lines: Vec<String> = Vec::new();
        let mut words: Vec<String> = Vec::new();
        for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
            match words.last_mut() {
                Some(before) if before.ends_with('=') || word.starts_with(['=', '%']) => {
                    before.push(' ');
                    before.push_str(word);
                }
                _ => words.push(word.to_owned()),
            }
        }
        for word in words {
            if let Some(line) = lines.last_mut().filter(|line| fits(&format!("{line} {word}"))) {
                line.push(' ');
                line.push_str(&word);
                continue;
            }
            let mut line = String::new();
            for letter in word.chars() {
                line.push(letter);
                if !fits(&line) && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
            lines.push(line);
        }
        lines
    }

    /// `text`, or its beginning and "…" if it is wider than `width`.
    pub fn shorten(&self, text: &str, size: f64, width: f64) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let letters: Vec<char> = text.chars().collect();
        let shorter = |length: usize| letters[..length].iter().chain(&['…']).collect::<String>();
        let mut beginnings = (0..letters.len()).rev().map(shorter);
        beginnings.find(|shorter| self.width(shorter, size) <= width).unwrap_or_default()
    }

    /// [`shorten`](Self::shorten), but different from the `others` if it can be: of a name that begins like another, the end is kept, with as
    /// much of the beginning as has room.
    pub fn shorten_among(&self, name: &str, others: &[&str], size: f64, width: f64) -> String {
        let fits = |text: &str| self.width(text, size) <= width;
        let with_end = |name: &str, cut: usize| {
            let end = format!("…{}", &name[cut..]);
            let mut beginnings =
                name[..cut].char_indices().rev().map(|(at, _)| format!("{}{end}", &name[..at]));
            beginnings.find(|text| fits(text)).unwrap_or_else(|| self.shorten(&end, size, width))
        };
        // What is alike at the beginning and may be left out.
        let mut cut = 0;
        loop {
            let short =
                |name: &str| if cut == 0 { self.shorten(name, size, width) } else { with_end(name, cut) };
            let mine = short(name);
            let is_alike = |other: &&&str| {
                **other != name && other.get(..cut) == name.get(..cut) && short(other) == mine
            };
            let alike = others.iter().filter(is_alike).map(|other| same_beginning(name, other)).min();
            match alike.filter(|&longer| longer > cut) {
                Some(longer) => cut = longer,
                None => return mine,
            }
        }
    }

    /// The outlines of `text` as SVG path data in whole units. `place` maps a point of the text, with the start of its
    /// baseline at (0, 0) and y downwards, to a point of the figure.
    pub fn outline(&self, text: &str, size: f64, place: &dyn Fn(f64, f64) -> (f64, f64)) -> String {
        let mut pen = Pen { path: String::new(), last: (0, 0), start: 0.0, scale: self.scale(size), place };
        for (glyph, start) in self.layout(text).0 {
            pen.start = start;
            self.face.outline_glyph(glyph, &mut pen);
        }
        pen.path
    }

    /// The glyphs with their starts, and the end of the last, in font units.
    fn layout(&self, text: &str) -> (Vec<(GlyphId, f64)>, f64) {
        let (mut glyphs, mut end) = (Vec::new(), 0.0);
        for glyph in text.chars().flat_map(|letter| self.glyphs(letter)) {
            if let Some(&(before, _)) = glyphs.last() {
                end += self.kerning(before, glyph);
            }
            glyphs.push((glyph, end));
            end += f64::from(self.face.glyph_hor_advance(glyph).unwrap_or(0));
        }
        (glyphs, end)
    }

    /// The glyph of a letter. One that the font lacks is written as its code point, as R does: `<U+5199>`, not as a box; a control
    /// character as a space.
    fn glyphs(&self, letter: char) -> Vec<GlyphId> {
        if let Some(glyph) = self.face.glyph_index(letter) {
            return vec![glyph];
        }
        let instead = if letter.is_control() { " ".into() } else { format!("<U+{:04X}>", u32::from(letter)) };
        instead.chars().filter_map(|letter| self.face.glyph_index(letter)).collect()
    }

    fn kerning(&self, left: GlyphId, right: GlyphId) -> f64 {
        let Some(kern) = self.face.tables().kern else { return 0.0 };
        let tables = kern.subtables.into_iter().filter(|table| table.horizontal && !table.variable);
        tables.filter_map(|table| table.glyphs_kerning(left, right)).next().map_or(0.0, f64::from)
    }

    fn scale(&self, size: f64) -> f64 {
        size / f64::from(self.face.units_per_em())
    }
}

/// The length of the beginning that two texts share, in bytes.
fn same_beginning(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(letter, _)| letter.len_utf8()).sum()
}

/// Writes outlines as path data with relative coordinates. Rounding errors do not add up.
struct Pen<'a> {
    path: String,
    last: (i32, i32),
    start: f64, // of the glyph, in font units
    scale: f64,
    place: &'a dyn Fn(f64, f64) -> (f64, f64),
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (i32, i32) {
        let (x, y) = (self.place)((self.start + f64::from(x)) * self.scale, -f64::from(y) * self.scale);
        (x.round() as i32, y.round() as i32)
    }

    fn command(&mut self, letter: char, points: &[(f32, f32)]) {
        self.path.push(letter);
        let start = self.last;
        for &(x, y) in points {
            self.last = self.at(x, y);
            for value in [self.last.0 - start.0, self.last.1 - start.1] {
                let separate = value >= 0 && self.path.ends_with(|last: char| last.is_ascii_digit());
                let space = if separate { " " } else { "" };
                // Writing to a String does not fail.
                let _ = write!(self.path, "{space}{value}");
            }
        }
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.last = (0, 0);
        self.command('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.command('l', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.command('q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.command('c', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('z');
    }
}
