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
    /// The 95% interval, `value` ± 1.96 `std_err`, cut off at -1 and 1.
    pub interval: Interval,
}

impl Kappa {
    fn new(value: f64, variance: f64) -> Self {
        // Rounding may leave a variance of zero below it.
        let std_err = variance.max(0.0).sqrt();
        let interval = normal_interval(value, std_err, (-1.0, 1.0));
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
        Kappa::new(kappa, variance)
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
    Some(Kappa::new(kappa, squares / (n as f64 * (n as f64 - 1.0))))
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
        assert!(all.interval.high <= 1.0 && all.std_err < 1e-7);
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
        assert_close(cohen(&all, &[true, true, false, true]).unwrap().value, 0.0, BY_HAND, 1.0, "chance");
    }
}
