//! Pages on which a person labels maps as soft, without knowing which session a map is from.
//!
//! [`label_maps`] makes a page. [`SoftLabels`](crate::table::SoftLabels) reads what it saves:
//! [`SoftLabels::compare`](crate::table::SoftLabels::compare) compares several people,
//! [`SoftLabels::roc`](crate::table::SoftLabels::roc) compares a person with the score.

mod page;

use std::path::Path;

use image::GrayImage;
use image::codecs::png::PngEncoder;
use ndarray::Array2;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::dataset::Picture;
use crate::error::{Error, Result};
use crate::files::save::save_page;
use crate::filters::FilterBank;
use crate::responses::{Reading, ResponseOptions, check_size, responses};
use crate::session::Session;
use crate::softness::{CONSTANT_RANGE, Normalisation, SMALLEST_SIDE, softness_score};
use crate::table::with_word;
use crate::text::named;
use crate::text::numbers::numbered;

/// The title of the page, which tells it from other files.
pub(crate) const TITLE: &str = "Which maps are soft?";

/// The most pixels along a side of a map that is shown. Larger ones are shown reduced.
const MOST_PIXELS: usize = 128;

/// One map to label.
#[derive(Clone)]
struct Map {
    /// The session's name in the file of labels.
    session: String,
    filter: usize,
    png: Vec<u8>,
}

/// A page for labelling maps: [`label_maps`].
#[derive(Clone)]
pub struct Labelling {
    layer: usize,
    image: String,
    maps: Vec<Map>,
    seed: u64,
}

/// A page on which a person clicks the soft ones among the maps that all filters of layer `layer` (counted from 1) of these
/// sessions make of a picture.
///
/// It is blind: the maps are shuffled, by a [seed](Labelling::seed), and neither sessions nor filters are named. Each map is
/// scaled from black (its minimum) to white (its maximum), as the score normalises it. They come 24 at a time; a mouse, a
/// finger or the keyboard (arrows and the space bar) labels them. The page saves a CSV file that
/// [`SoftLabels::read_csv`](crate::table::SoftLabels::read_csv) reads. Maps that were not clicked are not soft; maps that
/// were not shown are left out.
///
/// The page is one HTML file that needs neither a server nor the network. A cell shows it;
/// [`Labelling::save`] writes it for other people.
///
/// # Errors
/// Those of [`responses`]; [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if there is no session, or two have the same
/// name, or all maps are constant; [`ErrorKind::CannotScore`](crate::ErrorKind::CannotScore) if the maps are too small.
///
/// # Example
/// ```
/// use softness::dataset::Picture;
/// use softness::labelling::label_maps;
/// use softness::store::shipped_sessions;
///
/// # fn main() -> softness::Result<()> {
/// # let folder = tempfile::tempdir().unwrap();
/// let page = label_maps(&shipped_sessions()?, 1, &Picture::static_noise(1))?;
/// assert_eq!(page.len(), 11 * 16);
/// page.save(folder.path().join("label.html"))?;
/// # Ok(())
/// # }
/// ```
pub fn label_maps(sessions: &[Session], layer: usize, picture: &Picture) -> Result<Labelling> {
    ResponseOptions::default().label_maps(sessions, layer, picture)
}

impl ResponseOptions {
    /// [`label_maps`](crate::labelling::label_maps) with these options.
    ///
    /// # Errors
    /// Those of [`label_maps`](crate::labelling::label_maps); [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) with
    /// [`Reading::EachKernel`], under which a filter has many maps and a label would not say which.
    pub fn label_maps(self, sessions: &[Session], layer: usize, picture: &Picture) -> Result<Labelling> {
        Error::require(!sessions.is_empty(), "sessions", "empty", "there must be one to label the maps of")?;
        let requirement = "every filter needs one map to label: take another reading";
        Error::require(self.reading != Reading::EachKernel, "reading", self.reading, requirement)?;
        let (mut maps, mut is_even) = (Vec::new(), true);
        for (at, session) in sessions.iter().enumerate() {
            let name = with_word(session.name());
            let requirement = "each needs a name of its own: session.named(\"..\")";
            let is_new = sessions[..at].iter().all(|other| with_word(other.name()) != name);
            Error::require(
                is_new,
                "name of the sessions",
                format!("{:?} twice", session.name()),
                requirement,
            )?;
            let banks: Vec<&FilterBank> = session.filters.iter().collect();
            check_size(&banks, layer, picture, self, SMALLEST_SIDE)?;
            for response in responses(session, layer, picture, self)? {
                is_even &= softness_score(response.map().view(), Normalisation::MinMax)?.is_constant();
                maps.push(Map {
                    session: name.clone(),
                    filter: response.filter(),
                    png: png(response.map())?,
                });
            }
        }
        let requirement = "all maps of it are constant, so there is nothing to label: take another picture";
        Error::require(!is_even, "image", named(picture.name()), requirement)?;
        Ok(Labelling { layer, image: picture.name().to_owned(), maps, seed: 0 })
    }
}

impl Labelling {
    setters! {
        /// Sets the seed of the order of the maps. Default 0. People who see the maps in different orders do not tire at the same ones.
        pub fn seed(self, seed: u64);
    }

    /// The number of maps.
    pub fn len(&self) -> usize {
        self.maps.len()
    }

    /// Always false: there is at least one map.
    pub fn is_empty(&self) -> bool {
        self.maps.is_empty()
    }

    /// The page as HTML. It refers to nothing outside.
    pub fn html(&self) -> String {
        page::html(self)
    }

    /// Writes the page to a file, to open in a browser. An earlier page for labelling is replaced.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if the file's name does not end in .html, or another file is there;
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        save_page(path.as_ref(), TITLE, &self.html())
    }

    /// The maps in the order of the seed.
    fn shuffled(&self) -> Vec<&Map> {
        let mut maps: Vec<&Map> = self.maps.iter().collect();
        maps.shuffle(&mut ChaCha8Rng::seed_from_u64(self.seed));
        maps
    }
}

impl std::fmt::Display for Labelling {
    /// One line: how many maps, of which layer and image.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} of layer {}, image {}, to label",
            numbered(self.len() as u64, "map"),
            self.layer,
            self.image
        )
    }
}

/// A map as a PNG file, from black (least) to white (largest); grey if it is constant.
fn png(map: &Array2<f64>) -> Result<Vec<u8>> {
    let (height, width) = map.dim();
    let factor = height.max(width).div_ceil(MOST_PIXELS);
    let mean = |y: usize, x: usize| {
        let (bottom, right) = (((y + 1) * factor).min(height), ((x + 1) * factor).min(width));
        let block = map.slice(ndarray::s![y * factor..bottom, x * factor..right]);
        block.iter().map(|value| value / block.len() as f64).sum::<f64>()
    };
    let size = (height.div_ceil(factor), width.div_ceil(factor));
    let values = Array2::from_shape_fn(size, |(y, x)| mean(y, x));
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Halves, because the range of finite values can overflow.
    let half = high / 2.0 - low / 2.0;
    let is_constant = half <= CONSTANT_RANGE * (low.abs().max(high.abs()) / 2.0);
    let level = |&value: &f64| {
        let share = if is_constant { 0.5 } else { (value / 2.0 - low / 2.0) / half };
        (share * 255.0).round() as u8
    };
    let raw = values.iter().map(level).collect();
    let picture = GrayImage::from_raw(size.1 as u32, size.0 as u32, raw).expect("one byte for each pixel");
    let mut bytes = Vec::new();
    picture.write_with_encoder(PngEncoder::new(&mut bytes)).map_err(Error::drawing)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
