//! Memory that begins at a cache line.

use std::ops::{Deref, DerefMut};

/// Bytes of a cache line, and of the longest vector.
const LINE: usize = 64;

/// A fixed number of values, the first at the beginning of a cache line. A vector that crosses
/// two lines takes twice the time, and without alignment every vector may.
#[derive(Debug)]
pub(in crate::network) struct Aligned {
    memory: Vec<f32>,
    start: usize,
    len: usize,
}

impl Aligned {
    /// `len` zeros.
    pub(in crate::network) fn zeros(len: usize) -> Self {
        let memory = vec![0.0_f32; len + LINE / size_of::<f32>() - 1];
        let start = memory.as_ptr().align_offset(LINE);
        // If the address cannot be aligned, as in an interpreter, only speed is lost.
        let start = if start + len <= memory.len() { start } else { 0 };
        Self { memory, start, len }
    }

    /// A copy of `values`.
    pub(in crate::network) fn copy_of(values: &[f32]) -> Self {
        let mut aligned = Self::zeros(values.len());
        aligned.copy_from_slice(values);
        aligned
    }
}

impl Clone for Aligned {
    fn clone(&self) -> Self {
        Self::copy_of(self)
    }
}

impl Deref for Aligned {
    type Target = [f32];

    #[inline]
    fn deref(&self) -> &[f32] {
        &self.memory[self.start..][..self.len]
    }
}

impl DerefMut for Aligned {
    #[inline]
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.start..][..self.len]
    }
}
