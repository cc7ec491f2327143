//! Randomness, passed in.

use std::sync::Arc;

/// Fills with random bytes.
type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// Where random bytes come from.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

impl Entropy {
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// Random bytes of a length.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }
}
