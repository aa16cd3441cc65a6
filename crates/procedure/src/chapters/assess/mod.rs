//! Is it real, what does it harm, how severe is it?
//!
//! The status of the case lives here. A chapter whose entry changes it adds its arm to
//! `State::apply`; nothing else writes it.

mod impact;
mod judge;
mod owes;
mod payload;
mod questions;
mod severity;
mod state;
mod suggest;
mod tell;
mod verdict;

use alloc::vec::Vec;

use crate::agenda::Permit;
use crate::at::At;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::pulse::Due;

pub use impact::{DataKind, Harm, Impact, ImpactAssessed, Tag, Whose};
pub use payload::{
    AnswerCriteria, AnswerQuestion, Confirm, Confirmed, ContingencyDecided, CriteriaAnswered,
    DecideContingency, ExplainLowering, FalseAlarm, FalseAlarmCalled, LoweringExplained, Question,
    QuestionAnswered, SetSeverity, SeveritySet,
};
pub use severity::{flagged, policy, response, unexplained};
pub use state::{
    Answered, Assessed, PlanDecision, SeverityChange, State, StatusChange, Verdict,
};
pub use suggest::{Because, Suggestion, data_is_involved, data_was_touched, suggested, suggestion, touched};

pub(crate) use judge::judge;
pub(crate) use owes::owes;
pub(crate) use severity::{policy_of, within_rules};
pub(crate) use tell::tell;

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::Confirm(confirm) => verdict::confirm(d, confirm),
        Command::FalseAlarm(alarm) => verdict::false_alarm(d, alarm),
        Command::SetSeverity(set) => severity::set(d, set),
        Command::ExplainLowering(explain) => severity::explain(d, explain),
        Command::AnswerQuestion(answer) => questions::answer(d, answer),
        Command::AnswerCriteria(answer) => questions::criteria(d, answer),
        Command::AssessImpact(impact) => impact::assess(d, impact),
        Command::DecideContingency(decision) => questions::contingency(d, decision),
        _ => return None,
    };
    Some(decided)
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}
