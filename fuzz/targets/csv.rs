//! Tables: any CSV file, score tables, scores of sessions and labels by hand.

#![no_main]

use softness::robustness::SessionScores;
use softness::internals::CsvTable;
use softness::table::{ScoreTable, SoftLabels};
use softness_fuzz::with_file;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
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
