//! News: the sentence of the activity log, what is asked of the reader, and where to go.

use procedure::{Body as Entry, Recipient};

use super::body::{self, Body};
use super::subject::fixed;
use super::{Scene, Words, text, turns};

/// What a piece of news asks of whoever hears it.
pub(super) struct Ask {
    /// Subject, the same for all news of this sort.
    pub subject: &'static str,
    /// What is asked; empty where nothing is.
    pub wanted: String,
}

/// What has happened, in one sentence, and what it asks of the reader.
pub(super) fn words(scene: &Scene, to: &Recipient) -> Words {
    let Ask { subject, wanted } = ask(scene, to);
    let link = &scene.links.case;
    let nothing = "Nothing is asked of you; it is for you to know.";
    let what = if wanted.is_empty() {
        nothing
    } else {
        wanted.as_str()
    };
    let words = Body::new(scene)
        .say(scene.log().sentence(scene.entry))
        .say(what)
        .maybe(super::title(scene.case).map(|title| format!("{}: {title}", scene.number)))
        .link(&format!("The {}", scene.case.noun()), link);
    let bare = if wanted.is_empty() {
        let news = format!("There is news about {}.", scene.number);
        body::bare(
            scene,
            &format!("{}: news", body::number(scene)),
            &news,
            link,
        )
    } else {
        let news = format!("Something is asked of you in {}.", scene.number);
        let subject = format!("{}: something is asked of you", body::number(scene));
        body::bare(scene, &subject, &news, link)
    };
    words.finish(fixed(scene, subject), bare)
}

fn ask(scene: &Scene, to: &Recipient) -> Ask {
    let asked = work(scene).or_else(|| secrecy(scene, to));
    let asked = asked
        .or_else(|| turns::ask(scene, to))
        .or_else(|| customers(scene));
    asked.unwrap_or(Ask {
        subject: "{number}: news - {title}",
        wanted: String::new(),
    })
}

/// Leads, steps, evidence.
fn work(scene: &Scene) -> Option<Ask> {
    let (subject, wanted) = match &scene.entry.body {
        Entry::StepAssigned(assigned) => {
            let due = assigned.due.map(|due| format!(" by {}", scene.times().deadline(due)));
            let wanted = format!(
                "It is yours{}. Say when you begin and what came of it. If you cannot do it, say so \
                 now: the IC finds somebody else.",
                due.unwrap_or_default()
            );
            ("{number}: a step for you", wanted)
        }
        Entry::LeadAssigned(_) => (
            "{number}: a lead for you",
            "It is yours. Say when you begin and what you find; \"nothing\" is a finding.".to_owned(),
        ),
        Entry::StepFinished(_) => (
            "{number}: please verify a step",
            "Please look whether it works, and say so. Who did a step does not verify it.".to_owned(),
        ),
        Entry::StepVerified(_) => (
            "{number}: a step for you",
            "It is yours again. Say what you need to finish it.".to_owned(),
        ),
        Entry::SuspicionRaised(_) => (
            "{number}: suspicion, capture before you change",
            "From now on capture what is there before you change anything, and leave machines running."
                .to_owned(),
        ),
        Entry::CaptureAssigned(assigned) => {
            ("{number}: please capture the evidence", capture(scene, &assigned.class))
        }
        _ => return None,
    };
    Some(Ask { subject, wanted })
}

/// What there is to capture of a class of asset, from the playbook.
fn capture(scene: &Scene, class: &str) -> String {
    let wanted = "Please capture it before anybody changes anything. For each item say: captured, \
                  impossible, or not relevant.";
    let mut lists = scene.basis.playbook.evidence.iter();
    let Some(list) = lists.find(|list| list.class == class) else {
        return wanted.to_owned();
    };
    let items: Vec<String> = list
        .items
        .iter()
        .map(|item| format!("  [ ] {}", item.label))
        .collect();
    let caution = match list.caution.as_str() {
        "" => String::new(),
        caution => format!(" {caution}"),
    };
    format!("{wanted}{caution}\n{}", items.join("\n"))
}

/// Membership, calls, documents, redaction.
fn secrecy(scene: &Scene, to: &Recipient) -> Option<Ask> {
    let asked = |people: &std::collections::BTreeSet<_>| matches!(to, Recipient::Person(person) if people.contains(person));
    let (subject, wanted) = match &scene.entry.body {
        Entry::Restricted(_) => (
            "{number}: restricted",
            "From now on speak of it with its members only, and forward nothing.",
        ),
        Entry::MemberAdded(_) => (
            "{number}: you may see this case",
            "Read it before you act in it, and speak of it with its members only.",
        ),
        Entry::CallOpened(opened) if asked(&opened.participants) => (
            "{number}: please join a call",
            "Please join it. The link is in the case, not in this mail.",
        ),
        Entry::DocumentOpened(opened) if asked(&opened.participants) => (
            "{number}: a document for sensitive talk",
            "Please write there what does not belong into chat or ticket. The link is in the case.",
        ),
        Entry::RedactionProposed(_) => (
            "{number}: please be the second person",
            "Please agree, or decline. What two people agree to erase is gone for good.",
        ),
        Entry::Redacted(_) => (
            "{number}: please destroy your copies",
            "If you have a copy of it, in a mail or a note, please destroy it.",
        ),
        Entry::ReportAdded(_) | Entry::DetailsAdded(_) | Entry::MergedFrom(_) => (
            "{number}: more from a reporter",
            "Please look whether it changes anything.",
        ),
        Entry::AlertNoted(_) => (
            "{number}: more from a program that watches",
            "Please look whether it changes anything. What else comes stands in the case; you are told again when it is \
             twice as much, or after a quarter of an hour.",
        ),
        Entry::Disagreed(_) => (
            "{number}: a reporter does not agree",
            "Please read it, and answer the reporter. They may be right.",
        ),
        _ => return None,
    };
    let wanted = wanted.to_owned();
    Some(Ask { subject, wanted })
}

/// A notice that the product owner turned down is written anew (R17).
fn customers(scene: &Scene) -> Option<Ask> {
    matches!(scene.entry.body, Entry::CustomerNoticeDeclined(_)).then(|| Ask {
        subject: "{number}: the product owner turned down a notice",
        wanted: "These words do not go out. Please draft them anew, and they are asked again."
            .to_owned(),
    })
}

/// What a text says, in a quote.
pub(super) fn quoted(title: &str, words: &procedure::Text) -> String {
    format!("{title}:\n{}", body::quote(text(words), 2_000))
}
