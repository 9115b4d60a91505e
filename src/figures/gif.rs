//! Pictures that move as GIF, for what does not play APNG.

use std::io::Cursor;

use gif::{DisposalMethod, Encoder, Frame, Repeat};

use super::Animation;
use crate::error::{Error, Result};

impl Animation {
    /// The animation as a GIF file's bytes: the frames of the APNG with its palette, without the poster, over and over.
    pub(super) fn gif(&self) -> Result<Vec<u8>> {
        let mut reader = png::Decoder::new(Cursor::new(self.bytes())).read_info().map_err(Error::drawing)?;
        let info = reader.info();
        let (palette, size) = (info.palette.clone().unwrap_or_default(), [info.width, info.height]);
        let mut pixels = vec![0; size[0] as usize * size[1] as usize];
        let mut bytes = Vec::new();
        let [width, height] = size.map(|length| length as u16);
        let mut encoder = Encoder::new(&mut bytes, width, height, &palette).map_err(Error::drawing)?;
        encoder.set_repeat(Repeat::Infinite).map_err(Error::drawing)?;
        // The first picture is the poster.
        reader.next_frame(&mut pixels).map_err(Error::drawing)?;
        for _ in 0..self.frames() {
            reader.next_frame(&mut pixels).map_err(Error::drawing)?;
            let control = reader.info().frame_control().copied().unwrap_or_default();
            let length = control.width as usize * control.height as usize;
            let frame = Frame {
                // A GIF counts hundredths of a second.
                delay: (100 * u32::from(control.delay_num) / u32::from(control.delay_den)) as u16,
                dispose: DisposalMethod::Keep,
                left: control.x_offset as u16,
                top: control.y_offset as u16,
                width: control.width as u16,
                height: control.height as u16,
                buffer: pixels[..length].into(),
                ..Frame::default()
            };
            encoder.write_frame(&frame).map_err(Error::drawing)?;
        }
        drop(encoder);
        Ok(bytes)
    }
}
