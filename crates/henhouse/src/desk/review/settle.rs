//! A mail leaves the queue: it opens an event, joins a case that is there, or needs nothing. What is written of it in the case and
//! in the installation's journal is written in one transaction; the bytes lie under the case's key before.

use std::sync::Arc;

use procedure::chapters::evidence::exhibit::{AddExhibit, What};
use procedure::chapters::intake::{AddReport, Mailed};
use procedure::id::CaseId;
use procedure::playbook::EvidenceKind;
use procedure::review::{MailSettled, Piece, Settlement};
use procedure::{Actor, Command, How, Order, Text, When, Who};

use super::taking::nobody;
use super::{MEDIA, QueuedMail, SETTLED, installation};
use crate::desk::answers::{OneUse, keep_answer, kept_answer};
use crate::desk::error::{DeskError, Result};
use crate::desk::open::{OpenReport, Opened, Start, begin};
use crate::desk::take::{on_case, take};
use crate::desk::views::Onlooker;
use crate::desk::{Desk, Inner, journal};
use crate::report::review::{Leaves, label};
use crate::store::{CaseNumber, JournalId, StoreError, Tx, View};
use crate::vault::{Exhibits, JournalKey, NotKept};

impl Desk {
    /// Opens an event by a mail. The report is its sender's; who opened it stands with the mail in the case.
    ///
    /// # Errors
    /// Not found where the mail does not exist for the onlooker; refused where it was settled.
    pub async fn open_queued(&self, onlooker: &Onlooker, item: u64) -> Result<Opened> {
        let mail = self.queued_mail(onlooker, item).await?;
        let exhibits = self.kept_exhibits()?;
        self.open_mail(&exhibits, onlooker.actor.clone(), mail)
            .await
    }

    /// Adds a mail to a case that is there, as one more report of it (R29, R118). Answers the case.
    ///
    /// # Errors
    /// Not found where mail or case do not exist for the onlooker; refused where they may not, or it was settled.
    pub async fn join_queued(
        &self,
        onlooker: &Onlooker,
        item: u64,
        number: &CaseNumber,
    ) -> Result<CaseNumber> {
        let mail = self.queued_mail(onlooker, item).await?;
        let case = self.case(onlooker, number).await?;
        let (exhibits, id) = (self.kept_exhibits()?, case.row.journal);
        let inner = Arc::clone(&self.inner);
        let key = self
            .inner
            .store
            .read(move |view: &dyn View| journal::key(view, &inner.root, id));
        self.copy_to(&exhibits, &key.await?, &mail).await?;
        let (inner, actor) = (Arc::clone(&self.inner), onlooker.actor.clone());
        let joined = self.write(move |tx| {
            let mailed = inner.mailed(tx, &mail)?;
            let done = settled(&inner, tx, mail.item, Settlement::Joined, Some(id))?;
            let add = AddReport {
                report: mail.mail.report.clone(),
                reporter: None,
            };
            let order = Order {
                happened_at: Some(When::exact(mail.since)),
                mailed: Some(mailed),
                ..Order::from(Command::from(add))
            };
            on_case(&inner, tx, id, |bench| take(bench, &actor, &order))?;
            attach(&inner, tx, id, &mail, &actor)?;
            note(&inner, tx, &actor, &done)
        });
        joined.await?;
        Ok(case.row.number)
    }

    /// Says that there is nothing to do about a mail: it is counted.
    ///
    /// # Errors
    /// Not found where it does not exist for the onlooker; refused where it was settled.
    pub async fn dismiss_queued(&self, onlooker: &Onlooker, item: u64) -> Result<()> {
        self.queued_mail(onlooker, item).await?;
        let (inner, actor) = (Arc::clone(&self.inner), onlooker.actor.clone());
        self.write(move |tx| {
            let done = settled(&inner, tx, item, Settlement::NoAction, None)?;
            note(&inner, tx, &actor, &done)
        })
        .await
    }

    /// Opens the mails that have waited too long, each in a transaction of its own; answers how many (M24). What fails is
    /// logged and left alone for a while.
    ///
    /// # Errors
    /// The store's.
    pub(in crate::desk) async fn open_unseen_mail(&self) -> Result<usize> {
        let Some(exhibits) = self.inner.exhibits.get().cloned() else {
            return Ok(0);
        };
        let mut opened = 0;
        loop {
            let inner = Arc::clone(&self.inner);
            let next = self
                .inner
                .store
                .read(move |view: &dyn View| unseen(&inner, view));
            let Some((journal, mail)) = next.await? else {
                return Ok(opened);
            };
            let item = mail.item;
            match self.open_mail(&exhibits, Actor::system(), mail).await {
                Ok(_) => opened += 1,
                // Somebody was faster.
                Err(DeskError::Refused(refusal)) if is_settled(&refusal) => {}
                Err(error) => {
                    tracing::error!(item, %error, "a mail of the staff cannot be opened as a report; trying again");
                    let steady = self.inner.clock.steady();
                    self.inner.ailing.failed(journal, steady);
                    return Ok(opened);
                }
            }
        }
    }

    pub(super) async fn open_mail(
        &self,
        exhibits: &Exhibits,
        actor: Actor,
        mail: QueuedMail,
    ) -> Result<Opened> {
        self.open_mail_or_anew(exhibits, actor, mail, false).await
    }

    /// Opens another event by a mail that a case has already, which takes nothing more; what its sender answered is noted
    /// with it. The same answer counts once.
    pub(super) async fn open_mail_anew(
        &self,
        exhibits: &Exhibits,
        actor: Actor,
        mail: QueuedMail,
    ) -> Result<Opened> {
        self.open_mail_or_anew(exhibits, actor, mail, true).await
    }

    async fn open_mail_or_anew(
        &self,
        exhibits: &Exhibits,
        actor: Actor,
        mail: QueuedMail,
        anew: bool,
    ) -> Result<Opened> {
        let (item, phish) = (mail.item, mail.mail.report.phish);
        let did = format!("{} {} {}", phish.clicked, phish.opened, phish.entered);
        let once = anew.then(|| OneUse {
            actor: "mail".to_owned(),
            key: format!("answer {item} {did}"),
        });
        let asked = self.inner.asked(once, "answer", &(item, did))?;
        let now = self.now();
        let id = JournalId(self.inner.ids.uuid_v7(now));
        let key = JournalKey::create(id.0, &self.inner.ids);
        let pieces = pieces(&mail);
        let whole = match self.copy_to(exhibits, &key, &mail).await {
            Ok(()) => true,
            // What it says stands in the journal: nobody waits for bytes that are lost.
            Err(DeskError::Damaged(why)) => {
                tracing::error!(
                    item = mail.item,
                    why,
                    "an event is opened without the bytes of its mail"
                );
                false
            }
            Err(error) => return Err(error),
        };
        let inner = Arc::clone(&self.inner);
        let open = move |tx: &mut dyn Tx| {
            if let Some(kept) = kept_answer(tx, asked.as_ref())? {
                return Ok((kept, false));
            }
            let mailed = inner.mailed(tx, &mail)?;
            let done = match anew {
                true => None,
                false => Some(settled(&inner, tx, item, Settlement::Opened, Some(id))?),
            };
            let project = inner.project_as_it_is(tx, mail.project.journal)?;
            let facts = project.state.project();
            // Such a project takes reports only of people who are known: of whoever opens it.
            let vouched = facts.is_some_and(|facts| facts.known_reporters_only);
            let by = match (&actor.who, vouched) {
                (_, false) => nobody(),
                // Whoever holds the link has the mailbox of somebody whom the project knows.
                (Who::Reporter, true) => Actor::system(),
                (_, true) => actor.clone(),
            };
            let open = OpenReport {
                mailed: Some(mailed),
                actor: by,
                project: None,
                report: mail.mail.report.clone(),
                happened_at: (!anew).then(|| When::exact(mail.since)),
                once: None,
            };
            let opened = begin(&inner, tx, &mail.project, &open, Start::under(id, key))?;
            if whole {
                attach(&inner, tx, id, &mail, &actor)?;
            }
            match done {
                Some(done) => note(&inner, tx, &actor, &done)?,
                None => inner.answered(tx, item, phish)?,
            }
            keep_answer(tx, asked, &opened, inner.clock.wall())?;
            Ok((opened, true))
        };
        let opened = self.write(open).await;
        if let Err(DeskError::Refused(_)) | Ok((_, false)) = &opened {
            // The case was never begun, and nobody will look for these.
            for piece in &pieces {
                let hash = piece.sha256.parse();
                let _ = hash.map(|hash| exhibits.destroy(id.0, &hash));
            }
        }
        opened.map(|(opened, _)| opened)
    }

    /// Keeps the bytes of a mail under the key of a case, too.
    async fn copy_to(
        &self,
        exhibits: &Exhibits,
        key: &JournalKey,
        mail: &QueuedMail,
    ) -> Result<()> {
        let (own, key) = (self.key_of_queue().await?, key.clone());
        let (exhibits, ids) = (exhibits.clone(), self.inner.ids.clone());
        let pieces = pieces(mail);
        let copy = move || {
            for piece in pieces {
                let hash = piece.sha256.parse();
                let hash = hash.map_err(|_| DeskError::Damaged("a mail has no hash".to_owned()))?;
                let reading = exhibits.read(&own, &hash);
                let reading = reading.map_err(|error| DeskError::Damaged(error.to_string()))?;
                let kept = exhibits.keep(&key, reading, piece.size, &ids);
                kept.map_err(|error| match error {
                    NotKept::Source(cause) => DeskError::Damaged(cause.to_string()),
                    error => error.into(),
                })?;
            }
            Ok(())
        };
        let copied = tokio::task::spawn_blocking(copy).await;
        copied.map_err(DeskError::bug)?
    }

    pub(super) fn kept_exhibits(&self) -> Result<Exhibits> {
        let kept = self.inner.exhibits.get().cloned();
        kept.ok_or_else(|| StoreError::Io("no place for exhibits is known".to_owned()).into())
    }
}

impl Inner {
    /// What stands for a mail of the queue in the case that it becomes part of.
    fn mailed(&self, view: &dyn View, mail: &QueuedMail) -> Result<Mailed> {
        let queue = self.queue(view)?;
        Ok(queue.mailed(mail.item, mail.since, &mail.mail.mail))
    }
}

/// The mail that has waited too long for longest, and the journal that it stands in.
fn unseen(inner: &Inner, view: &dyn View) -> Result<Option<(JournalId, QueuedMail)>> {
    let now = inner.clock.now();
    let Some(journal) = installation(view)? else {
        return Ok(None);
    };
    if inner
        .ailing
        .waiting(inner.clock.steady())
        .contains(&journal)
    {
        return Ok(None);
    }
    let queue = inner.queue(view)?;
    let Some((item, waiting)) = queue.due(now).next() else {
        return Ok(None);
    };
    let may_answer = queue.may_answer(waiting.staff.as_ref(), now);
    let mut mail = inner.queued_mail(view, &queue, item)?;
    if !may_answer && !mail.mail.report.phish.acted_upon() {
        mail.mail.report.contact = None;
    }
    Ok(Some((journal, mail)))
}

/// Everything of a mail that is kept.
fn pieces(mail: &QueuedMail) -> Vec<Piece> {
    let whole = std::iter::once(&mail.mail.mail);
    whole.chain(&mail.mail.carried).cloned().collect()
}

/// Whether it was settled by somebody else meanwhile.
fn is_settled(refusal: &procedure::Refusal) -> bool {
    refusal.kind == procedure::RefusalKind::Conflict
}

pub(super) fn settled(
    inner: &Inner,
    view: &dyn View,
    item: u64,
    how: Settlement,
    case: Option<JournalId>,
) -> Result<MailSettled> {
    let case = case.map(|id| CaseId(id.to_string()));
    Ok(inner.queue(view)?.settle(item, how, case)?)
}

pub(super) fn note(
    inner: &Inner,
    tx: &mut dyn Tx,
    actor: &Actor,
    done: &MailSettled,
) -> Result<()> {
    let body = serde_json::to_value(done).map_err(DeskError::bug)?;
    inner.note(tx, actor, SETTLED, body).map(drop)
}

/// The mail and what it carries become exhibits of the case, as if its sender had sent them with a report.
fn attach(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    case: JournalId,
    mail: &QueuedMail,
    by: &Actor,
) -> Result<()> {
    let project = inner.project_as_it_is(tx, mail.project.journal)?;
    let name = |person| crate::report::Names::new(&project.directory).person(person);
    let leaves = match by.as_person() {
        Some(person) => Leaves::By(name(person)),
        None if mail.mail.report.phish.acted_upon() => Leaves::Answered,
        None => Leaves::Unseen,
    };
    let sender = Actor {
        who: Who::Reporter,
        how: How::ReceiptLink,
    };
    let orders = pieces(mail).into_iter().enumerate().map(|(n, piece)| {
        let what = What::Upload {
            sha256: piece.sha256,
            size: piece.size,
            media: MEDIA.to_owned(),
        };
        let add = AddExhibit {
            what,
            kind: EvidenceKind::Mail,
            asset: None,
            label: Text::from(label(n, &leaves).as_str()),
        };
        Order::from(Command::from(add))
    });
    on_case(inner, tx, case, |bench| {
        for order in orders {
            take(bench, &sender, &order)?;
        }
        Ok(())
    })
    .map(drop)
}
