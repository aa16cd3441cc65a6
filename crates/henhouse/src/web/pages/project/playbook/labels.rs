//! What the settings of a playbook are called by people, in the reader's language. Their names in the file stand beside
//! them: those are what the command line and a comparison say.

use crate::web::words::{Words, key};

/// The parts of a playbook, in the order of a case.
const PARTS: [(&str, &str); 14] = [
    ("intake", key("playbook-part-intake")),
    ("alarm", key("playbook-part-alarm")),
    ("roles", key("playbook-part-roles")),
    ("command", key("playbook-part-command")),
    ("assessment", key("playbook-part-assessment")),
    ("severities", key("playbook-part-severities")),
    ("disruption", key("playbook-part-disruption")),
    ("steps", key("playbook-part-steps")),
    ("sitreps", key("playbook-part-sitreps")),
    ("long_haul", key("playbook-part-long-haul")),
    ("outage", key("playbook-part-outage")),
    ("closing", key("playbook-part-closing")),
    ("retrospective", key("playbook-part-retrospective")),
    ("upkeep", key("playbook-part-upkeep")),
];

/// Each setting by its place. Those of a severity stand here once.
const SETTINGS: [(&str, &str); 73] = [
    (
        "intake.review_queue_limit_minutes",
        key("playbook-set-intake-review-queue-limit-minutes"),
    ),
    (
        "intake.burst_window_minutes",
        key("playbook-set-intake-burst-window-minutes"),
    ),
    (
        "intake.burst_after_reports",
        key("playbook-set-intake-burst-after-reports"),
    ),
    (
        "intake.burst_gather_seconds",
        key("playbook-set-intake-burst-gather-seconds"),
    ),
    (
        "intake.warn_colleagues",
        key("playbook-set-intake-warn-colleagues"),
    ),
    (
        "intake.wider_impact_limit_minutes",
        key("playbook-set-intake-wider-impact-limit-minutes"),
    ),
    (
        "alarm.ack_limit_minutes",
        key("playbook-set-alarm-ack-limit-minutes"),
    ),
    (
        "alarm.sheet_step_minutes",
        key("playbook-set-alarm-sheet-step-minutes"),
    ),
    (
        "alarm.sheet_round_pause_minutes",
        key("playbook-set-alarm-sheet-round-pause-minutes"),
    ),
    (
        "alarm.off_shift_after_rounds",
        key("playbook-set-alarm-off-shift-after-rounds"),
    ),
    (
        "alarm.sheet_at_once_when_nobody_on_call",
        key("playbook-set-alarm-sheet-at-once-when-nobody-on-call"),
    ),
    (
        "alarm.silence_limit_minutes",
        key("playbook-set-alarm-silence-limit-minutes"),
    ),
    (
        "alarm.tell_reporter_each_round",
        key("playbook-set-alarm-tell-reporter-each-round"),
    ),
    ("roles.strict_ic", key("playbook-set-roles-strict-ic")),
    (
        "command.solo_prompt_minutes",
        key("playbook-set-command-solo-prompt-minutes"),
    ),
    (
        "command.solo_decision_minutes",
        key("playbook-set-command-solo-decision-minutes"),
    ),
    (
        "command.one_person_attempts",
        key("playbook-set-command-one-person-attempts"),
    ),
    (
        "command.one_person_confirm_minutes",
        key("playbook-set-command-one-person-confirm-minutes"),
    ),
    (
        "command.take_over_offer_minutes",
        key("playbook-set-command-take-over-offer-minutes"),
    ),
    (
        "command.approver_limit_minutes",
        key("playbook-set-command-approver-limit-minutes"),
    ),
    (
        "command.prompts.budget_minutes",
        key("playbook-set-command-prompts-budget-minutes"),
    ),
    (
        "command.handover.accept_minutes",
        key("playbook-set-command-handover-accept-minutes"),
    ),
    (
        "command.handover.overlap_min_minutes",
        key("playbook-set-command-handover-overlap-min-minutes"),
    ),
    (
        "command.handover.overlap_max_minutes",
        key("playbook-set-command-handover-overlap-max-minutes"),
    ),
    (
        "assessment.lowering_after_disruption_hours",
        key("playbook-set-assessment-lowering-after-disruption-hours"),
    ),
    (
        "assessment.triage.prompt_minutes",
        key("playbook-set-assessment-triage-prompt-minutes"),
    ),
    (
        "assessment.thresholds.large_customers_percent",
        key("playbook-set-assessment-thresholds-large-customers-percent"),
    ),
    (
        "assessment.thresholds.significant_loss_amount",
        key("playbook-set-assessment-thresholds-significant-loss-amount"),
    ),
    (
        "assessment.thresholds.limited_customers_percent",
        key("playbook-set-assessment-thresholds-limited-customers-percent"),
    ),
    (
        "assessment.thresholds.limited_loss_amount",
        key("playbook-set-assessment-thresholds-limited-loss-amount"),
    ),
    (
        "cadence.every.minutes",
        key("playbook-set-severity-cadence-every-minutes"),
    ),
    (
        "cadence.business_day.tolerance_minutes",
        key("playbook-set-severity-cadence-business-day-tolerance-minutes"),
    ),
    (
        "cadence.business_day.closed_days_move_to_opening",
        key("playbook-set-severity-cadence-business-day-closed-days-move-to-opening"),
    ),
    (
        "reminder_before_minutes",
        key("playbook-set-severity-reminder-before-minutes"),
    ),
    (
        "escalation_after_minutes",
        key("playbook-set-severity-escalation-after-minutes"),
    ),
    (
        "step_due_minutes",
        key("playbook-set-severity-step-due-minutes"),
    ),
    (
        "disruption.consult_limit_minutes",
        key("playbook-set-disruption-consult-limit-minutes"),
    ),
    (
        "disruption.phone_within_minutes",
        key("playbook-set-disruption-phone-within-minutes"),
    ),
    (
        "disruption.bias_to_go",
        key("playbook-set-disruption-bias-to-go"),
    ),
    (
        "disruption.notice_due_minutes",
        key("playbook-set-disruption-notice-due-minutes"),
    ),
    (
        "disruption.team_agrees_first",
        key("playbook-set-disruption-team-agrees-first"),
    ),
    (
        "steps.overdue_reminder_minutes",
        key("playbook-set-steps-overdue-reminder-minutes"),
    ),
    (
        "steps.verify_reminder_minutes",
        key("playbook-set-steps-verify-reminder-minutes"),
    ),
    (
        "steps.isolation_confirm_seconds",
        key("playbook-set-steps-isolation-confirm-seconds"),
    ),
    (
        "steps.hold_ack_minutes",
        key("playbook-set-steps-hold-ack-minutes"),
    ),
    (
        "sitreps.initial_due_minutes",
        key("playbook-set-sitreps-initial-due-minutes"),
    ),
    (
        "sitreps.after_raise_minutes",
        key("playbook-set-sitreps-after-raise-minutes"),
    ),
    (
        "sitreps.no_change_limit",
        key("playbook-set-sitreps-no-change-limit"),
    ),
    (
        "long_haul.plan_after_minutes",
        key("playbook-set-long-haul-plan-after-minutes"),
    ),
    (
        "long_haul.plan_due_minutes",
        key("playbook-set-long-haul-plan-due-minutes"),
    ),
    (
        "long_haul.shift_minutes",
        key("playbook-set-long-haul-shift-minutes"),
    ),
    (
        "long_haul.ic_minutes",
        key("playbook-set-long-haul-ic-minutes"),
    ),
    (
        "long_haul.ic_reminder_before_minutes",
        key("playbook-set-long-haul-ic-reminder-before-minutes"),
    ),
    (
        "long_haul.rest_minutes",
        key("playbook-set-long-haul-rest-minutes"),
    ),
    (
        "outage.disruption_daytime_minutes",
        key("playbook-set-outage-disruption-daytime-minutes"),
    ),
    (
        "outage.disruption_otherwise_minutes",
        key("playbook-set-outage-disruption-otherwise-minutes"),
    ),
    (
        "outage.recovery_limit_minutes",
        key("playbook-set-outage-recovery-limit-minutes"),
    ),
    (
        "closing.final_sitrep_due_minutes",
        key("playbook-set-closing-final-sitrep-due-minutes"),
    ),
    (
        "closing.review_reminder_business_days",
        key("playbook-set-closing-review-reminder-business-days"),
    ),
    (
        "closing.follow_up_reminder_days",
        key("playbook-set-closing-follow-up-reminder-days"),
    ),
    (
        "closing.calls_need_record",
        key("playbook-set-closing-calls-need-record"),
    ),
    (
        "retrospective.due_business_days",
        key("playbook-set-retrospective-due-business-days"),
    ),
    (
        "retrospective.overdue_reminder_days",
        key("playbook-set-retrospective-overdue-reminder-days"),
    ),
    (
        "retrospective.optional_for_false_alarm",
        key("playbook-set-retrospective-optional-for-false-alarm"),
    ),
    (
        "upkeep.review_interval_days",
        key("playbook-set-upkeep-review-interval-days"),
    ),
    (
        "upkeep.review_by_another",
        key("playbook-set-upkeep-review-by-another"),
    ),
    (
        "upkeep.training_within_days",
        key("playbook-set-upkeep-training-within-days"),
    ),
    (
        "upkeep.contingency_training_within_days",
        key("playbook-set-upkeep-contingency-training-within-days"),
    ),
    (
        "upkeep.training_interval_days",
        key("playbook-set-upkeep-training-interval-days"),
    ),
    (
        "upkeep.outside_report_answer_business_days",
        key("playbook-set-upkeep-outside-report-answer-business-days"),
    ),
    (
        "upkeep.default_response_minutes",
        key("playbook-set-upkeep-default-response-minutes"),
    ),
    (
        "upkeep.page_test_interval_days",
        key("playbook-set-upkeep-page-test-interval-days"),
    ),
    (
        "upkeep.always_somebody_on_call",
        key("playbook-set-upkeep-always-somebody-on-call"),
    ),
];

/// A part: where it comes, and what it is called; nothing for one that has no name here.
pub(super) fn part(w: Words, part: &str) -> Option<(usize, String)> {
    let place = PARTS.iter().position(|(known, _)| *known == part)?;
    let (_, id) = PARTS.get(place)?;
    Some((place, w.say(id).into_owned()))
}

/// A setting, and for one of a severity which; nothing for one that has no name here.
pub(super) fn setting(w: Words, place: &str) -> Option<String> {
    let of_one = place.strip_prefix("severities.");
    let (severity, place) = match of_one.and_then(|rest| rest.split_once('.')) {
        Some((severity, rest)) => (Some(severity), rest),
        None => (None, place),
    };
    let mut known = SETTINGS.iter();
    let (_, id) = known.find(|(known, _)| *known == place)?;
    let said = w.say(id);
    Some(match severity {
        Some("high") => format!("High: {said}"),
        Some("medium") => format!("Medium: {said}"),
        Some("low") => format!("Low: {said}"),
        Some(_) => return None,
        None => said.into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::leaves::leaves;
    use super::*;

    #[test]
    fn every_number_and_switch_of_the_handbook_has_a_label() {
        for (place, value) in leaves(&crate::founding::handbook()) {
            let shown = !place.contains('[') && place != "edition";
            if shown && (value.is_u64() || value.is_boolean()) {
                let top = place.split('.').next().unwrap_or_default();
                assert!(setting(Words::default(), &place).is_some(), "{place}");
                assert!(part(Words::default(), top).is_some(), "{top}");
            }
        }
    }
}
