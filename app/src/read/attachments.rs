//! Which files of a request a reader may open: those whose fields they see.

use zhupi_domain::{FileId, InstanceId};
use zhupi_engine::{HumanKind, Step, StepKind};
use zhupi_forms::{Form, Reference, Rights, View};

use super::results::sheets;
use super::sight::Sight;
use crate::load::Loaded;
use crate::permit::Viewer;
use crate::{App, AppError};

impl App {
    /// Whether a file is in the data of an instance as this person sees it. What was replaced since is not.
    pub(crate) async fn shows_file(
        &self,
        viewer: &Viewer,
        instance: &InstanceId,
        file: &FileId,
    ) -> Result<bool, AppError> {
        let permit = self.permit_read(viewer, instance.as_str()).await?;
        let loaded = &permit.act().0;
        let sight = self.sight(viewer, instance, loaded.followed()).await?;
        let form = loaded.around.form()?;
        let in_form = names(form, &sight.redact(form, &loaded.state.form).data, file);
        Ok(in_form || loaded.around.flow.walk().any(|(_, step)| in_result(loaded, &sight, step, file)))
    }
}

/// Whether the form that was filled at a step names the file.
fn in_result(loaded: &Loaded, sight: &Sight, step: &Step, file: &FileId) -> bool {
    let StepKind::Human(human) = &step.kind else { return false };
    let HumanKind::Fill { form: Some(form), .. } = &human.kind else { return false };
    let Some(form) = loaded.around.release.form(form) else { return false };
    let rights = Rights::readonly();
    let view = View { rights: &rights, classes: sight.results() };
    sheets(loaded, sight, human).iter().any(|sheet| names(form, &form.redact(sheet.data, &view).data, file))
}

fn names(form: &Form, data: &serde_json::Value, file: &FileId) -> bool {
    form.references(data).iter().any(|(_, reference)| matches!(reference, Reference::File(id) if id == file))
}
