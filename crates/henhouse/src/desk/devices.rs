//! The devices on which somebody gets what is pushed: all of a person's sealed in one setting, bound to its person. That one
//! was turned on, turned off or is gone stands in the installation's journal and is told to its person by mail; whoever
//! has it gets links by which cases are taken.

use std::sync::Arc;

use jiff::Timestamp;
use procedure::{Actor, Text};
use serde_json::json;
use uuid::Uuid;

use super::error::{DeskError, Result};
use super::{Desk, Inner, only_by_its_halves};
use crate::auth::vapid::VapidKey;
use crate::devices::{Device, Hosts, MOST, Unfit};
use crate::report::routes::PUSH;
use crate::report::{Words, access};
use crate::store::{NoticeId, Tx, View};

/// Before the person in the setting's name.
const DEVICES: &str = "push.";
/// Before the notice in the address at which a device says that it was shown.
const SHOWN: &str = "/push/shown/";

impl Desk {
    /// By which key push services know this installation.
    #[must_use]
    pub fn vapid(&self) -> VapidKey {
        VapidKey::derive(&self.inner.root)
    }

    /// Devices can be turned on from now on, at these push services. Said once, at the start.
    pub fn pushes_to(&self, hosts: Hosts) {
        let _ = self.inner.pushes.set(hosts);
    }

    /// The key that browsers ask for; none where nothing is pushed.
    #[must_use]
    pub fn push_key(&self) -> Option<String> {
        let pushes = self.inner.pushes.get();
        pushes.map(|_| self.vapid().public())
    }

    /// Where a device says that it has shown this notice.
    #[must_use]
    pub fn shown_at(&self, notice: Uuid) -> String {
        format!("{SHOWN}{}", self.inner.links.short(notice))
    }

    /// The push behind such an address.
    ///
    /// # Errors
    /// Not found, also for what left by another way; the store's.
    pub async fn shown(&self, name: &str) -> Result<Uuid> {
        let notice = self.inner.links.of_short(name);
        let notice = notice.ok_or(DeskError::NotFound("notice"))?;
        let read = move |view: &dyn View| Ok::<_, DeskError>(view.delivery(NoticeId(notice))?);
        let row = self.inner.store.read(read).await?;
        let pushed = row.filter(|row| row.route == PUSH);
        pushed.map(|_| notice).ok_or(DeskError::NotFound("notice"))
    }

    /// The devices of a person, the first that was turned on first; none of whoever may not come in any more.
    ///
    /// # Errors
    /// Damaged where they do not open; the store's.
    pub async fn devices(&self, person: String) -> Result<Vec<Device>> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            let account = view.account(&person)?;
            if account.is_none_or(|account| account.disabled) {
                return Ok(Vec::new());
            }
            inner.devices_of(view, &person)
        };
        self.inner.store.read(read).await
    }

    /// Turns a device on for a person and tells them. One that was another person's is theirs no more; the same one again
    /// takes the new name.
    ///
    /// # Errors
    /// Bad input for what is no device, or one too many; not found where nothing is pushed; the store's.
    pub async fn turn_on(
        &self,
        actor: Actor,
        person: String,
        name: String,
        [endpoint, key, auth]: [String; 3],
    ) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            only_by_its_halves(&person)?;
            let hosts = inner.pushes.get().ok_or(DeskError::NotFound("address"))?;
            let now = inner.clock.wall();
            let device = Device::new(hosts, &name, [&endpoint, &key, &auth], now);
            let device = device.map_err(|unfit| bad(&unfit))?;
            let account = tx.account(&person)?.ok_or(DeskError::NotFound("account"))?;
            let id = device.id();
            inner.take_from_all(tx, &id)?;
            let mut all = inner.devices_of(tx, &person)?;
            if all.len() >= MOST {
                let sentence = "Ten devices of yours are on. Turn one of them off first.";
                return Err(refused("endpoint", sentence));
            }
            all.push(device);
            inner.keep_devices(tx, &person, &all)?;
            let body = json!({ "person": person, "device": id, "name": Text::from(name.trim()) });
            let seq = inner.note(tx, &actor, "push_on", body)?;
            let words = access::push_on(&account.login, name.trim());
            inner.tell_person(tx, seq, &account, &words)
        })
        .await
    }

    /// Turns a device of a person off.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn turn_off(&self, actor: Actor, person: String, id: String) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| match inner.take_away(tx, &person, &id)? {
            None => Err(DeskError::NotFound("device")),
            Some(_) => {
                let body = json!({ "person": person, "device": id });
                inner.note(tx, &actor, "push_off", body).map(drop)
            }
        })
        .await
    }

    /// Notes what became of a push: these devices of a person took it, and those are gone. What is gone is taken away, and
    /// its person is told.
    ///
    /// # Errors
    /// The store's.
    pub async fn devices_came(
        &self,
        person: String,
        took: Vec<String>,
        gone: Vec<String>,
        now: Timestamp,
    ) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let mut all = inner.devices_of(tx, &person)?;
            for device in &mut all {
                if took.contains(&device.id()) {
                    device.taken = Some(now);
                }
            }
            inner.keep_devices(tx, &person, &all)?;
            for id in gone {
                let Some(device) = inner.take_away(tx, &person, &id)? else {
                    continue;
                };
                let body = json!({ "person": person, "device": id });
                let seq = inner.note(tx, &Actor::system(), "push_gone", body)?;
                if let Some(account) = tx.account(&person)? {
                    let words: Words = access::push_gone(&account.login, &device.name);
                    inner.tell_person(tx, seq, &account, &words)?;
                }
            }
            Ok(())
        })
        .await
    }
}

impl Inner {
    /// Whether a person has turned any device on, and what is pushed can leave.
    pub(super) fn has_device(&self, view: &(impl View + ?Sized), person: &str) -> Result<bool> {
        if self.pushes.get().is_none() || person.is_empty() {
            return Ok(false);
        }
        Ok(view.setting(&format!("{DEVICES}{person}"))?.is_some())
    }

    /// The devices of a person.
    ///
    /// # Errors
    /// Damaged where they do not open: somebody changed them, and then nothing is sent there.
    pub(super) fn devices_of(
        &self,
        view: &(impl View + ?Sized),
        person: &str,
    ) -> Result<Vec<Device>> {
        let Some(sealed) = view.setting(&format!("{DEVICES}{person}"))? else {
            return Ok(Vec::new());
        };
        let key = self.kept_access_key(view)?;
        let content = key.and_then(|key| key.open_access(&bound_to(person), &sealed));
        let opened = content.and_then(|content| serde_json::from_slice(&content).ok());
        opened.ok_or_else(|| {
            DeskError::Damaged(format!(
                "the devices of {person} do not open; an admin can reset what they sign in with, and they turn them on again"
            ))
        })
    }

    fn keep_devices(&self, tx: &mut dyn Tx, person: &str, all: &[Device]) -> Result<()> {
        if all.is_empty() {
            return forget_all(tx, person);
        }
        let content = serde_json::to_vec(all).map_err(DeskError::bug)?;
        let content = zeroize::Zeroizing::new(content);
        let key = self.access_key(tx)?;
        let sealed = key.close_access(&bound_to(person), &content, &self.ids);
        Ok(tx.put_setting(&format!("{DEVICES}{person}"), &sealed)?)
    }

    fn take_away(&self, tx: &mut dyn Tx, person: &str, id: &str) -> Result<Option<Device>> {
        let mut all = self.devices_of(tx, person)?;
        let place = all.iter().position(|device| device.id() == id);
        let Some(place) = place else { return Ok(None) };
        let device = all.remove(place);
        self.keep_devices(tx, person, &all)?;
        Ok(Some(device))
    }

    /// A browser rings for whoever turned it on last: who had it before gets nothing there.
    fn take_from_all(&self, tx: &mut dyn Tx, id: &str) -> Result<()> {
        let settings = tx.settings()?;
        let people = settings
            .keys()
            .filter_map(|name| name.strip_prefix(DEVICES));
        for person in people {
            // What does not open of somebody else is nothing that this browser could be in.
            if let Ok(Some(_)) = self.take_away(tx, person, id) {
                let body = json!({ "person": person, "device": id });
                self.note(tx, &Actor::system(), "push_off", body)?;
            }
        }
        Ok(())
    }
}

/// Turns off every device of a person, whether or not they open.
pub(super) fn forget_all(tx: &mut dyn Tx, person: &str) -> Result<()> {
    tx.forget_setting(&format!("{DEVICES}{person}"))?;
    Ok(())
}

fn bound_to(person: &str) -> String {
    format!("devices {person}")
}

fn bad(unfit: &Unfit) -> DeskError {
    let field = if *unfit == Unfit::Name {
        "name"
    } else {
        "endpoint"
    };
    refused(field, &unfit.to_string())
}

fn refused(field: &str, sentence: &str) -> DeskError {
    DeskError::BadInput {
        field: field.to_owned(),
        sentence: sentence.to_owned(),
    }
}
