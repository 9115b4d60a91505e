//! Every kernel compiled once for every set of instructions, and the choice between them at run time.

use super::instructions::{InstructionPath, Instructions};
use super::kernels::{self, PoolTarget};
use super::patches::PatchList;

/// A method of [`Instructions`] that runs a kernel as compiled for the machine.
macro_rules! dispatch {
    (
        $(#[$doc:meta])*
        fn $name:ident($($argument:ident: $type:ty),* $(,)?);
        avx512 $avx512:expr, avx2 $avx2:expr, neon $neon:expr, portable $portable:expr
    ) => {
        impl Instructions {
            $(#[$doc])*
            pub(super) fn $name(self, $($argument: $type),*) {
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
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
                    // SAFETY: an `Instructions` exists only where the machine has what its path names.
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

macro_rules! dispatch_convolve {
    ($name:ident, $filters:literal, $avx512_rows:literal x $avx512_columns:literal) => {
        dispatch! {
            /// [`kernels::convolve`] for a block of filters.
            fn $name(
                input: &[f32], weights: &[f32], channels: usize, kernel: usize, side: usize,
                maps: &mut [f32],
            );
            avx512 kernels::convolve::<$filters, $avx512_rows, $avx512_columns, true>,
            avx2 kernels::convolve::<$filters, 2, 8, true>,
            neon kernels::convolve::<$filters, 2, 8, true>,
            portable kernels::convolve::<$filters, 2, 4, false>
        }
    };
}

dispatch_convolve!(convolve_4_wide, 4, 2 x 32);
dispatch_convolve!(convolve_6_wide, 6, 2 x 32);
dispatch_convolve!(convolve_4_narrow, 4, 4 x 16);
dispatch_convolve!(convolve_6_narrow, 6, 4 x 16);

macro_rules! dispatch_pool {
    ($name:ident, $side:literal, $half:literal) => {
        dispatch! {
            /// [`kernels::pool`] for one side of the map.
            fn $name(
                map: &[f32], bias: f32, target: PoolTarget, pooled: &mut [f32], offsets: &mut [u32],
            );
            avx512 kernels::pool::<$side, $half>,
            avx2 kernels::pool::<$side, $half>,
            neon kernels::pool::<$side, $half>,
            portable kernels::pool::<$side, $half>
        }
    };
}

dispatch_pool!(pool_32, 32, 16);
dispatch_pool!(pool_16, 16, 8);

macro_rules! dispatch_patches {
    ($sum:ident, $scatter:ident, $rows:literal,
     $avx512:literal, $avx2:literal, $neon:literal, $portable:literal) => {
        dispatch! {
            /// [`kernels::sum_patches`] for one number of rows and lanes.
            fn $sum(list: &PatchList, input: &[f32], stride: usize, grad: &mut [f32], space: usize);
            avx512 kernels::sum_patches::<$rows, $avx512, true>,
            avx2 kernels::sum_patches::<$rows, $avx2, true>,
            neon kernels::sum_patches::<$rows, $neon, true>,
            portable kernels::sum_patches::<$rows, $portable, false>
        }
        dispatch! {
            /// [`kernels::scatter`] for one number of rows and lanes.
            fn $scatter(
                list: &PatchList, weights: &[f32], space: usize, grad_input: &mut [f32], stride: usize,
            );
            avx512 kernels::scatter::<$rows, $avx512, true>,
            avx2 kernels::scatter::<$rows, $avx2, true>,
            neon kernels::scatter::<$rows, $neon, true>,
            portable kernels::scatter::<$rows, $portable, false>
        }
    };
}

// As many lanes as the registers hold; `PatchTile::of` has the same numbers.
dispatch_patches!(sum_patches_5_wide, scatter_5_wide, 5, 80, 16, 16, 8);
dispatch_patches!(sum_patches_3_wide, scatter_3_wide, 3, 80, 32, 32, 16);
dispatch_patches!(sum_patches_1_wide, scatter_1_wide, 1, 80, 80, 80, 40);
dispatch_patches!(sum_patches_5, scatter_5, 5, 16, 16, 16, 8);
dispatch_patches!(sum_patches_3, scatter_3, 3, 16, 16, 16, 8);
dispatch_patches!(sum_patches_1, scatter_1, 1, 16, 16, 16, 8);

dispatch! {
    /// [`kernels::sum`].
    fn sum(values: &[f32], total: &mut f32);
    avx512 kernels::sum::<16>, avx2 kernels::sum::<16>, neon kernels::sum::<16>, portable kernels::sum::<16>
}
