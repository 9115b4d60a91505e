//! Tests of the regression.
