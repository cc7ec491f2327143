//! How events are hashed: the commitment to a payload, and the envelope that chains to the one before it.

use std::sync::Arc;

use zhupi_domain::{CompanyId, ContentHash, Instant, hexadecimal};

use crate::StoreError;

/// Where salts come from: random in the product, repeatable in tests.
#[derive(Clone)]
pub struct Salts(Arc<dyn Fn() -> Result<[u8; 16], String> + Send + Sync>);

impl Salts {
    /// From the system's random source.
    pub fn random() -> Self {
        Self::from_source(|| {
            let mut salt = [0; 16];
            getrandom::fill(&mut salt).map_err(|error| error.to_string())?;
            Ok(salt)
        })
    }

    /// From a source of one's own.
    pub fn from_source(source: impl Fn() -> Result<[u8; 16], String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// A fresh salt as hexadecimal text.
    pub(crate) fn draw(&self) -> Result<String, StoreError> {
        let salt = (self.0)().map_err(|error| StoreError::Unreachable(format!("no random source: {error}")))?;
        Ok(hexadecimal(&salt))
    }
}

/// Commits to a payload without revealing it: SHA-256 over the salt's text and the payload's bytes.
///
/// The salt is always 32 digits, so no frame is needed between the two.
pub fn commitment(salt: &str, payload: &str) -> ContentHash {
    ContentHash::of(&[salt.as_bytes(), payload.as_bytes()])
}

/// What the chain covers of one event.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    pub company: &'a CompanyId,
    pub stream: &'a str,
    pub number: i64,
    pub kind: &'a str,
    pub version: i64,
    pub actor: &'a str,
    pub at: Instant,
    pub previous: ContentHash,
    pub commitment: ContentHash,
}

impl Envelope<'_> {
    /// Hashes the envelope: a mark for the kind of thing hashed, then each field behind its length.
    pub fn hash(&self) -> ContentHash {
        framed(
            "zhupi event 1",
            &[
                self.company.as_str().as_bytes(),
                self.stream.as_bytes(),
                &self.number.to_be_bytes(),
                self.kind.as_bytes(),
                &self.version.to_be_bytes(),
                self.actor.as_bytes(),
                &self.at.micros().to_be_bytes(),
                self.previous.as_bytes(),
                self.commitment.as_bytes(),
            ],
        )
    }
}

/// Hashes fields so that no two different lists of fields give the same bytes.
pub(crate) fn framed(mark: &str, fields: &[&[u8]]) -> ContentHash {
    let frames: Vec<[u8; 8]> =
        std::iter::once(mark.len()).chain(fields.iter().map(|field| field.len())).map(frame).collect();
    let parts = std::iter::once(mark.as_bytes()).chain(fields.iter().copied());
    let framed: Vec<&[u8]> = frames.iter().map(<[u8; 8]>::as_slice).zip(parts).flat_map(|(f, p)| [f, p]).collect();
    ContentHash::of(&framed)
}

fn frame(length: usize) -> [u8; 8] {
    (length as u64).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(company: &CompanyId) -> Envelope<'_> {
        Envelope {
            company,
            stream: "instance/1",
            number: 2,
            kind: "task-closed",
            version: 1,
            actor: "person:li",
            at: Instant::from_micros(1_700_000_000_000_000).unwrap(),
            previous: ContentHash::ZERO,
            commitment: commitment("00", "{}"),
        }
    }

    #[test]
    fn every_field_of_an_envelope_changes_its_hash() {
        let (company, other) = (CompanyId::new("pharma"), CompanyId::new("pharma2"));
        let first = envelope(&company);
        let later = Instant::from_micros(1_700_000_000_000_001).unwrap();
        let hash = ContentHash::of(&[b"x"]);
        let changed = [
            Envelope { company: &other, ..first },
            Envelope { stream: "instance/2", ..first },
            Envelope { number: 3, ..first },
            Envelope { kind: "task-opened", ..first },
            Envelope { version: 2, ..first },
            Envelope { actor: "person:wang", ..first },
            Envelope { at: later, ..first },
            Envelope { previous: hash, ..first },
            Envelope { commitment: hash, ..first },
        ];
        let hashes: std::collections::BTreeSet<_> = changed.iter().chain([&first]).map(Envelope::hash).collect();
        assert_eq!(hashes.len(), changed.len() + 1);
    }

    #[test]
    fn what_moves_from_one_field_to_the_next_is_noticed() {
        assert_ne!(framed("m", &[b"ab", b"c"]), framed("m", &[b"a", b"bc"]));
        assert_ne!(framed("m", &[b"ab"]), framed("m", &[b"ab", b""]));
        assert_ne!(framed("ma", &[b"b"]), framed("m", &[b"ab"]));
    }

    /// The hash of a fixed envelope: if it ever differs, everything stored before fails to verify.
    #[test]
    fn the_framing_stays_as_it_is() {
        let company = CompanyId::new("pharma");
        assert_eq!(
            envelope(&company).hash().to_string(),
            "6b607ca6e84c3c02276489a1a254bc0493c09069b8dea357104636e2f38d32f4"
        );
    }
}
