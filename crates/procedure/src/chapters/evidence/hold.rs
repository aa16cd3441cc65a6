//! Holds: named people are asked to leave named things alone; they say that they heard
//! it, or are asked again (X43).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::basis::Role;
use crate::case::Status;
use crate::chapters::closeout::Choice;
use crate::chapters::work;
use crate::chapters::work::step::{known_asset, can_be_asked};
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::{AssetId, PersonId};
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Ask people to leave things alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceHold {
    /// What is to be left alone.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
    /// Who is asked.
    pub people: BTreeSet<PersonId>,
    /// What they are asked.
    pub text: Text,
}

/// Say that the hold was heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeHold {
    /// Which, such as `H-1`.
    pub hold: String,
}

/// End a hold. Only people of the contact sheet do (X43).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReleaseHold {
    /// Which.
    pub hold: String,
    /// Why.
    pub reason: Text,
}

/// Entry: a hold was placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoldPlaced {
    /// Its number in the case.
    pub hold: String,
    /// What is to be left alone.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
    /// Who is asked.
    pub people: BTreeSet<PersonId>,
    /// What they are asked.
    pub text: Text,
}

/// Entry: somebody heard of the hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoldAcknowledged {
    /// Which.
    pub hold: String,
}

/// Entry: a hold ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoldReleased {
    /// Which.
    pub hold: String,
    /// Why.
    pub reason: Text,
}

/// A hold as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// Its number in the case, such as `H-1`.
    pub id: String,
    /// The entry.
    pub seq: u64,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What is to be left alone.
    pub assets: BTreeSet<AssetId>,
    /// Who was asked.
    pub people: BTreeSet<PersonId>,
    /// What they were asked.
    pub text: Text,
    /// Who said that they heard it: when, by which entry.
    pub heard: BTreeMap<PersonId, (Timestamp, u64)>,
    /// Who ended it: when, by which entry.
    pub released: Option<(Timestamp, Who, u64)>,
}

impl Hold {
    pub(super) fn new(entry: &Entry, placed: &HoldPlaced) -> Self {
        Self {
            id: placed.hold.clone(),
            seq: entry.seq,
            placed_at: entry.recorded_at,
            assets: placed.assets.clone(),
            people: placed.people.clone(),
            text: placed.text.clone(),
            heard: BTreeMap::new(),
            released: None,
        }
    }

    pub(super) fn apply(&mut self, entry: &Entry) {
        match (&entry.body, entry.actor.as_person()) {
            (Body::HoldAcknowledged(_), Some(person)) => {
                let heard = (entry.recorded_at, entry.seq);
                self.heard.entry(person.clone()).or_insert(heard);
            }
            (Body::HoldReleased(_), _) => {
                self.released = Some((entry.recorded_at, entry.actor.who.clone(), entry.seq));
            }
            _ => {}
        }
    }

    /// Who was asked and did not answer.
    pub fn unheard(&self) -> impl Iterator<Item = &PersonId> {
        self.people.iter().filter(|person| !self.heard.contains_key(*person))
    }
}

pub(super) fn named(body: &Body) -> Option<&str> {
    match body {
        Body::HoldAcknowledged(acknowledged) => Some(&acknowledged.hold),
        Body::HoldReleased(released) => Some(&released.hold),
        _ => None,
    }
}

pub(super) fn place(d: &mut Decision, command: &PlaceHold) -> Result<(), Refusal> {
    let PlaceHold { assets, people, text } = command.clone();
    if people.is_empty() {
        return Err(Refusal::invalid("A hold asks nobody.", "Name who is to leave it alone."));
    }
    for person in &people {
        can_be_asked(d, person)?;
    }
    for asset in &assets {
        known_asset(d, asset)?;
    }
    let hold = format!("H-{}", d.case().part.evidence.holds.len() + 1);
    d.record(HoldPlaced { hold, assets, people, text });
    Ok(())
}

pub(super) fn acknowledge(d: &mut Decision, command: &AcknowledgeHold) -> Result<(), Refusal> {
    let person = d.person()?;
    let hold = in_force(d, &command.hold)?;
    if !hold.people.contains(person) {
        let sentence = "This hold does not ask you.";
        return Err(Refusal::forbidden(None, sentence, "Leave it alone all the same."));
    }
    if hold.heard.contains_key(person) {
        return Err(Refusal::conflict("You said so already.", "Thank you."));
    }
    d.record(HoldAcknowledged { hold: command.hold.clone() });
    Ok(())
}

/// Only people of the contact sheet release a hold, with a reason (X43).
pub(crate) fn release(d: &mut Decision, command: &ReleaseHold) -> Result<(), Refusal> {
    in_force(d, &command.hold)?;
    let person = d.person()?;
    if !d.at.project().has_role(person, Role::Responder) && on(Rule::X43) {
        return Err(Refusal::forbidden(
            Some(Rule::X43),
            "Only the response team releases a hold.",
            "Ask the IC to release it.",
        ));
    }
    d.record(HoldReleased { hold: command.hold.clone(), reason: command.reason.clone() });
    Ok(())
}

fn in_force<'a>(d: &Decision<'a>, id: &str) -> Result<&'a Hold, Refusal> {
    let hold = d.case().part.evidence.holds.iter().find(|hold| hold.id == id);
    let hold = hold.ok_or_else(|| {
        Refusal::invalid(format!("There is no hold {id}."), "Name one from the list of holds.")
    })?;
    if hold.released.is_none() {
        return Ok(hold);
    }
    Err(Refusal::conflict(format!("{id} was released already."), "Place a new one if it is needed."))
}

/// By when a hold is to be acknowledged.
pub(super) fn due(at: At, hold: &Hold) -> Timestamp {
    after(hold.placed_at, minutes(at.when(hold.placed_at).playbook().steps.hold_ack_minutes))
}

/// By when it is to be acknowledged by whoever has not; nothing where a false alarm left it
/// standing and nobody has said that it stays (X42).
fn asked_by(at: At, hold: &Hold) -> Option<Timestamp> {
    if at.case.status() != Status::FalseAlarm {
        return Some(due(at, hold));
    }
    let dealt = at.case.part.closeout.settled.get(&hold.id);
    let kept = dealt.filter(|dealt| dealt.choice == Choice::Keep)?.mark.at;
    Some(after(kept, minutes(at.when(kept).playbook().steps.hold_ack_minutes)))
}

/// Who did not answer is asked again, and the IC sees it.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    if !on(Rule::X43) {
        return;
    }
    let every = at.playbook().steps.hold_ack_minutes;
    for hold in at.case.part.evidence.holds_in_force() {
        let Some(due) = asked_by(at, hold) else { continue };
        let again = |last| match at.case.is_active() {
            true => work::paced_by(at, last, every),
            false => at.project().calendar.add_business_days(last, 1),
        };
        for person in hold.unheard() {
            let key = format!("hold:{}:{person}", hold.id);
            let owner = Owner::Person(person.clone());
            let what = format!("Leave what {} names alone, and say that you heard it.", hold.id);
            let owed = Obligation::owed(Rule::X43, key, owner, hold.placed_at, what).by(due);
            out.push(owed.again_when(at, again).settled_by("acknowledge_hold"));
            if due > at.now {
                continue;
            }
            let key = format!("unheard:{}:{person}", hold.id);
            let what = format!("{person} has not acknowledged {}: ask them.", hold.id);
            let owed = Obligation::owed(Rule::X43, key, at.last_ic(), due, what);
            out.push(owed.remind(due).again_when(at, again).settled_by("release_hold"));
        }
    }
}
