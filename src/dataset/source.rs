//! Where the pixels of a data set come from.

/// What a data set is, so that reports and findings can say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// CIFAR-10 as its authors published it: unpacked by `fetch` from the archive with the
    /// published checksum, and unchanged since.
    Cifar10Original,
    /// The copy of CIFAR-10 whose labels and order are original, and whose images but the first
    /// 1,000 of each file went through JPEG once.
    Cifar10PartlyJpeg,
    /// All labels, the order and the first 1,000 images of each file are CIFAR-10's; the other
    /// 54,000 images were not checked, since nothing records the archive they came from.
    Cifar10Unverified,
    /// Files in the form of CIFAR-10's binary version, with other images.
    Cifar10Format,
    /// A folder with one sub-folder for each class.
    ImageFolder,
    /// Drawn by [`Dataset::synthetic`](super::Dataset::synthetic).
    Synthetic,
    /// Put together by the program itself with [`Dataset::new`](super::Dataset::new).
    Memory,
}

impl Source {
    /// Whether the images, the labels and the order are CIFAR-10's, compressed or not.
    pub fn is_cifar10(self) -> bool {
        matches!(self, Self::Cifar10Original | Self::Cifar10PartlyJpeg | Self::Cifar10Unverified)
    }
}
