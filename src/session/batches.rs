//! Which images make up which batch.

use rand::seq::SliceRandom;

use crate::network::random::{Purpose, stream};

/// The order in which a session sees its training images: shuffled in each epoch, each image at most once per epoch,
/// an incomplete last batch dropped. A batch depends on the seed and the iteration only, so an interrupted session can
/// resume at any iteration.
#[derive(Debug)]
pub(crate) struct Batches {
    seed: u64,
    batch: usize,
    order: Vec<u32>,
    epoch: Option<u64>,
}

impl Batches {
    /// Batches of `batch` out of `images` images; `batch` is between 1 and `images`.
    pub(crate) fn new(seed: u64, images: usize, batch: usize) -> Self {
        let images =
            u32::try_from(images).expect("a data set of 32 x 32 pictures in memory has fewer than 2^32");
        Self { seed, batch, order: (0..images).collect(), epoch: None }
    }

    /// The images of the batch of optimiser step `iteration`, counted from 0.
    pub(crate) fn indices(&mut self, iteration: u64) -> &[u32] {
        let an_epoch = (self.order.len() / self.batch) as u64;
        let epoch = iteration / an_epoch;
        if self.epoch != Some(epoch) {
            for (value, index) in self.order.iter_mut().zip(0..) {
                *value = index;
            }
            self.order.shuffle(&mut stream(self.seed, Purpose::Batches, epoch));
            self.epoch = Some(epoch);
        }
        let start = (iteration % an_epoch) as usize * self.batch;
        &self.order[start..start + self.batch]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_shows_every_image_once_and_drops_the_short_batch() {
        let mut batches = Batches::new(7, 23, 5);
        let mut seen: Vec<u32> = (0..4).flat_map(|i| batches.indices(i).to_vec()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 20);
        assert_ne!(
            batches.indices(0).to_vec(),
            batches.indices(4).to_vec(),
            "the next epoch has another order"
        );
    }

    #[test]
    fn a_batch_does_not_depend_on_the_ones_asked_for_before() {
        let mut one_by_one = Batches::new(3, 100, 7);
        let last = (0..40).map(|i| one_by_one.indices(i).to_vec()).next_back().unwrap();
        assert_eq!(Batches::new(3, 100, 7).indices(39), last);
    }
}
