//! Remediation steps: free in what they are, each with an owner and a time (R46, R52).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::payload::{
    AddStep, AssignStep, DropStep, FinishStep, ReclassifyStep, StepAdded, StepAssigned, StepDropped, StepFinished, StepReclassified,
};
use crate::access;
use crate::actor::Who;
use crate::chapters::{commander, disruption};
use crate::chapters::record::deviation::{self, Done};
use crate::decide::{Decision, Gate, Refusal};
use crate::entry::{Body, Entry};
use crate::id::{AssetId, PersonId};
use crate::mark::Mark;
use crate::playbook::{Severity, StepClass, StepKind, StepTemplate};
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Where a step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Nobody has begun.
    #[default]
    Planned,
    /// Somebody works on it.
    InWork,
    /// Done, not verified (R53).
    Done,
    /// Verified.
    Verified,
    /// Given up.
    Dropped,
}

/// Something that was done to a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// The entry.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: Who,
    /// Under which severity.
    pub severity: Severity,
}

impl Deed {
    /// When it happened, as an entry that matters later.
    fn mark(&self) -> Mark {
        Mark { seq: self.seq, at: self.at, by: self.by.clone() }
    }
}

/// The check of a finished step.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The entry, when and by whom.
    pub mark: Deed,
    /// How it was checked.
    pub reason: Option<Text>,
    /// Who did it verified it (M16).
    pub one_person: bool,
}

/// A time during which a step was to be done: from its adding, or from its being taken up again
/// after the response had come to rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Since when.
    pub from: Timestamp,
    /// Each time that somebody gave it, and when they did.
    pub dues: Vec<(Timestamp, Timestamp)>,
    /// When the response came to rest with the step still open.
    pub until: Option<Timestamp>,
    /// When it was done or given up.
    pub ended: Option<Mark>,
}

impl Stretch {
    fn new(from: Timestamp, due: Option<Timestamp>) -> Self {
        let dues = due.map(|due| (from, due)).into_iter().collect();
        Self { from, dues, until: None, ended: None }
    }
}

/// A step as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its number in the case, such as `S-1`.
    pub id: String,
    /// The entry that added it.
    pub seq: u64,
    /// When it was added.
    pub added_at: Timestamp,
    /// By whom.
    pub by: Who,
    /// What is to be done.
    pub text: Text,
    /// Immediate or deferred.
    pub class: StepClass,
    /// Each class it was given, by which entry; the first when it was added (X40).
    pub classes: Vec<(Mark, StepClass)>,
    /// What kind of act.
    pub kind: StepKind,
    /// What it is done to.
    pub asset: Option<AssetId>,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// By when, if somebody said; else see [`super::due`].
    pub due: Option<Timestamp>,
    /// When it was to be done, in order; there is at least one.
    pub stretches: Vec<Stretch>,
    /// The template it was made from.
    pub template: Option<String>,
    /// Where it stands.
    pub state: StepState,
    /// Each time it was begun.
    pub starts: Vec<Deed>,
    /// When it was done last, by whom.
    pub finished: Option<Deed>,
    /// Who found that it works.
    pub verified: Option<Check>,
    /// The IC's decision to destroy.
    pub destruction: Option<Deed>,
    /// Whoever decided said that they know what is lost for good (R120).
    pub loss_known: bool,
    /// Who gave it up, and why.
    pub dropped: Option<(Deed, Text)>,
}

impl Step {
    pub(super) fn new(entry: &Entry, added: &StepAdded) -> Self {
        Self {
            id: added.step.clone(),
            seq: entry.seq,
            added_at: entry.recorded_at,
            by: entry.actor.who.clone(),
            text: added.text.clone(),
            class: added.class,
            classes: alloc::vec![(Mark::of(entry), added.class)],
            kind: added.kind,
            asset: added.asset.clone(),
            owner: None,
            due: added.due,
            stretches: alloc::vec![Stretch::new(entry.recorded_at, added.due)],
            template: added.template.clone(),
            state: StepState::Planned,
            starts: Vec::new(),
            finished: None,
            verified: None,
            destruction: None,
            loss_known: false,
            dropped: None,
        }
    }

    pub(super) fn apply(&mut self, entry: &Entry) {
        let mark = |severity: Severity| Deed {
            seq: entry.seq,
            at: entry.time(),
            recorded_at: entry.recorded_at,
            by: entry.actor.who.clone(),
            severity,
        };
        match &entry.body {
            Body::StepAssigned(assigned) => {
                self.owner = assigned.owner.clone().or(self.owner.take());
                self.due = assigned.due.or(self.due);
                let said = assigned.due.map(|due| (entry.recorded_at, due));
                self.stretch_mut().dues.extend(said);
            }
            Body::StepStarted(started) => {
                self.state = StepState::InWork;
                self.starts.push(mark(started.severity));
            }
            Body::StepFinished(finished) => {
                self.state = StepState::Done;
                let mut done = mark(finished.severity);
                if let Some(by) = &finished.by {
                    done.by = Who::Person(by.clone());
                }
                self.stretch_mut().ended = Some(done.mark());
                self.finished = Some(done);
            }
            Body::StepVerified(verified) if verified.works => {
                self.state = StepState::Verified;
                self.verified = Some(Check {
                    mark: mark(Severity::Unknown),
                    reason: verified.reason.clone(),
                    one_person: verified.one_person,
                });
            }
            Body::StepVerified(_) => {
                self.state = StepState::InWork;
                self.finished = None;
                self.stretch_mut().ended = None;
            }
            Body::StepReclassified(reclassified) => {
                self.class = reclassified.class;
                self.classes.push((Mark::of(entry), reclassified.class));
            }
            Body::StepDropped(dropped) => {
                let deed = mark(Severity::Unknown);
                self.state = StepState::Dropped;
                self.stretch_mut().ended = Some(deed.mark());
                self.dropped = Some((deed, dropped.reason.clone()));
            }
            Body::DestructionDecided(decided) => {
                self.destruction = Some(mark(Severity::Unknown));
                self.loss_known = decided.loss_acknowledged;
            }
            _ => {}
        }
    }

    /// The review sent it back: an immediate step is to be done and verified again (X38).
    pub(super) fn reopen(&mut self, entry: &Entry) {
        if self.is_immediate() && self.state != StepState::Dropped {
            self.state = StepState::InWork;
            self.finished = None;
            self.verified = None;
        }
        self.resume(entry);
    }

    /// The response came to rest.
    pub(super) fn rest(&mut self, entry: &Entry) {
        if self.is_open() {
            self.stretch_mut().until.get_or_insert(entry.recorded_at);
        }
    }

    /// The response goes on: what is open is due anew, unless its time is still to come (X37).
    pub(super) fn resume(&mut self, entry: &Entry) {
        let now = entry.recorded_at;
        if !self.is_open() {
            return;
        }
        if self.is_immediate() {
            self.due = self.due.filter(|due| *due > now);
        }
        self.stretches.push(Stretch::new(now, self.due));
    }

    /// The last time during which it was to be done.
    #[must_use]
    pub fn stretch(&self) -> &Stretch {
        self.stretches.last().expect("a step is to be done from its adding on")
    }

    fn stretch_mut(&mut self) -> &mut Stretch {
        self.stretches.last_mut().expect("a step is to be done from its adding on")
    }

    /// Who began or finished it since it was to be done last: somebody else verifies it (R53).
    pub fn doers(&self) -> impl Iterator<Item = &Who> {
        let from = self.stretch().from;
        let starts = self.starts.iter().filter(move |start| start.recorded_at >= from);
        starts.chain(&self.finished).map(|deed| &deed.by)
    }

    /// Whether this person began or finished it.
    #[must_use]
    pub fn did(&self, person: &PersonId) -> bool {
        self.doers().any(|who| matches!(who, Who::Person(doer) if doer == person))
    }

    /// The class that it had at an instant.
    #[must_use]
    pub fn class_at(&self, when: Timestamp) -> StepClass {
        let then = self.classes.iter().rfind(|(mark, _)| mark.at <= when);
        then.map_or(self.class, |(_, class)| *class)
    }

    /// Whether it waits to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, StepState::Planned | StepState::InWork)
    }

    /// Whether nothing is left to do or to verify.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        matches!(self.state, StepState::Verified | StepState::Dropped)
    }

    /// Whether it must be verified before Ready for QA (R54).
    #[must_use]
    pub fn is_immediate(&self) -> bool {
        self.class == StepClass::Immediate
    }

    /// When it was really done to the asset: its first start, else its end.
    #[must_use]
    pub fn acted(&self) -> Option<&Deed> {
        self.starts.first().or(self.finished.as_ref())
    }
}

/// The step that an entry is about.
pub(super) fn named(body: &Body) -> Option<&str> {
    match body {
        Body::StepAssigned(assigned) => Some(&assigned.step),
        Body::StepStarted(started) => Some(&started.step),
        Body::StepFinished(finished) => Some(&finished.step),
        Body::StepVerified(verified) => Some(&verified.step),
        Body::StepReclassified(reclassified) => Some(&reclassified.step),
        Body::StepDropped(dropped) => Some(&dropped.step),
        Body::DestructionDecided(decided) => Some(&decided.step),
        _ => None,
    }
}

/// Any step will do, from a template or not; a template's kind may be changed (R46).
pub(super) fn add(d: &mut Decision, command: &AddStep) -> Result<(), Refusal> {
    let AddStep { text, class, kind, asset, owner, due, template } = command.clone();
    let offered = offered(d, template.as_ref())?;
    if let Some(asset) = &asset {
        known_asset(d, asset)?;
    }
    let guessed = if asset.is_some() { StepKind::Change } else { StepKind::Organise };
    let kind = kind.or(offered.map(|offered| offered.kind)).unwrap_or(guessed);
    let at_rest = d.case().part.closeout.at_rest();
    let usual = if at_rest { StepClass::Deferred } else { StepClass::Immediate };
    let class = class.or(offered.map(|offered| offered.class)).unwrap_or(usual);
    let step = format!("S-{}", d.case().part.work.steps.len() + 1);
    let added = StepAdded { step: step.clone(), text, class, kind, asset, due, template };
    d.record(added);
    match owner {
        Some(owner) => give(d, step, kind, Some(owner), None),
        None => Ok(()),
    }
}

/// Adds a step that the procedure itself asks for, as the `nth` of one decision, from 0.
pub(crate) fn add_from_template(d: &mut Decision, template: &StepTemplate, text: Text, nth: usize) {
    let step = format!("S-{}", d.case().part.work.steps.len() + 1 + nth);
    let (class, kind) = (template.class, template.kind);
    let template = Some(template.id.clone());
    d.record(StepAdded { step, text, class, kind, asset: None, due: None, template });
}

/// The template named, if one is.
fn offered<'a>(d: &Decision<'a>, id: Option<&String>) -> Result<Option<&'a StepTemplate>, Refusal> {
    let Some(id) = id else {
        let free = on(Rule::R46);
        let needed = || Refusal::rule(Rule::R46, "A step needs a template.", "Name one.");
        return if free { Ok(None) } else { Err(needed()) };
    };
    let mut templates = d.at.playbook().steps.templates.iter();
    templates.find(|offered| &offered.id == id).map(Some).ok_or_else(|| {
        let known = d.at.playbook().steps.templates.iter().map(|offered| offered.id.as_str());
        Refusal::not_among("The playbook has no such template; it may be left out.", known)
    })
}

pub(super) fn assign(d: &mut Decision, command: &AssignStep) -> Result<(), Refusal> {
    let step = open(d, &command.step)?;
    if command.owner.is_none() && command.due.is_none() {
        return Err(Refusal::invalid(
            "Neither a person nor a time is given.",
            "Say who does it, or by when.",
        ));
    }
    give(d, step.id.clone(), step.kind, command.owner.clone(), command.due)
}

/// Gives a step to somebody, or another time. A technical one on the IC draws a warning,
/// or a refusal where the playbook is strict (R16, X6).
pub(super) fn give(
    d: &mut Decision,
    step: String,
    kind: StepKind,
    owner: Option<PersonId>,
    due: Option<Timestamp>,
) -> Result<(), Refusal> {
    if let Some(owner) = &owner {
        can_be_asked(d, owner)?;
        if kind != StepKind::Organise {
            commander::guard_step(d, owner)?;
        }
    }
    d.record(StepAssigned { step, owner, due });
    Ok(())
}

/// Finishing what was never begun is what happened all the same: it is written down, and
/// a gate that it broke is a deviation (M15).
pub(super) fn finish(d: &mut Decision, command: &FinishStep) -> Result<(), Refusal> {
    let step = open(d, &command.step)?;
    access::only_theirs(d, step.owner.as_ref())?;
    if let Some(by) = &command.by {
        known_person(d, by)?;
    }
    finish_as_fact(d, step, command.by.as_ref(), command.result.clone());
    Ok(())
}

/// Writes down that a step was done, and the gates it broke if it never passed them.
pub(crate) fn finish_as_fact(
    d: &mut Decision,
    step: &Step,
    by: Option<&PersonId>,
    result: Option<Text>,
) {
    let doer = by.or(d.actor.as_person()).cloned();
    let theirs = |person: &PersonId| step.owner.as_ref() == Some(person) || step.did(person);
    if let Some(person) = doer.as_ref().filter(|doer| step.kind.technical() && !theirs(doer)) {
        commander::note_step(d, person);
    }
    if step.owner.is_none() && doer.is_some() {
        let step = step.id.clone();
        d.record(StepAssigned { step, owner: doer, due: None });
    }
    let severity = d.at.severity_at(d.time());
    let (id, by) = (step.id.clone(), by.cloned());
    d.record(StepFinished { step: id, result, by, severity });
    if step.starts.is_empty() {
        disruption::begun_by(d, step);
        let done = Done { kind: step.kind, asset: step.asset.as_ref(), step: Some(step), text: &step.text };
        deviation::note(d, &step.id, &done);
    }
}

/// Only the IC defers an immediate step, with a reason (X40).
pub(super) fn reclassify(d: &mut Decision, command: &ReclassifyStep) -> Result<(), Refusal> {
    let step = unsettled(d, &command.step)?;
    let defers = step.is_immediate() && command.class == StepClass::Deferred;
    if defers {
        d.only_ic(Rule::X40)?;
    }
    d.gate(Gate::Firm, !defers || command.reason.is_some(), || {
        Refusal::rule(
            Rule::X40,
            "An immediate step is deferred with a reason.",
            "Say why it can wait until after the incident.",
        )
    })?;
    let (step, reason) = (command.step.clone(), command.reason.clone());
    d.record(StepReclassified { step, class: command.class, reason });
    Ok(())
}

/// An immediate step is given up by the IC alone, as deferring is (X40). What was done is
/// verified, not given up.
pub(super) fn drop(d: &mut Decision, command: &DropStep) -> Result<(), Refusal> {
    let step = open(d, &command.step)?;
    if step.is_immediate() {
        d.only_ic(Rule::X40)?;
    }
    d.record(StepDropped { step: command.step.clone(), reason: command.reason.clone() });
    Ok(())
}

pub(super) fn find<'a>(d: &Decision<'a>, id: &str) -> Result<&'a Step, Refusal> {
    let step = d.case().part.work.step(id);
    step.ok_or_else(|| {
        Refusal::invalid(format!("There is no step {id}."), "Name one from the list of steps.")
    })
}

fn unsettled<'a>(d: &Decision<'a>, id: &str) -> Result<&'a Step, Refusal> {
    let step = find(d, id)?;
    if !step.is_settled() {
        return Ok(step);
    }
    Err(Refusal::conflict(format!("{id} is over already."), "Add a new step if more is to be done."))
}

pub(super) fn open<'a>(d: &Decision<'a>, id: &str) -> Result<&'a Step, Refusal> {
    let step = find(d, id)?;
    if step.is_open() {
        return Ok(step);
    }
    Err(Refusal::conflict(
        format!("{id} is done already."),
        "Verify it, or add a new step if more is to be done.",
    ))
}

/// Work is given to people of the project or of the response.
pub(crate) fn known_person(d: &Decision, person: &PersonId) -> Result<(), Refusal> {
    let responds = d.case().part.commander.responders.contains_key(person);
    if responds || d.at.project().member(person).is_some() {
        return Ok(());
    }
    Err(Refusal::invalid(
        format!("Nobody called {person} is in this project or response."),
        "Call them in first.",
    ))
}

/// Nobody is given a part in a case that they may not see (M23).
pub(crate) fn can_be_asked(d: &Decision, person: &PersonId) -> Result<(), Refusal> {
    known_person(d, person)?;
    if access::sees(d.case(), d.at.basis, person) {
        return Ok(());
    }
    Err(Refusal::invalid(
        format!("{person} may not see this case."),
        "Name one of its members, or let them in first.",
    ))
}

/// An asset that the project's register knows.
pub(crate) fn known_asset(d: &Decision, asset: &AssetId) -> Result<(), Refusal> {
    if d.at.project().asset(asset).is_some() {
        return Ok(());
    }
    let known = d.at.project().assets.iter().map(|asset| &*asset.id.0);
    Err(Refusal::not_among(format!("The project has no asset {asset}; it may be left out."), known))
}
