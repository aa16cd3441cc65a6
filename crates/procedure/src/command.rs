//! Commands: what people ask the procedure to do. One line per command; the payloads
//! live in the chapters. The JSON form is the API's (`POST …/commands`).

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::chapters::*;
use crate::moment::When;
use crate::project::Routed;
use crate::rule::Rule;
use crate::text::Text;

/// A command with what may accompany any command.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What is asked.
    pub command: Command,
    /// When it happened, if not now (R22, M15).
    pub happened_at: Option<When>,
    /// Gates that the actor passes on purpose, each with a reason.
    pub waive: Vec<Waive>,
    /// With a report: how many others of its sort came to the project since
    /// [`burst::counts_from`](intake::burst::counts_from). The desk counts them (M24).
    pub beside: u32,
    /// With an alert: its source is in shadow, so that nobody is called for it. The desk says so.
    pub shadow: bool,
    /// With a report: the route of the alert that it is of. The desk finds it.
    pub routed: Option<Routed>,
    /// With a report that came by mail: what stands for the mail. The desk says it, whoever reports cannot (R114, R115).
    pub mailed: Option<intake::Mailed>,
}

impl From<Command> for Order {
    fn from(command: Command) -> Self {
        Self {
            command,
            happened_at: None,
            waive: Vec::new(),
            beside: 0,
            shadow: false,
            routed: None,
            mailed: None,
        }
    }
}

/// A rule waived by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Waive {
    /// Which rule.
    pub rule: Rule,
    /// Why.
    pub reason: Text,
}

macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident = $name:literal ($payload:path),)+) => {
        /// What people ask the procedure to do, by name.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "command")]
        pub enum Command {
            $($(#[$doc])* #[serde(rename = $name)] $variant($payload),)+
        }

        impl Command {
            /// Every command.
            pub const NAMES: &[&str] = &[$($name,)+];

            /// The command's name on the wire.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Command::$variant(_) => $name,)+ }
            }
        }

        $(impl From<$payload> for Command {
            fn from(payload: $payload) -> Self {
                Command::$variant(payload)
            }
        })+
    };
}

commands! {
    /// Report something: opens a case.
    Report = "report" (intake::Report),
    /// Say more about it.
    AddDetails = "add_details" (intake::AddDetails),
    /// Add another report of the same thing.
    AddReport = "add_report" (intake::AddReport),
    /// Say that the team is wrong about it.
    Disagree = "disagree" (intake::Disagree),
    /// Say what sort of thing it is.
    SetKind = "set_kind" (intake::SetKind),
    /// Give the case a short name.
    SetTitle = "set_title" (intake::SetTitle),
    /// Sort the case under tags.
    SetTags = "set_tags" (intake::SetTags),
    /// Say that this is the same thing as another case, which goes on.
    MergeCase = "merge_case" (intake::MergeCase),
    /// Take over the reports of a case that was merged into this one.
    ReceiveMerged = "receive_merged" (intake::ReceiveMerged),
    /// Warn everybody on the contact sheet of a suspicious mail.
    WarnColleagues = "warn_colleagues" (intake::WarnColleagues),
    /// Say why nobody is warned of a suspicious mail.
    SkipWarning = "skip_warning" (intake::SkipWarning),
    /// Make the case one that exists only for its members.
    Restrict = "restrict" (secrecy::Restrict),
    /// Open a restricted case to its project again.
    Unrestrict = "unrestrict" (secrecy::Unrestrict),
    /// Say how far the words of the case may travel.
    SetMarking = "set_marking" (secrecy::SetMarking),
    /// Let somebody see the case while it is restricted.
    AddMember = "add_member" (secrecy::AddMember),
    /// Take somebody out of those who see the case.
    RemoveMember = "remove_member" (secrecy::RemoveMember),
    /// Put an entry into the restricted annex.
    RestrictEntry = "restrict_entry" (secrecy::RestrictEntry),
    /// Leave a note.
    AddNote = "add_note" (record::AddNote),
    /// Correct a note; the first one remains.
    CorrectNote = "correct_note" (record::CorrectNote),
    /// Tick a line of the checklist.
    TickItem = "tick_item" (record::TickItem),
    /// Take a tick back.
    UntickItem = "untick_item" (record::UntickItem),
    /// Open a call for sensitive talk.
    OpenCall = "open_call" (record::OpenCall),
    /// Say that a call is over, and where its content is kept.
    CloseCall = "close_call" (record::CloseCall),
    /// Open a document for sensitive talk.
    OpenDocument = "open_document" (record::OpenDocument),
    /// Ask for a text to be erased that was pasted by mistake.
    ProposeRedaction = "propose_redaction" (record::ProposeRedaction),
    /// Agree to a redaction as the second person, or turn it down.
    SecondRedaction = "second_redaction" (record::SecondRedaction),
    /// The project was revised; given by the desk.
    ChangeBasis = "change_basis" (record::ChangeBasis),
    /// Move the case to a newer edition of the playbook.
    AdoptPlaybook = "adopt_playbook" (record::AdoptPlaybook),
    /// Record when a milestone was reached, or correct it.
    RecordMilestone = "record_milestone" (milestones::RecordMilestone),
    /// Pass a call on to the next person.
    PassOn = "pass_on" (calling::PassOn),
    /// Note that you told a reporter whom messages do not reach, such as by telephone.
    TellReporter = "tell_reporter" (calling::TellReporter),
    /// Ask somebody into the response.
    CallIn = "call_in" (calling::CallIn),
    /// Say whether you come.
    AnswerCallIn = "answer_call_in" (calling::AnswerCallIn),
    /// A channel could not deliver.
    NoteUndelivered = "note_undelivered" (calling::NoteUndelivered),
    /// Answer for the case: the first becomes IC.
    Acknowledge = "acknowledge" (commander::Acknowledge),
    /// Join as responder.
    Join = "join" (commander::Join),
    /// Leave the response.
    Leave = "leave" (commander::Leave),
    /// Say that you are on it.
    StillHere = "still_here" (commander::SayStillHere),
    /// Offer your role to somebody, with a briefing.
    OfferHandover = "offer_handover" (commander::OfferHandover),
    /// Add to the briefing of your offer.
    BriefHandover = "brief_handover" (commander::BriefHandover),
    /// Say in your own words what you are taking over.
    ReadBack = "read_back" (commander::ReadBack),
    /// Take the role that was offered to you.
    AcceptHandover = "accept_handover" (commander::AcceptHandover),
    /// Say no to the role that was offered to you.
    DeclineHandover = "decline_handover" (commander::DeclineHandover),
    /// Take your offer back, or stay after one that failed.
    WithdrawHandover = "withdraw_handover" (commander::WithdrawHandover),
    /// First step of taking command.
    TakeOver = "take_over" (commander::TakeOver),
    /// Second step of taking command.
    ConfirmTakeOver = "confirm_take_over" (commander::ConfirmTakeOver),
    /// Name somebody for a role.
    AssignRole = "assign_role" (commander::AssignRole),
    /// Take a role back, or lay your own down.
    ReleaseRole = "release_role" (commander::ReleaseRole),
    /// Decide to go on alone.
    StayAlone = "stay_alone" (commander::StayAlone),
    /// Say how much longer it will take.
    RecordForecast = "record_forecast" (endurance::RecordForecast),
    /// Decide how a long remediation goes on.
    PlanLongRemediation = "plan_long_remediation" (endurance::PlanLongRemediation),
    /// Plan a shift.
    PlanShift = "plan_shift" (endurance::PlanShift),
    /// Cancel a planned shift.
    CancelShift = "cancel_shift" (endurance::CancelShift),
    /// Send somebody home to rest.
    SendHome = "send_home" (endurance::SendHome),
    /// It really happened: status, severity and responders in one act.
    Confirm = "confirm" (assess::Confirm),
    /// It did not happen: sets the status and closes.
    FalseAlarm = "false_alarm" (assess::FalseAlarm),
    /// Choose a severity.
    SetSeverity = "set_severity" (assess::SetSeverity),
    /// Say why the severity was lowered soon after a disruption.
    ExplainLowering = "explain_lowering" (assess::ExplainLowering),
    /// Answer a question of the assessment.
    AnswerQuestion = "answer_question" (assess::AnswerQuestion),
    /// Answer criteria of severity and pick examples that fit.
    AnswerCriteria = "answer_criteria" (assess::AnswerCriteria),
    /// Say what is harmed.
    AssessImpact = "assess_impact" (assess::Impact),
    /// Decide whether the contingency plan is activated too.
    DecideContingency = "decide_contingency" (assess::DecideContingency),
    /// Publish a situation report.
    PublishSitrep = "publish_sitrep" (sitreps::PublishSitrep),
    /// Change how often sitreps are due in this case.
    ChangeCadence = "change_cadence" (sitreps::ChangeCadence),
    /// Add somebody who gets the sitreps from now on.
    AddStakeholder = "add_stakeholder" (sitreps::AddStakeholder),
    /// Stop sending them sitreps.
    RemoveStakeholder = "remove_stakeholder" (sitreps::RemoveStakeholder),

    // evidence
    /// Say that something is suspicious.
    RaiseSuspicion = "raise_suspicion" (evidence::suspicion::RaiseSuspicion),
    /// Take the flag of suspicion down.
    ClearSuspicion = "clear_suspicion" (evidence::suspicion::ClearSuspicion),
    /// Add a piece of evidence.
    AddExhibit = "add_exhibit" (evidence::exhibit::AddExhibit),
    /// Answer an item of an evidence list.
    RecordEvidenceItem = "record_evidence_item" (evidence::exhibit::RecordEvidenceItem),
    /// Give the capturing of a class of assets to somebody.
    AssignCapture = "assign_capture" (evidence::AssignCapture),
    /// Ask people to leave things alone.
    PlaceHold = "place_hold" (evidence::hold::PlaceHold),
    /// Say that a hold was heard.
    AcknowledgeHold = "acknowledge_hold" (evidence::hold::AcknowledgeHold),
    /// End a hold.
    ReleaseHold = "release_hold" (evidence::hold::ReleaseHold),

    // work
    /// Write down a lead.
    AddLead = "add_lead" (work::lead::AddLead),
    /// Give a lead to somebody.
    AssignLead = "assign_lead" (work::lead::AssignLead),
    /// Begin to follow a lead.
    StartLead = "start_lead" (work::lead::StartLead),
    /// A lead is done, with a finding.
    FinishLead = "finish_lead" (work::lead::FinishLead),
    /// Give a lead up.
    DropLead = "drop_lead" (work::lead::DropLead),
    /// Add a remediation step.
    AddStep = "add_step" (work::payload::AddStep),
    /// Give a step to somebody, or another time.
    AssignStep = "assign_step" (work::payload::AssignStep),
    /// Begin a step.
    StartStep = "start_step" (work::payload::StartStep),
    /// A step is done.
    FinishStep = "finish_step" (work::payload::FinishStep),
    /// Say whether a finished step works.
    VerifyStep = "verify_step" (work::payload::VerifyStep),
    /// Move a step between immediate and deferred.
    ReclassifyStep = "reclassify_step" (work::payload::ReclassifyStep),
    /// Give a step up.
    DropStep = "drop_step" (work::payload::DropStep),
    /// The IC decides that something is destroyed.
    DecideDestruction = "decide_destruction" (work::payload::DecideDestruction),

    // disruption
    /// Ask to disrupt a service.
    RequestDisruption = "request_disruption" (disruption::payload::RequestDisruption),
    /// Somebody tried to reach a decider.
    RecordContact = "record_contact" (disruption::payload::RecordContact),
    /// A decider answers.
    AnswerDisruption = "answer_disruption" (disruption::payload::AnswerDisruption),
    /// A responder says what they think.
    TeamVote = "team_vote" (disruption::payload::TeamVote),
    /// The IC decides where the deciders are split.
    SettleDisruption = "settle_disruption" (disruption::payload::SettleDisruption),
    /// Begin a disruption.
    StartDisruption = "start_disruption" (disruption::payload::StartDisruption),
    /// The service runs again.
    EndDisruption = "end_disruption" (disruption::payload::EndDisruption),
    /// A disruption is not wanted any more.
    WithdrawDisruption = "withdraw_disruption" (disruption::payload::WithdrawDisruption),
    /// Tell people about a disruption.
    SendDisruptionNotice = "send_disruption_notice" (disruption::payload::SendDisruptionNotice),

    // record
    /// Write down what happened.
    RecordFact = "record_fact" (record::fact::RecordFact),
    /// Say why something went ahead against a rule.
    ExplainDeviation = "explain_deviation" (record::deviation::ExplainDeviation),
    /// It is over: spin it down and hand it to a reviewer.
    ReadyForQa = "ready_for_qa" (closeout::ReadyForQa),
    /// Record whether operation is normal again.
    RecordNormalAgain = "record_normal_again" (closeout::RecordNormalAgain),
    /// Accept the work of the response.
    AcceptQa = "accept_qa" (closeout::AcceptQa),
    /// Send it back to the response.
    SendBackQa = "send_back_qa" (closeout::SendBackQa),
    /// Thank everyone who took part.
    SendThanks = "send_thanks" (closeout::SendThanks),
    /// Close the case.
    Close = "close" (closeout::Close),
    /// Reopen the case.
    Reopen = "reopen" (closeout::Reopen),
    /// Lift or keep what a false alarm left in force.
    Settle = "settle" (closeout::Settle),
    /// Name who leads the retrospective.
    AppointLeader = "appoint_leader" (retrospective::AppointLeader),
    /// Add a line to the timeline.
    AddTimelineLine = "add_timeline_line" (retrospective::AddTimelineLine),
    /// Leave a line out of the timeline.
    RemoveTimelineLine = "remove_timeline_line" (retrospective::RemoveTimelineLine),
    /// Write a section of the report in words.
    WriteReportSection = "write_report_section" (retrospective::WriteReportSection),
    /// Add a cause to the graph, or change one.
    AddCause = "add_cause" (retrospective::AddCause),
    /// Choose a method of cause analysis.
    ChooseMethod = "choose_method" (retrospective::ChooseMethod),
    /// Put something on an outcome list.
    AddOutcome = "add_outcome" (retrospective::AddOutcome),
    /// Add a lesson.
    AddLesson = "add_lesson" (retrospective::AddLesson),
    /// Add a follow-up.
    AddFollowUp = "add_follow_up" (retrospective::AddFollowUp),
    /// A follow-up is done.
    DoneFollowUp = "done_follow_up" (retrospective::DoneFollowUp),
    /// Say how it was discovered.
    SetDiscoveryMethod = "set_discovery_method" (retrospective::SetDiscoveryMethod),
    /// Say what the actor did.
    SetThreatActions = "set_threat_actions" (retrospective::SetThreatActions),
    /// Do without a retrospective.
    SkipRetrospective = "skip_retrospective" (retrospective::SkipRetrospective),
    /// Publish the report.
    PublishReport = "publish_report" (retrospective::PublishReport),
    /// A service is down, or works much worse than it should.
    BeginOutage = "begin_outage" (contingency::BeginOutage),
    /// It works again.
    EndOutage = "end_outage" (contingency::EndOutage),
    /// Activate the contingency plan.
    ActivateContingency = "activate_contingency" (contingency::ActivateContingency),
    /// Record that operation was tested after recovery.
    RecordRecoveryTest = "record_recovery_test" (contingency::RecordRecoveryTest),
    /// Declare the recovery complete.
    DeclareRecovered = "declare_recovered" (contingency::DeclareRecovered),
    /// Plan when the postmortem of the recovery is held.
    PlanPostmortem = "plan_postmortem" (contingency::PlanPostmortem),
    /// Decide whether affected customers are told.
    DecideCustomerNotice = "decide_customer_notice" (outside::DecideCustomerNotice),
    /// Draft what customers are told.
    DraftCustomerNotice = "draft_customer_notice" (outside::DraftCustomerNotice),
    /// Approve a drafted notice, as product owner.
    ApproveCustomerNotice = "approve_customer_notice" (outside::ApproveCustomerNotice),
    /// Send an approved notice.
    SendCustomerNotice = "send_customer_notice" (outside::SendCustomerNotice),
}
