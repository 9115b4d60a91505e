//! Judges each claim by its rule of `docs/verdicts.md`.

use crate::error::{Error, Result};
use crate::models::Fits;
use crate::paper::verdicts::among_trained::Effect;
use crate::paper::verdicts::pairs;
use crate::paper::verdicts::rule::{FREEDOM, Rule};
use crate::paper::verdicts::subsamples::{Pool, RESPONSES, Share, SubsampleFits};
use crate::paper::verdicts::verdict::{CLEAR, Finding, HARDLY, Ruling, Verdict};
use crate::paper::verdicts::wording::{shown, words};
use crate::paper::{PublishedValue, published};
use crate::stats::{Interval, f_p_value, percentile};
use crate::table::LayerScore;
use crate::text::numbers::{p_value, percent};

/// The level whose sessions rule H compares.
const COMPARED: u64 = 30_000;

/// All that the rules look at.
struct Evidence<'a> {
    subsamples: Vec<SubsampleFits>,
    effects: Vec<Effect>,
    rows: &'a [LayerScore],
    eleven: Option<&'a Fits>,
    claims: &'a [PublishedValue],
}

/// The numbers of the many sessions in words, the same numbers, and what they decide.
type Judged = (String, Vec<Finding>, Ruling);

/// Every claim of `data/published.csv` that is not a slip, judged.
pub(super) fn judge(rows: &[LayerScore], eleven: Option<&Fits>) -> Result<Vec<Verdict>> {
    let claims: Vec<PublishedValue> = published()?.into_iter().filter(|claim| !claim.is_slip).collect();
    judge_claims(&claims, rows, eleven)
}

pub(super) fn judge_claims(
    claims: &[PublishedValue],
    rows: &[LayerScore],
    eleven: Option<&Fits>,
) -> Result<Vec<Verdict>> {
    let pool = Pool::new(rows)?;
    let rules: Vec<Rule> = claims.iter().map(Rule::new).collect::<Result<_>>()?;
    let subsamples = pool.fits()?;
    let shares = pool.shares(&subsamples, rules.len(), |claim, fits| rules[claim].is_true_in(fits))?;
    let evidence = Evidence { subsamples, effects: Effect::for_each_response(rows)?, rows, eleven, claims };
    rules.iter().zip(shares).map(|(&rule, share)| evidence.verdict(rule, share)).collect()
}

impl Evidence<'_> {
    fn verdict(&self, rule: Rule, share: Share) -> Result<Verdict> {
        let (many, findings, ruling) = match rule.letter {
            'A' => self.printed_r_squared(rule, share),
            'B' => self.printed_p(rule, share)?,
            'C' => by_share("the claim holds", share),
            'D' => softening(&self.effects[rule.response]),
            'E' => power_law(share, self.effects[rule.response].ruling()),
            'F' => by_share("the power model has the largest R²", share),
            'G' => by_share("the power model's residuals curve least", share),
            _ => self.inconsistent(),
        };
        let eleven = if rule.letter <= 'C' { self.number_of_eleven(rule.claim) } else { None };
        Ok(Verdict { rule: rule.letter, claim: words(rule.claim), eleven, many, findings, ruling })
    }

    /// The 2.5, 50 and 97.5 % quantiles of the subsamples' R².
    fn r_squared_of_subsamples(&self, rule: Rule) -> [f64; 3] {
        let values: Vec<f64> = self.r_squared(rule).collect();
        [2.5, 50.0, 97.5].map(|percent| percentile(&values, percent))
    }

    /// The R² of each subsample.
    fn r_squared(&self, rule: Rule) -> impl Iterator<Item = f64> {
        self.subsamples.iter().map(move |fits| fits[rule.response][rule.form as usize].form.r_squared)
    }

    /// Rule A.
    fn printed_r_squared(&self, rule: Rule, softer: Share) -> Judged {
        let printed = rule.claim.value.expect("a printed R² has a number");
        let [low, middle, high] = self.r_squared_of_subsamples(rule);
        let reach = self.r_squared(rule).filter(|&r_squared| r_squared >= printed).count();
        let above = reach as f64 / self.subsamples.len() as f64;
        let reproduced = (low..=high).contains(&printed) && softer.value >= CLEAR;
        let many = format!(
            "R² of the sets: median {middle:.3}, 95 % between {low:.3} and {high:.3}; {} reach {printed:.4}; the slope is \
             negative in {}",
            percent(above),
            shown(softer)
        );
        let findings = vec![
            Finding::new("R² of the sets, median", middle, Interval { low, high }),
            Finding::new("share of the sets that reach the printed R²", above, None),
            softer.finding("share of the sets with a negative slope"),
        ];
        (many, findings, if reproduced { Ruling::Reproduced } else { Ruling::NotReproduced })
    }

    /// Rule B.
    fn printed_p(&self, rule: Rule, softer: Share) -> Result<Judged> {
        let same_fit = |other: &&PublishedValue| {
            let place = |claim: &PublishedValue| (claim.layer, claim.image.clone(), claim.form);
            other.quantity == "r_squared" && other.relation == "=" && place(other) == place(rule.claim)
        };
        let requirement = "the R² of the same fit must be printed too";
        let r_squared = self.claims.iter().find(same_fit);
        let r_squared = r_squared.ok_or_else(|| Error::option("claim", words(rule.claim), requirement))?;
        let freedoms = PublishedValue::implied_degrees_of_freedom(&r_squared.printed, &rule.claim.printed)?;
        let (what, ruling) = if freedoms.contains(&FREEDOM) {
            let (.., ruling) = self.printed_r_squared(Rule { claim: r_squared, ..rule }, softer);
            ("as its R²".to_owned(), ruling)
        } else {
            let what = format!(
                "R² {} has this p with {} degrees of freedom, not with the {FREEDOM} of eleven sessions",
                r_squared.printed,
                listed(&freedoms)
            );
            (what, Ruling::CannotBeTested)
        };
        // The larger R², the smaller p.
        let freedom = FREEDOM as f64;
        let p_of = |r_squared: f64| f_p_value(freedom * r_squared / (1.0 - r_squared), 1.0, freedom);
        let [high, middle, low] = self.r_squared_of_subsamples(rule).map(p_of);
        let [low_p, middle_p, high_p] = [low, middle, high].map(p_value);
        let many = format!("{what}; p of the sets: median {middle_p}, 95 % between {low_p} and {high_p}");
        let implied = freedoms.first().map_or(f64::NAN, |&freedom| freedom as f64);
        let findings = vec![
            Finding::new("p-value of the sets, median", middle, Interval { low, high }),
            Finding::new("least implied degrees of freedom", implied, None),
        ];
        Ok((many, findings, ruling))
    }

    /// Rule H.
    fn inconsistent(&self) -> Judged {
        let compared =
            |row: &&LayerScore| row.iterations == COMPARED && (row.layer, row.image.as_str()) == RESPONSES[0];
        let counts: Vec<usize> = self.rows.iter().filter(compared).map(|row| row.soft_count).collect();
        let share = pairs::share_that_differs(&counts);
        let pairs = counts.len() * counts.len().saturating_sub(1) / 2;
        let [value, low, high] = [share.value, share.interval.low, share.interval.high].map(percent);
        let counts = listed(&counts);
        let many = format!("{value} of the {pairs} pairs differ ({low} to {high}); soft images: {counts}");
        (many, vec![share.finding("share of the pairs of sessions that differ")], share.ruling())
    }

    /// The number of the eleven sessions at hand, with the confidence interval of R²; `None` if they have no such fit.
    fn number_of_eleven(&self, claim: &PublishedValue) -> Option<String> {
        let fit = self.eleven?.get(claim.layer?, claim.image.as_deref()?, claim.form?).ok()?;
        if claim.quantity == "p_value" {
            return Some(format!("p {}", p_value(fit.p_value())));
        }
        let interval = fit.r_squared_interval(0.95).ok()?;
        Some(format!("R² {:.3} ({:.3} to {:.3})", fit.r_squared(), interval.low, interval.high))
    }
}

fn listed(numbers: &[usize]) -> String {
    numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// Rules C, F and G: by the share of the subsamples in which `what` is true.
fn by_share(what: &'static str, share: Share) -> Judged {
    (format!("{what} in {}", shown(share)), vec![share.finding(what)], share.ruling())
}

/// Rule D.
fn softening(effect: &Effect) -> Judged {
    let slope = (effect.trained.slope(), effect.interval);
    let span = |(value, Interval { low, high })| format!("{value:.4} ({low:.4} to {high:.4})");
    let finding = |what, (value, interval): (f64, Interval)| Finding::new(what, value, interval);
    let many = format!(
        "slope of ln score on ln iterations from 2,000 on: {}, p {} after Holm, n = {}; any training against none \
         changes ln score by {}; slope over all levels {}",
        span(slope),
        p_value(effect.adjusted_p),
        effect.trained.n(),
        span(effect.any_training),
        span(effect.all_levels),
    );
    let findings = vec![
        finding("slope of ln score on ln iterations from 2,000 on", slope),
        Finding::new("its p-value after Holm", effect.adjusted_p, None),
        Finding::new("its number of sessions", effect.trained.n() as f64, None),
        finding("mean ln score, trained from 2,000 on minus untrained", effect.any_training),
        finding("slope of ln score on ln iterations over all levels", effect.all_levels),
    ];
    (many, findings, effect.ruling())
}

/// Rule E.
fn power_law(better: Share, softening: Ruling) -> Judged {
    let (many, findings, _) = by_share("the power model is clearly better than a step", better);
    let ruling = if softening == Ruling::NotReproduced || better.value <= HARDLY {
        Ruling::NotReproduced
    } else if softening == Ruling::Reproduced && better.value >= CLEAR {
        Ruling::Reproduced
    } else {
        Ruling::CannotBeTested
    };
    (format!("{many}; more training: {softening}"), findings, ruling)
}
