//! Appends a block of pooled maps to their lists, one list for each map.

#[cfg(all(target_arch = "x86_64", not(miri)))]
use super::append_eight;
use super::block::Block;
use super::patch_list::{DEAD, PatchList};
use super::rows::row_mut;
use super::transpose::BLOCK;

/// Appends what is not [`DEAD`] to the lists of the maps from `first` on, with `patches`, the offset at each position, moved
/// as its winner says.
///
/// `AT_ONCE` is the number of positions of which those taken are moved to the front at once: 16 by AVX-512, 8 by AVX2, or 1.
///
/// # Safety
/// The machine must have these instructions.
#[inline(always)]
pub(super) unsafe fn append<const AT_ONCE: usize>(
    block: &Block,
    first: usize,
    patches: &[u32; BLOCK],
    moves: [u32; 4],
    lists: &mut [PatchList],
) {
    assert!(first + lists.len() <= BLOCK);
    for list in &*lists {
        assert!(list.len + BLOCK <= list.offsets.len().min(list.values.len()));
    }
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    match AT_ONCE {
        // SAFETY: the caller promises it.
        16 => return unsafe { compressed::append(block, first, patches, moves, lists) },
        // SAFETY: the caller promises it.
        8 => return unsafe { append_eight::append(block, first, patches, moves, lists) },
        _ => {}
    }
    append_one_by_one(block, first, patches, moves, lists);
}

/// [`append`] without a branch, since half of the entries are taken and the processor cannot predict which: each is
/// written behind the last one taken, and is overwritten if it is not taken.
#[inline(always)]
pub(super) fn append_one_by_one(
    block: &Block,
    first: usize,
    patches: &[u32; BLOCK],
    moves: [u32; 4],
    lists: &mut [PatchList],
) {
    let [_, right, down, _] = moves;
    let mut offsets = [[0_u32; BLOCK]; BLOCK];
    let mut taken = [[0_u32; BLOCK]; BLOCK];
    for position in 0..BLOCK {
        for lane in 0..BLOCK {
            let winner = u32::from(block.winners[position][lane]);
            let (right, down) = ((winner & 1) * right, (winner >> 1 & 1) * down);
            offsets[position][lane] = patches[position] + right + down;
            taken[position][lane] = u32::from(winner != u32::from(DEAD));
        }
    }
    for (map, list) in (first..).zip(lists) {
        let mut len = list.len;
        for position in 0..BLOCK {
            // SAFETY: `append` has checked that there is room for a whole block behind the last entry, and `len` has
            // grown by at most one for each position before this one.
            unsafe {
                *row_mut(&mut list.values, len) = [block.values[position][map]];
                *row_mut(&mut list.offsets, len) = [offsets[position][map]];
            }
            len += taken[position][map] as usize;
        }
        list.len = len;
    }
}

/// With the instructions of AVX-512 that move chosen values to the front, which no plain loop is compiled to.
#[cfg(all(target_arch = "x86_64", not(miri)))]
mod compressed {
    use std::arch::x86_64::*;

    use super::super::transpose::{AtLine, zipped};
    use super::{BLOCK, Block, DEAD, PatchList};

    /// [`append`](super::append), which has checked the lists.
    #[target_feature(enable = "avx512f,avx512bw,popcnt")]
    #[inline]
    pub(super) fn append(
        block: &Block,
        first: usize,
        patches: &[u32; BLOCK],
        moves: [u32; 4],
        lists: &mut [PatchList],
    ) {
        let values = zipped(&block.values);
        let winners = transposed_winners(&block.winners);
        // SAFETY: an array of 16 values is read.
        let patches = unsafe { _mm512_loadu_si512(patches.as_ptr().cast()) };
        let [stay, right, down, both] = moves;
        let moves =
            _mm512_broadcast_i32x4(_mm_setr_epi32(stay as i32, right as i32, down as i32, both as i32));
        for index in 0..lists.len() {
            let (map, list) = (first + index, &mut lists[index]);
            let len = list.len;
            debug_assert!(len + BLOCK <= list.values.len().min(list.offsets.len()));
            let row = &winners.0[map % 4][map / 4];
            // SAFETY: an array of 16 bytes is read.
            let row = unsafe { _mm_loadu_si128(row.as_ptr().cast()) };
            let row = _mm512_cvtepu8_epi32(row);
            let taken = _mm512_cmpneq_epi32_mask(row, _mm512_set1_epi32(i32::from(DEAD)));
            let offsets = _mm512_add_epi32(patches, _mm512_permutexvar_epi32(row, moves));
            // SAFETY: an array of 16 values is read; the list has room for 16 entries behind its last.
            unsafe {
                let values = _mm512_loadu_ps(values.0[map].as_ptr());
                let place = list.values.as_mut_ptr().add(len);
                _mm512_storeu_ps(place, _mm512_maskz_compress_ps(taken, values));
                let place = list.offsets.as_mut_ptr().add(len);
                _mm512_storeu_si512(place.cast(), _mm512_maskz_compress_epi32(taken, offsets));
            }
            list.len = len + taken.count_ones() as usize;
        }
    }

    /// (map mod 4, map / 4, position): as [`zipped`], with four rows in a vector, whose lanes are exchanged in between.
    #[target_feature(enable = "avx512f,avx512bw")]
    #[inline]
    fn transposed_winners(winners: &[[u8; BLOCK]; BLOCK]) -> AtLine<[[[u8; BLOCK]; 4]; 4]> {
        let winners = winners.as_flattened();
        // SAFETY: 64 of 256 bytes are read.
        let load = |start: usize| unsafe { _mm512_loadu_si512(winners[start..start + 64].as_ptr().cast()) };
        let rows = mixed(mixed([load(0), load(64), load(128), load(192)]));
        let [a, b, c, d] = rows;
        // Lane i of vector j becomes lane j of vector i.
        let (ab, ab_high) = (_mm512_shuffle_i32x4::<0x44>(a, b), _mm512_shuffle_i32x4::<0xee>(a, b));
        let (cd, cd_high) = (_mm512_shuffle_i32x4::<0x44>(c, d), _mm512_shuffle_i32x4::<0xee>(c, d));
        let lanes = [
            _mm512_shuffle_i32x4::<0x88>(ab, cd),
            _mm512_shuffle_i32x4::<0xdd>(ab, cd),
            _mm512_shuffle_i32x4::<0x88>(ab_high, cd_high),
            _mm512_shuffle_i32x4::<0xdd>(ab_high, cd_high),
        ];
        let rows = mixed(mixed(lanes));
        let mut transposed = AtLine([[[0; BLOCK]; 4]; 4]);
        for index in 0..4 {
            // SAFETY: an array of 64 bytes is written.
            unsafe { _mm512_storeu_si512(transposed.0[index].as_mut_ptr().cast(), rows[index]) };
        }
        transposed
    }

    /// The bytes of the first and the third vector alternate, and those of the second and the fourth.
    #[target_feature(enable = "avx512bw")]
    #[inline]
    fn mixed([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
        [
            _mm512_unpacklo_epi8(a, c),
            _mm512_unpackhi_epi8(a, c),
            _mm512_unpacklo_epi8(b, d),
            _mm512_unpackhi_epi8(b, d),
        ]
    }
}
