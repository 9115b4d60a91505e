//! Shapiro and Wilk, rank correlations, adjusted p-values.
use softness::models::Form;
use softness::stats::{TestOutcome, benjamini_hochberg, holm};

use super::{Adjusted, Golden, Kind, Ranks, Shapiro, Tied};
use crate::support::golden::json;
use crate::support::tolerances::{REORDERED_SUMS, SPECIAL_FUNCTIONS};

#[test]
fn shapiro_wilk_is_rs_from_3_to_5000_values() {
    let (mut statistics, mut p_values) =
        (Kind::new("W", REORDERED_SUMS), Kind::new("p of W", SPECIAL_FUNCTIONS));
    for Shapiro { values, w, p } in json::<Golden>("statistics.json").shapiro {
        let ours = TestOutcome::shapiro_wilk(&values).unwrap();
        let place = format!("{} values", values.len());
        statistics.relative(ours.statistic, w, &place);
        p_values.relative(ours.p_value, p, &place);
        assert_eq!(ours.exact, values.len() == 3);
    }
    for (values, reason) in [
        (vec![1.0, 2.0], "the number of values is 2, but Shapiro-Wilk's test takes 3 to 5,000"),
        (vec![1.0; 5], "values that are all the same"),
        (vec![1.0, f64::NAN, 2.0], "only finite numbers"),
    ] {
        let error = TestOutcome::shapiro_wilk(&values).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn rank_correlations_are_those_of_cor_test() {
    let Golden { ranks, tied, .. } = json("statistics.json");
    let (mut coefficients, mut p_values) =
        (Kind::new("coefficient", REORDERED_SUMS), Kind::new("p of ranks", SPECIAL_FUNCTIONS));
    for Ranks { x, y, spearman, kendall } in ranks {
        let (ours, place) = (Form::Linear.fit(&x, &y).unwrap(), format!("{} points", x.len()));
        let (rho, tau) = (ours.spearman().unwrap(), ours.kendall().unwrap());
        coefficients.scaled(rho.statistic, spearman[0], 1.0, &place);
        coefficients.scaled(tau.statistic, kendall[0], 1.0, &place);
        p_values.relative(tau.p_value, kendall[1], &place);
        assert!(tau.exact);
        assert_eq!(rho.exact, x.len() <= 9);
        // Above nine points R sums Edgeworth's series where we take Student's t.
        if rho.exact {
            p_values.relative(rho.p_value, spearman[1], &place);
        }
    }
    for Tied { x, y, kendall, spearman_rho, spearman_p } in tied {
        let (ours, place) = (Form::Linear.fit(&x, &y).unwrap(), format!("{} points with ties", x.len()));
        let (rho, tau) = (ours.spearman().unwrap(), ours.kendall().unwrap());
        coefficients.scaled(rho.statistic, spearman_rho, 1.0, &place);
        coefficients.scaled(tau.statistic, kendall[0], 1.0, &place);
        p_values.relative(rho.p_value, spearman_p, &place);
        p_values.relative(tau.p_value, kendall[1], &place);
        assert!(!rho.exact && !tau.exact);
    }
}

#[test]
fn holm_and_benjamini_hochberg_are_those_of_p_adjust() {
    let Adjusted { p, holm: by_holm, bh } = json::<Golden>("statistics.json").adjusted;
    let mut adjusted = Kind::new("adjusted p", REORDERED_SUMS);
    for (ours, theirs) in [(holm(&p).unwrap(), by_holm), (benjamini_hochberg(&p).unwrap(), bh)] {
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            adjusted.relative(*ours, *theirs, "p.adjust");
        }
    }
    assert!(holm(&[]).unwrap().is_empty());
    assert!(holm(&[0.5, 1.5]).unwrap_err().to_string().contains("p value is 1.5"));
    assert!(benjamini_hochberg(&[f64::NAN]).unwrap_err().to_string().contains("p value is NaN"));
}
