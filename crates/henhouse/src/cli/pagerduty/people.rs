//! Users and teams of PagerDuty.

use serde_json::{Value, json};

use super::super::import::plan::{Fate, People, Plan, contact as contact_of, list, name_all, text};
use super::convert::Ids;

pub(super) fn users(objects: &Value, known: &Value, plan: &mut Plan, ids: &mut Ids) {
    let mut people = People::of(known);
    for user in list(objects, "users") {
        let (name, mail) = (text(user, "name"), text(user, "email"));
        let object = format!("user {name} <{mail}>");
        if text(user, "role").starts_with("read_only") {
            let why =
                "may only look in PagerDuty: whoever is to be called, put on the contact sheet";
            plan.fates.push(Fate::refused(object, why));
            continue;
        }
        let id = people.id(name, mail);
        ids.users.insert(text(user, "id").to_owned(), id.clone());
        let mut contact = contact_of(name, mail);
        let mut why = reached(user, mail, &mut contact);
        if ids.not_told.contains(text(user, "id")) {
            why.push("its contact methods were not read".to_owned());
        }
        if list(user, "notification_rules").next().is_some() {
            why.push(
                "its notification rules: say in the routes of the person by what it is paged"
                    .to_owned(),
            );
        }
        plan.people.insert(id, contact);
        plan.fates.push(Fate::new(object, true, why));
    }
}

/// Puts the number of a user into the contact; what has no place there is said.
fn reached(user: &Value, mail: &str, contact: &mut Value) -> Vec<String> {
    let mut why = Vec::new();
    for one in list(user, "contact_methods") {
        let kind = text(one, "type").trim_end_matches("_reference");
        let address = text(one, "address");
        match kind {
            "phone_contact_method" | "sms_contact_method" => {
                let country = one["country_code"].as_u64().unwrap_or(0);
                let number = format!("+{country} {address}");
                if address.is_empty() || country == 0 {
                    why.push("a number of it was not given".to_owned());
                } else if contact["phone"].is_null() {
                    contact["phone"] = json!(number);
                } else if contact["phone"] != json!(number) {
                    why.push(format!("its other number {number} is left out"));
                }
            }
            "email_contact_method" if !address.eq_ignore_ascii_case(mail) => {
                why.push(format!("its other mail address {address} is left out"));
            }
            "email_contact_method" => {}
            "push_notification_contact_method" => {
                why.push("its app is PagerDuty's: give it a route of ntfy".to_owned());
            }
            other => why.push(format!("its {} is left out", other.replace('_', " "))),
        }
    }
    why.sort();
    why.dedup();
    why
}

pub(super) fn teams(objects: &Value, known: &Value, plan: &mut Plan, ids: &Ids) {
    let names = name_all(objects, "teams", &known["directory"]["teams"]);
    for team in list(objects, "teams") {
        let object = format!("team {}", text(team, "name"));
        let members = list(team, "members").map(|one| text(&one["user"], "id"));
        let (known, strange): (Vec<&str>, Vec<&str>) =
            members.partition(|id| ids.users.contains_key(*id));
        let people: Vec<String> = known
            .iter()
            .filter_map(|id| ids.users.get(*id).cloned())
            .collect();
        if people.is_empty() {
            let why = "nobody who is called is in it, and a team here has somebody";
            plan.fates.push(Fate::refused(object, why));
            continue;
        }
        let mut fate = Fate::new(object, true, Vec::new());
        if !strange.is_empty() {
            fate.why
                .push(format!("{} who are not called are left out", strange.len()));
        }
        let id = names.get(text(team, "id")).cloned().unwrap_or_default();
        plan.teams
            .insert(id, (text(team, "name").to_owned(), people));
        plan.fates.push(fate);
    }
}
