//! The kernels under [Miri](https://github.com/rust-lang/miri), which finds what is undefined behaviour in their
//! `unsafe` blocks. The crate itself needs 240 others, which takes Miri the better part of an hour; the
//! kernels need none.
//!
//!     cd miri
//!     export MIRIFLAGS=-Zmiri-disable-isolation
//!     cargo +nightly miri test
//!     RUSTFLAGS="-Ctarget-feature=+avx2,+fma" cargo +nightly miri test
//!     RUSTFLAGS="-Ctarget-feature=+avx2,+fma,+avx512f,+avx512bw,+avx512dq,+avx512vl" cargo +nightly miri test
//!
//! The first runs the portable path, the second the one for AVX2 as well, the third all three: the kernels are plain
//! loops, so Miri can follow them whatever they are compiled for. Where AVX-512 has intrinsics (`append.rs`,
//! `sixteen.rs`, `transpose.rs`), Miri runs the loops that they stand for. The first and the third were run with Rust 1.97.0-nightly
//! (2026-05-19): 17 tests each, nothing found, 2 and 9 minutes.

#![allow(dead_code, unused_imports)] // What only the convolutions and the responses call.

/// As much of the crate's errors as the kernels use.
pub mod error {
    /// A sentence.
    #[derive(Debug)]
    pub struct Error(String);

    /// The result of what can fail.
    pub type Result<T> = std::result::Result<T, Error>;

    impl Error {
        pub(crate) fn option(
            option: &str,
            value: impl std::fmt::Display,
            requirement: impl AsRef<str>,
        ) -> Self {
            Self(format!("{option} is {value}, but {}", requirement.as_ref()))
        }

        pub(crate) fn require(
            is_met: bool,
            option: &str,
            value: impl std::fmt::Display,
            requirement: impl AsRef<str>,
        ) -> Result<()> {
            if is_met { Ok(()) } else { Err(Self::option(option, value, requirement)) }
        }
    }

    impl std::fmt::Display for Error {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.0)
        }
    }
}

#[cfg(test)]
#[path = "../tests/it/support/tolerances.rs"]
mod tolerances;

#[path = "../src/names.rs"]
mod names;
pub mod network;
