//! How the rules of evidence are judged.

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::exhibit::ItemState;
use super::suspicion::{Span, is_suspicious, spans};
use super::{hold, kept, tasks};
use crate::actor::Who;
use crate::at::At;
use crate::chapters::work;
use crate::conformance::Judged;
use crate::id::AssetId;
use crate::mark::Mark;
use crate::playbook::{EvidenceKind, StepKind};
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R13 => evidence_before_change(at),
        Rule::R14 => commander_has_state_captured(at),
        Rule::R57 => snapshots_are_kept(at),
        Rule::X15 => logs_are_evidence(at),
        Rule::X43 => holds_are_acknowledged(at),
        _ => return None,
    };
    Some(judged)
}

/// A change that was made: when, to what, by which entry.
fn changes(at: At<'_>) -> Vec<(Timestamp, Option<&AssetId>, u64)> {
    let steps = at.case.part.work.steps.iter().filter(|step| step.kind.changes());
    let steps = steps.filter_map(|step| {
        step.acted().map(|mark| (mark.at, step.asset.as_ref(), mark.seq))
    });
    let changed = |kind: StepKind| kind.changes();
    let facts = at.case.part.record.facts.iter();
    let facts = facts.filter(|fact| fact.deed.and_then(|d| d.step_kind()).is_some_and(changed));
    let facts = facts.flat_map(|fact| {
        let concerns = &fact.concerns;
        let steps = || concerns.steps.iter().filter_map(|id| at.case.part.work.step(id));
        let of_step = move |asset: &&AssetId| steps().any(|s| s.asset.as_ref() == Some(*asset));
        let assets = concerns.assets.iter().filter(move |asset| !of_step(asset)).map(Some);
        let none = (concerns.assets.is_empty() && concerns.steps.is_empty()).then_some(None);
        assets.chain(none).map(|asset| (fact.at, asset, fact.seq))
    });
    steps.chain(facts).collect()
}

fn first_evidence(at: At) -> Option<(Timestamp, Who, u64)> {
    let evidence = &at.case.part.evidence;
    let exhibits = kept::captures(at).map(|e| (e.at, e.by.clone(), e.seq));
    let items = evidence.answered.iter().map(|item| (item.at, item.by.clone(), item.seq));
    exhibits.chain(items).min_by_key(|(_, _, seq)| *seq)
}

fn evidence_before_change(at: At) -> Judged {
    if let Some(deviation) = at.case.part.record.deviation(Rule::R13) {
        return deviation.judged("Something was changed before its state was captured.");
    }
    if spans(at).is_empty() {
        return Judged::not_applicable("Nothing was suspicious.");
    }
    let changes = changes(at);
    let unkept = changes.iter().find(|(when, asset, _)| !kept::kept_before(at, *asset, *when));
    if let Some((_, _, seq)) = unkept {
        let because = "Something was changed before its state was captured.";
        return Judged::missing(because).shown_by(*seq);
    }
    match (first_evidence(at), changes.first()) {
        (Some((when, by, seq)), Some((_, _, change))) => {
            Judged::done(when, &by, seq).shown_by(*change)
        }
        (Some((when, by, seq)), None) => Judged::done(when, &by, seq),
        (None, _) if at.case.is_active() && is_suspicious(at) => Judged::open(None),
        (None, _) => {
            let na = Judged::not_applicable("Nothing was changed while it was suspicious.");
            explained(&spans(at)).fold(na, Judged::shown_by)
        }
    }
}

/// The entries that explained what had looked suspicious.
fn explained(spans: &[Span]) -> impl Iterator<Item = u64> {
    spans.iter().filter_map(|span| span.until.map(|(_, seq)| seq))
}

fn commander_has_state_captured(at: At) -> Judged {
    let spans = spans(at);
    let Some(first) = spans.iter().min_by_key(|span| span.seq) else {
        return Judged::not_applicable("Nothing was suspicious.");
    };
    let over = spans.iter().map(|span| span.until).collect::<Option<Vec<_>>>();
    if let Some((last, _)) = over.and_then(|ends| ends.into_iter().max()) {
        return match first_evidence(at).filter(|(when, _, _)| *when <= last) {
            Some((when, by, seq)) => Judged::done(when, &by, seq),
            None => {
                let na = Judged::not_applicable("The suspicion was explained.");
                explained(&spans).fold(na, Judged::shown_by)
            }
        };
    }
    let ends = tasks::classes(at).into_iter().map(|class| tasks::complete(at, &class));
    let end = ends.collect::<Option<Vec<_>>>().and_then(|ends| ends.into_iter().max());
    let done = end.map(|(when, seq, by)| Mark { seq, at: when, by: by.clone() });
    match work::judged_since(at, first.since, done.as_ref(), at.now) {
        Some(judged) if at.case.is_active() || done.is_some() => judged,
        _ if at.case.is_active() => Judged::open(None),
        _ => Judged::missing("State was not captured as the list asks."),
    }
}

/// A good step, and no duty: each snapshot by the system that holds it, its id and its volume (R57).
fn snapshots_are_kept(at: At) -> Judged {
    let exhibits = at.case.part.evidence.exhibits.iter();
    let mut kept = exhibits.filter(|e| e.kind == EvidenceKind::DiskSnapshot && on(Rule::R57));
    match kept.next() {
        Some(first) => {
            let done = Judged::done(first.at, &first.by, first.seq);
            kept.fold(done, |judged, another| judged.shown_by(another.seq))
        }
        None => Judged::not_applicable("No snapshot was taken."),
    }
}

fn logs_are_evidence(at: At) -> Judged {
    let part = &at.case.part;
    let logs = part.evidence.exhibits.iter().filter(|e| e.kind == EvidenceKind::Log);
    let logs = logs.map(|e| (e.at, e.by.clone(), e.seq));
    let items = part.evidence.answered.iter();
    let items = items.filter(|i| i.kind == EvidenceKind::Log && i.state == ItemState::Captured);
    let items = items.map(|item| (item.at, item.by.clone(), item.seq));
    let isolations = part.work.steps.iter().filter(|step| step.kind == StepKind::Isolate);
    let isolations = isolations.filter_map(|step| step.acted());
    let isolations = isolations.map(|mark| (mark.at, mark.by.clone(), mark.seq));
    let suspicious = !spans(at).is_empty();
    let isolations = isolations.filter(|_| !suspicious);
    let first = logs.chain(items).chain(isolations).min_by_key(|(_, _, seq)| *seq);
    let dismissed = part.evidence.answered.iter().any(|item| item.kind == EvidenceKind::Log);
    match first {
        Some((when, by, seq)) => Judged::done(when, &by, seq),
        None if !suspicious => Judged::not_applicable("Nothing was suspicious."),
        None if dismissed => Judged::not_applicable("No log could show anything."),
        None if at.case.is_active() => Judged::open(None),
        None => Judged::missing("No log was kept, and nobody said why not."),
    }
}

/// The slowest answer counts; who never answered while it stood is late or missing.
fn holds_are_acknowledged(at: At) -> Judged {
    let holds = &at.case.part.evidence.holds;
    let Some(first) = holds.first() else {
        return Judged::not_applicable("Nobody was asked to leave anything alone.");
    };
    let mut waits: Option<(Timestamp, u64)> = None;
    for held in holds {
        let due = hold::due(at, held);
        let ended = held.released.as_ref().map(|(when, ..)| *when);
        let Some(person) = held.unheard().next().filter(|_| ended.is_none_or(|when| when > due)) else {
            continue;
        };
        if ended.is_some() || at.case.is_over() {
            let because = format!("{person} never acknowledged {}.", held.id);
            return Judged::missing(because).shown_by(held.seq);
        }
        waits = [waits, Some((due, held.seq))].into_iter().flatten().min();
    }
    if let Some((due, seq)) = waits {
        return Judged::against(due, None, at.now).shown_by(seq);
    }
    let answers = holds.iter().flat_map(|held| {
        let due = hold::due(at, held);
        held.heard.iter().map(move |(person, (when, seq))| (due, person, *when, *seq))
    });
    match answers.max_by_key(|(due, _, when, _)| when.duration_since(*due)) {
        Some((due, person, when, seq)) => {
            let who = Who::Person(person.clone());
            Judged::against(due, Some((when, &who, seq)), at.now)
        }
        None => Judged::not_applicable("It was taken back before anybody had to answer.").shown_by(first.seq),
    }
}
