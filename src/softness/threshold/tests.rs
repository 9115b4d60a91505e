//! Tests of the threshold.
