//! Messages that were tried too often and wait until somebody has them tried again.

use zhupi_domain::{Instant, Locale, Name, Text};
use zhupi_store::OutboxMessage;

use super::{PAGE, moment};
use crate::arrival::{ARRIVED, Arrived};
use crate::commit::{MACHINE, NOTICE};
use crate::count_again::COUNT_AGAIN;
use crate::hand_over::{HAND_OVER, HandOver};
use crate::permit::{self, Denied, Viewer};
use crate::view::{PageView, ParkedMessage};
use crate::words::say;
use crate::{App, AppError};

impl App {
    /// What was given up on, for those who look after incidents. They see what it was about, not the request itself.
    pub async fn parked(&self, viewer: &Viewer, after: Option<&str>) -> Result<PageView<ParkedMessage>, AppError> {
        let permit = permit::incidents(viewer)?;
        let page = self.store().parked_messages(&permit.viewer().scope(), after, PAGE).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for message in page.items {
            items.push(self.parked_view(permit.viewer(), message).await?);
        }
        Ok(PageView { items, next: page.next })
    }

    /// Has a message tried again now; to be told that there is no such message when it is not given up on.
    pub async fn try_again(&self, viewer: &Viewer, id: &str, now: Instant) -> Result<(), AppError> {
        let permit = permit::incidents(viewer)?;
        match self.store().replay_message(permit.viewer().company(), id, now).await? {
            true => Ok(()),
            false => Err(Denied::NotFound.into()),
        }
    }

    async fn parked_view(&self, viewer: &Viewer, message: OutboxMessage) -> Result<ParkedMessage, AppError> {
        let number = match &message.instance {
            Some(id) => self.store().instance(viewer.company(), id).await?.and_then(|found| found.summary.number),
            None => None,
        };
        Ok(ParkedMessage {
            what: what(viewer, &message).into(),
            number,
            attempts: u32::try_from(message.attempts).unwrap_or(u32::MAX),
            last_error: message.last_error.unwrap_or_default(),
            last_tried_at: moment(message.due_at),
            id: message.id,
        })
    }
}

fn what(viewer: &Viewer, message: &OutboxMessage) -> Text {
    match message.topic.as_str() {
        NOTICE => Text::new("邮件通知没有送达", "A notice by mail was not delivered"),
        MACHINE => Text::new("自动步骤没有完成", "An automatic step was not done"),
        HAND_OVER => {
            let of = serde_json::from_str::<HandOver>(&message.body).ok().map(|body| body.person);
            let known = |person| viewer.directory().people.get(person).map(|known| known.name.clone());
            let name = of.as_ref().and_then(known).unwrap_or_else(|| "—".into());
            say!("{name} 手上的待办没有交接", "The tasks of {name} were not handed over", name = name)
        }
        ARRIVED => {
            let title = |kind: &Name| Some(viewer.release().ok()?.fact(kind)?.title()?.clone());
            let kind = serde_json::from_str::<Arrived>(&message.body).ok().and_then(|body| title(&body.kind));
            let kind = kind.unwrap_or_else(|| Text::same("—"));
            Text::new(
                format!("「{}」到达后该发起或终止的申请没有办完", kind.zh),
                format!("What arriving records of “{}” start or end was not done", kind.get(Locale::En)),
            )
        }
        COUNT_AGAIN => Text::new(
            "日历更新后，期限没有重新计算完",
            "Deadlines were not all counted again after the calendar changed",
        ),
        other => say!("「{other}」没有完成", "`{other}` was not done", other = other),
    }
}
