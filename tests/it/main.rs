//! The integration tests, one program: each file is a subject. `support` is what they share; the golden files and
//! the scripts that write them are in `tests/golden`.

mod command_line;
mod corruption;
mod dataset;
mod debug_texts;
mod each_kernel;
mod examples;
mod filters_from_elsewhere;
mod finite_differences;
mod floors;
mod gallery;
mod in_cells;
#[cfg(unix)]
mod interruptions;
mod labels_compared;
mod line_ends;
mod lines_against_statsmodels;
mod models_against_scipy;
mod network_against_pytorch;
mod outputs_in_cells;
mod real_pictures;
mod resampling_against_enumeration;
mod run_again;
mod score_table;
mod sessions;
mod soft_labels;
mod statistics_against_r;
#[cfg(unix)]
mod store;
#[cfg(unix)]
mod store_races;
mod support;
mod tables_as_people_have_them;
mod under_the_null;
mod weight_files;
