//! A source in shadow: its events are worked out as any, and nothing of them leaves or stands in anybody's way.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::rules::tried;
use super::{cases, group, look, send, source};
use crate::desk::Verified;
use crate::store::{JournalKind, OutboxState};
use crate::web::stage::{Said, Stage};

const WHY: &str = "The old pager calls until we trust this one.";

async fn boss(stage: &Stage, method: &str, path: &str, body: Value) -> Said {
    let boss = stage.token("boss", "admin").await;
    stage
        .send(stage.request(method, path, Some(&boss), Some(body)))
        .await
}

fn at(id: &str) -> String {
    format!("/api/v1/projects/farm/sources/{id}/shadow")
}

async fn days_ahead(stage: &Stage, days: i64) -> String {
    let hours = jiff::SignedDuration::from_hours(24 * days);
    stage.app.desk.now().checked_add(hours).unwrap().to_string()
}

/// Lets a source call nobody for four weeks.
async fn shadow(stage: &Stage, id: &str) {
    let until = days_ahead(stage, 28).await;
    let said = boss(stage, "PUT", &at(id), json!({ "until": until, "why": WHY })).await;
    assert_eq!(said.status, 204, "{}", said.text());
}

async fn pass(stage: &Stage, minutes: i64) {
    let desk = &stage.app.desk;
    let to = desk
        .now()
        .checked_add(jiff::SignedDuration::from_mins(minutes));
    desk.advance(to.unwrap(), || async {}).await.unwrap();
}

/// What stands in shadow, as the API tells it.
async fn told(stage: &Stage) -> Value {
    look(stage, "/api/v1/projects/farm/shadow").await.json()
}

/// Whom pages of a case are for: when, who, and by which first route.
async fn pages(stage: &Stage, number: &str) -> Vec<(String, String, String)> {
    let journal = look(stage, &format!("/api/v1/cases/{number}/journal?limit=500")).await;
    let journal = journal.json();
    let mut at = std::collections::BTreeMap::new();
    for entry in journal["entries"].as_array().unwrap() {
        at.insert(
            entry["seq"].as_u64(),
            entry["recorded_at"].as_str().unwrap().to_owned(),
        );
    }
    let said = look(stage, &format!("/api/v1/cases/{number}/deliveries")).await;
    let mut all = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut rows = said.json()["deliveries"].as_array().unwrap().clone();
    rows.retain(|row| row["page"] == true);
    rows.sort_by_key(|row| {
        let route = row["route"].as_str().unwrap().to_owned();
        (row["seq"].as_u64(), route != "ntfy", route)
    });
    for row in rows {
        let person = row["person"].as_str().unwrap_or_default().to_owned();
        // Behind the first way of somebody's page stand the others, which nobody needs where the first arrives.
        if seen.insert((row["seq"].as_u64(), person.clone())) {
            let route = row["route"].as_str().unwrap().to_owned();
            all.push((at[&row["seq"].as_u64()].clone(), person, route));
        }
    }
    all.sort();
    all
}

/// Everything that the outbox holds for cases in shadow.
fn outbox(stage: &Stage) -> Vec<(OutboxState, String)> {
    let (store, _) = stage.app.desk.store_and_clock();
    let read = store.read_inline(|view| {
        let mut all = Vec::new();
        for journal in view.journals(JournalKind::Case)? {
            let row = view.case(journal.id)?;
            if row.is_some_and(|row| row.status == "shadow") {
                let rows = view.deliveries_of(journal.id)?.into_iter();
                all.extend(rows.map(|row| (row.state, row.route)));
            }
        }
        Ok::<_, crate::store::StoreError>(all)
    });
    read.unwrap()
}

#[tokio::test]
async fn a_try_says_beforehand_whom_its_event_would_call_and_keeps_nothing() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 60).await;
    let open = tried(&stage, &group("Door", "firing")).await;
    assert_eq!(
        (&open["would"], &open["shadow_until"]),
        (&json!("opens"), &json!(null))
    );
    shadow(&stage, &id).await;
    let would = tried(&stage, &group("Door", "firing")).await;
    assert!(would["shadow_until"].is_string(), "{would}");
    assert_eq!(
        would["would_call"], open["would_call"],
        "the same people, with shadow and without"
    );
    assert_eq!((cases(&stage).await, outbox(&stage).len()), (0, 0));
    send(&stage, &key, &group("Door", "firing")).await;
    pass(&stage, 60).await;
    let said = told(&stage).await;
    let event = &said["events"][0];
    let time = |at: &Value| at.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let began = time(&event["opened_at"]);
    let hour = jiff::SignedDuration::from_hours(1);
    let calls = event["calls"].as_array().unwrap().iter();
    let calls = calls.filter(|call| time(&call["at"]).duration_since(began) <= hour);
    let calls = calls.filter(|call| call["because"] != "owed").take(20);
    let told: Vec<Value> = calls
        .map(|call| {
            let minutes = time(&call["at"]).duration_since(began).as_mins();
            json!([
                minutes,
                call["person"],
                call["because"],
                call["step"],
                call["round"]
            ])
        })
        .collect();
    let foreseen = would["would_call"].as_array().unwrap().iter();
    let foreseen: Vec<Value> = foreseen
        .map(|call| {
            json!([
                call["after_minutes"],
                call["person"],
                call["because"],
                call["step"],
                call["round"]
            ])
        })
        .collect();
    assert!(told.len() > 2, "{told:?}");
    assert_eq!(foreseen, told);
    let joins = tried(&stage, &group("Door", "firing")).await;
    assert_eq!(
        joins["would_call"],
        json!([]),
        "it goes on already: {joins}"
    );
    let page = boss_page(&stage).await;
    for must in ["nobody is called until", "At once: ", "After "] {
        assert!(page.contains(must), "{must}: {page}");
    }
}

/// What the page says of an alert that would open an event.
async fn boss_page(stage: &Stage) -> String {
    stage.account("ada", "admin").await;
    let mut boss = stage.browser("ada").await;
    let body = group("Another", "firing").to_string();
    let pairs = [
        ("act", "try"),
        ("source", "alertmanager-60"),
        ("body", &*body),
    ];
    boss.press(stage, "/projects/farm/alert-rules", &pairs)
        .await
        .text()
}

#[tokio::test]
async fn it_calls_nobody_and_shows_whom_it_would_have_called_and_why() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 0).await;
    shadow(&stage, &id).await;
    let taken = send(&stage, &key, &group("Door", "firing")).await;
    assert_eq!(taken["times"], 1);
    pass(&stage, 45).await;
    let said = told(&stage).await;
    let event = &said["events"][0];
    assert_eq!(
        (&event["number"], &event["title"]),
        (&json!("HH-SHADOW-1"), &json!("Door"))
    );
    let calls = event["calls"].as_array().unwrap();
    assert_eq!(calls[0]["person"], "ann");
    assert_eq!(calls[0]["because"], "sheet", "nobody is on call");
    assert!(
        calls
            .iter()
            .any(|call| call["because"] == "sheet" && call["person"] == "bob")
    );
    let all = outbox(&stage);
    assert!(all.len() >= calls.len(), "{all:?}");
    assert!(
        all.iter().all(|(state, _)| *state == OutboxState::Dropped),
        "{all:?}"
    );
    let said = look(&stage, "/api/v1/cases/HH-SHADOW-1/deliveries")
        .await
        .json();
    for row in said["deliveries"].as_array().unwrap() {
        assert_eq!(row["state"], "shadow", "{row}");
    }
}

#[tokio::test]
async fn it_stands_on_no_board_in_no_list_in_no_search_and_in_no_figure() {
    let stage = Stage::new().await;
    stage.account("ann", "member").await;
    let (key, id) = source(&stage, "alertmanager", 60).await;
    shadow(&stage, &id).await;
    send(&stage, &key, &group("Doorstep", "firing")).await;
    pass(&stage, 20).await;
    assert_eq!(cases(&stage).await, 0);
    let ann = stage.token("ann", "member").await;
    for path in [
        "/api/v1/now",
        "/api/v1/cases?status=investigating",
        "/api/v1/search?q=doorstep",
        "/api/v1/metrics",
        "/",
        "/cases",
    ] {
        let said = stage.get(path, Some(&ann)).await.text();
        assert!(
            !said.contains("SHADOW") && !said.contains("Doorstep"),
            "{path}: {said}"
        );
    }
    let agenda = stage
        .get("/api/v1/cases/HH-SHADOW-1/agenda", Some(&ann))
        .await;
    assert_eq!(agenda.json()["obligations"], json!([]));
    let mut browser = stage.browser("ann").await;
    for path in [
        "/cases/HH-SHADOW-1",
        "/cases/HH-SHADOW-1/timeline",
        "/projects/farm",
        "/now",
    ] {
        let page = browser.get(&stage, path).await.text();
        assert!(page.contains("Shadow: "), "{path}: {page}");
    }
    assert_eq!(
        browser
            .press(&stage, "/projects/farm/shadow", &[("end", &id)])
            .await
            .status,
        403,
        "no responder ends it"
    );
}

/// The journal of the first event in shadow.
async fn journal_of(stage: &Stage) -> String {
    let onlooker = crate::desk::Onlooker {
        actor: procedure::Actor::person(&"ann".into(), procedure::How::Session),
        admin: false,
    };
    let number = "HH-SHADOW-1".parse().unwrap();
    let case = stage.app.desk.case(&onlooker, &number).await.unwrap();
    case.row.journal.to_string()
}

#[tokio::test]
async fn nobody_takes_it_and_nothing_real_becomes_part_of_it() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 60).await;
    shadow(&stage, &id).await;
    send(&stage, &key, &group("Door", "firing")).await;
    let real = stage.report().await;
    let ann = stage.token("ann", "member").await;
    for command in [
        json!({ "command": "acknowledge" }),
        json!({ "command": "add_note", "text": "hello" }),
        json!({ "command": "false_alarm", "reason": "no" }),
    ] {
        let path = "/api/v1/cases/HH-SHADOW-1/commands";
        let said = stage.post(path, Some(&ann), command).await;
        assert_eq!(said.status, 409, "{}", said.text());
    }
    stage
        .command("HH-1", &ann, json!({ "command": "acknowledge" }))
        .await;
    let merge =
        json!({ "command": "merge_case", "other": journal_of(&stage).await, "reason": "same" });
    let said = stage
        .post("/api/v1/cases/HH-1/commands", Some(&ann), merge)
        .await;
    assert_eq!(said.status, 409, "{}", said.text());
    assert!(!real.is_empty());
}

#[tokio::test]
async fn what_a_person_reports_calls_as_ever_and_joins_nothing_of_it() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 60).await;
    shadow(&stage, &id).await;
    send(&stage, &key, &group("Door", "firing")).await;
    stage.report().await;
    let said = look(&stage, "/api/v1/cases/HH-1/deliveries").await.json();
    let page = said["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["page"] == true);
    assert_eq!(page.unwrap()["state"], "queued");
    // Nor does a program that reports, whatever it calls its route.
    let robot = stage.service("robot", "member").await;
    let report = json!({ "text": "Door", "route": "alert" });
    stage.post("/api/v1/reports", Some(&robot), report).await;
    assert_eq!(cases(&stage).await, 2);
}

#[tokio::test]
async fn it_ends_by_itself_and_what_is_sent_after_that_calls_and_nothing_before() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 60).await;
    let until = days_ahead(&stage, 1).await;
    let said = boss(
        &stage,
        "PUT",
        &at(&id),
        json!({ "until": until, "why": WHY }),
    )
    .await;
    assert_eq!(said.status, 204, "{}", said.text());
    pass(&stage, 23 * 60).await;
    send(&stage, &key, &group("Door", "firing")).await;
    pass(&stage, 61).await;
    assert_eq!(told(&stage).await["sources"], json!([]), "its day is over");
    assert_eq!(cases(&stage).await, 0, "nothing for what was sent before");
    pass(&stage, 12 * 60).await;
    assert_eq!(cases(&stage).await, 0);
    send(&stage, &key, &group("Door", "firing")).await;
    assert_eq!(cases(&stage).await, 1, "sent again, it calls");
    let said = look(&stage, "/api/v1/cases/HH-1/deliveries").await.json();
    assert_eq!(said["deliveries"][0]["state"], "queued");
    assert!(
        outbox(&stage)
            .iter()
            .all(|(state, _)| *state == OutboxState::Dropped)
    );
}

#[tokio::test]
async fn ending_it_is_one_act_and_begun_anew_it_joins_no_event_that_calls() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 60).await;
    shadow(&stage, &id).await;
    send(&stage, &key, &group("Door", "firing")).await;
    let said = boss(&stage, "DELETE", &at(&id), Value::Null).await;
    assert_eq!(said.status, 204, "{}", said.text());
    send(&stage, &key, &group("Fence", "firing")).await;
    assert_eq!(cases(&stage).await, 1);
    shadow(&stage, &id).await;
    send(&stage, &key, &group("Water", "firing")).await;
    send(&stage, &key, &group("Fence", "firing")).await;
    assert_eq!(cases(&stage).await, 1, "what goes on already goes on");
    let said = told(&stage).await;
    assert_eq!(said["events"].as_array().unwrap().len(), 1, "{said}");
    assert_eq!(
        super::steps(&stage, "HH-SHADOW-1").await,
        ["opened", "joined"]
    );
    assert_eq!(super::steps(&stage, "HH-1").await, ["opened"]);
}

#[tokio::test]
async fn over_or_taken_where_it_came_from_nobody_would_be_called_any_more() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 0).await;
    shadow(&stage, &id).await;
    send(&stage, &key, &group("Door", "firing")).await;
    pass(&stage, 12).await;
    let count = |said: &Value| said["events"][0]["calls"].as_array().unwrap().len();
    let before = count(&told(&stage).await);
    send(&stage, &key, &group("Door", "resolved")).await;
    pass(&stage, 120).await;
    let said = told(&stage).await;
    assert_eq!(count(&said), before);
    assert!(said["events"][0]["stopped_at"].is_string(), "{said}");
    send(&stage, &key, &group("Other", "firing")).await;
    pass(&stage, 24 * 60).await;
    let many = count(&told(&stage).await);
    pass(&stage, 24 * 60).await;
    assert_eq!(
        count(&told(&stage).await),
        many,
        "it does not go on for ever"
    );
    assert_eq!(stage.app.desk.next_wake().await.unwrap(), None);
}

#[tokio::test]
async fn it_takes_a_person_a_reason_and_a_day_and_everybody_concerned_is_told() {
    let stage = Stage::new().await;
    let (_, id) = source(&stage, "alertmanager", 0).await;
    let (near, far) = (days_ahead(&stage, 28).await, days_ahead(&stage, 91).await);
    let past = days_ahead(&stage, -1).await;
    for (until, why) in [(&near, "  "), (&far, WHY), (&past, WHY)] {
        let said = boss(
            &stage,
            "PUT",
            &at(&id),
            json!({ "until": until, "why": why }),
        )
        .await;
        assert_eq!(said.status, 422, "{until} {why}: {}", said.text());
    }
    let ask = json!({ "until": near, "why": WHY });
    let robot = stage.service("robot", "admin").await;
    let said = stage.request("PUT", &at(&id), Some(&robot), Some(ask.clone()));
    assert_eq!(stage.send(said).await.status, 403);
    let ann = stage.token("ann", "member").await;
    let said = stage.request("PUT", &at(&id), Some(&ann), Some(ask.clone()));
    assert_eq!(stage.send(said).await.status, 403);
    let said = boss(&stage, "PUT", &at("nothing"), ask).await;
    assert_eq!(said.status, 409, "{}", said.text());
    assert_eq!(
        told(&stage).await["sources"],
        json!([]),
        "nothing of it was done"
    );
    shadow(&stage, &id).await;
    let (store, _) = stage.app.desk.store_and_clock();
    let installation = store.read_inline(|view| {
        let id = view.journals(JournalKind::Installation)?[0].id;
        let rows = view.deliveries_of(id)?.into_iter();
        Ok::<_, crate::store::StoreError>(rows.filter_map(|row| row.person).collect::<Vec<_>>())
    });
    let told = installation.unwrap();
    for person in ["ann", "bob", "dee", "oz"] {
        assert!(told.iter().any(|one| one == person), "{person}: {told:?}");
    }
}

#[tokio::test]
async fn a_rebuilt_index_is_the_same_and_everything_checks_out() {
    let stage = Stage::new().await;
    let (key, id) = source(&stage, "alertmanager", 60).await;
    shadow(&stage, &id).await;
    for name in ["Door", "Fence"] {
        send(&stage, &key, &group(name, "firing")).await;
    }
    stage.report().await;
    pass(&stage, 30).await;
    let live = stage.app.desk.index_lines().await;
    assert!(live.iter().any(|line| line.contains("shadow")), "{live:?}");
    stage.app.desk.rebuild().await.unwrap();
    assert_eq!(stage.app.desk.index_lines().await, live);
    let checked = stage.app.desk.verify(None).await.unwrap();
    assert_eq!(
        (checked.verdict, &checked.findings[..]),
        (Verified::Valid, &[][..])
    );
}

#[tokio::test]
async fn what_the_other_pager_did_stands_beside_it() {
    let stage = Stage::new().await;
    stage.account("boss", "admin").await;
    let (key, id) = source(&stage, "alertmanager", 0).await;
    shadow(&stage, &id).await;
    send(&stage, &key, &group("Door", "firing")).await;
    send(&stage, &key, &group("Fence", "firing")).await;
    pass(&stage, 30).await;
    let now = stage.app.desk.now();
    let seconds = |n: i64| (now + jiff::SignedDuration::from_secs(n)).to_string();
    let alias = |name: &str| format!("{{}}:{{alertname=\"{name}\"}}");
    let calls = json!({ "calls": [
        { "alias": alias("Door"), "mail": "Ann@example.org", "at": seconds(-1805), "acknowledged_at": seconds(-1700) },
        { "alias": alias("Fence"), "mail": "bob@example.org", "at": seconds(-1800) },
        { "alias": "water", "mail": "bob@example.org", "at": seconds(-1800) },
    ] });
    let said = boss(&stage, "PUT", "/api/v1/projects/farm/shadow/theirs", calls).await;
    assert_eq!(said.status, 204, "{}", said.text());
    let said = told(&stage).await;
    assert_eq!(
        (&said["same"], &said["compared"]),
        (&json!(1), &json!(2)),
        "{said}"
    );
    assert_eq!(said["only_there"], json!(["water"]));
    let (fence, door) = (&said["events"][0], &said["events"][1]);
    assert_eq!(
        (&door["verdict"], &door["later_seconds"]),
        (&json!("same"), &json!(5))
    );
    assert_eq!(fence["verdict"], "other_person");
    let calls = door["calls"].as_array().unwrap();
    assert_eq!(
        (&calls[0]["after_taken"], &calls[1]["after_taken"]),
        (&json!(false), &json!(true))
    );
    let browser = stage.browser("boss").await;
    let page = browser.get(&stage, "/projects/farm/shadow").await.text();
    assert!(
        page.contains("The same person first in 1 of 2 alerts"),
        "{page}"
    );
    assert!(page.contains("They: The ann 02:59:55"), "{page}");
}

/// What is sent: after so many minutes, of which name, by which of two sources.
fn journal() -> impl Strategy<Value = Vec<(i64, u8, bool)>> {
    proptest::collection::vec((0..40_i64, 0..4_u8, any::<bool>()), 1..7)
}

/// A farm where Ann is called by ntfy first and Bob has no address at all; Cat comes later.
async fn farm(in_shadow: bool) -> (Stage, [String; 2]) {
    let stage = Stage::new().await;
    people(&stage, &["ann", "bob"]).await;
    let (one, first) = source(&stage, "alertmanager", 60).await;
    let (each, second) = source(&stage, "alertmanager", 0).await;
    if in_shadow {
        shadow(&stage, &first).await;
        shadow(&stage, &second).await;
    }
    (stage, [one, each])
}

async fn people(stage: &Stage, names: &[&str]) {
    let people: Vec<_> = names.iter().map(|name| (*name, "responder")).collect();
    stage.without_mail("farm", &people, "bob").await;
    let ntfy = json!({ "by": "ntfy", "to": "ann-pager-x7" });
    let route = serde_json::from_value(ntfy).unwrap();
    let edit = |_: &mut _, directory: &mut procedure::project::Directory| {
        directory.people.get_mut(&"ann".into()).unwrap().routes = vec![route];
    };
    stage.change("farm", edit).await;
}

async fn play(stage: &Stage, keys: &[String; 2], sent: &[(i64, u8, bool)]) {
    for (n, (minutes, name, each)) in sent.iter().enumerate() {
        pass(stage, *minutes).await;
        if n == 3 {
            people(stage, &["cat", "ann", "bob"]).await;
        }
        let key = &keys[usize::from(*each)];
        send(stage, key, &group(&format!("A{name}"), "firing")).await;
    }
    pass(stage, 30).await;
}

type Paged = Vec<Vec<(String, String, String)>>;

async fn paged(stage: &Stage, shadow: bool) -> Paged {
    let letters = if shadow { "HH-SHADOW" } else { "HH" };
    let mut all = Vec::new();
    for n in 1..=20 {
        let number = format!("{letters}-{n}");
        let case = look(stage, &format!("/api/v1/cases/{number}")).await;
        if case.status != 200 {
            return all;
        }
        all.push(pages(stage, &number).await);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// The same alerts at the same times: whom shadow would call is whom is called without it, then and by that route.
    #[test]
    fn whom_shadow_would_call_is_whom_is_called_without_it(sent in journal()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (would, does, rows) = runtime.block_on(async {
            let (real, keys) = farm(false).await;
            play(&real, &keys, &sent).await;
            let (shadowed, keys) = farm(true).await;
            play(&shadowed, &keys, &sent).await;
            (paged(&shadowed, true).await, paged(&real, false).await, outbox(&shadowed))
        });
        prop_assert!(!does.is_empty() && does.iter().all(|pages| !pages.is_empty()));
        prop_assert_eq!(would, does);
        prop_assert!(rows.iter().all(|(state, _)| *state == OutboxState::Dropped), "{:?}", rows);
    }
}
