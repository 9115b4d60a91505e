//! Which instructions of the processor the convolutions are compiled for, chosen at run time.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// The set of instructions that the convolutions use.
///
/// Results differ between sets in the last bits, since sums are taken in another order and with or
/// without fused multiply-add; within one set they are the same from run to run and from machine to
/// machine. It therefore belongs to the record of every session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InstructionPath {
    /// x86-64 with AVX-512 (F, VL, BW, DQ): rows of 16 values, fused multiply-add.
    Avx512,
    /// x86-64 with AVX2 and FMA: rows of 8 values, fused multiply-add.
    Avx2,
    /// 64-bit ARM, whose NEON is always there: rows of 4 values, fused multiply-add.
    Neon,
    /// What every processor of the compiled target has; multiplication and addition are rounded
    /// one after the other.
    Portable,
}

impl InstructionPath {
    /// Every path, the widest first.
    pub const ALL: [Self; 4] = [Self::Avx512, Self::Avx2, Self::Neon, Self::Portable];

    /// The widest path that this machine has.
    pub fn detect() -> Self {
        Self::ALL.into_iter().find(|path| path.is_available()).unwrap_or(Self::Portable)
    }

    /// Whether this machine has the instructions.
    pub fn is_available(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && Self::Avx2.is_available()
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            Self::Neon => cfg!(target_arch = "aarch64"),
            Self::Portable => true,
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx512 | Self::Avx2 => false,
        }
    }

    /// The name in records and options: `avx512`, `avx2`, `neon` or `portable`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Avx512 => "avx512",
            Self::Avx2 => "avx2",
            Self::Neon => "neon",
            Self::Portable => "portable",
        }
    }

    /// Checks that this machine has the instructions.
    pub(crate) fn check(self) -> Result<Instructions> {
        if self.is_available() {
            return Ok(Instructions(self));
        }
        let available: Vec<_> =
            Self::ALL.into_iter().filter(|path| path.is_available()).map(Self::name).collect();
        let requirement = format!("this machine does not have it; it has {}", available.join(" and "));
        Err(Error::option("instruction path", self, requirement))
    }
}

impl fmt::Display for InstructionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for InstructionPath {
    type Err = Error;

    /// Reads a [`name`](InstructionPath::name); whether the machine has it is checked where it is used.
    fn from_str(text: &str) -> Result<Self> {
        let names = Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|path| path.name() == text)
            .ok_or_else(|| Error::option("instruction path", text, format!("it must be one of {names}")))
    }
}

/// An [`InstructionPath`] that this machine has: made by [`InstructionPath::check`] alone, which is
/// what makes it safe to run what is compiled for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instructions(InstructionPath);

impl Instructions {
    /// Those of the widest path, for what comes out the same on every path.
    pub fn widest() -> Self {
        Self(InstructionPath::detect())
    }

    /// The path.
    pub fn path(self) -> InstructionPath {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for path in InstructionPath::ALL {
            assert_eq!(path.name().parse::<InstructionPath>().unwrap(), path);
        }
    }

    #[test]
    fn an_unknown_name_is_an_error_that_lists_the_known_ones() {
        let error = "avx1024".parse::<InstructionPath>().unwrap_err().to_string();
        assert!(error.contains("avx1024") && error.contains("avx512, avx2, neon, portable"), "{error}");
    }

    #[test]
    fn what_is_detected_is_available_and_the_portable_path_always_is() {
        assert!(InstructionPath::detect().is_available());
        assert!(InstructionPath::Portable.is_available());
    }

    #[test]
    fn a_path_of_another_processor_is_an_error_that_names_those_of_this_one() {
        let foreign =
            if cfg!(target_arch = "aarch64") { InstructionPath::Avx2 } else { InstructionPath::Neon };
        let error = foreign.check().unwrap_err().to_string();
        assert!(error.contains(foreign.name()) && error.contains("portable"), "{error}");
    }
}
