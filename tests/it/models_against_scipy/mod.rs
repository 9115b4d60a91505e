//! Fits held against scipy's `linregress` and the paper's numbers; refusals, controls and groups.

mod columns;
mod points;
mod published_values;
mod score_tables;
