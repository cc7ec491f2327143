//! What people have begun to write and not yet sent (暂存).

use serde_json::Value;
use zhupi_domain::{InstanceId, Instant, Name};
use zhupi_engine::TaskId;
use zhupi_store::{SaveDraft, Task, TaskStatus};

use crate::history::person_key;
use crate::permit::{self, Denied, Viewer};
use crate::view::DraftView;
use crate::{App, AppError};

/// The longest draft, in bytes.
const MAX_DRAFT: usize = 256 * 1024;
/// The most drafts of one person.
const MAX_DRAFTS: usize = 100;

/// The key of what is written to start a flow.
pub(crate) fn start_key(flow: &Name) -> String {
    format!("start:{flow}")
}

/// The key of what is written for a task.
pub(crate) fn task_key(instance: &InstanceId, task: TaskId) -> String {
    format!("task:{instance}:{task}")
}

impl App {
    /// A draft of this person; of nobody else's anything is ever shown.
    pub async fn draft(&self, viewer: &Viewer, key: &str) -> Result<DraftView, AppError> {
        self.find_draft(viewer, key).await?.ok_or(AppError::Denied(Denied::NotFound))
    }

    pub(crate) async fn find_draft(&self, viewer: &Viewer, key: &str) -> Result<Option<DraftView>, AppError> {
        let stored = self.store().draft(viewer.company(), viewer.person(), key).await?;
        Ok(stored.map(|draft| DraftView {
            body: serde_json::from_str(&draft.body).unwrap_or(Value::Null),
            version: draft.version.to_string(),
        }))
    }

    /// Saves a draft over the version that was seen (none: it is new). Answers its version now.
    pub async fn put_draft(
        &self,
        viewer: &Viewer,
        key: &str,
        body: &Value,
        version: Option<i64>,
        now: Instant,
    ) -> Result<i64, AppError> {
        let text = body.to_string();
        if text.len() > MAX_DRAFT {
            return Err(AppError::bad("draft_too_large", "草稿超过 256 kB", "The draft is larger than 256 kB"));
        }
        if !self.may_draft(viewer, key).await? {
            return Err(Denied::NotFound.into());
        }
        if version.is_none() {
            self.make_room(viewer).await?;
        }
        match self.store().save_draft(viewer.company(), viewer.person(), key, &text, version, now).await? {
            SaveDraft::Saved(version) => Ok(version),
            SaveDraft::Conflict => Err(AppError::Changed),
        }
    }

    /// Throws a draft away.
    pub async fn delete_draft(&self, viewer: &Viewer, key: &str) -> Result<(), AppError> {
        Ok(self.store().delete_draft(viewer.company(), viewer.person(), key).await?)
    }

    /// Whether a key is for something this person can still send: a flow they may start, or an open task of theirs.
    async fn may_draft(&self, viewer: &Viewer, key: &str) -> Result<bool, AppError> {
        if let Some(flow) = key.strip_prefix("start:") {
            return Ok(permit::start(viewer, flow).is_ok());
        }
        let Some((instance, number)) = key.strip_prefix("task:").and_then(|task| task.split_once(':')) else {
            return Ok(false);
        };
        let Some(task) = number.parse().ok().map(TaskId).filter(|task| task.to_string() == number) else {
            return Ok(false);
        };
        let stored = self.store().task(viewer.company(), &InstanceId::new(instance), task.0.into()).await?;
        let mine = |task: &Task| task.status == TaskStatus::Open && task.assignee == person_key(viewer.person());
        Ok(stored.as_ref().is_some_and(mine))
    }

    /// Throws away drafts that nothing can be sent with any more, where there are too many; refuses a further one where that
    /// does not help.
    async fn make_room(&self, viewer: &Viewer) -> Result<(), AppError> {
        let drafts = self.store().drafts(viewer.company(), viewer.person()).await?;
        let mut room = MAX_DRAFTS.saturating_sub(drafts.len());
        if room > 0 {
            return Ok(());
        }
        for draft in &drafts {
            if !self.may_draft(viewer, &draft.key).await? {
                self.delete_draft(viewer, &draft.key).await?;
                room += 1;
            }
        }
        if room > 0 {
            return Ok(());
        }
        Err(AppError::bad(
            "too_many_drafts",
            format!("草稿已达 {MAX_DRAFTS} 份，请先提交或删除一些"),
            format!("There are {MAX_DRAFTS} drafts already: send or delete some first"),
        ))
    }
}
