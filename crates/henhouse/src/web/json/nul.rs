//! The character U+0000. A free text may hold it, because whoever is pasting a log must not lose it; a name or an id may
//! not: one of the two stores cannot keep it, and nobody sees that it is there.

use procedure::Text;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What is said of it.
pub(in crate::web) const FIX: &str = "The character NUL (U+0000) cannot stand here; leave it out.";

/// The first place that holds it and is no free text: a key, or a string that `T` does not read as a [`Text`].
pub(super) fn misplaced<T: DeserializeOwned>(value: &Value) -> Option<String> {
    let mut places = Vec::new();
    if let Err(key) = find(value, "", &mut places) {
        return Some(key);
    }
    if places.is_empty() || texts::<T>(value, places.len()) {
        return None;
    }
    let (mut texts_up_to, mut not) = (0, places.len());
    while not - texts_up_to > 1 {
        let middle = usize::midpoint(texts_up_to, not);
        if texts::<T>(value, middle) {
            texts_up_to = middle;
        } else {
            not = middle;
        }
    }
    places.into_iter().nth(texts_up_to)
}

/// Collects the strings that hold it; the error is the first key that does.
fn find(value: &Value, at: &str, places: &mut Vec<String>) -> Result<(), String> {
    match value {
        Value::String(text) if text.contains('\0') => places.push(at.to_owned()),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                find(item, &format!("{at}/{n}"), places)?;
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                let here = format!("{at}/{key}");
                if key.contains('\0') {
                    return Err(here);
                }
                find(value, &here, places)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether the first so many of those strings are texts: only a text can be read from its mark.
fn texts<T: DeserializeOwned>(value: &Value, count: usize) -> bool {
    let (mut marked, mut left) = (value.clone(), count);
    mark(&mut marked, &mut left);
    serde_json::from_value::<T>(marked).is_ok()
}

fn mark(value: &mut Value, left: &mut usize) {
    match value {
        Value::String(text) if *left > 0 && text.contains('\0') => {
            *left -= 1;
            *value = json!(Text::Plain(std::mem::take(text)));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mark(item, left)),
        Value::Object(fields) => fields.values_mut().for_each(|item| mark(item, left)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use procedure::Command;
    use procedure::chapters::intake::Report;

    use super::*;
    use crate::web::json::read;
    use crate::web::stage::Stage;

    #[test]
    fn a_free_text_may_hold_it_and_nothing_else() {
        let refused = |problem: Option<crate::web::Problem>| {
            problem.map(|problem| (problem.status, problem.field.unwrap_or_default()))
        };
        let report = |value: Value| refused(read::<Report>(value).err());
        assert_eq!(
            report(json!({ "text": "a\0b", "title": "\0", "contact": "\0x" })),
            None
        );
        let wrong =
            json!({ "text": "a\0b", "title": "c\0", "signs": ["x", "y\0"], "assets": ["\0"] });
        assert_eq!(report(wrong), Some((422, "/assets/0".to_owned())));
        let wrong = json!({ "text": "a\0b", "signs": ["x", "y\0"] });
        assert_eq!(report(wrong), Some((422, "/signs/1".to_owned())));
        let command = |value: Value| refused(read::<Command>(value).err());
        assert_eq!(
            command(json!({ "command": "add_note", "text": "a\0b" })),
            None
        );
        assert_eq!(
            command(json!({ "command": "add_member", "person": "a\0" })),
            Some((422, "/person".to_owned()))
        );
        let keyed = json!({ "people": { "a\0b": { "name": "A" } } });
        assert_eq!(
            refused(read::<Value>(keyed).err()),
            Some((422, "/people/a\0b".to_owned()))
        );
        assert_eq!(
            refused(read::<String>(json!("\0")).err()),
            Some((422, String::new()))
        );
    }

    #[tokio::test]
    async fn neither_a_name_nor_an_address_holds_it_and_a_report_keeps_it() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let (boss, words) = (Some(boss.as_str()), json!({ "text": "fire\0here" }));
        let kept = stage.post("/api/v1/reports", boss, words).await;
        assert_eq!(kept.status, 201, "{}", kept.text());
        for (path, body, field) in [
            (
                "/api/v1/session",
                json!({ "login": "a\0", "password": "x" }),
                "/login",
            ),
            (
                "/api/v1/reports",
                json!({ "text": "x", "project": "a\0" }),
                "/project",
            ),
            (
                "/api/v1/reports",
                json!({ "text": "x", "as": "a\0" }),
                "/as",
            ),
            ("/api/v1/tokens", json!({ "name": "a\0" }), "/name"),
            (
                "/api/v1/projects",
                json!({ "slug": "new", "name": "a\0", "prefix": "NW" }),
                "/name",
            ),
        ] {
            let said = stage.post(path, boss, body).await;
            let named = said.json()["field"] == field;
            let as_nobody = field == "/as" && said.status == 403;
            assert!(
                named && (said.status == 422 || as_nobody),
                "{path}: {}",
                said.text()
            );
        }
        let said = stage.get("/api/v1/cases?client=%00", boss).await;
        assert_eq!(
            (said.status, &said.json()["field"]),
            (422, &json!("client"))
        );
        for path in [
            "/api/v1/projects/%00",
            "/api/v1/cases/HH-1%00",
            "/api/v1/receipts/%00",
        ] {
            assert_eq!(stage.get(path, boss).await.status, 404, "{path}");
        }
        let patch = stage.request(
            "PATCH",
            "/api/v1/accounts/%00",
            boss,
            Some(json!({ "role": "member" })),
        );
        assert_eq!(stage.send(patch).await.status, 404);
        let shown = stage.get("/api/v1/projects/farm", boss).await;
        let mut person = shown.json();
        person["directory"]["people"]["a\0b"] = json!({ "name": "A" });
        let mut member = shown.json();
        member["project"]["roster"][0]["person"] = json!("a\0b");
        let mut name = shown.json();
        name["name"] = json!("Farm\0");
        for (body, field) in [
            (person, "/directory/people/a\0b"),
            (member, "/project/roster/0/person"),
            (name, "/name"),
        ] {
            let new = json!({
                "project": body["project"], "directory": body["directory"], "name": body["name"],
            });
            let put = stage.request("PUT", "/api/v1/projects/farm", boss, Some(new));
            let said = stage.send(put.with("if-match", shown.header("etag"))).await;
            let told = (said.status, said.json()["field"].clone());
            assert_eq!(told, (422, json!(field)), "{}", said.text());
        }
    }
}
