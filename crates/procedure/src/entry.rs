//! Entries: the immutable rows of a case's journal, as the engine sees them.
//!
//! One line per kind; the payloads live in the chapters. A kind's name and the
//! meaning of its fields never change once released: add fields with a default.

use alloc::vec::Vec;

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::actor::Actor;
use crate::chapters::*;
use crate::moment::When;

/// One immutable row of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Position in the journal, from 1, without gaps.
    pub seq: u64,
    /// When Henhouse wrote it down.
    pub recorded_at: Timestamp,
    /// When it happened, if somebody claims another time.
    pub happened_at: Option<When>,
    /// Who, and how we know.
    pub actor: Actor,
    /// What.
    pub body: Body,
}

impl Entry {
    /// When it happened as far as we know: the claimed time, else the recorded one.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.happened_at.map_or(self.recorded_at, |when| when.at)
    }
}

/// An entry that the engine asks the desk to append.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// When it happened, if claimed.
    pub happened_at: Option<When>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub body: Body,
}

macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident = $kind:literal ($payload:path),)+) => {
        /// What an entry says, by kind.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "body")]
        pub enum Body {
            $($(#[$doc])* #[serde(rename = $kind)] $variant($payload),)+
        }

        impl Body {
            /// Every kind of entry.
            pub const KINDS: &[&str] = &[$($kind,)+];

            /// Reads what an entry of this kind says. With the kind known before, the payload goes
            /// straight into its type.
            ///
            /// # Errors
            /// The deserializer's: an unknown kind, a payload that is not of this kind.
            pub fn read<'de, D: Deserializer<'de>>(kind: &str, payload: D) -> Result<Self, D::Error> {
                match kind {
                    $($kind => <$payload>::deserialize(payload).map(Body::$variant),)+
                    _ => Err(D::Error::unknown_variant(kind, Body::KINDS)),
                }
            }

            /// The name of this kind, as stored.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Body::$variant(_) => $kind,)+ }
            }
        }

        $(impl From<$payload> for Body {
            fn from(payload: $payload) -> Self {
                Body::$variant(payload)
            }
        })+
    };
}

bodies! {
    // intake
    /// A report opened the case.
    Reported = "reported" (intake::Reported),
    /// Another report of the same thing came in.
    ReportAdded = "report_added" (intake::ReportAdded),
    /// Somebody said more about it.
    DetailsAdded = "details_added" (intake::DetailsAdded),
    /// Somebody thinks that the team is wrong about it.
    Disagreed = "disagreed" (intake::Disagreed),
    /// What sort of thing it is was said.
    KindSet = "kind_set" (intake::KindSet),
    /// The case got a short name.
    TitleSet = "title_set" (intake::TitleSet),
    /// The case was sorted under tags.
    TagsSet = "tags_set" (intake::TagsSet),
    /// This case ended as part of another.
    MergedInto = "merged_into" (intake::MergedInto),
    /// Another case became part of this one.
    MergedFrom = "merged_from" (intake::MergedFrom),
    /// An alert that a program sent did something.
    AlertNoted = "alert_noted" (intake::AlertNoted),
    /// Colleagues were warned of a suspicious mail.
    ColleaguesWarned = "colleagues_warned" (intake::ColleaguesWarned),
    // secrecy
    /// The case exists only for its members from now on.
    Restricted = "restricted" (secrecy::Restricted),
    /// The case is open to its project again.
    Unrestricted = "unrestricted" (secrecy::Unrestricted),
    /// How far its words may travel was said.
    MarkingSet = "marking_set" (secrecy::MarkingSet),
    /// Somebody may see the case while it is restricted.
    MemberAdded = "member_added" (secrecy::MemberAdded),
    /// Somebody may not see it any more.
    MemberRemoved = "member_removed" (secrecy::MemberRemoved),
    /// An entry belongs to the restricted annex.
    EntryRestricted = "entry_restricted" (secrecy::EntryRestricted),
    // record
    /// A note.
    NoteAdded = "note_added" (record::NoteAdded),
    /// A note was corrected.
    NoteCorrected = "note_corrected" (record::NoteCorrected),
    /// A line of the checklist was ticked.
    ItemTicked = "item_ticked" (record::ItemTicked),
    /// A tick was taken back.
    ItemUnticked = "item_unticked" (record::ItemUnticked),
    /// A call for sensitive talk was opened.
    CallOpened = "call_opened" (record::CallOpened),
    /// A call is over, or its record was completed.
    CallClosed = "call_closed" (record::CallClosed),
    /// A document for sensitive talk was opened.
    DocumentOpened = "document_opened" (record::DocumentOpened),
    /// Somebody asks for a text to be erased.
    RedactionProposed = "redaction_proposed" (record::RedactionProposed),
    /// A text was erased.
    Redacted = "redacted" (record::Redacted),
    /// A redaction was turned down.
    RedactionDeclined = "redaction_declined" (record::RedactionDeclined),
    /// The case follows another edition of the playbook.
    PlaybookAdopted = "playbook_adopted" (record::PlaybookAdopted),
    // milestones
    /// A milestone was recorded or corrected.
    MilestoneRecorded = "milestone_recorded" (milestones::MilestoneRecorded),
    // calling
    /// Somebody was called by the contact sheet.
    Called = "called" (calling::Called),
    /// Everybody on the sheet was called once more and nobody answered.
    RoundEnded = "round_ended" (calling::RoundEnded),
    /// Whoever was called passed it on.
    PassedOn = "passed_on" (calling::PassedOn),
    /// Somebody was asked into the response.
    CalledIn = "called_in" (calling::CalledIn),
    /// Whoever was asked comes, or does not.
    CallInAnswered = "call_in_answered" (calling::CallInAnswered),
    /// A channel could not deliver.
    Undelivered = "undelivered" (calling::Undelivered),
    /// A reporter whom messages did not reach was told in another way.
    ReporterTold = "reporter_told" (calling::ReporterTold),
    // commander
    /// Somebody answered and became IC.
    Acknowledged = "acknowledged" (commander::Acknowledged),
    /// The IC has not been heard of since.
    WentSilent = "went_silent" (commander::WentSilent),
    /// Somebody joined as responder.
    Joined = "joined" (commander::Joined),
    /// Somebody left the response.
    Left = "left" (commander::Left),
    /// The IC is on it.
    StillHere = "still_here" (commander::StillHere),
    /// A role was offered to somebody.
    HandoverOffered = "handover_offered" (commander::HandoverOffered),
    /// The briefing grew.
    HandoverBriefed = "handover_briefed" (commander::HandoverBriefed),
    /// The successor said what they understood.
    HandoverReadBack = "handover_read_back" (commander::HandoverReadBack),
    /// The successor has the role from now on.
    HandoverAccepted = "handover_accepted" (commander::HandoverAccepted),
    /// The successor said no.
    HandoverDeclined = "handover_declined" (commander::HandoverDeclined),
    /// The holder took the offer back, or stays.
    HandoverWithdrawn = "handover_withdrawn" (commander::HandoverWithdrawn),
    /// Nobody accepted in time.
    HandoverLapsed = "handover_lapsed" (commander::HandoverLapsed),
    /// The old holder has stayed long enough.
    OverlapEnded = "overlap_ended" (commander::OverlapEnded),
    /// Somebody is about to take command.
    TakeOverAsked = "take_over_asked" (commander::TakeOverAsked),
    /// Somebody took command.
    TookOver = "took_over" (commander::TookOver),
    /// The IC did not react; the team may take command.
    TakeOverOffered = "take_over_offered" (commander::TakeOverOffered),
    /// Somebody has a role from now on.
    RoleAssigned = "role_assigned" (commander::RoleAssigned),
    /// Somebody no longer has a role.
    RoleReleased = "role_released" (commander::RoleReleased),
    /// The IC decided to go on alone.
    StaysAlone = "stays_alone" (commander::StaysAlone),
    /// A technical step was given to the IC.
    IcWarned = "ic_warned" (commander::IcWarned),
    // endurance
    /// How much longer it will probably take.
    ForecastRecorded = "forecast_recorded" (endurance::ForecastRecorded),
    /// It takes long: a plan is owed.
    PlanOpened = "plan_opened" (endurance::PlanOpened),
    /// How the long remediation goes on.
    LongPlanned = "long_planned" (endurance::LongPlanned),
    /// A shift was planned.
    ShiftPlanned = "shift_planned" (endurance::ShiftPlanned),
    /// A shift was cancelled.
    ShiftCancelled = "shift_cancelled" (endurance::ShiftCancelled),
    /// Somebody was sent home.
    SentHome = "sent_home" (endurance::SentHome),
    // assess
    /// It was confirmed as an incident.
    Confirmed = "confirmed" (assess::Confirmed),
    /// It was a false alarm.
    FalseAlarmCalled = "false_alarm" (assess::FalseAlarmCalled),
    /// A severity was chosen.
    SeveritySet = "severity_set" (assess::SeveritySet),
    /// Why the severity was lowered soon after a disruption.
    LoweringExplained = "lowering_explained" (assess::LoweringExplained),
    /// A question of the assessment was answered.
    QuestionAnswered = "question_answered" (assess::QuestionAnswered),
    /// Criteria were answered, or examples picked.
    CriteriaAnswered = "criteria_answered" (assess::CriteriaAnswered),
    /// What is harmed was assessed.
    ImpactAssessed = "impact_assessed" (assess::ImpactAssessed),
    /// Whether the contingency plan is activated was decided.
    ContingencyDecided = "contingency_decided" (assess::ContingencyDecided),
    // sitreps
    /// A situation report, as it went out.
    SitrepPublished = "sitrep_published" (sitreps::SitrepPublished),
    /// How often sitreps are due was changed.
    CadenceChanged = "cadence_changed" (sitreps::CadenceChanged),
    /// Somebody gets the sitreps from now on.
    StakeholderAdded = "stakeholder_added" (sitreps::StakeholderAdded),
    /// Somebody gets no more sitreps.
    StakeholderRemoved = "stakeholder_removed" (sitreps::StakeholderRemoved),
    // evidence
    /// The flag of suspicion went up.
    SuspicionRaised = "suspicion_raised" (evidence::suspicion::SuspicionRaised),
    /// The flag of suspicion went down.
    SuspicionCleared = "suspicion_cleared" (evidence::suspicion::SuspicionCleared),
    /// A piece of evidence was added.
    ExhibitAdded = "exhibit_added" (evidence::exhibit::ExhibitAdded),
    /// An item of an evidence list was answered.
    EvidenceItemRecorded = "evidence_item_recorded" (evidence::exhibit::EvidenceItemRecorded),
    /// Somebody captures a class of assets.
    CaptureAssigned = "capture_assigned" (evidence::CaptureAssigned),
    /// People were asked to leave things alone.
    HoldPlaced = "hold_placed" (evidence::hold::HoldPlaced),
    /// Somebody heard of a hold.
    HoldAcknowledged = "hold_acknowledged" (evidence::hold::HoldAcknowledged),
    /// A hold ended.
    HoldReleased = "hold_released" (evidence::hold::HoldReleased),
    // work
    /// A lead was written down.
    LeadAdded = "lead_added" (work::lead::LeadAdded),
    /// A lead was given to somebody.
    LeadAssigned = "lead_assigned" (work::lead::LeadAssigned),
    /// Somebody began to follow a lead.
    LeadStarted = "lead_started" (work::lead::LeadStarted),
    /// A lead is done.
    LeadFinished = "lead_finished" (work::lead::LeadFinished),
    /// A lead was given up.
    LeadDropped = "lead_dropped" (work::lead::LeadDropped),
    /// A step was added.
    StepAdded = "step_added" (work::payload::StepAdded),
    /// A step was given to somebody, or another time.
    StepAssigned = "step_assigned" (work::payload::StepAssigned),
    /// Somebody began a step.
    StepStarted = "step_started" (work::payload::StepStarted),
    /// A step is done, not yet verified.
    StepFinished = "step_finished" (work::payload::StepFinished),
    /// Somebody checked a finished step.
    StepVerified = "step_verified" (work::payload::StepVerified),
    /// A step changed its class.
    StepReclassified = "step_reclassified" (work::payload::StepReclassified),
    /// A step was given up.
    StepDropped = "step_dropped" (work::payload::StepDropped),
    /// The IC decided for destruction.
    DestructionDecided = "destruction_decided" (work::payload::DestructionDecided),
    // disruption
    /// A disruption was asked for.
    DisruptionRequested = "disruption_requested" (disruption::payload::DisruptionRequested),
    /// Somebody tried to reach a decider.
    DeciderContacted = "decider_contacted" (disruption::payload::DeciderContacted),
    /// A decider answered.
    DisruptionAnswered = "disruption_answered" (disruption::payload::DisruptionAnswered),
    /// A responder said what they think.
    TeamVoted = "team_voted" (disruption::payload::TeamVoted),
    /// The IC decided a split.
    DisruptionSettled = "disruption_settled" (disruption::payload::DisruptionSettled),
    /// A disruption began.
    DisruptionStarted = "disruption_started" (disruption::payload::DisruptionStarted),
    /// The service runs again.
    DisruptionEnded = "disruption_ended" (disruption::payload::DisruptionEnded),
    /// A disruption is not wanted any more.
    DisruptionWithdrawn = "disruption_withdrawn" (disruption::payload::DisruptionWithdrawn),
    /// People were told about a disruption.
    DisruptionNoticeSent = "disruption_notice_sent" (disruption::payload::DisruptionNoticeSent),
    // record
    /// Something happened.
    FactRecorded = "fact_recorded" (record::fact::FactRecorded),
    /// Something went ahead against a rule.
    Deviated = "deviated" (record::deviation::Deviated),
    /// The reason of a deviation.
    DeviationExplained = "deviation_explained" (record::deviation::DeviationExplained),
    // closeout
    /// It was spun down: Ready for QA.
    SpunDown = "spun_down" (closeout::SpunDown),
    /// Whether operation is normal again was recorded.
    NormalAgainRecorded = "normal_again_recorded" (closeout::NormalAgainRecorded),
    /// The reviewer accepted.
    QaAccepted = "qa_accepted" (closeout::QaAccepted),
    /// The reviewer sent it back.
    QaSentBack = "qa_sent_back" (closeout::QaSentBack),
    /// Everyone was thanked.
    Thanked = "thanked" (closeout::Thanked),
    /// The case was closed.
    Closed = "closed" (closeout::Closed),
    /// The case was reopened.
    Reopened = "reopened" (closeout::Reopened),
    /// What a false alarm left in force was lifted or kept.
    Settled = "settled" (closeout::Settled),
    // retrospective
    /// Somebody was appointed to lead the retrospective.
    LeaderAppointed = "leader_appointed" (retrospective::LeaderAppointed),
    /// A line was added to the timeline.
    TimelineLineAdded = "timeline_line_added" (retrospective::TimelineLineAdded),
    /// A line was left out of the timeline.
    TimelineLineRemoved = "timeline_line_removed" (retrospective::TimelineLineRemoved),
    /// A section of the report was written.
    SectionWritten = "section_written" (retrospective::SectionWritten),
    /// A cause was added or changed.
    CauseRecorded = "cause_recorded" (retrospective::CauseRecorded),
    /// A method of cause analysis was chosen.
    MethodChosen = "method_chosen" (retrospective::MethodChosen),
    /// Something was put on an outcome list.
    OutcomeAdded = "outcome_added" (retrospective::OutcomeAdded),
    /// A lesson was drawn.
    LessonAdded = "lesson_added" (retrospective::LessonAdded),
    /// A follow-up was agreed.
    FollowUpAdded = "follow_up_added" (retrospective::FollowUpAdded),
    /// A follow-up is done.
    FollowUpDone = "follow_up_done" (retrospective::FollowUpDone),
    /// How it was discovered was said.
    DiscoveryMethodSet = "discovery_method_set" (retrospective::DiscoveryMethodSet),
    /// What the actor did was said.
    ThreatActionsSet = "threat_actions_set" (retrospective::ThreatActionsSet),
    /// The retrospective was skipped.
    RetrospectiveSkipped = "retrospective_skipped" (retrospective::RetrospectiveSkipped),
    /// The report was published.
    ReportPublished = "report_published" (retrospective::ReportPublished),
    // shared
    /// A gate was passed without what it asks for.
    Waived = "waived" (record::Waived),
    /// A person was reminded of what they owe, or somebody above them.
    Prompted = "prompted" (record::Prompted),
    /// The case was given its number.
    Numbered = "numbered" (record::Numbered),
    /// The project, its roster or its calendar was revised.
    BasisChanged = "basis_changed" (record::BasisChanged),
    // contingency
    /// An outage began.
    OutageBegan = "outage_began" (contingency::OutageBegan),
    /// The outage ended.
    OutageEnded = "outage_ended" (contingency::OutageEnded),
    /// The outage has lasted so long that it counts as a disruption.
    OutageCounted = "outage_counted" (contingency::OutageCounted),
    /// The contingency plan was activated.
    ContingencyActivated = "contingency_activated" (contingency::ContingencyActivated),
    /// Operation was tested after recovery.
    RecoveryTested = "recovery_tested" (contingency::RecoveryTested),
    /// The IC declared the recovery complete.
    RecoveryDeclared = "recovery_declared" (contingency::RecoveryDeclared),
    /// The postmortem of the recovery has a date.
    PostmortemPlanned = "postmortem_planned" (contingency::PostmortemPlanned),
    // outside
    /// Whether customers are told was decided.
    CustomerNoticeDecided = "customer_notice_decided" (outside::CustomerNoticeDecided),
    /// A notice to customers was drafted.
    CustomerNoticeDrafted = "customer_notice_drafted" (outside::CustomerNoticeDrafted),
    /// The product owner approved a notice.
    CustomerNoticeApproved = "customer_notice_approved" (outside::CustomerNoticeApproved),
    /// The product owner turned a notice down.
    CustomerNoticeDeclined = "customer_notice_declined" (outside::CustomerNoticeDeclined),
    /// A notice was sent to customers.
    CustomerNoticeSent = "customer_notice_sent" (outside::CustomerNoticeSent),
}

/// Gives bodies to a list of drafts by one actor; for tests and the desk.
#[must_use]
pub fn drafts(actor: &Actor, bodies: Vec<Body>) -> Vec<Draft> {
    let draft = |body| Draft {
        happened_at: None,
        actor: actor.clone(),
        body,
    };
    bodies.into_iter().map(draft).collect()
}
