//! Accounts, tokens and passkeys held against what the installation's journal says of them: no row stands there, or opens more, that
//! no entry made.

use std::collections::BTreeMap;

use casefile::chain::Chain;
use casefile::{Envelope, Hash};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::error::Result;
use super::super::{FactorNews, Inner, accounts, break_glass, journal, passkeys};
use super::{Checked, Verified, sentence};
use crate::store::{Account, JournalId, TokenRow, View};

/// What the entries say of one account.
#[derive(Default)]
struct Told {
    /// Role, login, name and address; one that was erased since is not compared.
    fields: BTreeMap<&'static str, Option<String>>,
    disabled: bool,
    /// The hash of the password's hash, as of the last entry that says it.
    password: Option<String>,
    /// What the last entry about the factors says of them.
    factors: Option<String>,
    /// An entry left the password as it was without saying its hash: entries of older versions do.
    unsaid: bool,
}

/// What the entries say of one token.
#[derive(PartialEq, Eq)]
struct Issued {
    person: String,
    role: String,
    scopes: Vec<String>,
    /// In microseconds, as the store keeps it.
    expires_at: Option<i64>,
    revoked: bool,
}

#[derive(Default)]
struct Access {
    accounts: BTreeMap<String, Told>,
    tokens: BTreeMap<String, Issued>,
    /// Whose each passkey is, and the hash of its key.
    passkeys: BTreeMap<String, (String, String)>,
    /// The hash of what the break-glass account opens with.
    break_glass: Option<String>,
}

/// Checks every account and token; the journal's chain was found to hold before.
pub(super) fn check(
    inner: &Inner,
    view: &dyn View,
    id: JournalId,
    checked: &mut Checked,
) -> Result<()> {
    let mut access = Access::default();
    let key = journal::key(view, &inner.root, id)?;
    let mut chain = Chain::new(id.0);
    let read = journal::read(view, &key, &mut chain, |envelope| {
        access.apply(&envelope);
        Ok(())
    });
    if let Err(error) = read {
        checked.find(Verified::Tampered, sentence(error)?);
        return Ok(());
    }
    let mut found = |verdict, what: String| checked.find(verdict, what);
    let mut rows = Vec::new();
    for account in view.accounts()? {
        rows.extend(view.tokens_of(&account.person)?);
        let person = account.person.clone();
        match access.accounts.remove(&person) {
            None => found(
                Verified::Tampered,
                format!("account {person}: no entry made it"),
            ),
            Some(told) => {
                let factors = inner.factors_of(view, &account).map(|held| held.print());
                let same = factors.is_ok_and(|held| held == told.factors);
                let what = (!same).then_some("second factor");
                if let Some(what) = told.differs(&account).or(what) {
                    let what = format!("account {person}: its {what} is not what the entries say");
                    found(Verified::Tampered, what);
                }
            }
        }
    }
    for person in access.accounts.keys() {
        found(
            Verified::Incomplete,
            format!("account {person}: an entry made it, and it is not here"),
        );
    }
    if break_glass::secret_told(view)? != access.break_glass {
        let what = "the break-glass account: it does not open with what the entries say".to_owned();
        found(Verified::Tampered, what);
    }
    access.check_passkeys(inner, view, &mut found)?;
    rows.extend(view.tokens_of("")?);
    for row in rows {
        let token = accounts::token_id(&row.hash);
        let same = access
            .tokens
            .remove(&token)
            .map(|told| told == as_issued(&row));
        match same {
            Some(true) => {}
            Some(false) => found(
                Verified::Tampered,
                format!("token {token}: it is not what the entries say"),
            ),
            None => found(
                Verified::Tampered,
                format!("token {token}: no entry issued it"),
            ),
        }
    }
    for token in access.tokens.keys() {
        found(
            Verified::Incomplete,
            format!("token {token}: an entry issued it, and it is not here"),
        );
    }
    Ok(())
}

impl Access {
    /// Holds every passkey against what the entries say.
    fn check_passkeys(
        &mut self,
        inner: &Inner,
        view: &dyn View,
        found: &mut impl FnMut(Verified, String),
    ) -> Result<()> {
        for row in view.passkeys()? {
            let told = self.passkeys.remove(&passkeys::hex(&row.hash));
            let held = inner.open_passkey(view, &row);
            let held = held.map(|kept| (row.person.clone(), kept.key.print()));
            let id = passkeys::passkey_id(&row.hash);
            let what = match told {
                None => format!("passkey {id}: no entry made it"),
                Some(told) if held.as_ref().is_ok_and(|held| *held == told) => continue,
                Some(_) => format!("passkey {id}: it is not what the entries say"),
            };
            found(Verified::Tampered, what);
        }
        for hash in self.passkeys.keys() {
            let id: String = hash.chars().take(16).collect();
            let what = format!("passkey {id}: an entry made it, and it is not here");
            found(Verified::Incomplete, what);
        }
        Ok(())
    }

    fn apply(&mut self, envelope: &Envelope) {
        let body = &envelope.body;
        let word = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
        match envelope.kind.as_str() {
            "account_created" => {
                let mut told = Told::default();
                told.take(body, &["role", "login", "name", "email"]);
                told.takes_password(body);
                self.accounts.insert(word("person"), told);
            }
            "account_changed" => {
                let told = self.accounts.entry(word("person")).or_default();
                let set: Vec<_> = ["role", "name"]
                    .into_iter()
                    .filter(|field| !body[*field].is_null())
                    .collect();
                told.take(body, &set);
                told.disabled = body["disabled"].as_bool().unwrap_or(told.disabled);
                if body["password"].as_bool() == Some(true) {
                    told.takes_password(body);
                }
            }
            "factors_changed" => {
                let told = self.accounts.entry(word("person")).or_default();
                told.factors = body["factors_hash"].as_str().map(str::to_owned);
                if body["what"] == FactorNews::Reset.word() {
                    let person = word("person");
                    self.passkeys.retain(|_, (of, _)| *of != person);
                }
            }
            "passkey_added" => {
                let told = (word("person"), word("key_hash"));
                self.passkeys.insert(word("passkey"), told);
            }
            "passkey_ended" => {
                self.passkeys.remove(&word("passkey"));
            }
            "break_glass_made" | "break_glass_ended" => {
                self.break_glass = body["secret_hash"].as_str().map(str::to_owned);
            }
            "token_issued" => {
                let scopes = body["scopes"].as_array().into_iter().flatten();
                let issued = Issued {
                    person: word("person"),
                    role: word("role"),
                    scopes: scopes
                        .filter_map(|s| s.as_str().map(str::to_owned))
                        .collect(),
                    expires_at: body["expires_at"]
                        .as_str()
                        .and_then(|end| end.parse::<Timestamp>().ok())
                        .map(Timestamp::as_microsecond),
                    revoked: false,
                };
                self.tokens.insert(word("token"), issued);
            }
            "token_revoked" => {
                if let Some(issued) = self.tokens.get_mut(&word("token")) {
                    issued.revoked = true;
                }
            }
            _ => {}
        }
    }
}

impl Told {
    fn take(&mut self, body: &Value, fields: &[&'static str]) {
        for field in fields {
            match &body[*field] {
                Value::Object(text) => match text.get("$text").and_then(Value::as_str) {
                    Some(words) => {
                        self.fields.insert(field, Some(words.to_owned()));
                    }
                    None => {
                        self.fields.remove(field);
                    }
                },
                value => {
                    self.fields.insert(field, value.as_str().map(str::to_owned));
                }
            }
        }
    }

    fn takes_password(&mut self, body: &Value) {
        let said = body.get("password_hash");
        self.unsaid = said.is_none();
        self.password = said.and_then(Value::as_str).map(str::to_owned);
    }

    /// What of the account is not as told.
    fn differs(&self, account: &Account) -> Option<&'static str> {
        let held = [
            ("role", Some(&account.role)),
            ("login", Some(&account.login)),
            ("name", Some(&account.name)),
            ("email", account.email.as_ref()),
        ];
        for (field, held) in held {
            if self
                .fields
                .get(field)
                .is_some_and(|told| told.as_ref() != held)
            {
                return Some(field);
            }
        }
        if self.disabled != account.disabled {
            return Some("lock");
        }
        let password = accounts::password_told(account.password.as_deref());
        (!self.unsaid && self.password != password).then_some("password")
    }
}

fn as_issued(row: &TokenRow) -> Issued {
    Issued {
        person: row.person.clone(),
        role: row.role.clone(),
        scopes: row.scopes.clone(),
        expires_at: row.expires_at.map(Timestamp::as_microsecond),
        revoked: row.revoked_at.is_some(),
    }
}

/// The hash of some words, as entries say it.
pub(crate) fn hash_of(words: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(words.as_bytes()).into();
    Hash::from(hash).to_string()
}
