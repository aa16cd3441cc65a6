//! What a reporter may know by the receipt they hold, and what they may still say. Names are for
//! staff who are signed in and may see the case.

use std::sync::Arc;

use jiff::Timestamp;
use procedure::at::At;
use procedure::chapters::calling::next_call_at;
use procedure::{Actor, How, Order, Phase, Status, Who, may_see};

use super::answers::OneUse;
use super::error::{DeskError, Result};
use super::reading::Readable;
use super::take::Answer;
use super::views::Onlooker;
use super::{Desk, Inner, away};
use crate::auth::link::{Link, Purpose};
use crate::report::Times;
use crate::report::people::public_lines;
use crate::report::to_do::MailReach;
use crate::store::{JournalId, View};

/// What may be said with a receipt in hand.
const OPEN_COMMANDS: &[&str] = &["add_details", "disagree"];

/// A report is followed through so many cases that became parts of others.
const CHAIN_LIMIT: usize = 32;

/// Where a report stands.
#[derive(Clone, Debug)]
pub struct ReceiptView {
    /// The number that people say.
    pub number: String,
    /// The number of the case that it became part of. Left out where that case exists for its
    /// members only.
    pub handled_as: Option<String>,
    /// It waits on a node's disk for the database, under a number of its own, and is no case yet.
    pub waits: bool,
    /// What the case is called.
    pub noun: &'static str,
    /// When the report was received.
    pub reported_at: Timestamp,
    /// Where the case stands.
    pub status: Status,
    /// Where the walk through the contact sheet stands, while people are being called.
    pub walk: Option<Walk>,
    /// Since when somebody has it.
    pub taken_at: Option<Timestamp>,
    /// Who has it: only for staff who are signed in and may see the case.
    pub ic: Option<String>,
    /// Whether mail leaves, and with it every call.
    pub mail: MailReach,
    /// Numbers that anybody may call: what the line is, and the number.
    pub public_numbers: Vec<(String, String)>,
    /// Times as the project says them.
    pub times: Times,
}

/// Where the walk through the contact sheet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Which round of the sheet, from 1.
    pub round: u32,
    /// How many were called in this round.
    pub called: u32,
    /// How many are on the sheet.
    pub of: u32,
    /// When the next step is due.
    pub next_step_at: Option<Timestamp>,
}

impl Desk {
    /// What the holder of this receipt may know.
    ///
    /// # Errors
    /// Not found for what is no receipt of ours.
    pub async fn receipt(&self, token: &str, onlooker: Option<Onlooker>) -> Result<ReceiptView> {
        let link = self.receipt_link(token)?;
        let begun = JournalId(link.claims.journal);
        let looked =
            self.read_or_know(move |desk, view| look(&desk.inner, view, &link, onlooker.as_ref()));
        match looked.await {
            Err(DeskError::NotFound(_)) => self.receipt_that_waits(begun).await,
            looked => Ok(ReceiptView {
                waits: self.waits_here(begun),
                mail: self.mail_reach(),
                ..looked?
            }),
        }
    }

    /// Says something with this receipt in hand.
    ///
    /// # Errors
    /// Not found for what is no receipt; forbidden for commands that need somebody known; refused.
    pub async fn say_by_receipt(
        &self,
        token: &str,
        order: Order,
        once: Option<OneUse>,
    ) -> Result<Answer> {
        let link = self.receipt_link(token)?;
        let name = order.command.name();
        if !OPEN_COMMANDS.contains(&name) {
            return Err(procedure::Refusal::forbidden(
                None,
                "A receipt lets you add to your report or disagree, nothing else.",
                "Sign in, or tell the team.",
            )
            .into());
        }
        let actor = Actor {
            who: Who::Reporter,
            how: How::ReceiptLink,
        };
        let inner = Arc::clone(&self.inner);
        let begun = JournalId(link.claims.journal);
        let goes_on = move |view: &dyn View| {
            let begun = stands_for(view, begun)?.ok_or(DeskError::NotFound("receipt"))?;
            Ok::<_, DeskError>(follow(&inner, view, begun)?.0)
        };
        let journal = self.inner.store.read(goes_on).await?;
        self.submit(journal, actor, order, once).await
    }

    pub(super) fn receipt_link(&self, token: &str) -> Result<Link> {
        let now = self.inner.clock.wall();
        let link = self.inner.links.verify(token, Purpose::Receipt, now);
        link.map_err(|_| DeskError::NotFound("receipt"))
    }
}

/// The case that was begun under this id. Where the same report came twice under one key while the database was away, one
/// case stands for both. Nothing where it is not there yet.
pub(super) fn stands_for(view: &dyn View, begun: JournalId) -> Result<Option<JournalId>> {
    if view.case(begun)?.is_some() {
        return Ok(Some(begun));
    }
    let other = view.setting(&away::name_of_case(begun))?;
    let other = other.and_then(|id| uuid::Uuid::from_slice(&id).ok());
    Ok(other.map(JournalId))
}

fn look(
    inner: &Inner,
    view: &dyn View,
    link: &Link,
    onlooker: Option<&Onlooker>,
) -> Result<ReceiptView> {
    let gone = || DeskError::NotFound("receipt");
    let begun = stands_for(view, JournalId(link.claims.journal))?.ok_or_else(gone)?;
    let first = view.case(begun)?.ok_or_else(gone)?;
    let reports = inner.reading.load(view, &inner.root, begun)?;
    let reports = &reports.case().part.intake.reports;
    let (id, readable) = follow(inner, view, begun)?;
    let case = readable.case();
    let row = view.case(id)?.ok_or_else(gone)?;
    let basis = inner.basis_of(view, case)?;
    let directory = inner.directory_of(view, row.project)?;
    let n: usize = link.claims.notice.parse().map_err(|_| gone())?;
    let report = n.checked_sub(1).and_then(|n| reports.get(n));
    let staff = onlooker.is_some_and(|onlooker| may_see(case, &basis, &onlooker.actor));
    let name = |person: &procedure::PersonId| {
        let contact = directory.people.get(person)?;
        contact.name.plain().map(str::to_owned)
    };
    let now = inner.clock.now();
    Ok(ReceiptView {
        number: first.number.to_string(),
        handled_as: (id != begun && !case.part.secrecy.restricted).then(|| row.number.to_string()),
        waits: false,
        noun: case.noun(),
        reported_at: report.ok_or_else(gone)?.at,
        status: case.status(),
        walk: (case.phase() == Phase::Initiate).then(|| {
            let calling = &case.part.calling;
            let called = calling.walk().iter();
            let next = next_call_at(At::new(case, &basis, now));
            let secrecy = &case.part.secrecy;
            let sheet = basis
                .project
                .call_order(secrecy.restricted, secrecy.subject.as_ref());
            Walk {
                round: calling.round,
                called: count(called.filter(|call| call.round == calling.round)),
                of: count(sheet.into_iter()),
                next_step_at: next,
            }
        }),
        taken_at: case.part.commander.intervals.first().map(|i| i.from),
        ic: case.ic().filter(|_| staff).and_then(name),
        mail: MailReach::Untried,
        public_numbers: public_lines(&directory, &basis.playbook),
        times: Times::new(basis.project.calendar.rules().clone(), now),
    })
}

/// The case in which a report is handled: the one that it opened, or the one that this became part
/// of, and so on. People cannot lay a circle; what is longer than any real chain ends where it is.
pub(super) fn follow(
    inner: &Inner,
    view: &dyn View,
    begun: JournalId,
) -> Result<(JournalId, Arc<Readable>)> {
    let mut id = begun;
    let mut readable = inner.reading.load(view, &inner.root, id)?;
    for _ in 0..CHAIN_LIMIT {
        let Some((_, other)) = &readable.case().part.intake.merged_into else {
            break;
        };
        let Some(next) = other.0.parse().ok().map(JournalId) else {
            break;
        };
        id = next;
        readable = inner.reading.load(view, &inner.root, id)?;
    }
    Ok((id, readable))
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
