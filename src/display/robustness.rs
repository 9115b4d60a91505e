//! Scores of many sessions, and what they say of the paper's finding.

use std::collections::{BTreeMap, BTreeSet};

use crate::display::notebook::{self, Tables, shown_as_tables};
use crate::robustness::{
    PUBLISHED_R_SQUARED, Robustness, Sensitivity, SessionScore, SessionScores, VarianceSplit,
};
use crate::stats::Interval;
use crate::text::cells;
use crate::text::numbers::{p_value, percent};
use crate::text::table::Table;

/// Rows that are shown at most; the CSV files have all.
const ROWS: usize = 48;
/// The same of a sensitivity table: all settings of two layers on one set of pictures.
const SETTINGS: usize = 64;

shown_as_tables!(Robustness, SessionScores, Sensitivity, VarianceSplit);

impl Tables for Robustness {
    /// A row for each form of each response, and one for each start of the effects among the trained.
    fn tables(&self) -> Vec<Table> {
        let header = "layer and images,measure,form,R² median (95% of sets),step R²,beats step,predicts better,\
                      p < level,holds among trained,below published";
        let forms = self.spreads().map(|(response, spread)| {
            let [low, _, middle, _, high] = spread.quantiles();
            let r_squared = format!("{middle:.3} ({low:.3} to {high:.3})");
            let step = spread.step_median();
            let published =
                PUBLISHED_R_SQUARED.iter().find(|(images, _)| response.images.as_deref() == Some(*images));
            let below =
                |(_, value): &(&str, f64)| format!("{} of {value}", percent(spread.share_below(*value)));
            cells![
                response.place(),
                response.measure,
                spread.form,
                if high.is_nan() { "–".into() } else { r_squared },
                if step.is_nan() { "–".into() } else { format!("{step:.3}") },
                percent(spread.beats_step),
                percent(spread.predicts_better),
                percent(spread.significant),
                percent(spread.significant_among_trained),
                published.map_or("–".into(), below),
            ]
        });
        let sets = format!(
            "{} sets drawn from {} sessions ({} different sets are possible); level of significance {}",
            self.options.subsamples.draws,
            self.sessions,
            self.different_subsamples,
            self.options.significance
        );
        let same =
            (self.options.subsamples.levels_with_sessions() == 2 && !self.responses.is_empty()).then(|| {
                "with two levels, a form and the step model are the same model: they are not compared".into()
            });
        let trained_header = "layer and images,measure,from,n,per tenfold training,R²,p,p by Holm";
        let trained = self.effects().map(|(response, effect)| {
            let Interval { low, high } = effect.per_tenfold_interval();
            let [change, low, high] = [effect.per_tenfold(), low, high].map(|share| 100.0 * share);
            cells![
                response.place(),
                response.measure,
                effect.from,
                effect.n,
                format!("{change:+.1} % ({low:+.1} to {high:+.1})"),
                format!("{:.3}", effect.r_squared),
                p_value(effect.p_value),
                p_value(effect.holm),
            ]
        });
        vec![
            Table::new("lllrrrrrrr", header.split(','), forms).title(sets).at_most(ROWS).notes(same),
            Table::new("llrrrrrr", trained_header.split(','), trained)
                .title("Score against ln iterations, sessions of at least so many iterations")
                .at_most(ROWS)
                .notes(self.skipped.iter().cloned()),
        ]
    }
}

impl Tables for SessionScores {
    /// How many sessions of which length were scored, and each response with its mean at the least and at the most
    /// training.
    fn tables(&self) -> Vec<Table> {
        let sessions: BTreeSet<(u64, &str)> =
            self.rows().iter().map(|row| (row.iterations, row.session.as_str())).collect();
        let mut levels: BTreeMap<u64, usize> = BTreeMap::new();
        for (level, _) in &sessions {
            *levels.entry(*level).or_default() += 1;
        }
        let each: Vec<String> = levels.iter().map(|(level, count)| format!("{count} × {level}")).collect();
        let (least, most) = (levels.keys().min(), levels.keys().max());
        let mean = |rows: &[&SessionScore], level: Option<&u64>| {
            let rows = rows.iter().filter(|row| Some(&row.iterations) == level);
            format!("{:.4}", rows.clone().map(|row| row.score).sum::<f64>() / rows.count() as f64)
        };
        let rows = self.responses().into_iter().map(|(layer, images, measure)| {
            let rows: Vec<&SessionScore> = self.select(layer, images.as_deref(), measure).collect();
            let place = images.as_deref().unwrap_or("filters");
            cells![layer, place, measure, mean(&rows, least), mean(&rows, most)]
        });
        let header = ["layer", "images", "measure", "mean, least training", "mean, most training"];
        let title = format!("{} sessions (sessions × iterations: {})", sessions.len(), each.join(", "));
        vec![Table::new("rllrr", header, rows).title(title).at_most(ROWS)]
    }
}

impl Tables for Sensitivity {
    /// A row for each setting and response.
    fn tables(&self) -> Vec<Table> {
        let header = "reading,border,normalisation,layer,images,R² linear,R² exponential,R² power,step R² of ln,\
                      power slope,p,trained: slope,p";
        let rows = self.settings.iter().map(|own| {
            let [linear, exponential, power] = own.r_squared.map(|value| format!("{value:.3}"));
            let [trained, trained_p] = own.trained;
            cells![
                own.reading,
                own.border,
                own.normalisation,
                own.layer,
                own.images,
                linear,
                exponential,
                power,
                format!("{:.3}", own.step_r_squared[1]),
                format!("{:+.4}", own.slope),
                p_value(own.p_value),
                format!("{trained:+.4}"),
                p_value(trained_p),
            ]
        });
        vec![Table::new("lllrlrrrrrrrr", header.split(','), rows).at_most(SETTINGS)]
    }
}

impl Tables for VarianceSplit {
    /// A row for each source.
    fn tables(&self) -> Vec<Table> {
        let rows = self.sources.iter().map(|source| {
            cells![
                source.name,
                source.freedom,
                format!("{:.3e}", source.mean_square),
                format!("{:.3e}", source.component),
                percent(source.share),
                source.f.map_or(String::new(), |(f, _)| format!("{f:.2}")),
                source.f.map_or(String::new(), |(_, p)| p_value(p)),
            ]
        });
        let header = ["source", "df", "mean square", "component", "share", "F", "p"];
        vec![Table::new("lrrrrrr", header, rows)]
    }
}
