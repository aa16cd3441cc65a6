//! The routing rules of Opsgenie's teams as alert routes of the project.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::super::import::plan::{Fate, Plan, free, list, slug, text};
use super::convert::{Ids, OURS, hours, named};
use crate::pattern::{LONGEST_PATTERN, Pattern};

/// The longest name before what keeps two apart.
const LONGEST_NAME: usize = 36;
/// The longest word that a route compares with, in characters.
const LONGEST_WORD: usize = 200;
/// What an alert's own fields are called here; a detail of the same name is not seen beside them.
const FIELDS: [(&str, &str); 9] = [
    ("message", "title"),
    ("alias", "alias"),
    ("description", "description"),
    ("source", "source"),
    ("entity", "entity"),
    ("priority", "priority"),
    ("tags", "tags"),
    ("teams", "teams"),
    ("recipients", "recipients"),
];
/// Other names that are taken here.
const TAKEN: [&str; 5] = ["words", "gravity", "user", "actions", "details"];
/// Those that hold several words.
const LISTS: [&str; 4] = ["tags", "teams", "recipients", "actions"];

/// Plans the routing rules of every team, and says of each what becomes of it.
pub(super) fn plan(objects: &Value, plan: &mut Plan, ids: &Ids) {
    let teams: Vec<&Value> = list(objects, "teams").collect();
    let with_rules = teams
        .iter()
        .filter(|team| list(team, "routing_rules").next().is_some());
    let several = with_rules.count() > 1;
    let (mut routes, mut names, mut read) = (Vec::new(), BTreeSet::new(), true);
    for team in teams {
        if ids.lacks("teams", team, "routing-rules") {
            read = false;
            let object = format!("routing rules of {}", text(team, "name"));
            let why = "they were not read: the routes that are here stay";
            plan.fates.push(Fate::refused(object, why));
        }
        let mut rules: Vec<&Value> = list(team, "routing_rules").collect();
        rules.sort_by_key(|rule| (rule["isDefault"] == true, rule["order"].as_u64()));
        for rule in rules {
            let object = format!("routing rule {} of {}", named(rule), text(team, "name"));
            let of = Some(text(team, "name")).filter(|_| several);
            let (taken, why) = match route(rule, of, plan, ids) {
                Ok((mut made, why)) => {
                    let name = format!("{OURS}{}", slug(named(rule), "rule"));
                    let name: String = name.chars().take(LONGEST_NAME).collect();
                    let name = free(name.trim_end_matches('-'), &names);
                    made["name"] = json!(name);
                    names.insert(name);
                    routes.push(made);
                    (true, why)
                }
                Err(why) => (false, vec![why]),
            };
            plan.fates.push(Fate::new(object, taken, why));
        }
    }
    plan.routes = read.then_some(routes);
}

/// One route without its name, and what is lost.
fn route(
    rule: &Value,
    of: Option<&str>,
    plan: &Plan,
    ids: &Ids,
) -> Result<(Value, Vec<String>), String> {
    let mut why = Vec::new();
    let mut made = json!({ "to": to(&rule["notify"], plan, ids, &mut why)? });
    let mut all = Vec::new();
    if let Some(team) = of {
        all.push(json!({ "field": "teams", "is": "lists", "value": team }));
        why.push("only alerts that name the team go by it".to_owned());
    }
    let criteria = &rule["criteria"];
    let conditions: Result<Vec<Value>, String> = list(criteria, "conditions").map(test).collect();
    match text(criteria, "type") {
        "" | "match-all" => {}
        "match-all-conditions" => all.extend(conditions?),
        "match-any-condition" => made["any"] = json!(conditions?),
        other => return Err(format!("its criteria {other:?} are not known here")),
    }
    if !all.is_empty() {
        made["all"] = json!(all);
    }
    let windows = hours(&rule["timeRestriction"])?;
    if !windows.is_empty() {
        let zone = text(rule, "timezone");
        if TimeZone::get(zone).is_err() {
            return Err(format!("its time zone {zone:?} is not known here"));
        }
        made["hours"] = json!({ "zone": zone, "windows": windows });
    }
    Ok((made, why))
}

/// Whom it calls.
fn to(notify: &Value, plan: &Plan, ids: &Ids, why: &mut Vec<String>) -> Result<Value, String> {
    let id = text(notify, "id");
    let gone = || format!("its {} {} is not here", text(notify, "type"), named(notify));
    match text(notify, "type") {
        "escalation" => {
            let id = ids.escalations.get(id).ok_or_else(gone)?;
            let (_, policy) = plan.policies.get(id).ok_or_else(gone)?;
            if policy["steps"][0]["after_minutes"].as_u64() > Some(0) {
                why.push(
                    "the first step of its escalation is called at once: nobody else is asked before"
                        .to_owned(),
                );
            }
            Ok(json!({ "policy": id }))
        }
        "schedule" => {
            let id = ids.schedules.get(id).ok_or_else(gone)?;
            Ok(json!({ "schedule": id }))
        }
        "none" => Ok(json!("nobody")),
        other => Err(format!("it notifies a {other}, which a route does not")),
    }
}

/// One condition.
fn test(condition: &Value) -> Result<Value, String> {
    let (said, operation) = (text(condition, "field"), text(condition, "operation"));
    let word = text(condition, "expectedValue").trim();
    let key = text(condition, "key").trim();
    let ours = FIELDS.iter().find(|(theirs, _)| *theirs == said);
    let details = matches!(said, "extra-properties" | "extraProperties" | "details");
    let (field, is) = match (ours, operation) {
        (_, "contains-key") if details => (if key.is_empty() { word } else { key }, "there"),
        (_, "contains-value") if details => ("details", "lists"),
        (_, "is-empty") if details && key.is_empty() => ("details", "empty"),
        (None, _) if details && key.is_empty() => {
            return Err(format!("its condition {operation:?} names no detail"));
        }
        (None, _) if details => (key, is(key, operation)?),
        (None, _) if said == "actions" => (said, is(said, operation)?),
        (None, _) => return Err(format!("its field {said:?} is not known here")),
        (Some((_, field)), _) => (*field, is(field, operation)?),
    };
    let taken = FIELDS.iter().any(|(_, ours)| *ours == field) || TAKEN.contains(&field);
    if details && taken && !(field == "details" && key.is_empty()) {
        return Err(format!(
            "a detail {field:?} is hidden by a field of that name here"
        ));
    }
    let (is, word) = match is {
        "equals" | "equals_but_blanks" if word.is_empty() => ("empty", ""),
        "there" | "empty" => (is, ""),
        // A blank may matter in a pattern.
        "matches" | "one_matches" => (is, text(condition, "expectedValue")),
        is => (is, word),
    };
    let longest = match is {
        "matches" | "one_matches" => LONGEST_PATTERN,
        _ => LONGEST_WORD,
    };
    let compares = !matches!(is, "there" | "empty");
    if field.is_empty() || (compares && word.is_empty()) || word.chars().count() > longest {
        return Err(format!(
            "a condition compares with nothing, or with more than {longest} letters"
        ));
    }
    if longest == LONGEST_PATTERN {
        Pattern::new(word).map_err(|why| format!("its pattern {word:?} cannot be used: {why}"))?;
    }
    let mut made = json!({ "field": field, "is": is });
    if compares {
        made["value"] = json!(word);
    }
    if condition["not"] == true {
        made["not"] = json!(true);
    }
    Ok(made)
}

/// How a field is compared that holds one word or several.
fn is(field: &str, operation: &str) -> Result<&'static str, String> {
    Ok(match (operation, LISTS.contains(&field)) {
        ("contains", true) => "lists",
        // Of a list one of its words (docs.opsgenie.com/docs/regular-expressions).
        ("matches", true) => "one_matches",
        _ => compared(operation)?,
    })
}

/// How a word is compared.
pub(super) fn compared(operation: &str) -> Result<&'static str, String> {
    Ok(match operation {
        "contains" => "contains",
        "equals" => "equals",
        "starts-with" => "starts",
        "ends-with" => "ends",
        "equals-ignore-whitespace" => "equals_but_blanks",
        "greater-than" => "above",
        "less-than" => "below",
        "is-empty" => "empty",
        // The whole of it.
        "matches" => "matches",
        other => return Err(format!("its comparison {other:?} is not known here")),
    })
}
