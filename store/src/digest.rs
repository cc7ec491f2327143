//! Digests over whole rows, for records that are not events: a change to any column is found.

use zhupi_domain::{CompanyId, ContentHash, Instant};

use crate::chain::framed;
use crate::records::{Erasure, FileRecord, NewPilot, Pilot, PilotPayee, PilotRow, Release};

/// The digest of a release's row.
pub(crate) fn release(company: &CompanyId, release: &Release) -> ContentHash {
    framed(
        "zhupi release 1",
        &[
            company.as_str().as_bytes(),
            release.hash.0.as_bytes(),
            release.body.as_bytes(),
            release.summary.as_bytes(),
            &release.deployed_at.micros().to_be_bytes(),
            release.deployed_by.as_bytes(),
        ],
    )
}

/// The digest of a file's row. Whether its content is still kept is not part of it: sweeping changes that alone.
pub(crate) fn file(company: &CompanyId, file: &FileRecord) -> ContentHash {
    let erased = file.erased.as_ref();
    framed(
        "zhupi file 1",
        &[
            company.as_str().as_bytes(),
            file.id.as_str().as_bytes(),
            file.name.as_bytes(),
            file.media_type.as_bytes(),
            &file.size.to_be_bytes(),
            file.sha256.as_bytes(),
            file.state.as_str().as_bytes(),
            file.instance.as_ref().map_or(&[][..], |id| id.as_str().as_bytes()),
            file.uploaded_by.as_bytes(),
            &micros(Some(file.uploaded_at)),
            &micros(erased.map(|e| e.at)),
            erased.map_or(&[][..], |e| e.by.as_bytes()),
            erased.map_or(&[][..], |e| e.rule.as_bytes()),
        ],
    )
}

/// The digest of an erasure, with the event whose payload it took.
pub(crate) fn erasure(company: &CompanyId, stream: &str, number: i64, erasure: &Erasure) -> ContentHash {
    framed(
        "zhupi erasure 1",
        &[
            company.as_str().as_bytes(),
            stream.as_bytes(),
            &number.to_be_bytes(),
            &erasure.at.micros().to_be_bytes(),
            erasure.by.as_bytes(),
            erasure.rule.as_bytes(),
        ],
    )
}

/// The digest of a pilot's row, with that of its rows and payees.
pub(crate) fn pilot(
    company: &CompanyId,
    pilot: &Pilot,
    key: &str,
    request: &ContentHash,
    content: &ContentHash,
) -> ContentHash {
    framed(
        "zhupi pilot 1",
        &[
            company.as_str().as_bytes(),
            pilot.id.as_bytes(),
            pilot.policy.as_bytes(),
            pilot.base.0.as_bytes(),
            pilot.candidate.0.as_bytes(),
            pilot.summary.as_bytes(),
            &pilot.created_at.micros().to_be_bytes(),
            pilot.created_by.as_bytes(),
            key.as_bytes(),
            request.as_bytes(),
            content.as_bytes(),
        ],
    )
}

/// The digest of what a new pilot holds besides its own row.
pub(crate) fn pilot_content(new: &NewPilot) -> ContentHash {
    let mut content = PilotContent::default();
    new.rows.iter().for_each(|row| content.row(row));
    new.payees.iter().for_each(|payee| content.payee(payee));
    content.finish()
}

/// A digest over the rows and payees of a pilot, each chained to the one before.
pub(crate) struct PilotContent(ContentHash);

impl Default for PilotContent {
    fn default() -> Self {
        Self(ContentHash::ZERO)
    }
}

impl PilotContent {
    pub(crate) fn row(&mut self, row: &PilotRow) {
        self.0 = framed("zhupi pilot row 1", &[self.0.as_bytes(), &row.number.to_be_bytes(), row.body.as_bytes()]);
    }

    pub(crate) fn payee(&mut self, payee: &PilotPayee) {
        let parts = [self.0.as_bytes(), &payee.place.to_be_bytes()[..], payee.payee.as_bytes(), payee.body.as_bytes()];
        self.0 = framed("zhupi pilot payee 1", &parts);
    }

    pub(crate) fn finish(self) -> ContentHash {
        self.0
    }
}

fn micros(at: Option<Instant>) -> [u8; 8] {
    at.map_or(i64::MIN, Instant::micros).to_be_bytes()
}
