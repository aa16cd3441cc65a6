//! Commands: what people ask the procedure to do. One line per command; the payloads
//! live in the chapters. The JSON form is the API's (`POST …/commands`).

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::chapters::{calling, commander, intake, milestones};
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
}
