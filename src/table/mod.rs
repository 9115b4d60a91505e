//! The score table: a row for each session, layer, image and filter; and the layer scores that follow from it.
//!
//! [`softness_table`] gives a [`ScoreTable`], whose [`dataframe`](ScoreTable::dataframe) and
//! [`layers`](ScoreTable::layers) are polars data frames. polars is compiled without its feature `lazy`; these
//! calls of the re-exported [`softness::polars`](crate::polars) filter, sort and group:
//!
//! | to | call |
//! |---|---|
//! | take a column | `frame.column("score")?.f64()?` (`i64`, `bool`, `str` by its type) |
//! | compare it with a value | `.equal(1)`, `.gt(0.2)`, `.lt_eq(2_000)`: a mask |
//! | combine masks | `&a & &b`, `&a \| &b`, `!&a` |
//! | keep the rows of a mask | `frame.filter(&mask)?` |
//! | keep some columns | `frame.select(["session", "score"])?` |
//! | sort | `frame.sort(["score"], SortMultipleOptions::default())?` |
//! | group | `frame.group_by_stable(["layer"])?.select(["score"]).mean()?` (`sum`, `min`, `max`, `median`, `std(1)`, `count`) |
//! | take one layer and image | [`ScoreTable::part`] |
//! | make a table of another part | `ScoreTable::from_dataframe(&part)?`, then [`fit_models`](crate::models::fit_models) |
//!
//! ```
//! use softness::polars::prelude::*;
//! use softness::table::ScoreTable;
//! # use softness::table::FilterScore;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let row = |session: &str, iterations, layer, filter, score| FilterScore {
//! #     session: session.into(), iterations, layer, image: "bird".into(), filter, score,
//! #     constant: false, soft: score < 0.1, soft_threshold: Some(0.1),
//! # };
//! # let table = ScoreTable::from_rows(vec![
//! #     row("1-1", 1, 1, 0, 0.25), row("1-1", 1, 1, 1, 0.05), row("1-1", 1, 2, 0, 0.3),
//! #     row("9-1", 9, 1, 0, 0.15), row("9-1", 9, 1, 1, 0.35), row("9-1", 9, 2, 0, 0.2),
//! # ])?;
//! // In a study: let table = softness_table(&sessions, &pictures)?;
//! let frame = table.dataframe();
//! let layer_1 = frame.column("layer")?.i64()?.equal(1);
//! let bird = frame.column("image")?.str()?.equal("bird");
//! let part = frame.filter(&(&layer_1 & &bird))?;
//! assert_eq!(part.height(), 4);
//!
//! let means = part.group_by_stable(["iterations"])?.select(["score"]).mean()?;
//! let means: Vec<Option<f64>> = means.column("score_mean")?.f64()?.iter().collect();
//! assert_eq!(means, [Some(0.15), Some(0.25)]);
//!
//! let soft = part.filter(part.column("soft")?.bool()?)?;
//! let softest = soft.sort(["score"], SortMultipleOptions::default())?.select(["session", "filter"])?;
//! assert_eq!(softest.shape(), (1, 2));
//!
//! let again = ScoreTable::from_dataframe(&part)?; // a table again, for fits and figures
//! assert_eq!(again.layer_scores().len(), 2);
//! # Ok(())
//! # }
//! ```

mod agreement;
pub(crate) mod csv;
mod frame;
mod labels;
mod layers;
mod roc;
mod score_table;
mod scores_csv;
mod scoring;

pub use agreement::Agreement;
pub(crate) use csv::CsvTable;
pub(crate) use frame::{from_filters as frame_of_rows, from_layers as frame_of_layers};
pub use labels::SoftLabels;
pub(crate) use labels::with_word;
pub use layers::LayerScore;
pub(crate) use layers::grouped;
pub use roc::{Roc, RocPoint};
pub use score_table::{FilterScore, ScoreTable};
pub(crate) use scores_csv::shipped_many_scores;
pub use scores_csv::shipped_scores;
pub use scoring::softness_table;
pub(crate) use scoring::untrained_work;
