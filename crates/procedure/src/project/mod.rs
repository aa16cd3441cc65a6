//! The project's own journal: its contact sheet, calendar, assets and playbooks, each
//! revision whole and for ever.
//!
//! Who may change a project (admins do) is decided where people sign in. Here stands
//! what no admin can do either: approve their own playbook, or name what is not there.

mod alert_rules;
mod check;
mod decide;
mod directory;
mod heartbeats;
mod imported_routes;
mod imports;
mod routes;
mod schedules;
mod shadow;
mod sources;
mod state;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::basis::Project;
use crate::calendar::Zone;
use crate::id::{CoverId, PolicyId, ScheduleId};
use crate::playbook::{Overridden, Playbook};
use crate::text::Text;

pub use alert_rules::{
    AlertFacts, AlertHeld, AlertIs, AlertRule, AlertRulesSet, AlertTest, AlertThen, AlertVerdict,
    HeldAlerts, HeldStep, LONGEST_PATTERN, MOST_HELD, gathers_for, judge_alert,
};
pub use check::{Warning, warnings};
pub use decide::decide_project;
pub use directory::{By, Contact, Dependency, Directory, PublicNumber, Route};
pub use heartbeats::{Heartbeat, key as heartbeat_key};
pub use imported_routes::{CameRoutes, ORDER_OF_ROUTES, RoutesImport};
pub use imports::{AsImported, Import, Imported};
pub use routes::{AlertRoute, AlertRoutesSet, RouteHours, RouteTo, Routed};
pub use schedules::{
    CoverEnded, OfferSwap, PolicyRemoved, PolicyUsed, ScheduleRemoved, SetPolicy, SetSchedule,
    SetTeam, StandIn, StoodIn, Swap, SwapAnswered, SwapOffered, Time,
};
pub use shadow::{LONGEST_SHADOW_DAYS, Shadow, ShadowEnded, SourceShadowed};
pub use sources::{
    AddSource, AlertSource, Sender, SourceAdded, SourceWithdrawn, Subscription, TopicArn,
    TopicHeard,
};
pub use state::{Edition, ProjectState, Verdict, fold_project};

/// What is asked of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum ProjectCommand {
    /// Found it. Its first playbook comes into force with it, marked as reviewed by nobody.
    Create {
        /// What people call it.
        name: Text,
        /// Its name in addresses: small letters, digits and hyphens.
        slug: String,
        /// What its case numbers begin with: capital letters and digits, such as `HH`.
        prefix: String,
        /// The procedure it begins with.
        playbook: Box<Playbook>,
    },
    /// Revise it as a whole. `project.revision` is the revision that was edited.
    Revise {
        /// What the rules look at.
        project: Box<Project>,
        /// Names, numbers and addresses.
        directory: Box<Directory>,
        /// Its new name, if that changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Text>,
    },
    /// Propose another edition of the playbook (X30).
    ProposePlaybook {
        /// The whole playbook, with its edition raised.
        playbook: Box<Playbook>,
        /// What changes, and why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Text>,
        /// What it says otherwise than its base, if it was made by changing one (X29).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overridden: Option<Overridden>,
    },
    /// Accept or turn down a proposed edition (X30).
    ReviewPlaybook {
        /// Which.
        edition: u32,
        /// Whether it comes into force.
        accepted: bool,
        /// Why; needed to turn it down, and to accept one's own (M16).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Text>,
    },
    /// Let a program send alerts.
    AddSource(AddSource),
    /// Let the key of an alert source open nothing any more.
    WithdrawSource {
        /// Which, by its public id.
        id: String,
    },
    /// Let a source call nobody for a while, and work out whom it would have called.
    ShadowSource(SourceShadowed),
    /// Let a source in shadow call people from now on.
    EndShadow(ShadowEnded),
    /// Note that the subscription to a topic runs, or was ended. Given by the desk.
    HearTopic(TopicHeard),
    /// Say what becomes of alerts.
    SetAlertRules {
        /// In the order in which they are asked.
        rules: Vec<AlertRule>,
    },
    /// Say whom the events of alerts call first.
    SetAlertRoutes {
        /// In the order in which they are asked.
        routes: Vec<AlertRoute>,
        /// The rules of the zones that they name. Given by the desk.
        #[serde(default)]
        zones: BTreeMap<String, Zone>,
        /// They come from another pager, and leave what was made or changed here.
        #[serde(default)]
        import: Option<RoutesImport>,
    },
    /// Note that an alert is held back, or not any more. Given by the desk.
    HoldAlert(Box<AlertHeld>),
    /// Listen for a heartbeat, or not any more.
    SetHeartbeat(Heartbeat),
    /// Set a schedule of who is on call.
    SetSchedule(Box<SetSchedule>),
    /// Remove one.
    RemoveSchedule {
        /// Which.
        id: ScheduleId,
    },
    /// Say who is in a team.
    SetTeam(Box<SetTeam>),
    /// Set an escalation policy.
    SetPolicy(Box<SetPolicy>),
    /// Remove one that is not used.
    RemovePolicy {
        /// Which.
        id: PolicyId,
    },
    /// Call people by one before the contact sheet, or by the handbook's way alone.
    UsePolicy {
        /// Which; none: the handbook's way.
        #[serde(default)]
        id: Option<PolicyId>,
    },
    /// Stand in for a while, or let somebody.
    StandIn(StandIn),
    /// Let whoever stands in do so no more.
    EndCover {
        /// In which schedule.
        schedule: ScheduleId,
        /// Which.
        cover: CoverId,
    },
    /// Offer to swap time on call.
    OfferSwap(OfferSwap),
    /// Answer a swap, or take one's own offer back.
    AnswerSwap(SwapAnswered),
}

/// What an entry of a project's journal says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum ProjectBody {
    /// It was founded.
    ProjectCreated(ProjectCreated),
    /// It was revised.
    ProjectRevised(Box<ProjectRevised>),
    /// An edition of the playbook was proposed.
    PlaybookProposed(Box<PlaybookProposed>),
    /// A proposed edition was reviewed.
    PlaybookReviewed(PlaybookReviewed),
    /// An alert source was added.
    SourceAdded(SourceAdded),
    /// An alert source was withdrawn.
    SourceWithdrawn(SourceWithdrawn),
    /// A source calls nobody until then.
    SourceShadowed(SourceShadowed),
    /// A source in shadow calls people again.
    ShadowEnded(ShadowEnded),
    /// The subscription of a source to a topic was confirmed, or ended.
    TopicHeard(TopicHeard),
    /// What becomes of alerts was said.
    AlertRulesSet(AlertRulesSet),
    /// Whom the events of alerts call first was said.
    AlertRoutesSet(AlertRoutesSet),
    /// An alert is held back by a rule or a route, or not any more.
    AlertHeld(Box<AlertHeld>),
    /// A heartbeat is listened for, or not any more.
    HeartbeatSet(Heartbeat),
    /// A schedule was set.
    ScheduleSet(Box<SetSchedule>),
    /// A schedule was removed.
    ScheduleRemoved(ScheduleRemoved),
    /// It was said who is in a team.
    TeamSet(Box<SetTeam>),
    /// An escalation policy was set.
    PolicySet(Box<SetPolicy>),
    /// One was removed.
    PolicyRemoved(PolicyRemoved),
    /// It was said by which one people are called.
    PolicyUsed(PolicyUsed),
    /// Somebody stands in.
    StoodIn(StoodIn),
    /// Somebody stands in no more.
    CoverEnded(CoverEnded),
    /// A swap was offered.
    SwapOffered(SwapOffered),
    /// A swap was answered, or taken back.
    SwapAnswered(SwapAnswered),
}

/// Entry: the project was founded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectCreated {
    /// What people call it.
    pub name: Text,
    /// Its name in addresses.
    pub slug: String,
    /// What its case numbers begin with.
    pub prefix: String,
}

/// Entry: the project as it stands from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectRevised {
    /// What the rules look at, with its new revision.
    pub project: Project,
    /// Names, numbers and addresses.
    pub directory: Directory,
    /// Its new name, if that changed.
    #[serde(default)]
    pub name: Option<Text>,
    /// What is unwise about it, and was shown to whoever did it.
    #[serde(default)]
    pub warnings: Vec<Warning>,
}

/// Entry: an edition of the playbook was proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaybookProposed {
    /// The whole playbook.
    pub playbook: Playbook,
    /// What changes, and why.
    #[serde(default)]
    pub note: Option<Text>,
    /// What it says otherwise than its base, if it was made by changing one (X29).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Overridden>,
}

/// Entry: a proposed edition was reviewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaybookReviewed {
    /// Which.
    pub edition: u32,
    /// Whether it comes into force.
    pub accepted: bool,
    /// Why.
    #[serde(default)]
    pub note: Option<Text>,
    /// By its own author, because nobody else was there (M16).
    #[serde(default)]
    pub one_person: bool,
}

/// One immutable row of a project's journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectEntry {
    /// Position in the journal, from 1, without gaps.
    pub seq: u64,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// Who, and how we know.
    pub actor: Actor,
    /// What.
    pub body: ProjectBody,
}

impl ProjectBody {
    /// Every kind of entry.
    pub const KINDS: &[&str] = &[
        "project_created",
        "project_revised",
        "playbook_proposed",
        "playbook_reviewed",
        "source_added",
        "source_withdrawn",
        "source_shadowed",
        "shadow_ended",
        "topic_heard",
        "alert_rules_set",
        "alert_routes_set",
        "alert_held",
        "heartbeat_set",
        "schedule_set",
        "schedule_removed",
        "team_set",
        "policy_set",
        "policy_removed",
        "policy_used",
        "stood_in",
        "cover_ended",
        "swap_offered",
        "swap_answered",
    ];

    /// The name of this kind, as stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ProjectCreated(_) => "project_created",
            Self::ProjectRevised(_) => "project_revised",
            Self::PlaybookProposed(_) => "playbook_proposed",
            Self::PlaybookReviewed(_) => "playbook_reviewed",
            Self::SourceAdded(_) => "source_added",
            Self::SourceWithdrawn(_) => "source_withdrawn",
            Self::SourceShadowed(_) => "source_shadowed",
            Self::ShadowEnded(_) => "shadow_ended",
            Self::TopicHeard(_) => "topic_heard",
            Self::AlertRulesSet(_) => "alert_rules_set",
            Self::AlertRoutesSet(_) => "alert_routes_set",
            Self::AlertHeld(_) => "alert_held",
            Self::HeartbeatSet(_) => "heartbeat_set",
            Self::ScheduleSet(_) => "schedule_set",
            Self::ScheduleRemoved(_) => "schedule_removed",
            Self::TeamSet(_) => "team_set",
            Self::PolicySet(_) => "policy_set",
            Self::PolicyRemoved(_) => "policy_removed",
            Self::PolicyUsed(_) => "policy_used",
            Self::StoodIn(_) => "stood_in",
            Self::CoverEnded(_) => "cover_ended",
            Self::SwapOffered(_) => "swap_offered",
            Self::SwapAnswered(_) => "swap_answered",
        }
    }
}
