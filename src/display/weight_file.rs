//! Files of weights as a notebook shows them.

use maud::html;

use crate::display::notebook;
use crate::text::cells;
use crate::text::table::Table;
use crate::weight_files::WeightFile;

/// Layers shown in a table.
const LAYERS: usize = 50;

impl WeightFile {
    /// Shows the file in a notebook: its format and axis order, a row for each layer, what was left out, and
    /// [`figure`](Self::figure).
    pub fn evcxr_display(&self) {
        let table = layers(self);
        let figure = self.figure().map(|figure| figure.html()).unwrap_or_default();
        let card = html! { (table.markup()) div { (figure) } };
        notebook::show_html(card, &table.to_string());
    }
}

/// The layers of a file and what was left out.
fn layers(file: &WeightFile) -> Table {
    let row = |(bank, name): (&crate::filters::FilterBank, &String)| {
        let (channels, side) = (bank.channels(), bank.kernel());
        cells![bank.layer(), name, bank.len(), channels, format!("{side} x {side}")]
    };
    let rows = file.filters().iter().zip(file.layer_names()).map(row);
    let table = Table::new("rlrrr", ["layer", "name", "filters", "channels", "kernel"], rows);
    let has_forward_pass = file.as_session(0).is_ok_and(|session| session.architecture().is_some());
    let without_bias = file.without_bias().filter(|_| has_forward_pass).map(str::to_owned);
    let notes = file.left_out().into_iter().take(LAYERS).chain(without_bias);
    table.title(file.to_string()).at_most(LAYERS).notes(notes)
}
