//! The explorer: one HTML page that shows training, with sliders and your own pictures.
//!
//! | file | content |
//! |---|---|
//! | `study` | what the page carries of sessions: the library's scores, and what they are compared with |
//! | `packed` | the filters of all kept iterations, as one text |
//! | `page` | the parts of the page put together |
//! | `page/` | the page itself: HTML, a style sheet, and JavaScript in modules, without dependencies |
//!
//! `tests/explorer` lints and tests the JavaScript, and works in the page in a real browser.

mod packed;
mod page;
mod study;

use std::fmt;
use std::path::Path;

use maud::{Markup, html};

use crate::dataset::{Picture, SIDE};
use crate::error::Result;
use crate::figures::Figure;
use crate::files::save::save_page;
use crate::session::Session;
use crate::text::numbers::{grouped, sessions};

/// Height of the page in a notebook, in pixels.
const CELL_HEIGHT: u32 = 900;

/// The title of the page, which tells it from other files.
pub(crate) const TITLE: &str = "Softness explorer";

/// A page that shows training: made by [`explore`] or [`Session::explore`], saved with [`save`](Self::save), shown by a
/// notebook.
#[derive(Clone, PartialEq)]
pub struct Explorer {
    html: String,
    /// What stands in its place where scripts do not run.
    still: Figure,
    sessions: usize,
}

/// One self-contained HTML page of some sessions: no server, no network, nothing to install.
///
/// Choose a session, a layer, a [reading](crate::responses::Reading), a [border](crate::responses::Border) and an image. Then
/// drag a slider through the iterations that the sessions [kept](Session::kept_iterations), or let it play. The page shows
/// every filter with its map and its softness score, soft maps outlined in red; the curve of the layer score, with the other
/// sessions and the range of untrained networks; and one filter in detail: its map, its weights, its place among untrained
/// filters. You can drop your own image on the page or draw one. The page computes all maps and scores itself, with 64-bit
/// floats and to within 1e-6 of this library's.
///
/// **Images**: the published study's bird, from CIFAR-10; 32 x 32 pixels of static; and your own, reduced to that size. The page
/// beside a [`Study`](crate::report::Study)'s report has that study's images of 32 x 32 pixels instead, if it has any.
///
/// **Precision**: the filters of a session's last iteration are exact. Those of earlier ones are rounded to multiples of a
/// power of two, 2⁻¹⁶ or as much coarser (at most 2⁻¹¹) as keeps the page below 3 MB; its last line says which. That is finer by
/// powers of two for a layer without a weight of 1/16 or more, and coarser for one with a weight above 16,384. The curves
/// are computed here, from the filters as they were kept.
///
/// **Size**: about 0.1 MB for each session, and 0.03 MB for each iteration it kept. A page of very many sessions is larger
/// than 3 MB.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is no session, two have the same name, or a layer
/// has more than 10,000 kernels or all together more than 16 million weights;
/// [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore) if kernels are too large for the images.
///
/// # Example
/// ```no_run
/// use softness::explorer::explore;
/// use softness::store::shipped_sessions;
///
/// explore(&shipped_sessions()?)?.save("explorer.html")?;
/// # Ok::<(), softness::Error>(())
/// ```
pub fn explore(sessions: &[Session]) -> Result<Explorer> {
    explore_on(sessions, &[])
}

/// [`explore`] with those of these pictures that have the size of the page's, or with its own if there are none.
pub(crate) fn explore_on(sessions: &[Session], pictures: &[Picture]) -> Result<Explorer> {
    let fits = |picture: &&Picture| picture.pixels().dim() == (3, SIDE, SIDE);
    let mut pictures: Vec<Picture> = pictures.iter().filter(fits).cloned().collect();
    if pictures.is_empty() {
        pictures.extend(study::default_pictures());
    }
    let study = study::Study::new(sessions, &pictures)?;
    let html = page::html(&study);
    let last = sessions.last().expect("a study has a session");
    Ok(Explorer { html, still: still(last, &pictures[0])?, sessions: sessions.len() })
}

impl Session {
    /// The [explorer](explore) of only this session.
    ///
    /// # Errors
    /// Those of [`explore`].
    pub fn explore(&self) -> Result<Explorer> {
        explore(std::slice::from_ref(self))
    }
}

impl Explorer {
    /// The page: one HTML document that refers to nothing outside. The same sessions give the same bytes.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// Writes the page to a file. Missing folders are created. An earlier explorer is replaced only once the new one is
    /// complete.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the file's name does not end in .html, or another file is there;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the file.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        save_page(path.as_ref(), TITLE, &self.html)
    }

    /// The page in each format that a notebook can show, by MIME type.
    pub(crate) fn contents(&self) -> Vec<(&'static str, String)> {
        let mut contents = self.still.contents();
        contents.retain(|(kind, _)| *kind == "image/png");
        contents.extend([("text/plain", self.to_string()), ("text/html", self.cell().into_string())]);
        contents
    }

    /// The page in a frame, after the still picture, which disappears when the frame has loaded. Where scripts do not run,
    /// programs remove the frame, and the picture stays. The page in the frame has no access to anything outside.
    fn cell(&self) -> Markup {
        let style = format!(
            "width:100%;height:{CELL_HEIGHT}px;border:1px solid rgba(128,128,128,.4);border-radius:8px;resize:vertical"
        );
        html! {
            div {
                (self.still.html())
                p { "A still picture: scripts do not run here. In JupyterLab, trust the notebook (command palette: Trust Notebook)." }
            }
            iframe title=(self.to_string()) srcdoc=(self.html) sandbox="allow-scripts" style=(style)
                onload="this.previousElementSibling.style.display='none'" {}
        }
    }
}

/// The filters and what they make of a picture, at the end of a session's training.
fn still(session: &Session, picture: &Picture) -> Result<Figure> {
    let options = study::readings(session).next().unwrap_or_default();
    let table = options.softness_table(std::slice::from_ref(session), std::slice::from_ref(picture))?;
    options.response.grid(session, 1, picture, &table)
}

impl fmt::Display for Explorer {
    /// One line: how many sessions, how large.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sessions, kilobytes) = (sessions(self.sessions), grouped(self.html.len() as u64 / 1000));
        write!(formatter, "explorer of {sessions} (an HTML page of {kilobytes} kB)")
    }
}

impl fmt::Debug for Explorer {
    /// The same line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests;
