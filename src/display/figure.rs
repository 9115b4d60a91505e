//! Figures as a notebook shows them. Their MIME types are listed in `contents` of `figures::figure` and `figures::animation`.

use crate::display::notebook;
use crate::figures::{Animation, Figure};

impl Figure {
    /// Shows the figure in a notebook: as an image with alternative text on a light card, as PNG, or as its title and size.
    pub fn evcxr_display(&self) {
        let contents = self.contents();
        notebook::show(contents.iter().map(|(kind, content)| (*kind, content.as_str())));
    }
}

impl Animation {
    /// Shows the animation in a notebook: as an image that moves, with alternative text on a light card, or as its title and
    /// size.
    pub fn evcxr_display(&self) {
        let contents = self.contents();
        notebook::show(contents.iter().map(|(kind, content)| (*kind, content.as_str())));
    }
}
