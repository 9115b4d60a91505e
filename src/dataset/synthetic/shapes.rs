//! Outlines as signed distances (negative inside, about one unit in radius), after the formulas of
//! Inigo Quilez, *2D distance functions*, and others. Only +, -, *, / and square roots, which IEEE
//! 754 rounds the same way everywhere.

/// Distance of a point from the outline of a shape, in units of the shape's radius.
pub(crate) type Distance = fn(f64, f64) -> f64;

fn length(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

/// A disc of radius 1.
pub(crate) fn disc(x: f64, y: f64) -> f64 {
    length(x, y) - 1.0
}

/// A ring from radius 0.48 to 1.
pub(crate) fn ring(x: f64, y: f64) -> f64 {
    (length(x, y) - 0.74).abs() - 0.26
}

/// An equilateral triangle whose corners lie 1.15 from the middle.
pub(crate) fn triangle(x: f64, y: f64) -> f64 {
    const HALF_ROOT_3: f64 = 0.866_025_403_784_438_6;
    (HALF_ROOT_3 * x.abs() + 0.5 * y).max(-y) - 0.575
}

/// A square of half side 0.85.
pub(crate) fn square(x: f64, y: f64) -> f64 {
    x.abs().max(y.abs()) - 0.85
}

/// A cross of two bars of half length 1 and half width 0.3.
pub(crate) fn cross(x: f64, y: f64) -> f64 {
    bar(x, y).min(bar(y, x))
}

/// A bar of half length 1 along x and half width 0.3.
pub(crate) fn bar(x: f64, y: f64) -> f64 {
    (x.abs() - 1.0).max(y.abs() - 0.3)
}

/// A disc minus another one, 0.55 to the right.
pub(crate) fn crescent(x: f64, y: f64) -> f64 {
    disc(x, y).max(0.8 - length(x - 0.55, y))
}

/// A five-pointed star of radius 1.15 and inner radius 0.5.
pub(crate) fn star(x: f64, y: f64) -> f64 {
    // Cosine and sine of 36 degrees and of 72 degrees, for the reflections that fold five points into one.
    const C36: f64 = 0.809_016_994_374_947_5;
    const S36: f64 = 0.587_785_252_292_473_1;
    const OUTER: f64 = 1.15;
    const INNER: f64 = 0.5;
    let fold = |x: f64, y: f64, nx: f64, ny: f64| {
        let beyond = 2.0 * (nx * x + ny * y).max(0.0);
        (x - beyond * nx, y - beyond * ny)
    };
    let (x, y) = fold(x.abs(), y, C36, -S36);
    let (x, y) = fold(x, y, -C36, -S36);
    let x = x.abs();
    // The edge from the outer corner (0, OUTER) to the inner corner at 36 degrees.
    let (ex, ey) = (INNER * S36, INNER * C36 - OUTER);
    let norm = length(ex, ey);
    ((y - OUTER) * ex - x * ey) / norm
}

/// A five-lobed blossom around radius 0.85.
pub(crate) fn blossom(x: f64, y: f64) -> f64 {
    let r = length(x, y).max(1e-9);
    let (c, s) = (x / r, y / r);
    // cos of five times the angle, by de Moivre.
    let c5 = c * (c * c * c * c - 10.0 * c * c * s * s + 5.0 * s * s * s * s);
    (r - (0.8 + 0.25 * c5)) * 0.75
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_an_inside_and_an_outside() {
        let shapes: [(&str, Distance, (f64, f64)); 9] = [
            ("disc", disc, (0.0, 0.0)),
            ("ring", ring, (0.74, 0.0)),
            ("triangle", triangle, (0.0, 0.0)),
            ("square", square, (0.0, 0.0)),
            ("cross", cross, (0.0, 0.0)),
            ("bar", bar, (0.9, 0.0)),
            ("crescent", crescent, (-0.6, 0.0)),
            ("star", star, (0.0, 0.0)),
            ("blossom", blossom, (0.3, 0.0)),
        ];
        for (name, distance, (x, y)) in shapes {
            assert!(distance(x, y) < 0.0, "{name} has an inside");
            for (x, y) in [(1.6, 0.0), (0.0, 1.6), (-1.6, 0.0), (0.0, -1.6)] {
                assert!(distance(x, y) > 0.0, "{name} ends before ({x}, {y})");
            }
        }
    }

    #[test]
    fn the_star_has_five_equal_points() {
        for point in 0..5 {
            let angle = std::f64::consts::TAU * (0.25 + f64::from(point) / 5.0);
            let at = |angle: f64, radius: f64| star(radius * angle.cos(), radius * angle.sin());
            assert!(at(angle, 1.15).abs() < 1e-9, "point {point} touches radius 1.15");
            let between = angle + std::f64::consts::TAU / 10.0;
            assert!(at(between, 0.5).abs() < 1e-9, "the corner after point {point} touches radius 0.5");
        }
    }
}
