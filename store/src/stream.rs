//! The streams of a company: each chains its own events.

use std::fmt;

use zhupi_domain::InstanceId;

use crate::StoreError;

/// What an event belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// People and departments. Its number is the version of the directory.
    Directory,
    /// Working days and holidays.
    Calendars,
    /// Releases, and which one is current.
    Releases,
    /// Logins, rights, erasures: what an auditor asks for first.
    Security,
    /// Facts that were imported, rather than recorded by an instance.
    Facts,
    /// One request.
    Instance(InstanceId),
}

const INSTANCE: &str = "instance/";

impl Stream {
    /// Reads a stream as it is stored.
    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "directory" => Ok(Self::Directory),
            "calendars" => Ok(Self::Calendars),
            "releases" => Ok(Self::Releases),
            "security" => Ok(Self::Security),
            "facts" => Ok(Self::Facts),
            other => other
                .strip_prefix(INSTANCE)
                .map(|id| Self::Instance(InstanceId::new(id)))
                .ok_or_else(|| StoreError::Damaged(format!("`{other}` is not a stream"))),
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory => f.write_str("directory"),
            Self::Calendars => f.write_str("calendars"),
            Self::Releases => f.write_str("releases"),
            Self::Security => f.write_str("security"),
            Self::Facts => f.write_str("facts"),
            Self::Instance(id) => write!(f, "{INSTANCE}{id}"),
        }
    }
}

impl From<&InstanceId> for Stream {
    fn from(id: &InstanceId) -> Self {
        Self::Instance(id.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_reads_back_as_it_was_written() {
        for stream in [
            Stream::Directory,
            Stream::Calendars,
            Stream::Releases,
            Stream::Security,
            Stream::Facts,
            Stream::Instance(InstanceId::new("directory")),
        ] {
            assert_eq!(Stream::parse(&stream.to_string()).ok(), Some(stream));
        }
        assert!(Stream::parse("else").is_err());
    }
}
