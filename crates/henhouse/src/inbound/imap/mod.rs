//! Mail that is fetched: a mailbox is read by IMAP (RFC 3501), with IDLE (RFC 2177) where the server has it. A mail is marked
//! once it is on disk as a report and as evidence; until then it waits where it is, and is fetched again.

mod client;
mod memory;
mod settings;
mod wire;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use super::mail_alerts::AlertAddress;
use super::smtp::MAIL_LIMIT;
use super::taking::{Came, Taken, Takes};
use crate::desk::Desk;
use crate::killpoint::{self, Point};
use crate::listen::told_to_stop;
use crate::report::mailbox::MailboxReach;
use client::{Client, Fetched};
use memory::Memory;
pub use settings::{ImapSettings, Mailbox, Protection};
use wire::Trouble;

/// So long is waited for news before the line is tried, and the folder looked through. A server may end an IDLE after 29
/// minutes (RFC 2177); a line that is dead is noticed much earlier.
const LOOK_EVERY: Duration = Duration::from_secs(120);
/// The same where the server does not say by itself that there is news.
const POLL_EVERY: Duration = Duration::from_secs(15);
/// A server that has news at each look is looked through no more often than this: each look is written down.
const LOOK_AT_MOST: Duration = Duration::from_secs(1);
/// What cannot be kept just now is tried again after so long.
const LATER: Duration = Duration::from_secs(10);
/// After so many of them the others are not tried either.
const LATER_LIMIT: usize = 3;
/// Between two tries to enter: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// So often a node says that it goes on reading, or asks whether it may.
const TURN_EVERY: Duration = Duration::from_secs(10);
/// A node that cannot read for as long as that matters lets another one try for so long.
const STEP_BACK: Duration = Duration::from_secs(30);
/// The store answers within so long, or is away.
const STORE: Duration = Duration::from_secs(5);
/// So much of mails that are being fetched may be in memory, in KiB.
const ROOM_KIB: u32 = 64 * 1024;
/// Headers are looked through for where a mail came from in so many lines.
const HEADERS: usize = 200;

/// Looks at the mailboxes of the settings; opens no line.
///
/// # Errors
/// A setting that cannot be meant, a file that cannot be read.
pub fn mailboxes(
    settings: &BTreeMap<String, ImapSettings>,
    alerts: &BTreeMap<String, Arc<AlertAddress>>,
) -> Result<Vec<Mailbox>> {
    let all = settings.iter();
    all.map(|(name, settings)| Mailbox::new(name, settings, alerts))
        .collect()
}

/// Reads them until told to stop. What is being taken then is taken to its end.
pub async fn serve(
    mailboxes: Vec<Mailbox>,
    takes: Takes,
    desk: Desk,
    node: Uuid,
    stopped: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(ROOM_KIB as usize));
    let readers = mailboxes.into_iter().map(|mailbox| {
        let known = MailboxReach::new(&mailbox.name);
        Arc::new(Reader {
            mailbox,
            takes: takes.clone(),
            desk: desk.clone(),
            node,
            room: Arc::clone(&room),
            known: Mutex::new(known),
        })
    });
    let readers: Vec<Arc<Reader>> = readers.collect();
    let seen = readers.clone();
    desk.reads_mailboxes_by(move || seen.iter().map(|reader| reader.known()).collect());
    let mut running = JoinSet::new();
    for reader in readers {
        running.spawn(stand_up(reader, stopped.clone()));
    }
    while running.join_next().await.is_some() {}
}

/// Reads on also where reading stumbled.
async fn stand_up(reader: Arc<Reader>, mut stopped: watch::Receiver<bool>) {
    loop {
        let reading = Arc::clone(&reader);
        let stops = stopped.clone();
        let ended = tokio::spawn(async move { reading.run(stops).await }).await;
        if ended.is_ok() {
            return;
        }
        reader.fails("reading it made this program stumble; its log says more");
        tokio::select! {
            () = tokio::time::sleep(PAUSES.1) => {}
            () = told_to_stop(&mut stopped) => return,
        }
    }
}

/// Reads one mailbox.
struct Reader {
    mailbox: Mailbox,
    takes: Takes,
    desk: Desk,
    node: Uuid,
    room: Arc<Semaphore>,
    known: Mutex<MailboxReach>,
}

/// Whether to read on.
#[derive(Clone)]
struct Turn {
    mine: watch::Receiver<bool>,
    stopped: watch::Receiver<bool>,
}

impl Turn {
    fn goes_on(&self) -> bool {
        *self.mine.borrow() && !*self.stopped.borrow()
    }

    /// Ends when there is nothing to read for us any more.
    async fn ends(&mut self) {
        tokio::select! {
            // Who gave the turn is gone: that ends it too.
            _ = self.mine.wait_for(|mine| !mine) => {}
            () = told_to_stop(&mut self.stopped) => {}
        }
    }
}

/// What became of one mail.
enum Step {
    /// Nothing more is to be done with it now.
    Done,
    /// It cannot be kept just now.
    Later,
}

impl Reader {
    async fn run(&self, stopped: watch::Receiver<bool>) {
        let (turn, mine) = watch::channel(false);
        tokio::select! {
            () = self.keep_turn(turn) => {}
            () = self.read(Turn { mine, stopped }) => {}
        }
        let name = &self.mailbox.name;
        // Another node need not wait until the turn runs out.
        let _ = timeout(STORE, self.desk.leave_mailbox(name, self.node)).await;
    }

    /// Sees to it that one node reads at a time. Whoever read when the database went away reads on: reports are taken
    /// without it too.
    async fn keep_turn(&self, turn: watch::Sender<bool>) {
        let name = &self.mailbox.name;
        loop {
            let wall = self.desk.clock().wall();
            let steps_back =
                *turn.borrow() && self.desk.shares_its_store() && self.known().is_broken(wall);
            if steps_back {
                turn.send_replace(false);
                let _ = timeout(STORE, self.desk.leave_mailbox(name, self.node)).await;
                tokio::time::sleep(STEP_BACK).await;
            }
            let asked = timeout(STORE, self.desk.take_mailbox(name, self.node)).await;
            if let Ok(Ok(mine)) = asked {
                turn.send_if_modified(|had| std::mem::replace(had, mine) != mine);
                if !mine {
                    self.is_read_elsewhere().await;
                }
            }
            tokio::time::sleep(TURN_EVERY).await;
        }
    }

    async fn is_read_elsewhere(&self) {
        let read = timeout(STORE, self.desk.mailbox_read(&self.mailbox.name)).await;
        let Ok(Ok(read)) = read else {
            return;
        };
        self.note(|known| {
            known.elsewhere = true;
            let at = read.map(|read| read.at);
            if at > known.last_read {
                known.last_read = at;
                known.failing = None;
            }
        });
    }

    /// Enters again and again.
    async fn read(&self, mut turn: Turn) {
        let (mut memory, mut pause) = (Memory::default(), PAUSES.0);
        loop {
            if !*turn.mine.borrow() {
                tokio::select! {
                    _ = turn.mine.wait_for(|mine| *mine) => {}
                    () = told_to_stop(&mut turn.stopped) => {}
                }
            }
            if *turn.stopped.borrow() {
                return;
            }
            let began = self.desk.clock().steady();
            self.note(|known| known.elsewhere = false);
            let Err(trouble) = self.session(&mut memory, &mut turn).await else {
                continue;
            };
            let (now, said) = (self.desk.clock().steady(), trouble.to_string());
            self.fails(&said);
            memory.broke(&said, now);
            if now.duration_since(began) > PAUSES.1 {
                pause = PAUSES.0;
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = turn.ends() => {}
            }
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Reads over one line, until it breaks or somebody else has the turn.
    async fn session(&self, memory: &mut Memory, turn: &mut Turn) -> Result<(), Trouble> {
        let mut client = Client::enter(&self.mailbox).await?;
        memory.begin(client.validity);
        let (name, project) = (&self.mailbox.name, &self.mailbox.settings.project);
        let is_astray = self.desk.has_project(project).await == Some(false);
        self.note(|known| known.astray = is_astray.then(|| project.clone()));
        let read = timeout(STORE, self.desk.mailbox_read(name)).await;
        // In another life of the folder what was marked may be marked no more.
        let mut is_same_life =
            matches!(read, Ok(Ok(Some(read))) if read.validity == client.validity);
        while turn.goes_on() {
            let began = self.desk.clock().steady();
            let later = self.round(&mut client, memory, turn, is_same_life).await?;
            self.was_read(memory, later);
            if later == 0 && turn.goes_on() {
                let noted = self.desk.mailbox_was_read(name, client.validity);
                is_same_life |= matches!(timeout(STORE, noted).await, Ok(Ok(())));
            }
            let pause = match (later, client.can_idle()) {
                (1.., _) => LATER,
                (0, true) => LOOK_EVERY,
                (0, false) => POLL_EVERY,
            };
            let enough = async {
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = turn.ends() => {}
                }
            };
            match later {
                0 => client.wait(enough).await?,
                // There may be news meanwhile; what could not be kept would not be kept any sooner.
                _ => enough.await,
            }
            let rests = LOOK_AT_MOST.saturating_sub(self.desk.clock().steady() - began);
            tokio::select! {
                () = tokio::time::sleep(rests) => {}
                () = turn.ends() => {}
            }
        }
        client.leave().await;
        Ok(())
    }

    /// Takes what waits: how many mails could not be kept just now.
    async fn round(
        &self,
        client: &mut Client,
        memory: &mut Memory,
        turn: &Turn,
        is_same_life: bool,
    ) -> Result<usize, Trouble> {
        let waiting = client.waiting().await?;
        memory.only(&waiting);
        let mut later = 0;
        for number in memory.in_order(waiting) {
            if !turn.goes_on() || later >= LATER_LIMIT {
                break;
            }
            if memory.passes_over(number, self.desk.clock().steady()) {
                continue;
            }
            match self.one(client, memory, number, is_same_life).await? {
                Step::Done => {}
                Step::Later => {
                    memory.try_later(number);
                    later += 1;
                }
            }
        }
        Ok(later)
    }

    async fn one(
        &self,
        client: &mut Client,
        memory: &mut Memory,
        number: NonZeroU32,
        is_same_life: bool,
    ) -> Result<Step, Trouble> {
        if !memory.is_kept(number) {
            memory.try_now(number);
            let size = client.size(number).await?.unwrap_or(u32::MAX) as usize;
            let kib = u32::try_from(size.min(MAIL_LIMIT) / 1024).unwrap_or(ROOM_KIB);
            let room = self.room.acquire_many(kib.max(1)).await;
            let fetched = match size > MAIL_LIMIT && size < u32::MAX as usize {
                true => Fetched::Not("it is larger than 32 MiB".to_owned()),
                false => client.mail(number).await?,
            };
            memory.has_come();
            let raw = match fetched {
                Fetched::Whole(raw) => raw,
                Fetched::Gone => return Ok(Step::Done),
                Fetched::Not(why) => {
                    let now = self.desk.clock().steady();
                    self.leaves(memory.leave_for_now(number, why.clone(), now), number, &why);
                    return Ok(Step::Done);
                }
            };
            match self.take(&raw, is_same_life).await {
                Taken::Kept(_) | Taken::Queued(_) | Taken::Alert(_) => {
                    memory.keep(number, String::new())
                }
                Taken::Refused(why) => {
                    self.leaves(memory.leave(number, why.clone()), number, &why);
                    return Ok(Step::Done);
                }
                Taken::Later(_) => return Ok(Step::Later),
            }
            drop(room);
            let now = self.desk.clock().wall();
            self.note(|known| (known.taken, known.last_read) = (known.taken + 1, Some(now)));
        }
        killpoint::pass(Point::BeforeMark);
        match client.mark(number).await? {
            Ok(()) => memory.settle(number),
            Err(said) => memory.keep(number, said),
        }
        Ok(Step::Done)
    }

    /// Takes a mail by the door that every mail goes through.
    async fn take(&self, raw: &[u8], is_same_life: bool) -> Taken {
        let settings = &self.mailbox.settings;
        if !is_same_life {
            let hash = Sha256::digest(raw).into();
            match self.desk.has_mail(&settings.project, hash).await {
                Ok(Some(number)) => return Taken::Kept(number),
                Ok(None) => {}
                // A report is taken without the database too.
                Err(error) => {
                    tracing::error!(%error, "it cannot be seen whether a mail is kept already");
                }
            }
        }
        let came = Came {
            raw,
            from: envelope_sender(raw),
            by: None,
            project: &settings.project,
            suspicious: settings.suspicious,
            alerts: self.mailbox.alerts.as_deref(),
        };
        self.takes.take(&came).await
    }

    fn leaves(&self, is_news: bool, number: NonZeroU32, why: &str) {
        if is_news {
            let mailbox = &self.mailbox.name;
            tracing::warn!(mailbox, %number, why, "a mail cannot be taken and is left in its mailbox");
        }
    }

    fn was_read(&self, memory: &Memory, later: usize) {
        let now = self.desk.clock().wall();
        let (left, why) = memory.left();
        let unmarked = memory.unmarked();
        self.note(|known| {
            known.last_read = Some(now);
            known.failing = None;
            (known.left, known.left_because) = (left, why);
            known.unmarked = unmarked.map(str::to_owned);
            known.later = later;
            known.later_since = known.later_since.or(Some(now)).filter(|_| later > 0);
        });
    }

    fn fails(&self, said: &str) {
        let (now, mailbox) = (self.desk.clock().wall(), &self.mailbox.name);
        tracing::warn!(mailbox, said, "a mailbox cannot be read; trying again");
        self.note(|known| {
            let since = known.failing.as_ref().map_or(now, |(since, _)| *since);
            known.failing = Some((since, said.to_owned()));
        });
    }

    fn known(&self) -> MailboxReach {
        let known = self.known.lock();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, change: impl FnOnce(&mut MailboxReach)) {
        change(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Whom the envelope named as its sender, as the last mail server wrote it into the mail (RFC 5321, 4.4). Where none did,
/// nobody is answered.
fn envelope_sender(raw: &[u8]) -> Option<&str> {
    const NAME: &[u8] = b"return-path:";
    let lines = raw.split(|byte| *byte == b'\n').take(HEADERS);
    let mut heads = lines.take_while(|line| !line.trim_ascii().is_empty());
    let named = |line: &&[u8]| {
        line.get(..NAME.len())
            .is_some_and(|name| name.eq_ignore_ascii_case(NAME))
    };
    let line = heads.find(named)?.get(NAME.len()..)?;
    let address = std::str::from_utf8(line).ok()?.trim();
    let address = address.trim_start_matches('<').trim_end_matches('>').trim();
    (!address.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests;
