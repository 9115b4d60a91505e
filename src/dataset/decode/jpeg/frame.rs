//! What the header of a JPEG picture says of its components and blocks.

/// One component: brightness, or one of the colours.
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks of each unit of an interleaved scan, across and down.
    pub(super) sampling: (usize, usize),
    /// Blocks of a scan of this component alone, across and down.
    blocks: (usize, usize),
    /// Blocks of a row with those that only fill the last unit.
    pub(super) stride: usize,
    /// For each block, the coefficients that are known not to be zero. Empty if the picture is not progressive.
    pub(super) known: Vec<u64>,
    /// The lowest bit that was sent of each coefficient; [`NOTHING`] if there was none.
    pub(super) low: [u8; 64],
}

/// In [`Component::low`]: the coefficient was not sent.
const NOTHING: u8 = u8::MAX;

/// The components of a picture.
pub(super) struct Frame {
    pub(super) progressive: bool,
    pub(super) components: Vec<Component>,
    /// Units of an interleaved scan, across and down.
    units: (usize, usize),
}

/// The units of a scan.
pub(super) struct Units {
    pub(super) across: usize,
    pub(super) down: usize,
    /// Whether each unit is one block of the only component.
    pub(super) single: bool,
}

impl Frame {
    /// From the content of a frame header. `None` if it makes no sense, or its blocks need more than `memory` bytes.
    pub(super) fn new(header: &[u8], progressive: bool, memory: u64) -> Option<Self> {
        let [_, high, low, wide, narrow, count, rest @ ..] = header else { return None };
        let height = usize::from(u16::from_be_bytes([*high, *low]));
        let width = usize::from(u16::from_be_bytes([*wide, *narrow]));
        let (parts, _) = rest.as_chunks::<3>();
        let parts = parts.get(..usize::from(*count)).filter(|parts| (1..=4).contains(&parts.len()))?;
        let sampling = |part: &[u8; 3]| (usize::from(part[1] >> 4), usize::from(part[1] & 15));
        let fits = |part| matches!(sampling(part), (1..=4, 1..=4));
        if width == 0 || height == 0 || !parts.iter().all(fits) {
            return None;
        }
        let most_across = parts.iter().map(|part| sampling(part).0).max()?;
        let most_down = parts.iter().map(|part| sampling(part).1).max()?;
        let units = (width.div_ceil(8 * most_across), height.div_ceil(8 * most_down));
        let blocks: usize =
            parts.iter().map(sampling).map(|(across, down)| units.0 * units.1 * across * down).sum();
        if progressive && (size_of::<u64>() * blocks) as u64 > memory {
            return None;
        }
        let component = |part: &[u8; 3]| {
            let (across, down) = sampling(part);
            let blocks =
                ((width * across).div_ceil(8 * most_across), (height * down).div_ceil(8 * most_down));
            let stride = units.0 * across;
            let known = if progressive { vec![0; stride * units.1 * down] } else { Vec::new() };
            Component { id: part[0], sampling: (across, down), blocks, stride, known, low: [NOTHING; 64] }
        };
        Some(Self { progressive, components: parts.iter().map(component).collect(), units })
    }

    /// The units of a scan of these components.
    pub(super) fn units(&self, components: &[(usize, usize, usize)]) -> Units {
        match components {
            [(index, ..)] => {
                let (across, down) = self.components[*index].blocks;
                Units { across, down, single: true }
            }
            _ => Units { across: self.units.0, down: self.units.1, single: false },
        }
    }

    /// Whether every bit of every coefficient was sent.
    pub(super) fn is_complete(&self) -> bool {
        self.components.iter().all(|component| component.low == [0; 64])
    }
}
