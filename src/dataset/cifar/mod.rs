//! CIFAR-10's binary version (A. Krizhevsky, *Learning Multiple Layers of Features from Tiny Images*, 2009;
//! <https://www.cs.toronto.edu/~kriz/cifar.html>).
//!
//! `layout` knows the files, `marker` the record of where they came from, `reader` makes a data set of them. Each uses those
//! before it.

pub(crate) mod layout;
pub(crate) mod marker;
mod reader;
