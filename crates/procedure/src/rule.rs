//! The register of rules: id, name, section and sentence of each, as data.
//!
//! The sentences are our own words for the specification's rules. Conformance report,
//! refusals and help text print them from here; nothing else repeats them.

use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! rules {
    ($($id:ident $name:ident $section:literal $sentence:literal;)+) => {
        /// One rule of the procedure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Rule {
            $(#[doc = $sentence] $id,)+
        }

        impl Rule {
            /// Every rule, in the order of the specification.
            pub const ALL: &[Rule] = &[$(Rule::$id,)+];

            /// Its id, such as `R26`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Rule::$id => stringify!($id),)+ }
            }

            /// Its name, such as `acknowledged_within_the_limit`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Rule::$id => stringify!($name),)+ }
            }

            /// The section of the procedure it belongs to.
            #[must_use]
            pub fn section(self) -> &'static str {
                match self { $(Rule::$id => $section,)+ }
            }

            /// What it says, in one sentence.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Rule::$id => $sentence,)+ }
            }
        }
    };
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[rustfmt::skip]
mod register {
    use super::*;
rules! {
    R1 every_disruption_is_welcome "Overview" "Security incidents and every other disruption go through the same procedure.";
    R2 a_checklist_accompanies_the_case "Overview" "A short checklist, made from the playbook, accompanies each phase.";
    R3 phases_come_in_order "Overview" "Initiate, Assess, Remediate, Retrospective: none is jumped.";
    R4 anybody_can_report "Overview" "Any member of staff can report; no account is needed.";
    R6 first_to_answer_commands "Initiate" "The first team member to answer becomes Incident Commander, and only that one.";
    R7 commander_calls_in_the_team "Assess" "The IC forms the team by direct messages; who was asked, came or declined is kept.";
    R8 did_it_really_happen "Assess" "Confirmed or false alarm needs somebody who decided, with a reason.";
    R9 severity_drives_the_response "Severities" "One choice of severity switches cadence, hours and disruption policy together.";
    R10 could_a_dependency_be_the_cause "Assess" "Whether an external dependency is the trigger is asked and answered.";
    R11 initial_sitrep_or_false_alarm "Assess" "Assess ends with an initial sitrep or with the false alarm.";
    R12 contingency_plan_is_decided "Assess" "The IC decides whether the contingency plan is activated too.";
    R13 evidence_before_change "Remediate" "With suspicion or open questions, state is captured before anything is changed.";
    R14 commander_has_state_captured "Assess" "When a security incident is suspected the IC sees to it that state is captured.";
    R15 pace_follows_severity "Remediate" "How soon a step is due follows from the severity.";
    R16 commander_coordinates "Overview" "The IC coordinates; a technical step on the IC draws a warning.";
    R17 customers_are_considered "Remediate" "IC and product owner decide whether customers are told, and why.";
    R18 retrospective_is_held "Retrospective" "The team holds a retrospective: analysis, follow-ups, lessons, report.";
    R21 sensitive_data_stays_inside "Initiate" "Sensitive data goes to the restricted part of the case, never out by a connector.";
    R22 it_begins_with_awareness "Initiate" "Started, aware, reported and acknowledged are four times, each with its certainty.";
    R23 nothing_is_too_odd_to_report "Initiate" "No report is turned away for not fitting.";
    R24 planned_maintenance_is_checked "Initiate" "A report is held against the maintenance calendar, and may be sent all the same.";
    R25 whoever_is_on_call_is_paged "Initiate" "Whoever is on call when it comes in is paged with it, and so is the pager's address.";
    R26 acknowledged_within_the_limit "Initiate" "Nobody answered within ten minutes: the contact sheet is called.";
    R27 called_until_answered "Initiate" "People are called in order, in rounds, until somebody answers.";
    R28 command_changes_hands_without_gap "Initiate" "The IC may stay or hand over; there is never none and never two.";
    R29 every_report_becomes_one_record "Initiate" "Reports of one thing are merged; originals and reporters all remain.";
    R30 status_starts_as_investigating "Initiate" "The status is investigating until assessed, and only five statuses exist.";
    R31 event_until_confirmed "Initiate" "It is an event until confirmed and an incident from then on.";
    R32 report_form_has_its_fields "Initiate" "A report shows description, status, severity, reporter, IC, responders and details.";
    R33 severity_starts_unknown "Initiate" "Severity is unknown until assessed, which is not the same as Low.";
    R34 record_is_kept_up_to_date "Initiate" "The IC keeps the record current; silence draws a reminder, then the deputy.";
    R35 notes_are_never_changed "Initiate" "Responders' notes stay as written; a correction is a new entry.";
    R36 sensitive_talk_is_on_record "Initiate" "A call or document for sensitive talk is listed with who opened it.";
    R37 impact_is_assessed "Assess" "The team records what is harmed, what is affected and how many people.";
    R38 false_alarm_closes "Assess" "A false alarm sets the status and closes in one act with a reason.";
    R39 severity_is_suggested_then_chosen "Assess" "Criteria suggest a severity, a human chooses, both are kept.";
    R40 severity_may_change "Assess" "Severity may change at any time; timers start anew from the change.";
    R41 confirmation_says_three_things "Assess" "Confirming records status, severity and responders in one act.";
    R42 initial_sitrep_has_its_parts "Assess" "The initial sitrep has a summary, the IC and the link of the case.";
    R43 sitrep_has_its_form "Assess" "A sitrep has its subject, severity, IC, responders and prose, nothing else in the head.";
    R45 the_place_of_talk_stays "Remediate" "Where the team talks does not change with phase or IC.";
    R46 steps_are_free "Remediate" "Steps fit the situation; templates help and never bind.";
    R47 who_does_what_is_tracked "Remediate" "What happened, how it is fixed and who does what come from one log.";
    R48 an_outsider_can_follow "Remediate" "The record lets an outside investigator follow and check the work.";
    R49 leads_are_kept "Remediate" "Actionable facts are kept as leads with source and state.";
    R50 leads_have_owner_and_finding "Remediate" "A lead in work has a name, a lead done has a finding.";
    R52 steps_have_owner_and_time "Remediate" "Each remediation step has an owner and a time, and is followed up.";
    R53 done_is_not_verified "Remediate" "Who did a step does not verify it.";
    R54 immediate_steps_come_first "Remediate" "Immediate steps are verified before the incident counts as over.";
    R55 deferred_steps_are_carried_over "Remediate" "Long-term steps go to the retrospective with owner and date.";
    R56 contain_do_not_destroy "Remediate" "Stopping, terminating, wiping or deleting needs the IC's decision with a reason.";
    R57 snapshots_are_kept "Remediate" "Snapshots of the volumes that matter are kept by system, id and volume.";
    R59 disruption_is_asked_for "Remediate" "Disrupting a service goes by a request that names scope, length and both risks.";
    R60 high_acts_at_once "Remediate" "At High nobody's permission is needed.";
    R61 high_tells_afterwards "Remediate" "At High the notice of a disruption goes out as soon as possible.";
    R62 medium_tells_the_deciders "Remediate" "At Medium the deciders hear the plan and both risks.";
    R63 deciders_are_telephoned "Remediate" "A decider who does not answer is telephoned.";
    R64 medium_leans_to_disruption "Remediate" "At Medium the decision is joint, and leans to acting.";
    R65 medium_waits_one_hour "Remediate" "At Medium an hour without any answer lets the team act.";
    R66 low_waits_for_agreement "Remediate" "At Low nothing is done without agreement, however long it takes.";
    R67 long_remediation_is_planned "Remediate" "After three hours unresolved the IC plans for a long remediation.";
    R68 hours_are_decided "Remediate" "The plan says business hours or 24/7, from severity and whether a breach goes on.";
    R69 shifts_are_short "Remediate" "Around the clock people work about three hours and are sent home.";
    R70 commander_rotates "Remediate" "The IC hands over after about three hours too.";
    R71 spun_down_when_over "Remediate" "When it is contained or fixed the IC spins it down, with time and reason.";
    R72 business_pace_afterwards "Remediate" "After close-out nobody is paged; what is left goes on at business pace.";
    R73 ready_for_qa "Remediate" "Close-out sets the status Ready for QA.";
    R74 final_sitrep "Remediate" "The final sitrep goes to everyone who ever got one.";
    R75 everyone_is_thanked "Remediate" "Everyone who took part is thanked, the reporter included.";
    R76 sitreps_keep_their_cadence "Remediate" "Sitreps come on the cadence of the severity.";
    R77 stakeholders_found_are_told "Remediate" "A stakeholder found on the way gets the sitreps from then on.";
    R78 lessons_are_drawn "Retrospective" "The retrospective says what was learned.";
    R79 retrospective_has_a_leader "Retrospective" "An IC of the case or somebody appointed leads the retrospective.";
    R80 report_has_a_timeline "Retrospective" "The report's timeline is drawn from the log, each line tied to its entry.";
    R81 report_says_how_it_went "Retrospective" "The report holds the history of phase, severity, IC and status.";
    R82 report_explains_causes "Retrospective" "The report explains causes; an empty analysis does not close.";
    R83 hows_and_whys_are_asked "Retrospective" "Causes are asked for by hows or whys, with branches, and three outcomes.";
    R84 discovery_method_is_named "Retrospective" "How it was discovered is named from the list.";
    R85 time_to_discovery "Retrospective" "From start to awareness; unknown is an answer.";
    R86 time_to_containment "Retrospective" "From awareness to contained; a correction counts anew.";
    R87 threat_actions_are_named "Retrospective" "What the actor did is named, or none.";
    R89 profile_breaks_ties "Severities" "A project without sensitive data or high-value assets leans to Low.";
    R90 high_by_its_criteria "High" "Sensitive data hit, many customers down or large loss: any one suggests High.";
    R91 high_by_example "High" "Examples of High are picks that set criteria.";
    R92 high_works_around_the_clock "High" "At High work goes on until contained.";
    R93 high_may_stop_everything "High" "At High any step to contain is open, full outage included.";
    R94 high_reports_hourly "High" "At High a sitrep is due every hour, or more often.";
    R95 medium_by_its_criteria "Medium" "Attempts and limited harm suggest Medium.";
    R96 medium_by_example "Medium" "Examples of Medium are picks that set criteria.";
    R97 medium_keeps_business_hours "Medium" "At Medium the response keeps business hours.";
    R98 medium_consults_first "Medium" "At Medium stakeholders are asked before downtime, for a reasonable time.";
    R99 medium_reports_twice_a_day "Medium" "At Medium two sitreps are due each business day.";
    R100 low_by_its_criteria "Low" "Everything answered no suggests Low; unanswered stays unknown.";
    R101 low_by_example "Low" "Examples of Low are picks; a case about an employee restricts itself.";
    R102 low_avoids_degradation "Low" "At Low business hours, and no degradation without agreement.";
    R103 low_reports_daily "Low" "At Low one sitrep is due each business day.";
    R104 everyone_is_security "Reporting" "The way to report is public and needs no login.";
    R105 never_in_trouble "Reporting" "The reporter is told so, and nobody counts reports by person.";
    R106 the_team_decides "Reporting" "Only the team calls a false alarm; the reporter may disagree on record.";
    R107 three_questions_are_asked "Phishing" "Of a suspicious mail it is asked whether somebody clicked, opened or typed in anything.";
    R108 any_yes_is_an_event "Phishing" "Whoever did any of the three reports it at once, even if nothing seems wrong.";
    R109 the_reporters_device_is_verified "Phishing" "The team helps to see whether the reporter's device and account are sound.";
    R110 colleagues_are_warned "Phishing" "Colleagues are warned of a suspicious mail in one act, with its links broken.";
    R111 kept_before_it_is_deleted "Phishing" "A mail that nobody acted upon is kept first; then it may be deleted.";
    R112 the_spam_folder_needs_nothing "Phishing" "What is in the spam folder already is left there: no page, no case, and it is counted.";
    R113 report_at_once "Reporting" "A description is all that is required.";
    R114 mail_that_says_so_is_a_report "Reporting" "A mail that says in its subject that it is a report is one at once; any other waits for somebody to look.";
    R115 mail_is_kept_as_it_came "Phishing" "A mail is hashed before anything reads it, and kept with its headers as it came.";
    R116 a_way_to_reach_the_reporter "Reporting" "Two ways to reach the reporter, seen by the team, never broadcast.";
    R118 the_organisation_sees_its_exposure "Project incident" "The organisation's security team is asked whether more than the project is hit.";
    R120 the_loss_is_known "Do not delete" "Nothing that loses for good what is in memory is stopped before somebody says that they know.";
    R121 harm_is_tagged "What is an incident" "Confidentiality, integrity, availability: actual or potential, ours or whose.";
    R122 lost_logs_raise_suspicion "What is an incident" "Signs that may hide a deeper attack raise the suspicion flag.";
    R123 production_counts "What is an incident" "Outside production it is Low or no incident, and never turned away.";
    R124 small_reports_are_healthy "What is an incident" "False alarms and drills are healthy; the reporter is thanked with the outcome.";
    X1 join_without_asking "Checklist" "Somebody who joins sees where things stand without asking.";
    X2 triage_in_five_minutes "Checklist" "Five minutes after acknowledgement: incident or not?";
    X3 nobody_works_alone_for_long "Checklist" "Alone: a prompt after 15 minutes, a decision due after 30.";
    X4 handover_is_a_ceremony "Plan" "Brief, read back, accept, write it down; the old holder stays a while.";
    X5 one_voice_outside "Plan" "Only IC or Communications Officer speak to the outside.";
    X6 commander_keeps_hands_off "Plan" "A playbook may forbid the IC technical steps.";
    X7 skills_cover_the_need "Plan" "A skill that is needed and missing is flagged.";
    X9 theory_is_not_fact "Plan" "Observation, hypothesis, action, decision and result are told apart.";
    X11 calls_leave_a_record "Plan" "Each call has a recording or a written summary.";
    X12 system_failure_is_considered "Checklist" "Whether a failure of the system is the cause is asked and answered.";
    X13 privacy_counts "Plan" "Privacy stands beside confidentiality, integrity and availability.";
    X14 fields_matter_not_form "Plan" "The report template is read in any order.";
    X15 logs_are_evidence "Checklist" "Logs count as evidence; isolation is not only for one cloud.";
    X16 normal_again_is_tested "Checklist" "Somebody tests that operation is normal again.";
    X17 sitrep_shows_the_team "Plan" "Sitreps show members with roles, leads, steps with owners, shifts.";
    X20 team_agrees_first "Plan" "At Medium and Low the team agrees first; deciders only where the project is hit.";
    X21 outage_counts_as_disruption "Contingency" "An outage of 30 minutes by day or 90 by night counts as a disruption.";
    X22 recovery_within_three_hours "Contingency" "Over three hours in business hours is a breach of the aim.";
    X23 one_commander_for_both_plans "Contingency" "Incident and recovery share one IC.";
    X24 activation_by_the_authorised "Contingency" "Only those authorised activate the contingency plan.";
    X25 forecast_plans_ahead "Contingency" "A forecast over three hours opens the plan at once; assistants help the IC.";
    X26 recovery_is_tested_then_declared "Contingency" "Tested, declared by the IC, told to all, postmortem planned: in that order.";
    X29 clients_plan_goes_first "Contingency" "The client's own plan takes precedence, and the record says which.";
    X30 playbooks_are_reviewed "Contingency" "A playbook is reviewed by somebody other than its author.";
    X35 command_can_be_taken "Practice" "A responder may take command in two steps with a reason.";
    X36 reporter_hears "Practice" "The reporter is told who has it, and when a round ended unanswered.";
    X37 a_case_can_be_reopened "Practice" "A case is reopened with a reason, under its number, history kept.";
    X38 qa_is_accepted "Practice" "A named reviewer accepts, or sends back.";
    X39 mistakes_can_be_redacted "Practice" "Two people can redact a text pasted by mistake, never under a hold.";
    X40 spin_down_needs_contained_or_fixed "Practice" "Contained or resolved; deferring an immediate step needs the IC and a reason.";
    X41 leftovers_keep_owner_and_date "Practice" "Open leads and deferred steps keep owner, date and reminders.";
    X42 false_alarm_settles_what_stands "Practice" "A false alarm lifts or keeps, with a reason, what is still in force.";
    X43 holds_are_acknowledged "Practice" "Holds are acknowledged or chased; only the team releases them.";
    X44 retrospective_has_a_date "Practice" "The retrospective is due after five business days.";
}
}
pub use register::Rule;
