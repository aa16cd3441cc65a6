//! The fixed words of messages; all other wording is made outside the engine.

use alloc::string::String;
use serde::{Deserialize, Serialize};

/// Fixed words of messages. All other wording is the report module's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    /// A mail with this in its subject is a report, in any case, also after Fwd or Re (R114).
    pub report_subject: String,
    /// A mail with this in its subject passes a suspicious mail on, in any case: its sender is asked the three questions (R107).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suspicious_subject: String,
    /// The mention that opens an event from a project channel (R117).
    pub chat_mention: String,
    /// Subjects of what is sent.
    pub subjects: Subjects,
    /// The thanks to a reporter at receipt (R124).
    pub reporter_thanks: String,
    /// What recipients of exposed data are told of their duties (X34).
    pub exposed_data_duties: String,
}

/// Subjects of what is sent, as far as they may be chosen: what rings says number, severity, verb
/// and deadline first, whatever a playbook would like. `{noun}` becomes "event" or "incident" (R31), `{number}` the
/// case's number, `{title}` its short description; nothing else is replaced. A restricted
/// case never fills `{title}` (M23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subjects {
    /// A sitrep; begins with `[sitrep]` (R43).
    pub sitrep: String,
    /// The final sitrep (R74).
    pub final_sitrep: String,
    /// Word of a false alarm to all earlier recipients (X34).
    pub false_alarm: String,
    /// A question to the deciders (R62).
    pub disruption_question: String,
    /// Notice of a disruption (R61).
    pub disruption_notice: String,
    /// A hold order (R119).
    pub hold: String,
    /// To a reporter: received, somebody has it, closed (R124, X36).
    pub reporter: String,
    /// A reminder (R34, R52).
    pub reminder: String,
    /// Thanks at close-out (R75).
    pub thanks: String,
    /// The retrospective's invitation and report (R88).
    pub retrospective: String,
}

impl Subjects {
    /// Every subject with the name of its field.
    #[must_use]
    pub fn all(&self) -> [(&'static str, &String); 10] {
        [
            ("sitrep", &self.sitrep),
            ("final_sitrep", &self.final_sitrep),
            ("false_alarm", &self.false_alarm),
            ("disruption_question", &self.disruption_question),
            ("disruption_notice", &self.disruption_notice),
            ("hold", &self.hold),
            ("reporter", &self.reporter),
            ("reminder", &self.reminder),
            ("thanks", &self.thanks),
            ("retrospective", &self.retrospective),
        ]
    }
}
