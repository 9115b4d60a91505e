//! The result of a matching.

use std::path::Path;

use polars::prelude::{DataFrame, df};

use super::By;
use super::null::Null;
use crate::dataset::Picture;
use crate::error::{Error, ErrorKind, Result};
use crate::filters::FilterBank;
use crate::responses::{Response, ResponseOptions};
use crate::session::Session;
use crate::stats::Interval;
use crate::text::cells;
use crate::text::csv::{Csv, number};

/// A filter of one session and the filter of another that it was matched with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FilterPair {
    /// The filter of the first session, counted from 0.
    pub a: usize,
    /// The filter of the second session, counted from 0.
    pub b: usize,
    /// Pearson's correlation of their weights or maps, -1 to 1.
    pub correlation: f64,
}

/// What a session is called where two are compared.
#[derive(Debug, Clone)]
struct Compared {
    name: String,
    iterations: u64,
}

/// The best matching of the filters of a layer of two sessions: [`match_filters`](super::match_filters).
#[derive(Clone)]
pub struct Matching {
    sessions: [Compared; 2],
    layer: usize,
    on: Option<(ResponseOptions, Picture)>,
    pairs: Vec<FilterPair>,
    null: Null,
    banks: [FilterBank; 2],
    maps: Option<[Vec<Response>; 2]>,
}

impl Matching {
    pub(super) fn new(
        sessions: [&Session; 2],
        layer: usize,
        by: By,
        pairs: Vec<FilterPair>,
        null: Null,
        banks: [FilterBank; 2],
        maps: Option<[Vec<Response>; 2]>,
    ) -> Self {
        let on = match by {
            By::Weights => None,
            By::Maps(options, picture) => Some((options, picture.clone())),
        };
        let sessions = sessions
            .map(|session| Compared { name: session.name().to_owned(), iterations: session.iterations() });
        Self { sessions, layer, on, pairs, null, banks, maps }
    }

    getters! {
        /// The layer, counted from 1.
        pub fn layer(&self) -> usize;

        /// The pairs, highest correlation first; as many as the session with fewer filters has.
        pub fn pairs(&self) -> &[FilterPair];

        /// The filters of both sessions, the channels of the second in the order of the first.
        pub(crate) fn banks(&self) -> &[FilterBank; 2];
    }

    /// The mean correlation of all pairs, -1 to 1.
    pub fn mean_correlation(&self) -> f64 {
        self.pairs.iter().map(|pair| pair.correlation).sum::<f64>() / self.pairs.len() as f64
    }

    /// The mean correlation that the best matching of two independent untrained networks has: the range of 95% of the draws.
    pub fn untrained(&self) -> Interval {
        self.null.mean()
    }

    /// The probability that two independent untrained networks match as well: (1 + draws with at least this mean
    /// correlation) / (1 + draws), so it is never below 1 / (1 + draws).
    pub fn p_value(&self) -> f64 {
        self.null.p_value(self.mean_correlation())
    }

    /// The number of pairs whose correlation is above that of 97.5% of the pairs of the same rank in untrained networks.
    pub fn pairs_above_untrained(&self) -> usize {
        let above =
            self.pairs.iter().zip(self.null.by_rank()).filter(|(pair, null)| pair.correlation > null.high);
        above.count()
    }

    /// The range of 95% of the draws for the best pair, then for the second best, and so on.
    pub(crate) fn untrained_by_rank(&self) -> Vec<Interval> {
        self.null.by_rank()
    }

    /// The median over the draws of the mean correlation.
    pub(crate) fn untrained_median(&self) -> f64 {
        self.null.median()
    }

    /// The number of draws of two untrained networks.
    pub(crate) fn draws(&self) -> usize {
        self.null.draws()
    }

    /// The maps of both sessions, if they were matched by maps.
    pub(crate) fn maps(&self) -> Option<&[Vec<Response>; 2]> {
        self.maps.as_ref()
    }

    /// The picture whose maps were matched.
    pub(crate) fn picture(&self) -> Option<&Picture> {
        self.on.as_ref().map(|(_, picture)| picture)
    }

    /// What was correlated: "weights", "maps of the image bird (forward pass)".
    pub(crate) fn in_words(&self) -> String {
        match &self.on {
            None => "weights".into(),
            Some((options, picture)) => {
                format!("maps of the image {} ({})", picture.name(), options.reading.in_words())
            }
        }
    }

    /// What the sessions are called: by their names, or if these are the same, by their iterations as well.
    pub(crate) fn names(&self) -> [String; 2] {
        let [a, b] = &self.sessions;
        if a.name != b.name {
            return [a.name.clone(), b.name.clone()];
        }
        if a.iterations != b.iterations {
            return [a, b].map(|session| format!("{} at {}", session.name, session.iterations));
        }
        [a.name.clone(), format!("{} again", b.name)]
    }

    /// A row for each pair: `session_a`, `session_b`, `layer`, `by`, `filter_a`, `filter_b`, `correlation`.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] if polars refuses a column, which none should cause.
    pub fn dataframe(&self) -> Result<DataFrame> {
        let all = |text: &str| vec![text.to_owned(); self.pairs.len()];
        let [a, b] = self.names();
        df!(
            "session_a" => all(&a),
            "session_b" => all(&b),
            "layer" => vec![self.layer as i64; self.pairs.len()],
            "by" => all(&self.in_words()),
            "filter_a" => self.pairs.iter().map(|pair| pair.a as i64).collect::<Vec<_>>(),
            "filter_b" => self.pairs.iter().map(|pair| pair.b as i64).collect::<Vec<_>>(),
            "correlation" => self.pairs.iter().map(|pair| pair.correlation).collect::<Vec<_>>(),
        )
        .map_err(|source| Error::new(ErrorKind::Internal, format!("make the table of pairs: {source}")))
    }

    /// Writes the same rows as CSV.
    ///
    /// # Errors
    /// [`ErrorKind::Io`].
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut csv = Csv::new("session_a,session_b,layer,by,filter_a,filter_b,correlation");
        let ([a, b], by) = (self.names(), self.in_words());
        for pair in &self.pairs {
            csv.row(cells![a, b, self.layer, by, pair.a, pair.b, number(pair.correlation)]);
        }
        csv.write(path)
    }
}
