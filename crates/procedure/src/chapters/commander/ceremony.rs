//! How a hand-over is decided, owed and told.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::handover::{
    AcceptHandover, BriefHandover, DeclineHandover, Handover, HandoverAccepted, HandoverBriefed,
    HandoverDeclined, HandoverLapsed, HandoverOffered, HandoverReadBack, HandoverWithdrawn,
    OfferHandover, OverlapEnded, ReadBack, Stage, WithdrawHandover,
};
use super::posts::Post;
use super::{may_command, over};
use crate::playbook::Block;
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::decide::{Decision, Gate, Refusal};
use crate::entry::Body;
use crate::id::PersonId;
use crate::notice::paging_is_over;
use crate::pulse::Due;
use crate::rule::Rule;

pub(super) fn offer(d: &mut Decision, offer: &OfferHandover) -> Result<(), Refusal> {
    let from = d.person()?;
    if d.case().is_over() {
        return Err(over());
    }
    holds(d, from, offer.role)?;
    successor(d, from, offer)?;
    known_blocks(d.at, offer.briefing.keys())?;
    let commander = &d.case().part.commander;
    let pending = commander
        .handovers
        .iter()
        .find(|h| h.is_pending() && h.role == offer.role && &h.from == from);
    if let Some(pending) = pending {
        return Err(Refusal::conflict(
            format!("You have offered it to {} already.", pending.to),
            "Wait for the answer, or withdraw that offer first.",
        ));
    }
    d.record(HandoverOffered {
        role: offer.role,
        to: offer.to.clone(),
        briefing: offer.briefing.clone(),
        quiet: d.at.heard_lately(&offer.to),
    });
    Ok(())
}

/// Only the holder can give a role away.
fn holds(d: &Decision, from: &PersonId, role: Post) -> Result<(), Refusal> {
    let commander = &d.case().part.commander;
    let (holds, how) = match role {
        Post::IncidentCommander => (
            commander.ic() == Some(from),
            "Ask the IC to hand over, or take command with a reason.",
        ),
        Post::Communications => (
            commander.communications() == Some(from),
            "Ask the Communications Officer to hand over, or the IC to name another.",
        ),
        Post::Responder => (
            commander.responders.contains_key(from) && commander.ic() != Some(from),
            "Join the response first; the IC hands over command instead.",
        ),
        Post::Deputy | Post::Assistant | Post::Scribe => {
            return Err(Refusal::invalid(
                "That role is given by the IC, without a hand-over.",
                "Ask the IC to name somebody else.",
            ));
        }
    };
    if holds {
        return Ok(());
    }
    Err(Refusal::forbidden(
        Some(Rule::X4),
        "Only whoever has a role can hand it over.",
        how,
    ))
}

fn successor(d: &Decision, from: &PersonId, offer: &OfferHandover) -> Result<(), Refusal> {
    if &offer.to == from {
        return Err(Refusal::invalid(
            "You have it already.",
            "Name somebody else.",
        ));
    }
    let able = match offer.role {
        Post::IncidentCommander => may_command(d.at, &offer.to),
        _ => {
            d.at.project().member(&offer.to).is_some()
                && d.case().part.secrecy.subject.as_ref() != Some(&offer.to)
        }
    };
    if able {
        return Ok(());
    }
    Err(Refusal::invalid(
        format!("{} cannot take that role here.", offer.to),
        "Name somebody on the contact sheet; for command, a member of the response team.",
    ))
}

fn known_blocks<'a>(at: At, ids: impl Iterator<Item = &'a String>) -> Result<(), Refusal> {
    let blocks = &at.playbook().command.handover.blocks;
    for id in ids {
        if !blocks.iter().any(|block| &block.id == id) {
            let ids: Vec<&str> = blocks.iter().map(|block| block.id.as_str()).collect();
            return Err(Refusal::invalid(
                format!("The briefing has no block {id}."),
                format!("Use the ids of the playbook's blocks: {}.", ids.join(", ")),
            ));
        }
    }
    Ok(())
}

/// The pending offer that is meant: by role if one is named, command first if not.
fn pending<'a>(
    d: &Decision<'a>,
    role: Option<Post>,
    mine: impl Fn(&Handover) -> bool,
) -> Result<&'a Handover, Refusal> {
    let handovers = &d.case().part.commander.handovers;
    let fits = |h: &&Handover| role.is_none_or(|role| h.role == role) && mine(h);
    let found = handovers.iter().filter(|h| h.is_pending()).filter(fits);
    found.min_by_key(|h| h.role).ok_or_else(|| no_offer(d))
}

/// Nothing waits for an answer. What they can do about it depends on who commands: whoever does needs no offer.
fn no_offer(d: &Decision) -> Refusal {
    let person = d.actor.as_person();
    let last = d.case().part.commander.intervals.last();
    let Some(ic) = d.case().ic() else {
        let no = "There is no such offer.";
        return match d.case().is_active() && person.is_some_and(|person| may_command(d.at, person)) {
            true => Refusal::conflict(no, "Nobody has command: take it, and you are the IC.")
                .settled_by("acknowledge", None),
            false => Refusal::conflict(no, "There is nothing to do."),
        };
    };
    let since = last.map_or(d.at.now, |last| last.from);
    let since = crate::moment::said(since);
    if person == Some(ic) {
        let no = format!("There is no such offer now; you have command since {since}.");
        let yes_when = "There is nothing to take over. To give command away, offer it to somebody.";
        return Refusal::conflict(no, yes_when).settled_by("offer_handover", None);
    }
    let able = person.is_some_and(|person| may_command(d.at, person));
    Refusal::conflict(
        format!("There is no such offer now; {ic} has command since {since}."),
        match able {
            true => format!("Ask {ic} for a new offer, or take command with a reason."),
            false => format!("Ask {ic} for a new offer."),
        },
    )
}

/// Whoever offered nothing has nothing to add to, and nothing to take back.
fn none_offered(d: &Decision) -> Refusal {
    let no = "You have offered no role that still waits for an answer.";
    match d.by_ic() {
        true => Refusal::conflict(no, "To give command away, offer it to somebody.")
            .settled_by("offer_handover", None),
        false => Refusal::conflict(no, "Only what one has can be offered: ask whoever has the role."),
    }
}

pub(super) fn brief(d: &mut Decision, brief: &BriefHandover) -> Result<(), Refusal> {
    let from = d.person()?;
    known_blocks(d.at, brief.briefing.keys())?;
    let offer = pending(d, brief.role, |h| &h.from == from);
    let offer = offer.map_err(|_| none_offered(d))?.seq;
    d.record(HandoverBriefed {
        offer,
        briefing: brief.briefing.clone(),
    });
    Ok(())
}

pub(super) fn read_back(d: &mut Decision, read: &ReadBack) -> Result<(), Refusal> {
    let to = d.person()?;
    let offer = pending(d, read.role, |h| &h.to == to)?.seq;
    d.record(HandoverReadBack {
        offer,
        text: read.text.clone(),
    });
    Ok(())
}

/// The required blocks that are missing from a briefing.
fn missing_blocks<'a>(at: At<'a>, handover: &Handover) -> Vec<&'a Block> {
    let blocks = &at.playbook().command.handover.blocks;
    let missing = |block: &&Block| block.required && !handover.blocks.contains(&block.id);
    blocks.iter().filter(missing).collect()
}

pub(super) fn accept(d: &mut Decision, accept: &AcceptHandover) -> Result<(), Refusal> {
    let to = d.person()?;
    let handover = pending(d, accept.role, |h| &h.to == to)?;
    if handover.role == Post::IncidentCommander && !may_command(d.at, to) {
        return Err(Refusal::forbidden(
            Some(Rule::R6),
            "Only members of the response team can command.",
            "Ask an admin to put you on the contact sheet.",
        ));
    }
    if !still_has(d, handover) {
        return Err(no_offer(d));
    }
    let blocks = missing_blocks(d.at, handover);
    let missing: Vec<&str> = blocks.iter().map(|block| block.title.as_str()).collect();
    let complete = missing.is_empty();
    let done = complete && handover.read_back_at.is_some();
    d.gate(Gate::Closing, done, || {
        if complete {
            Refusal::rule(
                Rule::X4,
                "You have not read the briefing back.",
                "Say in a sentence what you are taking over, then accept.",
            )
            .settled_by("read_back", None)
        } else {
            Refusal::rule(
                Rule::X4,
                format!(
                    "The briefing is not complete: {} is missing.",
                    missing.join(", ")
                ),
                format!(
                    "Ask {} to add what is missing, read it back, then accept.",
                    handover.from
                ),
            )
        }
    })?;
    d.record(HandoverAccepted {
        offer: handover.seq,
        role: handover.role,
        from: handover.from.clone(),
    });
    Ok(())
}

/// The role may have been taken from whoever offered it.
fn still_has(d: &Decision, handover: &Handover) -> bool {
    let commander = &d.case().part.commander;
    match handover.role {
        Post::IncidentCommander => commander.ic() == Some(&handover.from),
        Post::Responder => true,
        role => commander.holds(&handover.from, role),
    }
}

pub(super) fn decline(d: &mut Decision, decline: &DeclineHandover) -> Result<(), Refusal> {
    let to = d.person()?;
    let offer = pending(d, decline.role, |h| &h.to == to)?.seq;
    d.record(HandoverDeclined {
        offer,
        reason: decline.reason.clone(),
    });
    Ok(())
}

pub(super) fn withdraw(d: &mut Decision, withdraw: &WithdrawHandover) -> Result<(), Refusal> {
    let from = d.person()?;
    let commander = &d.case().part.commander;
    let fits = |h: &&Handover| {
        let open = h.is_pending() || (h.failed.is_some() && !h.settled);
        open && &h.from == from && withdraw.role.is_none_or(|role| h.role == role)
    };
    let offer = commander.handovers.iter().rfind(fits);
    let offer = offer.ok_or_else(|| none_offered(d))?.seq;
    d.record(HandoverWithdrawn { offer });
    Ok(())
}

/// The old holder stays a while (X4). Somebody who must go says why.
pub(super) fn stays_for_overlap(d: &mut Decision, person: &PersonId) -> Result<(), Refusal> {
    let limits = &d.at.playbook().command.handover;
    let commander = &d.case().part.commander;
    let until = commander
        .handovers
        .iter()
        .filter(|h| h.in_overlap() && &h.from == person)
        .filter_map(|h| h.accepted)
        .map(|(_, at)| after(at, minutes(limits.overlap_min_minutes)))
        .max();
    let now = d.at.now;
    let free = !d.case().is_active() || until.is_none_or(|until| until <= now);
    d.gate(Gate::Closing, free, || {
        Refusal::rule(
            Rule::X4,
            "You have just handed over: your successor may still need you.",
            format!(
                "Stay for {} minutes, or leave with a reason.",
                limits.overlap_min_minutes
            ),
        )
    })
}

/// What is owed: an answer to an offer, a new attempt after one that failed.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    for handover in &at.case.part.commander.handovers {
        let at = at.under(handover.seq);
        let wait = minutes(at.playbook().command.handover.accept_minutes);
        if handover.is_pending() && !at.case.is_over() {
            out.push(answer(at, handover, after(handover.offered_at, wait)));
            out.extend(briefing(at, handover));
        }
        let back = matches!(handover.failed, Some(Stage::Lapsed | Stage::Declined));
        if back && !handover.settled && at.case.is_active() {
            let owner = Owner::Person(handover.from.clone());
            let (since, key) = (
                handover.offered_at,
                format!("handover_again:{}", handover.seq),
            );
            let what = "Your hand-over was not accepted: offer it to somebody else, or stay.";
            out.push(
                Obligation::owed(Rule::X4, key, owner, since, what)
                    .escalate(after(since, wait + wait), Owner::Deputy)
                    .settled_by("offer_handover"),
            );
        }
    }
}

/// Nobody can accept what was offered without a whole briefing: whoever offered it says the rest.
fn briefing(at: At, handover: &Handover) -> Option<Obligation> {
    let missing = missing_blocks(at, handover);
    let titles: Vec<&str> = missing.iter().map(|block| block.title.as_str()).collect();
    if titles.is_empty() {
        return None;
    }
    let (from, to) = (handover.from.clone(), &handover.to);
    let what = format!(
        "Your hand-over to {to} cannot be accepted yet, its briefing lacks: {}.",
        titles.join(", ")
    );
    let (since, key) = (handover.offered_at, format!("brief:{}", handover.seq));
    let owed = Obligation::owed(Rule::X4, key, Owner::Person(from), since, what);
    Some(owed.settled_by("brief_handover"))
}

fn answer(at: At, handover: &Handover, due: jiff::Timestamp) -> Obligation {
    let owner = Owner::Person(handover.to.clone());
    let (since, key) = (handover.offered_at, format!("handover:{}", handover.seq));
    let what = "A role is handed over to you: read the briefing back and accept, or decline.";
    let owed = Obligation::owed(Rule::X4, key, owner, since, what).settled_by("accept_handover");
    if !at.case.is_active() {
        return owed;
    }
    let half = minutes(at.playbook().command.handover.accept_minutes / 2);
    owed.by(due).remind(after(since, half)).audibly()
}

pub(super) fn named_in_sitrep(role: Post) -> bool {
    matches!(role, Post::IncidentCommander | Post::Communications)
}

/// An offer lapses and goes back; an overlap ends. After close-out time does neither (R72).
pub(super) fn dues(at: At, out: &mut Vec<Due>) {
    if paging_is_over(at.case) {
        return;
    }
    for h in &at.case.part.commander.handovers {
        let limits = &at.under(h.seq).playbook().command.handover;
        let (offer, from) = (h.seq, h.from.clone());
        if h.is_pending() {
            let due_at = after(h.offered_at, minutes(limits.accept_minutes));
            let to = h.to.clone();
            let lapsed = HandoverLapsed {
                offer,
                from,
                to,
                due_at,
            };
            out.push(Due {
                at: due_at,
                body: Body::HandoverLapsed(lapsed),
            });
        } else if let Some((_, accepted_at)) = h.accepted.filter(|_| h.in_overlap()) {
            let due_at = after(accepted_at, minutes(limits.overlap_max_minutes));
            let ended = OverlapEnded {
                offer,
                from,
                due_at,
            };
            out.push(Due {
                at: due_at,
                body: Body::OverlapEnded(ended),
            });
        }
    }
}

/// Who hears of a step of a hand-over besides its two people.
pub(super) fn others_told(at: At, body: &Body) -> BTreeSet<PersonId> {
    let owners: &[Owner] = match body {
        Body::HandoverAccepted(accepted) if named_in_sitrep(accepted.role) => &[
            Owner::Responders,
            Owner::Role(crate::basis::Role::ProjectManager),
        ],
        Body::HandoverLapsed(_) => &[Owner::Deputy, Owner::Ic],
        _ => &[],
    };
    owners.iter().flat_map(|owner| at.people(owner)).collect()
}
