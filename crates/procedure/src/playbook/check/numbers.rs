//! Limits of zero, absurd limits, and limits that contradict each other.

use super::findings::Findings;
use crate::playbook::Playbook;
use alloc::format;

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

pub(super) fn check(playbook: &Playbook, findings: &mut Findings) {
    for (place, value, most) in limits(playbook) {
        if value == 0 {
            let sentence = format!("{place} is zero, so its limit has passed before it began.");
            findings.error(place, sentence, "Give it at least 1.");
        } else if value > most {
            let sentence = format!("{place} is {value}; more than {most} helps nobody.");
            findings.warning(place, sentence, "Check the unit at the end of its name.");
        }
    }
    if playbook.intake.wider_impact_limit_minutes == Some(0) {
        let place = "intake.wider_impact_limit_minutes";
        let sentence = format!("{place} is zero, so its limit has passed before it began.");
        findings.error(place, sentence, "Give it at least 1, or leave it out.");
    }
    rules(playbook, findings);
    order(playbook, findings);
}

/// Fields of a playbook with their names and the most that makes sense, in the unit that
/// the name ends with.
macro_rules! limits {
    ($playbook:ident: $($part:ident $(.$field:ident)+ <= $most:expr,)+) => {
        [$((
            concat!(stringify!($part) $(, ".", stringify!($field))+),
            $playbook.$part$(.$field)+,
            $most,
        )),+]
    };
}

/// Pairs of fields of which the first must not be greater than the second, with the rule.
macro_rules! pairs {
    ($playbook:ident.$part:ident: $($($less:ident).+ <= $($more:ident).+ by $rule:literal,)+) => {
        [$((
            concat!(stringify!($part) $(, ".", stringify!($less))+),
            u32::from($playbook.$part$(.$less)+),
            concat!(stringify!($part) $(, ".", stringify!($more))+),
            u32::from($playbook.$part$(.$more)+),
            $rule,
        )),+]
    };
}

fn limits(playbook: &Playbook) -> [(&'static str, u32, u32); 40] {
    limits! { playbook:
        intake.review_queue_limit_minutes <= HOUR,
        intake.burst_window_minutes <= HOUR,
        intake.burst_after_reports <= 20,
        intake.burst_gather_seconds <= 120,
        alarm.ack_limit_minutes <= HOUR,
        alarm.sheet_step_minutes <= 30,
        alarm.off_shift_after_rounds <= 5,
        alarm.silence_limit_minutes <= HOUR,
        command.solo_prompt_minutes <= HOUR,
        command.solo_decision_minutes <= 2 * HOUR,
        command.one_person_attempts <= 5,
        command.one_person_confirm_minutes <= 4 * HOUR,
        command.take_over_offer_minutes <= HOUR,
        command.approver_limit_minutes <= 3 * HOUR,
        command.prompts.budget_minutes <= HOUR,
        command.handover.accept_minutes <= HOUR,
        command.handover.overlap_max_minutes <= 2 * HOUR,
        assessment.triage.prompt_minutes <= HOUR,
        disruption.consult_limit_minutes <= DAY,
        disruption.phone_within_minutes <= HOUR,
        disruption.notice_due_minutes <= 4 * HOUR,
        steps.overdue_reminder_minutes <= DAY,
        steps.verify_reminder_minutes <= DAY,
        steps.isolation_confirm_seconds <= 600,
        steps.hold_ack_minutes <= DAY,
        sitreps.initial_due_minutes <= 4 * HOUR,
        sitreps.after_raise_minutes <= HOUR,
        long_haul.plan_after_minutes <= 12 * HOUR,
        long_haul.plan_due_minutes <= 4 * HOUR,
        long_haul.shift_minutes <= 12 * HOUR,
        long_haul.ic_minutes <= 12 * HOUR,
        outage.disruption_daytime_minutes <= DAY,
        outage.disruption_otherwise_minutes <= DAY,
        outage.recovery_limit_minutes <= 7 * DAY,
        closing.final_sitrep_due_minutes <= DAY,
        closing.follow_up_reminder_days <= 31,
        retrospective.due_business_days <= 30,
        retrospective.overdue_reminder_days <= 31,
        upkeep.review_interval_days <= 3 * 366,
        upkeep.default_response_minutes <= DAY,
    }
}

/// Numbers that a rule sets itself.
fn rules(playbook: &Playbook, findings: &mut Findings) {
    let ack = playbook.alarm.ack_limit_minutes;
    if ack > 10 {
        findings.warning(
            "alarm.ack_limit_minutes",
            format!("A report waits {ack} minutes before the contact sheet is called; the handbook allows 10 (R26)."),
            "Set it to 10 or less.",
        );
    }
    if playbook.closing.follow_up_reminder_days > 7 {
        findings.error(
            "closing.follow_up_reminder_days",
            "Whoever owes something is reminded at least weekly (X41).",
            "Set it to 7 or less.",
        );
    }
    for (place, minutes) in [
        ("long_haul.shift_minutes", playbook.long_haul.shift_minutes),
        ("long_haul.ic_minutes", playbook.long_haul.ic_minutes),
    ] {
        if minutes > 3 * HOUR {
            findings.warning(
                place,
                format!("{minutes} minutes at a stretch is more than the three hours people stay fit for (R69, R70)."),
                "Set it to 180 or less.",
            );
        }
    }
    if !playbook.upkeep.review_by_another {
        findings.error(
            "upkeep.review_by_another",
            "A change of the playbook would need nobody but its author (X30).",
            "Set it to true.",
        );
    }
}

/// Limits that contradict each other.
fn order(playbook: &Playbook, findings: &mut Findings) {
    let command = pairs! { playbook.command:
        solo_prompt_minutes <= solo_decision_minutes by "X3",
        handover.overlap_min_minutes <= handover.overlap_max_minutes by "X4",
    };
    let disruption = pairs! { playbook.disruption:
        phone_within_minutes <= consult_limit_minutes by "M3",
    };
    let long_haul = pairs! { playbook.long_haul:
        ic_reminder_before_minutes <= ic_minutes by "R70",
    };
    let outage = pairs! { playbook.outage:
        disruption_daytime_minutes <= disruption_otherwise_minutes by "X21",
    };
    let thresholds = pairs! { playbook.assessment:
        thresholds.limited_loss_amount <= thresholds.significant_loss_amount by "M8",
        thresholds.limited_customers_percent <= thresholds.large_customers_percent by "M8",
    };
    let pairs = command
        .into_iter()
        .chain(disruption)
        .chain(long_haul)
        .chain(outage)
        .chain(thresholds);
    for (place, less, other, more, rule) in pairs {
        if less > more {
            findings.error(
                place,
                format!("{place} ({less}) must not be more than {other} ({more}) ({rule})."),
                "Change one of the two.",
            );
        }
    }
    if playbook.assessment.thresholds.large_customers_percent > 100 {
        findings.error(
            "assessment.thresholds.large_customers_percent",
            "No more than 100 percent of the customers can be affected (M8).",
            "Set it to 100 or less.",
        );
    }
}
