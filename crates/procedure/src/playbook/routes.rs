//! How people are told: routes in their order, and what replaces what.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// How people are told: the routes of a report in their order, and what replaces what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routes {
    /// The routes of a report, in order (R5).
    pub order: Vec<Route>,
    /// Which channels replace a broken one, in order (X27).
    pub fallbacks: BTreeMap<Channel, Vec<Channel>>,
    /// Used beside the first route when nobody answers there, e.g. to the deciders (R63).
    pub second_route: Channel,
}

/// One route of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The channel kind; which channel, address or list it is belongs to the project.
    pub channel: Channel,
    /// What it reaches, in words.
    pub label: String,
    /// When it begins.
    pub start: RouteStart,
}

/// When a route begins (R5, M17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteStart {
    /// With the report.
    AtOnce,
    /// When nobody acknowledged within the limit (R26).
    AfterAckLimit,
}

/// A kind of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The project's chat channel, everyone alerted.
    Chat,
    /// The pager address: whoever is on call.
    Pager,
    /// The contact sheet, person by person.
    ContactSheet,
    /// A direct message in chat.
    DirectMessage,
    /// A mail to a person.
    Mail,
    /// A telephone call.
    Telephone,
    /// A text message.
    Sms,
    /// The tracking ticket.
    Ticket,
}
