//! The filters of all layers of a network from a file.

use super::Figure;
use crate::error::Result;
use crate::weight_files::WeightFile;

/// The most layers that one figure shows, the first ones.
const MOST_LAYERS: usize = 12;

impl WeightFile {
    /// The filters of the layers beside each other, each layer as [`FilterBank::grid`](crate::filters::FilterBank::grid) shows
    /// it: on a scale from blue over white at 0 to red. Of more than 12 layers, the first 12 are shown.
    /// [`layer_figures`](Self::layer_figures) has all, one by one.
    ///
    /// # Errors
    /// [`ErrorKind::CannotDraw`](crate::ErrorKind::CannotDraw), which no file should cause.
    pub fn figure(&self) -> Result<Figure> {
        let figures = (0..self.filters().len().min(MOST_LAYERS)).map(|place| self.layer_figure(place));
        Figure::gallery(&figures.collect::<Result<Vec<_>>>()?)
    }

    /// The filters of each layer as a figure of its own.
    ///
    /// # Errors
    /// Those of [`figure`](Self::figure).
    pub fn layer_figures(&self) -> Result<Vec<Figure>> {
        (0..self.filters().len()).map(|place| self.layer_figure(place)).collect()
    }

    fn layer_figure(&self, place: usize) -> Result<Figure> {
        let (bank, name) = (&self.filters()[place], &self.layer_names()[place]);
        let layers = self.filters().len();
        let of = if layers > MOST_LAYERS { format!(" of {layers}") } else { String::new() };
        let number = bank.layer();
        // A layer that the file calls layer1 or layer_1 has said its name.
        let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let own = if letters.to_lowercase() == format!("layer{number}") {
            String::new()
        } else {
            format!(", {name}")
        };
        bank.grid_titled(&format!("Filters of layer {number}{of}{own}"))
    }
}
