//! Curves on the original scale.
use softness::stats::Curve;

use super::{Golden, Kind};
use crate::support::golden::{assert_close, json};
use crate::support::tolerances::{AGAINST_NLS, CERTIFIED, COUNTS};

fn curve_named(name: &str) -> Curve {
    Curve::ALL.into_iter().find(|curve| curve.name().to_lowercase().replace(' ', "_") == name).unwrap()
}

#[test]
fn curves_are_those_of_nls() {
    let rows = json::<Golden>("statistics.json").curves;
    assert_eq!(rows.len(), 7);
    let (mut parameters, mut sums) =
        (Kind::new("parameter of a curve", AGAINST_NLS), Kind::new("sum of squares", COUNTS));
    for row in rows {
        let place = format!("{}, {}", row.name, row.curve);
        let ours = curve_named(&row.curve).fit(&row.x, &row.y).unwrap();
        assert_eq!(ours.parameters().len(), row.parameters.len());
        for place_of in 0..row.parameters.len() {
            parameters.relative(ours.parameters()[place_of], row.parameters[place_of], &place);
            parameters.relative(ours.std_errs()[place_of], row.std_errs[place_of], &place);
        }
        sums.relative(ours.ssr(), row.ssr, &place);
        let information = ours.information();
        for (ours, theirs) in [
            (information.log_likelihood, row.log_likelihood),
            (information.aic, row.aic),
            (information.bic, row.bic),
        ] {
            sums.scaled(ours, theirs, row.x.len() as f64, &place);
        }
        for ((x, y), residual) in row.x.iter().zip(&row.y).zip(ours.residuals()) {
            assert_close(ours.predict(*x), y - residual, CERTIFIED, y.abs(), &place);
        }
    }
}

#[test]
fn misra1a_and_danwood_have_nists_certified_curves() {
    let sets = json::<Golden>("statistics.json").curves;
    let set = |name: &str| sets.iter().find(|set| set.name == name).unwrap();
    let mut certified = Kind::new("NIST", CERTIFIED);
    // Misra1a: y = b1 (1 - exp(-b2 x)), so c = 1 / b2, whose standard error is that of b2 over b2².
    let (b2, b2_std_err) = (5.501_564_318_1e-4, 7.266_868_843_6e-6);
    let misra = Curve::ApproachFromZero.fit(&set("misra1a").x, &set("misra1a").y).unwrap();
    let danwood = Curve::Power.fit(&set("danwood").x, &set("danwood").y).unwrap();
    for (ours, theirs, what) in [
        (misra.parameters()[0], 2.389_421_291_8e2, "b1"),
        (1.0 / misra.parameters()[1], b2, "b2"),
        (misra.std_errs()[0], 2.707_007_524_1, "error of b1"),
        (misra.std_errs()[1] * b2 * b2, b2_std_err, "error of b2"),
        (misra.ssr(), 1.245_513_889_4e-1, "sum of squares"),
        (misra.residual_std_err(), 1.018_787_633_0e-1, "residual deviation"),
        (danwood.parameters()[0], 7.688_622_617_6e-1, "DanWood b1"),
        (danwood.parameters()[1], 3.860_405_587_1, "DanWood b2"),
        (danwood.std_errs()[0], 1.828_197_386_0e-2, "DanWood error of b1"),
        (danwood.std_errs()[1], 5.172_661_091_3e-2, "DanWood error of b2"),
        (danwood.ssr(), 4.317_308_408_3e-3, "DanWood sum of squares"),
        (danwood.residual_std_err(), 3.285_311_403_9e-2, "DanWood residual deviation"),
    ] {
        certified.relative(ours, theirs, what);
    }
    assert_eq!((misra.degrees_of_freedom(), danwood.degrees_of_freedom()), (12, 4));
}
