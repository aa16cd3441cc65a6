//! Reports: what was noticed, by whom, when, and how to reach them.
//!
//! A report is never refused for what it says (R23): only a description is required.

mod decide;
mod judge;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::entry::{Body, Entry};
use crate::id::{AssetId, PersonId, WindowId};
use crate::moment::When;
use crate::notice::{Notice, Recipient, Telling};
use crate::pulse::Due;
use crate::text::Text;

pub(crate) use decide::decide;
pub(crate) use judge::judge;

/// Report something. Only `text` is required (R113).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// What happened; a sentence is enough.
    pub text: Text,
    /// A short name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// The best way to reach the reporter, seen by the team only (R116).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Text>,
    /// A telephone number as the second way (R116).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Text>,
    /// By which way it came (R4).
    #[serde(default)]
    pub route: Route,
    /// What sort of thing it is, if known (R1).
    #[serde(default)]
    pub kind: Kind,
    /// The three questions about a phishing mail.
    #[serde(default)]
    pub phish: Phish,
    /// Plain-language signs picked from the playbook's list (R122).
    #[serde(default)]
    pub signs: BTreeSet<String>,
    /// What is affected, if known.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
    /// When somebody became aware, if it was not just now (R22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aware: Option<When>,
    /// When it began, if known (R22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<When>,
    /// Only for its members from the first second (M23).
    #[serde(default)]
    pub restricted: bool,
    /// It is about an employee, so it restricts itself (R101).
    #[serde(default)]
    pub about_employee: bool,
    /// The employee it is about, who is neither called nor shown it (M23).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_person: Option<PersonId>,
}

/// By which way a report came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// The public form.
    Form,
    /// The HTTP API.
    #[default]
    Api,
    /// The command line.
    Cli,
    /// A mail.
    Mail,
    /// A chat message.
    Chat,
    /// By word of mouth, written down by somebody else.
    Told,
}

/// What sort of thing it is. It may be changed later; history is kept (R1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Might be security, might not.
    #[default]
    Unknown,
    /// Security.
    Security,
    /// A disruption without an attacker.
    Operational,
}

/// What somebody did with a phishing mail. Any yes is an incident to report at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Phish {
    /// Clicked a link.
    #[serde(default)]
    pub clicked: bool,
    /// Opened an attachment.
    #[serde(default)]
    pub opened: bool,
    /// Typed something into a form.
    #[serde(default)]
    pub entered: bool,
}

/// Entry: a report opened the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reported {
    /// The report as it came.
    pub report: Report,
    /// The reporter, if they were signed in.
    #[serde(default)]
    pub reporter: Option<PersonId>,
    /// Planned maintenance going on at that instant (R24).
    #[serde(default)]
    pub maintenance: BTreeSet<WindowId>,
    /// Who is on call and is paged at once (R25).
    #[serde(default)]
    pub paged: Vec<PersonId>,
    /// The project's pager address is used at once.
    #[serde(default)]
    pub pager: bool,
}

/// A report that belongs to the case.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// The entry.
    pub seq: u64,
    /// When it was received.
    pub at: Timestamp,
    /// The report.
    pub report: Report,
    /// Who reported.
    pub by: Who,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Every report, the first one first (R29).
    pub reports: Vec<Received>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Planned maintenance going on when it was reported.
    pub maintenance: BTreeSet<WindowId>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        if let Body::Reported(reported) = &entry.body {
            let report = reported.report.clone();
            self.kind = report.kind;
            self.maintenance.clone_from(&reported.maintenance);
            let (seq, at, by) = (entry.seq, entry.recorded_at, entry.actor.who.clone());
            self.reports.push(Received { seq, at, report, by });
        }
    }

    /// When the case was reported: the ten minutes of R26 start here.
    #[must_use]
    pub fn reported_at(&self) -> Option<Timestamp> {
        self.reports.first().map(|report| report.at)
    }
}

pub(crate) fn owes(_: At, _: &mut Vec<Obligation>) {}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

/// The reporter hears that it was received and, later, who has it (X36).
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let reporters = || (1..).zip(&at.case.part.intake.reports).map(|(n, _)| Recipient::Reporter(n));
    match &entry.body {
        Body::Reported(_) => out.push(Notice::say(Recipient::Reporter(1), Telling::Received)),
        Body::Acknowledged(_) => {
            out.extend(reporters().map(|to| Notice::say(to, Telling::Taken)));
        }
        Body::RoundEnded(ended) => out.extend(
            reporters().map(|to| Notice::say(to, Telling::RoundEnded { round: ended.round })),
        ),
        _ => {}
    }
}
