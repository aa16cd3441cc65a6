//! A warning of a suspicious mail to everybody on the contact sheet (R110). Its words are for everybody, so nothing of a
//! restricted case is ever sent; `report/` breaks the links in them.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::payload::Phish;
use super::phish::{self, NOT_A_MAIL};
use crate::agenda::{Obligation, Owner};
use crate::at::At;
use crate::basis::Marking;
use crate::chapters::record::Waived;
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};
use crate::playbook::Channel;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Warn everybody on the contact sheet of a suspicious mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WarnColleagues {
    /// What they should look out for. It leaves with its links broken.
    pub text: Text,
}

/// Say why nobody is warned of a suspicious mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SkipWarning {
    /// Why.
    pub reason: Text,
}

/// Entry: colleagues were warned of a suspicious mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColleaguesWarned {
    /// Whom.
    pub people: BTreeSet<PersonId>,
    /// In which words.
    pub text: Text,
    /// By which way.
    pub route: Channel,
}

/// Whom a warning goes to: everybody on the contact sheet who can be written to, but for whom the case is about.
#[must_use]
pub fn colleagues(at: At) -> BTreeSet<PersonId> {
    let subject = at.case.part.secrecy.subject.as_ref();
    let roster = at.project().roster.iter();
    let written_to = roster.filter(|member| member.has_mail && Some(&member.person) != subject);
    written_to.map(|member| member.person.clone()).collect()
}

pub(super) fn warn(d: &mut Decision, command: &WarnColleagues) -> Result<(), Refusal> {
    d.person()?;
    if d.case().part.secrecy.restricted {
        return Err(Refusal::forbidden(
            None,
            "This case is for its members only: nothing of it is sent to everybody.",
            "Warn people in words that say nothing of the case, in your channel.",
        ));
    }
    let people = colleagues(d.at);
    if people.is_empty() {
        return Err(Refusal::conflict(
            "Nobody on the contact sheet has a mail address.",
            "Warn them in your channel.",
        ));
    }
    let text = command.text.clone();
    d.record(ColleaguesWarned { people, text, route: Channel::Mail });
    Ok(())
}

/// Nobody is warned, and somebody says why: a waiver of the rule.
pub(super) fn skip(d: &mut Decision, command: &SkipWarning) -> Result<(), Refusal> {
    d.person()?;
    if asked_since(d.at).is_none() {
        return Err(Refusal::conflict(
            "Nobody reported a suspicious mail here.",
            "Nothing asks for a warning.",
        ));
    }
    if !d.case().part.intake.warned.is_empty() {
        return Err(Refusal::conflict("Colleagues were warned.", "There is nothing to do."));
    }
    if d.case().waiver(Rule::R110).is_some() {
        return Err(Refusal::conflict("Somebody said why not.", "There is nothing to do."));
    }
    let reason = Some(command.reason.clone());
    d.record(Waived { rule: Rule::R110, automatic: false, reason });
    Ok(())
}

/// Its words were written for everybody: the case's marking does not hold them back.
pub(super) fn tell(warned: &ColleaguesWarned) -> impl Iterator<Item = Notice> {
    let told = |person: &PersonId| Notice {
        marking: Marking::Clear,
        released: true,
        ..Notice::entry(Recipient::Person(person.clone()))
    };
    warned.people.iter().map(told)
}

/// Somebody said what they did with a suspicious mail.
fn asked_since(at: At) -> Option<Timestamp> {
    let first = phish::reports(at, Phish::is_answered).next()?;
    Some(first.at)
}

/// Whether the edition of then asks for a warning.
fn asks(at: At, since: Timestamp) -> bool {
    at.when(since).playbook().intake.warn_colleagues == Some(true)
}

/// Where the playbook asks for it, the IC has colleagues warned, or says why not.
pub(super) fn owes(at: At, taken: Timestamp, out: &mut Vec<Obligation>) {
    let Some(since) = asked_since(at) else { return };
    let settled = !at.case.part.intake.warned.is_empty() || at.case.waiver(Rule::R110).is_some();
    let may = at.case.is_active() && !at.case.part.secrecy.restricted;
    if settled || !may || !asks(at, since) || !on(Rule::R110) {
        return;
    }
    let what = "Warn colleagues of the suspicious mail, or say why not.";
    let owed = Obligation::owed(Rule::R110, "warn_colleagues", Owner::Ic, since.max(taken), what);
    out.push(owed.settled_by("warn_colleagues"));
}

pub(super) fn judge(at: At) -> Judged {
    if let Some(first) = at.case.part.intake.warned.first() {
        return first.done();
    }
    let Some(since) = asked_since(at) else {
        return Judged::not_applicable(NOT_A_MAIL);
    };
    if at.case.part.secrecy.restricted {
        return Judged::not_applicable("Nothing of a restricted case is sent to everybody.");
    }
    if !asks(at, since) {
        return Judged::not_applicable("This edition of the playbook asks for no warning.");
    }
    match phish::is_past(at) {
        true => Judged::missing("Nobody warned colleagues of the suspicious mail, or said why not."),
        false => Judged::open(None),
    }
}
