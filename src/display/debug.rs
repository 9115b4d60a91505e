//! The `Debug` texts of values that hold many numbers: what a value is, in a line.
//!
//! A notebook shows the `Debug` text of a list or an `Option`. A derived one would write out every weight and pixel.

use std::fmt;

use crate::dataset::{Dataset, Picture, Split};
use crate::display::{Background, TableView};
use crate::figures::{Animation, Figure};
use crate::filters::FilterBank;
use crate::labelling::Labelling;
use crate::matching::Matching;
use crate::models::{Fit, FitSummary, Fits, StepControl};
use crate::network::Weights;
use crate::paper::{Verdict, Verdicts};
use crate::report::Study;
use crate::responses::Response;
use crate::robustness::{
    FormSpread, PictureSet, ResponseRobustness, Robustness, Sensitivity, SessionScore, SessionScores,
    VarianceSplit,
};
use crate::session::{Plan, Session, SessionRecord};
use crate::stats::CurveFit;
use crate::store::StoreStatus;
use crate::table::{Agreement, Roc, ScoreTable, SoftLabels};
use crate::text::numbers::{p_value, plural, short};
use crate::weight_files::WeightFile;

/// `Name(text)` as the `Debug` of each type.
macro_rules! in_a_line {
    ($($kind:ident: $value:ident => $($text:expr),+;)*) => { $(
        impl fmt::Debug for $kind {
            /// What it is, in a line.
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let $value = self;
                write!(formatter, "{}({})", stringify!($kind), format_args!($($text),+))
            }
        }
    )* };
}

in_a_line! {
    Dataset: set => "{}: {} training and {} test images{}", set.description(), set.train().len(), set.test().len(),
        set.notes().iter().map(|note| format!("; {note}")).collect::<String>();
    Split: split => "{} images of 32 × 32 pixels", split.len();
    Picture: picture => "{}: {} × {} pixels", picture.name(), picture.pixels().dim().2, picture.pixels().dim().1;
    PictureSet: set => "{}: {}", set.name(), many(set.pictures().len(), "picture");
    FilterBank: bank => "{bank}";
    Weights: weights => "{} numbers", weights.flat().map(<[f32]>::len).iter().sum::<usize>();
    Session: session => "{}", session.to_string().trim_start_matches("session ");
    SessionRecord: record => "{}: test accuracy {}, loss {}, {:.1} s in optimiser steps, {}, by {}", record.name,
        short(record.test_accuracy), short(record.loss), record.train_seconds, record.dataset(), record.software;
    StoreStatus: status => "{} of {} finished in {}", status.planned().len() - status.missing().len(), many(status.planned().len(), "session"),
        status.root().display();
    Plan: plan => "{}", plan.to_string().trim_start_matches("plan ");
    Response: response => "image {} through {} of layer {}: {} × {} values", response.image(),
        response.place(), response.layer(), response.map().dim().1, response.map().dim().0;
    Matching: matching => "layer {} of {} and {}: {}, mean correlation {:.3} of their {}, untrained {:.3} to {:.3}",
        matching.layer(), matching.names()[0], matching.names()[1], many(matching.pairs().len(), "pair"),
        matching.mean_correlation(), matching.in_words(), matching.untrained().low, matching.untrained().high;
    ScoreTable: table => "{}, {}", many(table.rows().len(), "score"), many(table.layer_scores().len(), "layer score");
    SoftLabels: labels => "{}, {}", labels.name(), many(labels.len(), "label");
    Agreement: agreement => "{}, {} {}", agreement.in_words().trim_end_matches('.'), agreement.kind(),
        agreement.kappa().map_or("not defined".into(), |kappa| short(kappa.value));
    Roc: roc => "{}, area {}", roc.in_words(), short(roc.auc());
    Labelling: page => "{page}";
    Fit: fit => "{}: {} model, n = {}, R² = {:.4}, p = {}", fit.group(), fit.form(), fit.n(), fit.r_squared(),
        p_value(fit.p_value());
    FitSummary: fit => "{}: {} model, n = {}, R² = {:.4}, p = {}, ..", fit.group, fit.form, fit.n, fit.r_squared,
        p_value(fit.p_value);
    StepControl: control => "layer {}, {}, {} model: step model R² = {:.4}, without the least trained: {:?}",
        control.layer(), control.image(), control.form(), control.step_r_squared(), control.without_untrained();
    Fits: fits => "{}, {} refused", many(fits.iter().len(), "fit"), fits.refusals().len();
    CurveFit: fit => "{}: {:?} = {:?}, R² = {:.4}", fit.curve(), fit.curve().parameters(), fit.parameters(),
        fit.r_squared();
    SessionScore: score => "session {}, layer {}, {}, {}: {}", score.session, score.layer,
        score.images.as_deref().unwrap_or("filters"), score.measure, short(score.score);
    SessionScores: scores => "{}", many(scores.rows().len(), "score");
    FormSpread: spread => "{} model: median R² = {:.4} in {}", spread.form, spread.quantiles()[2],
        many(spread.r_squared.len(), "subsample");
    ResponseRobustness: response => "{}, {}: {:?}", response.place(), response.measure, response.forms;
    Robustness: robustness => "{}, {} of {}", many(robustness.responses.len(), "response"),
        many(robustness.options.subsamples.draws, "subsample"), many(robustness.sessions, "session");
    Sensitivity: sensitivity => "{}", many(sensitivity.settings.len(), "setting");
    VarianceSplit: split => "{}", split.sources.map(|source| format!("{} {}", source.name, short(source.share))).join(", ");
    Verdict: verdict => "{}, {}: {}", verdict.rule, verdict.claim, verdict.ruling;
    Verdicts: verdicts => "{}", verdicts.summary();
    Study: study => "{}, {:?}", study.plan(), study.fits();
    Figure: figure => "{}", figure.in_words();
    Animation: animation => "{}", animation.in_words();
    Background: background => "{background}";
    WeightFile: file => "{file}";
    TableView: view => "{} rows, {} columns", view.shape().0, view.shape().1;
}

/// "1 score", "2 scores".
fn many(count: usize, what: &str) -> String {
    format!("{count} {}", plural(count as u64, what))
}
