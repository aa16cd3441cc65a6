//! Command and roles on their way to somebody: offered, read back, accepted, taken. Offers ring, so
//! their subjects say number, severity, verb and deadline first.

use procedure::at::{after, minutes};
use procedure::chapters::calling::CalledIn;
use procedure::chapters::commander::{HandoverOffered, Post, TakeOverAsked};

use super::body::{self, Body};
use super::page::severity_line;
use super::subject::{self, Ask};
use super::timeline::handover::part;
use super::{Scene, Words, by_hand, text};

/// The most of one block of a briefing that a mail repeats, in characters.
const BLOCK_LIMIT: usize = 1_000;

/// A role is offered: here is the briefing, read it back, then it is yours (X4).
pub(super) fn offered(scene: &Scene, offered: &HandoverOffered) -> Words {
    let limits = &scene.basis.playbook.command.handover;
    let by = after(scene.entry.recorded_at, minutes(limits.accept_minutes));
    let short = format!("by {}", scene.times().short(by));
    let (long, short_verb) = match offered.role {
        Post::IncidentCommander => ("please take command", "take command"),
        _ => ("please take over a role", "take over"),
    };
    let ask = Ask {
        long,
        short: short_verb,
        by: &short,
    };
    let (who, link) = (scene.names().who(&scene.entry.actor.who), &scene.links.case);
    let blocks = limits.blocks.iter().filter_map(|block| {
        let words = offered.briefing.get(&block.id)?;
        let words = body::quote(text(words), BLOCK_LIMIT);
        Some(format!("{}:\n{words}", block.title))
    });
    let deadline = scene.times().deadline(by);
    let mut mail = Body::new(scene).say(format!(
        "{who} offers you {} in {}.",
        part(offered.role),
        scene.number
    ));
    for block in blocks {
        mail = mail.say(block);
    }
    let mail = mail
        .say(format!(
            "Please read the briefing, say in a sentence what you take over, and accept by {deadline}. \
             Until then {who} keeps it. You may decline; somebody else is asked then."
        ))
        .link("The briefing again", link)
        .say(format!(
            "Read it back and accept it on a command line:\n{}\n{}",
            by_hand::line(scene.number, "read_back"),
            by_hand::line(scene.number, "accept_handover")
        ))
        .maybe(super::title(scene.case).map(|title| format!("{}: {title}", scene.number)));
    let wanted = format!(
        "A role in {} is offered to you. Please answer by {deadline}.",
        scene.number
    );
    let bare = body::bare(scene, &subject::glance(scene, &ask), &wanted, link);
    mail.finish(subject::ringing(scene, &ask), bare)
}

/// Somebody is about to take command: the IC says that they are there, or lets it go (X35).
pub(super) fn take_over(scene: &Scene, asked: &TakeOverAsked) -> Words {
    let ask = Ask {
        long: "please say if you still have it",
        short: "do you still have it?",
        by: "",
    };
    let (who, link) = (scene.names().who(&scene.entry.actor.who), &scene.links.case);
    let mail = Body::new(scene)
        .say(format!("{who} is about to take command of {} from you.", scene.number))
        .say(format!("The reason given:\n{}", body::quote(text(&asked.reason), BLOCK_LIMIT)))
        .say(
            "If you are on it, say so now. If you cannot go on, you need do nothing: it is no blame, \
             and you may rest.",
        )
        .link("Say that you are still here", link)
        .say(severity_line(scene.case.part.assess.severity));
    let wanted = format!(
        "Somebody is about to take command of {} from you.",
        scene.number
    );
    let bare = body::bare(scene, &subject::glance(scene, &ask), &wanted, link);
    mail.finish(subject::ringing(scene, &ask), bare)
}

/// Somebody is asked into the response (R7).
pub(super) fn called_in(scene: &Scene, called: &CalledIn) -> Words {
    let alarm = &scene.basis.playbook.alarm;
    let by = after(scene.entry.recorded_at, minutes(alarm.ack_limit_minutes));
    let short = format!("Say by {}", scene.times().short(by));
    let ask = Ask {
        long: "can you come?",
        short: "can you come?",
        by: &short,
    };
    let (who, link) = (scene.names().who(&scene.entry.actor.who), &scene.links.case);
    let needs: Vec<&str> = called.needs.iter().map(String::as_str).collect();
    let needs = (!needs.is_empty()).then(|| format!("What is needed: {}.", needs.join(", ")));
    let deadline = scene.times().deadline(by);
    let mail = Body::new(scene)
        .say(format!("{who} asks you to come and help with {}.", scene.number))
        .maybe(called.message.as_ref().map(|words| body::quote(text(words), BLOCK_LIMIT)))
        .maybe(needs)
        .say(severity_line(scene.case.part.assess.severity))
        .say(format!(
            "Please say whether you come, by {deadline}. No is a fine answer: then somebody else is asked."
        ))
        .link("Say whether you come", link)
        .maybe(super::page::instead(scene))
        .maybe(super::title(scene.case).map(|title| format!("{}: {title}", scene.number)));
    let wanted = format!(
        "Your help is wanted in {}. Please answer by {deadline}.",
        scene.number
    );
    let bare = body::bare(scene, &subject::glance(scene, &ask), &wanted, link);
    mail.finish(subject::ringing(scene, &ask), bare)
}
