//! Taking one alert: counted, joined to a case, or the reason to open one.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use procedure::chapters::evidence::exhibit::{AddExhibit, What};
use procedure::chapters::intake::{AlertNoted, AlertStep, Report, Route, shadow};
use procedure::id::AssetId;
use procedure::playbook::EvidenceKind;
use procedure::project::{
    AlertHeld, AlertThen, AlertVerdict, HeldStep, MOST_HELD, RouteTo, Routed,
};
use procedure::{Actor, Body, Case, Command, Draft, How, Order, Text, Who, decide};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Alert, Received, Sending, Sent, group, index, rules};
use crate::desk::answers::{OneUse, keep_answer, kept_answer};
use crate::desk::cases::Folded;
use crate::desk::error::{DeskError, Result};
use crate::desk::open::{OpenReport, Start, begin};
use crate::desk::take::{Bench, on_case};
use crate::desk::{Inner, StoreError};
use crate::store::{AlertRow, CaseRow, JournalId, SHADOW, Tx, View};
use crate::vault::{Exhibits, JournalKey, Kept};

/// The longest key of a sender that is kept as it is, in bytes.
pub(super) const LONGEST_ALIAS: usize = 512;
/// The longest name, in bytes.
pub(super) const LONGEST_TITLE: usize = 200;
/// The most words, in bytes; the whole body is kept as evidence.
pub(super) const LONGEST_WORDS: usize = 16 * 1024;
/// So many of a source's last alerts are looked at for an event to join.
const LOOKED_BACK: u32 = 64;
/// So many more where some of them joined nothing: as many as are held back in a project during the day for which alerts
/// are gathered at the longest, which may be of two calendar days.
const HELD_BETWEEN: u32 = 2 * MOST_HELD;
/// A case is followed through so many that became parts of others.
const CHAIN_LIMIT: usize = 32;
/// The words of `Status` under which the response runs.
const RUNNING: [&str; 2] = ["investigating", "confirmed"];
/// What a body is, as evidence: nobody looks into it before it is kept.
const MEDIA: &str = "application/octet-stream";
/// What a body is that came by mail.
const MAIL: &str = "message/rfc822";

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

/// The sender's key as it is kept, which is as entries keep it: without blanks around it, one that is very long by its hash.
pub(super) fn kept_alias(alias: &str) -> String {
    let alias = alias.trim();
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
    let now = inner.clock.now();
    let state = inner.project_as_it_is(tx, from.project)?.state;
    let Some(source) = state.sources.get(&from.source.id) else {
        return Err(DeskError::NotFound("alert source"));
    };
    // As it stands now: whoever read it before the writer's turn may not have seen it step into shadow, or out of it.
    let from = &Sending {
        project: from.project,
        source: source.clone(),
    };
    if let Some(held) = &alert.let_go {
        return let_go(inner, tx, from, (alert, held), now, opening);
    }
    if source.withdrawn_at.is_some() {
        return Err(DeskError::NotFound("alert source"));
    }
    let asked = inner.asked(message_of(from, alert), "alert", &())?;
    if let Some(received) = kept_answer(tx, asked.as_ref())? {
        return Ok(Turned::Done(received));
    }
    let turned = taken(inner, tx, (from, alert), now, opening)?;
    if let Turned::Done(received) = &turned {
        let before = Received {
            opened: false,
            ..*received
        };
        keep_answer(tx, asked, &before, now)?;
    }
    Ok(turned)
}

/// The id of its message, where its sender gave it one.
fn message_of(from: &Sending, alert: &Alert) -> Option<OneUse> {
    let key = alert.message.clone()?;
    let actor = format!("source {}", from.source.id);
    Some(OneUse { actor, key })
}

fn taken(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    (from, alert): (&Sending, &Alert),
    now: Timestamp,
    opening: Option<Opening>,
) -> Result<Turned> {
    let key = index::key(&from.source.id, &alert.alias);
    let known = tx.alert_by_key(&from.source.id, key)?;
    let known = known.filter(|row| row.live);
    let step = match alert.sent {
        Sent::Fires => return fires(inner, tx, from, alert, (known, now), opening),
        Sent::Over => AlertStep::Over,
        Sent::Acknowledged => AlertStep::Acknowledged,
        Sent::Unacknowledged => AlertStep::Unacknowledged,
        // Somebody said there that it is graver, or less so.
        Sent::Noted if alert.gravity.is_some() => AlertStep::Grew,
        Sent::Noted => AlertStep::Noted,
        Sent::Changed => return changed(inner, tx, from, alert, now),
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
    if row.journal == from.project {
        if step == AlertStep::Over {
            rules::release(inner, tx, (from, &row), HeldStep::Over)?;
        } else {
            rules::grew(inner, tx, (from, &row), alert)?;
        }
        tx.put_alert(&row)?;
        return Ok(done(&row, false));
    }
    let noted = noted(from, alert, &row, step);
    on_case(inner, tx, row.journal, |bench| {
        bench.append(vec![said(from, noted)])
    })?;
    tx.put_alert(&row)?;
    Ok(done(&row, false))
}

/// It was held back, and still goes on: found by its id, since what is kept of its key may be erased. Whatever its rule says
/// by now, it does not wait any longer.
fn let_go(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    from: &Sending,
    (alert, held): (&Alert, &AlertHeld),
    now: Timestamp,
    opening: Option<Opening>,
) -> Result<Turned> {
    let state = inner.project_as_it_is(tx, from.project)?.state;
    if !state.held.waiting.contains_key(&held.alert) {
        // Somebody was faster, or it is over.
        return Ok(Turned::Done(Received {
            id: None,
            times: 0,
            opened: false,
        }));
    }
    let id: Uuid = held.alert.parse().map_err(DeskError::bug)?;
    let row = tx.alert(id)?.filter(|row| row.journal == from.project);
    let row = row.unwrap_or_else(|| AlertRow {
        id,
        source: from.source.id.clone(),
        key: index::key(&from.source.id, &alert.alias),
        journal: from.project,
        opened: false,
        live: true,
        times: held.times,
        last_at: now,
    });
    begins(inner, tx, from, alert, (Some(row), now), opening)
}

/// Something was changed: told in the event that runs, else kept with what is held back.
fn changed(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    from: &Sending,
    alert: &Alert,
    now: Timestamp,
) -> Result<Turned> {
    let mut row = AlertRow {
        id: inner.ids.uuid_v7(now),
        source: from.source.id.clone(),
        key: index::key(&from.source.id, &alert.alias),
        journal: from.project,
        opened: false,
        live: false,
        times: 1,
        last_at: now,
    };
    let mut verdict = rules::verdict(inner, tx, from, alert, now)?;
    verdict.anywhere = true;
    if let Some(journal) = joins(inner, tx, (from, now), &verdict)? {
        let noted = noted(from, alert, &row, AlertStep::Noted);
        on_case(inner, tx, journal, |bench| {
            bench.append(vec![said(from, noted)])
        })?;
    } else if rules::has_room(inner, tx, from, now) {
        rules::hold(inner, tx, (from, &row), alert, &verdict)?;
        rules::release(inner, tx, (from, &row), HeldStep::Over)?;
        tx.put_alert(&row)?;
    } else {
        row.times = 0;
    }
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
    let runs = match &known {
        Some(row) => running(inner, tx, row.journal)?,
        None => None,
    };
    // What began in shadow calls nobody; sent after its end it is as any alert.
    let runs = runs.filter(|case| !is_shadow(case) || from.source.in_shadow(now).is_some());
    let (Some(mut row), Some(case)) = (known.clone(), runs) else {
        return begins(inner, tx, from, alert, (known, now), opening);
    };
    row.times += 1;
    row.last_at = now;
    let more = group::more(inner, tx, (&row, case.journal), alert)?;
    if !more.is_empty() {
        let said = more.into_iter().map(|noted| said(from, noted)).collect();
        on_case(inner, tx, case.journal, |bench| bench.append(said))?;
    }
    tx.put_alert(&row)?;
    Ok(done(&row, false))
}

/// It fires for the first time, or again after people ended its event, or while it is held back.
fn begins(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    from: &Sending,
    alert: &Alert,
    (held, now): (Option<AlertRow>, Timestamp),
    opening: Option<Opening>,
) -> Result<Turned> {
    let mut row = AlertRow {
        id: inner.ids.uuid_v7(now),
        source: from.source.id.clone(),
        key: index::key(&from.source.id, &alert.alias),
        journal: from.project,
        opened: false,
        live: true,
        times: 1,
        last_at: now,
    };
    let mut verdict = rules::verdict(inner, tx, from, alert, now)?;
    let held = held.filter(|row| row.journal == from.project);
    if verdict.then == AlertThen::Counts {
        if let Some(mut held) = held {
            held.times += 1;
            held.last_at = now;
            rules::grew(inner, tx, (from, &held), alert)?;
            tx.put_alert(&held)?;
            return Ok(done(&held, false));
        }
        if rules::has_room(inner, tx, from, now) {
            rules::hold(inner, tx, (from, &row), alert, &verdict)?;
            tx.put_alert(&row)?;
            return Ok(done(&row, false));
        }
        rules::after_all(&mut verdict);
    }
    let gathers = joins(inner, tx, (from, now), &verdict)?;
    let opens = gathers.is_none();
    if opens && opening.is_none() {
        return Ok(Turned::Opens);
    }
    row.opened = opens;
    if let Some(mut held) = held {
        held.live = false;
        rules::release(inner, tx, (from, &held), HeldStep::Let)?;
        tx.put_alert(&held)?;
    }
    let by_rule = |noted: AlertNoted| AlertNoted {
        rule: verdict.rule.as_ref().map(|rule| rule.name.clone()),
        group: text(&verdict.group, LONGEST_WORDS),
        routed: verdict.routed.clone(),
        ..noted
    };
    if let Some(journal) = gathers {
        row.journal = journal;
        let joined = by_rule(noted(from, alert, &row, AlertStep::Joined));
        on_case(inner, tx, journal, |bench| {
            bench.append(vec![said(from, joined)])
        })?;
    } else if let Some(opening) = opening {
        row.journal = JournalId(opening.case);
        let opened = by_rule(noted(from, alert, &row, AlertStep::Opened));
        let assets = verdict.rule.map(|rule| rule.assets).unwrap_or_default();
        open(inner, tx, from, (alert, assets, verdict.routed), opening)?;
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

/// The case that this alert joins, as the writer sees it.
fn joins(
    inner: &Inner,
    tx: &mut dyn Tx,
    when: (&Sending, Timestamp),
    verdict: &AlertVerdict,
) -> Result<Option<JournalId>> {
    let mut known = BTreeMap::new();
    // The writer's own copy is taken out and put back: not while it is looked for.
    let mut looked = BTreeSet::new();
    for row in last_in_cases(tx, when.0)? {
        if !looked.insert(row.journal) {
            continue;
        }
        let Some(case) = readable(running(inner, tx, row.journal))?.flatten() else {
            continue;
        };
        if !gathers_now(&case, when, verdict) {
            continue;
        }
        if let Entry::Vacant(place) = known.entry(case.journal) {
            let mut by = None;
            let id = row.id.to_string();
            let look = group::look(inner, tx, row.journal, |case| by = gathered_by(case, &id));
            readable(look)?;
            // It may be part of another case by now, and is told there.
            if readable(group::look(inner, tx, case.journal, |_| ()))?.is_none() {
                by = None;
            }
            place.insert(by);
        }
    }
    let seen = |id: JournalId, _: &str| Ok(known.get(&id).cloned().flatten());
    let case = gathers(inner, tx, when, verdict, seen)?;
    Ok(case.map(|case| case.journal))
}

/// What the alerts have in common that join one event.
#[derive(Clone)]
pub(super) struct Kind {
    rule: Option<String>,
    group: String,
    /// Whom they call: an alert for others joins nothing to which they are not called.
    to: Option<RouteTo>,
}

impl Kind {
    fn takes(&self, other: &Self, anywhere: bool) -> bool {
        (&self.rule, &self.group) == (&other.rule, &other.group)
            && (anywhere || self.to == other.to)
    }
}

/// As what an alert of a case was gathered there.
pub(super) fn gathered_by(case: &Case, alert: &str) -> Option<Kind> {
    let alert = case.part.intake.alerts.get(alert)?;
    let group = alert.group.as_ref().and_then(Text::plain);
    Some(Kind {
        rule: alert.rule.clone(),
        group: group.unwrap_or_default().to_owned(),
        to: rules::calls(alert.routed.as_ref()).cloned(),
    })
}

/// The last case that its source opened or joined with an alert of this kind, while alerts are still gathered there. What is
/// only for its members is joined by nothing. `seen` says as what an alert of a case was gathered.
pub(super) fn gathers(
    inner: &Inner,
    view: &dyn View,
    (from, now): (&Sending, Timestamp),
    verdict: &AlertVerdict,
    seen: impl Fn(JournalId, &str) -> Result<Option<Kind>>,
) -> Result<Option<CaseRow>> {
    let wanted = Kind {
        rule: verdict.rule.as_ref().map(|rule| rule.name.clone()),
        // As an entry keeps it.
        group: text(&verdict.group, LONGEST_WORDS)
            .as_ref()
            .and_then(Text::plain)
            .unwrap_or_default()
            .to_owned(),
        to: rules::calls(verdict.routed.as_ref()).cloned(),
    };
    let mut looked = BTreeSet::new();
    for last in last_in_cases(view, from)? {
        if !looked.insert(last.journal) {
            continue;
        }
        let Some(case) = readable(running(inner, view, last.journal))?.flatten() else {
            continue;
        };
        if !gathers_now(&case, (from, now), verdict) {
            continue;
        }
        let by = readable(seen(case.journal, &last.id.to_string()))?.flatten();
        if by.is_some_and(|by| wanted.takes(&by, verdict.anywhere)) {
            return Ok(Some(case));
        }
    }
    Ok(None)
}

/// A source's last alerts that stand in cases: what is only counted does not push them out of sight.
fn last_in_cases(view: &dyn View, from: &Sending) -> Result<Vec<AlertRow>> {
    let mut rows = view.alerts_of_source(&from.source.id, LOOKED_BACK)?;
    let counted = |row: &AlertRow| row.journal == from.project;
    if rows.iter().any(counted) {
        rows = view.alerts_of_source(&from.source.id, LOOKED_BACK + HELD_BETWEEN)?;
        rows.retain(|row| !counted(row));
        rows.truncate(LOOKED_BACK as usize);
    }
    Ok(rows)
}

/// Whether alerts are still gathered in this case.
fn gathers_now(case: &CaseRow, (from, now): (&Sending, Timestamp), verdict: &AlertVerdict) -> bool {
    let until = case.opened_at.checked_add(rules::span(verdict, from));
    let alike = is_shadow(case) == from.source.in_shadow(now).is_some();
    now < until.unwrap_or(Timestamp::MAX) && !case.restricted && alike
}

/// Nothing of a case that cannot be read here: no alert joins it, and none is lost for it.
fn readable<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Err(DeskError::Damaged(_) | DeskError::Newer(_)) => Ok(None),
        other => other.map(Some),
    }
}

/// Whether it shows only whom Henhouse would have called.
fn is_shadow(case: &CaseRow) -> bool {
    case.status == SHADOW
}

/// The case in which this one is handled, if the response to it runs.
pub(super) fn running(
    inner: &Inner,
    view: &dyn View,
    journal: JournalId,
) -> Result<Option<CaseRow>> {
    let mut id = journal;
    for _ in 0..CHAIN_LIMIT {
        let Some(row) = view.case(id)? else {
            return Ok(None);
        };
        if is_shadow(&row) {
            let goes_on = inner.clock.now() < shadow::goes_on_until(row.opened_at);
            return Ok(goes_on.then_some(row));
        }
        if RUNNING.contains(&row.status.as_str()) && row.open {
            return Ok(Some(row));
        }
        let mut folded = Folded::empty(id);
        folded.catch_up(view, &inner.root, id)?;
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
    (alert, assets, routed): (&Alert, BTreeSet<AssetId>, Option<Routed>),
    opening: Opening,
) -> Result<()> {
    let project = tx.project(from.project)?;
    let project = project.ok_or_else(|| StoreError::Invalid("a project has no row".to_owned()))?;
    let id = JournalId(opening.case);
    let report = Report {
        title: text(&alert.title, LONGEST_TITLE),
        route: Route::Alert,
        assets,
        ..report(text(&alert.words, LONGEST_WORDS).unwrap_or_else(|| Text::from("An alert")))
    };
    let open = OpenReport {
        mailed: None,
        actor: actor(from),
        project: Some(project.slug.clone()),
        report,
        happened_at: None,
        once: None,
    };
    let start = Start {
        key: Some(opening.key),
        shadow: from.source.in_shadow(inner.clock.now()).is_some(),
        routed,
        ..Start::now(id)
    };
    begin(inner, tx, &project, &open, start)?;
    let is_mail = alert.is_mail;
    on_case(inner, tx, id, |bench| {
        attach(bench, from, &opening.kept, is_mail)
    })
    .map(drop)
}

fn attach(bench: &mut Bench, from: &Sending, kept: &Kept, is_mail: bool) -> Result<()> {
    let (kind, media) = match is_mail {
        true => (EvidenceKind::Mail, MAIL),
        false => (EvidenceKind::Other, MEDIA),
    };
    let add = AddExhibit {
        what: What::Upload {
            sha256: kept.hash.to_string(),
            size: kept.size,
            media: media.to_owned(),
        },
        kind,
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

pub(super) fn report(text: Text) -> Report {
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
pub(super) fn actor(from: &Sending) -> Actor {
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
        rule: None,
        group: None,
        routed: None,
        facts: facts(alert),
    }
}

/// What its sender keeps of it besides. What is too long to be kept whole is not kept: half of it could not be read.
fn facts(alert: &Alert) -> Option<Text> {
    let facts = (!alert.facts.is_empty()).then(|| serde_json::to_string(&alert.facts).ok())??;
    (facts.len() <= LONGEST_WORDS).then(|| Text::from(facts.as_str()))
}

/// A text, cut where it is too long; nothing where there is no word.
pub(super) fn text(words: &str, limit: usize) -> Option<Text> {
    let words = words.trim();
    let end = words.floor_char_boundary(limit);
    let words = words.get(..end).unwrap_or(words);
    (!words.is_empty()).then(|| Text::from(words))
}
