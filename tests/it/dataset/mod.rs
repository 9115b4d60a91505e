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
mod unpack;
