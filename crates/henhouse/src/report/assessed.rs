//! What the assessment found: confirmed, another severity, a false alarm.

use procedure::chapters::assess::FalseAlarmCalled;
use procedure::{Body as Entry, Recipient};

use super::body::{self, Body};
use super::page::severity_line;
use super::subject::{fixed, nameless};
use super::{Scene, Words, sitrep, text};

/// Confirmed as an incident, or another severity was chosen.
pub(super) fn words(scene: &Scene) -> Words {
    let subject = fixed(scene, "{number}: severity and status - {title}");
    let link = &scene.links.case;
    let policy = &scene.basis.playbook.severities;
    let severity = scene.case.part.assess.severity;
    let changed = match &scene.entry.body {
        Entry::Confirmed(_) => "From now on it is called an incident.",
        _ => "",
    };
    let words = Body::new(scene)
        .say(scene.log().sentence(scene.entry))
        .say(format!(
            "{} {}",
            severity_line(severity),
            policy.policy(severity).conduct
        ))
        .say(changed)
        .link(&format!("The {}", scene.case.noun()), link);
    let wanted = format!(
        "{}: status or severity has changed. {}",
        scene.number,
        severity_line(severity)
    );
    let bare = body::bare(
        scene,
        &format!("{}: a change", body::number(scene)),
        &wanted,
        link,
    );
    words.finish(subject, bare)
}

/// It was a false alarm: whoever had heard of it hears that it was nothing. The reason stays
/// within the organisation.
pub(super) fn false_alarm(scene: &Scene, to: &Recipient, called: &FalseAlarmCalled) -> Words {
    let subjects = &scene.basis.playbook.messages.subjects;
    let link = &scene.links.case;
    let insider = matches!(to, Recipient::Person(_));
    let who = scene.names().who(&scene.entry.actor.who);
    let reason = called.reason.as_ref().filter(|_| insider);
    let outside = sitrep::is_outside(scene, to);
    let what = super::title(scene.case).filter(|_| !outside);
    let what = what.map(|title| format!("It was about: {title}"));
    let second = called.second.as_ref();
    let looks = matches!(to, Recipient::Person(person) if Some(person) == second);
    let asks = if looks {
        "Please look whether it was one: nobody but whoever called it has seen it. Keep it with a reason, or reopen it."
    } else {
        "Nothing happened that needs you."
    };
    let said = if looks { "was called" } else { "was" };
    let words = Body::new(scene)
        .say(format!("{} {said} a false alarm. {asks}", scene.number))
        .maybe(
            reason.map(|reason| format!("{who} says why:\n{}", body::quote(text(reason), 2_000))),
        )
        .maybe(what)
        .maybe((!looks).then(|| {
            "Thank you for standing by. A false alarm is a good report: please go on reporting."
                .to_owned()
        }))
        .link("The record", link);
    let wanted = match looks {
        true => format!(
            "{} was called a false alarm. Please look whether it was one.",
            scene.number
        ),
        false => format!(
            "{} was a false alarm. Nothing is asked of you.",
            scene.number
        ),
    };
    let bare = body::bare(
        scene,
        &format!("{}: false alarm", body::number(scene)),
        &wanted,
        link,
    );
    let subject = match outside {
        true => nameless(scene, &subjects.false_alarm),
        false => fixed(scene, &subjects.false_alarm),
    };
    words.finish(subject, bare)
}
