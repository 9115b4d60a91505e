//! The bits of a scan and the Huffman codes in them.

/// Why a scan cannot be followed to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The data end, or a marker comes, before the scan is complete.
    Ends,
    /// There is no such code, or it leads out of its block.
    Nonsense,
    /// The scan goes on as zeros, as in a file that was made in full length and never filled.
    Zeros,
}

/// The most bytes of zeros behind a scan that are taken for padding.
const PADDING: usize = 8;
/// The most bytes of zeros at the end of a file without an end marker. Zeros are codes: they can fill the last blocks.
const TAIL: usize = 64;

/// The codes of one Huffman table.
pub(super) struct Codes {
    /// Length and symbol of every code of up to eight bits, by the next eight bits; length 0: the code is longer.
    short: [(u8, u8); 256],
    /// For each length, the first code after those of this length, to the left in sixteen bits.
    ends: [u32; 17],
    /// For each length, what has to be added to a code to find its symbol.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Codes {
    /// The canonical codes with these numbers of codes per length. `None` if there are more than the length allows.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut codes =
            Self { short: [(0, 0); 256], ends: [0; 17], offsets: [0; 17], symbols: symbols.to_vec() };
        let (mut code, mut first) = (0_u32, 0_usize);
        for (length, &count) in (1..=16_usize).zip(counts) {
            codes.offsets[length] = first as i32 - code as i32;
            for symbol in &symbols[first..first + usize::from(count)] {
                if length <= 8 {
                    let from = (code as usize) << (8 - length);
                    let places = codes.short.get_mut(from..from + (1 << (8 - length)))?;
                    places.fill((length as u8, *symbol));
                }
                code += 1;
            }
            if code > 1 << length {
                return None;
            }
            first += usize::from(count);
            codes.ends[length] = code << (16 - length);
            code <<= 1;
        }
        Some(codes)
    }
}

/// The bits of one scan, or of the part of it up to the next restart marker.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// The next byte that is not in `buffer`.
    at: usize,
    /// The next `count` bits, the last of them lowest.
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, buffer: 0, count: 0 }
    }

    /// Reads bytes up to the next marker as long as there is room. Behind 0xFF, 0 is not data and 0xFF is filling.
    fn fill(&mut self) {
        while self.count <= 48 {
            let Some(&byte) = self.bytes.get(self.at) else { return };
            if byte == 0xFF {
                match self.bytes.get(self.at + 1) {
                    Some(0) => self.at += 1,
                    Some(0xFF) => {
                        self.at += 1;
                        continue;
                    }
                    _ => return,
                }
            }
            self.at += 1;
            self.buffer = self.buffer << 8 | u64::from(byte);
            self.count += 8;
        }
    }

    /// The next `count` bits, at most 16, as a number.
    pub(super) fn take(&mut self, count: u8) -> Result<u32, Trouble> {
        let count = u32::from(count);
        if self.count < count {
            self.fill();
            if self.count < count {
                return Err(Trouble::Ends);
            }
        }
        self.count -= count;
        Ok((self.buffer >> self.count) as u32 & ((1 << count) - 1))
    }

    /// The symbol of the next code.
    pub(super) fn symbol(&mut self, codes: &Codes) -> Result<u8, Trouble> {
        if self.count < 16 {
            self.fill();
        }
        // Zeros stand for the bits after the end; a code that needs them is not whole.
        let next = match self.count {
            16.. => (self.buffer >> (self.count - 16)) as u32 & 0xFFFF,
            few => (self.buffer << (16 - few)) as u32 & 0xFFFF,
        };
        let (length, symbol) = match codes.short[(next >> 8) as usize] {
            (0, _) => {
                let Some(length) = (9..=16).find(|&length| next < codes.ends[length]) else {
                    return Err(if self.count < 16 { Trouble::Ends } else { Trouble::Nonsense });
                };
                let place = (next >> (16 - length)) as i32 + codes.offsets[length];
                let symbol = usize::try_from(place).ok().and_then(|place| codes.symbols.get(place));
                (length as u32, *symbol.ok_or(Trouble::Nonsense)?)
            }
            (length, symbol) => (u32::from(length), symbol),
        };
        self.count = self.count.checked_sub(length).ok_or(Trouble::Ends)?;
        Ok(symbol)
    }

    /// The place of the next marker, if nothing but the rest of a byte and filling lies before it.
    pub(super) fn finish(mut self) -> Result<usize, Trouble> {
        self.count -= self.count % 8;
        let mut zeros = 0;
        loop {
            while self.count >= 8 {
                self.count -= 8;
                // Some encoders pad a scan with whole bytes.
                match (self.buffer >> self.count) as u8 {
                    0 if zeros == PADDING => return Err(Trouble::Zeros),
                    0 => zeros += 1,
                    0xFF => {}
                    _ => return Err(Trouble::Nonsense),
                }
            }
            self.fill();
            if self.count == 0 {
                let tail = self.bytes.iter().rev().take_while(|&&byte| byte == 0).count();
                let is_cut = self.at == self.bytes.len() && tail > TAIL;
                return if is_cut { Err(Trouble::Zeros) } else { Ok(self.at) };
            }
        }
    }
}
