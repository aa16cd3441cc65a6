//! Changing how often sitreps are due in one case (R94, R99, R103, M19).

use jiff::Timestamp;

use super::clock;
use super::payload::{CadenceChanged, ChangeCadence};
use crate::at::At;
use crate::chapters::assess;
use crate::decide::{Decision, Gate, Refusal};
use crate::playbook::{Cadence, DaySlots, Severity};

pub(super) fn change(d: &mut Decision, command: &ChangeCadence) -> Result<(), Refusal> {
    d.person()?;
    let severity = d.case().part.assess.severity;
    let rule = clock::rule_of(severity);
    d.only_ic(rule)?;
    let ChangeCadence { minutes, like } = command.clone();
    if minutes == Some(0) || like == Some(Severity::Unknown) || (minutes.is_some() && like.is_some()) {
        return Err(Refusal::invalid(
            "Give minutes, or a severity to go by.",
            "Name one of the two; neither goes back to the severity's own cadence.",
        ));
    }
    let kept = is_offered(d.at, command) || !is_longer(d.at, command);
    d.gate(Gate::Closing, kept, || {
        Refusal::rule(
            rule,
            "Sitreps would come more seldom than the severity asks for.",
            "Choose a shorter time, lower the severity, or waive the rule with a reason.",
        )
    })?;
    d.record(CadenceChanged { minutes, like });
    Ok(())
}

/// Once contained, the gentler cadence that the playbook offers (M19).
pub(super) fn offered(at: At) -> Option<Severity> {
    let policy = assess::policy(at);
    let taken = clock::choice(at).is_some_and(|choice| choice.like == policy.after_contained_cadence_of);
    let open = at.case.is_active() && at.case.part.milestones.is_calm() && !taken;
    policy.after_contained_cadence_of.filter(|_| open)
}

fn is_offered(at: At, command: &ChangeCadence) -> bool {
    command.like.is_some() && command.like == offered(at)
}

/// Whether sitreps would come more seldom than the severity's own cadence asks for.
fn is_longer(at: At, command: &ChangeCadence) -> bool {
    let severity = at.case.part.assess.severity;
    let own = &assess::policy(at).cadence;
    match (command.minutes, command.like) {
        (Some(minutes), _) => minutes > minutes_of(at, own),
        (None, Some(like)) => like < severity || severity == Severity::Unknown && like != Severity::High,
        (None, None) => false,
    }
}

/// The longest wait between two sitreps of a cadence, in minutes of the time that counts.
fn minutes_of(at: At, cadence: &Cadence) -> u32 {
    match cadence {
        Cadence::Every { minutes } => *minutes,
        Cadence::BusinessDay(slots) => {
            let day = day_minutes(at, at.now);
            u32::try_from(day * i64::from(widest_gap(slots)) / 100).unwrap_or(u32::MAX)
        }
    }
}

/// Open minutes of the next business day.
fn day_minutes(at: At, now: Timestamp) -> i64 {
    let calendar = &at.project().calendar;
    let Some(opening) = calendar.next_opening(now) else { return 0 };
    let open = calendar.open_on(calendar.date(opening));
    open.iter().map(|span| span.to.duration_since(span.from).as_mins()).sum()
}

/// The widest gap between slots, in percent of a day, from the last one to tomorrow's first.
fn widest_gap(slots: &DaySlots) -> u8 {
    let times = &slots.percent_of_day;
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return 100 };
    let overnight = 100_u8.saturating_sub(*last).saturating_add(*first);
    let between = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
    between.max().unwrap_or(0).max(overnight)
}
