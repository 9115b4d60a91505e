//! Tables: any CSV file, score tables, scores of sessions and labels by hand.

#![cfg_attr(feature = "libfuzzer", no_main)]

use softness::internals::CsvTable;
use softness::robustness::SessionScores;
use softness::table::{ScoreTable, SoftLabels};
use softness_fuzz::with_file;

softness_fuzz::target!(|bytes: &[u8]| {
    with_file(bytes, |path| {
        if let Ok(table) = CsvTable::open(path) {
            for row in 0..table.len() {
                for column in table.columns() {
                    let _ = (table.number(row, column), table.count(row, column));
                }
            }
        }
        let _ = (ScoreTable::read_csv(path), SoftLabels::read_csv(path), SessionScores::read_csv(path));
    });
});
