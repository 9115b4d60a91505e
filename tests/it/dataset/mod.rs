//! The data sets through the public interface.

mod archive;
mod cifar;
mod download;
mod fixture;
mod folder;
mod parts;
mod pictures;
mod sample;
mod server;
mod synthetic;
mod together;
mod trust;
mod unpack;

/// The environment variable that names the folder of CIFAR-10.
const CIFAR10_VARIABLE: &str = "SOFTNESS_CIFAR10";
