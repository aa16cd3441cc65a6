//! What the retrospective owes: itself by its date, its thin parts, and each follow-up.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use super::{leader, report};
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after};
use crate::case::Status;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    if is_owed(at) {
        out.extend(whole(at));
        out.extend(lessons(at));
        out.extend(method(at));
    }
    out.extend(parts(at));
    follow_ups(at, out);
}

/// It is over, it is no false alarm that may do without, and nobody skipped it.
fn is_owed(at: At) -> bool {
    let optional = at.playbook().retrospective.optional_for_false_alarm;
    let over = !at.case.is_merged() && match at.case.status() {
        Status::ReadyForQa => true,
        Status::FalseAlarm => !optional,
        _ => false,
    };
    over && at.case.part.retrospective.skipped.is_none() && report::current(at).is_none()
}

/// By when it is held: so many business days after the response ended (X44).
pub(super) fn due(at: At) -> Option<Timestamp> {
    let rest = at.case.part.closeout.rest()?;
    let days = at.under(rest.seq).playbook().retrospective.due_business_days;
    at.project().calendar.add_business_days(rest.at, days)
}

/// So many days on, when the project is open (R72).
fn in_days(at: At, last: Timestamp, days: u32) -> Option<Timestamp> {
    let then = after(last, SignedDuration::from_hours(24 * i64::from(days.max(1))));
    at.project().calendar.next_opening(then)
}

fn whole(at: At) -> Option<Obligation> {
    let rest = at.case.part.closeout.rest().filter(|_| on(Rule::X44))?;
    let what = "Hold the retrospective and publish its report.";
    let owed = Obligation::owed(Rule::X44, "retrospective", leader(at), rest.at, what);
    let owed = owed.settled_by("publish_report");
    let days = at.playbook().retrospective.overdue_reminder_days;
    Some(match due(at) {
        Some(due) => owed.by(due).again_when(at, |last| in_days(at, last, days)),
        None => owed,
    })
}

/// A report without a lesson is warned of, not refused (R78).
fn lessons(at: At) -> Option<Obligation> {
    let rest = at.case.part.closeout.rest()?;
    report::thin(at).contains(&Rule::R78).then(|| {
        let what = "Write down what was learned, tied to the entries that show it.";
        Obligation::owed(Rule::R78, "lessons", leader(at), rest.at, what).settled_by("add_lesson")
    })
}

/// The parts that the case does not close without: follow-ups before the report goes out, and after it whatever it
/// went out without (R18). The short form asks for none (M14).
fn parts(at: At) -> Option<Obligation> {
    let rest = at.case.part.closeout.rest()?;
    if at.case.status() != Status::ReadyForQa || at.case.is_merged() || !on(Rule::R18) {
        return None;
    }
    let lacking = report::lacking(at);
    let (with, since, what) = match report::current(at) {
        Some(report) => {
            let names: Vec<&str> = lacking.iter().map(|(what, _)| *what).collect();
            let what = format!(
                "The report went out without {}: the case does not close so. Add them, and publish the report again so \
                 that it holds them.",
                names.join(", ")
            );
            (lacking.first()?.1, report.mark.at, what)
        }
        None if report::takes_short_form(at) => return None,
        None => {
            let follow_ups = lacking.iter().find(|(_, with)| *with == "add_follow_up")?;
            let what = "Say what is to be done so that it does not come again: follow-ups, each with an owner and a date.";
            (follow_ups.1, rest.at, String::from(what))
        }
    };
    Some(Obligation::owed(Rule::R18, "parts", leader(at), since, what).settled_by(with))
}

/// The guided questions, by hows or by whys (R83).
fn method(at: At) -> Option<Obligation> {
    let rest = at.case.part.closeout.rest()?;
    let thin = report::thin(at).contains(&Rule::R83) && !report::takes_short_form(at);
    thin.then(|| {
        let what = "Ask how it came to be, what would prevent it and what would help the response.";
        let with = match at.case.part.retrospective.method {
            None => "choose_method",
            Some(_) => "add_outcome",
        };
        Obligation::owed(Rule::R83, "method", leader(at), rest.at, what).settled_by(with)
    })
}

/// Each follow-up stays on its owner's board with its date, after the close too (R18, X41). The date is the one that was
/// given; business hours hold back only the word that it has passed (M11).
fn follow_ups(at: At, out: &mut Vec<Obligation>) {
    let days = at.playbook().closing.follow_up_reminder_days;
    let open = at.case.part.retrospective.follow_ups.iter().filter(|item| item.done.is_none());
    out.extend(open.filter(|_| on(Rule::R18)).map(|item| {
        let what = format!("{}: the follow-up of the retrospective is yours.", item.id);
        let key = format!("follow_up:{}", item.id);
        let owner = Owner::Person(item.owner.clone());
        let told_at = at.project().calendar.next_opening(item.due).unwrap_or(item.due);
        Obligation::owed(Rule::R18, key, owner, item.mark.at, what)
            .by_told_at(item.due, told_at)
            .again_when(at, |last| in_days(at, last, days))
            .settled_by("done_follow_up")
    }));
}
