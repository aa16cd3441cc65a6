//! The three questions about a suspicious mail (R107): they are asked by a mail with links, each of which opens a page; only what
//! is pressed there says anything. Any yes opens an event (R108); else there is advice, and the mail is kept (R111, R112).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::intake::{AddReport, Follows, Phish, Report};
use procedure::playbook::Playbook;
use procedure::review::{LeftInSpam, MailAnswered, Settlement};
use procedure::{Actor, Command, How, Order, Text, Who};

use super::settle::{note, settled};
use super::{ANSWERED, LEFT, installation};
use crate::auth::link::{LinkClaims, Purpose};
use crate::desk::error::{DeskError, Result};
use crate::desk::installation::Addressee;
use crate::desk::take::{on_case, take};
use crate::desk::{Desk, Inner, projects, receipt};
use crate::report::people::public_lines;
use crate::report::questions;
use crate::store::{JournalId, Tx, View};

/// So long the questions about a mail can be answered, in days.
const ANSWERED_WITHIN: i64 = 90;
/// Whom the questions are sent to, where no name is known: it stands in no journal.
const SENDER: &str = "sender of a mail";

/// So often it is tried to open an event by a mail that is settled by somebody else at the same time.
const TRIES: usize = 3;

/// What a link asks about.
pub struct About {
    /// The mail's number.
    pub item: u64,
    /// Its subject.
    pub title: Option<String>,
    /// What was answered.
    pub phish: Phish,
    /// It is part of a case.
    pub in_case: bool,
    /// The receipt of the event that it opened, if it did.
    pub receipt: Option<String>,
    /// The playbook, with what is advised after "none of the three".
    pub playbook: Option<Playbook>,
    /// Numbers that anybody may call.
    pub lines: Vec<(String, String)>,
}

/// What came of the answers.
#[derive(Debug, PartialEq, Eq)]
pub enum Became {
    /// An event: the last part of its receipt's address.
    Event(String),
    /// No event: the answer is noted.
    Noted,
}

impl Desk {
    /// What this link asks about. Nothing happens.
    ///
    /// # Errors
    /// Not found for what is no link of ours.
    pub async fn asked_about(&self, token: &str) -> Result<About> {
        let item = self.item_of(token)?;
        let inner = Arc::clone(&self.inner);
        let look = move |view: &dyn View| inner.about(view, item);
        self.inner.store.read(look).await
    }

    /// Answers the questions of this link, as often as its holder likes: a yes that comes late counts like an early one.
    ///
    /// # Errors
    /// Not found for what is no link of ours; the store's.
    pub async fn answer_about(&self, token: &str, phish: Phish) -> Result<Became> {
        let item = self.item_of(token)?;
        let was = self.asked_about(token).await?;
        let phish = and_then(was.phish, phish);
        if was.phish == phish {
            return Ok(was.receipt.map_or(Became::Noted, Became::Event));
        }
        match phish.follows() {
            Follows::Event => self.acted_upon(item, phish).await,
            Follows::Advice | Follows::Nothing => self.note_answer(item, phish).await,
            Follows::Asking => Ok(Became::Noted),
        }
    }

    /// Counts a mail that was found in a spam folder and left there; nothing else of it is kept (R112).
    ///
    /// # Errors
    /// Not found for a project that is not there; the store's.
    pub async fn left_in_spam(&self, project: Option<String>) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let project = projects::find(tx, project.as_deref())?.journal.to_string();
            let left = LeftInSpam { project };
            let body = serde_json::to_value(&left).map_err(DeskError::bug)?;
            inner.note(tx, &by_link(), LEFT, body).map(drop)
        })
        .await
    }

    /// The last part of the address at which the questions about a mail are answered.
    ///
    /// # Errors
    /// The store's.
    pub async fn link_about(&self, item: u64) -> Result<String> {
        let inner = Arc::clone(&self.inner);
        let link = move |view: &dyn View| {
            let gone = || DeskError::NotFound("mail");
            inner.token_about(installation(view)?.ok_or_else(gone)?, item)
        };
        self.inner.store.read(link).await
    }

    fn item_of(&self, token: &str) -> Result<u64> {
        let now = self.inner.clock.wall();
        let link = self.inner.links.verify(token, Purpose::Answer, now);
        let item = link.ok().and_then(|link| link.claims.notice.parse().ok());
        item.ok_or(DeskError::NotFound("link"))
    }

    async fn note_answer(&self, item: u64, phish: Phish) -> Result<Became> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            // A yes that came meanwhile stays one.
            if !inner.adds_to_what_was_said(tx, item, phish)? {
                return Ok(Became::Noted);
            }
            inner.answered(tx, item, phish)?;
            // In the spam folder it ends here, unless somebody of the team was faster.
            let ends = phish.follows() == Follows::Nothing;
            if ends && inner.queue(tx)?.waiting.contains_key(&item) {
                let done = settled(&inner, tx, item, Settlement::NoAction, None)?;
                note(&inner, tx, &by_link(), &done)?;
            }
            Ok(Became::Noted)
        })
        .await
    }

    /// A yes. What the mail is by then is looked at in the transaction that writes it: it opens an event, or it is one more report
    /// of the case that has the mail.
    async fn acted_upon(&self, item: u64, phish: Phish) -> Result<Became> {
        for _ in 0..TRIES {
            if !self.note_yes(item, phish).await? {
                return self.one_more_report(item, phish, false).await;
            }
            let inner = Arc::clone(&self.inner);
            let read = move |view: &dyn View| inner.queued_mail(view, &*inner.queue(view)?, item);
            let mail = self.inner.store.read(read).await?;
            let exhibits = self.kept_exhibits()?;
            let refusal = match self.open_mail(&exhibits, by_link(), mail).await {
                Err(DeskError::Refused(refusal)) => refusal,
                opened => return Ok(Became::Event(opened?.receipt)),
            };
            let inner = Arc::clone(&self.inner);
            let look = move |view: &dyn View| {
                let waits = inner.queue(view)?.waiting.contains_key(&item);
                Ok::<_, DeskError>((inner.about(view, item)?, waits))
            };
            match self.inner.store.read(look).await? {
                // The waker was faster.
                (
                    About {
                        receipt: Some(receipt),
                        ..
                    },
                    _,
                ) => return Ok(Became::Event(receipt)),
                // A colleague was, who may not have known of it.
                (About { in_case: true, .. }, _) => {
                    return self.one_more_report(item, phish, true).await;
                }
                (_, true) => return Err(DeskError::Refused(refusal)),
                // Somebody said meanwhile that there is nothing to do: there is.
                (_, false) => {}
            }
        }
        Err(DeskError::NotFound("mail"))
    }

    /// Notes a yes of a mail that can still open an event, and answers whether it can. It is on disk before anything is opened;
    /// were this process to end then, the waker opens the event.
    async fn note_yes(&self, item: u64, phish: Phish) -> Result<bool> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            if !inner.queue(tx)?.may_still_open(item) {
                return Ok(false);
            }
            inner.answered(tx, item, phish)?;
            let bell = Arc::clone(&inner.waker_bell);
            let now = inner.clock.now();
            tx.after_commit(Box::new(move || bell.due(Some(now))));
            Ok(true)
        })
        .await
    }

    /// It is part of a case already, in which nobody knew that something was done: one more report says so. Where the case takes
    /// none any more, it opens one of its own.
    async fn one_more_report(&self, item: u64, phish: Phish, noted: bool) -> Result<Became> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            let gone = || DeskError::NotFound("link");
            let queue = inner.queue(view)?;
            let case = queue.settled.get(&item).and_then(|(_, case)| case.clone());
            let begun = case.and_then(|case| case.0.parse().ok()).map(JournalId);
            let (id, readable) = receipt::follow(&inner, view, begun.ok_or_else(gone)?)?;
            let over = readable.case().is_over();
            Ok::<_, DeskError>((id, over, inner.queued_mail(view, &queue, item)?))
        };
        let (id, over, mail) = self.inner.store.read(read).await?;
        // Nobody looks into a case that is over.
        if over {
            return self.anew(item, phish).await;
        }
        let said = mail.mail.report;
        let report = Report {
            phish,
            contact: said.contact,
            name: said.name,
            route: said.route,
            ..Report::saying(Text::from(questions::said_later(phish).as_str()))
        };
        let inner = Arc::clone(&self.inner);
        let add = move |tx: &mut dyn Tx| {
            if !noted {
                // The same answer, pressed twice.
                if !inner.adds_to_what_was_said(tx, item, phish)? {
                    return Ok(Became::Noted);
                }
                inner.answered(tx, item, phish)?;
            }
            let add = AddReport {
                report,
                reporter: None,
            };
            let (order, system) = (Order::from(Command::from(add)), Actor::system());
            let mut number = 0;
            on_case(&inner, tx, id, |bench| {
                take(bench, &system, &order)?;
                number = bench.folded.case.part.intake.reports.len();
                Ok(())
            })?;
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            Ok(Became::Event(inner.receipt_token(id, number)?))
        };
        match self.write(add).await {
            Err(DeskError::Refused(_)) => self.anew(item, phish).await,
            done => done,
        }
    }

    /// Opens an event of its own for a mail whose case is over: once for each thing that was done with it.
    async fn anew(&self, item: u64, phish: Phish) -> Result<Became> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| inner.queued_mail(view, &*inner.queue(view)?, item);
        let mut mail = self.inner.store.read(read).await?;
        mail.mail.report.phish = phish;
        let exhibits = self.kept_exhibits()?;
        let opened = self.open_mail_anew(&exhibits, by_link(), mail).await?;
        Ok(Became::Event(opened.receipt))
    }
}

impl Inner {
    /// Asks whoever sent a mail the three questions about it, because of the entry that queued it.
    pub(super) fn ask_about(&self, tx: &mut dyn Tx, item: u64, address: &str) -> Result<()> {
        let gone = || DeskError::Damaged("the installation's journal is gone".to_owned());
        let token = self.token_about(installation(tx)?.ok_or_else(gone)?, item)?;
        let link = format!("{}/answer/{token}", self.site.base_url);
        let words = questions::ask(item, &link);
        let to = Addressee::named(SENDER, Some(address.to_owned()), address.to_owned());
        self.write_to(tx, item, &[(to, &words)])
    }

    fn token_about(&self, journal: JournalId, item: u64) -> Result<String> {
        let now = self.clock.wall();
        let until = SignedDuration::from_hours(24 * ANSWERED_WITHIN);
        let claims = LinkClaims {
            purpose: Purpose::Answer,
            journal: journal.0,
            person: "sender".to_owned(),
            notice: item.to_string(),
            expires: now.saturating_add(until).unwrap_or(Timestamp::MAX),
        };
        let id = self.ids.uuid_v7(now);
        self.links.encode(id, &claims).map_err(DeskError::bug)
    }

    /// Whether this says anything that was not said before.
    fn adds_to_what_was_said(&self, view: &dyn View, item: u64, phish: Phish) -> Result<bool> {
        let said = self.queue(view)?.answers.get(&item).copied();
        Ok(said.is_none_or(|said| and_then(said, phish) != said))
    }

    pub(super) fn answered(&self, tx: &mut dyn Tx, item: u64, phish: Phish) -> Result<()> {
        let body = serde_json::to_value(MailAnswered { item, phish }).map_err(DeskError::bug)?;
        self.note(tx, &by_link(), ANSWERED, body).map(drop)
    }

    fn about(&self, view: &dyn View, item: u64) -> Result<About> {
        let queue = self.queue(view)?;
        let mail = self.queued_mail(view, &queue, item)?;
        let state = self.project_as_it_is(view, mail.project.journal)?;
        let basis = state.basis()?;
        let playbook = basis.as_ref().map(|kept| &kept.basis.playbook);
        let settled = queue.settled.get(&item);
        let in_case = settled.is_some_and(|(_, case)| case.is_some());
        // Where it joined a case, the first report there is somebody else's.
        let opened = settled.filter(|(how, _)| *how == Settlement::Opened);
        let opened = opened.and_then(|(_, case)| case.as_ref()?.0.parse().ok());
        let opened = opened.map(|case| self.receipt_token(JournalId(case), 1));
        let receipt = opened.transpose()?;
        let answers = queue.answers.get(&item).copied();
        Ok(About {
            item,
            title: mail
                .mail
                .report
                .title
                .as_ref()
                .and_then(Text::plain)
                .map(str::to_owned),
            phish: answers.unwrap_or(mail.mail.report.phish),
            receipt,
            in_case,
            playbook: playbook.cloned(),
            lines: playbook.map_or_else(Vec::new, |book| public_lines(&state.directory, book)),
        })
    }
}

/// What was done with a mail, once this is said too: that something was done is not taken back by a link, and may be more.
fn and_then(was: Phish, phish: Phish) -> Phish {
    if !was.acted_upon() {
        return phish;
    }
    Phish {
        clicked: was.clicked || phish.clicked,
        opened: was.opened || phish.opened,
        entered: was.entered || phish.entered,
        ..was
    }
}

/// Whoever holds the link that was sent to the address in the mail.
fn by_link() -> Actor {
    Actor {
        who: Who::Reporter,
        how: How::SignedLink,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_may_become_more_and_never_less() {
        let none = Phish {
            none: true,
            ..Phish::default()
        };
        let clicked = Phish {
            clicked: true,
            ..Phish::default()
        };
        let entered = Phish {
            entered: true,
            ..Phish::default()
        };
        assert_eq!(and_then(none, clicked), clicked);
        assert_eq!(and_then(clicked, none), clicked);
        let both = and_then(clicked, entered);
        assert!(both.clicked && both.entered && !both.none);
        assert_eq!(and_then(both, clicked), both);
    }
}
