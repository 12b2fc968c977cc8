//! Search on both engines.
