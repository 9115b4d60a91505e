//! A kernel compiled once for every set of instructions, and the choice between them at run time.

/// A method of [`Instructions`](super::Instructions) that runs a kernel as compiled for the machine.
macro_rules! dispatch {
    (
        $(#[$doc:meta])*
        $visibility:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?);
        avx512 $avx512:expr, avx2 $avx2:expr, neon $neon:expr, portable $portable:expr
    ) => {
        impl $crate::network::kernels::Instructions {
            $(#[$doc])*
            $visibility fn $name(self, $($argument: $type),*) {
                use $crate::network::kernels::InstructionPath;
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,popcnt")]
                #[inline(never)]
                fn avx512($($argument: $type),*) {
                    $avx512($($argument),*);
                }
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx2,fma")]
                #[inline(never)]
                fn avx2($($argument: $type),*) {
                    $avx2($($argument),*);
                }
                #[cfg(target_arch = "aarch64")]
                #[inline(never)]
                fn neon($($argument: $type),*) {
                    $neon($($argument),*);
                }
                #[inline(never)]
                fn portable($($argument: $type),*) {
                    $portable($($argument),*);
                }
                match self.path() {
                    // SAFETY: an `Instructions` exists only if the machine has the instructions of its path.
                    #[cfg(target_arch = "x86_64")]
                    InstructionPath::Avx512 => unsafe { avx512($($argument),*) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    InstructionPath::Avx2 => unsafe { avx2($($argument),*) },
                    #[cfg(target_arch = "aarch64")]
                    InstructionPath::Neon => neon($($argument),*),
                    _ => portable($($argument),*),
                }
            }
        }
    };
}

pub(super) use dispatch;
