//! The cross-correlation of one picture with every filter of a layer, three ways: directly, by
//! Winograd's F(4, 5) down the columns, and by F(4 x 4, 5 x 5).

use super::layout::Layout;
use super::shape::Layer;
use crate::network::kernels::{Aligned, Instructions, KERNEL, OUTPUTS, POINTS, Product, Stride};

/// Winograd's method in two dimensions has 64 products, as deep as there are channels. With fewer channels than this, its
/// transforms take longer than it saves.
const CHANNELS_FOR_TILES: usize = 8;

/// How a layer's maps are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// The sum of all products: for kernels of any size.
    Direct,
    /// Winograd's F(4, 5) in one dimension, down the columns: 40 % of the products.
    Columns,
    /// Winograd's F(4 x 4, 5 x 5): 16 % of the products.
    Tiles,
}

impl Method {
    /// The fastest method for this layer.
    pub fn fastest(layer: Layer) -> Self {
        if layer.kernel != KERNEL || !layer.side.is_multiple_of(OUTPUTS) {
            Self::Direct
        } else if layer.channels < CHANNELS_FOR_TILES {
            Self::Columns
        } else {
            Self::Tiles
        }
    }
}

/// Cross-correlation with the filters of one layer, with its memory.
#[derive(Debug)]
pub(super) struct Correlation {
    method: Method,
    layer: Layer,
    /// From one pixel of the input to the next: the channels, and values that no product uses.
    pixel: usize,
    maps: usize,
    /// (kernel, kernel, channels, maps), zeros for the maps that pad the last vector.
    weights: Aligned,
    /// The weights transformed down the columns: (points, kernel, channels, maps).
    column_weights: Aligned,
    /// And along the rows: (points, points, channels, maps).
    tile_weights: Aligned,
    /// The input transformed down the columns: (points, tile rows, padded side, channels). The columns of the border stay
    /// zero.
    column_inputs: Aligned,
    /// And along the rows, for one row of points: (points, tiles, channels).
    tile_inputs: Aligned,
    /// Products, (points, side, maps) or for one row of points (points, tiles, maps).
    products: Aligned,
    /// Products transformed along the rows: (points, tile rows, side, maps).
    rows: Aligned,
    /// Rows of maps: (rows, side, maps).
    band: Aligned,
}

impl Correlation {
    pub fn new(method: Method, layer: Layer, layout: Layout, pixel: usize) -> Self {
        let Layer { channels, kernel, side, .. } = layer;
        assert!(pixel == channels || method == Method::Tiles, "the other methods take whole rows of pixels");
        let maps = layout.maps;
        let (tile_rows, tiles) = (side / OUTPUTS, side * side / (OUTPUTS * OUTPUTS));
        let columns = if method == Method::Direct { 0 } else { POINTS };
        let rows = if method == Method::Tiles { POINTS } else { 0 };
        let strips = if method == Method::Tiles { tile_rows } else { 1 };
        Self {
            method,
            layer,
            pixel,
            maps,
            weights: Aligned::zeros(kernel * kernel * channels * maps),
            column_weights: Aligned::zeros(columns * kernel * channels * maps),
            tile_weights: Aligned::zeros(columns * rows * channels * maps),
            column_inputs: Aligned::zeros(columns * strips * layer.padded_side() * pixel),
            tile_inputs: Aligned::zeros(rows * tiles * pixel),
            products: Aligned::zeros(columns * side * maps),
            rows: Aligned::zeros(rows * tile_rows * side * maps),
            band: Aligned::zeros(OUTPUTS * side * maps),
        }
    }

    /// Sets the weights (filters, channels, kernel, kernel).
    pub fn set_weights(&mut self, instructions: Instructions, weights: &[f32]) {
        let Layer { channels, kernel, .. } = self.layer;
        let taps = kernel * kernel;
        for (channel, tap) in (0..channels).flat_map(|channel| (0..taps).map(move |tap| (channel, tap))) {
            let places = &mut self.weights[(tap * channels + channel) * self.maps..][..self.layer.filters];
            let weights = weights[channel * taps + tap..].iter().step_by(channels * taps);
            places.iter_mut().zip(weights).for_each(|(place, weight)| *place = *weight);
        }
        let tap = channels * self.maps; // all weights of one place in the kernel
        if self.method != Method::Direct {
            let stride = Stride { point: kernel * tap, item: 0, group: 0 };
            let sizes = [1, 1, kernel * tap];
            instructions.transform_taps(sizes, &self.weights, stride, &mut self.column_weights, stride);
        }
        if self.method == Method::Tiles {
            let from = Stride { point: tap, item: KERNEL * tap, group: 0 };
            let to = Stride { point: tap, item: POINTS * tap, group: 0 };
            let sizes = [1, POINTS, tap];
            instructions.transform_taps(sizes, &self.column_weights, from, &mut self.tile_weights, to);
        }
    }

    /// Calls `each` with the rows of all maps, an even number at a time: the first row's number and
    /// (rows, side, maps). `input` is (side + kernel - 1, side + kernel - 1, channels).
    pub fn run(&mut self, instructions: Instructions, input: &[f32], each: impl FnMut(usize, &[f32])) {
        match self.method {
            Method::Direct => self.direct(instructions, input, each),
            Method::Columns => self.columns(instructions, input, each),
            Method::Tiles => self.tiles(instructions, input, each),
        }
    }

    fn direct(&mut self, instructions: Instructions, input: &[f32], mut each: impl FnMut(usize, &[f32])) {
        let Layer { channels, kernel, side, .. } = self.layer;
        let picture_row = self.layer.padded_side() * channels;
        let row_len = side * self.maps;
        let shape = Product::plain(side, kernel * channels, self.maps, channels);
        let shape = Product { segments: kernel, a_segment: picture_row, ..shape };
        let band = &mut self.band[..2 * row_len];
        for top in (0..side).step_by(2) {
            for (line, row) in band.chunks_exact_mut(row_len).enumerate() {
                let input = &input[(top + line) * picture_row..];
                instructions.product(shape, self.maps, input, &self.weights, row);
            }
            each(top, band);
        }
    }

    fn columns(&mut self, instructions: Instructions, input: &[f32], mut each: impl FnMut(usize, &[f32])) {
        let Layer { channels, kernel, side, .. } = self.layer;
        let picture_row = self.layer.padded_side() * channels;
        let row_len = side * self.maps;
        let shape = Product::plain(side, kernel * channels, self.maps, channels);
        let item = [picture_row, shape.depth * self.maps, row_len];
        let shape = Product { items: POINTS, item, ..shape };
        for top in (0..side).step_by(OUTPUTS) {
            let stride = Stride { point: picture_row, item: 0, group: 0 };
            let input = &input[top * picture_row..];
            let sizes = [1, 1, picture_row];
            instructions.transform_inputs(sizes, input, stride, &mut self.column_inputs, stride);
            let weights = &self.column_weights;
            instructions.product(shape, self.maps, &self.column_inputs, weights, &mut self.products);
            let stride = Stride { point: row_len, item: 0, group: 0 };
            instructions.transform_outputs([1, 1, row_len], &self.products, stride, &mut self.band, stride);
            each(top, &self.band);
        }
    }

    fn tiles(&mut self, instructions: Instructions, input: &[f32], mut each: impl FnMut(usize, &[f32])) {
        let Layer { channels, side, .. } = self.layer;
        let maps = self.maps;
        let tile_rows = side / OUTPUTS;
        let tiles = tile_rows * tile_rows;
        let pixel = self.pixel;
        let picture_row = self.layer.padded_side() * pixel;
        let row_len = side * maps;
        let item = [tiles * pixel, channels * maps, tiles * maps];
        let shape = Product { items: POINTS, item, ..Product::plain(tiles, channels, maps, pixel) };
        let from = Stride { point: picture_row, item: OUTPUTS * picture_row, group: 0 };
        let to = Stride { point: tile_rows * picture_row, item: picture_row, group: 0 };
        let border = self.layer.padding() * pixel;
        let sizes = [1, tile_rows, side * pixel];
        let inside = &mut self.column_inputs[border..];
        instructions.transform_inputs(sizes, &input[border..], from, inside, to);
        for point in 0..POINTS {
            let column_inputs = &self.column_inputs[point * tile_rows * picture_row..];
            let from = Stride { point: pixel, item: OUTPUTS * pixel, group: picture_row };
            let to = Stride { point: tiles * pixel, item: pixel, group: tile_rows * pixel };
            let sizes = [tile_rows, tile_rows, pixel];
            instructions.transform_inputs(sizes, column_inputs, from, &mut self.tile_inputs, to);
            let weights = &self.tile_weights[point * POINTS * channels * maps..];
            instructions.product(shape, maps, &self.tile_inputs, weights, &mut self.products);
            let from = Stride { point: tiles * maps, item: maps, group: 0 };
            let to = Stride { point: maps, item: OUTPUTS * maps, group: 0 };
            let rows = &mut self.rows[point * tile_rows * row_len..];
            instructions.transform_outputs([1, tiles, maps], &self.products, from, rows, to);
        }
        for tile_row in 0..tile_rows {
            let from = Stride { point: tile_rows * row_len, item: 0, group: 0 };
            let to = Stride { point: row_len, item: 0, group: 0 };
            let rows = &self.rows[tile_row * row_len..];
            instructions.transform_outputs([1, 1, row_len], rows, from, &mut self.band, to);
            each(tile_row * OUTPUTS, &self.band);
        }
    }
}
