//! News of who has it, who comes and who rests: what each piece asks of whoever hears it.

use procedure::chapters::commander::{HandoverAccepted, Post, RoleAssigned};
use procedure::{Body as Entry, PersonId, Recipient};

use super::Scene;
use super::general::Ask;

const COMMAND: &str = "{number}: who has command - {title}";
const HANDOVER: &str = "{number}: the hand-over";
const ROLES: &str = "{number}: roles";
const COMING: &str = "{number}: who comes and helps";
const LONG: &str = "{number}: how it goes on";
const SHIFT: &str = "{number}: your shift";

/// What is asked, if the entry is of this sort.
pub(super) fn ask(scene: &Scene, to: &Recipient) -> Option<Ask> {
    handover(scene, to)
        .or_else(|| command(scene, to))
        .or_else(|| coming(scene))
        .or_else(|| endurance(scene))
}

fn handover(scene: &Scene, to: &Recipient) -> Option<Ask> {
    let (subject, wanted) = match &scene.entry.body {
        Entry::HandoverBriefed(_) => (
            HANDOVER,
            "Please say in a sentence what you take over, then accept, or decline.".to_owned(),
        ),
        Entry::HandoverReadBack(_) => (
            HANDOVER,
            "Please see whether it is right, and add what is missing. It passes when it is accepted."
                .to_owned(),
        ),
        Entry::HandoverAccepted(accepted) => {
            let subject = match accepted.role {
                Post::IncidentCommander => COMMAND,
                _ => ROLES,
            };
            (subject, after(scene, to, accepted))
        }
        Entry::HandoverDeclined(_) => (
            HANDOVER,
            "Please offer it to somebody else, or stay. Until then it is still yours.".to_owned(),
        ),
        Entry::HandoverWithdrawn(_) => (HANDOVER, String::new()),
        Entry::HandoverLapsed(lapsed) => (HANDOVER, lapsed_asks(to, &lapsed.from, &lapsed.to)),
        Entry::OverlapEnded(_) => (
            HANDOVER,
            "You are free now. Thank you: eat something, and rest.".to_owned(),
        ),
        _ => return None,
    };
    Some(Ask { subject, wanted })
}

fn after(scene: &Scene, to: &Recipient, accepted: &HandoverAccepted) -> String {
    let limits = &scene.basis.playbook.command.handover;
    let (least, most) = (limits.overlap_min_minutes, limits.overlap_max_minutes);
    if is(to, &accepted.from) {
        return format!(
            "Thank you. Please stay for {least} to {most} minutes: questions come only now."
        );
    }
    let who = scene.names().who(&scene.entry.actor.who);
    format!("From now on please turn to {who}.")
}

fn lapsed_asks(to: &Recipient, from: &PersonId, silent: &PersonId) -> String {
    if is(to, from) {
        return "Please offer it to somebody else, or stay. It is still yours.".to_owned();
    }
    if is(to, silent) {
        return "Nothing is asked of you any more; the offer has gone back.".to_owned();
    }
    "Please help to find somebody who can take it.".to_owned()
}

fn command(scene: &Scene, to: &Recipient) -> Option<Ask> {
    let (subject, wanted) = match &scene.entry.body {
        Entry::TookOver(took) if is(to, &took.from) => (
            COMMAND,
            "You need do nothing more. Please tell your successor what only you know, then rest."
                .to_owned(),
        ),
        Entry::TookOver(_) | Entry::Acknowledged(_) => {
            let who = scene.names().who(&scene.entry.actor.who);
            (COMMAND, format!("From now on please turn to {who}."))
        }
        Entry::TakeOverOffered(offered) => {
            let ic = scene.names().person(&offered.ic);
            (
                "{number}: you may take command",
                format!(
                    "If you can lead it, take command: two steps and a reason. If you reach {ic}, say \
                     that an answer is wanted."
                ),
            )
        }
        Entry::WentSilent(silent) => {
            let ic = scene.names().person(&silent.ic);
            (
                COMMAND,
                format!(
                    "Please go on with what you do. If you reach {ic}, say that an answer is wanted; \
                     if you can lead it, take it."
                ),
            )
        }
        Entry::RoleAssigned(assigned) => (ROLES, assigned_asks(scene, to, assigned)),
        Entry::RoleReleased(released) if is(to, &released.person) => {
            (ROLES, "It is not yours any more. Thank you.".to_owned())
        }
        Entry::RoleReleased(_) => (ROLES, String::new()),
        _ => return None,
    };
    Some(Ask { subject, wanted })
}

fn assigned_asks(scene: &Scene, to: &Recipient, assigned: &RoleAssigned) -> String {
    if is(to, &assigned.person) {
        return "It is yours from now on. If you cannot do it, say so now: the IC finds somebody else."
            .to_owned();
    }
    let who = scene.names().person(&assigned.person);
    match assigned.role {
        Post::Communications => {
            format!(
                "Please let {who} answer whoever asks from outside, and say nothing outside yourself."
            )
        }
        _ => String::new(),
    }
}

fn coming(scene: &Scene) -> Option<Ask> {
    let wanted = match &scene.entry.body {
        Entry::CallInAnswered(answer) if answer.accept => String::new(),
        Entry::CallInAnswered(_) => "Please ask somebody else.".to_owned(),
        Entry::Undelivered(undelivered) if undelivered.more_routes => String::new(),
        Entry::Undelivered(_) => {
            "Please try to reach them yourself, and write down what came of it.".to_owned()
        }
        _ => return None,
    };
    let subject = match &scene.entry.body {
        Entry::Undelivered(_) => "{number}: somebody could not be reached",
        _ => COMING,
    };
    Some(Ask { subject, wanted })
}

fn endurance(scene: &Scene) -> Option<Ask> {
    let (subject, wanted) = match &scene.entry.body {
        Entry::PlanOpened(_) => (
            LONG,
            "Please decide: business hours or around the clock, who commands next, and who goes home \
             to rest.",
        ),
        Entry::LongPlanned(_) => (
            LONG,
            "Please look when your turn is. When it is not, go home and rest.",
        ),
        Entry::ShiftPlanned(_) => (
            SHIFT,
            "Please be there, rested. If you cannot, say so now: the IC finds somebody else.",
        ),
        Entry::ShiftCancelled(_) => (SHIFT, "You need not come for it."),
        Entry::SentHome(_) => (
            SHIFT,
            "Please go and rest. You are called only if nobody on shift answers. Thank you.",
        ),
        _ => return None,
    };
    let wanted = wanted.to_owned();
    Some(Ask { subject, wanted })
}

fn is(to: &Recipient, person: &PersonId) -> bool {
    matches!(to, Recipient::Person(id) if id == person)
}
