//! How well the score separates the maps that a person calls soft from the others.

use super::{FilterScore, ScoreTable, SoftLabels};
use crate::error::{Error, ErrorKind, Result};
use crate::stats::{Interval, area, cohen, curve, cut};
use crate::text::numbers::grouped;

/// How maps are labelled by the score at one threshold, compared with a person. A map is soft below the threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RocPoint {
    /// The threshold.
    pub threshold: f64,
    /// The share of the maps that the person calls soft that are below it.
    pub sensitivity: f64,
    /// The share of the others that are not below it.
    pub specificity: f64,
    /// Cohen's kappa of person and score.
    pub kappa: f64,
}

impl RocPoint {
    /// Youden's (1950) index J: sensitivity + specificity - 1.
    pub fn youden(&self) -> f64 {
        self.sensitivity + self.specificity - 1.0
    }
}

/// The ROC curve of the score against a person's labels: [`SoftLabels::roc`].
#[derive(Clone, PartialEq)]
pub struct Roc {
    name: String,
    layer: usize,
    image: String,
    maps: usize,
    soft: usize,
    without_score: usize,
    scores: Vec<(f64, bool)>,
    points: Vec<RocPoint>,
    auc: f64,
    interval: Option<Interval>,
    in_use: Option<RocPoint>,
}

impl SoftLabels {
    /// The ROC curve of the score: for every threshold, how many of the maps that this person calls soft have a score below
    /// it, and how many of the others. The threshold that agrees best with the person is given with the one in use.
    ///
    /// It uses the rows of `table` that are labelled. They must be from one layer and image, since each has its own threshold.
    /// If the labels are from more, use a [part](ScoreTable::part) of the table.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if no row of the table is labelled; [`ErrorKind::InvalidOption`] if the labelled rows
    /// are of more than one layer or image; [`ErrorKind::CannotFit`] if all labels are the same.
    pub fn roc(&self, table: &ScoreTable) -> Result<Roc> {
        let label = |row: &FilterScore| self.is_soft(&row.session, row.layer, &row.image, row.filter).ok();
        let labelled: Vec<_> = table.rows().iter().filter_map(|row| Some((row, label(row)?))).collect();
        let Some((first, _)) = labelled.first() else {
            // The sentence of the first row says which sessions the labels are about.
            let reason = table.rows().first().map(|row| {
                self.is_soft(&row.session, row.layer, &row.image, row.filter)
                    .err()
                    .map(|error| error.to_string())
            });
            let reason = reason.flatten().unwrap_or_else(|| "the score table is empty".into());
            return Err(Error::new(ErrorKind::NotFound, format!("no score belongs to a label: {reason}")));
        };
        if let Some((other, _)) =
            labelled.iter().find(|(row, _)| (row.layer, &row.image) != (first.layer, &first.image))
        {
            let place = |row: &FilterScore| format!("layer {}, image {:?}", row.layer, row.image);
            let (layer, image) = (first.layer, &first.image);
            let requirement = format!(
                "a ROC curve is of one layer and image: take a part of the table, part({layer}, {image:?})"
            );
            let found = format!("of {} and of {}", place(first), place(other));
            return Err(Error::option("the labelled part of the score table", found, requirement));
        }
        let scores: Vec<f64> = labelled.iter().map(|(row, _)| row.score).collect();
        let is_soft: Vec<bool> = labelled.iter().map(|(_, soft)| *soft).collect();
        let soft = is_soft.iter().filter(|&&soft| soft).count();
        if soft == 0 || soft == is_soft.len() {
            let which = if soft == 0 { "none" } else { "every one" };
            let sentence = format!(
                "{which} of the {} maps is labelled soft: a ROC curve needs some of each",
                is_soft.len()
            );
            return Err(Error::new(ErrorKind::CannotFit, sentence));
        }
        let point = |found: crate::stats::Cut| {
            let by_score: Vec<bool> = scores.iter().map(|&score| score < found.threshold).collect();
            let kappa = cohen(&is_soft, &by_score).expect("both labels are there").value;
            let crate::stats::Cut { threshold, sensitivity, specificity } = found;
            RocPoint { threshold, sensitivity, specificity, kappa }
        };
        let (auc, interval) = area(&scores, &is_soft);
        let in_use = first.soft_threshold.map(|threshold| point(cut(&scores, &is_soft, threshold)));
        Ok(Roc {
            name: self.name().to_owned(),
            layer: first.layer,
            image: first.image.clone(),
            maps: scores.len(),
            soft,
            without_score: self.len() - scores.len(),
            scores: scores.iter().copied().zip(is_soft.iter().copied()).collect(),
            points: curve(&scores, &is_soft).into_iter().map(point).collect(),
            auc,
            interval,
            in_use,
        })
    }
}

impl Roc {
    getters! {
        /// Who labelled.
        pub fn name(&self) -> &str;

        /// The number of maps with a label and a score.
        pub fn maps(&self) -> usize;

        /// How many of them the person calls soft.
        pub fn soft(&self) -> usize;

        /// The curve: a point for each threshold between two neighbouring scores and one beyond each end, in ascending order.
        pub fn points(&self) -> &[RocPoint];

        /// The area under the curve, 0..1: the probability that a map that the person calls soft has a lower score than one that is not.
        /// 0.5 is chance.
        pub fn auc(&self) -> f64;

        /// The 95% interval of the area, by DeLong, DeLong & Clarke-Pearson (1988), which takes maps to be independent. `None` if
        /// the area is 0 or 1 or only one map is soft, or not soft.
        pub fn interval(&self) -> Option<Interval>;

        /// The threshold that the score table uses; `None` if it has none.
        pub fn in_use(&self) -> Option<RocPoint>;

        /// Every score, and whether the person calls its map soft.
        pub(crate) fn scores(&self) -> &[(f64, bool)];
    }

    /// The threshold with the highest Youden's J; the lowest of several.
    pub fn best_by_youden(&self) -> RocPoint {
        self.best(RocPoint::youden)
    }

    /// The threshold whose labels have the highest kappa with the person's; the lowest of several.
    pub fn best_by_kappa(&self) -> RocPoint {
        self.best(|point| point.kappa)
    }

    fn best(&self, of: impl Fn(&RocPoint) -> f64) -> RocPoint {
        /// Values that are the same up to rounding.
        const SAME: f64 = 1e-12;
        let best =
            |best: RocPoint, point: &RocPoint| if of(point) > of(&best) + SAME { *point } else { best };
        self.points[1..].iter().fold(self.points[0], best)
    }

    /// What the curve is of: "layer 2, image bird: 396 maps, 41 labelled soft by Ann".
    pub(crate) fn in_words(&self) -> String {
        let without = match self.without_score {
            0 => String::new(),
            1 => " (1 further label is of a map that the score table does not have)".to_owned(),
            count => format!(
                " ({} further labels are of maps that the score table does not have)",
                grouped(count as u64)
            ),
        };
        format!(
            "layer {}, image {}: {} maps, {} labelled soft by {}{without}",
            self.layer,
            self.image,
            grouped(self.maps as u64),
            grouped(self.soft as u64),
            self.name
        )
    }
}
