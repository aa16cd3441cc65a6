//! A mail comes into the queue. Its bytes are kept before anything is written of it; it wakes nobody.

use std::sync::Arc;
use std::time::Duration;

use procedure::chapters::intake::Report;
use procedure::review::{MailQueued, Piece, opens_at};
use procedure::{Actor, How, Text, Who};

use super::{QUEUED, installation, rows_of, sheet_name};
use crate::desk::answers::{OneUse, keep_answer, kept_answer};
use crate::desk::error::{DeskError, Result};
use crate::desk::{Desk, journal, projects};
use crate::store::{Tx, View};
use crate::vault::{Exhibits, Incoming, JournalKey, Kept};

/// Whoever brings a mail waits no longer to hear whether there is its project.
const PATIENCE: Duration = Duration::from_secs(5);

/// A mail on its way into the queue.
pub struct QueueMail {
    /// To which project, by short name.
    pub project: String,
    /// Its bytes as they are kept.
    pub mail: Kept,
    /// And of the mails that it carries.
    pub carried: Vec<Kept>,
    /// The report that it would be.
    pub report: Report,
    /// Where it says that it comes from.
    pub sender: Option<String>,
    /// It looks like a suspicious mail that somebody passes on.
    pub suspicious: bool,
    /// Where its sender is asked the three questions about it, if they are asked.
    pub asked: Option<String>,
    /// A program sent it, or it was found to be forged: it is nobody's of the staff.
    pub discounted: bool,
}

impl Desk {
    /// Begins to receive a mail for the queue, of at most `limit` bytes.
    ///
    /// # Errors
    /// The store's; a full disk.
    pub async fn receive_for_review(&self, exhibits: &Exhibits, limit: u64) -> Result<Incoming> {
        let key = self.key_of_queue().await?;
        Ok(exhibits.receive_from_anybody(&key, limit, &self.inner.ids)?)
    }

    /// What in a subject says that a mail to this project is a report, and what says that it passes a suspicious mail on, in its
    /// playbook's words (R107, R114). Nothing where that cannot be read just now: then the words that everybody has count.
    pub async fn subjects_of_mail(&self, project: &str) -> [Option<String>; 2] {
        let (inner, slug) = (Arc::clone(&self.inner), project.to_owned());
        let read = move |view: &dyn View| {
            let row = projects::find(view, Some(&slug))?;
            let folded = inner.project_as_it_is(view, row.journal)?;
            let basis = folded.basis()?;
            let messages = basis.map(|kept| kept.basis.playbook.messages.clone());
            Ok::<_, DeskError>(messages)
        };
        let Ok(Some(messages)) = self.inner.store.read(read).await else {
            return [None, None];
        };
        let said = |words: String| (!words.is_empty()).then_some(words);
        [messages.report_subject, messages.suspicious_subject].map(said)
    }

    /// Whether there is a project of this short name; nothing where that cannot be known just now.
    pub async fn has_project(&self, slug: &str) -> Option<bool> {
        let slug = slug.to_owned();
        let look =
            move |view: &dyn View| Ok::<_, DeskError>(view.project_by_slug(&slug)?.is_some());
        let looked = tokio::time::timeout(PATIENCE, self.inner.store.read(look)).await;
        looked.ok()?.ok()
    }

    /// The short name of the project that has what is for none.
    ///
    /// # Errors
    /// Not found where there is no project yet; the store's.
    pub async fn first_project(&self) -> Result<String> {
        let look = move |view: &dyn View| Ok(projects::find(view, None)?.slug);
        self.inner.store.read(look).await
    }

    /// The key under which the bytes of the queue lie.
    pub(super) async fn key_of_queue(&self) -> Result<JournalKey> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            let id = installation(view)?;
            id.map(|id| journal::key(view, &inner.root, id)).transpose()
        };
        if let Some(key) = self.inner.store.read(read).await? {
            return Ok(key);
        }
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| Ok(inner.installation(tx)?.0)).await
    }

    /// Lets a mail wait until somebody has looked at it; answers its number. The same mail counts once.
    ///
    /// # Errors
    /// Not found for a project that is not there; the store's.
    pub async fn queue_mail(&self, came: QueueMail, once: OneUse) -> Result<u64> {
        let inner = Arc::clone(&self.inner);
        let hash = came.mail.hash.to_string();
        let asked = inner.asked(Some(once), "queue", &hash)?;
        // What passes nothing on is not looked into: spam leaves no more behind than it must.
        let tags = match came.suspicious {
            true => self.tags_of_queued(&came).await,
            false => Vec::new(),
        };
        self.write(move |tx| {
            if let Some(kept) = kept_answer(tx, asked.as_ref())? {
                return Ok(kept);
            }
            let project = projects::find(tx, Some(&came.project))?;
            let folded = inner.project_as_it_is(tx, project.journal)?;
            let people = &folded.directory.people;
            let staff = came.sender.as_deref().filter(|_| !came.discounted);
            let staff = staff.and_then(|sender| sheet_name(people, sender));
            let now = inner.clock.now();
            let basis = folded.basis()?;
            // Where only people who are known report, somebody looks first: whose address stands in a mail need not have sent it.
            let facts = folded.state.project();
            let known_only = facts.is_some_and(|facts| facts.known_reporters_only);
            let basis = basis.filter(|_| !known_only);
            let opens_at = basis.and_then(|b| opens_at(staff.as_ref(), &b.basis.playbook, now));
            let mut queued = MailQueued {
                project: project.journal.to_string(),
                mail: piece(&came.mail),
                carried: came.carried.iter().map(piece).collect(),
                report: came.report,
                sender: came.sender.as_deref().map(Text::from),
                staff,
                opens_at,
                suspicious: came.suspicious,
                tags,
            };
            // Of what its sender says that nobody did anything with it, nothing is a report by itself.
            if queued.report.phish.is_answered() {
                queued.opens_at = None;
            }
            let body = serde_json::to_value(&queued).map_err(DeskError::bug)?;
            let seq = inner.note(tx, &nobody(), QUEUED, body)?;
            list(tx, seq, &queued)?;
            // A project that takes reports of known people only asks nobody else.
            let is_asked = !known_only || queued.staff.is_some();
            if let Some(address) = came.asked.as_ref().filter(|_| is_asked) {
                inner.ask_about(tx, seq, address)?;
            }
            keep_answer(tx, asked, &seq, inner.clock.wall())?;
            let bell = Arc::clone(&inner.waker_bell);
            tx.after_commit(Box::new(move || bell.due(queued.opens_at)));
            Ok(seq)
        })
        .await
    }
}

/// Nobody has checked who wrote it.
pub(super) fn nobody() -> Actor {
    Actor {
        who: Who::Reporter,
        how: How::Open,
    }
}

fn piece(kept: &Kept) -> Piece {
    Piece {
        sha256: kept.hash.to_string(),
        size: kept.size,
    }
}

fn list(tx: &mut dyn Tx, seq: u64, queued: &MailQueued) -> Result<()> {
    let gone = || DeskError::Damaged("the installation's journal has lost its end".to_owned());
    let id = installation(tx)?.ok_or_else(gone)?;
    let entry = tx.entries(id, seq.saturating_sub(1), 1)?;
    let at = entry.first().ok_or_else(gone)?.recorded_at;
    for row in rows_of(id, (seq, at), queued) {
        tx.put_exhibit(&row)?;
    }
    Ok(())
}
