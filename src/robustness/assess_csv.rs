//! What [`assess_robustness`](crate::robustness::assess_robustness) finds, as CSV.

use std::path::Path;

use crate::error::Result;
use crate::robustness::{FormSpread, PUBLISHED_R_SQUARED, ResponseRobustness, Robustness, TrainedEffect};
use crate::stats::Interval;
use crate::text::cells;
use crate::text::csv::{Csv, number};

impl ResponseRobustness {
    /// The cells of layer, images and measure.
    fn names(&self) -> [String; 3] {
        cells![self.layer, self.images.as_deref().unwrap_or_default(), self.measure]
    }
}

impl Robustness {
    /// Writes a CSV file with one line for each response and form: `layer`, `images`, `measure`, `form`, `sets`, the percentiles of R²
    /// `r_squared_2_5`, `_25`, `_50`, `_75`, `_97_5`, `step_r_squared_50`, the shares `beats_step`, `clearly_beats_step`,
    /// `predicts_better`, `significant`, `holds_among_trained`, `below_bird` and `below_static` (the share of the
    /// subsamples with an R² below the published 0.9220 and 0.8996), `all_r_squared`, `all_step_r_squared`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut csv = Csv::new(
            "layer,images,measure,form,sets,r_squared_2_5,r_squared_25,r_squared_50,r_squared_75,\
             r_squared_97_5,step_r_squared_50,beats_step,clearly_beats_step,predicts_better,significant,\
             holds_among_trained,below_bird,below_static,all_r_squared,all_step_r_squared",
        );
        for (response, spread) in self.spreads() {
            let numbers = spread.quantiles().into_iter().chain([
                spread.step_median(),
                spread.beats_step,
                spread.clearly_beats_step,
                spread.predicts_better,
                spread.significant,
                spread.significant_among_trained,
            ]);
            let below = PUBLISHED_R_SQUARED.map(|(_, value)| spread.share_below(value));
            let numbers = numbers.chain(below).chain([spread.all_r_squared, spread.all_step_r_squared]);
            let names = [response.names().as_slice(), &cells![spread.form, spread.r_squared.len()]].concat();
            csv.row(names.into_iter().chain(numbers.map(number)));
        }
        csv.write(path)
    }

    /// Writes a CSV file with one line for each effect of training among the trained sessions: `layer`, `images`, `measure`, `from`, `n`, `slope`, `low`, `high`,
    /// `r_squared`, `p_value`, `holm`, `per_tenfold`.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_trained_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut csv =
            Csv::new("layer,images,measure,from,n,slope,low,high,r_squared,p_value,holm,per_tenfold");
        for (response, effect) in self.effects() {
            let TrainedEffect { slope, interval, r_squared, p_value, holm, .. } = *effect;
            let Interval { low, high } = interval;
            let numbers = [slope, low, high, r_squared, p_value, holm, effect.per_tenfold()];
            let names = [response.names().as_slice(), &cells![effect.from, effect.n]].concat();
            csv.row(names.into_iter().chain(numbers.map(number)));
        }
        csv.write(path)
    }

    /// Each form of each response.
    pub(crate) fn spreads(&self) -> impl Iterator<Item = (&ResponseRobustness, &FormSpread)> {
        self.responses.iter().flat_map(|response| response.forms.iter().map(move |spread| (response, spread)))
    }

    /// Each effect of training of each response.
    pub(crate) fn effects(&self) -> impl Iterator<Item = (&ResponseRobustness, &TrainedEffect)> {
        self.responses.iter().flat_map(|one| one.trained.iter().map(move |effect| (one, effect)))
    }
}
