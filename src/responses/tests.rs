//! Tests of the responses.
