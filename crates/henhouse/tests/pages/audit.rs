//! An audit of every page by axe-core, in light, in dark and in forced colours: it finds nothing.
//!
//! axe-core is fetched from npm for this alone (`cargo xtask ci`); `HENHOUSE_TEST_AXE` names the file.

use serde_json::{Value, json};

use super::browser::{Browser, Setup};
use super::{PHONE, Server, wait_for};

/// Asks for what is wrong: the rule, what it asks for, and where.
const RUN: &str = "return axe.run(document, { resultTypes: ['violations'] }).then(all => \
    all.violations.map(one => one.id + ': ' + one.help + ' at ' + \
    one.nodes.map(node => node.target.join(' ') + ' ' + node.html.slice(0, 160)).join(' and ')))";

#[test]
#[ignore = "needs axe-core: HENHOUSE_TEST_AXE names the file, and `cargo xtask ci` fetches it"]
fn an_audit_of_every_page_finds_nothing_in_light_dark_and_forced_colours() {
    let axe = std::env::var_os("HENHOUSE_TEST_AXE").expect("HENHOUSE_TEST_AXE names axe.min.js");
    let axe = std::fs::read_to_string(axe).unwrap();
    let server = Server::start();
    let report = json!({ "text": "The fence is open" });
    let said = server.call("POST", "/api/v1/reports", Some(&report));
    let receipt = said["receipt"].as_str().unwrap_or_default();
    let receipt = receipt.rsplit('/').next().unwrap_or_default();
    let scripts = true;
    let stranger = Browser::open(Setup {
        size: PHONE,
        scripts,
    });
    let (once, more) = (
        format!("/receipt/{receipt}"),
        format!("/receipt/{receipt}?more=1"),
    );
    let ack = server.ack_link();
    let mut found = Vec::new();
    for path in ["/", "/report", &once, &more, &ack, "/sign-in", "/no/such"] {
        found.extend(audit(&server, &stranger, path, &axe));
    }
    drop(stranger);
    let size = (1180, 800);
    let ann = Browser::open(Setup { size, scripts });
    ann.go(&format!("{}{}", server.url, server.served.set_up_link()));
    found.extend(findings(&ann, "/set-up", &axe));
    for (field, text) in [
        ("#name", "Ann"),
        ("#login", "ann"),
        ("#password", "four words make it"),
    ] {
        ann.fill(field, text);
    }
    ann.tap("button[class=big]");
    wait_for(&ann, "/now", Browser::url);
    for path in [
        "/now",
        "/cases",
        "/cases/DR-1",
        "/cases/DR-1/acts",
        "/cases/DR-1/acts/set_severity",
        "/cases/DR-1/acts/publish_sitrep",
        "/cases/DR-1/conformance",
        "/cases/DR-1/report",
        "/styleguide",
    ] {
        found.extend(audit(&server, &ann, path, &axe));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn audit(server: &Server, browser: &Browser, path: &str, axe: &str) -> Vec<String> {
    browser.go(&format!("{}{path}", server.url));
    findings(browser, path, axe)
}

/// What is wrong with the page that is shown, everything unfolded; and its picture in each look.
fn findings(browser: &Browser, path: &str, axe: &str) -> Vec<String> {
    browser.ask("for (const e of document.querySelectorAll('details')) e.open = true");
    browser.ask(axe);
    let mut found = Vec::new();
    for look in ["light", "dark", "forced"] {
        browser.prefer(look);
        let name = path.split('?').next().unwrap_or_default();
        let name: String = name.chars().take(24).collect();
        browser.keep_picture(&format!("page{}-{look}", name.replace('/', "-")));
        let all = browser.ask(RUN);
        let all = all.as_array().cloned().unwrap_or_default();
        let line = |one: &Value| format!("{path} in {look}: {}", one.as_str().unwrap_or_default());
        found.extend(all.iter().map(line));
    }
    found
}
