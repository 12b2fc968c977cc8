//! Tests of the rules of this station.
