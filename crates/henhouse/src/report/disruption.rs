//! Disruptions: the deciders' question, and the notice of what is disturbed.

use procedure::at::At;
use procedure::chapters::disruption::payload::{
    DeciderContacted, DisruptionNoticeSent, DisruptionRequested, Scope,
};
use procedure::chapters::disruption::{Disruption, consent};
use procedure::{Recipient, Rule, Text};

use super::body::{self, Body};
use super::general::quoted;
use super::subject::{fixed, nameless};
use super::{Scene, Words, by_hand, text, time};

/// Deciders are asked, the team hears and says what it thinks.
pub(super) fn requested(scene: &Scene, to: &Recipient, asked: &DisruptionRequested) -> Words {
    let link = &scene.links.case;
    let (decides, case) = (is_decider(scene, to), scene.case);
    let found = case.part.disruption.find(&asked.disruption);
    if found.is_some_and(|found| is_free(scene, found)) {
        return told(scene, asked);
    }
    let opening = if decides {
        "Your decision is needed before a service is disturbed."
    } else {
        "A disruption was asked for. Please say whether you agree."
    };
    let who = scene.names().who(&scene.entry.actor.who);
    let command = match decides {
        true => "answer_disruption",
        false => "team_vote",
    };
    let answer = by_hand::line_about(scene.number, command, &[&asked.disruption]);
    let text = Body::new(scene)
        .say(opening)
        .say(quoted(
            &format!("{who} wants to ({})", asked.disruption),
            &asked.text,
        ))
        .say(extent(scene, asked))
        .maybe(risk("If we act", asked.risk_of_acting.as_ref()))
        .maybe(risk("If we wait", asked.risk_of_waiting.as_ref()))
        .maybe(found.map(|found| silence(scene, found)))
        .say(format!(
            "{}, on a command line:\n{}",
            match decides {
                true => "Answer yes, no with a reason, or later",
                false => "Say whether you agree",
            },
            answer
        ))
        .link(&format!("The {}", case.noun()), link);
    let wanted = format!(
        "{}: your answer is needed about a disruption.",
        scene.number
    );
    let bare_subject = format!("{}: your answer is needed", body::number(scene));
    let bare = body::bare(scene, &bare_subject, &wanted, link);
    let subjects = &scene.basis.playbook.messages.subjects;
    let subject = match decides {
        true => fixed(scene, &subjects.disruption_question),
        false => fixed(scene, "{number}: do you agree to a disruption?"),
    };
    text.finish(subject, bare)
}

/// Whether nobody is asked: at High, and before anybody has assessed, the team acts and tells (R60, R93, M7).
fn is_free(scene: &Scene, found: &Disruption) -> bool {
    let now = scene.entry.recorded_at;
    let at = At::new(scene.case, scene.basis, now);
    let consent = consent(at, found, scene.case.part.assess.severity, now);
    consent.go && matches!(consent.rule, Rule::R60 | Rule::R93)
}

/// Nobody's permission is needed: people hear what will be disturbed.
fn told(scene: &Scene, asked: &DisruptionRequested) -> Words {
    let link = &scene.links.case;
    let who = scene.names().who(&scene.entry.actor.who);
    let text = Body::new(scene)
        .say("The team may act at once: nobody's permission is needed now. You are told so that you know.")
        .say(quoted(
            &format!("{who} is about to ({})", asked.disruption),
            &asked.text,
        ))
        .say(extent(scene, asked))
        .maybe(risk("If we act", asked.risk_of_acting.as_ref()))
        .maybe(risk("If we wait", asked.risk_of_waiting.as_ref()))
        .link("If you know a reason against it, say so at once", link);
    let wanted = format!("A service may be disturbed because of {}.", scene.number);
    let bare_subject = format!("{}: a disruption", body::number(scene));
    let bare = body::bare(scene, &bare_subject, &wanted, link);
    text.finish(
        fixed(scene, "{number}: a service will be disturbed - {title}"),
        bare,
    )
}

/// Somebody wrote down what a decider said: they read it, and can say it otherwise.
pub(super) fn in_your_name(scene: &Scene, contacted: &DeciderContacted) -> Words {
    let link = &scene.links.case;
    let answer = by_hand::line(scene.number, "answer_disruption");
    let text = Body::new(scene)
        .say(scene.log().sentence(scene.entry))
        .say(format!(
            "This was written down in your name. If you said something else, answer yourself; \
             your own no is not outweighed by it. On a command line:\n{}",
            answer.replace("D-1", &contacted.disruption)
        ))
        .link(&format!("The {}", scene.case.noun()), link);
    let wanted = format!("{}: something was written down in your name.", scene.number);
    let bare_subject = format!("{}: written down in your name", body::number(scene));
    let bare = body::bare(scene, &bare_subject, &wanted, link);
    let subject = fixed(scene, "{number}: what you said about a disruption");
    text.finish(subject, bare)
}

/// An answer, a vote, a beginning, an end: told to those who asked or decide.
pub(super) fn goes_on(scene: &Scene) -> Words {
    let link = &scene.links.case;
    let text = Body::new(scene)
        .say(scene.log().sentence(scene.entry))
        .maybe(super::title(scene.case).map(|title| format!("{}: {title}", scene.number)))
        .link(&format!("The {}", scene.case.noun()), link);
    let wanted = format!("There is news about a disruption in {}.", scene.number);
    let bare = body::bare(
        scene,
        &format!("{}: a disruption", body::number(scene)),
        &wanted,
        link,
    );
    text.finish(fixed(scene, "{number}: a disruption - {title}"), bare)
}

/// The notice itself: what people will see. No names in it but those that its text says.
pub(super) fn notice(scene: &Scene, sent: &DisruptionNoticeSent) -> Words {
    let link = &scene.links.case;
    let found = scene.case.part.disruption.find(&sent.disruption);
    let words = Body::new(scene)
        .say("A service is disturbed, or will be, because of our work.")
        .say(text(&sent.text))
        .maybe(found.and_then(|found| ends(scene, found)))
        .say("We are sorry for the trouble.")
        .link(&format!("The {}", scene.case.noun()), link);
    let wanted = format!("A service is disturbed because of {}.", scene.number);
    let bare = body::bare(
        scene,
        &format!("{}: a disruption", body::number(scene)),
        &wanted,
        link,
    );
    let subjects = &scene.basis.playbook.messages.subjects;
    words.finish(nameless(scene, &subjects.disruption_notice), bare)
}

fn is_decider(scene: &Scene, to: &Recipient) -> bool {
    matches!(to, Recipient::Person(person) if scene.basis.project.deciders().contains(&person))
}

fn extent(scene: &Scene, asked: &DisruptionRequested) -> String {
    let scope = match asked.scope {
        Scope::Partial => "Part of a service is disturbed",
        Scope::Complete => "A service is down completely",
    };
    let long = asked.expected_minutes.map(|minutes| {
        format!(
            ", for about {}",
            time::span(jiff::SignedDuration::from_mins(i64::from(minutes)))
        )
    });
    let assets = match scene.names().assets(&asked.assets) {
        none if none.is_empty() => String::new(),
        some => format!(" Affected: {some}."),
    };
    format!("{scope}{}.{assets}", long.unwrap_or_default())
}

fn risk(title: &str, words: Option<&Text>) -> Option<String> {
    words.map(|words| quoted(title, words))
}

/// What happens if nobody answers, by the rule in force.
fn silence(scene: &Scene, found: &Disruption) -> String {
    let now = scene.entry.recorded_at;
    let at = At::new(scene.case, scene.basis, now);
    let consent = consent(at, found, scene.case.part.assess.severity, now);
    let says = scene.names().in_words(&consent.sentence);
    match consent.unlocks_at.filter(|_| consent.rule == Rule::R65) {
        Some(unlocks) => format!(
            "{says} Without any answer the team may act from {}.",
            scene.times().deadline(unlocks)
        ),
        None if consent.go => says,
        None => format!("{says} {}", scene.names().in_words(&consent.yes_when)),
    }
}

/// When it is expected to be over, once it has begun.
fn ends(scene: &Scene, found: &Disruption) -> Option<String> {
    let (began, minutes) = (found.began.as_ref()?, found.expected_minutes?);
    let end = procedure::at::after(began.at, procedure::at::minutes(minutes));
    Some(format!(
        "We expect it to be over by {}.",
        scene.times().at(end)
    ))
}
