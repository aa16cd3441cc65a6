//! Telling customers: decided by the IC, approved by the product owner, sent by one voice.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{
    ApproveCustomerNotice, CustomerNoticeApproved, CustomerNoticeDecided, CustomerNoticeDeclined,
    CustomerNoticeDrafted, CustomerNoticeSent, DecideCustomerNotice, Draft, DraftCustomerNotice,
    SendCustomerNotice, unanswered_at,
};
use crate::access;
use crate::at::At;
use crate::basis::{Marking, Role};
use crate::chapters::commander;
use crate::chapters::record::Waived;
use crate::command::Command;
use crate::decide::{Decision, Gate, Refusal};
use crate::id::{PersonId, StakeholderId};
use crate::rule::Rule;

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    Some(match command {
        Command::DecideCustomerNotice(decide) => decide_notice(d, decide),
        Command::DraftCustomerNotice(draft) => self::draft(d, draft),
        Command::ApproveCustomerNotice(approve) => self::approve(d, approve),
        Command::SendCustomerNotice(send) => self::send(d, send),
        _ => return None,
    })
}

fn decide_notice(d: &mut Decision, command: &DecideCustomerNotice) -> Result<(), Refusal> {
    d.only_ic(Rule::R17)?;
    let DecideCustomerNotice { notify, reason } = command.clone();
    d.record(CustomerNoticeDecided { notify, reason });
    Ok(())
}

fn draft(d: &mut Decision, command: &DraftCustomerNotice) -> Result<(), Refusal> {
    d.person()?;
    let known = |id| d.at.project().stakeholders.iter().any(|s| &s.id == id);
    if !command.to.iter().all(known) {
        return Err(Refusal::invalid(
            "It names somebody who is no stakeholder of the project.",
            known_stakeholders(d.at),
        ));
    }
    let marking = command.marking.unwrap_or(d.case().marking());
    within_limits(d, &command.to, marking)?;
    let notice = d.case().part.outside.next_name();
    let DraftCustomerNotice { text, to, marking, next } = command.clone();
    d.record(CustomerNoticeDrafted { notice, text, to, marking, next });
    Ok(())
}

/// Whom it may be sent to, and how somebody else comes among them.
fn known_stakeholders(at: At) -> String {
    const ADD: &str = "An admin adds somebody to the project's stakeholders and directory: \
        `henhouse project show --json`, then `henhouse project set`, or PUT /api/v1/projects/{project}.";
    let ids: Vec<&str> = at.project().stakeholders.iter().map(|known| known.id.0.as_str()).collect();
    match ids.is_empty() {
        true => format!("The project has none yet. {ADD}"),
        false => format!("It has: {}. {ADD}", ids.join(", ")),
    }
}

/// Nobody is sent words that are marked more strictly than they may receive (R77, M23).
fn within_limits(
    d: &mut Decision,
    to: &BTreeSet<StakeholderId>,
    marking: Marking,
) -> Result<(), Refusal> {
    let stakeholders = d.at.project().stakeholders.iter();
    let mut asked = stakeholders.filter(|known| to.contains(&known.id));
    let strict = asked.find(|known| known.ceiling < marking).map(|known| known.id.clone());
    d.gate(Gate::Firm, strict.is_none(), || {
        let who = strict.map(|id| id.0).unwrap_or_default();
        Refusal::rule(
            Rule::R77,
            format!("{who} may not receive words that are marked so strictly."),
            "Say with the draft how far these words may travel (marking), or leave them out.",
        )
    })
}

fn approve(d: &mut Decision, command: &ApproveCustomerNotice) -> Result<(), Refusal> {
    let person = d.person()?;
    unsent(d, &command.notice)?;
    let owner = d.at.project().has_role(person, Role::ProductOwner);
    d.gate(Gate::Firm, owner, || {
        Refusal::forbidden(
            Some(Rule::R17),
            "Only the product owner approves what customers are told.",
            "Ask the product owner.",
        )
    })?;
    let ApproveCustomerNotice { notice, approve, reason } = command.clone();
    if approve {
        d.record(CustomerNoticeApproved { notice });
        return Ok(());
    }
    let Some(reason) = reason else {
        return Err(Refusal::rule(
            Rule::R17,
            "Turning it down needs a reason.",
            "Say what should change, so that it can be drafted anew.",
        ));
    };
    d.record(CustomerNoticeDeclined { notice, reason });
    Ok(())
}

/// A missing approver never kills it: after the playbook's time the IC sends it with a second named person (M12).
/// One who turned words of this case down is not missing, and no rule can tell whether a later draft says the same
/// (words are sealed): from then on only the product owner's yes opens any.
fn send(d: &mut Decision, command: &SendCustomerNotice) -> Result<(), Refusal> {
    let draft = unsent(d, &command.notice)?;
    commander::only_voice_outside(d)?;
    within_limits(d, &draft.to, draft.marking(d.case()))?;
    let out_of_reach = d.at.now >= unanswered_at(d.at, draft);
    let second = command.second.as_ref().filter(|second| may_second(d, second));
    let approved = draft.approved == Some(true);
    let silent = draft.approved.is_none() && !d.case().part.outside.is_turned_down() && out_of_reach;
    let reason = command.reason.clone().filter(|_| silent && second.is_some() && d.by_ic());
    if !approved && reason.is_some() {
        d.record(Waived { rule: Rule::R17, automatic: false, reason });
    } else {
        let at = d.at;
        d.gate(Gate::Firm, approved, || not_approved(at, draft))?;
    }
    let second = command.second.clone().filter(|_| !approved);
    d.record(CustomerNoticeSent { notice: command.notice.clone(), second });
    Ok(())
}

/// The second person of a rule responds, or reviews from outside (M16); to see the case is not enough.
fn may_second(d: &Decision, second: &PersonId) -> bool {
    let (case, basis) = (d.case(), d.at.basis);
    d.actor.as_person() != Some(second)
        && access::sees(case, basis, second)
        && (access::responds(case, basis, second) || basis.project.has_role(second, Role::Reviewer))
}

pub(super) fn not_approved(at: At, draft: &Draft) -> Refusal {
    let (reason, yes_when) = if draft.approved == Some(false) {
        (
            "The product owner turned these words down.",
            "Draft it anew as they said, and ask them to approve that.",
        )
    } else if at.case.part.outside.is_turned_down() {
        (
            "The product owner turned down what customers were to be told in this case, and has not approved this.",
            "A product owner of the project approves it; no second person stands in for somebody who said no.",
        )
    } else {
        (
            "The product owner has not approved what the customers are told.",
            "The product owner approves it; if they do not answer in time, the IC sends it with a reason and names a second person who responds or reviews.",
        )
    };
    Refusal::rule(Rule::R17, reason, yes_when)
}

fn unsent<'a>(d: &Decision<'a>, name: &str) -> Result<&'a Draft, Refusal> {
    let draft = d.case().part.outside.drafts.iter().find(|draft| draft.name == name);
    draft.filter(|draft| draft.sent.is_none()).ok_or_else(|| {
        Refusal::invalid(
            "There is no such notice, or it was sent already.",
            "Name a drafted notice, such as N-1.",
        )
    })
}
