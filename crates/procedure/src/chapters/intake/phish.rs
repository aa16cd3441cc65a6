//! Suspicious mails: what follows from the three questions, within a case (R107 to R112).

use alloc::format;

use super::payload::{Follows, Phish, Report};
use super::state::Received;
use crate::at::At;
use crate::chapters::work::{self, Step};
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::playbook::EvidenceKind;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// What was in the spam folder, and was left alone, opens nothing (R112).
pub(super) fn needs_an_event(report: &Report) -> Result<(), Refusal> {
    match report.phish.follows() {
        Follows::Nothing => Err(Refusal::rule(
            Rule::R112,
            "A mail that was in the spam folder already needs nothing, and nobody is called.",
            "Leave it there. If you clicked, opened or typed in anything, say that instead.",
        )),
        _ => Ok(()),
    }
}

/// Whoever did something with the mail is helped to see whether their device and account are sound: a step for each such
/// report (R109).
pub(super) fn verify_their_devices<'a>(
    d: &mut Decision,
    reports: impl IntoIterator<Item = &'a Report>,
) {
    let mut templates = d.at.playbook().steps.templates.iter();
    let template = templates.find(|template| template.rule == Rule::R109.id());
    let Some(template) = template.filter(|_| on(Rule::R109)) else { return };
    let known = d.case().part.intake.reports.len();
    let acted = (known + 1..).zip(reports).filter(|(_, report)| report.phish.acted_upon());
    for (nth, (number, _)) in acted.enumerate() {
        let words = match number {
            1 => template.title.clone(),
            number => format!("{} (report {number})", template.title),
        };
        work::add_from_template(d, template, Text::from(words.as_str()), nth);
    }
}

/// Whether it was made for a report that said so, and nobody has begun: a case that takes the report over makes it anew.
pub(super) fn goes_along(at: At, step: &Step) -> bool {
    let untouched = step.owner.is_none() && step.starts.is_empty() && step.is_open();
    untouched && is_theirs(at, step)
}

fn is_theirs(at: At, step: &Step) -> bool {
    let mut templates = at.playbook().steps.templates.iter();
    let template = templates.find(|template| template.rule == Rule::R109.id());
    template.is_some_and(|template| step.template.as_ref() == Some(&template.id))
}

pub(super) fn judge(rule: Rule, at: At) -> Option<Judged> {
    Some(match rule {
        Rule::R107 => asked(at),
        Rule::R108 => reported_with_any_yes(at),
        Rule::R109 => verified(at),
        Rule::R111 => kept_before_it_is_deleted(at),
        Rule::R112 => left_in_the_spam_folder(at),
        _ => return None,
    })
}

/// The response is over, so that what is not done now will not be.
pub(super) fn is_past(at: At) -> bool {
    at.case.part.closeout.at_rest() || at.case.is_over()
}

pub(super) fn reports<'a>(at: At<'a>, fits: fn(Phish) -> bool) -> impl Iterator<Item = &'a Received> {
    let reports = at.case.part.intake.reports.iter();
    reports.filter(move |received| fits(received.report.phish))
}

fn shown(received: &Received) -> Judged {
    Judged::done(received.at, &received.by, received.seq)
}

/// None was acted upon: what is said of such a case.
pub(super) const NOT_A_MAIL: &str = "Nobody said anything about a suspicious mail.";
const NOTHING_DONE: &str = "Nobody clicked, opened or typed in anything.";

fn asked(at: At) -> Judged {
    let first = reports(at, Phish::is_answered).next();
    first.map_or_else(|| Judged::not_applicable(NOT_A_MAIL), shown)
}

fn reported_with_any_yes(at: At) -> Judged {
    let first = reports(at, Phish::acted_upon).next();
    first.map_or_else(|| Judged::not_applicable(NOTHING_DONE), shown)
}

/// Every device has been looked at, and somebody says what came of it.
fn verified(at: At) -> Judged {
    if reports(at, Phish::acted_upon).next().is_none() {
        return Judged::not_applicable(NOTHING_DONE);
    }
    if at.case.part.intake.merged_into.is_some() {
        return Judged::not_applicable("It is seen to in the case that took the report over.");
    }
    let steps = at.case.part.work.steps.iter().filter(|step| is_theirs(at, step));
    let mut last = None;
    for step in steps {
        match (&step.finished, &step.dropped) {
            (Some(done), _) => last = Some(Judged::done(done.at, &done.by, step.seq)),
            (None, Some(_)) => {
                let gone = "The step to verify a reporter's device and account was given up.";
                return Judged::missing(gone).shown_by(step.seq);
            }
            (None, None) if is_past(at) => return not_looked_at().shown_by(step.seq),
            (None, None) => return Judged::open(None),
        }
    }
    last.unwrap_or_else(not_looked_at)
}

fn not_looked_at() -> Judged {
    Judged::missing("Nobody verified the device and account of a reporter who did something with the mail.")
}

fn kept_before_it_is_deleted(at: At) -> Judged {
    let left_alone = |phish: Phish| phish.follows() == Follows::Advice;
    let Some(first) = reports(at, left_alone).next() else {
        return Judged::not_applicable("Nobody was told that they may delete a mail.");
    };
    let exhibits = &at.case.part.evidence.exhibits;
    let mail = exhibits.iter().find(|exhibit| exhibit.kind == EvidenceKind::Mail);
    let seq = mail.map_or(first.seq, |mail| mail.seq);
    match first.report.phish.may_be_deleted(mail.is_some()) {
        true => shown(first).shown_by(seq),
        false if is_past(at) => Judged::missing("The mail was not kept."),
        false => Judged::open(None),
    }
}

fn left_in_the_spam_folder(at: At) -> Judged {
    let in_spam = reports(at, |phish| phish.in_spam).next();
    match in_spam {
        Some(_) => Judged::not_applicable("It was in the spam folder, and somebody did something with it there."),
        None => Judged::not_applicable("What was found in a spam folder opens no event."),
    }
}
