//! How well a score separates two groups: the ROC curve.

use super::kappa::normal_interval;
use super::{Interval, mean};

/// Shares at one threshold. A score strictly below it counts as positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cut {
    pub threshold: f64,
    /// The positives below the threshold, as a share of all positives.
    pub sensitivity: f64,
    /// The negatives not below it, as a share of all negatives.
    pub specificity: f64,
}

/// The shares at a threshold.
pub(crate) fn cut(scores: &[f64], positive: &[bool], threshold: f64) -> Cut {
    let below = |wanted: bool| {
        let group = scores.iter().zip(positive).filter(|&(_, &positive)| positive == wanted);
        let (count, below) = group.fold((0u32, 0u32), |(count, below), (&score, _)| {
            (count + 1, below + u32::from(score < threshold))
        });
        f64::from(below) / f64::from(count)
    };
    Cut { threshold, sensitivity: below(true), specificity: 1.0 - below(false) }
}

/// The curve from no positive to all: a threshold halfway between every two neighbouring scores, and one outside at each
/// end, in ascending order. The ends are as far outside as half the distance of the nearest two scores.
pub(crate) fn curve(scores: &[f64], positive: &[bool]) -> Vec<Cut> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let [Some(&first), Some(&last)] = [sorted.first(), sorted.last()] else { return Vec::new() };
    let between = |pair: &[f64]| {
        // A score is never below the threshold that stands for it, whatever the rounding.
        let middle = pair[0] + (pair[1] - pair[0]) / 2.0;
        if middle > pair[0] { middle } else { pair[1] }
    };
    let step = |one: usize, other: usize| match (sorted.get(one), sorted.get(other)) {
        (Some(one), Some(other)) if sorted.len() > 1 => (other - one) / 2.0,
        _ => 0.5,
    };
    let outside = last + step(sorted.len().saturating_sub(2), sorted.len() - 1);
    let mut thresholds = vec![first - step(0, 1)];
    thresholds.extend(sorted.windows(2).map(between));
    thresholds.push(if outside > last { outside } else { last.next_up() });
    thresholds.into_iter().map(|threshold| cut(scores, positive, threshold)).collect()
}

/// The area under the curve: the probability that a positive has a lower score than a negative, ties counted half. With the
/// 95% interval of DeLong, DeLong & Clarke-Pearson (1988), cut off at 0 and 1; there is none for fewer than two of a group, or if the area
/// is 0 or 1, when their variance is 0 whatever the number of scores.
pub(crate) fn area(scores: &[f64], positive: &[bool]) -> (f64, Option<Interval>) {
    let group = |wanted: bool| -> Vec<f64> {
        let group = scores.iter().zip(positive).filter(|&(_, &positive)| positive == wanted);
        let mut group: Vec<f64> = group.map(|(&score, _)| score).collect();
        group.sort_by(f64::total_cmp);
        group
    };
    let (positives, negatives) = (group(true), group(false));
    // The share of `others` that lie above a score.
    let above = |score: f64, others: &[f64]| {
        let below = others.partition_point(|&other| other < score);
        let up_to = others.partition_point(|&other| other <= score);
        let ties = (up_to - below) as f64;
        ((others.len() - up_to) as f64 + ties / 2.0) / others.len() as f64
    };
    let of_positives: Vec<f64> = positives.iter().map(|&score| above(score, &negatives)).collect();
    let of_negatives: Vec<f64> = negatives.iter().map(|&score| 1.0 - above(score, &positives)).collect();
    let area = mean(&of_positives);
    let part = |values: &[f64]| {
        let mean = mean(values);
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        squares / (values.len() as f64 - 1.0) / values.len() as f64
    };
    let has_interval = positives.len() > 1 && negatives.len() > 1 && area > 0.0 && area < 1.0;
    let interval = has_interval
        .then(|| normal_interval(area, (part(&of_positives) + part(&of_negatives)).sqrt(), (0.0, 1.0)));
    (area, interval)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_close, json, noise};
    use crate::tolerances::{COUNTS, SPECIAL_FUNCTIONS};
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Golden {
        roc: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        count: usize,
        salt: u64,
        /// Scores are rounded to multiples of 1 / `steps`; 0: not rounded.
        steps: u32,
        auc: f64,
        interval: (f64, f64),
        /// False and true positive rates of sklearn, without those that it drops.
        rates: Vec<(f64, f64)>,
    }

    impl Case {
        fn drawn(&self) -> (Vec<f64>, Vec<bool>) {
            let mut scores = noise(self.count, self.salt);
            let own = noise(self.count, self.salt + 1);
            let positive = scores.iter().zip(own).map(|(score, own)| score + own < -0.1).collect();
            if self.steps > 0 {
                let steps = f64::from(self.steps);
                scores.iter_mut().for_each(|score| *score = (*score * steps).floor() / steps);
            }
            (scores, positive)
        }
    }

    #[test]
    fn curves_are_those_of_sklearn_and_intervals_those_of_delong() {
        let cases = json::<Golden>("agreement.json").roc;
        assert!(cases.len() >= 4 && cases.iter().any(|case| case.steps > 0));
        for case in cases {
            let (scores, positive) = case.drawn();
            let what = format!("{} scores, salt {}", case.count, case.salt);
            let (auc, interval) = area(&scores, &positive);
            assert_close(auc, case.auc, COUNTS, 1.0, &what);
            let interval = interval.unwrap();
            assert_close(interval.low, case.interval.0, SPECIAL_FUNCTIONS, 1.0, &what);
            assert_close(interval.high, case.interval.1.min(1.0), SPECIAL_FUNCTIONS, 1.0, &what);
            let curve = curve(&scores, &positive);
            assert_eq!(curve.len(), case.rates.len(), "{what}");
            for (ours, (false_rate, true_rate)) in curve.iter().zip(case.rates) {
                assert_close(1.0 - ours.specificity, false_rate, COUNTS, 1.0, &what);
                assert_close(ours.sensitivity, true_rate, COUNTS, 1.0, &what);
            }
            // The area is also that of the trapezoids below the curve.
            let trapezoids: f64 = curve
                .windows(2)
                .map(|ends| {
                    (ends[0].specificity - ends[1].specificity) * (ends[0].sensitivity + ends[1].sensitivity)
                        / 2.0
                })
                .sum();
            assert_close(trapezoids, auc, COUNTS, 1.0, &what);
        }
    }

    #[test]
    fn thresholds_lie_between_the_scores_and_groups_that_never_mix_have_no_interval() {
        let (scores, positive) = ([0.1, 0.3, 0.2, 0.4], [true, false, true, false]);
        let thresholds: Vec<f64> = curve(&scores, &positive).iter().map(|cut| cut.threshold).collect();
        let expected = [0.05, 0.15, 0.25, 0.35, 0.45];
        thresholds
            .iter()
            .zip(expected)
            .for_each(|(&ours, hand)| assert_close(ours, hand, COUNTS, 1.0, "threshold"));
        assert_eq!(area(&scores, &positive), (1.0, None));
        assert_eq!(area(&scores, &positive.map(|label| !label)), (0.0, None));
        // One score for all: no threshold but nothing and everything.
        let ends = curve(&[0.5; 3], &[true, false, false]);
        assert_eq!(ends.iter().map(|cut| cut.sensitivity).collect::<Vec<_>>(), [0.0, 1.0]);
        assert_eq!(area(&[0.5; 3], &[true, false, false]), (0.5, None));
        // Neighbours between which there is no number.
        let near = [1.0, 1f64.next_up()];
        let cuts = curve(&near, &[true, false]);
        assert_eq!((cuts[1].sensitivity, cuts[1].specificity), (1.0, 1.0));
        assert!(curve(&[], &[]).is_empty());
    }
}
