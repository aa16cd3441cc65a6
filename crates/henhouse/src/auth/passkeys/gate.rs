//! Making passkeys, ending them, and coming in by one.

use serde_json::Value;

use super::{ASKED_MINUTES, Kept, METHOD, Options, Party, Unfit};
use crate::auth::Known;
use crate::auth::gate::{Gate, LoginRefused, TRIES};
use crate::auth::issue::short;
use crate::auth::known::Proof;
use crate::auth::second::{browser_only, person_of};
use crate::auth::secret;
use crate::auth::waiting::Waiting;
use crate::desk::{DeskError, Passed, only_by_its_halves};

/// So many sign-ins by passkey are begun from one address in a quarter of an hour.
const BEGUN: u32 = 100;

/// The hash of a session's secret, and of the one under which it goes on.
type Keep = ([u8; 32], [u8; 32]);

/// Something that a device was asked.
pub struct Asked {
    /// Names it when the answer comes.
    pub token: String,
    /// What is asked.
    pub options: Options,
}

impl Gate {
    /// Who we are to passkeys; nothing where no browser takes them.
    #[must_use]
    pub fn party(&self) -> Option<Party> {
        Party::of(&self.desk.site().base_url)
    }

    /// Asks a device of whoever is known for a new passkey, which they call by this name.
    ///
    /// # Errors
    /// Not allowed but to a person in a browser; bad input for a name that will not do; the desk's.
    pub async fn new_passkey(&self, known: &Known, name: &str) -> Result<Asked, DeskError> {
        let person = person_of(known)?.to_owned();
        only_by_its_halves(&person)?;
        let name = short("name", name.trim().to_owned())?;
        let account = self.desk.account(person.clone()).await?;
        let account = account.ok_or(DeskError::NotFound("account"))?;
        let party = self.party().ok_or_else(no_passkeys)?;
        let kept = self.desk.passkeys(person.clone()).await?;
        let handle = match kept.first() {
            Some((_, first)) => first.handle,
            None => self.ids.uuid_v7(self.desk.clock().wall()),
        };
        let not = kept.iter().map(|(_, kept)| kept.key.id()).collect();
        let whom = (account.login.as_str(), account.name.as_str());
        let asked = party.ask_new(handle, whom, not);
        let (options, asked) = asked.map_err(|unfit| bad(sentence(unfit)))?;
        let waiting = Waiting::NewPasskey {
            person,
            name,
            handle,
            asked,
        };
        let token = self.desk.wait(&waiting, ASKED_MINUTES).await?;
        Ok(Asked { token, options })
    }

    /// Keeps the passkey in the answer of a device. Every other session of its person ends; answers the secret under which
    /// this one goes on.
    ///
    /// # Errors
    /// Bad input for an answer that will not do, or where it took too long.
    pub async fn confirm_passkey(
        &self,
        known: &Known,
        token: &str,
        answer: Value,
    ) -> Result<String, DeskError> {
        let of = person_of(known)?.to_owned();
        let party = self.party().ok_or_else(no_passkeys)?;
        let late = || bad("This took too long, or was sent twice. Begin again.");
        let own =
            |waits: &Waiting| matches!(waits, Waiting::NewPasskey { person, .. } if *person == of);
        let waits = self.desk.waiting(token).await?;
        waits.filter(own).ok_or_else(late)?;
        let Some(Waiting::NewPasskey {
            person,
            name,
            handle,
            asked,
        }) = self.desk.take_waiting(token).await?
        else {
            return Err(late());
        };
        let key = party
            .take_new(answer, &asked)
            .map_err(|unfit| bad(sentence(unfit)))?;
        let kept = Kept {
            name,
            handle,
            since: self.desk.clock().wall(),
            used: None,
            key,
        };
        let (session, keep) = self.goes_on(known)?;
        self.desk
            .add_passkey(known.actor(), person, keep, kept)
            .await?;
        Ok(session)
    }

    /// Ends one of the passkeys of whoever is known, and every other session; answers the secret under which this one goes
    /// on.
    ///
    /// # Errors
    /// Not found; not allowed but to a person in a browser.
    pub async fn end_passkey(&self, known: &Known, id: &str) -> Result<String, DeskError> {
        let person = person_of(known)?.to_owned();
        let (session, keep) = self.goes_on(known)?;
        self.desk
            .end_passkey(known.actor(), person, Some(keep), id.to_owned())
            .await?;
        Ok(session)
    }

    /// Asks whoever is there to sign with a passkey.
    ///
    /// # Errors
    /// [`LoginRefused::NoPasskeys`]; too many tries; the desk's.
    pub async fn ask_for_passkey(&self, address: &str) -> Result<Asked, LoginRefused> {
        let party = self.party().ok_or(LoginRefused::NoPasskeys)?;
        let now = self.desk.clock().steady();
        self.tries
            .count(&format!("passkeys from {address}"), BEGUN, now)?;
        let asked = party.ask_any();
        let (options, asked) = asked.map_err(|_| LoginRefused::Passkey)?;
        let waiting = Waiting::AnyPasskey { asked };
        let token = self.desk.wait(&waiting, ASKED_MINUTES).await?;
        Ok(Asked { token, options })
    }

    /// Begins a session for whoever signed; answers its secret. What was asked is over with the first answer, whatever it
    /// says.
    ///
    /// # Errors
    /// [`LoginRefused`], which never says what is known here.
    pub async fn enter_by_passkey(
        &self,
        token: &str,
        answer: Value,
        (address, device): (&str, &str),
    ) -> Result<String, LoginRefused> {
        let party = self.party().ok_or(LoginRefused::NoPasskeys)?;
        let now = self.desk.clock().steady();
        self.tries
            .count(&format!("from {address}"), TRIES[1], now)?;
        let waits = self.desk.waiting(token).await?;
        if !matches!(waits, Some(Waiting::AnyPasskey { .. })) {
            return Err(LoginRefused::Passkey);
        }
        let Some(Waiting::AnyPasskey { asked }) = self.desk.take_waiting(token).await? else {
            return Err(LoginRefused::Passkey);
        };
        let shown = party.shown(answer).map_err(|_| LoginRefused::Passkey)?;
        let found = self.desk.passkey(shown.hash).await?;
        let found = found.filter(|(_, kept)| kept.handle == shown.handle);
        let (row, mut kept) = found.ok_or(LoginRefused::Passkey)?;
        match party.check(&shown, asked, &mut kept.key) {
            Ok(()) => {}
            Err(Unfit::Copied) => {
                self.desk.suspect_passkey(row, address.to_owned()).await?;
                return Err(LoginRefused::PasskeyCopied);
            }
            Err(Unfit::Wrong | Unfit::NotFound) => return Err(LoginRefused::Passkey),
        }
        let (session, begun) = self.new_session(METHOD, (address, device));
        let role = self.role_of(&row.person).await?;
        match self
            .desk
            .pass_by_passkey(row, kept, begun.until(role))
            .await?
        {
            Passed::In => Ok(session),
            Passed::Wrong | Passed::Over => Err(LoginRefused::Passkey),
        }
    }

    /// Another secret for the session of whoever is known, and the hashes of the one that it has and of that.
    fn goes_on(&self, known: &Known) -> Result<(String, Keep), DeskError> {
        let Proof::Session { hash, .. } = &known.proof else {
            return Err(browser_only());
        };
        let session = self.ids.token();
        let keep = (*hash, secret::hash(&session));
        Ok((session, keep))
    }
}

const fn sentence(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Wrong | Unfit::Copied => {
            "What the device answered is no passkey for this server. Begin again, or use another device."
        }
        Unfit::NotFound => {
            "This device made a key that it does not find again by itself, so you could not sign in with it. Use another device."
        }
    }
}

fn bad(sentence: &str) -> DeskError {
    DeskError::BadInput {
        field: "credential".to_owned(),
        sentence: sentence.to_owned(),
    }
}

fn no_passkeys() -> DeskError {
    procedure::Refusal::forbidden(
        None,
        "No browser makes a passkey for the address under which people use this server.",
        "Set `base_url` to a name with https, such as https://henhouse.example.org, and start the server again.",
    )
    .into()
}
