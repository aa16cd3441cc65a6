//! Opening a case: an accepted report is on disk before its number is told.

use std::sync::Arc;

use jiff::Timestamp;
use procedure::chapters::intake::{Arrival, Report, burst};
use procedure::chapters::record::Numbered;
use procedure::playbook::Playbook;
use procedure::{Actor, Body, Case, Draft, Order, decide};
use serde::{Deserialize, Serialize};

use super::answers::{OneUse, keep_answer, kept_answer};
use super::cases::Folded;
use super::error::{DeskError, Result};
use super::rebuild::{blank_row, counter};
use super::take::Bench;
use super::{Desk, Inner, projects};
use crate::store::{CaseNumber, CaseRow, JournalId, JournalKind, JournalRow, ProjectRow, Tx};
use crate::vault::JournalKey;

/// A report on its way in.
#[derive(Clone, Debug)]
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
}

impl Desk {
    /// Opens a case for a report.
    ///
    /// # Errors
    /// Only for what cannot be read, an unknown project, or a store that cannot write: never
    /// because the report does not fit.
    pub async fn open_report(&self, open: OpenReport) -> Result<Opened> {
        let inner = Arc::clone(&self.inner);
        let what = (&open.project, &open.report, &open.happened_at);
        let asked = inner.asked(open.once.clone(), "report", &what)?;
        self.write(move |tx| {
            if let Some(kept) = kept_answer(tx, asked.as_ref())? {
                return Ok(kept);
            }
            let project = projects::find(tx, open.project.as_deref())?;
            let opened = begin(&inner, tx, &project, &open)?;
            keep_answer(tx, asked, &opened, inner.clock.wall())?;
            Ok(opened)
        })
        .await
    }
}

fn begin(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    project: &ProjectRow,
    open: &OpenReport,
) -> Result<Opened> {
    let folded = inner.project_as_it_is(tx, project.journal)?;
    let kept = folded
        .basis()?
        .ok_or(DeskError::NotFound("project that is set up"))?;
    let basis = &kept.basis;
    let now = inner.clock.now();
    let row = new_row(inner, tx, project, now)?;
    let id = row.journal;
    let key = JournalKey::create(id.0, &inner.ids);
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
    };
    bench.append(drafts)?;
    bench.finish()?;
    let opened = Opened {
        number: bench.row.number.to_string(),
        receipt: inner.receipt_token(id, 1)?,
        at: bench.folded.case.opened_at,
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
    now: Timestamp,
) -> Result<CaseRow> {
    let prefix = if inner.site.drill {
        &inner.site.prefix
    } else {
        &project.prefix
    };
    let mut number = CaseNumber {
        prefix: prefix.clone(),
        n: 0,
    };
    number.n = tx.next_number(&counter(&number))?;
    let journal = JournalId(inner.ids.uuid_v7(now));
    Ok(blank_row(journal, number, project.journal, now))
}
