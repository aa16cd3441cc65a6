//! Taking a report with the database or without it.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use procedure::{Basis, Case, Order, Status, decide};

use super::super::answers::{Asked, keep_answer, kept_answer};
use super::super::error::{DeskError, Result};
use super::super::open::{OpenReport, Opened, Start, begin};
use super::super::receipt::ReceiptView;
use super::super::{Desk, Inner, projects};
use super::{Away, Item, KeptReport, PATIENCE, is_away, receipt_number};
use crate::founding;
use crate::report::Times;
use crate::report::people::public_lines;
use crate::store::{JournalId, ProjectRow, StoreError, View};

impl Desk {
    /// Opens a case for a report. While the database is away the report is kept on this node's disk and becomes a case
    /// when it is back; its receipt has a number of its own until then.
    ///
    /// # Errors
    /// Only for what cannot be read, a project that the database does not know, or where neither the store nor the disk can
    /// write: never because the report does not fit.
    pub async fn open_report(&self, open: OpenReport) -> Result<Opened> {
        self.open_report_from(open, None).await
    }

    /// As [`Self::open_report`], for somebody at this address: of what a node's disk can keep while the database is away,
    /// each address has its share. The address stands in no case.
    ///
    /// # Errors
    /// As [`Self::open_report`]; [`DeskError::ShareTaken`] where nothing more can be kept for that address just now.
    pub async fn open_report_from(&self, open: OpenReport, from: Option<IpAddr>) -> Result<Opened> {
        let now = self.now();
        let start = Start::now(self.inner.new_case(now));
        let case = start.case;
        let Some(away) = self.inner.away.get() else {
            return self.open_in_store(open, start).await;
        };
        if !away.is_gone() {
            let written = self.open_in_store(open.clone(), start);
            match tokio::time::timeout(PATIENCE, written).await {
                Ok(Err(error)) if is_away(&error) => away.goes(now, &error.to_string()),
                Ok(done) => return done,
                Err(_) => away.goes(now, "it is silent"),
            }
        }
        self.keep_report(away, case, open, from).await
    }

    async fn open_in_store(&self, open: OpenReport, start: Start) -> Result<Opened> {
        let inner = Arc::clone(&self.inner);
        let asked = self.asked_by(&open)?;
        self.write(move |tx| {
            if let Some(kept) = kept_answer(tx, asked.as_ref())? {
                return Ok(kept);
            }
            let project = projects::find(tx, open.project.as_deref())?;
            let opened = begin(&inner, tx, &project, &open, start)?;
            keep_answer(tx, asked, &opened, inner.clock.wall())?;
            Ok(opened)
        })
        .await
    }

    pub(super) fn asked_by(&self, open: &OpenReport) -> Result<Option<Asked>> {
        let what = (&open.project, &open.report, &open.happened_at);
        self.inner.asked(open.once.clone(), "report", &what)
    }

    async fn keep_report(
        &self,
        away: &Away,
        case: JournalId,
        open: OpenReport,
        from: Option<IpAddr>,
    ) -> Result<Opened> {
        if let Some(kept) = self.kept_before(away, &open)? {
            return Ok(kept);
        }
        let at = self.now();
        let look = |view: &dyn View| would_be_taken(&away.knows, view, &open, at);
        away.knows.inner.store.read_inline(look)?;
        let kept = KeptReport {
            case: case.0,
            at,
            open,
            from,
        };
        let item = Item::Report(Box::new(kept));
        let bytes = serde_json::to_vec(&item).map_err(DeskError::bug)?.len();
        if !away.index().shares().has_room(from, bytes as u64) {
            return Err(DeskError::ShareTaken);
        }
        away.keep(item.clone()).await?;
        if let Item::Report(kept) = item {
            away.call(&kept, Vec::new());
        }
        self.receipt_for(case, at)
    }

    fn receipt_for(&self, case: JournalId, at: Timestamp) -> Result<Opened> {
        Ok(Opened {
            number: receipt_number(case).to_string(),
            receipt: self.inner.receipt_token(case, 1)?,
            at,
            waits: true,
            commands: false,
            public_numbers: None,
        })
    }

    /// The same report under the same key, which waits already.
    fn kept_before(&self, away: &Away, open: &OpenReport) -> Result<Option<Opened>> {
        let Some(once) = &open.once else {
            return Ok(None);
        };
        let n = away.index().under_key(once);
        let Some(Item::Report(before)) = n.map(|n| away.item(n)).transpose()?.flatten() else {
            return Ok(None);
        };
        if before.open.project != open.project
            || before.open.report != open.report
            || before.open.happened_at != open.happened_at
        {
            return Err(DeskError::KeyReused);
        }
        self.receipt_for(JournalId(before.case), before.at)
            .map(Some)
    }
}

impl Desk {
    /// Whether the report of this case waits on this node's disk.
    pub(in crate::desk) fn waits_here(&self, case: JournalId) -> bool {
        let away = self.inner.away.get();
        away.is_some_and(|away| away.index().report(case.0).is_some())
    }

    /// What the holder of a receipt may know while their report is no case yet.
    pub(in crate::desk) async fn receipt_that_waits(&self, case: JournalId) -> Result<ReceiptView> {
        let away = self
            .inner
            .away
            .get()
            .ok_or(DeskError::NotFound("receipt"))?;
        let n = away.index().report(case.0);
        let kept = match n.map(|n| away.item(n)).transpose()?.flatten() {
            Some(Item::Report(kept)) => Some((kept.at, kept.open.project)),
            _ => None,
        };
        if kept.is_none() && away.is_gone() {
            let nobody = "nobody can say where this report stands".to_owned();
            return Err(StoreError::Away(nobody).into());
        }
        // What waits on another node is known by its receipt alone.
        let (at, project) = kept.unwrap_or_else(|| (begun_at(case), None));
        let (public_numbers, zone) = match self.project_for_reports(project).await {
            Ok((_, project)) => {
                let basis = project.basis().ok_or(DeskError::NotFound("receipt"))?;
                let zone = basis.project.calendar.rules().clone();
                (public_lines(&project.directory, &basis.playbook), zone)
            }
            // This node does not know it yet.
            Err(DeskError::NotFound(_)) => (Vec::new(), TimeZone::UTC),
            Err(error) => return Err(error),
        };
        Ok(ReceiptView {
            number: receipt_number(case).to_string(),
            handled_as: None,
            waits: true,
            noun: "event",
            reported_at: at,
            status: Status::Investigating,
            walk: None,
            taken_at: None,
            ic: None,
            mail: self.mail_reach(),
            public_numbers,
            times: Times::new(zone, self.now()),
        })
    }
}

/// The time that a journal's id begins with.
fn begun_at(case: JournalId) -> Timestamp {
    let time = case.0.get_timestamp().map(|time| time.to_unix());
    let time = time.and_then(|(seconds, nanos)| {
        Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?).ok()
    });
    time.unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What would be refused is refused now, while somebody is there to hear it. Not because this node does not know the
/// project: it may have been founded elsewhere since the database was last heard.
fn would_be_taken(desk: &Desk, view: &dyn View, open: &OpenReport, now: Timestamp) -> Result<()> {
    let project = match projects::find(view, open.project.as_deref()) {
        Err(DeskError::NotFound(_)) => {
            let nobody = founding::empty_project("UTC")?;
            taken_by(&Basis::new(founding::handbook(), nobody), open, now)?;
            tracing::warn!(
                "a report names a project that this node does not know: it is kept, and people are called once the \
                 database is back"
            );
            return Ok(());
        }
        found => found?,
    };
    let folded = desk.inner.project_as_it_is(view, project.journal)?;
    let kept = folded.basis()?;
    let kept = kept.ok_or(DeskError::NotFound("project that is set up"))?;
    taken_by(&kept.basis, open, now)
}

/// Whether the rules of this project, as they are now, refuse the report.
pub(super) fn refused_by(
    inner: &Inner,
    view: &dyn View,
    project: &ProjectRow,
    open: &OpenReport,
    at: Timestamp,
) -> Result<bool> {
    let folded = inner.project_as_it_is(view, project.journal)?;
    let basis = folded.basis()?;
    let taken = basis.map(|kept| taken_by(&kept.basis, open, at));
    Ok(matches!(taken, Some(Err(DeskError::Refused(_)))))
}

fn taken_by(basis: &Basis, open: &OpenReport, now: Timestamp) -> Result<()> {
    let order = Order {
        happened_at: open.happened_at,
        ..Order::from(procedure::Command::from(open.report.clone()))
    };
    decide(&Case::default(), basis, now, &open.actor, &order)?;
    Ok(())
}
