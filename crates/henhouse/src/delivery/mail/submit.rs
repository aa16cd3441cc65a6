//! One conversation with the mail server, step by step, because what a broken connection means
//! depends on the step: before the message is complete nothing was sent, after it nobody knows.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use tokio::time::timeout;

use super::compose::{Composed, one_line};
use super::settings::Security;
use crate::delivery::outcome::{Fault, Outcome};

/// Longest part of a server's answer that is kept, in characters.
const RECEIPT_LIMIT: usize = 400;
/// How long a polite goodbye may take once the outcome is known.
const GOODBYE: Duration = Duration::from_secs(2);

/// Everything that a conversation needs and that does not change between messages.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) tls: Option<TlsParameters>,
    pub(super) login: Option<Credentials>,
    pub(super) hello: ClientId,
    pub(super) sender: Address,
    pub(super) connect_timeout: Duration,
    pub(super) answer_timeout: Duration,
    pub(super) accept_timeout: Duration,
}

/// Why a step did not get its positive answer.
enum Trouble {
    Silent(&'static str),
    Smtp(SmtpError),
}

impl Server {
    /// Hands one mail to the server. Dropping the future half-way is safe in the sense of
    /// [`Outcome::Uncertain`]: the row is tried again with the same Message-ID.
    pub(super) async fn submit(&self, mail: &Composed) -> Outcome {
        let mut connection = match self.open().await {
            Ok(connection) => connection,
            Err(trouble) => return trouble.channel(),
        };
        let outcome = self.hand_over(&mut connection, mail).await;
        if !matches!(outcome, Outcome::Uncertain { .. }) {
            let _ = timeout(GOODBYE, connection.command(Quit)).await;
        }
        outcome
    }

    /// Whether the server lets us in. Nothing is handed over.
    pub(super) async fn probe(&self) -> Outcome {
        match self.open().await {
            Ok(mut connection) => {
                let _ = timeout(GOODBYE, connection.command(Quit)).await;
                let receipt = "it answers".to_owned();
                Outcome::Accepted { receipt }
            }
            Err(trouble) => trouble.channel(),
        }
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let wrapped = self.tls.clone().filter(|_| self.security == Security::Tls);
        let connect = AsyncSmtpConnection::connect_tokio1(
            (self.host.as_str(), self.port),
            Some(self.connect_timeout),
            &self.hello,
            wrapped,
            None,
        );
        let mut connection = step(self.connect_timeout, "no greeting in time", connect).await?;
        if let Some(tls) = self
            .tls
            .clone()
            .filter(|_| self.security == Security::Starttls)
        {
            let upgrade = connection.starttls(tls, &self.hello);
            step(self.connect_timeout, "no TLS in time", upgrade).await?;
        }
        if let Some(login) = &self.login {
            let auth = connection.auth(DEFAULT_MECHANISMS, login);
            step(self.answer_timeout, "no answer to the login in time", auth).await?;
        }
        Ok(connection)
    }

    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, mail: &Composed) -> Outcome {
        let wait = self.answer_timeout;
        let mut options = Vec::new();
        if !mail.to.to_string().is_ascii() {
            if !connection
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                let receipt = "our mail server cannot carry this address (no SMTPUTF8)".to_owned();
                return Outcome::Rejected { receipt };
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let from = Mail::new(Some(self.sender.clone()), options);
        if let Err(trouble) =
            step(wait, "no answer to MAIL in time", connection.command(from)).await
        {
            return trouble.channel();
        }
        let to = Rcpt::new(mail.to.clone(), vec![]);
        if let Err(trouble) = step(wait, "no answer to RCPT in time", connection.command(to)).await
        {
            return trouble.recipient();
        }
        if let Err(trouble) =
            step(wait, "no answer to DATA in time", connection.command(Data)).await
        {
            return trouble.recipient();
        }
        let sent = async {
            match std::str::from_utf8(&mail.bytes) {
                Ok(text) => connection.command(Whole(text)).await,
                Err(_) => connection.message(&mail.bytes).await,
            }
        };
        let silence = "no answer to the message in time";
        match step(self.accept_timeout, silence, sent).await {
            Ok(response) if contradicts_itself(&response) => Outcome::Uncertain {
                reason: line(&response),
            },
            Ok(response) => Outcome::Accepted {
                receipt: line(&response),
            },
            Err(trouble) => trouble.after_message(),
        }
    }
}

/// A message with its end (RFC 5321, 4.5.2), so that both go out in one piece. An end that is sent
/// by itself waits until the other side has confirmed what came before, which it may put off: 40 ms
/// for each page.
struct Whole<'a>(&'a str);

impl std::fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.starts_with('.') {
            f.write_str(".")?;
        }
        f.write_str(&self.0.replace("\r\n.", "\r\n.."))?;
        if !self.0.ends_with("\r\n") {
            f.write_str("\r\n")?;
        }
        f.write_str(".\r\n")
    }
}

async fn step<T>(
    wait: Duration,
    silence: &'static str,
    work: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Trouble> {
    match timeout(wait, work).await {
        Err(_) => Err(Trouble::Silent(silence)),
        Ok(done) => done.map_err(Trouble::Smtp),
    }
}

impl Trouble {
    /// Before the recipient was named: whatever the code, other recipients would fare the same.
    /// A refused login is therefore never held against the person it was meant for.
    fn channel(self) -> Outcome {
        Outcome::Temporary {
            fault: Fault::Channel,
            reason: self.reason(),
        }
    }

    /// While the recipient or the message was judged.
    fn recipient(self) -> Outcome {
        match self.severity() {
            Some(Severity::PermanentNegativeCompletion) => Outcome::Rejected {
                receipt: self.reason(),
            },
            Some(_) => Outcome::Temporary {
                fault: Fault::Recipient,
                reason: self.reason(),
            },
            None => self.channel(),
        }
    }

    /// After the message was on its way: only a clear answer is an answer.
    fn after_message(self) -> Outcome {
        match self.severity() {
            Some(_) => self.recipient(),
            None => Outcome::Uncertain {
                reason: self.reason(),
            },
        }
    }

    fn severity(&self) -> Option<Severity> {
        match self {
            Self::Silent(_) => None,
            Self::Smtp(error) => error.status().map(|code| code.severity),
        }
    }

    fn reason(&self) -> String {
        let Self::Smtp(error) = self else {
            let Self::Silent(what) = self else {
                unreachable!("two variants")
            };
            return (*what).to_owned();
        };
        let said = std::error::Error::source(error)
            .map(ToString::to_string)
            .unwrap_or_default();
        let text = match error.status() {
            Some(code) => format!("{code} {said}"),
            None => error.to_string(),
        };
        without_addresses(&text)
    }
}

/// Whether it says yes by its code and no by its enhanced one (RFC 3463), as some filters do with what they drop.
fn contradicts_itself(response: &Response) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let word = response.first_word().unwrap_or_default();
    let parts: Vec<&str> = word.split('.').collect();
    matches!(parts.as_slice(), ["4" | "5", subject, detail] if number(subject) && number(detail))
}

fn line(response: &Response) -> String {
    let said = response.message().collect::<Vec<_>>().join(" ");
    without_addresses(&format!("{} {said}", response.code()))
}

/// What is kept of an answer: one line, with every address in it masked, because servers like to repeat
/// whom they refuse and receipts are kept and shown longer than addresses may be.
fn without_addresses(text: &str) -> String {
    let line = one_line(text, RECEIPT_LIMIT);
    let mask = |word| {
        if str::contains(word, '@') {
            "<address>"
        } else {
            word
        }
    };
    line.split(' ').map(mask).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Whole, without_addresses};

    #[test]
    fn a_line_of_one_dot_does_not_end_the_message() {
        let sent = |text| Whole(text).to_string();
        assert_eq!(sent("a\r\n.\r\nb\r\n"), "a\r\n..\r\nb\r\n.\r\n");
        assert_eq!(sent(".a\r\n.b"), "..a\r\n..b\r\n.\r\n");
        assert_eq!(sent("a"), "a\r\n.\r\n");
    }

    #[test]
    fn a_receipt_names_nobody() {
        let said = "550 5.1.1 <jane@example.org>:\r\n no such person, mailto:jane@example.org";
        assert_eq!(
            without_addresses(said),
            "550 5.1.1 <address> no such person, <address>"
        );
    }
}
