//! The patches under a square kernel with stride 1 and zeros outside the image, as a matrix.

/// The sizes of an image (channels, height, width) and of the kernel's side, which is odd.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patches {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub kernel: usize,
}

impl Patches {
    /// Rows of the matrix: channels x k x k.
    pub(super) fn depth(self) -> usize {
        self.channels * self.kernel * self.kernel
    }

    /// Columns of the matrix: height x width.
    pub(super) fn places(self) -> usize {
        self.height * self.width
    }

    /// Writes the matrix (channels x k x k, height x width) of `image`: each row is one channel, shifted.
    pub(super) fn gather(self, image: &[f32], matrix: &mut [f32]) {
        matrix.fill(0.0);
        self.each_run(|from, to, length| {
            matrix[to..to + length].copy_from_slice(&image[from..from + length]);
        });
    }

    /// Adds every value of `matrix` to the value of `image` that [`gather`](Self::gather) copies it from.
    pub(super) fn scatter(self, matrix: &[f32], image: &mut [f32]) {
        self.each_run(|from, to, length| {
            let sums = image[from..from + length].iter_mut();
            sums.zip(&matrix[to..to + length]).for_each(|(sum, value)| *sum += value);
        });
    }

    /// Calls `act` with the start in the image, the start in the matrix and the length of each run of neighbours that
    /// lies inside the image.
    fn each_run(self, mut act: impl FnMut(usize, usize, usize)) {
        let Self { height, width, kernel, .. } = self;
        let half = kernel / 2;
        for row in 0..self.depth() {
            let (channel, down, right) = (row / (kernel * kernel), row / kernel % kernel, row % kernel);
            // The column of the map whose patch starts inside the image, and the first whose patch does not.
            let (left, end) = (half.saturating_sub(right), (width + half).saturating_sub(right).min(width));
            if left >= end {
                continue;
            }
            for y in half.saturating_sub(down)..(height + half).saturating_sub(down).min(height) {
                let from = (channel * height + y + down - half) * width + left + right - half;
                act(from, row * self.places() + y * width + left, end - left);
            }
        }
    }
}
