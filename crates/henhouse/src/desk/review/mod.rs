//! The review queue: mail that waits in the installation's journal until somebody has looked at it (R114, M24). Nothing else
//! keeps it: what waits is folded from the entries, and read on from where it was read last.

mod alike;
mod questions;
mod settle;
mod taking;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use casefile::chain::Chain;
use casefile::{Envelope, Hash, sealed};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use procedure::review::{
    MailAnswered, MailMarked, MailQueued, MailSettled, Piece, Queue, Settlement,
};
use procedure::{Actor, PersonId, Text};

use super::error::{DeskError, Result};
use super::exhibits::OpenExhibit;
use super::views::{self, Onlooker};
use super::{Desk, Inner, journal};
use crate::report::{Names, Times};
use crate::store::{CaseNumber, ExhibitRow, Head, JournalId, JournalKind, ProjectRow, Tx, View};
use crate::vault::Exhibits;

pub use alike::{Alike, Gathered, Like, Warning};
pub use questions::{About, Became};
pub use taking::QueueMail;

/// The kinds of its entries.
const QUEUED: &str = "mail_queued";
const SETTLED: &str = "mail_settled";
const ANSWERED: &str = "mail_answered";
const LEFT: &str = "mail_left_in_spam";
const MARKED: &str = "mail_marked";
const WARNED: &str = "colleagues_warned";
/// Entries are read in portions of so many.
const PORTION: u32 = 1_000;
/// So many mails are shown at once.
const SHOWN: usize = 50;
/// What a mail is, in a browser and as evidence.
const MEDIA: &str = "message/rfc822";

/// The queue as it was read last.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<Folded>>);

#[derive(Clone)]
struct Folded {
    chain: Chain,
    queue: Arc<Queue>,
}

/// A mail in the queue, as somebody of its project sees it.
pub struct QueuedMail {
    /// Its number.
    pub item: u64,
    /// Since when it is there.
    pub since: Timestamp,
    /// What the entry says, texts readable.
    pub mail: MailQueued,
    /// The project that it came to.
    pub project: ProjectRow,
    /// What the person of the contact sheet is called who sent it, as it says.
    pub staff: Option<String>,
    /// Times as its project says them.
    pub times: Times,
    /// What became of it, and the case that has it.
    pub settled: Option<(Settlement, Option<CaseNumber>)>,
}

/// What waits for somebody.
#[derive(Default)]
pub struct Review {
    /// Mail of the staff first, by when it is a report by itself; then the newest.
    pub shown: Vec<QueuedMail>,
    /// How many wait in all.
    pub all: usize,
    /// How many were found to need nothing.
    pub no_action: usize,
    /// How many were found in spam folders and left there (R112).
    pub in_spam: u64,
}

/// How much waits for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// So many mails.
    pub all: usize,
    /// So many of them from somebody on the contact sheet, as they say.
    pub staff: usize,
    /// When the next of these is a report by itself.
    pub opens_at: Option<Timestamp>,
}

impl Desk {
    /// Where exhibits lie, for what is taken out of the queue by time alone.
    pub fn keeps_exhibits_in(&self, exhibits: Exhibits) {
        let _ = self.inner.exhibits.set(exhibits);
    }

    /// What waits of the projects on whose contact sheet the onlooker stands.
    ///
    /// # Errors
    /// The store's; damaged.
    pub async fn review(&self, onlooker: &Onlooker) -> Result<Review> {
        let (inner, onlooker) = (Arc::clone(&self.inner), onlooker.clone());
        let look = move |view: &dyn View| {
            let queue = inner.queue(view)?;
            let theirs = projects_of(view, &onlooker)?;
            let mut waiting: Vec<_> = queue.waiting.iter().collect();
            waiting.retain(|(_, waiting)| theirs.contains(&waiting.project));
            let newest = |item: u64| u64::MAX - item;
            waiting.sort_by_key(|(item, w)| (w.opens_at.is_none(), w.opens_at, newest(**item)));
            let shown = waiting.iter().take(SHOWN);
            let shown = shown.map(|(item, _)| inner.queued_mail(view, &queue, **item));
            let done = queue.settled.values();
            Ok(Review {
                shown: shown.collect::<Result<_>>()?,
                all: waiting.len(),
                no_action: done.filter(|(how, _)| *how == Settlement::NoAction).count(),
                in_spam: queue.in_spam,
            })
        };
        self.inner.store.read(look).await
    }

    /// How much waits for the onlooker. A queue that cannot be read takes nothing else away from them: it counts as empty.
    ///
    /// # Errors
    /// The store's.
    pub async fn review_waits(&self, onlooker: &Onlooker) -> Result<Waits> {
        let (inner, onlooker) = (Arc::clone(&self.inner), onlooker.clone());
        let count = move |view: &dyn View| {
            let queue = match inner.queue(view) {
                Err(DeskError::Damaged(sentence)) => {
                    tracing::error!(sentence, "the review queue cannot be read");
                    return Ok(Waits::default());
                }
                queue => queue?,
            };
            if queue.waiting.is_empty() {
                return Ok(Waits::default());
            }
            let theirs = projects_of(view, &onlooker)?;
            let mut waits = Waits::default();
            for waiting in queue.waiting.values() {
                if theirs.contains(&waiting.project) {
                    let sooner = [waits.opens_at, waiting.opens_at].into_iter().flatten();
                    waits.opens_at = sooner.min();
                    waits.all += 1;
                    waits.staff += usize::from(waiting.staff.is_some());
                }
            }
            Ok(waits)
        };
        self.inner.store.read(count).await
    }

    /// One mail of the queue, whether it waits or was settled.
    ///
    /// # Errors
    /// Not found where it does not exist for the onlooker.
    pub async fn queued_mail(&self, onlooker: &Onlooker, item: u64) -> Result<QueuedMail> {
        let (inner, onlooker) = (Arc::clone(&self.inner), onlooker.clone());
        let asks = onlooker.clone();
        let look = move |view: &dyn View| {
            let gone = || DeskError::NotFound("mail");
            let queue = inner.queue(view)?;
            if !queue.waiting.contains_key(&item) && !queue.settled.contains_key(&item) {
                return Err(gone());
            }
            let mail = inner.queued_mail(view, &queue, item)?;
            let theirs = projects_of(view, &onlooker)?;
            let sees = theirs.contains(&mail.mail.project);
            sees.then_some(mail).ok_or_else(gone)
        };
        let mail = self.inner.store.read(look).await?;
        // What became part of a case is seen by whoever sees that case.
        if let Some((_, Some(number))) = &mail.settled {
            let seen = self.case(&asks, number).await;
            seen.map_err(|_| DeskError::NotFound("mail"))?;
        }
        Ok(mail)
    }

    /// Opens a mail of the queue as it came.
    ///
    /// # Errors
    /// Not found where it does not exist for the onlooker; damaged.
    pub async fn open_mail_of_queue(
        &self,
        exhibits: &Exhibits,
        onlooker: &Onlooker,
        item: u64,
    ) -> Result<OpenExhibit> {
        let mail = self.queued_mail(onlooker, item).await?.mail.mail;
        let hash = mail.sha256.parse();
        let hash = hash.map_err(|_| DeskError::NotFound("mail"))?;
        let reading = exhibits.read(&self.key_of_queue().await?, &hash);
        Ok(OpenExhibit {
            reading: reading.map_err(|error| DeskError::Damaged(error.to_string()))?,
            media: MEDIA.to_owned(),
            sha256: mail.sha256,
        })
    }
}

#[cfg(test)]
impl Desk {
    /// The journal that the queue stands in.
    pub(crate) async fn journal_of_queue(&self) -> uuid::Uuid {
        let read = self.inner.store.read(|view: &dyn View| installation(view));
        let journal = read.await.ok().flatten();
        journal.map_or(uuid::Uuid::nil(), |id| id.0)
    }
}

impl Inner {
    /// What waits. What was read before is read on from there, unless it was never committed.
    pub(super) fn queue(&self, view: &dyn View) -> Result<Arc<Queue>> {
        let Some(id) = installation(view)? else {
            return Ok(Arc::default());
        };
        let head = view.head(id)?;
        let kept = || self.review.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept().clone();
        let known = known
            .filter(|known| known.chain.journal() == id.0 && known.chain.head().seq <= head.seq);
        if let Some(known) = known.as_ref().filter(|known| stands_at(known, head)) {
            return Ok(Arc::clone(&known.queue));
        }
        let known = known.and_then(|known| read_on(view, id, known).ok());
        let known = known.filter(|known| stands_at(known, head));
        let folded = match known {
            Some(known) => known,
            None => {
                let empty = Folded {
                    chain: Chain::new(id.0),
                    queue: Arc::default(),
                };
                read_on(view, id, empty)?
            }
        };
        *kept() = Some(folded.clone());
        Ok(folded.queue)
    }

    /// When the next mail is a report by itself. What could not be opened is tried again after a while, like a case that
    /// time cannot reach.
    pub(super) fn queue_wake(
        &self,
        view: &dyn View,
        left_alone: &BTreeSet<JournalId>,
    ) -> Option<Timestamp> {
        self.exhibits.get()?;
        let id = installation(view).ok()??;
        if left_alone.contains(&id) {
            return None;
        }
        match self.queue(view) {
            Ok(queue) => queue.next(),
            Err(error) => {
                tracing::error!(%error, "the review queue cannot be read");
                None
            }
        }
    }

    /// A mail as its entry says it.
    fn queued_mail(&self, view: &dyn View, queue: &Queue, item: u64) -> Result<QueuedMail> {
        let gone = || DeskError::NotFound("mail");
        let id = installation(view)?.ok_or_else(gone)?;
        let before = item.checked_sub(1).ok_or_else(gone)?;
        let rows = view.entries(id, before, 1)?;
        let row = rows.first().ok_or_else(gone)?;
        let key = journal::key(view, &self.root, id)?;
        let texts = journal::open_texts(view, &key, &rows)?;
        let mut body = Envelope::parse(&row.bytes).map_err(DeskError::bug)?.body;
        sealed::open_value(&mut body, &|commitment| texts.get(commitment).cloned());
        let mut mail: MailQueued = serde_json::from_value(body).map_err(|_| gone())?;
        if let Some(waiting) = queue.waiting.get(&item) {
            // What its sender answered since.
            (mail.report.phish, mail.opens_at) = (waiting.phish, waiting.opens_at);
        }
        let project = mail.project.parse().map(JournalId).map_err(|_| gone())?;
        let project = view.project(project)?.ok_or_else(gone)?;
        let state = self.project_as_it_is(view, project.journal)?;
        let facts = state.state.project();
        let zone = facts.map_or(TimeZone::UTC, |facts| facts.calendar.rules().clone());
        let names = Names::new(&state.directory);
        let settled = match queue.settled.get(&item) {
            None => None,
            Some((how, case)) => {
                let case = case.as_ref().and_then(|case| case.0.parse().ok());
                let row = case.map(|case| view.case(JournalId(case))).transpose()?;
                Some((*how, row.flatten().map(|row| row.number)))
            }
        };
        Ok(QueuedMail {
            item,
            since: row.recorded_at,
            staff: mail.staff.as_ref().map(|staff| names.person(staff)),
            times: Times::new(zone, self.clock.now()),
            mail,
            project,
            settled,
        })
    }

    /// The bytes of the queue, listed like exhibits, so that they are found, checked and in every backup.
    pub(super) fn index_queue(&self, tx: &mut dyn Tx, id: JournalId) -> Result<()> {
        for row in listed(tx, id)? {
            tx.put_exhibit(&row)?;
        }
        Ok(())
    }
}

/// The bytes that the entries of the installation say are kept.
pub(super) fn listed(view: &dyn View, id: JournalId) -> Result<Vec<ExhibitRow>> {
    let mut listed = Vec::new();
    let mut chain = Chain::new(id.0);
    each(view, id, &mut chain, |envelope| {
        if envelope.kind == QUEUED {
            let (seq, at) = (envelope.seq, envelope.recorded_at);
            let mail: MailQueued = said(envelope)?;
            listed.extend(rows_of(id, (seq, at), &mail));
        }
        Ok(())
    })?;
    Ok(listed)
}

/// How the bytes of one mail are listed.
fn rows_of(journal: JournalId, (seq, at): (u64, Timestamp), mail: &MailQueued) -> Vec<ExhibitRow> {
    let row = |(id, piece): (String, &Piece)| ExhibitRow {
        journal,
        id,
        seq,
        sha256: piece
            .sha256
            .parse::<Hash>()
            .ok()
            .map(|hash| *hash.as_bytes()),
        size: piece.size,
        kind: "mail".to_owned(),
        erased: false,
        at,
    };
    let carried = (1..).zip(&mail.carried);
    let carried = carried.map(|(n, piece)| (format!("M-{seq}.{n}"), piece));
    let whole = std::iter::once((format!("M-{seq}"), &mail.mail));
    whole.chain(carried).map(row).collect()
}

fn stands_at(folded: &Folded, head: Head) -> bool {
    let at = folded.chain.head();
    at.seq == head.seq && at.hash == Hash::from(head.hash)
}

fn read_on(view: &dyn View, id: JournalId, mut folded: Folded) -> Result<Folded> {
    let queue = Arc::make_mut(&mut folded.queue);
    each(view, id, &mut folded.chain, |envelope| {
        let (seq, at) = (envelope.seq, envelope.recorded_at);
        match envelope.kind.as_str() {
            QUEUED => queue.queued(seq, at, &said::<MailQueued>(envelope)?),
            ANSWERED => queue.answered(at, &said::<MailAnswered>(envelope)?),
            LEFT => queue.left_in_spam(),
            MARKED => queue.marked(&said::<MailMarked>(envelope)?),
            WARNED => queue.colleagues_warned(at, &actor(&envelope)?.who, said(envelope)?),
            SETTLED => queue.settled(at, &actor(&envelope)?.who, &said::<MailSettled>(envelope)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(folded)
}

fn actor(envelope: &Envelope) -> Result<Actor> {
    let actor = serde_json::from_value(envelope.actor.clone());
    actor.map_err(|error| DeskError::Damaged(error.to_string()))
}

/// Every entry behind those that were read, checked, its texts left sealed.
fn each(
    view: &dyn View,
    id: JournalId,
    chain: &mut Chain,
    mut take: impl FnMut(Envelope) -> Result<()>,
) -> Result<()> {
    loop {
        let rows = view.entries(id, chain.head().seq, PORTION)?;
        for row in &rows {
            take(journal::check(chain, row)?)?;
        }
        if rows.len() < PORTION as usize {
            return Ok(());
        }
    }
}

fn said<T: serde::de::DeserializeOwned>(envelope: Envelope) -> Result<T> {
    let seq = envelope.seq;
    let unreadable = |error| {
        DeskError::Damaged(format!(
            "entry {seq} of the queue cannot be understood: {error}"
        ))
    };
    serde_json::from_value(envelope.body).map_err(unreadable)
}

/// The installation's journal, once there is one.
fn installation(view: &dyn View) -> Result<Option<JournalId>> {
    let journals = view.journals(JournalKind::Installation)?;
    Ok(journals.first().map(|row| row.id))
}

/// The projects on whose contact sheet somebody stands, as entries name them. Who only manages reads no mail.
fn projects_of(view: &dyn View, onlooker: &Onlooker) -> Result<BTreeSet<String>> {
    let Some(person) = onlooker.actor.as_person() else {
        return Ok(BTreeSet::new());
    };
    let theirs = views::projects_of(view, &person.0)?;
    Ok(theirs.into_iter().map(|id| id.to_string()).collect())
}

/// Whose address that is, among the people on the contact sheet.
fn sheet_name(
    people: &std::collections::BTreeMap<PersonId, procedure::project::Contact>,
    sender: &str,
) -> Option<PersonId> {
    let own = |mail: &Text| {
        mail.plain()
            .is_some_and(|mail| mail.eq_ignore_ascii_case(sender))
    };
    let mut people = people.iter();
    let found = people.find(|(_, contact)| contact.mail.as_ref().is_some_and(own));
    found.map(|(person, _)| person.clone())
}
