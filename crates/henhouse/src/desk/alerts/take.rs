//! Taking one alert: counted, joined to a case, or the reason to open one.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::evidence::exhibit::{AddExhibit, What};
use procedure::chapters::intake::{AlertNoted, AlertStep, Report, Route};
use procedure::playbook::EvidenceKind;
use procedure::{Actor, Body, Command, Draft, How, Order, Text, Who, decide};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Alert, Received, Sending, Sent, group, index, source};
use crate::desk::cases::Folded;
use crate::desk::error::{DeskError, Result};
use crate::desk::open::{OpenReport, Start, begin};
use crate::desk::take::{Bench, on_case};
use crate::desk::{Inner, StoreError};
use crate::store::{AlertRow, CaseRow, JournalId, Tx};
use crate::vault::{Exhibits, JournalKey, Kept};

/// The longest key of a sender that is kept as it is, in bytes.
const LONGEST_ALIAS: usize = 512;
/// The longest name, in bytes.
pub(super) const LONGEST_TITLE: usize = 200;
/// The most words, in bytes; the whole body is kept as evidence.
pub(super) const LONGEST_WORDS: usize = 16 * 1024;
/// A case is followed through so many that became parts of others.
const CHAIN_LIMIT: usize = 32;
/// The words of `Status` under which the response runs.
const RUNNING: [&str; 2] = ["investigating", "confirmed"];
/// What a body is, as evidence: nobody looks into it before it is kept.
const MEDIA: &str = "application/octet-stream";

/// What the writer made of an alert.
pub(super) enum Turned {
    /// It is kept.
    Done(Received),
    /// It would open a case, and what that needs is not there yet.
    Opens,
}

/// A case that an alert may open: its body is on disk under the case's key before the case is written.
#[derive(Clone)]
pub(super) struct Opening {
    case: Uuid,
    key: JournalKey,
    kept: Kept,
}

impl Opening {
    pub(super) async fn prepare(inner: &Inner, exhibits: &Exhibits, raw: Vec<u8>) -> Result<Self> {
        let case = inner.ids.uuid_v7(inner.clock.now());
        let key = JournalKey::create(case, &inner.ids);
        let limit = raw.len() as u64;
        let mut incoming = exhibits.receive_from_anybody(&key, limit, &inner.ids)?;
        let written = tokio::task::spawn_blocking(move || {
            incoming.write(&raw)?;
            incoming.finish()
        });
        let kept = written.await.map_err(DeskError::bug)??;
        Ok(Self { case, key, kept })
    }

    /// Another alert was faster: nothing refers to the bytes.
    pub(super) async fn throw_away(self, exhibits: &Exhibits) {
        let exhibits = exhibits.clone();
        let gone = move || exhibits.destroy(self.case, &self.kept.hash);
        if let Ok(Err(error)) = tokio::task::spawn_blocking(gone).await {
            tracing::warn!(%error, "the bytes of an alert that opened nothing are still on disk");
        }
    }
}

/// The sender's key as it is kept: one that is very long by its hash.
pub(super) fn kept_alias(alias: &str) -> String {
    if alias.len() <= LONGEST_ALIAS {
        return alias.to_owned();
    }
    let hash: [u8; 32] = Sha256::digest(alias).into();
    casefile::Hash::from(hash).to_string()
}

pub(super) fn take(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    from: &Sending,
    alert: &Alert,
    opening: Option<Opening>,
) -> Result<Turned> {
    if !source::lives(inner, tx, from)? {
        return Err(DeskError::NotFound("alert source"));
    }
    let now = inner.clock.now();
    let key = index::key(&from.source.id, &alert.alias);
    let known = tx.alert_by_key(&from.source.id, key)?;
    let known = known.filter(|row| row.live);
    let step = match alert.sent {
        Sent::Fires => return fires(inner, tx, from, alert, (known, now), opening),
        Sent::Over => AlertStep::Over,
        Sent::Acknowledged => AlertStep::Acknowledged,
        Sent::Noted => AlertStep::Noted,
    };
    let Some(mut row) = known else {
        return Ok(Turned::Done(Received {
            id: None,
            times: 0,
            opened: false,
        }));
    };
    row.live = step != AlertStep::Over;
    row.last_at = now;
    let noted = noted(from, alert, &row, step);
    on_case(inner, tx, row.journal, |bench| {
        bench.append(vec![said(from, noted)])
    })?;
    tx.put_alert(&row)?;
    Ok(done(&row, false))
}

/// It fires: again, or for the first time.
fn fires(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    from: &Sending,
    alert: &Alert,
    (known, now): (Option<AlertRow>, Timestamp),
    opening: Option<Opening>,
) -> Result<Turned> {
    if let Some(mut row) = known
        && let Some(case) = running(inner, tx, row.journal)?
    {
        row.times += 1;
        row.last_at = now;
        let more = group::more(inner, tx, (&row, case.journal), alert)?;
        if !more.is_empty() {
            let said = more.into_iter().map(|noted| said(from, noted)).collect();
            on_case(inner, tx, case.journal, |bench| bench.append(said))?;
        }
        tx.put_alert(&row)?;
        return Ok(done(&row, false));
    }
    let gathers = gathers(inner, tx, from, now)?;
    let opens = gathers.is_none();
    if opens && opening.is_none() {
        return Ok(Turned::Opens);
    }
    let mut row = AlertRow {
        id: inner.ids.uuid_v7(now),
        source: from.source.id.clone(),
        key: index::key(&from.source.id, &alert.alias),
        journal: JournalId(Uuid::nil()),
        opened: opens,
        live: true,
        times: 1,
        last_at: now,
    };
    if let Some(journal) = gathers {
        row.journal = journal;
        let joined = noted(from, alert, &row, AlertStep::Joined);
        on_case(inner, tx, journal, |bench| {
            bench.append(vec![said(from, joined)])
        })?;
    } else if let Some(opening) = opening {
        row.journal = JournalId(opening.case);
        let opened = noted(from, alert, &row, AlertStep::Opened);
        open(inner, tx, from, alert, opening)?;
        on_case(inner, tx, row.journal, |bench| {
            bench.append(vec![said(from, opened)])
        })?;
    }
    tx.put_alert(&row)?;
    Ok(done(&row, opens))
}

fn done(row: &AlertRow, opened: bool) -> Turned {
    Turned::Done(Received {
        id: Some(row.id),
        times: row.times,
        opened,
    })
}

/// The case that its source opened or joined last, while its alerts are still gathered there. What is only for its
/// members is joined by nothing.
fn gathers(
    inner: &Inner,
    tx: &dyn Tx,
    from: &Sending,
    now: Timestamp,
) -> Result<Option<JournalId>> {
    let Some(last) = tx.alerts_of_source(&from.source.id, 1)?.pop() else {
        return Ok(None);
    };
    let Some(case) = running(inner, tx, last.journal)? else {
        return Ok(None);
    };
    let span = SignedDuration::from_mins(i64::from(from.source.gather_minutes));
    let until = case.opened_at.checked_add(span).unwrap_or(Timestamp::MAX);
    Ok((now < until && !case.restricted).then_some(case.journal))
}

/// The case in which this one is handled, if the response to it runs.
fn running(inner: &Inner, tx: &dyn Tx, journal: JournalId) -> Result<Option<CaseRow>> {
    let mut id = journal;
    for _ in 0..CHAIN_LIMIT {
        let Some(row) = tx.case(id)? else {
            return Ok(None);
        };
        if RUNNING.contains(&row.status.as_str()) && row.open {
            return Ok(Some(row));
        }
        let mut folded = Folded::empty(id);
        folded.catch_up(tx, &inner.root, id)?;
        let other = folded.case.part.intake.merged_into.as_ref();
        match other.and_then(|(_, other)| other.0.parse().ok()) {
            Some(next) => id = JournalId(next),
            None => return Ok(None),
        }
    }
    Ok(None)
}

/// Opens a case by it, with its body as evidence.
fn open(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    from: &Sending,
    alert: &Alert,
    opening: Opening,
) -> Result<()> {
    let project = tx.project(from.project)?;
    let project = project.ok_or_else(|| StoreError::Invalid("a project has no row".to_owned()))?;
    let id = JournalId(opening.case);
    let report = Report {
        title: text(&alert.title, LONGEST_TITLE),
        route: Route::Alert,
        ..report(text(&alert.words, LONGEST_WORDS).unwrap_or_else(|| Text::from("An alert")))
    };
    let open = OpenReport {
        actor: actor(from),
        project: Some(project.slug.clone()),
        report,
        happened_at: None,
        once: None,
    };
    let start = Start {
        key: Some(opening.key),
        ..Start::now(id)
    };
    begin(inner, tx, &project, &open, start)?;
    on_case(inner, tx, id, |bench| attach(bench, from, &opening.kept)).map(drop)
}

fn attach(bench: &mut Bench, from: &Sending, kept: &Kept) -> Result<()> {
    let add = AddExhibit {
        what: What::Upload {
            sha256: kept.hash.to_string(),
            size: kept.size,
            media: MEDIA.to_owned(),
        },
        kind: EvidenceKind::Other,
        asset: None,
        label: Text::from("The alert as it came"),
    };
    let order = Order::from(Command::from(add));
    let (case, system) = (&bench.folded.case, Actor::system());
    let mut drafts = decide(case, &bench.basis, bench.now, &system, &order)?;
    for draft in &mut drafts {
        draft.actor = actor(from);
    }
    bench.append(drafts)
}

fn report(text: Text) -> Report {
    Report {
        text,
        title: None,
        name: None,
        hide_name: false,
        contact: None,
        phone: None,
        route: Route::Alert,
        kind: Default::default(),
        phish: Default::default(),
        signs: Default::default(),
        assets: Default::default(),
        aware: None,
        started: None,
        restricted: false,
        about_employee: false,
        about_person: None,
        template: false,
        drill: false,
    }
}

/// A source acts as a program with a token does: under its name, known by its key.
fn actor(from: &Sending) -> Actor {
    Actor {
        who: Who::Service(from.source.name.clone()),
        how: How::Token(from.source.id.clone()),
    }
}

fn said(from: &Sending, noted: AlertNoted) -> Draft {
    Draft {
        happened_at: None,
        actor: actor(from),
        body: Body::AlertNoted(noted),
    }
}

/// Its key and its name stand where it is first told; its words where no report says them.
fn noted(from: &Sending, alert: &Alert, row: &AlertRow, step: AlertStep) -> AlertNoted {
    let first = matches!(step, AlertStep::Opened | AlertStep::Joined);
    let title = text(&alert.title, LONGEST_TITLE);
    let words = text(&alert.words, LONGEST_WORDS);
    AlertNoted {
        source: from.source.id.clone(),
        alert: row.id.to_string(),
        step,
        times: row.times,
        alias: text(&alert.alias, LONGEST_ALIAS).filter(|_| first),
        title,
        words: words.filter(|_| step != AlertStep::Opened),
        gravity: alert.gravity,
        members: group::keys(alert.members.iter().filter(|_| first)),
    }
}

/// A text, cut where it is too long; nothing where there is no word.
pub(super) fn text(words: &str, limit: usize) -> Option<Text> {
    let words = words.trim();
    let end = words.floor_char_boundary(limit);
    let words = words.get(..end).unwrap_or(words);
    (!words.is_empty()).then(|| Text::from(words))
}
