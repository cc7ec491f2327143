//! Randomness, passed in.

use std::sync::Arc;

/// Where random bytes come from.
#[derive(Clone)]
pub struct Entropy(Arc<dyn Fn(&mut [u8]) + Send + Sync>);

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
