//! A sitrep, begun with what changed since the last one, newest first.

use procedure::at::At;
use procedure::chapters::assess::{Harm, data_is_involved};
use procedure::chapters::disruption::{Disruption, consent};
use procedure::chapters::milestones::Milestone;
use procedure::chapters::record::FactKind;
use procedure::chapters::work::{Lead, LeadState, Step, StepState};
use procedure::playbook::{Answer, Severity};
use procedure::{PersonId, Status};

use super::super::{Times, title};
use super::{line, role};

/// So many lines of a sort: what is read at three in the morning is short.
const LINES: usize = 5;

/// The parts of a sitrep, each to be changed before it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitrep {
    /// All in a sentence.
    pub summary: String,
    /// What we know.
    pub known: String,
    /// What we are doing, and who.
    pub doing: String,
    /// What we need.
    pub need: String,
    /// Something has changed since the last one.
    pub news: bool,
}

/// The sitrep that could go out now.
#[must_use]
pub fn sitrep(at: At, times: &Times) -> Sitrep {
    let since = at.case.part.sitreps.last().map_or(0, |last| last.mark.seq);
    let news = news(at, since, times);
    let any = !news.is_empty() || worked_on(at, since);
    let mut known: Vec<String> = news.into_iter().take(LINES).collect();
    known.push(certainty(at));
    Sitrep {
        summary: summary(at),
        known: known.join("\n"),
        doing: doing(at, since, times).join("\n"),
        need: need(at).join("\n"),
        news: any,
    }
}

fn summary(at: At) -> String {
    let case = at.case;
    let severity = case.part.assess.severity;
    let what = title(case).unwrap_or_default();
    let what = what.trim_end_matches('.');
    let stands = match case.status() {
        _ if case.part.milestones.when(Milestone::Resolved).is_some() => "it is fixed",
        _ if case.part.milestones.is_calm() => "it is contained",
        Status::Investigating => "we are finding out whether it is real",
        _ => "we are working on it",
    };
    match severity {
        Severity::Unknown => format!("{what}: not assessed yet, {stands}."),
        severity => format!("{what}: severity {}, {stands}.", severity.word()),
    }
}

/// What happened since, newest first.
fn news(at: At, since: u64, times: &Times) -> Vec<String> {
    let (case, part) = (at.case, &at.case.part);
    let mut all: Vec<(u64, String)> = Vec::new();
    if let Some(change) = part
        .assess
        .severities
        .last()
        .filter(|change| change.mark.seq > since)
    {
        let (to, when) = (change.to.word(), times.at(change.mark.at));
        all.push((change.mark.seq, format!("Severity is {to} since {when}.")));
    }
    for (milestone, word) in [
        (Milestone::Contained, "Contained: it can do no further harm"),
        (Milestone::Resolved, "Resolved: it is fixed"),
    ] {
        let noted = part
            .milestones
            .noted
            .get(&milestone)
            .and_then(|all| all.last());
        if let Some(noted) = noted.filter(|noted| noted.seq > since) {
            let when = noted.when.map(|when| format!(", {}", times.claimed(&when)));
            all.push((noted.seq, format!("{word}{}.", when.unwrap_or_default())));
        }
    }
    let decided = part.record.facts.iter().filter(|fact| fact.seq > since);
    for fact in
        decided.filter(|fact| fact.kind == FactKind::Decision || fact.kind == FactKind::Result)
    {
        let words = line(at, fact.seq, &fact.text);
        let sort = if fact.kind == FactKind::Decision {
            "Decided: "
        } else {
            ""
        };
        all.extend(words.map(|words| (fact.seq, format!("{sort}{words}."))));
    }
    for lead in part
        .work
        .leads
        .iter()
        .filter(|lead| lead.last.0 > since && lead.state == LeadState::Done)
    {
        let told = lead
            .finding
            .as_ref()
            .filter(|_| lead.marking <= case.marking());
        let words = told.and_then(|finding| line(at, lead.last.0, finding));
        all.extend(words.map(|words| (lead.last.0, format!("Found out: {words}."))));
    }
    for exhibit in part
        .evidence
        .exhibits
        .iter()
        .filter(|exhibit| exhibit.seq > since)
    {
        let words = line(at, exhibit.seq, &exhibit.label);
        all.extend(words.map(|words| (exhibit.seq, format!("Evidence {}: {words}.", exhibit.id))));
    }
    all.extend(
        part.disruption
            .disruptions
            .iter()
            .filter_map(|found| disturbed(at, found, since, times)),
    );
    all.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
    all.into_iter().map(|(_, words)| words).collect()
}

/// Somebody added, began or did something, or asked for a disruption, since: the draft tells it among what is done.
fn worked_on(at: At, since: u64) -> bool {
    let (work, disruption) = (&at.case.part.work, &at.case.part.disruption);
    let done = |step: &Step| step.finished.as_ref().is_some_and(|mark| mark.seq > since);
    let begun = |step: &Step| step.starts.iter().any(|mark| mark.seq > since);
    let step = |step: &Step| step.seq > since || begun(step) || done(step);
    work.steps.iter().any(step)
        || work.leads.iter().any(|lead| lead.last.0 > since)
        || disruption.disruptions.iter().any(|one| one.seq > since)
}

fn disturbed(at: At, found: &Disruption, since: u64, times: &Times) -> Option<(u64, String)> {
    let words = line(at, found.seq, &found.text)?;
    match (&found.ended, &found.began) {
        (Some((when, seq)), _) if *seq > since => Some((
            *seq,
            format!("Runs again since {}: {words}.", times.at(*when)),
        )),
        (None, Some(began)) if began.seq > since => Some((
            began.seq,
            format!("Disturbed since {}: {words}.", times.at(began.at)),
        )),
        _ => None,
    }
}

/// What is confirmed, suspected, or not known.
fn certainty(at: At) -> String {
    let assess = &at.case.part.assess;
    let first = match at.case.status() {
        Status::Investigating => "Suspected, not confirmed yet",
        _ => "Confirmed",
    };
    let harm = |word: &str, wanted: Harm| {
        let impact = assess.impact()?;
        let harmed = [
            (impact.confidentiality, "confidentiality"),
            (impact.integrity, "integrity"),
            (impact.availability, "availability"),
            (impact.privacy, "privacy"),
        ];
        let named = harmed.iter().filter(|(harm, _)| *harm == Some(wanted));
        let named: Vec<&str> = named.map(|(_, name)| *name).collect();
        (!named.is_empty()).then(|| format!("{word} {}", named.join(", ")))
    };
    let mut said = vec![first.to_owned()];
    said.extend(harm("harmed:", Harm::Actual));
    said.extend(harm("suspected harm to", Harm::Potential));
    if matches!(data_is_involved(at), None | Some(Answer::Unknown)) {
        said.push("unknown whether sensitive data is involved".to_owned());
    }
    format!("{}.", said.join("; "))
}

/// What is done and by whom, newest first.
fn doing(at: At, since: u64, times: &Times) -> Vec<String> {
    let work = &at.case.part.work;
    let who = |person: Option<&PersonId>| role(at.case, person);
    let step = |step: &Step| {
        let words = line(at, step.seq, &step.text)?;
        let owner = who(step.owner.as_ref());
        match step.state {
            StepState::InWork => Some(format!("{words} ({owner})")),
            StepState::Planned => {
                let due = step.due.map(|due| format!(", by {}", times.at(due)));
                Some(format!(
                    "Next: {words} ({owner}{})",
                    due.unwrap_or_default()
                ))
            }
            StepState::Done | StepState::Verified => {
                let done = step.finished.as_ref().filter(|deed| deed.seq > since);
                done.map(|_| format!("Done: {words}"))
            }
            StepState::Dropped => None,
        }
    };
    let lead = |lead: &Lead| {
        let told = lead.state == LeadState::InWork && lead.marking <= at.case.marking();
        let words = line(at, lead.seq, &lead.text).filter(|_| told)?;
        Some(format!(
            "Finding out: {words} ({})",
            who(lead.owner.as_ref())
        ))
    };
    let steps = work.steps.iter().rev().filter_map(step);
    let leads = work.leads.iter().rev().filter_map(lead);
    steps.chain(leads).take(LINES).collect()
}

/// Neither free to begin, as at High, nor stopped by a no.
fn waits_for_an_answer(at: At, found: &Disruption) -> bool {
    let consent = consent(at, found, at.severity(), at.now);
    !consent.go && !consent.stopped
}

/// What waits for somebody.
fn need(at: At) -> Vec<String> {
    let part = &at.case.part;
    let ownerless = part
        .work
        .steps
        .iter()
        .filter(|step| step.owner.is_none() && !step.is_settled());
    let mut all: Vec<String> = ownerless
        .filter_map(|step| {
            Some(format!(
                "Somebody for: {}.",
                line(at, step.seq, &step.text)?
            ))
        })
        .collect();
    let waiting = part
        .disruption
        .disruptions
        .iter()
        .filter(|found| found.is_waiting())
        .filter(|found| waits_for_an_answer(at, found));
    all.extend(waiting.filter_map(|found| {
        let words = line(at, found.seq, &found.text)?;
        Some(format!("A yes or no to {}: {words}.", found.id))
    }));
    all.truncate(LINES);
    if all.is_empty() {
        all.push("Nothing at the moment.".to_owned());
    }
    all
}
