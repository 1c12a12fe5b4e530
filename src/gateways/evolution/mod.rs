//! Evolution API: what its messages hold, and its sibling Evolution Go.

pub mod content;
pub mod go;
pub mod servers;
