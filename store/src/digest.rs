//! Digests over whole rows, for records that are not events: a change to any column is found.

use zhupi_domain::{CompanyId, ContentHash, Instant};

use crate::chain::framed;
use crate::records::{Erasure, FileRecord, Release};

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

fn micros(at: Option<Instant>) -> [u8; 8] {
    at.map_or(i64::MIN, Instant::micros).to_be_bytes()
}
