//! `softness filters`.

mod cost;
mod rows;
mod written;

use std::path::PathBuf;

use crate::dataset::{Picture, published_bird};
use crate::error::{Error, ErrorKind, Result};
use crate::models::fits::fits_and_refusals;
use crate::models::{Fits, Refusal};
use crate::responses::{Border, Reading};
use crate::softness::ScoringOptions;
use crate::table::ScoreTable;
use crate::weight_files::WeightFile;
use clap::Args;
use cost::{filters_within, notice};
use rows::{layer_rows, table};
use written::{check_figures, check_folder, write};

use super::named;
use super::names::names;
use super::output::{print, print_json};
use super::pictures::picture;
use super::weights::{BiasNote, Weights, introduction, is_series};
use super::wrong_option;

/// The explanation of `--help`. clap makes a line end of `{n}`, so an escape that changes nothing stands in it; clap leaves
/// it out where it leaves out colours.
const EXPLANATION: &str = "\
Look at the filters of any convolutional network, from a file of its weights: measures and scores of each layer.

The file is .safetensors, .npz or .npy; docs/your-network.md has the lines of Python that save one. Every array with four axes \
is a layer. Its kernels are applied to the grey picture, so nothing else needs to be known about the network.

If the name of the file or of a folder contains {\u{1b}[0mn}, it is a series of checkpoints, which are fitted against their iterations:

  softness filters 'run/epoch-{\u{1b}[0mn}.safetensors' --every 500 --out scores
  softness fit scores/layers.csv --x iterations --y score_sum --by layer,image

Models that cannot be fitted, such as the power model with a checkpoint number 0, are named with the reasons on standard error. \
The scores are there all the same, so the exit status is 0.

A filter is soft if its score is below the 5th percentile of untrained filters: 1,000 of the same size or, if the layers that are \
read are two like those of the study, the filters of 100 untrained networks. So what --layer leaves out can change the number \
of soft filters of such a layer, never its scores.";

/// Look at the filters of any convolutional network, from a file of its weights.
#[derive(Debug, Args)]
#[command(long_about = EXPLANATION)]
pub struct Filters {
    #[arg(
        value_name = "FILE",
        help = "A .safetensors, .npz or .npy file, or a series of them, with {\u{1b}[0mn} in place of the number"
    )]
    file: PathBuf,
    #[command(flatten)]
    weights: Weights,
    /// The pictures to apply the kernels to: bird (the published study's, of CIFAR-10), static (32 x 32 random black
    /// and white pixels), or PNG, JPEG, WebP or BMP files. May be repeated. Put a name with a comma in double quotes.
    /// Files with the same name in two folders are named by their paths.
    #[arg(long, value_name = "bird|static|FILE,..", default_value = "bird,static")]
    picture: Vec<String>,
    /// How a filter is applied to the grey picture: the sum of its kernels (kernel-slice-sum), every kernel by itself
    /// (each-kernel: the filter's score is the mean), only the first kernel (kernel-slice), or, for networks like the study's,
    /// the whole network up to the filter (forward-pass).
    #[arg(long, value_name = "READING", default_value_t = Reading::KernelSliceSum, value_parser = named(Reading::ALL.map(Reading::name), str::parse::<Reading>))]
    reading: Reading,
    /// What lies outside a picture: zeros (same), or nothing, so that only windows completely inside count (valid).
    #[arg(long, value_name = "BORDER", default_value_t = Border::Same, value_parser = named(Border::ALL.map(Border::name), str::parse::<Border>))]
    border: Border,
    /// Write layers.csv, scores.csv and the figures of the kernels (of the last file of a series) into this folder; for
    /// a series, fits.csv and a figure of R² as well. Files of an earlier run that this run does not write, such as figures
    /// of more layers, are removed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print one JSON document, and nothing else, on standard output.
    #[arg(long)]
    json: bool,
}

impl Filters {
    /// Runs the command. Files of a series are read one after the other, so that one of them is in memory at a time.
    pub fn run(self) -> Result<()> {
        let layers = self.weights.layers()?;
        let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
        let only = (!layers.is_empty()).then_some(&layers[..]);
        self.out.as_deref().map_or(Ok(()), check_folder)?;
        let pattern = self.file.to_string_lossy().into_owned();
        let is_series = is_series(&pattern);
        let (mut rows, mut scores, mut last) = (Vec::new(), Vec::new(), None);
        let mut biases = BiasNote::default();
        let mut add = |file: WeightFile, iterations: Option<u64>, pictures: &[Picture]| {
            if let (Some(folder), None) = (&self.out, &last) {
                check_figures(folder, &file)?;
            }
            if self.reading == Reading::ForwardPass {
                biases.say(&file);
            }
            let part = self.scored(&file, iterations.unwrap_or(0), pictures, last.is_none())?;
            rows.extend(layer_rows(&file, iterations, &part));
            scores.extend_from_slice(part.rows());
            last = Some(file);
            Ok::<(), Error>(())
        };
        if is_series {
            let series = self.weights.series(&pattern)?;
            let mut pictures = None;
            for file in series.files(self.weights.order(), only) {
                let (iterations, file) = file.map_err(wrong_option(ErrorKind::NotFound))?;
                if pictures.is_none() {
                    self.say(&format!("series: {}", series.in_words()))?;
                    introduction(&file).try_for_each(|line| self.say(&line))?;
                    pictures = Some(self.pictures()?);
                }
                add(file, Some(iterations), pictures.as_deref().unwrap_or_default())?;
            }
        } else {
            self.weights.check_no_series()?;
            let file = WeightFile::read(&self.file, self.weights.order(), only)
                .map_err(wrong_option(ErrorKind::NotFound))?;
            introduction(&file).try_for_each(|line| self.say(&line))?;
            add(file, None, &self.pictures()?)?;
        }
        let scores = ScoreTable::from_rows(scores)?;
        let fits = is_series.then(|| fits_and_refusals(&scores)).transpose()?;
        if let (Some(folder), Some(file)) = (&self.out, &last) {
            write(folder, file, &rows, &scores, fits.as_ref().filter(|fits| fits.iter().len() > 0))?;
        }
        if self.json {
            print_json(&rows)?;
        } else {
            print(&table(&rows, self.options().response).to_string())?;
        }
        fits.map_or(Ok(()), |fits| self.tell(&fits))
    }

    /// Prints a line above the table; on standard error if there is a JSON document instead.
    fn say(&self, line: &str) -> Result<()> {
        if self.json {
            eprintln!("{line}");
            return Ok(());
        }
        print(line)
    }

    /// The pictures.
    fn pictures(&self) -> Result<Vec<Picture>> {
        let given = names("--picture", &self.picture)?;
        for (at, name) in given.iter().enumerate() {
            let requirement = "each is scored once";
            Error::require(!given[..at].contains(name), "--picture", format!("{name:?} twice"), requirement)?;
        }
        let open = |name: &String| match name.as_str() {
            "static" => Ok(Picture::static_noise(1)),
            "bird" => Ok(published_bird()),
            file => picture(file),
        };
        let pictures = given.iter().map(open).collect::<Result<Vec<Picture>>>()?;
        let called: Vec<String> = pictures.iter().map(|picture| picture.name().to_owned()).collect();
        let is_shared = |name: &str| called.iter().filter(|other| *other == name).count() > 1;
        let pictures = pictures.into_iter().zip(given);
        Ok(pictures
            .map(|(picture, path)| if is_shared(picture.name()) { picture.named(path) } else { picture })
            .collect())
    }

    /// The scores of a file on all pictures. Before the first file, what takes long is said on standard error.
    fn scored(
        &self,
        file: &WeightFile,
        iterations: u64,
        pictures: &[Picture],
        is_first: bool,
    ) -> Result<ScoreTable> {
        let session = match filters_within(file, pictures, self.reading)? {
            Some(count) => file.first_filters(count).as_session(iterations)?,
            None => file.as_session(iterations)?,
        };
        if let Some(sentence) = notice(&session, pictures, self.reading)?.filter(|_| is_first) {
            eprintln!("{sentence}");
        }
        self.options().softness_table(&[session], pictures)
    }

    fn options(&self) -> ScoringOptions {
        ScoringOptions::default().reading(self.reading).border(self.border)
    }

    /// Prints the fits of the layer scores of a series against its iterations, unless there is a JSON document instead; the reasons of
    /// those that are refused on standard error.
    fn tell(&self, fits: &Fits) -> Result<()> {
        for fit in fits.iter().filter(|_| !self.json) {
            let (form, group, others) = (fit.form(), fit.group().to_string(), fit.beside_in_words());
            print(&format!(
                "{form:<12} {group:<22} R² {:.4}  p {:.2e}  {others}",
                fit.r_squared(),
                fit.p_value()
            ))?;
        }
        for refused in Refusal::by_reason(fits.refusals()) {
            eprintln!("note: not fitted: {}", refused.reason);
        }
        Ok(())
    }
}
