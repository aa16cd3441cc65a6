//! Which way a page takes, what follows when one fails, and who is told that nothing reaches somebody.

use procedure::project::Directory;
use serde_json::json;

use super::Farm;
use crate::delivery::message::MailMessage;

#[tokio::test]
async fn whoever_has_no_address_is_seen_and_the_next_is_called_at_once() {
    let farm = Farm::new().await;
    farm.stage
        .without_mail("farm", &[("ann", "responder"), ("zoe", "responder")], "ann")
        .await;
    let number = farm.report(1, json!({})).await;
    farm.send().await;
    assert_eq!(
        farm.to("zoe").len(),
        1,
        "at the report, not after a step of the walk"
    );
    let zoe = farm.stage.token("zoe", "member").await;
    let at = format!("/api/v1/cases/{number}/deliveries");
    let said = farm.stage.get(&at, Some(&zoe)).await.json();
    let all = said["deliveries"].as_array().unwrap();
    let failed: Vec<_> = all.iter().filter(|row| row["state"] == "failed").collect();
    assert_eq!(failed.len(), 1, "{said}");
    assert_eq!(failed[0]["person"], "ann");
    assert_eq!(failed[0]["log"][0]["receipt"], "no mail address is on file");
    let case = farm
        .stage
        .get(&format!("/api/v1/cases/{number}"), Some(&zoe))
        .await
        .json();
    assert_eq!(
        case["unreached"][0]["to"],
        json!({ "person": "ann" }),
        "{case}"
    );
}

#[tokio::test]
async fn a_page_that_fails_twice_calls_the_next_and_goes_on_being_tried() {
    let farm = Farm::new().await;
    let away = crate::delivery::outcome::Outcome::Temporary {
        fault: crate::delivery::outcome::Fault::Recipient,
        reason: "451 mailbox busy".to_owned(),
    };
    for _ in 0..3 {
        farm.peer.answer("ann@example.org", away.clone());
    }
    let number = farm.report(1, json!({})).await;
    farm.pass(4).await;
    assert!(farm.to("bob").is_empty(), "one failure is none yet");
    farm.pass(3).await;
    assert_eq!(farm.to("bob").len(), 1, "not after a step of the walk");
    let bob = farm.stage.token("bob", "member").await;
    let at = format!("/api/v1/cases/{number}");
    let case = async || farm.stage.get(&at, Some(&bob)).await.json()["unreached"].clone();
    assert_eq!(case().await[0]["to"], json!({ "person": "ann" }));
    farm.pass(60).await;
    assert!(farm.to("ann").len() > 3, "tried until it was taken");
    let ann = farm.stage.token("ann", "member").await;
    farm.stage
        .command(&number, &ann, json!({ "command": "acknowledge" }))
        .await;
    assert_eq!(case().await, json!([]), "she was reached after all");
}

/// Pages to Ann go by ntfy first, then by mail.
async fn ann_has_a_phone(farm: &Farm) {
    let routes = crate::report::routes::from_words("ntfy ann-x7").unwrap();
    let change = |_: &mut procedure::basis::Project, directory: &mut Directory| {
        directory.people.get_mut(&"ann".into()).unwrap().routes = routes;
    };
    farm.stage.change("farm", change).await;
}

async fn kinds(farm: &Farm, number: &str) -> Vec<serde_json::Value> {
    let boss = farm.stage.token("ann", "member").await;
    let at = format!("/api/v1/cases/{number}/journal");
    let journal = farm.stage.get(&at, Some(&boss)).await.json();
    let entries = journal["entries"].as_array().unwrap().clone();
    entries
        .into_iter()
        .filter(|entry| entry["kind"] == "undelivered")
        .collect()
}

#[tokio::test]
async fn a_page_goes_to_the_phone_neutrally_and_by_mail_at_once_when_that_fails_twice() {
    let farm = Farm::new().await;
    ann_has_a_phone(&farm).await;
    let away = || crate::delivery::outcome::Outcome::Temporary {
        fault: crate::delivery::outcome::Fault::Channel,
        reason: "the ntfy server answered 500".to_owned(),
    };
    farm.phone.answer("ann-x7", away());
    farm.phone.answer("ann-x7", away());
    let number = farm.report(1, json!({})).await;
    farm.send().await;
    assert_eq!((farm.phone.count(), farm.to("ann").len()), (1, 0));
    farm.pass(4).await;
    assert_eq!((farm.phone.count(), farm.to("ann").len()), (1, 0));
    farm.pass(1).await;
    assert_eq!(
        (farm.phone.count(), farm.to("ann").len()),
        (2, 1),
        "at once"
    );
    let sent = farm.phone.sent();
    assert_eq!(sent[0], sent[1], "a retry sends the same");
    let push = &sent[0];
    assert!(
        push.subject.chars().count() <= crate::report::GLANCE_LIMIT,
        "{push:?}"
    );
    assert!(
        push.subject
            .starts_with(&format!("{number} not assessed: needs you by ")),
        "{push:?}"
    );
    assert!(!format!("{push:?}").contains("fire"), "neutral: {push:?}");
    let mail = &farm.to("ann")[0];
    assert!(mail.subject.contains("fire 1"), "{mail:?}");
    let link = push.link.as_ref().unwrap();
    assert!(
        link.contains("/ack/") && mail.text.contains(link),
        "one link on every route"
    );
    farm.pass(120).await;
    assert_eq!(
        farm.phone.count(),
        2,
        "the mail arrived, so the phone rings no more"
    );
    let told = kinds(&farm, &number).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["body"]["more_routes"], true, "{told:?}");
    assert!(farm.to("bob").is_empty(), "nobody else is called for it");
    // Bob takes it: Ann hears where she was reached.
    let bob = farm.stage.token("bob", "member").await;
    let take = json!({ "command": "acknowledge" });
    farm.stage.command(&number, &bob, take).await;
    farm.pass(1).await;
    assert!(
        farm.to("ann")
            .last()
            .unwrap()
            .subject
            .contains("stand down")
    );
    assert_eq!(farm.phone.count(), 2);
}

#[tokio::test]
async fn who_is_reached_on_the_phone_gets_no_mail_and_may_rest_by_phone() {
    let farm = Farm::new().await;
    ann_has_a_phone(&farm).await;
    let number = farm.report(1, json!({})).await;
    farm.pass(90).await;
    assert_eq!((farm.phone.count(), farm.to("ann").len()), (1, 0));
    let bob = farm.stage.token("bob", "member").await;
    let take = json!({ "command": "acknowledge" });
    farm.stage.command(&number, &bob, take).await;
    farm.pass(1).await;
    assert_eq!((farm.phone.count(), farm.to("ann").len()), (2, 0));
    let rest = farm.phone.sent().pop().unwrap();
    assert!(rest.subject.contains("stand down"), "{rest:?}");
    let ann = farm.stage.token("ann", "member").await;
    let at = format!("/api/v1/cases/{number}/deliveries");
    let said = farm.stage.get(&at, Some(&ann)).await;
    let all = said.json()["deliveries"].as_array().unwrap().clone();
    let hers = all
        .iter()
        .filter(|one| one["person"] == "ann" && one["page"] == true);
    let hers: Vec<_> = hers
        .map(|one| (one["route"].clone(), one["state"].clone()))
        .collect();
    assert!(hers.contains(&(json!("ntfy"), json!("done"))), "{hers:?}");
    assert!(
        hers.contains(&(json!("mail"), json!("dropped"))),
        "{hers:?}"
    );
    assert!(
        !said.text().contains("ann-x7"),
        "a topic is as good as a password"
    );
    let checked = farm.stage.app.desk.verify(None).await.unwrap();
    assert_eq!(
        checked.verdict,
        crate::desk::Verified::Valid,
        "{:?}",
        checked.findings
    );
}

#[tokio::test]
async fn an_acknowledgement_ends_every_route() {
    let farm = Farm::new().await;
    ann_has_a_phone(&farm).await;
    let away = crate::delivery::outcome::Outcome::Uncertain {
        reason: "the ntfy server did not answer in time".to_owned(),
    };
    farm.phone.answer("ann-x7", away);
    let number = farm.report(1, json!({})).await;
    farm.send().await;
    let bob = farm.stage.token("bob", "member").await;
    let take = json!({ "command": "acknowledge" });
    farm.stage.command(&number, &bob, take).await;
    farm.pass(200).await;
    let pages = farm.phone.sent().into_iter().chain(farm.to("ann"));
    let pages =
        pages.filter(|page| page.subject.contains("needs you") || page.subject.contains("take it"));
    assert_eq!(pages.count(), 1, "only the one that had left");
}

#[tokio::test]
async fn a_test_goes_by_each_route_and_what_came_of_each_is_known() {
    let farm = Farm::new().await;
    ann_has_a_phone(&farm).await;
    let desk = &farm.stage.app.desk;
    desk.mail_leaves();
    desk.pages_by(["mail", "ntfy"].map(str::to_owned).into());
    let boss = farm.stage.token("boss", "admin").await;
    let ann = json!({ "login": "ann", "name": "Ann", "role": "member" });
    farm.stage.post("/api/v1/accounts", Some(&boss), ann).await;
    farm.send().await;
    let before = (farm.phone.count(), farm.to("ann").len());
    let refused = crate::delivery::outcome::Outcome::Rejected {
        receipt: "404".to_owned(),
    };
    farm.phone.answer("ann-x7", refused);
    let owner = crate::auth::Known::owner().actor();
    let sent = desk.test_message(owner, "ann".to_owned()).await.unwrap();
    assert_eq!(sent, 2);
    farm.send().await;
    assert_eq!(
        (farm.phone.count(), farm.to("ann").len()),
        (before.0 + 1, before.1 + 1)
    );
    let taken = desk.last_taken().await.unwrap();
    let by = |channel: &str| taken.contains_key(&("ann".to_owned(), channel.to_owned()));
    assert!(by("mail") && !by("ntfy"), "{taken:?}");
    let tested = desk.tested().await.unwrap();
    let ann = &tested["ann"];
    assert_eq!(ann.came, crate::desk::Came::Taken);
    assert_eq!(ann.routes["mail"], crate::desk::Came::Taken);
    assert_eq!(ann.routes["ntfy"], crate::desk::Came::Refused);
}

/// Ann has turned a device on, whose push service takes what comes.
async fn ann_has_a_device(farm: &Farm) {
    let desk = &farm.stage.app.desk;
    desk.pushes_to(crate::devices::Hosts::default());
    farm.stage.account("ann", "member").await;
    let key =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    let said = [
        "https://fcm.googleapis.com/x",
        key,
        "BTBZMqHH6r4Tts7J_aSIgg",
    ];
    let (actor, said) = (procedure::Actor::system(), said.map(str::to_owned));
    let on = desk.turn_on(actor, "ann".to_owned(), "phone".to_owned(), said);
    on.await.unwrap();
    for _ in 0..4 {
        let taken = crate::delivery::outcome::Outcome::Handed {
            receipt: "201".to_owned(),
        };
        farm.device.answer("ann", taken);
    }
}

async fn named(farm: &Farm, routes: &str) {
    let routes = crate::report::routes::from_words(routes).unwrap();
    let change = |_: &mut procedure::basis::Project, directory: &mut Directory| {
        directory.people.get_mut(&"ann".into()).unwrap().routes = routes;
    };
    farm.stage.change("farm", change).await;
}

#[tokio::test]
async fn a_device_that_is_on_rings_first_and_mail_follows_unless_it_was_shown() {
    let farm = Farm::new().await;
    ann_has_a_device(&farm).await;
    let number = farm.report(1, json!({})).await;
    farm.send().await;
    assert_eq!((farm.device.count(), farm.to("ann").len()), (1, 0));
    farm.pass(58).await;
    assert_eq!(farm.to("ann").len(), 0);
    farm.pass(3).await;
    assert_eq!(farm.to("ann").len(), 1, "nobody said that it was shown");
    assert!(farm.to("bob").is_empty(), "she is not out of reach");
    let bob = farm.stage.token("bob", "member").await;
    let acknowledge = json!({ "command": "acknowledge" });
    farm.stage.command(&number, &bob, acknowledge.clone()).await;
    farm.pass(360).await;
    let pages = |mails: &[MailMessage]| {
        mails
            .iter()
            .filter(|m| m.subject.contains("needs you by"))
            .count()
    };
    assert_eq!(pages(&farm.device.sent()), 1, "it rings no more");

    // Shown: nothing follows, and who took it is told there.
    let number = farm.report(2, json!({})).await;
    farm.send().await;
    let (before, mails) = (farm.device.sent(), farm.to("ann").len());
    let notice = before.last().unwrap().notice_id.parse().unwrap();
    let at = farm.stage.app.desk.shown_at(notice);
    let name = at.strip_prefix("/push/shown/").unwrap();
    assert_eq!(farm.stage.app.desk.shown(name).await.unwrap(), notice);
    let heard = crate::delivery::heard::Heard::Arrived;
    let notice = crate::store::NoticeId(notice);
    assert!(farm.outbox.heard(notice, heard, "shown").await.unwrap());
    farm.pass(120).await;
    assert_eq!(farm.to("ann").len(), mails, "no other route");
    farm.stage.command(&number, &bob, acknowledge).await;
    farm.pass(5).await;
    assert!(
        farm.device.count() > before.len(),
        "who may rest hears it there"
    );
    assert_eq!(farm.to("ann").len(), mails);
}

#[tokio::test]
async fn routes_that_the_sheet_names_keep_their_order() {
    let farm = Farm::new().await;
    ann_has_a_device(&farm).await;
    named(&farm, "mail").await;
    farm.report(1, json!({})).await;
    farm.pass(70).await;
    assert_eq!((farm.device.count(), farm.to("ann").len()), (0, 1));
    // What left by another way arrives by nobody's word.
    let desk = &farm.stage.app.desk;
    let mailed = farm.to("ann")[0].notice_id.parse().unwrap();
    let at = desk.shown_at(mailed);
    let name = at.strip_prefix("/push/shown/").unwrap();
    assert!(desk.shown(name).await.is_err());
    named(&farm, "ntfy ann-x7, push").await;
    farm.phone.hold("ann-x7");
    farm.report(2, json!({})).await;
    farm.phone.release("ann-x7");
    farm.pass(2).await;
    assert_eq!(
        (farm.phone.count(), farm.device.count()),
        (1, 0),
        "ntfy took it"
    );
    // With no device on, the route is passed over.
    let id = desk.devices("ann".to_owned()).await.unwrap()[0].id();
    let off = desk.turn_off(procedure::Actor::system(), "ann".to_owned(), id);
    off.await.unwrap();
    named(&farm, "push, mail").await;
    farm.report(3, json!({})).await;
    farm.pass(2).await;
    assert_eq!((farm.device.count(), farm.to("ann").len()), (0, 2));
}

#[tokio::test]
async fn a_sheet_without_any_address_does_not_run_wild() {
    let farm = Farm::new().await;
    farm.stage
        .without_mail("farm", &[("ann", "responder")], "ann")
        .await;
    let number = farm.report(1, json!({})).await;
    farm.pass(60 * 11).await;
    let ann = farm.stage.token("ann", "member").await;
    let at = format!("/api/v1/cases/{number}/journal");
    let journal = farm.stage.get(&at, Some(&ann)).await.json();
    let count = |kind| {
        let entries = journal["entries"].as_array().unwrap();
        entries.iter().filter(|entry| entry["kind"] == kind).count()
    };
    assert!((2..=6).contains(&count("round_ended")), "{journal}");
    assert_eq!(count("called"), count("undelivered"), "{journal}");
}

#[tokio::test]
async fn a_reporter_who_cannot_be_written_to_is_told_to_the_ic() {
    let farm = Farm::new().await;
    let number = farm
        .report(1, json!({ "contact": "nobody@example.org" }))
        .await;
    let bob = farm.stage.token("bob", "member").await;
    farm.stage
        .command(&number, &bob, json!({ "command": "acknowledge" }))
        .await;
    let gone = crate::delivery::outcome::Outcome::Rejected {
        receipt: "550".to_owned(),
    };
    farm.peer.answer("nobody@example.org", gone.clone());
    farm.peer.answer("nobody@example.org", gone);
    farm.pass(2).await;
    let at = format!("/api/v1/cases/{number}");
    let case = farm.stage.get(&at, Some(&bob)).await.json();
    assert_eq!(
        case["unreached"][0]["to"],
        json!({ "reporter": 1 }),
        "{case}"
    );
    assert!(!farm.to("bob").is_empty(), "the IC hears of it");
}
