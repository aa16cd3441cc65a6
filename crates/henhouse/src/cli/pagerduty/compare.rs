//! What PagerDuty did about its incidents: whom its log says that it notified, and when somebody took one. An incident may be of
//! several alerts, and each has its own key.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::failure::Outcome;
use super::super::import::pages::with_id;
use super::super::import::plan::{instant, list, text};
use super::read;

/// Each call between these times; and what could not be read, with the reason.
///
/// # Errors
/// Where users or incidents cannot be read.
pub(super) async fn calls(
    base: &str,
    key: &str,
    (since, until): (Timestamp, Timestamp),
) -> Outcome<(Vec<Value>, Vec<Value>)> {
    let mut api = read::api(base, key)?;
    let users = api.list("/users?limit=100").await?;
    let mail = |user: &Value| (text(user, "id").to_owned(), text(user, "email").to_owned());
    let mails: BTreeMap<String, String> = users.iter().map(mail).collect();
    let path = format!(
        "/incidents?limit=100&time_zone=UTC&sort_by=created_at:asc&since={since:.0}&until={until:.0}"
    );
    let mut all = Vec::new();
    for incident in &api.list(&path).await? {
        let log = with_id(
            "/incidents/{id}/log_entries?limit=100&time_zone=UTC",
            incident,
        );
        let Some(log) = api.optional(&log).await else {
            continue;
        };
        // Where only its own key is known, one alert of it is.
        let alerts = with_id("/incidents/{id}/alerts?limit=100", incident);
        let alerts = api.optional(&alerts).await.unwrap_or_default();
        let told = told(&log, &mails);
        for alias in keys(incident, &alerts) {
            all.extend(told.iter().map(|call| {
                let mut call = call.clone();
                call["alias"] = json!(alias);
                call
            }));
        }
    }
    Ok((all, api.missing))
}

/// By what the alerts of an incident are known to whoever sent them.
fn keys<'a>(incident: &'a Value, alerts: &'a [Value]) -> BTreeSet<&'a str> {
    let alerts = alerts.iter().map(|alert| text(alert, "alert_key"));
    let all = alerts.chain([text(incident, "incident_key")]);
    all.filter(|key| !key.is_empty()).collect()
}

/// Who was notified first when, each once. Whom it was only given to was not called.
fn told(log: &[Value], mails: &BTreeMap<String, String>) -> Vec<Value> {
    let mut first: BTreeMap<&str, (bool, Timestamp)> = BTreeMap::new();
    let mut taken: Option<Timestamp> = None;
    for entry in log {
        let Some(at) = instant(entry, "created_at") else {
            continue;
        };
        let mut note = |user: &Value, quiet: bool| {
            let Some(mail) = mails.get(text(user, "id")) else {
                return;
            };
            let call = first.entry(mail).or_insert((quiet, at));
            // Being called counts more than having it, and then the earlier one.
            *call = (*call).min((quiet, at));
        };
        match text(entry, "type") {
            "notify_log_entry" => note(&entry["user"], false),
            "assign_log_entry" | "escalate_log_entry" | "delegate_log_entry" => {
                list(entry, "assignees").for_each(|user| note(user, true));
            }
            // The schema has both.
            "acknowledge_log_entry" | "acknowledgement_log_entry" => {
                taken = Some(taken.map_or(at, |before| before.min(at)));
            }
            _ => {}
        }
    }
    let call = |(mail, (quiet, at)): (&str, (bool, Timestamp))| {
        let mut call = json!({ "mail": mail, "at": at.to_string(), "quiet": quiet });
        if let Some(taken) = taken {
            call["acknowledged_at"] = json!(taken.to_string());
        }
        call
    };
    first.into_iter().map(call).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str) -> Value {
        json!({ "id": id, "type": "user_reference" })
    }

    #[test]
    fn the_first_notice_of_each_counts_whatever_the_order_and_whoever_was_only_given_it_was_not_called()
     {
        let mails = [("U1", "ann@farm.example"), ("U2", "bob@farm.example")];
        let mails = mails
            .map(|(id, mail)| (id.to_owned(), mail.to_owned()))
            .into();
        let entry = |kind: &str, second: u32, more: Value| {
            let mut entry =
                json!({ "type": kind, "created_at": format!("2026-11-23T03:02:{second:02}Z") });
            entry["user"] = more.clone();
            entry["assignees"] = json!([more]);
            entry
        };
        let log = [
            entry("acknowledge_log_entry", 40, Value::Null),
            entry("notify_log_entry", 20, user("U1")),
            entry("notify_log_entry", 10, user("U1")),
            entry("acknowledge_log_entry", 30, Value::Null),
            entry("assign_log_entry", 2, user("U1")),
            entry("escalate_log_entry", 5, user("U2")),
            entry("notify_log_entry", 1, user("U9")),
            entry("resolve_log_entry", 1, user("U1")),
            json!({ "type": "notify_log_entry", "created_at": "yesterday", "user": user("U1") }),
            json!(null),
        ];
        let at = |second: &str| format!("2026-11-23T03:02:{second}Z");
        let all = told(&log, &mails);
        let ann = json!({ "mail": "ann@farm.example", "at": at("10"), "quiet": false, "acknowledged_at": at("30") });
        let bob = json!({ "mail": "bob@farm.example", "at": at("05"), "quiet": true, "acknowledged_at": at("30") });
        assert_eq!(all, [ann, bob]);
    }

    #[test]
    fn each_alert_of_an_incident_is_known_by_its_own_key() {
        let alerts = [
            json!({ "alert_key": "door" }),
            json!({ "alert_key": null }),
            json!({ "alert_key": "fence" }),
        ];
        let incident = json!({ "incident_key": "door" });
        let found: Vec<&str> = keys(&incident, &alerts).into_iter().collect();
        assert_eq!(found, ["door", "fence"]);
        assert!(keys(&json!({ "incident_key": null }), &[]).is_empty());
    }
}
