//! Addresses that change, and what leaves because of passwords.

use std::time::Duration;

use procedure::basis::Project;
use procedure::project::Directory;
use serde_json::json;

use super::Farm;

#[tokio::test]
async fn whose_address_is_changed_hears_of_it_where_they_were_reached_until_then() {
    let farm = Farm::new().await;
    farm.stage.app.desk.mail_leaves();
    farm.stage.account("ann", "member").await;
    let moved = async |to: &'static str| {
        let edit = |_: &mut Project, directory: &mut Directory| {
            let ann = directory.people.get_mut(&"ann".into()).unwrap();
            ann.mail = Some(to.into());
        };
        farm.stage.change("farm", edit).await;
        farm.send().await;
        let told = farm.to("ann").into_iter();
        told.filter(|mail| mail.subject == "Henhouse: your address was changed")
            .count()
    };
    assert_eq!(moved("mallory@example.org").await, 1);
    assert_eq!(farm.to("mallory").len(), 0);
    assert_eq!(moved("Mallory@example.org").await, 1);
    assert_eq!(farm.to("mallory").len(), 0, "the same mailbox");
    assert_eq!(moved("ann@example.org").await, 1);
    let checked = farm.stage.app.desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, [""; 0]);
}

/// What somebody signs in with, as it is answered.
async fn sign_in(farm: &Farm, login: &str, password: &str, new: Option<&str>) -> u16 {
    let body = json!({ "login": login, "password": password, "new_password": new });
    farm.stage.post("/api/v1/session", None, body).await.status
}

const MADE: &str = "made by somebody else";

const OWN: &str = "mine and nobody else's";

/// The address in the newest mail to somebody.
fn link_to(farm: &Farm, who: &str) -> String {
    let mails = farm.to(who);
    let text = &mails.last().unwrap().text;
    let at = text.lines().find(|line| line.contains("/password/"));
    at.unwrap().rsplit_once("8400").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_password_that_an_admin_made_opens_nothing_until_its_person_chose_one() {
    let farm = Farm::new().await;
    farm.stage.app.desk.mail_leaves();
    let boss = farm.stage.token("boss", "admin").await;
    let ann = json!({
        "login": "ann", "name": "Ann", "role": "member", "password": MADE,
        "email": "boss@example.org",
    });
    let said = farm.stage.post("/api/v1/accounts", Some(&boss), ann).await;
    let said = said.json();
    assert_eq!(said["confirmation"], "mailed", "{said}");
    assert_eq!(said["has_password"], false);
    assert_eq!(sign_in(&farm, "ann", MADE, None).await, 401);
    assert_eq!(sign_in(&farm, "ann", MADE, Some(OWN)).await, 401);
    farm.send().await;
    assert!(
        !farm
            .to("boss")
            .iter()
            .any(|mail| mail.text.contains("/password/")),
        "the link goes where Ann's pages go, not where the admin says"
    );
    let page = link_to(&farm, "ann");
    let api = page.replace("/password/", "/api/v1/password/");
    for _ in 0..2 {
        assert_eq!(
            farm.stage.get(&page, None).await.status,
            200,
            "looking does nothing"
        );
    }
    let choose = async |at: &str, password: &str| {
        let body = json!({ "password": password });
        farm.stage.post(at, None, body).await.status
    };
    assert_eq!(choose(&api, "short").await, 422);
    assert_eq!(choose(&api, OWN).await, 200);
    assert_eq!(choose(&api, MADE).await, 404, "it works once");
    assert_eq!(farm.stage.get(&page, None).await.status, 404);
    assert_eq!(sign_in(&farm, "ann", OWN, None).await, 200);
    // A reset ends the old one at once, and again only Ann makes the new one; an older link is worth nothing.
    let mut links = Vec::new();
    for _ in 0..2 {
        let change = json!({ "password": MADE });
        let change = farm
            .stage
            .request("PATCH", "/api/v1/accounts/ann", Some(&boss), Some(change));
        assert_eq!(farm.stage.send(change).await.status, 200);
        farm.send().await;
        let told = [farm.to("boss"), farm.to("ann")].concat();
        let link = told.iter().rev().find_map(|mail| {
            let line = mail.text.lines().find(|line| line.contains("/password/"))?;
            Some(line.rsplit_once("/password/")?.1.to_owned())
        });
        links.push(format!("/api/v1/password/{}", link.unwrap()));
    }
    for password in [MADE, OWN] {
        assert_eq!(sign_in(&farm, "ann", password, None).await, 401);
    }
    assert_eq!(choose(&links[0], OWN).await, 404);
    assert_eq!(choose(&links[1], OWN).await, 200);
    assert!(
        farm.to("ann")
            .last()
            .unwrap()
            .text
            .contains("act in your name")
    );
}

#[tokio::test]
async fn a_link_to_choose_a_password_is_mailed_or_shown_to_the_owner_alone() {
    let farm = Farm::new().await;
    let (boss, desk) = (
        farm.stage.token("boss", "admin").await,
        &farm.stage.app.desk,
    );
    let anns = farm.stage.token("ann", "member").await;
    let at = "/api/v1/accounts/ann/password-link";
    let ask = async |show: bool| {
        let said = farm.stage.post(at, Some(&boss), json!({ "show": show }));
        said.await
    };
    let said = ask(false).await;
    assert_eq!(
        said.status,
        403,
        "no mail, so it would be shown: {}",
        said.text()
    );
    desk.mail_leaves();
    assert_eq!(ask(true).await.status, 403);
    let said = ask(false).await;
    let body = said.json();
    assert_eq!((said.status, &body["link"]), (201, &json!(null)), "{body}");
    assert_eq!(
        (&body["confirmation"], &body["ended_tokens"]),
        (&json!("mailed"), &json!(0))
    );
    farm.send().await;
    let api = link_to(&farm, "ann").replace("/password/", "/api/v1/password/");
    let choose = async |at: &str| {
        let said = farm.stage.post(at, None, json!({ "password": OWN }));
        said.await.status
    };
    assert_eq!(choose(&api).await, 200);
    let session = farm.stage.get("/api/v1/session", Some(&anns)).await;
    assert_eq!(session.status, 200, "a first password ends no token");
    // The owner may show it; Ann hears of it, and what she had ends.
    let owner = crate::auth::Known::owner().actor();
    let asking = desk.ask_for_password(owner, "ann".to_owned(), true).await;
    let asking = asking.unwrap();
    assert_eq!(asking.ended_tokens, 1);
    assert_eq!(
        farm.stage.get("/api/v1/session", Some(&anns)).await.status,
        401
    );
    assert_eq!(sign_in(&farm, "ann", OWN, None).await, 401);
    farm.send().await;
    let told = farm.to("ann").last().unwrap().text.clone();
    assert!(
        told.contains("looks after") && !told.contains("/password/"),
        "{told}"
    );
    let link = asking.link.unwrap();
    let api = format!("/api/v1/password/{}", link.rsplit_once('/').unwrap().1);
    assert_eq!(choose(&api).await, 200);
    assert_eq!(choose(&api).await, 404, "it works once");
    assert_eq!(desk.confirmation_of("ann".to_owned()).await.unwrap(), None);
    let checked = desk.verify(None).await.unwrap();
    assert_eq!(
        checked.verdict,
        crate::desk::Verified::Valid,
        "{:?}",
        checked.findings
    );
}

#[tokio::test]
async fn an_address_that_stood_there_until_lately_hears_that_a_password_is_asked_for() {
    let farm = Farm::new().await;
    let boss = farm.stage.token("boss", "admin").await;
    farm.stage.account("ann", "member").await;
    farm.stage.app.desk.mail_leaves();
    let at = "/api/v1/accounts/ann/password-link";
    let ask = async || farm.stage.post(at, Some(&boss), json!({})).await;
    assert_eq!(ask().await.status, 201);
    farm.send().await;
    let untouched = farm.to("ann").len();
    let elsewhere = |_: &mut procedure::basis::Project,
                     directory: &mut procedure::project::Directory| {
        if let Some(contact) = directory.people.get_mut(&"ann".into()) {
            contact.mail = Some("mallory@example.org".into());
        }
    };
    farm.stage.change("farm", elsewhere).await;
    farm.send().await;
    let before = farm.to("ann").len();
    assert_eq!(ask().await.status, 201);
    farm.send().await;
    let told = farm.to("ann");
    assert_eq!(told.len(), before + 1, "{told:?}");
    let told = told.last().unwrap().text.clone();
    assert!(told.contains("stood on its contact sheet until"), "{told}");
    assert!(!told.contains("/password/"), "{told}");
    assert!(link_to(&farm, "mallory").contains("/password/"));
    assert!(
        untouched > 0,
        "where nothing was changed, only the link leaves"
    );
    // A month later it is an address of nobody's.
    let month = Duration::from_secs(31 * 24 * 3600);
    farm.stage.app.desk.clock().advance(month).unwrap();
    assert_eq!(ask().await.status, 201);
    farm.send().await;
    assert_eq!(farm.to("ann").len(), before + 1);
}

#[tokio::test]
async fn without_mail_a_password_made_by_another_is_replaced_at_the_first_sign_in() {
    let farm = Farm::new().await;
    let boss = farm.stage.token("boss", "admin").await;
    let jo = json!({ "login": "jo", "name": "Jo", "role": "member", "password": MADE });
    let said = farm.stage.post("/api/v1/accounts", Some(&boss), jo).await;
    assert_eq!(said.json()["confirmation"], "first_sign_in");
    assert_eq!(sign_in(&farm, "jo", MADE, None).await, 422);
    assert_eq!(sign_in(&farm, "jo", MADE, Some(MADE)).await, 422);
    assert_eq!(sign_in(&farm, "jo", MADE, Some("short")).await, 422);
    assert_eq!(sign_in(&farm, "jo", "wrong", Some(OWN)).await, 401);
    assert_eq!(sign_in(&farm, "jo", MADE, Some(OWN)).await, 200);
    assert_eq!(sign_in(&farm, "jo", MADE, None).await, 401);
    assert_eq!(sign_in(&farm, "jo", OWN, None).await, 200);
    // Jo uses it now, and nobody can be asked: an admin takes it over no more.
    let change = json!({ "password": MADE });
    let change = farm
        .stage
        .request("PATCH", "/api/v1/accounts/jo", Some(&boss), Some(change));
    assert_eq!(farm.stage.send(change).await.status, 403);
    assert_eq!(sign_in(&farm, "jo", OWN, None).await, 200);
    let owner = crate::auth::Known::owner().actor();
    let set = farm.stage.app.gate.set_password(owner, "jo", MADE);
    set.await.unwrap();
    assert_eq!(sign_in(&farm, "jo", OWN, None).await, 401);
    assert_eq!(sign_in(&farm, "jo", MADE, None).await, 422, "asked again");
}
