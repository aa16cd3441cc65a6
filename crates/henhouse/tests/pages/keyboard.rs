//! The keyboard map: each key of it does what it says, in no field, and not where single keys are switched off.

use serde_json::json;

use super::Server;
use super::browser::{Browser, ENTER, ESCAPE};
use super::live::{TEXT, log_has, until};

/// Where, which keys, and what is so afterwards.
type Key = (&'static str, &'static str, &'static str);

const ANYWHERE: &[Key] = &[
    ("/now", "?", "document.getElementById('keys').open"),
    (
        "/now",
        "/",
        "location.pathname === '/cases' && document.activeElement?.id === 'q'",
    ),
    ("/now", "c", "location.pathname === '/report'"),
    ("/cases", "gn", "location.pathname === '/now'"),
    ("/now", "gc", "location.pathname === '/cases'"),
    ("/now", "go", "location.pathname.startsWith('/projects')"),
    ("/now", "gm", "location.pathname === '/figures'"),
];

const ON_A_CASE: &[Key] = &[
    ("", "n", "document.activeElement?.id === 'text'"),
    ("", "l", "document.activeElement?.value === '!'"),
    ("", "s", "document.activeElement?.value === '-'"),
    ("", "d", "document.activeElement?.value === '#'"),
    (
        "",
        "e",
        "document.querySelector('form[data-upload]').closest('details').open",
    ),
    ("", "w", "location.pathname.endsWith('/sitrep')"),
    (
        "",
        "v",
        "document.querySelector('summary[data-key=v]').parentElement.open",
    ),
    ("", "p", "location.hash === '#checklist'"),
    ("", "i", "location.pathname.endsWith('/acts/assign_role')"),
    ("", "h", "location.pathname.endsWith('/handover')"),
    ("", "t", "location.pathname.endsWith('/timeline')"),
    ("/timeline", "t", "document.activeElement?.id === 'q'"),
    ("", "1", "location.pathname.endsWith('/timeline')"),
    ("", "2", "location.pathname.endsWith('/leads')"),
    ("", "3", "location.pathname.endsWith('/steps')"),
    ("", "4", "location.pathname.endsWith('/evidence')"),
    ("", "5", "location.pathname.endsWith('/people')"),
    ("", "6", "location.pathname.endsWith('/files')"),
    (
        "",
        "y",
        "document.getElementById('spoken').textContent === 'The link is copied.'",
    ),
];

const IN_A_LIST: &[Key] = &[
    (
        "/cases",
        "j",
        "document.querySelector('.rows > li:nth-child(1) a') === document.activeElement",
    ),
    (
        "/cases",
        "jj",
        "document.querySelector('.rows > li:nth-child(2) a') === document.activeElement",
    ),
    (
        "/cases",
        "jjk",
        "document.querySelector('.rows > li:nth-child(1) a') === document.activeElement",
    ),
    (
        "/cases",
        "jj\u{E007}",
        "location.pathname.startsWith('/cases/DR-')",
    ),
    (
        "/cases/DR-1/leads",
        "jo",
        "location.pathname.endsWith('/acts/assign_lead')",
    ),
];

/// Presses keys on a page, and waits for what they do.
fn press(server: &Server, ann: &Browser, (path, keys, then): Key) {
    ann.go(&server.at(path));
    ann.press(keys);
    println!("{path} {keys}");
    until(ann, then);
}

#[test]
fn every_key_does_what_the_map_says_but_in_no_field_and_not_where_keys_are_off() {
    let server = Server::start();
    for text in ["The fence is open", "The gate as well"] {
        server.call("POST", "/api/v1/reports", Some(&json!({ "text": text })));
    }
    let ann = server.boss();
    let case = |end: &str| format!("/cases/DR-1{end}");
    press(
        &server,
        &ann,
        (
            "/cases/DR-1",
            "a",
            "!document.querySelector('button[value=take]')",
        ),
    );
    let lead =
        json!({ "command": "add_lead", "text": "Paw prints", "source": "Spot", "as": "ann" });
    server.call("POST", "/api/v1/cases/DR-1/commands", Some(&lead));
    for key in ANYWHERE.iter().chain(IN_A_LIST) {
        press(&server, &ann, *key);
    }
    for (end, keys, then) in ON_A_CASE {
        ann.go(&server.at(&case(end)));
        ann.press(keys);
        println!("{end} {keys}");
        until(&ann, then);
    }
    // x ticks the row that has the focus; . goes on within a row, and does nothing by that.
    ann.go(&server.at(&case("")));
    ann.ask("document.querySelector('.ticks button').focus()");
    ann.press("x");
    until(
        &ann,
        "document.querySelector('.ticks button[aria-pressed=true]')",
    );
    ann.go(&server.at(&case("/leads")));
    ann.press("j");
    let at = "return [...document.querySelectorAll('.rows li a, .rows li button')].indexOf(document.activeElement)";
    let before = ann.ask(at);
    ann.press(".");
    assert_ne!(ann.ask(at), before, "to the next");
    assert!(ann.url().ends_with("/leads"), "nothing is done");

    // In a field they are letters, and Ctrl and Enter send.
    ann.go(&server.at(&case("")));
    ann.press("n");
    ann.press("gc? u");
    assert_eq!(ann.ask(TEXT), json!("gc? u"));
    ann.press_control(ENTER);
    until(&ann, &log_has("gc? u"));
    ann.press(ESCAPE);
    assert_ne!(
        ann.focused("id").as_deref(),
        Some("text"),
        "out of the field"
    );

    // Switched off they do nothing, and the list of keys is still there by its button.
    ann.press("?");
    until(&ann, "document.getElementById('keys').open");
    ann.tap("#keys input[type=checkbox]");
    ann.press(ESCAPE);
    ann.press("gc1u?");
    assert!(ann.url().contains("/cases/DR-1"), "{}", ann.url());
    assert_eq!(
        ann.ask("return document.getElementById('keys').open"),
        json!(false)
    );
    ann.press_control("k");
    until(&ann, "document.getElementById('palette').open");
}
