//! Counting deadlines again after the calendar changed.

use serde::{Deserialize, Serialize};
use zhupi_domain::{CompanyId, InstanceId, Instant};
use zhupi_engine::{Actor, Command, Refusal};
use zhupi_store::{Change, InstanceFilter, OutboxMessage, Scope};

use crate::carry::RequestKey;
use crate::errand::{errand, told};
use crate::permit::AUDIT_KEY;
use crate::{App, AppError};

/// Topic of the messages that have deadlines counted again.
pub const COUNT_AGAIN: &str = "count-again";
/// How many requests one message looks at: the lane is shared with what others wait for.
const AT_ONCE: usize = 100;
/// What was being decided while the calendar changed may still carry a date of the old one; by then it is written or gone.
const SECOND_LOOK_SECONDS: i64 = 60;

/// What a message of that topic says.
#[derive(Serialize, Deserialize)]
struct CountAgain {
    /// Of the calendars, which tells one change from another.
    version: i64,
    /// The first or the second look.
    look: u8,
    /// The request after which it goes on; none: from the newest.
    #[serde(default)]
    after: Option<InstanceId>,
}

/// The messages that go with a change of the calendar, after which it has this version.
pub(crate) fn messages(company: &CompanyId, version: i64, now: Instant) -> Result<[Change; 2], AppError> {
    let message = |look, at| CountAgain { version, look, after: None }.message(company, at);
    Ok([message(1, now)?, message(2, now.plus_seconds(SECOND_LOOK_SECONDS))?])
}

impl CountAgain {
    fn message(&self, company: &CompanyId, due_at: Instant) -> Result<Change, AppError> {
        let from = self.after.as_ref().map_or("", |after| after.as_str());
        errand(company, COUNT_AGAIN, &format!("{}/{}/{from}", self.version, self.look), self, due_at)
    }
}

impl App {
    /// Counts the deadlines of some running requests again, and leaves the others to the next message.
    ///
    /// Doing it twice does it once. A request that cannot be dealt with does not stop the others.
    pub(crate) async fn count_again(&self, message: &OutboxMessage, now: Instant) -> Result<(), AppError> {
        let company = &message.company;
        let told: CountAgain = told(message)?;
        let scope = Scope::of(company.clone()).reader(AUDIT_KEY);
        let running = InstanceFilter { status: Some("running".into()), ..InstanceFilter::default() };
        let page = self.store().instances(&scope, &running, told.after.as_ref(), AT_ONCE).await?;
        for instance in &page.items {
            match self.count_one_again(company, &instance.id, now).await {
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => {
                    tracing::error!(%company, instance = %instance.id, %error, "its deadlines were not counted again");
                }
                Ok(()) => {}
            }
        }
        let next = match page.next {
            Some(after) => Some(CountAgain { after: Some(after), ..told }.message(company, now)?),
            None => None,
        };
        self.go_on(message, next).await
    }

    async fn count_one_again(&self, company: &CompanyId, id: &InstanceId, now: Instant) -> Result<(), AppError> {
        let loaded = self.load(company, id).await?;
        let no_key: Option<&RequestKey> = None;
        let waiting = self.waiting_for_a_year(&loaded, now).await?;
        let again =
            |loaded| async move { Ok((Command::CountAgain { recounted: self.recounted(&loaded).await? }, Vec::new())) };
        self.carry(loaded, &Actor::Machine, no_key, now, again).await?;
        for incident in waiting {
            let retry = |_| async move { Ok((Command::Retry { incident }, Vec::new())) };
            match self.carry(self.load(company, id).await?, &Actor::Machine, no_key, now, retry).await {
                Ok(_) | Err(AppError::Refused(Refusal::NoSuchIncident | Refusal::Ended { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
