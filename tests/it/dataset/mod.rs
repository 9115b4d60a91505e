//! The data sets through the public interface.

mod archive;
mod cifar;
mod damaged;
mod download;
mod fixture;
mod folder;
mod orientation;
mod parts;
mod pictures;
mod python;
mod sample;
mod server;
mod synthetic;
mod together;
mod trust;
mod unpack;

/// The environment variable that names the folder of CIFAR-10.
const CIFAR10_VARIABLE: &str = "SOFTNESS_CIFAR10";
