//! Names, numbers and addresses: everything about a project that is sealed.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::{
    AssetId, DependencyId, PersonId, PolicyId, ScheduleId, StakeholderId, TeamId, WindowId,
};
use crate::text::Text;

/// What the ids of a project mean. People who left stay in it, so that old cases can
/// still be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// Everyone on the contact sheet, and those who once were.
    #[serde(default)]
    pub people: BTreeMap<PersonId, Contact>,
    /// Those who hear of incidents without responding.
    #[serde(default)]
    pub stakeholders: BTreeMap<StakeholderId, Contact>,
    /// Services of others, with what to do when they fail (R10, X27).
    #[serde(default)]
    pub dependencies: BTreeMap<DependencyId, Dependency>,
    /// What each asset is called.
    #[serde(default)]
    pub assets: BTreeMap<AssetId, Text>,
    /// What is done in each maintenance window.
    #[serde(default)]
    pub maintenance: BTreeMap<WindowId, Text>,
    /// What each schedule of who is on call is called.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub schedules: BTreeMap<ScheduleId, Text>,
    /// What each team is called.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub teams: BTreeMap<TeamId, Text>,
    /// What each escalation policy is called.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub policies: BTreeMap<PolicyId, Text>,
    /// The project's own address that wakes whoever is on call (R5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pager: Option<Text>,
    /// Numbers that anybody may be shown (R26); never a person's (M24).
    #[serde(default)]
    pub public_numbers: Vec<PublicNumber>,
    /// Where the team talks and where the ticket is, by the name that the project gives
    /// the place (R45).
    #[serde(default)]
    pub places: BTreeMap<String, Text>,
}

/// How to reach somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// What they are called.
    pub name: Text,
    /// Where mail reaches them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Text>,
    /// Where they can be telephoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Text>,
    /// By what they are paged, in this order (R26). Mail is the last where the list does not name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
}

/// One way to page somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// By what.
    pub by: By,
    /// Where it leads: an address, a topic, a name in the settings, a number. Mail without it goes to the person's own
    /// address, and a text message or a call to their own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Text>,
}

/// By what a page goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A mail.
    Mail,
    /// A topic of the ntfy server that the settings name.
    Ntfy,
    /// A webhook that the settings name.
    Webhook,
    /// A program that the settings name.
    Command,
    /// A text message to a telephone number.
    Sms,
    /// A call to a telephone number.
    Voice,
    /// An application of a Gotify server that the settings name.
    Gotify,
    /// A service of PagerDuty that the settings name.
    Pagerduty,
    /// An integration of Opsgenie that the settings name.
    Opsgenie,
    /// The browsers in which the person has turned it on; it leads nowhere else.
    Push,
}

impl By {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::Mail,
        Self::Ntfy,
        Self::Webhook,
        Self::Command,
        Self::Sms,
        Self::Voice,
        Self::Gotify,
        Self::Pagerduty,
        Self::Opsgenie,
        Self::Push,
    ];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Ntfy => "ntfy",
            Self::Webhook => "webhook",
            Self::Command => "command",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Gotify => "gotify",
            Self::Pagerduty => "pagerduty",
            Self::Opsgenie => "opsgenie",
            Self::Push => "push",
        }
    }
}

impl Contact {
    /// Whether anything in writing can reach them.
    #[must_use]
    pub fn takes_messages(&self) -> bool {
        let rings = |route: &Route| matches!(route.by, By::Sms | By::Voice) && self.phone.is_some();
        let mut routes = self.routes.iter();
        self.mail.is_some() || routes.any(|route| route.to.is_some() || rings(route))
    }

    /// By what the person is paged, in order, and where each leads. Texts that were erased lead nowhere.
    #[must_use]
    pub fn ways(&self) -> Vec<(By, &str)> {
        let mail = self.mail.as_ref().and_then(Text::plain);
        let named = self.routes.iter().filter_map(|route| {
            let to = route.to.as_ref().and_then(Text::plain);
            let own = match route.by {
                _ if route.to.is_some() => None,
                By::Mail => mail,
                // To whatever devices the person has.
                By::Push => Some(""),
                By::Sms | By::Voice => self.phone.as_ref().and_then(Text::plain),
                By::Ntfy
                | By::Webhook
                | By::Command
                | By::Gotify
                | By::Pagerduty
                | By::Opsgenie => None,
            };
            Some((route.by, to.or(own)?))
        });
        let mut ways: Vec<(By, &str)> = named.collect();
        let last = mail.filter(|mail| !ways.contains(&(By::Mail, mail)));
        ways.extend(last.map(|mail| (By::Mail, mail)));
        ways
    }
}

/// A service of others that the project needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// What it is called.
    pub name: Text,
    /// Where it says how it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_page: Option<Text>,
    /// What fails here when it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Text>,
    /// What to use meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Text>,
}

/// A telephone number that anybody may be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicNumber {
    /// What the line is, without a person's name.
    pub label: Text,
    /// The number as it is dialled.
    pub number: Text,
}
