//! A picture with its channels side by side at every pixel.

use super::dispatch::dispatch;
use super::rows::{row, row_mut};

/// Channels of a picture.
const CHANNELS: usize = 3;

/// Pixels that are copied together, of which a row has a multiple.
const PIXELS: usize = 16;

/// Copies a picture, (3, side, side), to pixels of three neighbouring values, (side, side, 3), whose rows begin `stride`
/// values apart.
#[inline(always)]
fn interleave([side, stride]: [usize; 2], picture: &[f32], pixels: &mut [f32]) {
    assert!(side > 0 && side.is_multiple_of(PIXELS));
    assert_eq!(picture.len(), CHANNELS * side * side);
    assert!((side - 1) * stride + CHANNELS * side <= pixels.len());
    for line in 0..side {
        for start in (0..side).step_by(PIXELS) {
            let mut mixed = [0.0_f32; CHANNELS * PIXELS];
            for channel in 0..CHANNELS {
                // SAFETY: channel, line and start + PIXELS lie inside of the picture.
                let plane: &[f32; PIXELS] = unsafe { row(picture, (channel * side + line) * side + start) };
                for pixel in 0..PIXELS {
                    mixed[CHANNELS * pixel + channel] = plane[pixel];
                }
            }
            // SAFETY: the last row was checked.
            *unsafe { row_mut(pixels, line * stride + CHANNELS * start) } = mixed;
        }
    }
}

dispatch! {
    /// Copies a picture, (3, `sizes[0]`, `sizes[0]`), to pixels of three neighbouring values, (`sizes[0]`, `sizes[0]`, 3), whose
    /// rows begin `sizes[1]` values apart.
    ///
    /// # Panics
    /// If the side is not a multiple of 16, or a length does not fit.
    pub(in crate::network) fn interleave(sizes: [usize; 2], picture: &[f32], pixels: &mut [f32]);
    avx512 interleave, avx2 interleave, neon interleave, portable interleave
}
