//! softness
