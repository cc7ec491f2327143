//! Uploaded files.

use zhupi_domain::{ContentHash, FileId};
use zhupi_store::*;

use crate::support::*;

on_both![
    content_comes_back_byte_for_byte,
    a_file_is_attached_once_and_only_when_complete,
    what_is_too_large_is_refused_while_it_arrives,
    files_that_no_commit_names_are_swept,
    erased_content_goes_and_the_record_stays,
    a_name_is_never_a_path,
];

pub fn new_file(id: &str, max_bytes: u64) -> NewFile {
    NewFile {
        id: FileId::new(id),
        name: "发票.pdf".into(),
        media_type: "application/pdf".into(),
        uploaded_by: "person:li".into(),
        at: at(1),
        max_bytes,
    }
}

pub async fn uploaded(store: &Store, id: &str, bytes: &[u8]) -> FileRecord {
    let mut upload = store.upload(&pharma(), new_file(id, 10_000_000)).await.unwrap();
    for part in bytes.chunks(100_000) {
        upload.write(part).await.unwrap();
    }
    upload.finish().await.unwrap()
}

async fn content(store: &Store, id: &str) -> Option<Vec<u8>> {
    let mut download = store.download(&pharma(), &FileId::new(id)).await.unwrap()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = download.next().await.unwrap() {
        bytes.extend(chunk);
    }
    Some(bytes)
}

pub fn attach(id: &str) -> Commit {
    let mut commit = Commit::new(pharma());
    commit.events.push(event((&instance_id(1)).into(), "file-attached", "{}"));
    commit.changes.push(Change::AttachFile { file: FileId::new(id), instance: instance_id(1) });
    commit
}

async fn content_comes_back_byte_for_byte(fixture: Fixture) {
    let store = &fixture.store;
    for size in [0_usize, 1, 262_143, 262_144, 262_145, 900_001] {
        let bytes: Vec<u8> = (0..size).map(|i| (i * 31 % 251) as u8).collect();
        let id = format!("f{size}");
        let record = uploaded(store, &id, &bytes).await;
        assert_eq!((record.size, record.sha256), (size as u64, ContentHash::of(&[&bytes])));
        assert_eq!(store.file(&pharma(), &record.id).await.unwrap(), Some(record));
        assert!(content(store, &id).await.as_deref() == Some(&bytes[..]), "{size} bytes");
    }
    assert!(store.verify(None).await.unwrap().is_sound());
}

async fn a_file_is_attached_once_and_only_when_complete(fixture: Fixture) {
    let store = &fixture.store;
    let not_pending = |id: &str| Conflict::FileNotPending { file: FileId::new(id) };
    assert_eq!(conflict(store.commit(attach("a")).await), not_pending("a"));
    let mut upload = store.upload(&pharma(), new_file("a", 100)).await.unwrap();
    upload.write(b"half").await.unwrap();
    assert_eq!(conflict(store.commit(attach("a")).await), not_pending("a"));
    assert_eq!(content(store, "a").await, None, "not complete");
    assert!(store.upload(&pharma(), new_file("a", 100)).await.is_err(), "the id is in use");
    upload.finish().await.unwrap();
    committed(store.commit(attach("a")).await);
    assert_eq!(conflict(store.commit(attach("a")).await), not_pending("a"));
    let files = store.files_of(&pharma(), &instance_id(1)).await.unwrap();
    assert_eq!(files.iter().map(|file| file.state).collect::<Vec<_>>(), [FileState::Attached]);
}

async fn what_is_too_large_is_refused_while_it_arrives(fixture: Fixture) {
    let store = &fixture.store;
    let mut upload = store.upload(&pharma(), new_file("a", 10)).await.unwrap();
    upload.write(b"0123456789").await.unwrap();
    assert!(matches!(upload.write(b"x").await, Err(StoreError::TooLarge { max: 10 })));
    drop(upload);
    assert_eq!(content(store, "a").await, None);
}

async fn files_that_no_commit_names_are_swept(fixture: Fixture) {
    let store = &fixture.store;
    uploaded(store, "pending", b"1").await;
    uploaded(store, "attached", b"2").await;
    drop(store.upload(&pharma(), new_file("broken-off", 10)).await.unwrap());
    committed(store.commit(attach("attached")).await);
    assert_eq!(store.sweep_files(at(1), 100).await.unwrap(), 0, "they came just now");
    assert_eq!(store.sweep_files(at(2), 100).await.unwrap(), 2);
    assert_eq!(store.file(&pharma(), &FileId::new("pending")).await.unwrap(), None);
    assert_eq!(store.file(&pharma(), &FileId::new("broken-off")).await.unwrap(), None);
    assert_eq!(content(store, "attached").await.as_deref(), Some(&b"2"[..]));
    uploaded(store, "pending", b"again").await;
}

async fn erased_content_goes_and_the_record_stays(fixture: Fixture) {
    let store = &fixture.store;
    uploaded(store, "a", b"secret").await;
    committed(store.commit(attach("a")).await);
    let mut erase = Commit::new(pharma());
    erase.events.push(event(Stream::Security, "file-erased", "{}"));
    let (by, rule) = ("system".to_owned(), "保存期满".to_owned());
    erase.changes.push(Change::EraseFile { file: FileId::new("a"), at: at(9), by, rule });
    committed(store.commit(erase).await);
    assert_eq!(content(store, "a").await, None);
    assert_eq!(store.sweep_files(at(0), 100).await.unwrap(), 1);
    assert_eq!(store.sweep_files(at(0), 100).await.unwrap(), 0);
    let record = store.file(&pharma(), &FileId::new("a")).await.unwrap().unwrap();
    assert_eq!(record.erased.map(|erasure| erasure.rule), Some("保存期满".into()));
    assert!(!record.content);
    assert!(store.verify(None).await.unwrap().is_sound());
}

async fn a_name_is_never_a_path(fixture: Fixture) {
    let store = &fixture.store;
    let outside = std::env::temp_dir().join("zhupi-canary");
    for id in ["../../zhupi-canary", "/tmp/zhupi-canary", "..", "a/b", "\u{202e}gpj.exe"] {
        uploaded(store, id, b"x").await;
        assert_eq!(content(store, id).await.as_deref(), Some(&b"x"[..]), "{id}");
    }
    assert!(!outside.exists());
}
