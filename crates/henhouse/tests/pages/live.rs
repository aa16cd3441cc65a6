//! What script adds: two people on one case see each other's work, nothing typed is ever lost by it, and a
//! page that hears nothing says so; keys lead where they say. What a page may do is kept by its policy.

use std::time::Duration;

use henhouse::clock::Clock;
use serde_json::json;

use super::browser::{Browser, ESCAPE, Setup};
use super::{Server, wait_for};

pub(super) const DESK: Setup = Setup {
    size: (1180, 800),
    scripts: true,
};
/// What stands in the box for notes.
pub(super) const TEXT: &str = "return document.getElementById('text').value";
/// Types something into the timeline itself.
const TYPED: &str = "const field = document.createElement('input'); \
    document.getElementById('live-timeline').append(field); field.value = 'mine'";
/// Adds up what the policy of a page turned away.
pub(super) const VIOLATIONS: &str = "window.turned = []; addEventListener('securitypolicyviolation', \
    e => turned.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));";

impl Server {
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The first admin, by the link; their browser.
    pub(super) fn boss(&self) -> Browser {
        let browser = Browser::open(DESK);
        browser.permit(&self.url, "clipboardSanitizedWrite");
        browser.go(&self.at(&self.served.set_up_link()));
        self.become_boss(&browser);
        browser
    }

    /// Ann, who has the link before her, becomes the first admin.
    pub(super) fn become_boss(&self, browser: &Browser) {
        for (field, text) in [
            ("#name", "Ann"),
            ("#login", "ann"),
            ("#password", "four words make it"),
        ] {
            browser.fill(field, text);
        }
        browser.tap("button[class=big]");
        wait_for(browser, "/now", Browser::url);
    }

    /// The same person in another window, signed in there too.
    pub(super) fn signed_in(&self, beside: &Browser) -> Browser {
        let browser = beside.beside(DESK);
        browser.go(&self.at("/sign-in"));
        browser.fill("#login", "ann");
        browser.fill("#password", "four words make it");
        browser.tap("button[class=big]");
        wait_for(&browser, "/now", Browser::url);
        browser
    }
}

/// Waits until the page answers yes, and how long that took.
pub(super) fn until(browser: &Browser, question: &str) -> Duration {
    let clock = Clock::real();
    let begun = clock.steady();
    for _ in 0..1500 {
        if browser.ask(&format!("return Boolean({question})")) == json!(true) {
            return clock.steady() - begun;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("never: {question}: {}", browser.source());
}

/// Whether this stands in the timeline.
pub(super) fn log_has(words: &str) -> String {
    format!("document.getElementById('live-timeline').innerText.includes('{words}')")
}

#[test]
fn two_on_one_case_see_each_other_and_lose_nothing() {
    let server = Server::start();
    let report = json!({ "text": "The fence is open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    let ann = server.boss();
    let other = server.signed_in(&ann);
    for browser in [&ann, &other] {
        browser.go(&server.at("/cases/DR-1"));
        browser.ask(VIOLATIONS);
        until(browser, "document.querySelector('hen-live').streams");
    }
    other.fill("#text", "half a sentence");
    other.ask("document.querySelector('details').open = true");
    ann.fill("#text", "a goat is missing");
    ann.tap("button[value=note]");
    let seen = until(&other, &log_has("a goat is missing"));
    println!("seen by the other after {} ms", seen.as_millis());
    until(
        &other,
        "document.getElementById('spoken').textContent.includes('a goat is missing')",
    );
    assert_eq!(other.ask(TEXT), json!("half a sentence"));
    assert_eq!(
        other.focused("id").as_deref(),
        Some("text"),
        "the focus stays"
    );
    // A part that holds what is typed is left alone until it is asked for.
    other.ask(TYPED);
    ann.fill("#text", "two goats");
    ann.tap("button[value=note]");
    until(&other, "document.querySelector('.changed')");
    let held = "return document.querySelector('#live-timeline input').value";
    assert_eq!(other.ask(held), json!("mine"));
    other.keep_picture("changed");
    other.tap(".changed");
    until(&other, &log_has("two goats"));
    assert_eq!(other.ask(TEXT), json!("half a sentence"));
    assert_eq!(other.ask("return turned"), json!([]), "by the policy");

    // The stream is cut: it is looked at now and then, and what was missed is there.
    other.block(&["*/events*"]);
    other.go(&server.at("/cases/DR-1"));
    assert_eq!(
        other.ask(TEXT),
        json!("half a sentence"),
        "what is typed outlasts a reload"
    );
    other.ask("const live = document.querySelector('hen-live'); live.dataset.poll = '1'; live.dataset.patience = '3'");
    let note = |text: &str| {
        let order = json!({ "command": "add_note", "text": text, "as": "ann" });
        server.call("POST", "/api/v1/cases/DR-1/commands", Some(&order));
    };
    note("by the hedge");
    until(&other, &log_has("by the hedge"));
    // Nothing gets through: the page says how old it is, and comes back by itself.
    other.block(&["*"]);
    until(&other, "!document.querySelector('[data-stale]').hidden");
    other.keep_picture("stale");
    other.fill("#text", ", typed in the dark");
    note("found it");
    other.block(&[]);
    until(&other, &log_has("found it"));
    until(&other, "document.querySelector('[data-stale]').hidden");
    assert_eq!(other.ask(TEXT), json!("half a sentence, typed in the dark"));
}

/// What this device keeps of what was typed and not sent.
pub(super) const KEPT: &str = "return Object.keys(localStorage).filter(name => \
    (name.startsWith('henhouse-outbox') || name.startsWith('henhouse-draft')) && localStorage[name] !== '[]')";
pub(super) const BAND_SHOWS: &str = "!document.getElementById('outbox').hidden";

#[test]
fn what_is_sent_without_a_network_is_kept_sent_once_and_gone_after_a_sign_out() {
    let server = Server::start();
    let report = json!({ "text": "The fence is open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    let ann = server.boss();
    ann.go(&server.at("/cases/DR-1"));
    until(&ann, "document.querySelector('hen-live').streams");
    ann.cut(true);
    ann.fill("#text", "written in the dark");
    ann.tap("button[value=note]");
    until(&ann, BAND_SHOWS);
    assert!(ann.text("#outbox").contains("written in the dark"));
    assert_eq!(ann.ask(TEXT), json!(""), "the next one can be typed");
    ann.keep_picture("unsent");
    let kept = ann.ask("return JSON.stringify(localStorage)");
    ann.cut(false);
    until(&ann, &log_has("written in the dark"));
    until(&ann, "document.getElementById('outbox').hidden");
    // The answer may have been lost: the same thing again, under the same key.
    ann.ask(&format!("Object.assign(localStorage, JSON.parse({kept}))"));
    ann.go(&server.at("/cases/DR-1"));
    until(&ann, &format!("(() => {{ {KEPT} }})().length === 0"));
    ann.go(&server.at("/cases/DR-1"));
    let times = "return document.getElementById('live-timeline').innerText.split('written in the dark').length - 1";
    assert_eq!(ann.ask(times), json!(1), "it counts once");

    ann.go(&server.at("/report"));
    ann.cut(true);
    ann.fill("#text", "The barn burns");
    ann.tap("button[class=big]");
    until(&ann, BAND_SHOWS);
    ann.keep_picture("unsent-report");
    ann.cut(false);
    until(&ann, "location.pathname.startsWith('/receipt/')");

    ann.go(&server.at("/cases/DR-1"));
    ann.fill("#text", "half a sentence");
    until(&ann, &format!("(() => {{ {KEPT} }})().length"));
    ann.tap("form[action='/sign-out'] button");
    until(
        &ann,
        "!document.querySelector(\"form[action='/sign-out']\")",
    );
    assert_eq!(ann.ask(KEPT), json!([]), "nothing stays behind");
}

#[test]
fn keys_lead_where_they_say_and_a_clock_speaks_thrice() {
    let server = Server::start();
    let report = json!({ "text": "The fence is open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    let ann = server.boss();
    let there = |path: &str| {
        let path = format!("location.pathname === '{path}'");
        until(
            &ann,
            &format!("document.readyState === 'complete' && {path}"),
        );
    };
    there("/now");
    ann.press("gc");
    there("/cases");
    ann.press("?");
    until(&ann, "document.getElementById('keys').open");
    assert!(ann.source().contains("<kbd>g n</kbd>"), "{}", ann.source());
    ann.keep_picture("keys");
    ann.press(ESCAPE);
    until(&ann, "!document.getElementById('keys').open");
    ann.ask("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))");
    until(
        &ann,
        "document.querySelectorAll('#palette [role=option]').length > 3",
    );
    ann.press("dr-1");
    until(
        &ann,
        "document.querySelector('#palette [aria-selected=true]')?.textContent.startsWith('DR-1')",
    );
    ann.keep_picture("palette");
    ann.press(super::ENTER);
    there("/cases/DR-1");
    ann.press("n");
    ann.press("now a note");
    assert_eq!(
        ann.ask(TEXT),
        json!("now a note"),
        "a key in a field is a letter"
    );

    ann.go(&server.at("/styleguide"));
    until(
        &ann,
        "document.querySelector('time .left')?.textContent.includes('12 minutes')",
    );
    let due = |minutes: f64| {
        ann.ask(&format!("document.querySelector('time[data-due]').dateTime = new Date(page_now() + {minutes} * 60000).toISOString()"))
    };
    ann.ask("window.page_now = () => Date.parse(document.body.dataset.now)");
    for (left, said) in [
        (9.5, "Due in 10 minutes"),
        (1.5, "Due in 2 minutes"),
        (-1.0, "Due: overdue"),
    ] {
        ann.ask("document.getElementById('spoken').textContent = ''");
        due(left);
        until(
            &ann,
            &format!("document.getElementById('spoken').textContent === '{said}'"),
        );
    }
}
