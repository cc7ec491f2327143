//! Scripts that attack, stumble or surprise: each ends quickly, within bounded memory, and never with a silent wrong value.

#![allow(clippy::expect_used)]

mod hostile {
    mod refused;
    mod stopped;
    mod support;
    mod values;
}
