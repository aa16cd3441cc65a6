//! Between telephones, the desk and the outbox: what was pressed becomes an act of the person who was called, and what
//! became of a call goes to its delivery.

use std::sync::{Arc, Weak};

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::config::Config;
pub use crate::delivery::heard::Heard as Became;
use crate::delivery::outbox::Outbox;
use crate::delivery::phone::Manner;
use crate::desk::{Called, Desk, DeskError, PhonePage, Press, Rang, Stands};
use crate::inbound::phone as signed;
use crate::inbound::voicemail::Voicemail;
use crate::post::Post;
use crate::report::phone::{Reply, reply, said};

/// Longer answers are those of machines, and are not answered.
const LONGEST_REPLY: usize = 24;

/// For all that wait.
const ALL: &str = "ALL";
/// No gateway has longer ids.
const LONGEST_ID: usize = 128;

/// What telephones say.
pub struct Phones {
    desk: Desk,
    outbox: Weak<Outbox<Post>>,
    twilio: Vec<Zeroizing<String>>,
    vonage: Option<Zeroizing<String>>,
    /// By which calls of Vonage are known: the secret, and the application.
    vonage_calls: Option<(Zeroizing<String>, String)>,
    voicemail: Voicemail,
}

/// What is answered to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Said, and the call ends.
    Say(String),
    /// Said, and a key is waited for.
    Ask(String),
    /// The call goes on there.
    Dial(String),
}

impl Phones {
    /// With the secrets of the settings by which answers are known.
    ///
    /// # Errors
    /// A file cannot be read; a number that is none.
    pub fn new(desk: Desk, outbox: &Arc<Outbox<Post>>, config: &Config) -> anyhow::Result<Self> {
        let voicemail = Voicemail::new(&config.voicemail)?;
        let mut twilio = Vec::new();
        for (manner, settings) in [(Manner::Sms, &config.sms), (Manner::Voice, &config.voice)] {
            let settings = settings.as_ref().and_then(|phone| phone.twilio.as_ref());
            if let Some(settings) = settings.filter(|settings| settings.answers) {
                twilio.push(settings.token(manner)?);
            }
        }
        let vonage = config.sms.as_ref().and_then(|sms| sms.vonage.as_ref());
        let vonage = vonage.map(|vonage| vonage.signature("sms")).transpose()?;
        let calls = config
            .voice
            .as_ref()
            .and_then(|voice| voice.vonage.as_ref());
        let secret = calls.map(|calls| calls.signature("voice")).transpose()?;
        let application = calls.and_then(|calls| calls.application.clone());
        Ok(Self {
            desk,
            outbox: Arc::downgrade(outbox),
            twilio,
            vonage: vonage.flatten(),
            vonage_calls: secret.flatten().zip(application),
            voicemail,
        })
    }

    /// The numbers that people call to report something.
    #[must_use]
    pub const fn voicemail(&self) -> &Voicemail {
        &self.voicemail
    }

    /// Whether Twilio signed this.
    #[must_use]
    pub fn is_from_twilio(&self, url: &str, fields: &[(String, String)], signature: &str) -> bool {
        let signed =
            |token: &Zeroizing<String>| signed::is_from_twilio(token, url, fields, signature);
        self.twilio.iter().any(signed)
    }

    /// Whether Vonage signed this, and lately.
    #[must_use]
    pub fn is_from_vonage(&self, fields: &[(String, String)]) -> bool {
        let secret = self.vonage.as_ref();
        secret.is_some_and(|secret| signed::is_from_vonage(secret, fields))
            && signed::is_recent(fields, self.desk.clock().wall())
    }

    /// Whether Vonage signed this body of a call, just now.
    #[must_use]
    pub fn is_call_from_vonage(&self, token: &str, body: &[u8]) -> bool {
        let now = self.desk.clock().wall();
        let calls = self.vonage_calls.as_ref();
        calls.is_some_and(|(secret, application)| {
            signed::is_call_from_vonage((secret, application), token, body, now)
        })
    }

    /// What became of a message or a call.
    pub async fn became(&self, notice: Uuid, became: Became, receipt: &str) {
        // A test rings once.
        let test = matches!(self.desk.rang(notice).await, Ok(Some(Rang::Test { .. })));
        let became = match became {
            Became::Missed if test => Became::Lost,
            became => became,
        };
        let Some(outbox) = self.outbox.upgrade() else {
            return;
        };
        let heard = outbox
            .heard(crate::store::NoticeId(notice), became, receipt)
            .await;
        match heard {
            Ok(true) => self.desk.outbox_nudge().notify_one(),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, "what became of a page by telephone was not written")
            }
        }
    }

    /// A key of the call that this delivery is, which went to that number.
    pub async fn pressed(&self, notice: Uuid, number: &str, key: &str) -> Voice {
        let rang = match self.desk.rang(notice).await {
            Ok(Some(rang)) => rang,
            Ok(None) => return Voice::Say("This call is over. Goodbye.".to_owned()),
            Err(error) => return cannot(&error),
        };
        match (rang, key) {
            (Rang::Test { person }, "4") => {
                self.confirm(&person, number).await;
                self.became(notice, Became::Arrived, "answered by key 4")
                    .await;
                Voice::Say("Thank you. This number is confirmed. Goodbye.".to_owned())
            }
            (Rang::Test { .. }, _) => {
                Voice::Ask("This is a test of Henhouse. Press 4 to confirm this number.".to_owned())
            }
            (Rang::Page(page), "4" | "5") => {
                let press = if key == "4" {
                    Press::Take
                } else {
                    Press::PassOn
                };
                match self.desk.press_by_phone(&page, press).await {
                    Ok(called) => {
                        self.confirm(&page.person, number).await;
                        let receipt = format!("answered by key {key}");
                        self.became(notice, Became::Arrived, &receipt).await;
                        Voice::Say(format!("{} Goodbye.", outcome(&page, &called, press)))
                    }
                    Err(error) => cannot(&error),
                }
            }
            (Rang::Page(page), "0") => match self.duty_phone(&page).await {
                Some(number) => Voice::Dial(number),
                None => Voice::Ask(format!("There is no duty phone. {}", asked(&page))),
            },
            (Rang::Page(page), _) => Voice::Ask(asked(&page)),
        }
    }

    async fn duty_phone(&self, page: &PhonePage) -> Option<String> {
        let called = self.desk.called_by_phone(page).await.ok()?;
        let number = called.public_numbers.into_iter().next()?.1;
        number
            .starts_with('+')
            .then(|| crate::report::phone::dialled(&number))
    }

    /// A text message as its gateway told it, by the gateway's own id; what is answered, once.
    pub async fn told(&self, vendor: &str, id: &str, number: &str, text: &str) -> Option<String> {
        let id: String = id.chars().take(LONGEST_ID).collect();
        if !id.is_empty() {
            match self.desk.is_new_message(vendor, &id).await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    tracing::warn!(%error, "an answer by text message could not be noted");
                    return Some(said::away());
                }
            }
        }
        self.wrote(number, text).await
    }

    /// A text message from this number. Nothing is answered to strangers and to machines.
    async fn wrote(&self, number: &str, text: &str) -> Option<String> {
        let people = match self.desk.people_of_number(number).await {
            Ok(people) => people,
            Err(error) => {
                tracing::warn!(%error, "an answer by text message could not be noted");
                return Some(said::away());
            }
        };
        if people.is_empty() {
            return None;
        }
        let Ok(pages) = self.desk.pages_by_phone(number).await else {
            return Some(said::away());
        };
        let (press, which) = match reply(text) {
            Reply::Other if pages.is_empty() || text.chars().count() > LONGEST_REPLY => {
                return None;
            }
            Reply::Other => return Some(said::again()),
            Reply::Take => (Press::Take, None),
            Reply::PassOn => (Press::PassOn, None),
            Reply::Of(what, which) => match *what {
                Reply::PassOn => (Press::PassOn, Some(which)),
                _ => (Press::Take, Some(which)),
            },
        };
        let mut new = false;
        for person in &people {
            new |= self.confirm(person, number).await;
        }
        let meant = meant(&pages, which.as_deref());
        // Nobody acts as somebody else: who holds a number that pages called two people on is not known.
        if meant
            .iter()
            .any(|page| meant.iter().any(|other| other.person != page.person))
        {
            return Some(said::shared());
        }
        match meant.as_slice() {
            [] if pages.is_empty() && new => Some(said::confirmed()),
            [] if pages.is_empty() => Some(said::nothing()),
            [] => Some(which_of(&pages)),
            [one] => Some(self.answer(one, press).await),
            all if which.as_deref() == Some(ALL) => {
                let (mut done, mut failed, mut first, mut wrong) = (0_usize, 0_usize, None, None);
                for page in all {
                    match self.answered(page, press).await {
                        Ok(said) => {
                            done += 1;
                            first = first.or(Some(said));
                        }
                        Err(said) => {
                            failed += 1;
                            wrong = wrong.or(Some(said));
                        }
                    }
                }
                Some(counted(first, done, wrong, failed))
            }
            _ => Some(which_of(&pages)),
        }
    }

    async fn answer(&self, page: &PhonePage, press: Press) -> String {
        let (Ok(said) | Err(said)) = self.answered(page, press).await;
        said
    }

    /// What is said of it, and whether it was done.
    async fn answered(&self, page: &PhonePage, press: Press) -> Result<String, String> {
        match self.desk.press_by_phone(page, press).await {
            Ok(called) => {
                let key = if press == Press::Take { "4" } else { "5" };
                let receipt = format!("answered by text message {key}");
                self.became(page.notice, Became::Arrived, &receipt).await;
                let done = match press {
                    Press::PassOn => called.stands == Stands::Open,
                    _ => called.stands == Stands::Yours,
                };
                let said = outcome(page, &called, press);
                if done { Ok(said) } else { Err(said) }
            }
            Err(DeskError::Refused(refusal)) => Err(crate::report::phone::gsm(&format!(
                "HENHOUSE {}: {}",
                page.number, refusal.sentence
            ))),
            Err(error) => {
                tracing::warn!(%error, "an answer by text message could not be noted");
                Err(said::away())
            }
        }
    }

    async fn confirm(&self, person: &str, number: &str) -> bool {
        let confirmed = self.desk.confirm_number(person, number).await;
        confirmed.unwrap_or_else(|error| {
            tracing::warn!(%error, "that a number is confirmed could not be noted");
            false
        })
    }
}

/// What is said of several: how many were done, and how many were not.
fn counted(first: Option<String>, done: usize, wrong: Option<String>, failed: usize) -> String {
    let Some(mut said) = first else {
        return wrong.unwrap_or_else(said::away);
    };
    if done > 1 {
        said.push_str(&format!(" And {} more.", done - 1));
    }
    if failed > 0 {
        said.push_str(&format!(
            " {failed} could not be done: please open the links."
        ));
    }
    said
}

/// The pages that are meant: the only one, all of them, or those of this number. Two cases may have the same digits.
fn meant<'a>(pages: &'a [PhonePage], which: Option<&str>) -> Vec<&'a PhonePage> {
    match which {
        None | Some(ALL) => pages.iter().collect(),
        Some(which) => {
            let is_meant = |page: &&PhonePage| {
                let digits = page.number.rsplit('-').next().unwrap_or_default();
                page.number == which || digits == which
            };
            pages.iter().filter(is_meant).collect()
        }
    }
}

fn which_of(pages: &[PhonePage]) -> String {
    let mut numbers: Vec<String> = pages.iter().map(|page| page.number.clone()).collect();
    numbers.dedup();
    said::which(&numbers)
}

fn asked(page: &PhonePage) -> String {
    let keys = "Press 4 to take it, 5 to pass it on, star to hear it again, 0 for the duty phone.";
    format!("{} needs you. {keys}", page.number)
}

fn outcome(page: &PhonePage, called: &Called, press: Press) -> String {
    let number = &page.number;
    match &called.stands {
        Stands::Yours => said::yours(number),
        Stands::Taken { ic, name, .. } => said::taken(number, name.as_deref().unwrap_or(ic)),
        Stands::Over => said::over(number),
        Stands::Open if press == Press::PassOn => said::passed_on(number),
        Stands::Open => said::again(),
    }
}

fn cannot(error: &DeskError) -> Voice {
    match error {
        DeskError::Refused(refusal) => Voice::Say(format!("{} Goodbye.", refusal.sentence)),
        error => {
            tracing::warn!(%error, "a key of a telephone could not be noted");
            Voice::Say(
                "This cannot be noted just now. Please open the link, or telephone. Goodbye."
                    .to_owned(),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_done_is_counted() {
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(counted(said("a."), 3, None, 0), "a. And 2 more.");
        assert_eq!(counted(said("a."), 1, None, 0), "a.");
        assert_eq!(
            counted(said("a."), 1, said("no"), 2),
            "a. 2 could not be done: please open the links."
        );
        assert_eq!(counted(None, 0, said("no"), 2), "no");
    }
}
