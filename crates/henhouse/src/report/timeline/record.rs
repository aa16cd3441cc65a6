//! What the record says about itself.

use procedure::Body;
use procedure::agenda::Level;
use procedure::chapters::record::fact::{FactKind, FactRecorded};
use procedure::chapters::record::{BasisChanged, Matter};

use super::{Teller, because, one_line};

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    Some(match body {
        Body::Waived(waived) => {
            let rule = waived.rule;
            let sentence = rule.sentence();
            if waived.automatic {
                format!(
                    "Passed over because of the severity, to be asked about later: {sentence} ({rule})"
                )
            } else {
                let reason = because(waived.reason.as_ref());
                format!("{} waived \"{sentence}\" ({rule}){reason}", t.who)
            }
        }
        Body::Prompted(prompted) => {
            let how = match prompted.level {
                Level::Reminder => "was reminded",
                Level::Overdue => "was told that it is overdue",
                Level::Escalated => "was asked to step in",
            };
            let to = match t.names.people(&prompted.to) {
                nobody if nobody.is_empty() => "Nobody".to_owned(),
                some => some,
            };
            format!("{to} {how}: {}", t.names.in_words(&prompted.what))
        }
        Body::Numbered(numbered) => format!("It got its number, {}.", numbered.number),
        Body::BasisChanged(changed) => project(t, changed),
        _ => {
            return self::shared(t, body)
                .or_else(|| calls(t, body))
                .or_else(|| redaction(t, body));
        }
    })
}

/// What of a changed project matters to the case.
fn project(t: &Teller, changed: &BasisChanged) -> String {
    let said = |matter: &Matter| match matter {
        Matter::Joined(person) => format!("{} is on the contact sheet now", t.names.person(person)),
        Matter::Left(person) => {
            format!(
                "{} is no longer on the contact sheet",
                t.names.person(person)
            )
        }
        Matter::Differs(person) => format!(
            "{} has other roles, skills or ways to be reached",
            t.names.person(person)
        ),
        Matter::Order => "people are called in another order".to_owned(),
        Matter::OnCall => "the on-call plan was changed".to_owned(),
        Matter::Hours => "business hours, holidays or the time zone were changed".to_owned(),
    };
    let matters: Vec<String> = changed.matters.iter().map(said).collect();
    match matters.as_slice() {
        [] => format!(
            "The project stands at revision {}; nothing of it matters here.",
            changed.revision
        ),
        some => format!("The project changed: {}.", some.join("; ")),
    }
}

/// Notes, facts and ticks.
fn shared(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::FactRecorded(recorded) => fact(t, recorded),
        Body::Deviated(deviated) => format!(
            "{} happened without what a rule asks for: {} ({}). The reason is asked for ({}).",
            deviated.of,
            deviated.rule.sentence(),
            deviated.rule,
            deviated.deviation
        ),
        Body::DeviationExplained(explained) => format!(
            "{who} explained {}: \"{}\"",
            explained.deviation,
            one_line(&explained.reason)
        ),
        Body::NoteAdded(note) => format!("{who} noted: \"{}\"", one_line(&note.text)),
        Body::NoteCorrected(corrected) => format!(
            "{who} corrected the note of entry {}: \"{}\"",
            corrected.note,
            one_line(&corrected.text)
        ),
        Body::ItemTicked(ticked) => {
            let proof = ticked
                .proof
                .as_ref()
                .map(|proof| format!(" Proof: {}", one_line(proof)));
            let item = item(t, &ticked.item);
            format!(
                "{who} ticked \"{item}\" on the checklist.{}",
                proof.unwrap_or_default()
            )
        }
        Body::ItemUnticked(item) => {
            let reason = because(item.reason.as_ref());
            format!(
                "{who} took the tick off \"{}\"{reason}",
                self::item(t, &item.item)
            )
        }
        Body::PlaybookAdopted(adopted) => format!(
            "{who} moved the case to the playbook {} edition {}{}",
            adopted.name,
            adopted.edition,
            because(Some(&adopted.reason))
        ),
        _ => return None,
    })
}

fn fact(t: &Teller, recorded: &FactRecorded) -> String {
    let sort = match (recorded.kind, recorded.deed) {
        (_, Some(_)) => "what was done",
        (FactKind::Observation, None) => "an observation",
        (FactKind::Hypothesis, None) => "a theory, not a fact",
        (FactKind::Action, None) => "an action",
        (FactKind::Decision, None) => "a decision",
        (FactKind::Result, None) => "a result",
    };
    let by = recorded
        .by
        .as_ref()
        .map(|by| format!(" by {}", t.names.person(by)));
    let (by, words) = (by.unwrap_or_default(), one_line(&recorded.text));
    format!(
        "{} recorded {sort}{by} ({}): \"{words}\"",
        t.who, recorded.fact
    )
}

/// Calls and documents for sensitive talk.
fn calls(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    let with = |people| match t.names.people(people) {
        nobody if nobody.is_empty() => String::new(),
        some => format!(" with {some}"),
    };
    Some(match body {
        Body::CallOpened(opened) => {
            let recorded = if opened.recording { ", recorded" } else { "" };
            format!(
                "{who} opened call {}{}{recorded}.",
                opened.call,
                with(&opened.participants)
            )
        }
        Body::CallClosed(closed) => {
            let kept = match (&closed.summary, closed.recorded) {
                (Some(summary), _) => format!(": \"{}\"", one_line(summary)),
                (None, true) => ". There is a recording.".to_owned(),
                (None, false) => ". There is neither recording nor summary.".to_owned(),
            };
            format!(
                "{who} closed call {}{}{kept}",
                closed.call,
                with(&closed.participants)
            )
        }
        Body::DocumentOpened(opened) => {
            format!(
                "{who} opened document {}{}.",
                opened.document,
                with(&opened.participants)
            )
        }
        _ => return None,
    })
}

/// Erasing what was pasted by mistake.
fn redaction(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::RedactionProposed(proposed) => format!(
            "{who} asked that a text of entry {} be erased (redaction {}){}",
            proposed.entry,
            proposed.redaction,
            because(Some(&proposed.reason))
        ),
        Body::Redacted(redacted) => {
            let alone = if redacted.one_person {
                ", one person alone"
            } else {
                ""
            };
            let reason = because(redacted.reason.as_ref());
            let (n, entry) = (redacted.redaction, redacted.entry);
            format!("{who} erased a text of entry {entry} for good (redaction {n}{alone}){reason}")
        }
        Body::RedactionDeclined(declined) => {
            let reason = because(declined.reason.as_ref());
            format!(
                "{who} kept the text that redaction {} would erase{reason}",
                declined.redaction
            )
        }
        _ => return None,
    })
}

/// The line of the checklist as it is read.
fn item(t: &Teller, id: &str) -> String {
    let known = t.playbook.checklists.item(id);
    known.map_or_else(|| id.replace('_', " "), |item| item.text.clone())
}
