//! How often every test rejects, and every interval covers, where the null hypothesis is true: normal errors
//! of ln y on the paper's eleven iterations, fitted by the power form.
//!
//! The bounds were written before the first run. Exact procedures must meet their level to within four
//! standard errors of the simulation; approximate ones lie within bounds that say how far eleven points let
//! them be off. The table that the docs of `models` show is what this prints with `--nocapture`.
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use softness::models::{Fit, Form, max_t};
use softness::robustness::VarianceSplit;
use softness::stats::{
    Bootstrap, BootstrapScheme, Curve, Permutations, SlopePower, TestOutcome, benjamini_hochberg, holm,
};

use crate::support::tolerances::STANDARD_ERRORS;

const PAPER: [f64; 11] = [1.0, 1.0, 1.0, 2e3, 2e3, 2e3, 1e4, 1e4, 3e4, 3e4, 5e4];

/// Simulated sets: of cheap tests, and of those that draw or visit many arrangements.
const MANY: usize = 10_000;
const SOME: usize = 2_000;

/// The levels of the tests.
const LEVELS: [f64; 2] = [0.05, 0.01];

fn set(random: &mut impl Rng, slope: f64) -> Fit {
    let noise = |x: f64, e: f64| (1.0 + slope * x.ln() + 0.2 * e).exp();
    let y: Vec<f64> = PAPER.iter().map(|&x| noise(x, random.sample(StandardNormal))).collect();
    Form::Power.fit(&PAPER, &y).unwrap()
}

/// A generator, which says its seed if the test fails.
fn seeded(seed: u64) -> ChaCha8Rng {
    println!("seed {seed}");
    ChaCha8Rng::seed_from_u64(seed)
}

fn p_values(count: usize, seed: u64, test: impl Fn(&Fit, &mut ChaCha8Rng) -> f64) -> Vec<f64> {
    let mut random = seeded(seed);
    (0..count)
        .map(|_| {
            let fit = set(&mut random, 0.0);
            test(&fit, &mut random)
        })
        .collect()
}

fn share(p_values: &[f64], level: f64) -> f64 {
    p_values.iter().filter(|&&p| p <= level).count() as f64 / p_values.len() as f64
}

/// Prints a row of the table, and holds the shares of rejections against bounds around the levels.
fn hold(name: &str, p_values: &[f64], bounds: [(f64, f64); 2]) {
    let shares = LEVELS.map(|level| share(p_values, level));
    let shown = |at: usize| {
        let (low, high) = bounds[at];
        format!("{:.4} ({:.4} to {high:.4})", shares[at], low.max(0.0))
    };
    println!("| {name} | {} | {} | {} |", p_values.len(), shown(0), shown(1));
    for ((share, level), (low, high)) in shares.into_iter().zip(LEVELS).zip(bounds) {
        assert!((low..=high).contains(&share), "{name} rejects {share} at {level}, outside {low} to {high}");
    }
}

/// A level, give or take the simulation's error.
fn exactly(level: f64, count: usize) -> (f64, f64) {
    let reach = STANDARD_ERRORS * (level * (1.0 - level) / count as f64).sqrt();
    (level - reach, level + reach)
}

/// The largest distance of the p values' distribution from the uniform one, times sqrt n (Kolmogorov): above
/// 1.95 in one of a thousand simulations.
fn unevenness(p_values: &[f64]) -> f64 {
    let mut sorted = p_values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let distance =
        |(rank, p): (usize, &f64)| (p - rank as f64 / n).abs().max((p - (rank + 1) as f64 / n).abs());
    sorted.iter().enumerate().map(distance).fold(0.0, f64::max) * n.sqrt()
}

#[test]
fn p_values_of_the_slope_lack_of_fit_and_curvature_are_uniform() {
    for (name, seed, test) in [
        ("slope, t", 1, (|fit, _| fit.p_value()) as fn(&Fit, &mut ChaCha8Rng) -> f64),
        ("intercept, t (of y without its mean 1)", 2, |fit, _| {
            let moved: Vec<f64> = fit.y().iter().map(|y| y / 1f64.exp()).collect();
            Form::Power.fit(fit.x(), &moved).unwrap().intercept_p_value()
        }),
        ("lack of fit, F", 3, |fit, _| fit.lack_of_fit().unwrap().p_value),
        ("curvature, t", 4, |fit, _| fit.curvature().unwrap().p_value),
    ] {
        let p = p_values(MANY, seed, test);
        hold(name, &p, LEVELS.map(|level| exactly(level, MANY)));
        assert!(unevenness(&p) < 1.95, "{name}: {}", unevenness(&p));
    }
}

#[test]
fn approximate_tests_reject_within_their_bounds() {
    // Koenker's form is conservative with few points, Shapiro-Wilk's residuals are not independent.
    let p = p_values(MANY, 5, |fit, _| fit.breusch_pagan().unwrap().p_value);
    hold("Breusch-Pagan, Koenker", &p, [(0.02, 0.07), (0.0, 0.02)]);
    let p = p_values(MANY, 6, |fit, _| fit.normality().unwrap().p_value);
    hold("Shapiro-Wilk, residuals", &p, [(0.03, 0.07), (0.003, 0.02)]);
    let p = p_values(MANY, 7, |_, random| {
        let values: Vec<f64> = (0..11).map(|_| random.sample(StandardNormal)).collect();
        TestOutcome::shapiro_wilk(&values).unwrap().p_value
    });
    hold("Shapiro-Wilk, 11 normal values", &p, [(0.04, 0.06), (0.006, 0.014)]);
}

#[test]
fn permutation_and_rank_tests_reject_at_most_at_their_level() {
    // Discrete: never above the level, and with 277,200 arrangements hardly below.
    let p = p_values(SOME, 8, |fit, _| fit.permutation_test(Permutations::default()).p_value);
    hold("slope, all 277,200 arrangements", &p, LEVELS.map(|level| exactly(level, SOME)));
    let at_most = |count| LEVELS.map(|level| (0.3 * level, exactly(level, count).1));
    let p = p_values(SOME, 9, |fit, _| fit.spearman().unwrap().p_value);
    hold("Spearman, all arrangements", &p, at_most(SOME));
    let p = p_values(MANY, 10, |fit, _| fit.kendall().unwrap().p_value);
    hold("Kendall, all arrangements", &p, at_most(MANY));
    // Of thirty points: drawn arrangements, Student's t for Spearman's rho, and Kendall's counted arrangements.
    let thirty = |random: &mut ChaCha8Rng| {
        let x: Vec<f64> = (1..=30).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|_| random.sample(StandardNormal)).collect();
        Form::Linear.fit(&x, &y).unwrap()
    };
    let p = p_values(SOME, 30, |_, random| {
        let permutations = Permutations::default().draws(399).seed(random.random());
        thirty(random).permutation_test(permutations).p_value
    });
    hold("slope of 30 points, 399 arrangements", &p, LEVELS.map(|level| exactly(level, SOME)));
    let p = p_values(MANY, 31, |_, random| thirty(random).spearman().unwrap().p_value);
    hold("Spearman of 30 points, t", &p, [(0.04, 0.06), (0.006, 0.016)]);
    let p = p_values(MANY, 32, |_, random| thirty(random).kendall().unwrap().p_value);
    hold("Kendall of 30 points, counted", &p, at_most(MANY));
}

#[test]
fn bootstraps_reject_within_their_bounds() {
    for (name, scheme, seed, bounds) in [
        ("slope, residual bootstrap", BootstrapScheme::Residual, 11, [(0.03, 0.07), (0.0, 0.02)]),
        ("slope, Rademacher's wild bootstrap", BootstrapScheme::Rademacher, 12, [(0.03, 0.09), (0.0, 0.03)]),
        ("slope, Webb's wild bootstrap", BootstrapScheme::Webb, 13, [(0.03, 0.09), (0.0, 0.03)]),
    ] {
        let p = p_values(SOME, seed, |fit, random| {
            let options = Bootstrap::default().scheme(scheme).draws(399).seed(random.random());
            fit.bootstrap_slope(options).unwrap().p_value
        });
        hold(name, &p, bounds);
    }
    // Where sessions of more training scatter more, as much as twofold.
    let p = p_values(SOME, 33, |_, random| {
        let noise = |&x: &f64| (0.1 * (1.0 + x.ln() / 10.8) * random.sample::<f64, _>(StandardNormal)).exp();
        let y: Vec<f64> = PAPER.iter().map(noise).collect();
        let options = Bootstrap::default().draws(399).seed(random.random());
        Form::Power.fit(&PAPER, &y).unwrap().bootstrap_slope(options).unwrap().p_value
    });
    hold("slope, unequal scatter, Webb's wild bootstrap", &p, [(0.03, 0.09), (0.0, 0.03)]);
}

#[test]
fn corrections_reject_any_of_many_true_nulls_at_most_at_their_level() {
    // The smallest corrected p of four independent slopes.
    let smallest = |p: Vec<f64>| p.into_iter().fold(1.0, f64::min);
    let four = |random: &mut ChaCha8Rng| (0..4).map(|_| set(random, 0.0).p_value()).collect::<Vec<_>>();
    let p = p_values(MANY, 14, |_, random| smallest(holm(&four(random)).unwrap()));
    hold("Holm, any of 4", &p, LEVELS.map(|level| (0.5 * level, exactly(level, MANY).1)));
    let p = p_values(MANY, 15, |_, random| smallest(benjamini_hochberg(&four(random)).unwrap()));
    hold("Benjamini-Hochberg, any of 4", &p, LEVELS.map(|level| (0.5 * level, exactly(level, MANY).1)));
    // Four responses that share half of their noise, each in three forms, as the study has them. The smallest p is that of
    // the largest of twelve statistics among equally likely ones, so it keeps its level exactly. Nine points have 15,120 arrangements.
    const NINE: [f64; 9] = [1.0, 1.0, 1.0, 2e3, 2e3, 1e4, 1e4, 3e4, 5e4];
    let p = p_values(SOME, 16, |_, random| {
        let shared: Vec<f64> = NINE.iter().map(|_| random.sample(StandardNormal)).collect();
        let responses: Vec<Vec<f64>> = (0..4)
            .map(|_| {
                let own = |e: &f64| (1.0 + 0.1 * (e + random.sample::<f64, _>(StandardNormal))).exp();
                shared.iter().map(own).collect()
            })
            .collect();
        let of_form = |y: &Vec<f64>| Form::ALL.map(|form| form.fit(&NINE, y).unwrap());
        let fits: Vec<Fit> = responses.iter().flat_map(of_form).collect();
        smallest(max_t(&fits, Permutations::default()).unwrap().iter().map(|test| test.p_value).collect())
    });
    hold("max-T, any of 12, all arrangements of 9 points", &p, LEVELS.map(|level| exactly(level, SOME)));
}

#[test]
fn a_split_of_variance_finds_a_source_that_is_not_there_at_its_level() {
    // Standard deviations of levels, sessions, pictures and levels x pictures; that of the rest is 1. A test's own is 0.
    let sources = |random: &mut ChaCha8Rng, sizes: &[usize], deviations: [f64; 4], at: usize| {
        let mut draw = |deviation: f64| deviation * random.sample::<f64, _>(StandardNormal);
        let pictures: Vec<f64> = (0..5).map(|_| draw(deviations[2])).collect();
        let mut sessions = Vec::new();
        for (level, &size) in (0u64..).zip(sizes) {
            let own = draw(deviations[0]);
            let cross: Vec<f64> = pictures.iter().map(|_| draw(deviations[3])).collect();
            for _ in 0..size {
                let session = own + draw(deviations[1]);
                let score = |(picture, cross): (&f64, &f64)| session + picture + cross + draw(1.0);
                sessions.push((level, pictures.iter().zip(&cross).map(score).collect::<Vec<f64>>()));
            }
        }
        VarianceSplit::new(&sessions).unwrap().sources[at].f.unwrap().1
    };
    let unequal = &[3, 3, 2, 2, 4][..];
    let exact = LEVELS.map(|level| exactly(level, MANY));
    for (name, seed, sizes, deviations, at, bounds) in [
        ("variance of sessions, F", 19, unequal, [1.0, 0.0, 1.0, 0.5], 1, exact),
        ("variance of iterations x pictures, F", 20, unequal, [1.0, 0.5, 1.0, 0.0], 3, exact),
        ("variance of pictures, F", 21, &[3; 5], [1.0, 0.5, 0.0, 0.5], 2, exact),
        (
            "variance of pictures, levels of 3, 3, 2, 2, 4 sessions",
            22,
            unequal,
            [1.0, 0.5, 0.0, 0.5],
            2,
            exact,
        ),
        // Where the variance of iterations x pictures is much larger than the rest, the two mean squares of the table differ
        // most in expectation.
        ("the same, levels of 3, 3, 2, 2, 1 sessions", 34, &[3, 3, 2, 2, 1], [1.0, 0.5, 0.0, 5.0], 2, exact),
        ("the same, levels of 28, 5, 5 sessions", 35, &[28, 5, 5], [1.0, 0.5, 0.0, 5.0], 2, exact),
        // Without it, the level means differ in their variance: as 1/28 and 1/5.
        (
            "the same, without iterations x pictures",
            36,
            &[28, 5, 5],
            [1.0, 0.5, 0.0, 0.0],
            2,
            [(0.015, exact[0].1), (0.0, exact[1].1)],
        ),
    ] {
        let mut random = seeded(seed);
        let p: Vec<f64> = (0..MANY).map(|_| sources(&mut random, sizes, deviations, at)).collect();
        hold(name, &p, bounds);
    }
}

#[test]
fn intervals_of_curves_and_bootstraps_cover_within_their_bounds() {
    // Of parameters that enter in a curve, by the tangent plane and Student's t; of a slope, by the t of 399 resamples.
    let (curve_bounds, bootstrap_bounds) = ((0.03, 0.09), (0.03, 0.09));
    let misses = |name: &str, shares: Vec<(String, f64)>, (low, high): (f64, f64)| {
        for (of, share) in shares {
            println!("| 95% interval, {name}{of} | {SOME} | misses {share:.4} ({low:.4} to {high:.4}) | |");
            assert!((low..=high).contains(&share), "{name}{of} misses {share}, outside {low} to {high}");
        }
    };
    let curves: [(Curve, &[f64], f64, u64); 4] = [
        (Curve::Exponential, &[2.0, -1e-5], 0.05, 23),
        (Curve::Power, &[3.0, -0.05], 0.05, 24),
        (Curve::ApproachFromZero, &[2.0, 6e3], 0.05, 25),
        (Curve::Approach, &[3.0, -1.0, 6e3], 0.05, 26),
    ];
    for (curve, truth, deviation, seed) in curves {
        let mut random = seeded(seed);
        let mut missed = vec![0usize; truth.len()];
        for _ in 0..SOME {
            let noise = |&x: &f64| {
                let exact = match (curve, truth) {
                    (Curve::Exponential, &[a, b]) => a * (b * x).exp(),
                    (Curve::Power, &[a, b]) => a * x.powf(b),
                    (Curve::ApproachFromZero, &[b, c]) => b * (1.0 - (-x / c).exp()),
                    (Curve::Approach, &[a, b, c]) => a + b * (1.0 - (-x / c).exp()),
                    _ => unreachable!("one of the four"),
                };
                exact + deviation * random.sample::<f64, _>(StandardNormal)
            };
            let y: Vec<f64> = PAPER.iter().map(noise).collect();
            let fit = curve.fit(&PAPER, &y).expect("so little noise leaves it identified");
            let intervals = fit.intervals(0.95).unwrap();
            for ((missed, truth), interval) in missed.iter_mut().zip(truth).zip(intervals) {
                *missed += usize::from(!interval.contains(*truth));
            }
        }
        let names = curve.parameters().iter().map(|name| format!(" {name}"));
        let shares = names.zip(missed).map(|(name, missed)| (name, missed as f64 / SOME as f64)).collect();
        misses(curve.name(), shares, curve_bounds);
    }
    for (name, scheme, seed) in [
        ("residual", BootstrapScheme::Residual, 27),
        ("Rademacher's", BootstrapScheme::Rademacher, 28),
        ("Webb's", BootstrapScheme::Webb, 29),
    ] {
        let mut random = seeded(seed);
        let missed = (0..SOME).filter(|_| {
            let (fit, seed) = (set(&mut random, -0.05), random.random());
            let options = Bootstrap::default().scheme(scheme).draws(399).seed(seed);
            !fit.bootstrap_slope(options).unwrap().interval.contains(-0.05)
        });
        let share = missed.count() as f64 / SOME as f64;
        misses("slope, ", vec![(format!("{name} bootstrap"), share)], bootstrap_bounds);
    }
}

#[test]
fn intervals_and_bands_cover_at_their_level() {
    let (slope, level) = (-0.05, 0.95);
    let mut random = seeded(17);
    let mut misses = [0usize; 5];
    // R² of the population with these x values: signal over signal and noise.
    let mean = PAPER.iter().map(|x| x.ln()).sum::<f64>() / 11.0;
    let sxx: f64 = PAPER.iter().map(|x| (x.ln() - mean).powi(2)).sum();
    let signal = slope * slope * sxx / 11.0;
    let population = signal / (signal + 0.2 * 0.2);
    for _ in 0..MANY {
        let fit = set(&mut random, slope);
        let at = 5e3f64;
        let median = (1.0 + slope * at.ln()).exp();
        let new = (1.0 + slope * at.ln() + 0.2 * random.sample::<f64, _>(StandardNormal)).exp();
        let inside = [
            fit.slope_interval(level).unwrap().contains(slope),
            fit.intercept_interval(level).unwrap().contains(1.0),
            fit.confidence_band(at, level).unwrap().contains(median),
            fit.prediction_band(at, level).unwrap().contains(new),
            fit.r_squared_interval(level).unwrap().contains(population),
        ];
        for (misses, inside) in misses.iter_mut().zip(inside) {
            *misses += usize::from(!inside);
        }
    }
    let (low, high) = exactly(1.0 - level, MANY);
    let names = ["slope", "intercept", "confidence band", "prediction band", "R²"];
    for (name, misses) in names.into_iter().zip(misses) {
        let share = misses as f64 / MANY as f64;
        println!("| 95% interval, {name} | {MANY} | misses {share:.4} ({low:.4} to {high:.4}) | |");
        assert!((low..=high).contains(&share), "{name} misses {share}");
    }
}

#[test]
fn studies_find_a_slope_as_often_as_their_power_says() {
    // Sessions at the paper's trained levels, two to six a level, a slope of half their deviation for each e-fold.
    let (slope, deviation, significance) = (0.5, 1.0, 0.05);
    let levels = vec![2_000u64, 10_000, 30_000, 50_000];
    let study = SlopePower { levels: levels.clone(), slope, deviation, significance };
    let mut random = seeded(18);
    for sessions in [2, 4, 6] {
        let x: Vec<f64> = levels.iter().flat_map(|&level| vec![(level as f64).ln(); sessions]).collect();
        let finds = (0..MANY).filter(|_| {
            let noise = |x: &f64| slope * x + deviation * random.sample::<f64, _>(StandardNormal);
            let y: Vec<f64> = x.iter().map(noise).collect();
            Form::Linear.fit(&x, &y).unwrap().p_value() < significance
        });
        let found = finds.count() as f64 / MANY as f64;
        let power = study.power(sessions).unwrap();
        let (low, high) = exactly(power, MANY);
        println!(
            "| power {power:.4}, {sessions} sessions a level | {MANY} | finds {found:.4} ({low:.4} to {high:.4}) | |"
        );
        assert!((low..=high).contains(&found), "{sessions} sessions a level: {found}, not {power}");
    }
}
