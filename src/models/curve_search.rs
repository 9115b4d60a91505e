//! The search for a curve's parameters: a grid over those of its shape, then Levenberg-Marquardt.
//!
//! Given the shape, the other parameters follow by linear least squares (variable projection: Golub & Pereyra
//! 1973), so the sum of squares is known over the whole range of shapes. That gives a start next to the least
//! one, and shows where the data allow any shape at all. From there a plain Levenberg-Marquardt is enough, on
//! the QR decomposition that linfa has. (The crate `levenberg-marquardt` would bring nalgebra, which turns on
//! other matrix kernels in ndarray for everyone.)

use linfa::Dataset;
use linfa::traits::Fit as _;
use linfa_linear::LinearRegression;
use ndarray::{Array1, Array2};

use super::Curve;

/// Grid points along c, and along the exponents b.
const FINE: usize = 240;
/// Grid points along h.
const STEEPNESSES: usize = 60;
/// The steepnesses h that are tried.
const STEEPEST: (f64, f64) = (0.1, 20.0);
/// Levenberg-Marquardt's damping at the start, and beyond which no step is left to try.
const FIRST_DAMPING: f64 = 1e-3;
const LAST_DAMPING: f64 = 1e12;
/// Steps after which the search has not settled.
const MOST_STEPS: usize = 1_000;
/// The largest exponent, in ratios of e over the range of the points, that is tried either way.
const LARGEST_EXPONENT: f64 = 50.0;

/// Points to be fitted by a curve, y divided by its largest magnitude.
#[derive(Debug, Clone)]
pub(super) struct Search<'a> {
    pub curve: Curve,
    pub x: &'a [f64],
    pub y: &'a [f64],
    /// What exponential and power curves measure x (ln x) from.
    pub centre: f64,
    /// The least x: where a curve has an offset, the search has its height there instead, and the factor of b
    /// less its value there.
    pub least: f64,
}

/// One parameter of the shape, and the values of it that are tried.
pub(super) type Grid = Vec<f64>;

impl Search<'_> {
    /// The values tried of each parameter of the shape: b; ln c, from a twentieth of the smallest x above 0
    /// to a hundred times the largest; ln h.
    pub fn grids(&self) -> Vec<Grid> {
        let spaced = |low: f64, high: f64, count: usize| -> Grid {
            (0..count).map(|step| low + (high - low) * step as f64 / (count - 1) as f64).collect()
        };
        let positive = self.x.iter().copied().filter(|&x| x > 0.0);
        let (least, largest) = (positive.clone().fold(f64::INFINITY, f64::min), positive.fold(0.0, f64::max));
        match self.curve {
            Curve::Exponential | Curve::Power => {
                let straight = |x: &f64| if self.curve == Curve::Power { x.ln() } else { *x };
                let (low, high) = self
                    .x
                    .iter()
                    .map(straight)
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
                let most = LARGEST_EXPONENT / (high - low);
                vec![spaced(-most, most, 2 * FINE)]
            }
            Curve::ApproachFromZero | Curve::Approach => {
                vec![spaced((least / 20.0).ln(), (largest * 100.0).ln(), FINE)]
            }
            Curve::Hill => vec![
                spaced((least / 20.0).ln(), (largest * 100.0).ln(), FINE),
                spaced(STEEPEST.0.ln(), STEEPEST.1.ln(), STEEPNESSES),
            ],
        }
    }

    /// What the last linear parameter is the factor of, and its derivatives by the shape.
    ///
    /// Differences of factors next to 1 are taken from their complements: with c far below all x they would
    /// be rounding.
    fn basis(&self, x: f64, shape: &[f64]) -> (f64, [f64; 2]) {
        let (value, by_shape) = self.curve.basis(x, shape, self.centre);
        if !self.curve.has_offset() {
            return (value, by_shape);
        }
        let (at_least, at_least_by_shape) = self.curve.basis(self.least, shape, self.centre);
        let difference = if at_least < 0.5 {
            value - at_least
        } else {
            self.curve.complement(self.least, shape) - self.curve.complement(x, shape)
        };
        (difference, std::array::from_fn(|place| by_shape[place] - at_least_by_shape[place]))
    }

    /// The linear parameters that suit a shape best, and the sum of squares that they leave.
    pub fn project(&self, shape: &[f64]) -> (Vec<f64>, f64) {
        let basis: Vec<f64> = self.x.iter().map(|&x| self.basis(x, shape).0).collect();
        let n = basis.len() as f64;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
        let (basis_mean, y_mean) =
            if self.curve.has_offset() { (mean(&basis), mean(self.y)) } else { (0.0, 0.0) };
        let (mut product, mut size) = (0.0, 0.0);
        for (value, y) in basis.iter().zip(self.y) {
            product += (value - basis_mean) * (y - y_mean);
            size += (value - basis_mean).powi(2);
        }
        let slope = if size > 0.0 { product / size } else { 0.0 };
        let offset = y_mean - slope * basis_mean;
        let squares = basis.iter().zip(self.y).map(|(value, y)| (y - offset - slope * value).powi(2)).sum();
        let linear = if self.curve.has_offset() { vec![offset, slope] } else { vec![slope] };
        (linear, squares)
    }

    /// The shape with the least sum of squares on the grid, and for each of its parameters the least sums at
    /// the two ends of its range.
    pub fn scan(&self) -> (Vec<f64>, Vec<[f64; 2]>) {
        let grids = self.grids();
        let shapes: Vec<Vec<f64>> = match &grids[..] {
            [only] => only.iter().map(|&value| vec![value]).collect(),
            [first, second] => first.iter().flat_map(|&a| second.iter().map(move |&b| vec![a, b])).collect(),
            _ => unreachable!("a curve has one or two parameters of shape"),
        };
        let sums: Vec<f64> = shapes.iter().map(|shape| self.project(shape).1).collect();
        let best = (0..shapes.len()).min_by(|&a, &b| sums[a].total_cmp(&sums[b])).unwrap_or_default();
        let least_at = |parameter: usize, value: f64| {
            let at = shapes.iter().zip(&sums).filter(|(shape, _)| shape[parameter] == value);
            at.map(|(_, &sum)| sum).fold(f64::INFINITY, f64::min)
        };
        let ends = grids.iter().enumerate().map(|(parameter, grid)| {
            [least_at(parameter, grid[0]), least_at(parameter, grid[grid.len() - 1])]
        });
        let ends = ends.collect();
        (shapes[best].clone(), ends)
    }

    /// The least sum of squares near a start: linear parameters, then those of the shape. `None` where the
    /// search does not settle.
    ///
    /// A step solves the least squares of the residuals on the Jacobian, with sqrt(damping) times the length
    /// of each of its columns below it to keep the step short (Marquardt 1963; More 1978).
    pub fn descend(&self, shape: &[f64]) -> Option<Vec<f64>> {
        let mut parameters: Vec<f64> = self.project(shape).0;
        parameters.extend(shape);
        let (n, count) = (self.x.len(), parameters.len());
        let mut damping = FIRST_DAMPING;
        let mut residuals = self.residuals(&parameters);
        for _ in 0..MOST_STEPS {
            let jacobian = self.jacobian(&parameters);
            let lengths: Vec<f64> =
                jacobian.columns().into_iter().map(|column| length(column.iter())).collect();
            let damped =
                Array2::from_shape_fn((n + count, count), |(row, column)| match row.checked_sub(n) {
                    None => jacobian[(row, column)],
                    Some(place) if place == column => damping.sqrt() * lengths[column],
                    Some(_) => 0.0,
                });
            let mut target = residuals.clone();
            target.resize(n + count, 0.0);
            let step = least_squares(damped, target)?;
            let moved: Vec<f64> = parameters.iter().zip(&step).map(|(value, step)| value + step).collect();
            let new = self.residuals(&moved);
            if length(new.iter()) < length(residuals.iter()) {
                (parameters, residuals) = (moved, new);
                damping = (damping / 10.0).max(f64::MIN_POSITIVE);
            } else if damping > LAST_DAMPING {
                // Not even the shortest step in the steepest direction leads down.
                return Some(parameters);
            } else {
                damping *= 10.0;
            }
        }
        None
    }

    /// The derivatives of the fitted values by all parameters, n x p.
    fn jacobian(&self, parameters: &[f64]) -> Array2<f64> {
        let (linear, shape) = parameters.split_at(parameters.len() - self.curve.shapes().len());
        let factor = linear[linear.len() - 1];
        Array2::from_shape_fn((self.x.len(), parameters.len()), |(row, column)| {
            let (value, by_shape) = self.basis(self.x[row], shape);
            match column.checked_sub(linear.len()) {
                Some(place) => factor * by_shape[place],
                None if column + 1 == linear.len() => value,
                None => 1.0,
            }
        })
    }

    /// y minus the curve.
    pub fn residuals(&self, parameters: &[f64]) -> Vec<f64> {
        let (linear, shape) = parameters.split_at(parameters.len() - self.curve.shapes().len());
        let offset = if self.curve.has_offset() { linear[0] } else { 0.0 };
        let value = |x| self.basis(x, shape).0;
        self.x.iter().zip(self.y).map(|(&x, y)| y - offset - linear[linear.len() - 1] * value(x)).collect()
    }
}

/// The solution of a linear least-squares problem by linfa's QR decomposition; `None` where it has none.
pub(super) fn least_squares(columns: Array2<f64>, target: Vec<f64>) -> Option<Vec<f64>> {
    if columns.iter().chain(&target).any(|value| !value.is_finite()) {
        return None;
    }
    let regression = LinearRegression::new().with_intercept(false);
    let model = regression.fit(&Dataset::new(columns, Array1::from(target))).ok()?;
    Some(model.params().to_vec())
}

fn length<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}
