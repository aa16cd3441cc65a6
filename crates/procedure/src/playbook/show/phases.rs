//! The four phases: the checklist of each and its numbers in sentences.

use super::amounts::{and, class, count, every, evidence as evidence_word, minutes, role};
use super::page::Page;
use crate::playbook::{ChecklistItem, Choice, Disruption, DisruptionPolicy, Playbook, Severity};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use jiff::civil::Time;

fn checklist(playbook: &Playbook, items: &[ChecklistItem], page: &mut Page) {
    page.boxes(items.iter().map(|item| {
        let whose = role(&playbook.roles, item.role);
        format!("{} ({whose}; {})", item.text, item.rules.join(", "))
    }));
}

fn labels(choices: &[Choice]) -> impl Iterator<Item = &String> {
    choices.iter().map(|choice| &choice.label)
}

pub(super) fn initiate(playbook: &Playbook, page: &mut Page) {
    let (intake, alarm) = (&playbook.intake, &playbook.alarm);
    page.section("Phase 1: Initiate");
    checklist(playbook, &playbook.checklists.initiate, page);
    page.subsection("What to report");
    page.paragraph(&intake.definition);
    page.paragraph(&intake.reassurance);
    page.paragraph(&intake.expected_first);
    page.paragraph(&intake.do_not_delete);
    page.paragraph("For example:");
    page.list(intake.signs.iter().map(|sign| &sign.label));
    page.subsection("A suspicious mail");
    page.list(labels(&intake.phishing_questions));
    page.paragraph(
        "Yes to any of them: it is reported at once. Otherwise keep the mail first, then:",
    );
    page.list(&intake.phishing_advice);
    page.subsection("Until somebody answers");
    let at_once = if alarm.sheet_at_once_when_nobody_on_call {
        " When nobody is on call or no pager works, the sheet is called at once."
    } else {
        ""
    };
    let each_round = if alarm.tell_reporter_each_round {
        " The reporter is told after each round."
    } else {
        ""
    };
    page.list([
        format!(
            "Without acknowledgement {} after a report, the contact sheet is called.{at_once}",
            minutes(alarm.ack_limit_minutes)
        ),
        format!(
            "One person after the other, {} apart, round after round with a pause of {}, until somebody acknowledges.{each_round}",
            minutes(alarm.sheet_step_minutes),
            minutes(alarm.sheet_round_pause_minutes)
        ),
        format!(
            "After {} people off shift are called too.",
            count(alarm.off_shift_after_rounds, "round")
        ),
        format!(
            "Whoever acknowledged and stays silent for {} on an audible prompt is marked silent, and the calls go on.",
            minutes(alarm.silence_limit_minutes)
        ),
        format!(
            "A mail without the known subject waits {} in the review queue, then it pages.",
            minutes(intake.review_queue_limit_minutes)
        ),
        format!(
            "After {} from outside within {}, further ones share a page, which leaves within {}. \
             None is dropped.",
            count(intake.burst_after_reports, "report"),
            minutes(intake.burst_window_minutes),
            count(intake.burst_gather_seconds, "second")
        ),
    ]);
    page.list(warned_and_asked(playbook));
    page.list(
        intake
            .public_numbers
            .iter()
            .map(|line| format!("{}: {}", line.label, line.number)),
    );
}

/// Who hears of it beside the response (R110, R118).
fn warned_and_asked(playbook: &Playbook) -> Vec<String> {
    let intake = &playbook.intake;
    let warned = "Colleagues are warned of a suspicious mail, or somebody says why not.";
    let warned = (intake.warn_colleagues == Some(true)).then(|| String::from(warned));
    let asked = intake.wider_impact_limit_minutes.map(|limit| {
        format!(
            "The organisation's security team says within {} whether more than the project is hit.",
            minutes(limit)
        )
    });
    warned.into_iter().chain(asked).collect()
}

pub(super) fn assess(playbook: &Playbook, page: &mut Page) {
    let outage = &playbook.outage;
    page.section("Phase 2: Assess");
    checklist(playbook, &playbook.checklists.assess, page);
    page.paragraph("The questions:");
    page.list(labels(&playbook.assessment.questions));
    let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let days: Vec<String> = outage
        .daytime
        .days
        .iter()
        .map(|day| format!("{day}"))
        .collect();
    page.list([
        format!(
            "After {} you are asked whether it could be an incident or is a false alarm.",
            minutes(playbook.assessment.triage.prompt_minutes)
        ),
        format!(
            "The initial sitrep is due {} after the confirmation.",
            minutes(playbook.sitreps.initial_due_minutes)
        ),
        format!(
            "An outage is a disruption after {} from {} to {} on {}, and after {} otherwise. Recovery is late after {}.",
            minutes(outage.disruption_daytime_minutes),
            clock(outage.daytime.from),
            clock(outage.daytime.to),
            and(&days),
            minutes(outage.disruption_otherwise_minutes),
            minutes(outage.recovery_limit_minutes)
        ),
        outage.contingency_question.clone(),
    ]);
}

pub(super) fn remediate(playbook: &Playbook, page: &mut Page) {
    page.section("Phase 3: Remediate");
    checklist(playbook, &playbook.checklists.remediate, page);
    disruption(playbook, page);
    steps(playbook, page);
    sitreps(playbook, page);
    long_haul(playbook, page);
}

fn disruption(playbook: &Playbook, page: &mut Page) {
    let disruption = &playbook.disruption;
    page.subsection("Disrupting the service");
    let mut lines: Vec<String> = Severity::CHOSEN
        .map(|severity| {
            let policy = playbook.severities.policy(severity).disruption;
            format!("{}: {}", severity.word(), consent(policy, disruption))
        })
        .into();
    if disruption.bias_to_go {
        lines.push("A tie, or the silence of some, leans to going ahead. A no comes with its reason and stops it.".into());
    }
    if disruption.team_agrees_first {
        lines.push("Where consent is needed the team agrees first; the deciders are asked when the project is affected.".into());
    }
    page.list(lines);
}

fn consent(policy: DisruptionPolicy, disruption: &Disruption) -> String {
    match policy {
        DisruptionPolicy::Free => format!(
            "no permission is needed; stakeholders are told within {}.",
            minutes(disruption.notice_due_minutes)
        ),
        DisruptionPolicy::Consult => format!(
            "the deciders are asked in chat, and telephoned within {} if they do not answer. Nobody reached for {}: the team may act.",
            minutes(disruption.phone_within_minutes),
            minutes(disruption.consult_limit_minutes)
        ),
        DisruptionPolicy::Agree => {
            "nothing is disrupted before all have agreed, however long that takes.".into()
        }
    }
}

fn steps(playbook: &Playbook, page: &mut Page) {
    let steps = &playbook.steps;
    page.subsection("Steps");
    page.list([
        format!(
            "An overdue step is reminded of {}, an unverified one after {}.",
            every(&minutes(steps.overdue_reminder_minutes)),
            minutes(steps.verify_reminder_minutes)
        ),
        format!(
            "An isolation not confirmed within {} is tried again with an alarm.",
            count(steps.isolation_confirm_seconds, "second")
        ),
        format!(
            "A hold order not acknowledged within {} is sent again.",
            minutes(steps.hold_ack_minutes)
        ),
    ]);
    for template in &steps.templates {
        let fits = |class: &String| template.assets.contains(class);
        let lists = playbook.evidence.iter().filter(|list| fits(&list.class));
        let assets: Vec<String> = lists.map(|list| list.label.clone()).collect();
        let assets = if assets.is_empty() {
            String::new()
        } else {
            format!("; for: {}", assets.join(", "))
        };
        page.paragraph(&format!(
            "**{}** ({}{assets}; {})",
            template.title,
            class(template.class),
            template.rule
        ));
        page.paragraph(&template.caution);
        page.list(&template.guidance);
    }
}

fn sitreps(playbook: &Playbook, page: &mut Page) {
    let sitreps = &playbook.sitreps;
    let standing: Vec<String> = sitreps
        .standing_recipients
        .iter()
        .map(|r| role(&playbook.roles, *r))
        .collect();
    page.subsection("Sitreps");
    page.list([
        format!("Always sent to: {}.", and(&standing)),
        format!(
            "After a raise of severity one is due within {}.",
            minutes(sitreps.after_raise_minutes)
        ),
        format!(
            "\"No change\" may be sent {} in a row.",
            count(sitreps.no_change_limit, "time")
        ),
        format!(
            "The final one is due {} after Ready for QA.",
            minutes(playbook.closing.final_sitrep_due_minutes)
        ),
    ]);
}

fn long_haul(playbook: &Playbook, page: &mut Page) {
    let (long_haul, closing) = (&playbook.long_haul, &playbook.closing);
    page.subsection("When it takes long");
    page.list([
        format!(
            "Unresolved for more than {}: the IC plans for a long remediation, within {}.",
            minutes(long_haul.plan_after_minutes),
            minutes(long_haul.plan_due_minutes)
        ),
        format!(
            "A shift is {}; so is an IC's: at most {}, with a reminder {} before. Rest of less than {} is shown.",
            minutes(long_haul.shift_minutes),
            minutes(long_haul.ic_minutes),
            minutes(long_haul.ic_reminder_before_minutes),
            minutes(long_haul.rest_minutes)
        ),
    ]);
    page.list(&long_haul.plan_questions);
    page.subsection("After Ready for QA");
    let mut lines = Vec::from([
        format!(
            "The reviewer is reminded after {}.",
            count(closing.review_reminder_business_days, "business day")
        ),
        format!(
            "Whoever still owes something is reminded {}.",
            every(&count(closing.follow_up_reminder_days, "day"))
        ),
    ]);
    if closing.calls_need_record {
        lines.push("Each call needs a recording or a written summary.".into());
    }
    page.list(lines);
    page.paragraph(&closing.thanks);
}

pub(super) fn evidence(playbook: &Playbook, page: &mut Page) {
    page.section("Evidence before change");
    page.paragraph("Each item is captured, impossible, or not relevant.");
    for list in &playbook.evidence {
        page.subsection(&list.label);
        page.paragraph(&list.caution);
        let line = |kind, label: &str| format!("{label} ({})", evidence_word(kind));
        page.boxes(list.items.iter().map(|item| line(item.kind, &item.label)));
    }
}

pub(super) fn retrospective(playbook: &Playbook, page: &mut Page) {
    let retrospective = &playbook.retrospective;
    page.section("Phase 4: Retrospective");
    checklist(playbook, &playbook.checklists.retrospective, page);
    let mut lines = Vec::from([
        format!(
            "Due {} after Ready for QA; overdue it is reminded of {}.",
            count(retrospective.due_business_days, "business day"),
            every(&count(retrospective.overdue_reminder_days, "day"))
        ),
        format!(
            "An operational case up to {} may use the short form.",
            retrospective.short_form_up_to.word()
        ),
    ]);
    if retrospective.optional_for_false_alarm {
        lines.push("A false alarm may do without, with a reason.".into());
    }
    page.list(lines);
    page.paragraph("The report has these parts:");
    page.list(labels(&retrospective.report_sections));
    for method in &retrospective.methods {
        page.subsection(&method.title);
        page.paragraph(&method.summary);
        page.list(method.questions.iter().map(|question| &question.question));
    }
    page.paragraph("What comes of it goes into these lists:");
    page.list(labels(&retrospective.outcomes));
    let value = |choice: &Choice| {
        [
            choice.group.clone(),
            choice.label.clone(),
            format!("`{}`", choice.value),
        ]
    };
    page.subsection("How it was discovered");
    page.table(
        ["From", "How", "Value"],
        retrospective.discovery_methods.iter().map(value),
    );
    page.subsection("What the actor did");
    page.table(
        ["Kind", "What", "Value"],
        retrospective.threat_actions.iter().map(value),
    );
}

pub(super) fn messages(playbook: &Playbook, page: &mut Page) {
    let messages = &playbook.messages;
    page.section("Fixed words");
    let suspicious = &messages.suspicious_subject;
    let suspicious = (!suspicious.is_empty()).then(|| {
        format!("A mail with \"{suspicious}\" in its subject passes a suspicious mail on: its sender is asked what they did with it.")
    });
    let fixed = [
        format!(
            "A mail with \"{}\" in its subject is a report.",
            messages.report_subject
        ),
        format!(
            "A mention of `{}` in a project's channel opens an event.",
            messages.chat_mention
        ),
        format!("To a reporter: {}", messages.reporter_thanks),
        format!(
            "To whoever received exposed data: {}",
            messages.exposed_data_duties
        ),
    ];
    page.list(fixed.into_iter().chain(suspicious));
    let subjects = messages.subjects.all();
    let row = |(name, subject): (&str, &String)| [name.replace('_', " "), format!("`{subject}`")];
    page.table(["Message", "Subject"], subjects.map(row));
}

pub(super) fn upkeep(playbook: &Playbook, page: &mut Page) {
    let upkeep = &playbook.upkeep;
    let by = if upkeep.review_by_another {
        ", by somebody who did not write the change"
    } else {
        ""
    };
    page.section("Keeping ready");
    let mut lines = Vec::from([
        format!(
            "This playbook is reviewed {}{by}.",
            every(&count(upkeep.review_interval_days, "day"))
        ),
        format!(
            "Training within {} of taking a role, its contingency part within {}, and again {}.",
            count(upkeep.training_within_days, "day"),
            count(upkeep.contingency_training_within_days, "day"),
            every(&count(upkeep.training_interval_days, "day"))
        ),
        format!(
            "A report from outside is answered within {}.",
            count(upkeep.outside_report_answer_business_days, "business day")
        ),
        format!(
            "A service whose plan names no response time: {}.",
            minutes(upkeep.default_response_minutes)
        ),
        format!(
            "Everyone on call tests their route {}.",
            every(&count(upkeep.page_test_interval_days, "day"))
        ),
    ]);
    if upkeep.always_somebody_on_call {
        lines.push("An hour with nobody on call raises an alarm.".into());
    }
    page.list(lines);
}
