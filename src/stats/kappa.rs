//! How well several people agree on two labels: Cohen's kappa and Fleiss' kappa.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

use super::Interval;

/// Agreement beyond chance: (p - e) / (1 - e), with p the observed agreement and e the agreement that is expected if everyone
/// labelled at random with the same shares of each label. 1 is complete agreement, 0 that of chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Kappa {
    /// Kappa, at most 1; below 0 if there is less agreement than by chance.
    pub value: f64,
    /// Its large-sample standard error.
    pub std_err: f64,
    /// The 95% interval, `value` ± 1.96 `std_err`, cut off at -1 and 1. It is one for large samples: where kappa is 0.4 and
    /// half of the things are soft, it holds kappa for 94% of simulated pairs of people with 144 things, for 93% with 36 and for 89% with 16;
    /// if a fifth of the things is soft, for 94%, 90% and 82%. If the standard error is 0, these limits would say that kappa is known exactly. Then:
    ///
    /// - If everyone agrees on all n things, the lower limit is 1 - d u / (1 - e). u = 1 - 0.025^(1/n) is the exact (Clopper-Pearson) upper
    ///   limit of the share of things on which someone disagrees; d, 1 for two people, is the largest share of pairs that can disagree on one.
    /// - Otherwise, as when one person gives everything the same label, nothing is known: -1 to 1.
    pub interval: Interval,
}

/// A standard error that is rounding: the root of the rounding of a variance.
const ROUNDING: f64 = 1e-7;

impl Kappa {
    /// Of `raters` people and `n` things, with the agreement that is expected by chance.
    fn new(value: f64, variance: f64, expected: f64, (raters, n): (f64, f64)) -> Self {
        // Rounding may leave a variance of zero below it; that of one thing is 0 / 0.
        let std_err = variance.max(0.0).sqrt();
        let interval = if std_err > ROUNDING {
            normal_interval(value, std_err, (-1.0, 1.0))
        } else if 1.0 - value < ROUNDING {
            let most = 1.0 - pairs_that_agree((raters / 2.0).floor(), raters);
            let disagree = 1.0 - 0.025_f64.powf(1.0 / n);
            Interval { low: (1.0 - most * disagree / (1.0 - expected)).max(-1.0), high: 1.0 }
        } else {
            Interval { low: -1.0, high: 1.0 }
        };
        Self { value, std_err, interval }
    }
}

/// The 95% interval of an estimate with a normal distribution, within the range of its possible values.
pub(crate) fn normal_interval(estimate: f64, std_err: f64, (least, most): (f64, f64)) -> Interval {
    let reach = Normal::standard().inverse_cdf(0.975) * std_err;
    Interval { low: (estimate - reach).max(least), high: (estimate + reach).min(most) }
}

/// Cohen's (1960) kappa of two people who labelled the same things, with the standard error of Fleiss, Cohen & Everitt (1969),
/// *Large sample standard errors of kappa and weighted kappa*. `None` without things, or if both gave all of them the same
/// label: kappa is not defined then.
pub(crate) fn cohen(one: &[bool], other: &[bool]) -> Option<Kappa> {
    let n = one.len() as f64;
    let mut shares = [[0.0; 2]; 2];
    one.iter().zip(other).for_each(|(&a, &b)| shares[usize::from(a)][usize::from(b)] += 1.0 / n);
    let rows = [0, 1].map(|i: usize| shares[i][0] + shares[i][1]);
    let columns = [0, 1].map(|j: usize| shares[0][j] + shares[1][j]);
    let observed = shares[0][0] + shares[1][1];
    let expected = rows[0] * columns[0] + rows[1] * columns[1];
    let is_defined = !one.is_empty() && one.iter().chain(other).any(|&label| label != one[0]);
    is_defined.then(|| {
        let kappa = (observed - expected) / (1.0 - expected);
        let missed = 1.0 - kappa;
        let same: f64 = [0, 1]
            .map(|i: usize| shares[i][i] * (1.0 - (rows[i] + columns[i]) * missed).powi(2))
            .iter()
            .sum();
        let different: f64 = [(0, 1), (1, 0)]
            .map(|(i, j): (usize, usize)| shares[i][j] * (columns[i] + rows[j]).powi(2))
            .iter()
            .sum();
        let rest = kappa - expected * missed;
        let variance = (same + different * missed * missed - rest * rest) / ((1.0 - expected).powi(2) * n);
        Kappa::new(kappa, variance, expected, (2.0, n))
    })
}

/// Fleiss' (1971) kappa of several people, each with a label for every thing, with the standard error of Gwet (2021),
/// *Large-sample variance of Fleiss generalized kappa*, which holds whether they agree or not. `None` without things, for fewer
/// than two people, or if everyone gave everything the same label.
pub(crate) fn fleiss(people: &[&[bool]]) -> Option<Kappa> {
    let (raters, n) = (people.len() as f64, people.first()?.len());
    let first = *people[0].first()?;
    if people.len() < 2 || people.iter().all(|labels| labels.iter().all(|&label| label == first)) {
        return None;
    }
    let count = |thing: usize| people.iter().filter(|labels| labels[thing]).count() as f64;
    let soft: Vec<f64> = (0..n).map(count).collect();
    let share = soft.iter().sum::<f64>() / (raters * n as f64);
    let expected = share * share + (1.0 - share) * (1.0 - share);
    let kappas: Vec<f64> =
        soft.iter().map(|&soft| (pairs_that_agree(soft, raters) - expected) / (1.0 - expected)).collect();
    let kappa = kappas.iter().sum::<f64>() / n as f64;
    let squares: f64 = soft
        .iter()
        .zip(&kappas)
        .map(|(&soft, own)| {
            let by_chance = (share * soft + (1.0 - share) * (raters - soft)) / raters;
            let linear = own - 2.0 * (1.0 - kappa) * (by_chance - expected) / (1.0 - expected);
            (linear - kappa).powi(2)
        })
        .sum();
    let things = n as f64;
    Some(Kappa::new(kappa, squares / (things * (things - 1.0)), expected, (raters, things)))
}

/// The observed agreement: the share of pairs of people who gave the same label, as the mean over all things. NaN without
/// things or for fewer than two people.
pub(crate) fn observed_agreement(people: &[&[bool]]) -> f64 {
    let (raters, n) = (people.len() as f64, people.first().map_or(0, |labels| labels.len()));
    let agree =
        |thing: usize| pairs_that_agree(people.iter().filter(|labels| labels[thing]).count() as f64, raters);
    (0..n).map(agree).sum::<f64>() / n as f64
}

/// The share of pairs among `raters` people who agree, if `soft` of them say soft.
fn pairs_that_agree(soft: f64, raters: f64) -> f64 {
    let other = raters - soft;
    (soft * (soft - 1.0) + other * (other - 1.0)) / (raters * (raters - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_close, json, noise};
    use crate::tolerances::{BY_HAND, COUNTS, SPECIAL_FUNCTIONS};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Golden {
        cohen: Vec<Case>,
        fleiss: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        people: usize,
        things: usize,
        salt: u64,
        /// How much of a label is a person's own.
        own: f64,
        kappa: f64,
        std_err: f64,
        agreement: f64,
        /// statsmodels' 95% interval of Cohen's kappa.
        interval: Option<(f64, f64)>,
    }

    impl Case {
        /// Soft if what all share and what is one's own add up to less than a limit.
        fn labels(&self) -> Vec<Vec<bool>> {
            let shared = noise(self.things, self.salt);
            let person = |person: usize| {
                let own = noise(self.things, self.salt + 100 + person as u64);
                shared.iter().zip(own).map(|(shared, own)| shared + self.own * own < -0.2).collect()
            };
            (0..self.people).map(person).collect()
        }
    }

    #[test]
    fn kappas_are_those_of_statsmodels_and_irr_cac() {
        let golden = json::<Golden>("agreement.json");
        assert!(golden.cohen.len() >= 5 && golden.fleiss.len() >= 5);
        for (is_cohen, case) in
            golden.cohen.iter().map(|case| (true, case)).chain(golden.fleiss.iter().map(|case| (false, case)))
        {
            let labels = case.labels();
            let people: Vec<&[bool]> = labels.iter().map(Vec::as_slice).collect();
            let ours = if is_cohen { cohen(people[0], people[1]) } else { fleiss(&people) }.unwrap();
            let what = format!("{} people, salt {}", case.people, case.salt);
            assert_close(ours.value, case.kappa, COUNTS, 1.0, &what);
            assert_close(ours.std_err, case.std_err, COUNTS, 1.0, &what);
            assert_close(observed_agreement(&people), case.agreement, COUNTS, 1.0, &what);
            if let Some((low, high)) = case.interval {
                assert_close(ours.interval.low, low, SPECIAL_FUNCTIONS, 1.0, &what);
                assert_close(ours.interval.high, high.min(1.0), SPECIAL_FUNCTIONS, 1.0, &what);
            }
        }
    }

    #[test]
    fn agreement_by_hand() {
        // 20 both soft, 5 and 10 by one alone, 15 both not: observed 0.7, expected 0.5.
        let pairs = [(20, true, true), (5, true, false), (10, false, true), (15, false, false)];
        let (one, other): (Vec<bool>, Vec<bool>) =
            pairs.iter().flat_map(|&(count, a, b)| std::iter::repeat_n((a, b), count)).unzip();
        assert_close(cohen(&one, &other).unwrap().value, 0.4, BY_HAND, 1.0, "kappa");
        assert_close(observed_agreement(&[&one, &other]), 0.7, BY_HAND, 1.0, "agreement");
        let all = cohen(&one, &one).unwrap();
        assert_close(all.value, 1.0, BY_HAND, 1.0, "with oneself");
        assert!(all.std_err < ROUNDING);
        // 25 of the 50 things are soft, so chance agrees on half: 1 - (1 - 0.025^(1/50)) / 0.5.
        let Interval { low, high } = all.interval;
        assert_close(low, 0.857_756_527_071_604_6, BY_HAND, 1.0, "complete agreement");
        assert_eq!(high, 1.0);
        // Of three people at most two of the three pairs disagree.
        let three = fleiss(&[&one, &one, &one]).unwrap();
        assert_close(three.interval.low, 1.0 - 2.0 / 3.0 * (1.0 - low), BY_HAND, 1.0, "three people");
        let opposite: Vec<bool> = one.iter().map(|label| !label).collect();
        assert_close(cohen(&one, &opposite).unwrap().value, -1.0, BY_HAND, 1.0, "25 of 50 and the opposite");
    }

    #[test]
    fn the_same_label_for_everything_has_no_kappa() {
        let (all, none) = ([true; 4], [false; 4]);
        assert_eq!(cohen(&all, &all), None);
        assert_eq!(fleiss(&[&none, &none, &none]), None);
        assert_eq!(fleiss(&[&[true, false]]), None);
        assert_eq!(cohen(&[], &[]), None);
        // One of them always the same is no more than chance.
        let chance = cohen(&all, &[true, true, false, true]).unwrap();
        assert_close(chance.value, 0.0, BY_HAND, 1.0, "chance");
        assert_eq!(chance.interval, Interval { low: -1.0, high: 1.0 });
        // So does a single thing.
        assert_eq!(cohen(&[true], &[false]).unwrap().interval, chance.interval);
        assert_eq!(fleiss(&[&[true], &[false], &[true]]).unwrap().interval, chance.interval);
    }

    /// The share of simulated pairs of people whose interval holds kappa, if both call this share of `n` things soft. Counts only those who
    /// agree on everything if `must_agree`.
    fn coverage(kappa: f64, soft: f64, n: usize, must_agree: bool) -> f64 {
        let mut random = ChaCha8Rng::seed_from_u64(n as u64);
        let by_chance = soft * soft + (1.0 - soft) * (1.0 - soft);
        // The share of things that one of them alone calls soft.
        let alone = (1.0 - kappa) * (1.0 - by_chance) / 2.0;
        let (mut held, mut studies) = (0, 0);
        while studies < STUDIES {
            let (one, other): (Vec<bool>, Vec<bool>) = (0..n)
                .map(|_| {
                    let place = random.random::<f64>();
                    (place < soft, place < soft - alone || (soft..soft + alone).contains(&place))
                })
                .unzip();
            let Some(found) = cohen(&one, &other).filter(|_| !must_agree || one == other) else { continue };
            studies += 1;
            held += u32::from(found.interval.low <= kappa && kappa <= found.interval.high);
        }
        f64::from(held) / f64::from(STUDIES)
    }

    const STUDIES: u32 = 4_000;

    #[test]
    fn intervals_hold_kappa_as_often_as_the_documentation_says() {
        // The documentation's percent are rounded. The shares of two simulations differ by two standard deviations at most.
        let allowed = |share: f64| 0.005 + 2.0 * (2.0 * share * (1.0 - share) / f64::from(STUDIES)).sqrt();
        for (soft, n, share) in [
            (0.5, 144, 0.94),
            (0.5, 36, 0.93),
            (0.5, 16, 0.89),
            (0.2, 144, 0.94),
            (0.2, 36, 0.90),
            (0.2, 16, 0.82),
        ] {
            let found = coverage(0.4, soft, n, false);
            println!("{soft} soft, {n} things: {found}");
            assert!((found - share).abs() < allowed(share), "{soft} soft, {n} things: {found}, not {share}");
        }
        // Of those who agree on everything, `value` ± 1.96 `std_err` holds it for nobody.
        assert!(coverage(0.8, 0.5, 16, true) >= 0.95);
    }
}
