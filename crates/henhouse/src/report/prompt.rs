//! Prompts: what is owed, by when, and how to settle it.

use procedure::agenda::Level;
use procedure::{Body as Entry, Obligation, Recipient, Rule, agenda};

use super::body::{self, Body};
use super::subject::{self, Ask, cut};
use super::{Scene, Words, time};

/// Room for what is owed in the subject of a prompt that is overdue.
const WHAT_LIMIT: usize = 40;

/// Reminds somebody of what they owe, or tells somebody above them.
pub(super) fn words(scene: &Scene, to: &Recipient, rule: Rule, what: &str, level: Level) -> Words {
    let owed = obligation(scene);
    let what = &scene.names().in_words(what);
    let link = &scene.links.case;
    let text = Body::new(scene)
        .say(opening(scene, to, owed.as_ref(), level))
        .say(what.as_str())
        .say(due(scene, owed.as_ref()))
        .maybe(settle(scene, to, owed.as_ref()))
        .link("Settle it here", link)
        .maybe(missed(scene))
        .say(format!("Why you are asked: {} ({rule})", rule.sentence()))
        .maybe(super::title(scene.case).map(|title| format!("{}: {title}", scene.number)));
    let wanted = format!(
        "{}: something is asked of you. {}",
        scene.number,
        due(scene, owed.as_ref())
    );
    let bare_subject = format!("{}: something is asked of you", body::number(scene));
    let bare = body::bare(scene, &bare_subject, &wanted, link);
    text.finish(subject(scene, owed.as_ref(), what, level), bare)
}

/// A reminder keeps one subject, so that reminders stay one thread; what is overdue says so.
fn subject(scene: &Scene, owed: Option<&Obligation>, what: &str, level: Level) -> String {
    let template = &scene.basis.playbook.messages.subjects.reminder;
    let due = owed
        .and_then(|owed| owed.due)
        .filter(|_| level != Level::Reminder);
    let Some(due) = due else {
        return subject::fixed(scene, template);
    };
    let (verb, since) = (
        if level == Level::Escalated {
            "please step in"
        } else {
            "overdue"
        },
        scene.times().short(due),
    );
    let by = match level {
        Level::Escalated => format!("due {since}"),
        _ => format!("since {since}"),
    };
    let glance = subject::glance(
        scene,
        &Ask {
            long: verb,
            short: verb,
            by: &by,
        },
    );
    let what = cut(what.trim_end_matches('.'), WHAT_LIMIT);
    let shown = if scene.case.part.secrecy.restricted {
        glance
    } else {
        format!("{glance} - {what}")
    };
    cut(&shown, subject::SUBJECT_LIMIT)
}

/// The obligation as it stands now; gone if it was settled by the way.
fn obligation(scene: &Scene) -> Option<Obligation> {
    let Entry::Prompted(prompted) = &scene.entry.body else {
        return None;
    };
    let owed = agenda(scene.case, scene.basis, scene.entry.recorded_at).obligations;
    owed.into_iter().find(|owed| owed.key == prompted.key)
}

fn opening(scene: &Scene, to: &Recipient, owed: Option<&Obligation>, level: Level) -> String {
    let number = scene.number;
    match (level, owed) {
        (Level::Reminder, _) => format!("A reminder about {number}."),
        (Level::Overdue, _) => {
            format!("This is overdue in {number}. Later is much better than never.")
        }
        (Level::Escalated, Some(owed)) => {
            let owner = scene.names().owner(&owed.owner);
            match to {
                Recipient::Person(person) if owner == scene.names().person(person) => {
                    format!("This is still waiting in {number}, and others hear of it now.")
                }
                _ => format!(
                    "This waits in {number}, and {owner} did not get to it. Please step in."
                ),
            }
        }
        (Level::Escalated, None) => format!("This waits in {number}. Please step in."),
    }
}

fn due(scene: &Scene, owed: Option<&Obligation>) -> String {
    let times = scene.times();
    match owed.and_then(|owed| owed.due) {
        Some(due) if due > times.now() => format!("Please do it by {}.", times.deadline(due)),
        Some(due) => format!("It was due at {}.", times.both(due)),
        None => owed.map_or_else(String::new, |owed| {
            format!(
                "It waits since {}; there is no fixed time.",
                times.at(owed.since)
            )
        }),
    }
}

/// Which act settles it, in words.
fn settle(scene: &Scene, to: &Recipient, owed: Option<&Obligation>) -> Option<String> {
    let owed = owed?;
    let command = owed.settle_with?;
    let line = scene.hand(to).settle(owed)?;
    Some(format!(
        "It is settled when you {}. On a command line, with your own words:\n{line}",
        act(command)
    ))
}

/// The acts of the procedure as a person would say them.
fn act(command: &str) -> String {
    let words = match command {
        "acknowledge" => "take it, or pass it on",
        "publish_sitrep" => "send the sitrep; \"no change\" is enough if nothing has changed",
        "confirm" => "confirm it as an incident, or call it a false alarm",
        "record_fact" => "write down how it stands, in one line",
        "acknowledge_hold" => "say that you have read it",
        "answer_disruption" => "say yes, no, or later",
        "team_vote" => "say whether you agree",
        "record_contact" => "write down whom you tried to reach, how, and what came of it",
        "record_evidence_item" => "note for each item: captured, impossible, or not relevant",
        "second_redaction" => "agree to the redaction, or decline it",
        "close" => "close the case, and say for the reporter what came of it",
        "approve_customer_notice" => "approve it, or turn it down with approve=false and a reason",
        "answer_question" => "answer yes, no or unknown",
        "warn_colleagues" => "warn them, or say why not with skip_warning",
        "set_kind" => "say what sort of thing it is",
        "tick_item" => "tick the lines of what was done",
        "ready_for_qa" => "set it to Ready for QA",
        "publish_report" => "publish the report",
        "accept_qa" => "accept it, or send it back",
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

fn missed(scene: &Scene) -> Option<String> {
    match &scene.entry.body {
        Entry::Prompted(prompted) if prompted.missed > 0 => Some(format!(
            "Henhouse could not remind you in time: {} before this one did not go out.",
            time::count(prompted.missed, "reminder")
        )),
        _ => None,
    }
}
