//! Where the pixels of a data set come from.

/// Where the pixels of a data set come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// CIFAR-10 as its authors published it: unpacked by [`Dataset::fetch_cifar10`](super::Dataset::fetch_cifar10) from
    /// the archive with the published checksum, and not changed since.
    Cifar10Original,
    /// A copy of CIFAR-10 with the original labels and order, in which all images except the first 1,000 of each file
    /// went through JPEG once.
    Cifar10PartlyJpeg,
    /// All labels, the order and the first 1,000 images of each file are CIFAR-10's. The other 54,000 images cannot be
    /// verified, since there is no record of the archive that they came from.
    Cifar10Unverified,
    /// Files in the format of CIFAR-10's binary version with other images.
    Cifar10Format,
    /// CIFAR-100, by its files.
    Cifar100,
    /// A folder with one sub-folder per class.
    ImageFolder,
    /// Made by [`Dataset::synthetic`](super::Dataset::synthetic).
    Synthetic,
    /// Made in memory by [`Dataset::new`](super::Dataset::new).
    Memory,
}

impl Source {
    /// Whether the images, labels and order are those of CIFAR-10, compressed or not.
    pub fn is_cifar10(self) -> bool {
        matches!(self, Self::Cifar10Original | Self::Cifar10PartlyJpeg | Self::Cifar10Unverified)
    }
}
