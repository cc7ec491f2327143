//! What people have begun to write and not yet sent (暂存).

use serde_json::Value;
use zhupi_domain::{InstanceId, Instant, Name};
use zhupi_engine::TaskId;
use zhupi_store::SaveDraft;

use crate::permit::{Denied, Viewer};
use crate::view::DraftView;
use crate::{App, AppError};

/// The longest draft, in bytes.
const MAX_DRAFT: usize = 256 * 1024;

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
            version: draft.version,
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
        let known = key.starts_with("start:") || key.starts_with("task:");
        if text.len() > MAX_DRAFT || !known || key.len() > 200 {
            return Err(AppError::bad(
                "draft_invalid",
                "草稿过大或键不正确",
                "The draft is too large, or its key is not one",
            ));
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
}
