//! Notifications in a real browser: turned on, shown by the service worker, said to have been shown, opened without taking
//! anything, turned off. What a browser's maker does between us and the browser is lent by the test: where the push service
//! is, and the way from there into the browser.

use serde_json::{Value, json};

use super::browser::{Browser, Setup};
use super::passkeys::server;
use super::peers::web::WebPeer;
use super::{PHONE, is_easy_on_the_eye, wait_for};

/// What the browser would have from its maker: a place at a push service.
fn lend(subscription: &str) -> String {
    format!(
        "addEventListener('securitypolicyviolation', event => {{ (window.broken ??= []).push(event.violatedDirective); }});
        PushManager.prototype.subscribe = async asked => {{
            window.asked = asked;
            return {{ toJSON: () => {{ const {{ endpoint, ...keys }} = {subscription}; return {{ endpoint, keys }}; }} }};
        }};"
    )
}

fn in_time(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..250 {
        if holds() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("not in time: {what}");
}

#[test]
fn a_device_is_turned_on_shows_what_is_pushed_and_is_turned_off() {
    henhouse::tls::install_provider();
    let folder = tempfile::tempdir().unwrap();
    let web = WebPeer::start();
    let host = web.url.trim_start_matches("http://").to_owned();
    let push = format!(
        "[push]\ncontact = 'mailto:ops@farm.example'\nhosts = ['{host}']\n[drill]\nmail_outside = true\n"
    );
    let (served, base) = server(&folder.path().join("data"), &push);
    let at = |path: &str| format!("{base}{path}");
    let phone = Setup {
        size: PHONE,
        scripts: true,
    };
    let browser = Browser::open_whole(phone);
    browser.permit(&base, "notifications");
    let told = reqwest::blocking::get(format!("{}/device/phone", web.url));
    browser.first_of_all(&lend(&told.unwrap().text().unwrap()));
    browser.go(&at(&served.set_up_link()));
    for (field, text) in [
        ("#name", "Ann"),
        ("#login", "ann"),
        ("#password", "four words make it"),
    ] {
        browser.fill(field, text);
    }
    browser.tap("button[class=big]");
    wait_for(&browser, "/now", Browser::url);

    browser.go(&at("/me/notifications"));
    browser.write_into(&browser.one("#name"), "blue phone");
    is_easy_on_the_eye(&browser, "/me/notifications");
    let key = browser.ask("return document.querySelector('form[data-push]').dataset.push");
    browser.tap("form[data-push] button");
    wait_for(&browser, "It is on.", Browser::source);
    assert_eq!(browser.text(".rows strong"), "blue phone");
    assert_eq!(key.as_str().map(str::len), Some(87), "{key}");
    is_easy_on_the_eye(&browser, "/me/notifications");
    browser.keep_picture("me-notifications");
    assert_eq!(browser.ask("return window.broken ?? []"), json!([]));
    let worker = "return navigator.serviceWorker.ready.then(it => it.active.scriptURL)";
    assert_eq!(browser.ask(worker), json!(at("/push-worker.js")));

    browser.tap("button[value=message]");
    wait_for(&browser, "on its way", Browser::source);
    let pushed: Vec<Value> = web.expect(1);
    assert_eq!(pushed[0]["verified"], true, "{pushed:?}");
    let opened = &pushed[0]["opened"];
    browser.order("ServiceWorker.enable", &json!({}));
    let push = json!({ "origin": base, "registrationId": "0", "data": opened.to_string() });
    browser.order("ServiceWorker.deliverPushMessage", &push);
    let shown = "return navigator.serviceWorker.ready.then(it => it.getNotifications())
        .then(all => all.map(one => [one.title, one.tag, one.requireInteraction].join()).join())";
    let wanted = format!(
        "{},{},true",
        opened["title"].as_str().unwrap(),
        opened["tag"].as_str().unwrap()
    );
    in_time("it is shown", || {
        browser.ask(shown).to_string().contains(&wanted)
    });
    browser.go(&at("/me/notifications"));
    wait_for(&browser, "Last took something", Browser::source);
    let said = "henhouse_http_answers_total{operation=\"push_shown\",status=\"204\"} 1";
    in_time("the device says that it was shown", || {
        let told = reqwest::blocking::get(at("/metrics")).unwrap();
        told.text().unwrap().contains(said)
    });

    browser.go(&at("/me/notifications"));
    browser.tap("button[name=off]");
    wait_for(&browser, "It is off", Browser::source);
    assert!(!browser.source().contains("blue phone"));
    assert_eq!(browser.ask("return window.broken ?? []"), json!([]));
    drop(browser);

    let plain = Browser::open(Setup {
        scripts: false,
        ..phone
    });
    plain.go(&at("/sign-in"));
    plain.fill("#login", "ann");
    plain.fill("#password", "four words make it");
    plain.tap("main form button");
    plain.go(&at("/me/notifications"));
    let told = plain.text("noscript p");
    assert!(told.contains("needs a script"), "{told}");
    assert_eq!(plain.text("form[data-push]"), "", "it is not shown");
}
