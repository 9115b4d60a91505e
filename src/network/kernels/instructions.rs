//! The sets of processor instructions that the kernels are compiled for, and the choice between them at run time.

use crate::error::{Error, Result};
use crate::names::names;

/// The set of processor instructions that the kernels use.
///
/// Results of different sets differ in the last bits, because the order of sums differs and so does the use of fused
/// multiply-add. Results of the same set are bit-identical in every run and on every machine. The set is therefore part of the
/// record of every session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InstructionPath {
    /// x86-64 with AVX-512 (F, VL, BW, DQ): rows of 16 values, fused multiply-add.
    Avx512,
    /// x86-64 with AVX2 and FMA: rows of 8 values, fused multiply-add.
    Avx2,
    /// 64-bit ARM, which always has NEON: rows of 4 values, fused multiply-add.
    Neon,
    /// The instructions that every processor of the compiled target has. Products and sums are rounded separately.
    Portable,
}

// The widest first.
names!(InstructionPath, "instruction path", { Avx512: "avx512", Avx2: "avx2", Neon: "neon", Portable: "portable" });

impl InstructionPath {
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
                    && is_x86_feature_detected!("popcnt")
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

    /// Checks that this machine has the instructions.
    pub(crate) fn check(self) -> Result<Instructions> {
        let available: Vec<_> =
            Self::ALL.into_iter().filter(|path| path.is_available()).map(Self::name).collect();
        let requirement = format!("this machine does not have it; it has {}", available.join(" and "));
        Error::require(self.is_available(), "instruction path", self, requirement)?;
        Ok(Instructions(self))
    }
}

/// An [`InstructionPath`] that this machine has. Only [`InstructionPath::check`] and [`Instructions::widest`] make it, so it is
/// safe to run code that is compiled for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instructions(InstructionPath);

impl Instructions {
    /// Those of the widest path, for results that are the same on every path.
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
