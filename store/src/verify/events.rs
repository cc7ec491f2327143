//! Every event against its chain, its commitment, and the end of its stream.

use zhupi_domain::ContentHash;

use super::{Check, PAGE, Problem};
use crate::StoreError;
use crate::chain::{Envelope, commitment};
use crate::database::{Row, values};
use crate::digest;
use crate::records::Erasure;
use crate::sql::verify as sql;

/// How far the check has come in one stream.
#[derive(Default)]
struct Place {
    stream: String,
    number: i64,
    /// Hash of the last event as it is stored; none before the first.
    hash: Option<ContentHash>,
}

impl Check<'_> {
    pub(super) async fn check_events(&mut self) -> Result<(), StoreError> {
        let mut place = Place::default();
        let mut after = (String::new(), i64::MIN);
        loop {
            let rows = self.rows(&sql::EVENTS, values![after.0.as_str(), after.1, PAGE]).await?;
            let last = (rows.len() as i64) < PAGE;
            for mut row in rows {
                let (stream, number) = (row.text()?, row.integer()?);
                if place.stream != stream {
                    self.end_stream(&place).await?;
                    place = Place { stream: stream.clone(), number: 0, hash: None };
                }
                self.check_event(&mut place, number, &mut row)?;
                after = (stream, number);
            }
            if last {
                break;
            }
        }
        self.end_stream(&place).await?;
        self.find_all(&sql::STREAMS_WITHOUT_EVENTS, "stream", Problem::EventMissing).await?;
        self.find_all(&sql::ERASURES_WITHOUT_EVENTS, "erasure", Problem::EventMissing).await?;
        self.find_all(&sql::UNSEALED_WITHOUT_EVENTS, "unsealed", Problem::EventMissing).await
    }

    fn check_event(&mut self, place: &mut Place, number: i64, row: &mut Row) -> Result<(), StoreError> {
        self.report.events += 1;
        let here = format!("event {}/{number}", place.stream);
        let expected = place.number.saturating_add(1);
        if number != expected {
            self.find(&here, Problem::NumberGap(expected));
        }
        let before = place.hash.or((number == 1).then_some(ContentHash::ZERO));
        (place.number, place.hash) = (number, None);
        let envelope = read_envelope(row);
        let Some((kind, version, actor, at, previous, committed, hash)) = self.readable(&here, envelope)? else {
            return Ok(());
        };
        let envelope = Envelope {
            company: &self.company,
            stream: &place.stream,
            number,
            kind: &kind,
            version,
            actor: &actor,
            at,
            previous,
            commitment: committed,
        };
        let computed = envelope.hash();
        if before.is_some_and(|before| before != previous) {
            self.find(&here, Problem::BrokenChain);
        }
        if computed != hash {
            self.find(&here, Problem::WrongHash);
        }
        place.hash = Some(hash);
        self.check_payload(place, number, committed, row)
    }

    fn check_payload(
        &mut self,
        place: &Place,
        number: i64,
        committed: ContentHash,
        row: &mut Row,
    ) -> Result<(), StoreError> {
        let here = format!("payload {}/{number}", place.stream);
        let read = (|| Ok((row.optional_text()?, row.optional_text()?, Erasure::read(row)?, row.optional_text()?)))();
        let Some((salt, body, erasure, digest)) = self.readable(&here, read)? else { return Ok(()) };
        match (salt, body, erasure, digest) {
            (Some(salt), Some(body), None, None) => {
                if commitment(&salt, &body) != committed {
                    self.find(here, Problem::WrongPayload);
                }
            }
            (None, None, Some(erasure), Some(digest)) => {
                if digest::erasure(&self.company, &place.stream, number, &erasure).to_string() != digest {
                    self.find(here, Problem::WrongErasure);
                }
                *self.report.erasures.entry((erasure.by, erasure.rule)).or_default() += 1;
            }
            (None, None, None, None) => self.find(here, Problem::PayloadMissing),
            _ => self.find(here, Problem::WrongPayload),
        }
        Ok(())
    }

    /// The stream's own row, and the seals and unsealed rows that together must reach to its end.
    async fn end_stream(&mut self, place: &Place) -> Result<(), StoreError> {
        if place.number == 0 && place.hash.is_none() {
            return Ok(());
        }
        self.report.streams += 1;
        let here = format!("stream {}", place.stream);
        let mut sealed = 0;
        if let Some(row) = self.rows(&sql::STREAM_ENDS, values![place.stream.as_str()]).await?.first_mut() {
            let (head, hash) = (row.optional_integer()?, row.optional_text()?);
            if head != Some(place.number) || place.hash.is_some_and(|end| Some(end.to_string()) != hash) {
                self.find(&here, Problem::WrongHead);
            }
            sealed = row.optional_integer()?.unwrap_or(0);
        }
        for mut row in self.rows(&sql::UNSEALED_OF_STREAM, values![place.stream.as_str()]).await? {
            let (number, first, hash, event) = (row.integer()?, row.integer()?, row.text()?, row.optional_text()?);
            let unsealed = format!("unsealed {}/{number}", place.stream);
            if first != sealed.saturating_add(1) || number < first {
                self.find(&unsealed, Problem::SealGap);
            }
            if event.is_some_and(|event| event != hash) {
                self.find(&unsealed, Problem::WrongSeal);
            }
            sealed = number;
        }
        if sealed != place.number {
            self.find(here, Problem::SealGap);
        }
        Ok(())
    }
}

type Fields = (String, i64, String, zhupi_domain::Instant, ContentHash, ContentHash, ContentHash);

fn read_envelope(row: &mut Row) -> Result<Fields, StoreError> {
    // Every value is taken before any is judged, so that the payload's columns come next also when one is unreadable.
    let fields = (row.text(), row.integer(), row.text(), row.instant(), row.hash(), row.hash(), row.hash());
    Ok((fields.0?, fields.1?, fields.2?, fields.3?, fields.4?, fields.5?, fields.6?))
}
