//! What people say when they report something, and the entries it leaves.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::mail::Mailed;
use crate::basis::Review;
use crate::id::{AssetId, CaseId, PersonId, WindowId};
use crate::moment::When;
use crate::project::Routed;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

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
    /// What the reporter is called, if they say so (R32).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Nobody outside the team is to see who reported (R105).
    #[serde(default)]
    pub hide_name: bool,
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
    /// It was read from the template, pasted into chat or mail (R32, X14).
    #[serde(default)]
    pub template: bool,
    /// An exercise: everything runs as always, and no metric counts it (R124).
    #[serde(default)]
    pub drill: bool,
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
    /// An alert that a program sent.
    Alert,
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
    /// Said that it was none of the three. A yes beside it counts more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub none: bool,
    /// The mail was in the spam folder when it was seen.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_spam: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// What follows from the answers to the three questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// They were not answered.
    Asking,
    /// Something was done with it: an event, at once, whatever else was said (R108).
    Event,
    /// Nothing was done: the mail is kept, and there is advice (R110, R111).
    Advice,
    /// It was in the spam folder: nothing to do, and it is counted (R112).
    Nothing,
}

impl Phish {
    /// Anything was done with it: it is an incident to report at once.
    #[must_use]
    pub fn acted_upon(self) -> bool {
        (self.clicked || self.opened || self.entered) && on(Rule::R108)
    }

    /// Whether the questions were answered (R107).
    #[must_use]
    pub fn is_answered(self) -> bool {
        self.clicked || self.opened || self.entered || self.none || self.in_spam
    }

    /// What follows from the answers.
    #[must_use]
    pub fn follows(self) -> Follows {
        match self {
            answered if answered.acted_upon() => Follows::Event,
            Self { in_spam: true, .. } if on(Rule::R112) => Follows::Nothing,
            answered if answered.is_answered() => Follows::Advice,
            _ => Follows::Asking,
        }
    }

    /// Once the mail was offered to be kept, "you may delete it" is right (M1).
    #[must_use]
    pub fn may_be_deleted(self, was_offered_to_be_kept: bool) -> bool {
        (was_offered_to_be_kept || !on(Rule::R111)) && !self.acted_upon()
    }
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
    /// It is only for its members: ticked, or because of what it is about (R101, M23).
    #[serde(default)]
    pub restricted: bool,
    /// It came in a burst and shares its pages with others, until somebody has it (M24).
    #[serde(default)]
    pub bundled: bool,
    /// Where the team talks and where the ticket is, for the whole life of the case (R45).
    #[serde(default)]
    pub places: Vec<String>,
    /// The playbook that the case follows (X29, X30).
    #[serde(default)]
    pub playbook: Pinned,
    /// The client's own procedure, where the project has one (X29).
    #[serde(default)]
    pub client_procedure: Option<String>,
    /// An alert of a source in shadow opened it: whom it would call is worked out, and nobody is called.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub shadow: bool,
    /// The route that decided whom it calls, where an alert opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routed: Option<Routed>,
    /// The mail that it came by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed: Option<Mailed>,
}

/// Which playbook a case follows, and who had looked at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// The playbook's name.
    pub name: String,
    /// Its edition.
    pub edition: u32,
    /// Who looked at that edition before it came into force.
    pub review: Review,
}

/// Say more about it: the reporter, or anybody else who knows something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddDetails {
    /// What there is to add.
    pub text: Text,
}

/// Add another report of the same thing; both remain whole (R29).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddReport {
    /// The report as it came.
    pub report: Report,
    /// The reporter, if they have an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<PersonId>,
}

/// Say that the team is wrong about it. It is noted and told, and decides nothing (R106).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Disagree {
    /// Why.
    pub text: Text,
}

/// Say what sort of thing it is (R1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetKind {
    /// Which.
    pub kind: Kind,
}

/// Give the case a short name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetTitle {
    /// The name.
    pub title: Text,
}

/// Sort the case under tags; they replace those it had.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetTags {
    /// Small letters, digits, hyphens; never anybody's name.
    pub tags: BTreeSet<String>,
}

/// Say that this is the same thing as another case, which goes on. Given to the case
/// that ends (R29).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MergeCase {
    /// The case that goes on.
    pub other: CaseId,
    /// Why they are the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Take over the reports of a case that was merged into this one. Given by the desk, in
/// the transaction of its [`MergeCase`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReceiveMerged {
    /// The case that ended.
    pub other: CaseId,
    /// Who merged them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// That case was restricted.
    #[serde(default)]
    pub restricted: bool,
    /// Whom that case was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_person: Option<PersonId>,
    /// Every report it had, in order.
    pub reports: Vec<MergedReport>,
}

/// A report as it stood in the case that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MergedReport {
    /// Its entry there.
    pub seq: u64,
    /// When it was received there.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub at: Timestamp,
    /// The reporter, if they have an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<PersonId>,
    /// The report.
    pub report: Report,
}

/// Entry: another report of the same thing came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportAdded {
    /// The report as it came.
    pub report: Report,
    /// The reporter, if they have an account.
    #[serde(default)]
    pub reporter: Option<PersonId>,
    /// It makes the case one for its members only (R101, M23).
    #[serde(default)]
    pub restricted: bool,
    /// The mail that it came by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed: Option<Mailed>,
}

/// Entry: somebody said more about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetailsAdded {
    /// What they said.
    pub text: Text,
}

/// Entry: somebody thinks that the team is wrong about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disagreed {
    /// Why.
    pub text: Text,
}

/// Entry: what sort of thing it is was said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindSet {
    /// From now on.
    pub kind: Kind,
    /// Before.
    pub was: Kind,
}

/// Entry: the case got a short name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TitleSet {
    /// The name.
    pub title: Text,
}

/// Entry: the case was sorted under tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TagsSet {
    /// All of them.
    pub tags: BTreeSet<String>,
}

/// Entry: this case ended as part of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergedInto {
    /// The case that goes on.
    pub other: CaseId,
    /// Why they are the same.
    #[serde(default)]
    pub reason: Option<Text>,
}

/// Entry: another case became part of this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergedFrom {
    /// The case that ended.
    pub other: CaseId,
    /// Who merged them.
    #[serde(default)]
    pub by: Option<PersonId>,
    /// Whom that case was about.
    #[serde(default)]
    pub about_person: Option<PersonId>,
    /// Its reports, in order.
    pub reports: Vec<MergedReport>,
}

impl MergedFrom {
    /// Whom what came in is about: as the case that ended said, else a report of it (M23).
    #[must_use]
    pub fn subject(&self) -> Option<&PersonId> {
        let mut reports = self.reports.iter();
        let said = || reports.find_map(|merged| merged.report.about_person.as_ref());
        self.about_person.as_ref().or_else(said)
    }
}
