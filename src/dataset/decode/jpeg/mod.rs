//! Whether a JPEG file is whole.
//!
//! Decoders fill what is missing of a cut or damaged file with grey, and such a picture looks softer than it is. So each
//! scan is followed code by code to its last block (ITU-T T.81), without computing pixels. What is found: data that end
//! early, in any scan; codes that do not exist or lead out of their block; a scan with more data than blocks; restart
//! markers that are missing or out of order; coefficients that were never sent. A missing end marker alone is no damage.
//! A change that leaves every code valid cannot be found: the format has no checksum.
//!
//! `bits` reads codes, `frame` knows the blocks, `scan` follows them.

mod bits;
mod frame;
mod scan;

use bits::{Codes, Trouble};
use frame::Frame;
use scan::{Failure, Scan, Tables};

/// Checks a file that a decoder takes for a JPEG picture, in at most `memory` bytes. The error is what is wrong with it.
pub(super) fn check(bytes: &[u8], memory: u64) -> Result<(), String> {
    let mut reader =
        Reader { bytes, memory, at: 0, frame: None, tables: Tables::default(), interval: 0, scans: 0 };
    while let Some(marker) = reader.next_marker() {
        match marker {
            0x01 | 0xD0..=0xD8 => {}
            0xD9 => break,
            _ => reader.segment(marker)?,
        }
    }
    match reader.frame {
        None => Err("its data end before the picture begins".into()),
        Some(frame) if frame.is_complete() => Ok(()),
        Some(_) if reader.scans == 0 => Err("its data end before the picture begins".into()),
        Some(_) => Err(format!("its data end early: there is nothing after scan {}", reader.scans)),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    memory: u64,
    at: usize,
    frame: Option<Frame>,
    tables: Tables,
    interval: usize,
    scans: usize,
}

impl Reader<'_> {
    /// The next marker, with `at` behind it. Bytes between segments that are no marker are passed over, as decoders do.
    fn next_marker(&mut self) -> Option<u8> {
        loop {
            let start = self.at + self.bytes.get(self.at..)?.iter().position(|&byte| byte == 0xFF)?;
            let fill = self.bytes[start..].iter().position(|&byte| byte != 0xFF)?;
            self.at = start + fill + 1;
            match self.bytes[start + fill] {
                0 => {}
                marker => return Some(marker),
            }
        }
    }

    /// Reads the segment of a marker, and the scan behind it if it begins one.
    fn segment(&mut self, marker: u8) -> Result<(), String> {
        let early = || "its data end early, in a header".to_owned();
        let damaged = || format!("its data are damaged: the header {marker:#04x} makes no sense");
        let length = self.bytes.get(self.at..self.at + 2).ok_or_else(early)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let content = self.bytes.get(self.at + 2..self.at + length.max(2)).ok_or_else(early)?;
        self.at += length.max(2);
        match marker {
            0xC0..=0xC2 => {
                let frame = Frame::new(content, marker == 0xC2, self.memory).filter(|_| self.frame.is_none());
                self.frame = Some(frame.ok_or_else(damaged)?);
            }
            0xC4 => self.define_codes(content).ok_or_else(damaged)?,
            0xDD => {
                let interval = content.first_chunk().ok_or_else(damaged)?;
                self.interval = usize::from(u16::from_be_bytes(*interval));
            }
            0xDA => {
                self.scans += 1;
                self.at = self.scan(content).ok_or_else(damaged)?.map_err(|failure| {
                    let Failure { trouble, done, total } = failure;
                    let (scan, what) = (self.scans, if self.scans == 1 { "picture" } else { "scan" });
                    match trouble {
                        Trouble::Zeros => "its data end early and are filled with zeros".into(),
                        Trouble::Ends => {
                            format!("its data end early: scan {scan} stops after {done} of {total} blocks")
                        }
                        Trouble::Nonsense if done == total => {
                            format!("its data are damaged: scan {scan} has more than its {total} blocks need")
                        }
                        Trouble::Nonsense => format!(
                            "its data are damaged: they make no sense after {done} of {total} blocks of the {what}"
                        ),
                    }
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads Huffman tables.
    fn define_codes(&mut self, mut content: &[u8]) -> Option<()> {
        while let [place, rest @ ..] = content {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let total = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(total)?;
            let table = self.tables.get_mut(usize::from(place >> 4))?.get_mut(usize::from(place & 15))?;
            *table = Some(Codes::new(counts, symbols)?);
            content = rest;
        }
        Some(())
    }

    /// Follows a scan with this header. `None` if the header makes no sense.
    fn scan(&mut self, header: &[u8]) -> Option<Result<usize, Failure>> {
        let frame = self.frame.as_mut()?;
        let (&count, rest) = header.split_first()?;
        let (parts, rest) = rest.split_at_checked(2 * usize::from(count))?;
        let (parts, _) = parts.as_chunks::<2>();
        let component = |&[id, tables]: &[u8; 2]| {
            let index = frame.components.iter().position(|component| component.id == id)?;
            Some((index, usize::from(tables >> 4), usize::from(tables & 15)))
        };
        let components = parts.iter().map(component).collect::<Option<Vec<_>>>()?;
        let &[from, to, bits, ..] = rest else { return None };
        let scan = match frame.progressive {
            false => Scan { components, band: (0, 63), high: 0, low: 0 },
            true => Scan { components, band: (from, to), high: bits >> 4, low: bits & 15 },
        };
        // Of a progressive picture, the constant part comes alone, and the rest of each component by itself.
        let fits = !frame.progressive || (from == 0) == (to == 0) && (from == 0 || count == 1);
        if !(1..=4).contains(&count) || from > to || to > 63 || !fits {
            return None;
        }
        Some(scan.follow(frame, &self.tables, self.interval, (self.bytes, self.at)))
    }
}
