//! The axum server of the README, word for word.

include!(concat!(env!("OUT_DIR"), "/axum.rs"));
