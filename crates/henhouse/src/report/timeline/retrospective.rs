//! What was learned.

use procedure::Body;
use procedure::chapters::retrospective::CauseKind;

use super::{Teller, because, one_line, quoted};

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    gathered(t, body).or_else(|| told(t, body))
}

fn gathered(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::TimelineLineAdded(added) => {
            let words = quoted(added.text.as_ref());
            format!(
                "{who} added line {} to the timeline of the report{words}",
                added.line
            )
        }
        Body::TimelineLineRemoved(removed) => {
            format!(
                "{who} left line {} out of the timeline of the report.",
                removed.line
            )
        }
        Body::SectionWritten(written) => {
            format!(
                "{who} wrote the section \"{}\" of the report.",
                section(t, &written.section)
            )
        }
        Body::CauseRecorded(cause) => {
            let led_to: Vec<&str> = cause.parents.iter().map(String::as_str).collect();
            let led_to = match led_to.as_slice() {
                [] => String::new(),
                some => format!(" It led to {}.", some.join(", ")),
            };
            let (kind, words) = (cause_word(cause.kind), one_line(&cause.text));
            format!(
                "{who} recorded cause {} ({kind}): \"{words}\"{led_to}",
                cause.id
            )
        }
        Body::MethodChosen(chosen) => {
            let mut methods = t.playbook.retrospective.methods.iter();
            let known = methods.find(|method| method.id == chosen.method);
            let title = known.map_or(chosen.method.as_str(), |method| method.title.as_str());
            format!("{who} chose {title} to look for causes.")
        }
        Body::OutcomeAdded(added) => {
            let mut lists = t.playbook.retrospective.outcomes.iter();
            let known = lists.find(|list| list.value == added.list);
            let list = known.map_or(added.list.as_str(), |list| list.label.as_str());
            format!("{who} added to \"{list}\": \"{}\"", one_line(&added.text))
        }
        Body::LessonAdded(added) => format!("{who} drew a lesson: \"{}\"", one_line(&added.text)),
        _ => return None,
    })
}

fn told(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    let lists = &t.playbook.retrospective;
    let label = |list: &[procedure::playbook::Choice], value: &str| {
        let known = list.iter().find(|choice| choice.value == value);
        known.map_or_else(|| value.replace('_', " "), |choice| choice.label.clone())
    };
    Some(match body {
        Body::LeaderAppointed(appointed) => {
            format!(
                "{who} asked {} to lead the retrospective.",
                t.names.person(&appointed.person)
            )
        }
        Body::FollowUpAdded(added) => format!(
            "{who} gave follow-up {} to {}, due {}: \"{}\"",
            added.follow_up,
            t.names.person(&added.owner),
            t.times.dated(added.due),
            one_line(&added.text)
        ),
        Body::FollowUpDone(done) => {
            format!(
                "{who} finished follow-up {}{}",
                done.follow_up,
                quoted(done.note.as_ref())
            )
        }
        Body::DiscoveryMethodSet(set) => {
            let how = label(&lists.discovery_methods, &set.value);
            let note = set
                .note
                .as_ref()
                .map(|note| format!(": \"{}\"", one_line(note)));
            format!(
                "{who} said how it was discovered: {how}{}",
                note.unwrap_or_else(|| ".".into())
            )
        }
        Body::ThreatActionsSet(set) if set.values.is_empty() => {
            format!("{who} said that no actor did anything.")
        }
        Body::ThreatActionsSet(set) => {
            let did: Vec<String> = set
                .values
                .iter()
                .map(|v| label(&lists.threat_actions, v))
                .collect();
            format!("{who} said what the actor did: {}.", did.join(", "))
        }
        Body::RetrospectiveSkipped(skipped) => {
            format!(
                "{who} decided to hold no retrospective{}",
                because(Some(&skipped.reason))
            )
        }
        Body::ReportPublished(published) => {
            let short = if published.short {
                ", the short form"
            } else {
                ""
            };
            format!(
                "{who} published edition {} of the report{short}.",
                published.edition
            )
        }
        _ => return None,
    })
}

fn section(t: &Teller, value: &str) -> String {
    let mut known = t.playbook.retrospective.report_sections.iter();
    let known = known.find(|section| section.value == value);
    known.map_or_else(|| value.replace('_', " "), |section| section.label.clone())
}

/// What a cause was found by, or is.
pub(in crate::report) fn cause_word(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::How => "how it came to be",
        CauseKind::Why => "why it came to be",
        CauseKind::Control => "something that should have stopped it",
        CauseKind::Condition => "a condition",
        CauseKind::Vulnerability => "a weakness",
    }
}
