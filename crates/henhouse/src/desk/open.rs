//! Opening a case: an accepted report is on disk before its number is told.

use std::sync::Arc;

use jiff::Timestamp;
use procedure::chapters::intake::{Arrival, Mailed, Report, burst};
use procedure::chapters::record::Numbered;
use procedure::playbook::Playbook;
use procedure::project::Routed;
use procedure::{Actor, Body, Case, Draft, Order, decide};
use serde::{Deserialize, Serialize};

use super::answers::OneUse;
use super::cases::Folded;
use super::error::{DeskError, Result};
use super::rebuild::{blank_row, counter};
use super::take::Bench;
use super::{Inner, tried};
use crate::report::people::public_lines;
use crate::store::{
    CaseNumber, CaseRow, JournalId, JournalKind, JournalRow, OutboxRow, ProjectRow, Try, Tx,
};
use crate::vault::JournalKey;

/// Behind the letters of a case number, where the case stands in shadow.
const SHADOWED: &str = "-SHADOW";

/// A report on its way in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenReport {
    /// Who reports.
    pub actor: Actor,
    /// To which project, by short name; the only one where none is named.
    pub project: Option<String>,
    /// The report, with what may accompany any command.
    pub report: Report,
    /// When it happened, if claimed.
    pub happened_at: Option<procedure::When>,
    /// The key under which it counts once.
    pub once: Option<OneUse>,
    /// The mail that it came by (R114, R115).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed: Option<Mailed>,
}

/// A case that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The number that people say.
    pub number: String,
    /// The last part of the receipt's address.
    pub receipt: String,
    /// When the report was recorded.
    pub at: Timestamp,
    /// It waits on this node's disk for the database, under a number of its own.
    #[serde(default)]
    pub waits: bool,
    /// Whoever reported commands it: they are on the team (R6).
    #[serde(default)]
    pub commands: bool,
    /// Numbers that anybody may call, what the line is and the number. Looked up where no mail leaves, so that nobody is
    /// called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_numbers: Option<Vec<(String, String)>>,
}

/// Where a case begins.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// Its journal, chosen before anything is written.
    pub(super) case: JournalId,
    /// When the report was received, if that was before now; now is when the writer comes to it, as with every entry.
    pub(super) at: Option<Timestamp>,
    /// Its number, where it cannot be given the next one.
    pub(super) number: Option<CaseNumber>,
    /// The key of its journal, where something lies under it already.
    pub(super) key: Option<JournalKey>,
    /// A source in shadow opens it: nobody is called.
    pub(super) shadow: bool,
    /// Whom it calls, where an alert opens it and a route says so.
    pub(super) routed: Option<Routed>,
    /// What was sent because of it already.
    pub(super) sent: Vec<(OutboxRow, Try)>,
}

impl Start {
    pub(super) fn now(case: JournalId) -> Self {
        Self {
            case,
            at: None,
            number: None,
            key: None,
            shadow: false,
            routed: None,
            sent: Vec::new(),
        }
    }

    /// Under a key under which its first exhibits lie.
    pub(super) fn under(case: JournalId, key: JournalKey) -> Self {
        Self {
            key: Some(key),
            ..Self::now(case)
        }
    }

    pub(super) fn at(case: JournalId, at: Timestamp) -> Self {
        Self {
            at: Some(at),
            ..Self::now(case)
        }
    }
}

/// Makes the case of a report.
pub(super) fn begin(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    project: &ProjectRow,
    open: &OpenReport,
    start: Start,
) -> Result<Opened> {
    let folded = inner.project_as_it_is(tx, project.journal)?;
    let kept = folded
        .basis()?
        .ok_or(DeskError::NotFound("project that is set up"))?;
    let basis = &kept.basis;
    let (id, now) = (start.case, start.at.unwrap_or_else(|| inner.clock.now()));
    let in_the_database = start.number.is_none();
    let row = new_row(inner, tx, project, &start, now)?;
    let begun = || JournalKey::create(id.0, &inner.ids);
    let key = start.key.unwrap_or_else(begun);
    let kind = JournalKind::Case;
    tx.create_journal(&JournalRow {
        id,
        kind,
        parent: Some(project.journal),
        created_at: now,
    })?;
    tx.put_journal_key(id, &key.wrap(&inner.root, &inner.ids))?;
    kept.keep(tx)?;
    let order = Order {
        happened_at: open.happened_at,
        beside: beside(tx, project, &basis.playbook, open, now)?,
        shadow: start.shadow,
        routed: start.routed.clone(),
        mailed: open.mailed.clone(),
        ..Order::from(open.command())
    };
    let mut drafts = decide(&Case::default(), basis, now, &open.actor, &order)?;
    let number = row.number.to_string();
    for body in [
        Body::Numbered(Numbered { number }),
        Body::BasisChanged(kept.changed.clone()),
    ] {
        let actor = Actor::system();
        drafts.push(Draft {
            happened_at: None,
            actor,
            body,
        });
    }
    let mut bench = Bench {
        inner,
        tx,
        key,
        row,
        basis: Arc::clone(basis),
        directory: Arc::clone(&folded.directory),
        folded: Folded::empty(id),
        now,
        told: Vec::new(),
        unreached: Vec::new(),
        posted: false,
        sent: start.sent,
    };
    bench.append(drafts)?;
    bench.finish()?;
    if !bench.sent.is_empty() {
        // Time went on where it left from, and what it owed there is owed here by now.
        bench.now = inner.clock.now();
        bench.finish()?;
        if in_the_database {
            tried::keep_what_else_left(&mut bench)?;
        }
    }
    let opened = Opened {
        number: bench.row.number.to_string(),
        receipt: inner.receipt_token(id, 1)?,
        at: bench.folded.case.opened_at,
        waits: false,
        commands: bench
            .folded
            .case
            .ic()
            .is_some_and(|ic| open.actor.as_person() == Some(ic)),
        public_numbers: (!inner.mail_reach().calls_somebody())
            .then(|| public_lines(&folded.directory, &basis.playbook)),
    };
    bench.publish();
    Ok(opened)
}

impl OpenReport {
    fn command(&self) -> procedure::Command {
        self.report.clone().into()
    }
}

/// How many reports of the same sort came to the project lately (M24); more than matter are not
/// counted.
fn beside(
    tx: &dyn Tx,
    project: &ProjectRow,
    playbook: &Playbook,
    open: &OpenReport,
    now: Timestamp,
) -> Result<u32> {
    let arrival = Arrival::of(&open.actor.who, &open.report);
    let since = burst::counts_from(playbook, now);
    let limit = playbook.intake.burst_after_reports.max(1);
    Ok(tx.arrivals(project.journal, arrival.word(), since, limit)?)
}

fn new_row(
    inner: &Inner,
    tx: &mut dyn Tx,
    project: &ProjectRow,
    start: &Start,
    now: Timestamp,
) -> Result<CaseRow> {
    if let Some(number) = &start.number {
        return Ok(blank_row(start.case, number.clone(), project.journal, now));
    }
    let prefix = if inner.site.drill {
        &inner.site.prefix
    } else {
        &project.prefix
    };
    // What stands in shadow leaves no gaps in the numbers of what was real, and says what it is.
    let prefix = match start.shadow {
        true => format!("{prefix}{SHADOWED}"),
        false => prefix.clone(),
    };
    let mut number = CaseNumber { prefix, n: 0 };
    number.n = tx.next_number(&counter(&number))?;
    // A counter that was put back must not stop the reports: what is taken is passed over.
    while tx.case_by_number(&number)?.is_some() {
        number.n = tx.next_number(&counter(&number))?;
    }
    Ok(blank_row(start.case, number, project.journal, now))
}
