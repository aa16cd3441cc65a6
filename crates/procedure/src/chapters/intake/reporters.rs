//! Who reported, as far as the reader may know it (R105, R116).

use alloc::vec::Vec;

use serde::Serialize;

use super::payload::Route;
use super::state::Received;
use crate::access::is_on_team;
use crate::actor::{Actor, Who};
use crate::basis::Basis;
use crate::case::Case;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// A reporter, as one reader sees them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReporterCard {
    /// Which report, from 1; notices to the reporter name it.
    pub number: u32,
    /// By which way it came (R4).
    pub route: Route,
    /// Who; `None` if they asked that only the team knows.
    pub by: Option<Who>,
    /// What they called themselves.
    pub name: Option<Text>,
    /// The best way to reach them; the team only.
    pub contact: Option<Text>,
    /// The second way; the team only.
    pub phone: Option<Text>,
}

/// Every reporter of the case, as `reader` may see them. How to reach them is for the
/// team and stands in no notice (R116); a name can be kept within the team (R105).
#[must_use]
pub fn reporters(case: &Case, basis: &Basis, reader: &Actor) -> Vec<ReporterCard> {
    let team = is_on_team(case, basis, reader);
    let card = |(number, received): (u32, &Received)| {
        let report = &received.report;
        let reached = team || !on(Rule::R116);
        let named = team || !report.hide_name || !on(Rule::R105);
        ReporterCard {
            number,
            route: report.route,
            by: named.then(|| received.by.clone()),
            name: report.name.clone().filter(|_| named),
            contact: report.contact.clone().filter(|_| reached),
            phone: report.phone.clone().filter(|_| reached),
        }
    };
    (1..).zip(&case.part.intake.reports).map(card).collect()
}
