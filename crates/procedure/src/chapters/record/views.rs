//! Three live views of one log: what happened, what is done about it, and who does what
//! (R47). And where things stand, for somebody who just came (X1). None of them counts
//! what a person did (R105).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::Serialize;

use crate::access::may_read;
use crate::actor::{Actor, Who};
use crate::agenda::{Obligation, agenda};
use crate::at::At;
use crate::basis::Marking;
use crate::case::{Phase, Status};
use crate::chapters::intake::Kind;
use crate::entry::Entry;
use crate::id::PersonId;
use crate::playbook::Severity;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Happening {
    /// The entry.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// Who.
    pub by: Who,
    /// What sort of entry it is.
    pub kind: &'static str,
    /// This reader sees no more of it than that it exists (R21).
    pub withheld: bool,
    /// Later entries that correct it (R35).
    pub corrections: Vec<u64>,
}

/// What one person is to the case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonView {
    /// Who.
    pub person: PersonId,
    /// They command.
    pub ic: bool,
    /// In the response since then; `None` if they are not.
    pub since: Option<Timestamp>,
    /// When they last did something here.
    pub acted_at: Option<Timestamp>,
    /// What waits for them by name.
    pub owes: Vec<String>,
}

/// What happened, in the order in which it happened, as this reader may see it.
#[must_use]
pub fn happenings(at: At, entries: &[Entry], reader: &Actor) -> Vec<Happening> {
    let happening = |entry: &Entry| {
        let note = at.case.part.record.notes.get(&entry.seq);
        Happening {
            seq: entry.seq,
            at: entry.time(),
            recorded_at: entry.recorded_at,
            by: entry.actor.who.clone(),
            kind: entry.body.kind(),
            withheld: !may_read(at.case, at.basis, reader, entry.seq),
            corrections: note.map(|note| note.corrections.clone()).unwrap_or_default(),
        }
    };
    let mut all: Vec<_> = entries.iter().map(happening).collect();
    all.sort_by_key(|happening| (happening.at, happening.seq));
    all
}

/// What is being done about it: every entry about a lead, a step, a disruption, an exhibit
/// or a fact that somebody brought about.
#[must_use]
pub fn actions(at: At, entries: &[Entry], reader: &Actor) -> Vec<Happening> {
    const ABOUT: &[&str] = &[
        "lead", "step", "disruption", "exhibit", "capture", "hold", "fact", "milestone", "isolation",
    ];
    let mut all = happenings(at, entries, reader);
    let about = |happening: &Happening| ABOUT.iter().any(|word| happening.kind.contains(word));
    all.retain(|happening| about(happening) && on(Rule::R47));
    all
}

/// Who does what.
#[must_use]
pub fn people(at: At) -> Vec<PersonView> {
    let responders = &at.case.part.commander.responders;
    let obligations = agenda(at.case, at.basis, at.now).obligations;
    let mut waits: BTreeMap<PersonId, Vec<String>> = BTreeMap::new();
    for obligation in &obligations {
        for person in at.asked(obligation) {
            waits.entry(person).or_default().push(obligation.what.clone());
        }
    }
    let here: BTreeSet<&PersonId> = responders.keys().chain(at.case.acted_at.keys()).collect();
    let view = |person: &PersonId| PersonView {
        person: person.clone(),
        ic: at.case.ic() == Some(person),
        since: responders.get(person).map(|responder| responder.since),
        acted_at: at.case.acted_at.get(person).copied(),
        owes: waits.get(person).cloned().unwrap_or_default(),
    };
    here.into_iter().map(view).collect()
}

/// Where things stand, on one page (X1).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CatchUp {
    /// What stands above all.
    pub header: Vec<String>,
    /// Where the case stands.
    pub phase: Phase,
    /// Its status.
    pub status: Status,
    /// Its severity.
    pub severity: Severity,
    /// What sort of thing it is.
    pub kind: Kind,
    /// How far its words may travel.
    pub marking: Marking,
    /// Who commands.
    pub ic: Option<PersonId>,
    /// Since when.
    pub ic_since: Option<Timestamp>,
    /// Who is in the response.
    pub responders: Vec<PersonId>,
    /// What is open, soonest first.
    pub open: Vec<Obligation>,
    /// When the next sitrep is due.
    pub next_sitrep: Option<Timestamp>,
    /// Where the team talks.
    pub places: Vec<String>,
    /// What changed since the reader last looked, newest last.
    pub changed: Vec<Happening>,
}

/// Where things stand, for somebody who saw the entries up to `seen`.
#[must_use]
pub fn catch_up(at: At, entries: &[Entry], reader: &Actor, seen: u64) -> CatchUp {
    let case = at.case;
    let commander = &case.part.commander;
    let open = agenda(case, at.basis, at.now).obligations;
    let of_sitreps = |o: &&Obligation| matches!(o.rule, Rule::R42 | Rule::R76 | Rule::R74);
    let mut changed = happenings(at, entries, reader);
    changed.retain(|happening| happening.seq > seen && happening.kind != "prompted");
    CatchUp {
        header: at.playbook().checklists.header.clone(),
        phase: case.phase(),
        status: case.status(),
        severity: case.part.assess.severity,
        kind: case.part.intake.kind,
        marking: case.marking(),
        ic: case.ic().cloned().filter(|_| on(Rule::X1)),
        ic_since: commander.intervals.last().map(|interval| interval.from),
        responders: commander.responders.keys().cloned().collect(),
        next_sitrep: open.iter().filter(of_sitreps).filter_map(|o| o.due).min(),
        open,
        places: case.part.record.places.clone(),
        changed,
    }
}

/// The fields of the report form (R32), as they stand now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Form {
    /// The short description.
    pub description: Option<Text>,
    /// The status.
    pub status: Status,
    /// The severity.
    pub severity: Severity,
    /// Who reported it, in order.
    pub reporters: Vec<Who>,
    /// What the first reporter called themselves.
    pub reporter_name: Option<Text>,
    /// Who commands.
    pub ic: Option<PersonId>,
    /// Who else responds.
    pub responders: Vec<PersonId>,
    /// Any extra details.
    pub details: Option<Text>,
}

/// The report form, filled from the case; `report/` says it in words.
#[must_use]
pub fn form(at: At) -> Form {
    let intake = &at.case.part.intake;
    let first = intake.reports.first().map(|received| &received.report);
    let text = first.map(|report| report.text.clone());
    let hidden = intake.reports.iter().any(|received| received.report.hide_name);
    let others = at.case.part.commander.responders.keys();
    Form {
        description: intake.title.clone().or_else(|| text.clone()),
        status: at.case.status(),
        severity: at.case.part.assess.severity,
        reporters: intake
            .reports
            .iter()
            .filter(|_| on(Rule::R32))
            .map(|r| if r.report.hide_name { Who::Reporter } else { r.by.clone() })
            .collect(),
        reporter_name: first.and_then(|report| report.name.clone()).filter(|_| !hidden),
        ic: at.case.ic().cloned(),
        responders: others.filter(|person| Some(*person) != at.case.ic()).cloned().collect(),
        details: text.filter(|_| intake.title.is_some()),
    }
}
