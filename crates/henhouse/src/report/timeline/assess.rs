//! Is it real, what does it harm, how severe is it?

use procedure::Body;
use procedure::chapters::assess::{
    CriteriaAnswered, Harm, Impact, Question, QuestionAnswered, SeveritySet,
};
use procedure::playbook::{Answer, Severity};

use super::{Teller, because, one_line, quoted};
use crate::report::people::list;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::Confirmed(confirmed) => {
            let severity = crate::report::severity(confirmed.severity);
            let reason = because(confirmed.reason.as_ref());
            let joined = match confirmed.joined.as_slice() {
                [] => String::new(),
                new => format!(" New in the response: {}.", t.names.people(new)),
            };
            format!("{who} confirmed it as an incident, severity {severity}{reason}{joined}")
        }
        Body::FalseAlarmCalled(called) => {
            format!(
                "{who} called it a false alarm{}",
                because(called.reason.as_ref())
            )
        }
        Body::SeveritySet(set) => severity(who, set),
        Body::LoweringExplained(explained) => format!(
            "{who} said why the severity was lowered in entry {}: \"{}\"",
            explained.entry,
            one_line(&explained.reason)
        ),
        Body::QuestionAnswered(answered) => question(t, answered),
        Body::CriteriaAnswered(answered) => criteria(t, answered),
        Body::ImpactAssessed(assessed) => format!(
            "{who} said what is harmed: {}.",
            impact(t, &assessed.impact)
        ),
        Body::ContingencyDecided(decided) => {
            let does = if decided.activate {
                "activates"
            } else {
                "does not activate"
            };
            format!(
                "{who} {does} the contingency plan, because: \"{}\"",
                one_line(&decided.reason)
            )
        }
        _ => return None,
    })
}

fn severity(who: &str, set: &SeveritySet) -> String {
    let (from, to) = (
        crate::report::severity(set.from),
        crate::report::severity(set.severity),
    );
    let verb = match set.from {
        Severity::Unknown => "chose",
        before if set.severity > before => "raised",
        before if set.severity < before => "lowered",
        _ => "kept",
    };
    let reason = because(set.reason.as_ref());
    let suggested = match set.suggested {
        Severity::Unknown => String::new(),
        suggested if suggested == set.severity => String::new(),
        suggested => format!(
            " The answers suggested {}.",
            crate::report::severity(suggested)
        ),
    };
    match verb {
        "chose" => format!("{who} chose severity {to}{reason}{suggested}"),
        _ => format!("{who} {verb} the severity from {from} to {to}{reason}{suggested}"),
    }
}

fn question(t: &Teller, answered: &QuestionAnswered) -> String {
    let asked = match answered.question {
        Question::Happened => "Did it really happen?",
        Question::Dependency => "Is a service of somebody else the trigger?",
        Question::SystemFailure => "Is a failure of our own system the cause?",
        Question::SensitiveData => "Is sensitive personal data involved?",
        Question::WiderImpact => "Is more of the organisation hit than this project?",
    };
    let which: Vec<String> = answered
        .which
        .iter()
        .map(|id| t.names.dependency(id))
        .collect();
    let which = if which.is_empty() {
        String::new()
    } else {
        format!(", {}", list(&which))
    };
    let note = quoted(answered.note.as_ref());
    format!(
        "{} answered: {asked} {}{which}{note}",
        t.who,
        capital(answer_word(answered.answer))
    )
}

fn criteria(t: &Teller, answered: &CriteriaAnswered) -> String {
    let assessment = &t.playbook.assessment;
    let question = |id: &str| {
        let known = assessment
            .criteria
            .iter()
            .find(|criterion| criterion.id == id);
        known.map_or_else(
            || id.replace('_', " "),
            |criterion| criterion.question.clone(),
        )
    };
    let pick = |id: &String| {
        let known = assessment.picks.iter().find(|pick| &pick.id == id);
        known.map_or_else(|| id.replace('_', " "), |pick| pick.label.clone())
    };
    let given = answered.answers.iter();
    let given = given.map(|(id, answer)| format!("{} {}", question(id), answer_word(*answer)));
    let fits = answered
        .picks
        .iter()
        .map(|id| format!("it fits \"{}\"", pick(id)));
    let not = answered
        .unpicked
        .iter()
        .map(|id| format!("it does not fit \"{}\"", pick(id)));
    let all: Vec<String> = given.chain(fits).chain(not).collect();
    format!("{} answered about the severity: {}.", t.who, all.join("; "))
}

fn impact(t: &Teller, impact: &Impact) -> String {
    let mut said = Vec::new();
    for (name, harm) in [
        ("confidentiality", impact.confidentiality),
        ("integrity", impact.integrity),
        ("availability", impact.availability),
        ("privacy", impact.privacy),
    ] {
        match harm {
            Some(Harm::Actual) => said.push(format!("{name} is harmed")),
            Some(Harm::Potential) => said.push(format!("{name} might be harmed")),
            Some(Harm::None) => said.push(format!("{name} is not harmed")),
            None => {}
        }
    }
    if !impact.assets.is_empty() {
        said.push(format!("affected: {}", t.names.assets(&impact.assets)));
    }
    if let Some(people) = impact.people {
        said.push(format!("people affected: {people}"));
    }
    if said.is_empty() {
        return "nothing that is known".to_owned();
    }
    said.join("; ")
}

fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Unknown => "unknown",
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
