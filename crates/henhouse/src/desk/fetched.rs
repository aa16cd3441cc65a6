//! What is fetched and cannot be fetched any more, a mailbox or a queue: the admins are told once, and once more when it works
//! again. What they were told stands in the store, so that of several nodes one tells it, and a restart tells nothing twice.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::Actor;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::{DeskError, Result};
use super::{Desk, Inner, damage, mailbox};
use crate::report::{self, Words};
use crate::store::{Tx, View, whole_micros};

/// What comes and goes is told of so often at most.
const QUIET: SignedDuration = SignedDuration::from_mins(10);
/// Where several nodes fetch, another one has so long to go on before anybody is told.
const OTHERS: SignedDuration = SignedDuration::from_mins(3);
/// That a queue was asked is noted so often at most.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Something that is fetched from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Mailbox,
    Queue,
}

/// How this node finds it.
struct Found {
    place: Place,
    name: String,
    /// Since when nothing comes out of it; nothing where all is well.
    since: Option<Timestamp>,
    said: String,
}

/// What the admins were told last.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Told {
    broken: bool,
    at: Option<Timestamp>,
}

impl Desk {
    /// Tells the admins of each mailbox and queue out of which nothing comes any more, and of each that works again. Answers
    /// how many they were told of.
    ///
    /// # Errors
    /// The store's. The next call tells the rest.
    pub async fn tell_of_fetched(&self) -> Result<usize> {
        let mut told = 0;
        for found in self.found() {
            let (inner, found) = (Arc::clone(&self.inner), Arc::new(found));
            let asked = Arc::clone(&found);
            let is_news = move |view: &dyn View| is_news(&inner, view, &asked);
            if self.inner.store.read(is_news).await? {
                let inner = Arc::clone(&self.inner);
                let tell = move |tx: &mut dyn Tx| tell(&inner, tx, &found);
                told += usize::from(self.write(tell).await?);
            }
        }
        Ok(told)
    }

    /// Notes that a queue answered, so that no other node says that none does. Without other nodes there is nothing to note.
    ///
    /// # Errors
    /// The store's.
    pub async fn queue_was_asked(&self, name: &str) -> Result<()> {
        if !self.shares_its_store() {
            return Ok(());
        }
        let (name, now) = (asked_of(name), whole_micros(self.inner.clock.wall()));
        let known = name.clone();
        let of = move |view: &dyn View| time_of(view, &known);
        let last: Option<Timestamp> = self.inner.store.read(of).await?;
        if last.is_some_and(|last| now.duration_since(last).abs() < NOTED_EVERY) {
            return Ok(());
        }
        let note = move |tx: &mut dyn Tx| {
            tx.put_setting(&name, now.to_string().as_bytes())?;
            Ok(())
        };
        self.write(note).await
    }

    /// What this node can say of what it fetches from. What another node reads, that one speaks of.
    fn found(&self) -> Vec<Found> {
        let now = self.inner.clock.wall();
        let mailboxes = self.mailboxes().into_iter();
        let mailboxes = mailboxes.filter(|mailbox| !mailbox.elsewhere);
        let mailboxes = mailboxes.filter_map(|mailbox| {
            let since = mailbox.broken_since(now);
            let works = mailbox.failing.is_none() && mailbox.last_read.is_some();
            (since.is_some() || works).then(|| Found {
                place: Place::Mailbox,
                since,
                said: mailbox.failing.map(|(_, said)| said).unwrap_or_default(),
                name: mailbox.name,
            })
        });
        let queues = self.queues().into_iter().filter_map(|queue| {
            let since = queue.broken_since(now);
            let works = queue.failing_since.is_none() && queue.last_success.is_some();
            (since.is_some() || works).then(|| Found {
                place: Place::Queue,
                since,
                said: queue.said.unwrap_or_default(),
                name: queue.name,
            })
        });
        mailboxes.chain(queues).collect()
    }
}

impl Found {
    /// It speaks of this copy of the installation and is in no backup.
    fn setting(&self) -> String {
        let place = match self.place {
            Place::Mailbox => "mailbox",
            Place::Queue => "queue",
        };
        format!("copy.{place}.{}.told", self.name)
    }

    fn words(&self) -> Words {
        let letter = match self.place {
            Place::Mailbox => report::mailbox::letter,
            Place::Queue => report::queue::letter,
        };
        letter(&self.name, self.since, &self.said)
    }

    fn entry(&self) -> (&'static str, serde_json::Value) {
        let name = &*self.name;
        match (self.place, self.since) {
            (Place::Mailbox, Some(_)) => ("mailbox_broken", json!({ "mailbox": name })),
            (Place::Mailbox, None) => ("mailbox_works", json!({ "mailbox": name })),
            (Place::Queue, Some(_)) => ("queue_broken", json!({ "queue": name })),
            (Place::Queue, None) => ("queue_works", json!({ "queue": name })),
        }
    }
}

fn tell(inner: &Inner, tx: &mut dyn Tx, found: &Found) -> Result<bool> {
    if !is_news(inner, tx, found)? {
        return Ok(false);
    }
    let told = Told {
        broken: found.since.is_some(),
        at: Some(inner.clock.wall()),
    };
    let json = serde_json::to_vec(&told).map_err(DeskError::bug)?;
    tx.put_setting(&found.setting(), &json)?;
    let (kind, body) = found.entry();
    let seq = inner.note(tx, &Actor::system(), kind, body)?;
    damage::tell_admins(inner, tx, seq, &found.words())?;
    Ok(true)
}

/// Whether the admins do not know it yet, and nobody else fetches.
fn is_news(inner: &Inner, view: &dyn View, found: &Found) -> Result<bool> {
    let now = inner.clock.wall();
    let kept = view.setting(&found.setting())?;
    let told: Option<Told> = kept.and_then(|json| serde_json::from_slice(&json).ok());
    let told = told.unwrap_or_default();
    let lately = told
        .at
        .is_some_and(|at| now.duration_since(at).abs() < QUIET);
    if told.broken == found.since.is_some() || lately {
        return Ok(false);
    }
    let Some(since) = found.since.filter(|_| inner.store.shared().is_some()) else {
        return Ok(true);
    };
    let last = match found.place {
        Place::Mailbox => mailbox::last_read(view, &found.name)?,
        Place::Queue => time_of(view, &asked_of(&found.name))?,
    };
    Ok(nobody_goes_on(since, last, now))
}

/// Whether all nodes had their time to go on, since it failed here and since any of them last did.
fn nobody_goes_on(since: Timestamp, last: Option<Timestamp>, now: Timestamp) -> bool {
    let last = last.map_or(since, |last| last.max(since));
    now.duration_since(last) >= OTHERS
}

fn asked_of(queue: &str) -> String {
    format!("copy.queue.{queue}.asked")
}

fn time_of(view: &dyn View, name: &str) -> Result<Option<Timestamp>> {
    let kept = view.setting(name)?;
    Ok(kept.and_then(|at| String::from_utf8(at).ok()?.parse().ok()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use std::sync::Mutex;
    use std::time::Duration;

    use super::*;
    use crate::report::mailbox::MailboxReach;
    use crate::report::queue::QueueReach;
    use crate::web::stage::{PASSWORD, Stage};

    async fn told(stage: &Stage) -> Vec<String> {
        let (store, _) = stage.app.desk.store_and_clock();
        let lines = store.read(|view| {
            let all = view.journals(crate::store::JournalKind::Installation)?;
            let entries = view.entries(all[0].id, 0, 1_000)?;
            let kinds = entries.into_iter().map(|entry| entry.kind);
            let ours = |kind: &String| kind.contains("mailbox_") || kind.contains("queue_");
            let mails = view.deliveries_of(all[0].id)?.len();
            let mut said: Vec<String> = kinds.filter(ours).collect();
            said.push(mails.to_string());
            Ok::<_, DeskError>(said)
        });
        lines.await.unwrap()
    }

    #[tokio::test]
    async fn a_queue_and_a_mailbox_that_stay_silent_are_told_once_and_once_when_they_work_again() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let account = json!({
            "login": "boss2", "person": "boss2", "name": "Boss", "role": "admin", "password": PASSWORD,
            "email": "boss@farm.example",
        });
        stage.post("/api/v1/accounts", Some(&boss), account).await;
        let desk = &stage.app.desk;
        let clock = desk.store_and_clock().1;
        let pass = |minutes: u64| clock.advance(Duration::from_secs(minutes * 60)).unwrap();
        let queue = Arc::new(Mutex::new(QueueReach {
            name: "alerts".to_owned(),
            last_success: Some(clock.wall()),
            ..QueueReach::default()
        }));
        let mailbox = Arc::new(Mutex::new(MailboxReach::new("security")));
        mailbox.lock().unwrap().last_read = Some(clock.wall());
        let (seen, read) = (Arc::clone(&queue), Arc::clone(&mailbox));
        desk.asks_queues(move || vec![seen.lock().unwrap().clone()]);
        desk.reads_mailboxes_by(move || vec![read.lock().unwrap().clone()]);
        let before = told(&stage).await;
        let mails: usize = before.last().unwrap().parse().unwrap();
        assert_eq!(desk.tell_of_fetched().await.unwrap(), 0, "all is well");
        queue.lock().unwrap().failing_since = Some(clock.wall());
        queue.lock().unwrap().said = Some("it answered 403: AccessDenied".to_owned());
        assert_eq!(desk.tell_of_fetched().await.unwrap(), 0, "for a moment");
        pass(2);
        assert_eq!(desk.tell_of_fetched().await.unwrap(), 1);
        mailbox.lock().unwrap().failing = Some((clock.wall(), "no line".to_owned()));
        pass(2);
        for told in [1, 0, 0] {
            assert_eq!(desk.tell_of_fetched().await.unwrap(), told);
        }
        for page in ["/readyz", "/metrics"] {
            let said = stage.get(page, None).await.text();
            let failing = ["alerts for 4 min", "queue=\"alerts\"} 240"];
            assert!(failing.iter().any(|words| said.contains(words)), "{said}");
        }
        queue.lock().unwrap().failing_since = None;
        assert_eq!(
            desk.tell_of_fetched().await.unwrap(),
            0,
            "what comes and goes is told later"
        );
        pass(11);
        mailbox.lock().unwrap().failing = None;
        mailbox.lock().unwrap().last_read = Some(clock.wall());
        for told in [2, 0] {
            assert_eq!(desk.tell_of_fetched().await.unwrap(), told);
        }
        let all = [
            "queue_broken",
            "mailbox_broken",
            "mailbox_works",
            "queue_works",
        ];
        let all = all
            .map(str::to_owned)
            .into_iter()
            .chain([(mails + 4).to_string()]);
        assert_eq!(told(&stage).await, all.collect::<Vec<_>>());
    }

    #[test]
    fn of_several_nodes_none_tells_while_another_goes_on() {
        let at = |minute: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        assert!(!nobody_goes_on(at(0), None, at(2)), "another may begin");
        assert!(nobody_goes_on(at(0), None, at(3)));
        assert!(!nobody_goes_on(at(0), Some(at(8)), at(10)), "another does");
        assert!(nobody_goes_on(at(0), Some(at(8)), at(11)), "and stopped");
    }
}
