//! Judges each claim by its rule of `docs/verdicts.md`.

use crate::error::Result;
use crate::models::{Fits, Form};
use crate::paper::verdicts::among_trained::Effect;
use crate::paper::verdicts::pairs;
use crate::paper::verdicts::rule::{FREEDOM, Rule};
use crate::paper::verdicts::subsamples::{Pool, RESPONSES, Share, SubsampleFits};
use crate::paper::verdicts::verdict::{CLEAR, Finding, HARDLY, Ruling, Verdict};
use crate::paper::verdicts::wording::{shown, words};
use crate::paper::{PublishedValue, implied_degrees_of_freedom, published};
use crate::stats::percentile;
use crate::stats::{Interval, f_p_value};
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

/// Every claim of `data/published.csv` that is not a slip, judged.
pub(super) fn judge(rows: &[LayerScore], eleven: Option<&Fits>) -> Result<Vec<Verdict>> {
    let claims: Vec<PublishedValue> = published()?.into_iter().filter(|claim| !claim.is_slip()).collect();
    judge_claims(&claims, rows, eleven)
}

pub(super) fn judge_claims(
    claims: &[PublishedValue],
    rows: &[LayerScore],
    eleven: Option<&Fits>,
) -> Result<Vec<Verdict>> {
    let pool = Pool::new(rows)?;
    let rules: Vec<Rule> = claims.iter().map(|claim| Rule::new(claim, claims)).collect::<Result<_>>()?;
    let subsamples = pool.fits()?;
    let shares = pool.shares(&subsamples, rules.len(), |claim, fits| rules[claim].is_true_in(fits))?;
    let evidence = Evidence { subsamples, effects: Effect::for_each_response(rows)?, rows, eleven, claims };
    let judged = claims.iter().zip(&rules).zip(shares);
    judged.map(|((claim, &rule), share)| evidence.verdict(claim, rule, share)).collect()
}

impl Evidence<'_> {
    fn verdict(&self, claim: &PublishedValue, rule: Rule, share: Share) -> Result<Verdict> {
        let by_share = |what| by_share(rule, claim, share, what);
        Ok(match rule {
            Rule::PrintedRSquared { response, form, printed } => {
                self.printed_r_squared(claim, (response, form, printed), share)
            }
            Rule::PrintedP { response, form, r_squared } => {
                self.printed_p(claim, (response, form), &self.claims[r_squared], share)?
            }
            Rule::Bound { .. } => {
                Verdict { eleven: self.number_of_eleven(claim), ..by_share("the claim holds") }
            }
            Rule::Softening { response } => self.softening(claim, &self.effects[response]),
            Rule::PowerLaw { response } => self.power_law(
                by_share("the power model is clearly better than a step"),
                share,
                self.effects[response].ruling(),
            ),
            Rule::BestForm { .. } => by_share("the power model has the largest R²"),
            Rule::LeastCurved { .. } => by_share("the power model's residuals curve least"),
            Rule::Inconsistent => self.inconsistent(claim),
        })
    }

    /// The 2.5, 50 and 97.5 % quantiles of the subsamples' R².
    fn r_squared_of_subsamples(&self, response: usize, form: Form) -> [f64; 3] {
        let values: Vec<f64> = self.r_squared(response, form).collect();
        [2.5, 50.0, 97.5].map(|percent| percentile(&values, percent))
    }

    /// The R² of each subsample.
    fn r_squared(&self, response: usize, form: Form) -> impl Iterator<Item = f64> {
        self.subsamples.iter().map(move |fits| fits[response][form as usize].form.r_squared)
    }

    /// Rule A.
    fn printed_r_squared(
        &self,
        claim: &PublishedValue,
        (response, form, printed): (usize, Form, f64),
        softer: Share,
    ) -> Verdict {
        let [low, middle, high] = self.r_squared_of_subsamples(response, form);
        let reach = self.r_squared(response, form).filter(|&r_squared| r_squared >= printed).count();
        let above = reach as f64 / self.subsamples.len() as f64;
        let reproduced = (low..=high).contains(&printed) && softer.value >= CLEAR;
        Verdict {
            rule: 'A',
            claim: words(claim),
            eleven: self.number_of_eleven(claim),
            many: format!(
                "R² of the sets: median {middle:.3}, 95 % between {low:.3} and {high:.3}; {} reach {printed:.4}; the slope is \
                 negative in {}",
                percent(above),
                shown(softer)
            ),
            findings: vec![
                quantiles("R² of the sets, median", [low, middle, high]),
                Finding {
                    what: "share of the sets that reach the printed R²", value: above, interval: None
                },
                softer.finding("share of the sets with a negative slope"),
            ],
            ruling: if reproduced { Ruling::Reproduced } else { Ruling::NotReproduced },
        }
    }

    /// Rule B.
    fn printed_p(
        &self,
        claim: &PublishedValue,
        (response, form): (usize, Form),
        r_squared: &PublishedValue,
        softer: Share,
    ) -> Result<Verdict> {
        let freedoms = implied_degrees_of_freedom(r_squared.printed(), claim.printed())?;
        let least = freedoms.iter().min().copied();
        let (what, ruling) = if freedoms.contains(&FREEDOM) {
            let printed = r_squared.claim().expect("a printed R² has a number").1;
            let ruling = self.printed_r_squared(r_squared, (response, form, printed), softer).ruling;
            ("as its R²".to_owned(), ruling)
        } else {
            let freedoms: Vec<String> = freedoms.iter().map(usize::to_string).collect();
            let what = format!(
                "R² {} has this p with {} degrees of freedom, not with the {FREEDOM} of eleven sessions",
                r_squared.printed(),
                freedoms.join(", ")
            );
            (what, Ruling::CannotBeTested)
        };
        // The larger R², the smaller p.
        let freedom = FREEDOM as f64;
        let mut p = self
            .r_squared_of_subsamples(response, form)
            .map(|r| f_p_value(freedom * r / (1.0 - r), 1.0, freedom));
        p.reverse();
        let [low, middle, high] = p.map(p_value);
        let many = format!("{what}; p of the sets: median {middle}, 95 % between {low} and {high}");
        let implied = least.map_or(f64::NAN, |freedom| freedom as f64);
        let implied = Finding { what: "least implied degrees of freedom", value: implied, interval: None };
        let findings = vec![quantiles("p-value of the sets, median", p), implied];
        Ok(Verdict {
            rule: 'B',
            claim: words(claim),
            eleven: self.number_of_eleven(claim),
            many,
            findings,
            ruling,
        })
    }

    /// Rule D.
    fn softening(&self, claim: &PublishedValue, effect: &Effect) -> Verdict {
        let slope = (effect.trained.slope(), effect.interval);
        let span = |(value, interval): (f64, Interval)| {
            format!("{value:.4} ({:.4} to {:.4})", interval.low, interval.high)
        };
        let finding = |what, (value, interval)| Finding { what, value, interval: Some(interval) };
        let number = |what, value| Finding { what, value, interval: None };
        Verdict {
            rule: 'D',
            claim: words(claim),
            eleven: None,
            many: format!(
                "slope of ln score on ln iterations from 2,000 on: {}, p {} after Holm, n = {}; any training against none \
                 changes ln score by {}; slope over all levels {}",
                span(slope),
                p_value(effect.adjusted_p),
                effect.trained.n(),
                span(effect.any_training),
                span(effect.all_levels),
            ),
            findings: vec![
                finding("slope of ln score on ln iterations from 2,000 on", slope),
                number("its p-value after Holm", effect.adjusted_p),
                number("its number of sessions", effect.trained.n() as f64),
                finding("mean ln score, trained from 2,000 on minus untrained", effect.any_training),
                finding("slope of ln score on ln iterations over all levels", effect.all_levels),
            ],
            ruling: effect.ruling(),
        }
    }

    /// Rule E.
    fn power_law(&self, verdict: Verdict, better: Share, softening: Ruling) -> Verdict {
        let ruling = if softening == Ruling::NotReproduced || better.value <= HARDLY {
            Ruling::NotReproduced
        } else if softening == Ruling::Reproduced && better.value >= CLEAR {
            Ruling::Reproduced
        } else {
            Ruling::CannotBeTested
        };
        Verdict { many: format!("{}; more training: {softening}", verdict.many), ruling, ..verdict }
    }

    /// Rule H.
    fn inconsistent(&self, claim: &PublishedValue) -> Verdict {
        let compared =
            |row: &&LayerScore| row.iterations == COMPARED && (row.layer, row.image.as_str()) == RESPONSES[0];
        let counts: Vec<usize> = self.rows.iter().filter(compared).map(|row| row.soft_count).collect();
        let share = pairs::share_that_differs(&counts);
        let listed: Vec<String> = counts.iter().map(usize::to_string).collect();
        let many = format!(
            "{} of the {} pairs differ ({} to {}); soft images: {}",
            percent(share.value),
            counts.len() * counts.len().saturating_sub(1) / 2,
            percent(share.interval.low),
            percent(share.interval.high),
            listed.join(", ")
        );
        let findings = vec![share.finding("share of the pairs of sessions that differ")];
        let ruling = Verdict::by_share(share.value);
        Verdict { rule: 'H', claim: words(claim), eleven: None, many, findings, ruling }
    }

    /// The number of the eleven sessions at hand, with the confidence interval of R²; `None` if they have no such fit.
    fn number_of_eleven(&self, claim: &PublishedValue) -> Option<String> {
        let fit = self.eleven?.get(claim.layer()?, claim.image()?, claim.form()?).ok()?;
        if claim.quantity() == "p_value" {
            return Some(format!("p {}", p_value(fit.p_value())));
        }
        let interval = fit.r_squared_interval(0.95).ok()?;
        Some(format!("R² {:.3} ({:.3} to {:.3})", fit.r_squared(), interval.low, interval.high))
    }
}

/// A verdict by the share alone: rules C, F and G. `what` says what is true in these subsamples.
fn by_share(rule: Rule, claim: &PublishedValue, share: Share, what: &'static str) -> Verdict {
    let many = format!("{what} in {}", shown(share));
    let findings = vec![share.finding(what)];
    let ruling = Verdict::by_share(share.value);
    Verdict { rule: rule.letter(), claim: words(claim), eleven: None, many, findings, ruling }
}

/// The 2.5, 50 and 97.5 % quantiles of a number that each subsample has.
fn quantiles(what: &'static str, [low, value, high]: [f64; 3]) -> Finding {
    Finding { what, value, interval: Some(Interval { low, high }) }
}
