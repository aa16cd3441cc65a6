//! Who is on call, by the API.

use serde_json::{Value, json};

use crate::web::stage::{Stage, bytes};

const FARM: &str = "/api/v1/projects/farm";

/// Ann and Bob take turns of a day, from eight to eight in the morning UTC.
async fn farm() -> (Stage, String, String, String) {
    let stage = Stage::new().await;
    let tokens = (
        stage.token("boss", "admin").await,
        stage.token("ann", "member").await,
        stage.token("bob", "member").await,
    );
    let schedule = json!({ "title": "Farm hands", "schedule": { "zone": "utc", "rotations": { "days": {
        "unit": "day", "length": 1, "start": "2026-03-01T08:00:00",
        "seats": [{ "person": "ann" }, { "person": "bob" }],
    }}}});
    let at = format!("{FARM}/schedules/hands");
    let put = stage.request("PUT", &at, Some(&tokens.0), Some(schedule.clone()));
    let said = stage.send(put).await;
    assert_eq!(said.status, 200, "{}", said.text());
    let put = stage.request("PUT", &at, Some(&tokens.1), Some(schedule));
    assert_eq!(stage.send(put).await.status, 403, "admins set schedules");
    (stage, tokens.0, tokens.1, tokens.2)
}

fn people(said: &Value) -> Vec<&str> {
    let holders = said["schedules"][0]["on_call"].as_array();
    holders
        .into_iter()
        .flatten()
        .filter_map(|one| one["person"].as_str())
        .collect()
}

#[tokio::test]
async fn who_is_on_call_is_told_with_why_and_a_report_pages_them() {
    let (stage, boss, ann, _) = farm().await;
    let said = stage
        .get(
            &format!("{FARM}/on-call?at=2026-03-02T07:00:00Z"),
            Some(&ann),
        )
        .await;
    let said = said.json();
    assert_eq!(
        (people(&said), said["paged"].clone()),
        (vec!["ann"], json!(["ann"]))
    );
    let one = &said["schedules"][0];
    assert_eq!(
        (&one["title"], &one["zone"]),
        (&json!("Farm hands"), &json!("UTC"))
    );
    assert_eq!(one["on_call"][0]["rotation"], "days");
    assert_eq!(one["on_call"][0]["until"], "2026-03-02T08:00:00Z");
    assert_eq!(
        (&one["changes_at"], &one["next"][0]["person"]),
        (&json!("2026-03-02T08:00:00Z"), &json!("bob"))
    );
    let list =
        format!("{FARM}/schedules/hands?from=2026-02-28T08:00:00Z&until=2026-03-02T08:00:00Z");
    let list = stage.get(&list, Some(&ann)).await.json();
    assert_eq!(
        list["gaps"],
        json!([{ "from": "2026-02-28T08:00:00Z", "until": "2026-03-01T08:00:00Z" }])
    );
    assert_eq!(list["spans"][0]["nobody"][0]["why"], "not_running");
    let long = format!("{FARM}/schedules/hands?until=2029-03-02T08:00:00Z");
    assert_eq!(stage.get(&long, Some(&ann)).await.status, 422);
    let put = json!({ "title": "X", "schedule": { "zone": "Farm/Barn" } });
    let put = stage.request(
        "PUT",
        &format!("{FARM}/schedules/x"),
        Some(&boss),
        Some(put),
    );
    assert_eq!(stage.send(put).await.status, 422, "no such zone");
    stage.report().await;
    let told = stage
        .get("/api/v1/cases/HH-1/journal", Some(&ann))
        .await
        .text();
    assert!(told.contains("\"paged\":[\"ann\"]"), "{told}");
}

#[tokio::test]
async fn one_stands_in_in_person_and_ends_it() {
    let (stage, boss, ann, bob) = farm().await;
    let at = format!("{FARM}/schedules/hands/covers");
    let body = json!({ "until": "2026-03-02T06:00:00Z" });
    let said = stage.post(&at, Some(&bob), body.clone()).await;
    assert_eq!(said.status, 200, "{}", said.text());
    let said = said.json();
    assert_eq!(people(&said), ["bob"]);
    let cover = said["schedules"][0]["on_call"][0]["cover"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let end = stage.request("DELETE", &format!("{at}/{cover}"), Some(&ann), None);
    assert_eq!(stage.send(end).await.status, 403, "it is Bob's");
    let end = stage.request("DELETE", &format!("{at}/{cover}"), Some(&bob), None);
    assert_eq!(stage.send(end).await.status, 204);
    let other = json!({ "until": "2026-03-02T06:00:00Z", "seat": { "person": "ann" } });
    assert_eq!(stage.post(&at, Some(&bob), other.clone()).await.status, 403);
    assert_eq!(
        stage.post(&at, Some(&boss), other).await.status,
        200,
        "admins name anybody"
    );
}

#[tokio::test]
async fn the_pages_take_it_in_one_tap_swap_and_set_a_rotation() {
    let (stage, boss, ann, bob) = farm().await;
    let page = stage.get("/projects/farm/on-call", Some(&bob)).await.text();
    assert!(page.contains("name=\"take\" value=\"hands\""), "{page}");
    assert!(
        !page.contains("name=\"title\""),
        "whoever is no admin makes none: {page}"
    );
    let send = async |who: &str, path: &str, body: &str| {
        let asking = bytes(path, body.as_bytes());
        stage
            .send(asking.with("authorization", &format!("Bearer {who}")))
            .await
    };
    let (all, one) = ("/projects/farm/on-call", "/projects/farm/on-call/hands");
    let said = send(&bob, all, "take=hands&until=2026-03-02T05:00:00Z").await;
    assert_eq!(said.status, 303, "{}", said.text());
    let now = async || {
        let said = stage
            .get(&format!("{FARM}/on-call"), Some(&ann))
            .await
            .json();
        people(&said).join(" ")
    };
    assert_eq!(now().await, "bob");
    let page = stage.get(one, Some(&bob)).await.text();
    assert!(page.contains("stands in for the whole schedule"), "{page}");
    let swap = "act=swap&to=bob&gives_from=2026-03-02 06:00&gives_until=2026-03-02 07:00";
    let said = send(&ann, one, swap).await;
    assert_eq!(said.status, 303, "{}", said.text());
    let page = stage.get(all, Some(&bob)).await.text();
    let number = page
        .split_once("name=\"accept\" value=\"")
        .map(|(_, rest)| rest);
    let number = number
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned();
    assert_eq!(
        send(&bob, all, &format!("accept={number}")).await.status,
        303
    );
    let then = format!("{FARM}/on-call?at=2026-03-02T06:30:00Z");
    assert_eq!(people(&stage.get(&then, Some(&ann)).await.json()), ["bob"]);
    let rotation = "act=rotation&name=nights&people=bob%0A-&unit=week&length=1\
        &start=2026-03-01 22:00&hours=22:00-06:00&layer=1&holidays=off";
    assert_eq!(send(&ann, one, rotation).await.status, 403);
    let wrong = send(&boss, one, &rotation.replace("length=1", "length=x")).await;
    assert!(wrong.status == 422 && wrong.text().contains("id=\"length-error\""));
    assert_eq!(send(&boss, one, rotation).await.status, 303);
    let page = stage
        .get(&format!("{one}?rotation=nights"), Some(&boss))
        .await
        .text();
    assert!(
        page.contains("22:00-06:00") && page.contains("value=\"2026-03-01 22:00\""),
        "{page}"
    );
    let new = "title=Night watch&zone=Europe/Berlin&people=ann%0Abob&unit=day&length=1&start=2026-03-01 09:00&hours=&holidays=as_any_day";
    let made = send(&boss, all, new).await;
    assert_eq!(
        made.header("location"),
        "/projects/farm/on-call/night?done=1",
        "{}",
        made.text()
    );
    assert_eq!(send(&boss, one, "act=remove").await.status, 303);
    assert_eq!(stage.get(one, Some(&boss)).await.status, 404);
}

#[tokio::test]
async fn a_policy_calls_whom_it_says_when_it_says_and_the_handbooks_way_comes_back() {
    let (stage, boss, ann, _) = farm().await;
    let put = async |who: &str, path: &str, body: Value| {
        let put = stage.request("PUT", &format!("{FARM}/{path}"), Some(who), Some(body));
        stage.send(put).await
    };
    let policy = json!({ "title": "Ours", "policy": { "steps": [
        { "after_minutes": 2, "to": [{ "next": "hands" }] } ] } });
    assert_eq!(put(&ann, "policies/ours", policy.clone()).await.status, 403);
    let wrong = json!({ "title": "Ours", "policy": { "steps": [{ "after_minutes": 2, "to": [{ "schedule": "none" }] }] } });
    assert_eq!(put(&boss, "policies/ours", wrong).await.status, 422);
    assert_eq!(put(&boss, "policies/ours", policy).await.status, 200);
    let said = put(&boss, "policy", json!({ "policy": "ours" })).await;
    assert_eq!(said.json()["policy"], "ours", "{}", said.text());
    let page = stage.get("/projects/farm/on-call", Some(&ann)).await.text();
    assert!(page.contains("After 2 minutes"), "{page}");
    stage.report().await;
    let desk = &stage.app.desk;
    let later = desk.now() + jiff::SignedDuration::from_mins(3);
    assert!(desk.advance(later, || async {}).await.is_ok());
    let told = stage
        .get("/api/v1/cases/HH-1/journal", Some(&ann))
        .await
        .text();
    assert!(
        told.contains("\"step\":0") && told.contains("\"person\":\"bob\""),
        "{told}"
    );
    let remove = stage.request(
        "DELETE",
        &format!("{FARM}/policies/ours"),
        Some(&boss),
        None,
    );
    assert_eq!(stage.send(remove).await.status, 409, "it is used");
    let said = put(&boss, "policy", json!({ "policy": null })).await;
    assert_eq!(said.json()["policy"], Value::Null);
    let remove = stage.request(
        "DELETE",
        &format!("{FARM}/schedules/hands"),
        Some(&boss),
        None,
    );
    assert_eq!(stage.send(remove).await.status, 409, "the policy names it");
    let remove = stage.request(
        "DELETE",
        &format!("{FARM}/policies/ours"),
        Some(&boss),
        None,
    );
    assert_eq!(stage.send(remove).await.status, 204);
}
