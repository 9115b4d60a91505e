//! Which pixels a value of a map is computed from.

use super::{Border, Reading, ResponseOptions};
use crate::filters::FilterBank;

/// A square of pixels of a picture. With the border same, a part of it can lie outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReceptiveField {
    /// The first row, negative if it lies above the picture.
    pub top: isize,
    /// The first column, negative if it lies left of the picture.
    pub left: isize,
    /// Rows, and columns.
    pub side: usize,
}

impl ReceptiveField {
    /// The pixels that the value at (row, column) of a map of layer `layer` (counted from 1) depends on; `banks[0]` is
    /// layer 1. In a forward pass, a layer's input is the maps of the one before after 2 x 2 max-pooling.
    pub fn new(
        banks: &[&FilterBank],
        layer: usize,
        (row, column): (usize, usize),
        options: ResponseOptions,
    ) -> Self {
        let first = if options.reading == Reading::ForwardPass { 0 } else { layer - 1 };
        let mut field = Self { top: row as isize, left: column as isize, side: 1 };
        for (at, bank) in banks[first..layer].iter().rev().enumerate() {
            if at > 0 {
                field = Self { top: 2 * field.top, left: 2 * field.left, side: 2 * field.side };
            }
            field = field.before(bank, options.border);
        }
        field
    }

    /// The values of a layer's input that these values of its maps depend on.
    fn before(self, bank: &FilterBank, border: Border) -> Self {
        let padding = border.padding(bank.kernel()) as isize;
        Self { top: self.top - padding, left: self.left - padding, side: self.side + bank.kernel() - 1 }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array3, Array4};

    use super::*;
    use crate::dataset::Picture;
    use crate::golden::noise;
    use crate::responses::bank_responses;

    fn bank(layer: usize, (filters, channels, kernel): (usize, usize, usize)) -> FilterBank {
        let values = noise(filters * channels * kernel * kernel, layer as u64);
        let values = values.iter().map(|&value| value as f32 + 0.1).collect();
        let weights = Array4::from_shape_vec((filters, channels, kernel, kernel), values).unwrap();
        FilterBank::new(layer, weights, Array1::from_elem(filters, 0.5)).unwrap()
    }

    fn picture() -> Picture {
        let values = noise(3 * 32 * 32, 3);
        let pixels = values.iter().map(|value| (255.0 * (value + 0.5)) as u8).collect();
        Picture::rgb("noise", Array3::from_shape_vec((3, 32, 32), pixels).unwrap())
    }

    #[test]
    fn the_papers_layers_see_five_and_fourteen_pixels() {
        let banks = [bank(1, (4, 3, 5)), bank(2, (3, 4, 5))];
        let banks = [&banks[0], &banks[1]];
        let same = ResponseOptions::default();
        let field = |layer, place, options| ReceptiveField::new(&banks, layer, place, options);
        assert_eq!(field(1, (0, 9), same), ReceptiveField { top: -2, left: 7, side: 5 });
        assert_eq!(field(2, (8, 1), same), ReceptiveField { top: 10, left: -4, side: 14 });
        let valid = same.border(Border::Valid);
        assert_eq!(field(2, (0, 9), valid), ReceptiveField { top: 0, left: 18, side: 14 });
        let alone = same.reading(Reading::KernelSlice);
        assert_eq!(field(2, (8, 8), alone), ReceptiveField { top: 6, left: 6, side: 5 });
    }

    #[test]
    fn a_value_changes_with_pixels_of_its_field_and_with_no_other() {
        let banks = [bank(1, (4, 3, 5)), bank(2, (3, 4, 3))];
        let banks = [&banks[0], &banks[1]];
        let before = picture();
        for border in Border::ALL {
            let options = ResponseOptions::default().border(border);
            let maps = |picture: &Picture| bank_responses(&banks, 1.0 / 255.0, 2, picture, options).unwrap();
            let (at, known) = ((3, 6), maps(&before));
            let ReceptiveField { top, left, side } = ReceptiveField::new(&banks, 2, at, options);
            let is_inside = |row: usize, column: usize| {
                let within =
                    |place: usize, first: isize| (first..first + side as isize).contains(&(place as isize));
                within(row, top) && within(column, left)
            };
            let changed = |is_changed: &dyn Fn(usize, usize) -> bool| {
                let mut pixels = before.pixels().clone();
                for ((_, row, column), value) in pixels.indexed_iter_mut() {
                    if is_changed(row, column) {
                        *value = 255 - *value;
                    }
                }
                maps(&Picture::rgb("changed", pixels))
            };
            let outside = changed(&|row, column| !is_inside(row, column));
            for (now, then) in outside.iter().zip(&known) {
                assert_eq!(now.map()[at], then.map()[at], "{border}: no other pixel counts");
                assert!(now.map() != then.map());
            }
            // Each edge of the field counts: for some filter, since a maximum may hide it from another.
            let (bottom, right) = (top + side as isize - 1, left + side as isize - 1);
            let edges: [&dyn Fn(usize, usize) -> bool; 4] = [
                &|row, column| row as isize == top && is_inside(row, column),
                &|row, column| row as isize == bottom && is_inside(row, column),
                &|row, column| column as isize == left && is_inside(row, column),
                &|row, column| column as isize == right && is_inside(row, column),
            ];
            for (edge, is_changed) in edges.iter().enumerate() {
                let now = changed(is_changed);
                let counts = now.iter().zip(&known).any(|(now, then)| now.map()[at] != then.map()[at]);
                assert!(counts, "{border}: edge {edge}");
            }
        }
    }
}
