//! [`append`](super::append::append) with AVX2: eight positions of eight maps at a time, of which those taken are moved to the front by
//! a permutation from a table.

use std::arch::x86_64::*;

use super::block::Block;
use super::patch_list::{DEAD, PatchList};
use super::transpose::BLOCK;

/// Positions and maps at a time.
const EIGHT: usize = 8;

/// For each set of lanes, a bit for each, first the lanes in the set and then the others.
static FRONT: [[u8; EIGHT]; 256] = front();

const fn front() -> [[u8; EIGHT]; 256] {
    let mut front = [[0; EIGHT]; 256];
    let mut set = 0;
    while set < 256 {
        let (mut place, mut others, mut lane) = (0, (set as u32).count_ones() as usize, 0);
        while lane < EIGHT {
            if set >> lane & 1 == 1 {
                front[set][place] = lane as u8;
                place += 1;
            } else {
                front[set][others] = lane as u8;
                others += 1;
            }
            lane += 1;
        }
        set += 1;
    }
    front
}

/// [`append`](super::append::append), which has checked the lists.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn append(
    block: &Block,
    first: usize,
    patches: &[u32; BLOCK],
    moves: [u32; 4],
    lists: &mut [PatchList],
) {
    let [stay, right, down, both] = moves;
    // DEAD selects the last of these, which is not taken.
    let moves = _mm256_setr_epi32(stay as i32, right as i32, down as i32, both as i32, 0, 0, 0, 0);
    let dead = _mm256_set1_epi32(i32::from(DEAD));
    for position in [0, EIGHT] {
        // SAFETY: 8 of 16 values are read, from the first or from the ninth on.
        let patches = unsafe { _mm256_loadu_si256(patches.as_ptr().add(position).cast()) };
        for start in [0, EIGHT] {
            let maps = first.max(start)..(first + lists.len()).min(start + EIGHT);
            if maps.is_empty() {
                continue;
            }
            let values = transposed_values(block, position, start);
            let winners = transposed_winners(block, position, start);
            for map in maps {
                let list = &mut lists[map - first];
                debug_assert!(list.len + EIGHT <= list.values.len().min(list.offsets.len()));
                let winner = _mm256_cvtepu8_epi32(winners[map - start]);
                let is_dead = _mm256_castsi256_ps(_mm256_cmpeq_epi32(winner, dead));
                let taken = !_mm256_movemask_ps(is_dead) as usize & 0xff;
                let offsets = _mm256_add_epi32(patches, _mm256_permutevar8x32_epi32(moves, winner));
                // SAFETY: 8 bytes are read.
                let front = unsafe { _mm_loadl_epi64(FRONT[taken].as_ptr().cast()) };
                let front = _mm256_cvtepu8_epi32(front);
                // SAFETY: the list has room for 8 entries behind its last.
                unsafe {
                    let place = list.values.as_mut_ptr().add(list.len);
                    _mm256_storeu_ps(place, _mm256_permutevar8x32_ps(values[map - start], front));
                    let place = list.offsets.as_mut_ptr().add(list.len);
                    _mm256_storeu_si256(place.cast(), _mm256_permutevar8x32_epi32(offsets, front));
                }
                list.len += taken.count_ones() as usize;
            }
        }
    }
}

/// Of eight maps the values at eight positions, each map in a vector.
#[target_feature(enable = "avx2")]
#[inline]
fn transposed_values(block: &Block, position: usize, map: usize) -> [__m256; EIGHT] {
    let mut rows = [_mm256_setzero_ps(); EIGHT];
    for row in 0..EIGHT {
        // SAFETY: 8 values of a row are read.
        rows[row] = unsafe { _mm256_loadu_ps(block.values[position + row][map..map + EIGHT].as_ptr()) };
    }
    let [a, b, c, d, e, f, g, h] = rows;
    let (ab, ab_high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
    let (cd, cd_high) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
    let (ef, ef_high) = (_mm256_unpacklo_ps(e, f), _mm256_unpackhi_ps(e, f));
    let (gh, gh_high) = (_mm256_unpacklo_ps(g, h), _mm256_unpackhi_ps(g, h));
    // Positions 0 to 3 of maps 0 and 4, 1 and 5, 2 and 6, 3 and 7; then positions 4 to 7.
    let near = [
        _mm256_shuffle_ps::<0x44>(ab, cd),
        _mm256_shuffle_ps::<0xee>(ab, cd),
        _mm256_shuffle_ps::<0x44>(ab_high, cd_high),
        _mm256_shuffle_ps::<0xee>(ab_high, cd_high),
    ];
    let far = [
        _mm256_shuffle_ps::<0x44>(ef, gh),
        _mm256_shuffle_ps::<0xee>(ef, gh),
        _mm256_shuffle_ps::<0x44>(ef_high, gh_high),
        _mm256_shuffle_ps::<0xee>(ef_high, gh_high),
    ];
    let mut maps = [_mm256_setzero_ps(); EIGHT];
    for index in 0..4 {
        maps[index] = _mm256_permute2f128_ps::<0x20>(near[index], far[index]);
        maps[index + 4] = _mm256_permute2f128_ps::<0x31>(near[index], far[index]);
    }
    maps
}

/// The same of the winners, each map in the first eight bytes of a vector.
#[target_feature(enable = "avx2")]
#[inline]
fn transposed_winners(block: &Block, position: usize, map: usize) -> [__m128i; EIGHT] {
    let mut rows = [_mm_setzero_si128(); EIGHT];
    for row in 0..EIGHT {
        let bytes = &block.winners[position + row][map..map + EIGHT];
        // SAFETY: 8 bytes are read.
        rows[row] = unsafe { _mm_loadl_epi64(bytes.as_ptr().cast()) };
    }
    let [a, b, c, d, e, f, g, h] = rows;
    let (ab, cd) = (_mm_unpacklo_epi8(a, b), _mm_unpacklo_epi8(c, d));
    let (ef, gh) = (_mm_unpacklo_epi8(e, f), _mm_unpacklo_epi8(g, h));
    let (near, near_high) = (_mm_unpacklo_epi16(ab, cd), _mm_unpackhi_epi16(ab, cd));
    let (far, far_high) = (_mm_unpacklo_epi16(ef, gh), _mm_unpackhi_epi16(ef, gh));
    let pairs = [
        _mm_unpacklo_epi32(near, far),
        _mm_unpackhi_epi32(near, far),
        _mm_unpacklo_epi32(near_high, far_high),
        _mm_unpackhi_epi32(near_high, far_high),
    ];
    let mut maps = [_mm_setzero_si128(); EIGHT];
    for index in 0..4 {
        maps[2 * index] = pairs[index];
        maps[2 * index + 1] = _mm_unpackhi_epi64(pairs[index], pairs[index]);
    }
    maps
}
