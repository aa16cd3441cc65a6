//! Making accounts, issuing tokens, and the set-up link that makes the first admin.

use jiff::Timestamp;
use procedure::{Actor, How, Who};

use super::gate::{Entered, Gate};
use super::known::{Role, Scope};
use super::{password, secret};
use crate::desk::{Account, AccountChange, DeskError, OneUse, TokenRow};

/// An account to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// Who; the login where nothing else is said.
    pub person: Option<String>,
    /// The name to log in with.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// The address for mail.
    pub email: Option<String>,
    /// The role in the installation.
    pub role: Role,
    /// The password; without one only tokens let them in.
    pub password: Option<String>,
}

/// A token to be issued.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is called; a program acts under this name.
    pub name: String,
    /// Whose it is; nobody's for a program.
    pub person: Option<String>,
    /// With which role it acts, at most its person's.
    pub role: Role,
    /// How far it reaches.
    pub scope: Scope,
    /// From when it is worthless.
    pub expires_at: Option<Timestamp>,
}

impl NewAccount {
    /// Every field that will not do, and what would: for a form that says all of it at once.
    #[must_use]
    pub fn wrong_fields(&self) -> Vec<(&'static str, String)> {
        let password = self.password.as_deref();
        let password = password.map_or(Ok(()), |text| password::check(text, &self.login));
        let password = password.map_err(|unfit| bad("password", &unfit.to_string()));
        let wrong = [
            ("name", short("name", self.name.clone()).map(drop)),
            ("login", word("login", &self.login).map(drop)),
            ("password", password),
        ];
        let sentence = |error| match error {
            DeskError::BadInput { sentence, .. } => sentence,
            error => error.to_string(),
        };
        let wrong = wrong.into_iter();
        wrong
            .filter_map(|(field, fits)| fits.err().map(|error| (field, sentence(error))))
            .collect()
    }
}

impl Gate {
    /// Makes a new set-up link's secret, unless there is an admin; the one before works no more.
    ///
    /// # Errors
    /// The desk's.
    pub async fn set_up_link(&self) -> Result<Option<String>, DeskError> {
        let link = self.ids.token();
        let offered = self.desk.offer_set_up(secret::hash(&link)).await?;
        Ok(offered.then_some(link))
    }

    /// Whether this set-up link works.
    ///
    /// # Errors
    /// The desk's.
    pub async fn is_set_up_link(&self, link: &str) -> Result<bool, DeskError> {
        self.desk.is_set_up_link(secret::hash(link)).await
    }

    /// Makes the first admin and begins their session.
    ///
    /// # Errors
    /// Not found where the link does not work; bad input, naming the field.
    pub async fn set_up(
        &self,
        link: &str,
        new: NewAccount,
        (address, device): (&str, &str),
    ) -> Result<String, DeskError> {
        let account = self
            .account(NewAccount {
                role: Role::Admin,
                ..new
            })
            .await?;
        let actor = Actor {
            who: Who::Person(account.person.as_str().into()),
            how: How::SignedLink,
        };
        let person = account.person.clone();
        self.desk.set_up(secret::hash(link), actor, account).await?;
        self.begin(person, address, device).await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// Bad input, naming the field; the desk's.
    pub async fn create_account(
        &self,
        actor: Actor,
        new: NewAccount,
        once: Option<OneUse>,
    ) -> Result<Account, DeskError> {
        let account = self.account(new).await?;
        let person = account.person.clone();
        self.desk
            .create_account(actor, account.clone(), once)
            .await?;
        Ok(self.desk.account(person).await?.unwrap_or(account))
    }

    /// Gives the account of this link the password that its person chose, and begins a session; where the account asks
    /// for a code, a sign-in that waits for it.
    ///
    /// # Errors
    /// Bad input for a password that does not do; not found where the link does not work.
    pub async fn accept(
        &self,
        link: &str,
        password: &str,
        (address, device): (&str, &str),
    ) -> Result<Entered, DeskError> {
        let account = self.desk.invited(link).await?;
        let hashed = self.hash_password(password, &account.login).await?;
        let person = self.desk.accept(link, hashed).await?;
        self.begin_or_wait(person, address, device).await
    }

    /// Gives an account another password; every session of it ends, and where it replaces one, every token of it: so
    /// many. If its person did not choose it, they are asked
    /// first, or have to choose another at the first sign-in.
    ///
    /// # Errors
    /// Bad input for a password that does not do; not found.
    pub async fn set_password(
        &self,
        actor: Actor,
        person: &str,
        password: &str,
    ) -> Result<usize, DeskError> {
        let account = self.desk.account(person.to_owned()).await?;
        let account = account.ok_or(DeskError::NotFound("account"))?;
        let hashed = self.hash_password(password, &account.login).await?;
        let change = AccountChange {
            password: Some(hashed),
            ..AccountChange::default()
        };
        let changed = self.desk.change_account(actor, person.to_owned(), change);
        Ok(changed.await?.1)
    }

    /// Issues a token; answers the secret, which is shown this once, and what is kept. A person
    /// without an account gets one that has no password.
    ///
    /// # Errors
    /// The desk's.
    pub async fn issue(
        &self,
        actor: Actor,
        new: NewToken,
        once: Option<OneUse>,
    ) -> Result<(String, TokenRow), DeskError> {
        if let Some(person) = &new.person
            && self.desk.account(person.clone()).await?.is_none()
        {
            self.account_for(&actor, person, new.role).await?;
        }
        let token = secret::new_token(&self.ids);
        let row = TokenRow {
            hash: secret::hash(&token),
            name: short("name", new.name)?,
            person: new.person.unwrap_or_default(),
            role: new.role.word().to_owned(),
            scopes: vec![new.scope.word().to_owned()],
            created_at: self.desk.clock().wall(),
            expires_at: new.expires_at,
            revoked_at: None,
        };
        self.desk.issue_token(actor, row.clone(), once).await?;
        Ok((token, row))
    }

    async fn account_for(&self, actor: &Actor, person: &str, role: Role) -> Result<(), DeskError> {
        let new = NewAccount {
            person: None,
            login: person.to_owned(),
            name: person.to_owned(),
            email: None,
            role,
            password: None,
        };
        self.create_account(actor.clone(), new, None)
            .await
            .map(drop)
    }

    async fn account(&self, new: NewAccount) -> Result<Account, DeskError> {
        let login = word("login", &new.login)?;
        let person = word("person", new.person.as_deref().unwrap_or(&login))?;
        let password = match &new.password {
            Some(password) => Some(self.hash_password(password, &login).await?),
            None => None,
        };
        Ok(Account {
            person,
            login,
            name: short("name", new.name)?,
            email: new.email,
            role: new.role.word().to_owned(),
            password,
            second_factor: None,
            disabled: false,
            created_at: self.desk.clock().wall(),
        })
    }

    pub(super) async fn hash_password(
        &self,
        password: &str,
        login: &str,
    ) -> Result<String, DeskError> {
        password::check(password, login).map_err(|unfit| bad("password", &unfit.to_string()))?;
        let (password, ids) = (password.to_owned(), self.ids.clone());
        self.apart(move || password::hash(&password, &ids)).await
    }
}

fn bad(field: &str, sentence: &str) -> DeskError {
    DeskError::BadInput {
        field: field.to_owned(),
        sentence: sentence.to_owned(),
    }
}

/// A login or the id of a person: a short word without spaces.
fn word(field: &str, text: &str) -> Result<String, DeskError> {
    let fits = |c: char| c.is_alphanumeric() || "-_.@+".contains(c);
    if text.is_empty() || text.len() > 64 || !text.chars().all(fits) {
        let sentence = "Write a word of letters, digits and - _ . @ +, at most 64.";
        return Err(bad(field, sentence));
    }
    Ok(text.to_owned())
}

pub(super) fn short(field: &str, text: String) -> Result<String, DeskError> {
    if text.trim().is_empty() || text.len() > 200 {
        return Err(bad(field, "Write a name, at most 200 letters."));
    }
    Ok(text)
}
