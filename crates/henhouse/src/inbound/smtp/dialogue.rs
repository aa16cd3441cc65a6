//! What is said on a line, without the line: one request, one answer.

use std::collections::BTreeSet;

use smtp_proto::{Error, Request};

use super::{House, MAIL_LIMIT, Recipient};

/// So many recipients of one mail are taken (RFC 5321, 4.5.3.1.8).
const RECIPIENTS: usize = 100;
/// Whoever is misunderstood so often is no mail server.
const SLIPS: u8 = 10;

/// What comes next on a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// This is answered.
    Say(String),
    /// This is answered, and the mail comes.
    Receive(String),
    /// This is answered, and the line is closed.
    Close(String),
}

/// How far a line has come.
#[derive(Debug, Default)]
pub struct Dialogue {
    greeted: bool,
    /// By LMTP: each recipient has an answer of its own.
    pub is_local: bool,
    /// Whom the envelope names as sender: `Some("")` for nobody.
    pub from: Option<String>,
    /// The recipients, in their order.
    pub to: Vec<Recipient>,
    /// Those of them to whose address for suspicious mails it comes.
    pub suspicious: BTreeSet<String>,
    slips: u8,
}

impl Dialogue {
    /// Answers a request.
    ///
    /// `has_project`: whether there is the project of the address that a recipient has, or nobody knows.
    pub fn answer(
        &mut self,
        house: &House,
        request: Request<std::borrow::Cow<'_, str>>,
        has_project: bool,
    ) -> Next {
        match request {
            Request::Ehlo { .. } => self.greet(house, false),
            Request::Lhlo { .. } => self.greet(house, true),
            Request::Helo { .. } => {
                self.greet(house, false);
                Next::Say(format!("250 {}", house.name))
            }
            Request::Mail { from } => self.sender(&from.address, from.size),
            Request::Rcpt { to } => self.recipient(house, &to.address, has_project),
            Request::Data => self.data(),
            Request::Rset => {
                self.forget();
                say("250 2.0.0 Forgotten")
            }
            Request::Noop { .. } => say("250 2.0.0 Here"),
            Request::Quit => Next::Close("221 2.0.0 Goodbye".to_owned()),
            Request::Vrfy { .. } | Request::Expn { .. } => {
                say("252 2.5.2 Send it, and you will see")
            }
            Request::Help { .. } => {
                say("214 2.0.0 Mails with Security Incident in their subject become reports")
            }
            _ => self.slip("502 5.5.1 That is not done here"),
        }
    }

    /// Answers what is no request.
    pub fn misunderstood(&mut self, error: &Error) -> Next {
        self.slip(match error {
            Error::InvalidSenderAddress | Error::InvalidRecipientAddress => {
                "501 5.1.3 That address cannot be read"
            }
            Error::InvalidParameter { .. } | Error::UnsupportedParameter { .. } => {
                "555 5.5.4 That parameter is not known here"
            }
            Error::ResponseTooLong => "500 5.5.6 That line is too long",
            Error::UnknownCommand => "500 5.5.2 That command is not known here",
            _ => "501 5.5.4 That cannot be read",
        })
    }

    /// The mail has come, or is given up: another may follow.
    pub fn forget(&mut self) {
        self.from = None;
        self.to.clear();
        self.suspicious.clear();
    }

    fn greet(&mut self, house: &House, is_local: bool) -> Next {
        self.forget();
        (self.greeted, self.is_local) = (true, is_local);
        let can = format!(
            "PIPELINING\r\n250-SIZE {MAIL_LIMIT}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES"
        );
        Next::Say(format!("250-{}\r\n250-{can}", house.name))
    }

    fn sender(&mut self, address: &str, size: usize) -> Next {
        if !self.greeted {
            return self.slip("503 5.5.1 Say EHLO first");
        }
        if self.from.is_some() {
            return self.slip("503 5.5.1 The sender was said already");
        }
        if size > MAIL_LIMIT {
            return say(
                "552 5.3.4 Larger than a mail may be here: send a smaller one, and say in it what there is more",
            );
        }
        self.from = Some(address.to_owned());
        say("250 2.1.0 Go on")
    }

    fn recipient(&mut self, house: &House, address: &str, has_project: bool) -> Next {
        if self.from.is_none() {
            return self.slip("503 5.5.1 Say MAIL FROM first");
        }
        if self.to.len() >= RECIPIENTS {
            return say("452 4.5.3 Too many recipients: send it to the others by itself");
        }
        let address = address.to_lowercase();
        match house.recipient(&address) {
            Some(recipient) if has_project => {
                if house.suspicious.contains(&address) {
                    self.suspicious.insert(recipient.project.clone());
                }
                self.to.push(recipient);
                say("250 2.1.5 Go on")
            }
            _ => self.slip(&house.nobody),
        }
    }

    fn data(&mut self) -> Next {
        if self.to.is_empty() {
            return self.slip("503 5.5.1 Say MAIL FROM and RCPT TO first");
        }
        Next::Receive("354 Send it, and end with a line of one dot".to_owned())
    }

    fn slip(&mut self, words: &str) -> Next {
        self.slips += 1;
        if self.slips >= SLIPS {
            return Next::Close(
                "421 4.7.0 Too much of what was said could not be understood".to_owned(),
            );
        }
        say(words)
    }
}

fn say(words: &str) -> Next {
    Next::Say(words.to_owned())
}
