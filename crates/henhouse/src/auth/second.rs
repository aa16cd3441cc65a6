//! The second factor: a code of an app, or a recovery code where the app is lost.
//!
//! A right password alone then begins nothing but a wait of minutes, which the server keeps; the code is judged in the
//! transaction that begins the session, so that it counts once.

use super::Known;
use super::factors::{App, RECOVERY_CODES, Recovery, app_secret, recovery_code};
use super::gate::{Gate, LoginRefused, TRIES};
use super::known::Proof;
use super::password;
use super::secret;
use super::waiting::{APP_MINUTES, HALF_MINUTES, Half, Waiting};
use crate::desk::{Code, DeskError, FactorNews, Passed, hash_of};

/// What a sign-in that waits asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A code of the app, or a recovery code.
    Code,
    /// Who it is and why: the break-glass account.
    WhoAndWhy,
}

/// An app that is being put on.
pub struct NewApp {
    /// Names it until its first code has come.
    pub token: String,
    /// What the app is told, in base 32.
    pub secret: String,
}

/// What a change of factors leads to: another secret for the session that made it.
pub struct Changed {
    /// The session's new secret.
    pub session: String,
    /// Recovery codes, where there are new ones. They are shown this once.
    pub codes: Vec<String>,
}

impl Gate {
    pub(super) async fn wait_for_code(&self, person: String) -> Result<String, DeskError> {
        let account = self.desk.account(person.clone()).await?;
        let password = account.and_then(|account| account.password);
        let half = Half {
            person,
            password: password.as_deref().map(hash_of),
            wrong: 0,
        };
        self.desk.wait(&Waiting::Half(half), HALF_MINUTES).await
    }

    /// What a sign-in that waits under this secret asks for; nothing where none waits.
    ///
    /// # Errors
    /// The desk's.
    pub async fn asks(&self, token: &str) -> Result<Option<Asks>, DeskError> {
        Ok(match self.desk.waiting(token).await? {
            Some(Waiting::Half(_)) => Some(Asks::Code),
            Some(Waiting::BreakGlass { .. }) => Some(Asks::WhoAndWhy),
            _ => None,
        })
    }

    /// Ends a sign-in that waits with a code of the app or a recovery code; answers the session's secret.
    ///
    /// # Errors
    /// [`LoginRefused`]: wrong, over, or too many tries. Codes count as passwords do.
    pub async fn enter_code(
        &self,
        token: &str,
        typed: &str,
        address: &str,
        device: &str,
    ) -> Result<String, LoginRefused> {
        let Some(Waiting::Half(half)) = self.desk.waiting(token).await? else {
            let now = self.desk.clock().steady();
            self.tries
                .count(&format!("from {address}"), TRIES[1], now)?;
            return Err(LoginRefused::Over);
        };
        let account = self.desk.account(half.person.clone()).await?;
        let account = account.ok_or(LoginRefused::Over)?;
        self.count_try(&account.login, address)?;
        let (code, method) = match recovery_code(typed) {
            Some(code) => {
                let factors = self.desk.factors(half.person).await?;
                let salt = factors.recovery.salt().to_vec();
                if salt.is_empty() {
                    (Code::App(typed.to_owned()), "password, app")
                } else {
                    let hashed = self
                        .apart(move || password::hash_with(&code, &salt))
                        .await?;
                    (Code::Recovery(hashed), "password, recovery code")
                }
            }
            None => (Code::App(typed.to_owned()), "password, app"),
        };
        let (session, row) = self.new_session(method, (address, device));
        let role = self.role_of(&account.person).await?;
        match self.desk.pass(token, code, row.until(role)).await? {
            Passed::In => {
                self.forget_tries(&account.login, address);
                Ok(session)
            }
            Passed::Wrong => Err(LoginRefused::WrongCode),
            Passed::Over => Err(LoginRefused::Over),
        }
    }

    /// Begins to put on an app: it is asked for only when a first code of it has come.
    ///
    /// # Errors
    /// Not allowed but to a person in a browser; the desk's.
    pub async fn new_app(&self, known: &Known) -> Result<NewApp, DeskError> {
        let person = person_of(known)?.to_owned();
        let secret = app_secret(&self.ids.salt());
        let waiting = Waiting::NewApp {
            person,
            secret: secret.clone(),
        };
        let token = self.desk.wait(&waiting, APP_MINUTES).await?;
        Ok(NewApp { token, secret })
    }

    /// The secret of an app that is being put on, to show it again; nothing for another's, or where it took too long.
    ///
    /// # Errors
    /// The desk's.
    pub async fn app_being_put_on(
        &self,
        known: &Known,
        token: &str,
    ) -> Result<Option<String>, DeskError> {
        Ok(match self.desk.waiting(token).await? {
            Some(Waiting::NewApp { person, secret }) if known.person == Some(person.clone()) => {
                Some(secret)
            }
            _ => None,
        })
    }

    /// Puts on the app with its first code, and makes recovery codes. Every other session ends.
    ///
    /// # Errors
    /// Bad input for a wrong code, or where it took too long.
    pub async fn confirm_app(
        &self,
        known: &Known,
        token: &str,
        code: &str,
    ) -> Result<Changed, DeskError> {
        let late = || bad("This took too long. Begin again.");
        let secret = self
            .app_being_put_on(known, token)
            .await?
            .ok_or_else(late)?;
        let now = self.desk.clock().wall();
        let wrong = || {
            bad(
                "This is not the code of the app now. Look at the clock of the device, then type the next one.",
            )
        };
        let app = App::confirmed(&secret, code, now).ok_or_else(wrong)?;
        self.desk.take_waiting(token).await?.ok_or_else(late)?;
        let (codes, recovery) = self.recovery_codes().await?;
        let session = self
            .change_factors(known, move |factors, _| {
                factors.app = Some(app);
                factors.recovery = recovery;
                Ok(FactorNews::AppOn)
            })
            .await?;
        Ok(Changed { session, codes })
    }

    /// Takes the app off, and its recovery codes with it: the password is enough again.
    ///
    /// # Errors
    /// Not found where there is none.
    pub async fn remove_app(&self, known: &Known) -> Result<Changed, DeskError> {
        let change = self.change_factors(known, |factors, _| {
            factors.app.take().ok_or(DeskError::NotFound("app"))?;
            factors.recovery = Recovery::default();
            Ok(FactorNews::AppOff)
        });
        Ok(Changed {
            session: change.await?,
            codes: Vec::new(),
        })
    }

    /// Makes another set of recovery codes; those before work no more.
    ///
    /// # Errors
    /// Not found where no app is asked for.
    pub async fn new_recovery_codes(&self, known: &Known) -> Result<Changed, DeskError> {
        let (codes, recovery) = self.recovery_codes().await?;
        let change = self.change_factors(known, move |factors, _| {
            factors.app.as_ref().ok_or(DeskError::NotFound("app"))?;
            factors.recovery = recovery;
            Ok(FactorNews::NewCodes)
        });
        let session = change.await?;
        Ok(Changed { session, codes })
    }

    async fn recovery_codes(&self) -> Result<(Vec<String>, Recovery), DeskError> {
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| self.ids.human_code()).collect();
        let salt = self.ids.salt()[..16].to_vec();
        let mut hashes = Vec::new();
        for code in &codes {
            let (code, salt) = (code.clone(), salt.clone());
            let hashed = self.apart(move || password::hash_with(&code, &salt));
            hashes.push(hashed.await?);
        }
        let recovery = Recovery::of(&salt, hashes, self.desk.clock().wall());
        Ok((codes, recovery))
    }

    /// Changes the factors of whoever is known by a session, which goes on under another secret: that one is answered.
    pub(super) async fn change_factors(
        &self,
        known: &Known,
        change: impl FnOnce(
            &mut super::factors::Factors,
            jiff::Timestamp,
        ) -> Result<FactorNews, DeskError>
        + Send
        + 'static,
    ) -> Result<String, DeskError> {
        let person = person_of(known)?.to_owned();
        let Proof::Session { hash, .. } = &known.proof else {
            return Err(browser_only());
        };
        let session = self.ids.token();
        let keep = Some((*hash, secret::hash(&session)));
        let changed = self
            .desk
            .change_factors(known.actor(), person, keep, change);
        changed.await?;
        Ok(session)
    }
}

/// The person who is known, by a session: nothing else changes how somebody signs in.
pub(super) fn person_of(known: &Known) -> Result<&str, DeskError> {
    let person = known.person.as_deref();
    let by_session = matches!(known.proof, Proof::Session { .. });
    person.filter(|_| by_session).ok_or_else(browser_only)
}

pub(super) fn browser_only() -> DeskError {
    procedure::Refusal::forbidden(
        None,
        "A token does not change how its person signs in: whoever stole it could keep them out.",
        "Sign in with a browser and do it there.",
    )
    .into()
}

fn bad(sentence: &str) -> DeskError {
    DeskError::BadInput {
        field: "code".to_owned(),
        sentence: sentence.to_owned(),
    }
}
