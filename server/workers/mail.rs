//! Notices by e-mail.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use zhupi_app::Mail;
use zhupi_domain::ContentHash;

use crate::complaint::Complaint;
use crate::config::{Smtp, SmtpTls};

/// Sends mails through one server. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// A mail server that does not answer holds nobody up for longer.
const TIMEOUT: Duration = Duration::from_secs(10);

impl Mailer {
    pub fn new(smtp: &Smtp) -> anyhow::Result<Self> {
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match smtp.tls {
            SmtpTls::Tls => Transport::relay(&smtp.host)?,
            SmtpTls::StartTls => Transport::starttls_relay(&smtp.host)?,
            SmtpTls::None => Transport::builder_dangerous(&smtp.host),
        };
        let builder = builder.port(smtp.port).timeout(Some(TIMEOUT));
        let builder = match &smtp.credentials {
            Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
            None => builder,
        };
        let from = smtp.from.parse().map_err(|error| bad_sender(&smtp.from).detail(error))?;
        Ok(Self { transport: builder.build(), from })
    }

    /// Sends one mail. Sent again after a crash it has the same id, by which mail programs show it once.
    pub async fn send(&self, message: &str, mail: Mail) -> Result<(), String> {
        let to: Mailbox = match mail.to.parse() {
            Ok(to) => to,
            Err(_) => {
                tracing::warn!(message, "a notice has no usable address");
                return Ok(());
            }
        };
        let id = ContentHash::of(&[message.as_bytes(), b"\0", mail.to.as_bytes()]);
        let domain = self.from.email.domain();
        let built = Message::builder()
            .message_id(Some(format!("<{id}@{domain}>")))
            .from(self.from.clone())
            .to(to)
            .subject(one_line(&mail.subject))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text)
            .map_err(|error| error.to_string())?;
        match tokio::time::timeout(TIMEOUT, self.transport.send(built)).await {
            Ok(sent) => sent.map(drop).map_err(|error| error.to_string()),
            Err(_) => Err(format!("the mail server took longer than {} s", TIMEOUT.as_secs())),
        }
    }
}

/// A line break in a subject would begin another header.
fn one_line(subject: &str) -> String {
    subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn bad_sender(from: &str) -> Complaint {
    Complaint::new(
        format!("设置 smtp.from：`{from}` 不是邮件地址"),
        format!("setting smtp.from: `{from}` is not an e-mail address"),
    )
    .hint("例如 审批 <oa@example.com>", "for example Approvals <oa@example.com>")
}
