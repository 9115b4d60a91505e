//! The explorer as a notebook shows it.

use crate::display::notebook;
use crate::explorer::Explorer;

impl Explorer {
    /// Shows the page in a notebook, in a frame. Where scripts do not run (a notebook that is not trusted, a preview of a
    /// repository, a conversion to PDF), a picture of a session's maps stands in its place.
    pub fn evcxr_display(&self) {
        let contents = self.contents();
        notebook::show(contents.iter().map(|(kind, content)| (*kind, content.as_str())));
    }
}
