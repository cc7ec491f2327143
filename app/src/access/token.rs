//! Secrets that a browser or a program holds: random text here, its hash in the store.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zhupi_domain::ContentHash;

use crate::Entropy;

/// A random token of 256 bits, written in 43 characters that need no escaping in a link.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// How tokens of programs begin: so that one found in a log or a repository is known for what it is.
const API_PREFIX: &str = "zhupi_";

impl Token {
    /// Draws a token for a browser or a link.
    pub fn draw(entropy: &Entropy) -> Self {
        Self(URL_SAFE_NO_PAD.encode(entropy.bytes::<32>()))
    }

    /// Draws a token for a program.
    pub fn draw_for_api(entropy: &Entropy) -> Self {
        Self(format!("{API_PREFIX}{}", Self::draw(entropy).0))
    }

    /// Takes a token as somebody sent it; whether it is one is asked of the store.
    pub fn sent(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether it is meant for programs. The kind is part of what is hashed, so nobody can change it.
    pub fn is_for_api(&self) -> bool {
        self.0.starts_with(API_PREFIX)
    }

    /// What the store keeps. The token has so many bits that a plain hash cannot be turned round.
    pub fn hash(&self) -> ContentHash {
        ContentHash::of(&[b"zhupi token\0", self.0.as_bytes()])
    }

    /// The secret itself, to be handed to whom it belongs and to nobody else.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

/// Never shows the secret.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_differ_and_hide_themselves() {
        let entropy = Entropy::new(|bytes| getrandom::fill(bytes).expect("chance"));
        let (one, two) = (Token::draw(&entropy), Token::draw(&entropy));
        assert_eq!(one.secret().len(), 43);
        assert_ne!(one.hash(), two.hash());
        assert!(!format!("{one:?}").contains(one.secret()));
        assert!(!one.is_for_api());
        assert!(Token::draw_for_api(&entropy).is_for_api());
    }
}
