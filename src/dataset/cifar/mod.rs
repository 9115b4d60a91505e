//! CIFAR-10 and CIFAR-100, binary and Python version (A. Krizhevsky, *Learning Multiple Layers of Features from Tiny
//! Images*, 2009; <https://www.cs.toronto.edu/~kriz/cifar.html>).
//!
//! `layout` knows the files, `place` finds them, `pickle` and `arrays` read Python's, `records` reads the labels and pixels of
//! both versions, `marker` is the record of where they came from, `reader` makes a data set of them. Each uses those before
//! it.

mod arrays;
pub(crate) mod layout;
pub(crate) mod marker;
mod pickle;
pub(crate) mod place;
pub(crate) mod reader;
mod records;
