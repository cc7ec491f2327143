//! One company's pack: read, checked, hashed, and asked.

pub mod yaml;
