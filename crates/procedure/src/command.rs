//! Commands: what people ask the procedure to do. One line per command; the payloads
//! live in the chapters. The JSON form is the API's (`POST …/commands`).

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::chapters::{assess, calling, commander, intake, milestones, sitreps};
use crate::moment::When;
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
}

impl From<Command> for Order {
    fn from(command: Command) -> Self {
        Self {
            command,
            happened_at: None,
            waive: Vec::new(),
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
    /// Record when a milestone was reached, or correct it.
    RecordMilestone = "record_milestone" (milestones::RecordMilestone),
    /// Pass a call on to the next person.
    PassOn = "pass_on" (calling::PassOn),
    /// Answer for the case: the first becomes IC.
    Acknowledge = "acknowledge" (commander::Acknowledge),
    /// Join as responder.
    Join = "join" (commander::Join),
    /// Leave the response.
    Leave = "leave" (commander::Leave),
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
}
