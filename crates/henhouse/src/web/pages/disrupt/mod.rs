//! `/cases/{number}/disrupt`: a service is disturbed on purpose. The rule of the severity stands beside the button: at
//! High one acts and tells, at Medium those who decide are asked and the hour is seen running, at Low one waits until
//! they agree. What is allowed is the engine's to say.

mod ask;
pub(super) mod kept;
mod look;

use procedure::at::At;
use procedure::playbook::{DisruptionPolicy, Severity};

pub(super) use self::ask::{request, show as ask};
pub(super) use self::look::{act, show as look};
use super::frame::{Frame, Mark};
use crate::desk::CaseView;
use crate::report::people;
use crate::web::Call;
use crate::web::words::Words;

/// What the severity says about disruptions.
struct Policy {
    severity: Mark,
    /// What the playbook says of it.
    conduct: String,
    /// What it means here, in a sentence.
    means: String,
    /// Nobody is asked.
    free: bool,
}

impl Policy {
    fn of(w: Words, at: At, policy: DisruptionPolicy) -> Self {
        let severity = at.severity();
        let means = match policy {
            DisruptionPolicy::Free if severity == Severity::Unknown => {
                w.say("disrupt-free-unknown")
            }
            DisruptionPolicy::Free => w.say("disrupt-free"),
            DisruptionPolicy::Consult => w.say("disrupt-consult"),
            DisruptionPolicy::Agree => w.say("disrupt-agree"),
        };
        let policies = &at.basis.playbook.severities;
        Self {
            severity: Mark::of(severity),
            conduct: policies.policy(severity).conduct.clone(),
            means: means.into_owned(),
            free: policy == DisruptionPolicy::Free,
        }
    }
}

fn around(call: &Call, view: &CaseView, title: &str) -> Frame {
    let title = format!("{}: {title}", view.row.number);
    let mut frame = Frame::new(call, title)
        .counting_once(call)
        .worded("disrupt")
        .unhurried(view.case.part.assess.severity);
    frame.lines = people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    frame
}

#[cfg(test)]
mod tests;
