//! Following the blocks of a scan without computing pixels.

use super::bits::{Bits, Codes, Trouble};
use super::frame::{Component, Frame, Units};

/// What the header of a scan says.
pub(super) struct Scan {
    /// Index of the component, its DC table and its AC table.
    pub(super) components: Vec<(usize, usize, usize)>,
    /// The first and the last coefficient.
    pub(super) band: (u8, u8),
    /// The bit that was sent before, if any, and the one that is sent now.
    pub(super) high: u8,
    pub(super) low: u8,
}

/// The Huffman tables, DC and AC.
pub(super) type Tables = [[Option<Codes>; 4]; 2];

/// What went wrong in a scan, and after how many of its blocks.
pub(super) struct Failure {
    pub(super) trouble: Trouble,
    pub(super) done: usize,
    pub(super) total: usize,
}

impl Scan {
    /// Follows the scan that begins at `at`, and gives the place after it. `interval` is that of restart markers, 0 for
    /// none.
    pub(super) fn follow(
        &self,
        frame: &mut Frame,
        tables: &Tables,
        interval: usize,
        (bytes, mut at): (&[u8], usize),
    ) -> Result<usize, Failure> {
        let units = frame.units(&self.components);
        let total = units.across * units.down;
        let (mut bits, mut run) = (Bits::new(bytes, at), 0);
        for unit in 0..total {
            let failed = |trouble| Failure { trouble, done: unit, total };
            if interval > 0 && unit > 0 && unit % interval == 0 {
                at = bits.finish().map_err(failed)?;
                let expected = 0xD0 + (unit / interval - 1) as u8 % 8;
                match bytes.get(at..at + 2) {
                    Some(&[0xFF, marker]) if marker == expected => at += 2,
                    Some(&[0xFF, 0xD0..=0xD7]) => return Err(failed(Trouble::Nonsense)),
                    _ => return Err(failed(Trouble::Ends)),
                }
                (bits, run) = (Bits::new(bytes, at), 0);
            }
            self.unit(frame, tables, &units, unit, &mut bits, &mut run).map_err(failed)?;
        }
        let failed = |trouble| Failure { trouble, done: total, total };
        // A run of empty blocks ends with the scan.
        let end = if run == 0 { bits.finish() } else { Err(Trouble::Nonsense) };
        self.components.iter().for_each(|&(index, ..)| {
            let (from, to) = self.band;
            frame.components[index].low[usize::from(from)..=usize::from(to)].fill(self.low);
        });
        end.map_err(failed)
    }

    /// The blocks that are coded together: one if the scan has one component, else those of all components at one place.
    fn unit(
        &self,
        frame: &mut Frame,
        tables: &Tables,
        units: &Units,
        unit: usize,
        bits: &mut Bits,
        run: &mut u32,
    ) -> Result<(), Trouble> {
        let (row, column) = (unit / units.across, unit % units.across);
        for &(index, dc, ac) in &self.components {
            let (wide, high) = if units.single { (1, 1) } else { frame.components[index].sampling };
            for block in 0..wide * high {
                let (row, column) = (row * high + block / wide, column * wide + block % wide);
                let component = &mut frame.components[index];
                let place = row * component.stride + column;
                if frame.progressive {
                    self.progressive(component, place, tables, (dc, ac), bits, run)?;
                } else {
                    sequential(codes(tables, 0, dc)?, codes(tables, 1, ac)?, bits)?;
                }
            }
        }
        Ok(())
    }

    fn progressive(
        &self,
        component: &mut Component,
        place: usize,
        tables: &Tables,
        (dc, ac): (usize, usize),
        bits: &mut Bits,
        run: &mut u32,
    ) -> Result<(), Trouble> {
        match (self.band.0, self.high) {
            (0, 0) => constant(codes(tables, 0, dc)?, bits),
            (0, _) => bits.take(1).map(|_| ()),
            (_, high) => {
                let known = component.known.get_mut(place).ok_or(Trouble::Nonsense)?;
                let codes = codes(tables, 1, ac)?;
                let refine = if high == 0 { first } else { again };
                refine(codes, bits, self.band, known, run)
            }
        }
    }
}

fn codes(tables: &Tables, kind: usize, index: usize) -> Result<&Codes, Trouble> {
    tables[kind].get(index).and_then(Option::as_ref).ok_or(Trouble::Nonsense)
}

/// The constant part (DC) of a block.
fn constant(codes: &Codes, bits: &mut Bits) -> Result<(), Trouble> {
    match bits.symbol(codes)? {
        size @ 0..=16 => bits.take(size).map(|_| ()),
        _ => Err(Trouble::Nonsense),
    }
}

/// A block of a picture that is not progressive.
fn sequential(dc: &Codes, ac: &Codes, bits: &mut Bits) -> Result<(), Trouble> {
    constant(dc, bits)?;
    let mut k = 1;
    while k < 64 {
        let symbol = bits.symbol(ac)?;
        let (zeros, size) = (symbol >> 4, symbol & 15);
        match (zeros, size) {
            (15, 0) => k += 16,
            (_, 0) => return Ok(()),
            _ => {
                k += zeros + 1;
                bits.take(size)?;
            }
        }
    }
    if k == 64 { Ok(()) } else { Err(Trouble::Nonsense) }
}

/// The length of a run of blocks without further coefficients, with this block.
fn run_length(size: u8, bits: &mut Bits) -> Result<u32, Trouble> {
    Ok((1 << size) + bits.take(size)?)
}

/// The first bits of coefficients. `known` gets the coefficients that are not zero.
fn first(
    codes: &Codes,
    bits: &mut Bits,
    (from, to): (u8, u8),
    known: &mut u64,
    run: &mut u32,
) -> Result<(), Trouble> {
    if *run > 0 {
        *run -= 1;
        return Ok(());
    }
    let mut k = from;
    while k <= to {
        let symbol = bits.symbol(codes)?;
        match (symbol >> 4, symbol & 15) {
            (15, 0) => k += 16,
            (size, 0) => {
                *run = run_length(size, bits)? - 1;
                return Ok(());
            }
            (zeros, size) => {
                k += zeros;
                if k > to {
                    return Err(Trouble::Nonsense);
                }
                bits.take(size)?;
                *known |= 1 << k;
                k += 1;
            }
        }
    }
    if k == to + 1 { Ok(()) } else { Err(Trouble::Nonsense) }
}

/// One more bit of each coefficient. `known` is what was not zero before, and gets what is new.
fn again(
    codes: &Codes,
    bits: &mut Bits,
    (from, to): (u8, u8),
    known: &mut u64,
    run: &mut u32,
) -> Result<(), Trouble> {
    let mut k = from;
    while *run == 0 && k <= to {
        let symbol = bits.symbol(codes)?;
        let (mut zeros, size) = (symbol >> 4, symbol & 15);
        match (zeros, size) {
            (15, 0) => {}
            (size, 0) => {
                *run = run_length(size, bits)?;
                break;
            }
            (_, 1) => {
                bits.take(1)?;
            }
            _ => return Err(Trouble::Nonsense),
        }
        // Over `zeros` coefficients that are still zero, and a bit for each of the others on the way.
        while k <= to {
            if *known >> k & 1 == 1 {
                bits.take(1)?;
            } else if zeros == 0 {
                break;
            } else {
                zeros -= 1;
            }
            k += 1;
        }
        if k > to {
            return Err(Trouble::Nonsense);
        }
        if size == 1 {
            *known |= 1 << k;
        }
        k += 1;
    }
    if *run > 0 {
        let others = *known & (u64::MAX << k) & (u64::MAX >> (63 - to));
        (0..others.count_ones()).try_for_each(|_| bits.take(1).map(|_| ()))?;
        *run -= 1;
    }
    Ok(())
}
