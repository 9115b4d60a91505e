//! Backgrounds whose amplitude spectrum falls as 1/f, as that of natural scenes does (D. J. Field,
//! *Relations between the statistics of natural images and the response properties of cortical
//! cells*, J. Opt. Soc. Am. A 4, 1987).

use crate::dataset::random::Random;

/// Side of a plane, a power of two. Large compared to a picture, so that crops rarely repeat.
pub(crate) const PLANE: usize = 256;

/// A periodic grey texture with amplitude 1/f, mean 0 and standard deviation 1, (PLANE, PLANE).
#[derive(Debug, Clone)]
pub(crate) struct Texture(Vec<f64>);

impl Texture {
    /// Two independent textures, the real and the imaginary part of one transform of random phases.
    pub(crate) fn pair(random: &mut Random) -> [Self; 2] {
        let frequency =
            |index: usize| if index <= PLANE / 2 { index as f64 } else { index as f64 - PLANE as f64 };
        let mut field = vec![(0.0, 0.0); PLANE * PLANE];
        for (position, value) in field.iter_mut().enumerate() {
            let (fy, fx) = (frequency(position / PLANE), frequency(position % PLANE));
            let (cos, sin) = random.direction();
            let squared = fy * fy + fx * fx;
            if squared > 0.0 {
                let amplitude = 1.0 / squared.sqrt();
                *value = (amplitude * cos, amplitude * sin);
            }
        }
        transform_plane(&mut field);
        let normalised = |values: Vec<f64>| {
            let count = values.len() as f64;
            let mean = values.iter().sum::<f64>() / count;
            let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
            let sd = variance.sqrt();
            Self(values.into_iter().map(|value| (value - mean) / sd).collect())
        };
        let (real, imaginary) = field.into_iter().unzip();
        [normalised(real), normalised(imaginary)]
    }

    /// The value at a row and column, both taken modulo the side.
    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.0[(row % PLANE) * PLANE + column % PLANE]
    }
}

/// The two-dimensional discrete Fourier transform (no scaling) of a (PLANE, PLANE) field of
/// (real, imaginary) pairs, in place: rows, then columns.
fn transform_plane(field: &mut [(f64, f64)]) {
    let twiddles: Vec<(f64, f64)> = (0..PLANE / 2)
        .map(|k| std::f64::consts::TAU * k as f64 / PLANE as f64)
        .map(|angle| (libm::cos(angle), libm::sin(angle)))
        .collect();
    for row in field.chunks_exact_mut(PLANE) {
        transform_line(row, &twiddles);
    }
    let mut line = vec![(0.0, 0.0); PLANE];
    for column in 0..PLANE {
        for (row, value) in line.iter_mut().enumerate() {
            *value = field[row * PLANE + column];
        }
        transform_line(&mut line, &twiddles);
        for (row, value) in line.iter().enumerate() {
            field[row * PLANE + column] = *value;
        }
    }
}

/// Radix-2 transform of PLANE values with the given powers of exp(2 pi i / PLANE).
fn transform_line(line: &mut [(f64, f64)], twiddles: &[(f64, f64)]) {
    let bits = PLANE.trailing_zeros();
    for index in 0..PLANE {
        let reversed = index.reverse_bits() >> (usize::BITS - bits);
        if index < reversed {
            line.swap(index, reversed);
        }
    }
    let mut half = 1;
    while half < PLANE {
        for block in line.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for (k, (a, b)) in low.iter_mut().zip(high).enumerate() {
                let (cos, sin) = twiddles[k * (PLANE / (2 * half))];
                let turned = (b.0 * cos - b.1 * sin, b.0 * sin + b.1 * cos);
                *b = (a.0 - turned.0, a.1 - turned.1);
                *a = (a.0 + turned.0, a.1 + turned.1);
            }
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transform_of_one_wave_is_one_peak() {
        // Row frequency 3, column frequency 5: exp(-2 pi i (3 y + 5 x) / PLANE).
        let mut field: Vec<(f64, f64)> = (0..PLANE * PLANE)
            .map(|p| (3 * (p / PLANE) + 5 * (p % PLANE)) as f64 / PLANE as f64 * -std::f64::consts::TAU)
            .map(|angle| (angle.cos(), angle.sin()))
            .collect();
        transform_plane(&mut field);
        for (position, (real, imaginary)) in field.iter().enumerate() {
            let expected = if position == 3 * PLANE + 5 { (PLANE * PLANE) as f64 } else { 0.0 };
            assert!((real - expected).abs() < 1e-6 && imaginary.abs() < 1e-6, "at {position}");
        }
    }

    #[test]
    fn the_amplitude_of_a_texture_falls_as_one_over_the_frequency() {
        let [first, second] = Texture::pair(&mut Random::new(b"test spectrum   ", 3, 0));
        for texture in [first, second] {
            let slope = amplitude_slope(&texture);
            // More than four times the standard error, 0.007, that the number of waves in each ring leaves.
            assert!((slope + 1.0).abs() < 0.03, "{slope}");
        }
    }

    /// The least-squares slope of ln amplitude on ln frequency, over rings one cycle wide; the
    /// amplitude of a ring is the root of its mean power.
    fn amplitude_slope(texture: &Texture) -> f64 {
        let mut field: Vec<(f64, f64)> = texture.0.iter().map(|&value| (value, 0.0)).collect();
        transform_plane(&mut field);
        let mut rings = vec![(0.0, 0.0); PLANE / 2];
        for (position, (real, imaginary)) in field.iter().enumerate() {
            let wrapped = |index: usize| index.min(PLANE - index) as f64;
            let frequency = wrapped(position / PLANE).hypot(wrapped(position % PLANE)).round() as usize;
            if let Some((power, count)) = rings.get_mut(frequency) {
                *power += real * real + imaginary * imaginary;
                *count += 1.0;
            }
        }
        // From 4 cycles a plane on: below, a ring holds too few waves.
        let points: Vec<(f64, f64)> = (4..rings.len())
            .map(|frequency| ((frequency as f64).ln(), (rings[frequency].0 / rings[frequency].1).sqrt().ln()))
            .collect();
        let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
        let (x, y) = (mean(|point| point.0), mean(|point| point.1));
        let covariance: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
        covariance / points.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>()
    }
}
