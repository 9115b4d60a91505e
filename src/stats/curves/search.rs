//! The search for a curve's parameters: a grid over the shape parameters, then Levenberg-Marquardt.
//!
//! Given the shape, the linear parameters follow by least squares (variable projection: Golub & Pereyra 1973). So the
//! sum of squares is known over the whole range of shapes. That gives a start close to the minimum, and shows if the
//! data allow any shape. From there a plain Levenberg-Marquardt is enough. Each of its steps is a linear least-squares
//! problem, solved by linfa's QR decomposition. (The crate `levenberg-marquardt` would bring in nalgebra, which turns
//! on other matrix kernels in ndarray for the whole program.)

use ndarray::Array2;

use super::curve::Curve;
use crate::stats::least_squares::solve;

/// Grid points along c, and along the exponents b.
const FINE: usize = 240;
/// Grid points along h.
const STEEPNESSES: usize = 60;
/// The range of the steepness h.
const STEEPEST: (f64, f64) = (0.1, 20.0);
/// The damping at the start, and the largest one.
const FIRST_DAMPING: f64 = 1e-3;
const LAST_DAMPING: f64 = 1e12;
/// The largest number of steps.
const MOST_STEPS: usize = 1_000;
/// The range of the exponent b: the curve changes at most e^50-fold, up or down, over the points.
const LARGEST_EXPONENT: f64 = 50.0;

/// The points of a fit, with y divided by its largest magnitude.
#[derive(Debug, Clone)]
pub(super) struct Search<'a> {
    pub curve: Curve,
    pub x: &'a [f64],
    pub y: &'a [f64],
    /// What is subtracted from x (exponential) or ln x (power).
    pub centre: f64,
    /// The smallest x. For a curve with an offset, the search uses its height there instead of the offset, and
    /// subtracts the factor of b there from that factor.
    pub least: f64,
}

impl Search<'_> {
    /// The values of each shape parameter that are tried, in ascending order: b; ln c, from a twentieth of the smallest x
    /// above 0 to a hundred times the largest x; ln h.
    pub fn grids(&self) -> Vec<Vec<f64>> {
        let spaced = |low: f64, high: f64, count: usize| -> Vec<f64> {
            (0..count).map(|step| low + (high - low) * step as f64 / (count - 1) as f64).collect()
        };
        let positive = self.x.iter().copied().filter(|&x| x > 0.0);
        let (least, largest) = (positive.clone().fold(f64::INFINITY, f64::min), positive.fold(0.0, f64::max));
        let scales = spaced((least / 20.0).ln(), (largest * 100.0).ln(), FINE);
        match self.curve {
            Curve::Exponential | Curve::Power => {
                let exponents = self.x.iter().map(|&x| self.curve.exponent(x));
                let low = exponents.clone().fold(f64::INFINITY, f64::min);
                let high = exponents.fold(f64::NEG_INFINITY, f64::max);
                let most = LARGEST_EXPONENT / (high - low);
                vec![spaced(-most, most, 2 * FINE)]
            }
            Curve::ApproachFromZero | Curve::Approach => vec![scales],
            Curve::Hill => vec![scales, spaced(STEEPEST.0.ln(), STEEPEST.1.ln(), STEEPNESSES)],
        }
    }

    /// The factor of the last linear parameter at x, and its derivatives by the shape parameters.
    ///
    /// If factors are near 1, their difference is taken from their complements. Otherwise it would be rounding if c is
    /// far below all x.
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

    /// The best linear parameters for a shape, and their sum of squared residuals.
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

    /// The shape with the smallest sum of squares on the grid, and for each shape parameter the smallest sums at the
    /// two ends of its range.
    pub fn scan(&self) -> (Vec<f64>, Vec<[f64; 2]>) {
        let grids = self.grids();
        let mut shapes = vec![Vec::new()];
        for grid in &grids {
            let longer =
                |shape: &Vec<f64>| grid.iter().map(|&value| [&shape[..], &[value]].concat()).collect();
            shapes = shapes.iter().flat_map::<Vec<Vec<f64>>, _>(longer).collect();
        }
        let sums: Vec<f64> = shapes.iter().map(|shape| self.project(shape).1).collect();
        let best = (0..shapes.len()).min_by(|&a, &b| sums[a].total_cmp(&sums[b])).expect("a grid has values");
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

    /// The parameters at the minimum near a start, linear ones first. `None` if the search does not converge.
    ///
    /// A step is the least-squares solution of the residuals on the Jacobian. Below the Jacobian, a diagonal of
    /// sqrt(damping) times the lengths of its columns keeps the step short (Marquardt 1963; Moré 1978).
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
            let step = solve(damped, target)?;
            let moved: Vec<f64> = parameters.iter().zip(&step).map(|(value, step)| value + step).collect();
            let new = self.residuals(&moved);
            if length(new.iter()) < length(residuals.iter()) {
                (parameters, residuals) = (moved, new);
                damping = (damping / 10.0).max(f64::MIN_POSITIVE);
            } else if damping > LAST_DAMPING {
                // Even the shortest step does not reduce the sum of squares.
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

fn length<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}
