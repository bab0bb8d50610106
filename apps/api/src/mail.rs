//! Sending mail: by SMTP when it is configured, into a test's hands in a story.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::MailSettings;

/// A mail in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The receiver's address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The settings cannot be used.
    #[error("the mail settings cannot be used: {0}")]
    Settings(String),
    /// The address can never be sent to.
    #[error("not an address that mail can be sent to")]
    Address,
    /// The mail server refused or was not reached.
    #[error("the mail server did not take it: {0}")]
    Refused(String),
}

/// A mail on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;

/// Whoever takes mail.
pub trait Mailer: Send + Sync + 'static {
    /// Sends one mail.
    fn send(&self, mail: Mail) -> Sending<'_>;
}

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Reads the settings; the server is reached with the first mail.
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        let wrong = |error: &dyn std::fmt::Display| MailError::Settings(error.to_string());
        let from = settings.from.parse().map_err(|error| wrong(&error))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.smtp_url)
            .map_err(|error| wrong(&error))?
            .timeout(Some(Duration::from_secs(30)))
            .build();
        Ok(Self { transport, from })
    }
}

impl Mailer for Smtp {
    fn send(&self, mail: Mail) -> Sending<'_> {
        Box::pin(async move {
            let message = Message::builder()
                .from(self.from.clone())
                .to(mail.to.parse().map_err(|_| MailError::Address)?)
                .subject(mail.subject)
                .header(ContentType::TEXT_PLAIN)
                .body(mail.text)
                .map_err(|_| MailError::Address)?;
            match self.transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => Err(MailError::Refused(error.to_string())),
            }
        })
    }
}
