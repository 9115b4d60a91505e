//! The rules A to H of `docs/verdicts.md`, one function each.

use crate::error::Result;
use crate::models::{Fits, Form};
use crate::paper::verdicts::among_trained::Effect;
use crate::paper::verdicts::pairs;
use crate::paper::verdicts::sets::{Pool, RESPONSES, SetFits, Share, Statement};
use crate::paper::verdicts::verdict::{CLEAR, Finding, HARDLY, Ruling, Verdict};
use crate::paper::verdicts::wording::{shown, words};
use crate::paper::{PublishedValue, Relation, implied_degrees_of_freedom, published};
use crate::stats::{CLEARLY_BETTER, Interval, f_p_value, least_r_squared, percentile};
use crate::table::LayerScore;
use crate::text::numbers::{p_value, percent};

/// Degrees of freedom of a fit to the eleven sessions of the paper's design.
const FREEDOM: usize = 9;
const SIGNIFICANCE: f64 = 0.05;
/// AICc by which the power model must be better than the step model, for rule E.
/// The level whose sessions rule H compares.
const COMPARED: u64 = 30_000;

/// All that the rules look at.
struct Evidence<'a> {
    pool: Pool,
    sets: Vec<SetFits>,
    effects: Vec<Effect>,
    rows: &'a [LayerScore],
    eleven: Option<&'a Fits>,
    claims: Vec<PublishedValue>,
}

/// Every claim of `data/published.csv` that is not a slip, judged.
pub(super) fn judge(rows: &[LayerScore], eleven: Option<&Fits>) -> Result<Vec<Verdict>> {
    let pool = Pool::new(rows)?;
    let sets = pool.sets()?;
    let claims: Vec<PublishedValue> = published()?.into_iter().filter(|claim| !claim.is_slip()).collect();
    let evidence = Evidence { sets, effects: Effect::of_each(rows)?, rows, eleven, claims, pool };
    let statements: Vec<Statement> = evidence.claims.iter().map(statement).collect::<Result<_>>()?;
    let shares = evidence.pool.shares(&evidence.sets, &statements)?;
    evidence.claims.iter().zip(shares).map(|(claim, share)| evidence.verdict(claim, share)).collect()
}

/// The places of a claim's response and form in [`SetFits`]; the first ones where it names none.
fn place(claim: &PublishedValue) -> (usize, usize) {
    let response = RESPONSES
        .iter()
        .position(|&(layer, image)| claim.layer() == Some(layer) && claim.image() == Some(image))
        .unwrap_or_default();
    let form = Form::ALL.iter().position(|&form| claim.form() == Some(form)).unwrap_or_default();
    (response, form)
}

/// What must be true of a set for the claim to hold in it. For a printed R² or p: that the slope is negative.
fn statement(claim: &PublishedValue) -> Result<Statement<'static>> {
    let (response, form) = place(claim);
    let power = Form::ALL.iter().position(|&form| form == Form::Power).unwrap_or_default();
    let significant = least_r_squared(SIGNIFICANCE, FREEDOM)?;
    Ok(match (claim.quantity(), claim.claim()) {
        ("r_squared", Some((Relation::Below, bound))) => {
            Box::new(move |set| set[response][form].r_squared < bound)
        }
        ("r_squared", Some((Relation::AtLeast, bound))) => {
            Box::new(move |set| set[response][form].r_squared >= bound)
        }
        ("p_value", Some((Relation::Below, _))) => {
            Box::new(move |set| set[response][form].r_squared > significant)
        }
        ("p_value", Some((Relation::AtLeast, _))) => {
            Box::new(move |set| set[response][form].r_squared <= significant)
        }
        ("power_law", _) => Box::new(move |set| set[response][power].aicc_over_step <= -CLEARLY_BETTER),
        ("best_form", _) => Box::new(move |set| {
            set[response].iter().all(|other| other.r_squared <= set[response][power].r_squared)
        }),
        ("least_curved", _) => Box::new(move |set| {
            set[response].iter().all(|other| other.curvature >= set[response][power].curvature)
        }),
        _ => Box::new(move |set| set[response][form].slope < 0.0),
    })
}

impl Evidence<'_> {
    fn verdict(&self, claim: &PublishedValue, share: Share) -> Result<Verdict> {
        match (claim.quantity(), claim.claim()) {
            ("r_squared", Some((Relation::Equal, _))) => Ok(self.printed_r_squared(claim, share)),
            ("p_value", Some((Relation::Equal, _))) => self.printed_p(claim, share),
            ("softening", _) => Ok(self.softening(claim)),
            ("power_law", _) => Ok(self.power_law(claim, share)),
            ("best_form", _) => Ok(by_share('F', claim, share, "the power model has the largest R²")),
            ("least_curved", _) => Ok(by_share('G', claim, share, "the power model's residuals curve least")),
            ("inconsistent", _) => Ok(self.inconsistent(claim)),
            _ => Ok(Verdict {
                eleven: self.of_eleven(claim),
                ..by_share('C', claim, share, "the claim holds")
            }),
        }
    }

    /// The 2.5, 50 and 97.5 % quantiles of the R² of the sets, of a claim's response and form.
    fn r_squared_of_sets(&self, claim: &PublishedValue) -> [f64; 3] {
        let (response, form) = place(claim);
        let values: Vec<f64> = self.sets.iter().map(|set| set[response][form].r_squared).collect();
        [2.5, 50.0, 97.5].map(|percent| percentile(&values, percent))
    }

    /// Rule A.
    fn printed_r_squared(&self, claim: &PublishedValue, softer: Share) -> Verdict {
        let (response, form) = place(claim);
        let [low, middle, high] = self.r_squared_of_sets(claim);
        let printed = claim.claim().map_or(f64::NAN, |(_, value)| value);
        let reach = self.sets.iter().filter(|set| set[response][form].r_squared >= printed).count();
        let above = reach as f64 / self.sets.len() as f64;
        let reproduced = (low..=high).contains(&printed) && softer.value >= CLEAR;
        Verdict {
            rule: 'A',
            claim: words(claim),
            eleven: self.of_eleven(claim),
            many: format!(
                "R² of the sets: median {middle:.3}, 95 % between {low:.3} and {high:.3}; {} reach {printed:.4}; the slope is \
                 negative in {}",
                percent(above),
                shown(softer)
            ),
            findings: vec![
                of_sets("R² of the sets, median", [low, middle, high]),
                Finding {
                    what: "share of the sets that reach the printed R²", value: above, interval: None
                },
                softer.finding("share of the sets with a negative slope"),
            ],
            ruling: if reproduced { Ruling::Reproduced } else { Ruling::NotReproduced },
        }
    }

    /// Rule B.
    fn printed_p(&self, claim: &PublishedValue, softer: Share) -> Result<Verdict> {
        let same_fit = |other: &&PublishedValue| {
            other.quantity() == "r_squared"
                && place(other) == place(claim)
                && other.claim().is_some_and(|(relation, _)| relation == Relation::Equal)
        };
        let Some(r_squared) = self.claims.iter().find(same_fit) else {
            return Ok(by_share('B', claim, softer, "the slope is negative"));
        };
        let freedoms = implied_degrees_of_freedom(r_squared.printed(), claim.printed())?;
        let least = freedoms.iter().min().copied();
        let (what, ruling) = if freedoms.contains(&FREEDOM) {
            ("as its R²".to_owned(), self.printed_r_squared(r_squared, softer).ruling)
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
        let mut p = self.r_squared_of_sets(claim).map(|r| f_p_value(freedom * r / (1.0 - r), 1.0, freedom));
        p.reverse();
        let [low, middle, high] = p.map(p_value);
        let many = format!("{what}; p of the sets: median {middle}, 95 % between {low} and {high}");
        let implied = least.map_or(f64::NAN, |freedom| freedom as f64);
        let implied = Finding { what: "least implied degrees of freedom", value: implied, interval: None };
        let findings = vec![of_sets("p-value of the sets, median", p), implied];
        Ok(Verdict { rule: 'B', claim: words(claim), eleven: self.of_eleven(claim), many, findings, ruling })
    }

    /// Rule D.
    fn softening(&self, claim: &PublishedValue) -> Verdict {
        let effect = &self.effects[place(claim).0];
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
    fn power_law(&self, claim: &PublishedValue, better: Share) -> Verdict {
        let softening = self.effects[place(claim).0].ruling();
        let ruling = if softening == Ruling::NotReproduced || better.value <= HARDLY {
            Ruling::NotReproduced
        } else if softening == Ruling::Reproduced && better.value >= CLEAR {
            Ruling::Reproduced
        } else {
            Ruling::CannotBeTested
        };
        let verdict = by_share('E', claim, better, "the power model is clearly better than a step");
        Verdict { many: format!("{}; more training: {softening}", verdict.many), ruling, ..verdict }
    }

    /// Rule H.
    fn inconsistent(&self, claim: &PublishedValue) -> Verdict {
        let compared =
            |row: &&LayerScore| row.iterations == COMPARED && (row.layer, row.image.as_str()) == RESPONSES[0];
        let counts: Vec<usize> = self.rows.iter().filter(compared).map(|row| row.soft_count).collect();
        let share = pairs::that_differ(&counts);
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

    /// The number of the eleven sessions at hand, with the interval of R².
    fn of_eleven(&self, claim: &PublishedValue) -> Option<String> {
        let fit = self.eleven?.get(claim.layer()?, claim.image()?, claim.form()?).ok()?;
        if claim.quantity() == "p_value" {
            return Some(format!("p {}", p_value(fit.p_value())));
        }
        let interval = fit.r_squared_interval(0.95).ok()?;
        Some(format!("R² {:.3} ({:.3} to {:.3})", fit.r_squared(), interval.low, interval.high))
    }
}

/// A verdict that the share alone decides: rules C, F, G. `what` is true of a set, in words.
fn by_share(rule: char, claim: &PublishedValue, share: Share, what: &'static str) -> Verdict {
    let many = format!("{what} in {}", shown(share));
    let findings = vec![share.finding(what)];
    let ruling = Verdict::by_share(share.value);
    Verdict { rule, claim: words(claim), eleven: None, many, findings, ruling }
}

/// What every set has one of: its 2.5, 50 and 97.5 % quantiles.
fn of_sets(what: &'static str, [low, value, high]: [f64; 3]) -> Finding {
    Finding { what, value, interval: Some(Interval { low, high }) }
}
