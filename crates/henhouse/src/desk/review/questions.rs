//! The three questions about a suspicious mail (R107): they are asked by a mail with links, each of which opens a page; only what
//! is pressed there says anything. Any yes opens an event (R108); else there is advice, and the mail is kept (R111, R112).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::intake::{AddReport, Follows, Phish, Report};
use procedure::review::{LeftInSpam, MailAnswered, Settlement};
use procedure::{Actor, Command, How, Order, Text, Who};

use super::settle::{note, settled};
use super::{ANSWERED, LEFT, installation};
use crate::auth::link::{LinkClaims, Purpose};
use crate::desk::error::{DeskError, Result};
use crate::desk::installation::Addressee;
use crate::desk::take::{on_case, take};
use crate::desk::{Desk, Inner, OpenReport, projects, receipt};
use crate::report::people::public_lines;
use crate::report::questions;
use crate::store::{JournalId, Tx, View};

/// So long the questions about a mail can be answered, in days.
const ANSWERED_WITHIN: i64 = 90;
/// Whom the questions are sent to, where no name is known: it stands in no journal.
const SENDER: &str = "sender of a mail";

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
    /// What is advised after "none of the three".
    pub advice: Vec<String>,
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
        let about = self.asked_about(token).await?;
        // What is an event stays one: that something was done is not taken back by a link.
        if about.phish == phish || about.phish.acted_upon() {
            return Ok(about.receipt.map_or(Became::Noted, Became::Event));
        }
        match phish.follows() {
            Follows::Event if about.in_case => self.one_more_report(item, phish).await,
            Follows::Event => self.event_of(item, phish).await,
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

    /// The answer is on disk before anything is opened; were this process to end now, the waker opens the event.
    async fn event_of(&self, item: u64, phish: Phish) -> Result<Became> {
        let (inner, noted) = (Arc::clone(&self.inner), Arc::clone(&self.inner));
        let answer = move |tx: &mut dyn Tx| {
            noted.answered(tx, item, phish)?;
            let bell = Arc::clone(&noted.waker_bell);
            let now = noted.clock.now();
            tx.after_commit(Box::new(move || bell.due(Some(now))));
            Ok(())
        };
        self.write(answer).await?;
        let read = move |view: &dyn View| inner.queued_mail(view, &*inner.queue(view)?, item);
        let mail = self.inner.store.read(read).await?;
        let exhibits = self.kept_exhibits()?;
        match self.open_mail(&exhibits, by_link(), mail).await {
            Ok(opened) => Ok(Became::Event(opened.receipt)),
            // The waker was faster.
            Err(DeskError::Refused(refusal)) => {
                let inner = Arc::clone(&self.inner);
                let look = move |view: &dyn View| inner.about(view, item);
                let about = self.inner.store.read(look).await?;
                let receipt = about.receipt.ok_or(DeskError::Refused(refusal))?;
                Ok(Became::Event(receipt))
            }
            Err(error) => Err(error),
        }
    }

    /// It is part of a case already, in which nobody knew that something was done: one more report says so. Where the case takes
    /// none any more, it opens one of its own.
    async fn one_more_report(&self, item: u64, phish: Phish) -> Result<Became> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            let gone = || DeskError::NotFound("link");
            let queue = inner.queue(view)?;
            let case = queue.settled.get(&item).and_then(|(_, case)| case.clone());
            let begun = case.and_then(|case| case.0.parse().ok()).map(JournalId);
            let (id, _) = receipt::follow(&inner, view, begun.ok_or_else(gone)?)?;
            Ok::<_, DeskError>((id, inner.queued_mail(view, &queue, item)?))
        };
        let (id, mail) = self.inner.store.read(read).await?;
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
            inner.answered(tx, item, phish)?;
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
            inner.receipt_token(id, u32::try_from(number).unwrap_or(u32::MAX))
        };
        match self.write(add).await {
            Ok(receipt) => Ok(Became::Event(receipt)),
            Err(DeskError::Refused(_)) => self.anew(item, phish).await,
            Err(error) => Err(error),
        }
    }

    async fn anew(&self, item: u64, phish: Phish) -> Result<Became> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| inner.queued_mail(view, &*inner.queue(view)?, item);
        let mail = self.inner.store.read(read).await?;
        let open = OpenReport {
            actor: by_link(),
            project: Some(mail.project.slug.clone()),
            report: Report {
                phish,
                ..mail.mail.report
            },
            happened_at: None,
            once: None,
        };
        let opened = self.open_report_from(open, None).await?;
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

    fn answered(&self, tx: &mut dyn Tx, item: u64, phish: Phish) -> Result<()> {
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
            advice: playbook.map_or_else(Vec::new, |book| book.intake.phishing_advice.clone()),
            lines: playbook.map_or_else(Vec::new, |book| public_lines(&state.directory, book)),
        })
    }
}

/// Whoever holds the link that was sent to the address in the mail.
fn by_link() -> Actor {
    Actor {
        who: Who::Reporter,
        how: How::SignedLink,
    }
}
