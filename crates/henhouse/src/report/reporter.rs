//! What a reporter hears: received, somebody has it, nobody answered yet, how it ended.
//!
//! A reporter may be anybody, so they hear no other person's name, no severity and nothing
//! that the team wrote (M24). They are not in trouble, and they leave things as they are.

use procedure::at::{after, minutes};
use procedure::chapters::intake;
use procedure::{Body as Entry, Recipient, Who};

use super::body::{self, Body};
use super::people::public_lines;
use super::subject::fixed;
use super::{Scene, Words, text, time};

const LEAVE_IT: &str = "Please do not delete or switch off anything until the team says so.";
const NO_TROUBLE: &str = "You are not in trouble, whatever it turns out to be.";
const TELEPHONE: &str = "There is nobody whom we can call to it. Please telephone somebody whom \
                         you trust with it, and say this number.";
const RECEIPT: &str = "See how it stands, add something, or say that it got worse";

/// We have your report.
pub(super) fn received(scene: &Scene) -> Words {
    let at = scene.times().at(scene.entry.recorded_at);
    let thanks = &scene.basis.playbook.messages.reporter_thanks;
    let text = Body::new(scene)
        .say(format!(
            "{thanks} We have it as {}, received at {at}.",
            scene.number
        ))
        .say(what_next(scene))
        .say(format!("{LEAVE_IT} {NO_TROUBLE}"));
    let alone = if commanded_by_its_reporter(scene).is_none() && reaches_nobody(scene) {
        format!("{TELEPHONE} ")
    } else {
        String::new()
    };
    let wanted = format!(
        "We have your report as {}. {alone}{LEAVE_IT} {NO_TROUBLE}",
        scene.number
    );
    finish(scene, text.maybe(urgent(scene)), &wanted)
}

/// A member of the team has it. Signed-in staff hear who.
pub(super) fn taken(scene: &Scene, to: &Recipient) -> Words {
    let since = scene.times().at(scene.entry.recorded_at);
    let who = match scene.case.ic() {
        Some(ic) if is_staff(scene, to) => scene.names().person(ic),
        _ => "A member of the response team".to_owned(),
    };
    let text = Body::new(scene)
        .say(format!(
            "{who} has your report {}, since {since}.",
            scene.number
        ))
        .say(
            "They may get in touch with you. You need not do anything more; \
             if you notice something new, add it below.",
        )
        .say(format!("{LEAVE_IT} {NO_TROUBLE}"));
    let wanted = format!(
        "A member of the response team has your report {}.",
        scene.number
    );
    finish(scene, text, &wanted)
}

/// Everybody was asked once more and nobody answered yet.
pub(super) fn round_ended(scene: &Scene, round: u32) -> Words {
    let alarm = &scene.basis.playbook.alarm;
    let again = after(
        scene.entry.recorded_at,
        minutes(alarm.sheet_round_pause_minutes),
    );
    let again = scene.times().deadline(again);
    let often = if round > 1 {
        format!("{} times", round)
    } else {
        "once".to_owned()
    };
    let text = Body::new(scene)
        .say(format!(
            "Nobody has taken your report {} yet. We have asked everyone on the contact sheet {often}.",
            scene.number
        ))
        .say(format!(
            "We begin again at {again}, and go on until somebody answers. You did the right thing."
        ))
        .say(urgent(scene).unwrap_or_else(|| {
            "If it cannot wait, tell anyone on the team whom you can reach yourself.".to_owned()
        }))
        .say(LEAVE_IT);
    let wanted = format!(
        "Nobody has taken your report {} yet. We go on asking.",
        scene.number
    );
    finish(scene, text, &wanted)
}

/// Something else that reporters are told, by the kind of entry.
pub(super) fn news(scene: &Scene) -> Words {
    let (number, messages) = (scene.number, &scene.basis.playbook.messages);
    let body = Body::new(scene);
    let (text, wanted) = match &scene.entry.body {
        Entry::FalseAlarmCalled(_) => (
            body.say(format!(
                "The team looked into your report {number}, and it was a false alarm. That is good \
                 news, and it was right to report it. {}",
                messages.reporter_thanks
            ))
            .say("Nothing more is asked of you. You may go on as usual.")
            .say("If you think that this is wrong, say so with the link below. It is read."),
            format!("The team has looked into your report {number}."),
        ),
        Entry::Thanked(_) => (
            body.say(format!(
                "What you reported as {number} is over. {} You helped us to see it.",
                messages.reporter_thanks
            ))
            .say("Nothing more is asked of you. You may go on as usual."),
            format!("What you reported as {number} is over. Thank you."),
        ),
        Entry::Closed(closed) => (
            body.say(format!("Your report {number} is closed."))
                .maybe(closed.outcome.as_ref().map(text))
                .say(messages.reporter_thanks.as_str())
                .say("If you think that this is wrong, say so with the link below. It is read."),
            format!("Your report {number} is closed. Thank you."),
        ),
        _ => (
            body.say(format!("There is news about your report {number}."))
                .say(format!("{LEAVE_IT} {NO_TROUBLE}")),
            format!("There is news about your report {number}."),
        ),
    };
    finish(scene, text, &wanted)
}

/// What happens next and when, without anybody's name.
fn what_next(scene: &Scene) -> String {
    let Entry::Reported(reported) = &scene.entry.body else {
        return "The team has been told.".to_owned();
    };
    if let Some(words) = commanded_by_its_reporter(scene) {
        return words;
    }
    if reaches_nobody(scene) {
        return TELEPHONE.to_owned();
    }
    let alarm = &scene.basis.playbook.alarm;
    let limit = after(scene.entry.recorded_at, minutes(alarm.ack_limit_minutes));
    let limit = scene.times().deadline(limit);
    let first = match reported.paged.len() {
        0 if reported.pager => "Whoever is on call is being alerted now.".to_owned(),
        0 => {
            return "We are calling the response team now, one person after the other, and go on \
                    until somebody answers. You will hear from us when somebody has it."
                .to_owned();
        }
        n => format!(
            "We are asking {} on call now.",
            time::count(i64::try_from(n).unwrap_or(i64::MAX), "person")
                .replace("persons", "people")
        ),
    };
    format!(
        "{first} Nobody has taken it yet. If that lasts to {limit}, we call the response team, one \
         person after the other, until somebody answers. You will hear from us when somebody has it."
    )
}

/// To a responder who reported: they command, and who is told besides (R6).
fn commanded_by_its_reporter(scene: &Scene) -> Option<String> {
    let Entry::Reported(reported) = &scene.entry.body else {
        return None;
    };
    let reporter = reported.reporter.as_ref()?;
    let subject = reported.report.about_person.as_ref();
    if !intake::commands(&scene.basis.project, reporter, subject) {
        return None;
    }
    let others = reported.paged.iter().filter(|person| *person != reporter);
    let told = match others.count() {
        0 if reported.pager => "Whoever is on call is being alerted too.".to_owned(),
        0 => "Nobody else is called: call in whom you need.".to_owned(),
        1 => "One other person is being alerted too.".to_owned(),
        n => format!("{n} other people are being alerted too."),
    };
    Some(format!(
        "You are Incident Commander: you reported it, and you are on the team. {told} If you cannot \
         do it, hand it over."
    ))
}

/// Whether a report about somebody finds nobody else who could be called (M23).
fn reaches_nobody(scene: &Scene) -> bool {
    let secrecy = &scene.case.part.secrecy;
    let project = &scene.basis.project;
    let order = project.call_order(secrecy.restricted, secrecy.subject.as_ref());
    secrecy.restricted && order.is_empty()
}

/// Numbers that anybody may call.
fn urgent(scene: &Scene) -> Option<String> {
    let lines = public_lines(scene.directory, &scene.basis.playbook).into_iter();
    let numbers: Vec<String> = lines
        .map(|(label, number)| format!("{label}: {number}"))
        .collect();
    (!numbers.is_empty()).then(|| format!("If it cannot wait, call:\n  {}", numbers.join("\n  ")))
}

fn is_staff(scene: &Scene, to: &Recipient) -> bool {
    let Recipient::Reporter(n) = to else {
        return true;
    };
    let place = usize::try_from(*n).ok().and_then(|n| n.checked_sub(1));
    let report = place.and_then(|place| scene.case.part.intake.reports.get(place));
    report.is_some_and(|report| matches!(report.by, Who::Person(_)))
}

fn finish(scene: &Scene, body: Body, wanted: &str) -> Words {
    let subject = fixed(scene, &scene.basis.playbook.messages.subjects.reporter);
    let link = scene.links.receipt.as_deref().unwrap_or_default();
    let bare_subject = format!("{}: your report", body::number(scene));
    let bare = body::bare(scene, &bare_subject, wanted, link);
    body.link(RECEIPT, link).finish(subject, bare)
}
